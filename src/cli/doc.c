/* SPDX-License-Identifier: GPL-3.0-or-later */
/* periksa doc: the register of letters, for scripts and for offices without a browser. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cli.h"
#include "doc_order.h"
#include "json.h"
#include "menu.h"
#include "shelf.h"

static const char usage[] =
    "usage: periksa doc add --number N --subject TEXT --date DAY --unit TEXT\n"
    "                   --signer 'TITLE|NAME|RANK'... [--visibility public|code|fact]\n"
    "                   [--agency CODE] [--json]\n"
    "       periksa doc edit ID [options of add]\n"
    "       periksa doc show ID [--json]\n"
    "       periksa doc list [--state STATE] [--agency CODE] [--search WORDS] [--since DAY]\n"
    "                   [--until DAY] [--pending] [--alerts] [--before ID] [--limit N] [--json]\n"
    "       periksa doc issue ID\n"
    "       periksa doc register ID FILE.pdf [--override REASON] [--public-url URL]\n"
    "                   [--trust DIR] [--offline] [--json]\n"
    "       periksa doc recheck ID | --all [--trust DIR] [--offline] [--json]\n"
    "       periksa doc supersede ID --by ID --reason TEXT [--date DAY]\n"
    "       periksa doc withdraw ID --reason TEXT [--date DAY]\n\n"
    "Letters registered in PERIKSA_DATA (default: data).  `add` prints the ID of a draft, and\n"
    "for --visibility code, this once, the code.  A letter is a draft, then issued, signed,\n"
    "superseded or withdrawn; it is never deleted.  What `edit` is not given stays as it was; "
    "only\n"
    "a draft can be edited.  `register` judges the signed file and looks whether it is that "
    "letter:\n"
    "VALID, or lacking nothing but revocation data; its QR or ID on a page; signed by its signers\n"
    "and nobody else.  `recheck` judges registered letters again whose file is kept.\n\n"
    "  --number N         number of the letter (nomor surat)\n"
    "  --subject TEXT     what it is about (perihal)\n"
    "  --date DAY         its date, 2026-11-01; else from which day on (default: today)\n"
    "  --unit TEXT        the unit that it comes from\n"
    "  --signer TEXT      'TITLE|NAME|RANK', for instance 'KEPALA DINAS|Sari Wulan|Pembina\n"
    "                     (IV/a)'; the rank may be left out; in the order of signing\n"
    "  --visibility WHO   public: anybody sees what it says (default); code: who types its\n"
    "                     code; fact: nobody, but that there is such a letter\n"
    "  --agency CODE      whose it is, made if it is new (default: the only one there is)\n"
    "  --state STATE      draft, issued, signed, superseded or withdrawn\n"
    "  --search WORDS     in number, subject, unit or a signer's name\n"
    "  --since, --until   dates of letters, both included\n"
    "  --limit N          the newest N; --before ID: those drafted before that one\n"
    "  --pending          registered, and revocation data still lacks\n"
    "  --alerts           registered, and judged otherwise since\n"
    "  --override REASON  register it although something differs, if that may be\n"
    "  --public-url URL   what its QR should hold before /d/ID (default: conf/portal.conf; if "
    "that\n"
    "                     names none, any that ends in /d/ID)\n"
    "  --trust DIR        anchors; else the installed ones\n"
    "  --offline          ask nobody: judge with what the file carries\n"
    "  --all              every letter whose file is kept\n"
    "  --by ID            the letter that is valid instead\n"
    "  --reason TEXT      why, as anybody will read it\n"
    "  --json             JSON, one object a line\n"
    "  --help             this text\n\n"
    "register: 0 registered, 1 refused, 2 it could not be tried.  recheck: 0 no verdict changed,\n"
    "1 some did, 2 some letters could not be judged.\n";

/* Of an office that never named one. */
#define FIRST_AGENCY "umum"

