/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Everything that the catalog reaches, each object once, the pages first: so
 * the path of an object on a page begins with that page.
 */
#include <stdio.h>
#include <string.h>

#include "caps.h"
#include "notice.h"
#include "notice_look.h"
#include "revision.h"

#define NITEMS(a) (sizeof(a) / sizeof((a)[0]))
#define CHAIN     16    /* objects of one path */
#define SEARCH    65536 /* members of these objects that are looked at for it */
#define NEXT      32    /* actions of one chain that is followed */

/* Not followed: what is large, shows nothing and starts nothing. */
static const char *const skipped[] = {
    "P", "Dests", "StructTreeRoot", "PageLabels", "Metadata", "PieceInfo", "ToUnicode", "DSS"};

const struct obj *
look_get(struct look *l, const struct obj *o)
{
	const struct obj *out;

	if (l->full)
		return &obj_null;
	if (revision_get(l->d, l->view, o, &out) == RC_NOMEM)
		l->full = true;
	return out;
}

const struct obj *
look_key(struct look *l, const struct obj *dict, const char *key)
{
	return look_get(l, obj_get(dict, key));
}

bool
look_step(struct look *l)
{
	if (!l->full && (l->rc != RC_OK || l->steps++ == CAP_NOTICE_STEPS || !doc_step(l->d)))
		l->full = true;
	return !l->full;
}

size_t
look_visit(const struct look *l, const struct obj *ref)
{
	if (ref->type != OBJ_REF || ref->u.ref.num >= l->d->nnums)
		return SIZE_MAX;
	return (size_t)l->seen[ref->u.ref.num] - 1;
}

/* --- where it is --- */

static size_t
put_key(char *path, size_t at, struct pdf_bytes key)
{
	size_t i;

	if (at + 1 < LOOK_PATH)
		path[at++] = '/';
	for (i = 0; i < key.len && i < 40 && at + 1 < LOOK_PATH; i++)
		path[at++] = (char)(key.p[i] > 0x20 && key.p[i] < 0x7f ? key.p[i] : '?');
	path[at] = '\0';
	return at;
}

static size_t
put_index(char *path, size_t at, uint32_t i)
{
	int n = snprintf(path + at, LOOK_PATH - at, "[%u]", i);

	return n < 0 || (size_t)n >= LOOK_PATH - at ? LOOK_PATH - 1 : at + (size_t)n;
}

static bool
skip(struct pdf_bytes key)
{
	size_t i;

	for (i = 0; i < NITEMS(skipped); i++) {
		if (bytes_are(key, skipped[i]))
			return true;
	}
	return false;
}

/* Which member of which object is looked at, as text. */
static size_t
/* NOLINTNEXTLINE(misc-no-recursion): objects are not nested deeper than CAP_DEPTH */
put_frames(char *path, size_t at, const struct frame *f)
{
	if (f == NULL)
		return at;
	at = put_frames(path, at, f->up);
	return f->pair != NULL ? put_key(path, at, f->pair->key) : put_index(path, at, f->index);
}

/* Put where in o the reference to this number is behind path; *left: members still looked at. */
static bool
/* NOLINTNEXTLINE(misc-no-recursion): objects are not nested deeper than CAP_DEPTH */
find(const struct obj *o, uint32_t num, char *path, const struct frame *up, unsigned *left)
{
	struct frame f = {.up = up};
	const struct obj *item;
	uint32_t i;

	if (o->type == OBJ_REF && o->u.ref.num == num)
		(void)put_frames(path, strlen(path), up);
	if (o->type == OBJ_REF)
		return o->u.ref.num == num;
	for (f.index = 0; o->type == OBJ_ARRAY && f.index<o->n && * left> 0; f.index++) {
		item = &o->u.items[f.index];
		--*left;
		if (item->type >= OBJ_ARRAY && find(item, num, path, &f, left))
			return true;
	}
	for (i = 0; obj_is_dict(o) && i<o->n && * left> 0; i++) {
		f.pair = &o->u.d.pairs[i];
		--*left;
		if (f.pair->val.type >= OBJ_ARRAY && !skip(f.pair->key) &&
		    find(&f.pair->val, num, path, &f, left))
			return true;
	}
	return false;
}

static void
path_of(const struct look *l, size_t visit, const char *inner, char *path)
{
	size_t chain[CHAIN], n = 0, at;
	unsigned left = SEARCH;
	struct pdf_bytes tail = {(const uint8_t *)inner, strlen(inner)};

	for (chain[n++] = visit; n < CHAIN && l->v[visit].parent != visit; chain[n++] = visit)
		visit = l->v[visit].parent;
	(void)snprintf(path, LOOK_PATH, "%s", l->v[visit].parent == visit ? "Root" : "...");
	for (; n > 1; n--) {
		(void)find(l->v[chain[n - 1]].obj, l->v[chain[n - 2]].num, path, NULL, &left);
	}
	at = strlen(path);
	if (tail.len < LOOK_PATH - at)
		memcpy(path + at, inner, tail.len + 1);
}

