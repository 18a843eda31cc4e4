/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Ink is found by closing and opening (mathematical morphology): the first fills
 * whatever is thin and dark with what surrounds it, the second whatever is thin
 * and light.  The difference to the drawing is what stood out.
 */
#include <stdlib.h>
#include <string.h>

#include "ink.h"

#define REACH    12 /* pixels: strokes narrower than this are ink, of letters up to 100 points */
#define CONTRAST 60 /* of 255: grey text has 100 and more, a watermark or paper 40 and less */
#define STEP     32 /* of 255: one engine draws the same thing the same way, up to rounding */

/* Ruled lines, also dotted ones, say nothing: */
#define RULE_LONG  40 /* pixels at least */
#define RULE_THICK 3  /* at most */
#define RULE_GAP   4  /* between two dots */

/* What stands in one line with what is covered belongs to it: a digit of an amount. */
#define BESIDE 8.0 /* points */

/* One colour of a drawing with a frame of REACH pixels, in two copies to work on. */
struct plane {
	uint8_t *v, *w;
	size_t width, height, len; /* with the frame */
};

static void
smallest(uint8_t *restrict out, const uint8_t *a, const uint8_t *b, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		out[i] = a[i] < b[i] ? a[i] : b[i];
}

static void
largest(uint8_t *restrict out, const uint8_t *a, const uint8_t *b, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		out[i] = a[i] > b[i] ? a[i] : b[i];
}

/*
 * Each pixel becomes the extreme of itself and the REACH that follow at this distance from
 * each other: 2, 4, 8, then 13 of them.
 */
static void
spread(struct plane *p, size_t distance, bool max)
{
	static const size_t shifts[] = {1, 2, 4, REACH - 7};
	uint8_t *t;
	size_t i, by;

	for (i = 0; i < sizeof(shifts) / sizeof(shifts[0]); i++) {
		by = shifts[i] * distance;
		(max ? largest : smallest)(p->w, p->v, p->v + by, p->len - by);
		memcpy(p->w + p->len - by, p->v + p->len - by, by);
		t = p->v;
		p->v = p->w;
		p->w = t;
	}
}

/* The first pixel of a row of what is drawn. */
static const uint8_t *
row_of(const struct drawing *d, int y)
{
	return d->p + (size_t)(d->drawn.y0 + y) * (size_t)d->stride +
	       (size_t)d->drawn.x0 * sizeof(uint32_t);
}

/* Colour `shift` of what is drawn; the frame repeats its edge. */
static void
load(struct plane *p, const struct drawing *d, unsigned shift)
{
	const size_t width = p->width - 2 * REACH, height = p->height - 2 * REACH;
	const uint8_t *row;
	uint8_t *out;
	size_t x, y;

	for (y = 0; y < height; y++) {
		row = row_of(d, (int)y) + shift / 8;
		out = p->v + (y + REACH) * p->width;
		for (x = 0; x < width; x++)
			out[REACH + x] = row[x * sizeof(uint32_t)];
		memset(out, out[REACH], REACH);
		memset(out + REACH + width, out[REACH + width - 1], REACH);
	}
	for (y = 0; y < REACH; y++) {
		memcpy(p->v + y * p->width, p->v + REACH * p->width, p->width);
		memcpy(p->v + (p->height - 1 - y) * p->width,
		    p->v + (p->height - 1 - REACH) * p->width, p->width);
	}
}

/* Most letters: then one colour tells all. */
static bool
is_grey(const struct drawing *d)
{
	const uint8_t *row;
	uint32_t p, other = 0;
	int x, y;

	for (y = 0; y < d->drawn.y1 - d->drawn.y0 && other == 0; y++) {
		row = row_of(d, y);
		for (x = 0; x < d->drawn.x1 - d->drawn.x0; x++) {
			memcpy(&p, row + (size_t)x * sizeof(p), sizeof(p));
			other |= ((p >> 8) ^ p) & 0xffff;
		}
	}
	return other == 0;
}

/* Marks what a closing (dark) or an opening changes much. */
static void
mark(struct ink *k, struct plane *p, const struct drawing *d, unsigned shift, bool dark)
{
	const size_t width = p->width - 2 * REACH, height = p->height - 2 * REACH;
	const uint8_t *row, *fill;
	uint8_t *out = k->map;
	size_t x, y;

	load(p, d, shift);
	spread(p, 1, dark);
	spread(p, p->width, dark);
	spread(p, 1, !dark);
	spread(p, p->width, !dark);
	/* Both windows look ahead, so that the result lies REACH before. */
	for (y = 0; y < height; y++, out += width) {
		row = row_of(d, (int)y) + shift / 8;
		fill = p->v + y * p->width;
		for (x = 0; x < width; x++)
			out[x] |= abs(row[x * sizeof(uint32_t)] - fill[x]) >= CONTRAST;
	}
}

