/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Texts into a template, and the proof that its QR can be read. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "caps.h"
#include "footer.h"
#include "qr.h"
#include "qrscan.h"
#include "qrtext.h"
#include "stencil.h"

#define PROOF_DPI 200  /* what a copier scans with */
#define MODULE    2.88 /* points: 4 dots of a screen; of a QR alone */

/* http or https, then what RFC 3986 lets stand in an address. */
static bool
is_address(const char *s)
{
	size_t at = strncmp(s, "https://", 8) == 0 ? 8 : strncmp(s, "http://", 7) == 0 ? 7 : 0;

	return at > 0 && s[at] != '\0' && s[at] != '/' && strlen(s) <= CAP_PAPER_ADDRESS &&
	       s[strspn(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
			   "-._~:/?#[]@!$&'()*+,;=%")] == '\0';
}

/* Texts with a NUL behind them, in one block. */
static char *
take_texts(struct stencil *s, const struct paper_job *job)
{
	size_t all = 0, i;
	char *block, *at;

	for (i = PAPER_TITLE; i <= PAPER_ID; i++)
		all += job->part[i].len + 1;
	if ((block = at = malloc(all)) == NULL)
		return NULL;
	for (i = PAPER_TITLE; i <= PAPER_ID; i++) {
		s->text[i] = at;
		if (job->part[i].len > 0)
			memcpy(at, job->part[i].p, job->part[i].len);
		at[job->part[i].len] = '\0';
		at += job->part[i].len + 1;
	}
	return block;
}

static bool
has_nul(const struct paper_job *job, enum paper_part *which)
{
	int i;

	for (i = PAPER_TITLE; i <= PAPER_ID; i++) {
		*which = (enum paper_part)i;
		if (job->part[i].len > CAP_PAPER_TEXT ||
		    (job->part[i].len > 0 &&
			memchr(job->part[i].p, '\0', job->part[i].len) != NULL))
			return true;
	}
	return false;
}

static enum paper_code
draw(struct footer *f, struct stencil *s, const struct paper_job *job)
{
	enum paper_code code;

	print_forget(f->drawn);
	f->drawn = NULL;
	print_close(&f->print);
	buf_clear(&f->svg);
	if ((code = stencil_fill(&f->svg, s, &job->part[PAPER_TEMPLATE])) == PAPER_OK)
		code = print_open(&f->print, &f->svg);
	memcpy(f->spots, s->spots, sizeof(f->spots));
	f->print.logo = &f->logo;
	f->print.spots = f->spots;
	f->print.nspots = s->nspots;
	f->module = s->module;
	f->place = s->place;
	return code;
}

static enum paper_code
prove(struct footer *f, const char *qr, const struct paper_job *job)
{
	enum paper_code code;
	struct dots d = {.p = NULL};

	if (f->module <= 0)
		return PAPER_OK;
	if (job->kind == PAPER_STAMP || job->format != PAPER_PNG || job->dpi < PROOF_DPI ||
	    job->dpi > 2 * PROOF_DPI)
		code = print_dots(&d, &f->print, &f->place, PROOF_DPI);
	else if ((code = print_raster(&f->drawn, &f->print, job->dpi)) == PAPER_OK)
		code = print_crop(&d, f->drawn, &f->place, job->dpi);
	if (code == PAPER_OK && !qrscan_has(&d, qr))
		code = PAPER_QR_UNREADABLE;
	free(d.p);
	return code;
}

void
footer_make(struct footer *f, struct paper_answer *a, const struct paper_job *job)
{
	struct stencil s = {.logo = job->part[PAPER_LOGO].len > 0};
	char *block = NULL;

	memset(f, 0, sizeof(*f));
	buf_init(&f->svg, CAP_PAPER_SHEET);
	a->code = PAPER_BAD_TEXT;
	if (has_nul(job, &s.which))
		goto out;
	a->code = PAPER_TROUBLE;
	if ((block = take_texts(&s, job)) == NULL)
		goto out;
	if (job->part[PAPER_ADDRESS].len > 0 || job->kind != PAPER_SPECIMEN) {
		s.qr = s.text[PAPER_ADDRESS];
		a->code = PAPER_BAD_ADDRESS;
		if (!is_address(s.qr))
			goto out;
	}
	s.logo_in_qr = s.logo;
	a->code = s.logo ? photo_open(&f->logo, &job->part[PAPER_LOGO]) : PAPER_OK;
	if (a->code == PAPER_OK && (a->code = draw(f, &s, job)) == PAPER_OK && s.qr != NULL)
		a->code = prove(f, s.qr, job);
	if (a->code == PAPER_QR_UNREADABLE && s.logo_in_qr) {
		s.logo_in_qr = false;
		a->notes |= PAPER_NOTE_NO_LOGO;
		if ((a->code = draw(f, &s, job)) == PAPER_OK)
			a->code = prove(f, s.qr, job);
	}
out:
	if (a->code == PAPER_BAD_TEXT || a->code == PAPER_TOO_LONG)
		(void)snprintf(a->detail, sizeof(a->detail), "%s", paper_part_name(s.which));
	free(block);
}

/* Whole modules, so that nothing is left beside them. */
static enum paper_code
draw_lone(struct footer *f, const char *text)
{
	enum paper_code code;
	struct qr q;
	double side;

	if ((code = qr_make(&q, text)) == PAPER_OK) {
		side = q.modules * MODULE;
		buf_printf(&f->svg,
		    "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%.2fpt\" height=\"%.2fpt\" "
		    "viewBox=\"0 0 %.2f %.2f\">",
		    side, side, side, side);
		code = qr_draw(&f->svg, &q, 0, 0, side, NULL, &f->module);
		buf_str(&f->svg, "</svg>\n");
		f->place = (struct spot){0, 0, side, side};
	}
	qr_clear(&q);
	if (code == PAPER_OK && buf_rc(&f->svg) != RC_OK)
		code = PAPER_TROUBLE;
	return code == PAPER_OK ? print_open(&f->print, &f->svg) : code;
}

void
footer_qr(struct footer *f, struct paper_answer *a, const struct paper_job *job)
{
	const struct paper_octets *o = &job->part[PAPER_ADDRESS];
	char text[2 * CAP_PAPER_ADDRESS + 1];

	memset(f, 0, sizeof(*f));
	buf_init(&f->svg, CAP_PAPER_SHEET);
	a->code = PAPER_BAD_ADDRESS;
	if (o->len == 0 || o->len >= sizeof(text))
		return;
	memcpy(text, o->p, o->len);
	text[o->len] = '\0';
	a->code = PAPER_BAD_TEXT;
	if (strlen(text) != o->len || !stencil_text_ok(text))
		(void)snprintf(a->detail, sizeof(a->detail), "%s", paper_part_name(PAPER_ADDRESS));
	else if (job->format == PAPER_TEXT)
		a->code = qrtext_make(&f->svg, text);
	else if ((a->code = draw_lone(f, text)) == PAPER_OK)
		a->code = prove(f, text, job);
}

void
footer_clear(struct footer *f)
{
	print_forget(f->drawn);
	f->drawn = NULL;
	print_close(&f->print);
	photo_close(&f->logo);
	buf_clear(&f->svg);
	f->module = 0;
}
