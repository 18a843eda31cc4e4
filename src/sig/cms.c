/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * CMS SignedData (RFC 5652) with algorithm protection (RFC 6211).  The message is
 * split into spans; certificates and evidence are left as bytes for others.
 * Whether anybody trusts the signer is not known here.
 */
#include <string.h>

#include "caps.h"
#include "cms_part.h"
#include "when.h"

#define OID_DATA        "1.2.840.113549.1.7.1"
#define OID_SIGNED_DATA "1.2.840.113549.1.7.2"
#define OID_TST_INFO    "1.2.840.113549.1.9.16.1.4"
#define OID_RI_OCSP     "1.3.6.1.5.5.7.16.2"

enum rc
cms_span_add(struct arena *a, struct der **v, size_t *n, size_t *cap, size_t limit, struct der s)
{
	enum rc rc;

	if (*n >= limit)
		return RC_TOOBIG;
	if ((rc = arena_grow(a, v, *n, cap, sizeof(**v))) == RC_OK)
		(*v)[(*n)++] = s;
	return rc;
}

enum rc
cms_broken(struct cms_parser *p, unsigned finding)
{
	p->cms->findings |= finding;
	return RC_OK;
}

enum rc
cms_ocsp_add(struct cms_parser *p, struct der ocsp)
{
	return cms_span_add(
	    p->a, &p->cms->ocsps, &p->cms->nocsps, &p->cap_ocsps, CAP_EVIDENCE, ocsp);
}

static bool
unusable(const struct cms *cms)
{
	return (cms->findings & (CMS_C1_SIGNED_DATA | CMS_C9_ENCODING)) != 0;
}

/* --- octet strings --- */

/* Append the segments in in, at any depth; false if one is no OCTET STRING. */
static bool
segments_join(struct der in, uint8_t *out, size_t *used)
{
	struct der open[CAP_DER_DEPTH] = {in};
	struct der_tlv t;
	size_t depth = 1;

	while (depth > 0) {
		if (open[depth - 1].len == 0) {
			depth--;
			continue;
		}
		if (!der_next(&open[depth - 1], &t))
			return false;
		if (t.tag == (DER_OCTET_STRING | 0x20)) {
			if (depth == CAP_DER_DEPTH)
				return false;
			open[depth++] = t.body;
		} else if (t.tag != DER_OCTET_STRING)
			return false;
		else if (t.body.len > 0) {
			memcpy(out + *used, t.body.p, t.body.len);
			*used += t.body.len;
		}
	}
	return true;
}

/*
 * The octets of t, whose primitive form has the given tag; a constructed string
 * is joined in the arena.  RC_FORMAT if it is no such string.
 */
static enum rc
octets(struct arena *a, const struct der_tlv *t, uint8_t tag, struct der *out)
{
	uint8_t *p;
	size_t used = 0;

	memset(out, 0, sizeof(*out));
	if (t->tag == tag) {
		*out = t->body;
		return RC_OK;
	}
	if (t->tag != (tag | 0x20))
		return RC_FORMAT;
	if ((p = arena_alloc(a, t->body.len)) == NULL)
		return RC_NOMEM;
	if (!segments_join(t->body, p, &used))
		return RC_FORMAT;
	out->p = p;
	out->len = used;
	return RC_OK;
}

/* --- certificates and evidence --- */

static enum rc
certs_parse(struct cms_parser *p, struct der set)
{
	struct cms *cms = p->cms;
	struct der_tlv t;
	enum rc rc;

	while (set.len > 0) {
		if (!der_next(&set, &t))
			return cms_broken(p, CMS_C9_ENCODING);
		if (t.tag != DER_SEQUENCE)
			continue; /* attribute certificates and older forms */
		rc = cms_span_add(
		    p->a, &cms->certs, &cms->ncerts, &p->cap_certs, CAP_CMS_CERTS, t.whole);
		if (rc != RC_OK)
			return rc;
	}
	return RC_OK;
}

/* RevocationInfoChoices (RFC 5652, 10.2.1). */
static enum rc
crls_parse(struct cms_parser *p, struct der set)
{
	struct cms *cms = p->cms;
	struct der_tlv t, format;
	enum rc rc;

	while (set.len > 0) {
		if (!der_next(&set, &t))
			return cms_broken(p, CMS_C9_ENCODING);
		rc = RC_OK;
		if (t.tag == DER_SEQUENCE)
			rc = cms_span_add(
			    p->a, &cms->crls, &cms->ncrls, &p->cap_crls, CAP_CMS_CRLS, t.whole);
		else if (t.tag == DER_CONTEXT(1) && der_expect(&t.body, DER_OID, &format) &&
			 der_oid_is(format.body, OID_RI_OCSP))
			rc = cms_ocsp_add(p, t.body);
		if (rc != RC_OK)
			return rc;
	}
	return RC_OK;
}

