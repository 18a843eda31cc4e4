/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * periksa trust import of an ETSI TS 119 612 trust list.  `periksa-list` reads the XML and
 * verifies who signed it, in a process without files and network; here its answer is taken,
 * as untrusted lines: what is to be trusted, and whether the list is older than the last one.
 */
#define _GNU_SOURCE
#include <sys/wait.h>

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <openssl/evp.h>

#include "caps.h"
#include "cli.h"
#include "home.h"
#include "io.h"
#include "trust_order.h"
#include "when.h"

#define SERVICES "CA/QC,TSA/QTST"
#define STATES   "granted,recognisedatnationallevel"
#define SEQUENCE "sequence " /* as in TRUST_LIST_WORDS */

enum {
	LIST_HEAD,
	LIST_TERRITORY,
	LIST_TYPE,
	LIST_SEQUENCE,
	LIST_ISSUED,
	LIST_NEXT,
	LIST_SIGNER,
	LIST_SHA256,
	LIST_FIELDS
};
enum {
	SERVICE_HEAD,
	SERVICE_TYPE,
	SERVICE_STATUS,
	SERVICE_START,
	SERVICE_USES,
	SERVICE_NAME,
	SERVICE_CERT,
	SERVICE_FIELDS
};

struct list {
	const struct trust_order *order;
	struct trust_folder *folder;
	struct arena *arena;
	struct cert_cache *cache;
	char *about[LIST_FIELDS];
	const char *name; /* "XX EUgeneric" */
	uint64_t sequence;
	struct trust_new *v;
	size_t n, cap;
	uint8_t (*seen)[32]; /* every certificate whose service counts */
	size_t nseen, seen_cap;
	bool ended;
};

/* --- the other program --- */

static void __attribute__((noreturn))
become(const struct trust_order *o, const char *path, int document, int reply)
{
	char at[WHEN_TEXT], hex[TRUST_FINGERPRINTS][65];
	char *argv[TRUST_FINGERPRINTS + 3], name[] = "periksa-list";
	size_t i, j;

	argv[0] = name;
	argv[1] = at;
	when_format(o->now, at);
	for (i = 0; i < o->nsigners; i++) {
		for (j = 0; j < 32; j++)
			(void)snprintf(&hex[i][2 * j], 3, "%02x", o->signers[i][j]);
		argv[2 + i] = hex[i];
	}
	argv[2 + i] = NULL;
	if (dup2(document, STDIN_FILENO) != -1 && dup2(reply, STDOUT_FILENO) != -1)
		execv(path, argv);
	_exit(127);
}

/* Everything that it says; RC_TOOBIG for more than a list can be. */
static enum rc
read_reply(int fd, struct buf *b)
{
	uint8_t part[1u << 16];
	ssize_t n;

	while ((n = read(fd, part, sizeof(part))) != 0) {
		if (n == -1 && errno == EINTR)
			continue;
		if (n == -1)
			return RC_IO;
		buf_put(b, part, (size_t)n);
		if (buf_rc(b) != RC_OK)
			return buf_rc(b);
	}
	return RC_OK;
}

static int
ask(const struct trust_order *o, int document, struct buf *reply)
{
	char path[PATH_MAX];
	int fds[2], how = 0;
	enum rc rc;
	pid_t pid;

	if (home_built("periksa-list", path, sizeof(path)) == NULL)
		return cli_fail("trust: periksa-list was not found");
	if (pipe2(fds, O_CLOEXEC) == -1)
		return cli_fail("trust: %m");
	if ((pid = fork()) == 0)
		become(o, path, document, fds[1]);
	io_close(&fds[1]);
	rc = pid == -1 ? RC_IO : read_reply(fds[0], reply);
	io_close(&fds[0]); /* one that still talks ends by it */
	if (pid > 0)
		while (waitpid(pid, &how, 0) == -1 && errno == EINTR)
			continue;
	if (rc != RC_OK)
		return cli_fail("trust: periksa-list: %s", rc_str(rc));
	if (WIFEXITED(how) && WEXITSTATUS(how) == 1)
		return CLI_TROUBLE; /* it has said why */
	if (!WIFEXITED(how) || WEXITSTATUS(how) != 0)
		return cli_fail("trust: periksa-list broke off; NOTHING ADDED");
	return CLI_OK;
}

