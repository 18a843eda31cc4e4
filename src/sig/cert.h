/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CERT_H
#define CERT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include "algo.h"
#include "arena.h"
#include "der.h"
#include "rc.h"

/*
 * Certificates.  A certificate is split by hand on the way in; OpenSSL decodes
 * it (X509, public key: 0.1 ms) only when a path or a signature needs it.  A
 * cache owns every certificate and outlives documents; a pool is what one
 * document (with the trust store) knows.
 */

enum cert_eku { /* bits of cert.eku */
	EKU_ANY = 1 << 0,
	EKU_TIMESTAMPING = 1 << 1,
	EKU_OCSP_SIGNING = 1 << 2,
	EKU_EMAIL = 1 << 3,
	EKU_ADOBE_DOCUMENT = 1 << 4, /* 1.2.840.113583.1.1.5 */
	EKU_DOCUMENT = 1 << 5,       /* 1.3.6.1.5.5.7.3.36, 1.3.6.1.4.1.311.10.3.12 */
	EKU_SERVER = 1 << 6,
	EKU_CLIENT = 1 << 7,
	EKU_CODE = 1 << 8,
	EKU_OTHER = 1 << 9
};

/* Macros of x509v3.h with other values: none of its KU_ names may reach our code. */
#undef KU_DIGITAL_SIGNATURE
#undef KU_NON_REPUDIATION
#undef KU_KEY_ENCIPHERMENT
#undef KU_DATA_ENCIPHERMENT
#undef KU_KEY_AGREEMENT
#undef KU_CRL_SIGN

enum cert_ku { /* bits of cert.ku */
	KU_DIGITAL_SIGNATURE = 1 << 0,
	KU_NON_REPUDIATION = 1 << 1,
	KU_KEY_ENCIPHERMENT = 1 << 2,
	KU_DATA_ENCIPHERMENT = 1 << 3,
	KU_KEY_AGREEMENT = 1 << 4,
	KU_CERT_SIGN = 1 << 5,
	KU_CRL_SIGN = 1 << 6
};

struct cert {
	struct der der;     /* the whole Certificate, owned by the cache */
	uint8_t sha256[32]; /* of der */
	struct der tbs, issuer, subject,
	    serial;              /* serial: contents octets; names: whole SEQUENCE */
	struct der spki;         /* whole SubjectPublicKeyInfo */
	struct der key_bits;     /* contents of its BIT STRING without the unused-bits octet */
	struct der sig_alg, sig; /* outer AlgorithmIdentifier, signature octets */
	struct der ski, aki;     /* key identifiers' octets; len 0 if absent */
	int64_t not_before, not_after; /* seconds since 1970 */
	bool self_issued;              /* subject equals issuer, byte by byte */
	bool has_basic, ca;
	int path_len; /* -1 if absent */
	bool has_ku, has_eku, eku_critical;
	unsigned ku, eku;
	unsigned eku_count; /* number of key purposes listed */
	bool ocsp_nocheck;  /* id-pkix-ocsp-nocheck */
	bool short_term;    /* id-etsi-ext-valassured-ST-certs or noRevAvail */
	bool qc_sscd;
	bool unknown_critical; /* a critical extension that nothing here understands */
	bool constrains;       /* name or policy constraints, policy mappings, inhibitAnyPolicy */
	struct der aia, crldp; /* values of the extensions with URLs; len 0 if absent */
};

/*
 * Split one certificate.  Spans point into der.  RC_FORMAT if it is malformed:
 * BER lengths, trailing bytes, an extension that is there twice or whose value
 * is not what it should be, signature algorithms inside and outside that
 * differ.  sha256 is left zero; RC_TOOBIG above CAP_CERT.
 */
enum rc cert_parse(struct cert *out, struct der der);
/*
 * Two distinguished names are the same: byte by byte, or as RFC 5280, 7.1
 * compares them (case and inner spaces of text don't count).
 */
bool cert_name_equal(struct der a, struct der b);

