/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Algorithm identifiers, digests, signatures of every kind, and until when they count. */
#include "cmsmake.h"

#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/pem.h>

#include "algo.h"

#define nitems(a) (sizeof(a) / sizeof((a)[0]))
#define BYTES(s)  (const uint8_t *)(s), sizeof(s) - 1

static const uint8_t data[] = "abc";
#define ABC data, 3

/* FIPS 180-4, FIPS 202, RFC 1321 and RFC 8702's XOF: digests of "abc". */
static const struct {
	enum hash hash;
	const char *name, *oid, *md;
	size_t size;
} hashes[] = {
    {HASH_MD5, "MD5", "1.2.840.113549.2.5", "900150983cd24fb0", 16},
    {HASH_SHA1, "SHA-1", "1.3.14.3.2.26", "a9993e364706816a", 20},
    {HASH_RIPEMD160, "RIPEMD-160", "1.3.36.3.2.1", "8eb208f7e05d987a", 20},
    {HASH_SHA224, "SHA-224", "2.16.840.1.101.3.4.2.4", "23097d223405d822", 28},
    {HASH_SHA256, "SHA-256", "2.16.840.1.101.3.4.2.1", "ba7816bf8f01cfea", 32},
    {HASH_SHA384, "SHA-384", "2.16.840.1.101.3.4.2.2", "cb00753f45a35e8b", 48},
    {HASH_SHA512, "SHA-512", "2.16.840.1.101.3.4.2.3", "ddaf35a193617aba", 64},
    {HASH_SHA512_256, "SHA-512/256", "2.16.840.1.101.3.4.2.6", "53048e2681941ef9", 32},
    {HASH_SHA3_224, "SHA3-224", "2.16.840.1.101.3.4.2.7", "e642824c3f8cf24a", 28},
    {HASH_SHA3_256, "SHA3-256", "2.16.840.1.101.3.4.2.8", "3a985da74fe225b2", 32},
    {HASH_SHA3_384, "SHA3-384", "2.16.840.1.101.3.4.2.9", "ec01498288516fc9", 48},
    {HASH_SHA3_512, "SHA3-512", "2.16.840.1.101.3.4.2.10", "b751850b1a57168a", 64},
    {HASH_SHAKE256_512, "SHAKE256", "2.16.840.1.101.3.4.2.12", "483366601360a877", 64},
};

static void
test_hashes(void **state)
{
	uint8_t md[HASH_SIZE_MAX];
	struct der d = {ABC};
	struct buf b, hex;
	size_t i;

	(void)state;
	assert_int_equal(nitems(hashes), HASH__MAX - 1);
	for (i = 0; i < nitems(hashes); i++) {
		assert_int_equal(hash_size(hashes[i].hash), hashes[i].size);
		assert_string_equal(hash_name(hashes[i].hash), hashes[i].name);
		assert_int_equal(hash_span(hashes[i].hash, d, md), hashes[i].size);
		buf_init(&hex, 64);
		buf_hex(&hex, md, 8);
		assert_string_equal(buf_text(&hex), hashes[i].md);
		buf_clear(&hex);
		buf_init(&b, MAKE_MAX);
		put_alg(&b, hashes[i].oid, NULL, 0);
		assert_int_equal(hash_parse(der_of(&b)), hashes[i].hash);
		buf_clear(&b);
		buf_init(&b, MAKE_MAX);
		put_alg(&b, hashes[i].oid, "\x05\x00", 2);
		assert_int_equal(hash_parse(der_of(&b)),
		    hashes[i].hash == HASH_SHAKE256_512 ? HASH_NONE : hashes[i].hash);
		buf_clear(&b);
		buf_init(&b, MAKE_MAX);
		put_alg(&b, hashes[i].oid, "\x02\x01\x05", 3);
		assert_int_equal(hash_parse(der_of(&b)), HASH_NONE);
		buf_clear(&b);
	}
	assert_int_equal(hash_span(HASH_NONE, d, md), 0);
	assert_null(hash_md(HASH_NONE));
	assert_null(hash_md(HASH__MAX));
	assert_string_equal(hash_name(HASH_NONE), "none");
}

