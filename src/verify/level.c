/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a signature carries, step by step: B, T, LT, LTA (EN 319 142-1 V1.2.1,
 * 6.3).  It asks what is there, not what it is worth: that is the judge's.
 */
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
	    c->findings &
		(CMS_C1_SIGNED_DATA | CMS_C1_SIGNERS | CMS_C2_ECONTENT | CMS_C3_ATTRIBUTES |
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

/* Document timestamp k is over signature i, and stamps that. */
static bool
stamps_document(const struct dossier *d, size_t k, size_t i)
{
	return judge_covers(d, k, i) && stamps(&d->sigs[k].tst[0]);
}

/*
 * The same as the level asks for it: ISO 32000-2, table 255 requires /Type
 * /DocTimeStamp.  One that calls itself a signature proves a time all the same.
 */
static bool
is_dts(const struct dossier *d, size_t k, size_t i)
{
	return stamps_document(d, k, i) && !d->sigs[k].pdf->says_sig;
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
		else if (k >= s->nown_tst && stamps_document(d, k - s->nown_tst, i))
			t = d->sigs[k - s->nown_tst].tst[0].gen_time;
		else
			continue;
		if (t <= s->signer->not_after && (first == WHEN_NONE || t < first))
			first = t;
	}
	return first;
}

/*
 * B-T: a trusted time (EN 319 142-1, 6.3 n).  Only for signature timestamps EN
 * 319 122-1, 6.3 m asks that the certificate had not expired.
 */
static bool
has_time(const struct dossier *d, size_t i)
{
	const struct dossier_sig *s = &d->sigs[i];
	size_t k;

	for (k = 0; k < s->nown_tst; k++)
		if (stamps(&s->tst[k]) && s->signer != NULL &&
		    s->tst[k].gen_time <= s->signer->not_after)
			return true;
	for (k = 0; k < d->nsigs; k++)
		if (is_dts(d, k, i))
			return true;
	return false;
}

/* --- what the file holds about a path --- */

struct path_data {
	bool complete; /* all its certificates that are not the anchor's */
	bool present;  /* an answer about each: what a level asks for */
	bool usable;   /* answers that can be relied on: what LTV asks for */
};

struct level_memo {
	bool known;
	struct path_data path; /* of the authority of this document timestamp */
};

enum where { IN_FILE, IN_DSS };

/* A signature's own evidence can stand in the document security store, too. */
static bool
in_dss(const struct dossier *d, const struct evidence *e)
{
	const struct pdf_dss *dss = &d->survey.dss;
	const struct pdf_evidence *v = e->is_crl ? dss->crls : dss->ocsps;
	size_t i, n = e->is_crl ? dss->ncrls : dss->nocsps;

	if (e->origin == EVIDENCE_DSS)
		return true;
	for (i = 0; i < n; i++)
		if (v[i].der.len == e->der.len && memcmp(v[i].der.p, e->der.p, e->der.len) == 0)
			return true;
	return false;
}

/*
 * The file holds this answer, where and (0: anywhen) in which revision it is
 * wanted, and it was not over before the time that it is wanted for (WHEN_NONE: unknown).
 */
static bool
answers(const struct dossier *d, const struct revocation *v, int64_t at, unsigned revision,
    enum where where)
{
	int64_t until = v->next_update != WHEN_NONE ? v->next_update : v->this_update;

	return v->evidence->origin != EVIDENCE_ONLINE &&
	       (revision == 0 || v->evidence->revision <= revision) &&
	       (at == WHEN_NONE || until >= at - CAP_CLOCK_SKEW) &&
	       (where == IN_FILE || in_dss(d, v->evidence));
}

/* Certificates of the path that were in the trust store or asked for don't come with the file. */
static bool
enclosed(const struct dossier *d, const struct chain *c)
{
	size_t i, k, n = c->status == CHAIN_TRUSTED ? c->n - 1 : c->n;

	for (i = 0; i < n; i++)
		for (k = 0; k < d->pool.n; k++)
			if (d->pool.certs[k] == c->certs[i] && d->pool.origin[k] >= CERT_FROM_STORE)
				return false;
	return true;
}