/* --- algorithms (C6) --- */

static bool
algo_equal(const struct sig_algo *a, const struct sig_algo *b)
{
	return a->scheme == b->scheme && a->hash == b->hash && a->mgf1_hash == b->mgf1_hash &&
	       a->salt_len == b->salt_len && a->params_ok == b->params_ok;
}

/* CMSAlgorithmProtection {digest, [1] IMPLICIT signature} repeats both algorithms. */
static enum rc
protection_check(struct cms_parser *p)
{
	struct cms *cms = p->cms;
	struct der in = p->protection, sig;
	struct der_tlv seq, t;
	struct sig_algo algo;
	uint8_t *copy;

	if (!der_expect(&in, DER_SEQUENCE, &seq) || !der_expect(&seq.body, DER_SEQUENCE, &t) ||
	    hash_parse(t.whole) != cms->digest || !der_expect(&seq.body, DER_CONTEXT(1), &t) ||
	    seq.body.len != 0)
		return cms_broken(p, CMS_C6_ALGORITHM);
	if ((copy = arena_dup(p->a, t.whole.p, t.whole.len)) == NULL)
		return RC_NOMEM;
	copy[0] = DER_SEQUENCE;
	sig.p = copy;
	sig.len = t.whole.len;
	if (!sig_algo_parse(sig, &algo) || !algo_equal(&algo, &cms->algo))
		return cms_broken(p, CMS_C6_ALGORITHM);
	return RC_OK;
}

static enum rc
algorithms_parse(struct cms_parser *p)
{
	struct cms *cms = p->cms;
	const struct sig_algo *algo = &cms->algo;
	struct sig_algo wrong;

	cms->digest = hash_parse(p->digest_alg);
	cms->algo_known = sig_algo_parse(p->sig_alg, &cms->algo);
	/* Some writers name a signature algorithm as the digest. */
	if (cms->digest == HASH_NONE && sig_algo_parse(p->digest_alg, &wrong))
		return cms_broken(p, CMS_C6_ALGORITHM);
	if (cms->digest == HASH_NONE || !cms->algo_known)
		return cms_broken(p, CMS_C6_UNSUPPORTED);
	if (algo->hash != HASH_NONE && algo->hash != cms->digest)
		cms->findings |= CMS_C6_ALGORITHM;
	/* Any salt that the key has room for (RFC 8017, 9.1): some programs take all of it. */
	if (algo->scheme == SCHEME_RSA_PSS && (!algo->params_ok || algo->mgf1_hash != algo->hash))
		cms->findings |= CMS_C6_ALGORITHM;
	return p->protection.len != 0 ? protection_check(p) : RC_OK;
}

/* --- structure --- */

static enum rc
sid_parse(struct cms_parser *p, struct der *in)
{
	struct cms *cms = p->cms;
	struct der_tlv sid, t;
	enum rc rc;

	if (!der_next(in, &sid))
		return cms_broken(p, CMS_C9_ENCODING);
	if (sid.tag == DER_SEQUENCE) {
		if (!der_expect(&sid.body, DER_SEQUENCE, &t))
			return cms_broken(p, CMS_C9_ENCODING);
		cms->sid_issuer = t.whole;
		if (!der_expect(&sid.body, DER_INTEGER, &t) || t.body.len == 0 || sid.body.len != 0)
			return cms_broken(p, CMS_C9_ENCODING);
		cms->sid_serial = t.body;
		return RC_OK;
	}
	rc = octets(p->a, &sid, DER_CONTEXT_P(0), &cms->sid_ski);
	return rc == RC_FORMAT ? cms_broken(p, CMS_C9_ENCODING) : rc;
}

static enum rc
signer_info_parse(struct cms_parser *p, struct der in)
{
	struct der_tlv t;
	enum rc rc;

	if (!der_expect(&in, DER_INTEGER, &t))
		return cms_broken(p, CMS_C9_ENCODING);
	if ((rc = sid_parse(p, &in)) != RC_OK || unusable(p->cms))
		return rc;
	if (!der_expect(&in, DER_SEQUENCE, &t))
		return cms_broken(p, CMS_C9_ENCODING);
	p->digest_alg = t.whole;
	if (der_expect(&in, DER_CONTEXT(0), &t))
		p->signed_attrs = t.whole;
	if (!der_expect(&in, DER_SEQUENCE, &t))
		return cms_broken(p, CMS_C9_ENCODING);
	p->sig_alg = t.whole;
	if (!der_next(&in, &t))
		return cms_broken(p, CMS_C9_ENCODING);
	rc = octets(p->a, &t, DER_OCTET_STRING, &p->cms->signature);
	if (rc != RC_OK)
		return rc == RC_FORMAT ? cms_broken(p, CMS_C9_ENCODING) : rc;
	if (der_expect(&in, DER_CONTEXT(1), &t))
		p->unsigned_attrs = t.whole;
	if (in.len != 0)
		return cms_broken(p, CMS_C9_ENCODING);

	if (p->signed_attrs.len == 0) {
		p->cms->findings |= CMS_C3_NO_ATTRIBUTES;
		/* RFC 5652, 5.3: only the type data goes without. */
		if (!der_oid_is(p->cms->econtent_type, OID_DATA))
			p->cms->findings |= CMS_C3_ATTRIBUTES;
	} else if ((rc = cms_attr_signed(p)) != RC_OK || unusable(p->cms))
		return rc;
	if (p->unsigned_attrs.len != 0 && (rc = cms_attr_unsigned(p)) != RC_OK)
		return rc;
	return algorithms_parse(p);
}

