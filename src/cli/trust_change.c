/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * periksa trust add and remove.  What anchors.conf becomes is read again before it
 * replaces the old one: it must say what was meant and nothing else.
 */
#define _GNU_SOURCE
#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <openssl/objects.h>

#include "caps.h"
#include "cli.h"
#include "conf.h"
#include "io.h"
#include "trust_order.h"
#include "trust_pem.h"
#include "when.h"

#define PLAIN      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
#define FIRST_LINE "# The certificates of this folder that may be loaded: see periksa(1), trust.\n"

/* The set is the one of the last line; one without any anchor has no id. */
static bool
as_recorded(const struct trust_folder *f)
{
	static const uint8_t none[32];
	const struct trust_history *h = f->history;

	if (h->broken != 0 || h->n == 0)
		return false;
	if (f->trust != NULL)
		return trust_record_good(f->trust);
	return f->load == RC_ABSENT && memcmp(h->v[h->n - 1].id, none, sizeof(none)) == 0;
}

int
trust_changeable(const struct trust_order *o, const struct trust_folder *f)
{
	if (o->approved_by == NULL)
		return cli_usage("trust", "trust: --approved-by is needed");
	if (f->text == NULL && (f->trust != NULL || f->load == RC_FORMAT))
		return cli_fail("trust: %s has certificates, but no " TRUST_CONF
				": everything in it would change its meaning",
		    f->path);
	if (f->text != NULL && !as_recorded(f))
		return cli_fail(
		    "trust: %s is not as it was recorded; see `periksa trust check`", f->path);
	return CLI_OK;
}

bool
trust_confirmed(const struct trust_order *o, const uint8_t sha256[32])
{
	size_t i;

	for (i = 0; i < o->nfingerprints; i++)
		if (memcmp(o->fingerprints[i], sha256, 32) == 0)
			return true;
	return false;
}

const char *
trust_cert_name(const struct cert *c, struct arena *a)
{
	const char *name = cert_subject_attr(c, NID_commonName, a);

	if (name == NULL)
		name = cert_name_text(c->subject, a);
	return name != NULL ? name : "?";
}

/* --- the list, written anew --- */

/* It holds n sections and nothing that is not understood. */
static int
check_conf(struct trust_folder *f, struct buf *text, size_t n)
{
	struct trust_conf *conf;
	struct buf log;
	int status = CLI_OK;
	enum rc rc;

	buf_init(&log, 1u << 20);
	if ((rc = buf_rc(text)) == RC_OK)
		rc = trust_conf_parse(&conf, f->arena, (const char *)text->p, text->len, &log);
	if (rc != RC_OK)
		status = cli_fail("trust: " TRUST_CONF ": %s", rc_str(rc));
	else if (log.len > 0)
		status = cli_fail("%.*s", (int)strcspn(buf_text(&log), "\n"), buf_text(&log));
	else if (conf->n != n)
		status = cli_fail("trust: " TRUST_CONF " is laid out so that only a person can "
				  "change it");
	buf_clear(&log);
	return status;
}

static int
write_conf(struct trust_folder *f, const struct buf *text)
{
	return trust_folder_write(f, TRUST_CONF, text) == RC_OK
		   ? CLI_OK
		   : cli_fail("trust: %s/" TRUST_CONF ": %m", f->path);
}

static void
put_time(struct buf *b, const char *key, int64_t t)
{
	char text[WHEN_TEXT];

	if (t != WHEN_NONE)
		buf_printf(b, "%s = %s\n", key, when_format(t, text));
}

static void
put_section(struct buf *b, const struct trust_order *o, const struct trust_new *n, const char *file)
{
	char day[WHEN_TEXT];

	buf_printf(b, "\n[%s]\nsha256 = ", file);
	buf_hex(b, n->cert->sha256, 32);
	buf_printf(b, "\nname = %s\nrole = %s\npurpose = %s\n", n->name, trust_role_name(n->role),
	    trust_purposes_name(n->purposes));
	put_time(b, "from", n->from);
	put_time(b, "until", n->until);
	put_time(b, "sunset", n->sunset);
	buf_printf(b, "source = %s\napproved = %s, %.10s\n", n->source, o->approved_by,
	    when_format(o->now, day));
	if (o->hosts != NULL)
		buf_printf(b, "hosts = %s\n", o->hosts);
	if (o->issuers != NULL)
		buf_printf(b, "issuers = %s\n", o->issuers);
}

/* --- adding --- */

