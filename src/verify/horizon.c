/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is good now stays good until something that it rests on ends: a
 * certificate, an anchor, the freshness of revocation data, an algorithm.  All
 * such ends are known; which of them matters depends on the policy and on what
 * later timestamps protect, and is the judge's to say.  What fails once stays
 * failed, so that the first end that matters is found by halving.
 */
#include <stdlib.h>
#include <string.h>

#include "caps.h"
#include "horizon.h"
#include "when.h"

#define SHARED SIZE_MAX /* owner of what may matter to any signature */

struct end {
	int64_t until; /* as people write it: notAfter, nextUpdate, … */
	int64_t last;  /* the last second before the end */
	size_t owner;  /* signature, or SHARED */
	size_t serial; /* order of being found: what is nearer to the signature first */
	enum check what;
	const struct cert *cert;
	const char *algorithm;
};

struct seen {
	const struct cert *cert, *issuer;
	size_t owner;
};

struct search {
	struct dossier *d;
	const struct policy *policy;
	int64_t now;
	struct end *ends; /* sorted by last, once all are found */
	size_t nends, ends_cap;
	struct seen *seen;
	size_t nseen, seen_cap;
	struct judgement **at; /* at[k]: the judge's answer after ends[k]; NULL: not asked yet */
	size_t *mine;          /* indices of the ends that may matter to one signature */
	enum rc rc;
};

/* --- ends --- */

static void
add_end(struct search *s, struct end e)
{
	if (e.until == WHEN_NONE || e.until == INT64_MAX || e.last < s->now || s->rc != RC_OK)
		return;
	s->rc = arena_grow(s->d->arena, &s->ends, s->nends, &s->ends_cap, sizeof(*s->ends));
	if (s->rc != RC_OK)
		return;
	e.serial = s->nends;
	s->ends[s->nends++] = e;
}

/* Until is the last second of it. */
static void
add_cert(struct search *s, size_t owner, enum check what, const struct cert *c)
{
	struct end e = {
	    .until = c->not_after, .last = c->not_after, .owner = owner, .what = what, .cert = c};

	add_end(s, e);
}

/* Until is the first second without it. */
static void
add_date(struct search *s, size_t owner, enum check what, int64_t until, const struct cert *c)
{
	struct end e = {.until = until,
	    .last = until == WHEN_NONE ? until : until - 1,
	    .owner = owner,
	    .what = what,
	    .cert = c};

	add_end(s, e);
}

static void
add_algorithm(struct search *s, size_t owner, int64_t until, const char *name)
{
	struct end e = {.until = until,
	    .last = until == INT64_MIN ? until : until - 1,
	    .owner = owner,
	    .what = CHECK_HORIZON_ALGORITHM,
	    .algorithm = name};

	if (name == NULL)
		s->rc = RC_NOMEM;
	else
		add_end(s, e);
}

static void
add_hash(struct search *s, size_t owner, enum hash h)
{
	add_algorithm(s, owner, hash_until(h), hash_name(h));
}

static void
add_scheme(struct search *s, size_t owner, enum sig_scheme scheme, const struct cert *key_owner)
{
	EVP_PKEY *key = key_owner == NULL ? NULL : cert_key(key_owner);
	struct key_strength k;

	if (key == NULL)
		return;
	k = key_strength(key);
	add_algorithm(s, owner, scheme_until(scheme, k),
	    arena_printf(s->d->arena, "%s %u", scheme_name(scheme), k.bits));
}

/* Revocation data about c: it grows old, and its signer's certificate ends. */
static void
add_revocation(struct search *s, size_t owner, const struct cert *c, const struct cert *issuer)
{
	struct revocation all[REVOCATION_MAX];
	enum revocation_gap gap;
	size_t i, n;

	n = revocation_find(&s->d->evidence, &s->d->pool, c, issuer, all, REVOCATION_MAX, &gap);
	for (i = 0; i < n; i++) {
		if (all[i].next_update != WHEN_NONE)
			add_date(s, owner, CHECK_HORIZON_REVOCATION, all[i].next_update, c);
		else if (s->policy->ocsp_without_next_update && all[i].this_update != WHEN_NONE)
			add_date(s, owner, CHECK_HORIZON_REVOCATION,
			    all[i].this_update + CAP_CLOCK_SKEW + 1, c);
		if (all[i].delegated)
			add_cert(s, owner, CHECK_HORIZON_RESPONDER, all[i].signer);
		add_hash(s, owner, all[i].hash);
		add_scheme(s, owner, all[i].scheme, all[i].signer);
	}
}

/* One certificate of a path, the first time that it is met. */
static void
add_member(struct search *s, size_t owner, enum check what, const struct cert *c,
    const struct cert *issuer)
{
	struct sig_algo alg;
	size_t i;

	for (i = 0; i < s->nseen; i++)
		if (s->seen[i].cert == c && s->seen[i].issuer == issuer &&
		    s->seen[i].owner == owner)
			return;
	if (s->rc != RC_OK || (s->rc = arena_grow(s->d->arena, &s->seen, s->nseen, &s->seen_cap,
				   sizeof(*s->seen))) != RC_OK)
		return;
	s->seen[s->nseen].cert = c;
	s->seen[s->nseen].issuer = issuer;
	s->seen[s->nseen++].owner = owner;
	add_cert(s, owner, what, c);
	add_revocation(s, owner, c, issuer);
	if (sig_algo_parse(c->sig_alg, &alg)) {
		add_hash(s, owner, alg.hash);
		add_scheme(s, owner, alg.scheme, issuer);
	}
}

