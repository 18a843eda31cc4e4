/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How far objects reach, by their tokens alone: nothing is kept of them, and reading
 * stops where the hole begins.
 */
#include <stdlib.h>
#include <string.h>

#include "caps.h"
#include "hole.h"
#include "lex.h"
#include "revision.h"

struct hole {
	uint64_t at;  /* where it begins */
	uint64_t own; /* the object that it lies in */
	bool shared;  /* with another one: no more is asked */
	struct sig *sig;
};

/* /Length of the dictionary that is read: the largest, if there are several. */
struct length {
	unsigned since; /* tokens since the key, 0: none that matters */
	int64_t number, most;
};

/* Behind a string, however long, or the limit. */
static uint64_t
string_end(const uint8_t *p, uint64_t at, uint64_t limit)
{
	unsigned depth = 0;

	for (; at < limit; at++) {
		if (p[at] == '\\')
			at++;
		else if (p[at] == '(')
			depth++;
		else if (p[at] == ')' && --depth == 0)
			return at + 1;
	}
	return limit + 1;
}

/* The next token; what the lexer finds too long is one all the same. */
static enum tok
next(struct lex *lx, uint64_t limit, struct token *t)
{
	const uint8_t *close;

	if (lex_next(lx, t) != TOK_BAD || lx->pos >= limit)
		return t->tok;
	if (lx->p[lx->pos] == '(') {
		lx->pos = string_end(lx->p, lx->pos, limit);
	} else if (lx->p[lx->pos] == '<') {
		close = memchr(lx->p + lx->pos, '>', (size_t)(limit - lx->pos));
		lx->pos = close == NULL ? limit + 1 : (uint64_t)(close - lx->p) + 1;
	} else {
		return TOK_BAD;
	}
	return t->tok = TOK_STRING;
}

static bool
is_length(const struct token *t)
{
	uint8_t name[3 * 6];

	return t->tok == TOK_NAME && t->len >= 6 && t->len <= sizeof(name) &&
	       lex_decode(t, name) == 6 && memcmp(name, "Length", 6) == 0;
}

/* The number behind /Length, or that of the object which is named there. */
static void
note_length(struct doc *d, struct length *l, const struct token *t, const struct hole *h)
{
	size_t view = h->sig->section != SIZE_MAX ? h->sig->section : h->sig->seen;
	struct obj ref = {.type = OBJ_REF};
	const struct obj *o;

	if (l->since == 0)
		return;
	if (l->since == 1)
		l->number = t->tok == TOK_INT ? t->i : 0;
	if (l->since++ < 3 && t->tok == TOK_INT)
		return;
	if (l->since == 4 && t->tok == TOK_WORD && lex_is_word(t, "R") && l->number > 0 &&
	    l->number <= UINT32_MAX) {
		ref.u.ref.num = (uint32_t)l->number;
		l->number =
		    revision_get(d, view, &ref, &o) == RC_OK && o->type == OBJ_INT ? o->u.i : 0;
	}
	if (l->number > l->most)
		l->most = l->number;
	l->since = 0;
}

/* By its length, or as those who miss "endstream" look for it. */
static bool
body_reaches(struct doc *d, uint64_t body, const struct length *l, const struct hole *h)
{
	const uint8_t *end;

	if (body > h->at || (uint64_t)l->most > h->at - body)
		return true;
	body += (uint64_t)l->most;
	end = memmem(d->p + body, (size_t)(h->at - body), "endstream", 9);
	return end == NULL || !doc_parsed(d, (uint64_t)(end - d->p) - body);
}

