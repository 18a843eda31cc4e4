/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIMIT_H
#define LIMIT_H

#include <stdint.h>

#include <netinet/in.h>

/*
 * How often one address may ask: a token bucket per address and kind, in
 * memory that all workers share.  An address is kept only as a keyed hash, and
 * is forgotten when its place is needed.  IPv6 counts by /64.
 */
struct limit;

enum limit_kind { LIMIT_PAGE, LIMIT_API, LIMIT_LOGIN, LIMIT_LETTER, LIMIT_SCAN, LIMIT__MAX };

/* per_minute[kind] requests a minute, as many at once at first.  NULL without memory. */
struct limit *limit_new(const unsigned per_minute[LIMIT__MAX]);
/*
 * Take one token at now_ms of a clock that is never set back.  0: allowed; else the seconds until
 * there is one again (at least 1).
 */
unsigned limit_take(
    struct limit *l, enum limit_kind kind, const struct in6_addr *address, int64_t now_ms);

#endif /* LIMIT_H */
