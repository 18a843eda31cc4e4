/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * DNS, by c-ares: an answer's addresses go through the guard before anybody learns of them.
 * What a name server says is data about a host that a stranger may own, never a reason to
 * trust that host.
 */
#include <arpa/inet.h>
#include <netinet/in.h>

#include <ares.h>
#include <stdlib.h>
#include <string.h>

#include "io.h"
#include "resolve.h"

#define TRY_MS      800 /* for a name server's answer; twice as long at the second try */
#define TRIES       3
#define PATIENCE_MS 300 /* for IPv6 once IPv4 is known: some name servers never answer for it */
#define PARSED      64  /* addresses of one answer that are looked at: 512 octets hold 29 */

struct resolve {
	ares_channel channel;
	const struct guard *guard;
	struct resolve_query *queries;
};

struct resolve_query {
	struct resolve_query *next;
	struct resolve *owner;
	resolve_done *done; /* NULL: nobody waits any more */
	void *ctx;
	uint16_t port;
	unsigned waiting; /* answers that c-ares owes; it can't be told to forget them */
	bool forbidden, silent, broken;
	long long until; /* the other answer is waited for, 0: as long as it takes */
	struct resolve_addresses found;
};

enum rc
resolve_new(struct resolve **out, const struct guard *g)
{
	char lookups[] = "b"; /* DNS, no files */
	struct ares_options o = {.flags = ARES_FLAG_NOSEARCH | ARES_FLAG_NOALIASES,
	    .timeout = TRY_MS,
	    .tries = TRIES,
	    .lookups = lookups};
	struct resolve *r;
	int rv;

	*out = NULL;
	if ((r = calloc(1, sizeof(*r))) == NULL)
		return RC_NOMEM;
	r->guard = g;
	if (ares_library_init(ARES_LIB_INIT_ALL) != ARES_SUCCESS) {
		free(r);
		return RC_NOMEM;
	}
	rv = ares_init_options(&r->channel, &o,
	    ARES_OPT_FLAGS | ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_LOOKUPS);
	if (rv != ARES_SUCCESS) {
		ares_library_cleanup();
		free(r);
		return rv == ARES_ENOMEM ? RC_NOMEM : RC_IO;
	}
	if (g->conf->test_dns[0] != '\0' &&
	    ares_set_servers_ports_csv(r->channel, g->conf->test_dns) != ARES_SUCCESS) {
		resolve_free(r);
		return RC_FORMAT;
	}
	*out = r;
	return RC_OK;
}

void
resolve_free(struct resolve *r)
{
	struct resolve_query *q, *next;

	if (r == NULL)
		return;
	ares_destroy(r->channel); /* tells each query once more */
	for (q = r->queries; q != NULL; q = next) {
		next = q->next;
		free(q);
	}
	ares_library_cleanup();
	free(r);
}

/*
 * One address.  A name with a public and a private address is refused whole: no honest host has
 * such an answer, and which of them is tried is chance.
 */
static void
add(struct resolve_query *q, const struct sockaddr *sa, socklen_t len)
{
	if (!guard_address(q->owner->guard, sa, len))
		q->forbidden = true;
	else if (q->found.n < RESOLVE_ADDRESSES)
		memcpy(&q->found.v[q->found.n++], sa, len);
}

static int
add4(struct resolve_query *q, const uint8_t *p, int len)
{
	struct sockaddr_in sa = {.sin_family = AF_INET, .sin_port = htons(q->port)};
	struct ares_addrttl v[PARSED];
	int i, rv, n = PARSED;

	if ((rv = ares_parse_a_reply(p, len, NULL, v, &n)) != ARES_SUCCESS)
		return rv;
	for (i = 0; i < n; i++) {
		sa.sin_addr = v[i].ipaddr;
		add(q, (const struct sockaddr *)&sa, sizeof(sa));
	}
	return n == PARSED ? ARES_EBADRESP : ARES_SUCCESS;
}

static int
add6(struct resolve_query *q, const uint8_t *p, int len)
{
	struct sockaddr_in6 sa = {.sin6_family = AF_INET6, .sin6_port = htons(q->port)};
	struct ares_addr6ttl v[PARSED];
	int i, rv, n = PARSED;

	if ((rv = ares_parse_aaaa_reply(p, len, NULL, v, &n)) != ARES_SUCCESS)
		return rv;
	for (i = 0; i < n; i++) {
		memcpy(&sa.sin6_addr, &v[i].ip6addr, sizeof(sa.sin6_addr));
		add(q, (const struct sockaddr *)&sa, sizeof(sa));
	}
	return n == PARSED ? ARES_EBADRESP : ARES_SUCCESS;
}

static void
answered(struct resolve_query *q, int status)
{
	q->waiting--;
	if (status == ARES_ETIMEOUT)
		q->silent = true;
	else if (status == ARES_EBADRESP)
		q->broken = true;
	if (q->found.n > 0 && q->until == 0)
		q->until = io_now_ms() + PATIENCE_MS;
}