/* The object at off, in front of the hole, reaches into it. */
static bool
reaches(struct doc *d, uint64_t off, const struct hole *h)
{
	struct length length = {0, 0, 0};
	unsigned depth = 0, skip;
	struct token t;
	struct lex lx;

	lex_init(&lx, d->p, d->n, off);
	for (skip = 0; skip < 3; skip++) {
		if (lex_next(&lx, &t) != (skip < 2 ? TOK_INT : TOK_WORD))
			return false; /* no object */
	}
	while (next(&lx, h->at, &t) != TOK_END && t.tok != TOK_BAD && lx.pos <= h->at) {
		if (t.tok == TOK_WORD && depth == 0)
			break;
		note_length(d, &length, &t, h);
		if (depth == 1 && is_length(&t))
			length = (struct length){1, 0, length.most};
		depth += t.tok == TOK_DICT || t.tok == TOK_ARRAY;
		depth -= depth > 0 && (t.tok == TOK_DICT_END || t.tok == TOK_ARRAY_END);
	}
	if (!doc_parsed(d, lx.pos - off) || lx.pos > h->at)
		return true;
	return t.tok == TOK_WORD && lex_is_word(&t, "stream") &&
	       body_reaches(d, lx.pos, &length, h);
}

static int
by_place(const void *va, const void *vb)
{
	const struct hole *a = va, *b = vb;

	return a->at < b->at ? -1 : a->at > b->at;
}

static void
fail(struct doc *d, struct hole *h, uint64_t off)
{
	h->shared = true;
	sig_fail(d, h->sig, PDF_D4_PLACE, off, true);
	h->sig->pub.coverage = PDF_COVERAGE_UNCLEAR;
}

/* The first hole behind off, or n. */
static size_t
first_behind(const struct hole *v, size_t n, uint64_t off)
{
	size_t low = 0, mid;

	while (low < n) {
		mid = low + (n - low) / 2;
		if (v[mid].at > off)
			n = mid;
		else
			low = mid + 1;
	}
	return low;
}

/* An object that was read already, and is no stream, ends with a word in front of the hole. */
static bool
ends_before(const struct doc *d, const struct def *def, const struct hole *h)
{
	struct token t;
	struct lex lx;

	if (def->node == NULL || def->node->obj.type == OBJ_STREAM || def->node->obj.end > h->at)
		return false;
	lex_init(&lx, d->p, d->n, def->node->obj.end);
	return lex_next(&lx, &t) == TOK_WORD && lx.pos <= h->at;
}

/* What is written there as one object, and the holes behind it. */
static void
check_object(struct doc *d, struct hole *v, size_t n, const struct def *def)
{
	size_t i;

	for (i = first_behind(v, n, def->off); i < n; i++) {
		if (v[i].own == def->off || v[i].shared)
			continue; /* but it may go on to the next one */
		if (ends_before(d, def, &v[i]) || !reaches(d, def->off, &v[i]))
			return;
		fail(d, &v[i], def->off);
	}
}

enum rc
hole_check(struct doc *d, struct sigs *sigs)
{
	struct hole *v;
	size_t i, k, n = 0;

	if (sigs->n == 0)
		return RC_OK;
	if ((v = arena_array(d->arena, sigs->n, sizeof(*v))) == NULL)
		return RC_NOMEM;
	for (i = 0; i < sigs->n; i++) {
		if (!sigs->v[i]->pub.range_sound || sigs->v[i]->def == 0 || sigs->v[i]->packed)
			continue;
		v[n].at = (uint64_t)sigs->v[i]->pub.byte_range[1];
		v[n].own = d->defs[sigs->v[i]->def - 1].off;
		v[n++].sig = sigs->v[i];
	}
	if (n == 0)
		return RC_OK;
	qsort(v, n, sizeof(*v), by_place);
	for (i = 0; i < d->ndefs; i++) {
		if (d->defs[i].type == DEF_PLAIN)
			check_object(d, v, n, &d->defs[i]);
	}
	for (i = 0; i < d->nsections; i++) {
		for (k = first_behind(v, n, d->sections[i].off); k < n; k++) {
			if (d->sections[i].end <= v[k].at)
				break;
			fail(d, &v[k], d->sections[i].off);
		}
	}
	return RC_OK;
}
