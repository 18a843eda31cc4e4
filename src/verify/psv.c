/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Past certificate validation (5.6.2.1), control time sliding (5.6.2.2) and past
 * signature validation (5.6.2.4) of EN 319 102-1 (V1.4.1).  The control time is
 * the latest time at which nothing was known against the path; what is proven
 * to have existed by then was good.
 */
#include <string.h>

#include "psv.h"
#include "when.h"

/* One path on its way into the past. */
struct slide {
	int64_t control; /* the control time */
	int64_t hard;    /* the same without what was only not fresh */
	bool in_bounds;  /* step 1: the signer's revocation data was signed in time */
	struct xcv x;
};

bool
psv_may_help(const struct status *st)
{
	if (st->ind != IND_INDETERMINATE)
		return false;
	switch ((int)st->sub) {
	case SUB_REVOKED_NO_POE:
	case SUB_REVOKED_CA_NO_POE:
	case SUB_OUT_OF_BOUNDS_NO_POE:
	case SUB_OUT_OF_BOUNDS_NOT_REVOKED:
	case SUB_CRYPTO_CONSTRAINTS_FAILURE_NO_POE:
	case SUB_REVOCATION_OUT_OF_BOUNDS_NO_POE:
	case SUB_NO_CERTIFICATE_CHAIN_FOUND_NO_POE:
	case SUB_TRY_LATER:
		return true;
	default:
		return false;
	}
}

static void
slide_to(struct slide *s, int64_t t, bool hard)
{
	if (t < s->control)
		s->control = t;
	if (hard && t < s->hard)
		s->hard = t;
}

/* The last moment before an exclusive end. */
static int64_t
before(int64_t end)
{
	return end > INT64_MIN ? end - 1 : end;
}

/*
 * Who signed the answer was proven to exist while its certificate was valid
 * (5.6.2.4, step 1), and so was the answer: an old key can date back.
 */
static bool
signed_in_time(const struct poe *poe, const struct chain *c, const struct revocation *v)
{
	return v->signer == c->certs[c->n - 1] ||
	       (xcv_within(v->signer, poe_of_cert(poe, v->signer)) &&
		   poe_of_evidence(poe, v->evidence) <= v->signer->not_after);
}

static int64_t
revocation_until(const struct revocation *v)
{
	return xcv_until(v->hash, v->scheme, v->signer);
}

/*
 * 5.6.2.2, step 2 for one certificate of the path.  Whatever says "revoked"
 * counts, proven or not: that can only make the verdict worse.  False: nothing
 * that was known by the control time.
 */
static bool
slide_over(const struct run *r, const struct poe *poe, struct slide *s, size_t i,
    enum anchor_purpose purpose)
{
	const struct cert *c = s->x.chain.certs[i], *issuer = s->x.chain.certs[i + 1];
	const struct revocation *known = NULL;
	struct revocation all[REVOCATION_MAX];
	enum revocation_gap gap;
	bool revoked = false;
	size_t n, k;

	n = revocation_find(
	    &r->d->evidence, &r->d->pool, c, issuer, all, sizeof(all) / sizeof(all[0]), &gap);
	for (k = 0; i == 0 && k < n; k++)
		s->in_bounds = s->in_bounds || (xcv_usable(r, &all[k], c) &&
						   signed_in_time(poe, &s->x.chain, &all[k]));
	for (k = 0; k < n; k++) {
		if (!xcv_usable(r, &all[k], c) ||
		    ((i > 0 || s->in_bounds) && !signed_in_time(poe, &s->x.chain, &all[k])))
			continue;
		if (all[k].this_update < s->control &&
		    poe_of_evidence(poe, all[k].evidence) <= s->control &&
		    (known == NULL || all[k].this_update > known->this_update))
			known = &all[k];
	}
	if (known == NULL || poe_of_cert(poe, c) > s->control)
		return n == 0 && purpose == ANCHOR_TSA && r->policy->tsa_without_revocation;
	s->x.rev[i] = *known;
	s->x.has_rev[i] = true;
	for (k = 0; k < n; k++)
		if (all[k].status != REVOCATION_GOOD && xcv_usable(r, &all[k], c)) {
			slide_to(s, all[k].revoked_at, true);
			revoked = true;
		}
	if (!revoked && !xcv_fresh(r, known, s->control))
		slide_to(s, known->this_update, false);
	slide_to(s, before(revocation_until(known)), true);
	return true;
}

