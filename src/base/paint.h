/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PAINT_H
#define PAINT_H

#include <stdbool.h>
#include <stdint.h>

#include "caps.h"
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

#define PAINT_NO_ANSWER (-1.0) /* as ink: this page could not be drawn */

struct paint_answer {
	/*
	 * 0 to 1.  PAINT_COVER: of the ink around the rectangles, the share that lies under
	 * them.  PAINT_DIFFER: share of the page's area whose drawing differs.
	 */
	double ink;
	double area; /* PAINT_COVER: share of the page's area that they take */
	/*
	 * In square points: the area that differs; or the ink under the rectangles with
	 * what stands close beside it in the same line.  A letter of text has about 40.
	 */
	double points;
};

struct painter {
	/* RC_OK and *a; anything else: could not be drawn (time, memory, no such page). */
	enum rc (*ask)(void *ctx, const struct paint_question *q, struct paint_answer *a);
	void *ctx;
};

/*
 * How a drawer is asked for: one message on the socket that `periksa-draw` has as its
 * descriptor PAINT_JOBS, with two or three descriptors: the stream of questions
 * and answers, the document, and, if pictures are wanted, an empty memory file
 * for them (album.h).  The process that draws lives for this document only, at
 * most for CAP_DRAW_SECONDS (with pictures CAP_DRAW_PICTURES_SECONDS).
 */
#define PAINT_JOBS 3

struct paint_job {
	uint64_t off, len; /* where in the descriptor the document is */
	uint32_t password_len;
	uint8_t password[CAP_PASSWORD + 1]; /* a multiple of four */
};

#endif /* PAINT_H */
