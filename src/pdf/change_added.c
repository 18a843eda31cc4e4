/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Signatures and fields that are new: what may come, and what it shows. */
#include <stdlib.h>
#include <string.h>

#include "change_allow.h"
#include "change_field.h"
#include "revision.h"
#include "stream.h"

#define NITEMS(a) (sizeof(a) / sizeof((a)[0]))
#define MAX_NEST  8 /* of fields that are added at once */

static const struct obj no_items = {.type = OBJ_ARRAY};

/* --- signatures --- */

struct root
field_root(struct diff *f, uint32_t i)
{
	struct root at = {.base = "Root/AcroForm/Fields",
	    .index = (int64_t)i - 1,
	    .level = PDF_MOD_OTHER,
	    .kind = PDF_CHANGE_FIELD_PROPERTY,
	    .field = i};

	at.object = at.shown_num = f->fields[i - 1].ref->u.ref.num;
	at.shown = f->fields[i - 1].b;
	return at;
}

/* A signature that was nowhere before, also not hidden. */
bool
added_signature(struct walk *w, const struct obj *ref, bool *stamp)
{
	static const char *const keys[] = {"Type", "Filter", "SubFilter", "Contents", "ByteRange",
	    "Cert", "Reference", "Changes", "Name", "M", "Location", "Reason", "ContactInfo", "R",
	    "V", "Prop_Build", "Prop_AuthTime", "Prop_AuthType"};
	const struct obj *v;

	if (!is_new(w, ref))
		return false;
	v = walk_new(w, ref);
	*stamp = obj_is_name(walk_new(w, obj_get(v, "SubFilter")), "ETSI.RFC3161");
	return v->type == OBJ_DICT && only_keys(v, keys, NITEMS(keys)) &&
	       obj_get(v, "ByteRange")->type == OBJ_ARRAY &&
	       obj_get(v, "Contents")->type == OBJ_STRING;
}

/* What is wrong with one that added_signature() refuses. */
enum pdf_change_kind
added_why(struct walk *w, const struct obj *ref)
{
	return walk_new(w, ref)->dup_key ? PDF_CHANGE_UNREADABLE : PDF_CHANGE_SIGNATURE_REUSED;
}

/* The next widget of a field that shows, from its kid *i on; NULL if there is none. */
static const struct obj *
shown(struct diff *f, uint32_t i, uint32_t *next, uint32_t *num)
{
	struct walk *w = &f->w;
	const struct obj *b = f->fields[i - 1].b, *kids, *kid;

	*num = f->fields[i - 1].ref->u.ref.num;
	if ((*next)++ == 0 && !invisible(w, w->n, b) &&
	    (obj_get(b, "Rect")->type != OBJ_NULL || obj_get(b, "AP")->type != OBJ_NULL))
		return b;
	kids = walk_new(w, obj_get(b, "Kids"));
	for (; kids->type == OBJ_ARRAY && *next <= kids->n && doc_step(w->d); (*next)++) {
		kid = walk_new(w, &kids->u.items[*next - 1]);
		*num = kids->u.items[*next - 1].type == OBJ_REF ? kids->u.items[*next - 1].u.ref.num
								: 0;
		if (kid->type == OBJ_DICT && !invisible(w, w->n, kid)) {
			(*next)++;
			return kid;
		}
	}
	return NULL;
}

/* One change, and one more for each further place where it shows. */
static void
tell_shown(struct diff *f, uint32_t i, struct root at)
{
	uint32_t next = 0, num;
	const struct obj *o = shown(f, i, &next, &num);

	at.fresh = false;
	do {
		at.shown = o;
		at.shown_num = o == NULL ? 0 : num;
		walk_tell(&f->w, &at, at.object);
		o = o == NULL ? NULL : shown(f, i, &next, &num);
	} while (o != NULL && f->w.rc == RC_OK);
}

/*
 * NoZoom and NoRotate: its place on a page that is small or turned is not its /Rect.
 * Without one each viewer has its own idea.
 */
static bool
strays(struct walk *w, const struct obj *widget)
{
	const struct obj *flags = walk_new(w, obj_get(widget, "F"));

	return obj_get(widget, "Rect")->type == OBJ_NULL ||
	       (flags->type != OBJ_NULL &&
		   (flags->type != OBJ_INT || (flags->u.i & (8 | 16)) != 0));
}

