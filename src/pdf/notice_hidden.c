/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Pages, catalogs and annotations that are in the file and not in what it
 * shows: what a few later bytes could bring to light.
 */
#define _GNU_SOURCE /* memmem */
#include <string.h>

#include "caps.h"
#include "notice.h"
#include "notice_look.h"
#include "objstm.h"
#include "revision.h"
#include "scan.h"
#include "stray.h"
#include "stream.h"

/* A name that ends here, or one that is written in another way. */
static bool
has_name(struct pdf_bytes b)
{
	static const char *const names[] = {"/Page", "/Catalog", "/Annot", "/Widget"};
	const uint8_t *p, *end = b.p + b.len, *to;
	size_t i, len;

	if (b.len == 0)
		return false;
	for (p = b.p; (p = memchr(p, '/', (size_t)(end - p))) != NULL; p++) {
		for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
			len = strlen(names[i]);
			if ((size_t)(end - p) < len || memcmp(p, names[i], len) != 0)
				continue;
			to = p + len;
			if (to == end || lex_is_space(*to) || strchr("/<>[]()%", *to) != NULL)
				return true;
		}
	}
	return memchr(b.p, '#', b.len) != NULL;
}

/* Whether it is worth to read an object that nothing asked for: most are parts of a tagged
 * document's structure. */
static bool
worth(struct look *l, const struct def *def, uint8_t *packed)
{
	struct pdf_bytes b;
	const uint8_t *end;
	struct def *stm;

	if (def->node != NULL)
		return true;
	if (def->type == DEF_PACKED) {
		if (def->gen >= l->d->nnums)
			return false;
		if (packed[def->gen] == 0) {
			stm = revision_def(l->d, l->view, def->gen);
			if (stm == NULL || stm->node == NULL || stm->node->objstm == NULL)
				return true;
			packed[def->gen] = has_name(stm->node->objstm->data) ? 1 : 2;
		}
		return packed[def->gen] == 1;
	}
	if (def->off >= l->d->n)
		return false;
	b.p = l->d->p + def->off;
	b.len = (size_t)(l->d->n - def->off);
	if (b.len > CAP_NOTICE_PEEK)
		b.len = CAP_NOTICE_PEEK;
	if ((end = memmem(b.p, b.len, "endobj", 6)) != NULL)
		b.len = (size_t)(end - b.p);
	return doc_parsed(l->d, b.len) && (end == NULL || has_name(b));
}

/* The catalog of a view that once was. */
static bool
was_root(struct look *l, uint32_t num)
{
	const struct obj *ref;
	size_t i;

	for (i = 0; i <= l->view && look_step(l); i++) {
		ref = obj_get(&l->d->sections[i].trailer, "Root");
		if (ref->type == OBJ_REF && ref->u.ref.num == num)
			return true;
	}
	return false;
}

/* An annotation that would show something, had a page it. */
static bool
stray(struct look *l, const struct obj *o, const struct obj *type)
{
	const struct obj *rect = look_key(l, o, "Rect");
	uint32_t i;

	if (obj_get(o, "AP")->type == OBJ_NULL || rect->type != OBJ_ARRAY || rect->n != 4 ||
	    (!obj_is_name(type, "Annot") && !obj_is_name(look_key(l, o, "Subtype"), "Widget")))
		return false;
	for (i = 0; i < 2; i++) {
		if (!(obj_number(look_get(l, &rect->u.items[i]), 0) !=
			obj_number(look_get(l, &rect->u.items[i + 2]), 0)))
			return false;
	}
	return true;
}

/* An object that is no part of the page tree: what else is it? */
static bool
judge(struct look *l, uint32_t num, const struct obj *o, enum pdf_notice_kind *kind)
{
	const struct obj *type;

	if (o->type != OBJ_DICT || !l->tree)
		return false;
	type = look_key(l, o, "Type");
	/* Writers leave empty pages behind; these hide nothing. */
	if (obj_is_name(type, "Page") && obj_get(o, "Contents")->type != OBJ_NULL)
		*kind = PDF_NOTICE_HIDDEN_PAGE;
	else if (obj_is_name(type, "Catalog") && !was_root(l, num))
		*kind = PDF_NOTICE_HIDDEN_CATALOG;
	else if (stray(l, o, type))
		*kind = PDF_NOTICE_HIDDEN_ANNOTATION;
	else
		return false;
	return true;
}

