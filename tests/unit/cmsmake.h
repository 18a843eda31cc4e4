/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CMSMAKE_H
#define CMSMAKE_H

/*
 * Makes CMS messages octet by octet for the tests, right ones and every wrong
 * one that a library would refuse to write.  A maker is a key with its
 * self-signed certificate; a recipe says what is special.  All memory of a
 * message is the caller's struct buf.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include <openssl/evp.h>
#include <openssl/objects.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include "algo.h"
#include "buf.h"
#include "der.h"

#define MAKE_MAX (1u << 20)

#define OID_SHA256       "2.16.840.1.101.3.4.2.1"
#define OID_RSA_SHA256   "1.2.840.113549.1.1.11"
#define OID_PSS          "1.2.840.113549.1.1.10"
#define OID_ECDSA_SHA256 "1.2.840.10045.4.3.2"
#define OID_DATA         "1.2.840.113549.1.7.1"
#define OID_TST          "1.2.840.113549.1.9.16.1.4"
#define OID_SIG_TS       "1.2.840.113549.1.9.16.2.14"

struct maker {
	EVP_PKEY *key;
	X509 *x509;
	uint8_t *cert; /* DER */
	size_t cert_len;
	uint8_t ski[20];
};

enum make_flags {
	MAKE_NO_ATTRS = 1 << 0,
	MAKE_TWO_SIGNERS = 1 << 1,
	MAKE_WRONG_DIGEST = 1 << 2, /* in the message-digest attribute */
	MAKE_NO_DIGEST = 1 << 3,    /* no message-digest attribute */
	MAKE_TWO_DIGESTS = 1 << 4,  /* message-digest with two values */
	MAKE_DUPLICATE = 1 << 5,    /* signing-time twice */
	MAKE_WRONG_TYPE = 1 << 6,   /* content-type attribute names something else */
	MAKE_NO_TYPE = 1 << 7,
	MAKE_UNSIGNED_TYPE = 1 << 8, /* a content-type attribute among the unsigned */
	MAKE_ESS_NONE = 1 << 9,
	MAKE_ESS_V1 = 1 << 10,        /* version 1 instead of 2 */
	MAKE_ESS_OTHER = 1 << 11,     /* hash of something else */
	MAKE_ESS_ISSUER = 1 << 12,    /* issuerSerial of something else */
	MAKE_SKI = 1 << 13,           /* signer by subject key identifier */
	MAKE_PROTECT = 1 << 14,       /* CMSAlgorithmProtection */
	MAKE_PROTECT_OTHER = 1 << 15, /* ... that names another digest */
	MAKE_UNSORTED = 1 << 16,
	MAKE_INDEFINITE = 1 << 17,       /* everything around the attributes in BER */
	MAKE_INDEFINITE_ATTRS = 1 << 18, /* a signed attribute in BER */
	MAKE_NO_CERT = 1 << 19,
	MAKE_ESS_BOTH = 1 << 20,         /* version 1 of another certificate beside 2 */
	MAKE_SIGNED_DATA_TAIL = 1 << 21, /* an element behind the SignerInfos */
	MAKE_PRIVATE_TWICE = 1 << 22,    /* an unknown attribute twice */
	MAKE_PROTECT_SIG = 1 << 23,      /* CMSAlgorithmProtection: another signature algorithm */
	MAKE_ESS_NAME = 1 << 24          /* issuerSerial with another name */
};

struct recipe {
	unsigned flags;
	const char *digest_oid;    /* NULL: SHA-256 */
	const char *digest_params; /* octets, NULL: absent */
	size_t digest_params_len;
	enum hash digest;    /* what is computed; HASH_NONE: SHA-256 */
	const char *sig_oid; /* NULL: RSA with SHA-256 */
	const uint8_t *sig_params;
	size_t sig_params_len;
	enum hash sig_hash; /* what is signed; HASH_NONE: as digest */
	enum hash mgf1;     /* PSS; HASH_NONE: as signed */
	size_t crls, attrs; /* so many CRLs, so many unknown signed attributes */
	int pss_salt;       /* 0: no PSS */
	const char *econtent_type;
	const uint8_t *econtent;
	size_t econtent_len;
	const struct maker *named; /* the certificate that the signer id names, NULL: own */
	/* one more attribute each: OID and value */
	const struct buf *formats; /* behind the CRLs: other revocation formats */
	const char *signed_oid, *unsigned_oid;
	const struct buf *signed_value, *unsigned_value;
};