/* --- its answer --- */

/* Exactly n fields between tabs. */
static bool
split(char *line, char **fields, size_t n)
{
	size_t i;

	for (i = 0; i < n && line != NULL; i++)
		fields[i] = strsep(&line, "\t");
	return i == n && line == NULL;
}

static bool
printable(const char *s)
{
	for (; *s != '\0'; s++)
		if ((unsigned char)*s < 0x20 || *s == 0x7f)
			return false;
	return true;
}

/* The word is one of the list, which has commas. */
static bool
listed(const char *list, const char *word)
{
	size_t len = strlen(word), n;

	for (; *list != '\0'; list += n + (list[n] == ',')) {
		n = strcspn(list, ",");
		if (n == len && memcmp(list, word, len) == 0)
			return true;
	}
	return false;
}

static unsigned
purposes_of(const struct trust_order *o, const char *type, const char *uses)
{
	unsigned may = strncmp(type, "TSA", 3) == 0 ? ANCHOR_TSA : ANCHOR_SIGNER;

	/* An authority for web sites alone signs no signer. */
	if (may == ANCHOR_SIGNER && *uses != '\0' && !listed(uses, "ForeSignatures") &&
	    !listed(uses, "ForeSeals"))
		return 0;
	return o->purposes & may;
}

static enum rc
take_head(struct list *l, char *line)
{
	char *end;

	if (l->about[0] != NULL || !split(line, l->about, LIST_FIELDS))
		return RC_FORMAT;
	errno = 0;
	l->sequence = strtoull(l->about[LIST_SEQUENCE], &end, 10);
	if (errno != 0 || *end != '\0' || l->about[LIST_SEQUENCE][0] < '0' ||
	    l->about[LIST_SEQUENCE][0] > '9')
		return RC_FORMAT;
	l->name = arena_printf(l->arena, "%s %s", l->about[LIST_TERRITORY], l->about[LIST_TYPE]);
	return l->name == NULL ? RC_NOMEM : RC_OK;
}

static enum rc
decode(struct arena *a, const char *text, struct der *out)
{
	size_t len = strlen(text), pad = 0;
	uint8_t *p;
	int n;

	if (len == 0 || len % 4 != 0 || len > 2 * CAP_CERT)
		return RC_FORMAT;
	if ((p = arena_alloc(a, len)) == NULL)
		return RC_NOMEM;
	while (pad < 2 && text[len - 1 - pad] == '=')
		pad++;
	n = EVP_DecodeBlock(p, (const uint8_t *)text, (int)len);
	if (n < 0 || (size_t)n < pad)
		return RC_FORMAT;
	*out = (struct der){p, (size_t)n - pad};
	return RC_OK;
}

/* A second service of one certificate adds to what it is trusted for. */
static enum rc
put_service(struct list *l, const struct trust_new *n)
{
	size_t i;
	enum rc rc;

	for (i = 0; i < l->n; i++) {
		if (l->v[i].cert != n->cert)
			continue;
		l->v[i].purposes |= n->purposes;
		if (n->from > l->v[i].from)
			l->v[i].from = n->from;
		return RC_OK;
	}
	rc = arena_grow(l->arena, &l->seen, l->nseen, &l->seen_cap, sizeof(*l->seen));
	if (rc == RC_OK)
		memcpy(l->seen[l->nseen++], n->cert->sha256, 32);
	if (rc != RC_OK || trust_known(l->folder, n->cert))
		return rc;
	if ((rc = arena_grow(l->arena, &l->v, l->n, &l->cap, sizeof(*l->v))) == RC_OK)
		l->v[l->n++] = *n;
	return rc;
}

