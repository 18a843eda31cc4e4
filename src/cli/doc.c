/* SPDX-License-Identifier: GPL-3.0-or-later */
/* periksa doc: the register of letters, for scripts and for offices without a browser. */
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cli.h"
#include "json.h"
#include "register.h"
#include "shelf.h"
#include "when.h"

static const char usage[] =
    "usage: periksa doc add --number N --subject TEXT --date DAY --unit TEXT\n"
    "                   --signer 'TITLE|NAME|RANK'... [--visibility public|code|fact]\n"
    "                   [--agency CODE] [--json]\n"
    "       periksa doc show ID [--json]\n"
    "       periksa doc list [--state STATE] [--agency CODE] [--search WORDS] [--since DAY]\n"
    "                   [--until DAY] [--before ID] [--limit N] [--json]\n"
    "       periksa doc issue ID\n"
    "       periksa doc supersede ID --by ID --reason TEXT [--date DAY]\n"
    "       periksa doc withdraw ID --reason TEXT [--date DAY]\n\n"
    "Letters registered in PERIKSA_DATA (default: data).  `add` prints the ID of a draft, and\n"
    "for --visibility code, this once, the code.  A letter is a draft, then issued, signed,\n"
    "superseded or withdrawn; it is never deleted.\n\n"
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
    "  --by ID            the letter that is valid instead\n"
    "  --reason TEXT      why, as anybody will read it\n"
    "  --json             JSON, one object a line\n"
    "  --help             this text\n";

/* Of an office that never named one. */
#define FIRST_AGENCY "umum"

struct order {
	struct register_content c;
	struct register_signer signers[CAP_SIGNERS];
	struct register_query q;
	const char *id, *agency, *by, *reason;
	bool json;
};

static int
refuse(enum rc rc, enum register_answer answer)
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

static int
add(struct store *s, struct order *o)
{
	char id[CROCKFORD_ID_LEN + 1], code[REGISTER_CODE_LEN + 1];
	enum register_answer answer;
	int64_t agency;
	struct buf b;
	int status;
	enum rc rc;

	if (o->c.number == NULL || o->c.subject == NULL || o->c.date == NULL || o->c.unit == NULL ||
	    o->c.nsigners == 0)
		return cli_usage(
		    "doc", "doc add: --number, --subject, --date, --unit and --signer are needed");
	if ((status = find_agency(s, o->agency, &agency)) != CLI_OK)
		return status;
	o->c.signers = o->signers;
	rc = register_draft(s, &actor_operator, agency, &o->c, time(NULL), id, code, &answer);
	if ((status = refuse(rc, answer)) != CLI_OK)
		return status;
	buf_init(&b, CAP_TEXT);
	if (o->json) {
		buf_printf(&b, "{\"kind\":\"letter\",\"id\":\"%s\"", id);
		shelf_key(&b, "code", code);
		buf_str(&b, "}\n");
	} else {
		buf_printf(&b, "%s\n", id);
		if (*code != '\0')
			buf_printf(&b, "code %s\n", code);
	}
	explicit_bzero(code, sizeof(code));
	return shelf_print(&b, "doc");
}

/* ---- one letter ---- */

struct print {
	struct buf b;
	bool json;
	size_t n;
};

static void
put_signers(struct buf *b, const struct register_content *c)
{
	size_t i;

	buf_str(b, ",\"signers\":[");
	for (i = 0; i < c->nsigners; i++) {
		buf_str(b, i > 0 ? ",{\"title\":" : "{\"title\":");
		json_text(b, c->signers[i].title);
		shelf_key(b, "name", c->signers[i].name);
		shelf_key(b, "rank", c->signers[i].rank);
		buf_u8(b, '}');
	}
	buf_u8(b, ']');
}

static void
put_letter_json(struct buf *b, const struct register_letter *l)
{
	const struct register_content *c = &l->content;
	char text[WHEN_TEXT];

	buf_printf(b, "{\"kind\":\"letter\",\"id\":\"%s\"", l->id);
	shelf_key(b, "state", letter_state_name(l->state));
	shelf_key(b, "agency", l->agency_code);
	shelf_key(b, "agency_name", l->agency_name);
	shelf_key(b, "number", c->number);
	shelf_key(b, "subject", c->subject);
	shelf_key(b, "date", c->date);
	shelf_key(b, "unit", c->unit);
	shelf_key(b, "visibility", letter_visibility_name(c->visibility));
	put_signers(b, c);
	buf_printf(b, ",\"version\":%u", l->version);
	shelf_key(b, "created", when_format(l->created, text));
	if (l->has_file) {
		buf_str(b, ",\"file\":{\"sha256\":\"");
		buf_hex(b, l->sha256, sizeof(l->sha256));
		buf_printf(b, "\",\"size\":%" PRIu64 "}", l->size);
	} else {
		buf_str(b, ",\"file\":null");
	}
	shelf_key(b, "successor", l->successor);
	shelf_key(b, "since", l->since);
	shelf_key(b, "reason", l->reason);
	buf_str(b, ",\"history\":[");
}

