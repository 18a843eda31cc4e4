/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whom to ask, in which order; and lists, each of which is a search of its own. */
#include <string.h>

#include "search_part.h"
#include "when.h"

static bool
add_try(struct search *s, enum search_how how, const struct question_url *u)
{
	struct search_try *t = &s->tries[s->ntries];

	t->how = how;
	if ((t->url = arena_str(s->arena, u->url, strlen(u->url))) == NULL)
		return false;
	memcpy(t->key, u->key, QUESTION_KEY);
	s->ntries++;
	return true;
}

bool
search_plan(struct search *s, const struct question *q)
{
	bool ok = true;
	size_t i;

	for (i = 0; i < q->nocsp; i++)
		ok = ok && add_try(s, BY_POST, &q->ocsp[i]) && add_try(s, BY_GET, &q->ocsp[i]);
	for (i = 0; i < q->ncrl; i++)
		ok = ok && add_try(s, BY_LIST, &q->crl[i]);
	for (i = 0; i < q->nissuers; i++)
		ok = ok && add_try(s, BY_ISSUER, &q->issuers[i]);
	return ok;
}

static void
on_list(struct search_waiter *w, const struct finding *f)
{
	struct search *s = (struct search *)(void *)((char *)w - offsetof(struct search, list));

	s->due = true;
	if (f->outcome == LOOKUP_ANSWERED) {
		s->entry = cache_hold(f->entry);
		return;
	}
	search_note(s, f->outcome, f->url, f->retry);
	s->at++;
}

void
search_try_list(struct search *s, const struct search_try *t)
{
	struct searches *owner = s->owner;
	const struct memo_failure *f;
	struct question_url u = {.url = t->url};
	struct search *x;

	if ((s->entry = cache_find(owner->in.cache, t->key, search_now())) != NULL) {
		s->due = true;
		return;
	}
	if ((f = memo_failure(owner->memo, t->key, search_now())) != NULL) {
		search_note(s, f->outcome, f->url, f->retry);
		s->at++;
		s->due = true;
		return;
	}
	if ((x = search_find(owner, t->key)) == NULL) {
		if ((x = search_new(owner, t->key, s->question, s->question_len)) != NULL &&
		    !add_try(x, BY_FETCHING_LIST, &u)) {
			search_free(x);
			x = NULL;
		}
	}
	if (x == NULL) {
		search_note(s, LOOKUP_NOBODY, NULL, WHEN_NONE);
		s->at = s->ntries;
		s->due = true;
		return;
	}
	s->list.done = on_list;
	s->list.patient = s->patient;
	search_wait(x, &s->list, s->deadline);
}
