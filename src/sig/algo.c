/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Digest and signature algorithms.  Identifiers: RFC 8017 (RSA), RFC 5758 (DSA,
 * ECDSA), RFC 8410 (EdDSA), RFC 8702 (SHAKE), NIST's register of computer
 * security objects (SHA-2, SHA-3), BSI TR-03111 (plain ECDSA).  Every signature
 * but EdDSA is verified over a digest computed here, so that OpenSSL 3.0 does
 * not refuse what it has no combined name for (ECDSA with SHA-3).
 */
#include <stdatomic.h>
#include <string.h>

#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/rsa.h>

#include "algo.h"

#define nitems(a) (sizeof(a) / sizeof((a)[0]))

#define OPEN_END INT64_MAX
#define NEVER    INT64_MIN

/* Midnight UTC at which reliability ends. */
#define D2004_08_01 1091318400
#define D2010_08_01 1280620800
#define D2012_08_01 1343779200
#define D2014_08_01 1406851200
#define D2015_12_01 1448928000
#define D2019_10_01 1569888000
#define D2021_10_01 1633046400
#define D2029_01_01 1861920000

/*
 * Reliability by digest: ETSI TS 119 312 v1.5.1, tables 1 and A.  SHA3-224 is not
 * listed there.  SHAKE256 only occurs with Ed448 and follows it.
 */
static const struct {
	const char *name, *fetch;
	size_t size;
	int64_t until;
} hashes[HASH__MAX] = {
    [HASH_NONE] = {"none", NULL, 0, NEVER},
    [HASH_MD5] = {"MD5", "MD5", 16, D2004_08_01},
    [HASH_SHA1] = {"SHA-1", "SHA1", 20, D2012_08_01},
    [HASH_RIPEMD160] = {"RIPEMD-160", "RIPEMD160", 20, D2014_08_01},
    [HASH_SHA224] = {"SHA-224", "SHA2-224", 28, D2029_01_01},
    [HASH_SHA256] = {"SHA-256", "SHA2-256", 32, OPEN_END},
    [HASH_SHA384] = {"SHA-384", "SHA2-384", 48, OPEN_END},
    [HASH_SHA512] = {"SHA-512", "SHA2-512", 64, OPEN_END},
    [HASH_SHA512_256] = {"SHA-512/256", "SHA2-512/256", 32, OPEN_END},
    [HASH_SHA3_224] = {"SHA3-224", "SHA3-224", 28, NEVER},
    [HASH_SHA3_256] = {"SHA3-256", "SHA3-256", 32, OPEN_END},
    [HASH_SHA3_384] = {"SHA3-384", "SHA3-384", 48, OPEN_END},
    [HASH_SHA3_512] = {"SHA3-512", "SHA3-512", 64, OPEN_END},
    [HASH_SHAKE256_512] = {"SHAKE256", "SHAKE256", 64, OPEN_END},
};

/* Parameters that an AlgorithmIdentifier may have. */
enum params {
	PARAMS_NULL,   /* absent or NULL */
	PARAMS_ABSENT, /* absent */
	PARAMS_512,    /* INTEGER 512 */
	PARAMS_ANY,    /* belong to the key: a curve, or the primes */
	PARAMS_PSS
};

