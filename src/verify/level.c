/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a signature carries, step by step: B, T, LT, LTA. */
#include <string.h>

#include "caps.h"
#include "level.h"
#include "when.h"

static void
add(enum check *v, size_t *n, enum check c)
{
	size_t i;

	for (i = 0; i < *n; i++)
		if (v[i] == c)
			return;
	if (*n < LEVEL_MISSING_MAX)
		v[(*n)++] = c;
}

static void
missing(struct level_result *out, enum check c)
{
	add(out->missing, &out->nmissing, c);
}

/* B-B of EN 319 142-1, 6.3; false when something is missing. */
static bool
is_pades_b(const struct dossier_sig *s, struct level_result *out)
{
	const struct cms *c = s->cms;

	if (s->pdf->sub_filter != PDF_SF_CADES || c == NULL ||
	    c->findings & (CMS_C1_SIGNED_DATA | CMS_C2_ECONTENT | CMS_C3_ATTRIBUTES |
			      CMS_C3_NO_ATTRIBUTES | CMS_C4_CONTENT_TYPE | CMS_C9_ENCODING) ||
	    !der_oid_is(c->econtent_type, "1.2.840.113549.1.7.1")) /* id-data */
		missing(out, CHECK_LEVEL_FORMAT);
	if (c == NULL || s->signer == NULL || !s->signer_in_cms)
		missing(out, CHECK_LEVEL_CERTIFICATE);
	if (c == NULL || c->has_signing_time || !s->pdf->m_present)
		missing(out, CHECK_LEVEL_SIGNING_TIME);
	if (c == NULL || c->has_ess_v1 == c->has_ess_v2 || c->findings & CMS_C8_ESS_MISMATCH)
		missing(out, CHECK_LEVEL_REFERENCE);
	if (s->pdf->cert_present || !s->pdf->filter_present || c == NULL ||
	    c->multiple_signer_attrs ||
	    (s->pdf->reason_present && (c->has_commitment || c->has_policy_id)))
		missing(out, CHECK_LEVEL_DICTIONARY);
	return out->nmissing == 0;
}

static bool
stamps(const struct tstamp *t)
{
	return (t->findings & (TST_T2_IMPRINT | TST_T4_INFO | TST_CMS | TST_SIGNATURE)) == 0 &&
	       t->gen_time != WHEN_NONE;
}

/* The earliest timestamp of the signer's lifetime; WHEN_NONE if there is none. */
static int64_t
stamped_at(const struct dossier *d, size_t i)
{
	const struct dossier_sig *s = &d->sigs[i];
	int64_t t, first = WHEN_NONE;
	size_t k;

	for (k = 0; s->signer != NULL && k < s->nown_tst + d->nsigs; k++) {
		if (k < s->nown_tst && stamps(&s->tst[k]))
			t = s->tst[k].gen_time;
		else if (k >= s->nown_tst && judge_covers(d, k - s->nown_tst, i) &&
			 stamps(&d->sigs[k - s->nown_tst].tst[0]))
			t = d->sigs[k - s->nown_tst].tst[0].gen_time;
		else
			continue;
		if (t <= s->signer->not_after && (first == WHEN_NONE || t < first))
			first = t;
	}
	return first;
}

static bool
has_time(const struct dossier *d, size_t i)
{
	return stamped_at(d, i) != WHEN_NONE;
}

/*
 * The file holds this answer, as of a revision (0: any), and it was not over
 * before the time that it is wanted for (WHEN_NONE: unknown).
 */
static bool
answers(const struct revocation *v, int64_t at, unsigned revision)
{
	int64_t until = v->next_update != WHEN_NONE ? v->next_update : v->this_update;

	return v->evidence->origin != EVIDENCE_ONLINE &&
	       (revision == 0 || v->evidence->revision <= revision) &&
	       (at == WHEN_NONE || until >= at - CAP_CLOCK_SKEW);
}

/* Certificates of the path that only the trust store has don't come with the file. */
static bool
enclosed(const struct dossier *d, const struct chain *c)
{
	size_t i, k, n = c->status == CHAIN_TRUSTED ? c->n - 1 : c->n;

	for (i = 0; i < n; i++)
		for (k = 0; k < d->pool.n; k++)
			if (d->pool.certs[k] == c->certs[i] && d->pool.origin[k] == CERT_FROM_STORE)
				return false;
	return true;
}

/* Evidence about one path at a time (WHEN_NONE: unknown), as of a revision (0: any). */
static void
path_data(struct dossier *d, const struct cert *cert, enum anchor_purpose purpose, int64_t at,
    unsigned revision, bool *complete, bool *revocation)
{
	struct revocation all[32];
	enum revocation_gap gap;
	struct chain c;
	size_t i, k, n;

	*complete = *revocation = false;
	if (cert == NULL || !xcv_chain(d, cert, purpose, 0, &c) || c.n == 0)
		return;
	*complete = (c.status == CHAIN_TRUSTED || c.certs[c.n - 1]->self_issued) && enclosed(d, &c);
	*revocation = true;
	for (i = 0; i + 1 < c.n; i++) {
		if (c.certs[i]->ocsp_nocheck || c.certs[i]->short_term)
			continue;
		n = revocation_find(&d->evidence, &d->pool, c.certs[i], c.certs[i + 1], all,
		    sizeof(all) / sizeof(all[0]), &gap);
		for (k = 0; k < n; k++)
			if (answers(&all[k], at, revision))
				break;
		if (k == n)
			*revocation = false;
	}
	if (c.n == 1 && c.status != CHAIN_TRUSTED && !c.certs[0]->self_issued)
		*revocation = false;
}

