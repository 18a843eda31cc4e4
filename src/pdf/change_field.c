/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The form, ISO 32000-2, 12.7: fields of the old view are filled in or signed, and
 * new signature fields come.  A field is the same one if it is the same object
 * in the same place of the tree.
 */
#include <string.h>

#include "caps.h"
#include "change_part.h"
#include "change_table.h"
#include "revision.h"
#include "text.h"

#define NITEMS(a) (sizeof(a) / sizeof((a)[0]))
#define FOUND     0x80000000u
#define MAX_NEST  8 /* of fields that are added at once */

static const struct obj no_items = {.type = OBJ_ARRAY};

/* --- the list --- */

static uint32_t
add(struct diff *f, const struct obj *ref, uint32_t up, const struct obj *a, const struct obj *b)
{
	struct walk *w = &f->w;

	w->rc = arena_grow(w->d->arena, &f->fields, f->nfields, &f->cap_fields, sizeof(*f->fields));
	if (w->rc != RC_OK)
		return 0;
	f->fields[f->nfields].ref = ref;
	f->fields[f->nfields].up = up;
	f->fields[f->nfields].a = a->type == OBJ_DICT ? a : &obj_null;
	f->fields[f->nfields].b = b->type == OBJ_DICT ? b : &obj_null;
	return (uint32_t)++f->nfields;
}

char *
field_name(struct diff *f, uint32_t index)
{
	const struct obj *parts[CAP_DEPTH], *t;
	char *name = NULL, *part;
	size_t n = 0;
	uint32_t i;

	for (i = index; i != 0 && n < NITEMS(parts); i = f->fields[i - 1].up) {
		t = walk_new(&f->w, obj_get(f->fields[i - 1].b, "T"));
		if (t->type != OBJ_STRING)
			t = walk_old(&f->w, obj_get(f->fields[i - 1].a, "T"));
		if (t->type == OBJ_STRING)
			parts[n++] = t;
	}
	while (n-- > 0) {
		if ((part = text_utf8(f->w.d->arena, parts[n]->u.s)) == NULL)
			return NULL;
		if (name != NULL && strlen(name) + strlen(part) < TEXT_MAX)
			part = arena_printf(f->w.d->arena, "%s.%s", name, part);
		if ((name = part) == NULL)
			return NULL;
	}
	return name;
}

/* A value that a field may inherit (ISO 32000-2, 12.7.4.1), raw. */
static const struct obj *
inherited(struct diff *f, uint32_t i, const char *key, bool now)
{
	const struct obj *o = &obj_null;

	for (; i != 0 && o->type == OBJ_NULL && doc_step(f->w.d); i = f->fields[i - 1].up)
		o = obj_get(now ? f->fields[i - 1].b : f->fields[i - 1].a, key);
	return o;
}

static bool
is_signature(struct diff *f, uint32_t i, bool now)
{
	const struct obj *ft = inherited(f, i, "FT", now);

	return obj_is_name(now ? walk_new(&f->w, ft) : walk_old(&f->w, ft), "Sig");
}

static bool
has_value(struct diff *f, uint32_t i)
{
	const struct obj *ft = walk_old(&f->w, inherited(f, i, "FT", false));

	return obj_is_name(ft, "Tx") || obj_is_name(ft, "Btn") || obj_is_name(ft, "Ch");
}

bool
field_is_empty(struct diff *f, uint32_t i)
{
	if (!is_signature(f, i, false) ||
	    walk_old(&f->w, inherited(f, i, "V", false))->type != OBJ_NULL)
		return false;
	return obj_get(f->fields[i - 1].a, "AP")->type == OBJ_NULL ||
	       walk_new(&f->w, inherited(f, i, "V", true))->type != OBJ_NULL;
}