/* All paths of a certificate: when one is over, another may still lead to an anchor. */
static void
add_paths(struct search *s, size_t owner, enum check what, const struct cert *cert,
    enum anchor_purpose purpose)
{
	struct chain c;
	unsigned try;
	size_t i;

	for (try = 0; s->rc == RC_OK && xcv_chain(s->d, cert, purpose, try, &c); try++) {
		if (c.status != CHAIN_TRUSTED)
			return;
		for (i = 0; i + 1 < c.n; i++)
			add_member(s, i == 0 ? owner : SHARED,
			    i == 0 ? what : CHECK_HORIZON_ISSUER_CERTIFICATE, c.certs[i],
			    c.certs[i + 1]);
		add_date(s, SHARED, CHECK_HORIZON_ANCHOR, c.anchor->until, c.anchor->cert);
	}
}

static void
add_message(struct search *s, size_t owner, const struct cms *cms, enum sig_scheme scheme,
    const struct cert *cert)
{
	add_hash(s, owner, cms->algo.hash != HASH_NONE ? cms->algo.hash : cms->digest);
	add_hash(s, owner, cms->digest);
	add_scheme(s, owner, scheme, cert);
}

static void
add_stamp(struct search *s, const struct tstamp *t, const struct tst_result *v)
{
	if (v->st.ind != IND_PASSED || t->cert == NULL)
		return;
	add_paths(s, SHARED, CHECK_HORIZON_TSA_CERTIFICATE, t->cert, ANCHOR_TSA);
	add_hash(s, SHARED, t->imprint_hash);
	add_message(s, SHARED, t->cms, t->cms->algo.scheme, t->cert);
}

static bool
has_horizon(const struct dossier *d, const struct judgement *v, size_t i)
{
	return d->sigs[i].kind != CMS_TOKEN && d->sigs[i].signer != NULL &&
	       v[i].st.ind == IND_PASSED;
}

static int
by_time(const void *a, const void *b)
{
	const struct end *x = a, *y = b;

	if (x->last != y->last)
		return x->last < y->last ? -1 : 1;
	return x->serial < y->serial ? -1 : x->serial > y->serial;
}

static void
find_ends(struct search *s, const struct judgement *v)
{
	struct dossier *d = s->d;
	size_t i, k;

	for (i = 0; i < d->nsigs; i++) {
		const struct dossier_sig *sig = &d->sigs[i];

		for (k = 0; k < sig->ntst; k++)
			add_stamp(s, &sig->tst[k], &v[i].tst[k]);
		if (!has_horizon(d, v, i))
			continue;
		add_paths(s, i, CHECK_HORIZON_SIGNER_CERTIFICATE, sig->signer, ANCHOR_SIGNER);
		add_message(s, i, sig->cms, sig->scheme, sig->signer);
		if (sig->kind == CMS_SHA1)
			add_hash(s, i, HASH_SHA1);
	}
	if (s->nends > 1)
		qsort(s->ends, s->nends, sizeof(*s->ends), by_time);
}

/* --- which of them matters --- */

/* Signature i still passes after end k.  One question for all that end in the same second. */
static bool
outlives(struct search *s, size_t k, size_t i)
{
	while (k > 0 && s->ends[k - 1].last == s->ends[k].last)
		k--;
	if (s->at[k] == NULL && s->rc == RC_OK)
		s->rc = judge_all(&s->at[k], s->d, s->policy, s->ends[k].last + 1);
	return s->rc == RC_OK && s->at[k][i].st.ind == IND_PASSED;
}

static void
find_first(struct search *s, size_t i, struct horizon *out)
{
	size_t k, n = 0, low = 0, high, mid;

	for (k = 0; k < s->nends; k++)
		if (s->ends[k].owner == SHARED || s->ends[k].owner == i)
			s->mine[n++] = k;
	for (high = n; low < high;) {
		mid = low + (high - low) / 2;
		if (outlives(s, s->mine[mid], i))
			low = mid + 1;
		else
			high = mid;
	}
	if (low == n) {
		out->weakest = CHECK_HORIZON_OPEN;
		return;
	}
	out->until = s->ends[s->mine[low]].until;
	out->weakest = s->ends[s->mine[low]].what;
	out->cert = s->ends[s->mine[low]].cert;
	out->algorithm = s->ends[s->mine[low]].algorithm;
}

enum rc
horizon_find(struct horizon **out, struct dossier *d, const struct policy *policy, int64_t now,
    const struct judgement *v)
{
	struct search s = {.d = d, .policy = policy, .now = now, .rc = RC_OK};
	struct horizon *h;
	bool any = false;
	size_t i;

	*out = NULL;
	if ((h = arena_array(d->arena, d->nsigs, sizeof(*h))) == NULL)
		return RC_NOMEM;
	for (i = 0; i < d->nsigs; i++) {
		h[i].until = WHEN_NONE;
		any = any || has_horizon(d, v, i);
	}
	if (any) {
		find_ends(&s, v);
		if (s.rc != RC_OK)
			return s.rc;
		s.at = arena_array(d->arena, s.nends, sizeof(struct judgement *));
		s.mine = arena_array(d->arena, s.nends, sizeof(*s.mine));
		if (s.at == NULL || s.mine == NULL)
			return RC_NOMEM;
	}
	for (i = 0; i < d->nsigs && s.rc == RC_OK; i++)
		if (has_horizon(d, v, i))
			find_first(&s, i, &h[i]);
	if (s.rc == RC_OK)
		*out = h;
	return s.rc;
}
