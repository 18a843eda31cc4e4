/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The form, ISO 32000-2, 12.7: fields of the old view are filled in or signed, and
 * new signature fields come.  A field is the same one if it is the same object
 * in the same place of the tree.
 */
#include <string.h>

#include "caps.h"
#include "change_field.h"
#include "change_table.h"

#include "revision.h"
#include "text.h"

#define NITEMS(a) (sizeof(a) / sizeof((a)[0]))
#define FOUND     0x80000000u

static const struct obj no_items = {.type = OBJ_ARRAY};

/* --- the list --- */

uint32_t
field_add(
    struct diff *f, const struct obj *ref, uint32_t up, const struct obj *a, const struct obj *b)
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
const struct obj *
field_inherited(struct diff *f, uint32_t i, const char *key, bool now)
{
	const struct obj *o = &obj_null;

	for (; i != 0 && o->type == OBJ_NULL && doc_step(f->w.d); i = f->fields[i - 1].up)
		o = obj_get(now ? f->fields[i - 1].b : f->fields[i - 1].a, key);
	return o;
}

bool
field_is_signature(struct diff *f, uint32_t i, bool now)
{
	const struct obj *ft = field_inherited(f, i, "FT", now);

	return obj_is_name(now ? walk_new(&f->w, ft) : walk_old(&f->w, ft), "Sig");
}

static bool
has_value(struct diff *f, uint32_t i)
{
	const struct obj *ft = walk_old(&f->w, field_inherited(f, i, "FT", false));

	return obj_is_name(ft, "Tx") || obj_is_name(ft, "Btn") || obj_is_name(ft, "Ch");
}

bool
field_is_empty(struct diff *f, uint32_t i)
{
	if (!field_is_signature(f, i, false) ||
	    walk_old(&f->w, field_inherited(f, i, "V", false))->type != OBJ_NULL)
		return false;
	return obj_get(f->fields[i - 1].a, "AP")->type == OBJ_NULL ||
	       walk_new(&f->w, field_inherited(f, i, "V", true))->type != OBJ_NULL;
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
		k->field = field_add(f, ref, up, a, walk_new(w, ref));
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

/* --- lists of fields --- */

/* A field of the old list that the new one lacks. */
static void
removed(struct diff *f, const struct obj *ref, const struct obj *list, struct root at)
{
	struct walk *w = &f->w;
	const struct obj *t = walk_old(w, obj_get(walk_old(w, ref), "T")), *o;
	uint32_t i;

	at.kind = PDF_CHANGE_FIELD_REMOVED;
	at.object = ref->u.ref.num;
	at.field = w->known[at.object].field;
	for (i = 0; t->type == OBJ_STRING && i < list->n && doc_step(w->d); i++) {
		o = walk_new(w, obj_get(walk_new(w, &list->u.items[i]), "T"));
		if (o->type == OBJ_STRING && bytes_eq(o->u.s, t->u.s))
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
	size_t names = SIZE_MAX;

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
		if (walk_new(w, ref)->type == OBJ_NULL)
			continue;
		if (names == SIZE_MAX)
			names = added_names(f, b);
		(void)added_field(f, ref, up, names, 0);
	}
	f->nnames = 0;
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
	if (!field_is_signature(f, i, false))
		return &table_group;
	if (walk_old(w, field_inherited(f, i, "V", false))->type != OBJ_NULL)
		return &table_signed;
	v = field_inherited(f, i, "V", true);
	if (walk_new(w, v)->type == OBJ_NULL)
		return &table_empty;
	if (added_signature(w, v, &stamp)) {
		if (obj_get(f->fields[i - 1].b, "V")->type != OBJ_NULL)
			added_signed(f, i, stamp, PDF_CHANGE_SIGNATURE_FILLED);
		return &table_filled;
	}
	at = field_root(f, i);
	at.kind = added_why(w, v);
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

static bool
asks_anew(const struct obj *o)
{
	return o->type != OBJ_NULL && (o->type != OBJ_BOOL || o->u.b);
}

/*
 * /NeedAppearances makes readers draw what is there anew, signed stamps as well: those have been
 * seen as their /AP draws them, and then show the background of /MK.
 */
static bool
drawn_anew(struct diff *f, const struct obj *a, const struct obj *b)
{
	struct walk *w = &f->w;
	struct root at = {.base = "Root/AcroForm",
	    .index = -1,
	    .key = {(const uint8_t *)"NeedAppearances", 15},
	    .level = PDF_MOD_ANNOTATIONS,
	    .kind = PDF_CHANGE_FORM};
	uint32_t i;

	if (asks_anew(walk_old(w, obj_get(a, "NeedAppearances"))) ||
	    !asks_anew(walk_new(w, obj_get(b, "NeedAppearances"))))
		return false;
	for (i = 1; i <= f->nold && doc_step(w->d); i++) {
		if (field_is_signature(f, i, false) &&
		    obj_get(f->fields[i - 1].a, "MK")->type != OBJ_NULL) {
			walk_tell(w, &at, 0);
			break;
		}
	}
	return true;
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
	bool anew;

	if (a->type == OBJ_NULL && b->type == OBJ_NULL)
		return;
	if (b->type != OBJ_DICT || (a->type != OBJ_DICT && a->type != OBJ_NULL)) {
		walk_tell(w, &at, 0);
		return;
	}
	list_pair(f, list_of(walk_old(w, obj_get(a, "Fields"))),
	    list_of(walk_new(w, obj_get(b, "Fields"))), 0, at);
	fonts_pair(f, a, b);
	anew = drawn_anew(f, a, b);
	walk_dict(w, f->values || anew ? &table_form : &table_bare_form, at, a, b);
	for (i = 1; i <= f->nold && w->rc == RC_OK; i++)
		field_pair(f, i);
}
