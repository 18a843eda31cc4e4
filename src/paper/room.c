/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Paper is what most of the page's lower part is, if it is light; what differs from it is not
 * written on, whatever it is.  Sums over rectangles cost four look-ups.
 */
#include <math.h>
#include <stdlib.h>

#include "room.h"

#define EDGE    14 /* points that many printers leave white */
#define HIGHEST 60 /* where a footer may begin: a margin, not the middle of a page */
#define GAP     4  /* to whatever is printed there */
#define STEP    0.05
#define LIGHT   200 /* grey that is paper */
#define ALIKE   16  /* a scanner's noise */
#define AROUND  2   /* points: edges are smoothed */

struct map {
	uint32_t *sums; /* (width + 1) * (rows + 1): dots that are not paper, above and left */
	unsigned width, rows, top;
};

static int
paper_of(const struct dots *d, unsigned top)
{
	size_t count[256] = {0}, i, most = 255;

	for (i = (size_t)top * d->width; i < (size_t)d->height * d->width; i++)
		count[d->p[i]]++;
	for (i = 0; i < 256; i++)
		if (count[i] > count[most])
			most = i;
	return (int)most;
}

static bool
make_map(struct map *m, const struct dots *d, unsigned rows)
{
	unsigned x, y;
	uint32_t row, *above, *here;
	int paper;

	m->width = d->width;
	m->rows = rows < d->height ? rows : d->height;
	m->top = d->height - m->rows;
	if ((paper = paper_of(d, m->top)) < LIGHT)
		return false;
	m->sums = calloc((size_t)(m->width + 1) * (m->rows + 1), sizeof(*m->sums));
	if (m->sums == NULL)
		return false;
	for (y = 0; y < m->rows; y++) {
		above = m->sums + (size_t)y * (m->width + 1);
		here = above + m->width + 1;
		row = 0;
		for (x = 0; x < m->width; x++) {
			row += abs(d->p[(size_t)(m->top + y) * d->width + x] - paper) > ALIKE;
			here[x + 1] = above[x + 1] + row;
		}
	}
	return true;
}

/* Clipped to what there is. */
static bool
is_free(const struct map *m, double left, double upper, double right, double lower)
{
	size_t x0 = (size_t)fmax(0, floor(left)), y0 = (size_t)fmax(0, floor(upper) - m->top);
	size_t x1 = (size_t)fmin(m->width, ceil(right));
	size_t y1 = (size_t)fmin(m->rows, ceil(lower) - m->top), n = m->width + 1;

	return m->sums[y1 * n + x1] - m->sums[y0 * n + x1] - m->sums[y1 * n + x0] +
		   m->sums[y0 * n + x0] ==
	       0;
}

bool
room_find(struct room *r, const struct dots *page, double width, double height, double least)
{
	struct map m = {.sums = NULL};
	bool found = false;
	double w, h, lower;
	int step, y;

	if (page->height < 2 * (HIGHEST + height) ||
	    !make_map(&m, page, (unsigned)(HIGHEST + height + 2 * GAP)))
		goto out;
	for (step = 0; !found && 1 - step * STEP >= least - 1e-6; step++) {
		r->scale = 1 - step * STEP;
		w = width * r->scale;
		h = height * r->scale;
		r->x = (page->width - w) / 2;
		if (r->x < EDGE)
			continue;
		for (y = EDGE; !found && y <= HIGHEST; y++) {
			r->y = y;
			lower = (double)page->height - y;
			found =
			    is_free(&m, r->x - GAP, lower - h - GAP, r->x + w + GAP, lower + GAP);
		}
	}
out:
	free(m.sums);
	return found;
}

bool
room_only_there(const struct room *r, const struct dots *before, const struct dots *now,
    const struct dots *footer)
{
	double w = footer->width * r->scale, h = footer->height * r->scale;
	double left = r->x - AROUND, right = r->x + w + AROUND, lower = now->height - r->y + AROUND;
	double upper = lower - h - 2 * AROUND, dark = 0, wanted = 0;
	size_t x, y, i;

	if (before->width != now->width || before->height != now->height)
		return false;
	for (y = 0; y < now->height; y++)
		for (x = 0; x < now->width; x++) {
			i = y * now->width + x;
			if ((double)x >= left && (double)x < right && (double)y >= upper &&
			    (double)y < lower)
				dark += before->p[i] - now->p[i];
			else if (before->p[i] != now->p[i])
				return false;
		}
	for (i = 0; i < (size_t)footer->width * footer->height; i++)
		wanted += 255 - footer->p[i];
	wanted *= r->scale * r->scale;
	return dark > wanted * 0.75 && dark < wanted * 1.25;
}
