/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The processes of EN 319 102-1 (V1.4.1), 5.3, 5.5 and 5.6.3, over the building
 * blocks of xcv, tsv, format and psv.  Every way out names its reason; whatever is not
 * proven good is INDETERMINATE or FAILED.
 */
#include <string.h>

#include "caps.h"
#include "format.h"
#include "judge.h"
#include "when.h"

static void
decide(struct judgement *j, enum indication ind, enum sub_indication sub, enum check why)
{
	j->st.ind = ind;
	j->st.sub = sub;
	j->why = why;
}

/* Until when, exclusive, the signature's own algorithms are reliable. */
static int64_t
signature_until(const struct dossier_sig *s)
{
	enum hash h = s->cms->algo.hash != HASH_NONE ? s->cms->algo.hash : s->cms->digest;
	int64_t until = xcv_until(h, s->scheme, s->signer);

	if (hash_until(s->cms->digest) < until)
		until = hash_until(s->cms->digest);
	if (s->kind == CMS_SHA1 && hash_until(HASH_SHA1) < until)
		until = hash_until(HASH_SHA1);
	return until;
}

/* Signature acceptance (5.2.8): algorithms at t. */
static bool
signature_strong(const struct dossier_sig *s, int64_t t)
{
	return t < signature_until(s);
}

bool
judge_covers(const struct dossier *d, size_t k, size_t i)
{
	const struct dossier_sig *dts = &d->sigs[k], *s = &d->sigs[i];

	return k != i && dts->kind == CMS_TOKEN && dts->ntst == 1 && dts->sound &&
	       s->pdf->range_sound && dts->a >= s->end;
}

/* Best signature time from the timestamps that count (5.5.4, step 2). */
static void
find_best_time(const struct run *r, size_t i, struct judgement *j)
{
	const struct dossier_sig *s = &r->d->sigs[i];
	size_t k;

	j->best = r->now;
	j->by = PROVEN_NONE;
	for (k = 0; k < s->ntst && s->kind != CMS_TOKEN; k++)
		if (j->tst[k].st.ind == IND_PASSED && s->tst[k].gen_time < j->best) {
			j->best = s->tst[k].gen_time;
			j->by = PROVEN_SIGNATURE_TS;
		}
	for (k = 0; k < r->d->nsigs; k++)
		if (judge_covers(r->d, k, i) && j->dts[k] != NULL &&
		    j->dts[k]->st.ind == IND_PASSED && r->d->sigs[k].tst[0].gen_time < j->best) {
			j->best = r->d->sigs[k].tst[0].gen_time;
			j->by = PROVEN_DOCUMENT_TS;
		}
}

/* RFC 3161, 2.4.2: a time that was over when this token was made; the latest is kept. */
static void
over_by(const struct tstamp *t, int64_t *since)
{
	if (t->gen_time - t->accuracy > *since)
		*since = t->gen_time - t->accuracy;
}

/* T6: content, signature and document timestamps that count come in that order. */
static bool
times_in_order(const struct run *r, size_t i, const struct judgement *j)
{
	const struct dossier_sig *s = &r->d->sigs[i];
	int64_t content = INT64_MIN, since;
	const struct tstamp *t;
	struct tst_result v;
	size_t k;

	for (k = 0; k < s->ncontent_tst; k++) {
		tsv_judge(r, &s->content_tst[k], &v);
		if (v.st.ind == IND_PASSED)
			over_by(&s->content_tst[k], &content);
	}
	since = content;
	for (k = 0; k < s->ntst; k++) {
		if (j->tst[k].st.ind != IND_PASSED)
			continue;
		if (content > s->tst[k].gen_time + s->tst[k].accuracy)
			return false;
		over_by(&s->tst[k], &since);
	}
	for (k = 0; k < r->d->nsigs; k++) {
		if (!judge_covers(r->d, k, i) || j->dts[k] == NULL ||
		    j->dts[k]->st.ind != IND_PASSED)
			continue;
		t = &r->d->sigs[k].tst[0];
		if (since > t->gen_time + t->accuracy)
			return false;
		over_by(t, &since);
	}
	return true;
}

