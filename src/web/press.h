/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PRESS_H
#define PRESS_H

#include "paperwork.h"
#include "state.h"

/* A job for periksa-paper, while its request sleeps.  One at a time for a request. */

/*
 * Begin; the job need not outlive the call.  Always RC_OK or RC_TOOBIG, RC_NOMEM: whether somebody
 * does it is told by press_step(), which asks again for CAP_INSPECT_WAIT_MS.
 */
enum rc press_start(struct http_request *req, const struct paper_job *job);
/* One was started and press_end() was not called. */
bool press_known(struct http_request *req);
/*
 * RC_BUSY: the request sleeps, the handler returns KORE_RESULT_RETRY and asks again when it is run
 * again.  RC_OK: *a is the answer, the request's until press_end().  RC_IO: nobody could do it.
 */
enum rc press_step(struct http_request *req, const struct paper_answer **a);
/* Forget it, so that another can be started. */
void press_end(struct http_request *req);

#endif /* PRESS_H */
