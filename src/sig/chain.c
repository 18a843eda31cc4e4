/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Finds certification paths itself, so that the number of candidates and of
 * public-key operations is bounded and every alternative can be had.  The
 * rules of RFC 5280, 6.1 for name constraints and policies are OpenSSL's,
 * applied to exactly the path that was found.  It knows nothing of time and
 * revocation.
 */
#include <string.h>

#include <openssl/err.h>
#include <openssl/x509_vfy.h>

#include "caps.h"
#include "cert_cache.h"
#include "chain.h"
#include "when.h"

#define PATHS_MAX      16 /* alternatives kept; two cross-certificates give four */
#define CANDIDATES_MAX 32 /* possible issuers of one certificate that are tried */

struct path {
	const struct cert *certs[CAP_CHAIN];
	size_t n;
	const struct anchor *anchor;
};

struct search {
	const struct cert_pool *pool;
	const struct anchors *anchors;
	enum anchor_purpose purpose;
	unsigned tries;
	struct path now, longest;
	struct path found[PATHS_MAX];
	size_t nfound;
};

struct candidate {
	const struct cert *cert;
	int score;
};

static const struct anchor *
anchor_find(const struct search *s, const struct cert *c)
{
	size_t i;

	for (i = 0; i < s->anchors->n; i++)
		if (s->anchors->v[i].cert == c && (s->anchors->v[i].purposes & s->purpose) != 0)
			return &s->anchors->v[i];
	return NULL;
}

static int64_t
anchor_end(const struct anchor *a)
{
	int64_t end = a->cert->not_after;

	return a->until != WHEN_NONE && a->until < end ? a->until : end;
}

/* Seconds of the certificate's validity during which the anchor is trusted. */
static int64_t
overlap(const struct anchor *a, const struct cert *c)
{
	int64_t from = a->cert->not_before, until = anchor_end(a);

	if (a->from != WHEN_NONE && a->from > from)
		from = a->from;
	if (c->not_before > from)
		from = c->not_before;
	if (c->not_after < until)
		until = c->not_after;
	return until > from ? until - from : 0;
}

/* The anchor that covers more of the certificate's life, the shorter path, the later end. */
static bool
path_better(const struct path *a, const struct path *b)
{
	int64_t x = overlap(a->anchor, a->certs[0]), y = overlap(b->anchor, b->certs[0]);

	if (x != y)
		return x > y;
	if (a->n != b->n)
		return a->n < b->n;
	return anchor_end(a->anchor) > anchor_end(b->anchor);
}

static void
record(struct search *s, const struct anchor *anchor)
{
	struct path p = s->now;
	size_t i;

	p.anchor = anchor;
	for (i = 0; i < s->nfound && !path_better(&p, &s->found[i]); i++)
		continue;
	if (i == PATHS_MAX)
		return;
	if (s->nfound < PATHS_MAX)
		s->nfound++;
	memmove(&s->found[i + 1], &s->found[i], (s->nfound - i - 1) * sizeof(p));
	s->found[i] = p;
}

/* The same CA key again would only go round in a circle (RFC 4158, 5.2). */
static bool
on_path(const struct path *p, const struct cert *c)
{
	size_t i;

	for (i = 0; i < p->n; i++)
		if (p->certs[i] == c || (der_equal(p->certs[i]->spki, c->spki) &&
					    der_equal(p->certs[i]->subject, c->subject)))
			return true;
	return false;
}

/* Put c into the list, best score first; the worst falls off a full list. */
static void
offer(struct candidate *v, size_t *n, const struct cert *c, int score)
{
	size_t i;

	for (i = 0; i < *n; i++)
		if (v[i].cert == c)
			return;
	for (i = 0; i < *n && v[i].score >= score; i++)
		continue;
	if (i == CANDIDATES_MAX)
		return;
	if (*n < CANDIDATES_MAX)
		(*n)++;
	memmove(&v[i + 1], &v[i], (*n - i - 1) * sizeof(*v));
	v[i].cert = c;
	v[i].score = score;
}

static int
score_of(const struct cert *child, const struct cert *issuer)
{
	if (child->aki.len == 0 || issuer->ski.len == 0)
		return 0;
	return der_equal(child->aki, issuer->ski) ? 2 : -2;
}

/* Certificates whose subject is c's issuer; an anchor goes before a pool member. */
static size_t
candidates(const struct search *s, const struct cert *c, struct candidate v[CANDIDATES_MAX])
{
	const struct cert *x;
	size_t n = 0, i;

	for (i = 0; i < s->anchors->n; i++) {
		x = s->anchors->v[i].cert;
		if ((s->anchors->v[i].purposes & s->purpose) != 0 && !on_path(&s->now, x) &&
		    cert_name_equal(x->subject, c->issuer))
			offer(v, &n, x, score_of(c, x) + 1);
	}
	for (i = 0; i < s->pool->n; i++) {
		x = s->pool->certs[i];
		if (!on_path(&s->now, x) && cert_name_equal(x->subject, c->issuer))
			offer(v, &n, x, score_of(c, x));
	}
	return n;
}