/* The last document timestamp over signature i; d->nsigs if there is none. */
static size_t
last_dts(const struct dossier *d, size_t i)
{
	size_t k, last = d->nsigs;

	for (k = 0; k < d->nsigs; k++)
		if (judge_covers(d, k, i) && stamps(&d->sigs[k].tst[0]) &&
		    (last == d->nsigs || d->sigs[k].end > d->sigs[last].end))
			last = k;
	return last;
}

struct long_term {
	bool complete, revocation, tst_complete, tst_revocation;
};

static void
long_term_data(struct dossier *d, size_t i, struct long_term *lt)
{
	const struct dossier_sig *s = &d->sigs[i];
	size_t k, last = last_dts(d, i);
	bool complete, revocation;

	path_data(d, s->signer, ANCHOR_SIGNER, stamped_at(d, i), 0, &lt->complete, &lt->revocation);
	lt->tst_complete = lt->tst_revocation = true;
	for (k = 0; k < s->ntst; k++) {
		if (!stamps(&s->tst[k]))
			continue;
		path_data(
		    d, s->tst[k].cert, ANCHOR_TSA, s->tst[k].gen_time, 0, &complete, &revocation);
		lt->tst_complete = lt->tst_complete && complete;
		lt->tst_revocation = lt->tst_revocation && revocation;
	}
	for (k = 0; k < d->nsigs; k++) {
		if (k == last || !judge_covers(d, k, i) || !stamps(&d->sigs[k].tst[0]))
			continue;
		path_data(d, d->sigs[k].tst[0].cert, ANCHOR_TSA, d->sigs[k].tst[0].gen_time, 0,
		    &complete, &revocation);
		lt->tst_complete = lt->tst_complete && complete;
		lt->tst_revocation = lt->tst_revocation && revocation;
	}
}

static bool
is_lt(const struct dossier *d, const struct long_term *lt, struct level_result *out)
{
	if (!d->survey.dss.present)
		missing(out, CHECK_LEVEL_DSS);
	if (!lt->complete || !lt->tst_complete)
		missing(out, CHECK_LEVEL_CHAIN);
	if (!lt->revocation)
		missing(out, CHECK_LEVEL_REVOCATION);
	if (!lt->tst_revocation)
		missing(out, CHECK_LEVEL_TIMESTAMP_REVOCATION);
	return out->nmissing == 0;
}

static bool
is_lta(struct dossier *d, size_t i, struct level_result *out)
{
	const struct dossier_sig *s = &d->sigs[i];
	bool complete, revocation;
	size_t k;

	for (k = 0; k < d->nsigs; k++) {
		if (!judge_covers(d, k, i) || !stamps(&d->sigs[k].tst[0]) ||
		    d->survey.dss.first_revision == 0 ||
		    d->survey.dss.first_revision > d->sigs[k].pdf->revision)
			continue;
		path_data(d, s->signer, ANCHOR_SIGNER, stamped_at(d, i), d->sigs[k].pdf->revision,
		    &complete, &revocation);
		if (revocation)
			return true;
	}
	missing(out, CHECK_LEVEL_ARCHIVE);
	return false;
}

/* LTV in the sense of the circular: it can be verified later without asking anybody. */
static void
find_ltv(const struct dossier *d, size_t i, const struct long_term *lt, const struct policy *policy,
    struct level_result *out)
{
	enum check *v = out->ltv_missing;
	size_t *n = &out->nltv_missing;

	if (d->sigs[i].cms == NULL || d->sigs[i].signer == NULL)
		add(v, n, CHECK_LEVEL_CERTIFICATE);
	if (!has_time(d, i))
		add(v, n, CHECK_LEVEL_TIMESTAMP);
	if (!lt->complete || !lt->tst_complete)
		add(v, n, CHECK_LEVEL_CHAIN);
	if (!lt->revocation)
		add(v, n, CHECK_LEVEL_REVOCATION);
	if (!lt->tst_revocation && !policy->tsa_without_revocation)
		add(v, n, CHECK_LEVEL_TIMESTAMP_REVOCATION);
	out->ltv = *n == 0;
}

void
level_find(struct level_result *out, struct dossier *d, size_t i, const struct policy *policy)
{
	const struct dossier_sig *s = &d->sigs[i];
	struct long_term lt = {false, false, false, false};
	bool pkcs7;

	memset(out, 0, sizeof(*out));
	out->level = LEVEL_NONE;
	if (s->kind == CMS_TOKEN)
		return;
	long_term_data(d, i, &lt);
	find_ltv(d, i, &lt, policy, out);
	pkcs7 = s->pdf->sub_filter == PDF_SF_PKCS7 || s->pdf->sub_filter == PDF_SF_PKCS7_SHA1;
	if (pkcs7 ? s->cms == NULL || s->signer == NULL : !is_pades_b(s, out)) {
		if (pkcs7)
			missing(out, CHECK_LEVEL_CERTIFICATE);
		return;
	}
	out->level = pkcs7 ? LEVEL_PKCS7_B : LEVEL_PADES_B;
	if (!has_time(d, i)) {
		missing(out, CHECK_LEVEL_TIMESTAMP);
		return;
	}
	out->level = pkcs7 ? LEVEL_PKCS7_T : LEVEL_PADES_T;
	if (!is_lt(d, &lt, out))
		return;
	out->level = pkcs7 ? LEVEL_PKCS7_LT : LEVEL_PADES_LT;
	if (!is_lta(d, i, out))
		return;
	out->level = pkcs7 ? LEVEL_PKCS7_LTA : LEVEL_PADES_LTA;
}
