/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One host asked by one flight, and what came of it weighed before it is kept. */
#include <string.h>

#include <openssl/rand.h>

#include "caps.h"
#include "io.h"
#include "log.h"
#include "search_part.h"
#include "when.h"
#include "worth.h"

#define KEEP_MIN    60 /* seconds: a document is judged again with what came */
#define REQUEST_MAX 512

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
	const struct search_try *t = &s->tries[s->at];
	struct cache_entry e = {.kind = kind, .url = t->url, .len = len};

	memcpy(e.key, s->key, QUESTION_KEY);
	memcpy(&e.body, &p, sizeof(p)); /* copied, not changed */
	e.asked = search_now();
	e.until = ends(s, kind, until, e.asked);
	s->entry = cache_put(s->owner->in.cache, &e);
	return s->entry != NULL ? LOOKUP_ANSWERED : LOOKUP_NOBODY;
}

/* LOOKUP_ANSWERED, and s->entry holds it; or what is wrong with it. */
static enum lookup_outcome
weigh(struct search *s, const struct buf *body)
{
	enum lookup_part_kind kind = LOOKUP_OCSP;
	const struct search_try *t = &s->tries[s->at];
	enum lookup_outcome o = LOOKUP_NOBODY;
	struct arena *a = NULL;
	int64_t until = WHEN_NONE;
	struct question q;
	struct buf certs;

	buf_init(&certs, CAP_FETCH_ISSUERS);
	if (search_read(s->owner, &q, &a, s->question, s->question_len) != RC_OK)
		goto out;
	switch (t->how) {
	case BY_POST:
	case BY_GET:
		o = worth_ocsp(&q, body->p, body->len, t->how == BY_POST ? s->nonce : NULL,
		    search_now(), &until);
		break;
	case BY_FETCHING_LIST:
		kind = LOOKUP_CRL;
		o = worth_crl(&q, body->p, body->len, search_now(), &until);
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
	const struct search_try *t = &s->tries[s->at];
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
		hosts_note(s->owner->in.hosts, at.name, o, r->milliseconds, search_now());
	if (o == LOOKUP_ANSWERED)
		return;
	if (s->owner->in.log && at.name[0] != '\0')
		log_warnx("%s: %s", at.name, lookup_outcome_name(o));
	search_note(s, o, url, hosts_closed(s->owner->in.hosts, at.name, search_now()));
	/* Some responders know but one way; none of them signs an HTTP error. */
	s->by_get = t->how == BY_POST && (o == LOOKUP_UNAUTHENTIC || o == LOOKUP_NONSENSE ||
					     (o == LOOKUP_REFUSED && r->status != 200));
	go_on(s);
}

/* The request of an OCSP try, to be POSTed or as part of the address. */
static enum rc
inquire(struct search *s, const struct search_try *t, struct buf *request, struct buf *url)
{
	const uint8_t *nonce = t->how == BY_POST ? s->nonce : NULL;
	struct arena *a = NULL;
	struct question q;
	enum rc rc;

	if (nonce != NULL && RAND_bytes(s->nonce, INQUIRY_NONCE) != 1)
		return RC_CRYPTO;
	if ((rc = search_read(s->owner, &q, &a, s->question, s->question_len)) == RC_OK)
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
take_off(struct search *s, const struct search_try *t)
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

void
search_try_host(struct search *s, const struct search_try *t)
{
	struct guard_url at;
	int64_t retry;
	enum rc rc;

	if (guard_url(s->owner->in.guard, t->url, strlen(t->url), &at) == LOOKUP_OPEN &&
	    (retry = hosts_closed(s->owner->in.hosts, at.name, search_now())) != WHEN_NONE) {
		search_note(s, LOOKUP_UNREACHABLE, t->url, retry);
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
		search_note(s, LOOKUP_NOBODY, t->url, WHEN_NONE);
	go_on(s);
}
