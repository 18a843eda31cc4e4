/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef DRAWER_H
#define DRAWER_H

#include <stdbool.h>
#include <sys/types.h>

#include "paint.h"
#include "seal.h"

/* One document, one process that draws it: see `struct paint_job`. */

/* The descriptors of a sealed drawer. */
#define DRAWER_ANSWERS  3
#define DRAWER_DOCUMENT 4
#define DRAWER_ALBUM    5

struct drawer {
	const struct seal *seal;
	uint64_t address_space; /* of the warm process */
	pid_t parent;           /* with which it dies */
};

/*
 * Once, in the warm process: load what every page needs (fonts, tables) by drawing a
 * page of our own, and see that what is known of Poppler holds.  RC_OK; anything
 * else: nothing must be drawn.
 */
enum rc drawer_warm(void);
/* The list of system calls, for seal_new(). */
int drawer_rules(void *ctx);
/*
 * In the warm process: from now on no file but the fonts' can be opened.  False
 * where the kernel has no Landlock: then no pictures are made, since a drawer
 * that was taken over could show other files in them.
 */
bool drawer_fence(void);

/* The life of one drawer, in a forked child; album -1: no pictures. */
void drawer_run(const struct drawer *d, const struct paint_job *job, int answers, int document,
    int album) __attribute__((noreturn));

#endif /* DRAWER_H */
