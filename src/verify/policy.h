/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef POLICY_H
#define POLICY_H

#include <stdbool.h>

#include "buf.h"
#include "rc.h"

/*
 * A validation policy: EN 319 102-1 to the letter ("strict"), or with the
 * named points of difference below.  They are data, in policy.conf, each with its reason there;
 * a new point is a field here and a row in policy_conf.c.
 */
struct policy {
	const char *id, *version;
	/*
	 * A timestamp whose authority's certificate or anchor has expired since
	 * still counts, if it was valid at the token's own time and is not
	 * known to have been compromised, and no algorithm is weak by now.
	 */
	bool tsa_expired_counts;
	/* A timestamp authority without revocation data counts if nothing says that it was revoked.
	 */
	bool tsa_without_revocation;
	/*
	 * Signer's chain, anchor and revocation data are judged at the time
	 * that a timestamp proves, not at the present.
	 */
	bool judged_at_proven_time;
	/*
	 * An OCSP answer without nextUpdate is fresh if it was issued not
	 * earlier than CAP_CLOCK_SKEW before the best signature time.
	 */
	bool ocsp_without_next_update;
	/*
	 * A further signature that shows on a page, in a new field, is no breach of a
	 * certification that allows to sign (/P 2 or 3).
	 */
	bool certified_visible_signature;
};

/* "strict" or "nasional" (the default, for NULL) or another that a loaded file defines; NULL if
 * there is no such policy. */
const struct policy *policy_find(const char *id);
/*
 * Take the policies from this file instead of those that the program was built
 * with.  At start, before a document is judged and a policy_find() answer is
 * kept; every process forked later has them.  RC_OK; RC_ABSENT: there is no such file; RC_IO,
 * RC_TOOBIG, RC_FORMAT with a line in *log.  On failure nothing has changed.
 */
enum rc policy_load(const char *path, struct buf *log);

#endif /* POLICY_H */
