/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PSV_H
#define PSV_H

#include "poe.h"
#include "xcv.h"

/*
 * Past validation of one signature or timestamp, EN 319 102-1 (V1.4.1), 5.6.2:
 * what the present leaves open may be known from a time when it was not.
 */

struct psv {
	const struct cert *cert; /* of the signer, or of the timestamp's authority */
	enum anchor_purpose purpose;
	const struct xcv *now; /* what the present says: INDETERMINATE */
	int64_t poe;           /* since when it is proven to exist */
	int64_t made;          /* when it says it was made, if it can be believed; else poe */
	int64_t until;         /* its own algorithms are reliable until then, exclusive */
};

/*
 * True: *out has passed, with the path and revocation data that say so.  False:
 * *out is what the present says, or a worse or more exact thing that the past
 * tells.
 */
bool psv_judge(const struct run *r, const struct poe *poe, const struct psv *o, struct xcv *out);
/* Past validation may tell more about this (5.6.3.4). */
bool psv_may_help(const struct status *st);

#endif /* PSV_H */
