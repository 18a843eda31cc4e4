/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * X.509 certificate validation, EN 319 102-1 (V1.4.1), 5.2.5 and 5.2.6: which
 * answer about revocation counts, and what a path is worth at a time.
 */
#include <string.h>

#include "caps.h"
#include "when.h"
#include "xcv.h"

static const struct status passed = {IND_PASSED, SUB_NONE};

struct chain_memo {
	struct chain_memo *next;
	const struct cert *cert;
	enum anchor_purpose purpose;
	unsigned attempt;
	bool found;
	struct chain chain;
};

bool
xcv_chain(struct dossier *d, const struct cert *cert, enum anchor_purpose purpose, unsigned attempt,
    struct chain *out)
{
	struct chain_memo *m;

	for (m = d->chains; m != NULL; m = m->next)
		if (m->cert == cert && m->purpose == purpose && m->attempt == attempt)
			break;
	if (m == NULL) {
		if ((m = arena_alloc(d->arena, sizeof(*m))) == NULL)
			return false;
		m->cert = cert;
		m->purpose = purpose;
		m->attempt = attempt;
		m->found =
		    chain_build(&m->chain, &d->pool, &d->trust->anchors, cert, purpose, attempt);
		m->next = d->chains;
		d->chains = m;
	}
	*out = m->chain;
	return m->found;
}

/* --- revocation of one certificate --- */

/*
 * Revocation freshness (5.2.5): issued after t minus the longest age allowed,
 * which is the issuer's own period of validity.
 */
bool
xcv_fresh(const struct run *r, const struct revocation *v, int64_t t)
{
	int64_t issued = v->this_update;

	if (issued == WHEN_NONE)
		return false;
	if (v->next_update != WHEN_NONE)
		return v->next_update >= issued && issued > t - (v->next_update - issued);
	if (!r->policy->ocsp_without_next_update || v->evidence->is_crl)
		return false;
	/* producedAt only says when an answer that may be older was signed. */
	return issued >= t - CAP_CLOCK_SKEW;
}

/* O5, O6, R1: the answer may be used at all about this certificate. */
bool
xcv_usable(const struct run *r, const struct revocation *v, const struct cert *cert)
{
	int64_t produced = v->produced_at != WHEN_NONE ? v->produced_at : v->this_update;

	/* Whenever it was said that it is not good: it can only make the verdict worse. */
	if (v->status != REVOCATION_GOOD)
		return v->this_update != WHEN_NONE;
	if (v->this_update == WHEN_NONE || v->this_update > r->now + CAP_CLOCK_SKEW ||
	    produced > r->now + CAP_CLOCK_SKEW)
		return false;
	if (produced < v->signer->not_before || produced > v->signer->not_after)
		return false;
	if (v->this_update > cert->not_after &&
	    (v->archive_cutoff == WHEN_NONE || v->archive_cutoff > cert->not_after))
		return false;
	return true;
}

/*
 * Since when: answers may differ, and one that was suspended first was not good
 * from then on.  The earliest date counts.
 */
static int64_t
revoked_since(const struct run *r, const struct revocation *v, size_t n, const struct cert *cert)
{
	int64_t since = WHEN_NONE;
	size_t i;

	for (i = 0; i < n; i++)
		if (v[i].status != REVOCATION_GOOD && v[i].revoked_at != WHEN_NONE &&
		    xcv_usable(r, &v[i], cert) && (since == WHEN_NONE || v[i].revoked_at < since))
			since = v[i].revoked_at;
	return since;
}

bool
xcv_harmless(int reason)
{
	return reason == 0 || reason == 3 || reason == 4 || reason == 5;
}

/* Answers that name different reasons: one that harms what was signed before counts. */
static int
revoked_for(const struct run *r, const struct revocation *v, size_t n, const struct cert *cert)
{
	int reason = -1;
	size_t i;

	for (i = n; i-- > 0;) {
		if (v[i].status != REVOCATION_REVOKED || !xcv_usable(r, &v[i], cert))
			continue;
		reason = v[i].reason;
		if (!xcv_harmless(reason))
			break;
	}
	return reason;
}