/* A map seen along or across: `rows` lines of n pixels. */
struct weave {
	uint8_t *map;
	size_t n, rows, step, row; /* from pixel to pixel, from line to line */
};

/* Thickness of the ink at pixel x of line y, measured across; at most one more than a rule's. */
static unsigned
thickness(const struct weave *w, size_t x, size_t y)
{
	const uint8_t *at = w->map + x * w->step;
	size_t up = y, down = y;

	while (up > 0 && y - up <= RULE_THICK && at[(up - 1) * w->row] != 0)
		up--;
	while (down + 1 < w->rows && down - y <= RULE_THICK && at[(down + 1) * w->row] != 0)
		down++;
	return (unsigned)(down - up + 1);
}

/* Thin pixels of one line that follow each other closely and far: 2, to be taken away later. */
static void
mark_rules(const struct weave *w, size_t y)
{
	size_t x, first = 0, last = 0, i;
	bool open = false;

	for (x = 0; x <= w->n; x++) {
		if (x < w->n &&
		    (w->map[x * w->step + y * w->row] == 0 || thickness(w, x, y) > RULE_THICK))
			continue;
		if (open && (x == w->n || x - last > RULE_GAP)) {
			for (i = first; i <= last && last - first >= RULE_LONG; i++)
				if (w->map[i * w->step + y * w->row] != 0 &&
				    thickness(w, i, y) <= RULE_THICK)
					w->map[i * w->step + y * w->row] = 2;
			open = false;
		}
		if (!open)
			first = x;
		open = true;
		last = x;
	}
}

static size_t
width_of(const struct ink *k)
{
	return (size_t)(k->at.x1 - k->at.x0);
}

static size_t
height_of(const struct ink *k)
{
	return (size_t)(k->at.y1 - k->at.y0);
}

static void
drop_rules(struct ink *k)
{
	const size_t width = width_of(k), height = height_of(k);
	const struct weave ways[] = {
	    {k->map, width, height, 1, width}, {k->map, height, width, width, 1}};
	size_t i, y;

	for (i = 0; i < sizeof(ways) / sizeof(ways[0]); i++)
		for (y = 0; y < ways[i].rows; y++)
			mark_rules(&ways[i], y);
	for (i = 0; i < width * height; i++)
		k->map[i] &= 1;
}

enum rc
ink_find(struct ink *k, const struct drawing *d)
{
	struct plane p;
	uint8_t *v, *w;
	unsigned shift, colours = is_grey(d) ? 8 : 24;
	size_t i, n;

	*k = (struct ink){.at = d->drawn, .page = (double)d->width * d->height};
	n = width_of(k) * height_of(k);
	p.width = width_of(k) + 2 * REACH;
	p.height = height_of(k) + 2 * REACH;
	p.len = p.width * p.height;
	v = p.v = malloc(p.len);
	w = p.w = malloc(p.len);
	k->map = calloc(1, n);
	if (v == NULL || w == NULL || k->map == NULL) {
		free(v);
		free(w);
		ink_clear(k);
		return RC_NOMEM;
	}
	for (shift = 0; shift < colours; shift += 8) {
		mark(k, &p, d, shift, true);
		mark(k, &p, d, shift, false);
	}
	drop_rules(k);
	for (i = 0; i < n; i++)
		k->total += k->map[i];
	free(v);
	free(w);
	return RC_OK;
}

void
ink_clear(struct ink *k)
{
	free(k->map);
	memset(k, 0, sizeof(*k));
}

/* width * height octets, 1 inside of the areas; NULL without memory. */
static uint8_t *
mask_of(const struct area *areas, size_t n, int width, int height)
{
	uint8_t *mask = calloc((size_t)width, (size_t)height);
	size_t i;
	int y;

	for (i = 0; mask != NULL && i < n; i++)
		for (y = areas[i].y0; y < areas[i].y1; y++)
			memset(mask + (size_t)y * (size_t)width + areas[i].x0, 1,
			    (size_t)(areas[i].x1 - areas[i].x0));
	return mask;
}

/* In rows that have covered ink, what is close beside the area: 2. */
static void
mark_beside(uint8_t *mask, const struct ink *k, const struct area *a, int reach)
{
	const int width = k->at.x1 - k->at.x0;
	int x, y, from = a->x0 > reach ? a->x0 - reach : 0;
	int to = width - a->x1 > reach ? a->x1 + reach : width;
	size_t row;

	for (y = a->y0; y < a->y1; y++) {
		row = (size_t)y * (size_t)width;
		if (memchr(k->map + row + a->x0, 1, (size_t)(a->x1 - a->x0)) == NULL)
			continue;
		for (x = from; x < to; x++)
			mask[row + (size_t)x] |= 2;
	}
}

