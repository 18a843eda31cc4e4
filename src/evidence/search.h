/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SEARCH_H
#define SEARCH_H

#include <stddef.h>
#include <stdint.h>

#include "cache.h"
#include "evidence_conf.h"
#include "fetch.h"
#include "guard.h"
#include "hosts.h"
#include "lookup.h"
#include "rc.h"
#include "trust.h"

/*
 * Searches for evidence: what is kept, and else one after another whoever may know.  However many
 * wait for the same thing, it is searched once.
 */

/* What a question came to. */
struct finding {
	enum lookup_outcome outcome; /* LOOKUP_OPEN: nothing is kept */
	int64_t asked, retry;
	char *url;                 /* its own; NULL: nobody */
	struct cache_entry *entry; /* held; NULL unless ANSWERED */
};
void finding_clear(struct finding *f);

struct search_parts { /* all outlive the searches */
	const struct evidence_conf *conf;
	const struct guard *guard;
	const struct trust *trust;
	struct fetch *fetch;
	struct cache *cache;
	struct hosts *hosts;
	bool log; /* say which host did not answer */
};

struct searches;
enum rc searches_open(struct searches **out, const struct search_parts *parts);
/* Takes NULL. */
void searches_free(struct searches *s);

/*
 * What is known of the question (len octets, untrusted) without asking anybody: kept evidence, a
 * failure of late, or that nobody may be asked.  finding_clear() *out, whatever is returned.
 * RC_OK; RC_FORMAT: it is no question; RC_NOMEM.
 */
enum rc search_kept(struct searches *s, const void *question, size_t len, struct finding *out);

/*
 * What is kept may be too old for who judges the present, though not over: an answer that says no
 * end, or the issuers at an address where another may lie now; and nothing newer was asked for in
 * vain of late.
 */
bool search_aged(const struct searches *s, const struct finding *f);

/* Somebody who waits; belongs to who joins, and stays in its place until done or left. */
struct search_waiter {
	struct search *search; /* NULL: not waiting */
	struct search_waiter *next;
	bool patient; /* it waits as long as anybody: what is slow then is slow for all */
	/* Called once, from searches_step(); f is the searches'. */
	void (*done)(struct search_waiter *w, const struct finding *f);
};

/*
 * Wait for an answer, of which search_kept() knew nothing or an aged one, until deadline
 * (io_now_ms()).  RC_OK, or as above; then w does not wait.
 */
enum rc search_join(struct searches *s, const void *question, size_t len, long long deadline,
    struct search_waiter *w);
/* Wait no longer; the search ends if nobody else does.  What it was at goes into *f (may be
 * NULL): too slow. */
void search_leave(struct search_waiter *w, struct finding *f);
/* Go on with whatever can go on: after search_join() and after each fetch_turn(). */
void searches_step(struct searches *s);

/* A copy that is the caller's; without memory its outcome is LOOKUP_NOBODY. */
void finding_copy(struct finding *out, const struct finding *in);

#endif /* SEARCH_H */
