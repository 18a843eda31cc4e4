/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REVOCATION_PART_H
#define REVOCATION_PART_H

/* What revocation.c, evidence_pool.c, responder.c and crl_signer.c share; nobody else's. */

#include "algo.h"
#include "cert_cache.h"
#include "crl.h"
#include "ocsp.h"
#include "revocation.h"

#define EVIDENCE_TRIED 8 /* signers of one piece of evidence whose result is remembered */

enum evidence_state { PARSED_OK, PARSED_BAD };

/* What evidence.parsed points to. */
struct evidence_parsed {
	enum evidence_state state;
	union {
		struct ocsp ocsp;
		struct crl crl;
	};
	struct sig_algo algo;
	bool algo_known;
	struct {
		const struct cert *signer;
		bool good;
	} tried[EVIDENCE_TRIED];
	size_t ntried;
	struct der der; /* the evidence itself */
	bool hashed;
	uint8_t sha256[32]; /* of der, once it is asked for */
};

/* One question and what was found so far. */
struct revocation_question {
	struct evidence_pool *pool;
	const struct cert_pool *certs;
	const struct cert *cert, *issuer;
	struct revocation *out; /* REVOCATION_MAX */
	size_t n;
	unsigned depth;
	enum revocation_gap gap;
	const struct cert *unconfirmed; /* the last responder of whom nothing is known */
};

/* --- evidence_pool.c --- */

/* Parsed now or before; NULL if it is unusable or there is no memory. */
struct evidence_parsed *evidence_pool_open(struct evidence_pool *pool, struct evidence *e);
/* The evidence's signature verifies under that certificate's key; remembered. */
bool evidence_signed_with(
    struct cert_cache *cache, struct evidence_parsed *p, bool is_crl, const struct cert *signer);

/* --- revocation.c --- */

/*
 * Answer it, or remember what was answered: how many answers q->out then has, which is the
 * pool's.  0 without memory.  Who answers may have to be asked about in turn, one deeper:
 * CAP_REVOKED_DEPTH ends it.
 */
size_t revocation_ask(struct revocation_question *q);
/* One key and one name: the same authority, whichever of its certificates. */
bool revocation_same_ca(const struct cert *a, const struct cert *b);

/* --- responder.c: who speaks by OCSP --- */

/* O1, O2: who signed the response and may; NULL, and *gap says why. */
const struct cert *responder_find(
    const struct revocation_question *q, struct evidence_parsed *p, enum revocation_gap *gap);
/*
 * O3: a delegated responder without no-check must be known not to be revoked
 * when it answered.  *asked: when that came, if it was asked for.
 */
bool responder_good(struct revocation_question *q, const struct cert *responder,
    int64_t produced_at, int64_t *asked);

/* --- crl_signer.c: who speaks by a list --- */

/* R1: who signed the list and may; NULL, and *gap says why. */
const struct cert *crl_signer_find(
    const struct revocation_question *q, struct evidence_parsed *p, enum revocation_gap *gap);

#endif /* REVOCATION_PART_H */