static inline void
put_head(struct buf *b, uint8_t tag, size_t len)
{
	buf_u8(b, tag);
	if (len >= 0x10000) {
		buf_u8(b, 0x83);
		buf_u8(b, (uint8_t)(len >> 16));
		buf_u8(b, (uint8_t)(len >> 8));
	} else if (len >= 0x100) {
		buf_u8(b, 0x82);
		buf_u8(b, (uint8_t)(len >> 8));
	} else if (len >= 0x80)
		buf_u8(b, 0x81);
	buf_u8(b, (uint8_t)len);
}

static inline void
put(struct buf *b, uint8_t tag, const void *p, size_t len)
{
	put_head(b, tag, len);
	buf_put(b, p, len);
}

/* Put body into b as one element, and empty it. */
static inline void
put_buf(struct buf *b, uint8_t tag, struct buf *body)
{
	put(b, tag, body->p, body->len);
	buf_clear(body);
}

static inline void
put_indefinite(struct buf *b, uint8_t tag, struct buf *body)
{
	buf_u8(b, tag);
	buf_u8(b, 0x80);
	buf_put(b, body->p, body->len);
	buf_put(b, "\0", 2);
	buf_clear(body);
}

/* One or the other. */
static inline void
put_either(struct buf *b, uint8_t tag, struct buf *body, bool indefinite)
{
	if (indefinite)
		put_indefinite(b, tag, body);
	else
		put_buf(b, tag, body);
}

static inline void
put_oid(struct buf *b, const char *oid)
{
	ASN1_OBJECT *o = OBJ_txt2obj(oid, 1);

	assert_non_null(o);
	put(b, DER_OID, OBJ_get0_data(o), OBJ_length(o));
	ASN1_OBJECT_free(o);
}

static inline void
put_alg(struct buf *b, const char *oid, const void *params, size_t len)
{
	struct buf x;

	buf_init(&x, MAKE_MAX);
	put_oid(&x, oid);
	buf_put(&x, params, len);
	put_buf(b, DER_SEQUENCE, &x);
}

/* Attribute with one value (or none). */
static inline void
put_attr(struct buf *b, const char *oid, const void *value, size_t len)
{
	struct buf x;

	buf_init(&x, MAKE_MAX);
	put_oid(&x, oid);
	put(&x, DER_SET, value, len);
	put_buf(b, DER_SEQUENCE, &x);
}

static inline struct der
der_of(const struct buf *b)
{
	struct der d = {b->p, b->len};

	return d;
}

static inline size_t
hash_of(enum hash h, const void *p, size_t len, uint8_t out[HASH_SIZE_MAX])
{
	struct der d = {(const uint8_t *)p, len};
	size_t n = hash_span(h, d, out);

	assert_int_equal(n, hash_size(h));
	return n;
}

/* --- makers --- */

