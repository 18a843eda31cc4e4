/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef POLICY_H
#define POLICY_H

#include <stdbool.h>

#include "rc.h"

/* A validation policy: EN 319 102-1 to the letter ("strict"), or with named points of difference. */
struct policy {
	const char *id, *version;
	/* A timestamp whose authority's certificate (or anchor) has since expired still counts,
	 * if it was valid and not known revoked at its own time. */
	bool tsa_expired_counts;
	/* An OCSP answer without nextUpdate is fresh if issued not before the best signature time
	 * minus CAP_CLOCK_SKEW. */
	bool ocsp_without_next_update;
	/* A TSA without revocation data counts if nothing says that it was revoked. */
	bool tsa_without_revocation;
};

/* "strict" or "nasional" (the default for NULL); NULL if there is no such policy. */
const struct policy *policy_find(const char *id);

#endif /* POLICY_H */
