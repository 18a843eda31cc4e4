/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One user unit of a template is a point, whatever a screen has. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <cairo-pdf.h>
#include <cairo-svg.h>
#include <librsvg/rsvg.h>

#include "caps.h"
#include "photo.h"
#include "png.h"
#include "print.h"

#define SIDE 5000.0 /* points */

enum paper_code
print_open(struct print *p, const struct buf *svg)
{
	memset(p, 0, sizeof(*p));
	p->svg = rsvg_handle_new_from_data(svg->p, svg->len, NULL);
	if (p->svg == NULL)
		return PAPER_BAD_TEMPLATE;
	rsvg_handle_set_dpi(p->svg, 72);
	if (!rsvg_handle_get_intrinsic_size_in_pixels(p->svg, &p->width, &p->height) ||
	    !(p->width >= 1 && p->width <= SIDE && p->height >= 1 && p->height <= SIDE))
		return PAPER_BAD_TEMPLATE;
	return PAPER_OK;
}

void
print_close(struct print *p)
{
	if (p->svg != NULL)
		g_object_unref(p->svg);
	memset(p, 0, sizeof(*p));
}

static enum paper_code
render(cairo_surface_t *surface, const struct print *p, const struct spot *part, double scale)
{
	const RsvgRectangle all = {0, 0, p->width, p->height};
	cairo_t *cr = cairo_create(surface);
	enum paper_code code = PAPER_OK;
	unsigned i;

	cairo_scale(cr, scale, scale);
	cairo_translate(cr, -part->x, -part->y);
	if (!rsvg_handle_render_document(p->svg, cr, &all, NULL))
		code = PAPER_BAD_TEMPLATE;
	for (i = 0; i < p->nspots && code == PAPER_OK; i++)
		if (!photo_draw(p->logo, cr, &p->spots[i]))
			code = PAPER_BAD_LOGO;
	if (code == PAPER_OK && cairo_status(cr) != CAIRO_STATUS_SUCCESS)
		code = PAPER_TROUBLE;
	cairo_destroy(cr);
	return code;
}

static cairo_status_t
append(void *ctx, const unsigned char *p, unsigned len)
{
	buf_put(ctx, p, len);
	return CAIRO_STATUS_SUCCESS;
}

static enum paper_code
raster(cairo_surface_t **out, const struct print *p, const struct spot *part, uint32_t dpi)
{
	double scale = dpi / 72.0;
	double width = ceil(part->width * scale - 0.01), height = ceil(part->height * scale - 0.01);
	enum paper_code code;

	*out = NULL;
	if (!(width >= 1 && height >= 1 && width * height <= CAP_PAPER_PIXELS))
		return PAPER_BAD_TEMPLATE;
	*out = cairo_image_surface_create(CAIRO_FORMAT_ARGB32, (int)width, (int)height);
	if ((code = render(*out, p, part, scale)) == PAPER_OK)
		cairo_surface_flush(*out);
	else {
		cairo_surface_destroy(*out);
		*out = NULL;
	}
	return code;
}

enum paper_code
print_raster(struct _cairo_surface **out, const struct print *p, uint32_t dpi)
{
	return raster(out, p, &(struct spot){0, 0, p->width, p->height}, dpi);
}

void
print_forget(struct _cairo_surface *s)
{
	if (s != NULL)
		cairo_surface_destroy(s);
}

static enum paper_code
draw_png(struct buf *out, const struct print *p, uint32_t dpi)
{
	cairo_surface_t *surface;
	enum paper_code code = print_raster(&surface, p, dpi);

	if (code == PAPER_OK)
		png_write(out, surface, dpi);
	print_forget(surface);
	return code;
}

enum paper_code
print_draw(struct buf *out, const struct print *p, enum paper_format format, uint32_t dpi)
{
	const struct spot all = {0, 0, p->width, p->height};
	cairo_surface_t *surface;
	enum paper_code code;

	if (format == PAPER_PNG)
		code = draw_png(out, p, dpi);
	else {
		if (format == PAPER_SVG)
			surface =
			    cairo_svg_surface_create_for_stream(append, out, p->width, p->height);
		else {
			surface =
			    cairo_pdf_surface_create_for_stream(append, out, p->width, p->height);
			/* The same words, the same octets: a page made twice is one page. */
			cairo_pdf_surface_set_metadata(
			    surface, CAIRO_PDF_METADATA_CREATE_DATE, "2000-01-01T00:00:00Z");
		}
		code = render(surface, p, &all, 1);
		cairo_surface_finish(surface);
		if (cairo_surface_status(surface) != CAIRO_STATUS_SUCCESS)
			code = PAPER_TROUBLE;
		cairo_surface_destroy(surface);
	}
	if (code == PAPER_OK && buf_rc(out) != RC_OK)
		code = PAPER_TROUBLE;
	return code;
}

enum paper_code
print_crop(struct dots *d, struct _cairo_surface *s, const struct spot *part, uint32_t dpi)
{
	double scale = dpi / 72.0;
	size_t width = (size_t)cairo_image_surface_get_width(s);
	size_t height = (size_t)cairo_image_surface_get_height(s);
	size_t x0 = (size_t)fmin((double)width, fmax(0, floor(part->x * scale))), x1, y1, x, y;
	size_t y0 = (size_t)fmin((double)height, fmax(0, floor(part->y * scale)));
	const uint8_t *from;

	x1 = (size_t)fmin((double)width, fmax(0, ceil((part->x + part->width) * scale)));
	y1 = (size_t)fmin((double)height, fmax(0, ceil((part->y + part->height) * scale)));
	memset(d, 0, sizeof(*d));
	if (x0 >= x1 || y0 >= y1)
		return PAPER_BAD_TEMPLATE;
	d->width = (unsigned)(x1 - x0);
	d->height = (unsigned)(y1 - y0);
	if ((d->p = malloc((size_t)d->width * d->height)) == NULL)
		return PAPER_TROUBLE;
	for (y = 0; y < d->height; y++) {
		from = cairo_image_surface_get_data(s) +
		       (y0 + y) * (size_t)cairo_image_surface_get_stride(s) + 4 * x0;
		/* Colours are multiplied by alpha: what that leaves is white. */
		for (x = 0; x < d->width; x++, from += 4)
			d->p[y * d->width + x] =
			    (uint8_t)(((from[0] * 29u + from[1] * 150u + from[2] * 77u) >> 8) +
				      (255u - from[3]));
	}
	return PAPER_OK;
}

enum paper_code
print_dots(struct dots *d, const struct print *p, const struct spot *part, uint32_t dpi)
{
	const struct spot all = {0, 0, p->width, p->height};
	cairo_surface_t *surface;
	enum paper_code code;

	memset(d, 0, sizeof(*d));
	if (part == NULL)
		part = &all;
	if ((code = raster(&surface, p, part, dpi)) == PAPER_OK)
		code = print_crop(d, surface, &(struct spot){0, 0, part->width, part->height}, dpi);
	print_forget(surface);
	return code;
}
