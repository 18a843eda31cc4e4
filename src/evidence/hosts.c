/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Counters of hosts.  Knows no network and no clock. */
#include <stdlib.h>
#include <string.h>

#include "hosts.h"
#include "when.h"

void
hosts_init(struct hosts *h, uint32_t failure_seconds)
{
	memset(h, 0, sizeof(*h));
	h->failure_seconds = failure_seconds;
}

static const struct host *
find(const struct hosts *h, const char *name)
{
	size_t i;

	for (i = 0; i < CAP_HOSTS; i++)
		if (h->v[i].name[0] != '\0' && strcmp(h->v[i].name, name) == 0)
			return &h->v[i];
	return NULL;
}

/* The host's place, perhaps a new one, or that of the one not used for longest. */
static struct host *
place(struct hosts *h, const char *name, int64_t now)
{
	struct host *o = NULL;
	size_t i;

	for (i = 0; i < CAP_HOSTS; i++) {
		if (strcmp(h->v[i].name, name) == 0) {
			h->v[i].used = now;
			return &h->v[i];
		}
		if (o == NULL || h->v[i].used < o->used)
			o = &h->v[i];
	}
	memset(o, 0, sizeof(*o));
	memcpy(o->name, name, strlen(name) + 1);
	o->w.answered = o->w.failed = o->w.retry = WHEN_NONE;
	o->used = now;
	return o;
}

void
hosts_restore(struct hosts *h, const struct weather *w, int64_t now)
{
	const struct weather_host *in;
	struct host *o;
	size_t i;

	/* from the end, so that the first stays the most recently used */
	for (i = w->n; i > 0; i--) {
		in = &w->hosts[i - 1];
		if (strlen(in->host) >= HOSTS_NAME_MAX)
			continue;
		o = place(h, in->host, now - (int64_t)i);
		o->w = *in;
		o->w.retry = WHEN_NONE;
		if (w->written < now - HOSTS_HOURS * 3600 || w->written > now)
			continue;
		o->hours[0].hour = w->written / 3600;
		o->hours[0].answers = in->answers_24h;
		o->hours[0].failures = in->failures_24h;
	}
}

int64_t
hosts_closed(const struct hosts *h, const char *name, int64_t now)
{
	const struct host *o = find(h, name);

	return o != NULL && o->w.retry != WHEN_NONE && o->w.retry > now ? o->w.retry : WHEN_NONE;
}

/* This hour's counters; the oldest ones are taken for a new hour. */
static void
count(struct host *o, bool answer, int64_t now)
{
	int64_t hour = now / 3600;
	size_t i, oldest = 0;

	for (i = 0; i < HOSTS_HOURS && o->hours[i].hour != hour; i++)
		if (o->hours[i].hour < o->hours[oldest].hour)
			oldest = i;
	if (i == HOSTS_HOURS) {
		i = oldest;
		memset(&o->hours[i], 0, sizeof(o->hours[i]));
		o->hours[i].hour = hour;
	}
	if (answer)
		o->hours[i].answers++;
	else
		o->hours[i].failures++;
}

void
hosts_note(
    struct hosts *h, const char *name, enum lookup_outcome o, uint32_t milliseconds, int64_t now)
{
	struct host *host;

	if (name == NULL || name[0] == '\0' || strlen(name) >= HOSTS_NAME_MAX)
		return;
	host = place(h, name, now);
	h->changed = true;
	/* That it does not know a certificate is an answer, too. */
	if (o == LOOKUP_ANSWERED || o == LOOKUP_UNKNOWN) {
		host->latency[host->nlatency++ % HOSTS_LATENCY] = milliseconds;
		host->w.answered = now;
		host->w.failures = host->streak = 0;
		host->w.retry = WHEN_NONE;
		count(host, true, now);
		return;
	}
	host->w.failed = now;
	host->w.failure = o;
	host->w.failures++;
	count(host, false, now);
	if (o != LOOKUP_UNREACHABLE && o != LOOKUP_SLOW)
		host->streak = 0;
	else if (++host->streak >= HOSTS_STREAK)
		host->w.retry = now + h->failure_seconds;
}

static int
by_number(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return x < y ? -1 : x > y;
}

static uint32_t
median(const struct host *o)
{
	uint32_t v[HOSTS_LATENCY];
	size_t n = HOSTS_LATENCY;

	if (o->nlatency == 0)
		return o->w.latency_ms; /* as before a restart */
	if (o->nlatency < n)
		n = o->nlatency;
	memcpy(v, o->latency, n * sizeof(v[0]));
	qsort(v, n, sizeof(v[0]), by_number);
	return v[n / 2];
}

static int
by_use(const void *a, const void *b)
{
	int64_t x = (*(const struct host *const *)a)->used,
		y = (*(const struct host *const *)b)->used;

	return x > y ? -1 : x < y;
}

void
hosts_weather(struct hosts *h, struct weather *out, struct weather_host *room, int64_t now)
{
	struct host *v[CAP_HOSTS] = {NULL}, *o;
	size_t i, k, n = 0;

	for (i = 0; i < CAP_HOSTS; i++)
		if (h->v[i].name[0] != '\0')
			v[n++] = &h->v[i];
	qsort(v, n, sizeof(struct host *), by_use);
	for (i = 0; i < n; i++) {
		o = v[i];
		room[i] = o->w;
		room[i].host = o->name;
		room[i].latency_ms = median(o);
		room[i].answers_24h = room[i].failures_24h = 0;
		for (k = 0; k < HOSTS_HOURS; k++)
			if (o->hours[k].hour > now / 3600 - HOSTS_HOURS) {
				room[i].answers_24h += o->hours[k].answers;
				room[i].failures_24h += o->hours[k].failures;
			}
	}
	*out = (struct weather){.written = now, .hosts = room, .n = n};
	h->changed = false;
}