static const struct {
	const char *name;
	const uint8_t *der;
	size_t len;
	enum hash hash;
} hash_ids[] = {
    {"shake256-len, 512",
	BYTES("\x30\x0f\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x12\x02\x02\x02\x00"),
	HASH_SHAKE256_512},
    {"shake256-len, 256",
	BYTES("\x30\x0f\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x12\x02\x02\x01\x00"), HASH_NONE},
    {"shake256-len without a length", BYTES("\x30\x0b\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x12"),
	HASH_NONE},
    {"more behind it", BYTES("\x30\x0b\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00"),
	HASH_NONE},
    {"cut off", BYTES("\x30\x0b\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02"), HASH_NONE},
    {"no OID", BYTES("\x30\x02\x05\x00"), HASH_NONE},
    {"an OID alone", BYTES("\x06\x05\x2b\x0e\x03\x02\x1a"), HASH_NONE},
    {"empty", BYTES(""), HASH_NONE},
};

static void
test_hash_ids(void **state)
{
	struct der d;
	size_t i;

	(void)state;
	for (i = 0; i < nitems(hash_ids); i++) {
		d.p = hash_ids[i].der;
		d.len = hash_ids[i].len;
		if (hash_parse(d) != hash_ids[i].hash)
			fail_msg("%s", hash_ids[i].name);
	}
}

static const struct {
	const char *oid;
	enum sig_scheme scheme;
	enum hash hash;
} schemes[] = {
    {"1.2.840.113549.1.1.1", SCHEME_RSA_PKCS1, HASH_NONE},
    {"1.2.840.113549.1.1.4", SCHEME_RSA_PKCS1, HASH_MD5},
    {"1.2.840.113549.1.1.5", SCHEME_RSA_PKCS1, HASH_SHA1},
    {"1.2.840.113549.1.1.11", SCHEME_RSA_PKCS1, HASH_SHA256},
    {"1.2.840.113549.1.1.16", SCHEME_RSA_PKCS1, HASH_SHA512_256},
    {"1.3.36.3.3.1.2", SCHEME_RSA_PKCS1, HASH_RIPEMD160},
    {"2.16.840.1.101.3.4.3.16", SCHEME_RSA_PKCS1, HASH_SHA3_512},
    {"1.2.840.10045.2.1", SCHEME_ECDSA, HASH_NONE},
    {"1.2.840.10045.4.3.4", SCHEME_ECDSA, HASH_SHA512},
    {"2.16.840.1.101.3.4.3.10", SCHEME_ECDSA, HASH_SHA3_256},
    {"0.4.0.127.0.7.1.1.4.1.3", SCHEME_ECDSA_PLAIN, HASH_SHA256},
    {"0.4.0.127.0.7.1.1.4.1.6", SCHEME_ECDSA_PLAIN, HASH_RIPEMD160},
    {"1.2.840.10040.4.3", SCHEME_DSA, HASH_SHA1},
    {"2.16.840.1.101.3.4.3.2", SCHEME_DSA, HASH_SHA256},
    {"1.3.101.112", SCHEME_ED25519, HASH_SHA512},
    {"1.3.101.113", SCHEME_ED448, HASH_SHAKE256_512},
};