/* EncapsulatedContentInfo, and rule C2. */
static enum rc
content_parse(struct cms_parser *p, struct der in)
{
	struct cms *cms = p->cms;
	struct der_tlv t, content;
	bool ok = false;
	enum rc rc;

	if (!der_expect(&in, DER_OID, &t))
		return cms_broken(p, CMS_C9_ENCODING);
	cms->econtent_type = t.body;
	if (in.len != 0) {
		if (!der_expect(&in, DER_CONTEXT(0), &t) || in.len != 0)
			return cms_broken(p, CMS_C9_ENCODING);
		cms->has_econtent = true;
		if (!der_next(&t.body, &content) || t.body.len != 0)
			return cms_broken(p, CMS_C9_ENCODING);
		rc = octets(p->a, &content, DER_OCTET_STRING, &cms->econtent);
		if (rc == RC_FORMAT)
			cms->findings |= CMS_C2_ECONTENT;
		else if (rc != RC_OK)
			return rc;
	}
	switch (p->kind) {
	case CMS_DETACHED:
		ok = !cms->has_econtent;
		break;
	case CMS_SHA1:
		ok = cms->econtent.len == 20;
		break;
	case CMS_TOKEN:
		ok = cms->has_econtent && der_oid_is(cms->econtent_type, OID_TST_INFO);
		break;
	}
	if (!ok)
		cms->findings |= CMS_C2_ECONTENT;
	return RC_OK;
}

static enum rc
signed_data_parse(struct cms_parser *p, struct der in)
{
	struct der_tlv content, t, certs, crls, signers, info;
	enum rc rc;

	if (!der_expect(&in, DER_INTEGER, &t) || !der_expect(&in, DER_SET, &t) ||
	    !der_expect(&in, DER_SEQUENCE, &content))
		return cms_broken(p, CMS_C9_ENCODING);
	(void)der_expect(&in, DER_CONTEXT(0), &certs);
	(void)der_expect(&in, DER_CONTEXT(1), &crls);
	if (!der_expect(&in, DER_SET, &signers) || in.len != 0)
		return cms_broken(p, CMS_C9_ENCODING);
	if ((rc = content_parse(p, content.body)) != RC_OK || unusable(p->cms) ||
	    (rc = certs_parse(p, certs.body)) != RC_OK || unusable(p->cms) ||
	    (rc = crls_parse(p, crls.body)) != RC_OK || unusable(p->cms))
		return rc;
	if (!der_expect(&signers.body, DER_SEQUENCE, &info))
		return cms_broken(p, CMS_C1_SIGNED_DATA);
	if (signers.body.len != 0)
		p->cms->findings |= CMS_C1_SIGNERS;
	return signer_info_parse(p, info.body);
}

enum rc
cms_parse(struct cms **out, struct arena *a, struct der contents, enum cms_kind kind)
{
	struct cms_parser p = {.a = a, .kind = kind};
	struct der_tlv t, type, content;
	size_t i;

	if ((*out = p.cms = arena_alloc(a, sizeof(**out))) == NULL)
		return RC_NOMEM;
	p.cms->signing_time = WHEN_NONE;
	if (!der_next(&contents, &t))
		return cms_broken(&p, CMS_C9_ENCODING);
	p.cms->whole = t.whole;
	if (t.whole.len > CAP_CMS)
		return RC_TOOBIG;
	for (i = 0; i < contents.len; i++) {
		if (contents.p[i] != 0) {
			p.cms->findings |= CMS_B6_PADDING;
			break;
		}
	}
	if (t.tag != DER_SEQUENCE || !der_expect(&t.body, DER_OID, &type) ||
	    !der_oid_is(type.body, OID_SIGNED_DATA))
		return cms_broken(&p, CMS_C1_SIGNED_DATA);
	if (!der_expect(&t.body, DER_CONTEXT(0), &content) || t.body.len != 0 ||
	    !der_expect(&content.body, DER_SEQUENCE, &t) || content.body.len != 0)
		return cms_broken(&p, CMS_C9_ENCODING);
	return signed_data_parse(&p, t.body);
}
