/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LEAF_H
#define LEAF_H

#include "canvas.h"
#include "print.h"

/*
 * Page n (1 = first) of a document as it is seen, in grey on white; dpi is lowered where the page
 * has more than CAP_PAPER_PIXELS.  *scale: dots a point.  RC_OK, RC_ABSENT, RC_TOOBIG (no page has
 * this size), RC_NOMEM, RC_IO.
 */
enum rc leaf_dots(struct dots *d, double *scale, const struct canvas *c, uint32_t n, uint32_t dpi);

#endif /* LEAF_H */
