/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef INK_H
#define INK_H

#include "canvas.h"
#include "paint.h"

/*
 * What a page says, as pixels that stand out from what is around them: letters,
 * lines, small parts of pictures; on white paper, on a scan's grey one and in a
 * coloured box alike.  A flat surface says nothing, however dark.
 */
struct ink {
	uint8_t *map;   /* of `at`, row by row: not 0 is ink */
	struct area at; /* what of the drawing was looked at */
	double page;    /* pixels of the whole drawing */
	size_t total;
};

/*
 * Whether a pixel is ink, and whether it belongs to what lies under an area beside it, is seen
 * in this many pixels around: no more of a page need be drawn.
 */
#define INK_AROUND 72

/* RC_OK or RC_NOMEM. */
enum rc ink_find(struct ink *k, const struct drawing *d);
/* Takes an empty one. */
void ink_clear(struct ink *k);

/*
 * What of it lies under these areas of its drawing, each pixel counted once: PAINT_COVER.
 * RC_OK, RC_NOMEM, or RC_FORMAT if an area lies outside of what was looked at.
 */
enum rc ink_cover(
    struct paint_answer *a, const struct ink *k, const struct area *areas, size_t n, double scale);

/*
 * How much of two drawings of one page differs outside of these areas of the first:
 * PAINT_DIFFER.  Pages of two sizes differ everywhere.  *where: around all that
 * differs.  RC_OK or RC_NOMEM.
 */
enum rc ink_differ(struct paint_answer *a, struct area *where, const struct drawing *before,
    const struct drawing *now, const struct area *areas, size_t n);

#endif /* INK_H */
