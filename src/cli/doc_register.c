/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * periksa doc register and recheck: signed files, judged in this process, and searched for the
 * letter's QR by periksa-paper.  What speaks against a file is told whether or not it is
 * registered.
 */
#include <sys/stat.h>

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <openssl/sha.h>

#include "caps.h"
#include "cli.h"
#include "court.h"
#include "datadir.h"
#include "doc_order.h"
#include "intake.h"
#include "io.h"
#include "json.h"
#include "portalconf.h"
#include "recheck.h"
#include "shelf.h"
#include "stationery.h"
#include "ticket.h"
#include "vault.h"
#include "when.h"
#include "wire.h"

static const char *const sentences[INTAKE__MAX] = {
    [INTAKE_INVALID] = "its verdict is INVALID",
    [INTAKE_UNREADABLE] = "it is no PDF that can be read",
    [INTAKE_NOT_SIGNED] = "it is not signed",
    [INTAKE_INDETERMINATE] = "it could not be confirmed, and more than revocation data lacks",
    [INTAKE_LOCKED] = "it is locked by a password: sign and register one without",
    [INTAKE_NO_MARK] = "none of its pages has the letter's QR or ID",
    [INTAKE_OTHER_LETTER] = "it carries the ID of another letter",
    [INTAKE_FOREIGN_ADDRESS] = "a QR leads with the letter's ID to another address",
    [INTAKE_NOT_SEARCHED] = "its pages could not be searched for QR and ID",
    [INTAKE_SIGNER_MISSING] = "a signer of the letter has not signed it",
    [INTAKE_SIGNER_EXTRA] = "somebody signed it who is no signer of the letter",
    [INTAKE_KNOWN] = "another letter is registered with this file",
};

/* One file on its way into the register. */
struct signing {
	struct doc_order *o;
	struct court court;
	struct ticket ticket;
	struct register_letter *letter;
	struct report *report;
	struct arena *arena;
	struct intake_result found;
	struct buf address, words, wire;
	struct source src;
	char path[4096]; /* of the vault */
	char other[CROCKFORD_ID_LEN + 1];
	int fd;
	int64_t now;
};

static int
open_court(struct court *c, const struct doc_order *o)
{
	c->trust_dir = o->trust;
	c->params.offline = o->offline;
	return court_open(c);
}

static int
vault_path(char *out, size_t max)
{
	if ((size_t)snprintf(out, max, "%s/" DATADIR_VAULT, cli_data_dir()) >= max)
		return cli_fail("PERIKSA_DATA is too long");
	return CLI_OK;
}

/* ---- what is known of it ---- */

static int
find_letter(struct signing *g)
{
	enum register_answer answer;
	enum rc rc;
	int status;

	rc = register_read(g->o->store, &actor_operator, g->o->id, g->now, &g->letter, &answer);
	if ((status = doc_refuse(rc, answer)) != CLI_OK)
		return status;
	if (g->letter->state != LETTER_ISSUED)
		return doc_refuse(RC_OK, REGISTER_STATE);
	return CLI_OK;
}

/* What its QR should hold; empty: nobody has said. */
static int
find_address(struct signing *g)
{
	const char *url = g->o->public_url;
	struct portalconf conf;
	int status;

	if (url == NULL) {
		if ((status = portalconf_read(&conf)) != CLI_OK)
			return status;
		url = conf.public_url;
	}
	if (*url != '\0' && !stationery_address(&g->address, url, g->letter->id))
		return cli_usage("doc", "doc register: --public-url wants an http(s) address");
	return CLI_OK;
}

static int
judge_file(struct signing *g)
{
	const char *path = g->o->file, *base = strrchr(path, '/');
	enum rc rc;

	if ((g->fd = open(path, O_RDONLY | O_CLOEXEC)) == -1)
		return cli_fail("%s: %m", path);
	if ((rc = source_open(&g->src, g->fd, 0, UINT64_MAX)) != RC_OK)
		return cli_fail("%s: %s", path, rc == RC_IO ? "not a readable file" : rc_str(rc));
	if (g->src.len > CAP_UPLOAD)
		return cli_fail("%s: larger than %u octets", path, CAP_UPLOAD);
	rc = court_judge(&g->court, &g->src, base != NULL ? base + 1 : path, -1, &g->report);
	return rc == RC_OK ? CLI_OK : cli_fail("%s: %s", path, rc_str(rc));
}

