/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Two views of a document walked side by side from given places.  An object is
 * compared on every path that uses it, so it does not matter how the update
 * was written.
 *
 * What a page is drawn with is compared as it is written, object by object.  Elsewhere
 * the objects that have rules of their own (pages, fields, annotations, the catalog) are left
 * to them.  Comparisons run from the strictest to the mildest, so that what one has seen needs
 * no second look by a later one.
 */
#include <stdlib.h>
#include <string.h>

#include "caps.h"
#include "revision.h"
#include "stream.h"
#include "walk.h"

#define NITEMS(a) (sizeof(a) / sizeof((a)[0]))

/* --- what is reported --- */

static void
tell(struct walk *w, const struct root *at, uint32_t object, const struct step *st)
{
	char path[256] = "";
	struct hit *h;

	if (at->level > w->level)
		w->level = at->level;
	/* What can't be told is not known to be harmless. */
	if (w->nhits == CAP_LIST && at->level < PDF_MOD_OTHER) {
		w->hits[CAP_LIST - 1].at.level = w->level = PDF_MOD_OTHER;
		w->hits[CAP_LIST - 1].at.kind = PDF_CHANGE_OTHER;
	}
	if (w->nhits == CAP_LIST && w->hits[CAP_LIST - 1].at.level < at->level)
		w->nhits--;
	if (w->nhits == CAP_LIST || w->rc != RC_OK)
		return;
	w->rc = arena_grow(w->d->arena, &w->hits, w->nhits, &w->cap_hits, sizeof(*w->hits));
	if (w->rc != RC_OK)
		return;
	walk_path(w, at, st, path, sizeof(path));
	h = &w->hits[w->nhits];
	h->at = *at;
	h->object = object;
	if ((h->path = arena_str(w->d->arena, path, strlen(path))) == NULL)
		w->rc = RC_NOMEM;
	else
		w->nhits++;
}

void
walk_tell(struct walk *w, const struct root *at, uint32_t object)
{
	tell(w, at, object, NULL);
}

/* What a comparison found, once: its first difference names the place. */
static void
differs(struct walk *w, struct pending *p, uint32_t object, const struct step *st)
{
	if (!p->told)
		tell(w, &p->at, object != 0 ? object : p->at.object, st);
	p->told = true;
}

