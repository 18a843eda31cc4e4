/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * press.h, over papercall.h.  While nobody takes the job (the server is being restarted, or has a
 * full queue) it is kept here and offered again for a while.
 */
#include <stdlib.h>

#include "caps.h"
#include "io.h"
#include "papercall.h"
#include "press.h"
#include "web.h"

#define GRACE_MS 10000 /* what an answer may be late before the server counts as hung */

struct press {
	struct kore_event evt; /* first: Kore hands its address back */
	struct http_request *req;
	struct papercall *call;
	struct kore_timer *timer;
	struct buf job, reply; /* job: encoded, while nobody has taken it */
	struct paper_answer answer;
	int64_t give_up_ms;
	bool expired, done;
	enum rc rc; /* once done */
};

static void
press_free(struct press *p)
{
	if (p->timer != NULL)
		kore_timer_remove(p->timer);
	papercall_free(p->call);
	buf_clear(&p->job);
	buf_clear(&p->reply);
	free(p);
}

static void
press_event(void *arg, int error)
{
	struct press *p = arg;

	(void)error; /* papercall_receive() finds out */
	http_request_wakeup(p->req);
}

static void
wake(void *arg, uint64_t now)
{
	struct press *p = arg;

	(void)now;
	p->timer = NULL; /* Kore frees it after this */
	p->expired = p->call != NULL;
	http_request_wakeup(p->req);
}

static void
stop_timer(struct press *p)
{
	if (p->timer != NULL)
		kore_timer_remove(p->timer);
	p->timer = NULL;
}

static enum rc
sleep_until(struct press *p, uint64_t ms)
{
	if (p->timer == NULL)
		p->timer = kore_timer_add(wake, ms, p, KORE_TIMER_ONESHOT);
	http_request_sleep(p->req);
	return RC_BUSY;
}

static enum rc
offer(struct press *p, const struct paper_job *job)
{
	enum rc rc = web.paper == NULL ? RC_ABSENT : papercall_start(&p->call, web.paper, job);

	if (rc == RC_OK) {
		buf_clear(&p->job);
		kore_platform_event_level_read(papercall_fd(p->call), p);
	}
	return rc;
}

enum rc
press_start(struct http_request *req, const struct paper_job *job)
{
	struct state *s = state_of(req);
	struct press *p;
	enum rc rc;

	press_end(req);
	if ((p = calloc(1, sizeof(*p))) == NULL)
		return RC_NOMEM;
	p->evt.handle = press_event;
	p->req = req;
	buf_init(&p->job, CAP_PAPER_JOB);
	buf_init(&p->reply, CAP_PAPER_OUT + CAP_TEXT);
	p->give_up_ms = io_now_ms() + CAP_INSPECT_WAIT_MS;
	rc = offer(p, job);
	if (rc == RC_BUSY || rc == RC_IO) {
		paper_job_encode(&p->job, job);
		rc = buf_rc(&p->job);
	} else if (rc == RC_ABSENT) {
		p->done = true;
		p->rc = RC_IO;
		rc = RC_OK;
	}
	if (rc != RC_OK) {
		press_free(p);
		return rc;
	}
	s->press = p;
	s->press_free = press_free;
	/* The body is here: Kore's time limit for it ends. */
	req->owner->http_timeout = 0;
	return RC_OK;
}

bool
press_known(struct http_request *req)
{
	return state_known(req) && state_of(req)->press != NULL;
}

static enum rc
offer_again(struct press *p)
{
	struct paper_job job;
	enum rc rc = paper_job_decode(&job, p->job.p, p->job.len);

	if (rc == RC_OK)
		rc = offer(p, &job);
	if (rc == RC_OK)
		return sleep_until(p, CAP_PAPER_SECONDS * 1000 + GRACE_MS);
	if ((rc == RC_BUSY || rc == RC_IO) && io_now_ms() < p->give_up_ms)
		return sleep_until(p, CAP_INSPECT_RETRY_MS);
	return RC_IO;
}

static enum rc
receive(struct press *p)
{
	enum rc rc = p->expired ? RC_IO : papercall_receive(p->call, &p->reply, &p->answer);

	if (rc == RC_BUSY)
		return sleep_until(p, CAP_PAPER_SECONDS * 1000 + GRACE_MS);
	papercall_free(p->call);
	p->call = NULL;
	return rc == RC_OK ? RC_OK : RC_IO;
}

enum rc
press_step(struct http_request *req, const struct paper_answer **a)
{
	struct press *p = state_of(req)->press;

	*a = NULL;
	if (!p->done) {
		p->rc = p->call != NULL ? receive(p) : offer_again(p);
		if (p->rc == RC_BUSY)
			return RC_BUSY;
		p->done = true;
		stop_timer(p);
		if (p->rc != RC_OK)
			kore_log(LOG_WARNING, "nobody prints or scans");
	}
	if (p->rc == RC_OK)
		*a = &p->answer;
	return p->rc;
}

void
press_end(struct http_request *req)
{
	struct state *s = state_of(req);

	if (s->press != NULL)
		press_free(s->press);
	s->press = NULL;
}
