/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TSV_H
#define TSV_H

#include "psv.h"
#include "tstamp.h"
#include "xcv.h"

/* Time-stamp validation, EN 319 102-1 (V1.4.1), 5.4. */

struct tst_result {
	struct status st;
	enum check why; /* CHECK__NONE when it counts */
	bool expired;   /* counts by its own time or by past validation, not at present */
	struct xcv xcv;
};

/* What the token is worth at r->now; a token that only time has outdated is judged at its
 * own time where the policy says so. */
void tsv_judge(const struct run *r, const struct tstamp *t, struct tst_result *v);

/* The same with what is proven by now of the past, where only time has outdated the token. */
void tsv_past(
    const struct run *r, const struct poe *poe, const struct tstamp *t, struct tst_result *v);

#endif /* TSV_H */
