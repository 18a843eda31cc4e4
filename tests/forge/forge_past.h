/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FORGE_PAST_H
#define FORGE_PAST_H

#include "forge.h"

/*
 * Every indication and sub-indication of EN 319 102-1 with a letter that gets
 * it, and letters that live by their archive timestamps alone, each sound or
 * broken in one place.
 */

struct past_case {
	const char *name;
	void (*make)(struct forge *f, struct letter *l, const char *arg);
	const char *arg;
	struct status strict, nasional; /* of the first signature that is no document timestamp */
	int64_t until;                  /* the anchor is trusted until then; 0: no limit */
	enum check warning;             /* that is among the checks; CHECK__NONE: not asked */
};

/* The end has no name. */
extern const struct past_case forge_past[];

/* Make it and judge it under both policies; false with the difference on standard error. */
bool past_check(struct forge *f, const struct past_case *c);

#endif /* FORGE_PAST_H */
