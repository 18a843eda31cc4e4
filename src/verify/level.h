/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LEVEL_H
#define LEVEL_H

#include "dossier.h"
#include "judge.h"
#include "policy.h"
#include "report.h"

/* Room for what keeps a signature from a level. */
#define LEVEL_MISSING_MAX 8

struct level_result {
	enum level level;
	enum check missing[LEVEL_MISSING_MAX]; /* what keeps it from the next level */
	size_t nmissing;
	bool ltv; /* verifiable offline for long: time, chain and revocation data are embedded */
	enum check ltv_missing[LEVEL_MISSING_MAX];
	size_t nltv_missing;
};

/*
 * The conformance level of signature i (EN 319 142-1, 6; PKCS#7 signatures in
 * the same steps), which says nothing about its verdict.
 */
void level_find(struct level_result *out, struct dossier *d, size_t i, const struct policy *policy);

#endif /* LEVEL_H */
