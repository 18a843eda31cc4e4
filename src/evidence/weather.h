/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef WEATHER_H
#define WEATHER_H

#include <stdint.h>

#include "arena.h"
#include "buf.h"
#include "lookup.h"
#include "rc.h"

/*
 * How the hosts that give evidence are doing, in a small file: periksa-fetch
 * writes it anew (beside it, then renamed) when something has changed, at most once a second, and
 * reads it when it starts; the portal reads it.
 */

struct weather_host {
	char *host;                         /* with ":port" unless it is the scheme's own */
	int64_t answered;                   /* last usable answer, WHEN_NONE: never */
	int64_t failed;                     /* last failure, WHEN_NONE: never */
	enum lookup_outcome failure;        /* what the last failure was */
	uint32_t failures;                  /* in a row, 0 after an answer */
	uint32_t answers_24h, failures_24h; /* of the last 24 hours, in steps of an hour */
	uint32_t latency_ms;                /* median of the last answers, 0: none */
	int64_t retry;                      /* it is not asked before, WHEN_NONE: at once */
};

struct weather {
	int64_t written;
	struct weather_host *hosts; /* the most recently asked first */
	size_t n;                   /* at most CAP_HOSTS */
};

/* RC_OK; RC_ABSENT: no such file (nobody was asked yet); RC_FORMAT, RC_IO, RC_NOMEM. */
enum rc weather_read(struct weather *out, struct arena *a, const char *path);
/* Its text; *out is empty on anything but RC_OK.  RC_FORMAT, RC_NOMEM. */
enum rc weather_parse(struct weather *out, struct arena *a, const char *text, size_t len);
/* RC_OK, RC_TOOBIG, RC_FORMAT (a name that is none), RC_NOMEM. */
enum rc weather_format(const struct weather *w, struct buf *b);
/* Relative to the folder dir.  RC_OK, RC_IO, and as weather_format(). */
enum rc weather_write(const struct weather *w, int dir, const char *name);

#endif /* WEATHER_H */
