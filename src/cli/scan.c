/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * periksa scan: the QRs of a picture or PDF, where they lead, and ids of letters.  Nothing is
 * fetched; what the register says of an id, it says if there is one here.
 */
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "caps.h"
#include "cli.h"
#include "idtext.h"
#include "json.h"
#include "portalconf.h"
#include "shelf.h"
#include "ticket.h"
#include "weblink.h"

#define ADDRESSES "conf/addresses.conf"

static const char usage[] =
    "usage: periksa scan [--json] FILE\n\n"
    "Reads the QRs of a PDF, PNG or JPEG and says where they lead: the host in full, the part of\n"
    "it that somebody registered, and reasons to be careful; and the IDs of letters in the text\n"
    "of a PDF.  Nothing is opened or fetched.  Hosts that are known, beside the portal's own, and\n"
    "services that shorten addresses are in conf/addresses.conf.  If there is a register in\n"
    "PERIKSA_DATA, what it says of a letter with such an ID is told, too; that a file carries an\n"
    "ID proves nothing.\n\n"
    "  --json  one line for each QR and ID\n"
    "  --help  this text\n\n"
    "Exit status: 0 something was found, 1 there is none, 2 the file could not be read.\n";

struct teller {
	struct store *store; /* NULL: there is none */
	const struct weblink_lists *lists;
	struct buf line, text;
	bool json;
};

/* One thing that was found. */
struct item {
	const struct paper_find *find;
	struct weblink link;
	char id[CROCKFORD_ID_LEN + 1];  /* "": none */
	struct register_letter *letter; /* NULL: not ours */
};

/* What a terminal or a line of JSON can take, whatever the octets are. */
static void
put_safe(struct buf *b, const struct paper_octets *o)
{
	size_t i;

	for (i = 0; i < o->len; i++)
		buf_u8(b, o->p[i] >= ' ' && o->p[i] < 0x7f ? o->p[i] : '?');
}

static void
put_json(struct buf *b, const struct item *e, const char *text)
{
	static const char *const kinds[] = {"TEXT", "WEB", "OTHER"};
	const struct weblink *w = &e->link;
	const char *comma = "";
	unsigned i;

	buf_printf(b, "{\"page\":%u,\"source\":\"%s\",\"text\":", e->find->page,
	    e->find->source == PAPER_FROM_QR ? "QR" : "TEXT");
	json_text(b, text);
	buf_printf(b,
	    ",\"kind\":\"%s\",\"host\":", e->find->source == PAPER_FROM_QR ? kinds[w->kind] : "ID");
	json_text(b, w->host);
	buf_str(b, ",\"domain\":");
	json_text(b, w->host + w->domain);
	buf_str(b, ",\"warnings\":[");
	for (i = 0; i < WEBLINK_REASONS; i++)
		if ((w->reasons & 1u << i) != 0) {
			buf_printf(b, "%s\"%s\"", comma, weblink_word(i));
			comma = ",";
		}
	buf_str(b, "]");
	json_member(b, "id", e->id);
	json_member(b, "state", e->letter != NULL ? letter_state_name(e->letter->state) : "");
	json_member(b, "number", e->letter != NULL ? e->letter->content.number : "");
	buf_str(b, "}\n");
}

static void
put_words(struct buf *b, const struct item *e, const char *text)
{
	const struct weblink *w = &e->link;
	unsigned i;

	buf_printf(b, "page %u: %s\n", e->find->page, text);
	if (e->find->source == PAPER_FROM_TEXT)
		buf_str(b, "  an ID, in the text of the page\n");
	else if (w->kind == WEBLINK_WEB)
		buf_printf(b, "  leads to %s, host %s\n", w->host + w->domain, w->host);
	else if (w->kind == WEBLINK_OTHER)
		buf_str(b, "  warning: no web address; what opens it decides what it does\n");
	else
		buf_str(b, "  leads nowhere: a text, which proves nothing\n");
	for (i = 0; i < WEBLINK_REASONS; i++)
		if ((w->reasons & 1u << i) != 0)
			buf_printf(b, "  warning: %s\n", weblink_text(i));
	if (e->letter != NULL)
		buf_printf(b, "  register: %s, letter %s of %s\n",
		    letter_state_name(e->letter->state), e->letter->content.number,
		    e->letter->content.date);
}

