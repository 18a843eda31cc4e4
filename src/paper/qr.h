/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QR_H
#define QR_H

#include <stddef.h>

#include "buf.h"
#include "paperwork.h"
#include "print.h"

/* A QR (ISO/IEC 18004) as the path of an SVG: level Q, the smallest version that holds it. */

#define QR_QUIET 4 /* modules around it that stay white: 5.3.8 */

struct qr {
	void *code;  /* the library's */
	int modules; /* a side, with the quiet zone */
};

/* PAPER_OK, PAPER_BAD_ADDRESS or PAPER_TROUBLE; qr_clear() takes it in any case. */
enum paper_code qr_make(struct qr *q, const char *text);
void qr_clear(struct qr *q);
/*
 * Into the square of `side` points, as large as whole dots of a printer of 300 dpi allow.  *middle:
 * NULL, or it is left white there, and *middle says where.  *module: a module's side in points.
 * PAPER_OK, or PAPER_BAD_ADDRESS: a module would be smaller than a dot.
 */
enum paper_code qr_draw(struct buf *svg, const struct qr *q, double x, double y, double side,
    struct spot *middle, double *module);

#endif /* QR_H */