/* A picture, unless it is the empty one with which some programs prepare a place to sign. */
static bool
draws(struct walk *w, const struct obj *widget)
{
	static const char *const normal[] = {"N"};
	const struct obj *ap = walk_new(w, obj_get(widget, "AP")), *n;
	struct pdf_bytes raw;

	if (obj_get(widget, "AP")->type == OBJ_NULL)
		return false;
	n = walk_new(w, obj_get(ap, "N"));
	return ap->type != OBJ_DICT || !only_keys(ap, normal, 1) || n->type != OBJ_STREAM ||
	       stream_raw(w->d, w->n, n, &raw, NULL) != RC_OK || raw.len != 0;
}

static bool
is_shown(struct diff *f, uint32_t i, bool *drawn, bool *loose)
{
	uint32_t next = 0, num;
	const struct obj *o;
	bool any = false;

	*drawn = *loose = false;
	while ((o = shown(f, i, &next, &num)) != NULL && doc_step(f->w.d)) {
		any = true;
		*drawn |= draws(&f->w, o);
		*loose |= strays(&f->w, o);
	}
	return any;
}

/* A field that has got a signature: its level by what it shows. */
void
added_signed(struct diff *f, uint32_t i, bool stamp, enum pdf_change_kind kind)
{
	struct root at = field_root(f, i);
	bool drawn, loose, seen = is_shown(f, i, &drawn, &loose);

	at.kind = stamp ? PDF_CHANGE_TIMESTAMP_ADDED : kind;
	at.level = stamp && !seen ? PDF_MOD_LTA_UPDATES
		   : loose        ? PDF_MOD_ANNOTATIONS
				  : PDF_MOD_FORM_FILLING;
	at.lock_exempt = at.level == PDF_MOD_LTA_UPDATES;
	tell_shown(f, i, at);
}

/* --- fields that were added --- */

static int
by_bytes(const void *va, const void *vb)
{
	const struct pdf_bytes *a = va, *b = vb;
	size_t n = a->len < b->len ? a->len : b->len;
	int c = n == 0 ? 0 : memcmp(a->p, b->p, n);

	if (c != 0)
		return c;
	return a->len < b->len ? -1 : a->len > b->len;
}

/* The partial names of a list, sorted, behind those that are there; the number of those. */
size_t
added_names(struct diff *f, const struct obj *list)
{
	struct walk *w = &f->w;
	size_t from = f->nnames;
	const struct obj *t;
	uint32_t i;

	for (i = 0; i < list->n && w->rc == RC_OK && doc_step(w->d); i++) {
		t = walk_new(w, obj_get(walk_new(w, &list->u.items[i]), "T"));
		if (t->type != OBJ_STRING)
			continue;
		w->rc =
		    arena_grow(w->d->arena, &f->names, f->nnames, &f->cap_names, sizeof(*f->names));
		if (w->rc == RC_OK)
			f->names[f->nnames++] = t->u.s;
	}
	if (f->nnames > from)
		qsort(f->names + from, f->nnames - from, sizeof(*f->names), by_bytes);
	return from;
}

/* A partial name, and one that no other field of the list has. */
static bool
unique_name(struct diff *f, const struct obj *t, size_t from)
{
	const struct pdf_bytes *v, *hit;
	size_t n = f->nnames - from;

	if (t->type != OBJ_STRING || t->u.s.len == 0 || memchr(t->u.s.p, '.', t->u.s.len) != NULL ||
	    n == 0)
		return false;
	v = f->names + from;
	if ((hit = bsearch(&t->u.s, v, n, sizeof(*v), by_bytes)) == NULL)
		return false;
	return (hit == v || by_bytes(hit - 1, hit) != 0) &&
	       (hit + 1 == v + n || by_bytes(hit + 1, hit) != 0);
}

/* What ISO 32000 lists for signature fields and their widgets; /DR was in PDF 1.2. */
static bool
field_keys(const struct obj *o, bool is_field)
{
	static const char *const keys[] = {"Type", "Subtype", "Contents", "P", "NM", "M", "F", "AP",
	    "AS", "Border", "C", "StructParent", "OC", "Lang", "Rect", "H", "MK", "BS", "Parent",
	    "DA", "DR", "Q", "Ff", "FT", "T", "TU", "TM", "V", "Lock", "SV", "Kids"};

	return only_keys(o, keys, is_field ? NITEMS(keys) : NITEMS(keys) - 8);
}

/* The page, the parent and the form of the appearance are what they should be. */
static bool
sound_widget(struct diff *f, const struct obj *o, uint32_t up)
{
	struct walk *w = &f->w;
	const struct obj *p = obj_get(o, "P"), *parent = obj_get(o, "Parent");
	struct known *k = p->type == OBJ_REF ? walk_known(w, p->u.ref.num) : NULL;

	if (p->type != OBJ_NULL && (k == NULL || k->leaf != w->mark))
		return false;
	if (parent->type != OBJ_NULL &&
	    (up == 0 || !revision_equal(parent, f->fields[up - 1].ref, 0)))
		return false;
	return framed(w, &obj_null, obj_get(o, "AP"));
}