int
doc_refuse(enum rc rc, enum register_answer answer)
{
	if (rc != RC_OK)
		return cli_fail("doc: %s", rc_str(rc));
	return answer == REGISTER_DONE ? CLI_OK : cli_fail("doc: %s", register_answer_text(answer));
}

/* The order's agency: the one that is named, or the only one; made if none is there. */
static int
find_agency(struct store *s, const char *code, int64_t *out)
{
	enum account_answer answer;
	bool several;
	enum rc rc;

	if ((rc = account_agency(s, code, out, &several)) != RC_OK)
		return cli_fail("doc: %s", rc_str(rc));
	if (*out != 0)
		return CLI_OK;
	if (several)
		return cli_usage("doc", "doc add: there are several agencies: --agency");
	rc = account_agency_add(
	    s, &actor_operator, code != NULL ? code : FIRST_AGENCY, NULL, time(NULL), out, &answer);
	if (rc != RC_OK)
		return cli_fail("doc: %s", rc_str(rc));
	return answer == ACCOUNT_DONE ? CLI_OK : cli_fail("doc: %s", account_answer_text(answer));
}

/* The id, if it is told, and the code that nobody is told again. */
static int
print_code(const struct doc_order *o, const char *id, char code[REGISTER_CODE_LEN + 1])
{
	struct buf b;

	buf_init(&b, CAP_TEXT);
	if (o->json) {
		buf_printf(&b, "{\"kind\":\"letter\",\"id\":\"%s\"", id);
		json_member(&b, "code", code);
		buf_str(&b, "}\n");
	} else {
		buf_printf(&b, "%s\n", id);
		if (*code != '\0')
			buf_printf(&b, "code %s\n", code);
	}
	explicit_bzero(code, REGISTER_CODE_LEN + 1);
	return shelf_print(&b, "doc");
}

int
doc_add(void *order)
{
	char id[CROCKFORD_ID_LEN + 1], code[REGISTER_CODE_LEN + 1];
	enum register_answer answer;
	struct doc_order *o = order;
	int64_t agency;
	int status;
	enum rc rc;

	if (o->c.number == NULL || o->c.subject == NULL || o->c.date == NULL || o->c.unit == NULL ||
	    o->c.nsigners == 0)
		return cli_usage(
		    "doc", "doc add: --number, --subject, --date, --unit and --signer are needed");
	if (o->c.visibility == LETTER_VISIBILITY__MAX)
		o->c.visibility = LETTER_PUBLIC;
	if ((status = find_agency(o->store, o->agency, &agency)) != CLI_OK)
		return status;
	rc =
	    register_draft(o->store, &actor_operator, agency, &o->c, time(NULL), id, code, &answer);
	if ((status = doc_refuse(rc, answer)) != CLI_OK)
		return status;
	return print_code(o, id, code);
}

/* What was not given is as it was. */
static void
complete(struct register_content *c, const struct register_content *was)
{
	if (c->number == NULL)
		c->number = was->number;
	if (c->subject == NULL)
		c->subject = was->subject;
	if (c->date == NULL)
		c->date = was->date;
	if (c->unit == NULL)
		c->unit = was->unit;
	if (c->visibility == LETTER_VISIBILITY__MAX)
		c->visibility = was->visibility;
	if (c->nsigners == 0) {
		c->signers = was->signers;
		c->nsigners = was->nsigners;
	}
}

int
doc_edit(void *order)
{
	char code[REGISTER_CODE_LEN + 1];
	struct register_letter *l = NULL;
	enum register_answer answer;
	struct doc_order *o = order;
	int64_t now = time(NULL);
	int status;
	enum rc rc;

	rc = register_read(o->store, &actor_operator, o->id, now, &l, &answer);
	if ((status = doc_refuse(rc, answer)) != CLI_OK)
		goto out;
	complete(&o->c, &l->content);
	rc = register_edit(o->store, &actor_operator, l->id, &o->c, now, code, &answer);
	if ((status = doc_refuse(rc, answer)) == CLI_OK && (o->json || *code != '\0'))
		status = print_code(o, l->id, code);
out:
	register_free(l);
	return status;
}