/* "Akar_Contoh-0123456789abcdef.pem" */
static char *
file_name(struct arena *a, const struct trust_new *n)
{
	char name[49] = "";
	size_t i;

	for (i = 0; i < sizeof(name) - 1 && n->name[i] != '\0'; i++) {
		name[i] = n->name[i];
		if (strspn(name + i, PLAIN) == 0)
			name[i] = '_';
	}
	name[i] = '\0';
	return arena_printf(a, "%s-%02x%02x%02x%02x%02x%02x%02x%02x.pem", name, n->cert->sha256[0],
	    n->cert->sha256[1], n->cert->sha256[2], n->cert->sha256[3], n->cert->sha256[4],
	    n->cert->sha256[5], n->cert->sha256[6], n->cert->sha256[7]);
}

static int
put_file(struct trust_folder *f, const char *name, struct der der)
{
	struct buf b;
	enum rc rc;

	buf_init(&b, CAP_TRUST_FILE);
	trust_pem_put(&b, der);
	if ((rc = buf_rc(&b)) == RC_OK)
		rc = trust_folder_write(f, name, &b);
	buf_clear(&b);
	return rc == RC_OK ? CLI_OK : cli_fail("trust: %s/%s: %m", f->path, name);
}

/* What does not fit together, whoever asks for it. */
static int
check_new(struct trust_folder *f, const struct trust_new *n)
{
	const struct trust_line *before = trust_history_find(f->history, n->cert->sha256);
	struct cert_cache *cache;
	bool own;
	size_t i;

	for (i = 0; i < f->conf->n; i++)
		if (memcmp(f->conf->v[i].sha256, n->cert->sha256, 32) == 0)
			return cli_fail(
			    "trust: this certificate is listed already, as %s", f->conf->v[i].file);
	if (trust_role_anchors(n->role) != (n->purposes != 0))
		return cli_usage("trust", "trust: an anchor needs --purpose, and others have none");
	if (n->from != WHEN_NONE && n->until != WHEN_NONE && n->from >= n->until)
		return cli_fail("trust: its validity ends before it begins");
	if (n->role == TRUST_ROOT) {
		if ((cache = cert_cache_new()) == NULL)
			return cli_fail("trust: %s", rc_str(RC_NOMEM));
		own = n->cert->self_issued && cert_signed_by(cache, n->cert, n->cert);
		cert_cache_free(cache);
		if (!own)
			return cli_fail("trust: %s did not sign itself: no root", n->name);
	}
	if (before != NULL && before->event == TRUST_REMOVED)
		printf("note   %s was removed before: %s\n", n->name, before->why);
	return CLI_OK;
}

static int
put_all(const struct trust_order *o, struct trust_folder *f, struct trust_new *v, size_t n)
{
	struct buf text;
	size_t i, j;
	char *file;
	int status = CLI_OK;

	buf_init(&text, CAP_TRUST_FILE);
	if (f->text != NULL)
		buf_put(&text, f->text, f->len);
	else
		buf_str(&text, FIRST_LINE);
	if (text.len > 0 && text.p[text.len - 1] != '\n')
		buf_u8(&text, '\n');
	for (i = 0; status == CLI_OK && i < n; i++) {
		if ((status = check_new(f, &v[i])) != CLI_OK)
			break;
		for (j = 0; status == CLI_OK && j < i; j++)
			if (memcmp(v[i].cert->sha256, v[j].cert->sha256, 32) == 0)
				status = cli_fail("trust: %s is there twice", v[i].name);
		if ((file = file_name(f->arena, &v[i])) == NULL)
			status = cli_fail("trust: %s", rc_str(RC_NOMEM));
		else
			put_section(&text, o, &v[i], file);
	}
	if (status == CLI_OK)
		status = check_conf(f, &text, f->conf->n + n);
	/* A file that no list names yet is not loaded. */
	for (i = 0; status == CLI_OK && i < n; i++)
		if ((file = file_name(f->arena, &v[i])) != NULL)
			status = put_file(f, file, v[i].der);
	if (status == CLI_OK)
		status = write_conf(f, &text);
	buf_clear(&text);
	return status;
}

