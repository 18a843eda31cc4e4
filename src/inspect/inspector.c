/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One document, one process.  The document is opened (copied when small) before
 * the seal; after it nothing can be had but memory and the document's own bytes.
 */
#include <sys/prctl.h>

#include <signal.h>
#include <unistd.h>

#include "caps.h"
#include "errand.h"
#include "inspector.h"
#include "io.h"
#include "order.h"
#include "painter.h"
#include "wire.h"

/* The inspector must not outlive the supervisor, which counts and times it. */
static bool
die_with(pid_t parent)
{
	return prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 && getppid() == parent;
}

static enum rc
answer(const struct report *r)
{
	struct buf body, head;
	enum rc rc;

	buf_init(&body, CAP_WIRE);
	buf_init(&head, TALK_FRAME_LEN);
	wire_encode(&body, r);
	if ((rc = buf_rc(&body)) != RC_OK)
		return rc;
	talk_put_frame(&head, TALK_REPORT, body.len);
	if ((rc = buf_rc(&head)) == RC_OK)
		rc = io_write_full(JAIL_REPLY, head.p, head.len);
	if (rc == RC_OK)
		rc = io_write_full(JAIL_REPLY, body.p, body.len);
	return rc; /* the process ends: nothing is freed */
}

static enum rc
inspect(const struct inspector *in, const struct talk_request *q, const struct inspector_fds *fds,
    pid_t parent)
{
	struct verify_params params = {
	    .trust = q->canary ? in->canary : in->trust,
	    .policy = policy_find(q->policy[0] == '\0' ? NULL : q->policy),
	    .at = q->at,
	    .offline = q->offline,
	    .password = q->password_len != 0 ? q->password : NULL,
	    .password_len = q->password_len,
	    .pictures = q->pictures,
	};
	int to_painter = JAIL_PAINTER, to_evidence = JAIL_EVIDENCE;
	struct errand errand = {.fd = &to_evidence, .flags = ORDER_BODIES};
	struct painter painter;
	struct lookup lookup;
	struct report *r;
	struct source src;
	enum rc rc;

	if (!die_with(parent))
		return RC_IO;
	if ((rc = jail_descriptors(fds->reply, fds->document, fds->painter, fds->evidence)) !=
		RC_OK ||
	    (rc = source_open(&src, JAIL_DOCUMENT, q->off, q->len)) != RC_OK)
		return rc;
	if (fds->painter != -1) {
		painter_init(&painter, &to_painter);
		params.painter = &painter;
	}
	if (fds->evidence != -1) {
		errand_lookup(&lookup, &errand);
		params.lookup = &lookup;
	}
	rc = jail_seal(
	    in->jail, in->address_space + src.len + in->limits->memory, in->limits->cpu_seconds);
	if (rc == RC_OK && (rc = in->examine(&r, &src, &params)) == RC_OK)
		rc = answer(r);
	return rc;
}

void
inspector_run(const struct inspector *in, const struct talk_request *q,
    const struct inspector_fds *fds, pid_t parent)
{
	enum rc rc = inspect(in, q, fds, parent);

	/* The status tells an operator why: see `enum rc`. */
	_exit((int)rc);
}
