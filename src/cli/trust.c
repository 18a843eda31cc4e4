/* SPDX-License-Identifier: GPL-3.0-or-later */
/* periksa trust: the anchors of a folder, as a person looks at them and changes them. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "caps.h"
#include "cli.h"
#include "home.h"
#include "io.h"
#include "json.h"
#include "menu.h"
#include "trust_order.h"
#include "when.h"

static const char usage[] =
    "usage: periksa trust list [--json]\n"
    "       periksa trust check [--json] [--record --approved-by NAME]\n"
    "       periksa trust add FILE --fingerprint HEX --role ROLE [--purpose LIST] [--name NAME]\n"
    "                 --source TEXT --approved-by NAME [--from T] [--until T] [--sunset T]\n"
    "                 [--hosts LIST] [--issuers LIST]\n"
    "       periksa trust remove FINGERPRINT --reason TEXT --approved-by NAME\n"
    "       periksa trust import BUNDLE.pem --fingerprints FILE --purpose LIST --source TEXT\n"
    "                 --approved-by NAME\n"
    "       periksa trust import LIST.xml --signer HEX --purpose LIST --approved-by NAME\n"
    "                 [--territory CC] [--services LIST] [--status LIST]\n\n"
    "Whoever is in the trust folder decides which letters are genuine.  Each change is\n"
    "written into its history, which only grows.\n\n"
    "  --trust DIR         the folder (PERIKSA_TRUST, or the installed one)\n"
    "  --fingerprint HEX   SHA-256 of the certificate, typed from another channel than the file;\n"
    "                      blanks and colons don't matter; may be repeated for import\n"
    "  --fingerprints FILE the same, one a line\n"
    "  --signer HEX        SHA-256 of the certificate that signs the trust list, likewise\n"
    "  --role ROLE         root: an anchor that signed itself; pinned: an anchor whoever signed\n"
    "                      it; ca, tsa, ocsp: only helps to build paths\n"
    "  --purpose LIST      what an anchor is trusted for: signer, tsa\n"
    "  --from, --until T   its validity (the certificate's own)\n"
    "  --sunset T          from then on trusted no more, though valid\n"
    "                      (T: 2026-11-01T00:00:00Z, or a day: 2026-11-01)\n"
    "  --hosts LIST        hosts that may be asked about certificates under it\n"
    "  --issuers LIST      addresses of missing issuers' certificates\n"
    "  --territory CC      the country whose list it must be\n"
    "  --services LIST     kinds of services of a trust list (CA/QC,TSA/QTST)\n"
    "  --status LIST       states of a service that count (granted,recognisedatnationallevel)\n"
    "  --approved-by NAME  who compared the fingerprint\n"
    "  --record            begin the history of a folder, or take a set changed by hand into it\n"
    "  --reload            tell the portal of PERIKSA_DATA to load its anchors anew\n"
    "  --json              one JSON object a line\n"
    "  --help              this text\n\n"
    "check: 0 nothing is wrong, 1 something is.  import without --fingerprint or\n"
    "--fingerprints prints what is in the bundle, adds nothing, and ends with 1.\n";

static const struct option options[] = {
    {"trust", required_argument, NULL, 'd'},
    {"json", no_argument, NULL, 'j'},
    {"record", no_argument, NULL, 'R'},
    {"reload", no_argument, NULL, 'L'},
    {"fingerprint", required_argument, NULL, 'f'},
    {"fingerprints", required_argument, NULL, 'q'},
    {"signer", required_argument, NULL, 'g'},
    {"name", required_argument, NULL, 'n'},
    {"role", required_argument, NULL, 'r'},
    {"purpose", required_argument, NULL, 'p'},
    {"from", required_argument, NULL, 'F'},
    {"until", required_argument, NULL, 'U'},
    {"sunset", required_argument, NULL, 'S'},
    {"source", required_argument, NULL, 's'},
    {"approved-by", required_argument, NULL, 'a'},
    {"reason", required_argument, NULL, 'w'},
    {"hosts", required_argument, NULL, 'H'},
    {"issuers", required_argument, NULL, 'I'},
    {"territory", required_argument, NULL, 'T'},
    {"services", required_argument, NULL, 'v'},
    {"status", required_argument, NULL, 't'},
    {"help", no_argument, NULL, 'h'},
    {NULL, 0, NULL, 0},
};

/* --- the order --- */

static int
take_hash(uint8_t (**v)[32], size_t *n, const char *text)
{
	uint8_t(*more)[32];

	if (*n == TRUST_FINGERPRINTS)
		return cli_fail("trust: more than %d fingerprints", TRUST_FINGERPRINTS);
	if ((more = realloc(*v, (*n + 1) * sizeof(*more))) == NULL)
		return cli_fail("trust: %m");
	*v = more;
	if (!trust_fingerprint_parse(text, more[*n]))
		return cli_usage(
		    "trust", "trust: '%s' is no SHA-256: 64 hexadecimal digits are needed", text);
	(*n)++;
	return CLI_OK;
}

