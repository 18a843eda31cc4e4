/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A job to whoever does its kind. */
#include <string.h>

#include <pango/pangocairo.h>

#include "caps.h"
#include "finder.h"
#include "fonts.h"
#include "footer.h"
#include "photo.h"
#include "png.h"
#include "qrscan.h"
#include "stamp.h"
#include "works.h"

/* A drawing with letters in it, so that fonts are found and their tables read. */
static const char first[] =
    "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"90pt\" height=\"60pt\" viewBox=\"0 0 90 "
    "60\">"
    "<rect id=\"title\" y=\"0\" width=\"90\" height=\"20\"/>"
    "<rect id=\"name\" y=\"20\" width=\"90\" height=\"20\" font-weight=\"bold\"/></svg>";

enum rc
works_warm(void)
{
	static const char word[] = "Periksa";
	struct paper_job job = {.kind = PAPER_SPECIMEN, .format = PAPER_PNG, .dpi = 72};
	struct paper_answer a;
	struct buf out;
	enum rc rc;

	(void)fonts_load();
	qrscan_warm();
	photo_warm();
	job.part[PAPER_TEMPLATE] = (struct paper_octets){(const uint8_t *)first, sizeof(first) - 1};
	job.part[PAPER_TITLE] = job.part[PAPER_NAME] =
	    (struct paper_octets){(const uint8_t *)word, sizeof(word) - 1};
	buf_init(&out, CAP_PAPER_OUT);
	works_do(&a, &out, &job);
	rc = a.code == PAPER_OK ? RC_OK : RC_FORMAT;
	buf_clear(&out);
	return rc;
}

/* Pango's thread, which looks for fonts, belongs to its map of fonts: a new one has its own. */
void
works_fork(void)
{
	pango_cairo_font_map_set_default(NULL);
}

static void
picture(struct paper_answer *a, struct buf *out, const struct paper_job *job)
{
	struct footer f;

	/* A QR alone is for screens, and nothing else is for terminals. */
	if ((job->format == PAPER_PNG && (job->dpi < 72 || job->dpi > 1200)) ||
	    job->format == (job->kind == PAPER_QR ? PAPER_PDF : PAPER_TEXT)) {
		a->code = PAPER_BAD_JOB;
		return;
	}
	if (job->kind == PAPER_QR)
		footer_qr(&f, a, job);
	else
		footer_make(&f, a, job);
	if (a->code == PAPER_OK && f.drawn != NULL)
		png_write(out, f.drawn, job->dpi);
	else if (a->code == PAPER_OK && job->kind == PAPER_QR && job->format != PAPER_PNG)
		buf_put(out, f.svg.p, f.svg.len);
	else if (a->code == PAPER_OK)
		a->code = print_draw(out, &f.print, job->format, job->dpi);
	footer_clear(&f);
}

void
works_do(struct paper_answer *a, struct buf *out, const struct paper_job *job)
{
	memset(a, 0, sizeof(*a));
	a->code = PAPER_BAD_JOB;
	if (job->kind == PAPER_SPECIMEN || job->kind == PAPER_FOOTER || job->kind == PAPER_QR)
		picture(a, out, job);
	else if (job->kind == PAPER_STAMP)
		stamp_do(a, out, job);
	else if (job->kind == PAPER_SCAN)
		finder_do(a, out, job);
	if (a->code == PAPER_OK && buf_rc(out) != RC_OK)
		a->code = PAPER_TROUBLE;
	if (a->code == PAPER_OK)
		a->out = (struct paper_octets){out->p, out->len};
}
