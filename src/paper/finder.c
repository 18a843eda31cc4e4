/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pages as a good scanner would give them, pictures as they are. */
#include <stdlib.h>
#include <string.h>

#include "caps.h"
#include "finder.h"
#include "leaf.h"
#include "photo.h"
#include "qrscan.h"

#define DPI 200

struct finder {
	struct paper_answer *a;
	struct buf *out;
	size_t from; /* in out, of this page */
	uint32_t page;
	unsigned count;
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

	if (f->out->len > f->from && is_known(f, text, len))
		return;
	if (f->count >= CAP_PAPER_FINDS) {
		f->a->notes |= PAPER_NOTE_MORE;
		return;
	}
	f->count++;
	paper_find_encode(f->out, &(struct paper_find){f->page, PAPER_FROM_QR, {text, len}});
}

static enum paper_code
look(struct finder *f, struct dots *d)
{
	return qrscan_search(d, found, f) == RC_OK ? PAPER_OK : PAPER_TROUBLE;
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