static void
put_letter(struct buf *b, const struct register_letter *l)
{
	const struct register_content *c = &l->content;
	size_t i;

	buf_printf(b, "id          %s\nstate       %s\nagency      %s, %s\n", l->id,
	    letter_state_name(l->state), l->agency_code, l->agency_name);
	buf_printf(b, "number      %s\nsubject     %s\ndate        %s\nunit        %s\n", c->number,
	    c->subject, c->date, c->unit);
	for (i = 0; i < c->nsigners; i++) {
		buf_printf(
		    b, "signer %-4zu %s, %s", i + 1, c->signers[i].name, c->signers[i].title);
		buf_printf(b, *c->signers[i].rank != '\0' ? ", %s\n" : "%s\n", c->signers[i].rank);
	}
	buf_printf(b, "visibility  %s\n", letter_visibility_name(c->visibility));
	if (l->has_file) {
		buf_str(b, "sha256      ");
		buf_hex(b, l->sha256, sizeof(l->sha256));
		buf_u8(b, '\n');
	}
}

static bool
put_event(const struct register_event *e, void *arg)
{
	struct print *p = arg;
	char at[WHEN_TEXT];

	when_format(e->at, at);
	if (p->json) {
		buf_printf(&p->b, "%s{\"at\":\"%s\"", p->n++ > 0 ? "," : "", at);
		shelf_key(&p->b, "what", e->what);
		buf_printf(&p->b, ",\"version\":%u", e->version);
		shelf_key(&p->b, "date", e->date);
		shelf_key(&p->b, "reason", e->reason);
		shelf_key(&p->b, "successor", e->successor);
		buf_u8(&p->b, '}');
	} else {
		buf_printf(&p->b, "%s  %s", at, e->what);
		if (*e->successor != '\0')
			buf_printf(&p->b, " by %s", e->successor);
		if (*e->date != '\0')
			buf_printf(&p->b, " from %s: %s", e->date, e->reason);
		buf_u8(&p->b, '\n');
	}
	return buf_rc(&p->b) == RC_OK;
}

static int
show(struct store *s, struct order *o)
{
	struct register_letter *l = NULL;
	struct print p = {.json = o->json};
	enum register_answer answer;
	int64_t now = time(NULL);
	int status;
	enum rc rc;

	buf_init(&p.b, CAP_WIRE);
	rc = register_read(s, &actor_operator, o->id, now, &l, &answer);
	if ((status = refuse(rc, answer)) != CLI_OK)
		goto out;
	if (o->json)
		put_letter_json(&p.b, l);
	else
		put_letter(&p.b, l);
	rc = register_history(s, &actor_operator, o->id, now, put_event, &p, &answer);
	if ((status = refuse(rc, answer)) != CLI_OK)
		goto out;
	if (o->json)
		buf_str(&p.b, "]}\n");
	status = shelf_print(&p.b, "doc");
out:
	buf_clear(&p.b);
	register_free(l);
	return status;
}

/* ---- many ---- */

static void
print_header(void)
{
	printf("%-27s  STATE       DATE        AGENCY      NUMBER, SUBJECT\n", "ID");
}

/* A row at a time, so that a register of any size is printed. */
static bool
print_row(const struct register_row *r, void *arg)
{
	struct print *p = arg;

	p->b.len = 0;
	if (p->n++ == 0 && !p->json)
		print_header();
	if (p->json) {
		buf_printf(&p->b, "{\"kind\":\"letter\",\"id\":\"%s\"", r->id);
		shelf_key(&p->b, "state", letter_state_name(r->state));
		shelf_key(&p->b, "agency", r->agency);
		shelf_key(&p->b, "number", r->number);
		shelf_key(&p->b, "subject", r->subject);
		shelf_key(&p->b, "date", r->date);
		shelf_key(&p->b, "unit", r->unit);
		shelf_key(&p->b, "visibility", letter_visibility_name(r->visibility));
		buf_str(&p->b, "}\n");
	} else {
		buf_printf(&p->b, "%s  %-10s  %s  %-10s  %s  %s\n", r->id,
		    letter_state_name(r->state), r->date, r->agency, r->number, r->subject);
	}
	return buf_rc(&p->b) == RC_OK && fwrite(p->b.p, 1, p->b.len, stdout) == p->b.len;
}

static int
list(struct store *s, struct order *o)
{
	struct print p = {.json = o->json};
	enum register_answer answer;
	bool several;
	enum rc rc;

	if (o->agency != NULL) {
		if ((rc = account_agency(s, o->agency, &o->q.agency, &several)) != RC_OK)
			return cli_fail("doc: %s", rc_str(rc));
		if (o->q.agency == 0)
			return cli_fail("doc: there is no such agency");
	}
	buf_init(&p.b, CAP_WIRE);
	rc = register_list(s, &actor_operator, &o->q, print_row, &p, &answer);
	if (rc == RC_OK)
		rc = buf_rc(&p.b);
	buf_clear(&p.b);
	if (rc == RC_OK && answer == REGISTER_MALFORMED)
		return cli_fail("doc: --before wants an ID, --since and --until a day");
	if (rc == RC_OK && p.n == 0 && !o->json)
		print_header();
	return refuse(rc, answer) == CLI_OK ? cli_done(CLI_OK) : CLI_TROUBLE;
}

