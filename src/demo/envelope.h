/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ENVELOPE_H
#define ENVELOPE_H

#include "pki.h"

/*
 * CMS SignedData (RFC 5652) of CAdES and PKCS#7 shape, with every field that a
 * forger would bend.  A zeroed struct with signer, certs and md is an honest
 * detached signature.
 */

#define ENVELOPE_DATA     "1.2.840.113549.1.7.1"
#define ENVELOPE_TST_INFO "1.2.840.113549.1.9.16.1.4"

enum envelope_ess {
	ENVELOPE_ESS_V2, /* signing-certificate-v2 with the digest below */
	ENVELOPE_ESS_V1, /* SHA-1 */
	ENVELOPE_ESS_NONE
};

struct token;

struct envelope {
	const struct pki_cert *signer;
	const struct pki_cert *const *certs; /* enclosed, in this order */
	size_t ncerts;
	const char *digest; /* NULL: SHA256; of data, attributes and ESS */
	enum pki_scheme scheme;
	struct der md; /* digest of the signed data */

	/* optional parts */
	int64_t signing_time;              /* 0: absent */
	const struct token *stamp;         /* signature timestamp; imprint and digest filled in */
	const struct token *content_stamp; /* content timestamp over md */
	struct der raw_stamp;              /* a finished token put in as signature timestamp */
	struct der ocsp, crl;              /* adbe-revocationInfoArchival */
	bool indefinite;                   /* BER: the outer elements without lengths */

	/* what a forger bends */
	enum envelope_ess ess;
	const struct pki_cert *ess_cert; /* another certificate named there */
	const char *content_type;        /* eContentType; NULL: data */
	const char *content_type_attr;   /* NULL: the same */
	struct der econtent;             /* present if not empty */
	struct der md_attr;              /* another message-digest */
	struct der algorithm;            /* another signatureAlgorithm */
	bool no_attributes;
	bool no_type, no_md;                   /* these attributes are left out */
	bool unsorted;                         /* attributes against DER's order */
	const char *digest_algorithms;         /* SignedData names another digest alone */
	struct der more_signed, more_unsigned; /* one more whole Attribute each */
	const struct envelope *second; /* a second SignerInfo (its certs are not enclosed) */
};

/* A whole ContentInfo. */
struct der envelope_make(struct maker *m, const struct envelope *spec);

#endif /* ENVELOPE_H */
