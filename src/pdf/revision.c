/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Objects as a revision sees them.  Each definition is parsed once, when first
 * asked for; a view picks among the definitions of a number.
 */
#include <string.h>

#include "caps.h"
#include "crypt.h"
#include "objstm.h"
#include "revision.h"
#include "stream.h"

enum rc
revision_object_at(
    struct doc *d, uint64_t off, uint32_t *num, uint32_t *gen, struct obj *out, uint64_t *end)
{
	struct lex lx;
	struct token t;
	enum rc rc;

	*out = obj_null;
	if (off >= d->n)
		return RC_FORMAT;
	if (!doc_parsed(d, 0))
		return RC_TOOBIG;
	lex_init(&lx, d->p, d->n, off);
	/* White space in front is common and means nothing else; a comment is not. */
	if (lex_next(&lx, &t) != TOK_INT || !t.plain || lx.comments != 0 || t.i > UINT32_MAX)
		return RC_FORMAT;
	*num = (uint32_t)t.i;
	if (lex_next(&lx, &t) != TOK_INT || !t.plain || t.i > UINT16_MAX)
		return RC_FORMAT;
	*gen = (uint32_t)t.i;
	if (lex_next(&lx, &t) != TOK_WORD || !lex_is_word(&t, "obj"))
		return RC_FORMAT;
	rc = obj_parse(&d->parser, &lx, out, &t);
	/* A token that does not end is looked for in all of this. */
	if (!doc_parsed(d, lx.pos - off + (rc == RC_OK ? 0 : CAP_STRING)))
		return RC_TOOBIG;
	if (rc != RC_OK)
		return rc;
	*end = lx.pos;
	if (lex_is_word(&t, "endobj"))
		return RC_OK;
	if (!lex_is_word(&t, "stream") || out->type != OBJ_DICT)
		return RC_FORMAT;
	if (lx.pos < lx.len && lx.p[lx.pos] == '\r')
		lx.pos++;
	if (lx.pos >= lx.len || lx.p[lx.pos] != '\n')
		return RC_FORMAT;
	out->type = OBJ_STREAM;
	out->u.d.body = lx.pos + 1;
	*end = out->end;
	return RC_OK;
}

static struct node *
node_new(struct doc *d, const struct obj *o)
{
	struct node *node = arena_alloc(d->arena, sizeof(*node));

	if (node != NULL)
		node->obj = *o;
	return node;
}

static enum rc
broken(struct doc *d, struct def *def, enum rc rc, enum pdf_rule rule, uint64_t off)
{
	if (rc == RC_NOMEM)
		return rc;
	def->broken = true;
	(void)doc_fail(d, rc == RC_TOOBIG ? PDF_S9_LIMIT : rule, off);
	return RC_FORMAT;
}

/*
 * An object that goes on behind the end of the revision that defines it, with that end
 * inside of a stream or a string, is made of bytes that nobody had signed.
 */
static bool
within_revision(const struct doc *d, const struct def *def, uint64_t end)
{
	size_t i = def->section;

	while (!doc_ends_revision(d, i))
		i++;
	return end <= d->sections[i].foot;
}

static enum rc
load_plain(struct doc *d, struct def *def)
{
	uint32_t num, gen;
	uint64_t end;
	struct obj o;
	enum rc rc;

	rc = revision_object_at(d, def->off, &num, &gen, &o, &end);
	if (rc == RC_OK && (num != def->num || gen != def->gen || o.type == OBJ_REF ||
			       !within_revision(d, def, end)))
		rc = RC_FORMAT;
	if (rc != RC_OK)
		return broken(d, def, rc, PDF_S5_OBJECT, def->off);
	o.num = num;
	o.gen = (uint16_t)gen;
	if (d->crypt != NULL && (rc = crypt_strings(d->crypt, d->arena, &o)) != RC_OK)
		return broken(d, def, rc, PDF_S5_OBJECT, def->off);
	if (o.dup_key)
		(void)doc_fail(d, PDF_S8_DUPLICATE_KEY, def->off);
	if ((def->node = node_new(d, &o)) == NULL)
		return RC_NOMEM;
	return RC_OK;
}

/* The object stream as this view sees it. */
static enum rc
/* NOLINTNEXTLINE(misc-no-recursion): CAP_NESTING ends it, in revision_node() */
container(
    struct doc *d, size_t section, const struct def *def, struct def **cdef, struct objstm **os)
{
	struct node *node;
	enum rc rc;

	if ((*cdef = revision_def(d, section, def->gen)) == NULL || (*cdef)->type != DEF_PLAIN)
		return RC_FORMAT;
	if ((rc = revision_node(d, section, *cdef, &node)) != RC_OK)
		return rc;
	if (node->objstm == NULL) {
		rc = objstm_open(d, section, &node->obj, &node->objstm);
		if (rc != RC_OK)
			return rc;
	}
	*os = node->objstm;
	return RC_OK;
}