/*
 * 5.5.4 for a path that Basic left at a revocation: at the proven time nothing
 * else may be wrong with any of its members, and no algorithm in it be weak now.
 */
static bool
good_at(const struct run *r, const struct dossier_sig *s, int64_t best, struct judgement *j)
{
	struct xcv x;

	xcv_judge(r, s->signer, best, ANCHOR_SIGNER, true, &x);
	if (x.st.ind != IND_PASSED)
		return false;
	if (xcv_chain_strong(&x, r->now))
		return true;
	decide(
	    j, IND_INDETERMINATE, SUB_CRYPTO_CONSTRAINTS_FAILURE_NO_POE, CHECK_ALGORITHM_STRENGTH);
	return false;
}

/* 5.5.4, the cases on the result of Basic.  False: j->st is final. */
static bool
with_time(const struct run *r, const struct dossier_sig *s, struct judgement *j)
{
	const struct cert *c = s->signer;
	int64_t best = j->best;
	int sub;

	if (j->st.ind == IND_PASSED || j->st.sub == SUB_TRY_LATER) {
		if (best < c->not_before) {
			decide(j, IND_FAILED, SUB_NOT_YET_VALID, CHECK_CERTIFICATE_PERIOD);
			return false;
		}
		if (j->st.ind == IND_PASSED)
			return true;
		if (j->xcv.on_hold)
			return good_at(r, s, best, j);
		return xcv_fresh_at(r, &j->xcv, best);
	}
	sub = (int)j->st.sub;
	switch (sub) {
	case SUB_REVOKED_NO_POE:
	case SUB_REVOKED_CA_NO_POE:
		if (j->xcv.revoked_at == WHEN_NONE || j->xcv.revoked_at <= best)
			return false;
		if (best < c->not_before) {
			decide(j, IND_FAILED, SUB_NOT_YET_VALID, CHECK_CERTIFICATE_PERIOD);
			return false;
		}
		if (best > c->not_after) {
			decide(j, IND_INDETERMINATE, SUB_OUT_OF_BOUNDS_NOT_REVOKED,
			    CHECK_CERTIFICATE_PERIOD);
			return false;
		}
		return good_at(r, s, best, j);
	case SUB_OUT_OF_BOUNDS_NO_POE:
	case SUB_OUT_OF_BOUNDS_NOT_REVOKED:
		if (best < c->not_before) {
			decide(j, IND_FAILED, SUB_NOT_YET_VALID, CHECK_CERTIFICATE_PERIOD);
			return false;
		}
		return j->st.sub == SUB_OUT_OF_BOUNDS_NOT_REVOKED && best <= c->not_after &&
		       xcv_fresh_at(r, &j->xcv, best);
	case SUB_CRYPTO_CONSTRAINTS_FAILURE_NO_POE:
		/* Only the signature's own algorithms can be saved by the time (5.5.4, 3d). */
		return j->xcv.st.ind == IND_PASSED && best >= c->not_before &&
		       signature_strong(s, best);
	default:
		return false;
	}
}

/* The latest time before which the signature was certainly not made, from content timestamps. */
static int64_t
not_made_before(const struct run *r, const struct dossier_sig *s)
{
	int64_t latest = WHEN_NONE;
	struct tst_result v;
	size_t k;

	for (k = 0; k < s->ncontent_tst; k++) {
		tsv_judge(r, &s->content_tst[k], &v);
		if (v.st.ind == IND_PASSED &&
		    s->content_tst[k].gen_time - s->content_tst[k].accuracy > latest)
			latest = s->content_tst[k].gen_time - s->content_tst[k].accuracy;
	}
	return latest;
}

