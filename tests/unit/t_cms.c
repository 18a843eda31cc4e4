/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CMS messages, right and wrong ones. */
#define _GNU_SOURCE /* memmem */
#include <openssl/bio.h>
#include <openssl/cms.h>
#include <stdlib.h>

/* Two headers, one name. */
#define OPENSSL_DETACHED 0x40u
_Static_assert(CMS_DETACHED == OPENSSL_DETACHED, "OpenSSL's flag");
#undef CMS_DETACHED

#include "cmsmake.h"

#include "arena.h"
#include "caps.h"
#include "cert.h"
#include "cms.h"
#include "when.h"

#define nitems(a) (sizeof(a) / sizeof((a)[0]))

static const char data[] = "what the ranges hold";
#define DATA data, sizeof(data) - 1

#define ALG_SHA256 "\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00"
#define ALG_MGF1   "\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x08" ALG_SHA256

/* PSS parameters: SHA-256, MGF1 with it, a salt of 32; without the MGF1, so that SHA-1 counts;
 * with trailer 2; with a salt of 40, and of 222, all that 2048 bits have room for. */
static const uint8_t pss_good[] =
    "\x30\x34\xa0\x0f" ALG_SHA256 "\xa1\x1c\x30\x1a" ALG_MGF1 "\xa2\x03\x02\x01\x20";
static const uint8_t pss_mgf1[] = "\x30\x16\xa0\x0f" ALG_SHA256 "\xa2\x03\x02\x01\x20";
static const uint8_t pss_trailer[] = "\x30\x39\xa0\x0f" ALG_SHA256 "\xa1\x1c\x30\x1a" ALG_MGF1
				     "\xa2\x03\x02\x01\x20\xa3\x03\x02\x01\x02";
static const uint8_t pss_salt[] =
    "\x30\x34\xa0\x0f" ALG_SHA256 "\xa1\x1c\x30\x1a" ALG_MGF1 "\xa2\x03\x02\x01\x28";
static const uint8_t pss_full[] =
    "\x30\x35\xa0\x0f" ALG_SHA256 "\xa1\x1c\x30\x1a" ALG_MGF1 "\xa2\x04\x02\x02\x00\xde";

enum who { WHO_RSA, WHO_P256, WHO_BRAINPOOL, WHO_ED25519, WHO_ED448, WHO_OTHER, WHO__MAX };
static struct maker makers[WHO__MAX];

