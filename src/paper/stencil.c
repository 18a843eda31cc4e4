/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * GLib reads the template, Pango measures.  Everything that is written out is escaped; what the
 * texts mean is not known here, nor is a file opened.
 */
#include <string.h>

#include <pango/pangocairo.h>

#include "caps.h"
#include "qr.h"
#include "stencil.h"

#define STEP    0.25 /* points by which text is made smaller */
#define LEAST   2.0  /* points; nobody reads less */
#define QR_WORD "qr"

struct box {
	double x, y, width, height;
	double size, least;
	const char *family, *weight, *anchor, *fill, *valign;
	bool capitals;
};

struct filler {
	struct buf *svg;
	struct stencil *s;
	PangoContext *context;
	char *logo;             /* as a data: address, or NULL */
	unsigned depth, inside; /* inside: depth of the box whose content is left out, or 0 */
	enum paper_code code;
};

/* --- text --- */

bool
stencil_text_ok(const char *text)
{
	const char *p;
	gunichar c;

	if (!g_utf8_validate(text, -1, NULL))
		return false;
	for (p = text; *p != '\0'; p = g_utf8_find_next_char(p, NULL)) {
		c = g_utf8_get_char(p);
		/* Marks that turn the direction of what follows belong to this type, too. */
		if (!g_unichar_isdefined(c) || g_unichar_iscntrl(c) ||
		    g_unichar_type(c) == G_UNICODE_FORMAT ||
		    g_unichar_type(c) == G_UNICODE_PRIVATE_USE ||
		    g_unichar_type(c) == G_UNICODE_LINE_SEPARATOR ||
		    g_unichar_type(c) == G_UNICODE_PARAGRAPH_SEPARATOR)
			return false;
	}
	return true;
}

static void
put_escaped(struct buf *b, const char *text, ptrdiff_t len)
{
	char *s = g_markup_escape_text(text, len);

	buf_str(b, s);
	g_free(s);
}

static void
put_attribute(struct buf *b, const char *name, const char *value)
{
	buf_printf(b, " %s=\"", name);
	put_escaped(b, value, -1);
	buf_str(b, "\"");
}

static void
set_font(PangoLayout *layout, const struct box *b, double size)
{
	PangoFontDescription *d = pango_font_description_new();
	int weight = strcmp(b->weight, "bold") == 0 ? PANGO_WEIGHT_BOLD
						    : (int)g_ascii_strtoll(b->weight, NULL, 10);

	pango_font_description_set_family(d, b->family);
	pango_font_description_set_absolute_size(d, size * PANGO_SCALE);
	pango_font_description_set_weight(
	    d, (PangoWeight)(weight < 100 || weight > 1000 ? PANGO_WEIGHT_NORMAL : weight));
	pango_layout_set_font_description(layout, d);
	pango_font_description_free(d);
}

static bool
fits(PangoLayout *layout, const struct box *b, double size, double *height)
{
	PangoRectangle ink, logical;

	set_font(layout, b, size);
	pango_layout_get_extents(layout, &ink, &logical);
	*height = (double)logical.height / PANGO_SCALE;
	return logical.width <= b->width * PANGO_SCALE && *height <= b->height &&
	       ink.width <= b->width * PANGO_SCALE;
}

static void
put_line(struct filler *f, const struct box *b, double size, double y, const char *p, int len)
{
	double x = b->x;

	while (len > 0 && p[len - 1] == ' ')
		len--;
	if (strcmp(b->anchor, "middle") == 0)
		x += b->width / 2;
	else if (strcmp(b->anchor, "end") == 0)
		x += b->width;
	buf_printf(f->svg, "<text x=\"%.3f\" y=\"%.3f\" font-size=\"%.3f\"", x, y, size);
	put_attribute(f->svg, "font-family", b->family);
	put_attribute(f->svg, "font-weight", b->weight);
	put_attribute(f->svg, "text-anchor", b->anchor);
	put_attribute(f->svg, "fill", b->fill);
	buf_str(f->svg, ">");
	put_escaped(f->svg, p, len);
	buf_str(f->svg, "</text>");
}

static void
put_lines(struct filler *f, const struct box *b, double size, double height, PangoLayout *layout)
{
	PangoLayoutIter *at = pango_layout_get_iter(layout);
	const PangoLayoutLine *line;
	const char *text = pango_layout_get_text(layout);
	double y = b->y;

	if (strcmp(b->valign, "middle") == 0)
		y += (b->height - height) / 2;
	else if (strcmp(b->valign, "bottom") == 0)
		y += b->height - height;
	do {
		line = pango_layout_iter_get_line_readonly(at);
		put_line(f, b, size, y + (double)pango_layout_iter_get_baseline(at) / PANGO_SCALE,
		    text + line->start_index, line->length);
	} while (pango_layout_iter_next_line(at));
	pango_layout_iter_free(at);
}