struct cert_cache;
struct cert_cache *cert_cache_new(void);
void cert_cache_free(struct cert_cache *c);
/*
 * Between documents: when more than CAP_CERT_CACHE certificates are held, drop
 * those that were not marked.  Pools made before are then invalid.
 */
void cert_cache_trim(struct cert_cache *c);
/*
 * The certificate with these bytes, parsed now or before; it is the cache's.
 * RC_FORMAT if it is no certificate (trailing bytes included), RC_TOOBIG above
 * CAP_CERT, RC_NOMEM.
 */
enum rc cert_cache_get(struct cert_cache *c, struct der der, bool keep, const struct cert **out);

/* OpenSSL's view; NULL if OpenSSL refuses it.  Owned by the certificate. */
X509 *cert_x509(const struct cert *c);
/* Its public key; NULL as above.  Owned by the certificate. */
EVP_PKEY *cert_key(const struct cert *c);
/* child's signature verifies under the key of issuer; remembered. */
bool cert_signed_by(struct cert_cache *cache, const struct cert *child, const struct cert *issuer);
/*
 * One public-key operation with this key less for this document; false when
 * CAP_PK_OPS are spent (cert_pool_init() gives them anew).  A large key counts
 * as several.  cert_signed_by() asks itself.
 */
bool cert_pk_spend(struct cert_cache *cache, const struct cert *signer);
/* An operation was refused since then: something may be missing that was not looked at. */
bool cert_pk_short(const struct cert_cache *cache);
/* SHA-1 of the key bits, as in an OCSP responder ID. */
void cert_key_sha1(const struct cert *c, uint8_t out[20]);

/*
 * Texts for the report, UTF-8, made printable, in the arena; NULL if the name
 * has no such attribute.  attr is a NID (NID_commonName, …).
 */
char *cert_subject_attr(const struct cert *c, int nid, struct arena *a);
/* RFC 2253 order as OpenSSL prints it with UTF-8 kept. */
char *cert_name_text(struct der name, struct arena *a);
/* "6ebb7c44a8e962ae" */
char *cert_serial_text(const struct cert *c, struct arena *a);
/*
 * http(s) URLs of this certificate: OCSP and CA issuers (AIA), CRL (CRLDP).  *out
 * is an arena array of *n texts (possibly 0).
 */
enum cert_url { CERT_URL_OCSP, CERT_URL_CA, CERT_URL_CRL };
enum rc cert_urls(
    const struct cert *c, enum cert_url kind, struct arena *a, char ***out, size_t *n);
/* The same for its other addresses, as LDAP: nobody asks them, but people may read them. */
enum rc cert_other_urls(
    const struct cert *c, enum cert_url kind, struct arena *a, char ***out, size_t *n);

/* Where a certificate of a pool was found; the order is the order of preference. */
enum cert_origin {
	CERT_FROM_CMS, /* the signature's own CMS */
	CERT_FROM_TST, /* a timestamp token */
	CERT_FROM_DSS,
	CERT_FROM_OCSP,  /* inside an OCSP response */
	CERT_FROM_STORE, /* the trust store: anchor or helper */
	CERT_FROM_NET    /* asked for */
};

struct cert_pool {
	struct cert_cache *cache;
	struct arena *arena;
	const struct cert **certs;
	enum cert_origin *origin; /* best origin of each */
	size_t n, cap;
};

/* An empty pool in the arena: a new document begins. */
void cert_pool_init(struct cert_pool *p, struct cert_cache *cache, struct arena *a);
/* Add by bytes; already there: the better origin stays.  *out may be NULL.  RC_FORMAT: not
 * a certificate (ignored by most callers); RC_TOOBIG above CAP_CERTS from the document. */
enum rc cert_pool_add(
    struct cert_pool *p, struct der der, enum cert_origin o, const struct cert **out);
enum rc cert_pool_add_cert(struct cert_pool *p, const struct cert *c, enum cert_origin o);

#endif /* CERT_H */