static void
on_answer4(void *arg, int status, int timeouts, unsigned char *p, int len)
{
	struct resolve_query *q = arg;

	(void)timeouts;
	answered(q, status == ARES_SUCCESS ? add4(q, p, len) : status);
}

static void
on_answer6(void *arg, int status, int timeouts, unsigned char *p, int len)
{
	struct resolve_query *q = arg;

	(void)timeouts;
	answered(q, status == ARES_SUCCESS ? add6(q, p, len) : status);
}

enum rc
resolve_start(struct resolve *r, struct resolve_query **out, const char *host, uint16_t port,
    resolve_done *done, void *ctx)
{
	struct resolve_query *q;

	*out = NULL;
	if ((q = calloc(1, sizeof(*q))) == NULL)
		return RC_NOMEM;
	q->owner = r;
	q->done = done;
	q->ctx = ctx;
	q->port = port;
	q->waiting = 2;
	q->next = r->queries;
	r->queries = q;
	*out = q;
	/* Both may answer before they return: that is only noted. */
	ares_query(r->channel, host, 1 /* IN */, 1 /* A */, on_answer4, q);
	ares_query(r->channel, host, 1, 28 /* AAAA: RFC 3596 */, on_answer6, q);
	return RC_OK;
}

void
resolve_drop(struct resolve_query *q)
{
	if (q != NULL)
		q->done = NULL;
}

size_t
resolve_sockets(const struct resolve *r, struct pollfd *v)
{
	ares_socket_t sockets[ARES_GETSOCK_MAXNUM];
	unsigned bits, i;
	size_t n = 0;
	short events;

	_Static_assert(ARES_GETSOCK_MAXNUM <= RESOLVE_SOCKETS, "room for each socket");
	bits = (unsigned)ares_getsock(r->channel, sockets, ARES_GETSOCK_MAXNUM);
	for (i = 0; i < ARES_GETSOCK_MAXNUM; i++) {
		events = (bits & (1u << i)) != 0 ? POLLIN : 0;
		if ((bits & (1u << (i + ARES_GETSOCK_MAXNUM))) != 0)
			events |= POLLOUT;
		if (events != 0)
			v[n++] = (struct pollfd){.fd = sockets[i], .events = events};
	}
	return n;
}

/* Enough is known to say. */
static bool
is_ripe(const struct resolve_query *q, long long now)
{
	return q->waiting == 0 || q->forbidden || (q->until != 0 && now >= q->until);
}

int
resolve_timeout(const struct resolve *r, int max)
{
	const struct resolve_query *q;
	long long now = io_now_ms(), left = max < 0 ? INT32_MAX : max;
	struct timeval tv, *wait;
	bool any = max >= 0;

	if ((wait = ares_timeout(r->channel, NULL, &tv)) != NULL) {
		long long ms = (long long)wait->tv_sec * 1000 + wait->tv_usec / 1000 + 1;

		left = ms < left ? ms : left;
		any = true;
	}
	for (q = r->queries; q != NULL; q = q->next) {
		if (q->done == NULL)
			continue;
		if (is_ripe(q, now))
			return 0;
		if (q->until != 0 && q->until - now < left) {
			left = q->until - now;
			any = true;
		}
	}
	return any ? (int)left : -1;
}

static void
tell(struct resolve_query *q)
{
	resolve_done *done = q->done;

	q->done = NULL;
	if (q->forbidden)
		done(q->ctx, LOOKUP_FORBIDDEN, NULL);
	else if (q->found.n > 0 && !q->broken)
		done(q->ctx, LOOKUP_OPEN, &q->found);
	else
		done(q->ctx, q->silent ? LOOKUP_SLOW : LOOKUP_UNREACHABLE, NULL);
}

void
resolve_turn(struct resolve *r, const struct pollfd *v, size_t n)
{
	struct resolve_query **at, *q;
	long long now;
	size_t i;

	for (i = 0; i < n; i++)
		if (v[i].revents != 0)
			ares_process_fd(r->channel, v[i].fd,
			    (v[i].revents & POLLOUT) != 0 ? v[i].fd : ARES_SOCKET_BAD);
	ares_process_fd(r->channel, ARES_SOCKET_BAD, ARES_SOCKET_BAD); /* what is late */
	now = io_now_ms();
	/* Whoever is told may start another query: it is put in front of the list. */
	for (q = r->queries; q != NULL; q = q->next)
		if (q->done != NULL && is_ripe(q, now))
			tell(q);
	for (at = &r->queries; (q = *at) != NULL;) {
		if (q->done == NULL && q->waiting == 0) {
			*at = q->next;
			free(q);
		} else
			at = &q->next;
	}
}