static void
test_schemes(void **state)
{
	static const char *const names[] = {[SCHEME_NONE] = "none",
	    [SCHEME_RSA_PKCS1] = "RSA",
	    [SCHEME_RSA_PSS] = "RSA-PSS",
	    [SCHEME_ECDSA] = "ECDSA",
	    [SCHEME_ECDSA_PLAIN] = "plain-ECDSA",
	    [SCHEME_DSA] = "DSA",
	    [SCHEME_ED25519] = "Ed25519",
	    [SCHEME_ED448] = "Ed448"};
	struct sig_algo algo;
	struct buf b;
	size_t i;
	bool ok;

	(void)state;
	for (i = 0; i < nitems(schemes); i++) {
		buf_init(&b, MAKE_MAX);
		put_alg(&b, schemes[i].oid, NULL, 0);
		assert_true(sig_algo_parse(der_of(&b), &algo));
		assert_int_equal(algo.scheme, schemes[i].scheme);
		assert_int_equal(algo.hash, schemes[i].hash);
		assert_true(algo.params_ok);
		buf_clear(&b);
		buf_init(&b, MAKE_MAX);
		put_alg(&b, schemes[i].oid, "\x02\x01\x05", 3);
		ok = sig_algo_parse(der_of(&b), &algo);
		/* a curve or DSA's primes may stand there */
		assert_int_equal(
		    ok, schemes[i].scheme == SCHEME_ECDSA_PLAIN ||
			    (schemes[i].scheme == SCHEME_ECDSA && schemes[i].hash == HASH_NONE));
		if (!ok)
			assert_int_equal(algo.scheme, SCHEME_NONE);
		buf_clear(&b);
	}
	buf_init(&b, MAKE_MAX);
	put_alg(&b, "1.2.840.113549.1.1.99", NULL, 0);
	assert_false(sig_algo_parse(der_of(&b), &algo));
	buf_clear(&b);
	for (i = 0; i < nitems(names); i++)
		assert_string_equal(scheme_name((enum sig_scheme)i), names[i]);
}

#define ALG_SHA256 "\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00"
#define ALG_MGF1   "\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x08"

static const struct {
	const char *name;
	const uint8_t *params;
	size_t len;
	bool ok, params_ok;
	enum hash hash, mgf1;
	int salt;
} pss[] = {
    {"defaults", BYTES("\x30\x00"), true, true, HASH_SHA1, HASH_SHA1, 20},
    {"sha-256",
	BYTES("\x30\x34\xa0\x0f" ALG_SHA256 "\xa1\x1c\x30\x1a" ALG_MGF1 ALG_SHA256
	      "\xa2\x03\x02\x01\x20"),
	true, true, HASH_SHA256, HASH_SHA256, 32},
    {"trailer 1", BYTES("\x30\x05\xa3\x03\x02\x01\x01"), true, true, HASH_SHA1, HASH_SHA1, 20},
    {"trailer 2", BYTES("\x30\x05\xa3\x03\x02\x01\x02"), true, false, HASH_SHA1, HASH_SHA1, 20},
    {"other mgf1", BYTES("\x30\x11\xa0\x0f" ALG_SHA256), true, true, HASH_SHA256, HASH_SHA1, 20},
    {"no mgf1", BYTES("\x30\x0f\xa1\x0d\x30\x0b\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01"),
	false, false, HASH_NONE, HASH_NONE, 0},
    {"mgf1 of nothing", BYTES("\x30\x0f\xa1\x0d\x30\x0b" ALG_MGF1), false, false, HASH_NONE,
	HASH_NONE, 0},
    {"negative salt", BYTES("\x30\x05\xa2\x03\x02\x01\xff"), false, false, HASH_NONE, HASH_NONE, 0},
    {"huge salt", BYTES("\x30\x07\xa2\x05\x02\x03\x01\x00\x00"), false, false, HASH_NONE, HASH_NONE,
	0},
    {"wrong order", BYTES("\x30\x0a\xa3\x03\x02\x01\x01\xa2\x03\x02\x01\x14"), false, false,
	HASH_NONE, HASH_NONE, 0},
    {"unknown hash", BYTES("\x30\x07\xa0\x05\x30\x03\x06\x01\x00"), false, false, HASH_NONE,
	HASH_NONE, 0},
    {"absent", BYTES(""), false, false, HASH_NONE, HASH_NONE, 0},
    {"NULL", BYTES("\x05\x00"), false, false, HASH_NONE, HASH_NONE, 0},
};

