/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Poppler draws what it can and says little about what it can't; so does cairo.
 * Sizes are bounded before, and every status is looked at after.
 */
#include <math.h>
#include <string.h>

#include <cairo.h>
#include <poppler.h>

#include "canvas.h"
#include "caps.h"

/* A drawing is smoothed at its edges. */
#define FIELD_MARGIN 4.0

enum rc
canvas_open(struct canvas *c, const uint8_t *p, size_t len, const char *password)
{
	GBytes *bytes = g_bytes_new_static(p, len);

	memset(c, 0, sizeof(*c));
	c->doc = poppler_document_new_from_bytes(bytes, password, NULL);
	g_bytes_unref(bytes);
	if (c->doc == NULL)
		return RC_FORMAT;
	c->pages = poppler_document_get_n_pages(c->doc);
	return RC_OK;
}

void
canvas_close(struct canvas *c)
{
	if (c->doc != NULL)
		g_object_unref(c->doc);
	memset(c, 0, sizeof(*c));
}

/*
 * Poppler takes the profile of a PDF/A file's output intent for that of the screen, and turns its
 * curves around for each page: 20 ms, to draw colours as no screen shows them.  This is
 * found before Poppler's own function of the name, and leaves its sRGB as it is.
 */
void canvas_no_profile(void *gfx) __asm__("_ZN3Gfx18initDisplayProfileEv");

void
canvas_no_profile(void *gfx)
{
	(void)gfx;
}

static bool
near(double a, double b)
{
	return fabs(a - b) < 0.01;
}

/*
 * How far a page is turned.  poppler-glib does not tell, but puts a new annotation where
 * it is to be seen: from where that is in the page's own space, the turn follows.
 * RC_FORMAT if it is none of the four.
 */
static enum rc
find_turn(struct drawing *d, PopplerDocument *doc, PopplerPage *page, double width, double height)
{
	PopplerRectangle seen = {.x1 = 1, .y1 = 2, .x2 = 4, .y2 = 9}, own;
	PopplerAnnot *a = poppler_annot_square_new(doc, &seen);
	enum rc rc = RC_OK;

	if (a == NULL)
		return RC_NOMEM;
	poppler_page_add_annot(page, a);
	poppler_annot_get_rectangle(a, &own);
	poppler_page_remove_annot(page, a);
	g_object_unref(a);
	if (near(own.x1, 1) && near(own.y1, 2))
		d->turned = 0;
	else if (near(own.x1, height - 9) && near(own.y1, 1))
		d->turned = 90;
	else if (near(own.x1, width - 4) && near(own.y1, height - 9))
		d->turned = 180;
	else if (near(own.x1, 2) && near(own.y1, width - 4))
		d->turned = 270;
	else
		rc = RC_FORMAT;
	return rc;
}

static enum rc
measure(struct drawing *d, PopplerDocument *doc, PopplerPage *page, int side)
{
	PopplerRectangle crop;
	double width, height, most;
	enum rc rc;

	poppler_page_get_size(page, &width, &height);
	poppler_page_get_crop_box(page, &crop);
	if (!(width >= 1 && width <= CAP_DRAW_POINTS && height >= 1 && height <= CAP_DRAW_POINTS))
		return RC_TOOBIG;
	d->left = fmin(crop.x1, crop.x2);
	d->bottom = fmin(crop.y1, crop.y2);
	d->across = fabs(crop.x2 - crop.x1);
	d->upwards = fabs(crop.y2 - crop.y1);
	if ((rc = find_turn(d, doc, page, width, height)) != RC_OK)
		return rc;
	most = fmax(width, height);
	d->scale = most > side ? side / most : 1;
	d->width = (int)ceil(width * d->scale);
	d->height = (int)ceil(height * d->scale);
	return RC_OK;
}

static bool
apart(const struct area *a, const struct area *b)
{
	return a->x1 <= b->x0 || b->x1 <= a->x0 || a->y1 <= b->y0 || b->y1 <= a->y0;
}

/*
 * A field that lies elsewhere: its appearance is fitted into its rectangle and clipped there
 * (but for one that does not turn with its page), and often is a picture of a megabyte.
 * Poppler draws one with a matrix that has no inverse anywhere on its page, unlike others: of
 * a whole page nothing is left out.
 */