/* The texts of the order and of v outlive the folder's arena, which is made anew here. */
static int
put_record(const struct trust_order *o, struct trust_folder *f, const struct trust_new *v, size_t n,
    const struct trust_line *list)
{
	struct trust_line *lines;
	size_t i, m = 0;
	enum rc rc;

	if ((rc = trust_folder_read(f)) != RC_OK ||
	    (lines = arena_array(f->arena, n + 1, sizeof(*lines))) == NULL)
		return cli_fail(
		    "trust: changed, but not recorded: %s", rc_str(rc == RC_OK ? RC_NOMEM : rc));
	if (list != NULL)
		lines[m++] = *list;
	for (i = 0; i < n; i++, m++) {
		lines[m].at = o->now;
		lines[m].event = TRUST_ADDED;
		memcpy(lines[m].sha256, v[i].cert->sha256, 32);
		lines[m].name = v[i].name;
		lines[m].who = o->approved_by;
		lines[m].why = v[i].source;
	}
	if ((rc = trust_folder_record(f, lines, m)) == RC_IO)
		return cli_fail("trust: changed, but not recorded: %m");
	return rc == RC_OK ? CLI_OK : cli_fail("trust: changed, but not recorded: %s", rc_str(rc));
}

static void
print_set(const struct trust_folder *f)
{
	size_t i;

	if (f->trust == NULL)
		return;
	printf("set    ");
	for (i = 0; i < 32; i++)
		printf("%02x", f->trust->id[i]);
	printf(": %s\n", trust_record_text(f->trust->recorded));
}

int
trust_put(const struct trust_order *o, struct trust_folder *f, struct trust_new *v, size_t n,
    const struct trust_line *list)
{
	int status;
	size_t i;

	if ((status = put_all(o, f, v, n)) != CLI_OK ||
	    (status = put_record(o, f, v, n, list)) != CLI_OK)
		return status;
	for (i = 0; i < n; i++)
		printf("added  %s (%s)\n", v[i].name, trust_role_name(v[i].role));
	if (f->log.len > 0)
		(void)cli_fail("%.*s", (int)strcspn(buf_text(&f->log), "\n"), buf_text(&f->log));
	print_set(f);
	if (!o->reload)
		printf("A running portal takes it after `periksa serve` gets SIGHUP.\n");
	return cli_done(CLI_OK);
}

/* --- add --- */

/* PEM or DER: exactly one certificate. */
static int
read_one(const char *path, struct arena *a, struct der *out)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK), status;
	struct der more;
	struct stat st = {0};
	size_t at = 0;
	uint8_t *p = NULL;
	enum rc rc;

	if (fd == -1 || fstat(fd, &st) == -1)
		status = cli_fail("trust: %s: %m", path);
	else if (!S_ISREG(st.st_mode) || st.st_size > CAP_TRUST_FILE)
		status = cli_fail("trust: %s is no certificate", path);
	else if ((p = arena_alloc(a, (size_t)st.st_size + 1)) == NULL ||
		 io_read_full(fd, p, (size_t)st.st_size) != RC_OK)
		status = cli_fail("trust: %s can't be read", path);
	else
		status = CLI_OK;
	io_close(&fd);
	if (status != CLI_OK)
		return status;
	rc = trust_pem_next(a, p, (size_t)st.st_size, &at, out);
	if (rc == RC_ABSENT)
		*out = (struct der){p, (size_t)st.st_size};
	else if (rc != RC_OK)
		return cli_fail("trust: %s is no certificate", path);
	else if (trust_pem_next(a, p, (size_t)st.st_size, &at, &more) != RC_ABSENT)
		return cli_fail("trust: %s holds more than one certificate; see `import`", path);
	return CLI_OK;
}

static int
add_one(
    const struct trust_order *o, struct trust_folder *f, struct arena *a, struct cert_cache *cache)
{
	struct trust_new n = {.source = o->source,
	    .role = o->role,
	    .purposes = o->purposes,
	    .from = o->from,
	    .until = o->until,
	    .sunset = o->sunset};
	int status;

	if ((status = read_one(o->operand, a, &n.der)) != CLI_OK)
		return status;
	if (cert_cache_get(cache, n.der, true, &n.cert) != RC_OK)
		return cli_fail("trust: %s is no certificate", o->operand);
	if (!trust_confirmed(o, n.cert->sha256))
		return cli_fail(
		    "trust: the fingerprint is another than that of %s; NOT ADDED", o->operand);
	if ((n.name = o->name) == NULL)
		n.name = trust_cert_name(n.cert, a);
	if (n.from == WHEN_NONE)
		n.from = n.cert->not_before;
	if (n.until == WHEN_NONE)
		n.until = n.cert->not_after;
	return trust_put(o, f, &n, 1, NULL);
}