/* First whole words, then, in the smallest size, words that are cut where they must be. */
static enum paper_code
put_text(struct filler *f, const struct box *b, const char *text)
{
	PangoLayout *layout;
	char *normal, *upper = NULL;
	double size, height;
	bool done;

	if (strlen(text) > CAP_PAPER_TEXT || !stencil_text_ok(text))
		return PAPER_BAD_TEXT;
	if ((normal = g_utf8_normalize(text, -1, G_NORMALIZE_NFC)) == NULL)
		return PAPER_BAD_TEXT;
	if (b->capitals)
		upper = g_utf8_strup(normal, -1);
	layout = pango_layout_new(f->context);
	pango_layout_set_text(layout, upper != NULL ? upper : normal, -1);
	pango_layout_set_width(layout, (int)(b->width * PANGO_SCALE));
	pango_layout_set_wrap(layout, PANGO_WRAP_WORD);
	size = b->size;
	while (!(done = fits(layout, b, size, &height)) && size - STEP >= b->least)
		size -= STEP;
	if (!done) {
		pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
		done = fits(layout, b, size, &height);
	}
	if (done)
		put_lines(f, b, size, height, layout);
	g_object_unref(layout);
	g_free(upper);
	g_free(normal);
	return done ? PAPER_OK : PAPER_TOO_LONG;
}

/* --- boxes --- */

/* An attribute, or what "style" says of it, in `room`; else the default. */
static const char *
attribute(const char *const *names, const char *const *values, const char *name,
    const char *otherwise, char room[64])
{
	const char *style = NULL, *p;
	size_t len = strlen(name), n, i;

	for (i = 0; names[i] != NULL; i++) {
		if (strcmp(names[i], name) == 0)
			return values[i];
		if (strcmp(names[i], "style") == 0)
			style = values[i];
	}
	for (p = style; p != NULL && *p != '\0'; p += strcspn(p, ";"), p += *p == ';') {
		p += strspn(p, " ");
		if (strncmp(p, name, len) != 0 || p[len] != ':')
			continue;
		p += len + 1;
		p += strspn(p, " '\"");
		n = strcspn(p, ";'\"");
		if (n >= 64)
			return otherwise;
		memcpy(room, p, n);
		room[n] = '\0';
		return room;
	}
	return otherwise;
}

static double
number(const char *const *names, const char *const *values, const char *name, double otherwise)
{
	char room[64], *end;
	const char *v = attribute(names, values, name, NULL, room);
	double d;

	if (v == NULL)
		return otherwise;
	d = g_ascii_strtod(v, &end);
	return end == v || !(d > -10000 && d < 10000) ? -1 : d;
}

static void
measure(struct filler *f, struct box *b, const char *const *names, const char *const *values,
    char room[6][64])
{
	const char *alone;
	char *end;

	b->x = number(names, values, "x", 0);
	b->y = number(names, values, "y", 0);
	b->width = number(names, values, "width", -1);
	b->height = number(names, values, "height", -1);
	alone = attribute(names, values, "data-alone", NULL, room[0]);
	if (alone != NULL && !f->s->logo) {
		b->x = g_ascii_strtod(alone, &end);
		b->width = g_ascii_strtod(end, NULL);
	}
	b->size = number(names, values, "font-size", 8);
	b->least = number(names, values, "data-least", b->size / 2);
	b->family = attribute(names, values, "font-family", "Liberation Sans", room[1]);
	b->weight = attribute(names, values, "font-weight", "normal", room[2]);
	b->anchor = attribute(names, values, "text-anchor", "start", room[3]);
	b->fill = attribute(names, values, "fill", "#000", room[4]);
	b->valign = attribute(names, values, "data-valign", "top", room[5]);
	b->capitals = strcmp(attribute(names, values, "data-capitals", "no", room[0]), "yes") == 0;
	if (!(b->width > 0 && b->height > 0 && b->width < 10000 && b->least >= LEAST &&
		b->size >= b->least && b->size < 200))
		f->code = PAPER_BAD_TEMPLATE;
}

static void
put_logo(struct filler *f, const struct spot *at)
{
	if (!f->s->logo)
		return;
	if (f->s->nspots == PRINT_SPOTS)
		f->code = PAPER_BAD_TEMPLATE;
	else
		f->s->spots[f->s->nspots++] = *at;
}

/* Words of the template's own. */
static void
put_fixed(struct filler *f, const char *words, const char *const *names, const char *const *values)
{
	char room[6][64];
	struct box b;

	measure(f, &b, names, values, room);
	f->s->which = PAPER_TEMPLATE;
	if (f->code == PAPER_OK)
		f->code = put_text(f, &b, words);
}

static void
put_qr(struct filler *f, const struct box *b)
{
	struct spot middle;
	struct qr q;

	if (f->s->qr == NULL)
		return;
	f->s->place = (struct spot){b->x, b->y, b->width, b->height};
	if ((f->code = qr_make(&q, f->s->qr)) == PAPER_OK)
		f->code = qr_draw(f->svg, &q, b->x, b->y, MIN(b->width, b->height),
		    f->s->logo_in_qr ? &middle : NULL, &f->s->module);
	if (f->code == PAPER_OK && f->s->logo_in_qr)
		put_logo(f, &middle);
	qr_clear(&q);
}