void
look_tell(
    struct look *l, enum pdf_notice_kind kind, size_t visit, const char *inner, const double *rect)
{
	struct pdf_notice n = {.kind = kind};
	char path[LOOK_PATH];
	struct def *def;

	if (l->rc != RC_OK || l->told[kind]++ >= 8 * CAP_NOTICE_KIND)
		return;
	path_of(l, visit, inner, path);
	n.place.path = path;
	n.place.object = l->v[visit].num;
	n.place.page = l->v[visit].page;
	n.place.has_rect = rect != NULL;
	if (rect != NULL)
		memcpy(n.place.rect, rect, sizeof(n.place.rect));
	def = revision_def(l->d, l->view, l->v[visit].num);
	n.revision = l->d->sections[def == NULL ? l->view : def->section].revision;
	l->rc = notice_add(l->out, l->arena, &n);
}

static void
tell_here(struct look *l, enum pdf_notice_kind kind, size_t visit)
{
	char path[LOOK_PATH] = "";

	(void)put_frames(path, 0, l->at);
	look_tell(l, kind, visit, path, NULL);
}

/* --- actions --- */

/* An action wherever it stands (ISO 32000-2, 12.6): what it could do. */
static void
action(struct look *l, size_t visit, const struct obj *o)
{
	static const char *const scripts[] = {"JavaScript", "Rendition"};
	static const char *const launch[] = {"Launch", "GoToR", "GoToE"};
	static const char *const form[] = {"SubmitForm", "ImportData"};
	const struct obj *s = obj_get(o, "S");

	if (s->type == OBJ_REF)
		s = look_get(l, s);
	if (s->type != OBJ_NAME)
		return;
	if (obj_is_any(s, scripts, NITEMS(scripts)) && obj_get(o, "JS")->type != OBJ_NULL)
		tell_here(l, PDF_NOTICE_JAVASCRIPT, visit);
	else if (obj_is_any(s, launch, NITEMS(launch)))
		tell_here(l, PDF_NOTICE_LAUNCH, visit);
	else if (obj_is_any(s, form, NITEMS(form)))
		tell_here(l, PDF_NOTICE_ACTION, visit);
}

/* An action that nobody has to click: turning to a page of the document is harmless,
 * and what action() tells anyway is not told twice. */
static bool
harmless(struct look *l, const struct obj *o)
{
	static const char *const told[] = {
	    "GoTo", "JavaScript", "Launch", "GoToR", "GoToE", "SubmitForm", "ImportData"};
	static const char *const turns[] = {"NextPage", "PrevPage", "FirstPage", "LastPage"};
	const struct obj *s = look_key(l, o, "S");

	if (obj_is_any(s, told, NITEMS(told)))
		return true;
	return obj_is_name(s, "Named") && obj_is_any(look_key(l, o, "N"), turns, NITEMS(turns));
}

static void
automatic(struct look *l, size_t visit, const struct obj *o)
{
	const struct obj *next[NEXT];
	size_t n = 0, done;
	uint32_t i;

	o = look_get(l, o);
	if (o->type != OBJ_DICT) /* a destination */
		return;
	next[n++] = o;
	for (done = 0; done < n && look_step(l); done++) {
		if (!harmless(l, next[done])) {
			tell_here(l, PDF_NOTICE_ACTION, visit);
			return;
		}
		o = look_key(l, next[done], "Next");
		if (o->type == OBJ_DICT && n < NEXT)
			next[n++] = o;
		for (i = 0; o->type == OBJ_ARRAY && i < o->n && n < NEXT; i++) {
			next[n] = look_get(l, &o->u.items[i]);
			n += next[n]->type == OBJ_DICT;
		}
	}
}

/* Files that belong to a page, an annotation, a picture (14.13); the catalog's: look_catalog(). */
static void
associated(struct look *l, size_t visit, const struct obj *o)
{
	o = look_get(l, o);
	if (l->v[visit].obj != l->root && (obj_is_dict(o) || (o->type == OBJ_ARRAY && o->n != 0)))
		tell_here(l, PDF_NOTICE_ATTACHMENT, visit);
}

/* Additional actions, 12.6.3: each key is an event. */
static void
additional(struct look *l, size_t visit, const struct obj *aa)
{
	struct frame f = {.up = l->at};
	uint32_t i;

	aa = look_get(l, aa);
	l->at = &f;
	for (i = 0; aa->type == OBJ_DICT && i < aa->n && look_step(l); i++) {
		f.pair = &aa->u.d.pairs[i];
		automatic(l, visit, &f.pair->val);
	}
	l->at = f.up;
}

