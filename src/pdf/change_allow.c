/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a value may become.  An object may be several things at once: a field
 * can be an action, its value a picture.  So what is allowed is held to the
 * shapes that its own place gives a meaning to.
 */
#include <string.h>

#include "change_allow.h"
#include "dss.h"
#include "revision.h"
#include "stream.h"
#include "text.h"

#define NITEMS(a) (sizeof(a) / sizeof((a)[0]))

bool
never(struct walk *w, const struct obj *a, const struct obj *b)
{
	(void)w, (void)a, (void)b;
	return false;
}

/* Four numbers, whole or not: every reader takes both for a rectangle. */
bool
same_box(struct walk *w, const struct obj *a, const struct obj *b)
{
	const struct obj *x, *y;
	double v;
	uint32_t i;

	a = walk_old(w, a);
	b = walk_new(w, b);
	if (a->type != OBJ_ARRAY || b->type != OBJ_ARRAY || a->n != 4 || b->n != 4)
		return false;
	for (i = 0; i < 4; i++) {
		x = walk_old(w, &a->u.items[i]);
		y = walk_new(w, &b->u.items[i]);
		if ((x->type != OBJ_INT && x->type != OBJ_REAL) ||
		    (y->type != OBJ_INT && y->type != OBJ_REAL))
			return false;
		v = obj_number(x, 0);
		if (v < obj_number(y, 0) || v > obj_number(y, 0))
			return false;
	}
	return true;
}

/*
 * A key with some developer's prefix (ISO 32000-2, Annex E: four letters, as in /ITXT) that was
 * added, with a value that refers to nothing.  No key of the standard looks like that, so it
 * means nothing either where the dictionary is at the same time an action or a resource.
 */
bool
private_key(struct walk *w, const struct obj *a, const struct obj *b)
{
	size_t i;

	if (a->type != OBJ_NULL || b->type >= OBJ_ARRAY || w->key.len < 4)
		return false;
	for (i = 0; i < 4; i++) {
		if (w->key.p[i] < 'A' || w->key.p[i] > 'Z')
			return false;
	}
	return w->key.len == 4 || w->key.p[4] == '_' || w->key.p[4] == '.' || w->key.p[4] == ':';
}

bool
was_absent(struct walk *w, const struct obj *a, const struct obj *b)
{
	(void)b;
	return walk_old(w, a)->type == OBJ_NULL;
}

bool
only_keys(const struct obj *o, const char *const *keys, size_t n)
{
	uint32_t i;
	size_t k;

	if (o->type == OBJ_NULL)
		return true;
	if (!obj_is_dict(o) || o->dup_key)
		return false;
	for (i = 0; i < o->n; i++) {
		for (k = 0; k < n && !bytes_are(o->u.d.pairs[i].key, keys[k]); k++)
			;
		if (k == n && o->u.d.pairs[i].val.type != OBJ_NULL)
			return false;
	}
	return true;
}

/* The first half of the file's identifier goes into the key of an encrypted one. */
bool
open_trailer(struct walk *w, const struct obj *a, const struct obj *b)
{
	if (obj_get(&w->d->sections[w->o].trailer, "Encrypt")->type == OBJ_NULL)
		return true;
	return a->type == OBJ_ARRAY && b->type == OBJ_ARRAY && a->n != 0 && b->n != 0 &&
	       a->u.items[0].type == OBJ_STRING &&
	       revision_equal(&a->u.items[0], &b->u.items[0], 0);
}

/* Metadata by its /Subtype: no form, no image. */
static bool
xml_stream(struct doc *d, size_t section, const struct obj *o)
{
	const struct obj *sub;

	return revision_key(d, section, o, "Subtype", &sub) == RC_OK &&
	       (sub->type == OBJ_NULL || obj_is_name(sub, "XML"));
}

/* XMP that brings no document type of its own, where entities would be declared. */
bool
plain_metadata(struct walk *w, const struct obj *a, const struct obj *b)
{
	static const char *const keys[] = {"Type", "Subtype", "Length", "Filter", "DecodeParms"};
	struct pdf_bytes xmp;
	size_t i;

	a = walk_old(w, a);
	b = walk_new(w, b);
	if (!only_keys(a, keys, NITEMS(keys)) || !only_keys(b, keys, NITEMS(keys)) ||
	    !xml_stream(w->d, w->o, a) || !xml_stream(w->d, w->n, b) || b->type != OBJ_STREAM ||
	    stream_decode(w->d, w->n, b, &xmp) != RC_OK)
		return false;
	for (i = 0; i + 1 < xmp.len; i++) {
		if (xmp.p[i] == 0 || (xmp.p[i] == '<' && xmp.p[i + 1] == '!' &&
					 (i + 3 >= xmp.len || memcmp(xmp.p + i, "<!--", 4) != 0)))
			return false;
	}
	return true;
}

