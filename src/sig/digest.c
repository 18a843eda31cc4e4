/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * All digests of a document in one pass.  A digest with a gap begins like the
 * digest of the whole: there is one running context for each algorithm, and at
 * the start of a gap it is copied.  The copy sleeps until the gap is over and
 * then takes its own bytes; the running context of SHA-256 goes on to the end
 * of the document, the others to their last gap.
 */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/err.h>
#include <openssl/evp.h>

#include "caps.h"
#include "digest.h"

/* The running digest of one algorithm: bytes [0,at) are in ctx. */
struct prefix {
	EVP_MD_CTX *ctx;
	uint64_t at, last; /* last: no byte is needed from here on */
};

struct fork {
	struct digest_job *job;
	EVP_MD_CTX *ctx; /* NULL before the gap and after the end */
};

struct pass {
	struct prefix prefix[HASH__MAX];
	struct fork *forks; /* by start of the gap */
	size_t n;
	size_t first; /* forks before this one have been made */
};

static enum rc
ctx_new(enum hash h, EVP_MD_CTX **out)
{
	if ((*out = EVP_MD_CTX_new()) == NULL)
		return RC_NOMEM;
	if (EVP_DigestInit_ex2(*out, hash_md(h), NULL) != 1) {
		EVP_MD_CTX_free(*out);
		*out = NULL;
		return RC_CRYPTO;
	}
	return RC_OK;
}

/* Feed what of [from,to) lies in the chunk, which begins at offset lo. */
static enum rc
feed(EVP_MD_CTX *ctx, const uint8_t *chunk, uint64_t lo, uint64_t hi, uint64_t from, uint64_t to)
{
	if (from < lo)
		from = lo;
	if (to > hi)
		to = hi;
	if (from >= to)
		return RC_OK;
	return EVP_DigestUpdate(ctx, chunk + (from - lo), (size_t)(to - from)) == 1 ? RC_OK
										    : RC_CRYPTO;
}

static int
fork_compare(const void *a, const void *b)
{
	uint64_t x = ((const struct fork *)a)->job->a, y = ((const struct fork *)b)->job->a;

	return (x > y) - (x < y);
}

static enum rc
pass_init(struct pass *p, const struct source *src, struct digest_job *jobs, size_t n)
{
	struct prefix *pre;
	enum rc rc;
	size_t i;

	if ((p->forks = calloc(n == 0 ? 1 : n, sizeof(*p->forks))) == NULL)
		return RC_NOMEM;
	if ((rc = ctx_new(HASH_SHA256, &p->prefix[HASH_SHA256].ctx)) != RC_OK)
		return rc;
	p->prefix[HASH_SHA256].last = src->len;
	for (i = 0; i < n; i++) {
		jobs[i].len = 0;
		if (jobs[i].a > jobs[i].c || jobs[i].c > jobs[i].end || jobs[i].end > src->len ||
		    hash_md(jobs[i].hash) == NULL)
			continue;
		pre = &p->prefix[jobs[i].hash];
		if (pre->ctx == NULL && (rc = ctx_new(jobs[i].hash, &pre->ctx)) != RC_OK)
			return rc;
		if (pre->last < jobs[i].a)
			pre->last = jobs[i].a;
		p->forks[p->n++].job = &jobs[i];
	}
	qsort(p->forks, p->n, sizeof(*p->forks), fork_compare);
	return RC_OK;
}

static void
pass_clear(struct pass *p)
{
	size_t i;

	for (i = 0; i < HASH__MAX; i++)
		EVP_MD_CTX_free(p->prefix[i].ctx);
	for (i = 0; i < p->n; i++)
		EVP_MD_CTX_free(p->forks[i].ctx);
	free(p->forks);
}

/* Bring a running digest up to offset to, all of it inside the chunk. */
static enum rc
advance(struct prefix *pre, const uint8_t *chunk, uint64_t lo, uint64_t hi, uint64_t to)
{
	enum rc rc = feed(pre->ctx, chunk, lo, hi, pre->at, to);

	if (pre->at < to)
		pre->at = to;
	return rc;
}

