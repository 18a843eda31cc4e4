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

struct end {
	int64_t until;            /* as people write it: notAfter, nextUpdate, … */
	int64_t last;             /* the last second before the end */
	const struct cert *owner; /* whose signatures it matters to; NULL: any */
	size_t serial;            /* order of being found: what is nearer to the signature first */
	enum check what;
	const struct cert *cert;
	const char *algorithm;
};

struct seen {
	const struct cert *cert, *issuer, *owner;
};

struct search {
	struct dossier *d;
	struct run run;
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
	if (e.until == WHEN_NONE || e.until == INT64_MAX || e.last < s->run.now || s->rc != RC_OK)
		return;
	s->rc = arena_grow(s->d->arena, &s->ends, s->nends, &s->ends_cap, sizeof(*s->ends));
	if (s->rc != RC_OK)
		return;
	e.serial = s->nends;
	s->ends[s->nends++] = e;
}

/* Until is the last second of it. */
static void
add_cert(struct search *s, const struct cert *owner, enum check what, const struct cert *c)
{
	struct end e = {
	    .until = c->not_after, .last = c->not_after, .owner = owner, .what = what, .cert = c};

	add_end(s, e);
}

/* Until is the first second without it. */
static void
add_date(struct search *s, const struct cert *owner, enum check what, int64_t until,
    const struct cert *c)
{
	struct end e = {.until = until,
	    .last = until == WHEN_NONE ? until : until - 1,
	    .owner = owner,
	    .what = what,
	    .cert = c};

	add_end(s, e);
}

/* bits: of the key, 0 for a digest.  Of several that end on one day, the first one found. */
static void
add_algorithm(
    struct search *s, const struct cert *owner, int64_t until, const char *name, unsigned bits)
{
	struct end e = {.until = until,
	    .last = until == INT64_MIN ? until : until - 1,
	    .owner = owner,
	    .what = CHECK_HORIZON_ALGORITHM,
	    .algorithm = name};
	size_t i;

	if (until == INT64_MAX)
		return;
	for (i = 0; i < s->nends; i++)
		if (s->ends[i].what == e.what && s->ends[i].until == until &&
		    s->ends[i].owner == owner)
			return;
	if (bits != 0 && (e.algorithm = arena_printf(s->d->arena, "%s %u", name, bits)) == NULL)
		s->rc = RC_NOMEM;
	add_end(s, e);
}

static void
add_hash(struct search *s, const struct cert *owner, enum hash h)
{
	add_algorithm(s, owner, hash_until(h), hash_name(h), 0);
}

static void
add_scheme(struct search *s, const struct cert *owner, enum sig_scheme scheme,
    const struct cert *key_owner)
{
	EVP_PKEY *key = key_owner == NULL ? NULL : cert_key(key_owner);
	struct key_strength k;

	if (key == NULL)
		return;
	k = key_strength(key);
	add_algorithm(s, owner, scheme_until(scheme, k), scheme_name(scheme), k.bits);
}

/* When an answer about revocation is no longer fresh; INT64_MIN: it never is. */
static int64_t
fresh_until(const struct search *s, const struct revocation *v)
{
	if (v->next_update != WHEN_NONE)
		return v->next_update;
	if (!s->run.policy->ocsp_without_next_update || v->this_update == WHEN_NONE)
		return INT64_MIN;
	return v->this_update + CAP_CLOCK_SKEW + 1;
}

/* Revocation data about c: the last of it grows old, and its signers' certificates end. */
static void
add_revocation(
    struct search *s, const struct cert *owner, const struct cert *c, const struct cert *issuer)
{
	const struct cert *signer = NULL;
	struct revocation all[REVOCATION_MAX];
	enum revocation_gap gap;
	int64_t until = INT64_MIN;
	size_t i, n;

	n = revocation_find(&s->d->evidence, &s->d->pool, c, issuer, all, REVOCATION_MAX, &gap);
	for (i = 0; i < n; i++) {
		if (!xcv_usable(&s->run, &all[i], c))
			continue;
		if (fresh_until(s, &all[i]) > until)
			until = fresh_until(s, &all[i]);
		if (all[i].signer == signer)
			continue; /* answers of one responder differ in their times only */
		signer = all[i].signer;
		if (all[i].delegated)
			add_cert(s, owner, CHECK_HORIZON_RESPONDER, signer);
		add_hash(s, owner, all[i].hash);
		add_scheme(s, owner, all[i].scheme, signer);
	}
	if (until != INT64_MIN)
		add_date(s, owner, CHECK_HORIZON_REVOCATION, until, c);
}

/* One certificate of a path, the first time that it is met. */
static void
add_member(struct search *s, const struct cert *owner, enum check what, const struct cert *c,
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
add_paths(struct search *s, const struct cert *owner, enum check what, const struct cert *cert,
    enum anchor_purpose purpose)
{
	struct chain c;
	unsigned try;
	size_t i;

	for (try = 0; s->rc == RC_OK && xcv_chain(s->d, cert, purpose, try, &c); try++) {
		if (c.status != CHAIN_TRUSTED)
			return;
		for (i = 0; i + 1 < c.n; i++)
			add_member(s, i == 0 ? owner : NULL,
			    i == 0 ? what : CHECK_HORIZON_ISSUER_CERTIFICATE, c.certs[i],
			    c.certs[i + 1]);
		add_date(s, NULL, CHECK_HORIZON_ANCHOR, c.anchor->until, c.anchor->cert);
	}
}

static void
add_message(struct search *s, const struct cert *owner, const struct cms *cms,
    enum sig_scheme scheme, const struct cert *cert)
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
	add_paths(s, NULL, CHECK_HORIZON_TSA_CERTIFICATE, t->cert, ANCHOR_TSA);
	add_hash(s, NULL, t->imprint_hash);
	add_message(s, NULL, t->cms, t->cms->algo.scheme, t->cert);
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
		add_paths(
		    s, sig->signer, CHECK_HORIZON_SIGNER_CERTIFICATE, sig->signer, ANCHOR_SIGNER);
		add_message(s, sig->signer, sig->cms, sig->scheme, sig->signer);
		if (sig->kind == CMS_SHA1)
			add_hash(s, sig->signer, HASH_SHA1);
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
		s->rc = judge_all(&s->at[k], s->d, s->run.policy, s->ends[k].last + 1);
	return s->rc == RC_OK && s->at[k][i].st.ind == IND_PASSED;
}

static void
find_first(struct search *s, size_t i, struct horizon *out)
{
	size_t k, n = 0, low = 0, high, mid;

	for (k = 0; k < s->nends; k++)
		if (s->ends[k].owner == NULL || s->ends[k].owner == s->d->sigs[i].signer)
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
	struct search s = {.d = d, .run = {d, policy, now}, .rc = RC_OK};
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