static bool
is_elsewhere(const struct drawing *d, PopplerAnnot *annot)
{
	PopplerRectangle r;
	struct area area;

	if (poppler_annot_get_annot_type(annot) != POPPLER_ANNOT_WIDGET ||
	    (poppler_annot_get_flags(annot) &
		(POPPLER_ANNOT_FLAG_HIDDEN | POPPLER_ANNOT_FLAG_NO_ROTATE)) != 0)
		return false;
	/* Poppler counts from the crop box's corner. */
	poppler_annot_get_rectangle(annot, &r);
	return drawing_area(d,
		   (const double[]){
		       r.x1 + d->left, r.y1 + d->bottom, r.x2 + d->left, r.y2 + d->bottom},
		   FIELD_MARGIN, &area) &&
	       apart(&area, &d->drawn);
}

/* Those that need not be drawn: hidden, and to be shown again. */
static GList *
hide_fields(const struct drawing *d, GList *annots)
{
	GList *hidden = NULL, *at;
	PopplerAnnot *annot;

	for (at = annots; at != NULL; at = at->next) {
		annot = ((PopplerAnnotMapping *)at->data)->annot;
		if (!is_elsewhere(d, annot))
			continue;
		poppler_annot_set_flags(
		    annot, poppler_annot_get_flags(annot) | POPPLER_ANNOT_FLAG_HIDDEN);
		hidden = g_list_prepend(hidden, annot);
	}
	return hidden;
}

static void
show_fields(GList *hidden)
{
	GList *at;

	for (at = hidden; at != NULL; at = at->next)
		poppler_annot_set_flags(at->data,
		    poppler_annot_get_flags(at->data) & ~(unsigned)POPPLER_ANNOT_FLAG_HIDDEN);
	g_list_free(hidden);
}

static bool
is_whole(const struct drawing *d)
{
	const struct area *a = &d->drawn;

	return a->x0 == 0 && a->y0 == 0 && a->x1 == d->width && a->y1 == d->height;
}

static void
render(const struct drawing *d, PopplerPage *page, cairo_t *cr)
{
	GList *annots, *hidden;

	if (is_whole(d)) {
		poppler_page_render(page, cr);
		return;
	}
	annots = poppler_page_get_annot_mapping(page);
	hidden = hide_fields(d, annots);
	poppler_page_render(page, cr);
	show_fields(hidden);
	poppler_page_free_annot_mapping(annots);
}

/* A clip moves nothing: its pixels are those of the whole page. */
static enum rc
paint(struct drawing *d, PopplerPage *page)
{
	const struct area *a = &d->drawn;
	cairo_t *cr;
	enum rc rc = RC_IO;

	d->surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, d->width, d->height);
	cr = cairo_create(d->surface);
	cairo_rectangle(cr, a->x0, a->y0, a->x1 - a->x0, a->y1 - a->y0);
	cairo_clip(cr);
	cairo_set_source_rgb(cr, 1, 1, 1);
	cairo_paint(cr);
	cairo_scale(cr, d->scale, d->scale);
	render(d, page, cr);
	cairo_surface_flush(d->surface);
	if (cairo_status(cr) == CAIRO_STATUS_SUCCESS &&
	    cairo_surface_status(d->surface) == CAIRO_STATUS_SUCCESS &&
	    (d->p = cairo_image_surface_get_data(d->surface)) != NULL) {
		d->stride = cairo_image_surface_get_stride(d->surface);
		rc = RC_OK;
	}
	cairo_destroy(cr);
	return rc;
}

enum rc
canvas_draw(
    struct drawing *d, const struct canvas *c, uint32_t n, int side, const struct places *where)
{
	PopplerPage *page;
	enum rc rc;

	memset(d, 0, sizeof(*d));
	if (n == 0 || c->pages < 0 || n > (uint32_t)c->pages ||
	    (page = poppler_document_get_page(c->doc, (int)n - 1)) == NULL)
		return RC_ABSENT;
	if ((rc = measure(d, c->doc, page, side)) == RC_OK) {
		d->drawn = (struct area){0, 0, d->width, d->height};
		if (where != NULL && !drawing_around(d, where, &d->drawn))
			rc = RC_FORMAT;
	}
	if (rc == RC_OK)
		rc = paint(d, page);
	g_object_unref(page);
	if (rc != RC_OK)
		drawing_clear(d);
	return rc;
}