/* Copy the running contexts at the gaps that start in this chunk or at its end. */
static enum rc
chunk_fork(struct pass *p, const uint8_t *chunk, uint64_t lo, uint64_t hi)
{
	struct prefix *pre;
	struct fork *f;
	enum rc rc;

	for (; p->first < p->n && p->forks[p->first].job->a <= hi; p->first++) {
		f = &p->forks[p->first];
		pre = &p->prefix[f->job->hash];
		if ((rc = advance(pre, chunk, lo, hi, f->job->a)) != RC_OK)
			return rc;
		if ((f->ctx = EVP_MD_CTX_new()) == NULL)
			return RC_NOMEM;
		if (EVP_MD_CTX_copy_ex(f->ctx, pre->ctx) != 1)
			return RC_CRYPTO;
	}
	return RC_OK;
}

/* Give the copies their bytes behind the gap, and finish those that end here. */
static enum rc
chunk_tails(struct pass *p, const uint8_t *chunk, uint64_t lo, uint64_t hi)
{
	struct digest_job *job;
	struct fork *f;
	enum rc rc;
	size_t i;

	for (i = 0; i < p->first; i++) {
		f = &p->forks[i];
		job = f->job;
		if (f->ctx == NULL)
			continue;
		if ((rc = feed(f->ctx, chunk, lo, hi, job->c, job->end)) != RC_OK)
			return rc;
		if (job->end > hi)
			continue;
		if ((job->len = hash_final(f->ctx, job->hash, job->out)) == 0)
			return RC_CRYPTO;
		EVP_MD_CTX_free(f->ctx);
		f->ctx = NULL;
	}
	return RC_OK;
}

static enum rc
chunk_take(struct pass *p, const uint8_t *chunk, uint64_t lo, uint64_t hi)
{
	struct prefix *pre;
	enum rc rc;
	size_t i;

	if ((rc = chunk_fork(p, chunk, lo, hi)) != RC_OK)
		return rc;
	for (i = 0; i < HASH__MAX; i++) {
		pre = &p->prefix[i];
		if (pre->ctx == NULL)
			continue;
		rc = advance(pre, chunk, lo, hi, pre->last < hi ? pre->last : hi);
		if (rc != RC_OK)
			return rc;
	}
	return chunk_tails(p, chunk, lo, hi);
}

enum rc
digest_run(const struct source *src, struct digest_job *jobs, size_t n, uint8_t sha256[32])
{
	struct pass p = {0};
	const uint8_t *chunk;
	uint8_t *copy = NULL;
	uint64_t lo = 0, len;
	enum rc rc;
	size_t i;

	memset(sha256, 0, 32);
	if ((rc = pass_init(&p, src, jobs, n)) != RC_OK)
		goto out;
	/* A mapping would become resident; reading into one chunk does not. */
	if ((src->map != NULL || src->len == 0) && (copy = malloc(CAP_HASH_CHUNK)) == NULL) {
		rc = RC_NOMEM;
		goto out;
	}
	do {
		len = src->len - lo < CAP_HASH_CHUNK ? src->len - lo : CAP_HASH_CHUNK;
		chunk = copy != NULL ? copy : src->p + lo;
		if (copy != NULL && (rc = source_read(src, lo, copy, (size_t)len)) != RC_OK)
			goto out;
		if ((rc = chunk_take(&p, chunk, lo, lo + len)) != RC_OK)
			goto out;
		lo += len;
	} while (lo < src->len);
	if (hash_final(p.prefix[HASH_SHA256].ctx, HASH_SHA256, sha256) == 0)
		rc = RC_CRYPTO;
out:
	for (i = 0; rc != RC_OK && i < n; i++)
		jobs[i].len = 0;
	if (rc == RC_CRYPTO)
		ERR_clear_error();
	pass_clear(&p);
	free(copy);
	return rc;
}