/* --- the walk --- */

static void
reach(struct look *l, const struct obj *ref, size_t parent, bool in_tree)
{
	const struct obj *o;
	struct visit *v;

	if (ref->u.ref.num >= l->d->nnums || l->seen[ref->u.ref.num] != 0 || !look_step(l) ||
	    (o = look_get(l, ref)) == &obj_null)
		return;
	if (arena_grow(l->d->arena, &l->v, l->n, &l->cap, sizeof(*l->v)) != RC_OK) {
		l->full = true;
		return;
	}
	v = &l->v[l->n];
	v->obj = o;
	v->num = ref->u.ref.num;
	v->parent = (uint32_t)(parent == SIZE_MAX ? l->n : parent);
	v->page = parent == SIZE_MAX ? 0 : l->v[parent].page;
	v->in_tree = in_tree;
	l->seen[v->num] = (uint32_t)++l->n;
}

/* A stream whose bytes, or what it shows, are in another file: 7.3.8.2, 8.10.4, 14.11.7. */
static void
stream(struct look *l, size_t visit, const struct obj *o)
{
	static const char *const keys[] = {"F", "Ref", "OPI"};
	size_t i;

	for (i = 0; i < NITEMS(keys); i++) {
		if (obj_get(o, keys[i])->type != OBJ_NULL)
			look_tell(l, PDF_NOTICE_EXTERNAL, visit,
			    i == 0   ? "/F"
			    : i == 1 ? "/Ref"
				     : "/OPI",
			    NULL);
	}
}

static void
/* NOLINTNEXTLINE(misc-no-recursion): objects are not nested deeper than CAP_DEPTH */
inside(struct look *l, size_t visit, const struct obj *o)
{
	struct frame f = {.up = l->at};
	const struct obj *item;
	uint32_t i;

	if (o->type == OBJ_REF)
		reach(l, o, visit, false);
	if (o->type == OBJ_DICT)
		action(l, visit, o);
	/* cppcheck-suppress autoVariables ; taken back below */
	l->at = &f;
	for (f.index = 0; o->type == OBJ_ARRAY && f.index < o->n; f.index++) {
		item = &o->u.items[f.index];
		if (item->type >= OBJ_ARRAY && look_step(l))
			inside(l, visit, item);
	}
	for (i = 0; obj_is_dict(o) && i < o->n; i++) {
		f.pair = &o->u.d.pairs[i];
		if (f.pair->val.type < OBJ_ARRAY || skip(f.pair->key) || !look_step(l))
			continue;
		if (bytes_are(f.pair->key, "AA"))
			additional(l, visit, &f.pair->val);
		else if (bytes_are(f.pair->key, "AF"))
			associated(l, visit, &f.pair->val);
		else if (o == l->root && bytes_are(f.pair->key, "OpenAction"))
			automatic(l, visit, &f.pair->val);
		inside(l, visit, &f.pair->val);
	}
	l->at = f.up;
}

/* The nodes of the page tree, level by level; then their numbers in order. */
static void
tree(struct look *l)
{
	const struct obj *o = obj_get(l->root, "Pages"), *kids;
	const struct pages *pages = &l->d->pages;
	size_t i;
	uint32_t k;

	if (o->type == OBJ_REF)
		reach(l, o, 0, true);
	for (i = 1; i < l->n && !l->full; i++) {
		kids = look_key(l, l->v[i].obj, "Kids");
		for (k = 0; kids->type == OBJ_ARRAY && k < kids->n; k++) {
			if (kids->u.items[k].type == OBJ_REF)
				reach(l, &kids->u.items[k], i, true);
		}
	}
	for (i = 0; l->tree && i < pages->n; i++) {
		if (l->seen[pages->num[i]] != 0)
			l->v[l->seen[pages->num[i]] - 1].page = (uint32_t)i + 1;
	}
}

static size_t
walk_from(struct look *l, size_t i)
{
	for (; i < l->n && look_step(l); i++) {
		if (l->v[i].obj->type == OBJ_STREAM)
			stream(l, i, l->v[i].obj);
		inside(l, i, l->v[i].obj);
	}
	return i;
}

void
look_walk(struct look *l)
{
	size_t i;

	reach(l, obj_get(&l->d->sections[l->view].trailer, "Root"), SIZE_MAX, true);
	if (l->n == 0)
		return;
	tree(l);
	i = walk_from(l, 1);
	inside(l, 0, l->root);
	(void)walk_from(l, i);
}