/* The fields of one list of the old view. */
static void
collect(struct diff *f, const struct obj *list, uint32_t up)
{
	struct walk *w = &f->w;
	const struct obj *ref, *a;
	struct known *k;
	uint32_t i;

	for (i = 0; list->type == OBJ_ARRAY && i < list->n && w->rc == RC_OK; i++) {
		ref = &list->u.items[i];
		if (ref->type != OBJ_REF || (k = walk_known(w, ref->u.ref.num)) == NULL ||
		    !doc_step(w->d))
			continue;
		/* Another generation of a field names nothing, and is not the field. */
		if ((a = walk_old(w, ref))->type != OBJ_DICT || k->widget == w->mark)
			continue;
		k->special = k->widget = w->mark;
		k->field = add(f, ref, up, a, walk_new(w, ref));
		f->values |= has_value(f, k->field);
	}
}

void
field_collect(struct diff *f, const struct obj *a)
{
	struct walk *w = &f->w;
	size_t i;

	f->nfields = 0;
	f->values = false;
	collect(f, walk_old(w, obj_get(walk_old(w, obj_get(a, "AcroForm")), "Fields")), 0);
	for (i = 0; i < f->nfields && w->rc == RC_OK; i++)
		collect(f, walk_old(w, obj_get(f->fields[i].a, "Kids")), (uint32_t)i + 1);
	f->nold = f->nfields;
}

/* --- signatures --- */

static struct root
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
static bool
new_signature(struct walk *w, const struct obj *ref, bool *stamp)
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

