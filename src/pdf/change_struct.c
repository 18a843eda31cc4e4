/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The structure for screen readers, ISO 32000-2, 14.7: it may grow by what speaks of new fields. */
#include "change_allow.h"
#include "change_part.h"
#include "change_table.h"
#include "revision.h"

static const struct obj *
element(struct walk *w, const struct obj *raw)
{
	const struct obj *o = walk_old(w, raw), *type = walk_old(w, obj_get(o, "Type"));

	if (o->type != OBJ_DICT || obj_is_name(type, "OBJR") || obj_is_name(type, "MCR"))
		return NULL;
	return o;
}

/* The elements among the kids, each once. */
static void
/* NOLINTNEXTLINE(misc-no-recursion): direct elements nest as deep as their object */
collect(struct diff *f, const struct obj *raw)
{
	struct walk *w = &f->w;
	const struct obj *k = walk_old(w, raw), *elem;
	uint32_t i, n = k->type == OBJ_ARRAY ? k->n : 1;

	for (i = 0; i < n && w->rc == RC_OK && doc_step(w->d); i++) {
		const struct obj *item = k->type == OBJ_ARRAY ? &k->u.items[i] : raw;

		if ((elem = element(w, item)) == NULL)
			continue;
		if (item->type != OBJ_REF) {
			if (item != raw || raw->type != OBJ_REF)
				collect(f, obj_get(elem, "K"));
			continue;
		}
		if (item->u.ref.num >= w->d->nnums || walk_special(w, item->u.ref.num))
			continue;
		walk_set_special(w, item->u.ref.num);
		w->rc =
		    arena_grow(w->d->arena, &f->elems, f->nelems, &f->cap_elems, sizeof(*f->elems));
		if (w->rc == RC_OK)
			f->elems[f->nelems++] = item->u.ref.num;
	}
}

void
struct_collect(struct diff *f, const struct obj *a, const struct obj *b)
{
	const struct obj *raw = obj_get(a, "StructTreeRoot"), *now = obj_get(b, "StructTreeRoot");
	struct obj ref = {.type = OBJ_REF};
	struct node *node;
	struct def *def;
	size_t i;

	f->nelems = 0;
	if (walk_old(&f->w, raw)->type != OBJ_DICT || walk_new(&f->w, now)->type != OBJ_DICT)
		return;
	if (raw->type == OBJ_REF && revision_equal(raw, now, 0))
		walk_set_special(&f->w, raw->u.ref.num);
	collect(f, obj_get(walk_old(&f->w, raw), "K"));
	for (i = 0; i < f->nelems && f->w.rc == RC_OK; i++) {
		def = revision_def(f->w.d, f->w.o, f->elems[i]);
		ref.u.ref.num = f->elems[i];
		ref.u.ref.gen = def != NULL && def->type == DEF_PLAIN ? def->gen : 0;
		if (walk_node(&f->w, f->w.o, ref.u.ref.num, ref.u.ref.gen, &node, &def) == RC_OK &&
		    node != NULL)
			collect(f, obj_get(&node->obj, "K"));
	}
}

static void
elem_pair(struct diff *f, uint32_t num)
{
	struct root at = {.base = "Root/StructTreeRoot",
	    .index = -1,
	    .object = num,
	    .level = PDF_MOD_OTHER,
	    .kind = PDF_CHANGE_OTHER};
	struct def *da = revision_def(f->w.d, f->w.o, num), *db = revision_def(f->w.d, f->w.n, num);
	struct node *a, *b;

	if (da == NULL || db == NULL ||
	    (da->type == DEF_PLAIN ? da->gen : 0) != (db->type == DEF_PLAIN ? db->gen : 0) ||
	    revision_node(f->w.d, f->w.o, da, &a) != RC_OK ||
	    revision_node(f->w.d, f->w.n, db, &b) != RC_OK || b->obj.type != OBJ_DICT) {
		walk_tell(&f->w, &at, num);
		return;
	}
	walk_dict(&f->w, &table_struct_elem, at, &a->obj, &b->obj);
}

void
struct_judge(struct diff *f, const struct obj *a, const struct obj *b)
{
	const struct obj *x = obj_get(a, "StructTreeRoot"), *y = obj_get(b, "StructTreeRoot");
	struct root at = {.base = "Root",
	    .index = -1,
	    .key = {(const uint8_t *)"StructTreeRoot", 14},
	    .level = PDF_MOD_OTHER,
	    .kind = PDF_CHANGE_OTHER};
	size_t i;

	if (x->type == OBJ_NULL && y->type != OBJ_NULL && new_structure(&f->w, y)) {
		at.level = PDF_MOD_FORM_FILLING;
		at.kind = PDF_CHANGE_STRUCTURE;
		walk_tell(&f->w, &at, y->u.ref.num);
		return;
	}
	if (walk_old(&f->w, x)->type != OBJ_DICT || walk_new(&f->w, y)->type != OBJ_DICT) {
		walk_pend(&f->w, &at, x, y);
		return;
	}
	if (y->type == OBJ_REF)
		at.object = y->u.ref.num;
	x = walk_old(&f->w, x);
	y = walk_new(&f->w, y);
	at.base = "Root/StructTreeRoot";
	at.key.len = 0;
	walk_dict(&f->w, &table_struct_root, at, x, y);
	for (i = 0; i < f->nelems && f->w.rc == RC_OK; i++)
		elem_pair(f, f->elems[i]);
}
