/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PROOF_H
#define PROOF_H

#include "pki.h"

/* Evidence about revocation: OCSP responses (RFC 6960) and CRLs (RFC 5280, 5). */

enum proof_status { PROOF_GOOD, PROOF_REVOKED, PROOF_UNKNOWN };

struct proof_answer {
	const struct pki_cert *subject, *issuer;
	const struct pki_cert
	    *responder;        /* signs; its certificate is enclosed unless it is issuer */
	bool by_name;          /* responder ID by name instead of key hash */
	const char *id_digest; /* of the CertID; NULL: SHA1 */
	enum proof_status status;
	int64_t revoked_at; /* PROOF_REVOKED */
	int reason;         /* CRLReason, -1: absent */
	int64_t produced, this_update;
	int64_t next_update; /* WHEN_NONE: absent */
};

/* A whole successful OCSPResponse. */
struct der proof_ocsp(struct maker *m, const struct proof_answer *spec);

struct proof_list {
	const struct pki_cert *issuer; /* signs, and its subject is the issuer's name */
	uint64_t number;
	int64_t this_update;
	int64_t next_update;            /* WHEN_NONE: absent */
	const struct pki_cert *revoked; /* or NULL: empty */
	int64_t revoked_at;
	uint8_t reason; /* CRLReason; 0: absent */
};

/* A whole CertificateList. */
struct der proof_crl(struct maker *m, const struct proof_list *spec);

#endif /* PROOF_H */
