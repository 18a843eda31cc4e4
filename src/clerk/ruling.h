/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef RULING_H
#define RULING_H

#include <stdint.h>

#include "rc.h"
#include "report.h"

/* Who is asked for verdicts: the sockets of the supervisor and of the fetcher (NULL: offline). */
struct ruling {
	const char *inspect, *fetch;
};
/*
 * The report on len octets of fd, judged as of now, with what the network has of what it lacks;
 * ctx is a struct ruling.  Takes at most a few minutes.  RC_OK and *out; RC_IO or RC_BUSY: nobody
 * could look at it, or who did died of it; RC_NOMEM.  *out is then NULL.
 */
enum rc ruling_get(void *ctx, int fd, uint64_t len, int64_t now, struct report **out);

#endif /* RULING_H */
