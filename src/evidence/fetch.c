/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One loop: names by resolve.c, HTTP by libcurl, whose own resolver, proxies, cookies and
 * redirects stay unused.  Each address of the web, the first as well as those that a host redirects
 * to, goes through guard_url(), its name through the guard's look at every network address,
 * and the socket through the same once more.
 *
 * curl keeps connections for the next flight to the same host and port: each was made to an
 * address that the guard has passed, since none is opened but by open_socket().
 */
#include <curl/curl.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "caps.h"
#include "fetch.h"
#include "fetch_part.h"
#include "io.h"
#include "resolve.h"

#define IDLE 16 /* connections kept for the next flight */

/* --- the loop and its flights --- */

static int
on_socket(CURL *easy, curl_socket_t s, int what, void *ctx, void *unused)
{
	struct fetch *f = ctx;
	size_t i;

	(void)easy;
	(void)unused;
	for (i = 0; i < f->nsockets && f->sockets[i].fd != s; i++)
		;
	if (what == CURL_POLL_REMOVE) {
		if (i < f->nsockets)
			f->sockets[i] = f->sockets[--f->nsockets];
		return 0;
	}
	if (i == FETCH_SOCKETS)
		return -1;
	if (i == f->nsockets)
		f->nsockets++;
	f->sockets[i] = (struct pollfd){.fd = s,
	    .events = (short)(((what & CURL_POLL_IN) != 0 ? POLLIN : 0) |
			      ((what & CURL_POLL_OUT) != 0 ? POLLOUT : 0))};
	return 0;
}

static int
on_timer(CURLM *multi, long ms, void *ctx)
{
	struct fetch *f = ctx;

	(void)multi;
	f->timer = ms < 0 ? -1 : io_now_ms() + ms;
	return 0;
}

#define SETM(option, value) (curl_multi_setopt(f->multi, option, value) == CURLM_OK)

enum rc
fetch_new(struct fetch **out, const struct guard *g)
{
	enum rc rc = RC_NOMEM;
	struct fetch *f;

	*out = NULL;
	if ((f = calloc(1, sizeof(*f))) == NULL)
		return RC_NOMEM;
	f->guard = g;
	f->timer = -1;
	(void)unsetenv("SSLKEYLOGFILE"); /* curl would write the keys of TLS there */
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
		free(f);
		return RC_IO;
	}
	fetch_tls_read(f);
	if ((rc = resolve_new(&f->resolve, g)) != RC_OK)
		goto out;
	rc = RC_NOMEM;
	if ((f->multi = curl_multi_init()) == NULL || !SETM(CURLMOPT_SOCKETFUNCTION, on_socket) ||
	    !SETM(CURLMOPT_SOCKETDATA, f) || !SETM(CURLMOPT_TIMERFUNCTION, on_timer) ||
	    !SETM(CURLMOPT_TIMERDATA, f) ||
	    !SETM(CURLMOPT_MAX_HOST_CONNECTIONS, (long)CAP_FETCH_PER_HOST) ||
	    !SETM(CURLMOPT_MAX_TOTAL_CONNECTIONS, (long)CAP_FETCH_FLIGHTS) ||
	    !SETM(CURLMOPT_MAXCONNECTS, (long)IDLE) ||
	    !SETM(CURLMOPT_PIPELINING, (long)CURLPIPE_NOTHING))
		goto out;
	*out = f;
	f = NULL; /* transferred */
	rc = RC_OK;
out:
	fetch_free(f);
	return rc;
}

void
fetch_free(struct fetch *f)
{
	size_t i;

	if (f == NULL)
		return;
	for (i = 0; i < nitems(f->flights); i++)
		fetch_flight_free(f->flights[i]);
	(void)curl_multi_cleanup(f->multi);
	resolve_free(f->resolve);
	buf_clear(&f->authorities);
	free(f->set);
	free(f);
	curl_global_cleanup();
}

static bool
copy_type(char out[FETCH_MEDIA_TYPE], const char *type)
{
	return type == NULL || snprintf(out, FETCH_MEDIA_TYPE, "%s", type) < FETCH_MEDIA_TYPE;
}

enum rc
fetch_start(struct fetch *f, struct fetch_flight **out, const struct fetch_ask *ask,
    fetch_done *done, void *ctx)
{
	struct fetch_flight *t;
	size_t i;

	*out = NULL;
	for (i = 0; i < nitems(f->flights) && f->flights[i] != NULL; i++)
		;
	if (i == nitems(f->flights))
		return RC_BUSY;
	if ((t = calloc(1, sizeof(*t))) == NULL)
		return RC_NOMEM;
	t->owner = f;
	t->done = done;
	t->ctx = ctx;
	t->max = ask->max;
	buf_init(&t->body, ask->max);
	fetch_header_init(&t->header);
	t->started = io_now_ms();
	t->deadline = ask->deadline;
	t->post_len = ask->body == NULL ? 0 : ask->body_len;
	if (!copy_type(t->type, ask->type) || !copy_type(t->accept, ask->accept) ||
	    (ask->body != NULL && (t->post = malloc(t->post_len + 1)) == NULL)) {
		fetch_flight_free(t);
		return RC_NOMEM;
	}
	if (ask->body != NULL && t->post_len > 0)
		memcpy(t->post, ask->body, t->post_len);
	*out = f->flights[i] = t;
	fetch_flight_head_for(t, ask->url, strlen(ask->url));
	return RC_OK;
}

