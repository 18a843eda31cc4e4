/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CRL_H
#define CRL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arena.h"
#include "der.h"
#include "rc.h"

/* A certificate revocation list (RFC 5280, 5) split into its parts; nothing is verified here. */

struct crl {
	struct der tbs, sig_alg, sig; /* what is signed, AlgorithmIdentifier, signature octets */
	struct der issuer;            /* whole Name */
	int64_t this_update, next_update; /* next: WHEN_NONE if absent */
	struct der entries;               /* contents of revokedCertificates */
	struct der aki;                   /* key identifier, or len 0 */
	int64_t expired_certs;            /* expiredCertsOnCRL (X.509, 2.5.29.60) or WHEN_NONE */
	bool has_idp;
	struct der idp_point; /* distributionPoint of the IDP: contents of its [0], or len 0 */
	bool only_user, only_ca, only_attribute, some_reasons, indirect;
	bool delta;            /* deltaCRLIndicator */
	bool unknown_critical; /* of the list or of any entry */
	/* crl_lookup()'s own: an index, once the list is large and asked often */
	unsigned lookups;
	struct crl_key *index;
	size_t nindex;
};

struct crl_entry {
	int64_t revoked_at;
	int reason; /* CRLReason, -1 if absent */
};

/*
 * Split a CertificateList and walk all its entries once.  Spans point into
 * der.  RC_FORMAT; RC_TOOBIG above CAP_CRL.
 */
enum rc crl_parse(struct crl *out, struct der der);
/* The entry with that serial number (contents octets); false if it is not listed. */
bool crl_lookup(struct crl *crl, struct arena *a, struct der serial, struct crl_entry *out);

#endif /* CRL_H */
