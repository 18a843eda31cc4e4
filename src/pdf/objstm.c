/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Compressed objects, rule S6.  /Extends is ignored: cross-references name the stream itself. */
#include <stdlib.h>
#include <string.h>

#include "caps.h"
#include "objstm.h"
#include "revision.h"
#include "stream.h"

static int
by_number(const void *va, const void *vb)
{
	uint32_t a = *(const uint32_t *)va, b = *(const uint32_t *)vb;

	return a < b ? -1 : a > b;
}

/* Readers look for the number or for the index: with the number twice they find two objects. */
static enum rc
no_twins(const struct objstm *os)
{
	uint32_t *v, i;
	enum rc rc = RC_OK;

	for (i = 1; i < os->n && os->num[i - 1] < os->num[i]; i++)
		;
	if (i >= os->n)
		return RC_OK;
	if ((v = calloc(os->n, sizeof(*v))) == NULL)
		return RC_NOMEM;
	memcpy(v, os->num, os->n * sizeof(*v));
	qsort(v, os->n, sizeof(*v), by_number);
	for (i = 1; i < os->n; i++) {
		if (v[i - 1] == v[i])
			rc = RC_FORMAT;
	}
	free(v);
	return rc;
}

static enum rc
header(struct doc *d, struct objstm *os, uint64_t first)
{
	struct lex lx;
	struct token num, off;
	uint32_t i;

	os->num = arena_array(d->arena, os->n, sizeof(*os->num));
	os->off = arena_array(d->arena, os->n, sizeof(*os->off));
	if (os->num == NULL || os->off == NULL)
		return RC_NOMEM;
	lex_init(&lx, os->data.p, first, 0);
	for (i = 0; i < os->n; i++) {
		if (lex_next(&lx, &num) != TOK_INT || lex_next(&lx, &off) != TOK_INT ||
		    !num.plain || !off.plain || num.i >= CAP_OBJECTS ||
		    (uint64_t)off.i > os->data.len - first)
			return RC_FORMAT;
		os->num[i] = (uint32_t)num.i;
		os->off[i] = (uint32_t)(first + (uint64_t)off.i);
		if (i > 0 && os->off[i] < os->off[i - 1])
			return RC_FORMAT;
	}
	return no_twins(os);
}

static bool
one_in_place(const struct obj *o)
{
	uint32_t i;

	for (i = 0; obj_is_dict(o) && i < o->n; i++) {
		if (o->u.d.pairs[i].val.type == OBJ_REF)
			return false;
	}
	return o->type != OBJ_ARRAY && o->type != OBJ_REF;
}

/* No reference in a value, as deep as filters and their parameters are written. */
static bool
in_place(const struct obj *o)
{
	uint32_t i;

	if (o->type != OBJ_ARRAY)
		return one_in_place(o);
	if (o->n > CAP_FILTERS)
		return false;
	for (i = 0; i < o->n; i++) {
		if (!one_in_place(&o->u.items[i]))
			return false;
	}
	return true;
}

enum rc
objstm_open(struct doc *d, size_t section, const struct obj *stream, struct objstm **out)
{
	const struct obj *n, *first;
	struct objstm *os;
	enum rc rc;

	*out = NULL;
	if (stream->type != OBJ_STREAM || !obj_is_name(obj_get(stream, "Type"), "ObjStm"))
		return RC_FORMAT;
	/* In place, all but the length: what it holds must not depend on the view. */
	n = obj_get(stream, "N");
	first = obj_get(stream, "First");
	if (!in_place(obj_get(stream, "Filter")) || !in_place(obj_get(stream, "DecodeParms")))
		return RC_FORMAT;
	if ((os = arena_alloc(d->arena, sizeof(*os))) == NULL)
		return RC_NOMEM;
	if ((rc = stream_raw(d, section, stream, &os->raw, NULL)) != RC_OK ||
	    (rc = stream_decode(d, section, stream, &os->data)) != RC_OK)
		return rc;
	if (n->type != OBJ_INT || n->u.i < 0 || first->type != OBJ_INT || first->u.i < 0 ||
	    (uint64_t)first->u.i > os->data.len || (uint64_t)n->u.i > os->data.len / 2)
		return RC_FORMAT;
	os->n = (uint32_t)n->u.i;
	if ((rc = header(d, os, (uint64_t)first->u.i)) == RC_OK)
		*out = os;
	return rc;
}

enum rc
objstm_get(struct doc *d, const struct objstm *os, uint64_t index, uint32_t num, struct obj *out)
{
	struct lex lx;
	struct token stop;
	size_t end;
	enum rc rc;

	*out = obj_null;
	if (index >= os->n || os->num[index] != num)
		return RC_FORMAT;
	if (!doc_parsed(d, 0))
		return RC_TOOBIG;
	end = index + 1 < os->n ? os->off[index + 1] : os->data.len;
	lex_init(&lx, os->data.p, end, os->off[index]);
	rc = obj_parse(&d->parser, &lx, out, &stop);
	if (!doc_parsed(d, lx.pos - os->off[index]))
		return RC_TOOBIG;
	if (rc != RC_OK)
		return rc;
	return stop.tok == TOK_END ? RC_OK : RC_FORMAT;
}
