/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CELL_H
#define CELL_H

#include <stdbool.h>

/*
 * Shuts this process in before it reads what a stranger sent: no network, no other program or
 * process, no file but fonts', limits of time and memory.  Threads it may have: Pango looks for
 * fonts in one.  It may write to the answer's descriptor only.  False: nothing must be read.
 */
bool cell_shut(void);

#define CELL_ANSWER 3

#endif /* CELL_H */
