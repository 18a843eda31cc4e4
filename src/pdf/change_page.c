/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The pages: the same ones in the same order, drawn in the same way; on them, annotations. */
#include <string.h>

#include "caps.h"
#include "change_allow.h"
#include "change_part.h"
#include "change_table.h"
#include "page.h"
#include "revision.h"

/* --- the tree --- */

static void
keep(struct diff *f, const struct pages *pages)
{
	struct walk *w = &f->w;
	size_t i;

	for (i = 0; i < pages->n && w->rc == RC_OK; i++) {
		w->rc = arena_grow(w->d->arena, &f->tree, f->ntree, &f->cap_tree, sizeof(*f->tree));
		if (w->rc == RC_OK)
			f->tree[f->ntree++] = pages->num[i];
	}
}

static void
tell_page(struct diff *f, enum pdf_change_kind kind, uint32_t num, unsigned page)
{
	struct root at = {.base = "Root/Pages",
	    .index = -1,
	    .level = PDF_MOD_OTHER,
	    .kind = kind,
	    .object = num,
	    .page = page};

	walk_tell(&f->w, &at, num);
}

/* Which pages came, went or moved. */
static void
compare_leaves(struct diff *f, const struct pages *now)
{
	struct walk *w = &f->w;
	const uint32_t *old = f->nleaves == 0 ? NULL : f->tree + f->ntree;
	size_t nold = f->nleaves;
	bool moved = nold != now->n, other = false;
	struct known *k;
	size_t i;

	w->list++;
	for (i = 0; i < nold; i++)
		w->known[old[i]].in_list = w->list;
	for (i = 0; i < now->n; i++) {
		k = &w->known[now->num[i]];
		k->leaf = w->mark;
		k->page = (unsigned)i + 1;
		moved |= i >= nold || old[i] != now->num[i];
		if (k->in_list != w->list) {
			tell_page(f, PDF_CHANGE_PAGE_ADDED, now->num[i], (unsigned)i + 1);
			other = true;
		}
	}
	for (i = 0; i < nold; i++) {
		if (w->known[old[i]].leaf != w->mark) {
			tell_page(f, PDF_CHANGE_PAGE_REMOVED, old[i], 0);
			other = true;
		}
	}
	if (moved && !other)
		tell_page(f, PDF_CHANGE_PAGES_REARRANGED, 0, 0);
}

/* What stands on the pages is judged here or as a field. */
static void
mark_annots(struct diff *f, uint32_t num)
{
	struct walk *w = &f->w;
	struct obj ref = {.type = OBJ_REF, .u.ref = {num, 0}};
	struct def *def = revision_def(w->d, w->o, num);
	const struct obj *list;
	uint32_t i, n;

	if (def == NULL)
		return;
	ref.u.ref.gen = def->type == DEF_PLAIN ? def->gen : 0;
	list = walk_old(w, obj_get(walk_old(w, &ref), "Annots"));
	for (i = 0; list->type == OBJ_ARRAY && i < list->n; i++) {
		if (list->u.items[i].type != OBJ_REF || !doc_step(w->d))
			continue;
		n = list->u.items[i].u.ref.num;
		if (n >= w->d->nnums || walk_old(w, &list->u.items[i])->type != OBJ_DICT)
			continue;
		walk_set_special(w, n);
		w->known[n].was = w->mark;
	}
}

bool
page_collect(struct diff *f, const struct obj *a, const struct obj *b)
{
	struct walk *w = &f->w;
	struct doc *d = w->d;
	enum rc rc;
	size_t i;

	f->ntree = 0;
	if ((rc = page_list(d, w->o)) == RC_OK) {
		keep(f, &d->tree);
		f->nleaves = d->pages.n;
		keep(f, &d->pages);
		f->ntree -= f->nleaves;
		/* Asked for last, so that it is there for the places of changes. */
		rc = page_list(d, w->n);
	}
	w->mark = ++d->mark;
	d->mark++; /* for what is drawn */
	if (rc != RC_OK || w->rc != RC_OK) {
		tell_page(f, PDF_CHANGE_UNREADABLE, 0, 0);
		return false;
	}
	for (i = 0; i < f->ntree; i++) {
		walk_set_special(w, f->tree[i]);
		w->known[f->tree[i]].node = w->mark;
	}
	compare_leaves(f, &d->pages);
	/* The tree is compared node by node: its root must be the same one. */
	if (w->nhits == 0 && !revision_equal(obj_get(a, "Pages"), obj_get(b, "Pages"), 0))
		tell_page(f, PDF_CHANGE_PAGES_REARRANGED, 0, 0);
	for (i = 0; i < f->nleaves; i++)
		mark_annots(f, f->tree[f->ntree + i]);
	return true;
}

/* --- annotations --- */

static bool
is_widget(const struct obj *subtype)
{
	return obj_is_name(subtype, "Widget");
}