enum found { FOUND_GOOD, FOUND_REVOKED, FOUND_ON_HOLD, FOUND_UNFRESH, FOUND_NOTHING };

/*
 * What the evidence says of cert at t.  Any sound answer "revoked" outranks
 * newer ones that say "good"; otherwise the newest decides, fresh ones first.
 */
static enum found
find_revocation(const struct run *r, const struct cert *cert, const struct cert *issuer, int64_t t,
    struct revocation *out, enum revocation_gap *gap)
{
	struct revocation all[32];
	const struct revocation *newest = NULL, *best = NULL;
	size_t n, i;

	n = revocation_find(
	    &r->d->evidence, &r->d->pool, cert, issuer, all, sizeof(all) / sizeof(all[0]), gap);
	for (i = 0; i < n; i++) {
		if (!xcv_usable(r, &all[i], cert))
			continue;
		if (all[i].status == REVOCATION_REVOKED) {
			*out = all[i];
			out->revoked_at = revoked_since(r, all, n, cert);
			out->reason = revoked_for(r, all, n, cert);
			return FOUND_REVOKED;
		}
		if (newest == NULL || all[i].this_update > newest->this_update)
			newest = &all[i];
		if (xcv_fresh(r, &all[i], t) &&
		    (best == NULL || all[i].this_update > best->this_update))
			best = &all[i];
	}
	if (newest == NULL)
		return FOUND_NOTHING;
	*out = best != NULL ? *best : *newest;
	if (newest->status == REVOCATION_ON_HOLD) {
		*out = *newest;
		return FOUND_ON_HOLD;
	}
	return best != NULL ? FOUND_GOOD : FOUND_UNFRESH;
}

/* --- a path at a time --- */

static void
fail(struct xcv *x, enum sub_indication sub, enum check why)
{
	x->st.ind = IND_INDETERMINATE;
	x->st.sub = sub;
	x->why = why;
}

int64_t
xcv_until(enum hash h, enum sig_scheme s, const struct cert *key_owner)
{
	EVP_PKEY *key = cert_key(key_owner);
	int64_t a, b;

	if (key == NULL)
		return INT64_MIN;
	a = hash_until(h);
	b = scheme_until(s, key_strength(key));
	return a < b ? a : b;
}

int64_t
xcv_link_until(const struct cert *c, const struct cert *issuer)
{
	struct sig_algo alg;

	if (!sig_algo_parse(c->sig_alg, &alg))
		return INT64_MIN;
	return xcv_until(alg.hash, alg.scheme, issuer);
}

bool
xcv_strong(enum hash h, enum sig_scheme s, const struct cert *key_owner, int64_t t)
{
	return t < xcv_until(h, s, key_owner);
}

/* 5.2.6.4 f: certificates below the anchor and the revocation data used, at t. */
bool
xcv_chain_strong(const struct xcv *x, int64_t t)
{
	size_t i;

	for (i = 0; i + 1 < x->chain.n; i++) {
		if (t >= xcv_link_until(x->chain.certs[i], x->chain.certs[i + 1]))
			return false;
		if (x->has_rev[i] &&
		    !xcv_strong(x->rev[i].hash, x->rev[i].scheme, x->rev[i].signer, t))
			return false;
	}
	return true;
}

bool
xcv_within(const struct cert *c, int64_t t)
{
	return c->not_before != WHEN_NONE && c->not_after != WHEN_NONE && t >= c->not_before &&
	       t <= c->not_after;
}

/*
 * Revocation of every certificate below the anchor; false ends the path with
 * x->st.  later: what was revoked or suspended after t was good at t (R4).  It
 * is asked of every member, since what is known of one says nothing of the next.
 */
