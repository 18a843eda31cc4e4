/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Gathers the facts in one pass over the document: survey, messages, the
 * digests that they need, then signatures and timestamps.
 */
#include <string.h>

#include "caps.h"
#include "digest.h"
#include "dossier.h"
#include "format.h"

/* Digests wanted of one signature's ranges: its own, and one per content timestamp. */
struct want {
	size_t sig;
	enum hash hash;
	size_t job;
};

struct wants {
	struct want *v;
	size_t n, cap;
	struct digest_job *jobs;
	size_t njobs, jobs_cap;
};

static enum rc
want_digest(struct dossier *d, struct wants *w, size_t sig, enum hash hash)
{
	const struct dossier_sig *s = &d->sigs[sig];
	struct digest_job *job;
	enum rc rc;

	if (!s->pdf->range_sound || hash == HASH_NONE)
		return RC_OK;
	if ((rc = arena_grow(d->arena, &w->v, w->n, &w->cap, sizeof(*w->v))) != RC_OK ||
	    (rc = arena_grow(d->arena, &w->jobs, w->njobs, &w->jobs_cap, sizeof(*w->jobs))) !=
		RC_OK)
		return rc;
	job = &w->jobs[w->njobs];
	memset(job, 0, sizeof(*job));
	job->a = s->a;
	job->c = s->c;
	job->end = s->end;
	job->hash = hash;
	w->v[w->n].sig = sig;
	w->v[w->n].hash = hash;
	w->v[w->n].job = w->njobs++;
	w->n++;
	return RC_OK;
}

/* The digest of that signature's ranges, or a span of length 0. */
static struct der
digest_of(const struct wants *w, size_t sig, enum hash hash)
{
	struct der none = {NULL, 0};
	size_t i;

	for (i = 0; i < w->n; i++)
		if (w->v[i].sig == sig && w->v[i].hash == hash) {
			struct der md = {w->jobs[w->v[i].job].out, w->jobs[w->v[i].job].len};

			return md;
		}
	return none;
}

static enum cms_kind
kind_of(enum pdf_subfilter sf)
{
	if (sf == PDF_SF_RFC3161)
		return CMS_TOKEN;
	return sf == PDF_SF_PKCS7_SHA1 ? CMS_SHA1 : CMS_DETACHED;
}

/* What is no certificate is left out; what found no room is remembered. */
static void
add_cert(struct dossier *d, struct der der, enum cert_origin origin)
{
	enum rc rc = cert_pool_add(&d->pool, der, origin, NULL);

	d->evidence_capped |= rc == RC_TOOBIG || rc == RC_NOMEM;
}

static void
add_certs(struct dossier *d, const struct cms *cms, enum cert_origin origin)
{
	size_t i;

	if (cms == NULL)
		return;
	for (i = 0; i < cms->ncerts; i++)
		add_cert(d, cms->certs[i], origin);
}

/* One OCSP response or CRL; what is none is left out, what a limit leaves out is remembered. */
static enum rc
add_one(struct dossier *d, struct der der, bool is_crl, enum evidence_origin origin,
    unsigned revision, unsigned owner, unsigned since)
{
	enum rc rc = evidence_pool_add(&d->evidence, der, is_crl, origin, revision, owner, since);

	if (rc == RC_TOOBIG)
		d->evidence_capped = true;
	return rc == RC_TOOBIG || rc == RC_FORMAT ? RC_OK : rc;
}

static enum rc
add_evidence(
    struct dossier *d, const struct der *v, size_t n, bool is_crl, unsigned owner, unsigned since)
{
	enum rc rc = RC_OK;
	size_t i;

	for (i = 0; rc == RC_OK && i < n; i++)
		rc = add_one(d, v[i], is_crl, EVIDENCE_CMS, 0, owner, since);
	return rc;
}

/* What a message holds; since: as of the message, which for a VRI's token is not its owner's. */
static enum rc
add_cms_evidence(struct dossier *d, const struct cms *cms, unsigned owner, unsigned since)
{
	enum rc rc;

	if (cms == NULL)
		return RC_OK;
	if ((rc = add_evidence(d, cms->ocsps, cms->nocsps, false, owner, since)) != RC_OK ||
	    (rc = add_evidence(d, cms->crls, cms->ncrls, true, owner, since)) != RC_OK)
		return rc;
	return add_evidence(d, cms->attr_crls, cms->nattr_crls, true, owner, since);
}