static bool
is_box(const char *id)
{
	int i;

	for (i = 0; i < PAPER_PARTS; i++)
		if (i != PAPER_TEMPLATE && i != PAPER_DOCUMENT &&
		    strcmp(id, paper_part_name((enum paper_part)i)) == 0)
			return true;
	return strcmp(id, QR_WORD) == 0;
}

static void
put_box(struct filler *f, const char *id, const char *const *names, const char *const *values)
{
	char room[6][64];
	struct box b;
	const char *text;
	char *whole;
	int i;

	measure(f, &b, names, values, room);
	if (f->code != PAPER_OK)
		return;
	if (strcmp(id, QR_WORD) == 0) {
		put_qr(f, &b);
		return;
	}
	if (strcmp(id, paper_part_name(PAPER_LOGO)) == 0) {
		put_logo(f, &(struct spot){b.x, b.y, b.width, b.height});
		return;
	}
	for (i = 0; strcmp(id, paper_part_name((enum paper_part)i)) != 0; i++)
		;
	text = f->s->text[i];
	f->s->which = (enum paper_part)i;
	if (text == NULL || *text == '\0')
		return;
	whole = g_strconcat(attribute(names, values, "data-before", "", room[0]), text, NULL);
	f->code = put_text(f, &b, whole);
	g_free(whole);
}

/* --- the file --- */

static void
begin(GMarkupParseContext *c, const char *name, const char **names, const char **values, void *ctx,
    GError **err)
{
	struct filler *f = ctx;
	const char *id = NULL, *fixed = NULL;
	size_t i;

	(void)c;
	(void)err;
	f->depth++;
	for (i = 0; names[i] != NULL; i++) {
		if (strcmp(names[i], "id") == 0)
			id = values[i];
		if (strcmp(names[i], "data-text") == 0)
			fixed = values[i];
	}
	if (f->code != PAPER_OK || f->inside > 0)
		return;
	if (strcmp(name, "rect") == 0 && fixed != NULL) {
		f->inside = f->depth;
		put_fixed(f, fixed, (const char *const *)names, (const char *const *)values);
		return;
	}
	if (strcmp(name, "rect") == 0 && id != NULL && is_box(id)) {
		f->inside = f->depth;
		put_box(f, id, (const char *const *)names, (const char *const *)values);
		return;
	}
	buf_printf(f->svg, "<%s", name);
	for (i = 0; names[i] != NULL; i++)
		put_attribute(f->svg, names[i], values[i]);
	buf_str(f->svg, ">");
}

static void
end(GMarkupParseContext *c, const char *name, void *ctx, GError **err)
{
	struct filler *f = ctx;

	(void)c;
	(void)err;
	if (f->inside == 0)
		buf_printf(f->svg, "</%s>", name);
	if (f->inside == f->depth)
		f->inside = 0;
	f->depth--;
}

static void
text(GMarkupParseContext *c, const char *p, size_t len, void *ctx, GError **err)
{
	struct filler *f = ctx;

	(void)c;
	(void)err;
	if (f->inside == 0 && f->code == PAPER_OK)
		put_escaped(f->svg, p, (ptrdiff_t)len);
}

static const GMarkupParser parser = {begin, end, text, NULL, NULL};

/* Letters where a printer puts them, not where a screen's pixels are. */
static PangoContext *
new_context(void)
{
	PangoContext *context = pango_font_map_create_context(pango_cairo_font_map_get_default());
	cairo_font_options_t *o = cairo_font_options_create();

	cairo_font_options_set_hint_style(o, CAIRO_HINT_STYLE_NONE);
	cairo_font_options_set_hint_metrics(o, CAIRO_HINT_METRICS_OFF);
	pango_cairo_context_set_font_options(context, o);
	pango_cairo_context_set_resolution(context, 72);
	pango_context_set_round_glyph_positions(context, FALSE);
	cairo_font_options_destroy(o);
	return context;
}

enum paper_code
stencil_fill(struct buf *svg, struct stencil *s, const struct paper_octets *model)
{
	struct filler f = {.svg = svg, .s = s};
	GMarkupParseContext *c;
	bool whole;

	s->module = 0;
	s->nspots = 0;
	if (model->len > CAP_PAPER_TEMPLATE)
		return PAPER_BAD_TEMPLATE;
	f.context = new_context();
	c = g_markup_parse_context_new(
	    &parser, G_MARKUP_TREAT_CDATA_AS_TEXT | G_MARKUP_PREFIX_ERROR_POSITION, &f, NULL);
	whole = g_markup_parse_context_parse(c, (const char *)model->p, (gssize)model->len, NULL) &&
		g_markup_parse_context_end_parse(c, NULL);
	if (f.code == PAPER_OK && !whole)
		f.code = PAPER_BAD_TEMPLATE;
	if (f.code == PAPER_OK && buf_rc(svg) != RC_OK)
		f.code = buf_rc(svg) == RC_TOOBIG ? PAPER_BAD_TEMPLATE : PAPER_TROUBLE;
	g_markup_parse_context_free(c);
	g_object_unref(f.context);
	return f.code;
}
