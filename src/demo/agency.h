/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef AGENCY_H
#define AGENCY_H

#include "letter.h"
#include "pki.h"
#include "proof.h"

/*
 * An invented authority of the shape that signs Indonesian letters: a root, a
 * signing CA below it, a timestamp authority and a delegated OCSP responder;
 * and the letters that it signs, up to each PAdES level.
 */
struct agency {
	struct maker *m;
	struct pki_cert root, ca, tsa, responder;
	uint64_t serial; /* the next one */
	/* The root's CRL about CA and TSA, and OCSP answers, are good this long; 0: answers
	 * name no nextUpdate. */
	int64_t fresh;
};

/* Validity of the four. */
struct agency_times {
	int64_t root[2], ca[2], tsa[2], responder[2];
};

void agency_found(
    struct agency *a, struct maker *m, enum maker_key kind, const struct agency_times *times);
/* A signer's certificate by the CA: names are invented ones. */
void agency_admit(struct agency *a, struct pki_cert *out, EVP_PKEY *key, const char *name,
    int64_t from, int64_t until);

enum agency_level { AGENCY_B, AGENCY_T, AGENCY_LT, AGENCY_LTA };

struct agency_order {
	const struct pki_cert *signer;
	enum agency_level level;
	int64_t at;         /* claimed time; the timestamp is 3 s later */
	int64_t revoked_at; /* 0: the signer's certificate is good */
	const char *field, *shown;
	int left, bottom; /* of the box, as in struct letter_sign */
	int docmdp;       /* 1..3: certify; 0: no */
	bool no_stamp;    /* LT evidence without any timestamp */
};

/* Sign the letter, then add evidence and an archive timestamp as the level asks. */
void agency_sign(struct agency *a, struct letter *l, const struct agency_order *order);
/* What agency_sign() puts into the DSS: evidence as issued at this time. */
void agency_evidence(
    struct agency *a, const struct agency_order *order, int64_t at, struct letter_evidence *out);

#endif /* AGENCY_H */
