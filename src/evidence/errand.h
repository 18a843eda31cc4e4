/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ERRAND_H
#define ERRAND_H

#include <stdint.h>
#include <sys/types.h>

#include "lookup.h"
#include "rc.h"
#include "report.h"

/*
 * The asking side of `periksa-fetch`: knows base/, the report and order.h, neither
 * certificates nor the network.
 */

/* --- blocking, over a stream: an inspector (what is kept already), the command line --- */

/*
 * A lookup over a stream.  flags: ORDER_FETCH, ORDER_BODIES (always set for a lookup).  *fd is
 * written and read, and closed and -1 after a failure: everything then is LOOKUP_NOBODY.
 * It waits CAP_LOOKUP_WAIT_MS for what is kept, with ORDER_FETCH CAP_FETCH_WAIT_MS.  Both
 * pointers must outlive the lookup.
 */
struct errand {
	int *fd;
	uint32_t flags;
	uint32_t milliseconds; /* the network's time for an order, 0: as evidence.conf says */
};
void errand_lookup(struct lookup *l, struct errand *e);

/* A stream's two ends.  RC_OK or RC_IO. */
enum rc errand_stream(int *asker, int *fetcher);
/* Give the fetcher's end to whoever listens at jobs (ORDER_JOBS), with these rights.
 * RC_OK, RC_BUSY if jobs does not block and is full, RC_IO. */
enum rc errand_hire(int jobs, int fetcher, uint32_t may);

/* --- not blocking: the portal --- */

/* Have fetched what a report lacks. */
struct errand_call;
/*
 * Ask for all r->wanted that carry a question, within so much time of the network (0: as
 * evidence.conf says).  RC_OK and *out; RC_ABSENT: nothing to ask;
 * RC_BUSY (queue full), RC_IO (no fetcher), RC_NOMEM.  The report need not outlive the call.
 */
enum rc errand_start(struct errand_call **out, const char *socket_path, const struct report *r,
    uint32_t milliseconds);
/* Ask nothing at all: an answer says that somebody is there.  As errand_start(). */
enum rc errand_ping(struct errand_call **out, const char *socket_path);
int errand_fd(const struct errand_call *c);
/* RC_BUSY: more to come.  RC_OK: all were tried, judge again.  RC_IO: the fetcher is gone. */
enum rc errand_receive(struct errand_call *c);
/* Takes NULL. */
void errand_free(struct errand_call *c);

/* --- starting it --- */

/* How `periksa-fetch` is started: where its files are. */
struct errand_program {
	const char *program; /* path of periksa-fetch */
	const char *conf;    /* evidence.conf */
	const char *trust;   /* folder of anchors */
	const char *cache;   /* folder that it keeps evidence in, NULL: none kept */
	const char *weather; /* file that it tells in how its hosts are doing, NULL: none */
	const char
	    *hosts; /* NULL: as evidence.conf says; "any": whatever a trusted certificate names */
};
/* For the keeper: become it, with jobs and listen (-1: none) as its descriptors; dies with
 * parent.  Returns only if that fails. */
void errand_become(const struct errand_program *p, int jobs, int listen, pid_t parent);
/* The two ends of its socket: who asks, and it.  RC_OK or RC_IO. */
enum rc errand_socket(int *jobs, int *program);
/* Start it with its end, which stays the caller's.  RC_OK or RC_IO (*pid is 0). */
enum rc errand_spawn(const struct errand_program *p, int program, pid_t *pid);
/* Both at once; *jobs is our side of its socket, -1 if that fails.  RC_OK or RC_IO. */
enum rc errand_launch(const struct errand_program *p, int *jobs, pid_t *pid);

#endif /* ERRAND_H */