/* Basic validation's part that depends on time (5.3.4). */
static void
basic(const struct run *r, const struct dossier_sig *s, int64_t t, bool past, struct judgement *j)
{
	int64_t made_after = not_made_before(r, s);

	xcv_judge(r, s->signer, t, ANCHOR_SIGNER, past, &j->xcv);
	j->st = j->xcv.st;
	j->why = j->xcv.why;
	if (made_after != WHEN_NONE) {
		if (j->st.sub == SUB_REVOKED_NO_POE && j->xcv.revoked_at != WHEN_NONE &&
		    made_after > j->xcv.revoked_at)
			decide(j, IND_FAILED, SUB_REVOKED, CHECK_REVOCATION);
		else if ((j->st.sub == SUB_OUT_OF_BOUNDS_NO_POE ||
			     j->st.sub == SUB_OUT_OF_BOUNDS_NOT_REVOKED) &&
			 made_after > s->signer->not_after)
			decide(j, IND_FAILED, SUB_EXPIRED, CHECK_CERTIFICATE_PERIOD);
	}
	if (j->st.ind == IND_PASSED && !signature_strong(s, t))
		decide(j, IND_INDETERMINATE,
		    made_after != WHEN_NONE && !signature_strong(s, made_after)
			? SUB_CRYPTO_CONSTRAINTS_FAILURE
			: SUB_CRYPTO_CONSTRAINTS_FAILURE_NO_POE,
		    CHECK_ALGORITHM_STRENGTH);
}

/* Judged as of the proven time: revoked later is not revoked. */
static void
basic_at_proven_time(const struct run *r, const struct dossier_sig *s, struct judgement *j)
{
	basic(r, s, j->best, true, j);
	if ((j->st.sub == SUB_OUT_OF_BOUNDS_NO_POE || j->st.sub == SUB_OUT_OF_BOUNDS_NOT_REVOKED) &&
	    j->best < s->signer->not_before)
		decide(j, IND_FAILED, SUB_NOT_YET_VALID, CHECK_CERTIFICATE_PERIOD);
}

/* The path's anchor vouches for what was signed at the proven time. */
static bool
anchor_vouches(const struct judgement *j)
{
	const struct anchor *a = j->xcv.chain.anchor;

	return a == NULL || a->from == WHEN_NONE || j->best >= a->from;
}

/*
 * K1: a token that the signature itself carries is younger than the present: it
 * lies, or the clock here does.  (A document timestamp anybody can append.)
 */
static bool
of_the_future(const struct run *r, size_t i, const struct judgement *j)
{
	const struct dossier_sig *s = &r->d->sigs[i];
	size_t k;

	for (k = 0; k < s->nown_tst; k++)
		if (j->tst[k].why == CHECK_TIMESTAMP_FUTURE)
			return true;
	for (k = 0; k < s->ncontent_tst; k++)
		if (s->content_tst[k].findings == 0 &&
		    s->content_tst[k].gen_time > r->now + CAP_CLOCK_SKEW)
			return true;
	return false;
}

/*
 * What is asked of a signature that nothing else stops: signature acceptance
 * (5.2.8), the order of times, the anchor's beginning.  False: decided.
 */
static bool
accept(const struct run *r, size_t i, struct judgement *j)
{
	const struct dossier_sig *s = &r->d->sigs[i];

	if (s->pdf->sub_filter == PDF_SF_CADES && s->cms->findings & CMS_C8_ESS_ABSENT)
		decide(j, IND_INDETERMINATE, SUB_SIG_CONSTRAINTS_FAILURE,
		    CHECK_SIGNING_CERTIFICATE_REFERENCE);
	else if (!anchor_vouches(j))
		decide(j, IND_INDETERMINATE, SUB_NO_CERTIFICATE_CHAIN_FOUND_NO_POE,
		    CHECK_ANCHOR_PERIOD);
	else if (of_the_future(r, i, j))
		decide(j, IND_INDETERMINATE, SUB_TIMESTAMP_ORDER_FAILURE, CHECK_TIMESTAMP_FUTURE);
	else if (!times_in_order(r, i, j))
		decide(j, IND_INDETERMINATE, SUB_TIMESTAMP_ORDER_FAILURE, CHECK_TIMESTAMP_ORDER);
	else if (!signature_strong(s, j->best))
		decide(j, IND_INDETERMINATE, SUB_CRYPTO_CONSTRAINTS_FAILURE_NO_POE,
		    CHECK_ALGORITHM_STRENGTH);
	else
		return true;
	return false;
}

