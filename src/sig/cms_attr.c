/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Attributes of a signer: those of CMS (RFC 5652), ESS (RFC 2634, RFC 5035), CAdES (RFC 5126,
 * ETSI EN 319 122-1) and Adobe's revocation archive (ISO 32000-2, 12.8.3.3.2).
 */
#include <string.h>

#include "caps.h"
#include "cms_part.h"
#include "when.h"

#define nitems(a) (sizeof(a) / sizeof((a)[0]))

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

/*
 * {crls [0] SEQUENCE OF, ocsps [1] SEQUENCE OF, other [2]}, the common shape of
 * RevocationInfoArchival and RevocationValues.  What can't be read is left out:
 * evidence that is missing proves nothing.
 */
static enum rc
evidence_parse(struct cms_parser *p, struct der_tlv value)
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
				rc = cms_span_add(p->a, &cms->attr_crls, &cms->nattr_crls,
				    &p->cap_attr_crls, CAP_EVIDENCE, t.whole);
			else if (field.tag == DER_CONTEXT(1))
				rc = cms_ocsp_add(p, t.whole);
		}
	}
	return rc;
}

/* CertificateValues; those above the limit are left out, as above. */
static enum rc
cert_values_parse(struct cms_parser *p, struct der_tlv value)
{
	struct cms *cms = p->cms;
	struct der_tlv t;
	enum rc rc = RC_OK;

	if (value.tag != DER_SEQUENCE)
		return RC_OK;
	while (
	    rc == RC_OK && cms->ncerts < CAP_CMS_CERTS && der_expect(&value.body, DER_SEQUENCE, &t))
		rc = cms_span_add(
		    p->a, &cms->certs, &cms->ncerts, &p->cap_certs, CAP_CMS_CERTS, t.whole);
	return rc;
}

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
tokens_add(struct cms_parser *p, const struct attr *attr)
{
	struct cms *cms = p->cms;
	struct der values = attr->values;
	struct der_tlv t;
	enum rc rc = RC_OK;

	while (rc == RC_OK && der_next(&values, &t)) {
		if (attr->id == ATTR_CONTENT_TS)
			rc = cms_span_add(p->a, &cms->content_ts, &cms->ncontent_ts,
			    &p->cap_content_ts, CAP_TIMESTAMPS, t.whole);
		else
			rc = cms_span_add(p->a, &cms->sig_ts, &cms->nsig_ts, &p->cap_sig_ts,
			    CAP_TIMESTAMPS, t.whole);
	}
	return rc;
}

/* The attributes of which there is exactly one value; false if it is malformed. */
static bool
single_parse(struct cms_parser *p, const struct attr *attr)
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
signed_attr_take(struct cms_parser *p, const struct attr *attr)
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

enum rc
cms_attr_signed(struct cms_parser *p)
{
	struct cms *cms = p->cms;
	struct attr attrs[CAP_ATTRS];
	struct der whole = p->signed_attrs, prev = {0}, rest, cur;
	struct der_tlv set;
	uint8_t *copy;
	size_t n = 0, i;
	enum rc rc;

	if (!der_strict(whole))
		return cms_broken(p, CMS_C9_ENCODING);
	if ((copy = arena_dup(p->a, whole.p, whole.len)) == NULL)
		return RC_NOMEM;
	copy[0] = DER_SET;
	cms->signed_attrs.p = copy;
	cms->signed_attrs.len = whole.len;
	cms->has_attrs = true;
	rest = cms->signed_attrs;
	if (!der_next(&rest, &set))
		return cms_broken(p, CMS_C9_ENCODING);
	rest = set.body;
	while (rest.len > 0) {
		if (n == CAP_ATTRS)
			return RC_TOOBIG;
		cur = rest;
		if (!attr_next(&rest, &attrs[n]))
			return cms_broken(p, CMS_C9_ENCODING);
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
enum rc
cms_attr_unsigned(struct cms_parser *p)
{
	struct cms *cms = p->cms;
	struct der rest = p->unsigned_attrs;
	struct der_tlv set;
	struct attr attr;
	size_t n = 0;
	enum rc rc = RC_OK;

	if (!der_next(&rest, &set))
		return cms_broken(p, CMS_C9_ENCODING);
	rest = set.body;
	while (rc == RC_OK && rest.len > 0) {
		if (n++ == CAP_ATTRS)
			return RC_TOOBIG;
		if (!attr_next(&rest, &attr))
			return cms_broken(p, CMS_C9_ENCODING);
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
