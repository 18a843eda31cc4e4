/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * CMS SignedData (RFC 5652) with the attributes of ESS (RFC 2634, RFC 5035),
 * CAdES (RFC 5126, ETSI EN 319 122-1), algorithm protection (RFC 6211) and
 * Adobe's revocation archive (ISO 32000-2, 12.8.3.3.2).  The message is split
 * into spans; certificates and evidence are left as bytes for others.  Whether
 * anybody trusts the signer is not known here.
 */
#include <string.h>

#include "caps.h"
#include "cms.h"
#include "when.h"

#define nitems(a) (sizeof(a) / sizeof((a)[0]))

#define OID_DATA        "1.2.840.113549.1.7.1"
#define OID_SIGNED_DATA "1.2.840.113549.1.7.2"
#define OID_TST_INFO    "1.2.840.113549.1.9.16.1.4"
#define OID_RI_OCSP     "1.3.6.1.5.5.7.16.2"

enum attr_id {
	ATTR_OTHER,
	/* signed, one value, never unsigned */
	ATTR_CONTENT_TYPE,
	ATTR_MESSAGE_DIGEST,
	ATTR_SIGNING_TIME,
	ATTR_ESS_V1,
	ATTR_ESS_V2,
	ATTR_ALGORITHM_PROTECTION,
	ATTR_SINGLE = ATTR_ALGORITHM_PROTECTION,
	/* signed */
	ATTR_CONTENT_TS,
	ATTR_POLICY,
	ATTR_COMMITMENT,
	ATTR_SIGNER_ATTRS,
	/* unsigned */
	ATTR_SIGNATURE_TS,
	ATTR_CERT_VALUES,
	ATTR_REVOCATION_VALUES,
	/* either */
	ATTR_ADBE_REVOCATION
};

static const struct {
	const char *oid;
	enum attr_id id;
} attr_oids[] = {
    {"1.2.840.113549.1.9.3", ATTR_CONTENT_TYPE},
    {"1.2.840.113549.1.9.4", ATTR_MESSAGE_DIGEST},
    {"1.2.840.113549.1.9.5", ATTR_SIGNING_TIME},
    {"1.2.840.113549.1.9.52", ATTR_ALGORITHM_PROTECTION},
    {"1.2.840.113549.1.9.16.2.12", ATTR_ESS_V1},
    {"1.2.840.113549.1.9.16.2.47", ATTR_ESS_V2},
    {"1.2.840.113549.1.9.16.2.14", ATTR_SIGNATURE_TS},
    {"1.2.840.113549.1.9.16.2.15", ATTR_POLICY},
    {"1.2.840.113549.1.9.16.2.16", ATTR_COMMITMENT},
    {"1.2.840.113549.1.9.16.2.17", ATTR_SIGNER_ATTRS},
    {"0.4.0.19122.1.1", ATTR_SIGNER_ATTRS},
    {"1.2.840.113549.1.9.16.2.20", ATTR_CONTENT_TS},
    {"1.2.840.113549.1.9.16.2.23", ATTR_CERT_VALUES},
    {"1.2.840.113549.1.9.16.2.24", ATTR_REVOCATION_VALUES},
    {"1.2.840.113583.1.1.8", ATTR_ADBE_REVOCATION},
};

struct attr {
	struct der oid, values; /* values: contents of the SET */
	struct der_tlv first;   /* zeroed if there is none */
	size_t count;
	enum attr_id id;
};

struct parser {
	struct cms *cms;
	struct arena *a;
	enum cms_kind kind;
	size_t cap_certs, cap_crls, cap_ocsps, cap_attr_crls, cap_sig_ts, cap_content_ts;
	/* the SignerInfo, split */
	struct der digest_alg, sig_alg;
	struct der signed_attrs, unsigned_attrs; /* whole elements, len 0 if absent */
	struct der protection;                   /* CMSAlgorithmProtection, whole */
	size_t signer_attrs;
};