/* ---- from state to state ---- */

static int
issue(void *order)
{
	struct doc_order *o = order;
	enum register_answer answer;
	enum rc rc = register_issue(o->store, &actor_operator, o->id, time(NULL), &answer);

	return doc_refuse(rc, answer);
}

static int
supersede(void *order)
{
	struct doc_order *o = order;
	enum register_answer answer;
	char today[SHELF_DAY];
	enum rc rc;

	if (o->by == NULL || o->reason == NULL)
		return cli_usage("doc", "doc supersede: --by and --reason are needed");
	rc = register_supersede(o->store, &actor_operator, o->id, o->by,
	    o->c.date != NULL ? o->c.date : shelf_today(today), o->reason, time(NULL), &answer);
	return doc_refuse(rc, answer);
}

static int
withdraw(void *order)
{
	struct doc_order *o = order;
	enum register_answer answer;
	char today[SHELF_DAY];
	enum rc rc;

	if (o->reason == NULL)
		return cli_usage("doc", "doc withdraw: --reason is needed");
	rc = register_withdraw(o->store, &actor_operator, o->id,
	    o->c.date != NULL ? o->c.date : shelf_today(today), o->reason, time(NULL), &answer);
	return doc_refuse(rc, answer);
}

/* ---- what was asked for ---- */

/* Cuts spaces off both ends, where they stand. */
static char *
trim(char *s)
{
	size_t n;

	s += strspn(s, " ");
	for (n = strlen(s); n > 0 && s[n - 1] == ' '; n--)
		s[n - 1] = '\0';
	return s;
}

/* "TITLE|NAME|RANK": taken apart where it stands. */
static int
take_signer(struct doc_order *o, char *text)
{
	struct register_signer *v = &o->signers[o->c.nsigners];
	char *name = strchr(text, '|'), *rank = name != NULL ? strchr(name + 1, '|') : NULL;

	if (o->c.nsigners == CAP_SIGNERS)
		return cli_usage("doc", "doc add: more than %d signers", CAP_SIGNERS);
	if (name == NULL || (rank != NULL && strchr(rank + 1, '|') != NULL))
		return cli_usage("doc", "doc add: --signer wants 'TITLE|NAME|RANK'");
	*name++ = '\0';
	if (rank != NULL)
		*rank++ = '\0';
	v->title = trim(text);
	v->name = trim(name);
	v->rank = rank != NULL ? trim(rank) : "";
	o->c.nsigners++;
	return CLI_OK;
}

static int
take(void *order, int option)
{
	static const struct {
		int option;
		size_t at;
	} texts[] = {
	    {'n', offsetof(struct doc_order, c.number)},
	    {'s', offsetof(struct doc_order, c.subject)},
	    {'d', offsetof(struct doc_order, c.date)},
	    {'u', offsetof(struct doc_order, c.unit)},
	    {'a', offsetof(struct doc_order, agency)},
	    {'q', offsetof(struct doc_order, q.words)},
	    {'f', offsetof(struct doc_order, q.since)},
	    {'g', offsetof(struct doc_order, q.until)},
	    {'b', offsetof(struct doc_order, q.before)},
	    {'y', offsetof(struct doc_order, by)},
	    {'r', offsetof(struct doc_order, reason)},
	    {'o', offsetof(struct doc_order, reason)},
	    {'T', offsetof(struct doc_order, trust)},
	    {'U', offsetof(struct doc_order, public_url)},
	};
	struct doc_order *o = order;
	size_t i;

	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (texts[i].option == option) {
			memcpy((char *)o + texts[i].at, &optarg, sizeof(optarg));
			return CLI_OK;
		}
	switch (option) {
	case 'S':
		return take_signer(o, optarg);
	case 'v':
		o->c.visibility = letter_visibility_parse(optarg);
		return o->c.visibility != LETTER_VISIBILITY__MAX
			   ? CLI_OK
			   : cli_usage("doc", "doc: '%s' is no visibility", optarg);
	case 't':
		o->q.state = letter_state_parse(optarg);
		return o->q.state != LETTER_STATE__MAX
			   ? CLI_OK
			   : cli_usage("doc", "doc: '%s' is no state", optarg);
	case 'l':
		o->q.limit = shelf_number(optarg);
		return o->q.limit > 0
			   ? CLI_OK
			   : cli_usage("doc", "doc: '%s' is no number of letters", optarg);
	case 'P':
		o->q.pending = true;
		return CLI_OK;
	case 'L':
		o->q.alerts = true;
		return CLI_OK;
	case 'O':
		o->offline = true;
		return CLI_OK;
	case 'A':
		o->all = true;
		return CLI_OK;
	default: /* 'j' */
		o->json = true;
		return CLI_OK;
	}
}