static inline void
maker_init(struct maker *m, EVP_PKEY *key, const char *name, long serial)
{
	const EVP_MD *md = EVP_sha256();
	X509_EXTENSION *ext;
	X509_NAME *n;
	ASN1_OCTET_STRING *octets;
	uint8_t ski[22] = {DER_OCTET_STRING, 20};
	int len;

	memset(m, 0, sizeof(*m));
	assert_non_null(key);
	m->key = key;
	m->x509 = X509_new();
	assert_int_equal(X509_set_version(m->x509, 2), 1);
	assert_int_equal(ASN1_INTEGER_set(X509_get_serialNumber(m->x509), serial), 1);
	n = X509_get_subject_name(m->x509);
	assert_int_equal(X509_NAME_add_entry_by_txt(
			     n, "CN", MBSTRING_UTF8, (const unsigned char *)name, -1, -1, 0),
	    1);
	assert_int_equal(X509_set_issuer_name(m->x509, n), 1);
	assert_non_null(X509_gmtime_adj(X509_getm_notBefore(m->x509), -3600));
	assert_non_null(X509_gmtime_adj(X509_getm_notAfter(m->x509), 86400));
	assert_int_equal(X509_set_pubkey(m->x509, key), 1);
	assert_int_equal(X509_pubkey_digest(m->x509, EVP_sha1(), m->ski, NULL), 1);
	memcpy(ski + 2, m->ski, sizeof(m->ski));
	octets = ASN1_OCTET_STRING_new();
	assert_int_equal(ASN1_OCTET_STRING_set(octets, ski, sizeof(ski)), 1);
	ext = X509_EXTENSION_create_by_NID(NULL, NID_subject_key_identifier, 0, octets);
	assert_non_null(ext);
	assert_int_equal(X509_add_ext(m->x509, ext, -1), 1);
	X509_EXTENSION_free(ext);
	ASN1_OCTET_STRING_free(octets);
	if (EVP_PKEY_get_base_id(key) == EVP_PKEY_ED25519 ||
	    EVP_PKEY_get_base_id(key) == EVP_PKEY_ED448)
		md = NULL;
	assert_true(X509_sign(m->x509, key, md) > 0);
	len = i2d_X509(m->x509, &m->cert);
	assert_true(len > 0);
	m->cert_len = (size_t)len;
}

static inline void
maker_clear(struct maker *m)
{
	X509_free(m->x509);
	EVP_PKEY_free(m->key);
	OPENSSL_free(m->cert);
	memset(m, 0, sizeof(*m));
}

/* --- parts of a message --- */

static inline void
put_name(struct buf *b, const struct maker *m)
{
	uint8_t *p = NULL;
	int n = i2d_X509_NAME(X509_get_issuer_name(m->x509), &p);

	assert_true(n > 0);
	buf_put(b, p, (size_t)n);
	OPENSSL_free(p);
}

static inline void
put_serial(struct buf *b, const struct maker *m, bool other)
{
	uint8_t *p = NULL;
	int n = i2d_ASN1_INTEGER(X509_get_serialNumber(m->x509), &p);

	assert_true(n > 0);
	if (other)
		p[n - 1] ^= 1;
	buf_put(b, p, (size_t)n);
	OPENSSL_free(p);
}

static inline void
put_sid(struct buf *b, const struct maker *m, bool by_ski)
{
	struct buf x;

	if (by_ski) {
		put(b, DER_CONTEXT_P(0), m->ski, sizeof(m->ski));
		return;
	}
	buf_init(&x, MAKE_MAX);
	put_name(&x, m);
	put_serial(&x, m, false);
	put_buf(b, DER_SEQUENCE, &x);
}

/* SigningCertificate or SigningCertificateV2 as an attribute. */
static inline void
put_ess(struct buf *b, const struct maker *m, bool v2, unsigned flags)
{
	uint8_t md[HASH_SIZE_MAX];
	struct buf id, issuer, name, x;
	size_t n = hash_of(v2 ? HASH_SHA256 : HASH_SHA1, m->cert, m->cert_len, md);

	buf_init(&id, MAKE_MAX);
	buf_init(&issuer, MAKE_MAX);
	buf_init(&name, MAKE_MAX);
	buf_init(&x, MAKE_MAX);
	if ((flags & MAKE_ESS_OTHER) != 0)
		md[0] ^= 1;
	put(&id, DER_OCTET_STRING, md, n);
	put_name(&x, m);
	if ((flags & MAKE_ESS_NAME) != 0)
		x.p[x.len - 1] ^= 1;
	put_buf(&name, DER_CONTEXT(4), &x);
	put_buf(&issuer, DER_SEQUENCE, &name);
	put_serial(&issuer, m, (flags & MAKE_ESS_ISSUER) != 0);
	put_buf(&id, DER_SEQUENCE, &issuer);
	put_buf(&x, DER_SEQUENCE, &id);   /* ESSCertID */
	put_buf(&name, DER_SEQUENCE, &x); /* certs */
	put_buf(&x, DER_SEQUENCE, &name); /* SigningCertificate */
	put_attr(b, v2 ? "1.2.840.113549.1.9.16.2.47" : "1.2.840.113549.1.9.16.2.12", x.p, x.len);
	buf_clear(&x);
}