/* Validation data may be added and dropped, the store itself not. */
bool
dss_update(struct walk *w, const struct obj *a, const struct obj *b)
{
	a = walk_old(w, a);
	b = walk_new(w, b);
	if (!dss_clean(w->d, w->n, b))
		return false;
	return obj_get(a, "VRI")->type == OBJ_NULL || obj_get(b, "VRI")->type != OBJ_NULL;
}

bool
version_name(struct walk *w, const struct obj *a, const struct obj *b)
{
	a = walk_old(w, a);
	b = walk_new(w, b);
	return (a->type == OBJ_NULL ||
		   (a->type == OBJ_NAME && a->u.s.len == 3 && a->u.s.p[1] == '.')) &&
	       b->type == OBJ_NAME && b->u.s.len == 3 && b->u.s.p[1] == '.';
}

bool
mark_info(struct walk *w, const struct obj *a, const struct obj *b)
{
	static const char *const keys[] = {"Type", "Marked", "UserProperties", "Suspects"};

	a = walk_old(w, a);
	b = walk_new(w, b);
	return a->type != OBJ_STREAM && b->type != OBJ_STREAM && only_keys(a, keys, NITEMS(keys)) &&
	       only_keys(b, keys, NITEMS(keys));
}

/* By developers' prefixes of four letters (ISO 32000-2, Annex E); /Font is none. */
static bool
prefixed(const struct obj *o)
{
	uint32_t i;

	if (o->type != OBJ_DICT)
		return o->type == OBJ_NULL;
	for (i = 0; i < o->n; i++) {
		if (o->u.d.pairs[i].key.len != 4 || bytes_are(o->u.d.pairs[i].key, "Font"))
			return false;
	}
	return !o->dup_key;
}

bool
extensions(struct walk *w, const struct obj *a, const struct obj *b)
{
	return prefixed(walk_old(w, a)) && prefixed(walk_new(w, b));
}

/* Each application's own data, and when it was written. */
static bool
pieces(struct doc *d, size_t section, const struct obj *raw)
{
	static const char *const keys[] = {"LastModified", "Private"};
	const struct obj *o, *one;
	uint32_t i;

	if (revision_get(d, section, raw, &o) != RC_OK || o->type != OBJ_DICT)
		return o->type == OBJ_NULL;
	for (i = 0; i < o->n; i++) {
		if (revision_get(d, section, &o->u.d.pairs[i].val, &one) != RC_OK ||
		    one->type != OBJ_DICT || !only_keys(one, keys, NITEMS(keys)))
			return false;
	}
	return !o->dup_key;
}

bool
piece_info(struct walk *w, const struct obj *a, const struct obj *b)
{
	return pieces(w->d, w->o, a) && pieces(w->d, w->n, b);
}

/* SigFlags: bits are only added (SignaturesExist, AppendOnly). */
bool
flags_added(struct walk *w, const struct obj *a, const struct obj *b)
{
	a = walk_old(w, a);
	b = walk_new(w, b);
	if (b->type != OBJ_INT || (a->type != OBJ_INT && a->type != OBJ_NULL))
		return false;
	return ((a->type == OBJ_INT ? a->u.i : 0) & ~b->u.i) == 0 && (b->u.i & ~3LL) == 0;
}

/* The F of a signed field: Print, ReadOnly, Locked, LockedContents may be set. */
bool
annot_flags_added(struct walk *w, const struct obj *a, const struct obj *b)
{
	int64_t x, y;

	a = walk_old(w, a);
	b = walk_new(w, b);
	if (b->type != OBJ_INT || (a->type != OBJ_INT && a->type != OBJ_NULL))
		return false;
	x = a->type == OBJ_INT ? a->u.i : 0;
	y = b->u.i;
	/* What the screen did not show need not be printed either. */
	if ((x & (2 | 32)) != 0 && ((y & ~x) & 4) != 0)
		return false;
	return (x & ~y) == 0 && ((y & ~x) & ~(4LL | 64 | 128 | 512)) == 0;
}

