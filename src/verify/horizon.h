/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef HORIZON_H
#define HORIZON_H

#include "checks.h"
#include "judge.h"

/*
 * Until when a proof can be checked with nothing but the file and the anchors,
 * and what ends first: the judge is asked again at each end that is ahead.
 */
struct horizon {
	/* When that ends; WHEN_NONE where nothing is proven, and where no end is known. */
	int64_t until;
	enum check weakest;      /* HORIZON_…; CHECK__NONE where nothing is proven */
	const struct cert *cert; /* that ends, or that the revocation data is about; or NULL */
	const char *algorithm;   /* that ends, or NULL; in the dossier's arena */
};

/*
 * For each signature of the dossier, in its arena.  v: what the judge has said
 * under this policy at the time now; a document timestamp, and what has not
 * passed, has no horizon.  RC_OK or RC_NOMEM.
 */
enum rc horizon_find(struct horizon **out, struct dossier *d, const struct policy *policy,
    int64_t now, const struct judgement *v);

#endif /* HORIZON_H */
