/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef STAMP_H
#define STAMP_H

#include "paperwork.h"

/*
 * PAPER_STAMP: the footer of a job on pages of its PDF, whose own content streams stay as they
 * are, octet for octet.  The footer is an artifact (ISO 32000-2, 14.8.2.2), not part of what a
 * tagged document says.  Afterwards each stamped page is drawn again and compared.  a->detail: the
 * pages that NO_ROOM or DISTURBED are about.
 */
void stamp_do(struct paper_answer *a, struct buf *out, const struct paper_job *job);

#endif /* STAMP_H */
