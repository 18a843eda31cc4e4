/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Splits a certificate (RFC 5280, 4.1) into the spans and facts that path
 * building, revocation and the report need, without decoding its key.  What
 * OpenSSL tolerates in serial numbers and versions is tolerated; what makes
 * two readers see two different certificates is not.
 */
#include <string.h>

#include <openssl/err.h>
#include <openssl/x509.h>

#include "caps.h"
#include "cert.h"
#include "part.h"

#define EXTENSIONS_MAX 64 /* of one certificate; real ones have about ten */

#define OCTETS(...) (const uint8_t[]){__VA_ARGS__}, sizeof((const uint8_t[]){__VA_ARGS__})

static bool
is_oid(struct der oid, const uint8_t *p, size_t len)
{
	return oid.len == len && memcmp(oid.p, p, len) == 0;
}

static bool
parse_basic(struct cert *c, struct der value)
{
	struct der_tlv t;
	struct der seq;
	uint64_t n;

	c->has_basic = true;
	if (!part_sole(value, DER_SEQUENCE, &seq))
		return false;
	if (der_peek(seq) == 0x01) {
		if (!der_next(&seq, &t) || t.body.len != 1)
			return false;
		c->ca = t.body.p[0] != 0;
	}
	if (seq.len != 0) {
		if (!der_expect(&seq, DER_INTEGER, &t) || !der_uint(t.body, &n) || seq.len != 0)
			return false;
		c->path_len = n < 1000 ? (int)n : 1000;
	}
	return true;
}

static bool
parse_key_usage(struct cert *c, struct der value)
{
	struct der bits;
	int i;

	c->has_ku = true;
	if (!part_sole(value, DER_BIT_STRING, &bits) || bits.len < 1 || bits.p[0] > 7)
		return false;
	/* Bit 0 is the top bit of the first octet; the ninth, decipherOnly, says nothing here. */
	for (i = 0; bits.len >= 2 && i < 7; i++)
		if (bits.p[1] & (0x80 >> i))
			c->ku |= 1u << i;
	return true;
}

static unsigned
eku_bit(struct der oid)
{
	/* 1.3.6.1.5.5.7.3.x */
	static const uint8_t pkix[] = {0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03};

	if (oid.len == sizeof(pkix) + 1 && memcmp(oid.p, pkix, sizeof(pkix)) == 0) {
		switch (oid.p[sizeof(pkix)]) {
		case 1:
			return EKU_SERVER;
		case 2:
			return EKU_CLIENT;
		case 3:
			return EKU_CODE;
		case 4:
			return EKU_EMAIL;
		case 8:
			return EKU_TIMESTAMPING;
		case 9:
			return EKU_OCSP_SIGNING;
		case 36:
			return EKU_DOCUMENT;
		default:
			return EKU_OTHER;
		}
	}
	if (is_oid(oid, OCTETS(0x55, 0x1d, 0x25, 0x00)))
		return EKU_ANY;
	/* 1.2.840.113583.1.1.5 */
	if (is_oid(oid, OCTETS(0x2a, 0x86, 0x48, 0x86, 0xf7, 0x2f, 0x01, 0x01, 0x05)))
		return EKU_ADOBE_DOCUMENT;
	/* 1.3.6.1.4.1.311.10.3.12 */
	if (is_oid(oid, OCTETS(0x2b, 0x06, 0x01, 0x04, 0x01, 0x82, 0x37, 0x0a, 0x03, 0x0c)))
		return EKU_DOCUMENT;
	return EKU_OTHER;
}

static bool
parse_eku(struct cert *c, struct der value, bool critical)
{
	struct der_tlv t;
	struct der seq;

	c->has_eku = true;
	c->eku_critical = critical;
	if (!part_sole(value, DER_SEQUENCE, &seq) || seq.len == 0)
		return false;
	while (seq.len != 0) {
		if (!der_expect(&seq, DER_OID, &t))
			return false;
		c->eku |= eku_bit(t.body);
		c->eku_count++;
	}
	return true;
}

static bool
parse_aki(struct cert *c, struct der value)
{
	struct der_tlv t;
	struct der seq;

	if (!part_sole(value, DER_SEQUENCE, &seq))
		return false;
	while (seq.len != 0) {
		if (!der_next(&seq, &t))
			return false;
		if (t.tag == DER_CONTEXT_P(0))
			c->aki = t.body;
	}
	return true;
}

/* QCStatements: only whether the key is in a qualified device (QcSSCD, 0.4.0.1862.1.4). */
static bool
parse_qc(struct cert *c, struct der value)
{
	struct der_tlv t, id;
	struct der seq;

	if (!part_sole(value, DER_SEQUENCE, &seq))
		return false;
	while (seq.len != 0) {
		if (!der_expect(&seq, DER_SEQUENCE, &t) || !der_expect(&t.body, DER_OID, &id))
			return false;
		if (is_oid(id.body, OCTETS(0x04, 0x00, 0x8e, 0x46, 0x01, 0x04)))
			c->qc_sscd = true;
	}
	return true;
}