/* NULL: it could not be searched, which is told.  Not another file than the one that was judged. */
static const struct paper_answer *
search_file(struct signing *g)
{
	const struct paper_octets *b = &g->ticket.job.part[PAPER_DOCUMENT];
	uint8_t md[SHA256_DIGEST_LENGTH];

	if (!ticket_document(&g->ticket, g->o->file))
		return NULL;
	SHA256(b->p, b->len, md);
	if (memcmp(md, g->report->document.sha256, sizeof(md)) != 0) {
		(void)cli_fail("%s: it was changed meanwhile", g->o->file);
		return NULL;
	}
	return ticket_run(&g->ticket) ? &g->ticket.answer : NULL;
}

static int
weigh(struct signing *g)
{
	const struct paper_answer *scan = search_file(g);
	enum rc rc;

	rc = intake_judge(&g->found, g->arena, g->letter, g->report, scan,
	    g->address.len > 0 ? buf_text(&g->address) : NULL);
	if (rc == RC_OK)
		rc = register_by_file(g->o->store, g->report->document.sha256, g->other);
	if (rc == RC_OK && g->other[0] != '\0')
		intake_add(&g->found, INTAKE_KNOWN, g->other);
	intake_words(&g->words, &g->found);
	if (rc == RC_OK)
		rc = buf_rc(&g->words);
	return rc == RC_OK ? CLI_OK : cli_fail("doc: %s", rc_str(rc));
}

/* ---- into the register ---- */

/* Made by root in a folder of the portal's: it is the portal's, too. */
static void
give(const struct signing *g)
{
	char path[4096 + 80];
	struct stat st;
	struct buf hex;

	if (geteuid() != 0 || stat(g->path, &st) == -1 || st.st_uid == 0)
		return;
	buf_init(&hex, 2 * sizeof(g->report->document.sha256) + 1);
	buf_hex(&hex, g->report->document.sha256, sizeof(g->report->document.sha256));
	(void)snprintf(path, sizeof(path), "%s/%.2s", g->path, buf_text(&hex));
	if (chown(path, st.st_uid, st.st_gid) == 0) {
		(void)snprintf(
		    path, sizeof(path), "%s/%.2s/%s.pdf", g->path, buf_text(&hex), buf_text(&hex));
		(void)!chown(path, st.st_uid, st.st_gid);
	}
	buf_clear(&hex);
}

/* CLI_NOT_VALID: the register refuses it. */
static int
enter(struct signing *g, bool kept)
{
	struct register_signing s = {
	    .sha256 = g->report->document.sha256,
	    .size = g->report->document.size,
	    .pending = g->found.pending,
	    .kept = kept,
	    .differences = buf_text(&g->words),
	    .reason = g->found.n > 0 ? g->o->reason : "",
	    .report = g->report,
	};
	enum register_answer answer;
	enum rc rc;

	report_drop_questions(g->report);
	wire_encode(&g->wire, g->report);
	if ((rc = buf_rc(&g->wire)) != RC_OK)
		return cli_fail("doc: %s", rc_str(rc));
	s.wire = g->wire.p;
	s.wire_len = g->wire.len;
	rc = register_sign(g->o->store, &actor_operator, g->letter->id, &s, g->now, &answer);
	if (doc_refuse(rc, answer) == CLI_OK)
		return CLI_OK;
	return rc == RC_OK ? CLI_NOT_VALID : CLI_TROUBLE;
}

/* A file that no letter has is nobody's to keep. */
static void
drop(const struct signing *g)
{
	char id[CROCKFORD_ID_LEN + 1];

	if (register_by_file(g->o->store, g->report->document.sha256, id) == RC_OK && id[0] == '\0')
		(void)vault_drop(AT_FDCWD, g->path, g->report->document.sha256);
}

