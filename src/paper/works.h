/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef WORKS_H
#define WORKS_H

#include "paperwork.h"

/*
 * What has to be in memory before this process is shut in: fonts, tables.  Once.  RC_OK; anything
 * else: nothing can be drawn.
 */
enum rc works_warm(void);
/* In a child of the warm process, before anything else: it has none of the parent's threads. */
void works_fork(void);
/*
 * One job, done.  What it made is in out, to which a->out points if a->code is PAPER_OK; else
 * a->out is empty.
 */
void works_do(struct paper_answer *a, struct buf *out, const struct paper_job *job);

#endif /* WORKS_H */
