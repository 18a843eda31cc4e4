/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A search's life: somebody waits for it, others join, and when it is over all of them are told.
 * One for which nobody waits ends, but for a list that is on its way.
 */
#include <stdlib.h>
#include <string.h>

#include "caps.h"
#include "io.h"
#include "search_part.h"
#include "when.h"

void
search_note(struct search *s, enum lookup_outcome o, const char *url, int64_t retry)
{
	int64_t t = search_now();

	if (s->trouble.outcome != LOOKUP_OPEN &&
	    question_rank(o) <= question_rank(s->trouble.outcome))
		return;
	if (retry == WHEN_NONE)
		retry = t + s->owner->in.conf->failure_seconds;
	finding_set(&s->trouble, o, t, retry, url);
}

struct search *
search_find(struct searches *s, const uint8_t key[QUESTION_KEY])
{
	struct search *x;

	for (x = s->first; x != NULL; x = x->next)
		if (memcmp(x->key, key, QUESTION_KEY) == 0)
			break;
	return x;
}

void
search_wait(struct search *s, struct search_waiter *w, long long deadline)
{
	w->search = s;
	w->next = s->waiters;
	s->waiters = w;
	if (deadline > s->deadline)
		s->deadline = deadline;
	s->patient |= w->patient;
}

struct search *
search_new(
    struct searches *owner, const uint8_t key[QUESTION_KEY], const void *question, size_t len)
{
	struct search *s;

	if ((s = calloc(1, sizeof(*s))) == NULL)
		return NULL;
	s->trouble.asked = s->trouble.retry = WHEN_NONE;
	s->owner = owner;
	memcpy(s->key, key, QUESTION_KEY);
	s->due = true;
	s->question_len = len;
	if ((s->arena = arena_new(SEARCH_ARENA)) == NULL ||
	    (s->question = arena_dup(s->arena, question, len)) == NULL) {
		arena_free(s->arena);
		free(s);
		return NULL;
	}
	s->next = owner->first;
	owner->first = s;
	return s;
}

void
/* NOLINTNEXTLINE(misc-no-recursion): of a search for a list, which waits for none */
search_free(struct search *s)
{
	struct search **at = &s->owner->first;

	while (*at != s)
		at = &(*at)->next;
	*at = s->next;
	if (s->flight != NULL)
		fetch_drop(s->owner->in.fetch, s->flight);
	if (s->list.search != NULL)
		search_leave(&s->list, NULL);
	cache_release(s->entry);
	finding_clear(&s->trouble);
	arena_free(s->arena);
	free(s);
}

void
search_finish(struct search *s)
{
	struct searches *owner = s->owner;
	struct search_waiter *w;
	struct finding f = {.asked = WHEN_NONE, .retry = WHEN_NONE};

	/* OCSP's failure is remembered even if a list has helped: until then, lists will do. */
	if (s->trouble.outcome != LOOKUP_OPEN && (s->patient || s->trouble.outcome != LOOKUP_SLOW))
		memo_fail(owner->memo, s->key, &s->trouble,
		    search_now() + owner->in.conf->failure_seconds);
	if (s->entry != NULL) {
		finding_from_entry(&f, s->entry);
		s->entry = NULL; /* transferred */
	} else
		finding_copy(&f, &s->trouble);
	while ((w = s->waiters) != NULL) {
		s->waiters = w->next;
		w->search = NULL;
		w->done(w, &f);
	}
	finding_clear(&f);
	search_free(s);
}

/* Nobody waits now, but a list that is on its way comes in; until then its host is slow. */
static bool
lingers(struct search *s)
{
	const struct search_try *t = &s->tries[s->at];
	struct searches *owner = s->owner;
	struct guard_url at;

	if (s->flight == NULL || t->how != BY_FETCHING_LIST)
		return false;
	if (io_now_ms() < s->deadline || !s->patient)
		return true; /* whoever waited has gone away */
	search_note(s, LOOKUP_SLOW, t->url, WHEN_NONE);
	memo_fail(owner->memo, s->key, &s->trouble, search_now() + owner->in.conf->failure_seconds);
	if (guard_url(owner->in.guard, t->url, strlen(t->url), &at) == LOOKUP_OPEN)
		hosts_note(owner->in.hosts, at.name, LOOKUP_SLOW, 0, search_now());
	return true;
}

void
/* NOLINTNEXTLINE(misc-no-recursion): as search_free() */
search_leave(struct search_waiter *w, struct finding *f)
{
	struct search *s = w->search;
	struct search_waiter **at = &s->waiters;

	if (f != NULL) {
		search_note(
		    s, LOOKUP_SLOW, s->at < s->ntries ? s->tries[s->at].url : NULL, WHEN_NONE);
		finding_copy(f, &s->trouble);
		/* Who had less time than others has found out nothing for them. */
		if (w->patient)
			memo_fail(s->owner->memo, s->key, f,
			    search_now() + s->owner->in.conf->failure_seconds);
	}
	while (*at != w)
		at = &(*at)->next;
	*at = w->next;
	w->search = NULL;
	if (s->waiters == NULL && !lingers(s))
		search_free(s);
}