static enum rc
span_add(struct arena *a, struct der **v, size_t *n, size_t *cap, size_t limit, struct der s)
{
	enum rc rc;

	if (*n >= limit)
		return RC_TOOBIG;
	if ((rc = arena_grow(a, v, *n, cap, sizeof(**v))) == RC_OK)
		(*v)[(*n)++] = s;
	return rc;
}

static enum rc
broken(struct parser *p, unsigned finding)
{
	p->cms->findings |= finding;
	return RC_OK;
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
certs_parse(struct parser *p, struct der set)
{
	struct cms *cms = p->cms;
	struct der_tlv t;
	enum rc rc;

	while (set.len > 0) {
		if (!der_next(&set, &t))
			return broken(p, CMS_C9_ENCODING);
		if (t.tag != DER_SEQUENCE)
			continue; /* attribute certificates and older forms */
		rc = span_add(
		    p->a, &cms->certs, &cms->ncerts, &p->cap_certs, CAP_CMS_CERTS, t.whole);
		if (rc != RC_OK)
			return rc;
	}
	return RC_OK;
}

static enum rc
ocsp_add(struct parser *p, struct der ocsp)
{
	return span_add(p->a, &p->cms->ocsps, &p->cms->nocsps, &p->cap_ocsps, CAP_EVIDENCE, ocsp);
}

/* RevocationInfoChoices (RFC 5652, 10.2.1). */
static enum rc
crls_parse(struct parser *p, struct der set)
{
	struct cms *cms = p->cms;
	struct der_tlv t, format;
	enum rc rc;

	while (set.len > 0) {
		if (!der_next(&set, &t))
			return broken(p, CMS_C9_ENCODING);
		rc = RC_OK;
		if (t.tag == DER_SEQUENCE)
			rc = span_add(
			    p->a, &cms->crls, &cms->ncrls, &p->cap_crls, CAP_CMS_CRLS, t.whole);
		else if (t.tag == DER_CONTEXT(1) && der_expect(&t.body, DER_OID, &format) &&
			 der_oid_is(format.body, OID_RI_OCSP))
			rc = ocsp_add(p, t.body);
		if (rc != RC_OK)
			return rc;
	}
	return RC_OK;
}

/*
 * {crls [0] SEQUENCE OF, ocsps [1] SEQUENCE OF, other [2]}, the common shape of
 * RevocationInfoArchival and RevocationValues.  What can't be read is left out:
 * evidence that is missing proves nothing.
 */
static enum rc
evidence_parse(struct parser *p, struct der_tlv value)
{
	struct cms *cms = p->cms;
	struct der_tlv field, list, t;
	enum rc rc = RC_OK;

	if (value.tag != DER_SEQUENCE)
		return RC_OK;
	while (rc == RC_OK && der_next(&value.body, &field)) {
		if (!der_expect(&field.body, DER_SEQUENCE, &list))
			continue;
		while (rc == RC_OK && der_expect(&list.body, DER_SEQUENCE, &t)) {
			if (field.tag == DER_CONTEXT(0))
				rc = span_add(p->a, &cms->attr_crls, &cms->nattr_crls,
				    &p->cap_attr_crls, CAP_EVIDENCE, t.whole);
			else if (field.tag == DER_CONTEXT(1))
				rc = ocsp_add(p, t.whole);
		}
	}
	return rc;
}

/* CertificateValues; those above the limit are left out, as above. */
static enum rc
cert_values_parse(struct parser *p, struct der_tlv value)
{
	struct cms *cms = p->cms;
	struct der_tlv t;
	enum rc rc = RC_OK;

	if (value.tag != DER_SEQUENCE)
		return RC_OK;
	while (
	    rc == RC_OK && cms->ncerts < CAP_CMS_CERTS && der_expect(&value.body, DER_SEQUENCE, &t))
		rc = span_add(
		    p->a, &cms->certs, &cms->ncerts, &p->cap_certs, CAP_CMS_CERTS, t.whole);
	return rc;
}

/* --- attributes --- */

static bool
attr_next(struct der *in, struct attr *out)
{
	struct der_tlv seq, t;
	struct der values;
	size_t i;

	memset(out, 0, sizeof(*out));
	if (!der_expect(in, DER_SEQUENCE, &seq) || !der_expect(&seq.body, DER_OID, &t))
		return false;
	out->oid = t.body;
	if (!der_expect(&seq.body, DER_SET, &t) || seq.body.len != 0)
		return false;
	values = out->values = t.body;
	while (values.len > 0) {
		if (!der_next(&values, &t))
			return false;
		if (out->count++ == 0)
			out->first = t;
	}
	for (i = 0; i < nitems(attr_oids); i++) {
		if (der_oid_is(out->oid, attr_oids[i].oid))
			out->id = attr_oids[i].id;
	}
	return true;
}

static bool
attr_is_single(enum attr_id id)
{
	return id != ATTR_OTHER && id <= ATTR_SINGLE;
}

/* IssuerSerial {GeneralNames, INTEGER} with one directoryName; others stay unset. */
static void
issuer_serial_parse(struct der in, struct der *issuer, struct der *serial)
{
	struct der_tlv seq, names, name, t;

	if (!der_expect(&in, DER_SEQUENCE, &seq) || !der_expect(&seq.body, DER_SEQUENCE, &names) ||
	    !der_expect(&names.body, DER_CONTEXT(4), &name) ||
	    !der_expect(&name.body, DER_SEQUENCE, &t))
		return;
	*issuer = t.whole;
	if (der_expect(&seq.body, DER_INTEGER, &t))
		*serial = t.body;
}

/* SigningCertificate or, with v2, SigningCertificateV2; false if malformed. */
static bool
ess_parse(struct cms *cms, struct der_tlv value, bool v2)
{
	struct der_tlv certs, id, t;
	struct der hash, issuer = {0}, serial = {0}, list;
	enum hash alg = v2 ? HASH_SHA256 : HASH_SHA1;
	size_t n = 1;

	if (value.tag != DER_SEQUENCE || !der_expect(&value.body, DER_SEQUENCE, &certs))
		return false;
	list = certs.body;
	if (!der_expect(&list, DER_SEQUENCE, &id))
		return false;
	if (v2 && der_peek(id.body) == DER_SEQUENCE) {
		if (!der_next(&id.body, &t))
			return false;
		alg = hash_parse(t.whole);
	}
	if (!der_expect(&id.body, DER_OCTET_STRING, &t))
		return false;
	hash = t.body;
	issuer_serial_parse(id.body, &issuer, &serial);
	while (der_expect(&list, DER_SEQUENCE, &t))
		n++;
	if (!v2)
		cms->ess_v1_hash = hash;
	if (v2 || !cms->has_ess_v2) {
		cms->ess_hash = hash;
		cms->ess_alg = alg;
		cms->ess_issuer = issuer;
		cms->ess_serial = serial;
		cms->ess_count = n;
	}
	return list.len == 0;
}

/* As long as its algorithm says; one zero octet, or nothing but zeros, stands for "none". */
static bool
policy_hash_ok(struct der in)
{
	struct der_tlv alg, value;
	enum hash h;
	size_t i;

	if (!der_expect(&in, DER_SEQUENCE, &alg) || !der_expect(&in, DER_OCTET_STRING, &value) ||
	    in.len != 0)
		return false;
	for (i = 0; i < value.body.len && value.body.p[i] == 0; i++)
		continue;
	h = hash_parse(alg.whole);
	return i == value.body.len || h == HASH_NONE || value.body.len == hash_size(h);
}

static void
policy_parse(struct cms *cms, struct der_tlv value)
{
	struct der_tlv t, hash;

	cms->has_policy_id = true;
	cms->policy = CMS_POLICY_BROKEN;
	if (value.tag == 0x05 && value.body.len == 0) {
		cms->policy = CMS_POLICY_IMPLIED;
		return;
	}
	if (value.tag != DER_SEQUENCE || !der_expect(&value.body, DER_OID, &t))
		return;
	cms->policy_id = t.body;
	/* OtherHashAlgAndValue; qualifiers may follow, and some writers leave the hash out */
	if (der_expect(&value.body, DER_SEQUENCE, &hash) && !policy_hash_ok(hash.body))
		return;
	cms->policy = CMS_POLICY_NAMED;
}

static enum rc
tokens_add(struct parser *p, const struct attr *attr)
{
	struct cms *cms = p->cms;
	struct der values = attr->values;
	struct der_tlv t;
	enum rc rc = RC_OK;

	while (rc == RC_OK && der_next(&values, &t)) {
		if (attr->id == ATTR_CONTENT_TS)
			rc = span_add(p->a, &cms->content_ts, &cms->ncontent_ts, &p->cap_content_ts,
			    CAP_TIMESTAMPS, t.whole);
		else
			rc = span_add(p->a, &cms->sig_ts, &cms->nsig_ts, &p->cap_sig_ts,
			    CAP_TIMESTAMPS, t.whole);
	}
	return rc;
}

/* The attributes of which there is exactly one value; false if it is malformed. */
static bool
single_parse(struct parser *p, const struct attr *attr)
{
	struct cms *cms = p->cms;
	struct der_tlv v = attr->first;

	if (attr->id == ATTR_CONTENT_TYPE) {
		if (v.tag != DER_OID)
			return false;
		if (!der_equal(v.body, cms->econtent_type))
			cms->findings |= CMS_C4_CONTENT_TYPE;
	} else if (attr->id == ATTR_MESSAGE_DIGEST) {
		if (v.tag != DER_OCTET_STRING)
			return false;
		cms->message_digest = v.body;
	} else if (attr->id == ATTR_SIGNING_TIME) {
		cms->has_signing_time = true;
		(void)when_parse_asn1(v.tag, v.body.p, v.body.len, &cms->signing_time);
	} else if (attr->id == ATTR_ESS_V1) {
		cms->has_ess_v1 = true;
		return ess_parse(cms, v, false);
	} else if (attr->id == ATTR_ESS_V2) {
		cms->has_ess_v2 = true;
		return ess_parse(cms, v, true);
	} else if (attr->id == ATTR_ALGORITHM_PROTECTION)
		p->protection = v.whole;
	return true;
}

static enum rc
signed_attr_take(struct parser *p, const struct attr *attr)
{
	struct cms *cms = p->cms;

	if (attr_is_single(attr->id)) {
		if (attr->count != 1 || !single_parse(p, attr))
			cms->findings |= CMS_C3_ATTRIBUTES;
		return RC_OK;
	}
	switch (attr->id) {
	case ATTR_CONTENT_TS:
		cms->has_content_ts = true;
		return tokens_add(p, attr);
	case ATTR_POLICY:
		policy_parse(cms, attr->first);
		break;
	case ATTR_COMMITMENT:
		cms->has_commitment = true;
		break;
	case ATTR_SIGNER_ATTRS:
		p->signer_attrs += attr->count;
		cms->multiple_signer_attrs = p->signer_attrs > 1;
		break;
	case ATTR_ADBE_REVOCATION:
		cms->has_adbe_revocation = true;
		return evidence_parse(p, attr->first);
	case ATTR_OTHER:
	case ATTR_CONTENT_TYPE:
	case ATTR_MESSAGE_DIGEST:
	case ATTR_SIGNING_TIME:
	case ATTR_ESS_V1:
	case ATTR_ESS_V2:
	case ATTR_ALGORITHM_PROTECTION:
	case ATTR_SIGNATURE_TS:
	case ATTR_CERT_VALUES:
	case ATTR_REVOCATION_VALUES:
		break;
	}
	return RC_OK;
}

/* Order of a DER SET OF (X.690, 11.6): as octets, the shorter one padded with zeros. */
static bool
set_order_ok(struct der a, struct der b)
{
	size_t n = a.len < b.len ? a.len : b.len;
	int c = memcmp(a.p, b.p, n);

	return c < 0 || (c == 0 && a.len <= b.len);
}

static enum rc
signed_attrs_parse(struct parser *p)
{
	struct cms *cms = p->cms;
	struct attr attrs[CAP_ATTRS];
	struct der whole = p->signed_attrs, prev = {0}, rest, cur;
	struct der_tlv set;
	uint8_t *copy;
	size_t n = 0, i;
	enum rc rc;

	if (!der_strict(whole))
		return broken(p, CMS_C9_ENCODING);
	if ((copy = arena_dup(p->a, whole.p, whole.len)) == NULL)
		return RC_NOMEM;
	copy[0] = DER_SET;
	cms->signed_attrs.p = copy;
	cms->signed_attrs.len = whole.len;
	cms->has_attrs = true;
	rest = cms->signed_attrs;
	if (!der_next(&rest, &set))
		return broken(p, CMS_C9_ENCODING);
	rest = set.body;
	while (rest.len > 0) {
		if (n == CAP_ATTRS)
			return RC_TOOBIG;
		cur = rest;
		if (!attr_next(&rest, &attrs[n]))
			return broken(p, CMS_C9_ENCODING);
		cur.len -= rest.len;
		if (prev.len != 0 && !set_order_ok(prev, cur))
			cms->findings |= CMS_ATTRS_UNSORTED;
		prev = cur;
		for (i = 0; i < n; i++) {
			if (attrs[n].id != ATTR_OTHER && attrs[i].id == attrs[n].id &&
			    der_equal(attrs[i].oid, attrs[n].oid))
				cms->findings |= CMS_C3_ATTRIBUTES;
		}
		if (attrs[n].count == 0)
			cms->findings |= CMS_C3_ATTRIBUTES;
		if ((rc = signed_attr_take(p, &attrs[n])) != RC_OK)
			return rc;
		n++;
	}
	for (i = 0; i < n && attrs[i].id != ATTR_CONTENT_TYPE; i++)
		continue;
	if (i == n || cms->message_digest.p == NULL)
		cms->findings |= CMS_C3_ATTRIBUTES;
	return RC_OK;
}

/* What is not known here, a counter-signature (RFC 5652, 11.4) too, is about other things. */
static enum rc
unsigned_attrs_parse(struct parser *p)
{
	struct cms *cms = p->cms;
	struct der rest = p->unsigned_attrs;
	struct der_tlv set;
	struct attr attr;
	size_t n = 0;
	enum rc rc = RC_OK;

	if (!der_next(&rest, &set))
		return broken(p, CMS_C9_ENCODING);
	rest = set.body;
	while (rc == RC_OK && rest.len > 0) {
		if (n++ == CAP_ATTRS)
			return RC_TOOBIG;
		if (!attr_next(&rest, &attr))
			return broken(p, CMS_C9_ENCODING);
		if (attr_is_single(attr.id))
			cms->findings |= CMS_C3_ATTRIBUTES;
		else if (attr.id == ATTR_SIGNATURE_TS)
			rc = tokens_add(p, &attr);
		else if (attr.id == ATTR_CERT_VALUES)
			rc = cert_values_parse(p, attr.first);
		else if (attr.id == ATTR_REVOCATION_VALUES)
			rc = evidence_parse(p, attr.first);
		else if (attr.id == ATTR_ADBE_REVOCATION) {
			cms->has_adbe_revocation = true;
			rc = evidence_parse(p, attr.first);
		}
	}
	return rc;
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
protection_check(struct parser *p)
{
	struct cms *cms = p->cms;
	struct der in = p->protection, sig;
	struct der_tlv seq, t;
	struct sig_algo algo;
	uint8_t *copy;

	if (!der_expect(&in, DER_SEQUENCE, &seq) || !der_expect(&seq.body, DER_SEQUENCE, &t) ||
	    hash_parse(t.whole) != cms->digest || !der_expect(&seq.body, DER_CONTEXT(1), &t) ||
	    seq.body.len != 0)
		return broken(p, CMS_C6_ALGORITHM);
	if ((copy = arena_dup(p->a, t.whole.p, t.whole.len)) == NULL)
		return RC_NOMEM;
	copy[0] = DER_SEQUENCE;
	sig.p = copy;
	sig.len = t.whole.len;
	if (!sig_algo_parse(sig, &algo) || !algo_equal(&algo, &cms->algo))
		return broken(p, CMS_C6_ALGORITHM);
	return RC_OK;
}

static enum rc
algorithms_parse(struct parser *p)
{
	struct cms *cms = p->cms;
	const struct sig_algo *algo = &cms->algo;
	struct sig_algo wrong;

	cms->digest = hash_parse(p->digest_alg);
	cms->algo_known = sig_algo_parse(p->sig_alg, &cms->algo);
	/* Some writers name a signature algorithm as the digest. */
	if (cms->digest == HASH_NONE && sig_algo_parse(p->digest_alg, &wrong))
		return broken(p, CMS_C6_ALGORITHM);
	if (cms->digest == HASH_NONE || !cms->algo_known)
		return broken(p, CMS_C6_UNSUPPORTED);
	if (algo->hash != HASH_NONE && algo->hash != cms->digest)
		cms->findings |= CMS_C6_ALGORITHM;
	/* Any salt that the key has room for (RFC 8017, 9.1): some programs take all of it. */
	if (algo->scheme == SCHEME_RSA_PSS && (!algo->params_ok || algo->mgf1_hash != algo->hash))
		cms->findings |= CMS_C6_ALGORITHM;
	return p->protection.len != 0 ? protection_check(p) : RC_OK;
}

/* --- structure --- */

static enum rc
sid_parse(struct parser *p, struct der *in)
{
	struct cms *cms = p->cms;
	struct der_tlv sid, t;
	enum rc rc;

	if (!der_next(in, &sid))
		return broken(p, CMS_C9_ENCODING);
	if (sid.tag == DER_SEQUENCE) {
		if (!der_expect(&sid.body, DER_SEQUENCE, &t))
			return broken(p, CMS_C9_ENCODING);
		cms->sid_issuer = t.whole;
		if (!der_expect(&sid.body, DER_INTEGER, &t) || t.body.len == 0 || sid.body.len != 0)
			return broken(p, CMS_C9_ENCODING);
		cms->sid_serial = t.body;
		return RC_OK;
	}
	rc = octets(p->a, &sid, DER_CONTEXT_P(0), &cms->sid_ski);
	return rc == RC_FORMAT ? broken(p, CMS_C9_ENCODING) : rc;
}

static enum rc
signer_info_parse(struct parser *p, struct der in)
{
	struct der_tlv t;
	enum rc rc;

	if (!der_expect(&in, DER_INTEGER, &t))
		return broken(p, CMS_C9_ENCODING);
	if ((rc = sid_parse(p, &in)) != RC_OK || unusable(p->cms))
		return rc;
	if (!der_expect(&in, DER_SEQUENCE, &t))
		return broken(p, CMS_C9_ENCODING);
	p->digest_alg = t.whole;
	if (der_expect(&in, DER_CONTEXT(0), &t))
		p->signed_attrs = t.whole;
	if (!der_expect(&in, DER_SEQUENCE, &t))
		return broken(p, CMS_C9_ENCODING);
	p->sig_alg = t.whole;
	if (!der_next(&in, &t))
		return broken(p, CMS_C9_ENCODING);
	rc = octets(p->a, &t, DER_OCTET_STRING, &p->cms->signature);
	if (rc != RC_OK)
		return rc == RC_FORMAT ? broken(p, CMS_C9_ENCODING) : rc;
	if (der_expect(&in, DER_CONTEXT(1), &t))
		p->unsigned_attrs = t.whole;
	if (in.len != 0)
		return broken(p, CMS_C9_ENCODING);

	if (p->signed_attrs.len == 0) {
		p->cms->findings |= CMS_C3_NO_ATTRIBUTES;
		/* RFC 5652, 5.3: only the type data goes without. */
		if (!der_oid_is(p->cms->econtent_type, OID_DATA))
			p->cms->findings |= CMS_C3_ATTRIBUTES;
	} else if ((rc = signed_attrs_parse(p)) != RC_OK || unusable(p->cms))
		return rc;
	if (p->unsigned_attrs.len != 0 && (rc = unsigned_attrs_parse(p)) != RC_OK)
		return rc;
	return algorithms_parse(p);
}

/* EncapsulatedContentInfo, and rule C2. */
static enum rc
content_parse(struct parser *p, struct der in)
{
	struct cms *cms = p->cms;
	struct der_tlv t, content;
	bool ok = false;
	enum rc rc;

	if (!der_expect(&in, DER_OID, &t))
		return broken(p, CMS_C9_ENCODING);
	cms->econtent_type = t.body;
	if (in.len != 0) {
		if (!der_expect(&in, DER_CONTEXT(0), &t) || in.len != 0)
			return broken(p, CMS_C9_ENCODING);
		cms->has_econtent = true;
		if (!der_next(&t.body, &content) || t.body.len != 0)
			return broken(p, CMS_C9_ENCODING);
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
signed_data_parse(struct parser *p, struct der in)
{
	struct der_tlv content, t, certs, crls, signers, info;
	enum rc rc;

	if (!der_expect(&in, DER_INTEGER, &t) || !der_expect(&in, DER_SET, &t) ||
	    !der_expect(&in, DER_SEQUENCE, &content))
		return broken(p, CMS_C9_ENCODING);
	(void)der_expect(&in, DER_CONTEXT(0), &certs);
	(void)der_expect(&in, DER_CONTEXT(1), &crls);
	if (!der_expect(&in, DER_SET, &signers) || in.len != 0)
		return broken(p, CMS_C9_ENCODING);
	if ((rc = content_parse(p, content.body)) != RC_OK || unusable(p->cms) ||
	    (rc = certs_parse(p, certs.body)) != RC_OK || unusable(p->cms) ||
	    (rc = crls_parse(p, crls.body)) != RC_OK || unusable(p->cms))
		return rc;
	if (!der_expect(&signers.body, DER_SEQUENCE, &info))
		return broken(p, CMS_C1_SIGNED_DATA);
	if (signers.body.len != 0)
		p->cms->findings |= CMS_C1_SIGNERS;
	return signer_info_parse(p, info.body);
}

enum rc
cms_parse(struct cms **out, struct arena *a, struct der contents, enum cms_kind kind)
{
	struct parser p = {.a = a, .kind = kind};
	struct der_tlv t, type, content;
	size_t i;

	if ((*out = p.cms = arena_alloc(a, sizeof(**out))) == NULL)
		return RC_NOMEM;
	p.cms->signing_time = WHEN_NONE;
	if (!der_next(&contents, &t))
		return broken(&p, CMS_C9_ENCODING);
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
		return broken(&p, CMS_C1_SIGNED_DATA);
	if (!der_expect(&t.body, DER_CONTEXT(0), &content) || t.body.len != 0 ||
	    !der_expect(&content.body, DER_SEQUENCE, &t) || content.body.len != 0)
		return broken(&p, CMS_C9_ENCODING);
	return signed_data_parse(&p, t.body);
}
