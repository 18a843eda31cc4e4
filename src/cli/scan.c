/* SPDX-License-Identifier: GPL-3.0-or-later */
/* periksa scan: the QRs of a picture or PDF, and where they lead.  Nothing is fetched. */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "caps.h"
#include "cli.h"
#include "json.h"
#include "ticket.h"
#include "weblink.h"

#define ADDRESSES "conf/addresses.conf"

static const char usage[] =
    "usage: periksa scan [--json] FILE\n\n"
    "Reads the QRs of a PDF, PNG or JPEG and says where they lead: the host in full, the part of\n"
    "it that somebody registered, and reasons to be careful.  Nothing is opened or fetched.  "
    "Hosts\n"
    "that are known and services that shorten addresses are in conf/addresses.conf.\n\n"
    "  --json  one line for each QR\n"
    "  --help  this text\n\n"
    "Exit status: 0 QRs were found, 1 there is none, 2 the file could not be read.\n";

/* What a terminal or a line of JSON can take, whatever the octets are. */
static void
put_safe(struct buf *b, const struct paper_octets *o)
{
	size_t i;

	for (i = 0; i < o->len; i++)
		buf_u8(b, o->p[i] >= ' ' && o->p[i] < 0x7f ? o->p[i] : '?');
}

static void
put_json(struct buf *b, const struct paper_find *f, const struct weblink *w, const char *text)
{
	static const char *const kinds[] = {"TEXT", "WEB", "OTHER"};
	const char *comma = "";
	unsigned i;

	buf_printf(b, "{\"page\":%u,\"text\":", f->page);
	json_text(b, text);
	buf_printf(b, ",\"kind\":\"%s\",\"host\":", kinds[w->kind]);
	json_text(b, w->host);
	buf_str(b, ",\"domain\":");
	json_text(b, w->host + w->domain);
	buf_str(b, ",\"warnings\":[");
	for (i = 0; i < WEBLINK_REASONS; i++)
		if ((w->reasons & 1u << i) != 0) {
			buf_printf(b, "%s\"%s\"", comma, weblink_word(i));
			comma = ",";
		}
	buf_str(b, "]}\n");
}

static void
put_words(struct buf *b, const struct paper_find *f, const struct weblink *w, const char *text)
{
	unsigned i;

	buf_printf(b, "page %u: %s\n", f->page, text);
	if (w->kind == WEBLINK_WEB)
		buf_printf(b, "  leads to %s, host %s\n", w->host + w->domain, w->host);
	else if (w->kind == WEBLINK_OTHER)
		buf_str(b, "  warning: no web address; what opens it decides what it does\n");
	else
		buf_str(b, "  leads nowhere: a text, which proves nothing\n");
	for (i = 0; i < WEBLINK_REASONS; i++)
		if ((w->reasons & 1u << i) != 0)
			buf_printf(b, "  warning: %s\n", weblink_text(i));
}

/* One by one; CLI_NOT_VALID if there is none. */
static int
tell(const struct ticket *t, const struct weblink_lists *lists, bool json)
{
	struct paper_octets rest = t->answer.out;
	struct paper_find f;
	struct weblink w;
	struct buf line, text;
	int status = CLI_NOT_VALID;
	enum rc rc;

	buf_init(&line, CAP_PAPER_OUT);
	buf_init(&text, CAP_PAPER_OUT);
	while ((rc = paper_find_next(&rest, &f)) == RC_OK) {
		weblink_read(&w, f.text.p, f.text.len, lists);
		buf_clear(&text);
		put_safe(&text, &f.text);
		(json ? put_json : put_words)(&line, &f, &w, buf_text(&text));
		status = CLI_OK;
	}
	if (rc != RC_ABSENT || buf_rc(&line) != RC_OK || buf_rc(&text) != RC_OK)
		status = cli_fail("scan: what was found can't be told");
	else {
		if (line.len > 0)
			(void)fwrite(line.p, 1, line.len, stdout);
		else if (!json)
			printf("no QR found\n");
		status = cli_done(status);
	}
	buf_clear(&line);
	buf_clear(&text);
	return status;
}

static int
scan(struct ticket *t, const char *path, bool json)
{
	struct weblink_lists lists;
	struct buf known, shorteners;
	int status = CLI_TROUBLE;

	buf_init(&known, CAP_PAGE);
	buf_init(&shorteners, CAP_PAGE);
	if (ticket_setting(t, ADDRESSES, "known", "hosts", &known) &&
	    ticket_setting(t, ADDRESSES, "shorteners", "hosts", &shorteners) &&
	    ticket_document(t, path) && ticket_run(t)) {
		lists.known = buf_text(&known);
		lists.shorteners = buf_text(&shorteners);
		status = tell(t, &lists, json);
	}
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
