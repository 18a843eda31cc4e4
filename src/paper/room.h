/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ROOM_H
#define ROOM_H

#include <stdbool.h>

#include "print.h"

/* Free paper at the bottom of a page that was drawn with one dot a point. */

struct room {
	double x, y;  /* of its lower left corner, from that of the page as it is seen */
	double scale; /* of the footer */
};

/*
 * Where a footer of this size can stand in the bottom margin: as large as possible, then as low,
 * in the middle of the page; `least` is the smallest scale.  False: nowhere.
 */
bool room_find(struct room *r, const struct dots *page, double width, double height, double least);

/*
 * Whether the two drawings of a page are alike outside of the footer, and the footer is there:
 * about as dark as it is alone, in `footer`, likewise drawn.
 */
bool room_only_there(const struct room *r, const struct dots *before, const struct dots *now,
    const struct dots *footer);

#endif /* ROOM_H */
