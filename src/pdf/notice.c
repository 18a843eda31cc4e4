/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The list of notices, and the search as a whole.  It works in memory of its
 * own with a ceiling: a document too large for it gets fewer warnings, and no
 * worse verdict.
 */
#include <stdlib.h>
#include <string.h>

#include "caps.h"
#include "notice.h"
#include "notice_look.h"
#include "page.h"
#include "place.h"
#include "revision.h"

enum rc
notice_add(struct pdf_survey *out, struct arena *arena, const struct pdf_notice *n)
{
	struct pdf_notice *to;
	size_t i, same = 0;

	for (i = 0; i < out->nnotices; i++) {
		if (out->notices[i].kind != n->kind)
			continue;
		if (place_same(&out->notices[i].place, &n->place))
			return RC_OK;
		same++;
	}
	if (same >= CAP_NOTICE_KIND || out->nnotices == CAP_NOTICES)
		return RC_OK;
	if (out->notices == NULL &&
	    (out->notices = arena_array(arena, CAP_NOTICES, sizeof(*out->notices))) == NULL)
		return RC_NOMEM;
	to = &out->notices[out->nnotices];
	*to = *n;
	if (n->place.path != NULL &&
	    (to->place.path = arena_str(arena, n->place.path, strlen(n->place.path))) == NULL)
		return RC_NOMEM;
	out->nnotices++;
	return RC_OK;
}

static int
by_place(const void *va, const void *vb)
{
	const struct pdf_notice *a = va, *b = vb;

	if (a->revision != b->revision)
		return a->revision < b->revision ? -1 : 1;
	if (a->place.object != b->place.object)
		return a->place.object < b->place.object ? -1 : 1;
	return (int)a->kind - (int)b->kind;
}

void
notice_sort(struct pdf_survey *out)
{
	if (out->nnotices > 1)
		qsort(out->notices, out->nnotices, sizeof(*out->notices), by_place);
}

/* --- the search --- */

static void
search(struct look *l)
{
	struct doc *d = l->d;
	const struct obj *ref = obj_get(&d->sections[l->view].trailer, "Root");

	l->seen = arena_array(d->arena, d->nnums, sizeof(*l->seen));
	l->root = look_get(l, ref);
	if (l->seen == NULL || ref->type != OBJ_REF || l->root->type != OBJ_DICT)
		return;
	l->tree = page_list(d, l->view) == RC_OK && d->pages.n > 0;
	look_walk(l);
	look_catalog(l);
	look_pages(l);
	look_hidden(l);
}

enum rc
notice_list(struct doc *d, struct pdf_survey *out)
{
	struct arena *own = d->arena, *scratch;
	struct look l = {.d = d, .view = d->nsections - 1, .arena = own, .out = out};

	if (d->nsections == 0 || d->nnums > CAP_NOTICE_OBJECTS)
		return RC_OK;
	if ((scratch = arena_new(CAP_NOTICE_MEMORY)) == NULL)
		return RC_NOMEM;
	d->arena = d->parser.arena = scratch;
	search(&l);
	d->arena = d->parser.arena = own;
	arena_free(scratch);
	return l.rc;
}