/* ---- from state to state ---- */

static int
issue(struct store *s, struct order *o)
{
	enum register_answer answer;
	enum rc rc = register_issue(s, &actor_operator, o->id, time(NULL), &answer);

	return refuse(rc, answer);
}

static int
supersede(struct store *s, struct order *o)
{
	enum register_answer answer;
	char today[SHELF_DAY];
	enum rc rc;

	if (o->by == NULL || o->reason == NULL)
		return cli_usage("doc", "doc supersede: --by and --reason are needed");
	rc = register_supersede(s, &actor_operator, o->id, o->by,
	    o->c.date != NULL ? o->c.date : shelf_today(today), o->reason, time(NULL), &answer);
	return refuse(rc, answer);
}

static int
withdraw(struct store *s, struct order *o)
{
	enum register_answer answer;
	char today[SHELF_DAY];
	enum rc rc;

	if (o->reason == NULL)
		return cli_usage("doc", "doc withdraw: --reason is needed");
	rc = register_withdraw(s, &actor_operator, o->id,
	    o->c.date != NULL ? o->c.date : shelf_today(today), o->reason, time(NULL), &answer);
	return refuse(rc, answer);
}

/* ---- what was asked for ---- */

static const struct verb {
	const char *name;
	const char *takes; /* letters of the options below */
	bool letter;       /* wants an ID */
	int (*run)(struct store *s, struct order *o);
} verbs[] = {
    {"add", "nsduSvaj", false, add},
    {"show", "j", true, show},
    {"list", "taqfgblj", false, list},
    {"issue", "", true, issue},
    {"supersede", "yrd", true, supersede},
    {"withdraw", "rd", true, withdraw},
};

#define NVERBS (sizeof(verbs) / sizeof(verbs[0]))

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
take_signer(struct order *o, char *text)
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
take(struct order *o, int option)
{
	static const struct {
		int option;
		size_t at;
	} texts[] = {
	    {'n', offsetof(struct order, c.number)},
	    {'s', offsetof(struct order, c.subject)},
	    {'d', offsetof(struct order, c.date)},
	    {'u', offsetof(struct order, c.unit)},
	    {'a', offsetof(struct order, agency)},
	    {'q', offsetof(struct order, q.words)},
	    {'f', offsetof(struct order, q.since)},
	    {'g', offsetof(struct order, q.until)},
	    {'b', offsetof(struct order, q.before)},
	    {'y', offsetof(struct order, by)},
	    {'r', offsetof(struct order, reason)},
	};
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
	default: /* 'j' */
		o->json = true;
		return CLI_OK;
	}
}

static int
run(const struct verb *v, struct order *o)
{
	struct store *s;
	int status = v->run == add ? shelf_open(&s) : shelf_find(&s);

	if (status == CLI_OK)
		status = v->run(s, o);
	store_close(s);
	return status;
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
    {"json", no_argument, NULL, 'j'},
    {"help", no_argument, NULL, 'h'},
    {NULL, 0, NULL, 0},
};

int
cmd_doc(int argc, char **argv)
{
	struct order o = {.q = {.state = LETTER_STATE__MAX}};
	char seen[sizeof(options) / sizeof(options[0])] = "";
	const struct verb *v;
	int option, status;
	size_t i, n = 0;

	opterr = 0;
	while ((option = getopt_long(argc, argv, ":h", options, NULL)) != -1) {
		if (option == '?' || option == ':')
			return cli_bad_option(argv, option);
		if (option == 'h')
			return cli_help(usage);
		if ((status = take(&o, option)) != CLI_OK)
			return status;
		if (strchr(seen, option) == NULL)
			seen[n++] = (char)option;
	}
	if (argc - optind < 1)
		return cli_usage("doc", "doc: what? add, show, list, issue, supersede or withdraw");
	for (i = 0; i < NVERBS && strcmp(argv[optind], verbs[i].name) != 0; i++)
		continue;
	if (i == NVERBS)
		return cli_usage("doc", "doc: there is no '%s'", argv[optind]);
	v = &verbs[i];
	if (strspn(seen, v->takes) != n)
		return cli_usage("doc", "doc %s: an option that it does not take", v->name);
	if (v->letter && argc - optind < 2)
		return cli_usage("doc", "doc %s: which letter?", v->name);
	if (argc - optind > 1 + v->letter)
		return cli_usage(
		    "doc", "doc %s: '%s' is too much", v->name, argv[optind + 1 + v->letter]);
	o.id = v->letter ? argv[optind + 1] : NULL;
	return run(v, &o);
}