static int
put_away(struct signing *g, bool *kept)
{
	int status;
	enum rc rc;

	/* Of a letter whose content nobody may see, only as long as it has to be judged again. */
	*kept = g->letter->content.visibility != LETTER_FACT || g->found.pending;
	if (*kept) {
		rc =
		    vault_keep(AT_FDCWD, g->path, g->fd, 0, g->src.len, g->report->document.sha256);
		if (rc != RC_OK)
			return cli_fail("doc: the file could not be kept: %s", rc_str(rc));
		give(g);
	}
	if ((status = enter(g, *kept)) != CLI_OK && *kept)
		drop(g);
	return status;
}

/* ---- in words ---- */

static void
put_items(struct buf *b, const struct intake_result *r)
{
	size_t i;

	buf_str(b, ",\"differences\":[");
	for (i = 0; i < r->n; i++) {
		buf_printf(
		    b, "%s{\"what\":\"%s\"", i > 0 ? "," : "", intake_word(r->items[i].what));
		json_member(b, "detail", r->items[i].detail);
		json_member(b, "text", sentences[r->items[i].what]);
		buf_printf(b, ",\"may_override\":%s}",
		    intake_override(r->items[i].what) ? "true" : "false");
	}
	buf_u8(b, ']');
}

static int
print_json(const struct signing *g, bool registered, bool kept)
{
	struct buf b;

	buf_init(&b, CAP_WIRE);
	buf_printf(&b, "{\"kind\":\"registration\",\"id\":\"%s\",\"registered\":%s", g->letter->id,
	    registered ? "true" : "false");
	json_member(&b, "verdict", conclusion_name(g->report->conclusion));
	buf_printf(&b, ",\"pending\":%s,\"kept\":%s,\"sha256\":\"",
	    g->found.pending ? "true" : "false", kept ? "true" : "false");
	buf_hex(&b, g->report->document.sha256, sizeof(g->report->document.sha256));
	buf_printf(&b, "\",\"by_qr\":%s,\"by_text\":%s", g->found.by_qr ? "true" : "false",
	    g->found.by_text ? "true" : "false");
	put_items(&b, &g->found);
	buf_str(&b, "}\n");
	return shelf_print(&b, "doc");
}

static int
print_words(const struct signing *g, bool registered, bool kept)
{
	const struct intake_result *r = &g->found;
	struct buf b;
	size_t i;

	buf_init(&b, CAP_WIRE);
	buf_printf(&b, "%s  %s\n", g->letter->id, registered ? "registered" : "not registered");
	buf_printf(&b, "verdict     %s%s\n", conclusion_name(g->report->conclusion),
	    r->pending ? " (only revocation data lacks; it will be judged again)" : "");
	buf_str(&b, "sha256      ");
	buf_hex(&b, g->report->document.sha256, sizeof(g->report->document.sha256));
	buf_u8(&b, '\n');
	if (registered)
		buf_printf(&b, "file        %s\n", kept ? "kept" : "not kept");
	for (i = 0; i < r->n; i++)
		buf_printf(&b, "differs     %s%s%s%s\n", sentences[r->items[i].what],
		    *r->items[i].detail != '\0' ? ": " : "", r->items[i].detail,
		    registered || intake_override(r->items[i].what) ? ""
								    : " (this can't be overruled)");
	if (!registered && r->n > 0 && r->may_override && g->o->reason == NULL)
		buf_str(&b, "            --override REASON registers it all the same\n");
	return shelf_print(&b, "doc");
}

static int
tell(const struct signing *g, bool registered, bool kept)
{
	return g->o->json ? print_json(g, registered, kept) : print_words(g, registered, kept);
}

static int
sign(struct signing *g)
{
	bool kept = false;
	int status, told;

	if ((status = find_letter(g)) != CLI_OK || (status = find_address(g)) != CLI_OK ||
	    (status = open_court(&g->court, g->o)) != CLI_OK ||
	    (status = judge_file(g)) != CLI_OK || (status = weigh(g)) != CLI_OK)
		return status;
	if (g->found.n > 0 && (!g->found.may_override || g->o->reason == NULL))
		status = CLI_NOT_VALID;
	else
		status = put_away(g, &kept);
	if (status == CLI_TROUBLE)
		return status;
	told = tell(g, status == CLI_OK, kept);
	return told == CLI_OK ? status : told;
}