/* One that was there and is there. */
static void
annot_pair(struct diff *f, const struct obj *ref, struct root at)
{
	struct walk *w = &f->w;
	const struct obj *a = walk_old(w, ref), *b = walk_new(w, ref);

	if (ref->type == OBJ_REF) {
		if (ref->u.ref.num >= w->d->nnums || w->known[ref->u.ref.num].widget == w->mark)
			return;
		at.object = at.shown_num = ref->u.ref.num;
	}
	if (a->type != OBJ_DICT || b->type != OBJ_DICT) {
		at.level = PDF_MOD_OTHER;
		at.kind = is_widget(walk_new(w, obj_get(b, "Subtype")))
			      ? PDF_CHANGE_WIDGET
			      : PDF_CHANGE_ANNOTATION_CHANGED;
		at.draws = true;
		walk_pend(w, &at, ref, ref);
		return;
	}
	at.shown = b;
	walk_dict(w, is_widget(walk_old(w, obj_get(a, "Subtype"))) ? &table_widget : &table_annot,
	    at, a, b);
}

/* One that was not on this page. */
static void
annot_added(struct diff *f, const struct obj *raw, struct root at)
{
	static const char *const media[] = {"RichMedia", "Screen", "3D", "Movie", "Sound"};
	struct walk *w = &f->w;
	const struct obj *b = walk_new(w, raw), *sub = walk_new(w, obj_get(b, "Subtype"));
	struct known *k = raw->type == OBJ_REF ? walk_known(w, raw->u.ref.num) : NULL;

	if (b->type == OBJ_NULL)
		return;
	at.shown = b;
	at.shown_num = k == NULL ? 0 : raw->u.ref.num;
	at.level = PDF_MOD_OTHER;
	at.kind = PDF_CHANGE_WIDGET;
	at.fresh = true;
	if (b->type != OBJ_DICT || (k != NULL && k->was == w->mark)) {
		walk_tell(w, &at, at.shown_num);
		return;
	}
	if (k != NULL && k->widget == w->mark) {
		/* A field of old that was on no page: whoever signed did not see what it shows. */
		at.field = k->field;
		if (field_is_empty(f, k->field)) {
			at.kind = PDF_CHANGE_SIGNATURE_FIELD_ADDED;
			at.level = PDF_MOD_FORM_FILLING;
		} else {
			at.level =
			    invisible(w, w->n, b) ? PDF_MOD_FORM_FILLING : PDF_MOD_ANNOTATIONS;
		}
	} else if (!is_widget(sub)) {
		at.kind = PDF_CHANGE_ANNOTATION_ADDED;
		at.level = PDF_MOD_ANNOTATIONS;
		if (obj_is_name(sub, "FileAttachment"))
			at.kind = PDF_CHANGE_ATTACHMENT;
		if (obj_is_any(sub, media, sizeof(media) / sizeof(media[0])) ||
		    obj_get(b, "AA")->type != OBJ_NULL ||
		    !mild_action(w, &obj_null, obj_get(b, "A")))
			at.kind = PDF_CHANGE_ACTION;
		if (at.kind == PDF_CHANGE_ACTION)
			at.level = PDF_MOD_OTHER;
	}
	walk_tell(w, &at, at.shown_num);
}

static void
annot_removed(struct diff *f, const struct obj *raw, struct root at)
{
	struct walk *w = &f->w;
	const struct obj *a = walk_old(w, raw);

	if (a->type == OBJ_NULL)
		return;
	if (a->type != OBJ_DICT || is_widget(walk_old(w, obj_get(a, "Subtype")))) {
		at.level = PDF_MOD_OTHER;
		at.kind = PDF_CHANGE_WIDGET;
	} else {
		at.level = PDF_MOD_ANNOTATIONS;
		at.kind = PDF_CHANGE_ANNOTATION_REMOVED;
	}
	at.shown = a;
	walk_tell(w, &at, raw->type == OBJ_REF ? raw->u.ref.num : 0);
}

/* What the new list shows on this page; true: it may stand there. */
static bool
place(struct diff *f, const struct obj *ref, struct root at)
{
	struct walk *w = &f->w;
	struct known *k = walk_known(w, ref->u.ref.num);
	bool twice = k != NULL && k->placed == w->mark && k->page != at.page;

	if (k == NULL)
		return false;
	if (twice && k->was != w->mark) {
		at.level = PDF_MOD_OTHER;
		at.kind = PDF_CHANGE_WIDGET;
		at.shown = walk_new(w, ref);
		at.shown_num = ref->u.ref.num;
		walk_tell(w, &at, ref->u.ref.num);
	}
	if (k->placed != w->mark) {
		k->placed = w->mark;
		if (k->leaf != w->mark)
			k->page = at.page;
	}
	return k->added == w->mark;
}

#define FOUND 0x80000000u