/* From pixels of the drawing to those of the map. */
static enum rc
move_areas(struct area *out, const struct ink *k, const struct area *areas, size_t n)
{
	const struct area *a;
	size_t i;

	for (i = 0; i < n; i++) {
		a = &areas[i];
		memset(&out[i], 0, sizeof(out[i]));
		if (a->x0 == a->x1)
			continue;
		if (a->x0 < k->at.x0 || a->x1 > k->at.x1 || a->y0 < k->at.y0 || a->y1 > k->at.y1)
			return RC_FORMAT;
		out[i] = (struct area){
		    a->x0 - k->at.x0, a->y0 - k->at.y0, a->x1 - k->at.x0, a->y1 - k->at.y0};
	}
	return RC_OK;
}

enum rc
ink_cover(
    struct paint_answer *a, const struct ink *k, const struct area *areas, size_t n, double scale)
{
	size_t i, from = width_of(k) * height_of(k), to = 0, under = 0, beside = 0, taken = 0;
	struct area here[PAINT_RECTS];
	uint8_t *mask;
	enum rc rc;

	memset(a, 0, sizeof(*a));
	if (n > PAINT_RECTS)
		return RC_FORMAT;
	if ((rc = move_areas(here, k, areas, n)) != RC_OK)
		return rc;
	if ((mask = mask_of(here, n, k->at.x1 - k->at.x0, k->at.y1 - k->at.y0)) == NULL)
		return RC_NOMEM;
	for (i = 0; i < n; i++) {
		mark_beside(mask, k, &here[i], (int)(BESIDE * scale));
		if ((size_t)here[i].y0 * width_of(k) < from)
			from = (size_t)here[i].y0 * width_of(k);
		if ((size_t)here[i].y1 * width_of(k) > to)
			to = (size_t)here[i].y1 * width_of(k);
	}
	for (i = from; i < to; i++) {
		taken += mask[i] & 1;
		under += mask[i] & 1 & k->map[i];
		beside += mask[i] == 2 && k->map[i] != 0;
	}
	free(mask);
	a->ink = k->total == 0 ? 0 : (double)under / (double)k->total;
	a->area = (double)taken / k->page;
	a->points = (double)(under + beside) / (scale * scale);
	return RC_OK;
}

static bool
differs(uint32_t a, uint32_t b)
{
	unsigned shift;

	for (shift = 0; shift < 24; shift += 8)
		if (abs((int)(a >> shift & 0xff) - (int)(b >> shift & 0xff)) >= STEP)
			return true;
	return false;
}

static void
widen(struct area *w, int x, int y)
{
	if (w->x0 == w->x1)
		*w = (struct area){x, y, x + 1, y + 1};
	w->x0 = x < w->x0 ? x : w->x0;
	w->x1 = x >= w->x1 ? x + 1 : w->x1;
	w->y0 = y < w->y0 ? y : w->y0;
	w->y1 = y >= w->y1 ? y + 1 : w->y1;
}

enum rc
ink_differ(struct paint_answer *a, struct area *where, const struct drawing *before,
    const struct drawing *now, const struct area *areas, size_t n)
{
	size_t count = 0, len = (size_t)before->width * (size_t)before->height;
	uint8_t *mask;
	int x, y;

	memset(a, 0, sizeof(*a));
	memset(where, 0, sizeof(*where));
	if (before->width != now->width || before->height != now->height) {
		a->ink = 1;
		a->points = (double)len / (before->scale * before->scale);
		return RC_OK;
	}
	if ((mask = mask_of(areas, n, before->width, before->height)) == NULL)
		return RC_NOMEM;
	for (y = 0; y < before->height; y++)
		for (x = 0; x < before->width; x++) {
			uint32_t p, q;

			memcpy(
			    &p, before->p + (size_t)y * (size_t)before->stride + (size_t)x * 4, 4);
			memcpy(&q, now->p + (size_t)y * (size_t)now->stride + (size_t)x * 4, 4);
			if (mask[(size_t)y * (size_t)before->width + (size_t)x] == 0 &&
			    differs(p, q)) {
				count++;
				widen(where, x, y);
			}
		}
	free(mask);
	a->ink = (double)count / (double)len;
	a->points = (double)count / (before->scale * before->scale);
	return RC_OK;
}
