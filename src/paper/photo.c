/* SPDX-License-Identifier: GPL-3.0-or-later */
/* GdkPixbuf's two decoders that need no module, and librsvg. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <cairo.h>
#include <gdk-pixbuf/gdk-pixbuf.h>
#include <librsvg/rsvg.h>

#include "caps.h"
#include "photo.h"

enum photo_kind
photo_kind(const struct paper_octets *o)
{
	if (o->len > 8 && memcmp(o->p, "\x89PNG\r\n\x1a\n", 8) == 0)
		return PHOTO_PNG;
	if (o->len > 3 && memcmp(o->p, "\xff\xd8\xff", 3) == 0)
		return PHOTO_JPEG;
	if (o->len > 5 && (memcmp(o->p, "<?xml", 5) == 0 || memcmp(o->p, "<svg", 4) == 0))
		return PHOTO_SVG;
	return PHOTO_NONE;
}

static GdkPixbufLoader *
new_loader(enum photo_kind kind)
{
	return gdk_pixbuf_loader_new_with_type(kind == PHOTO_PNG ? "png" : "jpeg", NULL);
}

void
photo_warm(void)
{
	enum photo_kind kind;
	GdkPixbufLoader *l;

	for (kind = PHOTO_PNG; kind <= PHOTO_JPEG; kind++)
		if ((l = new_loader(kind)) != NULL) {
			(void)gdk_pixbuf_loader_close(l, NULL);
			g_object_unref(l);
		}
}

/* Before anything is allocated for it. */
static void
measured(GdkPixbufLoader *l, int width, int height, void *ctx)
{
	double pixels = (double)width * height, by;

	(void)ctx;
	/* A few octets can be a picture that takes minutes; one without pixels is refused. */
	if (pixels > CAP_PAPER_PHOTO)
		gdk_pixbuf_loader_set_size(l, 0, 0);
	else if (pixels > CAP_PAPER_PIXELS) {
		by = sqrt(CAP_PAPER_PIXELS / pixels);
		gdk_pixbuf_loader_set_size(
		    l, MAX(1, (int)(width * by)), MAX(1, (int)(height * by)));
	}
}

static GdkPixbuf *
decode(const struct paper_octets *o, enum photo_kind kind)
{
	GdkPixbufLoader *l = new_loader(kind);
	GdkPixbuf *pixels = NULL;
	bool whole;

	if (l == NULL)
		return NULL;
	g_signal_connect(l, "size-prepared", G_CALLBACK(measured), NULL);
	whole = gdk_pixbuf_loader_write(l, o->p, o->len, NULL);
	whole = gdk_pixbuf_loader_close(l, NULL) && whole;
	if (whole && (pixels = gdk_pixbuf_loader_get_pixbuf(l)) != NULL)
		g_object_ref(pixels);
	g_object_unref(l);
	return pixels;
}

struct pixel {
	unsigned red, green, blue, alpha;
};

static struct pixel
pixel_at(const GdkPixbuf *p, int x, int y)
{
	int n = gdk_pixbuf_get_n_channels(p);
	const guint8 *at = gdk_pixbuf_read_pixels(p) +
			   (size_t)y * (size_t)gdk_pixbuf_get_rowstride(p) + (size_t)x * (size_t)n;

	return (struct pixel){at[0], at[1], at[2], n == 4 ? at[3] : 255};
}

/* As cairo wants it: colours times alpha. */
static cairo_surface_t *
surface_of(const GdkPixbuf *p)
{
	int width = gdk_pixbuf_get_width(p), height = gdk_pixbuf_get_height(p), x, y;
	cairo_surface_t *s = cairo_image_surface_create(CAIRO_FORMAT_ARGB32, width, height);
	struct pixel v;
	uint32_t word;
	unsigned char *row;

	if (cairo_surface_status(s) != CAIRO_STATUS_SUCCESS) {
		cairo_surface_destroy(s);
		return NULL;
	}
	for (y = 0; y < height; y++) {
		row = cairo_image_surface_get_data(s) +
		      (size_t)y * (size_t)cairo_image_surface_get_stride(s);
		for (x = 0; x < width; x++) {
			v = pixel_at(p, x, y);
			word = v.alpha << 24 | (v.red * v.alpha + 127) / 255 << 16 |
			       (v.green * v.alpha + 127) / 255 << 8 |
			       (v.blue * v.alpha + 127) / 255;
			memcpy(row + 4 * (size_t)x, &word, sizeof(word));
		}
	}
	cairo_surface_mark_dirty(s);
	return s;
}