static enum rc
add_dss(struct dossier *d)
{
	const struct pdf_dss *dss = &d->survey.dss;
	enum rc rc;
	size_t i;

	for (i = 0; i < dss->ncerts; i++) {
		struct der der = {dss->certs[i].der.p, dss->certs[i].der.len};

		add_cert(d, der, CERT_FROM_DSS);
	}
	for (i = 0; i < dss->nocsps + dss->ncrls; i++) {
		bool crl = i >= dss->nocsps;
		const struct pdf_evidence *e = crl ? &dss->crls[i - dss->nocsps] : &dss->ocsps[i];
		struct der der = {e->der.p, e->der.len};

		if ((rc = add_one(d, der, crl, EVIDENCE_DSS, e->revision, 0, e->revision)) != RC_OK)
			return rc;
	}
	return RC_OK;
}

/* Split the tokens in v into timestamps behind those that out holds. */
static enum rc
parse_tokens(struct dossier *d, struct tstamp **out, size_t *n, const struct der *v, size_t nv,
    unsigned since)
{
	struct tstamp *t;
	enum rc rc;
	size_t i;

	if (nv == 0)
		return RC_OK;
	if (nv > CAP_TIMESTAMPS) {
		nv = CAP_TIMESTAMPS;
		d->evidence_capped = true;
	}
	if ((t = arena_array(d->arena, *n + nv, sizeof(*t))) == NULL)
		return RC_NOMEM;
	if (*n != 0)
		memcpy(t, *out, *n * sizeof(*t));
	*out = t;
	for (i = 0; i < nv; i++) {
		rc = tstamp_parse(&t[*n], d->arena, v[i]);
		if (rc == RC_TOOBIG) {
			d->evidence_capped = true;
			continue;
		}
		if (rc != RC_OK)
			return rc;
		t[*n].since = since;
		add_certs(d, t[*n].cms, CERT_FROM_TST);
		(*n)++;
	}
	return RC_OK;
}

static enum rc
open_message(struct dossier *d, struct wants *w, size_t i)
{
	struct dossier_sig *s = &d->sigs[i];
	struct der contents = {s->pdf->contents.p, s->pdf->contents.len};
	enum rc rc;
	size_t k;

	if (contents.len == 0 || s->pdf->sub_filter == PDF_SF_OTHER)
		return RC_OK;
	if (s->pdf->sub_filter == PDF_SF_X509_SHA1) {
		s->hash = HASH_SHA1;
		return want_digest(d, w, i, HASH_SHA1);
	}
	if (s->kind == CMS_TOKEN) {
		if ((rc = parse_tokens(d, &s->tst, &s->ntst, &contents, 1, s->since)) != RC_OK ||
		    s->ntst == 0)
			return rc;
		s->tst[0].is_document = true;
		s->cms = s->tst[0].cms;
		s->hash = s->tst[0].imprint_hash;
		return want_digest(d, w, i, s->hash);
	}
	rc = cms_parse(&s->cms, d->arena, contents, s->kind);
	if (rc == RC_TOOBIG) {
		d->evidence_capped = true;
		return RC_OK;
	}
	if (rc != RC_OK)
		return rc;
	if (s->cms->findings & (CMS_C1_SIGNED_DATA | CMS_C9_ENCODING))
		return RC_OK;
	add_certs(d, s->cms, CERT_FROM_CMS);
	if ((rc = add_cms_evidence(d, s->cms, (unsigned)i + 1, s->since)) != RC_OK ||
	    (rc = parse_tokens(d, &s->tst, &s->ntst, s->cms->sig_ts, s->cms->nsig_ts, s->since)) !=
		RC_OK ||
	    (rc = parse_tokens(d, &s->content_tst, &s->ncontent_tst, s->cms->content_ts,
		 s->cms->ncontent_ts, s->since)) != RC_OK)
		return rc;
	s->nown_tst = s->ntst;
	s->hash = s->kind == CMS_SHA1 ? HASH_SHA1 : s->cms->digest;
	rc = want_digest(d, w, i, s->hash);
	for (k = 0; rc == RC_OK && k < s->ncontent_tst; k++)
		if (s->content_tst[k].imprint_hash != s->hash)
			rc = want_digest(d, w, i, s->content_tst[k].imprint_hash);
	return rc;
}

