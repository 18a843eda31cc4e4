/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The streams.  A client is believed nothing: it may hang, vanish, or write what is no
 * order, and is then closed.
 */
#include <sys/socket.h>

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "caps.h"
#include "desk_client.h"
#include "io.h"
#include "rd.h"
#include "when.h"

#define GRACE_MS   50    /* the network's own deadline comes first, and knows more */
#define WRITING_MS 10000 /* for a reader to take the next octet */
#define CHUNK      65536

/* Of a client that only asks what is kept: an inspector's rounds, for two passes' worth. */
#define ORDERS_MAX (2 * CAP_LOOKUP_ROUNDS)

struct desk_client *
desk_client_new(struct searches *s, int fd, uint32_t may, uint32_t deadline_ms, uint64_t *buffered)
{
	struct desk_client *c;
	size_t i;

	if ((c = calloc(1, sizeof(*c))) == NULL)
		return NULL;
	c->searches = s;
	c->fd = fd;
	c->may = may;
	c->deadline_ms = deadline_ms;
	c->buffered = buffered;
	for (i = 0; i < CAP_LOOKUPS; i++)
		c->slots[i].client = c;
	buf_init(&c->in, ORDER_MAX + 4);
	buf_init(&c->out, ORDER_REPLY_MAX + 4);
	return c;
}

/* The order is done with. */
static void
clear_order(struct desk_client *c)
{
	size_t i;

	for (i = 0; i < c->n; i++) {
		if (c->slots[i].waiter.search != NULL)
			search_leave(&c->slots[i].waiter, NULL);
		finding_clear(&c->slots[i].found);
	}
	c->n = c->pending = 0;
	c->busy = false;
}

void
desk_client_free(struct desk_client *c)
{
	clear_order(c);
	*c->buffered -= c->out.len;
	buf_clear(&c->in);
	buf_clear(&c->out);
	io_close(&c->fd);
	free(c);
}

/* --- the reply --- */

static bool
sent_before(const struct desk_client *c, size_t i)
{
	size_t k;

	for (k = 0; k < i; k++)
		if (c->slots[k].found.entry == c->slots[i].found.entry)
			return true;
	return false;
}

/* What an entry holds, each certificate a part of its own. */
static size_t
split(const struct cache_entry *e, struct lookup_part out[ORDER_PARTS])
{
	struct der in = {e->body, e->len};
	struct der_tlv t;
	size_t n = 0;

	if (e->kind != LOOKUP_CERT) {
		out[0] = (struct lookup_part){e->kind, {e->body, e->len}};
		return 1;
	}
	while (n < ORDER_PARTS && der_next(&in, &t))
		out[n++] = (struct lookup_part){LOOKUP_CERT, {t.whole.p, t.whole.len}};
	return n;
}

static enum rc
put_reply(struct desk_client *c)
{
	struct lookup_part parts[CAP_LOOKUPS][ORDER_PARTS];
	struct lookup_answer v[CAP_LOOKUPS];
	const struct finding *f;
	size_t i, total = 0;

	for (i = 0; i < c->n; i++) {
		f = &c->slots[i].found;
		v[i] = (struct lookup_answer){.outcome = f->outcome,
		    .asked = f->asked,
		    .retry = f->retry,
		    .url = f->url,
		    .parts = parts[i]};
		/* A list that is about several certificates goes out once. */
		if (!c->bodies || f->entry == NULL || sent_before(c, i))
			continue;
		if (f->entry->len > CAP_LOOKUP_BODIES - total) {
			v[i].outcome = LOOKUP_TOO_LARGE;
			continue;
		}
		total += f->entry->len;
		v[i].nparts = split(f->entry, parts[i]);
	}
	if (total > CAP_FETCH_OUT - *c->buffered)
		return RC_TOOBIG;
	return order_put_reply(&c->out, v, c->n, c->bodies);
}

/* Nothing is searched any more: the reply is ready to be written.  False: it can't be. */
static bool
reply(struct desk_client *c)
{
	enum rc rc = put_reply(c);

	*c->buffered += c->out.len;
	clear_order(c);
	c->written = 0;
	c->deadline = io_now_ms() + WRITING_MS;
	return rc == RC_OK && buf_rc(&c->out) == RC_OK;
}

static bool
write_some(struct desk_client *c)
{
	ssize_t n;

	while (c->written < c->out.len) {
		n = send(c->fd, c->out.p + c->written, c->out.len - c->written,
		    MSG_NOSIGNAL | MSG_DONTWAIT);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return errno == EAGAIN && io_now_ms() < c->deadline;
		c->written += (size_t)n;
		c->deadline = io_now_ms() + WRITING_MS;
	}
	*c->buffered -= c->out.len;
	buf_clear(&c->out);
	return true;
}

