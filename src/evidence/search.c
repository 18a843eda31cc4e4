/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A search is a list of tries: OCSP by POST and, where that goes wrong, by GET; then lists.  A list
 * is a search of its own, since all certificates of a CA share it.  Nothing goes on while
 * somebody is told of an end: steps only mark what is due, searches_step() takes them.
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <openssl/rand.h>

#include "caps.h"
#include "inquiry.h"
#include "io.h"
#include "log.h"
#include "memo.h"
#include "search.h"
#include "when.h"
#include "worth.h"

#define ARENA_MAX   (64u << 20) /* one question, and one answer taken apart */
#define TRIES_MAX   (3 * CAP_FETCH_URLS)
#define KEEP_MIN    60 /* seconds: a document is judged again with what came */
#define REQUEST_MAX 512

enum how { BY_POST, BY_GET, BY_LIST, BY_FETCHING_LIST, BY_ISSUER };

struct attempt {
	enum how how;
	char *url;
	uint8_t key[QUESTION_KEY]; /* of a list */
};

struct search {
	struct search *next;
	struct searches *owner;
	uint8_t key[QUESTION_KEY];
	struct arena *arena; /* of what follows */
	const uint8_t *question;
	size_t question_len;
	struct attempt tries[TRIES_MAX];
	size_t ntries, at;
	bool by_get; /* of the POST just tried: a GET may do better */
	uint8_t nonce[INQUIRY_NONCE];
	struct fetch_flight *flight;
	struct search_waiter list; /* waits for a list */
	long long deadline;
	struct search_waiter *waiters;
	struct cache_entry *entry; /* what was found, held */
	struct finding trouble;    /* the most telling failure on the way */
	bool patient;              /* somebody who waited was */
	bool due, stalled;         /* stalled: there was no room for its flight */
};

struct searches {
	struct search_parts in;
	struct search *first;
	struct memo *memo;
	bool full; /* as many flights as there may be */
};

static int64_t
now(void)
{
	return (int64_t)time(NULL);
}

/* --- findings --- */

void
finding_clear(struct finding *f)
{
	free(f->url);
	cache_release(f->entry);
	*f = (struct finding){.asked = WHEN_NONE, .retry = WHEN_NONE};
}

static void
finding_set(struct finding *f, enum lookup_outcome o, int64_t asked, int64_t retry, const char *url)
{
	finding_clear(f);
	f->outcome = o;
	f->asked = asked;
	f->retry = retry;
	if (url != NULL && (f->url = strdup(url)) == NULL)
		f->outcome = LOOKUP_NOBODY;
}

void
finding_copy(struct finding *out, const struct finding *in)
{
	*out = (struct finding){.outcome = in->outcome, .asked = in->asked, .retry = in->retry};
	if (in->url != NULL && (out->url = strdup(in->url)) == NULL)
		out->outcome = LOOKUP_NOBODY;
	else if (in->entry != NULL)
		out->entry = cache_hold(in->entry);
}

