/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The page tree, ISO 32000-2, 7.7.3: only which pages there are and in which order. */
#include "caps.h"
#include "page.h"
#include "revision.h"

struct item {
	const struct obj *ref;
	unsigned depth;
};

struct todo {
	struct item *v;
	size_t n, cap;
};

static enum rc
push(struct doc *d, struct todo *t, const struct obj *ref, unsigned depth)
{
	enum rc rc = arena_grow(d->arena, &t->v, t->n, &t->cap, sizeof(*t->v));

	if (rc == RC_OK) {
		t->v[t->n].ref = ref;
		t->v[t->n++].depth = depth;
	}
	return rc;
}

static enum rc
visit(struct doc *d, size_t section, struct todo *t, struct item it, struct pages *out)
{
	const struct obj *o, *kids;
	struct def *def;
	uint32_t i;
	enum rc rc;

	if (it.ref->type != OBJ_REF)
		return doc_fail(d, PDF_S5_OBJECT, it.ref->off);
	if ((rc = revision_get(d, section, it.ref, &o)) != RC_OK)
		return rc;
	def = revision_def(d, section, it.ref->u.ref.num);
	if (o->type != OBJ_DICT || def == NULL || def->node->mark == d->mark)
		return doc_fail(d, PDF_S5_OBJECT, def == NULL ? it.ref->off : def->off);
	def->node->mark = d->mark;
	rc = arena_grow(d->arena, &d->tree.num, d->tree.n, &d->tree.cap, sizeof(*d->tree.num));
	if (rc != RC_OK)
		return rc;
	d->tree.num[d->tree.n++] = def->num;
	if ((rc = revision_key(d, section, o, "Kids", &kids)) != RC_OK)
		return rc;
	/* For some readers the key alone makes it an inner node. */
	if (kids->type != OBJ_ARRAY && obj_get(o, "Kids") != &obj_null)
		return doc_fail(d, PDF_S5_OBJECT, def->off);
	if (kids->type != OBJ_ARRAY) {
		if (out->n == CAP_PAGES)
			return doc_fail(d, PDF_S9_LIMIT, UINT64_MAX);
		rc = arena_grow(d->arena, &out->num, out->n, &out->cap, sizeof(*out->num));
		if (rc == RC_OK)
			out->num[out->n++] = def->num;
		return rc;
	}
	if (it.depth == CAP_DEPTH)
		return doc_fail(d, PDF_S9_LIMIT, UINT64_MAX);
	for (i = kids->n; i > 0 && rc == RC_OK; i--)
		rc = push(d, t, &kids->u.items[i - 1], it.depth + 1);
	return rc;
}

enum rc
page_list(struct doc *d, size_t section)
{
	struct pages *out = &d->pages;
	struct todo t = {NULL, 0, 0};
	const struct obj *root;
	enum rc rc;

	if (d->pages_section == section)
		return RC_OK;
	d->pages_section = section;
	out->n = d->tree.n = 0;
	d->mark++;
	if ((rc = revision_key(d, section, &d->sections[section].trailer, "Root", &root)) != RC_OK)
		return rc;
	rc = push(d, &t, obj_get(root, "Pages"), 0);
	while (rc == RC_OK && t.n > 0) {
		rc = doc_step(d) ? visit(d, section, &t, t.v[--t.n], out) : RC_FORMAT;
	}
	if (rc != RC_OK)
		out->n = 0;
	return rc;
}

static bool
shows(struct doc *d, size_t section, uint32_t page, uint32_t num)
{
	struct obj ref = {.type = OBJ_REF, .u.ref = {page, 0}};
	struct def *def = revision_def(d, section, page);
	const struct obj *o, *annots;
	uint32_t i;

	if (def == NULL)
		return false;
	ref.u.ref.gen = def->type == DEF_PLAIN ? def->gen : 0;
	if (revision_get(d, section, &ref, &o) != RC_OK ||
	    revision_key(d, section, o, "Annots", &annots) != RC_OK || annots->type != OBJ_ARRAY)
		return false;
	for (i = 0; i < annots->n; i++) {
		if (annots->u.items[i].type == OBJ_REF && annots->u.items[i].u.ref.num == num)
			return true;
	}
	return false;
}

/* /P says which page, if it is right; else the pages are asked one by one. */
unsigned
page_of(struct doc *d, size_t section, const struct obj *widget, uint32_t num)
{
	const struct obj *p = obj_get(widget, "P");
	const struct pages *pages = &d->pages;
	size_t i;

	if (num == 0 || page_list(d, section) != RC_OK)
		return 0;
	for (i = 0; i < pages->n; i++) {
		if (p->type == OBJ_REF && p->u.ref.num == pages->num[i] &&
		    shows(d, section, pages->num[i], num))
			return (unsigned)i + 1;
	}
	for (i = 0; i < pages->n && doc_step(d); i++) {
		if (shows(d, section, pages->num[i], num))
			return (unsigned)i + 1;
	}
	return 0;
}