/* VRI /TS tokens carry no owner: each belongs to the signature whose value it stamps. */
static enum rc
adopt_vri_tokens(struct dossier *d)
{
	const struct pdf_dss *dss = &d->survey.dss;
	uint8_t md[HASH_SIZE_MAX];
	struct tstamp probe;
	enum rc rc;
	size_t i, k, len;

	for (i = 0; i < dss->nvri_ts && i < CAP_TIMESTAMPS; i++) {
		struct der token = {dss->vri_ts[i].der.p, dss->vri_ts[i].der.len};

		if ((rc = tstamp_parse(&probe, d->arena, token)) == RC_TOOBIG)
			continue;
		if (rc != RC_OK)
			return rc;
		for (k = 0; k < d->nsigs; k++) {
			struct dossier_sig *s = &d->sigs[k];

			if (s->cms == NULL || s->kind == CMS_TOKEN || s->cms->signature.len == 0)
				continue;
			len = hash_span(probe.imprint_hash, s->cms->signature, md);
			if (len == 0 || len != probe.imprint.len ||
			    memcmp(md, probe.imprint.p, len) != 0)
				continue;
			rc = parse_tokens(d, &s->tst, &s->ntst, &token, 1, dss->vri_ts[i].revision);
			if (rc != RC_OK)
				return rc;
		}
	}
	return RC_OK;
}

/* adbe.x509.rsa_sha1: /Contents is a DER OCTET STRING with a PKCS #1 value over SHA-1. */
static void
check_x509(struct dossier *d, struct dossier_sig *s, struct der md)
{
	struct der in = {s->pdf->contents.p, s->pdf->contents.len};
	struct der cert = {s->pdf->cert.p, s->pdf->cert.len};
	struct sig_algo alg = {SCHEME_RSA_PKCS1, HASH_SHA1, HASH_NONE, 0, true};
	struct der_tlv value;
	EVP_PKEY *key;
	int ok;

	s->scheme = SCHEME_RSA_PKCS1;
	s->check = CMS_UNCHECKED;
	if (cert.len == 0 || cert_pool_add(&d->pool, cert, CERT_FROM_CMS, &s->signer) != RC_OK ||
	    !der_expect(&in, DER_OCTET_STRING, &value) || md.len == 0 ||
	    (key = cert_key(s->signer)) == NULL)
		return;
	ok = sig_verify_digest(key, &alg, HASH_SHA1, md.p, md.len, value.body);
	if (ok >= 0)
		s->check = ok == 1 ? CMS_INTACT : CMS_BAD_SIGNATURE;
}

static enum rc
check_timestamps(struct dossier *d, struct dossier_sig *s, const struct wants *w, size_t i)
{
	uint8_t buf[HASH_SIZE_MAX];
	struct der md;
	size_t k, len;
	enum rc rc;

	for (k = 0; k < s->ntst; k++) {
		if (s->kind == CMS_TOKEN)
			md = digest_of(w, i, s->tst[k].imprint_hash);
		else {
			len = hash_span(s->tst[k].imprint_hash, s->cms->signature, buf);
			md.p = buf;
			md.len = len;
		}
		if ((rc = tstamp_check(&s->tst[k], &d->pool, md.p, md.len)) != RC_OK)
			return rc;
	}
	for (k = 0; k < s->ncontent_tst; k++) {
		md = digest_of(w, i, s->content_tst[k].imprint_hash);
		if ((rc = tstamp_check(&s->content_tst[k], &d->pool, md.p, md.len)) != RC_OK)
			return rc;
	}
	return RC_OK;
}