static enum rc
/* NOLINTNEXTLINE(misc-no-recursion): CAP_NESTING ends it, in revision_node() */
load_packed(struct doc *d, size_t section, struct def *def)
{
	struct def *cdef = NULL;
	struct objstm *os = NULL;
	struct obj o;
	enum rc rc;

	if (doc_sealed(d)) {
		d->locked = true;
		return RC_ABSENT;
	}
	rc = container(d, section, def, &cdef, &os);
	if (rc == RC_OK)
		rc = objstm_get(d, os, def->off, def->num, &o);
	if (rc == RC_OK && o.type == OBJ_REF)
		rc = RC_FORMAT;
	if (rc != RC_OK)
		return broken(d, def, rc, PDF_S6_OBJSTM, cdef == NULL ? UINT64_MAX : cdef->off);
	if (o.dup_key)
		(void)doc_fail(d, PDF_S8_DUPLICATE_KEY, cdef->off);
	if ((def->node = node_new(d, &o)) == NULL)
		return RC_NOMEM;
	def->node->container = (uint32_t)(cdef - d->defs) + 1;
	return RC_OK;
}

enum rc
/* NOLINTNEXTLINE(misc-no-recursion): CAP_NESTING ends it */
revision_node(struct doc *d, size_t section, struct def *def, struct node **out)
{
	const struct def *cdef;
	struct pdf_bytes raw;
	uint64_t end = 0;
	enum rc rc = RC_OK;

	*out = NULL;
	if (def->broken)
		return RC_FORMAT;
	if (d->nesting == CAP_NESTING) {
		(void)doc_fail(d, PDF_S6_OBJSTM, UINT64_MAX);
		return RC_FORMAT;
	}
	d->nesting++;
	if (def->node == NULL)
		rc = def->type == DEF_PLAIN ? load_plain(d, def) : load_packed(d, section, def);
	/* A length of its own object may be another one in another view. */
	if (rc == RC_OK && def->node->obj.type == OBJ_STREAM && !def->node->framed) {
		rc = stream_raw(d, section, &def->node->obj, &raw, &end);
		if (rc == RC_OK && !within_revision(d, def, end))
			rc = RC_FORMAT;
		if (rc == RC_FORMAT)
			rc = doc_fail(d, PDF_S5_OBJECT, def->off);
		def->node->framed =
		    rc == RC_OK && obj_get(&def->node->obj, "Length")->type == OBJ_INT;
	}
	/* The same container in this view, which may have to be read to know. */
	if (rc == RC_OK && def->type == DEF_PACKED) {
		cdef = revision_def(d, section, def->gen);
		/* Its length may be an object of its own, and another one in this view. */
		if (cdef == NULL || (uint32_t)(cdef - d->defs) + 1 != def->node->container ||
		    (!cdef->node->framed &&
			(stream_raw(d, section, &cdef->node->obj, &raw, NULL) != RC_OK ||
			    raw.len != cdef->node->objstm->raw.len))) {
			(void)doc_fail(d, PDF_S6_OBJSTM, cdef == NULL ? UINT64_MAX : cdef->off);
			rc = RC_FORMAT;
		}
	}
	d->nesting--;
	if (rc == RC_OK)
		*out = def->node;
	return rc;
}

bool
/* NOLINTNEXTLINE(misc-no-recursion): CAP_DEPTH ends it */
revision_equal(const struct obj *a, const struct obj *b, unsigned depth)
{
	const struct obj *v;
	uint32_t i;

	if (depth > CAP_DEPTH)
		return false;
	/* Where a whole number is wanted some readers skip 1.0, so it is not 1. */
	if (a->type != b->type)
		return false;
	switch ((enum obj_type)a->type) {
	case OBJ_NULL:
		return true;
	case OBJ_BOOL:
		return a->u.b == b->u.b;
	case OBJ_INT:
		return a->u.i == b->u.i;
	case OBJ_REAL:
		return a->u.r <= b->u.r && a->u.r >= b->u.r;
	case OBJ_STRING:
	case OBJ_NAME:
		return bytes_eq(a->u.s, b->u.s);
	case OBJ_REF:
		return a->u.ref.num == b->u.ref.num && a->u.ref.gen == b->u.ref.gen;
	case OBJ_ARRAY:
		if (a->n != b->n)
			return false;
		for (i = 0; i < a->n; i++) {
			if (!revision_equal(&a->u.items[i], &b->u.items[i], depth + 1))
				return false;
		}
		return true;
	case OBJ_STREAM:
		/* The same bytes at two places are not worth telling apart here. */
		if (a->u.d.body != b->u.d.body)
			return false;
		__attribute__((fallthrough));
	case OBJ_DICT:
		if (a->n != b->n)
			return false;
		for (i = 0; i < a->n; i++) {
			v = obj_get_bytes(b, a->u.d.pairs[i].key);
			if (v == &obj_null || !revision_equal(&a->u.d.pairs[i].val, v, depth + 1))
				return false;
		}
		return true;
	}
	return false;
}

