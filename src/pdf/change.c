/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What later revisions changed: two views of the document are walked side by
 * side from the trailer.  An object is compared on every path that uses it, so
 * it does not matter how the update was written.  Where a table below allows a
 * difference it has a level; anything else must be the same.
 *
 * Each step from one revision to the next is walked once, for all signatures;
 * what the rules allow in each of two steps they allow in both together.  A
 * signature's revision is compared directly with the newest one, and with the
 * first one that does not pass.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "caps.h"
#include "change.h"
#include "dss.h"
#include "page.h"
#include "revision.h"
#include "stream.h"

#define MAX_CHANGES 16 /* reported of one comparison: the first is enough to judge */
#define NITEMS(a)   (sizeof(a) / sizeof((a)[0]))

/* Where a comparison stands: below a fixed place, or reached from another step. */
struct step {
	const char *base;          /* "Root", "Page", NULL below a parent */
	int64_t index;             /* page or field, -1 if none */
	struct pdf_bytes key;      /* below base */
	uint32_t parent;           /* 1 + index of the step that refers to this one */
	uint32_t a, agen, b, bgen; /* the object in the old and in the new view */
};

struct walk {
	struct doc *d;
	size_t o, n; /* sections: the old view and the new one */
	struct step *steps;
	size_t nsteps, cap_steps, next;
	uint64_t *pairs; /* heap: hash set of (a, b) with different numbers */
	size_t npairs, cap_pairs;
	uint32_t *special; /* heap, by object number: the walk that judges it elsewhere */
	uint32_t *added;   /* heap: widgets of new fields that are allowed */
	uint32_t mark;
	enum pdf_modification level;
	struct pdf_change *changes;
	size_t nchanges, cap_changes;
	enum rc rc;
};

typedef bool condition(struct walk *w, const struct obj *a, const struct obj *b);

/* A key where a difference is allowed if the condition holds (NULL: always). */
struct rule {
	const char *key;
	condition *when;
	enum pdf_modification level;
};

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
static void
differs(struct walk *w, const struct step *st, enum pdf_modification level)
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
	c->object = st->b;
	def = st->b == 0 ? NULL : revision_def(w->d, w->n, st->b);
	c->revision =
	    w->d->sections[def != NULL && def->section > w->o ? def->section : w->n].revision;
	if ((c->path = arena_str(w->d->arena, path, strlen(path))) == NULL)
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

static bool
is_special(const struct walk *w, uint32_t num)
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
		if (is_special(w, a->u.ref.num))
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

static bool same(struct walk *w, const struct obj *a, const struct obj *b, struct step from,
    size_t at, unsigned depth);

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
/* NOLINTNEXTLINE(misc-no-recursion): CAP_DEPTH ends it, in same() */
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
		if (!same(w, &pair->val, obj_get_bytes(b, pair->key), from, at, depth + 1))
			return false;
	}
	for (i = 0; i < b->n; i++) {
		pair = &b->u.d.pairs[i];
		if (stream && bytes_are(pair->key, "Length"))
			continue;
		if (pair->val.type != OBJ_NULL && obj_get_bytes(a, pair->key) == &obj_null &&
		    !same(w, &obj_null, &pair->val, from, at, depth + 1))
			return false;
	}
	return !stream || same_stream(w, a, b);
}

