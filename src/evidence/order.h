/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ORDER_H
#define ORDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arena.h"
#include "buf.h"
#include "lookup.h"
#include "rc.h"
#include "when.h"

/*
 * What is said on a stream to `periksa-fetch`.  Both sides decode it as untrusted
 * octets.  All numbers are big-endian.
 *
 *   order   length (4, of what follows) · flags (4) · milliseconds (4, 0: the configured time) ·
 *           count (4) · for each question its length (4) and octets
 *   reply   length (4) · count (4) · for each question: outcome (4) · asked (8) · retry (8) ·
 *           URL (4 + octets) · parts (4) · for each its kind (4), length (4) and octets
 *
 * A stream carries one order after another, each answered before the next.  On a stream that
 * ORDER_JOBS brought without ORDER_MAY_FETCH, and whatever its flags say, only what is kept
 * already is answered, at once.
 */
#define ORDER_FETCH  1u /* ask the network for what is not kept; else LOOKUP_OPEN */
#define ORDER_BODIES 2u /* send the evidence itself, not only how it went */

/* periksa-fetch's descriptors: a SOCK_SEQPACKET socket on which each message
 * brings a stream; and a listening Unix stream socket, whose streams may fetch and get no bodies.
 */
#define ORDER_JOBS   3
#define ORDER_LISTEN 4

#define ORDER_PARTS     CAP_CMS_CERTS /* of one answer */
/* Octets behind the length of a whole order and of a whole reply. */
#define ORDER_MAX       (12u + CAP_LOOKUPS * (4u + CAP_LOOKUP))
#define ORDER_REPLY_MAX (CAP_LOOKUP_BODIES + CAP_LOOKUPS * (CAP_FETCH_URL + 128u))
#define ORDER_WHEN_MAX  253402300799ull /* the end of the year 9999 */

/* A message on ORDER_JOBS, with one descriptor. */
struct order_job {
	uint32_t may; /* ORDER_FETCH | ORDER_BODIES bits that this stream has */
};

/* --- a question as octets: also what a report carries to be asked later --- */

/*
 * The octets are lookup.h's, since src/verify puts them into reports and knows nothing of this
 * room: these only hand on.
 */
#define order_put_question lookup_put_question
#define order_get_question lookup_get_question

/* --- orders --- */

struct order {
	uint32_t flags;
	uint32_t milliseconds;
	size_t n;                                    /* at most CAP_LOOKUPS */
	struct lookup_octets questions[CAP_LOOKUPS]; /* as order_put_question() made them */
};

/* With the length in front.  RC_OK, RC_TOOBIG. */
enum rc order_put(struct buf *b, const struct order *o);
/* Without the length in front; spans point into p.  RC_OK or RC_FORMAT. */
enum rc order_get(struct order *o, const void *p, size_t len);

/* With the length in front; without bodies the parts are left out. */
enum rc order_put_reply(struct buf *b, const struct lookup_answer *v, size_t n, bool bodies);
/*
 * Without the length in front.  n answers exactly, or RC_FORMAT; URLs are copied into the
 * arena and checked (printable ASCII), parts point into p.  RC_NOMEM.
 */
enum rc order_get_reply(
    struct lookup_answer *v, size_t n, struct arena *a, const void *p, size_t len);

#endif /* ORDER_H */
