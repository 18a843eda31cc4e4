/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The annotations of each page: what they carry, and which lie over one another. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "caps.h"
#include "notice_look.h"
#include "revision.h"

#define NITEMS(a)   (sizeof(a) / sizeof((a)[0]))
#define FLAG_HIDDEN 2
#define FLAG_NOVIEW 32

/* One that paints something. */
struct painted {
	double rect[4];
	size_t visit;
	uint32_t order; /* the later is drawn over the earlier */
	char inner[24];
};

struct page {
	struct look *l;
	size_t visit;
	struct painted *v;
	size_t n, cap;
	bool fields; /* a widget that a viewer would fill anew */
	unsigned *pairs;
};

static bool
rect_of(struct look *l, const struct obj *o, double *r)
{
	const struct obj *a = look_key(l, o, "Rect");
	double t;
	uint32_t i;

	if (a->type != OBJ_ARRAY || a->n != 4)
		return false;
	for (i = 0; i < 4; i++)
		r[i] = obj_number(look_get(l, &a->u.items[i]), 0);
	for (i = 0; i < 2; i++) {
		if (r[i] > r[i + 2]) {
			t = r[i];
			r[i] = r[i + 2];
			r[i + 2] = t;
		}
	}
	return r[2] - r[0] > 0 && r[3] - r[1] > 0;
}

/* The stream of /AP /N, or of its state /AS. */
static const struct obj *
normal_of(struct look *l, const struct obj *o)
{
	const struct obj *n = look_key(l, look_key(l, o, "AP"), "N"), *as;

	if (n->type == OBJ_STREAM)
		return n;
	as = look_key(l, o, "AS");
	if (n->type != OBJ_DICT || as->type != OBJ_NAME)
		return &obj_null;
	n = look_get(l, obj_get_bytes(n, as->u.s));
	return n->type == OBJ_STREAM ? n : &obj_null;
}

/* Marks that lie over text by their nature, or paint nothing of their own. */
static bool
thin(const struct obj *subtype)
{
	static const char *const names[] = {"Link", "Popup", "Highlight", "Underline", "Squiggly",
	    "StrikeOut", "Caret", "TrapNet", "PrinterMark"};

	return obj_is_any(subtype, names, NITEMS(names));
}

static void
carries(
    struct look *l, size_t visit, const char *inner, const struct obj *subtype, const double *rect)
{
	static const char *const media[] = {"Movie", "Screen", "RichMedia", "3D", "Sound"};

	if (obj_is_name(subtype, "FileAttachment"))
		look_tell(l, PDF_NOTICE_ATTACHMENT, visit, inner, rect);
	if (obj_is_any(subtype, media, NITEMS(media)))
		look_tell(l, PDF_NOTICE_EXTERNAL, visit, inner, rect);
}

static void
annotation(struct page *p, const struct obj *ref, uint32_t i)
{
	const struct obj *o = look_get(p->l, ref), *subtype, *flags;
	struct widget w = {.visit = look_visit(p->l, ref), .obj = o};
	struct painted *to;
	double rect[4];
	bool shown;

	if (o->type != OBJ_DICT)
		return;
	if (w.visit == SIZE_MAX) {
		w.visit = p->visit;
		(void)snprintf(w.inner, sizeof(w.inner), "/Annots[%u]", i);
	} else {
		p->l->v[w.visit].on_page = true;
	}
	subtype = look_key(p->l, o, "Subtype");
	flags = look_key(p->l, o, "F");
	shown = rect_of(p->l, o, rect) &&
		(flags->type != OBJ_INT || (flags->u.i & (FLAG_HIDDEN | FLAG_NOVIEW)) == 0);
	carries(p->l, w.visit, w.inner, subtype, shown ? rect : NULL);
	if (!shown)
		return;
	w.rect = rect;
	w.normal = normal_of(p->l, o);
	if (obj_is_name(subtype, "Widget"))
		look_widget(p->l, &w, &p->fields);
	if (w.normal->type == OBJ_NULL || thin(subtype))
		return;
	if (arena_grow(p->l->d->arena, &p->v, p->n, &p->cap, sizeof(*p->v)) != RC_OK) {
		p->l->full = true;
		return;
	}
	to = &p->v[p->n++];
	memcpy(to->rect, rect, sizeof(rect));
	to->visit = w.visit;
	to->order = i;
	memcpy(to->inner, w.inner, sizeof(to->inner) - 1);
	to->inner[sizeof(to->inner) - 1] = '\0';
}

static int
by_left(const void *va, const void *vb)
{
	const struct painted *a = va, *b = vb;

	if (a->rect[0] != b->rect[0])
		return a->rect[0] < b->rect[0] ? -1 : 1;
	return a->order < b->order ? -1 : a->order > b->order;
}

static double
area(const double *r)
{
	return (r[2] - r[0]) * (r[3] - r[1]);
}

/* Neighbours may touch: more than a point each way, and more than a tenth of the smaller one. */
static void
compare(struct look *l, const struct painted *a, const struct painted *b)
{
	const struct painted *over = a->order > b->order ? a : b;
	double r[4], small = area(a->rect) < area(b->rect) ? area(a->rect) : area(b->rect);
	unsigned i;

	for (i = 0; i < 2; i++) {
		r[i] = a->rect[i] > b->rect[i] ? a->rect[i] : b->rect[i];
		r[i + 2] = a->rect[i + 2] < b->rect[i + 2] ? a->rect[i + 2] : b->rect[i + 2];
		if (!(r[i + 2] - r[i] > 1))
			return;
	}
	if (area(r) > small / 10)
		look_tell(l, PDF_NOTICE_OVERLAP, over->visit, over->inner, r);
}

/* From left to right, each with those that begin before it ends. */
static void
overlaps(struct page *p)
{
	size_t i, k;

	if (p->n < 2)
		return;
	qsort(p->v, p->n, sizeof(*p->v), by_left);
	for (i = 0; i < p->n; i++) {
		for (k = i + 1; k < p->n && p->v[k].rect[0] < p->v[i].rect[2]; k++) {
			if (*p->pairs == 0)
				return;
			--*p->pairs;
			compare(p->l, &p->v[i], &p->v[k]);
		}
	}
}

void
look_pages(struct look *l)
{
	const struct pages *pages = &l->d->pages;
	unsigned pairs = CAP_NOTICE_PAIRS;
	const struct obj *annots, *form;
	struct page p = {.l = l, .pairs = &pairs};
	size_t i;
	uint32_t k;

	for (i = 0; l->tree && l->n > 0 && i < pages->n && look_step(l); i++) {
		if (l->seen[pages->num[i]] == 0)
			continue;
		p.visit = l->seen[pages->num[i]] - 1;
		p.n = 0;
		annots = look_key(l, l->v[p.visit].obj, "Annots");
		for (k = 0; annots->type == OBJ_ARRAY && k < annots->n && look_step(l); k++)
			annotation(&p, &annots->u.items[k], k);
		overlaps(&p);
	}
	form = look_key(l, look_key(l, l->root, "AcroForm"), "NeedAppearances");
	if (p.fields && form->type == OBJ_BOOL && form->u.b)
		look_tell(l, PDF_NOTICE_NEED_APPEARANCES, 0, "/AcroForm/NeedAppearances", NULL);
}
