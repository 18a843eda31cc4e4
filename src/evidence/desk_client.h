/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef DESK_CLIENT_H
#define DESK_CLIENT_H

#include <stdbool.h>
#include <stdint.h>

#include "buf.h"
#include "order.h"
#include "search.h"

/* One stream: an order is read, its questions are searched, the reply is written; then the next. */

struct desk_slot {
	struct search_waiter waiter; /* first */
	struct desk_client *client;
	struct finding found;
};

struct desk_client {
	struct desk_client *next;
	struct searches *searches;
	uint64_t *buffered; /* octets of all clients' replies */
	int fd;
	uint32_t may; /* ORDER_FETCH | ORDER_BODIES */
	uint32_t deadline_ms;
	unsigned orders;
	struct buf in, out;
	size_t written;             /* of out */
	long long deadline;         /* of the order; while writing, of the next octet */
	bool busy, bodies, patient; /* patient: it has the whole time */
	size_t n, pending;          /* of the order's questions; of those that are searched */
	struct desk_slot slots[CAP_LOOKUPS];
};

/* The descriptor becomes the client's.  NULL without memory. */
struct desk_client *desk_client_new(
    struct searches *s, int fd, uint32_t may, uint32_t deadline_ms, uint64_t *buffered);
void desk_client_free(struct desk_client *c);
/* What poll() should look for. */
short desk_client_events(const struct desk_client *c);
/* When desk_client_turn() wants to be called at the latest; -1: only for an event. */
long long desk_client_timer(const struct desk_client *c);
/* False: it is over, free it.  Call it after each turn of the loop, with what poll() saw. */
bool desk_client_turn(struct desk_client *c, short revents);

#endif /* DESK_CLIENT_H */