/* Is there a sound timestamp: any, or only one that does not count? */
static bool
stamped(const struct run *r, size_t i, const struct judgement *j, bool idle)
{
	const struct dossier_sig *s = &r->d->sigs[i];
	size_t k;

	for (k = 0; k < s->ntst && s->kind != CMS_TOKEN; k++)
		if (s->tst[k].findings == 0 && !(idle && j->tst[k].st.ind == IND_PASSED))
			return true;
	for (k = 0; k < r->d->nsigs; k++)
		if (judge_covers(r->d, k, i) && r->d->sigs[k].tst[0].findings == 0 &&
		    !(idle && j->dts[k]->st.ind == IND_PASSED))
			return true;
	return false;
}

static void
judge_signature(const struct run *r, size_t i, struct judgement *j)
{
	const struct dossier_sig *s = &r->d->sigs[i];
	struct judged v;
	bool ok;

	find_best_time(r, i, j);
	ok = format_structure(s->pdf, &v) && format_message(s, &v);
	if (!ok) {
		decide(j, v.st.ind, v.st.sub, v.why);
		j->early = true;
		if (s->signer != NULL)
			xcv_judge(r, s->signer, j->best, ANCHOR_SIGNER, j->best < r->now, &j->xcv);
		return;
	}
	if (j->best < r->now && r->policy->judged_at_proven_time) {
		basic_at_proven_time(r, s, j);
		ok = j->st.ind == IND_PASSED;
	} else {
		basic(r, s, r->now, false, j);
		ok = with_time(r, s, j);
	}
	if (ok && accept(r, i, j)) {
		j->st.ind = IND_PASSED;
		j->st.sub = SUB_NONE;
		j->why = CHECK__NONE;
	} else
		j->past_validation = psv_may_help(&j->st) && stamped(r, i, j, false);
}

/*
 * 5.6.3.4: timestamps from the newest to the oldest.  One that does not count at
 * present may by what later ones prove; each that counts proves the existence
 * of what it covers.
 */
static void
past_timestamps(const struct run *r, struct poe *poe, struct judgement *v)
{
	const struct dossier *d = r->d;
	size_t i, k;

	for (k = d->nsigs; k-- > 0;) {
		const struct dossier_sig *s = &d->sigs[k];

		if (s->kind != CMS_TOKEN || s->ntst != 1 || !s->sound)
			continue;
		if (v[k].tst[0].st.ind != IND_PASSED)
			tsv_past(r, poe, &s->tst[0], &v[k].tst[0]);
		if (v[k].tst[0].st.ind == IND_PASSED)
			poe_document(poe, s->pdf->revision, s->tst[0].gen_time);
	}
	for (i = 0; i < d->nsigs; i++)
		for (k = 0; k < d->sigs[i].ntst && d->sigs[i].kind != CMS_TOKEN; k++) {
			if (v[i].tst[k].st.ind != IND_PASSED)
				tsv_past(r, poe, &d->sigs[i].tst[k], &v[i].tst[k]);
			if (v[i].tst[k].st.ind == IND_PASSED)
				poe_signature(poe, i, d->sigs[i].tst[k].gen_time);
		}
}

