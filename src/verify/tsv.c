/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Time-stamp validation, EN 319 102-1 (V1.4.1), 5.4, with rules T1 to T5 and K1. */
#include <string.h>

#include "caps.h"
#include "tsv.h"
#include "when.h"

static void
tst_fail(struct tst_result *v, enum indication ind, enum sub_indication sub, enum check why)
{
	v->st.ind = ind;
	v->st.sub = sub;
	v->why = why;
}

/* Until when, exclusive, the token's own algorithms are reliable. */
static int64_t
token_until(const struct tstamp *t)
{
	enum hash h = t->cms->algo.hash != HASH_NONE ? t->cms->algo.hash : t->cms->digest;
	int64_t until = xcv_until(h, t->cms->algo.scheme, t->cert);

	if (hash_until(t->imprint_hash) < until)
		until = hash_until(t->imprint_hash);
	return hash_until(t->cms->digest) < until ? hash_until(t->cms->digest) : until;
}

/* The authority at the token's own time (policy tsa_expired_counts). */
static void
judge_tst_then(const struct run *r, const struct tstamp *t, struct tst_result *v)
{
	struct xcv x;

	xcv_judge(r, t->cert, t->gen_time, ANCHOR_TSA, true, &x);
	if (x.st.sub == SUB_REVOKED_NO_POE) {
		if (!x.has_rev[0] || !xcv_harmless(x.rev[0].reason) || x.revoked_at == WHEN_NONE ||
		    x.revoked_at <= t->gen_time)
			return;
		if (!xcv_within(t->cert, t->gen_time) || !chain_tsa_usage(t->cert))
			return;
	} else if (x.st.ind != IND_PASSED)
		return;
	/* A token whose algorithms are weak by now proves no time, least of all its own. */
	if (r->now >= token_until(t) || !xcv_chain_strong(&x, r->now))
		return;
	v->st.ind = IND_PASSED;
	v->st.sub = SUB_NONE;
	v->why = CHECK__NONE;
	v->expired = true;
	v->xcv = x;
}

/* Is the failure one that only says that time has passed since? */
static bool
time_dependent(enum sub_indication sub)
{
	return sub == SUB_OUT_OF_BOUNDS_NO_POE || sub == SUB_OUT_OF_BOUNDS_NOT_REVOKED ||
	       sub == SUB_NO_CERTIFICATE_CHAIN_FOUND_NO_POE || sub == SUB_TRY_LATER ||
	       sub == SUB_REVOKED_NO_POE || sub == SUB_REVOCATION_OUT_OF_BOUNDS_NO_POE;
}

/* 5.4, rules T1 to T5 and K1. */
void
tsv_judge(const struct run *r, const struct tstamp *t, struct tst_result *v)
{
	/* Findings with a sub-indication of their own, which outrank the others below. */
	const unsigned own = TST_T2_IMPRINT | TST_NO_CERT | TST_SIGNATURE | TST_ESS;

	memset(v, 0, sizeof(*v));
	v->xcv.revoked_at = WHEN_NONE;
	if (t->findings & (TST_CMS | TST_T4_INFO) || t->gen_time == WHEN_NONE ||
	    (t->findings != 0 && (t->findings & own) == 0 && t->cert != NULL))
		tst_fail(v, IND_FAILED, SUB_FORMAT_FAILURE, CHECK_TIMESTAMP_TOKEN);
	else if (t->findings & TST_T2_IMPRINT)
		tst_fail(v, IND_FAILED, SUB_HASH_FAILURE, CHECK_TIMESTAMP_IMPRINT);
	else if (t->findings & TST_NO_CERT || t->cert == NULL)
		tst_fail(v, IND_INDETERMINATE, SUB_NO_SIGNING_CERTIFICATE_FOUND,
		    CHECK_TIMESTAMP_AUTHORITY);
	else if (t->findings & TST_SIGNATURE)
		tst_fail(v, IND_FAILED, SUB_SIG_CRYPTO_FAILURE, CHECK_TIMESTAMP_TOKEN);
	else if (t->findings & TST_ESS)
		tst_fail(
		    v, IND_INDETERMINATE, SUB_NO_SIGNING_CERTIFICATE_FOUND, CHECK_TIMESTAMP_TOKEN);
	else if (t->gen_time > r->now + CAP_CLOCK_SKEW)
		tst_fail(v, IND_INDETERMINATE, SUB_TIMESTAMP_ORDER_FAILURE, CHECK_TIMESTAMP_FUTURE);
	else {
		xcv_judge(r, t->cert, r->now, ANCHOR_TSA, false, &v->xcv);
		v->st = v->xcv.st;
		v->why =
		    v->xcv.why == CHECK_ISSUER_TRUSTED ? CHECK_TIMESTAMP_AUTHORITY : v->xcv.why;
		if (v->st.ind == IND_PASSED && r->now >= token_until(t))
			tst_fail(v, IND_INDETERMINATE, SUB_CRYPTO_CONSTRAINTS_FAILURE_NO_POE,
			    CHECK_ALGORITHM_STRENGTH);
		if (v->st.ind == IND_PASSED && t->gen_time < t->cert->not_before)
			tst_fail(v, IND_FAILED, SUB_NOT_YET_VALID, CHECK_CERTIFICATE_PERIOD);
		if (v->st.ind == IND_PASSED && v->xcv.chain.anchor->from != WHEN_NONE &&
		    t->gen_time < v->xcv.chain.anchor->from)
			tst_fail(v, IND_INDETERMINATE, SUB_NO_CERTIFICATE_CHAIN_FOUND_NO_POE,
			    CHECK_ANCHOR_PERIOD);
		if (v->st.ind == IND_INDETERMINATE && time_dependent(v->st.sub) &&
		    r->policy->tsa_expired_counts)
			judge_tst_then(r, t, v);
		if (v->st.ind == IND_PASSED && !tstamp_named(t))
			v->why = CHECK_TIMESTAMP_NAME;
	}
}

void
tsv_past(const struct run *r, const struct poe *poe, const struct tstamp *t, struct tst_result *v)
{
	struct psv o = {.cert = t->cert,
	    .purpose = ANCHOR_TSA,
	    .poe = poe_of_token(poe, t),
	    .made = t->gen_time};
	struct xcv now = v->xcv;

	if (t->findings != 0 || t->cert == NULL || !psv_may_help(&v->st))
		return;
	/* What protects a token can't be older than it is. */
	if (t->gen_time - t->accuracy > o.poe) {
		tst_fail(v, IND_INDETERMINATE, SUB_TIMESTAMP_ORDER_FAILURE, CHECK_TIMESTAMP_ORDER);
		return;
	}
	now.st = v->st;
	now.why = v->why;
	o.now = &now;
	o.until = token_until(t);
	(void)psv_judge(r, poe, &o, &v->xcv);
	v->st = v->xcv.st;
	v->why = v->xcv.why;
	v->expired = v->st.ind == IND_PASSED;
}