static int
setup(void **state)
{
	(void)state;
	maker_init(
	    &makers[WHO_RSA], EVP_PKEY_Q_keygen(NULL, NULL, "RSA", (size_t)2048), "Ani Contoh", 11);
	maker_init(
	    &makers[WHO_P256], EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-256"), "Budi Contoh", 12);
	maker_init(&makers[WHO_BRAINPOOL], EVP_PKEY_Q_keygen(NULL, NULL, "EC", "brainpoolP256r1"),
	    "Citra Contoh", 13);
	maker_init(
	    &makers[WHO_ED25519], EVP_PKEY_Q_keygen(NULL, NULL, "ED25519"), "Dewi Contoh", 14);
	maker_init(&makers[WHO_ED448], EVP_PKEY_Q_keygen(NULL, NULL, "ED448"), "Eko Contoh", 15);
	/* the name and serial of the first, another key */
	maker_init(
	    &makers[WHO_OTHER], EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-256"), "Ani Contoh", 11);
	return 0;
}

static int
teardown(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < WHO__MAX; i++)
		maker_clear(&makers[i]);
	return 0;
}

struct world {
	struct arena *a;
	struct cert_cache *cache;
	struct cert_pool pool;
	struct cms *cms;
	const struct cert *signer;
	bool from_cms;
	enum cms_check check;
};

static void
world_init(struct world *w)
{
	memset(w, 0, sizeof(*w));
	w->a = arena_new(CAP_ARENA);
	w->cache = cert_cache_new();
	assert_non_null(w->a);
	assert_non_null(w->cache);
	cert_pool_init(&w->pool, w->cache, w->a);
}

static void
world_clear(struct world *w)
{
	arena_free(w->a);
	cert_cache_free(w->cache);
}

static void
world_add(struct world *w, const struct maker *m, enum cert_origin o)
{
	struct der d = {m->cert, m->cert_len};

	assert_int_equal(cert_pool_add(&w->pool, d, o, NULL), RC_OK);
}

/* Everything that a verifier does with one message. */
static void
world_judge(struct world *w, struct der contents, enum cms_kind kind, const void *p, size_t len)
{
	uint8_t md[HASH_SIZE_MAX];
	struct der d = {p, len};
	size_t i, n;

	assert_int_equal(cms_parse(&w->cms, w->a, contents, kind), RC_OK);
	for (i = 0; i < w->cms->ncerts; i++)
		(void)cert_pool_add(&w->pool, w->cms->certs[i], CERT_FROM_CMS, NULL);
	w->signer = cms_signer(w->cms, &w->pool, &w->from_cms);
	n = hash_span(kind == CMS_SHA1 ? HASH_SHA1 : w->cms->digest, d, md);
	w->check = cms_verify(w->cms, kind, w->signer, md, n);
}

static const struct {
	const char *name;
	enum who who;
	enum cms_kind kind;
	struct recipe r;
	unsigned findings;
	enum cms_check check;
} messages[] = {
    {"rsa", WHO_RSA, CMS_DETACHED, {0}, 0, CMS_INTACT},
    {"rsaEncryption", WHO_RSA, CMS_DETACHED, {.sig_oid = "1.2.840.113549.1.1.1"}, 0, CMS_INTACT},
    {"rsaEncryption over another hash", WHO_RSA, CMS_DETACHED,
	{.sig_oid = "1.2.840.113549.1.1.1", .sig_hash = HASH_SHA512}, 0, CMS_BAD_SIGNATURE},
    {"sha512WithRSA over sha-256", WHO_RSA, CMS_DETACHED, {.sig_oid = "1.2.840.113549.1.1.13"},
	CMS_C6_ALGORITHM, CMS_BAD_SIGNATURE},
    {"sha512WithRSA, digest sha-256, signed with sha-512", WHO_RSA, CMS_DETACHED,
	{.sig_oid = "1.2.840.113549.1.1.13", .sig_hash = HASH_SHA512}, CMS_C6_ALGORITHM,
	CMS_BAD_SIGNATURE},
    {"rsa with sha3-256", WHO_RSA, CMS_DETACHED,
	{.sig_oid = "2.16.840.1.101.3.4.3.14",
	    .digest_oid = "2.16.840.1.101.3.4.2.8",
	    .digest = HASH_SHA3_256},
	0, CMS_INTACT},
    {"rsa-sha3-256 named, sha-256 used", WHO_RSA, CMS_DETACHED,
	{.sig_oid = "2.16.840.1.101.3.4.3.14"}, CMS_C6_ALGORITHM, CMS_BAD_SIGNATURE},
    {"pss", WHO_RSA, CMS_DETACHED,
	{.sig_oid = OID_PSS,
	    .sig_params = pss_good,
	    .sig_params_len = sizeof(pss_good) - 1,
	    .pss_salt = 32},
	0, CMS_INTACT},
    {"pss, another salt than it says", WHO_RSA, CMS_DETACHED,
	{.sig_oid = OID_PSS,
	    .sig_params = pss_good,
	    .sig_params_len = sizeof(pss_good) - 1,
	    .pss_salt = 20},
	0, CMS_BAD_SIGNATURE},
    {"pss of sha-1 by default", WHO_RSA, CMS_DETACHED,
	{.sig_oid = OID_PSS,
	    .sig_params = (const uint8_t *)"\x30\x00",
	    .sig_params_len = 2,
	    .pss_salt = 20},
	CMS_C6_ALGORITHM, CMS_BAD_SIGNATURE},
    {"pss with another mgf1", WHO_RSA, CMS_DETACHED,
	{.sig_oid = OID_PSS,
	    .sig_params = pss_mgf1,
	    .sig_params_len = sizeof(pss_mgf1) - 1,
	    .pss_salt = 32,
	    .mgf1 = HASH_SHA1},
	CMS_C6_ALGORITHM, CMS_BAD_SIGNATURE},
    {"pss with trailer 2", WHO_RSA, CMS_DETACHED,
	{.sig_oid = OID_PSS,
	    .sig_params = pss_trailer,
	    .sig_params_len = sizeof(pss_trailer) - 1,
	    .pss_salt = 32},
	CMS_C6_ALGORITHM, CMS_BAD_SIGNATURE},
    {"pss with a salt longer than the hash", WHO_RSA, CMS_DETACHED,
	{.sig_oid = OID_PSS,
	    .sig_params = pss_salt,
	    .sig_params_len = sizeof(pss_salt) - 1,
	    .pss_salt = 40},
	0, CMS_INTACT},
    {"pss with a longer salt than it says", WHO_RSA, CMS_DETACHED,
	{.sig_oid = OID_PSS,
	    .sig_params = pss_salt,
	    .sig_params_len = sizeof(pss_salt) - 1,
	    .pss_salt = 222},
	0, CMS_BAD_SIGNATURE},
    {"pss with all the salt that the key has room for", WHO_RSA, CMS_DETACHED,
	{.sig_oid = OID_PSS,
	    .sig_params = pss_full,
	    .sig_params_len = sizeof(pss_full) - 1,
	    .pss_salt = 222},
	0, CMS_INTACT},
    {"pss without parameters", WHO_RSA, CMS_DETACHED, {.sig_oid = OID_PSS, .pss_salt = 32},
	CMS_C6_UNSUPPORTED, CMS_UNCHECKED},
    {"digest named by a signature OID", WHO_RSA, CMS_DETACHED, {.digest_oid = OID_RSA_SHA256},
	CMS_C6_ALGORITHM, CMS_BAD_SIGNATURE},
    {"unknown digest", WHO_RSA, CMS_DETACHED, {.digest_oid = "1.3.6.1.4.1.55555.9"},
	CMS_C6_UNSUPPORTED, CMS_UNCHECKED},
    {"unknown signature algorithm", WHO_RSA, CMS_DETACHED, {.sig_oid = "1.3.6.1.4.1.55555.9"},
	CMS_C6_UNSUPPORTED, CMS_UNCHECKED},
    {"ecdsa", WHO_P256, CMS_DETACHED, {.sig_oid = OID_ECDSA_SHA256}, 0, CMS_INTACT},
    {"ecdsa with sha3-384", WHO_P256, CMS_DETACHED,
	{.sig_oid = "2.16.840.1.101.3.4.3.11",
	    .digest_oid = "2.16.840.1.101.3.4.2.9",
	    .digest = HASH_SHA3_384},
	0, CMS_INTACT},
    {"id-ecPublicKey", WHO_P256, CMS_DETACHED, {.sig_oid = "1.2.840.10045.2.1"}, 0, CMS_INTACT},
    {"ecdsa-with-SHA1 over sha-256", WHO_P256, CMS_DETACHED, {.sig_oid = "1.2.840.10045.4.1"},
	CMS_C6_ALGORITHM, CMS_BAD_SIGNATURE},
    {"rsa OID with an ec key", WHO_P256, CMS_DETACHED, {0}, CMS_C6_ALGORITHM, CMS_BAD_SIGNATURE},
    {"ec OID with an rsa key", WHO_RSA, CMS_DETACHED, {.sig_oid = OID_ECDSA_SHA256},
	CMS_C6_ALGORITHM, CMS_BAD_SIGNATURE},
    {"brainpool", WHO_BRAINPOOL, CMS_DETACHED, {.sig_oid = OID_ECDSA_SHA256}, 0, CMS_INTACT},
    {"ed25519", WHO_ED25519, CMS_DETACHED,
	{.sig_oid = "1.3.101.112", .digest_oid = "2.16.840.1.101.3.4.2.3", .digest = HASH_SHA512},
	0, CMS_INTACT},
    {"ed25519 with sha-256", WHO_ED25519, CMS_DETACHED, {.sig_oid = "1.3.101.112"},
	CMS_C6_ALGORITHM, CMS_BAD_SIGNATURE},
    {"ed25519 without attributes", WHO_ED25519, CMS_DETACHED,
	{.flags = MAKE_NO_ATTRS,
	    .sig_oid = "1.3.101.112",
	    .digest_oid = "2.16.840.1.101.3.4.2.3",
	    .digest = HASH_SHA512},
	CMS_C3_NO_ATTRIBUTES | CMS_C8_ESS_ABSENT | CMS_C6_UNSUPPORTED, CMS_UNCHECKED},
    {"ed448 with shake256", WHO_ED448, CMS_DETACHED,
	{.sig_oid = "1.3.101.113",
	    .digest_oid = "2.16.840.1.101.3.4.2.12",
	    .digest = HASH_SHAKE256_512},
	0, CMS_INTACT},
    {"ed448 with shake256-len", WHO_ED448, CMS_DETACHED,
	{.sig_oid = "1.3.101.113",
	    .digest_oid = "2.16.840.1.101.3.4.2.18",
	    .digest_params = "\x02\x02\x02\x00",
	    .digest_params_len = 4,
	    .digest = HASH_SHAKE256_512},
	0, CMS_INTACT},
    {"ed448 with sha-512", WHO_ED448, CMS_DETACHED,
	{.sig_oid = "1.3.101.113", .digest_oid = "2.16.840.1.101.3.4.2.3", .digest = HASH_SHA512},
	CMS_C6_ALGORITHM, CMS_BAD_SIGNATURE},

    {"no attributes", WHO_RSA, CMS_DETACHED, {.flags = MAKE_NO_ATTRS},
	CMS_C3_NO_ATTRIBUTES | CMS_C8_ESS_ABSENT, CMS_INTACT},
    {"no attributes, ecdsa", WHO_P256, CMS_DETACHED,
	{.flags = MAKE_NO_ATTRS, .sig_oid = OID_ECDSA_SHA256},
	CMS_C3_NO_ATTRIBUTES | CMS_C8_ESS_ABSENT, CMS_INTACT},
    {"no attributes, type not data", WHO_RSA, CMS_DETACHED,
	{.flags = MAKE_NO_ATTRS, .econtent_type = OID_TST},
	CMS_C3_NO_ATTRIBUTES | CMS_C3_ATTRIBUTES | CMS_C8_ESS_ABSENT, CMS_INTACT},
    {"indefinite", WHO_RSA, CMS_DETACHED, {.flags = MAKE_INDEFINITE}, 0, CMS_INTACT},
    {"indefinite attribute", WHO_RSA, CMS_DETACHED, {.flags = MAKE_INDEFINITE_ATTRS},
	CMS_C9_ENCODING, CMS_UNCHECKED},
    {"two signers", WHO_RSA, CMS_DETACHED, {.flags = MAKE_TWO_SIGNERS}, CMS_C1_SIGNERS, CMS_INTACT},
    {"element behind the signers", WHO_RSA, CMS_DETACHED, {.flags = MAKE_SIGNED_DATA_TAIL},
	CMS_C9_ENCODING, CMS_UNCHECKED},
    {"wrong digest", WHO_RSA, CMS_DETACHED, {.flags = MAKE_WRONG_DIGEST}, 0, CMS_HASH_MISMATCH},
    {"no digest", WHO_RSA, CMS_DETACHED, {.flags = MAKE_NO_DIGEST}, CMS_C3_ATTRIBUTES,
	CMS_HASH_MISMATCH},
    {"two digests", WHO_RSA, CMS_DETACHED, {.flags = MAKE_TWO_DIGESTS}, CMS_C3_ATTRIBUTES,
	CMS_HASH_MISMATCH},
    {"duplicate attribute", WHO_RSA, CMS_DETACHED, {.flags = MAKE_DUPLICATE}, CMS_C3_ATTRIBUTES,
	CMS_INTACT},
    {"private attribute twice", WHO_RSA, CMS_DETACHED, {.flags = MAKE_PRIVATE_TWICE},
	CMS_ATTRS_UNSORTED, CMS_INTACT},
    {"wrong content type", WHO_RSA, CMS_DETACHED, {.flags = MAKE_WRONG_TYPE}, CMS_C4_CONTENT_TYPE,
	CMS_INTACT},
    {"no content type", WHO_RSA, CMS_DETACHED, {.flags = MAKE_NO_TYPE}, CMS_C3_ATTRIBUTES,
	CMS_INTACT},
    {"unsigned content type", WHO_RSA, CMS_DETACHED, {.flags = MAKE_UNSIGNED_TYPE},
	CMS_C3_ATTRIBUTES, CMS_INTACT},
    {"unsorted", WHO_RSA, CMS_DETACHED, {.flags = MAKE_UNSORTED}, CMS_ATTRS_UNSORTED, CMS_INTACT},
    {"protected", WHO_RSA, CMS_DETACHED, {.flags = MAKE_PROTECT}, 0, CMS_INTACT},
    {"protects another algorithm", WHO_RSA, CMS_DETACHED, {.flags = MAKE_PROTECT_OTHER},
	CMS_C6_ALGORITHM, CMS_BAD_SIGNATURE},
    {"protects another signature algorithm", WHO_RSA, CMS_DETACHED, {.flags = MAKE_PROTECT_SIG},
	CMS_C6_ALGORITHM, CMS_BAD_SIGNATURE},
    {"content inside", WHO_RSA, CMS_DETACHED, {.econtent = (const uint8_t *)"x", .econtent_len = 1},
	CMS_C2_ECONTENT | CMS_C2_OTHER, CMS_INTACT},
    {"the same content inside", WHO_RSA, CMS_DETACHED,
	{.econtent = (const uint8_t *)data, .econtent_len = sizeof(data) - 1}, CMS_C2_ECONTENT,
	CMS_INTACT},

    {"by key identifier", WHO_RSA, CMS_DETACHED, {.flags = MAKE_SKI}, 0, CMS_INTACT},
    {"no certificate", WHO_RSA, CMS_DETACHED, {.flags = MAKE_NO_CERT}, CMS_C8_NO_CERT,
	CMS_UNCHECKED},
    {"names another certificate", WHO_RSA, CMS_DETACHED, {.named = &makers[WHO_P256]},
	CMS_C8_NO_CERT, CMS_UNCHECKED},
    {"no ess", WHO_RSA, CMS_DETACHED, {.flags = MAKE_ESS_NONE}, CMS_C8_ESS_ABSENT, CMS_INTACT},
    {"ess version 1", WHO_RSA, CMS_DETACHED, {.flags = MAKE_ESS_V1}, 0, CMS_INTACT},
    {"ess of another", WHO_RSA, CMS_DETACHED, {.flags = MAKE_ESS_OTHER}, CMS_C8_ESS_MISMATCH,
	CMS_INTACT},
    {"ess version 1 of another", WHO_RSA, CMS_DETACHED, {.flags = MAKE_ESS_OTHER | MAKE_ESS_V1},
	CMS_C8_ESS_MISMATCH, CMS_INTACT},
    {"both, version 1 of another", WHO_RSA, CMS_DETACHED, {.flags = MAKE_ESS_BOTH},
	CMS_C8_ESS_MISMATCH, CMS_INTACT},
    {"ess of another issuer", WHO_RSA, CMS_DETACHED, {.flags = MAKE_ESS_ISSUER}, CMS_C8_ESS_ISSUER,
	CMS_INTACT},
    {"ess of another issuer's name", WHO_RSA, CMS_DETACHED, {.flags = MAKE_ESS_NAME},
	CMS_C8_ESS_ISSUER, CMS_INTACT},

    {"sha1 without content", WHO_RSA, CMS_SHA1, {0}, CMS_C2_ECONTENT, CMS_HASH_MISMATCH},
    {"token without content", WHO_RSA, CMS_TOKEN, {.econtent_type = OID_TST}, CMS_C2_ECONTENT,
	CMS_INTACT},
    {"token of another type", WHO_RSA, CMS_TOKEN,
	{.econtent = (const uint8_t *)"x", .econtent_len = 1}, CMS_C2_ECONTENT, CMS_INTACT},
};

/* Attributes in DER order are not what every recipe writes. */
#define EXPECTED (~(unsigned)CMS_ATTRS_UNSORTED)

static void
test_messages(void **state)
{
	struct world w;
	struct buf b;
	size_t i;

	(void)state;
	for (i = 0; i < nitems(messages); i++) {
		world_init(&w);
		buf_init(&b, MAKE_MAX);
		make_cms(&b, &makers[messages[i].who], &messages[i].r, DATA);
		world_judge(&w, der_of(&b), messages[i].kind, DATA);
		if ((w.cms->findings & EXPECTED) != (messages[i].findings & EXPECTED) ||
		    w.check != messages[i].check)
			fail_msg("%s: findings %x, check %d", messages[i].name, w.cms->findings,
			    (int)w.check);
		if ((messages[i].findings & CMS_ATTRS_UNSORTED) != 0)
			assert_true((w.cms->findings & CMS_ATTRS_UNSORTED) != 0);
		if (w.check == CMS_INTACT)
			assert_true(w.from_cms);
		/* The same over other data is never intact. */
		world_judge(&w, der_of(&b), messages[i].kind, "else", 4);
		assert_int_not_equal(w.check, CMS_INTACT);
		buf_clear(&b);
		world_clear(&w);
	}
}

/* adbe.pkcs7.sha1: the content is a digest, and that is what is signed. */
static void
test_sha1_kind(void **state)
{
	static const unsigned flags[] = {
	    0, MAKE_INDEFINITE, MAKE_NO_ATTRS, MAKE_NO_ATTRS | MAKE_INDEFINITE};
	uint8_t md[HASH_SIZE_MAX];
	struct recipe r = {.econtent = md, .econtent_len = 20};
	struct world w;
	struct buf b;
	size_t i;

	(void)state;
	for (i = 0; i < nitems(flags); i++) {
		hash_of(HASH_SHA1, DATA, md);
		r.flags = flags[i];
		world_init(&w);
		buf_init(&b, MAKE_MAX);
		make_cms(&b, &makers[WHO_RSA], &r, md, 20);
		world_judge(&w, der_of(&b), CMS_SHA1, DATA);
		assert_int_equal(w.cms->findings & CMS_C2_ECONTENT, 0);
		assert_int_equal(w.check, CMS_INTACT);
		assert_int_equal(w.cms->econtent.len, 20);
		assert_memory_equal(w.cms->econtent.p, md, 20);
		world_judge(&w, der_of(&b), CMS_SHA1, "else", 4);
		assert_int_equal(w.check, CMS_HASH_MISMATCH);
		/* As a detached one it has no business to carry content. */
		world_judge(&w, der_of(&b), CMS_DETACHED, DATA);
		assert_true((w.cms->findings & CMS_C2_ECONTENT) != 0);
		assert_int_not_equal(w.check, CMS_INTACT);
		buf_clear(&b);
		/* Signed over something that is not the content. */
		buf_init(&b, MAKE_MAX);
		make_cms(&b, &makers[WHO_RSA], &r, DATA);
		world_judge(&w, der_of(&b), CMS_SHA1, DATA);
		assert_int_not_equal(w.check, CMS_INTACT);
		buf_clear(&b);
		world_clear(&w);
	}
}

static void
test_padding(void **state)
{
	struct recipe r = {0};
	struct world w;
	struct buf b;
	size_t len, i;

	(void)state;
	world_init(&w);
	buf_init(&b, MAKE_MAX);
	make_cms(&b, &makers[WHO_RSA], &r, DATA);
	len = b.len;
	for (i = 0; i < 300; i++)
		buf_u8(&b, 0);
	world_judge(&w, der_of(&b), CMS_DETACHED, DATA);
	assert_int_equal(w.cms->findings & EXPECTED, 0);
	assert_int_equal(w.cms->whole.len, len);
	assert_int_equal(w.check, CMS_INTACT);
	b.p[len + 299] = 1;
	world_judge(&w, der_of(&b), CMS_DETACHED, DATA);
	assert_int_equal(w.cms->findings & EXPECTED, CMS_B6_PADDING);
	assert_int_equal(w.check, CMS_INTACT);
	buf_clear(&b);
	world_clear(&w);
}

/* No changed octet of the signed attributes or of the signature goes unseen. */
static void
test_flips(void **state)
{
	static const struct {
		enum who who;
		struct recipe r;
	} made[] = {
	    {WHO_RSA, {.flags = MAKE_PROTECT}},
	    {WHO_P256, {.sig_oid = OID_ECDSA_SHA256}},
	    {WHO_ED25519, {.sig_oid = "1.3.101.112",
			      .digest_oid = "2.16.840.1.101.3.4.2.3",
			      .digest = HASH_SHA512}},
	};
	const uint8_t *attrs;
	struct world w;
	struct buf b;
	size_t i, j, first, last;

	(void)state;
	for (i = 0; i < nitems(made); i++) {
		world_init(&w);
		buf_init(&b, MAKE_MAX);
		make_cms(&b, &makers[made[i].who], &made[i].r, DATA);
		world_judge(&w, der_of(&b), CMS_DETACHED, DATA);
		assert_int_equal(w.check, CMS_INTACT);
		/* the attributes are a copy: find them by what follows their tag */
		attrs = memmem(b.p, b.len, w.cms->signed_attrs.p + 1, w.cms->signed_attrs.len - 1);
		assert_non_null(attrs);
		first = (size_t)(attrs - b.p) - 1;
		last = (size_t)(w.cms->signature.p - b.p) + w.cms->signature.len;
		for (j = first; j < last; j++) {
			b.p[j] ^= 0x01;
			world_judge(&w, der_of(&b), CMS_DETACHED, DATA);
			if (w.check == CMS_INTACT)
				fail_msg("message %zu: octet %zu of %zu to %zu", i, j, first, last);
			b.p[j] ^= 0x01;
		}
		world_judge(&w, der_of(&b), CMS_DETACHED, DATA);
		assert_int_equal(w.check, CMS_INTACT);
		buf_clear(&b);
		world_clear(&w);
	}
}

/* Whatever octet stands anywhere in the message: it is intact only by what was signed. */
static void
test_other_octets(void **state)
{
	static const uint8_t octets[] = {
	    0x00, 0x01, 0x02, 0x04, 0x05, 0x24, 0x30, 0x31, 0x80, 0xa0, 0xa1, 0xff};
	static const struct recipe made[] = {
	    {.flags = 0}, {.flags = MAKE_SKI}, {.flags = MAKE_INDEFINITE}};
	uint8_t attrs[1024], value[512], was;
	size_t i, j, k, nattrs, nvalue, from, until;
	struct world w;
	struct buf b;

	(void)state;
	for (i = 0; i < nitems(made); i++) {
		world_init(&w);
		buf_init(&b, MAKE_MAX);
		make_cms(&b, &makers[WHO_P256],
		    &(struct recipe){.flags = made[i].flags, .sig_oid = OID_ECDSA_SHA256}, DATA);
		world_judge(&w, der_of(&b), CMS_DETACHED, DATA);
		assert_int_equal(w.check, CMS_INTACT);
		nattrs = w.cms->signed_attrs.len;
		nvalue = w.cms->signature.len;
		assert_true(nattrs <= sizeof(attrs) && nvalue <= sizeof(value));
		memcpy(attrs, w.cms->signed_attrs.p, nattrs);
		memcpy(value, w.cms->signature.p, nvalue);
		from = (size_t)(w.cms->certs[0].p - b.p);
		until = from + w.cms->certs[0].len;
		for (j = 0; j < b.len; j++) {
			if (j == from)
				j = until; /* the certificate has tests of its own */
			was = b.p[j];
			for (k = 0; k < nitems(octets); k++) {
				b.p[j] = octets[k];
				world_judge(&w, der_of(&b), CMS_DETACHED, DATA);
				if (w.check != CMS_INTACT)
					continue;
				if (w.cms->signed_attrs.len != nattrs ||
				    memcmp(w.cms->signed_attrs.p, attrs, nattrs) != 0 ||
				    w.cms->signature.len != nvalue ||
				    memcmp(w.cms->signature.p, value, nvalue) != 0)
					fail_msg("message %zu, octet %zu: %02x", i, j, octets[k]);
			}
			b.p[j] = was;
		}
		world_judge(&w, der_of(&b), CMS_DETACHED, DATA);
		assert_int_equal(w.check, CMS_INTACT);
		buf_clear(&b);
		world_clear(&w);
	}
}

/* Signed attributes that the levels of PAdES ask about. */
static void
test_named_attributes(void **state)
{
	static const struct {
		const char *oid, *value;
		size_t len;
		bool commitment, two;
	} rows[] = {
	    {"1.2.840.113549.1.9.16.2.16", "\x30\x00", 2, true, false},
	    {"1.2.840.113549.1.9.16.2.17", "\x30\x00", 2, false, false},
	    {"0.4.0.19122.1.1", "\x30\x00", 2, false, false},
	    {"0.4.0.19122.1.1", "\x30\x00\x30\x00", 4, false, true},
	    {"1.2.3.4", "\x30\x00", 2, false, false},
	};
	struct world w;
	struct buf b, value;
	size_t i;

	(void)state;
	for (i = 0; i < nitems(rows); i++) {
		world_init(&w);
		buf_init(&b, MAKE_MAX);
		buf_init(&value, 64);
		buf_put(&value, rows[i].value, rows[i].len);
		make_cms(&b, &makers[WHO_RSA],
		    &(struct recipe){.signed_oid = rows[i].oid, .signed_value = &value}, DATA);
		world_judge(&w, der_of(&b), CMS_DETACHED, DATA);
		assert_int_equal(w.check, CMS_INTACT);
		assert_int_equal(w.cms->has_commitment, rows[i].commitment);
		assert_int_equal(w.cms->multiple_signer_attrs, rows[i].two);
		buf_clear(&b);
		buf_clear(&value);
		world_clear(&w);
	}
}

/* A message cut anywhere is never intact, and never read past its end. */
static void
test_cuts(void **state)
{
	static const unsigned flags[] = {0, MAKE_INDEFINITE};
	struct recipe r = {0};
	struct world w;
	struct buf b;
	struct der d;
	uint8_t *exact;
	size_t i, n;

	(void)state;
	for (i = 0; i < nitems(flags); i++) {
		r.flags = flags[i];
		world_init(&w);
		buf_init(&b, MAKE_MAX);
		make_cms(&b, &makers[WHO_RSA], &r, DATA);
		for (n = 0; n < b.len; n++) {
			exact = malloc(n + 1);
			assert_non_null(exact);
			memcpy(exact + 1, b.p, n);
			d.p = exact + 1;
			d.len = n;
			world_judge(&w, d, CMS_DETACHED, DATA);
			assert_int_equal(w.cms->findings & CMS_C9_ENCODING, CMS_C9_ENCODING);
			assert_int_equal(w.check, CMS_UNCHECKED);
			free(exact);
		}
		buf_clear(&b);
		world_clear(&w);
	}
}

/* Two certificates with one name and serial: the attribute decides, else nobody. */
static void
test_twins(void **state)
{
	static const struct {
		unsigned flags;
		bool found;
	} cases[] = {{0, true}, {MAKE_ESS_V1, true}, {MAKE_ESS_NONE | MAKE_NO_CERT, false},
	    {MAKE_ESS_OTHER | MAKE_NO_CERT, false}, {MAKE_NO_CERT, true}};
	struct recipe r = {0};
	struct world w;
	struct buf b;
	size_t i, order;

	(void)state;
	for (i = 0; i < 2 * nitems(cases); i++) {
		order = i % 2;
		r.flags = cases[i / 2].flags;
		world_init(&w);
		world_add(&w, &makers[order ? WHO_RSA : WHO_OTHER], CERT_FROM_STORE);
		world_add(&w, &makers[order ? WHO_OTHER : WHO_RSA], CERT_FROM_STORE);
		buf_init(&b, MAKE_MAX);
		make_cms(&b, &makers[WHO_RSA], &r, DATA);
		world_judge(&w, der_of(&b), CMS_DETACHED, DATA);
		assert_int_equal(w.signer != NULL, cases[i / 2].found);
		assert_int_equal(w.check == CMS_INTACT, cases[i / 2].found);
		assert_int_equal(w.from_cms, (r.flags & MAKE_NO_CERT) == 0);
		assert_int_equal((w.cms->findings & CMS_C8_NO_CERT) == 0, w.from_cms);
		if (w.signer != NULL)
			assert_memory_equal(
			    w.signer->der.p, makers[WHO_RSA].cert, makers[WHO_RSA].cert_len);
		buf_clear(&b);
		world_clear(&w);
	}
}

/* The signer id writes the issuer as PrintableString, the certificate as UTF8String. */
static void
test_other_string_type(void **state)
{
	struct recipe r = {.flags = MAKE_ESS_NONE};
	static const char from[] = "\x0c\x0a"
				   "Ani Contoh";
	struct world w;
	struct buf b;
	uint8_t *p;

	(void)state;
	world_init(&w);
	buf_init(&b, MAKE_MAX);
	make_cms(&b, &makers[WHO_RSA], &r, DATA);
	world_judge(&w, der_of(&b), CMS_DETACHED, DATA);
	p = memmem(
	    b.p + (w.cms->sid_issuer.p - b.p), w.cms->sid_issuer.len, from, sizeof(from) - 1);
	assert_non_null(p);
	*p = 0x13;
	world_judge(&w, der_of(&b), CMS_DETACHED, DATA);
	assert_int_equal(w.check, CMS_INTACT);
	p[5] = 'o';
	world_judge(&w, der_of(&b), CMS_DETACHED, DATA);
	assert_null(w.signer);
	buf_clear(&b);
	world_clear(&w);
}

static void
test_attribute_values(void **state)
{
	struct recipe r = {0};
	struct world w;
	struct buf b;

	(void)state;
	world_init(&w);
	buf_init(&b, MAKE_MAX);
	make_cms(&b, &makers[WHO_RSA], &r, DATA);
	world_judge(&w, der_of(&b), CMS_DETACHED, DATA);
	assert_true(w.cms->has_signing_time);
	assert_int_equal(w.cms->signing_time, when_from_utc(2026, 1, 2, 3, 4, 5));
	assert_true(w.cms->has_ess_v2);
	assert_false(w.cms->has_ess_v1);
	assert_int_equal(w.cms->ess_alg, HASH_SHA256);
	assert_int_equal(w.cms->ess_count, 1);
	assert_true(der_equal(w.cms->ess_issuer, w.cms->sid_issuer));
	assert_true(der_equal(w.cms->ess_serial, w.cms->sid_serial));
	assert_int_equal(w.cms->ncerts, 1);
	assert_int_equal(w.cms->certs[0].len, makers[WHO_RSA].cert_len);
	assert_true(der_oid_is(w.cms->econtent_type, OID_DATA));
	assert_false(w.cms->has_econtent);
	buf_clear(&b);
	world_clear(&w);
}

/* One CRL and two OCSP responses, whatever is in them. */
static void
put_evidence(struct buf *b)
{
	struct buf list, field, all;

	buf_init(&list, MAKE_MAX);
	buf_init(&field, MAKE_MAX);
	buf_init(&all, MAKE_MAX);
	put(&list, DER_SEQUENCE, "\x02\x01\x07", 3);
	put_buf(&field, DER_SEQUENCE, &list);
	put_buf(&all, DER_CONTEXT(0), &field);
	put(&list, DER_SEQUENCE, "\x02\x01\x08", 3);
	put(&list, DER_SEQUENCE, "\x02\x01\x09", 3);
	put_buf(&field, DER_SEQUENCE, &list);
	put_buf(&all, DER_CONTEXT(1), &field);
	put_buf(b, DER_SEQUENCE, &all);
}

static void
test_evidence(void **state)
{
	static const char *const unsigned_oids[] = {
	    "1.2.840.113583.1.1.8", "1.2.840.113549.1.9.16.2.24"};
	struct recipe r;
	struct world w;
	struct buf b, v, certs;
	size_t i;

	(void)state;
	buf_init(&v, MAKE_MAX);
	put_evidence(&v);
	for (i = 0; i < 3; i++) {
		memset(&r, 0, sizeof(r));
		if (i == 2) {
			r.signed_oid = unsigned_oids[0];
			r.signed_value = &v;
		} else {
			r.unsigned_oid = unsigned_oids[i];
			r.unsigned_value = &v;
		}
		world_init(&w);
		buf_init(&b, MAKE_MAX);
		make_cms(&b, &makers[WHO_RSA], &r, DATA);
		world_judge(&w, der_of(&b), CMS_DETACHED, DATA);
		assert_int_equal(w.check, CMS_INTACT);
		assert_int_equal(w.cms->nattr_crls, 1);
		assert_int_equal(w.cms->nocsps, 2);
		assert_memory_equal(w.cms->attr_crls[0].p, "\x30\x03\x02\x01\x07", 5);
		assert_memory_equal(w.cms->ocsps[1].p, "\x30\x03\x02\x01\x09", 5);
		assert_int_equal(w.cms->has_adbe_revocation, i != 1);
		buf_clear(&b);
		world_clear(&w);
	}
	buf_clear(&v);

	/* Certificates of certificate-values are added. */
	buf_init(&certs, MAKE_MAX);
	buf_init(&v, MAKE_MAX);
	buf_put(&certs, makers[WHO_P256].cert, makers[WHO_P256].cert_len);
	put_buf(&v, DER_SEQUENCE, &certs);
	memset(&r, 0, sizeof(r));
	r.unsigned_oid = "1.2.840.113549.1.9.16.2.23";
	r.unsigned_value = &v;
	world_init(&w);
	buf_init(&b, MAKE_MAX);
	make_cms(&b, &makers[WHO_RSA], &r, DATA);
	world_judge(&w, der_of(&b), CMS_DETACHED, DATA);
	assert_int_equal(w.cms->ncerts, 2);
	assert_int_equal(w.cms->certs[1].len, makers[WHO_P256].cert_len);
	buf_clear(&b);
	buf_clear(&v);
	world_clear(&w);
}

/* SignedData.crls with an OCSP response among them (RFC 5940), and something unknown. */
static void
test_revocation_formats(void **state)
{
	struct recipe r = {.crls = 2};
	struct world w;
	struct buf b, formats, x;

	(void)state;
	buf_init(&formats, MAKE_MAX);
	buf_init(&x, MAKE_MAX);
	put_oid(&x, "1.3.6.1.5.5.7.16.2");
	put(&x, DER_SEQUENCE, "\x02\x01\x08", 3);
	put_buf(&formats, DER_CONTEXT(1), &x);
	put_oid(&x, "1.3.6.1.5.5.7.16.4");
	put(&x, DER_SEQUENCE, "\x02\x01\x09", 3);
	put_buf(&formats, DER_CONTEXT(1), &x);
	r.formats = &formats;
	world_init(&w);
	buf_init(&b, MAKE_MAX);
	make_cms(&b, &makers[WHO_RSA], &r, DATA);
	world_judge(&w, der_of(&b), CMS_DETACHED, DATA);
	assert_int_equal(w.check, CMS_INTACT);
	assert_int_equal(w.cms->ncrls, 2);
	assert_int_equal(w.cms->nocsps, 1);
	assert_int_equal(w.cms->ocsps[0].len, 5);
	assert_memory_equal(w.cms->ocsps[0].p, "\x30\x03\x02\x01\x08", 5);
	buf_clear(&b);
	buf_clear(&formats);
	world_clear(&w);
}

static void
test_limits(void **state)
{
	struct recipe r = {0};
	struct arena *a = arena_new(CAP_ARENA);
	struct cms *cms;
	struct buf b, v, big;
	size_t i, n;

	(void)state;
	/* signature timestamps */
	for (n = CAP_TIMESTAMPS; n <= CAP_TIMESTAMPS + 1; n++) {
		buf_init(&v, MAKE_MAX);
		for (i = 0; i < n; i++)
			put(&v, DER_SEQUENCE, NULL, 0);
		r.unsigned_oid = OID_SIG_TS;
		r.unsigned_value = &v;
		buf_init(&b, MAKE_MAX);
		make_cms(&b, &makers[WHO_RSA], &r, DATA);
		assert_int_equal(cms_parse(&cms, a, der_of(&b), CMS_DETACHED),
		    n == CAP_TIMESTAMPS ? RC_OK : RC_TOOBIG);
		if (n == CAP_TIMESTAMPS)
			assert_int_equal(cms->nsig_ts, n);
		buf_clear(&b);
		buf_clear(&v);
	}
	/* CRLs; attributes, of which four are always there */
	memset(&r, 0, sizeof(r));
	for (r.crls = CAP_CMS_CRLS; r.crls <= CAP_CMS_CRLS + 1; r.crls++) {
		buf_init(&b, MAKE_MAX);
		make_cms(&b, &makers[WHO_RSA], &r, DATA);
		assert_int_equal(cms_parse(&cms, a, der_of(&b), CMS_DETACHED),
		    r.crls == CAP_CMS_CRLS ? RC_OK : RC_TOOBIG);
		buf_clear(&b);
	}
	r.crls = 0;
	for (r.attrs = CAP_ATTRS - 4; r.attrs <= CAP_ATTRS - 3; r.attrs++) {
		buf_init(&b, MAKE_MAX);
		make_cms(&b, &makers[WHO_RSA], &r, DATA);
		assert_int_equal(cms_parse(&cms, a, der_of(&b), CMS_DETACHED),
		    r.attrs == CAP_ATTRS - 4 ? RC_OK : RC_TOOBIG);
		buf_clear(&b);
	}
	/* the message itself */
	buf_init(&big, 2 * CAP_CMS);
	buf_put(&big, "\x30\x83\x10\x00\x00", 5);
	for (i = 0; i < 0x100000; i++)
		buf_u8(&big, 0);
	assert_int_equal(cms_parse(&cms, a, der_of(&big), CMS_DETACHED), RC_TOOBIG);
	buf_clear(&big);
	arena_free(a);
}

/* A message that OpenSSL writes; CMS_STREAM makes it indefinite, with the content inside. */
static void
openssl_cms(BIO *out, const struct maker *m, unsigned flags, bool pss)
{
	BIO *in = BIO_new_mem_buf(data, sizeof(data) - 1);
	CMS_SignerInfo *si;
	CMS_ContentInfo *ci;

	flags |= CMS_BINARY;
	ci = CMS_sign(NULL, NULL, NULL, NULL, flags | CMS_PARTIAL | OPENSSL_DETACHED);
	assert_non_null(ci);
	si = CMS_add1_signer(
	    ci, m->x509, m->key, EVP_sha256(), flags | CMS_PARTIAL | (pss ? CMS_KEY_PARAM : 0));
	assert_non_null(si);
	if (pss) {
		EVP_PKEY_CTX *ctx = CMS_SignerInfo_get0_pkey_ctx(si);

		assert_int_equal(EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PSS_PADDING), 1);
		assert_int_equal(EVP_PKEY_CTX_set_rsa_pss_saltlen(ctx, 32), 1);
	}
	if ((flags & CMS_STREAM) != 0) {
		assert_int_equal(i2d_CMS_bio_stream(out, ci, in, (int)flags), 1);
	} else {
		assert_int_equal(CMS_final(ci, in, NULL, flags | OPENSSL_DETACHED), 1);
		assert_int_equal(i2d_CMS_bio(out, ci), 1);
	}
	CMS_ContentInfo_free(ci);
	BIO_free(in);
}