/* Extensions 2.5.29.x. */
static bool
parse_id_ce(struct cert *c, uint8_t arc, struct der value, bool critical)
{
	switch (arc) {
	case 14:
		return part_sole(value, DER_OCTET_STRING, &c->ski);
	case 15:
		return parse_key_usage(c, value);
	case 19:
		return parse_basic(c, value);
	case 31:
		c->crldp = value;
		return true;
	case 35:
		return parse_aki(c, value);
	case 37:
		return parse_eku(c, value, critical);
	case 56:
		c->short_term = true;
		return true;
	case 30: /* nameConstraints */
	case 33: /* policyMappings */
	case 36: /* policyConstraints */
	case 54: /* inhibitAnyPolicy */
		/* Such paths are OpenSSL's to validate. */
		c->constrains = true;
		return true;
	case 17: /* subjectAltName */
	case 18: /* issuerAltName */
	case 32: /* certificatePolicies */
		return true;
	default:
		c->unknown_critical |= critical;
		return true;
	}
}

static bool
parse_extension(struct cert *c, struct der oid, struct der value, bool critical)
{
	if (oid.len == 3 && oid.p[0] == 0x55 && oid.p[1] == 0x1d)
		return parse_id_ce(c, oid.p[2], value, critical);
	/* id-pe-authorityInfoAccess */
	if (is_oid(oid, OCTETS(0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x01, 0x01)))
		c->aia = value;
	/* id-pe-qcStatements */
	else if (is_oid(oid, OCTETS(0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x01, 0x03)))
		return parse_qc(c, value);
	/* id-pkix-ocsp-nocheck */
	else if (is_oid(oid, OCTETS(0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x30, 0x01, 0x05)))
		c->ocsp_nocheck = true;
	/* id-etsi-ext-valassured-ST-certs, 0.4.0.194121.2.1 */
	else if (is_oid(oid, OCTETS(0x04, 0x00, 0x8b, 0xec, 0x49, 0x02, 0x01)))
		c->short_term = true;
	else
		c->unknown_critical |= critical;
	return true;
}

static bool
parse_extensions(struct cert *c, struct der list)
{
	struct der seen[EXTENSIONS_MAX];
	struct extension e;
	size_t n = 0, i;

	if (!part_sole(list, DER_SEQUENCE, &list))
		return false;
	while (list.len != 0) {
		if (n == EXTENSIONS_MAX || !part_extension(&list, &e))
			return false;
		for (i = 0; i < n; i++)
			if (der_equal(seen[i], e.oid))
				return false;
		seen[n++] = e.oid;
		if (!parse_extension(c, e.oid, e.value, e.critical))
			return false;
	}
	return true;
}

static bool
parse_spki(struct cert *c, struct der *in)
{
	struct der_tlv spki, alg;

	if (!der_expect(in, DER_SEQUENCE, &spki))
		return false;
	c->spki = spki.whole;
	return der_expect(&spki.body, DER_SEQUENCE, &alg) &&
	       part_octets(&spki.body, &c->key_bits) && spki.body.len == 0;
}

static bool
parse_tbs(struct cert *c, struct der tbs, struct der *inner_alg)
{
	struct der_tlv t;

	if (der_peek(tbs) == DER_CONTEXT(0) && !der_next(&tbs, &t)) /* version */
		return false;
	if (!der_expect(&tbs, DER_INTEGER, &t) || t.body.len == 0)
		return false;
	c->serial = t.body;
	if (!part_whole(&tbs, DER_SEQUENCE, inner_alg) ||
	    !part_whole(&tbs, DER_SEQUENCE, &c->issuer))
		return false;
	if (!der_expect(&tbs, DER_SEQUENCE, &t) || !part_time(&t.body, &c->not_before) ||
	    !part_time(&t.body, &c->not_after) || t.body.len != 0)
		return false;
	if (!part_whole(&tbs, DER_SEQUENCE, &c->subject) || !parse_spki(c, &tbs))
		return false;
	if (der_peek(tbs) == DER_CONTEXT_P(1) && !der_next(&tbs, &t)) /* issuerUniqueID */
		return false;
	if (der_peek(tbs) == DER_CONTEXT_P(2) && !der_next(&tbs, &t)) /* subjectUniqueID */
		return false;
	if (tbs.len != 0 &&
	    (!der_expect(&tbs, DER_CONTEXT(3), &t) || tbs.len != 0 || !parse_extensions(c, t.body)))
		return false;
	return true;
}