static inline void
put_digest_alg(struct buf *b, const struct recipe *r)
{
	put_alg(b, r->digest_oid != NULL ? r->digest_oid : OID_SHA256, r->digest_params,
	    r->digest_params_len);
}

static inline void
put_protection(struct buf *b, const struct recipe *r)
{
	struct buf x, y, alg;

	buf_init(&x, MAKE_MAX);
	buf_init(&y, MAKE_MAX);
	buf_init(&alg, MAKE_MAX);
	if ((r->flags & MAKE_PROTECT_OTHER) != 0)
		put_alg(&x, "2.16.840.1.101.3.4.2.3", NULL, 0);
	else
		put_digest_alg(&x, r);
	if ((r->flags & MAKE_PROTECT_SIG) != 0)
		put_oid(&alg, "1.2.840.113549.1.1.1");
	else
		put_oid(&alg, r->sig_oid != NULL ? r->sig_oid : OID_RSA_SHA256);
	buf_put(&alg, r->sig_params, r->sig_params_len);
	put_buf(&x, DER_CONTEXT(1), &alg);
	put_buf(&y, DER_SEQUENCE, &x);
	put_attr(b, "1.2.840.113549.1.9.52", y.p, y.len);
	buf_clear(&y);
}

static inline enum hash
recipe_digest(const struct recipe *r)
{
	return r->digest != HASH_NONE ? r->digest : HASH_SHA256;
}

static inline void
put_message_digest(struct buf *b, const struct recipe *r, const uint8_t *md, size_t n)
{
	struct buf v;

	if ((r->flags & MAKE_NO_DIGEST) != 0)
		return;
	buf_init(&v, MAKE_MAX);
	put(&v, DER_OCTET_STRING, md, n);
	if ((r->flags & MAKE_WRONG_DIGEST) != 0)
		v.p[2] ^= 1;
	if ((r->flags & MAKE_TWO_DIGESTS) != 0)
		put(&v, DER_OCTET_STRING, md, n);
	put_attr(b, "1.2.840.113549.1.9.4", v.p, v.len);
	buf_clear(&v);
}

/* The attributes without the outer tag. */
static inline void
put_signed_attrs(
    struct buf *b, const struct maker *m, const struct recipe *r, const uint8_t *md, size_t n)
{
	static const char time[] = "\x17\x0d"
				   "260102030405Z";
	struct buf type;
	unsigned f = r->flags;
	size_t i;

	buf_init(&type, MAKE_MAX);
	if ((f & MAKE_UNSORTED) != 0)
		put_message_digest(b, r, md, n);
	put_oid(&type, (f & MAKE_WRONG_TYPE) != 0 ? OID_TST
		       : r->econtent_type != NULL ? r->econtent_type
						  : OID_DATA);
	if ((f & MAKE_NO_TYPE) == 0)
		put_attr(b, "1.2.840.113549.1.9.3", type.p, type.len);
	buf_clear(&type);
	put_attr(b, "1.2.840.113549.1.9.5", time, sizeof(time) - 1);
	if ((f & MAKE_DUPLICATE) != 0)
		put_attr(b, "1.2.840.113549.1.9.5", time, sizeof(time) - 1);
	if ((f & MAKE_PRIVATE_TWICE) != 0) {
		put_attr(b, "1.3.6.1.4.1.55555.1", "\x05\x00", 2);
		put_attr(b, "1.3.6.1.4.1.55555.1", "\x05\x00", 2);
	}
	if ((f & MAKE_INDEFINITE_ATTRS) != 0)
		put_attr(b, "1.3.6.1.4.1.55555.2", "\x30\x80\x00\x00", 4);
	if ((f & MAKE_UNSORTED) == 0)
		put_message_digest(b, r, md, n);
	if ((f & (MAKE_PROTECT | MAKE_PROTECT_OTHER | MAKE_PROTECT_SIG)) != 0)
		put_protection(b, r);
	if ((f & MAKE_ESS_BOTH) != 0)
		put_ess(b, m, false, MAKE_ESS_OTHER);
	if ((f & MAKE_ESS_NONE) == 0)
		put_ess(b, m, (f & MAKE_ESS_V1) == 0, f);
	for (i = 0; i < r->attrs; i++)
		put_attr(b, "1.3.6.1.4.1.55555.5", "\x05\x00", 2);
	if (r->signed_oid != NULL)
		put_attr(b, r->signed_oid, r->signed_value->p, r->signed_value->len);
}