static void
test_openssl_messages(void **state)
{
	static const enum who who[] = {WHO_RSA, WHO_P256, WHO_BRAINPOOL, WHO_RSA};
	static const unsigned flags[] = {0, CMS_NOATTR, CMS_CADES, CMS_USE_KEYID, CMS_STREAM};
	unsigned want;
	struct world w;
	struct der d;
	BIO *out;
	char *p;
	size_t i, j, f;

	(void)state;
	for (i = 0; i < nitems(who) * nitems(flags); i++) {
		j = i / nitems(flags);
		f = flags[i % nitems(flags)];
		if (j == 3 && f == CMS_STREAM)
			continue; /* OpenSSL 3.0 can't */
		want = f == CMS_CADES ? 0 : CMS_C8_ESS_ABSENT;
		if (f == CMS_NOATTR)
			want |= CMS_C3_NO_ATTRIBUTES;
		if (f == CMS_STREAM)
			want |= CMS_C2_ECONTENT;
		world_init(&w);
		out = BIO_new(BIO_s_mem());
		openssl_cms(out, &makers[who[j]], (unsigned)f, j == 3);
		d.len = (size_t)BIO_get_mem_data(out, &p);
		d.p = (const uint8_t *)p;
		assert_int_equal(d.p[1] == 0x80, f == CMS_STREAM);
		world_judge(&w, d, CMS_DETACHED, DATA);
		if (w.cms->findings != want)
			fail_msg("message %zu: findings %x, not %x", i, w.cms->findings, want);
		assert_int_equal(w.cms->econtent.len, f == CMS_STREAM ? sizeof(data) - 1 : 0);
		if (f == CMS_STREAM)
			assert_memory_equal(w.cms->econtent.p, data, sizeof(data) - 1);
		assert_int_equal(w.check, CMS_INTACT);
		assert_int_equal(w.cms->algo.scheme, j == 3   ? SCHEME_RSA_PSS
						     : j == 0 ? SCHEME_RSA_PKCS1
							      : SCHEME_ECDSA);
		world_judge(&w, d, CMS_DETACHED, "else", 4);
		assert_int_not_equal(w.check, CMS_INTACT);
		BIO_free(out);
		world_clear(&w);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_messages),
	    cmocka_unit_test(test_sha1_kind),
	    cmocka_unit_test(test_padding),
	    cmocka_unit_test(test_flips),
	    cmocka_unit_test(test_other_octets),
	    cmocka_unit_test(test_named_attributes),
	    cmocka_unit_test(test_cuts),
	    cmocka_unit_test(test_twins),
	    cmocka_unit_test(test_other_string_type),
	    cmocka_unit_test(test_attribute_values),
	    cmocka_unit_test(test_evidence),
	    cmocka_unit_test(test_revocation_formats),
	    cmocka_unit_test(test_limits),
	    cmocka_unit_test(test_openssl_messages),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, setup, teardown);
}
