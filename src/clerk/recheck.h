/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef RECHECK_H
#define RECHECK_H

#include <stdint.h>

#include "register.h"
#include "report.h"

/*
 * Judging registered letters again: those whose file is kept and that were last judged before a
 * time.  Pending ones that are VALID now are so registered; a fact-only letter's file is dropped
 * then.  One whose file is gone or damaged is noted as INDETERMINATE, not pending: an alert, until
 * the file is back.
 */
struct recheck {
	struct store *store;
	int dir; /* of vault, see vault.h */
	const char *vault;
	/* Whoever judges: the report on len octets of fd, as of now.  RC_OK, or nothing is
	 * recorded. */
	enum rc (*judge)(void *ctx, int fd, uint64_t len, int64_t now, struct report **out);
	void *ctx;
	/* Told of each; may be NULL. */
	void (*told)(void *ctx, const char *id, enum conclusion before, enum conclusion after);
};
struct recheck_sum {
	unsigned judged, changed, failed; /* failed: no verdict, or no file */
	unsigned lost;                    /* of these: the file is gone or damaged */
};
/* All that are due, oldest first; RC_OK though some failed, or our own trouble with the store. */
enum rc recheck_all(const struct recheck *r, int64_t now, int64_t before, struct recheck_sum *sum);
/* One letter, due or not: adds to *sum. */
enum rc recheck_one(const struct recheck *r, const char *id, int64_t now, struct recheck_sum *sum);

#endif /* RECHECK_H */