static const struct {
	const char *oid;
	enum hash hash;
	enum params params;
} hash_oids[] = {
    {"2.16.840.1.101.3.4.2.1", HASH_SHA256, PARAMS_NULL},
    {"1.3.14.3.2.26", HASH_SHA1, PARAMS_NULL},
    {"2.16.840.1.101.3.4.2.3", HASH_SHA512, PARAMS_NULL},
    {"2.16.840.1.101.3.4.2.2", HASH_SHA384, PARAMS_NULL},
    {"2.16.840.1.101.3.4.2.4", HASH_SHA224, PARAMS_NULL},
    {"2.16.840.1.101.3.4.2.6", HASH_SHA512_256, PARAMS_NULL},
    {"2.16.840.1.101.3.4.2.7", HASH_SHA3_224, PARAMS_NULL},
    {"2.16.840.1.101.3.4.2.8", HASH_SHA3_256, PARAMS_NULL},
    {"2.16.840.1.101.3.4.2.9", HASH_SHA3_384, PARAMS_NULL},
    {"2.16.840.1.101.3.4.2.10", HASH_SHA3_512, PARAMS_NULL},
    {"2.16.840.1.101.3.4.2.12", HASH_SHAKE256_512, PARAMS_ABSENT},
    {"2.16.840.1.101.3.4.2.18", HASH_SHAKE256_512, PARAMS_512},
    {"1.2.840.113549.2.5", HASH_MD5, PARAMS_NULL},
    {"1.3.36.3.2.1", HASH_RIPEMD160, PARAMS_NULL},
};