static void
tell(struct look *l, enum pdf_notice_kind kind, uint32_t num, size_t section)
{
	struct pdf_notice n = {.kind = kind, .place = {.object = num}};

	n.revision = l->d->sections[section].revision;
	if (l->rc == RC_OK)
		l->rc = notice_add(l->out, l->arena, &n);
}

/* Objects of the view. */
static void
defined(struct look *l)
{
	uint8_t *packed = arena_alloc(l->d->arena, l->d->nnums);
	enum pdf_notice_kind kind;
	struct node *node;
	struct def *def;
	uint32_t num, at;

	for (num = 1; packed != NULL && num < l->d->nnums && look_step(l); num++) {
		if ((def = revision_def(l->d, l->view, num)) == NULL)
			continue;
		if ((at = l->seen[num]) != 0) {
			if (!l->v[at - 1].in_tree && !l->v[at - 1].on_page &&
			    judge(l, num, l->v[at - 1].obj, &kind))
				look_tell(l, kind, at - 1, "", NULL);
		} else if (worth(l, def, packed) &&
			   revision_node(l->d, l->view, def, &node) == RC_OK &&
			   judge(l, num, &node->obj, &kind)) {
			tell(l, kind, num, def->section);
		}
	}
}

/* --- in the bytes, but in no view --- */

/* The definition that some revision gave for the object that begins here. */
static struct def *
defined_at(struct look *l, uint32_t num, uint64_t off)
{
	const struct doc *d = l->d;
	uint32_t i = num < d->nnums ? d->newest[num] : 0;
	struct def *def;

	for (; i != 0 && look_step(l); i = def->older) {
		def = &d->defs[i - 1];
		if (def->type == DEF_PLAIN && stray_leads(d, def->off, off))
			return def;
	}
	return NULL;
}

/* Where the body of this stream ends; 0 if it is none. */
static uint64_t
body_end(struct look *l, struct def *def)
{
	struct pdf_bytes raw;
	struct node *node;

	if (def == NULL || revision_node(l->d, l->view, def, &node) != RC_OK ||
	    node->obj.type != OBJ_STREAM ||
	    stream_raw(l->d, l->view, &node->obj, &raw, NULL) != RC_OK)
		return 0;
	return node->obj.u.d.body + raw.len;
}

static size_t
section_at(const struct look *l, uint64_t off)
{
	size_t i;

	for (i = 0; i < l->view && l->d->sections[i].foot <= off;)
		i++;
	return i;
}

/* Whole objects that no cross-reference names: an update of a few bytes would show them. */
static void
loose(struct look *l)
{
	const uint8_t *p = l->d->p;
	struct def *def, *last = NULL;
	enum pdf_notice_kind kind;
	uint64_t at = 0, word, off, end, n = l->d->n;
	uint32_t num, gen;
	struct obj o;

	if (n > CAP_SNAPSHOT)
		return;
	while ((at = scan_next(p, l->d->sieve, at, n, SCAN_OBJ)) != UINT64_MAX && look_step(l)) {
		word = at;
		at += scan_len(SCAN_OBJ);
		if (!stray_head(l->d, word, &off, &num, &gen) || num == 0 || num == UINT32_MAX ||
		    (off > 0 && !lex_is_space(p[off - 1])))
			continue;
		if ((def = defined_at(l, num, off)) != NULL) {
			last = def;
			if (def->node != NULL && def->node->obj.type == OBJ_STREAM &&
			    (end = body_end(l, def)) > at)
				at = end;
		} else if ((end = body_end(l, last)) > at) {
			at = end;
		} else if (revision_object_at(l->d, off, &num, &gen, &o, &end) == RC_OK &&
			   judge(l, num, &o, &kind)) {
			tell(l, kind, num, section_at(l, off));
		}
	}
}

void
look_hidden(struct look *l)
{
	defined(l);
	loose(l);
}