static void
test_pss(void **state)
{
	struct sig_algo algo;
	struct buf b;
	size_t i;

	(void)state;
	for (i = 0; i < nitems(pss); i++) {
		buf_init(&b, MAKE_MAX);
		put_alg(&b, OID_PSS, pss[i].params, pss[i].len);
		if (sig_algo_parse(der_of(&b), &algo) != pss[i].ok)
			fail_msg("%s", pss[i].name);
		assert_int_equal(algo.scheme, pss[i].ok ? SCHEME_RSA_PSS : SCHEME_NONE);
		assert_int_equal(algo.hash, pss[i].hash);
		assert_int_equal(algo.mgf1_hash, pss[i].mgf1);
		assert_int_equal(algo.salt_len, pss[i].salt);
		assert_int_equal(algo.params_ok, pss[i].params_ok);
		buf_clear(&b);
	}
}

/* A key of 1024 bits, made for this test: making one takes too long. */
static const char dsa_pem[] = "-----BEGIN PRIVATE KEY-----\n"
			      "MIIBWgIBADCCATMGByqGSM44BAEwggEmAoGBAL6co6F2eMpmDApK4v46hWCw1E1S\n"
			      "wisGVrHLomRLvcc4+zlVr0+xfgKfBXDIM9+fFf1uo2lLr0vV4dkwSvxZhZgYbfTd\n"
			      "at0WKezf6U5Vb0F53kneqUpCUhTYTawfna5j0ClW8rrQ2aM+eWZQ9gqRotg+Q3/J\n"
			      "t6otRV6pFB/wuMdvAh0AgvRAxpINpr3c5S4mbPCUtezT4i+aoqunCPFVcQKBgE0+\n"
			      "ok0qWsbH6dY1HFuyRg1BL+fyQtM06S/6QQqyXigZcRuUWGFvi5Qocdlph93bfOEo\n"
			      "S4X/g4D7131rtyBfVR+B/90NfG9v/kiSWbuHkkIv2lbAbfiRQH+tfo0CUh/329ja\n"
			      "YWUvpDlaHIu9djAe9ivbIsNHK9ddCn2WyAYEpMrhBB4CHGCxtKRlMPOB1ZrNKk54\n"
			      "ldReLtooWP/+i6NNp88=\n"
			      "-----END PRIVATE KEY-----\n";

static EVP_PKEY *
dsa_key(void)
{
	BIO *bio = BIO_new_mem_buf(dsa_pem, sizeof(dsa_pem) - 1);
	EVP_PKEY *key = PEM_read_bio_PrivateKey(bio, NULL, NULL, NULL);

	BIO_free(bio);
	return key;
}

static EVP_PKEY *keys[6];
enum { K_RSA, K_P256, K_BRAINPOOL, K_ED25519, K_ED448, K_DSA };

static int
setup(void **state)
{
	(void)state;
	keys[K_RSA] = EVP_PKEY_Q_keygen(NULL, NULL, "RSA", (size_t)2048);
	keys[K_P256] = EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-256");
	keys[K_BRAINPOOL] = EVP_PKEY_Q_keygen(NULL, NULL, "EC", "brainpoolP512r1");
	keys[K_ED25519] = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
	keys[K_ED448] = EVP_PKEY_Q_keygen(NULL, NULL, "ED448");
	keys[K_DSA] = dsa_key();
	return 0;
}

static int
teardown(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < nitems(keys); i++)
		EVP_PKEY_free(keys[i]);
	return 0;
}