/* Validation time sliding: SUB_NONE with the control time, or why there is none. */
static enum sub_indication
slide(const struct run *r, const struct poe *poe, struct slide *s, enum anchor_purpose purpose)
{
	const struct chain *c = &s->x.chain;
	size_t i;

	s->control = s->hard = r->now;
	if (c->anchor->until != WHEN_NONE)
		slide_to(s, before(c->anchor->until), true);
	for (i = c->n - 1; i-- > 0;) {
		if (c->certs[i]->short_term) {
			if (poe_of_cert(poe, c->certs[i]) > s->control)
				return SUB_NO_POE;
			s->in_bounds = s->in_bounds || i == 0;
		} else if (!slide_over(r, poe, s, i, purpose))
			return SUB_NO_POE;
		slide_to(s, before(xcv_link_until(c->certs[i], c->certs[i + 1])), true);
	}
	return SUB_NONE;
}

/* There is a time at which every certificate of the path was valid (5.6.2.1, step 2). */
static bool
common_period(const struct chain *c)
{
	int64_t from = INT64_MIN, until = INT64_MAX;
	size_t i;

	for (i = 0; i + 1 < c->n; i++) {
		if (c->certs[i]->not_before == WHEN_NONE || c->certs[i]->not_after == WHEN_NONE)
			return false;
		if (c->certs[i]->not_before > from)
			from = c->certs[i]->not_before;
		if (c->certs[i]->not_after < until)
			until = c->certs[i]->not_after;
	}
	return from <= until;
}

/* Past certificate validation of one path; SUB_NONE if it passed. */
static enum sub_indication
past_certificate(const struct run *r, const struct poe *poe, const struct psv *o, struct slide *s)
{
	enum sub_indication sub;

	if (s->x.chain.n == 0 || !common_period(&s->x.chain))
		return SUB_CERTIFICATE_CHAIN_GENERAL_FAILURE;
	if ((sub = slide(r, poe, s, o->purpose)) != SUB_NONE)
		return sub;
	if (o->purpose == ANCHOR_TSA ? !chain_tsa_usage(o->cert) : !chain_signer_usage(o->cert))
		return SUB_CHAIN_CONSTRAINTS_FAILURE;
	return SUB_NONE;
}

/* Step 4: all that is signed with a weak algorithm is proven to be older than its weakness. */
static bool
algorithms_in_time(const struct poe *poe, const struct psv *o, const struct slide *s)
{
	const struct chain *c = &s->x.chain;
	size_t i;

	if (o->poe >= o->until)
		return false;
	for (i = 0; i + 1 < c->n; i++) {
		if (poe_of_cert(poe, c->certs[i]) >= xcv_link_until(c->certs[i], c->certs[i + 1]))
			return false;
		if (s->x.has_rev[i] &&
		    poe_of_evidence(poe, s->x.rev[i].evidence) >= revocation_until(&s->x.rev[i]))
			return false;
	}
	return true;
}

/* Step 5: what is not fresh now was when the signature is proven to have existed. */
static bool
fresh_then(const struct run *r, const struct psv *o, const struct slide *s)
{
	size_t i;

	for (i = 0; i + 1 < s->x.chain.n; i++)
		if (s->x.has_rev[i] && !xcv_fresh(r, &s->x.rev[i], o->poe) &&
		    !(o->purpose == ANCHOR_TSA && r->policy->tsa_without_revocation))
			return false;
	return true;
}

/*
 * Those that issued it were valid when it is proven to have existed: an
 * authority that is over may have lost its key.
 */
static bool
issuers_valid_then(const struct psv *o, const struct chain *c)
{
	size_t i;

	for (i = 1; i + 1 < c->n; i++)
		if (!xcv_within(c->certs[i], o->poe))
			return false;
	return true;
}

static bool
settle(struct xcv *x, enum indication ind, enum sub_indication sub, enum check why)
{
	x->st.ind = ind;
	x->st.sub = sub;
	x->why = why;
	return ind == IND_PASSED;
}

