/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FETCH_H
#define FETCH_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "buf.h"
#include "guard.h"
#include "lookup.h"
#include "rc.h"

/*
 * HTTP, and nothing but the octets: one loop with libcurl and c-ares in it.  Whoever calls decides
 * what to ask and what an answer is worth.
 */

struct fetch; /* the loop */
struct fetch_flight;

struct fetch_ask {
	const char *url;     /* untrusted, NUL-terminated */
	const uint8_t *body; /* POST these octets; NULL: GET.  Copied. */
	size_t body_len;
	const char *type;   /* of the body; NULL without one */
	const char *accept; /* NULL: anything */
	size_t max;         /* octets of an answer, more is LOOKUP_TOO_LARGE */
	long long deadline; /* monotonic milliseconds (io_now_ms()) */
};

struct fetch_result {
	/*
	 * LOOKUP_ANSWERED: status is 200 and body is whole.  LOOKUP_FORBIDDEN also: from https
	 * to http.  LOOKUP_REFUSED also: more than CAP_FETCH_REDIRECTS.  LOOKUP_NONSENSE: no HTTP,
	 * or encoded though nobody asked for it.
	 */
	enum lookup_outcome outcome;
	unsigned status;  /* of HTTP, 0: there was none */
	const char *host; /* of the last address that was tried, as guard_url.name */
	const char *url;  /* the same, whole; NULL if the first was refused */
	uint32_t milliseconds;
	int64_t max_age;        /* of Cache-Control or Expires in seconds, -1: not said */
	const struct buf *body; /* during the call only */
};

/* Called once for each flight that was not dropped, from fetch_turn(); it may start others. */
typedef void fetch_done(void *ctx, const struct fetch_result *r);

/*
 * Before privileges and files are gone: certificates of TLS, name servers are read now, and not
 * again.  *g must outlive the loop.  RC_OK; RC_FORMAT: conf's test_dns is no address; RC_NOMEM,
 * RC_IO.
 */
enum rc fetch_new(struct fetch **out, const struct guard *g);
void fetch_free(struct fetch *f);
/* RC_OK (fails later, through done), RC_BUSY: CAP_FETCH_FLIGHTS are under way, RC_NOMEM. */
enum rc fetch_start(struct fetch *f, struct fetch_flight **out, const struct fetch_ask *ask,
    fetch_done *done, void *ctx);
/* How many are on their way to that host (guard_url.name). */
size_t fetch_under_way(const struct fetch *f, const char *name);
/* Nobody waits any more: done is not called. */
void fetch_drop(struct fetch *f, struct fetch_flight *flight);
/*
 * Wait for the network or for the n descriptors of extra (their revents are set), at most
 * timeout_ms (-1: as long as it takes), and serve what has come.  RC_OK, RC_IO, RC_NOMEM.
 */
enum rc fetch_turn(struct fetch *f, struct pollfd *extra, size_t n, int timeout_ms);

#endif /* FETCH_H */
