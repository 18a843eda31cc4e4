/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where in the document a difference is, in words that a specialist can follow. */
#include <stdio.h>
#include <string.h>

#include "caps.h"
#include "revision.h"
#include "walk.h"

#define NITEMS(a) (sizeof(a) / sizeof((a)[0]))

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

/* Bytes as text behind path, '?' for what does not print. */
static void
append(char *path, size_t room, struct pdf_bytes s)
{
	size_t at = strlen(path), k;

	for (k = 0; k < s.len && k < 40 && at + 1 < room; k++)
		path[at++] = (char)(s.p[k] > 0x20 && s.p[k] < 0x7f ? s.p[k] : '?');
	path[at] = '\0';
}

static void
root_path(const struct root *r, char *path, size_t room)
{
	if (r->index >= 0)
		(void)snprintf(path, room, "%s[%lld]", r->base, (long long)r->index);
	else
		(void)snprintf(path, room, "%s", r->base);
	if (r->key.len == 0)
		return;
	(void)snprintf(path + strlen(path), room - strlen(path), "/");
	append(path, room, r->key);
}

/* The last few references on the way to the object at the step. */
static void
step_path(struct walk *w, const struct step *st, char *path, size_t room)
{
	const struct step *chain[24];
	struct def *def;
	size_t n = 0, at;

	for (; n < NITEMS(chain); st = &w->steps[st->parent - 1]) {
		chain[n++] = st;
		if (st->parent == 0)
			break;
	}
	if (chain[n - 1]->parent != 0)
		(void)snprintf(path + strlen(path), room - strlen(path), "...");
	for (; n > 1; n--) {
		def = revision_def(w->d, w->n, chain[n - 1]->b);
		at = strlen(path);
		if (def != NULL && def->node != NULL &&
		    !find_ref(&def->node->obj, chain[n - 2]->b, path, room, 0))
			path[at] = '\0';
	}
}

void
walk_path(struct walk *w, const struct root *at, const struct step *st, char *path, size_t room)
{
	root_path(at, path, room);
	if (st != NULL)
		step_path(w, st, path, room);
}