/* The kids of a new field: fields of their own, or its widgets. */
static bool
/* NOLINTNEXTLINE(misc-no-recursion): MAX_NEST ends it */
new_kids(struct diff *f, uint32_t i, const struct obj *kids, unsigned depth, bool *group)
{
	struct walk *w = &f->w;
	size_t names = added_names(f, kids);
	const struct obj *kid;
	bool sound = true;
	uint32_t k;

	for (k = 0; k < kids->n && sound; k++) {
		kid = walk_new(w, &kids->u.items[k]);
		sound = doc_step(w->d) && is_new(w, &kids->u.items[k]) && kid->type == OBJ_DICT &&
			!kid->dup_key;
		if (sound && obj_get(kid, "T")->type != OBJ_NULL) {
			*group = true;
			sound = added_field(f, &kids->u.items[k], i, names, depth + 1);
		} else if (sound) {
			sound = !*group && field_keys(kid, false) && sound_widget(f, kid, i);
			w->known[kids->u.items[k].u.ref.num].added = sound ? w->mark : 0;
		}
	}
	f->nnames = names;
	return sound;
}

static bool
refuse(struct diff *f, struct root *at, enum pdf_change_kind kind)
{
	at->level = PDF_MOD_OTHER;
	at->kind = kind;
	walk_tell(&f->w, at, at->object);
	return false;
}

/* A new field of the list, which is told.  False: it is none that may come. */
bool
/* NOLINTNEXTLINE(misc-no-recursion): MAX_NEST ends it */
added_field(struct diff *f, const struct obj *ref, uint32_t up, size_t names, unsigned depth)
{
	struct walk *w = &f->w;
	const struct obj *b = walk_new(w, ref), *kids, *v;
	bool group = false, stamp, seen, drawn, loose;
	struct root at;
	uint32_t i;

	if ((i = field_add(f, ref, up, &obj_null, b)) == 0)
		return false;
	at = field_root(f, i);
	if (b->type != OBJ_DICT || b->dup_key)
		return refuse(f, &at, PDF_CHANGE_FIELD_ADDED);
	if (!unique_name(f, walk_new(w, obj_get(b, "T")), names))
		return refuse(f, &at, PDF_CHANGE_FIELD_REPLACED);
	if (obj_get(b, "AA")->type != OBJ_NULL || obj_get(b, "A")->type != OBJ_NULL)
		return refuse(f, &at, PDF_CHANGE_ACTION);
	kids = walk_new(w, obj_get(b, "Kids"));
	if (kids->type != OBJ_ARRAY)
		kids = &no_items;
	if (depth == MAX_NEST || !is_new(w, ref) || !field_keys(b, true) || !sound_widget(f, b, up))
		return refuse(f, &at, PDF_CHANGE_FIELD_ADDED);
	if (kids->n != 0 && !new_kids(f, i, kids, depth, &group))
		return refuse(f, &at, PDF_CHANGE_FIELD_ADDED);
	v = obj_get(b, "V");
	if (walk_new(w, v)->type == OBJ_NULL)
		v = &obj_null;
	if (group) {
		/* Its kids have told what they are. */
		if (v->type != OBJ_NULL || obj_get(b, "Rect")->type != OBJ_NULL ||
		    obj_get(b, "AP")->type != OBJ_NULL)
			return refuse(f, &at, PDF_CHANGE_FIELD_ADDED);
		return true;
	}
	if (!field_is_signature(f, i, true))
		return refuse(f, &at, PDF_CHANGE_FIELD_ADDED);
	/* What the parent is filled with is its own affair, and not this one's. */
	if (v->type == OBJ_NULL && walk_new(w, field_inherited(f, i, "V", true))->type != OBJ_NULL)
		return refuse(f, &at, PDF_CHANGE_SIGNATURE_REUSED);
	w->known[ref->u.ref.num].added = w->mark;
	if (v->type != OBJ_NULL) {
		if (!added_signature(w, v, &stamp))
			return refuse(f, &at, added_why(w, v));
		added_signed(f, i, stamp, PDF_CHANGE_SIGNATURE_ADDED);
		return true;
	}
	seen = is_shown(f, i, &drawn, &loose);
	at.kind = PDF_CHANGE_SIGNATURE_FIELD_ADDED;
	at.level = !seen            ? PDF_MOD_LTA_UPDATES
		   : drawn || loose ? PDF_MOD_ANNOTATIONS
				    : PDF_MOD_FORM_FILLING;
	tell_shown(f, i, at);
	return true;
}
