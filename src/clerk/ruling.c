/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the portal does for a visitor (web/job.c), for somebody who can wait.  A report by an
 * inspector that died says nothing about the letter, and is none.
 */
#include <poll.h>
#include <time.h>

#include "caps.h"
#include "client.h"
#include "errand.h"
#include "io.h"
#include "ruling.h"

#define TRIES    10   /* of a supervisor or a fetcher that is busy or just being started again */
#define PAUSE_MS 1000 /* between two of them */
#define WAIT_MS  ((CAP_INSPECT_SECONDS + 10) * 1000)

static void
pause_ms(long ms)
{
	const struct timespec t = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};

	(void)nanosleep(&t, NULL);
}

static enum rc
inspect(const struct ruling *v, const struct inspect_job *job, struct report **out)
{
	enum rc rc = RC_BUSY;
	int i;

	*out = NULL;
	for (i = 0; i < TRIES; i++) {
		if (i > 0)
			pause_ms(PAUSE_MS);
		rc = inspect_run(out, v->inspect, job, WAIT_MS);
		if (rc != RC_BUSY && rc != RC_IO)
			break;
	}
	if (rc == RC_OK && !report_was_examined(*out)) {
		report_free(*out);
		*out = NULL;
		rc = RC_IO;
	}
	return rc;
}

static enum rc
await(struct errand_call *call)
{
	struct pollfd p = {.fd = errand_fd(call), .events = POLLIN};
	long long end = io_now_ms() + CAP_FETCH_WAIT_MS, left;
	enum rc rc;

	while ((rc = errand_receive(call)) == RC_BUSY && (left = end - io_now_ms()) > 0)
		(void)poll(&p, 1, (int)left);
	return rc;
}

/* RC_OK: what the report lacks was looked for.  Anything else: nobody was asked. */
static enum rc
fetch(const struct ruling *v, const struct report *r)
{
	struct errand_call *call;
	enum rc rc = RC_ABSENT;
	int i;

	for (i = 0; v->fetch != NULL && i < TRIES; i++) {
		if (i > 0)
			pause_ms(PAUSE_MS);
		rc = errand_start(&call, v->fetch, r, 0);
		if (rc == RC_OK) {
			rc = await(call);
			errand_free(call);
		}
		if (rc != RC_BUSY && rc != RC_IO)
			break;
	}
	return rc;
}

enum rc
ruling_get(void *ctx, int fd, uint64_t len, int64_t now, struct report **out)
{
	const struct ruling *v = ctx;
	const struct inspect_job job = {
	    .fd = fd, .len = len, .at = now, .offline = v->fetch == NULL, .album = -1};
	struct report *fresh;
	enum rc rc = inspect(v, &job, out);
	int i;

	if (rc != RC_OK)
		return rc;
	for (i = 0; i < CAP_LOOKUP_ROUNDS && fetch(v, *out) == RC_OK; i++) {
		if (inspect(v, &job, &fresh) != RC_OK)
			break;
		report_free(*out);
		*out = fresh;
	}
	report_drop_questions(*out);
	return RC_OK;
}