int
trust_add(void *order)
{
	const struct trust_order *o = order;
	struct trust_folder *f = o->folder;
	struct cert_cache *cache = NULL;
	struct arena *a = NULL;
	int status;

	if (o->nfingerprints != 1)
		return cli_usage("trust", "trust add: one --fingerprint is needed, typed from "
					  "another channel than the file");
	if (o->role == TRUST_ROLE_NONE || o->source == NULL)
		return cli_usage("trust", "trust add: --role and --source are needed");
	if ((status = trust_changeable(o, f)) != CLI_OK)
		return status;
	if ((a = arena_new(CAP_TRUST)) == NULL || (cache = cert_cache_new()) == NULL)
		status = cli_fail("trust: %s", rc_str(RC_NOMEM));
	else
		status = add_one(o, f, a, cache);
	cert_cache_free(cache);
	arena_free(a);
	return status;
}

/* --- remove --- */

/* The heading that this line is, as the reader of configurations sees it, or NULL. */
static const char *
heading_of(struct arena *a, const char *line, size_t len)
{
	char *rest = arena_str(a, line, len), *key, *value;

	return rest != NULL && conf_next(&rest, &key, &value) == CONF_HEADING ? key : NULL;
}

/* All but the section: from its heading to its last line that says something. */
static void
without(struct buf *out, struct trust_folder *f, const char *file)
{
	const char *p = f->text, *end = f->text + f->len, *line, *heading, *kept = NULL;
	bool inside = false;
	size_t len;

	/* kept: blank lines and comments inside, which may belong to what follows */
	for (; p < end; p += len) {
		line = memchr(p, '\n', (size_t)(end - p));
		len = line != NULL ? (size_t)(line - p) + 1 : (size_t)(end - p);
		if ((heading = heading_of(f->arena, p, len)) != NULL) {
			if (inside && kept != NULL)
				buf_put(out, kept, (size_t)(p - kept));
			kept = NULL;
			inside = strcmp(heading, file) == 0;
		}
		if (!inside)
			buf_put(out, p, len);
		else if (strchr("#;\r\n", p[strspn(p, " \t")]) == NULL)
			kept = NULL;
		else if (kept == NULL)
			kept = p;
	}
	if (inside && kept != NULL)
		buf_put(out, kept, (size_t)(end - kept));
}

static int
remove_entry(const struct trust_order *o, struct trust_folder *f, const struct trust_entry *e)
{
	struct trust_line line = {.at = o->now,
	    .event = TRUST_REMOVED,
	    .name = e->name != NULL ? e->name : e->file,
	    .who = o->approved_by,
	    .why = o->reason};
	char name[CAP_TRUST_TEXT + 1];
	struct buf text;
	int status;
	enum rc rc;

	memcpy(line.sha256, e->sha256, 32);
	(void)snprintf(name, sizeof(name), "%s", line.name);
	line.name = name;
	buf_init(&text, CAP_TRUST_FILE);
	without(&text, f, e->file);
	if ((status = check_conf(f, &text, f->conf->n - 1)) == CLI_OK)
		status = write_conf(f, &text);
	buf_clear(&text);
	if (status != CLI_OK)
		return status;
	if (trust_folder_unlink(f, e->file) != RC_OK)
		return cli_fail("trust: %s: %m", e->file);
	if ((rc = trust_folder_read(f)) == RC_OK)
		rc = trust_folder_record(f, &line, 1);
	if (rc != RC_OK)
		return cli_fail("trust: changed, but not recorded: %s", rc_str(rc));
	printf("removed  %s\n", name);
	print_set(f);
	if (!o->reload)
		printf("A running portal takes it after `periksa serve` gets SIGHUP.\n");
	return cli_done(CLI_OK);
}

int
trust_remove(void *order)
{
	const struct trust_order *o = order;
	struct trust_folder *f = o->folder;
	size_t i, left = 0, at = f->conf->n;
	uint8_t sha256[32];
	int status;

	if (!trust_fingerprint_parse(o->operand, sha256))
		return cli_usage("trust", "trust remove: the whole fingerprint is needed");
	if (o->reason == NULL)
		return cli_usage("trust", "trust remove: --reason is needed");
	if ((status = trust_changeable(o, f)) != CLI_OK)
		return status;
	for (i = 0; i < f->conf->n; i++) {
		if (memcmp(f->conf->v[i].sha256, sha256, 32) == 0)
			at = i;
		else if (trust_role_anchors(f->conf->v[i].role))
			left++;
	}
	if (at == f->conf->n)
		return cli_fail("trust: no certificate here has this fingerprint");
	if (left == 0)
		return cli_fail("trust: no anchor would be left; add another first");
	if (strchr(f->conf->v[at].file, '/') != NULL)
		return cli_fail("trust: the file is not in this folder");
	return remove_entry(o, f, &f->conf->v[at]);
}