/*
 * The two AlgorithmIdentifiers of a certificate say the same; NULL and absent
 * parameters are taken for each other, as some real issuers do.
 */
static bool
same_algorithm(struct der a, struct der b)
{
	static const uint8_t null[] = {0x05, 0x00};
	struct der_tlv oa, ob;

	if (!part_sole(a, DER_SEQUENCE, &a) || !part_sole(b, DER_SEQUENCE, &b) ||
	    !der_expect(&a, DER_OID, &oa) || !der_expect(&b, DER_OID, &ob) ||
	    !der_equal(oa.body, ob.body))
		return false;
	if (is_oid(a, null, sizeof(null)))
		a.len = 0;
	if (is_oid(b, null, sizeof(null)))
		b.len = 0;
	return der_equal(a, b);
}

enum rc
cert_parse(struct cert *out, struct der der)
{
	struct der inner_alg, body;
	struct der_tlv tbs;
	struct cert c = {.der = der, .path_len = -1};

	memset(out, 0, sizeof(*out));
	if (der.len > CAP_CERT)
		return RC_TOOBIG;
	if (!part_sole(der, DER_SEQUENCE, &body) || !der_strict(der) ||
	    !der_expect(&body, DER_SEQUENCE, &tbs) || !parse_tbs(&c, tbs.body, &inner_alg))
		return RC_FORMAT;
	c.tbs = tbs.whole;
	if (!part_whole(&body, DER_SEQUENCE, &c.sig_alg) || !same_algorithm(c.sig_alg, inner_alg) ||
	    !part_octets(&body, &c.sig) || body.len != 0)
		return RC_FORMAT;
	c.self_issued = der_equal(c.subject, c.issuer);
	/* An authority can always be revoked (RFC 9608, 2). */
	c.short_term = c.short_term && !c.ca;
	*out = c;
	return RC_OK;
}

/* Tags of strings whose ASCII letters are single octets. */
static bool
is_narrow(uint8_t tag)
{
	return tag == 0x0c || tag == 0x13 || tag == 0x14 || tag == 0x16 || tag == 0x1a;
}

/* The next ASCII letter or digit at *p, in lower case; -1 at the end. */
static int
next_letter(struct der *s)
{
	int c;

	while (s->len > 0) {
		c = *s->p++;
		s->len--;
		if (c >= 'A' && c <= 'Z')
			return c + ('a' - 'A');
		if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
			return c;
	}
	return -1;
}

static bool
letters_differ(struct der a, struct der b)
{
	int x, y;

	do {
		x = next_letter(&a);
		y = next_letter(&b);
	} while (x == y && x >= 0);
	return x != y;
}

/*
 * Names that can't be the same are told apart here at little cost: attributes
 * of other types or in another order, texts with other letters.
 */
static bool
names_alike(struct der a, struct der b)
{
	struct der_tlv ra, rb, aa, ab, oa, ob, va, vb;

	if (!part_sole(a, DER_SEQUENCE, &a) || !part_sole(b, DER_SEQUENCE, &b))
		return false;
	while (a.len != 0 && b.len != 0) {
		if (!der_expect(&a, DER_SET, &ra) || !der_expect(&b, DER_SET, &rb))
			return false;
		if (!der_expect(&ra.body, DER_SEQUENCE, &aa) ||
		    !der_expect(&rb.body, DER_SEQUENCE, &ab))
			return false;
		if (ra.body.len != 0 || rb.body.len != 0)
			continue; /* several values in one RDN: rare, OpenSSL compares */
		if (!der_expect(&aa.body, DER_OID, &oa) || !der_expect(&ab.body, DER_OID, &ob) ||
		    !der_equal(oa.body, ob.body) || !der_next(&aa.body, &va) ||
		    !der_next(&ab.body, &vb))
			return false;
		if (is_narrow(va.tag) && is_narrow(vb.tag) && letters_differ(va.body, vb.body))
			return false;
	}
	return a.len == 0 && b.len == 0;
}

bool
cert_name_equal(struct der a, struct der b)
{
	const unsigned char *pa = a.p, *pb = b.p;
	X509_NAME *na = NULL, *nb = NULL;
	bool same = false;

	if (der_equal(a, b))
		return true;
	if (a.len > CAP_CERT || b.len > CAP_CERT || !names_alike(a, b))
		return false;
	na = d2i_X509_NAME(NULL, &pa, (long)a.len);
	nb = d2i_X509_NAME(NULL, &pb, (long)b.len);
	same = na != NULL && nb != NULL && X509_NAME_cmp(na, nb) == 0;
	X509_NAME_free(na);
	X509_NAME_free(nb);
	ERR_clear_error();
	return same;
}
