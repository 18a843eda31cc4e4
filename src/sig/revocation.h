/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REVOCATION_H
#define REVOCATION_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arena.h"
#include "cert.h"
#include "chain.h"
#include "der.h"

/*
 * OCSP responses (RFC 6960) and CRLs (RFC 5280, 5) as evidence about a
 * certificate.  Rules O1-O4 and R1 are judged here; freshness and times (O5,
 * O6, R3, R4) are the caller's.
 */

#define EVIDENCE_NOWHERE UINT_MAX

enum evidence_origin { EVIDENCE_CMS, EVIDENCE_DSS, EVIDENCE_ONLINE };

struct evidence {
	struct der der;
	bool is_crl;
	enum evidence_origin origin;
	unsigned revision; /* of the DSS that holds it first, 0 for CMS */
	unsigned owner;    /* caller's number: signature whose CMS held it; 0 for the DSS */
	/* The first revision whose document timestamp protects it, wherever it lies;
	 * EVIDENCE_NOWHERE if none does. */
	unsigned since;
	void *parsed;       /* evidence_pool.c's own, NULL until needed */
	uint8_t sha256[32]; /* of der, once hashed */
	bool hashed;
	int64_t asked; /* ONLINE: when it came; else WHEN_NONE */
};

struct evidence_pool {
	struct arena *arena;
	struct evidence *v;
	size_t n, cap;
	struct revocation_memo *memo; /* revocation.c's own: questions that were answered */
};

void evidence_pool_init(struct evidence_pool *p, struct arena *a);
/* Deduplicated by bytes (the smallest since counts).  RC_TOOBIG at CAP_EVIDENCE, RC_NOMEM. */
enum rc evidence_pool_add(struct evidence_pool *p, struct der der, bool is_crl,
    enum evidence_origin origin, unsigned revision, unsigned owner, unsigned since);
/*
 * The same for what was asked for and came at this time.  What the document holds as well stays
 * the document's.
 */
enum rc evidence_pool_add_online(
    struct evidence_pool *p, struct der der, bool is_crl, int64_t asked);
/* Certificates inside OCSP responses go into the pool too (CERT_FROM_OCSP).  RC_TOOBIG: not
 * all of them. */
enum rc evidence_pool_certs(struct evidence_pool *p, struct cert_pool *certs);
/* The certificates inside an OCSP response that was looked at before; their number. */
size_t evidence_certs(const struct evidence *e, const struct der **out);

#define REVOCATION_MAX 32 /* answers about one certificate that are kept */

enum revocation_status { REVOCATION_REVOKED, REVOCATION_ON_HOLD, REVOCATION_GOOD };

/* One answer about one certificate, its signature and authority already verified. */
struct revocation {
	enum revocation_status status;
	int64_t revoked_at; /* REVOKED and ON_HOLD */
	int reason;         /* CRLReason, -1 if absent */
	/* WHEN_NONE if absent; produced_at of a CRL is its thisUpdate */
	int64_t this_update, next_update, produced_at;
	int64_t archive_cutoff;    /* or ExpiredCertsOnCRL, WHEN_NONE if absent */
	bool cert_hash_ok;         /* certHash extension present and equal (positive statement) */
	const struct cert *signer; /* responder, or the CA that signed the CRL */
	bool delegated;            /* responder is not the CA itself */
	bool self_issued;          /* the responder answers about itself */
	enum hash hash;            /* of its signature */
	enum sig_scheme scheme;
	const struct evidence *evidence; /* valid until the pool grows */
	/* When the latest of what it rests on came (its own evidence, that of its responder);
	 * WHEN_NONE: nothing of it was asked for. */
	int64_t asked;
};

/* Why the evidence at hand gave no answer about a certificate (for words in the report). */
enum revocation_gap {
	REVOCATION_GAP_NONE,      /* there is an answer */
	REVOCATION_GAP_NOTHING,   /* nothing about this certificate at all */
	REVOCATION_GAP_SIGNATURE, /* an answer with a wrong signature */
	REVOCATION_GAP_AUTHORITY, /* O2, R1: not signed by who may */
	/* O3: delegated responder without no-check and without evidence of its own */
	REVOCATION_GAP_NOCHECK,
	/* R1: lists that are not judged, each by its name */
	REVOCATION_GAP_INDIRECT,    /* an indirect CRL */
	REVOCATION_GAP_DELTA,       /* a delta CRL */
	REVOCATION_GAP_REASONS,     /* a CRL for some reasons of revocation only */
	REVOCATION_GAP_SCOPE,       /* a CRL of another distribution point */
	REVOCATION_GAP_UNSUPPORTED, /* an unknown critical extension */
	REVOCATION_GAP_CERT_HASH,   /* the answer's certHash is that of another certificate */
	REVOCATION_GAP_UNKNOWN      /* the responder said "unknown" */
};

/*
 * All usable answers about cert, issued by issuer, into out (at most max, and
 * REVOCATION_MAX): "revoked" before the rest, then the newest thisUpdate first;
 * the number found.  Asked again with the same pools, it is remembered.  *gap says what was wrong
 * with the rest when none is usable.
 */
size_t revocation_find(struct evidence_pool *p, const struct cert_pool *certs,
    const struct cert *cert, const struct cert *issuer, struct revocation *out, size_t max,
    enum revocation_gap *gap);

/*
 * A responder that answered about cert and might speak for its issuer, if only something
 * confirmed that it was not revoked itself (REVOCATION_GAP_NOCHECK); NULL: none.
 */
const struct cert *revocation_unconfirmed(struct evidence_pool *p, const struct cert_pool *certs,
    const struct cert *cert, const struct cert *issuer);

#endif /* REVOCATION_H */
