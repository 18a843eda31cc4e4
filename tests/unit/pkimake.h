/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PKIMAKE_H
#define PKIMAKE_H

/*
 * Small certificates for tests (EC P-256, invented names), right and wrong
 * ones.  A recipe says what differs from an end entity of a good CA.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include <openssl/evp.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include "cert.h"
#include "chain.h"

#define PKI_NOW 1790000000ll /* 2026-09-21: certificates hold around it */
#define PKI_DAY 86400ll

struct pki {
	EVP_PKEY *key;
	X509 *x509;
	struct der der;          /* OPENSSL_free(der.p) by pki_free() */
	const struct cert *cert; /* once pki_get() was called */
};

struct pki_ext {
	int nid;
	const char *value; /* as in openssl.cnf; "critical,…" too */
};

struct pki_recipe {
	const char *cn;
	const struct pki *issuer; /* NULL: self-signed */
	const struct pki *key_of; /* share this one's key; NULL: a new key */
	const char *issuer_cn;    /* NULL: as the issuer says */
	const char *basic;        /* NULL: "critical,CA:FALSE"; "" for none */
	struct pki_ext ext[6];
	int64_t from, until; /* 0: a year around PKI_NOW */
	int64_t serial;      /* 0: a new one */
	bool no_ids;         /* without subject and authority key identifier */
	int dn_type;         /* MBSTRING type of the common name; 0: UTF-8 */
};

#define PKI_CA "critical,CA:TRUE"

static inline void
pki_name(X509_NAME *n, const char *cn, int type)
{
	assert_int_equal(X509_NAME_add_entry_by_txt(
			     n, "C", MBSTRING_ASC, (const unsigned char *)"ID", -1, -1, 0),
	    1);
	assert_int_equal(
	    X509_NAME_add_entry_by_NID(n, NID_commonName, type == 0 ? V_ASN1_UTF8STRING : type,
		(const unsigned char *)cn, -1, -1, 0),
	    1);
}

static inline void
pki_extend(X509 *x, X509 *issuer, int nid, const char *value)
{
	X509V3_CTX ctx;
	X509_EXTENSION *e;

	X509V3_set_ctx(&ctx, issuer, x, NULL, NULL, 0);
	X509V3_set_ctx_nodb(&ctx);
	e = X509V3_EXT_nconf_nid(NULL, &ctx, nid, value);
	assert_non_null(e);
	assert_int_equal(X509_add_ext(x, e, -1), 1);
	X509_EXTENSION_free(e);
}

static inline void
pki_make(struct pki *out, const struct pki_recipe *r)
{
	static int64_t last_serial = 1000;
	const struct pki *issuer = r->issuer;
	const char *basic = r->basic == NULL ? "critical,CA:FALSE" : r->basic;
	unsigned char *p = NULL;
	X509_NAME *n;
	X509 *x;
	size_t i;
	int len;

	memset(out, 0, sizeof(*out));
	if (r->key_of != NULL) {
		out->key = r->key_of->key;
		EVP_PKEY_up_ref(out->key);
	} else
		out->key = EVP_EC_gen("P-256");
	assert_non_null(out->key);
	assert_non_null(x = out->x509 = X509_new());
	X509_set_version(x, 2);
	ASN1_INTEGER_set_int64(
	    X509_get_serialNumber(x), r->serial != 0 ? r->serial : ++last_serial);
	ASN1_TIME_set(X509_getm_notBefore(x), r->from != 0 ? r->from : PKI_NOW - 180 * PKI_DAY);
	ASN1_TIME_set(X509_getm_notAfter(x), r->until != 0 ? r->until : PKI_NOW + 180 * PKI_DAY);
	pki_name(X509_get_subject_name(x), r->cn, r->dn_type);
	if (r->issuer_cn != NULL) {
		n = X509_NAME_new();
		pki_name(n, r->issuer_cn, 0);
		X509_set_issuer_name(x, n);
		X509_NAME_free(n);
	} else
		X509_set_issuer_name(x, X509_get_subject_name(issuer == NULL ? x : issuer->x509));
	X509_set_pubkey(x, out->key);
	if (*basic != '\0')
		pki_extend(x, x, NID_basic_constraints, basic);
	for (i = 0; i < 6 && r->ext[i].value != NULL; i++)
		pki_extend(x, issuer == NULL ? x : issuer->x509, r->ext[i].nid, r->ext[i].value);
	if (!r->no_ids) {
		pki_extend(x, x, NID_subject_key_identifier, "hash");
		pki_extend(x, issuer == NULL ? x : issuer->x509, NID_authority_key_identifier,
		    "keyid:always");
	}
	assert_true(X509_sign(x, issuer == NULL ? out->key : issuer->key, EVP_sha256()) > 0);
	len = i2d_X509(x, &p);
	assert_true(len > 0);
	out->der.p = p;
	out->der.len = (size_t)len;
}

static inline void
pki_free(struct pki *p)
{
	union {
		const uint8_t *p;
		void *v;
	} u = {.p = p->der.p};

	OPENSSL_free(u.v);
	X509_free(p->x509);
	EVP_PKEY_free(p->key);
	memset(p, 0, sizeof(*p));
}

/* Into the cache; and into the pool, unless it is NULL. */
static inline const struct cert *
pki_get(struct pki *p, struct cert_cache *cache, struct cert_pool *pool)
{
	assert_int_equal(cert_cache_get(cache, p->der, false, &p->cert), RC_OK);
	if (pool != NULL)
		assert_int_equal(cert_pool_add_cert(pool, p->cert, CERT_FROM_CMS), RC_OK);
	return p->cert;
}

#endif /* PKIMAKE_H */
