/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Two views of a document walked side by side from given places.  An object is
 * compared on every path that uses it, so it does not matter how the update
 * was written.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "caps.h"
#include "revision.h"
#include "stream.h"
#include "walk.h"

#define MAX_CHANGES 16 /* reported of one comparison: the first is enough to judge */
#define NITEMS(a)   (sizeof(a) / sizeof((a)[0]))

/* --- what is reported --- */

/* Where in a the reference to this number is, as text behind path. */
static bool
/* NOLINTNEXTLINE(misc-no-recursion): CAP_DEPTH ends it */
find_ref(const struct obj *o, uint32_t num, char *path, size_t room, unsigned depth)
{
	size_t at = strlen(path);
	struct obj_pair *pair;
	uint32_t i;
	int k;

	if (depth == CAP_DEPTH)
		return false;
	if (o->type == OBJ_REF)
		return o->u.ref.num == num;
	for (i = 0; o->type == OBJ_ARRAY && i < o->n; i++) {
		(void)snprintf(path + at, room - at, "[%u]", i);
		if (find_ref(&o->u.items[i], num, path, room, depth + 1))
			return true;
	}
	for (i = 0; obj_is_dict(o) && i < o->n; i++) {
		pair = &o->u.d.pairs[i];
		path[at] = '\0';
		if (at + 1 < room)
			path[at++] = '/';
		for (k = 0; k < (int)pair->key.len && k < 40 && at + 1 < room; k++)
			path[at++] =
			    (char)(pair->key.p[k] > 0x20 && pair->key.p[k] < 0x7f ? pair->key.p[k]
										  : '?');
		path[at] = '\0';
		if (find_ref(&pair->val, num, path, room, depth + 1))
			return true;
		at = at - (size_t)k - 1;
	}
	path[at] = '\0';
	return false;
}

static void
path_of(struct walk *w, const struct step *st, char *path, size_t room)
{
	const struct step *chain[24];
	struct def *def;
	size_t n = 0, at;
	char key[41];
	size_t k;

	for (; n < NITEMS(chain); st = &w->steps[st->parent - 1]) {
		chain[n++] = st;
		if (st->parent == 0)
			break;
	}
	st = chain[n - 1];
	if (st->base == NULL) {
		(void)snprintf(path, room, "...");
	} else {
		for (k = 0; k < st->key.len && k < sizeof(key) - 1; k++)
			key[k] =
			    (char)(st->key.p[k] > 0x20 && st->key.p[k] < 0x7f ? st->key.p[k] : '?');
		key[k] = '\0';
		if (st->index >= 0)
			(void)snprintf(path, room, "%s[%lld]%s%s", st->base, (long long)st->index,
			    k == 0 ? "" : "/", key);
		else
			(void)snprintf(path, room, "%s%s%s", st->base, k == 0 ? "" : "/", key);
	}
	for (; n > 1; n--) {
		def = revision_def(w->d, w->n, chain[n - 1]->b);
		at = strlen(path);
		if (def != NULL && def->node != NULL &&
		    !find_ref(&def->node->obj, chain[n - 2]->b, path, room, 0))
			path[at] = '\0';
	}
}

/* What no rule allows. */
void
walk_differs(struct walk *w, const struct step *st, enum pdf_modification level)
{
	struct pdf_change *c;
	struct def *def;
	char path[256] = "";

	if (level > w->level)
		w->level = level;
	if (w->nchanges == MAX_CHANGES || w->rc != RC_OK)
		return;
	w->rc =
	    arena_grow(w->d->arena, &w->changes, w->nchanges, &w->cap_changes, sizeof(*w->changes));
	if (w->rc != RC_OK)
		return;
	path_of(w, st, path, sizeof(path));
	c = &w->changes[w->nchanges++];
	c->level = level;
	c->kind = PDF_CHANGE_OTHER;
	c->place.object = st->b;
	def = st->b == 0 ? NULL : revision_def(w->d, w->n, st->b);
	c->revision =
	    w->d->sections[def != NULL && def->section > w->o ? def->section : w->n].revision;
	if ((c->place.path = arena_str(w->d->arena, path, strlen(path))) == NULL)
		w->rc = RC_NOMEM;
}