static const struct option options[] = {
    {"number", required_argument, NULL, 'n'},
    {"subject", required_argument, NULL, 's'},
    {"date", required_argument, NULL, 'd'},
    {"unit", required_argument, NULL, 'u'},
    {"signer", required_argument, NULL, 'S'},
    {"visibility", required_argument, NULL, 'v'},
    {"agency", required_argument, NULL, 'a'},
    {"state", required_argument, NULL, 't'},
    {"search", required_argument, NULL, 'q'},
    {"since", required_argument, NULL, 'f'},
    {"until", required_argument, NULL, 'g'},
    {"before", required_argument, NULL, 'b'},
    {"limit", required_argument, NULL, 'l'},
    {"by", required_argument, NULL, 'y'},
    {"reason", required_argument, NULL, 'r'},
    {"pending", no_argument, NULL, 'P'},
    {"alerts", no_argument, NULL, 'L'},
    {"override", required_argument, NULL, 'o'},
    {"public-url", required_argument, NULL, 'U'},
    {"trust", required_argument, NULL, 'T'},
    {"offline", no_argument, NULL, 'O'},
    {"all", no_argument, NULL, 'A'},
    {"json", no_argument, NULL, 'j'},
    {"help", no_argument, NULL, 'h'},
    {NULL, 0, NULL, 0},
};

static const struct menu_verb verbs[] = {
    {"add", "nsduSvaj", 0, 0, doc_add},
    {"edit", "nsduSvj", 1, 1, doc_edit},
    {"show", "j", 1, 1, doc_show},
    {"list", "taqfgPLblj", 0, 0, doc_list},
    {"issue", "", 1, 1, issue},
    {"register", "oUTOj", 1, 2, doc_register},
    {"recheck", "ATOj", 0, 1, doc_recheck},
    {"supersede", "yrd", 1, 1, supersede},
    {"withdraw", "rd", 1, 1, withdraw},
};

static const struct menu menu = {
    .verb = "doc",
    .usage = usage,
    .what = "add, edit, show, list, issue, register, recheck, supersede or withdraw",
    .which = "which letter?",
    .options = options,
    .verbs = verbs,
    .nverbs = sizeof(verbs) / sizeof(verbs[0]),
    .take = take,
};

int
cmd_doc(int argc, char **argv)
{
	struct doc_order o = {
	    .q = {.state = LETTER_STATE__MAX}, .c = {.visibility = LETTER_VISIBILITY__MAX}};
	const struct menu_verb *v;
	char **operands;
	int status = menu_read(&menu, argc, argv, &o, &v, &operands);

	if (v == NULL)
		return status;
	o.c.signers = o.signers;
	o.id = operands[0];
	o.file = o.id != NULL ? operands[1] : NULL;
	/* The first letter makes the store. */
	status = v->run == doc_add ? shelf_open(&o.store) : shelf_find(&o.store);
	if (status == CLI_OK)
		status = v->run(&o);
	store_close(o.store);
	return status;
}
