/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Pages as a good scanner would give them, pictures as they are; and what Poppler takes for the
 * text of a page, in which ids are searched.
 */
#include <stdlib.h>
#include <string.h>

#include <poppler.h>

#include "caps.h"
#include "finder.h"
#include "idtext.h"
#include "leaf.h"
#include "photo.h"
#include "qrscan.h"

#define DPI 200

struct finder {
	struct paper_answer *a;
	struct buf *out;
	size_t from; /* in out, of this page */
	uint32_t page;
	unsigned count, thorough;
};

static bool
is_known(const struct finder *f, const struct paper_find *wanted)
{
	struct paper_octets rest = {f->out->p + f->from, f->out->len - f->from};
	struct paper_find e;

	while (paper_find_next(&rest, &e) == RC_OK)
		if (e.source == wanted->source && e.text.len == wanted->text.len &&
		    (e.text.len == 0 || memcmp(e.text.p, wanted->text.p, e.text.len) == 0))
			return true;
	return false;
}

static void
tell(struct finder *f, const struct paper_find *e)
{
	if (f->out->len > f->from && is_known(f, e))
		return;
	if (f->count >= CAP_PAPER_FINDS) {
		f->a->notes |= PAPER_NOTE_MORE;
		return;
	}
	f->count++;
	paper_find_encode(f->out, e);
}

static void
found_qr(void *ctx, const uint8_t *text, size_t len)
{
	struct finder *f = ctx;

	tell(f, &(struct paper_find){f->page, PAPER_FROM_QR, {text, len}});
}

static void
found_id(void *ctx, const char *id)
{
	struct finder *f = ctx;

	tell(f, &(struct paper_find){
		    f->page, PAPER_FROM_TEXT, {(const uint8_t *)id, CROCKFORD_ID_LEN}});
}

static void
read_text(struct finder *f, const struct canvas *c)
{
	PopplerPage *page = poppler_document_get_page(c->doc, (int)f->page - 1);
	char *text;
	size_t len;

	if (page == NULL)
		return;
	if ((text = poppler_page_get_text(page)) != NULL) {
		if ((len = strlen(text)) > CAP_PAPER_PAGE_TEXT) {
			len = CAP_PAPER_PAGE_TEXT;
			f->a->notes |= PAPER_NOTE_MORE;
		}
		idtext_find(text, len, found_id, f);
		g_free(text);
	}
	g_object_unref(page);
}

/* Thoroughly while there is time for it, and where letters are signed. */
static enum paper_code
look(struct finder *f, struct dots *d, bool last)
{
	unsigned before = f->count;
	enum rc rc;

	if (!last && f->thorough == CAP_PAPER_THOROUGH)
		rc = qrscan_look(d, found_qr, f);
	else {
		rc = qrscan_search(d, found_qr, f);
		f->thorough += f->count == before && !last;
	}
	return rc == RC_OK ? PAPER_OK : PAPER_TROUBLE;
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
		read_text(f, &c);
		/* A page that can't be drawn shows nobody a QR. */
		if (leaf_dots(&d, &scale, &c, f->page, DPI) == RC_OK)
			code = look(f, &d, f->page == last);
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
		a->code = look(&f, &d, true);
	free(d.p);
}