/* --- the same --- */

static uint64_t
hash(uint64_t v)
{
	v *= 0x9e3779b97f4a7c15ull;
	return v ^ v >> 29;
}

/* True if the pair was there already. */
static bool
pair_seen(struct walk *w, uint32_t a, uint32_t b)
{
	uint64_t v = (uint64_t)a << 32 | b, *old = w->pairs;
	size_t i, k, cap = w->cap_pairs;

	if (w->npairs * 2 >= cap) {
		w->cap_pairs = cap == 0 ? 64 : cap * 2;
		if ((w->pairs = calloc(w->cap_pairs, sizeof(*w->pairs))) == NULL) {
			w->pairs = old;
			w->cap_pairs = cap;
			w->rc = RC_NOMEM;
			return true;
		}
		for (k = 0; k < cap; k++) {
			if (old[k] == 0)
				continue;
			for (i = hash(old[k]) % w->cap_pairs; w->pairs[i] != 0;)
				i = (i + 1) % w->cap_pairs;
			w->pairs[i] = old[k];
		}
		free(old);
	}
	for (i = hash(v) % w->cap_pairs; w->pairs[i] != 0; i = (i + 1) % w->cap_pairs) {
		if (w->pairs[i] == v)
			return true;
	}
	w->pairs[i] = v;
	w->npairs++;
	return false;
}

bool
walk_special(const struct walk *w, uint32_t num)
{
	return num < w->d->nnums && w->special[num] == w->mark;
}

/* The number of what a reference names; of what it does not, one that no object has. */
static uint32_t
target(const struct doc *d, const struct obj *ref, const struct def *def)
{
	if (def == NULL || ref->u.ref.gen != (def->type == DEF_PLAIN ? def->gen : 0))
		return UINT32_MAX;
	return ref->u.ref.num < d->nnums ? ref->u.ref.num : UINT32_MAX;
}

/* Compare what the two references name, later: below the step at, or from (SIZE_MAX). */
static void
push(struct walk *w, const struct obj *a, const struct obj *b, struct step from, size_t at)
{
	struct def *o = revision_def(w->d, w->o, a->u.ref.num);
	struct def *n = revision_def(w->d, w->n, b->u.ref.num);
	struct step *st;

	if (a->u.ref.num == b->u.ref.num && a->u.ref.gen == b->u.ref.gen) {
		if (walk_special(w, a->u.ref.num))
			return;
		if (o == NULL && n == NULL)
			return;
		if (n != NULL && n->node != NULL && n->node->mark == w->mark)
			return;
	} else if (pair_seen(w, target(w->d, a, o), target(w->d, b, n))) {
		return;
	}
	if (w->rc != RC_OK)
		return;
	w->rc = arena_grow(w->d->arena, &w->steps, w->nsteps, &w->cap_steps, sizeof(*w->steps));
	if (w->rc != RC_OK)
		return;
	st = &w->steps[w->nsteps++];
	memset(st, 0, sizeof(*st));
	if (at == SIZE_MAX) {
		*st = from;
	} else {
		st->parent = (uint32_t)at + 1;
		st->index = -1;
	}
	st->a = a->u.ref.num;
	st->agen = a->u.ref.gen;
	st->b = b->u.ref.num;
	st->bgen = b->u.ref.gen;
}

static bool
same_stream(struct walk *w, const struct obj *a, const struct obj *b)
{
	struct pdf_bytes ra, rb;

	if (stream_raw(w->d, w->o, a, &ra, NULL) != RC_OK ||
	    stream_raw(w->d, w->n, b, &rb, NULL) != RC_OK)
		return false;
	return bytes_eq(ra, rb);
}

