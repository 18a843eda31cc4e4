/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef XCV_H
#define XCV_H

#include <stdbool.h>
#include <stdint.h>

#include "chain.h"
#include "dossier.h"
#include "policy.h"
#include "report.h"
#include "revocation.h"

/* X.509 certificate validation, EN 319 102-1 (V1.4.1), 5.2.6. */

/* Context of one judgement: a dossier under one policy at one time. */
struct run {
	struct dossier *d;
	const struct policy *policy;
	int64_t now;
};

/* chain_build() with the dossier's pools, remembered: many timestamps have one authority. */
bool xcv_chain(struct dossier *d, const struct cert *cert, enum anchor_purpose purpose,
    unsigned attempt, struct chain *out);

/* A certificate at a time (5.2.6). */
struct xcv {
	struct status st;
	enum check why;          /* CHECK__NONE when passed */
	struct chain chain;      /* the path that st is about */
	bool has_rev[CAP_CHAIN]; /* rev[i] is about chain.certs[i] */
	struct revocation rev[CAP_CHAIN];
	bool lacks_rev[CAP_CHAIN]; /* no, or no fresh, revocation data for certs[i] */
	enum revocation_gap gap;
	int64_t revoked_at; /* REVOKED(_CA)_NO_POE, or on hold since */
	bool unfresh;       /* TRY_LATER: there is data, but not fresh at the time */
	bool on_hold;       /* TRY_LATER: suspended */
};

/*
 * The certificate at t.  past: t is a proven time before the present, so that
 * signers of revocation data need only have been valid when they signed.  The
 * first path that passes decides, otherwise the first one tried; *out is filled.
 */
void xcv_judge(const struct run *r, const struct cert *cert, int64_t t, enum anchor_purpose purpose,
    bool past, struct xcv *out);
/* The revocation data of the path that xcv_judge() found is fresh at best, although not at present.
 */
bool xcv_fresh_at(const struct run *r, const struct xcv *x, int64_t best);
/* A newer answer about this certificate might change what a path with it is worth at t. */
bool xcv_lacks(const struct run *r, const struct cert *cert, const struct cert *issuer, int64_t t);
/* O5, O6, R1: the answer may be used at all about this certificate. */
bool xcv_usable(const struct run *r, const struct revocation *v, const struct cert *cert);
/* RFC 3161, 4: after which revocations of a timestamp authority older tokens stay good. */
bool xcv_harmless(int reason);
/* Revocation freshness (5.2.5). */
bool xcv_fresh(const struct run *r, const struct revocation *v, int64_t t);
/* Until when, exclusive, digest, scheme and the owner's key are reliable (rule C10). */
int64_t xcv_until(enum hash h, enum sig_scheme s, const struct cert *key_owner);
/* The same of the signature of a certificate by its issuer. */
int64_t xcv_link_until(const struct cert *c, const struct cert *issuer);
/* Digest, scheme and the owner's key are reliable at t. */
bool xcv_strong(enum hash h, enum sig_scheme s, const struct cert *key_owner, int64_t t);
/* The same for every certificate below the anchor and the revocation data used. */
bool xcv_chain_strong(const struct xcv *x, int64_t t);
/* t lies in the certificate's period of validity. */
bool xcv_within(const struct cert *c, int64_t t);

#endif /* XCV_H */