static const struct {
	int key;
	struct sig_algo alg;
	enum hash digest; /* used where the algorithm names none */
} pairs[] = {
    {K_RSA, {SCHEME_RSA_PKCS1, HASH_NONE, HASH_NONE, 0, true}, HASH_SHA256},
    {K_RSA, {SCHEME_RSA_PKCS1, HASH_MD5, HASH_NONE, 0, true}, HASH_MD5},
    {K_RSA, {SCHEME_RSA_PKCS1, HASH_SHA1, HASH_NONE, 0, true}, HASH_SHA1},
    {K_RSA, {SCHEME_RSA_PKCS1, HASH_RIPEMD160, HASH_NONE, 0, true}, HASH_RIPEMD160},
    {K_RSA, {SCHEME_RSA_PKCS1, HASH_SHA512_256, HASH_NONE, 0, true}, HASH_SHA512_256},
    {K_RSA, {SCHEME_RSA_PKCS1, HASH_SHA3_512, HASH_NONE, 0, true}, HASH_SHA3_512},
    {K_RSA, {SCHEME_RSA_PSS, HASH_SHA256, HASH_SHA256, 32, true}, HASH_SHA256},
    {K_RSA, {SCHEME_RSA_PSS, HASH_SHA3_384, HASH_SHA3_384, 20, true}, HASH_SHA3_384},
    {K_RSA, {SCHEME_RSA_PSS, HASH_SHA256, HASH_SHA1, 32, true}, HASH_SHA256},
    {K_P256, {SCHEME_ECDSA, HASH_SHA256, HASH_NONE, 0, true}, HASH_SHA256},
    {K_P256, {SCHEME_ECDSA, HASH_SHA512, HASH_NONE, 0, true}, HASH_SHA512},
    {K_P256, {SCHEME_ECDSA, HASH_SHA3_256, HASH_NONE, 0, true}, HASH_SHA3_256},
    {K_P256, {SCHEME_ECDSA_PLAIN, HASH_SHA256, HASH_NONE, 0, true}, HASH_SHA256},
    {K_BRAINPOOL, {SCHEME_ECDSA, HASH_NONE, HASH_NONE, 0, true}, HASH_SHA512},
    {K_BRAINPOOL, {SCHEME_ECDSA_PLAIN, HASH_SHA512, HASH_NONE, 0, true}, HASH_SHA512},
    {K_DSA, {SCHEME_DSA, HASH_SHA1, HASH_NONE, 0, true}, HASH_SHA1},
    {K_DSA, {SCHEME_DSA, HASH_SHA256, HASH_NONE, 0, true}, HASH_SHA256},
    {K_ED25519, {SCHEME_ED25519, HASH_SHA512, HASH_NONE, 0, true}, HASH_SHA512},
    {K_ED448, {SCHEME_ED448, HASH_SHAKE256_512, HASH_NONE, 0, true}, HASH_SHAKE256_512},
};

/* The value as raw r || s instead of the SEQUENCE of both. */
static void
to_plain(struct buf *b, EVP_PKEY *key)
{
	size_t half = ((size_t)EVP_PKEY_get_bits(key) + 7) / 8;
	const uint8_t *p = b->p;
	uint8_t raw[256];
	ECDSA_SIG *sig = d2i_ECDSA_SIG(NULL, &p, (long)b->len);

	assert_non_null(sig);
	assert_true(BN_bn2binpad(ECDSA_SIG_get0_r(sig), raw, (int)half) > 0);
	assert_true(BN_bn2binpad(ECDSA_SIG_get0_s(sig), raw + half, (int)half) > 0);
	ECDSA_SIG_free(sig);
	buf_clear(b);
	buf_put(b, raw, 2 * half);
}

/* Signature value of pair i over data. */
static void
sign_pair(size_t i, struct buf *out)
{
	struct recipe r = {.digest = pairs[i].digest,
	    .pss_salt = pairs[i].alg.salt_len,
	    .mgf1 = pairs[i].alg.mgf1_hash};
	struct maker m = {.key = keys[pairs[i].key]};
	struct buf b;
	struct der_tlv t;
	struct der d;

	buf_init(&b, MAKE_MAX);
	put_signature(&b, &m, &r, ABC);
	d = der_of(&b);
	assert_true(der_expect(&d, DER_OCTET_STRING, &t));
	buf_put(out, t.body.p, t.body.len);
	buf_clear(&b);
	if (pairs[i].alg.scheme == SCHEME_ECDSA_PLAIN)
		to_plain(out, m.key);
}

