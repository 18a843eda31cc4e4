/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The loop: streams on one side, searches on the other, and the weather once a second. */
#include <sys/socket.h>

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "caps.h"
#include "desk.h"
#include "desk_client.h"
#include "io.h"
#include "log.h"
#include "weather.h"

#define WEATHER_MS 1000
#define FIXED      2 /* descriptors before the clients': jobs, listen */
/* Who waits for the network takes no place from inspectors, who only ask what is kept. */
#define CALLERS    (CAP_FETCH_CLIENTS - 2 * CAP_INSPECTORS)

struct desk {
	const struct desk_parts *in;
	struct desk_client *clients;
	size_t nclients;
	uint64_t buffered;
	long long weather_at; /* not before */
	struct pollfd set[FIXED + CAP_FETCH_CLIENTS];
};

static void
add_client(struct desk *d, int fd, uint32_t may)
{
	struct desk_client *c;

	if (d->nclients >= CAP_FETCH_CLIENTS || (c = desk_client_new(d->in->searches, fd, may,
						     d->in->deadline_ms, &d->buffered)) == NULL) {
		close(fd);
		return;
	}
	c->next = d->clients;
	d->clients = c;
	d->nclients++;
}

/* RC_SHORT: the other side is gone. */
static enum rc
take_jobs(struct desk *d)
{
	struct order_job job;
	int fds[IO_FDS];
	size_t len, n;
	enum rc rc;

	while (d->nclients < CAP_FETCH_CLIENTS) {
		rc = io_recv_fds(d->in->jobs, &job, sizeof(job), &len, fds, &n);
		if (rc == RC_TOOBIG)
			continue;
		if (rc != RC_OK)
			return rc == RC_BUSY ? RC_OK : rc;
		if (len == sizeof(job) && n == 1)
			add_client(d, fds[--n], job.may & (ORDER_FETCH | ORDER_BODIES));
		while (n > 0)
			io_close(&fds[--n]);
	}
	return RC_OK;
}

static void
take_callers(struct desk *d)
{
	int fd;

	while (d->nclients < CALLERS) {
		fd = accept4(d->in->listen, NULL, NULL, SOCK_CLOEXEC);
		if (fd == -1 && errno != EINTR)
			break;
		if (fd != -1)
			add_client(d, fd, ORDER_FETCH);
	}
}

static void
tell_weather(struct desk *d)
{
	struct weather_host room[CAP_HOSTS];
	struct weather w;

	if (d->in->weather_dir == -1 || !d->in->hosts->changed || io_now_ms() < d->weather_at)
		return;
	d->weather_at = io_now_ms() + WEATHER_MS;
	hosts_weather(d->in->hosts, &w, room, (int64_t)time(NULL));
	if (weather_write(&w, d->in->weather_dir, d->in->weather_name) != RC_OK)
		log_warn("how the hosts are doing can't be written");
}

/* Fill the set; milliseconds until somebody's time is over, -1: nobody's. */
static int
prepare(struct desk *d, size_t *n)
{
	bool room = d->nclients < CAP_FETCH_CLIENTS;
	long long soon = -1, at, now = io_now_ms();
	struct desk_client *c;

	d->set[0] = (struct pollfd){.fd = room ? d->in->jobs : -1, .events = POLLIN};
	d->set[1] =
	    (struct pollfd){.fd = d->nclients < CALLERS ? d->in->listen : -1, .events = POLLIN};
	*n = FIXED;
	for (c = d->clients; c != NULL; c = c->next) {
		d->set[(*n)++] = (struct pollfd){.fd = c->fd, .events = desk_client_events(c)};
		at = desk_client_timer(c);
		if (at != -1 && (soon == -1 || at < soon))
			soon = at;
	}
	if (d->in->weather_dir != -1 && d->in->hosts->changed &&
	    (soon == -1 || d->weather_at < soon))
		soon = d->weather_at;
	if (soon == -1)
		return -1;
	return soon <= now ? 0 : (int)(soon - now);
}

/* In the order of prepare(): none has come since. */
static void
serve_clients(struct desk *d)
{
	struct desk_client **at = &d->clients, *c;
	size_t i = FIXED;

	while ((c = *at) != NULL) {
		if (desk_client_turn(c, d->set[i].revents)) {
			at = &c->next;
		} else {
			*at = c->next;
			desk_client_free(c);
			d->nclients--;
		}
		i++;
	}
}

static enum rc
turn(struct desk *d)
{
	enum rc rc;
	size_t n;
	int timeout = prepare(d, &n);

	if ((rc = fetch_turn(d->in->fetch, d->set, n, timeout)) != RC_OK)
		return rc;
	/* What has come from the network is told before anybody's time is over. */
	searches_step(d->in->searches);
	serve_clients(d);
	searches_step(d->in->searches);
	if (d->set[1].revents != 0)
		take_callers(d);
	if (d->set[0].revents != 0)
		rc = take_jobs(d);
	tell_weather(d);
	return rc;
}

enum rc
desk_run(const struct desk_parts *parts)
{
	struct desk_client *c;
	struct desk *d;
	enum rc rc;

	if ((d = calloc(1, sizeof(*d))) == NULL)
		return RC_NOMEM;
	d->in = parts;
	rc = parts->jobs == -1 ? RC_OK : io_nonblock(parts->jobs, true);
	if (rc == RC_OK && parts->listen != -1)
		rc = io_nonblock(parts->listen, true);
	while (rc == RC_OK)
		rc = turn(d);
	while ((c = d->clients) != NULL) {
		d->clients = c->next;
		desk_client_free(c);
	}
	free(d);
	return rc == RC_SHORT ? RC_OK : rc;
}