/*
 * Steps 3 to 7 on a path whose control time is known.  Every condition holds
 * whatever the present says, since one reason hides another.
 */
static bool
past_signature(const struct run *r, const struct poe *poe, const struct psv *o,
    const struct slide *s, struct xcv *out)
{
	const struct anchor *a = s->x.chain.anchor;
	int sub = (int)o->now->st.sub;
	bool proven = o->poe <= s->control;

	if ((sub == SUB_TRY_LATER && !o->now->on_hold) ||
	    sub == SUB_CRYPTO_CONSTRAINTS_FAILURE_NO_POE)
		proven = proven || (o->poe <= s->hard && fresh_then(r, o, s));
	if (!proven)
		return false;
	if (o->poe < o->cert->not_before || o->made < o->cert->not_before)
		return settle(out, IND_FAILED, SUB_NOT_YET_VALID, CHECK_CERTIFICATE_PERIOD);
	if (o->poe > o->cert->not_after || o->cert->not_after == WHEN_NONE) {
		if (sub == SUB_NO_CERTIFICATE_CHAIN_FOUND_NO_POE)
			return settle(out, IND_INDETERMINATE, SUB_OUT_OF_BOUNDS_NO_POE,
			    CHECK_CERTIFICATE_PERIOD);
		if (sub == SUB_REVOKED_NO_POE || sub == SUB_REVOCATION_OUT_OF_BOUNDS_NO_POE ||
		    sub == SUB_TRY_LATER)
			return settle(out, IND_INDETERMINATE, SUB_OUT_OF_BOUNDS_NOT_REVOKED,
			    CHECK_CERTIFICATE_PERIOD);
		return false;
	}
	if (!issuers_valid_then(o, &s->x.chain))
		return settle(
		    out, IND_INDETERMINATE, SUB_OUT_OF_BOUNDS_NO_POE, CHECK_CERTIFICATE_PERIOD);
	if (a->from != WHEN_NONE && (o->poe < a->from || o->made < a->from))
		return settle(out, IND_INDETERMINATE, SUB_NO_CERTIFICATE_CHAIN_FOUND_NO_POE,
		    CHECK_ANCHOR_PERIOD);
	if (!algorithms_in_time(poe, o, s))
		return settle(out, IND_INDETERMINATE, SUB_CRYPTO_CONSTRAINTS_FAILURE_NO_POE,
		    CHECK_ALGORITHM_STRENGTH);
	if (!s->in_bounds && !(o->purpose == ANCHOR_TSA && r->policy->tsa_without_revocation))
		return settle(out, IND_INDETERMINATE, SUB_REVOCATION_OUT_OF_BOUNDS_NO_POE,
		    CHECK_REVOCATION_SIGNER);
	*out = s->x;
	return settle(out, IND_PASSED, SUB_NONE, CHECK__NONE);
}

bool
psv_judge(const struct run *r, const struct poe *poe, const struct psv *o, struct xcv *out)
{
	enum sub_indication sub;
	struct slide s;
	struct xcv x;
	unsigned try;
	bool first = true;

	*out = *o->now;
	if (!psv_may_help(&o->now->st))
		return false; /* step 6 */
	for (try = 0;; try++) {
		memset(&s, 0, sizeof(s));
		s.x.revoked_at = WHEN_NONE;
		if (!xcv_chain(r->d, o->cert, o->purpose, try, &s.x.chain) ||
		    s.x.chain.status != CHAIN_TRUSTED)
			return false;
		x = *o->now;
		sub = past_certificate(r, poe, o, &s);
		if (sub == SUB_NONE && past_signature(r, poe, o, &s, &x)) {
			*out = x;
			return true;
		}
		/*
		 * The anchor is over, and what is known of its path is not
		 * proven to be older: that says more than that it is over.
		 */
		if (sub == SUB_NO_POE && x.st.sub == SUB_NO_CERTIFICATE_CHAIN_FOUND_NO_POE)
			settle(&x, IND_INDETERMINATE, SUB_NO_POE, CHECK_ANCHOR_PERIOD);
		if (first)
			*out = x;
		first = false;
	}
}