static const struct {
	const char *oid;
	enum sig_scheme scheme;
	enum hash hash;
	enum params params;
} sig_oids[] = {
    {"1.2.840.113549.1.1.11", SCHEME_RSA_PKCS1, HASH_SHA256, PARAMS_NULL},
    {"1.2.840.113549.1.1.1", SCHEME_RSA_PKCS1, HASH_NONE, PARAMS_NULL},
    {"1.2.840.113549.1.1.5", SCHEME_RSA_PKCS1, HASH_SHA1, PARAMS_NULL},
    {"1.2.840.113549.1.1.13", SCHEME_RSA_PKCS1, HASH_SHA512, PARAMS_NULL},
    {"1.2.840.113549.1.1.12", SCHEME_RSA_PKCS1, HASH_SHA384, PARAMS_NULL},
    {"1.2.840.113549.1.1.10", SCHEME_RSA_PSS, HASH_NONE, PARAMS_PSS},
    {"1.2.840.113549.1.1.14", SCHEME_RSA_PKCS1, HASH_SHA224, PARAMS_NULL},
    {"1.2.840.113549.1.1.16", SCHEME_RSA_PKCS1, HASH_SHA512_256, PARAMS_NULL},
    {"1.2.840.113549.1.1.4", SCHEME_RSA_PKCS1, HASH_MD5, PARAMS_NULL},
    {"1.3.14.3.2.29", SCHEME_RSA_PKCS1, HASH_SHA1, PARAMS_NULL},
    {"1.3.36.3.3.1.2", SCHEME_RSA_PKCS1, HASH_RIPEMD160, PARAMS_NULL},
    {"2.16.840.1.101.3.4.3.13", SCHEME_RSA_PKCS1, HASH_SHA3_224, PARAMS_NULL},
    {"2.16.840.1.101.3.4.3.14", SCHEME_RSA_PKCS1, HASH_SHA3_256, PARAMS_NULL},
    {"2.16.840.1.101.3.4.3.15", SCHEME_RSA_PKCS1, HASH_SHA3_384, PARAMS_NULL},
    {"2.16.840.1.101.3.4.3.16", SCHEME_RSA_PKCS1, HASH_SHA3_512, PARAMS_NULL},

    {"1.2.840.10045.4.3.2", SCHEME_ECDSA, HASH_SHA256, PARAMS_NULL},
    {"1.2.840.10045.4.3.3", SCHEME_ECDSA, HASH_SHA384, PARAMS_NULL},
    {"1.2.840.10045.4.3.4", SCHEME_ECDSA, HASH_SHA512, PARAMS_NULL},
    {"1.2.840.10045.4.3.1", SCHEME_ECDSA, HASH_SHA224, PARAMS_NULL},
    {"1.2.840.10045.4.1", SCHEME_ECDSA, HASH_SHA1, PARAMS_NULL},
    {"1.2.840.10045.2.1", SCHEME_ECDSA, HASH_NONE, PARAMS_ANY},
    {"2.16.840.1.101.3.4.3.9", SCHEME_ECDSA, HASH_SHA3_224, PARAMS_NULL},
    {"2.16.840.1.101.3.4.3.10", SCHEME_ECDSA, HASH_SHA3_256, PARAMS_NULL},
    {"2.16.840.1.101.3.4.3.11", SCHEME_ECDSA, HASH_SHA3_384, PARAMS_NULL},
    {"2.16.840.1.101.3.4.3.12", SCHEME_ECDSA, HASH_SHA3_512, PARAMS_NULL},

    {"0.4.0.127.0.7.1.1.4.1.1", SCHEME_ECDSA_PLAIN, HASH_SHA1, PARAMS_ANY},
    {"0.4.0.127.0.7.1.1.4.1.2", SCHEME_ECDSA_PLAIN, HASH_SHA224, PARAMS_ANY},
    {"0.4.0.127.0.7.1.1.4.1.3", SCHEME_ECDSA_PLAIN, HASH_SHA256, PARAMS_ANY},
    {"0.4.0.127.0.7.1.1.4.1.4", SCHEME_ECDSA_PLAIN, HASH_SHA384, PARAMS_ANY},
    {"0.4.0.127.0.7.1.1.4.1.5", SCHEME_ECDSA_PLAIN, HASH_SHA512, PARAMS_ANY},
    {"0.4.0.127.0.7.1.1.4.1.6", SCHEME_ECDSA_PLAIN, HASH_RIPEMD160, PARAMS_ANY},
    {"0.4.0.127.0.7.1.1.4.1.8", SCHEME_ECDSA_PLAIN, HASH_SHA3_224, PARAMS_ANY},
    {"0.4.0.127.0.7.1.1.4.1.9", SCHEME_ECDSA_PLAIN, HASH_SHA3_256, PARAMS_ANY},
    {"0.4.0.127.0.7.1.1.4.1.10", SCHEME_ECDSA_PLAIN, HASH_SHA3_384, PARAMS_ANY},
    {"0.4.0.127.0.7.1.1.4.1.11", SCHEME_ECDSA_PLAIN, HASH_SHA3_512, PARAMS_ANY},

    {"1.3.101.112", SCHEME_ED25519, HASH_SHA512, PARAMS_ABSENT},
    {"1.3.101.113", SCHEME_ED448, HASH_SHAKE256_512, PARAMS_ABSENT},

    {"1.2.840.10040.4.3", SCHEME_DSA, HASH_SHA1, PARAMS_NULL},
    {"1.2.840.10040.4.1", SCHEME_DSA, HASH_NONE, PARAMS_ANY},
    {"1.3.14.3.2.27", SCHEME_DSA, HASH_SHA1, PARAMS_NULL},
    {"2.16.840.1.101.3.4.3.1", SCHEME_DSA, HASH_SHA224, PARAMS_NULL},
    {"2.16.840.1.101.3.4.3.2", SCHEME_DSA, HASH_SHA256, PARAMS_NULL},
    {"2.16.840.1.101.3.4.3.3", SCHEME_DSA, HASH_SHA384, PARAMS_NULL},
    {"2.16.840.1.101.3.4.3.4", SCHEME_DSA, HASH_SHA512, PARAMS_NULL},
    {"2.16.840.1.101.3.4.3.5", SCHEME_DSA, HASH_SHA3_224, PARAMS_NULL},
    {"2.16.840.1.101.3.4.3.6", SCHEME_DSA, HASH_SHA3_256, PARAMS_NULL},
    {"2.16.840.1.101.3.4.3.7", SCHEME_DSA, HASH_SHA3_384, PARAMS_NULL},
    {"2.16.840.1.101.3.4.3.8", SCHEME_DSA, HASH_SHA3_512, PARAMS_NULL},
};

/*
 * Reliability by scheme, family and size, smallest first: ETSI TS 119 312
 * v1.5.1, tables 4 to 7 and A.  A size counts from bits up to the next row; below
 * the first row nothing is reliable.  EdDSA is not listed there: own entry, open.
 */
