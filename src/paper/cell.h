/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CELL_H
#define CELL_H

#include <stdbool.h>
#include <stdint.h>

/*
 * What shuts a process in before it reads what a stranger sent: no network, no other program or
 * process, no file but fonts', limits of time and memory.  Threads it may have: Pango looks for
 * fonts in one.  It may write to the answer's descriptor only.
 */
struct cell {
	struct seal *seal;
	uint64_t space; /* octets of address space of the warm process */
};

#define CELL_ANSWER 3

/*
 * Once, when all is warm: the list of calls, and the fence around files, which holds for this
 * process and all that are forked from it.  False: nothing must be read.
 */
bool cell_build(struct cell *c);
/* Behind this process or a child of it.  False: nothing must be read. */
bool cell_shut(const struct cell *c);

#endif /* CELL_H */