static bool
same_place(const struct def *a, const struct def *b)
{
	return a->type == b->type && a->off == b->off && a->gen == b->gen;
}

/* S7: readers with and without the hybrid stream must see the same object. */
static void
/* NOLINTNEXTLINE(misc-no-recursion): CAP_NESTING ends it, in revision_node() */
check_hybrid(struct doc *d, struct def *def)
{
	uint32_t i = def->older;
	struct def *other;
	struct node *a, *b;
	bool freed = false;

	def->checked = true;
	if (def->hidden) {
		/* A hidden object can hide an older one, also one that its own table frees. */
		while (
		    i != 0 && (d->defs[i - 1].hidden || (d->defs[i - 1].section == def->section &&
							    d->defs[i - 1].type == DEF_FREE))) {
			freed |= !d->defs[i - 1].hidden;
			i = d->defs[i - 1].older;
		}
	} else if (i != 0 && (!d->defs[i - 1].hidden || d->defs[i - 1].section != def->section)) {
		/* The table wins, but not for all readers where the stream has another one. */
		return;
	}
	if (i == 0 || d->defs[i - 1].type == DEF_FREE)
		return;
	if (freed) {
		(void)doc_fail(d, PDF_S7_HYBRID, d->sections[def->section].off);
		return;
	}
	other = &d->defs[i - 1];
	/* A stream that an older revision had shows what that one showed. */
	for (i = def->hidden ? 0 : other->older; i != 0; i = d->defs[i - 1].older) {
		if (same_place(&d->defs[i - 1], other))
			return;
	}
	if (same_place(other, def))
		return;
	if (revision_node(d, def->section, def, &a) == RC_OK &&
	    revision_node(d, other->section, other, &b) == RC_OK &&
	    revision_equal(&a->obj, &b->obj, 0))
		return;
	(void)doc_fail(d, PDF_S7_HYBRID, d->sections[def->section].off);
}

/* 1 + index of the newest definition that is not newer than the section, 0 if there is none. */
static uint32_t
defined(struct doc *d, size_t section, uint32_t num)
{
	const struct def *defs = d->defs;
	uint32_t i = num < d->nnums ? d->newest[num] : 0, later;

	if (i == 0 || defs[i - 1].section <= section)
		return i;
	/* Views are asked in their order: not far from the last one. */
	if (d->asked[num] != 0)
		i = d->asked[num];
	for (later = defs[i - 1].newer; i != 0 && defs[i - 1].section > section;) {
		later = i;
		i = defs[i - 1].older;
	}
	for (; i != 0 && defs[later - 1].section <= section; later = defs[later - 1].newer)
		i = later;
	d->asked[num] = i != 0 ? i : later;
	if (defs[later - 1].section < d->until)
		d->until = defs[later - 1].section;
	return i;
}

struct def *
/* NOLINTNEXTLINE(misc-no-recursion): CAP_NESTING ends it, in revision_node() */
revision_def(struct doc *d, size_t section, uint32_t num)
{
	struct def *def;
	uint32_t i = defined(d, section, num);

	if (i == 0)
		return NULL;
	def = &d->defs[i - 1];
	if (d->sections[def->section].hybrid && !def->checked && def->type != DEF_FREE)
		check_hybrid(d, def);
	return def->type == DEF_FREE ? NULL : def;
}

enum rc
revision_get(struct doc *d, size_t section, const struct obj *o, const struct obj **out)
{
	struct def *def;
	struct node *node;
	enum rc rc;

	if (o->type != OBJ_REF) {
		*out = o;
		return RC_OK;
	}
	*out = &obj_null;
	if ((def = revision_def(d, section, o->u.ref.num)) == NULL)
		return RC_OK;
	if (o->u.ref.gen != (def->type == DEF_PLAIN ? def->gen : 0))
		return RC_OK;
	if ((rc = revision_node(d, section, def, &node)) == RC_OK)
		*out = &node->obj;
	return rc;
}

enum rc
revision_key(
    struct doc *d, size_t section, const struct obj *dict, const char *key, const struct obj **out)
{
	return revision_get(d, section, obj_get(dict, key), out);
}
