/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * TSTInfo (RFC 3161, 2.4.2) inside a CMS, with the ESS attribute that the RFC
 * demands (RFC 5816 for version 2).  Whether the authority is trusted, and when
 * its certificate was valid, is asked elsewhere.
 */
#include <string.h>

#include "caps.h"
#include "tstamp.h"
#include "when.h"

/* Without any of these nothing in a token may be used. */
#define CMS_UNUSABLE                                                                 \
	(CMS_C1_SIGNED_DATA | CMS_C1_SIGNERS | CMS_C2_ECONTENT | CMS_C3_ATTRIBUTES | \
	    CMS_C3_NO_ATTRIBUTES | CMS_C4_CONTENT_TYPE | CMS_C6_UNSUPPORTED | CMS_C9_ENCODING)

/* One part of Accuracy, if it is next; false if it is malformed. */
static bool
accuracy_part(struct der *in, uint8_t tag, uint64_t max, uint64_t *out)
{
	struct der_tlv t;

	*out = 0;
	if (der_peek(*in) != tag)
		return true;
	return der_next(in, &t) && der_uint(t.body, out) && *out <= max;
}

/* Accuracy {seconds, millis [0], micros [1]}, rounded up to seconds. */
static bool
accuracy_parse(struct der in, int64_t *out)
{
	uint64_t seconds, millis, micros;

	if (!accuracy_part(&in, DER_INTEGER, INT32_MAX, &seconds) ||
	    !accuracy_part(&in, DER_CONTEXT_P(0), 999, &millis) ||
	    !accuracy_part(&in, DER_CONTEXT_P(1), 999, &micros) || in.len != 0)
		return false;
	*out = (int64_t)seconds + (millis != 0 || micros != 0);
	return true;
}

/* No extension is known here, so that a critical one must be refused. */
static bool
extensions_ok(struct der in)
{
	struct der_tlv ext, t;

	while (in.len > 0) {
		if (!der_expect(&in, DER_SEQUENCE, &ext) || !der_expect(&ext.body, DER_OID, &t))
			return false;
		if (der_peek(ext.body) == 0x01 &&
		    (!der_next(&ext.body, &t) || t.body.len != 1 || t.body.p[0] != 0))
			return false;
	}
	return true;
}

static bool
imprint_parse(struct tstamp *out, struct der in)
{
	struct der_tlv t;

	if (!der_expect(&in, DER_SEQUENCE, &t))
		return false;
	out->imprint_hash = hash_parse(t.whole);
	if (!der_expect(&in, DER_OCTET_STRING, &t) || in.len != 0)
		return false;
	out->imprint = t.body;
	if (out->imprint_hash == HASH_NONE || out->imprint.len != hash_size(out->imprint_hash))
		out->findings |= TST_T2_IMPRINT;
	return true;
}

/* What follows genTime, all optional. */
static bool
info_rest_parse(struct tstamp *out, struct der in)
{
	struct der_tlv t, name;

	if (der_expect(&in, DER_SEQUENCE, &t) && !accuracy_parse(t.body, &out->accuracy))
		return false;
	if (der_peek(in) == 0x01) {
		if (!der_next(&in, &t) || t.body.len != 1)
			return false;
		out->ordering = t.body.p[0] != 0;
	}
	(void)der_expect(&in, DER_INTEGER, &t); /* nonce: between requester and authority */
	if (der_expect(&in, DER_CONTEXT(0), &t) && der_expect(&t.body, DER_CONTEXT(4), &name) &&
	    name.body.len != 0)
		out->tsa = name.body; /* directoryName; others are not compared */
	if (der_expect(&in, DER_CONTEXT(1), &t) && !extensions_ok(t.body))
		return false;
	return in.len == 0;
}

static bool
info_parse(struct tstamp *out, struct der info)
{
	struct der_tlv t;
	struct der in;
	uint64_t version;

	if (!der_strict(info) || !der_expect(&info, DER_SEQUENCE, &t))
		return false;
	in = t.body;
	if (!der_expect(&in, DER_INTEGER, &t) || !der_uint(t.body, &version) || version != 1)
		return false;
	if (!der_expect(&in, DER_OID, &t))
		return false;
	out->policy = t.body;
	if (!der_expect(&in, DER_SEQUENCE, &t) || !imprint_parse(out, t.body))
		return false;
	if (!der_expect(&in, DER_INTEGER, &t))
		return false;
	out->serial = t.body;
	if (!der_expect(&in, DER_GENERALIZED_TIME, &t) ||
	    !when_parse_asn1(DER_GENERALIZED_TIME, t.body.p, t.body.len, &out->gen_time))
		return false;
	return info_rest_parse(out, in);
}

enum rc
tstamp_parse(struct tstamp *out, struct arena *a, struct der token)
{
	enum rc rc;

	memset(out, 0, sizeof(*out));
	out->gen_time = WHEN_NONE;
	if ((rc = cms_parse(&out->cms, a, token, CMS_TOKEN)) != RC_OK)
		return rc;
	if (out->cms->whole.len > CAP_TOKEN)
		return RC_TOOBIG;
	if ((out->cms->findings & CMS_UNUSABLE) != 0)
		out->findings |= TST_CMS;
	if ((out->cms->findings & (CMS_C1_SIGNED_DATA | CMS_C9_ENCODING)) == 0 &&
	    !info_parse(out, out->cms->econtent))
		out->findings |= TST_T4_INFO;
	return RC_OK;
}

bool
tstamp_named(const struct tstamp *t)
{
	return t->tsa.len == 0 || t->cert == NULL || cert_name_equal(t->tsa, t->cert->subject);
}

enum rc
tstamp_check(struct tstamp *t, const struct cert_pool *pool, const uint8_t *md, size_t md_len)
{
	struct cms *cms = t->cms;
	struct der want = {md, md_len};
	uint8_t digest[HASH_SIZE_MAX];
	bool from_cms;
	size_t n;

	if (md_len == 0 || !der_equal(t->imprint, want))
		t->findings |= TST_T2_IMPRINT;
	if ((t->findings & TST_CMS) != 0)
		return RC_OK;
	if ((t->cert = cms_signer(cms, pool, &from_cms)) == NULL)
		t->findings |= TST_NO_CERT;
	else if ((cms->findings & (CMS_C8_ESS_ABSENT | CMS_C8_ESS_MISMATCH)) != 0)
		t->findings |= TST_ESS;
	if (t->cert != NULL && !cert_pk_spend(pool->cache, t->cert)) {
		t->findings |= TST_CMS;
		return RC_OK;
	}
	n = hash_span(cms->digest, cms->econtent, digest);
	switch (cms_verify(cms, CMS_TOKEN, t->cert, digest, n)) {
	case CMS_INTACT:
		break;
	case CMS_HASH_MISMATCH:
	case CMS_BAD_SIGNATURE:
		t->findings |= TST_SIGNATURE;
		break;
	case CMS_UNCHECKED:
		if (t->cert != NULL)
			t->findings |= TST_CMS;
		break;
	}
	return RC_OK;
}