/* The old ones stay, in their order: what comes later is painted on top. */
static void
annots_pair(struct diff *f, const struct obj *a, const struct obj *b, struct root at)
{
	struct walk *w = &f->w;
	const struct obj *item;
	struct known *k;
	uint32_t i, from, last = 0;
	bool moved = false;

	w->list++;
	for (i = a->n; i > 0; i--) {
		item = &a->u.items[i - 1];
		if (item->type == OBJ_REF && (k = walk_known(w, item->u.ref.num)) != NULL &&
		    walk_old(w, item)->type != OBJ_NULL) {
			k->in_list = w->list;
			k->pos = i;
		}
	}
	for (i = 0; i < b->n && w->rc == RC_OK && doc_step(w->d); i++) {
		item = &b->u.items[i];
		if (item->type != OBJ_REF) {
			/* Written in place: at its old index, or new. */
			if (i < a->n && revision_equal(&a->u.items[i], item, 0))
				annot_pair(f, item, at);
			else
				annot_added(f, item, at);
			continue;
		}
		if (place(f, item, at))
			continue;
		k = walk_known(w, item->u.ref.num);
		from = k != NULL && k->in_list == w->list ? k->pos & ~FOUND : 0;
		if (from == 0 || !revision_equal(&a->u.items[from - 1], item, 0)) {
			annot_added(f, item, at);
			continue;
		}
		k->pos |= FOUND;
		moved |= from < last;
		last = from;
		annot_pair(f, item, at);
	}
	for (i = 0; i < a->n && w->rc == RC_OK; i++) {
		item = &a->u.items[i];
		k = item->type == OBJ_REF ? walk_known(w, item->u.ref.num) : NULL;
		if (k != NULL ? (k->pos & FOUND) == 0
			      : i >= b->n || !revision_equal(item, &b->u.items[i], 0))
			annot_removed(f, item, at);
	}
	if (moved) {
		at.level = PDF_MOD_ANNOTATIONS;
		at.kind = PDF_CHANGE_ANNOTATION_CHANGED;
		walk_tell(w, &at, 0);
	}
}

static void
annots(struct diff *f, const struct obj *araw, const struct obj *braw, struct root at)
{
	static const struct obj none = {.type = OBJ_ARRAY};
	const struct obj *a = walk_old(&f->w, araw), *b = walk_new(&f->w, braw);

	at.key.p = (const uint8_t *)"Annots";
	at.key.len = 6;
	if ((a->type != OBJ_ARRAY && a->type != OBJ_NULL) ||
	    (b->type != OBJ_ARRAY && b->type != OBJ_NULL)) {
		at.kind = PDF_CHANGE_PAGE_PROPERTY;
		walk_pend(&f->w, &at, araw, braw);
		return;
	}
	annots_pair(f, a->type == OBJ_ARRAY ? a : &none, b->type == OBJ_ARRAY ? b : &none, at);
}

/* Some readers inherit from what /Parent names, also where that is no node of the tree. */
static void
foreign_parents(struct diff *f, const struct obj *a, const struct obj *b, struct root at)
{
	static const char *const keys[] = {"Resources", "MediaBox", "CropBox", "Rotate"};
	struct walk *w = &f->w;
	const struct obj *up;
	struct known *k;
	unsigned depth;
	size_t i;

	at.draws = true;
	at.kind = PDF_CHANGE_PAGES_REARRANGED;
	for (depth = 0; depth < CAP_DEPTH && doc_step(w->d); depth++) {
		up = obj_get(a, "Parent");
		k = up->type == OBJ_REF ? walk_known(w, up->u.ref.num) : NULL;
		a = walk_old(w, up);
		b = walk_new(w, obj_get(b, "Parent"));
		if (a->type != OBJ_DICT || (k != NULL && k->node == w->mark))
			return;
		for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
			at.key.p = (const uint8_t *)keys[i];
			at.key.len = strlen(keys[i]);
			walk_pend(w, &at, obj_get(a, keys[i]), obj_get(b, keys[i]));
		}
	}
}

static void
page_pair(struct diff *f, uint32_t num)
{
	struct walk *w = &f->w;
	struct root at = {.base = "Page",
	    .index = -1,
	    .level = PDF_MOD_OTHER,
	    .kind = PDF_CHANGE_PAGE_PROPERTY,
	    .object = num};
	struct def *da = revision_def(w->d, w->o, num), *db = revision_def(w->d, w->n, num);
	struct node *a, *b;

	if (w->known[num].leaf == w->mark) {
		at.page = w->known[num].page;
		at.index = at.page;
	}
	if (da == NULL || db == NULL || revision_node(w->d, w->o, da, &a) != RC_OK ||
	    revision_node(w->d, w->n, db, &b) != RC_OK || b->obj.type != OBJ_DICT ||
	    (da->type == DEF_PLAIN ? da->gen : 0) != (db->type == DEF_PLAIN ? db->gen : 0)) {
		walk_tell(w, &at, num);
		return;
	}
	foreign_parents(f, &a->obj, &b->obj, at);
	if (walk_old(w, obj_get(&a->obj, "Kids"))->type == OBJ_ARRAY) {
		at.base = "Pages";
		walk_dict(w, &table_tree, at, &a->obj, &b->obj);
		return;
	}
	walk_dict(w, &table_page, at, &a->obj, &b->obj);
	annots(f, obj_get(&a->obj, "Annots"), obj_get(&b->obj, "Annots"), at);
}

void
page_judge(struct diff *f)
{
	size_t i;

	for (i = 0; i < f->ntree && f->w.rc == RC_OK; i++)
		page_pair(f, f->tree[i]);
}