static const struct {
	enum sig_scheme scheme;
	unsigned bits;
	int64_t until;
} strengths[] = {
    {SCHEME_RSA_PKCS1, 1, D2010_08_01},
    {SCHEME_RSA_PKCS1, 1024, D2019_10_01},
    {SCHEME_RSA_PKCS1, 1900, D2029_01_01},
    {SCHEME_RSA_PSS, 1, D2010_08_01},
    {SCHEME_RSA_PSS, 1024, D2019_10_01},
    {SCHEME_RSA_PSS, 1900, D2029_01_01},
    {SCHEME_RSA_PSS, 3000, OPEN_END},
    {SCHEME_ECDSA, 160, D2012_08_01},
    {SCHEME_ECDSA, 224, D2021_10_01},
    {SCHEME_ECDSA, 256, OPEN_END},
    {SCHEME_DSA, 1024, D2015_12_01},
    {SCHEME_DSA, 1900, D2029_01_01},
    {SCHEME_ED25519, 1, OPEN_END},
    {SCHEME_ED448, 1, OPEN_END},
};

/* The OID of an AlgorithmIdentifier and what follows it. */
static bool
alg_split(struct der alg_id, struct der *oid, struct der *params)
{
	struct der_tlv t;
	struct der in;

	if (!der_expect(&alg_id, DER_SEQUENCE, &t) || alg_id.len != 0)
		return false;
	in = t.body;
	if (!der_expect(&in, DER_OID, &t))
		return false;
	*oid = t.body;
	*params = in;
	return true;
}

static bool
params_fit(struct der params, enum params want)
{
	struct der_tlv t;
	uint64_t v;

	switch (want) {
	case PARAMS_ANY:
		return true;
	case PARAMS_ABSENT:
		return params.len == 0;
	case PARAMS_NULL:
		return params.len == 0 ||
		       (params.len == 2 && params.p[0] == 0x05 && params.p[1] == 0);
	case PARAMS_512:
		return der_expect(&params, DER_INTEGER, &t) && params.len == 0 &&
		       der_uint(t.body, &v) && v == 512;
	case PARAMS_PSS:
		break;
	}
	return false;
}

enum hash
hash_parse(struct der alg_id)
{
	struct der oid, params;
	size_t i;

	if (!alg_split(alg_id, &oid, &params))
		return HASH_NONE;
	for (i = 0; i < nitems(hash_oids); i++) {
		if (der_oid_is(oid, hash_oids[i].oid))
			return params_fit(params, hash_oids[i].params) ? hash_oids[i].hash
								       : HASH_NONE;
	}
	return HASH_NONE;
}

/* Take an optional EXPLICIT [n]; false only if it is there and malformed. */
static bool
field(struct der *in, unsigned n, bool *there, struct der *body)
{
	struct der_tlv t;

	*there = der_peek(*in) == (int)(DER_CONTEXT(n));
	if (!*there)
		return true;
	if (!der_next(in, &t))
		return false;
	*body = t.body;
	return true;
}

/* Take an optional EXPLICIT [n] INTEGER with a default. */
static bool
field_uint(struct der *in, unsigned n, uint64_t def, uint64_t *out)
{
	struct der body;
	struct der_tlv t;
	bool there;

	*out = def;
	if (!field(in, n, &there, &body))
		return false;
	if (!there)
		return true;
	return der_expect(&body, DER_INTEGER, &t) && body.len == 0 && der_uint(t.body, out);
}