static int
take_file(struct trust_order *o, const char *path)
{
	FILE *f = fopen(path, "re");
	char line[512];
	int status = CLI_OK;

	if (f == NULL)
		return cli_fail("trust: %s: %m", path);
	while (status == CLI_OK && fgets(line, sizeof(line), f) != NULL) {
		line[strcspn(line, "#\r\n")] = '\0';
		if (line[strspn(line, " \t")] != '\0')
			status = take_hash(&o->fingerprints, &o->nfingerprints, line);
	}
	if (status == CLI_OK && ferror(f))
		status = cli_fail("trust: %s: %m", path);
	(void)fclose(f);
	return status;
}

static int
take_time(int64_t *out, const char *text)
{
	return when_parse(text, out) ? CLI_OK : cli_usage("trust", "trust: '%s' is no time", text);
}

/* Words that are kept: in one line, and not for ever. */
static int
take_text(const char **out, const char *text)
{
	const char *p;

	for (p = text; *p != '\0'; p++)
		if ((unsigned char)*p < 0x20 || *p == 0x7f)
			return cli_usage("trust", "trust: a text has control characters");
	if (text[strspn(text, " ")] == '\0' || p - text > CAP_TRUST_TEXT)
		return cli_usage(
		    "trust", "trust: a text is empty or longer than %d octets", CAP_TRUST_TEXT);
	*out = text;
	return CLI_OK;
}

static int
take(void *order, int c)
{
	struct trust_order *o = order;
	const char *value = optarg;

	switch (c) {
	case 'd':
		o->dir = value;
		return CLI_OK;
	case 'j':
		o->json = true;
		return CLI_OK;
	case 'R':
		o->record = true;
		return CLI_OK;
	case 'L':
		o->reload = true;
		return CLI_OK;
	case 'f':
		return take_hash(&o->fingerprints, &o->nfingerprints, value);
	case 'q':
		return take_file(o, value);
	case 'g':
		return take_hash(&o->signers, &o->nsigners, value);
	case 'r':
		if ((o->role = trust_role_parse(value)) == TRUST_ROLE_NONE)
			return cli_usage("trust", "trust: '%s' is no role", value);
		return CLI_OK;
	case 'p':
		if (!trust_purposes_parse(value, &o->purposes) || o->purposes == 0)
			return cli_usage("trust", "trust: '%s' is no list of signer, tsa", value);
		return CLI_OK;
	case 'F':
		return take_time(&o->from, value);
	case 'U':
		return take_time(&o->until, value);
	case 'S':
		return take_time(&o->sunset, value);
	case 'n':
		return take_text(&o->name, value);
	case 's':
		return take_text(&o->source, value);
	case 'a':
		return take_text(&o->approved_by, value);
	case 'w':
		return take_text(&o->reason, value);
	case 'H':
		return take_text(&o->hosts, value);
	case 'I':
		return take_text(&o->issuers, value);
	case 'T':
		return take_text(&o->territory, value);
	case 'v':
		return take_text(&o->services, value);
	default: /* 't' */
		return take_text(&o->status, value);
	}
}

static const char *
folder(const struct trust_order *o, char *path, size_t max)
{
	const char *dir = o->dir != NULL ? o->dir : getenv("PERIKSA_TRUST");

	return dir != NULL && *dir != '\0' ? dir : home_path("conf/trust", path, max);
}

static const struct menu_verb verbs[] = {
    {"list", "dj", 0, 0, trust_list},
    {"check", "djRa", 0, 0, trust_check},
    {"add", "dfnrpFUSsaHIL", 1, 1, trust_add},
    {"remove", "dwaL", 1, 1, trust_remove},
    {"import", "dfqgrpsaHITtvL", 1, 1, trust_import},
};

static const struct menu menu = {
    .verb = "trust",
    .usage = usage,
    .what = "list, check, add, remove or import",
    .which = "one operand is needed",
    .options = options,
    .verbs = verbs,
    .nverbs = sizeof(verbs) / sizeof(verbs[0]),
    .take = take,
};

static int
run(const struct menu_verb *v, struct trust_order *o)
{
	struct trust_folder *f = o->folder;
	char path[PATH_MAX];
	const char *dir = folder(o, path, sizeof(path));
	bool change = v->run != trust_list && (v->run != trust_check || o->record);
	int status;
	enum rc rc;

	if (dir == NULL)
		return cli_fail(
		    "trust: the installed folder was not found; is PERIKSA_HOME right?");
	if ((rc = trust_folder_open(f, dir, change)) == RC_OK)
		status = v->run(o);
	else if (rc == RC_IO)
		status = cli_fail("trust: %s: %m", dir);
	else
		status = cli_fail("trust: %s: %s", dir, rc_str(rc));
	trust_folder_close(f);
	if (status == CLI_OK && o->reload)
		status = trust_reload();
	return status;
}

int
cmd_trust(int argc, char **argv)
{
	struct trust_folder f;
	struct trust_order o = {.folder = &f,
	    .from = WHEN_NONE,
	    .until = WHEN_NONE,
	    .sunset = WHEN_NONE,
	    .now = (int64_t)time(NULL)};
	const struct menu_verb *v;
	char **operands;
	int status = menu_read(&menu, argc, argv, &o, &v, &operands);

	if (v != NULL) {
		o.operand = operands[0];
		status = run(v, &o);
	}
	free(o.fingerprints);
	free(o.signers);
	return status;
}