static void
finding_entry(struct finding *f, struct cache_entry *e)
{
	finding_set(f, LOOKUP_ANSWERED, e->asked, e->until, e->url);
	f->entry = e; /* transferred */
	if (f->outcome != LOOKUP_ANSWERED)
		finding_clear(f);
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

static enum rc
read_question(
    const struct searches *s, struct question *q, struct arena **a, const void *p, size_t len)
{
	/* No certificate is held by anybody between two questions. */
	cert_cache_trim(s->in.trust->cache);
	if ((*a = arena_new(ARENA_MAX)) == NULL)
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
	if ((rc = read_question(s, &q, &a, p, len)) == RC_OK &&
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
	int64_t t = now();
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
		finding_entry(out, e);
	else if (f != NULL)
		finding_set(out, f->outcome, f->asked, f->retry, f->url);
	return RC_OK;
}

bool
search_aged(const struct searches *s, const struct finding *f)
{
	return f->entry != NULL && is_old(f->entry, now()) &&
	       memo_failure(s->memo, f->entry->key, now()) == NULL;
}

/* --- a search's life --- */

static void
note_trouble(struct search *s, enum lookup_outcome o, const char *url, int64_t retry)
{
	int64_t t = now();

	if (s->trouble.outcome != LOOKUP_OPEN &&
	    question_rank(o) <= question_rank(s->trouble.outcome))
		return;
	if (retry == WHEN_NONE)
		retry = t + s->owner->in.conf->failure_seconds;
	finding_set(&s->trouble, o, t, retry, url);
}

static struct search *
find_search(struct searches *s, const uint8_t key[QUESTION_KEY])
{
	struct search *x;

	for (x = s->first; x != NULL; x = x->next)
		if (memcmp(x->key, key, QUESTION_KEY) == 0)
			break;
	return x;
}

static void
wait_for(struct search *s, struct search_waiter *w, long long deadline)
{
	w->search = s;
	w->next = s->waiters;
	s->waiters = w;
	if (deadline > s->deadline)
		s->deadline = deadline;
	s->patient |= w->patient;
}

static struct search *
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
	if ((s->arena = arena_new(ARENA_MAX)) == NULL ||
	    (s->question = arena_dup(s->arena, question, len)) == NULL) {
		arena_free(s->arena);
		free(s);
		return NULL;
	}
	s->next = owner->first;
	owner->first = s;
	return s;
}

/* Nobody waits for it. */
static void
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

/* Everybody who waits is told, and it is over. */
static void
finish(struct search *s)
{
	struct searches *owner = s->owner;
	struct search_waiter *w;
	struct finding f = {.asked = WHEN_NONE, .retry = WHEN_NONE};

	/* OCSP's failure is remembered even if a list has helped: until then, lists will do. */
	if (s->trouble.outcome != LOOKUP_OPEN && (s->patient || s->trouble.outcome != LOOKUP_SLOW))
		memo_fail(
		    owner->memo, s->key, &s->trouble, now() + owner->in.conf->failure_seconds);
	if (s->entry != NULL) {
		finding_entry(&f, s->entry);
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
	const struct attempt *t = &s->tries[s->at];
	struct searches *owner = s->owner;
	struct guard_url at;

	if (s->flight == NULL || t->how != BY_FETCHING_LIST)
		return false;
	if (io_now_ms() < s->deadline || !s->patient)
		return true; /* whoever waited has gone away */
	note_trouble(s, LOOKUP_SLOW, t->url, WHEN_NONE);
	memo_fail(owner->memo, s->key, &s->trouble, now() + owner->in.conf->failure_seconds);
	if (guard_url(owner->in.guard, t->url, strlen(t->url), &at) == LOOKUP_OPEN)
		hosts_note(owner->in.hosts, at.name, LOOKUP_SLOW, 0, now());
	return true;
}

void
/* NOLINTNEXTLINE(misc-no-recursion): as search_free() */
search_leave(struct search_waiter *w, struct finding *f)
{
	struct search *s = w->search;
	struct search_waiter **at = &s->waiters;

	if (f != NULL) {
		note_trouble(
		    s, LOOKUP_SLOW, s->at < s->ntries ? s->tries[s->at].url : NULL, WHEN_NONE);
		finding_copy(f, &s->trouble);
		/* Who had less time than others has found out nothing for them. */
		if (w->patient)
			memo_fail(
			    s->owner->memo, s->key, f, now() + s->owner->in.conf->failure_seconds);
	}
	while (*at != w)
		at = &(*at)->next;
	*at = w->next;
	w->search = NULL;
	if (s->waiters == NULL && !lingers(s))
		search_free(s);
}

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

/* --- tries --- */

static bool
add_try(struct search *s, enum how how, const struct question_url *u)
{
	struct attempt *t = &s->tries[s->ntries];

	t->how = how;
	if ((t->url = arena_str(s->arena, u->url, strlen(u->url))) == NULL)
		return false;
	memcpy(t->key, u->key, QUESTION_KEY);
	s->ntries++;
	return true;
}

static bool
plan(struct search *s, const struct question *q)
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
	if ((x = find_search(s, g->key)) == NULL) {
		if ((rc = read_question(s, &q, &a, question, len)) != RC_OK)
			goto out;
		rc = RC_NOMEM;
		if ((x = search_new(s, q.key, question, len)) == NULL)
			goto out;
		if (!plan(x, &q)) {
			search_free(x);
			goto out;
		}
	}
	wait_for(x, w, deadline);
	rc = RC_OK;
out:
	arena_free(a);
	return rc;
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
	note_trouble(s, f->outcome, f->url, f->retry);
	s->at++;
}

/* The list is kept, or failed of late, or is waited for. */
static void
try_list(struct search *s, const struct attempt *t)
{
	struct searches *owner = s->owner;
	const struct memo_failure *f;
	struct question_url u = {.url = t->url};
	struct search *x;

	if ((s->entry = cache_find(owner->in.cache, t->key, now())) != NULL) {
		s->due = true;
		return;
	}
	if ((f = memo_failure(owner->memo, t->key, now())) != NULL) {
		note_trouble(s, f->outcome, f->url, f->retry);
		s->at++;
		s->due = true;
		return;
	}
	if ((x = find_search(owner, t->key)) == NULL) {
		if ((x = search_new(owner, t->key, s->question, s->question_len)) != NULL &&
		    !add_try(x, BY_FETCHING_LIST, &u)) {
			search_free(x);
			x = NULL;
		}
	}
	if (x == NULL) {
		note_trouble(s, LOOKUP_NOBODY, NULL, WHEN_NONE);
		s->at = s->ntries;
		s->due = true;
		return;
	}
	s->list.done = on_list;
	s->list.patient = s->patient;
	wait_for(x, &s->list, s->deadline);
}

/* --- what came --- */

static int64_t
ends(const struct search *s, enum lookup_part_kind kind, int64_t until, int64_t t)
{
	const struct evidence_conf *conf = s->owner->in.conf;

	if (kind == LOOKUP_CERT)
		return t + conf->keep_seconds;
	if (until == WHEN_NONE)
		until = t + conf->answer_seconds;
	if (until > t + conf->keep_seconds)
		until = t + conf->keep_seconds;
	return until < t + KEEP_MIN ? t + KEEP_MIN : until;
}

static enum lookup_outcome
keep(struct search *s, enum lookup_part_kind kind, int64_t until, const uint8_t *p, size_t len)
{
	const struct attempt *t = &s->tries[s->at];
	struct cache_entry e = {.kind = kind, .url = t->url, .len = len};

	memcpy(e.key, s->key, QUESTION_KEY);
	memcpy(&e.body, &p, sizeof(p)); /* copied, not changed */
	e.asked = now();
	e.until = ends(s, kind, until, e.asked);
	s->entry = cache_put(s->owner->in.cache, &e);
	return s->entry != NULL ? LOOKUP_ANSWERED : LOOKUP_NOBODY;
}

/* LOOKUP_ANSWERED, and s->entry holds it; or what is wrong with it. */
static enum lookup_outcome
weigh(struct search *s, const struct buf *body)
{
	enum lookup_part_kind kind = LOOKUP_OCSP;
	const struct attempt *t = &s->tries[s->at];
	enum lookup_outcome o = LOOKUP_NOBODY;
	struct arena *a = NULL;
	int64_t until = WHEN_NONE;
	struct question q;
	struct buf certs;

	buf_init(&certs, CAP_FETCH_ISSUERS);
	if (read_question(s->owner, &q, &a, s->question, s->question_len) != RC_OK)
		goto out;
	switch (t->how) {
	case BY_POST:
	case BY_GET:
		o = worth_ocsp(
		    &q, body->p, body->len, t->how == BY_POST ? s->nonce : NULL, now(), &until);
		break;
	case BY_FETCHING_LIST:
		kind = LOOKUP_CRL;
		o = worth_crl(&q, body->p, body->len, now(), &until);
		break;
	case BY_ISSUER:
		kind = LOOKUP_CERT;
		o = worth_issuer(&q, s->owner->in.trust, body->p, body->len, &certs);
		body = &certs;
		break;
	case BY_LIST:
		break;
	}
	if (o == LOOKUP_ANSWERED)
		o = keep(s, kind, until, body->p, body->len);
out:
	buf_clear(&certs);
	arena_free(a);
	return o;
}

/* Past this try, and past its GET unless that may do better. */
static void
go_on(struct search *s)
{
	bool post = s->tries[s->at].how == BY_POST;

	s->at += post && !s->by_get ? 2 : 1;
	s->by_get = false;
	s->due = true;
}

static void
on_fetched(void *ctx, const struct fetch_result *r)
{
	struct search *s = ctx;
	const struct attempt *t = &s->tries[s->at];
	const char *url = r->url != NULL ? r->url : t->url;
	enum lookup_outcome o = r->outcome;
	struct guard_url at;

	s->flight = NULL;
	s->due = true;
	if (o == LOOKUP_ANSWERED)
		o = weigh(s, r->body);
	/* Whoever redirects answers for where that leads: no host can have another left alone. */
	(void)guard_url(s->owner->in.guard, t->url, strlen(t->url), &at);
	if (s->patient || o != LOOKUP_SLOW)
		hosts_note(s->owner->in.hosts, at.name, o, r->milliseconds, now());
	if (o == LOOKUP_ANSWERED)
		return;
	if (s->owner->in.log && at.name[0] != '\0')
		log_warnx("%s: %s", at.name, lookup_outcome_name(o));
	note_trouble(s, o, url, hosts_closed(s->owner->in.hosts, at.name, now()));
	/* Some responders know but one way; none of them signs an HTTP error. */
	s->by_get = t->how == BY_POST && (o == LOOKUP_UNAUTHENTIC || o == LOOKUP_NONSENSE ||
					     (o == LOOKUP_REFUSED && r->status != 200));
	go_on(s);
}

/* The request of an OCSP try, to be POSTed or as part of the address. */
static enum rc
inquire(struct search *s, const struct attempt *t, struct buf *request, struct buf *url)
{
	const uint8_t *nonce = t->how == BY_POST ? s->nonce : NULL;
	struct arena *a = NULL;
	struct question q;
	enum rc rc;

	if (nonce != NULL && RAND_bytes(s->nonce, INQUIRY_NONCE) != 1)
		return RC_CRYPTO;
	if ((rc = read_question(s->owner, &q, &a, s->question, s->question_len)) == RC_OK)
		rc = inquiry_put(request, q.cert, q.issuer, nonce);
	if (rc == RC_OK && t->how == BY_GET)
		rc = inquiry_url(url, t->url, request->p, request->len);
	arena_free(a);
	return rc;
}

/* Three quarters of what is left, if somebody else could be asked after a host that hangs. */
static long long
try_until(const struct search *s, long long t)
{
	size_t next = s->at + (s->tries[s->at].how == BY_POST ? 2 : 1);

	if (s->tries[s->at].how == BY_FETCHING_LIST)
		return s->deadline + CAP_FETCH_LINGER_MS;
	return next < s->ntries ? t + (s->deadline - t) * 3 / 4 : s->deadline;
}

/* RC_BUSY: later.  Anything else but RC_OK: this try can't be made. */
static enum rc
take_off(struct search *s, const struct attempt *t)
{
	struct fetch_ask ask = {.url = t->url, .deadline = try_until(s, io_now_ms())};
	struct buf request, url;
	enum rc rc = RC_OK;

	buf_init(&request, REQUEST_MAX);
	buf_init(&url, CAP_FETCH_URL + REQUEST_MAX * 4);
	if (t->how == BY_POST || t->how == BY_GET) {
		rc = inquire(s, t, &request, &url);
		ask.max = CAP_OCSP;
		ask.accept = "application/ocsp-response";
		if (t->how == BY_GET)
			ask.url = buf_text(&url);
		else {
			ask.body = request.p;
			ask.body_len = request.len;
			ask.type = "application/ocsp-request";
		}
	} else
		ask.max = t->how == BY_ISSUER ? CAP_FETCH_ISSUERS : CAP_FETCH_CRL;
	if (rc == RC_OK)
		rc = fetch_start(s->owner->in.fetch, &s->flight, &ask, on_fetched, s);
	buf_clear(&request);
	buf_clear(&url);
	return rc;
}

static void
try_host(struct search *s, const struct attempt *t)
{
	struct guard_url at;
	int64_t retry;
	enum rc rc;

	if (guard_url(s->owner->in.guard, t->url, strlen(t->url), &at) == LOOKUP_OPEN &&
	    (retry = hosts_closed(s->owner->in.hosts, at.name, now())) != WHEN_NONE) {
		note_trouble(s, LOOKUP_UNREACHABLE, t->url, retry);
		s->by_get = false;
		go_on(s);
		return;
	}
	/* A crowd that waits for one host leaves room for others. */
	if (fetch_under_way(s->owner->in.fetch, at.name) >= CAP_FETCH_CROWD) {
		s->stalled = true;
		return;
	}
	rc = s->owner->full ? RC_BUSY : take_off(s, t);
	if (rc == RC_OK)
		return;
	if (rc == RC_BUSY) {
		s->owner->full = s->stalled = true;
		return;
	}
	if (rc != RC_TOOBIG) /* too long for a GET: nothing lost */
		note_trouble(s, LOOKUP_NOBODY, t->url, WHEN_NONE);
	go_on(s);
}

static void
step(struct search *s)
{
	const struct attempt *t = &s->tries[s->at];

	s->due = false;
	if (s->entry != NULL || s->at >= s->ntries) {
		if (s->entry == NULL && s->trouble.outcome == LOOKUP_OPEN)
			note_trouble(s, LOOKUP_NOBODY, NULL, WHEN_NONE);
		finish(s);
	} else if (io_now_ms() >= s->deadline) {
		note_trouble(s, LOOKUP_SLOW, t->url, WHEN_NONE);
		finish(s);
	} else if (t->how == BY_LIST)
		try_list(s, t);
	else
		try_host(s, t);
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
