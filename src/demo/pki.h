/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PKI_H
#define PKI_H

#include "asn.h"

/*
 * Certificates (RFC 5280) with every field at the caller's choice, and the
 * signature algorithms that they and everything else here are signed with.
 */

enum pki_scheme {
	PKI_DEFAULT, /* RSA PKCS#1 v1.5, ECDSA or Ed25519, by the key */
	PKI_PSS      /* RSASSA-PSS, salt as long as the digest */
};

/* AlgorithmIdentifier of a signature by key with digest. */
struct der pki_algorithm(
    struct maker *m, EVP_PKEY *key, enum pki_scheme scheme, const char *digest);
/* The signature value over tbs. */
struct der pki_sign(
    struct maker *m, EVP_PKEY *key, enum pki_scheme scheme, const char *digest, struct der tbs);
/* The signature value over something whose digest is md (RSA PKCS#1, ECDSA). */
struct der pki_sign_digest(struct maker *m, EVP_PKEY *key, const char *digest, struct der md);
/* SHA-1 of the public key bits: key identifiers (RFC 5280, 4.2.1.2). */
struct der pki_key_id(struct maker *m, EVP_PKEY *key);

/* A distinguished name; NULL leaves the attribute out. */
struct pki_name {
	const char *country, *organization, *common_name, *description;
};

/* Bits of pki_spec.key_usage, in the order of the BIT STRING. */
#define PKI_DIGITAL_SIGNATURE 0x80u
#define PKI_NON_REPUDIATION   0x40u
#define PKI_CERT_SIGN         0x04u
#define PKI_CRL_SIGN          0x02u

#define PKI_EKU_ADOBE        "1.2.840.113583.1.1.5"
#define PKI_EKU_TIMESTAMPING "1.3.6.1.5.5.7.3.8"
#define PKI_EKU_OCSP_SIGNING "1.3.6.1.5.5.7.3.9"

struct pki_cert {
	struct der der, subject, issuer, serial; /* whole elements */
	EVP_PKEY *key;                           /* the maker's */
	int64_t from, until;
};

struct pki_spec {
	struct pki_name subject;
	EVP_PKEY *key;
	const struct pki_cert *issuer; /* NULL: self-signed */
	uint64_t serial;
	int64_t from, until;
	const char *digest; /* NULL: SHA256 */
	bool ca;
	int path_len;       /* -1: none */
	unsigned key_usage; /* 0: no extension */
	const char *eku;    /* one key purpose, or NULL */
	const char *eku2;   /* a second one, or NULL */
	bool eku_critical;
	bool ocsp_nocheck, qc_sscd;
	bool short_term; /* assured to be valid for its short term (ETSI EN 319 412-1, 5.2) */
	const char *url_ocsp, *url_ca, *url_crl; /* or NULL */
	const char *policies[3];
	struct der more; /* one more whole Extension, or empty */
};

void pki_issue(struct maker *m, const struct pki_spec *spec, struct pki_cert *out);
/* The certificate as PEM text. */
struct der pki_pem(struct maker *m, const struct pki_cert *cert);

#endif /* PKI_H */
