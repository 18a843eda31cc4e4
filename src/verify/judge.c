/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * EN 319 102-1 (V1.4.1) as code.  Every way out names its reason; whatever is
 * not proven good is INDETERMINATE or FAILED.
 */
#include <string.h>

#include "caps.h"
#include "judge.h"
#include "when.h"

static struct status
status(enum indication ind, enum sub_indication sub)
{
	struct status st = {ind, sub};

	return st;
}

static const struct status passed = {IND_PASSED, SUB_NONE};

/* Context of one run: a dossier under one policy at one time. */
struct run {
	struct dossier *d;
	const struct policy *policy;
	int64_t now;
};

/* --- revocation of one certificate --- */

/*
 * Revocation freshness (5.2.5): issued after t minus the longest age allowed,
 * which is the issuer's own period of validity.
 */
static bool
fresh(const struct run *r, const struct revocation *v, int64_t t)
{
	int64_t issued = v->this_update;

	if (issued == WHEN_NONE)
		return false;
	if (v->next_update != WHEN_NONE)
		return v->next_update >= issued && issued > t - (v->next_update - issued);
	if (!r->policy->ocsp_without_next_update || v->evidence->is_crl)
		return false;
	if (v->produced_at != WHEN_NONE && v->produced_at > issued)
		issued = v->produced_at;
	return issued >= t - CAP_CLOCK_SKEW;
}