/* --- list --- */

static bool
is_loaded(const struct trust *t, const uint8_t sha256[32])
{
	size_t i;

	for (i = 0; t != NULL && i < t->anchors.n; i++)
		if (memcmp(t->anchors.v[i].cert->sha256, sha256, 32) == 0)
			return true;
	for (i = 0; t != NULL && i < t->nhelpers; i++)
		if (memcmp(t->helpers[i]->sha256, sha256, 32) == 0)
			return true;
	return false;
}

static void
put_key(struct buf *b, const char *key, const char *value)
{
	buf_printf(b, ",\"%s\":", key);
	if (value == NULL || *value == '\0')
		buf_str(b, "null");
	else
		json_text(b, value);
}

static void
put_list(struct buf *b, const char *key, char *const *v, size_t n)
{
	size_t i;

	buf_printf(b, ",\"%s\":[", key);
	for (i = 0; i < n; i++) {
		if (i > 0)
			buf_u8(b, ',');
		json_text(b, v[i]);
	}
	buf_u8(b, ']');
}

static void
put_json(struct buf *b, const struct trust_entry *e, bool loaded)
{
	char *purposes[2];
	char signer[] = "signer", tsa[] = "tsa", text[WHEN_TEXT];
	size_t n = 0;

	if ((e->purposes & ANCHOR_SIGNER) != 0)
		purposes[n++] = signer;
	if ((e->purposes & ANCHOR_TSA) != 0)
		purposes[n++] = tsa;
	buf_str(b, "{\"kind\":\"certificate\",\"fingerprint\":\"");
	buf_hex(b, e->sha256, 32);
	buf_u8(b, '"');
	put_key(b, "file", e->file);
	put_key(b, "name", e->name);
	put_key(b, "role", trust_role_name(e->role));
	put_list(b, "purpose", purposes, n);
	put_key(b, "from", when_format(e->from, text));
	put_key(b, "until", when_format(e->until, text));
	put_key(b, "sunset", when_format(e->sunset, text));
	put_key(b, "source", e->source);
	put_key(b, "approved", e->approved);
	put_list(b, "hosts", e->hosts, e->nhosts);
	put_list(b, "issuers", e->issuer_urls, e->nissuer_urls);
	buf_printf(b, ",\"loaded\":%s}\n", loaded ? "true" : "false");
}

static void
put_row(struct buf *b, const struct trust_entry *e, bool loaded)
{
	char from[WHEN_TEXT], end[WHEN_TEXT];

	buf_hex(b, e->sha256, 32);
	buf_printf(b, "  %-6s  %-11s  %-10.10s  %-10.10s  %-6s  %s%s\n", trust_role_name(e->role),
	    trust_purposes_name(e->purposes), when_format(e->from, from),
	    when_format(trust_entry_end(e), end), loaded ? "loaded" : "NO",
	    e->name != NULL ? e->name : e->file, e->approved == NULL ? "  (not approved)" : "");
}

/* The set as a whole. */
static void
put_set(struct buf *b, const struct trust_folder *f, bool json)
{
	const char *record = f->trust == NULL ? "no anchor" : trust_record_text(f->trust->recorded);

	buf_str(b, json ? "{\"kind\":\"set\",\"id\":" : "\nset ");
	if (json)
		buf_str(b, f->trust == NULL ? "null" : "\"");
	if (f->trust != NULL)
		buf_hex(b, f->trust->id, 32);
	if (!json) {
		buf_printf(b, ": %s\n", record);
		return;
	}
	if (f->trust != NULL)
		buf_u8(b, '"');
	put_key(b, "record", record);
	buf_str(b, "}\n");
}

int
trust_list(void *order)
{
	const struct trust_order *o = order;
	struct trust_folder *f = o->folder;
	struct buf b;
	size_t i;
	enum rc rc;

	buf_init(&b, CAP_TRUST_FILE);
	if (!o->json)
		buf_printf(&b, "%-64s  ROLE    PURPOSE      FROM        UNTIL       STATE   NAME\n",
		    "FINGERPRINT (SHA-256)");
	for (i = 0; i < f->conf->n; i++) {
		if (o->json)
			put_json(&b, &f->conf->v[i], is_loaded(f->trust, f->conf->v[i].sha256));
		else
			put_row(&b, &f->conf->v[i], is_loaded(f->trust, f->conf->v[i].sha256));
	}
	if (f->text == NULL)
		(void)cli_fail("trust: %s has no " TRUST_CONF ": every certificate in it is an "
			       "anchor for everything",
		    f->path);
	put_set(&b, f, o->json);
	if ((rc = buf_rc(&b)) == RC_OK)
		(void)fwrite(b.p, 1, b.len, stdout);
	buf_clear(&b);
	return rc == RC_OK ? cli_done(CLI_OK) : cli_fail("trust: %s", rc_str(rc));
}
