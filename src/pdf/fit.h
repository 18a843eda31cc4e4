/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FIT_H
#define FIT_H

#include "walk.h"

/*
 * Whether what an annotation of the new view shows stays in its rectangle.  An appearance
 * is fitted into it (ISO 32000-2, 12.5.5, algorithm 8), but programs that find no inverse of
 * the matrix which that takes draw the appearance anywhere on the page.
 * rect: of the annotation, upright.  True if it has no appearance.
 */
bool fit_holds(struct walk *w, const struct obj *annot, const double rect[4]);

#endif /* FIT_H */