static enum rc
take_service(struct list *l, char *line)
{
	const struct trust_order *o = l->order;
	struct trust_new n = {.sunset = WHEN_NONE};
	char *field[SERVICE_FIELDS];
	int64_t start;
	enum rc rc;

	if (l->name == NULL || !split(line, field, SERVICE_FIELDS) ||
	    !when_parse(field[SERVICE_START], &start) || !printable(field[SERVICE_NAME]))
		return RC_FORMAT;
	if (!listed(o->services != NULL ? o->services : SERVICES, field[SERVICE_TYPE]) ||
	    !listed(o->status != NULL ? o->status : STATES, field[SERVICE_STATUS]) ||
	    (n.purposes = purposes_of(o, field[SERVICE_TYPE], field[SERVICE_USES])) == 0)
		return RC_OK;
	if ((rc = decode(l->arena, field[SERVICE_CERT], &n.der)) != RC_OK)
		return rc;
	if ((rc = cert_cache_get(l->cache, n.der, true, &n.cert)) != RC_OK)
		return rc == RC_NOMEM ? rc : RC_OK; /* one that nobody could use */
	if (n.cert->not_after <= start)
		return RC_OK;
	n.role = n.cert->self_issued && cert_signed_by(l->cache, n.cert, n.cert) ? TRUST_ROOT
										 : TRUST_PINNED;
	n.name = field[SERVICE_NAME][0] != '\0' ? field[SERVICE_NAME]
						: trust_cert_name(n.cert, l->arena);
	n.from = start > n.cert->not_before ? start : n.cert->not_before;
	n.until = n.cert->not_after;
	n.source = arena_printf(l->arena,
	    "trust list %s, " SEQUENCE "%" PRIu64 " of %.10s: %s, %s since %.10s", l->name,
	    l->sequence, l->about[LIST_ISSUED], field[SERVICE_TYPE], field[SERVICE_STATUS],
	    field[SERVICE_START]);
	return n.source == NULL ? RC_NOMEM : put_service(l, &n);
}

static enum rc
take_reply(struct list *l, char *text)
{
	char *line;
	enum rc rc = RC_OK;

	while (rc == RC_OK && (line = strsep(&text, "\n")) != NULL) {
		if (l->ended)
			return *line == '\0' && text == NULL ? RC_OK : RC_FORMAT;
		if (strncmp(line, "list\t", 5) == 0)
			rc = take_head(l, line);
		else if (strncmp(line, "service\t", 8) == 0)
			rc = take_service(l, line);
		else if (strcmp(line, "end") == 0 && l->name != NULL)
			l->ended = true;
		else
			rc = RC_FORMAT;
	}
	return rc;
}

/* --- what becomes of it --- */

/* The list of that name that was read last. */
static const struct trust_line *
last_list(const struct list *l)
{
	const struct trust_history *h = l->folder->history;
	size_t i;

	for (i = h->n; i > 0; i--)
		if (h->v[i - 1].event == TRUST_LISTED && strcmp(h->v[i - 1].name, l->name) == 0)
			return &h->v[i - 1];
	return NULL;
}

static int
check_list(const struct list *l)
{
	const struct trust_order *o = l->order;
	const struct trust_line *last = last_list(l);
	uint64_t before = 0;

	if (o->territory != NULL && strcmp(o->territory, l->about[LIST_TERRITORY]) != 0)
		return cli_fail("trust: the list is of %s, not of %s; NOTHING ADDED",
		    l->about[LIST_TERRITORY], o->territory);
	if (last != NULL && strncmp(last->why, SEQUENCE, strlen(SEQUENCE)) == 0)
		before = strtoull(last->why + strlen(SEQUENCE), NULL, 10);
	if (l->sequence < before)
		return cli_fail("trust: the list has number %" PRIu64 ", number %" PRIu64
				" was read before; NOTHING ADDED",
		    l->sequence, before);
	return CLI_OK;
}

