/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A search is a list of tries: OCSP by POST and, where that goes wrong, by GET; then lists.  A list
 * is a search of its own, since all certificates of a CA share it.  Nothing goes on while
 * somebody is told of an end: steps only mark what is due, searches_step() takes them.
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "caps.h"
#include "io.h"
#include "memo.h"
#include "search.h"
#include "search_part.h"
#include "when.h"
#include "worth.h"

int64_t
search_now(void)
{
	return (int64_t)time(NULL);
}

/* --- what is known already --- */

enum rc
searches_open(struct searches **out, const struct search_parts *parts)
{
	struct searches *s;

	*out = NULL;
	if ((s = calloc(1, sizeof(*s))) == NULL)
		return RC_NOMEM;
	s->in = *parts;
	if ((s->memo = memo_new()) == NULL) {
		free(s);
		return RC_NOMEM;
	}
	*out = s;
	return RC_OK;
}

enum rc
search_read(
    const struct searches *s, struct question *q, struct arena **a, const void *p, size_t len)
{
	/* No certificate is held by anybody between two questions. */
	cert_cache_trim(s->in.trust->cache);
	if ((*a = arena_new(SEARCH_ARENA)) == NULL)
		return RC_NOMEM;
	return question_read(q, *a, s->in.trust, s->in.guard, p, len);
}

/* What the question comes to, from the memo or by reading it. */
static enum rc
gist(struct searches *s, const void *p, size_t len, const struct memo_question **out)
{
	struct arena *a = NULL;
	struct question q;
	enum rc rc;

	if ((*out = memo_question(s->memo, p, len)) != NULL)
		return RC_OK;
	if ((rc = search_read(s, &q, &a, p, len)) == RC_OK &&
	    (*out = memo_remember(s->memo, p, len, &q)) == NULL)
		rc = RC_NOMEM;
	arena_free(a);
	return rc;
}

/* Something newer may be had, though this is not over. */
static bool
is_old(const struct cache_entry *e, int64_t t)
{
	return e->asked < t - CAP_CLOCK_SKEW &&
	       (e->kind == LOOKUP_CERT ||
		   (e->kind == LOOKUP_OCSP && worth_endless(e->body, e->len)));
}

enum rc
search_kept(struct searches *s, const void *question, size_t len, struct finding *out)
{
	const struct memo_failure *f;
	const struct memo_question *g;
	struct cache_entry *e, *old = NULL;
	int64_t t = search_now();
	size_t i;
	enum rc rc;

	*out = (struct finding){.asked = WHEN_NONE, .retry = WHEN_NONE};
	if ((rc = gist(s, question, len, &g)) != RC_OK)
		return rc;
	if (g->outcome != LOOKUP_OPEN) {
		finding_set(out, g->outcome, WHEN_NONE, WHEN_NONE, g->refused);
		return RC_OK;
	}
	f = memo_failure(s->memo, g->key, t);
	e = cache_find(s->in.cache, g->key, t);
	if (f != NULL && e != NULL && is_old(e, t)) {
		old = e;
		e = NULL;
	}
	/* A list says less than OCSP, and is older: where that could be asked, it is. */
	for (i = 0; e == NULL && (f != NULL || !g->ocsp) && i < g->nlists; i++)
		e = cache_find(s->in.cache, g->lists[i], t);
	if (e == NULL)
		e = old;
	else
		cache_release(old);
	if (e != NULL)
		finding_from_entry(out, e);
	else if (f != NULL)
		finding_set(out, f->outcome, f->asked, f->retry, f->url);
	return RC_OK;
}

bool
search_aged(const struct searches *s, const struct finding *f)
{
	return f->entry != NULL && is_old(f->entry, search_now()) &&
	       memo_failure(s->memo, f->entry->key, search_now()) == NULL;
}

/* --- what is asked now --- */

void
searches_free(struct searches *s)
{
	struct search_waiter *w;
	struct search *x;

	if (s == NULL)
		return;
	for (x = s->first; x != NULL; x = x->next)
		while ((w = x->waiters) != NULL) {
			x->waiters = w->next;
			w->search = NULL;
		}
	while (s->first != NULL)
		search_free(s->first);
	memo_free(s->memo);
	free(s);
}

enum rc
search_join(struct searches *s, const void *question, size_t len, long long deadline,
    struct search_waiter *w)
{
	const struct memo_question *g;
	struct arena *a = NULL;
	struct search *x;
	struct question q;
	enum rc rc;

	w->search = NULL;
	if ((rc = gist(s, question, len, &g)) != RC_OK)
		return rc;
	if ((x = search_find(s, g->key)) == NULL) {
		if ((rc = search_read(s, &q, &a, question, len)) != RC_OK)
			goto out;
		rc = RC_NOMEM;
		if ((x = search_new(s, q.key, question, len)) == NULL)
			goto out;
		if (!search_plan(x, &q)) {
			search_free(x);
			goto out;
		}
	}
	search_wait(x, w, deadline);
	rc = RC_OK;
out:
	arena_free(a);
	return rc;
}

static void
step(struct search *s)
{
	const struct search_try *t = &s->tries[s->at];

	s->due = false;
	if (s->entry != NULL || s->at >= s->ntries) {
		if (s->entry == NULL && s->trouble.outcome == LOOKUP_OPEN)
			search_note(s, LOOKUP_NOBODY, NULL, WHEN_NONE);
		search_finish(s);
	} else if (io_now_ms() >= s->deadline) {
		search_note(s, LOOKUP_SLOW, t->url, WHEN_NONE);
		search_finish(s);
	} else if (t->how == BY_LIST)
		search_try_list(s, t);
	else
		search_try_host(s, t);
}

void
searches_step(struct searches *s)
{
	struct search *x;

	s->full = false;
	for (x = s->first; x != NULL; x = x->next) {
		x->due |= x->stalled;
		x->stalled = false;
	}
	/* From the start after each step, which may end others and begin some. */
	do {
		/* NOLINTNEXTLINE(clang-analyzer-unix.Malloc): what is freed is off the list */
		for (x = s->first; x != NULL && !x->due; x = x->next)
			continue;
		if (x != NULL)
			step(x);
	} while (x != NULL);
}
