/* SPDX-License-Identifier: GPL-3.0-or-later */
/* periksa trust import: many certificates at once, each of them confirmed. */
#include <sys/stat.h>

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "caps.h"
#include "cli.h"
#include "io.h"
#include "trust_order.h"
#include "trust_pem.h"
#include "when.h"

#define PEM_MARK "-----BEGIN CERTIFICATE-----"

struct bundle {
	struct arena *arena;
	struct cert_cache *cache;
	struct trust_new *v;
	size_t n, cap;
};

bool
trust_known(const struct trust_folder *f, const struct cert *c)
{
	size_t i;

	for (i = 0; i < f->conf->n; i++)
		if (memcmp(f->conf->v[i].sha256, c->sha256, 32) == 0)
			return true;
	return false;
}

static int
take_cert(const struct trust_order *o, struct bundle *b, struct der der)
{
	struct trust_new n = {.der = der,
	    .source = o->source,
	    .role = o->role,
	    .from = WHEN_NONE,
	    .until = WHEN_NONE,
	    .sunset = WHEN_NONE};
	size_t i;

	if (cert_cache_get(b->cache, der, true, &n.cert) != RC_OK)
		return cli_fail("trust: %s: certificate %zu is malformed", o->operand, b->n + 1);
	for (i = 0; i < b->n; i++)
		if (b->v[i].cert == n.cert)
			return CLI_OK;
	if (n.role == TRUST_ROLE_NONE)
		n.role = n.cert->self_issued && cert_signed_by(b->cache, n.cert, n.cert)
			     ? TRUST_ROOT
			     : TRUST_CA;
	n.purposes = trust_role_anchors(n.role) ? o->purposes : 0;
	n.name = trust_cert_name(n.cert, b->arena);
	n.from = n.cert->not_before;
	n.until = n.cert->not_after;
	if (arena_grow(b->arena, &b->v, b->n, &b->cap, sizeof(*b->v)) != RC_OK)
		return cli_fail("trust: %s", rc_str(RC_NOMEM));
	b->v[b->n++] = n;
	return CLI_OK;
}

static int
read_bundle(const struct trust_order *o, struct bundle *b, const uint8_t *p, size_t len)
{
	struct der der;
	size_t at = 0;
	int status = CLI_OK;
	enum rc rc;

	while (status == CLI_OK && (rc = trust_pem_next(b->arena, p, len, &at, &der)) != RC_ABSENT)
		status = rc == RC_OK
			     ? take_cert(o, b, der)
			     : cli_fail("trust: %s: a PEM certificate is malformed", o->operand);
	return status;
}

static bool
has(const struct bundle *b, const uint8_t sha256[32])
{
	size_t i;

	for (i = 0; i < b->n; i++)
		if (memcmp(b->v[i].cert->sha256, sha256, 32) == 0)
			return true;
	return false;
}

/* What is in the bundle, and what of it nobody has confirmed. */
static int
show(const struct trust_order *o, const struct bundle *b)
{
	char from[WHEN_TEXT], until[WHEN_TEXT];
	size_t i, j;

	for (i = 0; i < b->n; i++) {
		for (j = 0; j < 32; j++)
			printf("%02x", b->v[i].cert->sha256[j]);
		printf("  %-6s  %.10s  %.10s  %s  %s\n", trust_role_name(b->v[i].role),
		    when_format(b->v[i].from, from), when_format(b->v[i].until, until),
		    trust_confirmed(o, b->v[i].cert->sha256) ? "confirmed" : "NOT CONFIRMED",
		    b->v[i].name);
	}
	printf("Nothing was added: compare each fingerprint through another channel and give it "
	       "with --fingerprint or --fingerprints.\n");
	return cli_done(CLI_NOT_VALID);
}

static int
import_bundle(const struct trust_order *o, struct trust_folder *f, struct bundle *b)
{
	size_t i, n = 0;
	int status;

	for (i = 0; i < b->n; i++)
		if (!trust_confirmed(o, b->v[i].cert->sha256))
			return show(o, b);
	for (i = 0; i < o->nfingerprints; i++)
		if (!has(b, o->fingerprints[i]))
			return cli_fail(
			    "trust: %s holds no certificate of fingerprint %zu", o->operand, i + 1);
	if (o->source == NULL)
		return cli_usage("trust", "trust import: --source is needed");
	if ((status = trust_changeable(o, f)) != CLI_OK)
		return status;
	for (i = 0; i < b->n; i++) {
		if (trust_known(f, b->v[i].cert))
			printf("known  %s\n", b->v[i].name);
		else
			b->v[n++] = b->v[i];
	}
	return n == 0 ? cli_done(CLI_OK) : trust_put(o, f, b->v, n, NULL);
}

static int
import_pem(const struct trust_order *o, struct trust_folder *f, const uint8_t *p, size_t len)
{
	struct bundle b = {.arena = arena_new(CAP_TRUST), .cache = cert_cache_new()};
	int status;

	if (o->nsigners > 0 || o->territory != NULL || o->status != NULL || o->services != NULL)
		status = cli_usage(
		    "trust", "trust import: what is for trust lists is not for a PEM bundle");
	else if (b.arena == NULL || b.cache == NULL)
		status = cli_fail("trust: %s", rc_str(RC_NOMEM));
	else if ((status = read_bundle(o, &b, p, len)) == CLI_OK)
		status = import_bundle(o, f, &b);
	cert_cache_free(b.cache);
	arena_free(b.arena);
	return status;
}

int
trust_import(void *order)
{
	const struct trust_order *o = order;
	struct trust_folder *f = o->folder;
	int fd = open(o->operand, O_RDONLY | O_CLOEXEC | O_NONBLOCK), status;
	struct stat st;
	uint8_t *p;

	if (fd == -1 || fstat(fd, &st) == -1)
		status = cli_fail("trust: %s: %m", o->operand);
	else if (!S_ISREG(st.st_mode) || st.st_size > CAP_TRUST_LIST)
		status = cli_fail("trust: %s is no bundle and no trust list", o->operand);
	else if ((p = arena_alloc(f->arena, (size_t)st.st_size + 1)) == NULL ||
		 io_read_full(fd, p, (size_t)st.st_size) != RC_OK)
		status = cli_fail("trust: %s can't be read", o->operand);
	else if (memmem(p, (size_t)st.st_size, PEM_MARK, strlen(PEM_MARK)) != NULL)
		status = import_pem(o, f, p, (size_t)st.st_size);
	else if (o->nsigners == 0)
		status = cli_usage("trust",
		    "trust import: %s is no PEM bundle; for a trust list "
		    "--signer is needed",
		    o->operand);
	else if (lseek(fd, 0, SEEK_SET) != 0)
		status = cli_fail("trust: %s can't be read again: %m", o->operand);
	else
		status = trust_import_list(o, f, fd);
	io_close(&fd);
	return status;
}