/* --- the order --- */

static void
on_found(struct search_waiter *w, const struct finding *f)
{
	struct desk_slot *slot = (struct desk_slot *)(void *)w; /* its first member */

	slot->client->pending--;
	/* What is kept says more than that nobody says anything newer. */
	if (slot->found.entry != NULL && f->outcome != LOOKUP_ANSWERED)
		return;
	finding_clear(&slot->found);
	finding_copy(&slot->found, f);
}

/* False: it is no question, and whoever sends it no client of ours. */
static bool
take_question(struct desk_client *c, struct desk_slot *slot, struct lookup_octets q, bool fetch)
{
	enum rc rc;

	rc = search_kept(c->searches, q.p, q.len, &slot->found);
	if (rc == RC_OK && fetch &&
	    (slot->found.outcome == LOOKUP_OPEN || search_aged(c->searches, &slot->found))) {
		slot->waiter.done = on_found;
		slot->waiter.patient = c->patient;
		rc = search_join(c->searches, q.p, q.len, c->deadline - GRACE_MS, &slot->waiter);
		if (rc == RC_OK)
			c->pending++;
	}
	if (rc == RC_NOMEM && slot->found.entry == NULL)
		slot->found.outcome = LOOKUP_NOBODY;
	return rc == RC_OK || rc == RC_NOMEM;
}

static bool
take_order(struct desk_client *c, const uint8_t *p, size_t len)
{
	struct order o;
	uint32_t ms;
	bool fetch;
	size_t i;

	if (order_get(&o, p, len) != RC_OK)
		return false;
	fetch = (o.flags & c->may & ORDER_FETCH) != 0;
	if ((c->may & ORDER_FETCH) == 0 && ++c->orders > ORDERS_MAX)
		return false;
	c->bodies = (o.flags & c->may & ORDER_BODIES) != 0;
	ms = o.milliseconds != 0 && o.milliseconds < c->deadline_ms ? o.milliseconds
								    : c->deadline_ms;
	c->patient = ms == c->deadline_ms;
	c->deadline = io_now_ms() + ms + GRACE_MS;
	c->busy = true;
	for (i = 0; i < o.n; i++) {
		c->n = i + 1;
		if (!take_question(c, &c->slots[i], o.questions[i], fetch))
			return false;
	}
	return true;
}

/* The time is over: whatever is still searched was too slow. */
static void
give_up(struct desk_client *c)
{
	struct finding f = {.asked = WHEN_NONE, .retry = WHEN_NONE};
	struct desk_slot *slot;
	size_t i;

	for (i = 0; i < c->n; i++) {
		slot = &c->slots[i];
		if (slot->waiter.search == NULL)
			continue;
		search_leave(&slot->waiter, &f);
		on_found(&slot->waiter, &f);
		finding_clear(&f);
	}
	c->pending = 0;
}

/* A whole order is taken, what is behind it waits.  False: closed, or no order. */
static bool
read_some(struct desk_client *c)
{
	size_t want;
	uint8_t chunk[CHUNK];
	struct rd r;
	ssize_t n;

	for (;;) {
		want = 4;
		if (c->in.len >= 4) {
			rd_init(&r, c->in.p, c->in.len);
			want = 4 + (size_t)rd_u32(&r);
			if (want > ORDER_MAX + 4)
				return false;
			if (c->in.len == want)
				break;
		}
		want -= c->in.len;
		n = recv(c->fd, chunk, want < CHUNK ? want : CHUNK, MSG_DONTWAIT);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n < 0 && errno == EAGAIN;
		buf_put(&c->in, chunk, (size_t)n);
		if (buf_rc(&c->in) != RC_OK)
			return false;
	}
	n = take_order(c, c->in.p + 4, c->in.len - 4);
	buf_clear(&c->in);
	return n != 0;
}

/* --- the loop's side --- */

short
desk_client_events(const struct desk_client *c)
{
	if (c->out.len > 0)
		return POLLOUT;
	return c->busy ? 0 : POLLIN; /* that it is closed is told anyway */
}

long long
desk_client_timer(const struct desk_client *c)
{
	if (c->busy && c->pending == 0)
		return 0; /* its last answer came while others were served */
	return c->busy || c->out.len > 0 ? c->deadline : -1;
}

bool
desk_client_turn(struct desk_client *c, short revents)
{
	if (c->busy && (revents & (POLLHUP | POLLERR | POLLNVAL)) != 0)
		return false;
	if (!c->busy && c->out.len == 0 && revents != 0 && !read_some(c))
		return false;
	if (c->busy && c->pending > 0 && io_now_ms() >= c->deadline)
		give_up(c);
	if (c->busy && c->pending == 0 && !reply(c))
		return false;
	return c->out.len == 0 || write_some(c);
}