/* 5.6.3.4, the end: past validation of the signature with all that is proven. */
static void
past_signature(const struct run *r, const struct poe *poe, size_t i, struct judgement *j)
{
	const struct dossier_sig *s = &r->d->sigs[i];
	struct xcv now = j->xcv, past;
	struct psv o = {.cert = s->signer,
	    .purpose = ANCHOR_SIGNER,
	    .now = &now,
	    .poe = poe_of_value(poe, i),
	    .until = signature_until(s)};

	find_best_time(r, i, j);
	if (j->best < o.poe)
		o.poe = j->best;
	o.made = o.poe;
	now.st = j->st;
	now.why = j->why;
	if (!psv_judge(r, poe, &o, &past))
		decide(j, past.st.ind, past.st.sub, past.why);
	else {
		j->xcv = past;
		if (accept(r, i, j))
			decide(j, IND_PASSED, SUB_NONE, CHECK__NONE);
	}
	j->past_validation =
	    j->st.sub == SUB_NO_POE ||
	    (psv_may_help(&j->st) && j->st.sub != SUB_TRY_LATER && stamped(r, i, j, true));
}

/* Validation with archive data (5.6.3), where a signature asks for it. */
static enum rc
judge_past(const struct run *r, struct judgement *v)
{
	struct poe poe;
	bool asked = false;
	size_t i;

	for (i = 0; i < r->d->nsigs; i++)
		asked = asked || v[i].past_validation;
	if (!asked)
		return RC_OK;
	if (poe_init(&poe, r->d, r->now) != RC_OK)
		return RC_NOMEM;
	past_timestamps(r, &poe, v);
	for (i = 0; i < r->d->nsigs; i++)
		if (v[i].past_validation)
			past_signature(r, &poe, i, &v[i]);
	return RC_OK;
}

/* A document timestamp: its structure, then the token. */
static void
judge_document_timestamp(const struct run *r, size_t k, struct judgement *j)
{
	const struct dossier_sig *s = &r->d->sigs[k];
	struct judged v;

	j->best = r->now;
	j->by = PROVEN_NONE;
	if (!format_structure(s->pdf, &v)) {
		decide(j, v.st.ind, v.st.sub, v.why);
		j->early = true;
		return;
	}
	if (s->ntst == 0) {
		decide(j, IND_FAILED, SUB_FORMAT_FAILURE, CHECK_TIMESTAMP_TOKEN);
		j->early = true;
		return;
	}
	j->st = j->tst[0].st;
	j->why = j->st.ind == IND_PASSED ? CHECK__NONE : j->tst[0].why;
	j->xcv = j->tst[0].xcv;
}

enum rc
judge_all(struct judgement **out, struct dossier *d, const struct policy *policy, int64_t now)
{
	struct run r = {d, policy, now};
	const struct tst_result **dts;
	struct judgement *v;
	size_t i, k;

	*out = NULL;
	if ((v = arena_array(d->arena, d->nsigs, sizeof(*v))) == NULL ||
	    (dts = arena_array(d->arena, d->nsigs, sizeof(*dts))) == NULL)
		return RC_NOMEM;
	for (i = 0; i < d->nsigs; i++) {
		v[i].dts = dts;
		v[i].xcv.revoked_at = WHEN_NONE;
		if ((v[i].tst = arena_array(d->arena, d->sigs[i].ntst, sizeof(*v[i].tst))) == NULL)
			return RC_NOMEM;
		for (k = 0; k < d->sigs[i].ntst; k++)
			tsv_judge(&r, &d->sigs[i].tst[k], &v[i].tst[k]);
		if (d->sigs[i].kind == CMS_TOKEN && d->sigs[i].ntst == 1)
			dts[i] = &v[i].tst[0];
	}
	for (i = 0; i < d->nsigs; i++)
		if (d->sigs[i].kind != CMS_TOKEN)
			judge_signature(&r, i, &v[i]);
	if (judge_past(&r, v) != RC_OK)
		return RC_NOMEM;
	for (i = 0; i < d->nsigs; i++)
		if (d->sigs[i].kind == CMS_TOKEN)
			judge_document_timestamp(&r, i, &v[i]);
	*out = v;
	return RC_OK;
}