void
drawing_clear(struct drawing *d)
{
	if (d->surface != NULL)
		cairo_surface_destroy(d->surface);
	memset(d, 0, sizeof(*d));
}

/* From the crop box's own corner to where it is seen, downwards, in points. */
static void
turn(const struct drawing *d, double x, double y, double *right, double *down)
{
	switch (d->turned) {
	case 90:
		*right = y;
		*down = x;
		break;
	case 180:
		*right = d->across - x;
		*down = y;
		break;
	case 270:
		*right = d->upwards - y;
		*down = d->across - x;
		break;
	default:
		*right = x;
		*down = d->upwards - y;
		break;
	}
}

static int
clamp(double v, int max)
{
	return v <= 0 ? 0 : v >= max ? max : (int)v;
}

bool
drawing_area(const struct drawing *d, const double rect[4], double by, struct area *out)
{
	double ax, ay, bx, by_, x0, x1, y0, y1;
	int i;

	memset(out, 0, sizeof(*out));
	for (i = 0; i < 4; i++)
		if (!isfinite(rect[i]))
			return false;
	turn(d, rect[0] - d->left, rect[1] - d->bottom, &ax, &ay);
	turn(d, rect[2] - d->left, rect[3] - d->bottom, &bx, &by_);
	x0 = fmin(ax, bx) - by;
	x1 = fmax(ax, bx) + by;
	y0 = fmin(ay, by_) - by;
	y1 = fmax(ay, by_) + by;
	if (!(x0 < x1 && y0 < y1))
		return true;
	out->x0 = clamp(floor(x0 * d->scale), d->width);
	out->x1 = clamp(ceil(x1 * d->scale), d->width);
	out->y0 = clamp(floor(y0 * d->scale), d->height);
	out->y1 = clamp(ceil(y1 * d->scale), d->height);
	if (out->x0 >= out->x1 || out->y0 >= out->y1)
		memset(out, 0, sizeof(*out));
	return true;
}

static int
least(int a, int b)
{
	return a < b ? a : b;
}

static int
most(int a, int b)
{
	return a > b ? a : b;
}

bool
drawing_around(const struct drawing *d, const struct places *where, struct area *out)
{
	struct area a, all = {d->width, d->height, 0, 0};
	size_t i;

	for (i = 0; i < where->n; i++) {
		if (!drawing_area(d, where->rects[i], where->grow, &a))
			return false;
		if (a.x0 == a.x1)
			continue;
		all.x0 = least(all.x0, a.x0 - where->around);
		all.y0 = least(all.y0, a.y0 - where->around);
		all.x1 = most(all.x1, a.x1 + where->around);
		all.y1 = most(all.y1, a.y1 + where->around);
	}
	/* Nowhere: one pixel tells whether the page can be drawn. */
	if (all.x1 == 0)
		all = (struct area){0, 0, 1, 1};
	*out = (struct area){
	    most(all.x0, 0), most(all.y0, 0), least(all.x1, d->width), least(all.y1, d->height)};
	return true;
}

static cairo_status_t
append(void *ctx, const unsigned char *p, unsigned len)
{
	buf_put(ctx, p, len);
	return buf_rc(ctx) == RC_OK ? CAIRO_STATUS_SUCCESS : CAIRO_STATUS_WRITE_ERROR;
}

enum rc
drawing_png(struct drawing *d, const struct area *mark, struct buf *out)
{
	enum rc rc = RC_IO;
	cairo_t *cr;
	bool ok = true;

	if (mark != NULL) {
		cr = cairo_create(d->surface);
		cairo_set_source_rgb(cr, 0.8, 0, 0);
		cairo_set_line_width(cr, 2);
		cairo_rectangle(cr, mark->x0 - 3, mark->y0 - 3, mark->x1 - mark->x0 + 6,
		    mark->y1 - mark->y0 + 6);
		cairo_stroke(cr);
		ok = cairo_status(cr) == CAIRO_STATUS_SUCCESS;
		cairo_destroy(cr);
	}
	if (ok &&
	    cairo_surface_write_to_png_stream(d->surface, append, out) == CAIRO_STATUS_SUCCESS)
		rc = RC_OK;
	return buf_rc(out) != RC_OK ? buf_rc(out) : rc;
}
