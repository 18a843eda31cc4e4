/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SEARCH_PART_H
#define SEARCH_PART_H

/* What search*.c share; nobody else's. */

#include "arena.h"
#include "caps.h"
#include "inquiry.h"
#include "memo.h"
#include "search.h"

#define SEARCH_ARENA (64u << 20) /* one question, and one answer taken apart */
#define SEARCH_TRIES (3 * CAP_FETCH_URLS)

enum search_how { BY_POST, BY_GET, BY_LIST, BY_FETCHING_LIST, BY_ISSUER };

struct search_try {
	enum search_how how;
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
	struct search_try tries[SEARCH_TRIES];
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

/* --- search.c: questions, and what is known already --- */

/* Seconds since 1970. */
int64_t search_now(void);
/* The question, read anew into an arena of its own, which the caller frees whatever comes out. */
enum rc search_read(
    const struct searches *s, struct question *q, struct arena **a, const void *p, size_t len);

/* --- search_finding.c --- */

/* Whatever it held is let go first; url is copied, and may be NULL. */
void finding_set(
    struct finding *f, enum lookup_outcome o, int64_t asked, int64_t retry, const char *url);
/* LOOKUP_ANSWERED; e is the finding's from now on. */
void finding_from_entry(struct finding *f, struct cache_entry *e);

/* --- search_wait.c: from the first who waits to the last who is told --- */

struct search *search_find(struct searches *s, const uint8_t key[QUESTION_KEY]);
/* One more, due and without tries; NULL without memory. */
struct search *search_new(
    struct searches *owner, const uint8_t key[QUESTION_KEY], const void *question, size_t len);
/* Nobody waits for it. */
void search_free(struct search *s);
void search_wait(struct search *s, struct search_waiter *w, long long deadline);
/* Everybody who waits is told, and it is over. */
void search_finish(struct search *s);
/* A failure on the way: the most telling is kept.  retry: WHEN_NONE for as long as usual. */
void search_note(struct search *s, enum lookup_outcome o, const char *url, int64_t retry);

/* --- search_plan.c: whom to ask, in which order --- */

/* false: no memory. */
bool search_plan(struct search *s, const struct question *q);
/* The list is kept, or failed of late, or is waited for. */
void search_try_list(struct search *s, const struct search_try *t);

/* --- search_try.c: one host asked --- */

/* A flight begins, or the try is passed over, or stalls. */
void search_try_host(struct search *s, const struct search_try *t);

#endif /* SEARCH_PART_H */
