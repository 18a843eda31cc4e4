/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef JUDGE_H
#define JUDGE_H

#include <stdbool.h>
#include <stdint.h>

#include "tsv.h"
#include "xcv.h"

/* Basic (5.3), With-Time (5.5) and past validation (5.6) of EN 319 102-1 (V1.4.1) for every
 * signature of a dossier. */

struct judgement {
	struct status st;
	enum check why;       /* the main reason, CHECK__NONE when passed */
	bool past_validation; /* past validation was tried, and lacks evidence of the past */
	bool early;           /* st was decided by format or cryptography alone */
	struct xcv xcv;       /* of the signer's certificate, at the time that decided */
	int64_t best;         /* best signature time: the present without a timestamp */
	enum proven_by by;
	struct tst_result *tst;        /* as in the dossier's tst[] */
	const struct tst_result **dts; /* for each signature of the dossier: what the document
					* timestamp there is worth, NULL where there is none */
};

/*
 * Judge every signature of the dossier at the time now under the policy.  out
 * holds d->nsigs judgements in the arena.  RC_OK or RC_NOMEM.
 */
enum rc judge_all(
    struct judgement **out, struct dossier *d, const struct policy *policy, int64_t now);

/* Signature i's document timestamps: k covers all of i, and its own range is sound. */
bool judge_covers(const struct dossier *d, size_t k, size_t i);

#endif /* JUDGE_H */