/* A number where there was nothing. */
bool
number_added(struct walk *w, const struct obj *a, const struct obj *b)
{
	(void)w;
	return a->type == OBJ_NULL && b->type == OBJ_INT;
}

/* A name where there was nothing. */
bool
name_added(struct walk *w, const struct obj *a, const struct obj *b)
{
	(void)w;
	return a->type == OBJ_NULL && b->type == OBJ_NAME;
}

/* In both views nothing, or a value of one of these types, which are bits. */
static bool
of_type(struct walk *w, const struct obj *a, const struct obj *b, unsigned types)
{
	types |= 1u << OBJ_NULL;
	return (types & 1u << walk_old(w, a)->type) != 0 &&
	       (types & 1u << walk_new(w, b)->type) != 0;
}

bool
plain_value(struct walk *w, const struct obj *a, const struct obj *b)
{
	return of_type(w, a, b, 1u << OBJ_INT | 1u << OBJ_STRING);
}

bool
whole_number(struct walk *w, const struct obj *a, const struct obj *b)
{
	return of_type(w, a, b, 1u << OBJ_INT);
}

bool
plain_name(struct walk *w, const struct obj *a, const struct obj *b)
{
	return of_type(w, a, b, 1u << OBJ_NAME);
}

/* What a field can be filled with: no dictionary, which could be something else as well. */
bool
field_value(struct walk *w, const struct obj *a, const struct obj *b)
{
	static const char *const keys[] = {"Length", "Filter", "DecodeParms"};
	const struct obj *item;
	uint32_t i;

	(void)a;
	b = walk_new(w, b);
	if (b->type == OBJ_STREAM)
		return only_keys(b, keys, NITEMS(keys));
	for (i = 0; b->type == OBJ_ARRAY && i < b->n; i++) {
		item = walk_new(w, &b->u.items[i]);
		if (!doc_step(w->d) || item->type >= OBJ_ARRAY)
			return false;
	}
	return b->type <= OBJ_ARRAY;
}

/* Values of an annotation that lead nowhere: numbers, texts, and arrays of them. */
bool
annot_value(struct walk *w, const struct obj *a, const struct obj *b)
{
	const struct obj *item, *part;
	uint32_t i, k;

	(void)a;
	b = walk_new(w, b);
	for (i = 0; b->type == OBJ_ARRAY && i < b->n; i++) {
		item = walk_new(w, &b->u.items[i]);
		for (k = 0; item->type == OBJ_ARRAY && k < item->n; k++) {
			part = walk_new(w, &item->u.items[k]);
			if (!doc_step(w->d) || part->type >= OBJ_ARRAY)
				return false;
		}
		if (!doc_step(w->d) || item->type > OBJ_ARRAY)
			return false;
	}
	return b->type <= OBJ_ARRAY;
}

bool
annot_type(struct walk *w, const struct obj *a, const struct obj *b)
{
	a = walk_old(w, a);
	b = walk_new(w, b);
	return (a->type == OBJ_NULL || obj_is_name(a, "Annot")) &&
	       (b->type == OBJ_NULL || obj_is_name(b, "Annot"));
}

/* What a widget looks like now; what was there before need not have been sound. */
bool
appearance(struct walk *w, const struct obj *a, const struct obj *b)
{
	static const char *const keys[] = {"N", "R", "D"};

	(void)a;
	b = walk_new(w, b);
	return b->type != OBJ_STREAM && only_keys(b, keys, NITEMS(keys));
}

/* Without a /BBox a form is painted by some readers wherever it likes (8.10.2 requires one). */
static bool
has_box(struct walk *w, const struct obj *form)
{
	const struct obj *box = walk_new(w, obj_get(form, "BBox")), *n;
	uint32_t i;

	if (form->type != OBJ_STREAM || box->type != OBJ_ARRAY || box->n != 4)
		return false;
	for (i = 0; i < 4; i++) {
		n = walk_new(w, &box->u.items[i]);
		if (n->type != OBJ_INT && n->type != OBJ_REAL)
			return false;
	}
	return true;
}

