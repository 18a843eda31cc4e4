/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef VISUAL_H
#define VISUAL_H

#include "arena.h"
#include "paint.h"
#include "pdf.h"
#include "report.h"

/*
 * What a painter's answers mean for later changes.  They only ever worsen: a
 * change may rise in level, none is lowered or dropped, and no answer counts as
 * a bad one.  Thresholds: CAP_COVER_… and CAP_DIFFER_… in caps.h.
 */

/*
 * Does something that was put on a page later cover what the signed page says?
 * Asks PAINT_COVER once for each page of sig with a change that may_cover, and
 * raises those that cover (all of the page, without an answer) to kind COVERED,
 * level PDF_MOD_ANNOTATIONS at least; sig's modification and the order of its
 * changes follow.  Nothing is asked, and nothing costs, without such a change.
 * painter: NULL if nobody can draw.
 * before: an older signature of the document for which this was done already, or
 * NULL: what it learned is not asked again.
 */
void visual_covers(
    const struct painter *painter, struct pdf_sig *sig, const struct pdf_sig *before);

/*
 * Does a page look different from what sig signed, outside of the places of the
 * changes that are known?  Asks PAINT_DIFFER for at most CAP_DIFFER_PAGES of
 * the document's pages, those with a change first, with `pictures` set.  A page
 * that differs is in out->pages (in the report's arena).  Where no known change
 * explains it, sig gets a change DRAWN_DIFFERENTLY of level PDF_MOD_OTHER.
 *
 * For the oldest signature whose revision is not the whole file: what later
 * signers saw lies in between.  out->status: NOT_COMPARED without a painter
 * or for a signature of the whole file, UNKNOWN where a page had no answer and
 * none differs.  work: memory for sig's changes.  RC_OK, or RC_NOMEM with *out
 * VISUAL_UNKNOWN.
 */
enum rc visual_compare(struct report_visual *out, struct arena *report, struct arena *work,
    const struct painter *painter, struct pdf_sig *sig, uint32_t pages);

#endif /* VISUAL_H */
