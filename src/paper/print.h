/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PRINT_H
#define PRINT_H

#include <stddef.h>
#include <stdint.h>

#include "buf.h"
#include "paperwork.h"

struct photo;
struct _cairo_surface;

/* A rectangle, in points from the upper left. */
struct spot {
	double x, y, width, height;
};

#define PRINT_SPOTS 4

/* An SVG drawn by librsvg, with a logo on it: as a picture, a page, or grey dots. */
struct print {
	struct _RsvgHandle *svg;
	double width, height; /* points */
	const struct photo *logo;
	const struct spot *spots; /* where the logo goes; the caller's */
	unsigned nspots;
};

/* PAPER_OK or PAPER_BAD_TEMPLATE; print_close() takes it in any case. */
enum paper_code print_open(struct print *p, const struct buf *svg);
void print_close(struct print *p);
/*
 * Appended to out: PNG (transparent where nothing is drawn, with its resolution), SVG with letters
 * as outlines, or PDF of one page.  PAPER_OK, PAPER_BAD_TEMPLATE (it can't be drawn),
 * PAPER_TROUBLE.
 */
enum paper_code print_draw(
    struct buf *out, const struct print *p, enum paper_format format, uint32_t dpi);

/* Grey dots, row by row without gaps. */
struct dots {
	uint8_t *p; /* free() */
	unsigned width, height;
};
/* part: what of the sheet, on white; NULL: all of it. */
enum paper_code print_dots(
    struct dots *d, const struct print *p, const struct spot *part, uint32_t dpi);

/*
 * The same in two steps, for a picture that is looked at before it is given out: *out is an image
 * surface that print_forget() takes, NULL if not PAPER_OK; dpi is that of both.
 */
enum paper_code print_raster(struct _cairo_surface **out, const struct print *p, uint32_t dpi);
enum paper_code print_crop(
    struct dots *d, struct _cairo_surface *s, const struct spot *part, uint32_t dpi);
void print_forget(struct _cairo_surface *s); /* takes NULL */

#endif /* PRINT_H */