/* Sign len octets with the maker's key; the signature value into b. */
static inline void
put_signature(
    struct buf *b, const struct maker *m, const struct recipe *r, const uint8_t *p, size_t len)
{
	enum hash h = r->sig_hash != HASH_NONE ? r->sig_hash : recipe_digest(r);
	int id = EVP_PKEY_get_base_id(m->key);
	EVP_MD_CTX *ctx;
	EVP_PKEY_CTX *kctx;
	uint8_t md[HASH_SIZE_MAX], sig[1024];
	size_t n = sizeof(sig), md_len;

	if (id == EVP_PKEY_ED25519 || id == EVP_PKEY_ED448) {
		ctx = EVP_MD_CTX_new();
		assert_int_equal(EVP_DigestSignInit(ctx, NULL, NULL, NULL, m->key), 1);
		assert_int_equal(EVP_DigestSign(ctx, sig, &n, p, len), 1);
		EVP_MD_CTX_free(ctx);
	} else {
		md_len = hash_of(h, p, len, md);
		kctx = EVP_PKEY_CTX_new_from_pkey(NULL, m->key, NULL);
		assert_int_equal(EVP_PKEY_sign_init(kctx), 1);
		if (id == EVP_PKEY_RSA)
			assert_int_equal(EVP_PKEY_CTX_set_signature_md(kctx, hash_md(h)), 1);
		if (r->pss_salt != 0) {
			assert_int_equal(
			    EVP_PKEY_CTX_set_rsa_padding(kctx, RSA_PKCS1_PSS_PADDING), 1);
			assert_int_equal(EVP_PKEY_CTX_set_rsa_pss_saltlen(kctx, r->pss_salt), 1);
			if (r->mgf1 != HASH_NONE)
				assert_int_equal(
				    EVP_PKEY_CTX_set_rsa_mgf1_md(kctx, hash_md(r->mgf1)), 1);
		}
		assert_int_equal(EVP_PKEY_sign(kctx, sig, &n, md, md_len), 1);
		EVP_PKEY_CTX_free(kctx);
	}
	put(b, DER_OCTET_STRING, sig, n);
}

static inline void
put_unsigned_attrs(struct buf *b, const struct recipe *r)
{
	struct buf x, type;

	buf_init(&x, MAKE_MAX);
	buf_init(&type, MAKE_MAX);
	if ((r->flags & MAKE_UNSIGNED_TYPE) != 0) {
		put_oid(&type, OID_DATA);
		put_attr(&x, "1.2.840.113549.1.9.3", type.p, type.len);
		buf_clear(&type);
	}
	if (r->unsigned_oid != NULL)
		put_attr(&x, r->unsigned_oid, r->unsigned_value->p, r->unsigned_value->len);
	if (x.len > 0)
		put_buf(b, DER_CONTEXT(1), &x);
	buf_clear(&x);
}

static inline void
put_signer_info(
    struct buf *b, const struct maker *m, const struct recipe *r, const uint8_t *data, size_t len)
{
	struct buf info, attrs, set;
	uint8_t md[HASH_SIZE_MAX];
	size_t n = hash_of(recipe_digest(r), data, len, md);
	bool ber = (r->flags & MAKE_INDEFINITE) != 0;