/* Evidence about one path at a time (WHEN_NONE: unknown), as of a revision (0: any). */
static struct path_data
path_data(struct dossier *d, const struct cert *cert, enum anchor_purpose purpose, int64_t at,
    unsigned revision, enum where where)
{
	struct path_data out = {false, false, false};
	struct revocation all[REVOCATION_MAX];
	enum revocation_gap gap;
	struct chain c;
	size_t i, k, n;

	if (cert == NULL || !xcv_chain(d, cert, purpose, 0, &c) || c.n == 0)
		return out;
	out.complete =
	    (c.status == CHAIN_TRUSTED || c.certs[c.n - 1]->self_issued) && enclosed(d, &c);
	out.present = out.usable = c.n > 1 || c.status == CHAIN_TRUSTED || c.certs[0]->self_issued;
	for (i = 0; i + 1 < c.n; i++) {
		if (c.certs[i]->ocsp_nocheck || c.certs[i]->short_term)
			continue;
		n = revocation_find(
		    &d->evidence, &d->pool, c.certs[i], c.certs[i + 1], all, REVOCATION_MAX, &gap);
		for (k = 0; k < n; k++)
			if (answers(d, &all[k], at, revision, where))
				break;
		if (k < n)
			continue;
		out.usable = false;
		/* An answer whose own responder nothing is known of: 6.3 t asks for revocation
		 * data of the signer and the CAs, not for the responders'. */
		if (n != 0 || gap != REVOCATION_GAP_NOCHECK || revision != 0)
			out.present = false;
	}
	return out;
}

static struct path_data
token_data(struct dossier *d, const struct tstamp *t, unsigned revision)
{
	return path_data(d, t->cert, ANCHOR_TSA, t->gen_time, revision, IN_FILE);
}

/* Of document timestamp k, whatever signature it is asked for. */
static struct path_data
document_data(struct dossier *d, size_t k)
{
	if (d->levels == NULL &&
	    (d->levels = arena_array(d->arena, d->nsigs, sizeof(*d->levels))) == NULL)
		return token_data(d, &d->sigs[k].tst[0], 0);
	if (!d->levels[k].known) {
		d->levels[k].path = token_data(d, &d->sigs[k].tst[0], 0);
		d->levels[k].known = true;
	}
	return d->levels[k].path;
}

/* What the signer's evidence must lie in: a PKCS #7 message carries its own (ISO 32000-2,
 * 12.8.3.3.2), a PAdES one has it in the DSS (EN 319 142-1, 6.3 t). */
static struct path_data
signer_data(struct dossier *d, size_t i, unsigned revision)
{
	const struct dossier_sig *s = &d->sigs[i];

	return path_data(d, s->signer, ANCHOR_SIGNER, stamped_at(d, i), revision,
	    s->pdf->sub_filter == PDF_SF_CADES ? IN_DSS : IN_FILE);
}

/* --- long term --- */

/* The timestamps of one signature, and what the file holds about it and them. */
struct long_term {
	size_t last; /* the document timestamp that needs no evidence; d->nsigs if none */
	struct path_data signer, tst;
	bool usable; /* revocation data about the signer, wherever it lies */
};

static void
add_data(struct path_data *all, struct path_data one)
{
	all->complete = all->complete && one.complete;
	all->present = all->present && one.present;
	all->usable = all->usable && one.usable;
}

/* Document timestamp k covers another timestamp, whoever's: it keeps rather than begins. */
static bool
archives(const struct dossier *d, size_t k)
{
	size_t i, m;

	for (i = 0; i < d->nsigs; i++) {
		if (!judge_covers(d, k, i))
			continue;
		for (m = 0; m < d->sigs[i].ntst; m++)
			if (stamps(&d->sigs[i].tst[m]))
				return true;
	}
	return false;
}

/*
 * The last document timestamp needs no evidence about its authority, which the
 * next one would bring; the first proof of time does.
 */
static size_t
exempt_dts(const struct dossier *d, size_t i)
{
	size_t k, last = d->nsigs;

	for (k = 0; k < d->nsigs; k++)
		if (is_dts(d, k, i) && (last == d->nsigs || d->sigs[k].end > d->sigs[last].end))
			last = k;
	return last == d->nsigs || archives(d, last) ? last : d->nsigs;
}

