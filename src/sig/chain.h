/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CHAIN_H
#define CHAIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "caps.h"
#include "cert.h"

/*
 * Certification paths (RFC 5280, 6.1) to pinned anchors.  Time is not judged
 * here: validity intervals and revocation are the caller's, at the time it
 * chooses.  Key usage and extended key usage of the end entity likewise,
 * through the functions below.
 */

enum anchor_purpose { ANCHOR_SIGNER = 1, ANCHOR_TSA = 2 };

struct anchor {
	const struct cert *cert;
	unsigned purposes; /* enum anchor_purpose bits */
	int64_t from,
	    until;        /* trusted for what is proven to be of this time; WHEN_NONE: no limit */
	const char *name; /* for the report */
};

struct anchors {
	struct anchor *v;
	size_t n;
};

enum chain_status {
	CHAIN_UNTRUSTED, /* no path to an anchor */
	CHAIN_TRUSTED,   /* a path to an anchor of that purpose, structurally valid */
	CHAIN_BROKEN     /* a path to an anchor that breaks RFC 5280 (basic constraints, name
			  * constraints, path length, critical extension) */
};

struct chain {
	enum chain_status status;
	const struct cert *certs[CAP_CHAIN]; /* [0] the end entity, last the anchor when TRUSTED */
	size_t n;
	const struct anchor *anchor; /* TRUSTED only */
	char error[96];              /* BROKEN: OpenSSL's word for it */
};

/*
 * The next path for cert, best first: attempt = 0, 1, … until false is returned
 * (no more).  With attempt = 0 it always returns true, and status says whether
 * there is a path; an untrusted chain holds what could be built.
 */
bool chain_build(struct chain *out, const struct cert_pool *pool, const struct anchors *anchors,
    const struct cert *cert, enum anchor_purpose purpose, unsigned attempt);

/* X1: the end entity may sign documents. */
bool chain_signer_usage(const struct cert *c);
/* T5: key purpose timeStamping alone, critical; key usage only signing. */
bool chain_tsa_usage(const struct cert *c);

#endif /* CHAIN_H */