static void
test_signatures(void **state)
{
	struct der abc = {ABC}, abd = {(const uint8_t *)"abd", 3};
	uint8_t md[HASH_SIZE_MAX];
	struct buf b;
	size_t i, k, n;
	bool eddsa;
	int want, got;

	(void)state;
	for (i = 0; i < nitems(pairs); i++) {
		buf_init(&b, MAKE_MAX);
		sign_pair(i, &b);
		got =
		    sig_verify(keys[pairs[i].key], &pairs[i].alg, pairs[i].digest, abc, der_of(&b));
		if (got != 1)
			fail_msg("pair %zu: %d", i, got);
		assert_int_equal(
		    sig_verify(keys[pairs[i].key], &pairs[i].alg, pairs[i].digest, abd, der_of(&b)),
		    0);
		eddsa = pairs[i].alg.scheme >= SCHEME_ED25519;
		n = hash_of(pairs[i].digest, ABC, md);
		assert_int_equal(sig_verify_digest(keys[pairs[i].key], &pairs[i].alg,
				     pairs[i].digest, md, n, der_of(&b)),
		    eddsa ? -1 : 1);
		assert_int_equal(sig_verify_digest(keys[pairs[i].key], &pairs[i].alg,
				     pairs[i].digest, md, n - 1, der_of(&b)),
		    -1);
		md[0] ^= 1;
		assert_int_equal(sig_verify_digest(keys[pairs[i].key], &pairs[i].alg,
				     pairs[i].digest, md, n, der_of(&b)),
		    eddsa ? -1 : 0);
		/* Every other key: of another kind, or bad. */
		for (k = 0; k < nitems(keys); k++) {
			want = key_fits(keys[k], pairs[i].alg.scheme) ? 0 : -1;
			if ((int)k != pairs[i].key)
				assert_int_equal(sig_verify(keys[k], &pairs[i].alg, pairs[i].digest,
						     abc, der_of(&b)),
				    want);
		}
		/* Every octet of the value counts; so does its length. */
		for (k = 0; k < b.len; k++) {
			b.p[k] ^= 0x80;
			assert_int_equal(sig_verify(keys[pairs[i].key], &pairs[i].alg,
					     pairs[i].digest, abc, der_of(&b)),
			    0);
			b.p[k] ^= 0x80;
		}
		b.len--;
		assert_int_equal(
		    sig_verify(keys[pairs[i].key], &pairs[i].alg, pairs[i].digest, abc, der_of(&b)),
		    0);
		b.len = 0;
		assert_int_equal(
		    sig_verify(keys[pairs[i].key], &pairs[i].alg, pairs[i].digest, abc, der_of(&b)),
		    0);
		buf_clear(&b);
	}
	/* Parameters that are not what is computed here. */
	for (i = 0; i < nitems(pairs); i++) {
		struct sig_algo alg = pairs[i].alg;

		if (alg.scheme != SCHEME_RSA_PSS)
			continue;
		buf_init(&b, MAKE_MAX);
		sign_pair(i, &b);
		alg.params_ok = false;
		assert_int_equal(
		    sig_verify(keys[K_RSA], &alg, pairs[i].digest, abc, der_of(&b)), -1);
		buf_clear(&b);
	}
	assert_int_equal(sig_verify(NULL, &pairs[0].alg, HASH_SHA256, abc, abc), -1);
}

static void
test_strengths(void **state)
{
	static const struct {
		enum sig_scheme family;
		unsigned bits;
	} want[] = {{SCHEME_RSA_PKCS1, 2048}, {SCHEME_ECDSA, 256}, {SCHEME_ECDSA, 512},
	    {SCHEME_ED25519, 0}, {SCHEME_ED448, 0}, {SCHEME_DSA, 1024}};
	struct key_strength k;
	size_t i;

	(void)state;
	for (i = 0; i < nitems(want); i++) {
		k = key_strength(keys[i]);
		assert_int_equal(k.family, want[i].family);
		if (want[i].bits != 0)
			assert_int_equal(k.bits, want[i].bits);
	}
	assert_int_equal(key_strength(NULL).family, SCHEME_NONE);
}

/* Seconds at midnight of days that `date` gave. */
#define Y2004 1091318400
#define Y2010 1280620800
#define Y2012 1343779200
#define Y2014 1406851200
#define Y2015 1448928000
#define Y2019 1569888000
#define Y2021 1633046400
#define Y2029 1861920000

