/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PAINT_H
#define PAINT_H

#include <stdbool.h>
#include <stdint.h>

#include "rc.h"

/*
 * Questions to whoever can draw a document.  Who judges knows no drawing: it asks,
 * and takes an answer only for the worse.  A question and an answer are of fixed
 * size, so that they can cross a pipe as they are.
 */

#define PAINT_RECTS 64

enum paint_kind {
	PAINT_COVER, /* how much of the signed page lies under rects[0..nrects) */
	PAINT_DIFFER /* how much of the page differs outside of rects[0..nrects) */
};

struct paint_question {
	uint32_t kind;     /* enum paint_kind */
	uint32_t page;     /* 1 = first; of the signed revision and of the file alike */
	uint64_t end;      /* the signed revision is the document's first end octets */
	uint32_t nrects;   /* at most PAINT_RECTS */
	uint32_t pictures; /* PAINT_DIFFER: not 0: both pictures are wanted for the result page */
	double rects[PAINT_RECTS][4]; /* llx lly urx ury in the page's user space */
};

struct paint_answer {
	/*
	 * 0 to 1.  PAINT_COVER: share of the page's ink that lies under the
	 * rectangles.  PAINT_DIFFER: share of the page's area whose drawing differs.
	 */
	double ink;
	double area; /* PAINT_COVER: share of the page's area that they take */
	/* The same ink, or the area that differs, in square points: a letter of text has about 30.
	 */
	double points;
};

struct painter {
	/* RC_OK and *a; anything else: could not be drawn (time, memory, no such page). */
	enum rc (*ask)(void *ctx, const struct paint_question *q, struct paint_answer *a);
	void *ctx;
};

#endif /* PAINT_H */
