/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CANVAS_H
#define CANVAS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "buf.h"
#include "rc.h"

/* Pages of a document as pixels: everything of Poppler and cairo is in this file. */

/* The document that these octets are; they stay the caller's and in place. */
struct canvas {
	struct _PopplerDocument *doc;
	int pages;
};

/* RC_OK; RC_FORMAT: Poppler can't read it (or not with this password). */
enum rc canvas_open(struct canvas *c, const uint8_t *p, size_t len, const char *password);
/* Takes a closed one. */
void canvas_close(struct canvas *c);

/* Pixels: from x0 up to but without x1. */
struct area {
	int x0, y0, x1, y1;
};

struct drawing {
	struct _cairo_surface *surface;
	const uint8_t *p; /* rows of stride octets: pixels of 32 bits, 0x00rrggbb */
	int width, height, stride;
	struct area drawn;      /* what of it is drawn; the rest means nothing */
	double scale;           /* pixels a point */
	double left, bottom;    /* of the crop box, in user space */
	double across, upwards; /* its size in points, before the page is turned */
	int turned;             /* clockwise: 0, 90, 180, 270 */
};

/* Where on a page something is to be looked at: rectangles of user space. */
struct places {
	const double (*rects)[4];
	size_t n;
	double grow; /* each one, by this many points on each side */
	int around;  /* pixels that are to be drawn around them */
};

/*
 * Page n (1 = first) with its annotations, on white, one pixel a point but at most side
 * pixels wide or high.  where: only the part of the page around these places, drawn as
 * the whole page would be; NULL: all of it.  RC_OK; RC_ABSENT: no such page; RC_TOOBIG:
 * no page has this size; RC_FORMAT: a place that is no rectangle; RC_IO: it could not be drawn.
 */
enum rc canvas_draw(
    struct drawing *d, const struct canvas *c, uint32_t n, int side, const struct places *where);
/* Takes an empty one. */
void drawing_clear(struct drawing *d);

/*
 * Where a rectangle of user space (any two corners), grown by `by` points on each
 * side, falls; empty (x0 == x1) where that is nowhere on the page.  False if
 * it is no rectangle at all.
 */
bool drawing_area(const struct drawing *d, const double rect[4], double by, struct area *out);

/* What must be drawn for these places; false if one is no rectangle at all. */
bool drawing_around(const struct drawing *d, const struct places *where, struct area *out);

/* Append it as a PNG; RC_OK, RC_IO, or what buf_rc() says.  mark: a frame around it, or NULL. */
enum rc drawing_png(struct drawing *d, const struct area *mark, struct buf *out);

#endif /* CANVAS_H */