static const struct {
	enum hash hash;
	int64_t until;
} hash_ends[] = {
    {HASH_NONE, INT64_MIN},
    {HASH_MD5, Y2004},
    {HASH_SHA1, Y2012},
    {HASH_RIPEMD160, Y2014},
    {HASH_SHA224, Y2029},
    {HASH_SHA256, INT64_MAX},
    {HASH_SHA384, INT64_MAX},
    {HASH_SHA512, INT64_MAX},
    {HASH_SHA512_256, INT64_MAX},
    {HASH_SHA3_224, INT64_MIN},
    {HASH_SHA3_256, INT64_MAX},
    {HASH_SHA3_384, INT64_MAX},
    {HASH_SHA3_512, INT64_MAX},
    {HASH_SHAKE256_512, INT64_MAX},
    {HASH__MAX, INT64_MIN},
};

static const struct {
	enum sig_scheme scheme;
	struct key_strength key;
	int64_t until;
} scheme_ends[] = {
    {SCHEME_RSA_PKCS1, {SCHEME_RSA_PKCS1, 0}, INT64_MIN},
    {SCHEME_RSA_PKCS1, {SCHEME_RSA_PKCS1, 1023}, Y2010},
    {SCHEME_RSA_PKCS1, {SCHEME_RSA_PKCS1, 1024}, Y2019},
    {SCHEME_RSA_PKCS1, {SCHEME_RSA_PKCS1, 1899}, Y2019},
    {SCHEME_RSA_PKCS1, {SCHEME_RSA_PKCS1, 1900}, Y2029},
    {SCHEME_RSA_PKCS1, {SCHEME_RSA_PKCS1, 2048}, Y2029},
    {SCHEME_RSA_PKCS1, {SCHEME_RSA_PKCS1, 4096}, Y2029},
    {SCHEME_RSA_PSS, {SCHEME_RSA_PKCS1, 1024}, Y2019},
    {SCHEME_RSA_PSS, {SCHEME_RSA_PKCS1, 2999}, Y2029},
    {SCHEME_RSA_PSS, {SCHEME_RSA_PKCS1, 3000}, INT64_MAX},
    {SCHEME_RSA_PSS, {SCHEME_ECDSA, 3000}, INT64_MIN},
    {SCHEME_DSA, {SCHEME_DSA, 1023}, INT64_MIN},
    {SCHEME_DSA, {SCHEME_DSA, 1024}, Y2015},
    {SCHEME_DSA, {SCHEME_DSA, 2048}, Y2029},
    {SCHEME_ECDSA, {SCHEME_ECDSA, 159}, INT64_MIN},
    {SCHEME_ECDSA, {SCHEME_ECDSA, 160}, Y2012},
    {SCHEME_ECDSA, {SCHEME_ECDSA, 223}, Y2012},
    {SCHEME_ECDSA, {SCHEME_ECDSA, 224}, Y2021},
    {SCHEME_ECDSA, {SCHEME_ECDSA, 256}, INT64_MAX},
    {SCHEME_ECDSA_PLAIN, {SCHEME_ECDSA, 521}, INT64_MAX},
    {SCHEME_ED25519, {SCHEME_ED25519, 253}, INT64_MAX},
    {SCHEME_ED448, {SCHEME_ED448, 456}, INT64_MAX},
    {SCHEME_ED448, {SCHEME_ED25519, 456}, INT64_MIN},
    {SCHEME_NONE, {SCHEME_NONE, 4096}, INT64_MIN},
};

static void
test_until(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < nitems(hash_ends); i++)
		assert_true(hash_until(hash_ends[i].hash) == hash_ends[i].until);
	for (i = 0; i < nitems(scheme_ends); i++) {
		if (scheme_until(scheme_ends[i].scheme, scheme_ends[i].key) != scheme_ends[i].until)
			fail_msg("row %zu", i);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_hashes),
	    cmocka_unit_test(test_hash_ids),
	    cmocka_unit_test(test_schemes),
	    cmocka_unit_test(test_pss),
	    cmocka_unit_test(test_signatures),
	    cmocka_unit_test(test_strengths),
	    cmocka_unit_test(test_until),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, setup, teardown);
}