static void
open_image(struct photo *p, const struct paper_octets *o, enum photo_kind kind)
{
	GdkPixbuf *pixels = decode(o, kind);

	if (pixels == NULL)
		return;
	if ((p->image = surface_of(pixels)) != NULL) {
		p->width = gdk_pixbuf_get_width(pixels);
		p->height = gdk_pixbuf_get_height(pixels);
	}
	g_object_unref(pixels);
}

enum paper_code
photo_open(struct photo *p, const struct paper_octets *o)
{
	enum photo_kind kind = photo_kind(o);

	memset(p, 0, sizeof(*p));
	if (kind == PHOTO_NONE || o->len > CAP_PAPER_LOGO)
		return PAPER_BAD_LOGO;
	if (kind == PHOTO_SVG) {
		if ((p->svg = rsvg_handle_new_from_data(o->p, o->len, NULL)) != NULL &&
		    !rsvg_handle_get_intrinsic_size_in_pixels(p->svg, &p->width, &p->height))
			p->width = p->height = 1; /* as large as it may be */
	} else
		open_image(p, o, kind);
	if (!(p->width > 0 && p->height > 0))
		return PAPER_BAD_LOGO;
	return PAPER_OK;
}

void
photo_close(struct photo *p)
{
	if (p->svg != NULL)
		g_object_unref(p->svg);
	if (p->image != NULL)
		cairo_surface_destroy(p->image);
	memset(p, 0, sizeof(*p));
}

bool
photo_draw(const struct photo *p, struct _cairo *cr, const struct spot *at)
{
	double by = fmin(at->width / p->width, at->height / p->height);
	const RsvgRectangle where = {at->x + (at->width - by * p->width) / 2,
	    at->y + (at->height - by * p->height) / 2, by * p->width, by * p->height};
	bool ok;

	cairo_save(cr);
	if (p->svg != NULL)
		ok = rsvg_handle_render_document(p->svg, cr, &where, NULL);
	else {
		cairo_translate(cr, where.x, where.y);
		cairo_scale(cr, by, by);
		cairo_set_source_surface(cr, p->image, 0, 0);
		cairo_paint(cr);
		ok = true;
	}
	cairo_restore(cr);
	return ok && cairo_status(cr) == CAIRO_STATUS_SUCCESS;
}

enum paper_code
photo_dots(struct dots *d, const struct paper_octets *o)
{
	enum photo_kind kind = photo_kind(o);
	GdkPixbuf *pixels;
	struct pixel v;
	unsigned x, y, grey;

	memset(d, 0, sizeof(*d));
	if ((kind != PHOTO_PNG && kind != PHOTO_JPEG) || (pixels = decode(o, kind)) == NULL)
		return PAPER_NOT_READABLE;
	d->width = (unsigned)gdk_pixbuf_get_width(pixels);
	d->height = (unsigned)gdk_pixbuf_get_height(pixels);
	d->p = malloc((size_t)d->width * d->height);
	for (y = 0; d->p != NULL && y < d->height; y++)
		for (x = 0; x < d->width; x++) {
			v = pixel_at(pixels, (int)x, (int)y);
			grey = (v.red * 77 + v.green * 150 + v.blue * 29) >> 8;
			d->p[(size_t)y * d->width + x] =
			    (uint8_t)((grey * v.alpha + 255 * (255 - v.alpha)) / 255);
		}
	g_object_unref(pixels);
	return d->p == NULL ? PAPER_TROUBLE : PAPER_OK;
}