/* Values; references are followed later, from the step at (SIZE_MAX: from). */
static bool
/* NOLINTNEXTLINE(misc-no-recursion): CAP_DEPTH ends it */
same(struct walk *w, const struct obj *a, const struct obj *b, struct step from, size_t at,
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
		return same(w, va, vb, from, at, depth + 1);
	}
	if (a->type != b->type)
		return revision_equal(a, b, 0);
	if (a->type == OBJ_ARRAY) {
		if (a->n != b->n)
			return false;
		for (i = 0; i < a->n; i++) {
			if (!same(w, &a->u.items[i], &b->u.items[i], from, at, depth + 1))
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
static void
follow(struct walk *w, struct node *node, struct step from, size_t at)
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
static enum rc
node_of(
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

	ra = node_of(w, w->o, st.a, st.agen, &a, &da);
	rb = node_of(w, w->n, st.b, st.bgen, &b, &db);
	if (ra == RC_NOMEM || rb == RC_NOMEM) {
		w->rc = RC_NOMEM;
		return;
	}
	/* What does not read in both is the same trouble as before. */
	if (da == db && ra != RC_OK && rb != RC_OK)
		return;
	if (ra != RC_OK || rb != RC_OK) {
		differs(w, &st, rb == RC_FORMAT ? PDF_MOD_OTHER : PDF_MOD_NOT_ANALYSED);
		return;
	}
	if (st.a == st.b && st.agen == st.bgen && b != NULL) {
		if (b->mark == w->mark)
			return;
		b->mark = w->mark;
	}
	if (a == b && a != NULL) {
		follow(w, a, st, at);
		return;
	}
	if (!same(w, a == NULL ? &obj_null : &a->obj, b == NULL ? &obj_null : &b->obj, st, at, 0))
		differs(w, &st, PDF_MOD_NOT_ANALYSED);
}

static void
drain(struct walk *w)
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
			differs(w, &st, rule->level);
		return;
	}
	if (w->rc != RC_OK || same(w, a, b, st, SIZE_MAX, 0))
		return;
	w->nsteps = before;
	st.b = b->type == OBJ_REF ? b->u.ref.num : 0;
	differs(w, &st, PDF_MOD_NOT_ANALYSED);
}