/* What came from this list and is not in it any more. */
static void
note_gone(const struct list *l)
{
	const struct trust_conf *c = l->folder->conf;
	size_t i, j, k, len = strlen(l->name);

	for (i = 0; i < c->n; i++) {
		if (c->v[i].source == NULL || strncmp(c->v[i].source, "trust list ", 11) != 0 ||
		    strncmp(c->v[i].source + 11, l->name, len) != 0 ||
		    c->v[i].source[11 + len] != ',')
			continue;
		for (j = 0; j < l->nseen && memcmp(l->seen[j], c->v[i].sha256, 32) != 0; j++)
			continue;
		if (j < l->nseen)
			continue;
		printf("note   %s is not granted by this list any more; `periksa trust remove ",
		    c->v[i].name);
		for (k = 0; k < 32; k++)
			printf("%02x", c->v[i].sha256[k]);
		printf("` if it is to go\n");
	}
}

static int
put_list(struct list *l)
{
	struct trust_line line = {.at = l->order->now,
	    .event = TRUST_LISTED,
	    .name = l->name,
	    .who = l->order->approved_by};
	int status;

	line.why = arena_printf(l->arena, TRUST_LIST_WORDS, l->sequence, l->about[LIST_ISSUED],
	    l->about[LIST_NEXT], l->about[LIST_SIGNER]);
	if (line.why == NULL || !trust_fingerprint_parse(l->about[LIST_SHA256], line.sha256))
		return cli_fail("trust: %s", rc_str(line.why == NULL ? RC_NOMEM : RC_FORMAT));
	if ((status = check_list(l)) != CLI_OK)
		return status;
	printf("list   %s, number %" PRIu64 " of %.10s, next by %.10s: %zu services count, "
	       "%zu are new\n",
	    l->name, l->sequence, l->about[LIST_ISSUED], l->about[LIST_NEXT], l->nseen, l->n);
	note_gone(l);
	if (l->n == 0 && l->folder->text == NULL)
		return cli_done(CLI_OK); /* no folder is begun for nothing */
	return trust_put(l->order, l->folder, l->v, l->n, &line);
}

static int
import_list(struct list *l, int fd)
{
	struct buf reply;
	char *text;
	int status;
	enum rc rc;

	buf_init(&reply, 2 * CAP_TRUST_LIST);
	if ((status = ask(l->order, fd, &reply)) == CLI_OK) {
		text = arena_str(l->arena, (const char *)reply.p, reply.len);
		rc = text == NULL ? RC_NOMEM : take_reply(l, text);
		if (rc == RC_OK && !l->ended)
			rc = RC_SHORT;
		status = rc == RC_OK ? put_list(l)
				     : cli_fail("trust: periksa-list's answer: %s; NOTHING ADDED",
					   rc_str(rc));
	}
	buf_clear(&reply);
	return status;
}

int
trust_import_list(const struct trust_order *o, struct trust_folder *f, int fd)
{
	struct list l = {.order = o, .folder = f};
	int status;

	if (o->purposes == 0 || o->nfingerprints > 0 || o->role != TRUST_ROLE_NONE ||
	    o->source != NULL)
		return cli_usage("trust", "trust import: of a trust list, --purpose is needed, and "
					  "--fingerprint, --role and --source have no place");
	if ((status = trust_changeable(o, f)) != CLI_OK)
		return status;
	l.arena = arena_new(CAP_TRUST);
	l.cache = cert_cache_new();
	if (l.arena == NULL || l.cache == NULL)
		status = cli_fail("trust: %s", rc_str(RC_NOMEM));
	else
		status = import_list(&l, fd);
	cert_cache_free(l.cache);
	arena_free(l.arena);
	return status;
}