bool
framed(struct walk *w, const struct obj *a, const struct obj *b)
{
	const struct obj *one, *state;
	uint32_t i, k;

	if (!appearance(w, a, b))
		return false;
	b = walk_new(w, b);
	for (i = 0; obj_is_dict(b) && i < b->n; i++) {
		one = walk_new(w, &b->u.d.pairs[i].val);
		if (one->type == OBJ_STREAM && !has_box(w, one))
			return false;
		for (k = 0; one->type == OBJ_DICT && k < one->n; k++) {
			state = walk_new(w, &one->u.d.pairs[k].val);
			if (!doc_step(w->d) || (state->type != OBJ_NULL && !has_box(w, state)))
				return false;
		}
	}
	return true;
}

bool
looks(struct walk *w, const struct obj *a, const struct obj *b)
{
	static const char *const keys[] = {
	    "R", "BC", "BG", "CA", "RC", "AC", "I", "RI", "IX", "IF", "TP"};

	(void)a;
	b = walk_new(w, b);
	return b->type != OBJ_STREAM && only_keys(b, keys, NITEMS(keys));
}

/* A line that is no wider than the widest that forms have. */
bool
border(struct walk *w, const struct obj *a, const struct obj *b)
{
	static const char *const keys[] = {"Type", "W", "S", "D"};
	const struct obj *width;

	(void)a;
	b = walk_new(w, b);
	width = walk_new(w, obj_get(b, "W"));
	return (b->type == OBJ_NULL || b->type == OBJ_DICT) && only_keys(b, keys, NITEMS(keys)) &&
	       (width->type == OBJ_NULL ||
		   (width->type == OBJ_INT && width->u.i >= 0 && width->u.i <= 3) ||
		   (width->type == OBJ_REAL && width->u.r >= 0 && width->u.r <= 3));
}

/* Programs that write a field again write its texts in the encoding that they like. */
bool
same_words(struct walk *w, const struct obj *a, const struct obj *b)
{
	a = walk_old(w, a);
	b = walk_new(w, b);
	return a->type == OBJ_STRING && b->type == OBJ_STRING && text_same(a->u.s, b->u.s);
}

bool
lock_added(struct walk *w, const struct obj *a, const struct obj *b)
{
	static const char *const keys[] = {"Type", "Action", "Fields", "P"};

	b = walk_new(w, b);
	return a->type == OBJ_NULL && b->type == OBJ_DICT && only_keys(b, keys, NITEMS(keys));
}

/* Resources of the form: categories stay, more may come.  (Its fonts: change_field.c.) */
bool
resources_added(struct walk *w, const struct obj *a, const struct obj *b)
{
	const struct obj *y;
	uint32_t i;

	a = walk_old(w, a);
	b = walk_new(w, b);
	if (b->type != OBJ_DICT || b->dup_key || (a->type != OBJ_DICT && a->type != OBJ_NULL))
		return false;
	for (i = 0; a->type == OBJ_DICT && i < a->n; i++) {
		y = walk_new(w, obj_get_bytes(b, a->u.d.pairs[i].key));
		if (y->type != walk_old(w, &a->u.d.pairs[i].val)->type)
			return false;
	}
	return true;
}

bool
mild_action(struct walk *w, const struct obj *a, const struct obj *b)
{
	static const char *const kinds[] = {"URI", "GoTo", "GoToR", "Named", "Thread"};

	(void)a;
	b = walk_new(w, b);
	if (b->type == OBJ_NULL)
		return true;
	return obj_is_any(walk_new(w, obj_get(b, "S")), kinds, NITEMS(kinds)) &&
	       b->type == OBJ_DICT && obj_get(b, "Next")->type == OBJ_NULL;
}

bool
no_widget(struct walk *w, const struct obj *a, const struct obj *b)
{
	return !obj_is_name(walk_old(w, a), "Widget") && !obj_is_name(walk_new(w, b), "Widget");
}

/* --- what shows, and what is new --- */

bool
is_new(struct walk *w, const struct obj *ref)
{
	const struct def *def;
	uint32_t i;

	if (ref->type != OBJ_REF || ref->u.ref.num >= w->d->nnums)
		return false;
	for (i = w->d->newest[ref->u.ref.num]; i != 0; i = def->older) {
		def = &w->d->defs[i - 1];
		if (def->section <= w->o && def->type != DEF_FREE)
			return false;
	}
	return true;
}

