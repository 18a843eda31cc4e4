/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Public keys.  d2i_PUBKEY() of OpenSSL 3.0 asks every decoder of every
 * provider and takes 90 microseconds; handing over the numbers of an RSA key or
 * the point of an elliptic curve takes 4 or 20.  Everything else goes the
 * long way.
 */
#include <string.h>

#include <openssl/core_names.h>
#include <openssl/objects.h>
#include <openssl/params.h>
#include <openssl/x509.h>

#include "caps.h"
#include "key.h"
#include "part.h"

#define MODULUS_MAX  2048 /* octets: the 16384 bits that OpenSSL verifies with */
#define EXPONENT_MAX 8    /* octets; OpenSSL refuses more than 64 bits of large keys */

struct parts {
	struct der alg, params; /* OID octets; what follows it in the AlgorithmIdentifier */
	struct der bits;        /* the key's octets */
};

static bool
split(struct der spki, struct parts *out)
{
	struct der seq;

	return part_sole(spki, DER_SEQUENCE, &seq) && part_body(&seq, DER_SEQUENCE, &out->params) &&
	       part_body(&out->params, DER_OID, &out->alg) && part_octets(&seq, &out->bits) &&
	       seq.len == 0;
}

static EVP_PKEY *
from_params(const char *type, OSSL_PARAM *params)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, type, NULL);
	EVP_PKEY *key = NULL;

	if (ctx != NULL && EVP_PKEY_fromdata_init(ctx) == 1 &&
	    EVP_PKEY_fromdata(ctx, &key, EVP_PKEY_PUBLIC_KEY, params) != 1) {
		EVP_PKEY_free(key);
		key = NULL;
	}
	EVP_PKEY_CTX_free(ctx);
	return key;
}

/* A positive INTEGER into native byte order; its octets, 0 if it is not one or too long. */
static size_t
native(struct der body, uint8_t *out, size_t max)
{
	const int one = 1;
	bool little = *(const char *)&one == 1;
	size_t i;

	if (body.len > 1 && body.p[0] == 0) {
		body.p++;
		body.len--;
	} else if (body.len == 0 || (body.p[0] & 0x80) != 0)
		return 0;
	if (body.len > max || body.p[0] == 0)
		return 0;
	for (i = 0; i < body.len; i++)
		out[i] = body.p[little ? body.len - 1 - i : i];
	return body.len;
}

/* RSAPublicKey ::= SEQUENCE { modulus, publicExponent } (RFC 8017, A.1.1) */
static EVP_PKEY *
rsa_decode(struct der bits)
{
	uint8_t n[MODULUS_MAX], e[EXPONENT_MAX];
	struct der_tlv seq, modulus, exponent;
	size_t nlen, elen;
	OSSL_PARAM params[3];

	if (!der_expect(&bits, DER_SEQUENCE, &seq) || bits.len != 0 ||
	    !der_expect(&seq.body, DER_INTEGER, &modulus) ||
	    !der_expect(&seq.body, DER_INTEGER, &exponent) || seq.body.len != 0 ||
	    (nlen = native(modulus.body, n, sizeof(n))) == 0 ||
	    (elen = native(exponent.body, e, sizeof(e))) == 0)
		return NULL;
	params[0] = OSSL_PARAM_construct_BN(OSSL_PKEY_PARAM_RSA_N, n, nlen);
	params[1] = OSSL_PARAM_construct_BN(OSSL_PKEY_PARAM_RSA_E, e, elen);
	params[2] = OSSL_PARAM_construct_end();
	return from_params("RSA", params);
}

/* A point on the curve that an OID names (RFC 5480). */
static EVP_PKEY *
ec_decode(struct der params, struct der bits)
{
	const unsigned char *p = params.p;
	ASN1_OBJECT *curve = d2i_ASN1_OBJECT(NULL, &p, (long)params.len);
	const char *name = OBJ_nid2sn(OBJ_obj2nid(curve));
	uint8_t point[512];
	char group[64];
	OSSL_PARAM v[3];

	ASN1_OBJECT_free(curve);
	if (curve == NULL || p != params.p + params.len || name == NULL ||
	    strlen(name) >= sizeof(group) || bits.len == 0 || bits.len > sizeof(point))
		return NULL;
	memcpy(group, name, strlen(name) + 1);
	memcpy(point, bits.p, bits.len);
	v[0] = OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, group, 0);
	v[1] = OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, point, bits.len);
	v[2] = OSSL_PARAM_construct_end();
	return from_params("EC", v);
}

EVP_PKEY *
key_decode(struct der spki)
{
	const unsigned char *p = spki.p;
	struct parts k;

	if (spki.len > CAP_CERT || !split(spki, &k))
		return NULL;
	if (der_oid_is(k.alg, "1.2.840.113549.1.1.1"))
		return rsa_decode(k.bits);
	if (der_oid_is(k.alg, "1.2.840.10045.2.1") && der_peek(k.params) == DER_OID)
		return ec_decode(k.params, k.bits);
	return d2i_PUBKEY(NULL, &p, (long)spki.len);
}
