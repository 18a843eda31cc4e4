/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PNG_H
#define PNG_H

#include <stdint.h>

#include "buf.h"

/*
 * A drawing as PNG (ISO/IEC 15948), eight bits of red, green, blue and alpha, with its resolution,
 * without which nobody knows how large it is.  Made for text and lines on nothing: in a quarter of
 * the time that it takes to try every filter on every row.
 */

struct _cairo_surface;

/* An image surface CAIRO_FORMAT_ARGB32, appended; ask buf_rc().  dpi: dots an inch. */
void png_write(struct buf *out, struct _cairo_surface *s, uint32_t dpi);

#endif /* PNG_H */