size_t
fetch_under_way(const struct fetch *f, const char *name)
{
	size_t i, n = 0;

	for (i = 0; i < nitems(f->flights); i++)
		n += f->flights[i] != NULL && strcmp(f->flights[i]->at.name, name) == 0;
	return n;
}

void
fetch_drop(struct fetch *f, struct fetch_flight *flight)
{
	size_t i;

	for (i = 0; i < nitems(f->flights); i++)
		if (flight != NULL && f->flights[i] == flight) {
			f->flights[i] = NULL;
			fetch_flight_free(flight);
			return;
		}
}

/* --- a turn --- */

static void
tell(struct fetch_flight *t)
{
	struct fetch_result r = {.outcome = t->outcome, .status = t->status, .max_age = -1};
	long long took = io_now_ms() - t->started;

	fetch_flight_let_go(t);
	if (t->at.name[0] != '\0') {
		r.host = t->at.name;
		r.url = t->at.url;
	}
	r.milliseconds = took < 0 ? 0 : took > UINT32_MAX ? UINT32_MAX : (uint32_t)took;
	if (t->outcome != LOOKUP_ANSWERED)
		buf_clear(&t->body);
	else
		r.max_age = fetch_header_max_age(&t->header);
	r.body = &t->body;
	t->done(t->ctx, &r);
}

/* Whoever is told may start and drop others. */
static void
tell_all(struct fetch *f)
{
	struct fetch_flight *t;
	size_t i;

	for (i = 0; i < nitems(f->flights); i++) {
		if ((t = f->flights[i]) == NULL || t->stage != LANDED)
			continue;
		f->flights[i] = NULL;
		tell(t);
		fetch_flight_free(t);
	}
}

/* Until something is due. */
static int
patience(const struct fetch *f, int max)
{
	long long now = io_now_ms(), left;
	int wait = resolve_timeout(f->resolve, max);
	size_t i;

	if (f->timer != -1 && (wait < 0 || f->timer - now < wait))
		wait = f->timer > now ? (int)(f->timer - now) : 0;
	for (i = 0; i < nitems(f->flights); i++) {
		if (f->flights[i] == NULL)
			continue;
		left = f->flights[i]->stage == LANDED ? 0 : f->flights[i]->deadline - now;
		if (wait < 0 || left < wait)
			wait = left > 0 ? (left > INT32_MAX ? INT32_MAX : (int)left) : 0;
	}
	return wait;
}

static void
serve_curl(struct fetch *f, const struct pollfd *v, size_t n)
{
	struct fetch_flight *t;
	CURLMsg *m;
	int running, left, mask;
	char *p;
	size_t i;

	for (i = 0; i < n; i++) {
		if (v[i].revents == 0)
			continue;
		mask = ((v[i].revents & (POLLIN | POLLHUP)) != 0 ? CURL_CSELECT_IN : 0) |
		       ((v[i].revents & POLLOUT) != 0 ? CURL_CSELECT_OUT : 0) |
		       ((v[i].revents & (POLLERR | POLLNVAL)) != 0 ? CURL_CSELECT_ERR : 0);
		(void)curl_multi_socket_action(f->multi, v[i].fd, mask, &running);
	}
	if (f->timer != -1 && io_now_ms() >= f->timer) {
		f->timer = -1;
		(void)curl_multi_socket_action(f->multi, CURL_SOCKET_TIMEOUT, 0, &running);
	}
	while ((m = curl_multi_info_read(f->multi, &left)) != NULL) {
		CURLcode code = m->data.result;

		if (m->msg == CURLMSG_DONE &&
		    curl_easy_getinfo(m->easy_handle, CURLINFO_PRIVATE, &p) == CURLE_OK) {
			t = (struct fetch_flight *)(void *)p;
			fetch_flight_arrive(t, code);
		}
	}
}

static void
end_late(struct fetch *f)
{
	long long now = io_now_ms();
	size_t i;

	for (i = 0; i < nitems(f->flights); i++)
		if (f->flights[i] != NULL && f->flights[i]->stage != LANDED &&
		    now >= f->flights[i]->deadline)
			fetch_flight_land(f->flights[i], LOOKUP_SLOW);
}

enum rc
fetch_turn(struct fetch *f, struct pollfd *extra, size_t n, int timeout_ms)
{
	size_t ndns, ncurl = f->nsockets, want;
	struct pollfd *set;
	int rv;

	if (n > SIZE_MAX / sizeof(*set) - FETCH_SOCKETS - RESOLVE_SOCKETS)
		return RC_IO;
	want = n + FETCH_SOCKETS + RESOLVE_SOCKETS;
	if (want > f->set_room) {
		if ((set = realloc(f->set, want * sizeof(*set))) == NULL)
			return RC_NOMEM;
		f->set = set;
		f->set_room = want;
	}
	/* curl changes its own list while it is served. */
	memcpy(f->set, f->sockets, ncurl * sizeof(*f->set));
	ndns = resolve_sockets(f->resolve, f->set + ncurl);
	if (n > 0)
		memcpy(f->set + ncurl + ndns, extra, n * sizeof(*f->set));
	rv = poll(f->set, ncurl + ndns + n, patience(f, timeout_ms));
	if (rv == -1) {
		if (errno != EINTR)
			return RC_IO;
		for (want = 0; want < ncurl + ndns + n; want++)
			f->set[want].revents = 0;
	}
	for (want = 0; want < n; want++)
		extra[want].revents = f->set[ncurl + ndns + want].revents;
	resolve_turn(f->resolve, f->set + ncurl, ndns);
	serve_curl(f, f->set, ncurl);
	end_late(f);
	tell_all(f);
	return RC_OK;
}
