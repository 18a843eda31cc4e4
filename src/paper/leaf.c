/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Poppler draws; what is seen there is looked at elsewhere. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <cairo.h>
#include <poppler.h>

#include "caps.h"
#include "leaf.h"

static enum rc
take_dots(struct dots *d, cairo_surface_t *s)
{
	const uint8_t *from;
	unsigned x, y;

	d->width = (unsigned)cairo_image_surface_get_width(s);
	d->height = (unsigned)cairo_image_surface_get_height(s);
	if ((d->p = malloc((size_t)d->width * d->height)) == NULL)
		return RC_NOMEM;
	for (y = 0; y < d->height; y++) {
		from = cairo_image_surface_get_data(s) +
		       (size_t)y * (unsigned)cairo_image_surface_get_stride(s);
		for (x = 0; x < d->width; x++)
			d->p[(size_t)y * d->width + x] =
			    (uint8_t)((from[4 * x] * 29u + from[4 * x + 1] * 150u +
					  from[4 * x + 2] * 77u) >>
				      8);
	}
	return RC_OK;
}

static enum rc
draw(struct dots *d, PopplerPage *page, double width, double height, double scale)
{
	cairo_surface_t *s = cairo_image_surface_create(
	    CAIRO_FORMAT_RGB24, (int)ceil(width * scale), (int)ceil(height * scale));
	cairo_t *cr = cairo_create(s);
	enum rc rc = RC_IO;

	cairo_set_source_rgb(cr, 1, 1, 1);
	cairo_paint(cr);
	cairo_scale(cr, scale, scale);
	poppler_page_render(page, cr);
	if (cairo_status(cr) == CAIRO_STATUS_SUCCESS) {
		cairo_surface_flush(s);
		rc = take_dots(d, s);
	}
	cairo_destroy(cr);
	cairo_surface_destroy(s);
	return rc;
}

enum rc
leaf_dots(struct dots *d, double *scale, const struct canvas *c, uint32_t n, uint32_t dpi)
{
	PopplerPage *page;
	double width, height;
	enum rc rc = RC_TOOBIG;

	memset(d, 0, sizeof(*d));
	*scale = dpi / 72.0;
	if (n == 0 || n > (uint32_t)c->pages ||
	    (page = poppler_document_get_page(c->doc, (int)n - 1)) == NULL)
		return RC_ABSENT;
	poppler_page_get_size(page, &width, &height);
	if (width >= 1 && width <= CAP_DRAW_POINTS && height >= 1 && height <= CAP_DRAW_POINTS) {
		*scale = fmin(*scale, sqrt(CAP_PAPER_PIXELS / (width * height)));
		rc = draw(d, page, width, height, *scale);
	}
	g_object_unref(page);
	return rc;
}