/* From the last certificate of the path on. */
static void
/* NOLINTNEXTLINE(misc-no-recursion): CAP_CHAIN ends it */
extend(struct search *s)
{
	const struct cert *c = s->now.certs[s->now.n - 1];
	const struct anchor *anchor = anchor_find(s, c);
	struct candidate v[CANDIDATES_MAX];
	size_t n, i;

	if (s->now.n > s->longest.n)
		s->longest = s->now;
	if (anchor != NULL)
		record(s, anchor);
	if (s->now.n == CAP_CHAIN || (anchor != NULL && c->self_issued))
		return;
	n = candidates(s, c, v);
	for (i = 0; i < n && s->tries < CAP_PATH_TRIES; i++) {
		s->tries++;
		if (!cert_signed_by(s->pool->cache, c, v[i].cert))
			continue;
		s->now.certs[s->now.n++] = v[i].cert;
		extend(s);
		s->now.n--;
	}
}

/* OpenSSL asks whether it may go from x to issuer: only along our path. */
static int
follows_path(X509_STORE_CTX *ctx, X509 *x, X509 *issuer)
{
	const struct path *p = X509_STORE_CTX_get_ex_data(ctx, 0);
	size_t i;

	for (i = 0; i + 1 < p->n; i++)
		if (cert_x509(p->certs[i]) == x)
			return cert_x509(p->certs[i + 1]) == issuer;
	return 0;
}

/* Every signature of the path was verified by cert_signed_by(). */
static int
signatures_known(X509_STORE_CTX *ctx)
{
	(void)ctx;
	return 1;
}

/* The chain that OpenSSL looked at is the path, member by member. */
static bool
same_chain(X509_STORE_CTX *ctx, const struct path *p)
{
	STACK_OF(X509) *chain = X509_STORE_CTX_get0_chain(ctx);
	size_t i;

	if (chain == NULL || sk_X509_num(chain) != (int)p->n)
		return false;
	for (i = 0; i < p->n; i++)
		if (sk_X509_value(chain, (int)i) != cert_x509(p->certs[i]))
			return false;
	return true;
}

static bool
set_rules(X509_STORE_CTX *ctx)
{
	X509_VERIFY_PARAM *param = X509_STORE_CTX_get0_param(ctx);

	/* Critical extensions are judged by cert_parse(), which knows more of them. */
	X509_VERIFY_PARAM_set_flags(param, X509_V_FLAG_PARTIAL_CHAIN | X509_V_FLAG_NO_CHECK_TIME |
					       X509_V_FLAG_POLICY_CHECK |
					       X509_V_FLAG_IGNORE_CRITICAL);
	X509_VERIFY_PARAM_set_depth(param, CAP_CHAIN);
	X509_VERIFY_PARAM_set_auth_level(param, 0);
	/* Any policy will do (6.1.1 c); without this none would, where one is required. */
	return X509_VERIFY_PARAM_add0_policy(param, OBJ_nid2obj(NID_any_policy)) == 1;
}

/* X509_V_OK, or what breaks RFC 5280, 6.1 on this path. */
static int
path_rules(struct cert_cache *cache, struct path *p)
{
	STACK_OF(X509) *members = sk_X509_new_null(), *top = sk_X509_new_null();
	X509_STORE_CTX *ctx = X509_STORE_CTX_new();
	X509_STORE *store = cert_cache_store(cache);
	int error = X509_V_ERR_OUT_OF_MEM;
	size_t i;

	if (members == NULL || top == NULL || ctx == NULL || store == NULL)
		goto out;
	for (i = 0; i < p->n; i++) {
		if (cert_x509(p->certs[i]) == NULL) {
			error = X509_V_ERR_UNSPECIFIED;
			goto out;
		}
		if (sk_X509_push(i + 1 < p->n ? members : top, cert_x509(p->certs[i])) <= 0)
			goto out;
	}
	X509_STORE_set_verify(store, signatures_known);
	X509_STORE_set_check_issued(store, follows_path);
	if (X509_STORE_CTX_init(ctx, store, cert_x509(p->certs[0]), members) != 1 ||
	    X509_STORE_CTX_set_ex_data(ctx, 0, p) != 1)
		goto out;
	X509_STORE_CTX_set0_trusted_stack(ctx, top);
	if (!set_rules(ctx))
		goto out;
	if (X509_verify_cert(ctx) == 1)
		error = same_chain(ctx, p) ? X509_V_OK : X509_V_ERR_UNSPECIFIED;
	else if ((error = X509_STORE_CTX_get_error(ctx)) == X509_V_OK)
		error = X509_V_ERR_UNSPECIFIED;
out:
	X509_STORE_CTX_free(ctx);
	sk_X509_free(members);
	sk_X509_free(top);
	ERR_clear_error();
	return error;
}

