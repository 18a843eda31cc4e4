/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Objects from tokens, ISO 32000-2, 7.3.  Without recursion: open arrays and
 * dictionaries are frames, their members a stack that is copied into the arena
 * when one closes.  So "R" finds its two numbers on top of the stack and no
 * token is read twice.
 */
#include <stdlib.h>
#include <string.h>

#include "caps.h"
#include "object.h"

const struct obj obj_null = {.type = OBJ_NULL};

struct frame {
	size_t start; /* its first member on the stack */
	uint64_t off;
	unsigned comments;
	bool dict;
};

void
obj_parser_init(struct obj_parser *ps, struct arena *arena)
{
	memset(ps, 0, sizeof(*ps));
	ps->arena = arena;
}

void
obj_parser_clear(struct obj_parser *ps)
{
	free(ps->stack);
	memset(ps, 0, sizeof(*ps));
}

static enum rc
push(struct obj_parser *ps, const struct obj *o)
{
	struct obj *p;
	size_t want;

	if (ps->n == ps->cap) {
		want = ps->cap == 0 ? 256 : ps->cap * 2;
		if (want > CAP_OBJECTS)
			return RC_TOOBIG;
		if ((p = realloc(ps->stack, want * sizeof(*p))) == NULL)
			return RC_NOMEM;
		ps->stack = p;
		ps->cap = want;
	}
	ps->stack[ps->n++] = *o;
	return RC_OK;
}

bool
bytes_eq(struct pdf_bytes a, struct pdf_bytes b)
{
	/* Most are told apart by their first octets, which needs no call. */
	return a.len == b.len && (a.len == 0 || (a.p[0] == b.p[0] && memcmp(a.p, b.p, a.len) == 0));
}

bool
bytes_are(struct pdf_bytes a, const char *text)
{
	if (a.len != 0 && a.p[0] != (uint8_t)text[0])
		return false;
	return strlen(text) == a.len && (a.len == 0 || memcmp(a.p, text, a.len) == 0);
}

static int
key_cmp(const void *va, const void *vb)
{
	const struct pdf_bytes *a = va, *b = vb;
	size_t len = a->len < b->len ? a->len : b->len;
	int c = len == 0 ? 0 : memcmp(a->p, b->p, len);

	if (c != 0)
		return c;
	return a->len < b->len ? -1 : a->len > b->len;
}

/* Small dictionaries are compared pair by pair, large ones through a sorted copy. */
static enum rc
find_dup(const struct obj_pair *pairs, size_t n, bool *dup)
{
	struct pdf_bytes *keys;
	size_t i, j;

	if (n <= 32) {
		for (i = 1; i < n; i++) {
			for (j = 0; j < i; j++)
				*dup |= bytes_eq(pairs[i].key, pairs[j].key);
		}
		return RC_OK;
	}
	if ((keys = calloc(n, sizeof(*keys))) == NULL)
		return RC_NOMEM;
	for (i = 0; i < n; i++)
		keys[i] = pairs[i].key;
	qsort(keys, n, sizeof(*keys), key_cmp);
	for (i = 1; i < n; i++)
		*dup |= bytes_eq(keys[i - 1], keys[i]);
	free(keys);
	return RC_OK;
}

static enum rc
close_array(struct obj_parser *ps, const struct frame *f, struct obj *o)
{
	size_t i, n = ps->n - f->start;

	o->type = OBJ_ARRAY;
	o->n = (uint32_t)n;
	if (n == 0)
		return RC_OK;
	if ((o->u.items = arena_array(ps->arena, n, sizeof(*o))) == NULL)
		return RC_NOMEM;
	memcpy(o->u.items, ps->stack + f->start, n * sizeof(*o));
	for (i = 0; i < n; i++)
		o->dup_key |= o->u.items[i].dup_key;
	return RC_OK;
}

static enum rc
close_dict(struct obj_parser *ps, const struct frame *f, struct obj *o)
{
	size_t i, n = ps->n - f->start;
	const struct obj *from;
	struct obj_pair *to;

	if (n % 2 != 0)
		return RC_FORMAT;
	n /= 2;
	o->type = OBJ_DICT;
	o->n = (uint32_t)n;
	if (n == 0)
		return RC_OK;
	if ((to = arena_array(ps->arena, n, sizeof(*to))) == NULL)
		return RC_NOMEM;
	o->u.d.pairs = to;
	from = ps->stack + f->start;
	for (i = 0; i < n; i++) {
		if (from[2 * i].type != OBJ_NAME)
			return RC_FORMAT;
		to[i].key = from[2 * i].u.s;
		to[i].val = from[2 * i + 1];
		o->dup_key |= to[i].val.dup_key;
	}
	return find_dup(to, n, &o->dup_key);
}

static enum rc
text_value(struct obj_parser *ps, const struct token *t, struct obj *o)
{
	uint8_t *p;
	size_t len;

	o->type = t->tok == TOK_NAME ? OBJ_NAME : OBJ_STRING;
	o->hex = t->tok == TOK_HEX;
	o->plain = t->plain;
	o->u.s.p = t->p;
	o->u.s.len = t->len;
	if (!t->escaped)
		return RC_OK;
	if ((p = arena_alloc(ps->arena, t->tok == TOK_HEX ? t->len / 2 + 1 : t->len + 1)) == NULL)
		return RC_NOMEM;
	if ((len = lex_decode(t, p)) == SIZE_MAX)
		return RC_FORMAT;
	o->u.s.p = p;
	o->u.s.len = len;
	return RC_OK;
}

