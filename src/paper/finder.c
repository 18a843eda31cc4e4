/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pages as a good scanner would give them; a picture as it is, then coarser: a photograph's grain
 * breaks edges that are clear from further away. */
#include <stdlib.h>
#include <string.h>

#include "caps.h"
#include "finder.h"
#include "leaf.h"
#include "photo.h"
#include "qrscan.h"

#define DPI      200
#define SMALLEST 200 /* dots a side: a code of version 5 has 45 modules */

struct finder {
	struct paper_answer *a;
	struct buf *out;
	size_t from; /* in out, of this page */
	uint32_t page;
	unsigned count, on_page;
};

static bool
is_known(const struct finder *f, const uint8_t *text, size_t len)
{
	struct paper_octets rest = {f->out->p + f->from, f->out->len - f->from};
	struct paper_find e;

	while (paper_find_next(&rest, &e) == RC_OK)
		if (e.text.len == len && (len == 0 || memcmp(e.text.p, text, len) == 0))
			return true;
	return false;
}

static void
found(void *ctx, const uint8_t *text, size_t len)
{
	struct finder *f = ctx;

	f->on_page++;
	if (f->out->len > f->from && is_known(f, text, len))
		return;
	if (f->count >= CAP_PAPER_FINDS) {
		f->a->notes |= PAPER_NOTE_MORE;
		return;
	}
	f->count++;
	paper_find_encode(f->out, &(struct paper_find){f->page, {text, len}});
}

/* Four dots become one, in place. */
static void
halve(struct dots *d)
{
	unsigned width = d->width / 2, height = d->height / 2, x, y;
	const uint8_t *at;

	for (y = 0; y < height; y++)
		for (x = 0; x < width; x++) {
			at = d->p + (size_t)2 * y * d->width + (size_t)2 * x;
			d->p[(size_t)y * width + x] =
			    (uint8_t)((at[0] + at[1] + at[d->width] + at[d->width + 1]) / 4);
		}
	d->width = width;
	d->height = height;
}

static enum paper_code
look(struct finder *f, struct dots *d)
{
	f->on_page = 0;
	for (;;) {
		if (qrscan_look(d, found, f) != RC_OK)
			return PAPER_TROUBLE;
		if (f->on_page > 0 || d->width < 2 * SMALLEST || d->height < 2 * SMALLEST)
			return PAPER_OK;
		halve(d);
	}
}

static enum paper_code
look_at_pages(struct finder *f, const struct paper_octets *o)
{
	enum paper_code code = PAPER_OK;
	struct canvas c;
	struct dots d;
	double scale;
	uint32_t last;

	if (canvas_open(&c, o->p, o->len, NULL) != RC_OK)
		return PAPER_NOT_READABLE;
	last = (uint32_t)c.pages;
	if (last > CAP_PAPER_SCANNED) {
		last = CAP_PAPER_SCANNED;
		f->a->notes |= PAPER_NOTE_MORE;
	}
	for (f->page = 1; code == PAPER_OK && f->page <= last; f->page++) {
		f->from = f->out->len;
		/* A page that can't be drawn shows nobody a QR. */
		if (leaf_dots(&d, &scale, &c, f->page, DPI) == RC_OK)
			code = look(f, &d);
		free(d.p);
	}
	canvas_close(&c);
	return code;
}

void
finder_do(struct paper_answer *a, struct buf *out, const struct paper_job *job)
{
	const struct paper_octets *o = &job->part[PAPER_DOCUMENT];
	struct finder f = {.a = a, .out = out, .page = 1};
	struct dots d;

	if (photo_kind(o) == PHOTO_NONE) {
		a->code = look_at_pages(&f, o);
		return;
	}
	if ((a->code = photo_dots(&d, o)) == PAPER_OK)
		a->code = look(&f, &d);
	free(d.p);
}