	buf_init(&info, MAKE_MAX);
	buf_init(&attrs, MAKE_MAX);
	buf_init(&set, MAKE_MAX);
	put(&info, DER_INTEGER, "\x01", 1);
	put_sid(&info, r->named != NULL ? r->named : m, (r->flags & MAKE_SKI) != 0);
	put_digest_alg(&info, r);
	if ((r->flags & MAKE_NO_ATTRS) == 0) {
		put_signed_attrs(&attrs, m, r, md, n);
		put(&set, DER_SET, attrs.p, attrs.len);
		put_buf(&info, DER_CONTEXT(0), &attrs);
		data = set.p;
		len = set.len;
	}
	put_alg(&info, r->sig_oid != NULL ? r->sig_oid : OID_RSA_SHA256, r->sig_params,
	    r->sig_params_len);
	put_signature(&info, m, r, data, len);
	put_unsigned_attrs(&info, r);
	buf_clear(&set);
	put_either(b, DER_SEQUENCE, &info, ber);
}

static inline void
put_content(struct buf *b, const struct recipe *r)
{
	struct buf x, y;
	size_t half = r->econtent_len / 2;
	bool ber = (r->flags & MAKE_INDEFINITE) != 0;

	buf_init(&x, MAKE_MAX);
	buf_init(&y, MAKE_MAX);
	if (r->econtent != NULL && ber) {
		/* in segments, as a writer that does not know the length does */
		put(&y, DER_OCTET_STRING, r->econtent, half);
		put_buf(&x, DER_OCTET_STRING | 0x20, &y);
		put(&x, DER_OCTET_STRING, r->econtent + half, r->econtent_len - half);
		put_indefinite(&y, DER_OCTET_STRING | 0x20, &x);
		put_indefinite(&x, DER_CONTEXT(0), &y);
	} else if (r->econtent != NULL) {
		put(&y, DER_OCTET_STRING, r->econtent, r->econtent_len);
		put_buf(&x, DER_CONTEXT(0), &y);
	}
	put_oid(&y, r->econtent_type != NULL ? r->econtent_type : OID_DATA);
	buf_put(&y, x.p, x.len);
	buf_clear(&x);
	put_either(b, DER_SEQUENCE, &y, ber);
}

/* A whole message over data into b. */
static inline void
make_cms(struct buf *b, const struct maker *m, const struct recipe *r, const void *data, size_t len)
{
	struct buf sd, x, y;
	size_t i;
	bool ber = (r->flags & MAKE_INDEFINITE) != 0;

	buf_init(&sd, MAKE_MAX);
	buf_init(&x, MAKE_MAX);
	buf_init(&y, MAKE_MAX);
	put(&sd, DER_INTEGER, "\x01", 1);
	put_digest_alg(&x, r);
	put_either(&sd, DER_SET, &x, ber);
	put_content(&sd, r);
	if ((r->flags & MAKE_NO_CERT) == 0) {
		buf_put(&x, m->cert, m->cert_len);
		put_either(&sd, DER_CONTEXT(0), &x, ber);
	}
	for (i = 0; i < r->crls; i++)
		put(&x, DER_SEQUENCE, "\x05\x00", 2);
	if (r->formats != NULL)
		buf_put(&x, r->formats->p, r->formats->len);
	if (x.len > 0)
		put_either(&sd, DER_CONTEXT(1), &x, ber);
	put_signer_info(&x, m, r, (const uint8_t *)data, len);
	if ((r->flags & MAKE_TWO_SIGNERS) != 0)
		put_signer_info(&x, m, r, (const uint8_t *)data, len);
	put_either(&sd, DER_SET, &x, ber);
	if ((r->flags & MAKE_SIGNED_DATA_TAIL) != 0)
		put(&sd, 0x05, NULL, 0);
	put_either(&y, DER_SEQUENCE, &sd, ber);
	put_oid(&x, "1.2.840.113549.1.7.2");
	put_either(&x, DER_CONTEXT(0), &y, ber);
	put_either(b, DER_SEQUENCE, &x, ber);
	assert_int_equal(buf_rc(b), RC_OK);
}

#endif /* CMSMAKE_H */