/* RSASSA-PSS-params (RFC 8017, A.2.3); every field has a default. */
static bool
pss_parse(struct der params, struct sig_algo *out)
{
	struct der in, body, oid, mgf;
	struct der_tlv t;
	uint64_t salt, trailer;
	bool there;

	out->hash = out->mgf1_hash = HASH_SHA1;
	if (!der_expect(&params, DER_SEQUENCE, &t) || params.len != 0)
		return false;
	in = t.body;
	if (!field(&in, 0, &there, &body) ||
	    (there && (out->hash = hash_parse(body)) == HASH_NONE) || !field(&in, 1, &there, &body))
		return false;
	if (there) {
		if (!alg_split(body, &oid, &mgf) || !der_oid_is(oid, "1.2.840.113549.1.1.8") ||
		    (out->mgf1_hash = hash_parse(mgf)) == HASH_NONE)
			return false;
	}
	if (!field_uint(&in, 2, 20, &salt) || !field_uint(&in, 3, 1, &trailer) || in.len != 0 ||
	    salt > 0xffff)
		return false;
	out->salt_len = (int)salt;
	out->params_ok = trailer == 1;
	return true;
}

bool
sig_algo_parse(struct der alg_id, struct sig_algo *out)
{
	struct der oid, params;
	bool ok = false;
	size_t i;

	memset(out, 0, sizeof(*out));
	if (!alg_split(alg_id, &oid, &params))
		return false;
	for (i = 0; i < nitems(sig_oids); i++) {
		if (!der_oid_is(oid, sig_oids[i].oid))
			continue;
		out->scheme = sig_oids[i].scheme;
		out->hash = sig_oids[i].hash;
		if (sig_oids[i].params == PARAMS_PSS)
			ok = pss_parse(params, out);
		else
			ok = out->params_ok = params_fit(params, sig_oids[i].params);
		break;
	}
	if (!ok)
		memset(out, 0, sizeof(*out));
	return ok;
}

const char *
hash_name(enum hash h)
{
	return h < HASH__MAX ? hashes[h].name : hashes[HASH_NONE].name;
}

size_t
hash_size(enum hash h)
{
	return h < HASH__MAX ? hashes[h].size : 0;
}

const EVP_MD *
hash_md(enum hash h)
{
	/* Fetched implementations are pure; they live as long as the process. */
	static _Atomic(EVP_MD *) cache[HASH__MAX];
	EVP_MD *md, *none = NULL;

	if (h <= HASH_NONE || h >= HASH__MAX)
		return NULL;
	if ((md = atomic_load(&cache[h])) != NULL)
		return md;
	if ((md = EVP_MD_fetch(NULL, hashes[h].fetch, NULL)) == NULL) {
		ERR_clear_error();
		return NULL;
	}
	if (!atomic_compare_exchange_strong(&cache[h], &none, md)) {
		EVP_MD_free(md);
		md = none;
	}
	return md;
}

const char *
scheme_name(enum sig_scheme s)
{
	switch (s) {
	case SCHEME_RSA_PKCS1:
		return "RSA";
	case SCHEME_RSA_PSS:
		return "RSA-PSS";
	case SCHEME_ECDSA:
		return "ECDSA";
	case SCHEME_ECDSA_PLAIN:
		return "plain-ECDSA";
	case SCHEME_DSA:
		return "DSA";
	case SCHEME_ED25519:
		return "Ed25519";
	case SCHEME_ED448:
		return "Ed448";
	case SCHEME_NONE:
		break;
	}
	return "none";
}

size_t
hash_final(EVP_MD_CTX *ctx, enum hash h, uint8_t *out)
{
	int ok;

	if (h == HASH_SHAKE256_512)
		ok = EVP_DigestFinalXOF(ctx, out, hash_size(h));
	else
		ok = EVP_DigestFinal_ex(ctx, out, NULL);
	if (ok != 1) {
		ERR_clear_error();
		return 0;
	}
	return hash_size(h);
}

size_t
hash_span(enum hash h, struct der span, uint8_t out[HASH_SIZE_MAX])
{
	const EVP_MD *md = hash_md(h);
	EVP_MD_CTX *ctx;
	size_t n = 0;

	if (md == NULL || (ctx = EVP_MD_CTX_new()) == NULL)
		return 0;
	if (EVP_DigestInit_ex2(ctx, md, NULL) == 1 && EVP_DigestUpdate(ctx, span.p, span.len) == 1)
		n = hash_final(ctx, h, out);
	else
		ERR_clear_error();
	EVP_MD_CTX_free(ctx);
	return n;
}