static bool
/* NOLINTNEXTLINE(misc-no-recursion): CAP_DEPTH ends it, in walk_same() */
same_dict(struct walk *w, const struct obj *a, const struct obj *b, struct step from, size_t at,
    unsigned depth)
{
	bool stream = a->type == OBJ_STREAM;
	struct obj_pair *pair;
	uint32_t i;

	if (a->dup_key || b->dup_key)
		return false;
	for (i = 0; i < a->n; i++) {
		pair = &a->u.d.pairs[i];
		if (stream && bytes_are(pair->key, "Length"))
			continue;
		if (!walk_same(w, &pair->val, obj_get_bytes(b, pair->key), from, at, depth + 1))
			return false;
	}
	for (i = 0; i < b->n; i++) {
		pair = &b->u.d.pairs[i];
		if (stream && bytes_are(pair->key, "Length"))
			continue;
		if (pair->val.type != OBJ_NULL && obj_get_bytes(a, pair->key) == &obj_null &&
		    !walk_same(w, &obj_null, &pair->val, from, at, depth + 1))
			return false;
	}
	return !stream || same_stream(w, a, b);
}

/* Values; references are followed later, from the step at (SIZE_MAX: from). */
bool
/* NOLINTNEXTLINE(misc-no-recursion): CAP_DEPTH ends it */
walk_same(struct walk *w, const struct obj *a, const struct obj *b, struct step from, size_t at,
    unsigned depth)
{
	const struct obj *va, *vb;
	uint32_t i;

	if (depth > CAP_DEPTH || !doc_step(w->d))
		return false;
	if (a->type == OBJ_REF && b->type == OBJ_REF) {
		push(w, a, b, from, at);
		return true;
	}
	/* One of them is written in place: follow the other now, but only so deep. */
	if (a->type == OBJ_REF || b->type == OBJ_REF) {
		if (depth > CAP_DEPTH / 2 || revision_get(w->d, w->o, a, &va) != RC_OK ||
		    revision_get(w->d, w->n, b, &vb) != RC_OK)
			return false;
		return walk_same(w, va, vb, from, at, depth + 1);
	}
	if (a->type != b->type)
		return revision_equal(a, b, 0);
	if (a->type == OBJ_ARRAY) {
		if (a->n != b->n)
			return false;
		for (i = 0; i < a->n; i++) {
			if (!walk_same(w, &a->u.items[i], &b->u.items[i], from, at, depth + 1))
				return false;
		}
		return true;
	}
	if (obj_is_dict(a))
		return same_dict(w, a, b, from, at, depth);
	return revision_equal(a, b, 0);
}

static uint32_t
/* NOLINTNEXTLINE(misc-no-recursion): the parser nests at most CAP_DEPTH deep */
count_refs(const struct obj *o, uint32_t *to, uint32_t n)
{
	uint32_t i;

	if (o->type == OBJ_REF) {
		if (to != NULL) {
			to[2 * n] = o->u.ref.num;
			to[2 * n + 1] = o->u.ref.gen;
		}
		return n + 1;
	}
	for (i = 0; o->type == OBJ_ARRAY && i < o->n; i++)
		n = count_refs(&o->u.items[i], to, n);
	for (i = 0; obj_is_dict(o) && i < o->n; i++)
		n = count_refs(&o->u.d.pairs[i].val, to, n);
	return n;
}

/* An object that both views share: only what it refers to can differ. */
void
walk_follow(struct walk *w, struct node *node, struct step from, size_t at)
{
	struct obj ref = {.type = OBJ_REF};
	uint32_t i;

	if (!node->refs_known) {
		node->nrefs = count_refs(&node->obj, NULL, 0);
		node->refs = arena_array(w->d->arena, node->nrefs, 2 * sizeof(*node->refs));
		if (node->refs == NULL) {
			w->rc = RC_NOMEM;
			return;
		}
		(void)count_refs(&node->obj, node->refs, 0);
		node->refs_known = true;
	}
	for (i = 0; i < node->nrefs && w->rc == RC_OK; i++) {
		ref.u.ref.num = node->refs[2 * i];
		ref.u.ref.gen = node->refs[2 * i + 1];
		push(w, &ref, &ref, from, at);
	}
}

/* The object of a step in one view: NULL and RC_OK if it is undefined. */
enum rc
walk_node(
    struct walk *w, size_t section, uint32_t num, uint32_t gen, struct node **out, struct def **def)
{
	*out = NULL;
	*def = revision_def(w->d, section, num);
	if (*def == NULL || gen != ((*def)->type == DEF_PLAIN ? (*def)->gen : 0)) {
		*def = NULL;
		return RC_OK;
	}
	return revision_node(w->d, section, *def, out);
}

