/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Asking `periksa-fetch`.  What it answers is read within limits and decoded as untrusted
 * octets; when it is slow, gone or writes nonsense, nobody was asked.
 */
#include <sys/socket.h>
#include <sys/time.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "caps.h"
#include "errand.h"
#include "io.h"
#include "order.h"
#include "rd.h"
#include "when.h"

/* An order of the portal's that a socket takes at once: thirty letters' worth of questions. */
#define CALL_MAX (128u << 10)

struct errand_call {
	int fd;
	struct buf in; /* the reply, its length first */
};

/* --- blocking --- */

static bool
set_wait(int fd, unsigned milliseconds)
{
	const struct timeval wait = {
	    .tv_sec = milliseconds / 1000, .tv_usec = milliseconds % 1000 * 1000};

	return setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof(wait)) == 0 &&
	       setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &wait, sizeof(wait)) == 0;
}

/* A fetcher that died is an answer that is missing, and no signal. */
static enum rc
put(int fd, const uint8_t *p, size_t len, long long end)
{
	ssize_t n;

	while (len > 0) {
		n = send(fd, p, len, MSG_NOSIGNAL);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0 || io_now_ms() > end)
			return RC_IO;
		p += n;
		len -= (size_t)n;
	}
	return RC_OK;
}

static enum rc
get(int fd, uint8_t *p, size_t len, long long end)
{
	ssize_t n;

	while (len > 0) {
		n = read(fd, p, len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0 || io_now_ms() > end)
			return RC_IO;
		p += n;
		len -= (size_t)n;
	}
	return RC_OK;
}

static enum rc
put_order(struct buf *b, const struct errand *e, const struct lookup_question *v, size_t n)
{
	struct order o = {
	    .flags = e->flags | ORDER_BODIES, .milliseconds = e->milliseconds, .n = n};
	struct buf questions;
	size_t i, at[CAP_LOOKUPS + 1];
	enum rc rc = RC_OK;

	buf_init(&questions, CAP_LOOKUPS * CAP_LOOKUP);
	for (i = 0; rc == RC_OK && i < n; i++) {
		at[i] = questions.len;
		rc = order_put_question(&questions, &v[i]);
		at[i + 1] = questions.len;
	}
	if (rc == RC_OK)
		rc = buf_rc(&questions);
	for (i = 0; rc == RC_OK && i < n; i++)
		o.questions[i] =
		    (struct lookup_octets){.p = questions.p + at[i], .len = at[i + 1] - at[i]};
	if (rc == RC_OK)
		rc = order_put(b, &o);
	buf_clear(&questions);
	return rc != RC_OK ? rc : buf_rc(b);
}

static enum rc
get_reply(int fd, struct arena *a, struct lookup_answer *answers, size_t n, long long end)
{
	uint8_t head[4], *p;
	struct rd r;
	size_t len;
	enum rc rc;

	if ((rc = get(fd, head, sizeof(head), end)) != RC_OK)
		return rc;
	rd_init(&r, head, sizeof(head));
	if ((len = rd_u32(&r)) > ORDER_REPLY_MAX)
		return RC_FORMAT;
	if ((p = arena_alloc(a, len)) == NULL)
		return RC_NOMEM;
	if ((rc = get(fd, p, len, end)) != RC_OK)
		return rc;
	return order_get_reply(answers, n, a, p, len);
}

static void
nobody(struct lookup_answer *answers, size_t n)
{
	size_t i;

	memset(answers, 0, n * sizeof(*answers));
	for (i = 0; i < n; i++) {
		answers[i].outcome = LOOKUP_NOBODY;
		answers[i].asked = answers[i].retry = WHEN_NONE;
	}
}

static enum rc
ask(void *ctx, struct arena *a, const struct lookup_question *v, size_t n,
    struct lookup_answer *answers)
{
	const struct errand *e = ctx;
	unsigned wait = (e->flags & ORDER_FETCH) != 0 ? CAP_FETCH_WAIT_MS : CAP_LOOKUP_WAIT_MS;
	long long end = io_now_ms() + wait;
	enum rc rc = RC_ABSENT;
	struct buf b;

	buf_init(&b, ORDER_MAX + 4);
	if (n > CAP_LOOKUPS)
		rc = RC_TOOBIG;
	else if (*e->fd != -1 && (rc = put_order(&b, e, v, n)) == RC_OK) {
		if ((rc = put(*e->fd, b.p, b.len, end)) == RC_OK)
			rc = get_reply(*e->fd, a, answers, n, end);
		/* what was not read would be taken for the next answer */
		if (rc != RC_OK)
			io_close(e->fd);
	}
	buf_clear(&b);
	if (rc != RC_OK)
		nobody(answers, n);
	return rc;
}