bool
invisible(struct walk *w, size_t section, const struct obj *widget)
{
	const struct obj *rect, *f, *n;
	bool drawn = obj_get(widget, "AP")->type != OBJ_NULL, wide, high;
	double v[4];
	uint32_t i;

	if (revision_key(w->d, section, widget, "Rect", &rect) != RC_OK)
		return false;
	if (rect->type == OBJ_NULL)
		return obj_get(widget, "Kids")->type == OBJ_NULL && !drawn;
	if (rect->type != OBJ_ARRAY || rect->n != 4)
		return false;
	for (i = 0; i < 4; i++) {
		if (revision_get(w->d, section, &rect->u.items[i], &n) != RC_OK)
			return false;
		v[i] = obj_number(n, 1e9 * (i + 1.0));
	}
	wide = v[0] < v[2] || v[0] > v[2];
	high = v[1] < v[3] || v[1] > v[3];
	/* An appearance without area in one direction can still be a line through a text. */
	if ((!wide && !high) || ((!wide || !high) && !drawn))
		return true;
	if (revision_key(w->d, section, widget, "F", &f) != RC_OK)
		return false;
	/* Hidden; or NoView, and neither Print nor ToggleNoView, which show it elsewhere. */
	return f->type == OBJ_INT &&
	       ((f->u.i & 2) != 0 || ((f->u.i & 32) != 0 && (f->u.i & (4 | 256)) == 0));
}

/* --- the structure for screen readers --- */

/* The items of a /K, which may be a single one. */
static const struct obj *
items(const struct obj *k, uint32_t *n)
{
	*n = k->type == OBJ_ARRAY ? k->n : k->type == OBJ_NULL ? 0 : 1;
	return k->type == OBJ_ARRAY ? k->u.items : k;
}

/* A new element that speaks of annotations only, not of what the page says. */
static bool
/* NOLINTNEXTLINE(misc-no-recursion): depth ends it */
new_element(struct walk *w, const struct obj *raw, unsigned depth)
{
	static const char *const of_ref[] = {"Type", "Pg", "Obj"};
	static const char *const of_elem[] = {
	    "Type", "S", "ID", "P", "Pg", "K", "A", "C", "R", "T", "Lang", "Alt", "NS"};
	const struct obj *o = walk_new(w, raw), *k;
	uint32_t i, n;

	if (depth == 8 || !doc_step(w->d) || o->type != OBJ_DICT ||
	    (raw->type == OBJ_REF && !is_new(w, raw)))
		return false;
	if (obj_is_name(walk_new(w, obj_get(o, "Type")), "OBJR"))
		return only_keys(o, of_ref, NITEMS(of_ref)) && obj_get(o, "Obj")->type == OBJ_REF;
	if (!only_keys(o, of_elem, NITEMS(of_elem)) || obj_get(o, "S")->type != OBJ_NAME)
		return false;
	/* One item by reference may be an array or the item. */
	k = obj_get(o, "K");
	if (walk_new(w, k)->type == OBJ_ARRAY)
		k = walk_new(w, k);
	k = items(k, &n);
	for (i = 0; i < n; i++) {
		if (!new_element(w, &k[i], depth + 1))
			return false;
	}
	return true;
}

/* A whole tree for fields and annotations where there was none. */
bool
new_structure(struct walk *w, const struct obj *raw)
{
	static const char *const keys[] = {"Type", "K", "ParentTree", "ParentTreeNextKey", "IDTree",
	    "RoleMap", "ClassMap", "Namespaces"};
	const struct obj *o = walk_new(w, raw), *k;
	uint32_t i, n;

	if (o->type != OBJ_DICT || !is_new(w, raw) || !only_keys(o, keys, NITEMS(keys)))
		return false;
	k = obj_get(o, "K");
	if (walk_new(w, k)->type == OBJ_ARRAY)
		k = walk_new(w, k);
	k = items(k, &n);
	for (i = 0; i < n; i++) {
		if (!new_element(w, &k[i], 0))
			return false;
	}
	return true;
}

/* The old kids are there in their order, and others are new. */
bool
kids_added(struct walk *w, const struct obj *a, const struct obj *b)
{
	const struct obj *x = walk_old(w, a), *y = walk_new(w, b);
	uint32_t i, k = 0, n, m;

	if (x->type != OBJ_ARRAY)
		x = a;
	if (y->type != OBJ_ARRAY)
		y = b;
	if (revision_equal(x, y, 0))
		return false;
	x = items(x, &n);
	y = items(y, &m);
	for (i = 0; i < m && doc_step(w->d); i++) {
		if (k < n && revision_equal(&x[k], &y[i], 0))
			k++;
		else if (!new_element(w, &y[i], 0))
			return false;
	}
	return k == n && i == m;
}