static bool
chain_revocation(
    const struct run *r, struct xcv *x, int64_t t, enum anchor_purpose purpose, bool later)
{
	enum found found;
	enum revocation_gap gap;
	bool lacking = false;
	size_t i;

	/* From the anchor down, so that a revoked CA outranks what it issued. */
	for (i = x->chain.n - 1; i-- > 0;) {
		const struct cert *cert = x->chain.certs[i];

		if (cert->short_term)
			continue;
		found = find_revocation(r, cert, x->chain.certs[i + 1], t, &x->rev[i], &gap);
		if (later && (found == FOUND_REVOKED || found == FOUND_ON_HOLD) &&
		    x->rev[i].revoked_at != WHEN_NONE && x->rev[i].revoked_at > t)
			found = FOUND_GOOD;
		switch (found) {
		case FOUND_GOOD:
			x->has_rev[i] = true;
			break;
		case FOUND_REVOKED:
			x->has_rev[i] = true;
			x->revoked_at = x->rev[i].revoked_at;
			fail(x, i == 0 ? SUB_REVOKED_NO_POE : SUB_REVOKED_CA_NO_POE,
			    i == 0 ? CHECK_REVOCATION : CHECK_REVOCATION_CA);
			return false;
		case FOUND_ON_HOLD:
			x->has_rev[i] = true;
			x->on_hold = true;
			x->revoked_at = x->rev[i].revoked_at;
			fail(x, SUB_TRY_LATER, CHECK_REVOCATION);
			return false;
		case FOUND_UNFRESH:
			x->has_rev[i] = true;
			x->lacks_rev[i] = true;
			if (purpose == ANCHOR_TSA && r->policy->tsa_without_revocation)
				break;
			x->unfresh = true;
			lacking = true;
			break;
		case FOUND_NOTHING:
			x->lacks_rev[i] = true;
			if (purpose == ANCHOR_TSA && r->policy->tsa_without_revocation)
				break;
			x->gap = gap;
			lacking = true;
			fail(x, SUB_TRY_LATER, i == 0 ? CHECK_REVOCATION : CHECK_REVOCATION_CA);
			break;
		}
	}
	if (lacking && x->st.sub != SUB_TRY_LATER)
		fail(x, SUB_TRY_LATER, CHECK_REVOCATION_FRESH);
	return !lacking;
}

static bool
anchor_in_force(const struct anchor *a, int64_t t)
{
	return (a->from == WHEN_NONE || t >= a->from) && (a->until == WHEN_NONE || t < a->until);
}

/* The revocation data's signers are still valid at t (no delegated one has expired). */
static bool
revocation_in_bounds(const struct xcv *x, int64_t t)
{
	size_t i;

	for (i = 0; i + 1 < x->chain.n; i++)
		if (x->has_rev[i] && x->rev[i].delegated && !xcv_within(x->rev[i].signer, t))
			return false;
	return true;
}

/* One path at t; x->chain is TRUSTED. */
static void
judge_path(const struct run *r, struct xcv *x, int64_t t, enum anchor_purpose purpose, bool past)
{
	const struct cert *end = x->chain.certs[0];
	bool revocation_ok;
	size_t i;

	/* A path has its anchor at least. */
	if (x->chain.n == 0 || !anchor_in_force(x->chain.anchor, t)) {
		fail(x, SUB_NO_CERTIFICATE_CHAIN_FOUND_NO_POE, CHECK_ANCHOR_PERIOD);
		return;
	}
	/* Whom the operator trusts directly needs no path, and its own dates say nothing (5.2.6.4).
	 */
	if (x->chain.n == 1 && purpose == ANCHOR_SIGNER) {
		x->st = passed;
		x->why = CHECK__NONE;
		return;
	}
	for (i = 1; i + 1 < x->chain.n; i++)
		if (!xcv_within(x->chain.certs[i], t)) {
			fail(x, SUB_OUT_OF_BOUNDS_NO_POE, CHECK_CERTIFICATE_PERIOD);
			return;
		}
	/* After what a timestamp authority was revoked for, tsv.c asks. */
	revocation_ok = chain_revocation(r, x, t, purpose, past && purpose == ANCHOR_SIGNER);
	if (x->st.sub == SUB_REVOKED_NO_POE || x->st.sub == SUB_REVOKED_CA_NO_POE)
		return;
	if (purpose == ANCHOR_TSA ? !chain_tsa_usage(end) : !chain_signer_usage(end)) {
		fail(x, SUB_CHAIN_CONSTRAINTS_FAILURE,
		    purpose == ANCHOR_TSA ? CHECK_TIMESTAMP_USAGE : CHECK_KEY_USAGE);
		return;
	}
	if (!xcv_chain_strong(x, t)) {
		fail(x, SUB_CRYPTO_CONSTRAINTS_FAILURE_NO_POE, CHECK_ALGORITHM_STRENGTH);
		return;
	}
	/*
	 * Out of its validity a certificate can't be expected to get fresh
	 * answers: this outranks the lack of them.
	 */
	if (!xcv_within(end, t)) {
		fail(x,
		    x->has_rev[0] && !x->on_hold && revocation_in_bounds(x, t)
			? SUB_OUT_OF_BOUNDS_NOT_REVOKED
			: SUB_OUT_OF_BOUNDS_NO_POE,
		    CHECK_CERTIFICATE_PERIOD);
		return;
	}
	if (!revocation_ok)
		return;
	if (!past && !revocation_in_bounds(x, t)) {
		fail(x, SUB_REVOCATION_OUT_OF_BOUNDS_NO_POE, CHECK_REVOCATION_SIGNER);
		return;
	}
	x->st = passed;
	x->why = CHECK__NONE;
}