/* "12 0 R": its numbers are the two members on top of the stack. */
static enum rc
reference(struct obj_parser *ps, size_t start, uint64_t end)
{
	struct obj *a;
	int64_t num, gen;

	if (ps->n - start < 2)
		return RC_FORMAT;
	a = &ps->stack[ps->n - 2];
	if (a[0].type != OBJ_INT || a[1].type != OBJ_INT || !a[0].plain || !a[1].plain)
		return RC_FORMAT;
	num = a[0].u.i;
	gen = a[1].u.i;
	if (num > UINT32_MAX || gen > UINT16_MAX)
		return RC_FORMAT;
	a->type = OBJ_REF;
	a->u.ref.num = (uint32_t)num;
	a->u.ref.gen = (uint32_t)gen;
	a->end = end;
	ps->n--;
	return RC_OK;
}

/* A token that is a whole value.  RC_ABSENT for a word that is none. */
static enum rc
scalar(struct obj_parser *ps, const struct token *t, size_t start)
{
	struct obj o;
	enum rc rc = RC_OK;

	memset(&o, 0, sizeof(o));
	o.off = t->off;
	o.end = t->end;
	if (t->tok == TOK_INT) {
		o.type = OBJ_INT;
		o.plain = t->plain;
		o.u.i = t->i;
	} else if (t->tok == TOK_REAL) {
		o.type = OBJ_REAL;
		o.u.r = t->r;
	} else if (t->tok != TOK_WORD) {
		rc = text_value(ps, t, &o);
	} else if (lex_is_word(t, "R")) {
		return reference(ps, start, t->end);
	} else if (lex_is_word(t, "true") || lex_is_word(t, "false")) {
		o.type = OBJ_BOOL;
		o.u.b = t->len == 4;
	} else if (!lex_is_word(t, "null")) {
		return RC_ABSENT;
	}
	return rc != RC_OK ? rc : push(ps, &o);
}

static enum rc
close_frame(struct obj_parser *ps, const struct frame *f, const struct token *t, unsigned comments)
{
	struct obj o;
	enum rc rc;

	if (f->dict != (t->tok == TOK_DICT_END))
		return RC_FORMAT;
	memset(&o, 0, sizeof(o));
	o.off = f->off;
	o.end = t->end;
	o.comment = comments != f->comments;
	rc = f->dict ? close_dict(ps, f, &o) : close_array(ps, f, &o);
	if (rc != RC_OK)
		return rc;
	ps->n = f->start;
	return push(ps, &o);
}

/* one: stop when the first array or dictionary is closed. */
static enum rc
parse(struct obj_parser *ps, struct lex *lx, struct obj *out, struct token *stop, bool one)
{
	struct frame frames[CAP_DEPTH];
	size_t depth = 0;
	enum rc rc = RC_OK;

	*out = obj_null;
	ps->n = 0;
	for (;;) {
		switch (lex_next(lx, stop)) {
		case TOK_ARRAY:
		case TOK_DICT:
			if (depth == CAP_DEPTH)
				return RC_TOOBIG;
			frames[depth].start = ps->n;
			frames[depth].off = stop->off;
			frames[depth].comments = lx->comments;
			frames[depth++].dict = stop->tok == TOK_DICT;
			break;
		case TOK_ARRAY_END:
		case TOK_DICT_END:
			if (depth == 0)
				return RC_FORMAT;
			rc = close_frame(ps, &frames[--depth], stop, lx->comments);
			break;
		case TOK_END:
			rc = RC_ABSENT;
			break;
		case TOK_BAD:
			return RC_FORMAT;
		case TOK_INT:
		case TOK_REAL:
		case TOK_NAME:
		case TOK_STRING:
		case TOK_HEX:
		case TOK_WORD:
			rc = scalar(ps, stop, depth == 0 ? 0 : frames[depth - 1].start);
			break;
		}
		if (rc == RC_ABSENT)
			break;
		if (rc != RC_OK)
			return rc;
		if (one && depth == 0)
			break;
	}
	if (depth != 0 || ps->n != 1)
		return RC_FORMAT;
	*out = ps->stack[0];
	return RC_OK;
}

enum rc
obj_parse(struct obj_parser *ps, struct lex *lx, struct obj *out, struct token *stop)
{
	return parse(ps, lx, out, stop, false);
}

enum rc
obj_parse_one(struct obj_parser *ps, struct lex *lx, struct obj *out)
{
	struct token stop;

	return parse(ps, lx, out, &stop, true);
}

const struct obj *
obj_get_bytes(const struct obj *dict, struct pdf_bytes key)
{
	uint32_t i;

	if (!obj_is_dict(dict))
		return &obj_null;
	for (i = 0; i < dict->n; i++) {
		if (bytes_eq(dict->u.d.pairs[i].key, key))
			return &dict->u.d.pairs[i].val;
	}
	return &obj_null;
}

const struct obj *
obj_get(const struct obj *dict, const char *key)
{
	struct pdf_bytes k = {(const uint8_t *)key, strlen(key)};

	return obj_get_bytes(dict, k);
}

bool
obj_is_dict(const struct obj *o)
{
	return o->type == OBJ_DICT || o->type == OBJ_STREAM;
}

bool
obj_is_name(const struct obj *o, const char *name)
{
	return o->type == OBJ_NAME && bytes_are(o->u.s, name);
}

bool
obj_is_any(const struct obj *o, const char *const *names, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (obj_is_name(o, names[i]))
			return true;
	}
	return false;
}

double
obj_number(const struct obj *o, double dflt)
{
	if (o->type == OBJ_INT)
		return (double)o->u.i;
	return o->type == OBJ_REAL ? o->u.r : dflt;
}