int
doc_register(void *order)
{
	struct signing g = {.o = order, .fd = -1, .now = (int64_t)time(NULL)};
	int status;

	if (g.o->file == NULL)
		return cli_usage("doc", "doc register: which file?");
	if ((status = vault_path(g.path, sizeof(g.path))) != CLI_OK)
		return status;
	ticket_init(&g.ticket, "doc register", PAPER_SCAN);
	buf_init(&g.address, CAP_PAPER_ADDRESS + 1);
	buf_init(&g.words, CAP_DIFFERENCES);
	buf_init(&g.wire, CAP_WIRE);
	if ((status = court_init(&g.court)) == CLI_OK && (g.arena = arena_new(CAP_WIRE)) == NULL)
		status = cli_fail("doc: %s", rc_str(RC_NOMEM));
	if (status == CLI_OK)
		status = sign(&g);
	source_close(&g.src);
	io_close(&g.fd);
	report_free(g.report);
	register_free(g.letter);
	arena_free(g.arena);
	ticket_clear(&g.ticket);
	buf_clear(&g.address);
	buf_clear(&g.words);
	buf_clear(&g.wire);
	court_close(&g.court);
	return status;
}

/* ---- again ---- */

static enum rc
judge_again(void *ctx, int fd, uint64_t len, int64_t now, struct report **out)
{
	struct court *c = ctx;
	struct source src;
	enum rc rc;

	*out = NULL;
	if ((rc = source_open(&src, fd, 0, len)) != RC_OK)
		return rc;
	c->params.at = now;
	rc = court_judge(c, &src, NULL, -1, out);
	source_close(&src);
	return rc;
}

static void
tell_again(void *ctx, const char *id, enum conclusion before, enum conclusion after)
{
	(void)ctx;
	printf("%s  %s%s%s\n", id, conclusion_name(after), before != after ? ", was " : "",
	    before != after ? conclusion_name(before) : "");
}

static void
tell_again_json(void *ctx, const char *id, enum conclusion before, enum conclusion after)
{
	(void)ctx;
	printf("{\"kind\":\"recheck\",\"id\":\"%s\",\"before\":\"%s\",\"verdict\":\"%s\"}\n", id,
	    conclusion_name(before), conclusion_name(after));
}

static int
recheck(struct doc_order *o, struct court *c, const char *vault)
{
	const struct recheck r = {.store = o->store,
	    .dir = AT_FDCWD,
	    .vault = vault,
	    .judge = judge_again,
	    .ctx = c,
	    .told = o->json ? tell_again_json : tell_again};
	struct recheck_sum sum = {0};
	int64_t now = (int64_t)time(NULL);
	enum rc rc;

	if (o->all)
		rc = recheck_all(&r, now, INT64_MAX, &sum);
	else
		rc = recheck_one(&r, o->id, now, &sum);
	if (rc != RC_OK)
		return cli_fail("doc: %s", rc_str(rc));
	if (sum.failed > 0 && o->all)
		(void)cli_fail("doc recheck: %u letters could not be judged", sum.failed);
	else if (sum.failed > 0)
		(void)cli_fail("doc recheck: no such letter, or none whose file is kept");
	return cli_done(sum.failed > 0 ? CLI_TROUBLE : sum.changed > 0 ? CLI_NOT_VALID : CLI_OK);
}

int
doc_recheck(void *order)
{
	struct doc_order *o = order;
	struct court court;
	char vault[4096];
	int status;

	if (o->all == (o->id != NULL))
		return cli_usage("doc", "doc recheck: which letter? an ID, or --all");
	if ((status = vault_path(vault, sizeof(vault))) != CLI_OK)
		return status;
	if ((status = court_init(&court)) == CLI_OK && (status = open_court(&court, o)) == CLI_OK)
		status = recheck(o, &court, vault);
	court_close(&court);
	return status;
}