/* O5, O6, R1: the answer may be used at all about this certificate. */
static bool
usable(const struct run *r, const struct revocation *v, const struct cert *cert)
{
	int64_t produced = v->produced_at != WHEN_NONE ? v->produced_at : v->this_update;

	if (v->this_update == WHEN_NONE || v->this_update > r->now + CAP_CLOCK_SKEW ||
	    produced > r->now + CAP_CLOCK_SKEW)
		return false;
	if (produced < v->signer->not_before || produced > v->signer->not_after)
		return false;
	if (v->status == REVOCATION_GOOD && v->this_update > cert->not_after &&
	    (v->archive_cutoff == WHEN_NONE || v->archive_cutoff > cert->not_after))
		return false;
	return true;
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
		if (!usable(r, &all[i], cert))
			continue;
		if (all[i].status == REVOCATION_REVOKED) {
			*out = all[i];
			return FOUND_REVOKED;
		}
		if (newest == NULL || all[i].this_update > newest->this_update)
			newest = &all[i];
		if (fresh(r, &all[i], t) &&
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

/* --- X.509 certificate validation --- */

static void
fail(struct xcv *x, enum sub_indication sub, enum check why)
{
	x->st = status(IND_INDETERMINATE, sub);
	x->why = why;
}

static bool
strong(enum hash h, enum sig_scheme s, const struct cert *key_owner, int64_t t)
{
	EVP_PKEY *key = cert_key(key_owner);

	return key != NULL && t < hash_until(h) && t < scheme_until(s, key_strength(key));
}

/* 5.2.6.4 f: certificates below the anchor and the revocation data used, at t. */
static bool
chain_strong(const struct xcv *x, int64_t t)
{
	struct sig_algo alg;
	size_t i;

	for (i = 0; i + 1 < x->chain.n; i++) {
		if (!sig_algo_parse(x->chain.certs[i]->sig_alg, &alg) ||
		    !strong(alg.hash, alg.scheme, x->chain.certs[i + 1], t))
			return false;
		if (x->has_rev[i] && !strong(x->rev[i].hash, x->rev[i].scheme, x->rev[i].signer, t))
			return false;
	}
	return true;
}

static bool
within(const struct cert *c, int64_t t)
{
	return c->not_before != WHEN_NONE && c->not_after != WHEN_NONE && t >= c->not_before &&
	       t <= c->not_after;
}

/* Revocation of every certificate below the anchor; false ends the path with x->st. */
static bool
chain_revocation(const struct run *r, struct xcv *x, int64_t t, enum anchor_purpose purpose)
{
	enum revocation_gap gap;
	bool lacking = false;
	size_t i;

	/* From the anchor down, so that a revoked CA outranks what it issued. */
	for (i = x->chain.n - 1; i-- > 0;) {
		const struct cert *cert = x->chain.certs[i];

		if (cert->short_term)
			continue;
		switch (find_revocation(r, cert, x->chain.certs[i + 1], t, &x->rev[i], &gap)) {
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
		if (x->has_rev[i] && x->rev[i].delegated && !within(x->rev[i].signer, t))
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

	if (!anchor_in_force(x->chain.anchor, t)) {
		fail(x, SUB_NO_CERTIFICATE_CHAIN_FOUND_NO_POE, CHECK_ANCHOR_PERIOD);
		return;
	}
	for (i = 1; i + 1 < x->chain.n; i++)
		if (!within(x->chain.certs[i], t)) {
			fail(x, SUB_OUT_OF_BOUNDS_NO_POE, CHECK_CERTIFICATE_PERIOD);
			return;
		}
	revocation_ok = chain_revocation(r, x, t, purpose);
	if (x->st.sub == SUB_REVOKED_NO_POE || x->st.sub == SUB_REVOKED_CA_NO_POE)
		return;
	if (purpose == ANCHOR_TSA ? !chain_tsa_usage(end) : !chain_signer_usage(end)) {
		fail(x, SUB_CHAIN_CONSTRAINTS_FAILURE,
		    purpose == ANCHOR_TSA ? CHECK_TIMESTAMP_USAGE : CHECK_KEY_USAGE);
		return;
	}
	if (!chain_strong(x, t)) {
		fail(x, SUB_CRYPTO_CONSTRAINTS_FAILURE_NO_POE, CHECK_ALGORITHM_STRENGTH);
		return;
	}
	/*
	 * Out of its validity a certificate can't be expected to get fresh
	 * answers: this outranks the lack of them.
	 */
	if (!within(end, t)) {
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
static void
judge_cert(const struct run *r, const struct cert *cert, int64_t t, enum anchor_purpose purpose,
    bool past, struct xcv *out)
{
	struct xcv x;
	unsigned try;
	bool first = true;

	for (try = 0;; try++) {
		memset(&x, 0, sizeof(x));
		x.revoked_at = WHEN_NONE;
		if (!chain_build(&x.chain, &r->d->pool, &r->d->trust->anchors, cert, purpose, try))
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

/* --- time-stamp validation --- */

static void
tst_fail(struct tst_result *v, enum indication ind, enum sub_indication sub, enum check why)
{
	v->st = status(ind, sub);
	v->why = why;
}

/* RFC 3161, 4: after which revocations of the authority older tokens stay good. */
static bool
harmless_reason(int reason)
{
	return reason == 0 || reason == 3 || reason == 4 || reason == 5;
}

/* The token's own algorithms at t. */
static bool
token_strong(const struct tstamp *t, int64_t when)
{
	enum hash h = t->cms->algo.hash != HASH_NONE ? t->cms->algo.hash : t->cms->digest;

	return strong(h, t->cms->algo.scheme, t->cert, when) &&
	       when < hash_until(t->imprint_hash) && when < hash_until(t->cms->digest);
}

/* The authority at the token's own time (policy tsa_expired_counts). */
static void
judge_tst_then(const struct run *r, const struct tstamp *t, struct tst_result *v)
{
	struct xcv x;

	judge_cert(r, t->cert, t->gen_time, ANCHOR_TSA, true, &x);
	if (x.st.sub == SUB_REVOKED_NO_POE) {
		if (!x.has_rev[0] || !harmless_reason(x.rev[0].reason) ||
		    x.revoked_at == WHEN_NONE || x.revoked_at <= t->gen_time)
			return;
		if (!within(t->cert, t->gen_time) || !chain_tsa_usage(t->cert) ||
		    !chain_strong(&x, t->gen_time))
			return;
	} else if (x.st.ind != IND_PASSED)
		return;
	if (!token_strong(t, t->gen_time))
		return;
	v->st = passed;
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
	       sub == SUB_REVOKED_NO_POE || sub == SUB_REVOCATION_OUT_OF_BOUNDS_NO_POE ||
	       sub == SUB_CRYPTO_CONSTRAINTS_FAILURE_NO_POE;
}

/* 5.4, rules T1 to T5 and K1. */
static void
judge_tst(const struct run *r, const struct tstamp *t, struct tst_result *v)
{
	memset(v, 0, sizeof(*v));
	v->xcv.revoked_at = WHEN_NONE;
	if (t->findings & (TST_CMS | TST_T4_INFO) || t->gen_time == WHEN_NONE)
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
	else if (t->findings != 0)
		tst_fail(v, IND_FAILED, SUB_FORMAT_FAILURE, CHECK_TIMESTAMP_TOKEN);
	else if (t->gen_time > r->now + CAP_CLOCK_SKEW)
		tst_fail(v, IND_INDETERMINATE, SUB_TIMESTAMP_ORDER_FAILURE, CHECK_TIMESTAMP_FUTURE);
	else {
		judge_cert(r, t->cert, r->now, ANCHOR_TSA, false, &v->xcv);
		v->st = v->xcv.st;
		v->why =
		    v->xcv.why == CHECK_ISSUER_TRUSTED ? CHECK_TIMESTAMP_AUTHORITY : v->xcv.why;
		if (v->st.ind == IND_PASSED && !token_strong(t, r->now))
			tst_fail(v, IND_INDETERMINATE, SUB_CRYPTO_CONSTRAINTS_FAILURE_NO_POE,
			    CHECK_ALGORITHM_STRENGTH);
		if (v->st.ind == IND_PASSED && t->gen_time < t->cert->not_before)
			tst_fail(v, IND_FAILED, SUB_NOT_YET_VALID, CHECK_CERTIFICATE_PERIOD);
		if (v->st.ind == IND_INDETERMINATE && time_dependent(v->st.sub) &&
		    r->policy->tsa_expired_counts)
			judge_tst_then(r, t, v);
	}
}

/* --- format, certificate and cryptography of a signature --- */

static void
decide(struct judgement *j, enum indication ind, enum sub_indication sub, enum check why)
{
	j->st = status(ind, sub);
	j->why = why;
}

enum check
judge_rule_check(enum pdf_rule rule)
{
	static const enum check checks[PDF_RULE__MAX] = {
	    [PDF_S1_HEADER] = CHECK_HEADER,
	    [PDF_S2_TAIL] = CHECK_FILE_END,
	    [PDF_S3_XREF] = CHECK_XREF_CHAIN,
	    [PDF_S4_NUMBERS] = CHECK_OBJECT_NUMBERS,
	    [PDF_S5_OBJECT] = CHECK_OBJECT,
	    [PDF_S6_OBJSTM] = CHECK_OBJECT_STREAM,
	    [PDF_S7_HYBRID] = CHECK_HYBRID_AMBIGUOUS,
	    [PDF_S8_DUPLICATE_KEY] = CHECK_DUPLICATE_KEY,
	    [PDF_S9_LIMIT] = CHECK_LIMIT,
	    [PDF_S10_LINEARIZED] = CHECK_LINEARIZED,
	    [PDF_TRAILING_BYTES] = CHECK_TRAILING_BYTES,
	    [PDF_D1_FIELD_VALUE] = CHECK_AMBIGUOUS,
	    [PDF_D2_REDEFINED] = CHECK_SIGNATURE_REDEFINED,
	    [PDF_D3_DIRECT] = CHECK_DICTIONARY_DIRECT,
	    [PDF_D4_PLACE] = CHECK_DICTIONARY_PLACE,
	    [PDF_D4_COMMENT] = CHECK_DICTIONARY_COMMENT,
	    [PDF_D5_TYPE] = CHECK_DICTIONARY_TYPE,
	    [PDF_D6_SUBFILTER] = CHECK_SUBFILTER,
	    [PDF_D7_FILTER] = CHECK_FILTER,
	    [PDF_D8_ORPHAN] = CHECK_ORPHAN_SIGNATURE,
	    [PDF_B1_START] = CHECK_BYTE_RANGE,
	    [PDF_B2_RANGE] = CHECK_BYTE_RANGE,
	    [PDF_B3_GAP_BOUNDS] = CHECK_GAP,
	    [PDF_B4_GAP_HEX] = CHECK_GAP,
	    [PDF_B5_GAP_CONTENTS] = CHECK_GAP_CONTENTS,
	    [PDF_B7_REVISION_END] = CHECK_REVISION_END,
	    [PDF_B8_SECTIONS] = CHECK_REVISION_SECTIONS,
	    [PDF_B9_RESOLVE] = CHECK_REVISION_SECTIONS,
	    [PDF_B10_OFFSETS] = CHECK_REVISION_SECTIONS,
	    [PDF_B11_OVERLAP] = CHECK_RANGE_OVERLAP,
	    [PDF_B12_DUPLICATE_RANGE] = CHECK_RANGE_DUPLICATE,
	    [PDF_B13_TAIL_EXPLAINED] = CHECK_LATER_REVISION,
	    [PDF_B14_LATER_REVISION] = CHECK_LATER_REVISION,
	    [PDF_LOCKED] = CHECK_LOCKED,
	};

	return rule < PDF_RULE__MAX ? checks[rule] : CHECK_NOT_EXAMINED;
}

bool
judge_rule_fails(enum pdf_rule rule)
{
	return (rule >= PDF_D1_FIELD_VALUE && rule <= PDF_D5_TYPE) || rule == PDF_D7_FILTER ||
	       (rule >= PDF_B1_START && rule <= PDF_B12_DUPLICATE_RANGE);
}

/* Format checking (5.2.2) of the file's side.  False: decided. */
static bool
check_structure(const struct pdf_sig *p, struct judgement *j)
{
	const struct pdf_finding *open = NULL;
	size_t i;

	for (i = 0; i < p->nfindings; i++) {
		const struct pdf_finding *f = &p->findings[i];

		if (!f->fatal)
			continue;
		if (judge_rule_fails(f->rule)) {
			decide(j, IND_FAILED, SUB_FORMAT_FAILURE, judge_rule_check(f->rule));
			return false;
		}
		if (open == NULL)
			open = f;
	}
	if (p->orphan) {
		decide(j, IND_INDETERMINATE, SUB_GENERIC, CHECK_ORPHAN_SIGNATURE);
		return false;
	}
	if (open != NULL) {
		decide(j, IND_INDETERMINATE, SUB_GENERIC, judge_rule_check(open->rule));
		return false;
	}
	if (p->docmdp < 0) {
		decide(j, IND_INDETERMINATE, SUB_GENERIC, CHECK_CERTIFICATION);
		return false;
	}
	if (!p->range_sound || p->coverage == PDF_COVERAGE_UNCLEAR) {
		decide(j, IND_FAILED, SUB_FORMAT_FAILURE, CHECK_BYTE_RANGE);
		return false;
	}
	return true;
}

/* Format checking of the message, and cryptographic verification (5.2.7). */
static bool
check_message(const struct dossier_sig *s, struct judgement *j)
{
	unsigned f;

	if (s->pdf->sub_filter == PDF_SF_X509_SHA1) {
		if (s->check == CMS_BAD_SIGNATURE)
			decide(j, IND_FAILED, SUB_SIG_CRYPTO_FAILURE, CHECK_SIGNATURE_VALUE);
		else
			decide(j, IND_INDETERMINATE, SUB_CRYPTO_CONSTRAINTS_FAILURE_NO_POE,
			    CHECK_ALGORITHM_STRENGTH);
		return false;
	}
	if (s->cms == NULL) {
		decide(j, IND_FAILED, SUB_FORMAT_FAILURE, CHECK_CMS_SIGNED_DATA);
		return false;
	}
	f = s->cms->findings;
	if (f & CMS_C1_SIGNED_DATA)
		decide(j, IND_FAILED, SUB_FORMAT_FAILURE, CHECK_CMS_SIGNED_DATA);
	else if (f & CMS_C9_ENCODING)
		decide(j, IND_FAILED, SUB_FORMAT_FAILURE, CHECK_CMS_ENCODING);
	else if (f & CMS_C2_ECONTENT)
		decide(j, IND_FAILED, SUB_FORMAT_FAILURE, CHECK_CMS_CONTENT);
	else if (f & CMS_C3_ATTRIBUTES ||
		 (f & CMS_C3_NO_ATTRIBUTES && s->pdf->sub_filter == PDF_SF_CADES))
		decide(j, IND_FAILED, SUB_FORMAT_FAILURE, CHECK_CMS_ATTRIBUTES);
	else if (f & CMS_C4_CONTENT_TYPE)
		decide(j, IND_FAILED, SUB_FORMAT_FAILURE, CHECK_CMS_CONTENT_TYPE);
	else if (s->check == CMS_HASH_MISMATCH)
		decide(j, IND_FAILED, SUB_HASH_FAILURE, CHECK_DIGEST);
	else if (f & CMS_C6_UNSUPPORTED)
		decide(j, IND_INDETERMINATE, SUB_CRYPTO_CONSTRAINTS_FAILURE,
		    CHECK_ALGORITHM_SUPPORTED);
	else if (f & CMS_C6_ALGORITHM)
		decide(j, IND_FAILED, SUB_SIG_CRYPTO_FAILURE, CHECK_ALGORITHM_CONSISTENT);
	else if (s->signer == NULL)
		decide(j, IND_INDETERMINATE, SUB_NO_SIGNING_CERTIFICATE_FOUND,
		    CHECK_SIGNING_CERTIFICATE);
	else if (f & CMS_C8_ESS_MISMATCH)
		decide(j, IND_INDETERMINATE, SUB_NO_SIGNING_CERTIFICATE_FOUND,
		    CHECK_SIGNING_CERTIFICATE_REFERENCE);
	else if (s->check == CMS_BAD_SIGNATURE)
		decide(j, IND_FAILED, SUB_SIG_CRYPTO_FAILURE, CHECK_SIGNATURE_VALUE);
	else if (s->check != CMS_INTACT)
		decide(j, IND_INDETERMINATE,
		    s->digest_known ? SUB_GENERIC : SUB_SIGNED_DATA_NOT_FOUND,
		    CHECK_SIGNATURE_VALUE);
	else
		return true;
	return false;
}

/* Signature acceptance (5.2.8): algorithms at t. */
static bool
signature_strong(const struct dossier_sig *s, int64_t t)
{
	enum hash h = s->cms->algo.hash != HASH_NONE ? s->cms->algo.hash : s->cms->digest;

	return strong(h, s->scheme, s->signer, t) && t < hash_until(s->cms->digest) &&
	       (s->kind != CMS_SHA1 || t < hash_until(HASH_SHA1));
}

/* --- the processes --- */

bool
judge_covers(const struct dossier *d, size_t k, size_t i)
{
	const struct dossier_sig *dts = &d->sigs[k], *s = &d->sigs[i];

	return k != i && dts->kind == CMS_TOKEN && dts->ntst == 1 && dts->pdf->range_sound &&
	       dts->pdf->coverage != PDF_COVERAGE_UNCLEAR && s->pdf->range_sound &&
	       dts->a >= s->end && !dts->pdf->orphan;
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

/* RFC 3161, 2.4.2: a is certainly not before b. */
static bool
after(const struct tstamp *a, const struct tstamp *b)
{
	return a->gen_time - a->accuracy > b->gen_time + b->accuracy;
}

/* T6: content, signature and document timestamps that count come in that order. */
static bool
times_in_order(const struct run *r, size_t i, const struct judgement *j)
{
	const struct dossier_sig *s = &r->d->sigs[i];
	const struct tstamp *last = NULL;
	struct tst_result v;
	size_t k, m;

	for (k = 0; k < s->ncontent_tst; k++) {
		judge_tst(r, &s->content_tst[k], &v);
		if (v.st.ind != IND_PASSED)
			continue;
		for (m = 0; m < s->ntst; m++)
			if (j->tst[m].st.ind == IND_PASSED && after(&s->content_tst[k], &s->tst[m]))
				return false;
		for (m = 0; m < r->d->nsigs; m++)
			if (judge_covers(r->d, m, i) && j->dts[m] != NULL &&
			    j->dts[m]->st.ind == IND_PASSED &&
			    after(&s->content_tst[k], &r->d->sigs[m].tst[0]))
				return false;
	}
	for (k = 0; k < s->ntst; k++)
		if (j->tst[k].st.ind == IND_PASSED && (last == NULL || after(&s->tst[k], last)))
			last = &s->tst[k];
	for (k = 0; k < r->d->nsigs; k++) {
		if (!judge_covers(r->d, k, i) || j->dts[k] == NULL ||
		    j->dts[k]->st.ind != IND_PASSED)
			continue;
		if (last != NULL && after(last, &r->d->sigs[k].tst[0]))
			return false;
		last = &r->d->sigs[k].tst[0];
	}
	return true;
}

/* The revocation data that judge_cert() found is fresh at best although not at present. */
static bool
fresh_at(const struct run *r, const struct xcv *x, int64_t best)
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
			return j->xcv.revoked_at != WHEN_NONE && best < j->xcv.revoked_at;
		return fresh_at(r, &j->xcv, best);
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
		return true;
	case SUB_OUT_OF_BOUNDS_NO_POE:
	case SUB_OUT_OF_BOUNDS_NOT_REVOKED:
		if (best < c->not_before) {
			decide(j, IND_FAILED, SUB_NOT_YET_VALID, CHECK_CERTIFICATE_PERIOD);
			return false;
		}
		return j->st.sub == SUB_OUT_OF_BOUNDS_NOT_REVOKED && best <= c->not_after &&
		       fresh_at(r, &j->xcv, best);
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
		judge_tst(r, &s->content_tst[k], &v);
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

	judge_cert(r, s->signer, t, ANCHOR_SIGNER, past, &j->xcv);
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
	if (j->st.ind == IND_PASSED && s->pdf->sub_filter == PDF_SF_CADES &&
	    s->cms->findings & CMS_C8_ESS_ABSENT)
		decide(j, IND_INDETERMINATE, SUB_SIG_CONSTRAINTS_FAILURE,
		    CHECK_SIGNING_CERTIFICATE_REFERENCE);
	if (j->st.ind == IND_PASSED && !signature_strong(s, t))
		decide(j, IND_INDETERMINATE,
		    made_after != WHEN_NONE && !signature_strong(s, made_after)
			? SUB_CRYPTO_CONSTRAINTS_FAILURE
			: SUB_CRYPTO_CONSTRAINTS_FAILURE_NO_POE,
		    CHECK_ALGORITHM_STRENGTH);
}

/* Revoked at the proven time by judging then: revoked later is not revoked. */
static void
basic_at_proven_time(const struct run *r, const struct dossier_sig *s, struct judgement *j)
{
	basic(r, s, j->best, true, j);
	if ((j->st.sub == SUB_REVOKED_NO_POE || j->st.sub == SUB_REVOKED_CA_NO_POE ||
		(j->st.sub == SUB_TRY_LATER && j->xcv.on_hold)) &&
	    j->xcv.revoked_at != WHEN_NONE && j->xcv.revoked_at > j->best &&
	    within(s->signer, j->best) && chain_signer_usage(s->signer) &&
	    chain_strong(&j->xcv, j->best) && signature_strong(s, j->best)) {
		j->st = passed;
		j->why = CHECK__NONE;
	}
	if (j->best < s->signer->not_before)
		decide(j, IND_FAILED, SUB_NOT_YET_VALID, CHECK_CERTIFICATE_PERIOD);
}

/*
 * Could past validation (5.6) say more?  About a revoked certificate only where
 * a sound timestamp does not count at present: nothing else can prove an
 * earlier time than the one that was found.
 */
static bool
wants_past(const struct run *r, size_t i, const struct judgement *j)
{
	const struct dossier_sig *s = &r->d->sigs[i];
	int sub = (int)j->st.sub;
	bool idle = false, stamped = false;
	size_t k;

	for (k = 0; k < s->ntst && s->kind != CMS_TOKEN; k++) {
		stamped = stamped || s->tst[k].findings == 0;
		idle = idle || (s->tst[k].findings == 0 && j->tst[k].st.ind != IND_PASSED);
	}
	for (k = 0; k < r->d->nsigs; k++) {
		if (!judge_covers(r->d, k, i) || r->d->sigs[k].tst[0].findings != 0)
			continue;
		stamped = true;
		idle = idle || j->dts[k] == NULL || j->dts[k]->st.ind != IND_PASSED;
	}
	if ((sub == SUB_REVOKED_NO_POE || sub == SUB_REVOKED_CA_NO_POE) && !idle)
		return false;
	return stamped &&
	       (sub == SUB_REVOKED_NO_POE || sub == SUB_REVOKED_CA_NO_POE ||
		   sub == SUB_OUT_OF_BOUNDS_NO_POE || sub == SUB_OUT_OF_BOUNDS_NOT_REVOKED ||
		   sub == SUB_CRYPTO_CONSTRAINTS_FAILURE_NO_POE ||
		   sub == SUB_REVOCATION_OUT_OF_BOUNDS_NO_POE ||
		   sub == SUB_NO_CERTIFICATE_CHAIN_FOUND_NO_POE);
}

static void
judge_signature(const struct run *r, size_t i, struct judgement *j)
{
	const struct dossier_sig *s = &r->d->sigs[i];
	bool ok;

	find_best_time(r, i, j);
	ok = check_structure(s->pdf, j) && check_message(s, j);
	if (!ok) {
		j->early = true;
		if (s->signer != NULL)
			judge_cert(r, s->signer, j->best, ANCHOR_SIGNER, j->best < r->now, &j->xcv);
		return;
	}
	if (j->best < r->now && r->policy->judged_at_proven_time) {
		basic_at_proven_time(r, s, j);
		ok = j->st.ind == IND_PASSED;
	} else {
		basic(r, s, r->now, false, j);
		ok = with_time(r, s, j);
	}
	if (ok && !times_in_order(r, i, j)) {
		decide(j, IND_INDETERMINATE, SUB_TIMESTAMP_ORDER_FAILURE, CHECK_TIMESTAMP_ORDER);
		return;
	}
	if (ok && !signature_strong(s, j->best)) {
		decide(j, IND_INDETERMINATE, SUB_CRYPTO_CONSTRAINTS_FAILURE_NO_POE,
		    CHECK_ALGORITHM_STRENGTH);
		ok = false;
	}
	if (ok) {
		j->st = passed;
		j->why = CHECK__NONE;
	} else if (j->st.ind == IND_INDETERMINATE)
		j->past_validation = wants_past(r, i, j);
}

/* A document timestamp: its structure, then the token. */
static void
judge_document_timestamp(const struct run *r, size_t k, struct judgement *j)
{
	const struct dossier_sig *s = &r->d->sigs[k];

	j->best = r->now;
	j->by = PROVEN_NONE;
	if (!check_structure(s->pdf, j)) {
		j->early = true;
		return;
	}
	if (s->ntst == 0) {
		decide(j, IND_FAILED, SUB_FORMAT_FAILURE, CHECK_TIMESTAMP_TOKEN);
		j->early = true;
		return;
	}
	j->st = j->tst[0].st;
	j->why = j->tst[0].why;
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
			judge_tst(&r, &d->sigs[i].tst[k], &v[i].tst[k]);
		if (d->sigs[i].kind == CMS_TOKEN && d->sigs[i].ntst == 1)
			dts[i] = &v[i].tst[0];
	}
	for (i = 0; i < d->nsigs; i++)
		if (d->sigs[i].kind == CMS_TOKEN)
			judge_document_timestamp(&r, i, &v[i]);
		else
			judge_signature(&r, i, &v[i]);
	*out = v;
	return RC_OK;
}