static void
keep_id(void *ctx, const char *id)
{
	memcpy(ctx, id, CROCKFORD_ID_LEN + 1);
}

static bool
tell(struct teller *t, const struct paper_find *f)
{
	struct item e = {.find = f, .id = ""};
	enum register_answer answer;
	enum rc rc = RC_OK;

	if (f->source == PAPER_FROM_QR)
		weblink_read(&e.link, f->text.p, f->text.len, t->lists);
	/* Of an address, the last one: behind /d/. */
	idtext_find((const char *)f->text.p, f->text.len, keep_id, e.id);
	if (t->store != NULL && e.id[0] != '\0')
		rc = register_read(t->store, &actor_operator, e.id, time(NULL), &e.letter, &answer);
	buf_clear(&t->text);
	put_safe(&t->text, &f->text);
	(t->json ? put_json : put_words)(&t->line, &e, buf_text(&t->text));
	register_free(e.letter);
	return rc == RC_OK && buf_rc(&t->line) == RC_OK && buf_rc(&t->text) == RC_OK;
}

/* One by one; CLI_NOT_VALID if there is none. */
static int
tell_all(struct teller *t, struct paper_octets rest)
{
	struct paper_find f;
	int status = CLI_NOT_VALID;
	enum rc rc;

	while ((rc = paper_find_next(&rest, &f)) == RC_OK) {
		if (!tell(t, &f))
			return cli_fail("scan: what was found can't be told");
		status = CLI_OK;
	}
	if (rc != RC_ABSENT)
		return cli_fail("scan: what was found can't be told");
	if (t->line.len > 0)
		(void)fwrite(t->line.p, 1, t->line.len, stdout);
	else if (!t->json)
		printf("neither QR nor ID found\n");
	return cli_done(status);
}

/* The portal's own host is known, too. */
static bool
add_own(struct buf *known)
{
	static const struct weblink_lists none = {NULL, NULL};
	struct portalconf conf;
	struct weblink own;

	if (portalconf_read(&conf) != CLI_OK)
		return false;
	weblink_read(&own, (const uint8_t *)conf.public_url, strlen(conf.public_url), &none);
	if (own.kind == WEBLINK_WEB)
		buf_printf(known, known->len > 0 ? ", %s" : "%s", own.host);
	return true;
}

static int
scan(struct ticket *t, const char *path, bool json)
{
	struct weblink_lists lists;
	struct teller teller = {.lists = &lists, .json = json};
	struct buf known, shorteners;
	int status = CLI_TROUBLE;

	buf_init(&known, CAP_PAGE);
	buf_init(&shorteners, CAP_PAGE);
	buf_init(&teller.line, CAP_PAPER_OUT);
	buf_init(&teller.text, CAP_PAPER_OUT);
	if (ticket_setting(t, ADDRESSES, "known", "hosts", &known) && add_own(&known) &&
	    ticket_setting(t, ADDRESSES, "shorteners", "hosts", &shorteners) &&
	    ticket_document(t, path) && ticket_run(t) && ticket_store(&teller.store)) {
		lists.known = buf_text(&known);
		lists.shorteners = buf_text(&shorteners);
		status = tell_all(&teller, t->answer.out);
	}
	store_close(teller.store);
	buf_clear(&teller.line);
	buf_clear(&teller.text);
	buf_clear(&known);
	buf_clear(&shorteners);
	return status;
}

int
cmd_scan(int argc, char **argv)
{
	static const struct option options[] = {
	    {"json", no_argument, NULL, 'j'}, {"help", no_argument, NULL, 'h'}, {NULL, 0, NULL, 0}};
	struct ticket t;
	bool json = false;
	int option, status;

	opterr = 0;
	/* NOLINTNEXTLINE(concurrency-mt-unsafe): one thread */
	while ((option = getopt_long(argc, argv, ":h", options, NULL)) != -1) {
		if (option == '?' || option == ':')
			return cli_bad_option(argv, option);
		if (option == 'h')
			return cli_help(usage);
		json = true;
	}
	if (argc - optind != 1)
		return cli_usage("scan", "scan: one file is needed");
	ticket_init(&t, "scan", PAPER_SCAN);
	status = scan(&t, argv[optind], json);
	ticket_clear(&t);
	return status;
}