void
errand_lookup(struct lookup *l, struct errand *e)
{
	l->ask = ask;
	l->ctx = e;
	/* Whoever only asks what is kept may be sealed already: errand_stream() has set this. */
	if ((e->flags & ORDER_FETCH) != 0 && *e->fd != -1 && !set_wait(*e->fd, CAP_FETCH_WAIT_MS))
		io_close(e->fd);
}

enum rc
errand_stream(int *asker, int *fetcher)
{
	int pair[2];

	*asker = *fetcher = -1;
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) == -1)
		return RC_IO;
	if (!set_wait(pair[0], CAP_LOOKUP_WAIT_MS)) {
		close(pair[0]);
		close(pair[1]);
		return RC_IO;
	}
	*asker = pair[0];
	*fetcher = pair[1];
	return RC_OK;
}

enum rc
errand_hire(int jobs, int fetcher, uint32_t may)
{
	const struct order_job job = {.may = may};

	return io_send_fds(jobs, &job, sizeof(job), &fetcher, 1);
}

/* --- not blocking --- */

/* All questions of the report that a socket takes at once; RC_ABSENT: there is none. */
static enum rc
collect(struct buf *b, const struct report *r, uint32_t milliseconds)
{
	struct order o = {.flags = ORDER_FETCH, .milliseconds = milliseconds};
	size_t i, len = 0;
	enum rc rc;

	for (i = 0; i < r->nwanted && o.n < CAP_LOOKUPS; i++) {
		const struct report_want *w = &r->wanted[i];

		if (w->question == NULL || w->question_len > CALL_MAX - len)
			continue;
		len += w->question_len;
		o.questions[o.n++] =
		    (struct lookup_octets){.p = w->question, .len = w->question_len};
	}
	if (o.n == 0)
		return RC_ABSENT;
	rc = order_put(b, &o);
	return rc != RC_OK ? rc : buf_rc(b);
}

static enum rc
send_order(const struct errand_call *c, const struct buf *b)
{
	ssize_t n;

	do
		n = send(c->fd, b->p, b->len, MSG_NOSIGNAL);
	while (n == -1 && errno == EINTR);
	if (n == -1)
		return errno == EAGAIN ? RC_BUSY : RC_IO;
	return (size_t)n == b->len ? RC_OK : RC_BUSY;
}

static enum rc
call(struct errand_call **out, const char *socket_path, const struct buf *order)
{
	struct errand_call *c;
	enum rc rc;

	if ((c = calloc(1, sizeof(*c))) == NULL)
		return RC_NOMEM;
	c->fd = -1;
	buf_init(&c->in, 4 + CAP_LOOKUPS * (CAP_FETCH_URL + 64));
	if ((rc = io_dial(socket_path, &c->fd)) == RC_OK && (rc = send_order(c, order)) == RC_OK) {
		*out = c;
		c = NULL; /* transferred */
	}
	errand_free(c);
	return rc;
}

enum rc
errand_start(struct errand_call **out, const char *socket_path, const struct report *r,
    uint32_t milliseconds)
{
	struct buf b;
	enum rc rc;

	*out = NULL;
	buf_init(&b, ORDER_MAX + 4);
	if ((rc = collect(&b, r, milliseconds)) == RC_OK)
		rc = call(out, socket_path, &b);
	buf_clear(&b);
	return rc;
}

enum rc
errand_ping(struct errand_call **out, const char *socket_path)
{
	const struct order o = {.n = 0};
	struct buf b;
	enum rc rc;

	*out = NULL;
	buf_init(&b, 64);
	if ((rc = order_put(&b, &o)) == RC_OK && (rc = buf_rc(&b)) == RC_OK)
		rc = call(out, socket_path, &b);
	buf_clear(&b);
	return rc;
}

int
errand_fd(const struct errand_call *c)
{
	return c->fd;
}

enum rc
errand_receive(struct errand_call *c)
{
	uint8_t chunk[4096];
	struct rd r;
	ssize_t n;

	for (;;) {
		n = read(c->fd, chunk, sizeof(chunk));
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n < 0 && errno == EAGAIN ? RC_BUSY : RC_IO;
		buf_put(&c->in, chunk, (size_t)n);
		if (buf_rc(&c->in) != RC_OK)
			return RC_IO;
		rd_init(&r, c->in.p, c->in.len);
		/* How it went is asked anew by the next inspector: here only its end counts. */
		if (c->in.len >= 4 && c->in.len - 4 >= rd_u32(&r))
			return RC_OK;
	}
}

void
errand_free(struct errand_call *c)
{
	if (c == NULL)
		return;
	io_close(&c->fd);
	buf_clear(&c->in);
	free(c);
}