static void
tired(struct walk *w)
{
	struct root at = {
	    .base = "limit", .index = -1, .level = PDF_MOD_OTHER, .kind = PDF_CHANGE_OTHER};

	if (!w->tired)
		tell(w, &at, 0, NULL);
	w->tired = true;
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

struct known *
walk_known(struct walk *w, uint32_t num)
{
	return num < w->d->nnums ? &w->known[num] : NULL;
}

bool
walk_special(struct walk *w, uint32_t num)
{
	return num < w->d->nnums && w->known[num].special == w->mark;
}

void
walk_set_special(struct walk *w, uint32_t num)
{
	if (num < w->d->nnums)
		w->known[num].special = w->mark;
}

/* The number of what a reference names; of what it does not, one that no object has. */
static uint32_t
target(const struct doc *d, const struct obj *ref, const struct def *def)
{
	if (def == NULL || ref->u.ref.gen != (def->type == DEF_PLAIN ? def->gen : 0))
		return UINT32_MAX;
	return ref->u.ref.num < d->nnums ? ref->u.ref.num : UINT32_MAX;
}

/* What is drawn is looked at more strictly: seen that way counts for both. */
static bool
seen(const struct walk *w, const struct node *node, bool draws)
{
	return node->mark == w->mark + 1 || (!draws && node->mark == w->mark);
}

/* Compare what the two references name, later: below the step at, or the root (SIZE_MAX). */
static void
push(struct walk *w, const struct obj *a, const struct obj *b, uint32_t root, size_t at)
{
	struct def *n = revision_def(w->d, w->n, b->u.ref.num);
	bool draws = w->todo[root].at.draws;
	struct step *st;
	uint32_t x;

	if (a->u.ref.num == b->u.ref.num && a->u.ref.gen == b->u.ref.gen) {
		if (!draws && walk_special(w, a->u.ref.num))
			return;
		if (n == NULL && revision_def(w->d, w->o, a->u.ref.num) == NULL)
			return;
		if (n != NULL && n->node != NULL && seen(w, n->node, draws))
			return;
	} else {
		/* Pairs are few: those that are drawn count apart. */
		x = target(w->d, a, revision_def(w->d, w->o, a->u.ref.num));
		if (pair_seen(w, draws ? ~x : x, target(w->d, b, n)))
			return;
	}
	if (w->rc != RC_OK)
		return;
	w->rc = arena_grow(w->d->arena, &w->steps, w->nsteps, &w->cap_steps, sizeof(*w->steps));
	if (w->rc != RC_OK)
		return;
	st = &w->steps[w->nsteps++];
	st->root = root;
	st->parent = at == SIZE_MAX ? 0 : (uint32_t)at + 1;
	st->a = a->u.ref.num;
	st->agen = a->u.ref.gen;
	st->b = b->u.ref.num;
	st->bgen = b->u.ref.gen;
}

static bool
same_stream(struct walk *w, const struct obj *a, const struct obj *b)
{
	struct pdf_bytes ra, rb;

	if (stream_plain(w->d, w->o, a, &ra) != RC_OK || stream_plain(w->d, w->n, b, &rb) != RC_OK)
		return false;
	return bytes_eq(ra, rb);
}

static bool same(struct walk *w, const struct obj *a, const struct obj *b, uint32_t root, size_t at,
    unsigned depth);

static bool
/* NOLINTNEXTLINE(misc-no-recursion): CAP_DEPTH ends it, in same() */
same_dict(struct walk *w, const struct obj *a, const struct obj *b, uint32_t root, size_t at,
    unsigned depth)
{
	bool stream = a->type == OBJ_STREAM;
	const struct obj *val;
	struct obj_pair *pair;
	uint32_t i;

	if (a->dup_key || b->dup_key)
		return false;
	for (i = 0; i < a->n; i++) {
		pair = &a->u.d.pairs[i];
		if (stream && bytes_are(pair->key, "Length"))
			continue;
		val = obj_get_bytes(b, pair->key);
		if (val == &obj_null || !same(w, &pair->val, val, root, at, depth + 1))
			return false;
	}
	for (i = 0; i < b->n; i++) {
		pair = &b->u.d.pairs[i];
		if (stream && bytes_are(pair->key, "Length"))
			continue;
		/* Some readers ask whether a key is there, so null is not nothing. */
		if (obj_get_bytes(a, pair->key) == &obj_null)
			return false;
	}
	return !stream || same_stream(w, a, b);
}

/* Values; references are followed later, from the step at (SIZE_MAX: the root). */
static bool
/* NOLINTNEXTLINE(misc-no-recursion): CAP_DEPTH ends it */
same(struct walk *w, const struct obj *a, const struct obj *b, uint32_t root, size_t at,
    unsigned depth)
{
	const struct obj *va, *vb;
	uint32_t i;

	if (depth > CAP_DEPTH || !doc_step(w->d))
		return false;
	if (a->type == OBJ_REF && b->type == OBJ_REF) {
		push(w, a, b, root, at);
		return true;
	}
	/* One of them is written in place: follow the other now, but only so deep. */
	if (a->type == OBJ_REF || b->type == OBJ_REF) {
		if (depth > CAP_DEPTH / 2 || revision_get(w->d, w->o, a, &va) != RC_OK ||
		    revision_get(w->d, w->n, b, &vb) != RC_OK)
			return false;
		return same(w, va, vb, root, at, depth + 1);
	}
	if (a->type != b->type)
		return false;
	if (a->type == OBJ_ARRAY) {
		if (a->n != b->n)
			return false;
		for (i = 0; i < a->n; i++) {
			if (!same(w, &a->u.items[i], &b->u.items[i], root, at, depth + 1))
				return false;
		}
		return true;
	}
	if (obj_is_dict(a))
		return same_dict(w, a, b, root, at, depth);
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

enum rc
walk_refs(struct doc *d, struct node *node)
{
	if (node->refs_known)
		return RC_OK;
	node->nrefs = count_refs(&node->obj, NULL, 0);
	node->refs = arena_array(d->arena, node->nrefs, 2 * sizeof(*node->refs));
	if (node->refs == NULL)
		return RC_NOMEM;
	(void)count_refs(&node->obj, node->refs, 0);
	node->refs_known = true;
	return RC_OK;
}

/* An object that both views share: only what it refers to can differ. */
static void
follow(struct walk *w, struct node *node, uint32_t root, size_t at)
{
	struct obj ref = {.type = OBJ_REF};
	uint32_t i;

	if ((w->rc = walk_refs(w->d, node)) != RC_OK)
		return;
	for (i = 0; i < node->nrefs && w->rc == RC_OK; i++) {
		ref.u.ref.num = node->refs[2 * i];
		ref.u.ref.gen = node->refs[2 * i + 1];
		push(w, &ref, &ref, root, at);
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

/* An object that one view or both can't read: gone, or closed. */
static void
unread(struct walk *w, const struct step *st, bool locked)
{
	struct pending *p = &w->todo[st->root];
	struct root at = p->at;

	if (p->told)
		return;
	at.level = locked ? PDF_MOD_NOT_ANALYSED : PDF_MOD_OTHER;
	tell(w, &at, st->b, st);
	p->told = true;
}

static void
step_done(struct walk *w, size_t at)
{
	struct step st = w->steps[at];
	struct pending *p = &w->todo[st.root];
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
		unread(w, &st, ra != RC_FORMAT && rb != RC_FORMAT);
		return;
	}
	if (st.a == st.b && st.agen == st.bgen && b != NULL) {
		if (seen(w, b, p->at.draws))
			return;
		b->mark = w->mark + (p->at.draws ? 1 : 0);
	}
	if (a == b && a != NULL)
		follow(w, a, st.root, at);
	else if (!same(w, a == NULL ? &obj_null : &a->obj, b == NULL ? &obj_null : &b->obj, st.root,
		     at, 0))
		differs(w, p, st.b, &st);
}

static void
drain(struct walk *w)
{
	for (; w->next < w->nsteps && w->rc == RC_OK; w->next++) {
		if (!doc_step(w->d)) {
			tired(w);
			return;
		}
		step_done(w, w->next);
	}
}

/* --- what is pending --- */

void
walk_pend(struct walk *w, const struct root *at, const struct obj *a, const struct obj *b)
{
	struct pending *p;

	if (w->rc != RC_OK)
		return;
	w->rc = arena_grow(w->d->arena, &w->todo, w->ntodo, &w->cap_todo, sizeof(*w->todo));
	if (w->rc != RC_OK)
		return;
	p = &w->todo[w->ntodo++];
	p->at = *at;
	p->a = a;
	p->b = b;
	p->told = false;
}

/* The strictest first, and there what is drawn. */
static unsigned
turn(const struct root *at)
{
	return 2u * (unsigned)(PDF_MOD_OTHER - at->level) + (at->draws ? 0 : 1);
}

void
walk_run(struct walk *w)
{
	unsigned now, last = 2 * PDF_MOD_OTHER + 1;
	struct pending *p;
	size_t i;

	for (now = 0; now <= last; now++) {
		for (i = 0; i < w->ntodo && w->rc == RC_OK; i++) {
			p = &w->todo[i];
			if (turn(&p->at) == now && !same(w, p->a, p->b, (uint32_t)i, SIZE_MAX, 0))
				differs(w, p, p->b->type == OBJ_REF ? p->b->u.ref.num : 0, NULL);
		}
		drain(w);
	}
	if (w->d->steps == CAP_WALK)
		tired(w);
}

/* --- dictionaries where a table says what may differ --- */

static const struct rule *
rule_of(const struct table *t, struct pdf_bytes key)
{
	size_t i;

	for (i = 0; i < t->n; i++) {
		if (bytes_are(key, t->rules[i].key))
			return &t->rules[i];
	}
	return &t->other;
}

/* One key of two dictionaries; a, b raw values, obj_null if absent. */
static void
key_pair(struct walk *w, const struct table *t, struct root *at, const struct obj *a,
    const struct obj *b)
{
	const struct rule *rule;
	bool allowed;

	/* Of an object that both views share only what it refers to can differ. */
	if (a == b && a->type != OBJ_REF && count_refs(a, NULL, 0) == 0)
		return;
	rule = rule_of(t, at->key);
	w->key = at->key;
	allowed = rule->when == NULL || rule->when(w, a, b);
	if (allowed && rule->level == PDF_MOD_NONE)
		return;
	at->draws = rule->draws;
	at->level = allowed ? rule->level : PDF_MOD_OTHER;
	at->kind = allowed ? rule->kind : rule->bad;
	walk_pend(w, at, a, b);
}

void
walk_dict(
    struct walk *w, const struct table *t, struct root at, const struct obj *a, const struct obj *b)
{
	struct obj_pair *pair;
	uint32_t i;

	if (a->dup_key || b->dup_key) {
		at.level = PDF_MOD_OTHER;
		at.kind = t->other.bad;
		walk_tell(w, &at, at.object);
		return;
	}
	for (i = 0; obj_is_dict(a) && i < a->n; i++) {
		pair = &a->u.d.pairs[i];
		at.key = pair->key;
		key_pair(w, t, &at, &pair->val, a == b ? &pair->val : obj_get_bytes(b, at.key));
	}
	if (a == b)
		return;
	for (i = 0; obj_is_dict(b) && i < b->n; i++) {
		pair = &b->u.d.pairs[i];
		at.key = pair->key;
		if (obj_get_bytes(a, at.key) == &obj_null)
			key_pair(w, t, &at, &obj_null, &pair->val);
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