/* The same, remembered by the members' hashes. */
static int
path_rules_once(struct cert_cache *cache, struct path *p)
{
	uint8_t hashes[CAP_CHAIN * 32], id[HASH_SIZE_MAX];
	struct path_memo *memo;
	struct der all = {hashes, p->n * 32};
	size_t i;
	int error;

	for (i = 0; i < p->n; i++)
		memcpy(hashes + i * 32, p->certs[i]->sha256, 32);
	if (hash_span(HASH_SHA256, all, id) != 32)
		return X509_V_ERR_OUT_OF_MEM;
	memo = cert_cache_path(cache, id);
	if (memo != NULL && memo->known)
		return memo->error;
	error = path_rules(cache, p);
	if (memo != NULL && error != X509_V_ERR_OUT_OF_MEM) {
		memo->error = error;
		memo->known = true;
	}
	return error;
}

/* Path length constraints (RFC 5280, 6.1.4 l and m): self-issued certificates don't count. */
static bool
lengths_kept(const struct path *p)
{
	size_t i;
	int below = 0;

	for (i = 1; i < p->n; i++) {
		if (p->certs[i]->path_len >= 0 && below > p->certs[i]->path_len)
			return false;
		below += !p->certs[i]->self_issued;
	}
	return true;
}

static bool
may_certify(const struct cert *c)
{
	return !c->has_ku || (c->ku & KU_CERT_SIGN) != 0;
}

/*
 * X509_V_OK, or what is wrong with the path.  Where no certificate constrains
 * names or policies, what 6.1 asks is little, and is asked here: OpenSSL would
 * take 0.1 ms for decoding each member, and takes some for a CA that do not
 * say so.  The anchor is a name and a key (6.1.1 d); an old one says nothing of
 * being a CA, but none may deny it.
 */
static int
path_check(struct cert_cache *cache, struct path *p)
{
	bool constrained = false, old_root;
	const struct cert *c;
	size_t i;

	if (p->n == 1)
		return X509_V_OK; /* the anchor itself: there is no path to validate */
	for (i = 0; i < p->n; i++) {
		c = p->certs[i];
		if (i + 1 < p->n && c->unknown_critical)
			return X509_V_ERR_UNHANDLED_CRITICAL_EXTENSION;
		constrained |= c->constrains;
	}
	for (i = 1; i < p->n; i++) {
		c = p->certs[i];
		old_root = i + 1 == p->n && !c->has_basic && c->self_issued;
		if (!c->ca && !old_root)
			return X509_V_ERR_INVALID_CA;
		if (!may_certify(c))
			return X509_V_ERR_KEYUSAGE_NO_CERTSIGN;
	}
	if (!lengths_kept(p))
		return X509_V_ERR_PATH_LENGTH_EXCEEDED;
	return constrained ? path_rules_once(cache, p) : X509_V_OK;
}

static void
fill(struct chain *out, const struct path *p, enum chain_status status, int error)
{
	memset(out, 0, sizeof(*out));
	memcpy(out->certs, p->certs, p->n * sizeof(p->certs[0]));
	out->n = p->n;
	out->status = status;
	if (status == CHAIN_TRUSTED)
		out->anchor = p->anchor;
	if (status == CHAIN_BROKEN)
		strncpy(out->error, X509_verify_cert_error_string(error), sizeof(out->error) - 1);
}

bool
chain_build(struct chain *out, const struct cert_pool *pool, const struct anchors *anchors,
    const struct cert *cert, enum anchor_purpose purpose, unsigned attempt)
{
	struct search s = {.pool = pool, .anchors = anchors, .purpose = purpose};
	unsigned trusted = 0;
	int error, first_error = X509_V_OK;
	size_t i;

	s.now.certs[0] = cert;
	s.now.n = 1;
	extend(&s);
	fill(out, &s.longest, CHAIN_UNTRUSTED, X509_V_OK);
	for (i = 0; i < s.nfound; i++) {
		error = path_check(pool->cache, &s.found[i]);
		if (error == X509_V_OK && trusted++ == attempt) {
			fill(out, &s.found[i], CHAIN_TRUSTED, X509_V_OK);
			return true;
		}
		if (i == 0)
			first_error = error;
	}
	if (attempt == 0 && s.nfound > 0)
		fill(out, &s.found[0], CHAIN_BROKEN, first_error);
	return attempt == 0;
}

bool
chain_signer_usage(const struct cert *c)
{
	if (c->ca)
		return false;
	if (c->has_ku && (c->ku & (KU_DIGITAL_SIGNATURE | KU_NON_REPUDIATION)) == 0)
		return false;
	return !c->has_eku ||
	       (c->eku & (EKU_ANY | EKU_EMAIL | EKU_ADOBE_DOCUMENT | EKU_DOCUMENT)) != 0;
}

bool
chain_tsa_usage(const struct cert *c)
{
	if (c->eku != EKU_TIMESTAMPING || c->eku_count != 1 || !c->eku_critical)
		return false;
	return !c->has_ku ||
	       (c->ku != 0 &&
		   (c->ku & ~(unsigned)(KU_DIGITAL_SIGNATURE | KU_NON_REPUDIATION)) == 0);
}
