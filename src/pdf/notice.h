/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NOTICE_H
#define NOTICE_H

#include "pdf.h"

struct doc;

/*
 * What a signed document holds besides what it shows (notices.def): told with
 * its place, never a finding and never a verdict.
 */

/*
 * Add one notice to out->notices, each kind and place once, at most
 * CAP_NOTICES and of one kind CAP_NOTICE_KIND: what finds no room is dropped.
 * path, if any, is copied; it must be printable ASCII.  Memory is the
 * survey's arena.  RC_OK, RC_NOMEM.
 */
enum rc notice_add(struct pdf_survey *out, struct arena *arena, const struct pdf_notice *n);

/*
 * Look at the newest view of d, and at what d's sections hold and that view
 * does not reach; notices go to out.  The last reader of d: it may only be
 * cleared afterwards.  What does not read is passed over, and findings that
 * this adds to d are nobody's.  RC_OK, RC_NOMEM.
 */
enum rc notice_list(struct doc *d, struct pdf_survey *out);

/* By revision, object and kind. */
void notice_sort(struct pdf_survey *out);

#endif /* NOTICE_H */
