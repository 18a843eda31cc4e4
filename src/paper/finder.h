/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FINDER_H
#define FINDER_H

#include "paperwork.h"

/*
 * PAPER_SCAN: appends to out the QRs of a PDF's first CAP_PAPER_SCANNED pages or of a picture, and
 * of a PDF the ids in the text of these pages (base/idtext.h), as paper_find_encode() writes them;
 * none is no error.  Each text of each source once a page.  Where QRs lead is not looked at here.
 */
void finder_do(struct paper_answer *a, struct buf *out, const struct paper_job *job);

#endif /* FINDER_H */