/* The next widget of a field that shows, from its kid *i on; NULL if there is none. */
static const struct obj *
shown(struct diff *f, uint32_t i, uint32_t *next, uint32_t *num)
{
	struct walk *w = &f->w;
	const struct obj *b = f->fields[i - 1].b, *kids, *kid;

	*num = f->fields[i - 1].ref->u.ref.num;
	if ((*next)++ == 0 && !invisible(w, w->n, b) && obj_get(b, "Rect")->type != OBJ_NULL)
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

static bool
is_shown(struct diff *f, uint32_t i, bool *drawn)
{
	uint32_t next = 0, num;
	const struct obj *o;
	bool any = false;

	*drawn = false;
	while ((o = shown(f, i, &next, &num)) != NULL && doc_step(f->w.d)) {
		any = true;
		*drawn |= obj_get(o, "AP")->type != OBJ_NULL;
	}
	return any;
}

/* A field that has got a signature: its level by what it shows. */
static void
tell_signed(struct diff *f, uint32_t i, bool stamp, enum pdf_change_kind kind)
{
	struct root at = field_root(f, i);
	bool drawn, seen = is_shown(f, i, &drawn);

	at.kind = stamp ? PDF_CHANGE_TIMESTAMP_ADDED : kind;
	at.level = stamp && !seen ? PDF_MOD_LTA_UPDATES : PDF_MOD_FORM_FILLING;
	at.lock_exempt = at.level == PDF_MOD_LTA_UPDATES;
	tell_shown(f, i, at);
}

/* --- fields that were added --- */

static bool
same_name(struct walk *w, const struct obj *raw, const struct obj *t, bool now)
{
	const struct obj *o = now ? walk_new(w, obj_get(walk_new(w, raw), "T"))
				  : walk_old(w, obj_get(walk_old(w, raw), "T"));

	return o->type == OBJ_STRING && bytes_eq(o->u.s, t->u.s);
}

/* A partial name that no other field of the list has, before or now. */
static bool
unique_name(struct walk *w, const struct obj *ref, const struct obj *t, const struct obj *old,
    const struct obj *list)
{
	uint32_t i;

	if (t->type != OBJ_STRING || t->u.s.len == 0 || memchr(t->u.s.p, '.', t->u.s.len) != NULL)
		return false;
	for (i = 0; i < old->n; i++) {
		if (!doc_step(w->d) || same_name(w, &old->u.items[i], t, false))
			return false;
	}
	for (i = 0; i < list->n; i++) {
		if (&list->u.items[i] != ref &&
		    (!doc_step(w->d) || same_name(w, &list->u.items[i], t, true)))
			return false;
	}
	return true;
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
	static const char *const looks[] = {"N", "R", "D"};
	struct walk *w = &f->w;
	const struct obj *p = obj_get(o, "P"), *parent = obj_get(o, "Parent"), *ap;
	struct known *k = p->type == OBJ_REF ? walk_known(w, p->u.ref.num) : NULL;

	if (p->type != OBJ_NULL && (k == NULL || k->leaf != w->mark))
		return false;
	if (parent->type != OBJ_NULL &&
	    (up == 0 || !revision_equal(parent, f->fields[up - 1].ref, 0)))
		return false;
	ap = walk_new(w, obj_get(o, "AP"));
	return ap->type != OBJ_STREAM && only_keys(ap, looks, NITEMS(looks));
}

static bool new_field(struct diff *f, const struct obj *ref, uint32_t up, const struct obj *old,
    const struct obj *list, unsigned depth);

/* The kids of a new field: fields of their own, or its widgets. */
static bool
/* NOLINTNEXTLINE(misc-no-recursion): MAX_NEST ends it */
new_kids(struct diff *f, uint32_t i, const struct obj *kids, unsigned depth, bool *group)
{
	struct walk *w = &f->w;
	const struct obj *kid;
	uint32_t k;

	for (k = 0; k < kids->n; k++) {
		kid = walk_new(w, &kids->u.items[k]);
		if (!doc_step(w->d) || !is_new(w, &kids->u.items[k]) || kid->type != OBJ_DICT ||
		    kid->dup_key)
			return false;
		if (obj_get(kid, "T")->type != OBJ_NULL) {
			*group = true;
			if (!new_field(f, &kids->u.items[k], i, &no_items, kids, depth + 1))
				return false;
			continue;
		}
		if (*group || !field_keys(kid, false) || !sound_widget(f, kid, i))
			return false;
		w->known[kids->u.items[k].u.ref.num].added = w->mark;
	}
	return true;
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
static bool
/* NOLINTNEXTLINE(misc-no-recursion): MAX_NEST ends it */
new_field(struct diff *f, const struct obj *ref, uint32_t up, const struct obj *old,
    const struct obj *list, unsigned depth)
{
	struct walk *w = &f->w;
	const struct obj *b = walk_new(w, ref), *kids, *v;
	bool group = false, stamp, seen, drawn;
	struct root at;
	uint32_t i;

	if ((i = add(f, ref, up, &obj_null, b)) == 0)
		return false;
	at = field_root(f, i);
	if (b->type != OBJ_DICT || b->dup_key)
		return refuse(f, &at, PDF_CHANGE_FIELD_ADDED);
	if (!unique_name(w, ref, walk_new(w, obj_get(b, "T")), old, list))
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
	if (!is_signature(f, i, true))
		return refuse(f, &at, PDF_CHANGE_FIELD_ADDED);
	/* What the parent is filled with is its own affair, and not this one's. */
	if (v->type == OBJ_NULL && walk_new(w, inherited(f, i, "V", true))->type != OBJ_NULL)
		return refuse(f, &at, PDF_CHANGE_SIGNATURE_REUSED);
	w->known[ref->u.ref.num].added = w->mark;
	if (v->type != OBJ_NULL) {
		if (!new_signature(w, v, &stamp))
			return refuse(f, &at, PDF_CHANGE_SIGNATURE_REUSED);
		tell_signed(f, i, stamp, PDF_CHANGE_SIGNATURE_ADDED);
		return true;
	}
	seen = is_shown(f, i, &drawn);
	at.kind = PDF_CHANGE_SIGNATURE_FIELD_ADDED;
	at.level = !seen ? PDF_MOD_LTA_UPDATES : drawn ? PDF_MOD_ANNOTATIONS : PDF_MOD_FORM_FILLING;
	tell_shown(f, i, at);
	return true;
}

/* --- lists of fields --- */

/* A field of the old list that the new one lacks. */
static void
removed(struct diff *f, const struct obj *ref, const struct obj *list, struct root at)
{
	struct walk *w = &f->w;
	const struct obj *t = walk_old(w, obj_get(walk_old(w, ref), "T"));
	uint32_t i;

	at.kind = PDF_CHANGE_FIELD_REMOVED;
	at.object = ref->u.ref.num;
	at.field = w->known[at.object].field;
	for (i = 0; t->type == OBJ_STRING && i < list->n && doc_step(w->d); i++) {
		if (same_name(w, &list->u.items[i], t, true))
			at.kind = PDF_CHANGE_FIELD_REPLACED;
	}
	walk_tell(w, &at, at.object);
}

/* Old fields stay, new ones may come. */
static void
list_pair(struct diff *f, const struct obj *a, const struct obj *b, uint32_t up, struct root at)
{
	struct walk *w = &f->w;
	const struct obj *ref;
	struct known *k;
	uint32_t i, list = ++w->list;

	for (i = a->n; i > 0; i--) {
		ref = &a->u.items[i - 1];
		if (ref->type != OBJ_REF || (k = walk_known(w, ref->u.ref.num)) == NULL ||
		    walk_old(w, ref)->type == OBJ_NULL)
			continue;
		k->in_list = list;
		k->pos = i;
	}
	for (i = 0; i < b->n && w->rc == RC_OK && doc_step(w->d); i++) {
		ref = &b->u.items[i];
		if (ref->type != OBJ_REF) {
			at.kind = PDF_CHANGE_FIELD_ADDED;
			walk_pend(w, &at, i < a->n ? &a->u.items[i] : &obj_null, ref);
			continue;
		}
		k = walk_known(w, ref->u.ref.num);
		if (k != NULL && k->in_list == list &&
		    revision_equal(&a->u.items[(k->pos & ~FOUND) - 1], ref, 0)) {
			k->pos |= FOUND;
			continue;
		}
		if (walk_new(w, ref)->type != OBJ_NULL)
			(void)new_field(f, ref, up, a, b, 0);
	}
	for (i = 0; i < a->n && w->rc == RC_OK; i++) {
		ref = &a->u.items[i];
		if (ref->type != OBJ_REF) {
			if (i >= b->n)
				walk_pend(w, &at, ref, &obj_null);
			continue;
		}
		k = walk_known(w, ref->u.ref.num);
		if (k != NULL && k->in_list == list && (k->pos & FOUND) == 0 && k->pos == i + 1)
			removed(f, ref, b, at);
	}
}

static const struct obj *
list_of(const struct obj *o)
{
	return o->type == OBJ_ARRAY ? o : &no_items;
}

/* The kids of an old field: the same, and below a group what is new. */
static void
kids_pair(struct diff *f, uint32_t i, bool group)
{
	struct walk *w = &f->w;
	const struct field x = f->fields[i - 1];
	const struct obj *a = walk_old(w, obj_get(x.a, "Kids"));
	const struct obj *b = walk_new(w, obj_get(x.b, "Kids"));
	struct root at = field_root(f, i);

	if (a->type == OBJ_ARRAY && group) {
		list_pair(f, a, list_of(b), i, at);
		return;
	}
	at.key.p = (const uint8_t *)"Kids";
	at.key.len = 4;
	walk_pend(w, &at, obj_get(x.a, "Kids"), obj_get(x.b, "Kids"));
}

/* --- fields that were there --- */

static const struct table *
table_of(struct diff *f, uint32_t i)
{
	struct walk *w = &f->w;
	const struct obj *v;
	struct root at;
	bool stamp;

	if (has_value(f, i))
		return &table_value;
	if (!is_signature(f, i, false))
		return &table_group;
	if (walk_old(w, inherited(f, i, "V", false))->type != OBJ_NULL)
		return &table_signed;
	v = inherited(f, i, "V", true);
	if (walk_new(w, v)->type == OBJ_NULL)
		return &table_empty;
	if (new_signature(w, v, &stamp)) {
		if (obj_get(f->fields[i - 1].b, "V")->type != OBJ_NULL)
			tell_signed(f, i, stamp, PDF_CHANGE_SIGNATURE_FILLED);
		return &table_filled;
	}
	at = field_root(f, i);
	at.kind = PDF_CHANGE_SIGNATURE_REUSED;
	walk_tell(w, &at, at.object);
	return &table_empty;
}

/* One node of the old tree in both views. */
static void
field_pair(struct diff *f, uint32_t i)
{
	struct walk *w = &f->w;
	const struct field x = f->fields[i - 1]; /* the list may move */
	struct root at = field_root(f, i);
	const struct table *table;
	struct node *a, *b;
	struct def *da, *db;

	if (walk_node(w, w->o, x.ref->u.ref.num, x.ref->u.ref.gen, &a, &da) != RC_OK ||
	    walk_node(w, w->n, x.ref->u.ref.num, x.ref->u.ref.gen, &b, &db) != RC_OK) {
		at.kind = PDF_CHANGE_UNREADABLE;
		walk_tell(w, &at, at.object);
		return;
	}
	if (b == NULL || b->obj.type != OBJ_DICT) {
		at.kind = PDF_CHANGE_FIELD_REMOVED;
		walk_tell(w, &at, at.object);
		return;
	}
	table = table_of(f, i);
	walk_dict(w, table, at, x.a, x.b);
	/* A signature that is there, or has just come, keeps the widgets that it has. */
	if (table != &table_signed && table != &table_filled)
		kids_pair(f, i, table == &table_group);
}

/* --- the form --- */

/* A font that fields are drawn with is replaced by no other. */
static void
fonts_pair(struct diff *f, const struct obj *a, const struct obj *b)
{
	struct walk *w = &f->w;
	struct root at = {.base = "Root/AcroForm/DR/Font",
	    .index = -1,
	    .level = PDF_MOD_OTHER,
	    .kind = PDF_CHANGE_FORM};
	uint32_t i;

	a = walk_old(w, obj_get(walk_old(w, obj_get(a, "DR")), "Font"));
	b = walk_new(w, obj_get(walk_new(w, obj_get(b, "DR")), "Font"));
	for (i = 0; obj_is_dict(a) && i < a->n; i++) {
		at.key = a->u.d.pairs[i].key;
		walk_pend(w, &at, &a->u.d.pairs[i].val, obj_get_bytes(b, at.key));
	}
}

void
field_judge(struct diff *f, const struct obj *aroot, const struct obj *broot)
{
	struct walk *w = &f->w;
	const struct obj *a = walk_old(w, obj_get(aroot, "AcroForm"));
	const struct obj *b = walk_new(w, obj_get(broot, "AcroForm"));
	struct root at = {
	    .base = "Root/AcroForm", .index = -1, .level = PDF_MOD_OTHER, .kind = PDF_CHANGE_FORM};
	uint32_t i;

	if (a->type == OBJ_NULL && b->type == OBJ_NULL)
		return;
	if (b->type != OBJ_DICT || (a->type != OBJ_DICT && a->type != OBJ_NULL)) {
		walk_tell(w, &at, 0);
		return;
	}
	list_pair(f, list_of(walk_old(w, obj_get(a, "Fields"))),
	    list_of(walk_new(w, obj_get(b, "Fields"))), 0, at);
	fonts_pair(f, a, b);
	walk_dict(w, f->values ? &table_form : &table_bare_form, at, a, b);
	for (i = 1; i <= f->nold && w->rc == RC_OK; i++)
		field_pair(f, i);
}