/*
 * The certificate at t; past: t is a proven time before the present, so
 * that signers of revocation data need only have been valid when they signed.
 * The first path that passes decides; otherwise the first path tried.
 */
void
xcv_judge(const struct run *r, const struct cert *cert, int64_t t, enum anchor_purpose purpose,
    bool past, struct xcv *out)
{
	struct xcv x;
	unsigned try;
	bool first = true;

	for (try = 0;; try++) {
		memset(&x, 0, sizeof(x));
		x.revoked_at = WHEN_NONE;
		if (!xcv_chain(r->d, cert, purpose, try, &x.chain))
			break;
		switch (x.chain.status) {
		case CHAIN_UNTRUSTED:
			fail(&x, SUB_NO_CERTIFICATE_CHAIN_FOUND, CHECK_ISSUER_TRUSTED);
			break;
		case CHAIN_BROKEN:
			fail(&x, SUB_CERTIFICATE_CHAIN_GENERAL_FAILURE, CHECK_CHAIN_VALID);
			break;
		case CHAIN_TRUSTED:
			judge_path(r, &x, t, purpose, past);
			break;
		}
		if (first || x.st.ind == IND_PASSED)
			*out = x;
		first = false;
		if (x.st.ind == IND_PASSED)
			return;
	}
	if (first) {
		memset(out, 0, sizeof(*out));
		out->revoked_at = WHEN_NONE;
		fail(out, SUB_NO_CERTIFICATE_CHAIN_FOUND, CHECK_ISSUER_TRUSTED);
	}
}

/* The revocation data that xcv_judge() found is fresh at best although not at present. */
bool
xcv_fresh_at(const struct run *r, const struct xcv *x, int64_t best)
{
	struct revocation v;
	enum revocation_gap gap;
	size_t i;

	for (i = 0; i + 1 < x->chain.n; i++) {
		if (x->chain.certs[i]->short_term)
			continue;
		if (find_revocation(r, x->chain.certs[i], x->chain.certs[i + 1], best, &v, &gap) !=
		    FOUND_GOOD)
			return false;
	}
	return true;
}

bool
xcv_lacks(const struct run *r, const struct cert *cert, const struct cert *issuer, int64_t t)
{
	struct revocation v;
	enum revocation_gap gap;

	if (cert->short_term)
		return false;
	switch (find_revocation(r, cert, issuer, t, &v, &gap)) {
	case FOUND_UNFRESH:
	case FOUND_NOTHING:
		return true;
	case FOUND_GOOD:
		/* Judged at the present, its signer must still be valid. */
		return v.delegated && !r->policy->judged_at_proven_time &&
		       !xcv_within(v.signer, r->now);
	case FOUND_REVOKED:
	case FOUND_ON_HOLD:
		break;
	}
	return false;
}