struct key_strength
key_strength(EVP_PKEY *key)
{
	struct key_strength k = {SCHEME_NONE, 0};
	int bits;

	if (key == NULL)
		return k;
	switch (EVP_PKEY_get_base_id(key)) {
	case EVP_PKEY_RSA:
	case EVP_PKEY_RSA_PSS:
		k.family = SCHEME_RSA_PKCS1;
		break;
	case EVP_PKEY_EC:
		k.family = SCHEME_ECDSA;
		break;
	case EVP_PKEY_DSA:
		k.family = SCHEME_DSA;
		break;
	case EVP_PKEY_ED25519:
		k.family = SCHEME_ED25519;
		break;
	case EVP_PKEY_ED448:
		k.family = SCHEME_ED448;
		break;
	default:
		return k;
	}
	bits = EVP_PKEY_get_bits(key);
	k.bits = bits > 0 ? (unsigned)bits : 0;
	return k;
}

/* The family of keys that a scheme takes. */
static enum sig_scheme
scheme_family(enum sig_scheme s)
{
	if (s == SCHEME_RSA_PSS)
		return SCHEME_RSA_PKCS1;
	return s == SCHEME_ECDSA_PLAIN ? SCHEME_ECDSA : s;
}

bool
key_fits(EVP_PKEY *key, enum sig_scheme s)
{
	if (s == SCHEME_RSA_PKCS1 && EVP_PKEY_get_base_id(key) != EVP_PKEY_RSA)
		return false;
	return s != SCHEME_NONE && key_strength(key).family == scheme_family(s);
}

/* r || s (BSI TR-03111, 5.2.2) as the SEQUENCE that OpenSSL verifies; NULL if it is none. */
static uint8_t *
plain_to_der(EVP_PKEY *key, struct der value, size_t *len)
{
	size_t half = (key_strength(key).bits + 7) / 8;
	ECDSA_SIG *sig = NULL;
	BIGNUM *r = NULL, *s = NULL;
	uint8_t *der = NULL;
	int n;

	*len = 0;
	if (half == 0 || value.len != 2 * half)
		return NULL;
	r = BN_bin2bn(value.p, (int)half, NULL);
	s = BN_bin2bn(value.p + half, (int)half, NULL);
	sig = ECDSA_SIG_new();
	if (r == NULL || s == NULL || sig == NULL || ECDSA_SIG_set0(sig, r, s) != 1)
		goto out;
	r = s = NULL; /* transferred */
	if ((n = i2d_ECDSA_SIG(sig, &der)) > 0)
		*len = (size_t)n;
out:
	BN_free(r);
	BN_free(s);
	ECDSA_SIG_free(sig);
	return der;
}

static bool
rsa_setup(EVP_PKEY_CTX *ctx, const struct sig_algo *alg, enum hash h)
{
	const EVP_MD *md = hash_md(h), *mgf1;

	if (alg->scheme == SCHEME_RSA_PKCS1)
		return EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PADDING) == 1 &&
		       EVP_PKEY_CTX_set_signature_md(ctx, md) == 1;
	return (mgf1 = hash_md(alg->mgf1_hash)) != NULL &&
	       EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PSS_PADDING) == 1 &&
	       EVP_PKEY_CTX_set_signature_md(ctx, md) == 1 &&
	       EVP_PKEY_CTX_set_rsa_mgf1_md(ctx, mgf1) == 1 &&
	       EVP_PKEY_CTX_set_rsa_pss_saltlen(ctx, alg->salt_len) == 1;
}

/*
 * Whether OpenSSL lacked memory, as far as it tells: it says so, or names nothing that is wrong
 * with the signature.  Then the signature is not judged.  Empties its queue.
 */
