/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One user unit of a template is a point, whatever a screen has. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <cairo-pdf.h>
#include <cairo-svg.h>
#include <librsvg/rsvg.h>
#include <zlib.h>

#include "caps.h"
#include "photo.h"
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
render(cairo_surface_t *surface, const struct print *p, double scale, bool white)
{
	const RsvgRectangle all = {0, 0, p->width, p->height};
	cairo_t *cr = cairo_create(surface);
	enum paper_code code = PAPER_OK;
	unsigned i;

	if (white) {
		cairo_set_source_rgb(cr, 1, 1, 1);
		cairo_paint(cr);
	}
	cairo_scale(cr, scale, scale);
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

/*
 * cairo does not write pHYs (ISO/IEC 15948, 11.3.5.3), without which nobody knows how large the
 * picture is.  It goes behind IHDR, which is the first chunk and 25 octets long.
 */
static void
put_png(struct buf *out, const struct buf *png, uint32_t dpi)
{
	const size_t head = 8 + 25;
	uint32_t per_metre = (uint32_t)lround(dpi / 0.0254);
	struct buf chunk;

	buf_init(&chunk, 64);
	buf_str(&chunk, "pHYs");
	buf_u32(&chunk, per_metre);
	buf_u32(&chunk, per_metre);
	buf_u8(&chunk, 1);
	if (buf_rc(&chunk) == RC_OK && png->len > head) {
		buf_put(out, png->p, head);
		buf_u32(out, (uint32_t)chunk.len - 4);
		buf_put(out, chunk.p, chunk.len);
		buf_u32(out, (uint32_t)crc32(0, chunk.p, (uInt)chunk.len));
		buf_put(out, png->p + head, png->len - head);
	} else
		out->rc = RC_NOMEM;
	buf_clear(&chunk);
}

static cairo_surface_t *
raster(const struct print *p, double scale)
{
	double width = ceil(p->width * scale - 0.01), height = ceil(p->height * scale - 0.01);

	if (width * height > CAP_PAPER_PIXELS)
		return NULL;
	return cairo_image_surface_create(CAIRO_FORMAT_ARGB32, (int)width, (int)height);
}

static enum paper_code
draw_png(struct buf *out, const struct print *p, uint32_t dpi)
{
	cairo_surface_t *surface = raster(p, dpi / 72.0);
	enum paper_code code;
	struct buf png;

	if (surface == NULL)
		return PAPER_BAD_TEMPLATE;
	buf_init(&png, CAP_PAPER_OUT);
	code = render(surface, p, dpi / 72.0, false);
	if (code == PAPER_OK &&
	    (cairo_surface_write_to_png_stream(surface, append, &png) != CAIRO_STATUS_SUCCESS ||
		buf_rc(&png) != RC_OK))
		code = PAPER_TROUBLE;
	if (code == PAPER_OK)
		put_png(out, &png, dpi);
	buf_clear(&png);
	cairo_surface_destroy(surface);
	return code;
}

enum paper_code
print_draw(struct buf *out, const struct print *p, enum paper_format format, uint32_t dpi)
{
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
		code = render(surface, p, 1, false);
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
print_dots(struct dots *d, const struct print *p, uint32_t dpi)
{
	cairo_surface_t *surface = raster(p, dpi / 72.0);
	const uint8_t *from;
	enum paper_code code;
	unsigned x, y;

	memset(d, 0, sizeof(*d));
	if (surface == NULL)
		return PAPER_BAD_TEMPLATE;
	if ((code = render(surface, p, dpi / 72.0, true)) == PAPER_OK) {
		d->width = (unsigned)cairo_image_surface_get_width(surface);
		d->height = (unsigned)cairo_image_surface_get_height(surface);
		if ((d->p = malloc((size_t)d->width * d->height)) == NULL)
			code = PAPER_TROUBLE;
	}
	for (y = 0; code == PAPER_OK && y < d->height; y++) {
		from = cairo_image_surface_get_data(surface) +
		       (size_t)y * (unsigned)cairo_image_surface_get_stride(surface);
		for (x = 0; x < d->width; x++)
			d->p[(size_t)y * d->width + x] =
			    (uint8_t)((from[4 * x] * 29u + from[4 * x + 1] * 150u +
					  from[4 * x + 2] * 77u) >>
				      8);
	}
	cairo_surface_destroy(surface);
	return code;
}
