/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef RESOLVE_H
#define RESOLVE_H

#include <sys/socket.h>

#include <poll.h>
#include <stddef.h>

#include "guard.h"
#include "lookup.h"
#include "rc.h"

/*
 * Names to network addresses that the guard has passed, by DNS alone: no hosts file, no search
 * domains, no cache.  Whoever asks connects to these addresses and to no others.
 */

#define RESOLVE_ADDRESSES 16 /* of one name that are used: more are for load, not for reach */
#define RESOLVE_SOCKETS   16 /* to name servers: c-ares tells of no more */

struct resolve;
struct resolve_query;

struct resolve_addresses {
	size_t n; /* 1 to RESOLVE_ADDRESSES, IPv4 first */
	struct sockaddr_storage v[RESOLVE_ADDRESSES];
};

/*
 * LOOKUP_OPEN and the addresses; or NULL and LOOKUP_FORBIDDEN (one of them is no public one),
 * LOOKUP_UNREACHABLE (no such name, no usable answer), LOOKUP_SLOW (no answer).  Called from
 * resolve_turn() only.  The query is gone afterwards.
 */
typedef void resolve_done(void *ctx, enum lookup_outcome o, const struct resolve_addresses *a);

/* Reads the system's name servers, unless g->conf names a test's.  RC_OK, RC_NOMEM; RC_FORMAT:
 * that address is none; RC_IO. */
enum rc resolve_new(struct resolve **out, const struct guard *g);
/* No query is told of its end. */
void resolve_free(struct resolve *r);
/* host: a name that guard_url() has passed.  RC_OK or RC_NOMEM. */
enum rc resolve_start(struct resolve *r, struct resolve_query **out, const char *host,
    uint16_t port, resolve_done *done, void *ctx);
/* done is not called any more. */
void resolve_drop(struct resolve_query *q);

/* Fills at most RESOLVE_SOCKETS of v and returns how many. */
size_t resolve_sockets(const struct resolve *r, struct pollfd *v);
/* Milliseconds after which resolve_turn() must be called, at most max (-1: no limit). */
int resolve_timeout(const struct resolve *r, int max);
/* v as resolve_sockets() filled it and poll() answered. */
void resolve_turn(struct resolve *r, const struct pollfd *v, size_t n);

#endif /* RESOLVE_H */