static bool
starved(void)
{
	bool any = false, accused = false, memory = false;
	unsigned long e;
	int lib, reason;

	while ((e = ERR_get_error()) != 0) {
		lib = ERR_GET_LIB(e);
		reason = ERR_GET_REASON(e);
		any = true;
		memory |= reason == ERR_R_MALLOC_FAILURE;
		accused |= (reason & ERR_RFLAG_COMMON) == 0 &&
			   (lib == ERR_LIB_RSA || lib == ERR_LIB_EC || lib == ERR_LIB_DSA ||
			       lib == ERR_LIB_ASN1);
	}
	return memory || (any && !accused);
}

int
sig_verify_digest(EVP_PKEY *key, const struct sig_algo *alg, enum hash digest, const uint8_t *md,
    size_t md_len, struct der value)
{
	enum hash h = alg->hash != HASH_NONE ? alg->hash : digest;
	EVP_PKEY_CTX *ctx = NULL;
	uint8_t *der = NULL;
	size_t der_len;
	int result = -1;

	/* EdDSA signs the message itself: a digest is not enough. */
	if (key == NULL || !key_fits(key, alg->scheme) || alg->scheme == SCHEME_ED25519 ||
	    alg->scheme == SCHEME_ED448 || hash_md(h) == NULL || md_len != hash_size(h) ||
	    (alg->scheme == SCHEME_RSA_PSS && !alg->params_ok))
		return -1;
	if (alg->scheme == SCHEME_ECDSA_PLAIN) {
		if ((der = plain_to_der(key, value, &der_len)) == NULL) {
			result = 0;
			goto out;
		}
		value.p = der;
		value.len = der_len;
	}
	if ((ctx = EVP_PKEY_CTX_new_from_pkey(NULL, key, NULL)) == NULL ||
	    EVP_PKEY_verify_init(ctx) != 1)
		goto out;
	if (scheme_family(alg->scheme) == SCHEME_RSA_PKCS1 && !rsa_setup(ctx, alg, h))
		goto out;
	result = EVP_PKEY_verify(ctx, value.p, value.len, md, md_len) == 1;
out:
	if (result != 1 && starved())
		result = -1;
	EVP_PKEY_CTX_free(ctx);
	OPENSSL_free(der);
	return result;
}

static int
eddsa_verify(EVP_PKEY *key, struct der tbs, struct der value)
{
	EVP_MD_CTX *ctx;
	int result = -1;

	if ((ctx = EVP_MD_CTX_new()) == NULL)
		return -1;
	if (EVP_DigestVerifyInit(ctx, NULL, NULL, NULL, key) == 1)
		result = EVP_DigestVerify(ctx, value.p, value.len, tbs.p, tbs.len) == 1;
	if (result != 1 && starved())
		result = -1;
	EVP_MD_CTX_free(ctx);
	return result;
}

int
sig_verify(
    EVP_PKEY *key, const struct sig_algo *alg, enum hash digest, struct der tbs, struct der value)
{
	enum hash h = alg->hash != HASH_NONE ? alg->hash : digest;
	uint8_t md[HASH_SIZE_MAX];
	size_t n;

	if (key == NULL || !key_fits(key, alg->scheme))
		return -1;
	if (alg->scheme == SCHEME_ED25519 || alg->scheme == SCHEME_ED448)
		return eddsa_verify(key, tbs, value);
	if ((n = hash_span(h, tbs, md)) == 0)
		return -1;
	return sig_verify_digest(key, alg, digest, md, n, value);
}

int64_t
hash_until(enum hash h)
{
	return h < HASH__MAX ? hashes[h].until : NEVER;
}

int64_t
scheme_until(enum sig_scheme s, struct key_strength k)
{
	int64_t until = NEVER;
	size_t i;

	if (k.family != scheme_family(s))
		return NEVER;
	if (s == SCHEME_ECDSA_PLAIN)
		s = SCHEME_ECDSA;
	for (i = 0; i < nitems(strengths); i++) {
		if (strengths[i].scheme == s && k.bits >= strengths[i].bits)
			until = strengths[i].until;
	}
	return until;
}