static void
step_done(struct walk *w, size_t at)
{
	struct step st = w->steps[at];
	struct node *a, *b;
	struct def *da, *db;
	enum rc ra, rb;

	ra = walk_node(w, w->o, st.a, st.agen, &a, &da);
	rb = walk_node(w, w->n, st.b, st.bgen, &b, &db);
	if (ra == RC_NOMEM || rb == RC_NOMEM) {
		w->rc = RC_NOMEM;
		return;
	}
	/* What does not read in both is the same trouble as before. */
	if (da == db && ra != RC_OK && rb != RC_OK)
		return;
	if (ra != RC_OK || rb != RC_OK) {
		walk_differs(w, &st, rb == RC_FORMAT ? PDF_MOD_OTHER : PDF_MOD_NOT_ANALYSED);
		return;
	}
	if (st.a == st.b && st.agen == st.bgen && b != NULL) {
		if (b->mark == w->mark)
			return;
		b->mark = w->mark;
	}
	if (a == b && a != NULL) {
		walk_follow(w, a, st, at);
		return;
	}
	if (!walk_same(
		w, a == NULL ? &obj_null : &a->obj, b == NULL ? &obj_null : &b->obj, st, at, 0))
		walk_differs(w, &st, PDF_MOD_NOT_ANALYSED);
}

void
walk_drain(struct walk *w)
{
	for (; w->next < w->nsteps && w->rc == RC_OK; w->next++) {
		if (!doc_step(w->d)) {
			w->level = PDF_MOD_NOT_ANALYSED;
			return;
		}
		step_done(w, w->next);
	}
}

/* --- dictionaries where a table says what may differ --- */

static const struct rule *
rule_of(const struct rule *rules, size_t n, struct pdf_bytes key)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (bytes_are(key, rules[i].key))
			return &rules[i];
	}
	return NULL;
}

/* One key of two dictionaries; a, b raw values, obj_null if absent. */
static void
key_pair(struct walk *w, const struct rule *rules, size_t n, struct step st, const struct obj *a,
    const struct obj *b)
{
	const struct rule *rule = rule_of(rules, n, st.key);
	size_t before = w->nsteps;

	if (rule != NULL && (rule->when == NULL || rule->when(w, a, b))) {
		if (rule->level > w->level && rule->level > PDF_MOD_LTA_UPDATES)
			walk_differs(w, &st, rule->level);
		return;
	}
	if (w->rc != RC_OK || walk_same(w, a, b, st, SIZE_MAX, 0))
		return;
	w->nsteps = before;
	st.b = b->type == OBJ_REF ? b->u.ref.num : 0;
	walk_differs(w, &st, PDF_MOD_NOT_ANALYSED);
}

void
walk_dict(struct walk *w, const struct rule *rules, size_t n, const char *base, int64_t index,
    const struct obj *a, const struct obj *b)
{
	struct step st = {.base = base, .index = index};
	struct obj_pair *pair;
	uint32_t i;

	if (a->dup_key || b->dup_key) {
		walk_differs(w, &st, PDF_MOD_NOT_ANALYSED);
		return;
	}
	for (i = 0; obj_is_dict(a) && i < a->n; i++) {
		st.key = a->u.d.pairs[i].key;
		key_pair(w, rules, n, st, &a->u.d.pairs[i].val, obj_get_bytes(b, st.key));
	}
	for (i = 0; obj_is_dict(b) && i < b->n; i++) {
		pair = &b->u.d.pairs[i];
		st.key = pair->key;
		if (obj_get_bytes(a, st.key) == &obj_null)
			key_pair(w, rules, n, st, &obj_null, &pair->val);
	}
}

/* --- values in either view --- */

const struct obj *
walk_old(struct walk *w, const struct obj *raw)
{
	const struct obj *o;

	return revision_get(w->d, w->o, raw, &o) == RC_OK ? o : &obj_null;
}

const struct obj *
walk_new(struct walk *w, const struct obj *raw)
{
	const struct obj *o;

	return revision_get(w->d, w->n, raw, &o) == RC_OK ? o : &obj_null;
}
