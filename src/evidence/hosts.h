/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef HOSTS_H
#define HOSTS_H

#include <stdint.h>

#include "caps.h"
#include "lookup.h"
#include "weather.h"

/*
 * How each host has done lately: which one is left alone for a while, and what the weather says.
 * The host that was not asked for longest makes room.
 */

#define HOSTS_STREAK   3  /* failures to answer in a row, after which a host is left alone */
#define HOSTS_LATENCY  15 /* answers that the median is of */
#define HOSTS_HOURS    24
#define HOSTS_NAME_MAX (254 + 8)

struct host {
	char name[HOSTS_NAME_MAX]; /* "": a free place */
	struct weather_host w;     /* its host is name */
	uint32_t streak;           /* not reached, or not in time, in a row */
	uint32_t latency[HOSTS_LATENCY], nlatency;
	struct {
		int64_t hour; /* since 1970 */
		uint32_t answers, failures;
	} hours[HOSTS_HOURS];
	int64_t used;
};

struct hosts {
	struct host v[CAP_HOSTS];
	uint32_t failure_seconds;
	bool changed; /* since hosts_weather() */
};

void hosts_init(struct hosts *h, uint32_t failure_seconds);
/* What was known before a restart.  A host is not left alone for what was then. */
void hosts_restore(struct hosts *h, const struct weather *w, int64_t now);
/* When the host may be asked again; WHEN_NONE: now. */
int64_t hosts_closed(const struct hosts *h, const char *name, int64_t now);
/* What a try at that host came to (any outcome of lookup.h), after how long. */
void hosts_note(
    struct hosts *h, const char *name, enum lookup_outcome o, uint32_t milliseconds, int64_t now);
/* All of them as they are now; room: CAP_HOSTS.  Names are those of h. */
void hosts_weather(struct hosts *h, struct weather *out, struct weather_host *room, int64_t now);

#endif /* HOSTS_H */