static void
long_term_data(struct dossier *d, size_t i, struct long_term *lt)
{
	const struct dossier_sig *s = &d->sigs[i];
	size_t k;

	memset(lt, 0, sizeof(*lt));
	lt->last = exempt_dts(d, i);
	lt->signer = signer_data(d, i, 0);
	lt->usable = lt->signer.usable ||
		     path_data(d, s->signer, ANCHOR_SIGNER, stamped_at(d, i), 0, IN_FILE).usable;
	lt->tst.complete = lt->tst.present = lt->tst.usable = true;
	for (k = 0; k < s->ntst; k++)
		if (stamps(&s->tst[k]))
			add_data(&lt->tst, token_data(d, &s->tst[k], 0));
	for (k = 0; k < d->nsigs; k++)
		if (k != lt->last && is_dts(d, k, i))
			add_data(&lt->tst, document_data(d, k));
}

static bool
is_lt(const struct dossier *d, const struct long_term *lt, struct level_result *out)
{
	if (!d->survey.dss.present)
		missing(out, CHECK_LEVEL_DSS);
	if (!lt->signer.complete || !lt->tst.complete)
		missing(out, CHECK_LEVEL_CHAIN);
	if (!lt->signer.present)
		missing(out, CHECK_LEVEL_REVOCATION);
	if (!lt->tst.present)
		missing(out, CHECK_LEVEL_TIMESTAMP_REVOCATION);
	return out->nmissing == 0;
}

/* No later revision than this one brought evidence: then it covers what there is. */
static bool
all_evidence_by(const struct dossier *d, unsigned revision)
{
	const struct pdf_dss *dss = &d->survey.dss;
	size_t i;

	for (i = 0; i < dss->nocsps; i++)
		if (dss->ocsps[i].revision > revision)
			return false;
	for (i = 0; i < dss->ncrls; i++)
		if (dss->crls[i].revision > revision)
			return false;
	return true;
}

/* Document timestamp k covers revocation data about each certificate that LT asks it for. */
static bool
covers_evidence(struct dossier *d, size_t k, size_t i, const struct long_term *lt)
{
	const struct dossier_sig *s = &d->sigs[i];
	unsigned revision = d->sigs[k].pdf->revision;
	size_t m;

	if (all_evidence_by(d, revision))
		return true;
	if (!signer_data(d, i, revision).present)
		return false;
	for (m = 0; m < s->ntst; m++)
		if (stamps(&s->tst[m]) && !token_data(d, &s->tst[m], revision).present)
			return false;
	for (m = 0; m < d->nsigs; m++)
		if (m != k && m != lt->last && is_dts(d, m, i) &&
		    !token_data(d, &d->sigs[m].tst[0], revision).present)
			return false;
	return true;
}

/* An earlier timestamp, or its own authority's evidence, is under document timestamp k. */
static bool
covers_time(struct dossier *d, size_t k, size_t i)
{
	const struct dossier_sig *s = &d->sigs[i];
	size_t m;

	for (m = 0; m < s->ntst; m++)
		if (stamps(&s->tst[m]))
			return true;
	for (m = 0; m < k; m++)
		if (is_dts(d, m, i) && judge_covers(d, k, m))
			return true;
	return token_data(d, &d->sigs[k].tst[0], d->sigs[k].pdf->revision).present;
}

static bool
is_lta(struct dossier *d, size_t i, const struct long_term *lt, struct level_result *out)
{
	unsigned first = d->survey.dss.first_revision;
	size_t k;

	/* From the newest on: it covers most. */
	for (k = d->nsigs; k-- > 0;)
		if (is_dts(d, k, i) && first != 0 && first <= d->sigs[k].pdf->revision &&
		    covers_evidence(d, k, i, lt) && covers_time(d, k, i))
			return true;
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
	if (stamped_at(d, i) == WHEN_NONE)
		add(v, n, CHECK_LEVEL_TIMESTAMP);
	if (!lt->signer.complete || !lt->tst.complete)
		add(v, n, CHECK_LEVEL_CHAIN);
	if (!lt->usable)
		add(v, n, CHECK_LEVEL_REVOCATION);
	if (!lt->tst.usable && !policy->tsa_without_revocation)
		add(v, n, CHECK_LEVEL_TIMESTAMP_REVOCATION);
	out->ltv = *n == 0;
}

void
level_find(struct level_result *out, struct dossier *d, size_t i, const struct policy *policy)
{
	const struct dossier_sig *s = &d->sigs[i];
	struct long_term lt;
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
	if (!is_lta(d, i, &lt, out))
		return;
	out->level = pkcs7 ? LEVEL_PKCS7_LTA : LEVEL_PADES_LTA;
}
