/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef OCSP_H
#define OCSP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "algo.h"
#include "arena.h"
#include "der.h"
#include "rc.h"

/* An OCSP response (RFC 6960, 4.2) split into its parts; nothing is verified here. */

enum ocsp_status { OCSP_GOOD, OCSP_REVOKED, OCSP_UNKNOWN };

struct ocsp_single {
	enum hash hash; /* of the two below; HASH_NONE: unknown algorithm */
	struct der name_hash, key_hash, serial;
	enum ocsp_status status;
	int64_t revoked_at;               /* WHEN_NONE unless revoked */
	int reason;                       /* CRLReason, -1 if absent */
	int64_t this_update, next_update; /* next: WHEN_NONE if absent */
	int64_t archive_cutoff;           /* WHEN_NONE if absent */
	bool has_cert_hash;               /* certHash (Common PKI, 1.3.36.8.3.13) */
	enum hash cert_hash_alg;
	struct der cert_hash;
	bool unknown_critical; /* a critical extension that is not understood */
};

struct ocsp {
	struct der tbs;          /* whole ResponseData: what is signed */
	struct der sig_alg, sig; /* AlgorithmIdentifier, signature octets */
	struct der by_name;      /* responder's Name, or len 0 */
	struct der by_key;       /* SHA-1 of the responder's key, or len 0 */
	int64_t produced_at;
	struct der *certs; /* whole Certificates, unparsed */
	size_t ncerts;
	struct ocsp_single *singles;
	size_t nsingles;
	bool unknown_critical; /* among the response's own extensions */
};

/*
 * Split an OCSPResponse, or a bare BasicOCSPResponse; spans point into der,
 * arrays lie in the arena.  RC_FORMAT: malformed, not successful, not basic.
 * RC_TOOBIG above CAP_OCSP; RC_NOMEM.
 */
enum rc ocsp_parse(struct ocsp *out, struct arena *a, struct der der);

#endif /* OCSP_H */
