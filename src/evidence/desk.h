/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef DESK_H
#define DESK_H

#include "hosts.h"
#include "rc.h"
#include "search.h"

/*
 * Takes orders from many streams and answers them; nobody who is slow, silent or talks
 * nonsense keeps another waiting.
 */
struct desk_parts {
	struct searches *searches;
	struct fetch *fetch;
	struct hosts *hosts;
	uint32_t deadline_ms;
	int jobs, listen;         /* as ORDER_JOBS and ORDER_LISTEN; -1: none */
	int weather_dir;          /* -1: nobody is told */
	const char *weather_name; /* in that folder */
};

/* Until whoever holds the other side of jobs is gone.  RC_OK; RC_IO, RC_NOMEM. */
enum rc desk_run(const struct desk_parts *parts);

#endif /* DESK_H */