static void
dict_pair(struct walk *w, const struct rule *rules, size_t n, const char *base, int64_t index,
    const struct obj *a, const struct obj *b)
{
	struct step st = {.base = base, .index = index};
	struct obj_pair *pair;
	uint32_t i;

	if (a->dup_key || b->dup_key) {
		differs(w, &st, PDF_MOD_NOT_ANALYSED);
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

/* --- conditions --- */

static const struct obj *
in_old(struct walk *w, const struct obj *raw)
{
	const struct obj *o;

	return revision_get(w->d, w->o, raw, &o) == RC_OK ? o : &obj_null;
}

static const struct obj *
in_new(struct walk *w, const struct obj *raw)
{
	const struct obj *o;

	return revision_get(w->d, w->n, raw, &o) == RC_OK ? o : &obj_null;
}

/*
 * The catalog or a field may at the same time be where a page takes its pictures or
 * fonts from: what may differ in them must be nothing that a page can draw with.
 */
static bool
only_keys(const struct obj *o, const char *const *keys, size_t n)
{
	uint32_t i;
	size_t k;

	if (o->type == OBJ_NULL)
		return true;
	if (!obj_is_dict(o) || o->dup_key)
		return false;
	for (i = 0; i < o->n; i++) {
		for (k = 0; k < n && !bytes_are(o->u.d.pairs[i].key, keys[k]); k++)
			;
		if (k == n)
			return false;
	}
	return true;
}

/* Metadata by its /Subtype: no form, no image. */
static bool
xml_stream(struct doc *d, size_t section, const struct obj *o)
{
	const struct obj *sub;

	return revision_key(d, section, o, "Subtype", &sub) == RC_OK &&
	       (sub->type == OBJ_NULL || obj_is_name(sub, "XML"));
}

/* XMP that brings no document type of its own, where entities would be declared. */
static bool
plain_metadata(struct walk *w, const struct obj *a, const struct obj *b)
{
	static const char *const keys[] = {"Type", "Subtype", "Length", "Filter", "DecodeParms"};
	struct pdf_bytes xmp;
	size_t i;

	a = in_old(w, a);
	b = in_new(w, b);
	if (!only_keys(a, keys, NITEMS(keys)) || !only_keys(b, keys, NITEMS(keys)) ||
	    !xml_stream(w->d, w->o, a) || !xml_stream(w->d, w->n, b) || b->type != OBJ_STREAM ||
	    stream_decode(w->d, w->n, b, &xmp) != RC_OK)
		return false;
	for (i = 0; i + 1 < xmp.len; i++) {
		if (xmp.p[i] == 0 || (xmp.p[i] == '<' && xmp.p[i + 1] == '!' &&
					 (i + 3 >= xmp.len || memcmp(xmp.p + i, "<!--", 4) != 0)))
			return false;
	}
	return true;
}

/* Validation data may be added and dropped, the store itself not. */
static bool
dss_update(struct walk *w, const struct obj *a, const struct obj *b)
{
	a = in_old(w, a);
	b = in_new(w, b);
	if (!dss_clean(w->d, w->n, b))
		return false;
	return obj_get(a, "VRI")->type == OBJ_NULL || obj_get(b, "VRI")->type != OBJ_NULL;
}

static bool
version_name(struct walk *w, const struct obj *a, const struct obj *b)
{
	a = in_old(w, a);
	b = in_new(w, b);
	return (a->type == OBJ_NULL ||
		   (a->type == OBJ_NAME && a->u.s.len == 3 && a->u.s.p[1] == '.')) &&
	       b->type == OBJ_NAME && b->u.s.len == 3 && b->u.s.p[1] == '.';
}

static bool
mark_info(struct walk *w, const struct obj *a, const struct obj *b)
{
	static const char *const keys[] = {"Type", "Marked", "UserProperties", "Suspects"};

	a = in_old(w, a);
	b = in_new(w, b);
	return a->type != OBJ_STREAM && b->type != OBJ_STREAM && only_keys(a, keys, NITEMS(keys)) &&
	       only_keys(b, keys, NITEMS(keys));
}

/* By developers' prefixes of four letters (ISO 32000-2, Annex E); /Font is none. */
static bool
prefixed(const struct obj *o)
{
	uint32_t i;

	if (o->type != OBJ_DICT)
		return o->type == OBJ_NULL;
	for (i = 0; i < o->n; i++) {
		if (o->u.d.pairs[i].key.len != 4 || bytes_are(o->u.d.pairs[i].key, "Font"))
			return false;
	}
	return !o->dup_key;
}

static bool
extensions(struct walk *w, const struct obj *a, const struct obj *b)
{
	return prefixed(in_old(w, a)) && prefixed(in_new(w, b));
}

/* Each application's own data, and when it was written. */
static bool
pieces(struct doc *d, size_t section, const struct obj *raw)
{
	static const char *const keys[] = {"LastModified", "Private"};
	const struct obj *o, *one;
	uint32_t i;

	if (revision_get(d, section, raw, &o) != RC_OK || o->type != OBJ_DICT)
		return o->type == OBJ_NULL;
	for (i = 0; i < o->n; i++) {
		if (revision_get(d, section, &o->u.d.pairs[i].val, &one) != RC_OK ||
		    one->type != OBJ_DICT || !only_keys(one, keys, NITEMS(keys)))
			return false;
	}
	return !o->dup_key;
}

static bool
piece_info(struct walk *w, const struct obj *a, const struct obj *b)
{
	return pieces(w->d, w->o, a) && pieces(w->d, w->n, b);
}

/* Judged by walks of their own. */
static bool
elsewhere(struct walk *w, const struct obj *a, const struct obj *b)
{
	(void)w;
	return a->type != OBJ_NULL || b->type != OBJ_NULL;
}

/* SigFlags: bits are only added (SignaturesExist, AppendOnly). */
static bool
flags_added(struct walk *w, const struct obj *a, const struct obj *b)
{
	a = in_old(w, a);
	b = in_new(w, b);
	if (b->type != OBJ_INT || (a->type != OBJ_INT && a->type != OBJ_NULL))
		return false;
	return ((a->type == OBJ_INT ? a->u.i : 0) & ~b->u.i) == 0 && (b->u.i & ~3LL) == 0;
}

/* The F of a signed field: Print, ReadOnly, Locked, LockedContents may be set. */
static bool
annot_flags_added(struct walk *w, const struct obj *a, const struct obj *b)
{
	int64_t x, y;

	a = in_old(w, a);
	b = in_new(w, b);
	if (b->type != OBJ_INT || (a->type != OBJ_INT && a->type != OBJ_NULL))
		return false;
	x = a->type == OBJ_INT ? a->u.i : 0;
	y = b->u.i;
	return (x & ~y) == 0 && ((y & ~x) & ~(4LL | 64 | 128 | 512)) == 0;
}

static bool
plain_value(struct walk *w, const struct obj *a, const struct obj *b)
{
	a = in_old(w, a);
	b = in_new(w, b);
	return (a->type == OBJ_NULL || a->type == OBJ_INT || a->type == OBJ_STRING) &&
	       (b->type == OBJ_NULL || b->type == OBJ_INT || b->type == OBJ_STRING);
}

static bool
annot_type(struct walk *w, const struct obj *a, const struct obj *b)
{
	a = in_old(w, a);
	b = in_new(w, b);
	return (a->type == OBJ_NULL || obj_is_name(a, "Annot")) &&
	       (b->type == OBJ_NULL || obj_is_name(b, "Annot"));
}

static bool
appearance(struct walk *w, const struct obj *a, const struct obj *b)
{
	static const char *const keys[] = {"N", "R", "D"};

	a = in_old(w, a);
	b = in_new(w, b);
	return a->type != OBJ_STREAM && b->type != OBJ_STREAM && only_keys(a, keys, NITEMS(keys)) &&
	       only_keys(b, keys, NITEMS(keys));
}

static bool
lock_added(struct walk *w, const struct obj *a, const struct obj *b)
{
	static const char *const keys[] = {"Type", "Action", "Fields", "P"};

	b = in_new(w, b);
	return a->type == OBJ_NULL && b->type == OBJ_DICT && only_keys(b, keys, NITEMS(keys));
}

/* --- the tables: ISO 32000-2 by place, what an LTA update may touch --- */

static const struct rule trailer_rules[] = {
    {"Root", elsewhere, PDF_MOD_LTA_UPDATES},
    {"Info", NULL, PDF_MOD_LTA_UPDATES},
    {"ID", NULL, PDF_MOD_LTA_UPDATES},
    {"Size", NULL, PDF_MOD_LTA_UPDATES},
    {"Prev", NULL, PDF_MOD_LTA_UPDATES},
    {"XRefStm", NULL, PDF_MOD_LTA_UPDATES},
    {"Type", NULL, PDF_MOD_LTA_UPDATES},
    {"W", NULL, PDF_MOD_LTA_UPDATES},
    {"Index", NULL, PDF_MOD_LTA_UPDATES},
    {"Length", NULL, PDF_MOD_LTA_UPDATES},
    {"Filter", NULL, PDF_MOD_LTA_UPDATES},
    {"DecodeParms", NULL, PDF_MOD_LTA_UPDATES},
    {"AdditionalStreams", NULL, PDF_MOD_LTA_UPDATES},
    {"DocChecksum", NULL, PDF_MOD_LTA_UPDATES},
};

static const struct rule catalog_rules[] = {
    {"Version", version_name, PDF_MOD_LTA_UPDATES},
    {"Extensions", extensions, PDF_MOD_LTA_UPDATES},
    {"MarkInfo", mark_info, PDF_MOD_LTA_UPDATES},
    {"PieceInfo", piece_info, PDF_MOD_LTA_UPDATES},
    {"Metadata", plain_metadata, PDF_MOD_LTA_UPDATES},
    {"DSS", dss_update, PDF_MOD_LTA_UPDATES},
    {"AcroForm", elsewhere, PDF_MOD_LTA_UPDATES},
};

static const struct rule form_rules[] = {
    {"Fields", elsewhere, PDF_MOD_LTA_UPDATES},
    {"SigFlags", flags_added, PDF_MOD_LTA_UPDATES},
};

static const struct rule page_rules[] = {
    {"Annots", elsewhere, PDF_MOD_LTA_UPDATES},
};

static const struct rule signed_rules[] = {
    {"Ff", plain_value, PDF_MOD_LTA_UPDATES},
    {"Type", annot_type, PDF_MOD_LTA_UPDATES},
    {"F", annot_flags_added, PDF_MOD_LTA_UPDATES},
};

/* An invisible field that was prepared for a document timestamp and now has it. */
static const struct rule stamped_rules[] = {
    {"V", NULL, PDF_MOD_LTA_UPDATES},
    {"AP", appearance, PDF_MOD_LTA_UPDATES},
    {"F", plain_value, PDF_MOD_LTA_UPDATES},
    {"DA", plain_value, PDF_MOD_LTA_UPDATES},
    {"Q", plain_value, PDF_MOD_LTA_UPDATES},
    {"Ff", plain_value, PDF_MOD_LTA_UPDATES},
    {"Type", annot_type, PDF_MOD_LTA_UPDATES},
    {"Lock", lock_added, PDF_MOD_LTA_UPDATES},
};

/* --- fields --- */

/* Nothing of the widget shows. */
static bool
invisible(struct walk *w, const struct obj *field)
{
	const struct obj *rect = in_new(w, obj_get(field, "Rect")), *f;
	bool drawn = obj_get(field, "AP")->type != OBJ_NULL, wide, high;
	double v[4];
	uint32_t i;

	if (rect->type == OBJ_NULL)
		return obj_get(field, "Kids")->type == OBJ_NULL && !drawn;
	if (rect->type != OBJ_ARRAY || rect->n != 4)
		return false;
	for (i = 0; i < 4; i++)
		v[i] = obj_number(in_new(w, &rect->u.items[i]), 1e9 * (i + 1.0));
	wide = v[0] < v[2] || v[0] > v[2];
	high = v[1] < v[3] || v[1] > v[3];
	/* An appearance without area in one direction can still be a line through a text. */
	if ((!wide && !high) || ((!wide || !high) && !drawn))
		return true;
	f = in_new(w, obj_get(field, "F"));
	/* Hidden; or NoView, and neither Print nor ToggleNoView, which show it elsewhere. */
	return f->type == OBJ_INT &&
	       ((f->u.i & 2) != 0 || ((f->u.i & 32) != 0 && (f->u.i & (4 | 256)) == 0));
}

static bool
is_new(struct walk *w, const struct obj *ref)
{
	return ref->type == OBJ_REF && revision_def(w->d, w->o, ref->u.ref.num) == NULL;
}

/* A value that is a document timestamp and was not there before. */
static bool
new_timestamp(struct walk *w, const struct obj *ref)
{
	static const char *const keys[] = {"Type", "Filter", "SubFilter", "Contents", "ByteRange",
	    "Cert", "Reference", "Changes", "Name", "M", "Location", "Reason", "ContactInfo", "R",
	    "V", "Prop_Build", "Prop_AuthTime", "Prop_AuthType"};
	const struct obj *v;

	if (!is_new(w, ref))
		return false;
	v = in_new(w, ref);
	return v->type == OBJ_DICT && only_keys(v, keys, NITEMS(keys)) &&
	       obj_is_name(in_new(w, obj_get(v, "SubFilter")), "ETSI.RFC3161") &&
	       obj_get(v, "ByteRange")->type == OBJ_ARRAY &&
	       obj_get(v, "Contents")->type == OBJ_STRING;
}

/* The partial name is one that the old form does not have. */
static bool
new_name(struct walk *w, const struct obj *field, const struct obj *old_fields)
{
	const struct obj *t = in_new(w, obj_get(field, "T")), *other;
	uint32_t i;

	if (t->type != OBJ_STRING || t->u.s.len == 0 || memchr(t->u.s.p, '.', t->u.s.len) != NULL)
		return false;
	for (i = 0; old_fields->type == OBJ_ARRAY && i < old_fields->n; i++) {
		other = in_old(w, obj_get(in_old(w, &old_fields->u.items[i]), "T"));
		if (!doc_step(w->d) || (other->type == OBJ_STRING && bytes_eq(other->u.s, t->u.s)))
			return false;
	}
	return true;
}

static bool
new_field(struct walk *w, const struct obj *ref, const struct obj *old_fields)
{
	/* What ISO 32000 lists for signature fields and their widgets; /DR was in PDF 1.2. */
	static const char *const keys[] = {"Type", "Subtype", "FT", "T", "TU", "TM", "Ff", "V", "F",
	    "Rect", "P", "AP", "AS", "MK", "BS", "Border", "H", "DA", "DR", "Q", "Lock", "SV", "NM",
	    "M"};
	const struct obj *f, *p;
	uint32_t i;
	size_t k;

	if (!is_new(w, ref))
		return false;
	f = in_new(w, ref);
	if (f->type != OBJ_DICT || f->dup_key || !obj_is_name(in_new(w, obj_get(f, "FT")), "Sig") ||
	    !invisible(w, f) || !new_name(w, f, old_fields))
		return false;
	for (i = 0; i < f->n; i++) {
		for (k = 0; k < NITEMS(keys) && !bytes_are(f->u.d.pairs[i].key, keys[k]); k++)
			;
		if (k == NITEMS(keys) && f->u.d.pairs[i].val.type != OBJ_NULL)
			return false;
	}
	p = obj_get(f, "P");
	if (p->type != OBJ_NULL && (p->type != OBJ_REF || !is_special(w, p->u.ref.num)))
		return false;
	return obj_get(f, "V")->type == OBJ_NULL || new_timestamp(w, obj_get(f, "V"));
}

static bool
is_sig(struct walk *w, const struct obj *f)
{
	return obj_is_name(in_old(w, obj_get(f, "FT")), "Sig");
}

/* One node of the old field tree in both views. */
static void
field_pair(struct walk *w, const struct obj *ref, int64_t index)
{
	struct step st = {.base = "Root/AcroForm/Fields", .index = index, .b = ref->u.ref.num};
	struct def *da = NULL, *db = NULL;
	struct node *a = NULL, *b = NULL;
	const struct rule *rules = NULL;
	size_t nrules = 0;

	if (node_of(w, w->o, ref->u.ref.num, ref->u.ref.gen, &a, &da) != RC_OK ||
	    node_of(w, w->n, ref->u.ref.num, ref->u.ref.gen, &b, &db) != RC_OK || a == NULL ||
	    b == NULL || a->obj.type != OBJ_DICT || b->obj.type != OBJ_DICT) {
		if (da != db)
			differs(w, &st, PDF_MOD_NOT_ANALYSED);
		return;
	}
	st.b = 0;
	if (a == b) {
		follow(w, a, st, SIZE_MAX);
		return;
	}
	if (is_sig(w, &a->obj)) {
		if (obj_get(&a->obj, "V")->type != OBJ_NULL) {
			rules = signed_rules;
			nrules = NITEMS(signed_rules);
		} else if (invisible(w, &b->obj) && new_timestamp(w, obj_get(&b->obj, "V"))) {
			rules = stamped_rules;
			nrules = NITEMS(stamped_rules);
		}
	}
	dict_pair(w, rules, nrules, st.base, index, &a->obj, &b->obj);
}

struct todo {
	const struct obj **v;
	size_t n, cap;
};

/* All nodes of the old field tree, which are then judged by field_pair() only. */
static void
field_nodes(struct walk *w, const struct obj *list, struct todo *t)
{
	const struct obj *kids, *ref;
	uint32_t i;
	size_t next = t->n;

	for (;;) {
		for (i = 0; list->type == OBJ_ARRAY && i < list->n; i++) {
			ref = &list->u.items[i];
			if (ref->type != OBJ_REF || ref->u.ref.num >= w->d->nnums)
				continue;
			/* Another generation of a field names nothing, and is not the field. */
			if (in_old(w, ref)->type == OBJ_DICT) {
				if (is_special(w, ref->u.ref.num))
					continue;
				w->special[ref->u.ref.num] = w->mark;
			}
			w->rc = arena_grow(w->d->arena, &t->v, t->n, &t->cap, sizeof(*t->v));
			if (w->rc != RC_OK || !doc_step(w->d))
				return;
			t->v[t->n++] = ref;
		}
		if (next == t->n)
			return;
		kids = obj_get(in_old(w, t->v[next++]), "Kids");
		list = in_old(w, kids);
	}
}

/* Old fields stay in their order; between and behind them only allowed new ones. */
static void
field_list(struct walk *w, const struct obj *a, const struct obj *b)
{
	struct step st = {.base = "Root/AcroForm/Fields", .index = -1};
	const struct obj *ref;
	uint32_t i = 0, k;

	for (k = 0; b->type == OBJ_ARRAY && k < b->n && w->rc == RC_OK; k++) {
		ref = &b->u.items[k];
		if (a->type == OBJ_ARRAY && i < a->n && ref->type == OBJ_REF &&
		    revision_equal(&a->u.items[i], ref, 0)) {
			i++;
			continue;
		}
		st.index = k;
		st.b = ref->type == OBJ_REF ? ref->u.ref.num : 0;
		if (new_field(w, ref, a)) {
			w->added[ref->u.ref.num] = w->mark;
		} else {
			differs(w, &st, PDF_MOD_NOT_ANALYSED);
			return;
		}
	}
	if (a->type == OBJ_ARRAY && i < a->n)
		differs(w, &st, PDF_MOD_NOT_ANALYSED);
}

static void
form_pair(struct walk *w, const struct obj *oroot, const struct obj *nroot)
{
	const struct obj *a = in_old(w, obj_get(oroot, "AcroForm"));
	const struct obj *b = in_new(w, obj_get(nroot, "AcroForm"));
	struct step st = {.base = "Root/AcroForm", .index = -1};
	struct todo t = {NULL, 0, 0};
	size_t i;

	if (a->type == OBJ_NULL && b->type == OBJ_NULL)
		return;
	if (b->type != OBJ_DICT || (a->type != OBJ_DICT && a->type != OBJ_NULL)) {
		differs(w, &st, PDF_MOD_NOT_ANALYSED);
		return;
	}
	field_nodes(w, in_old(w, obj_get(a, "Fields")), &t);
	field_list(w, in_old(w, obj_get(a, "Fields")), in_new(w, obj_get(b, "Fields")));
	dict_pair(w, form_rules, NITEMS(form_rules), st.base, -1, a, b);
	for (i = 0; i < t.n && w->rc == RC_OK; i++)
		field_pair(w, t.v[i], (int64_t)i);
}

/* --- pages --- */

/* Old annotations stay; between and behind them only the widgets of allowed new fields. */
static void
annots_pair(struct walk *w, const struct obj *araw, const struct obj *braw, int64_t index)
{
	const struct obj *a = in_old(w, araw), *b = in_new(w, braw), *ref;
	struct step st = {.base = "Root/Pages/Kids",
	    .index = index,
	    .key = {(const uint8_t *)"Annots", strlen("Annots")}};
	uint32_t i = 0, k;

	if (a->type != OBJ_ARRAY && a->type != OBJ_NULL) {
		if (!same(w, araw, braw, st, SIZE_MAX, 0))
			differs(w, &st, PDF_MOD_NOT_ANALYSED);
		return;
	}
	for (k = 0; b->type == OBJ_ARRAY && k < b->n; k++) {
		ref = &b->u.items[k];
		if (ref->type == OBJ_REF && ref->u.ref.num < w->d->nnums &&
		    w->added[ref->u.ref.num] == w->mark)
			continue;
		if (a->type != OBJ_ARRAY || i == a->n ||
		    (ref->type != OBJ_REF && ref->type != OBJ_DICT) ||
		    !same(w, &a->u.items[i], ref, st, SIZE_MAX, 0) ||
		    (ref->type == OBJ_REF && !revision_equal(&a->u.items[i], ref, 0))) {
			st.b = ref->type == OBJ_REF ? ref->u.ref.num : 0;
			differs(w, &st, PDF_MOD_NOT_ANALYSED);
			return;
		}
		i++;
	}
	if ((a->type == OBJ_ARRAY && i < a->n) || (b->type != OBJ_ARRAY && b->type != OBJ_NULL))
		differs(w, &st, PDF_MOD_NOT_ANALYSED);
}

static void
page_pair(struct walk *w, uint32_t num, int64_t index)
{
	struct step st = {.base = "Root/Pages/Kids", .index = index, .b = num};
	struct def *da = revision_def(w->d, w->o, num), *db = revision_def(w->d, w->n, num);
	struct node *a, *b;

	if (da == NULL || db == NULL || revision_node(w->d, w->o, da, &a) != RC_OK ||
	    revision_node(w->d, w->n, db, &b) != RC_OK || b->obj.type != OBJ_DICT ||
	    (da->type == DEF_PLAIN ? da->gen : 0) != (db->type == DEF_PLAIN ? db->gen : 0)) {
		differs(w, &st, PDF_MOD_NOT_ANALYSED);
		return;
	}
	st.b = 0;
	if (a == b && obj_get(&a->obj, "Annots")->type != OBJ_REF) {
		follow(w, a, st, SIZE_MAX);
		return;
	}
	dict_pair(w, page_rules, NITEMS(page_rules), st.base, index, &a->obj, &b->obj);
	annots_pair(w, obj_get(&a->obj, "Annots"), obj_get(&b->obj, "Annots"), index);
}

/* --- the whole --- */

static void
views(struct walk *w)
{
	const struct obj *at = &w->d->sections[w->o].trailer, *bt = &w->d->sections[w->n].trailer;
	const struct obj *araw = obj_get(at, "Root"), *braw = obj_get(bt, "Root"), *a, *b;
	struct step st = {.base = "Root", .index = -1};
	size_t i;

	a = in_old(w, araw);
	b = in_new(w, braw);
	if (a->type != OBJ_DICT || b->type != OBJ_DICT || page_list(w->d, w->o) != RC_OK) {
		differs(w, &st, PDF_MOD_NOT_ANALYSED);
		return;
	}
	w->mark = ++w->d->mark;
	/* The page tree is walked node by node: its root must be the same one. */
	if (!revision_equal(obj_get(a, "Pages"), obj_get(b, "Pages"), 0)) {
		st.key.p = (const uint8_t *)"Pages";
		st.key.len = strlen("Pages");
		differs(w, &st, PDF_MOD_NOT_ANALYSED);
	}
	/* Signatures refer to the catalog (/Data).  The form is not special: what else uses
	 * it must find it as it was. */
	if (revision_equal(araw, braw, 0) && araw->type == OBJ_REF && araw->u.ref.num < w->d->nnums)
		w->special[araw->u.ref.num] = w->mark;
	for (i = 0; i < w->d->tree.n; i++)
		w->special[w->d->tree.num[i]] = w->mark;
	dict_pair(w, trailer_rules, NITEMS(trailer_rules), "Trailer", -1, at, bt);
	form_pair(w, a, b);
	dict_pair(w, catalog_rules, NITEMS(catalog_rules), "Root", -1, a, b);
	for (i = 0; i < w->d->tree.n && w->rc == RC_OK; i++)
		page_pair(w, w->d->tree.num[i], (int64_t)i);
	drain(w);
}

/* Compare two views; the level, and the changes that no rule allows. */
static enum pdf_modification
compare(struct walk *w, size_t o, size_t n)
{
	w->o = o;
	w->n = n;
	w->nsteps = w->next = 0;
	w->level = PDF_MOD_LTA_UPDATES;
	w->changes = NULL;
	w->nchanges = w->cap_changes = 0;
	if (w->npairs != 0)
		memset(w->pairs, 0, w->cap_pairs * sizeof(*w->pairs));
	w->npairs = 0;
	views(w);
	return w->level;
}

/* The sections that end a revision, oldest first, and the level of each step to one. */
struct steps {
	size_t *section;
	uint8_t *level; /* of the step that leads here; 0 if not walked yet */
	size_t n;
};

static void
judge(struct walk *w, struct steps *r, struct sig *sig)
{
	enum pdf_modification level = PDF_MOD_LTA_UPDATES;
	size_t i, first = 0;

	while (first < r->n && r->section[first] < sig->section)
		first++;
	/* As long as each step is harmless, so is their sum; from the first one that is
	 * not, the signed revision itself is compared. */
	for (i = first + 1; i < r->n && w->rc == RC_OK; i++) {
		if (r->level[i] == 0)
			r->level[i] = (uint8_t)compare(w, r->section[i - 1], r->section[i]);
		if (r->level[i] != PDF_MOD_LTA_UPDATES)
			break;
	}
	if (i == r->n && i > first + 2)
		i--;
	for (; i < r->n && w->rc == RC_OK && level == PDF_MOD_LTA_UPDATES; i++)
		level = compare(w, r->section[first], r->section[i]);
	sig->pub.modification = level;
	if (level != PDF_MOD_LTA_UPDATES) {
		sig->pub.changes = w->changes;
		sig->pub.nchanges = w->nchanges;
	}
}

enum rc
change_judge(struct doc *d, struct sigs *sigs)
{
	struct walk w = {.d = d};
	struct steps r = {NULL, NULL, 0};
	enum rc rc = RC_NOMEM;
	size_t i;

	r.section = arena_array(d->arena, d->nsections, sizeof(*r.section));
	r.level = arena_array(d->arena, d->nsections, sizeof(*r.level));
	w.special = calloc((size_t)d->nnums + 1, sizeof(*w.special));
	w.added = calloc((size_t)d->nnums + 1, sizeof(*w.added));
	if (r.section == NULL || r.level == NULL || w.special == NULL || w.added == NULL)
		goto out;
	for (i = 0; i < d->nsections; i++) {
		if (i + 1 == d->nsections || d->sections[i + 1].revision != d->sections[i].revision)
			r.section[r.n++] = i;
	}
	rc = RC_OK;
	for (i = 0; i < sigs->n && rc == RC_OK; i++) {
		if (sigs->v[i]->pub.modification != PDF_MOD_NOT_ANALYSED ||
		    sigs->v[i]->section == SIZE_MAX)
			continue;
		judge(&w, &r, sigs->v[i]);
		rc = w.rc;
	}
out:
	free(w.special);
	free(w.added);
	free(w.pairs);
	return rc;
}