static enum rc
check_signature(struct dossier *d, const struct wants *w, size_t i)
{
	struct dossier_sig *s = &d->sigs[i];
	struct der md = digest_of(w, i, s->hash);
	enum rc rc;

	s->digest_known = md.len != 0;
	if (s->pdf->sub_filter == PDF_SF_X509_SHA1) {
		check_x509(d, s, md);
		return RC_OK;
	}
	if (s->cms == NULL || s->cms->findings & (CMS_C1_SIGNED_DATA | CMS_C9_ENCODING))
		return RC_OK;
	s->scheme = s->cms->algo_known ? s->cms->algo.scheme : SCHEME_NONE;
	if ((rc = check_timestamps(d, s, w, i)) != RC_OK)
		return rc;
	if (s->kind == CMS_TOKEN) {
		s->signer = s->tst[0].cert;
		if (!s->digest_known || s->tst[0].findings & TST_NO_CERT)
			s->check = CMS_UNCHECKED;
		else if (s->tst[0].findings & TST_T2_IMPRINT)
			s->check = CMS_HASH_MISMATCH;
		else if (s->tst[0].findings & (TST_SIGNATURE | TST_CMS | TST_T4_INFO))
			s->check = CMS_BAD_SIGNATURE;
		else
			s->check = CMS_INTACT;
		return RC_OK;
	}
	s->signer = cms_signer(s->cms, &d->pool, &s->signer_in_cms);
	if (s->digest_known && (s->signer == NULL || cert_pk_spend(d->pool.cache, s->signer)))
		s->check = cms_verify(s->cms, s->kind, s->signer, md.p, md.len);
	return RC_OK;
}

static enum rc
open_signatures(struct dossier *d)
{
	struct judged v;
	size_t i;

	d->nsigs = d->survey.nsigs;
	if ((d->sigs = arena_array(d->arena, d->nsigs, sizeof(*d->sigs))) == NULL)
		return RC_NOMEM;
	for (i = 0; i < d->nsigs; i++) {
		struct dossier_sig *s = &d->sigs[i];

		s->pdf = &d->survey.sigs[i];
		s->kind = kind_of(s->pdf->sub_filter);
		s->check = CMS_UNCHECKED;
		s->sound = format_structure(s->pdf, &v);
		s->since = s->pdf->range_sound && s->pdf->coverage != PDF_COVERAGE_UNCLEAR
			       ? s->pdf->revision + 1
			       : EVIDENCE_NOWHERE;
		if (s->pdf->range_sound) {
			s->a = (uint64_t)s->pdf->byte_range[1];
			s->c = (uint64_t)s->pdf->byte_range[2];
			s->end = s->c + (uint64_t)s->pdf->byte_range[3];
		}
	}
	return RC_OK;
}

enum rc
dossier_open(struct dossier *d, struct arena *arena, const struct source *src,
    const struct trust *trust, const struct pdf_bytes *password)
{
	struct wants w;
	enum rc rc;
	size_t i;

	memset(d, 0, sizeof(*d));
	memset(&w, 0, sizeof(w));
	d->arena = arena;
	d->trust = trust;
	cert_pool_init(&d->pool, trust->cache, arena);
	evidence_pool_init(&d->evidence, arena);
	if ((rc = pdf_survey(&d->survey, arena, src, password)) != RC_OK ||
	    (rc = open_signatures(d)) != RC_OK)
		return rc;
	for (i = 0; i < d->nsigs; i++)
		if ((rc = open_message(d, &w, i)) != RC_OK)
			return rc;
	if ((rc = digest_run(src, w.jobs, w.njobs, d->sha256)) != RC_OK)
		return rc;
	if ((rc = add_dss(d)) != RC_OK || (rc = adopt_vri_tokens(d)) != RC_OK)
		return rc;
	for (i = 0; i < d->nsigs; i++)
		if (d->sigs[i].kind != CMS_TOKEN) {
			size_t k;

			for (k = 0; rc == RC_OK && k < d->sigs[i].ntst; k++)
				rc = add_cms_evidence(d, d->sigs[i].tst[k].cms, (unsigned)i + 1,
				    d->sigs[i].tst[k].since);
			if (rc != RC_OK)
				return rc;
		} else if ((rc = add_cms_evidence(
				d, d->sigs[i].cms, (unsigned)i + 1, d->sigs[i].since)) != RC_OK)
			return rc;
	if ((rc = evidence_pool_certs(&d->evidence, &d->pool)) == RC_TOOBIG)
		d->evidence_capped = true;
	else if (rc != RC_OK && rc != RC_FORMAT)
		return rc;
	for (i = 0; i < trust->nhelpers; i++)
		if ((rc = cert_pool_add_cert(&d->pool, trust->helpers[i], CERT_FROM_STORE)) ==
		    RC_NOMEM)
			return rc;
	for (i = 0; i < d->nsigs; i++)
		if ((rc = check_signature(d, &w, i)) != RC_OK)
			return rc;
	return RC_OK;
}
