/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PAPERCALL_H
#define PAPERCALL_H

#include <stdint.h>

#include "paperwork.h"

/*
 * The asking side of a warm `periksa-paper --serve SOCKET`, which forks a sealed process for each
 * job.  A stream per job: one message with two memory files, the job as paper_job_encode() wrote
 * it and an empty one for the answer; when the job is over, the stream is closed by the other side.
 */
struct papercall;

/*
 * The job, at most CAP_PAPER_JOB octets encoded, is copied.  RC_OK and *out; RC_BUSY (queue full),
 * RC_IO (nobody there), RC_TOOBIG, RC_NOMEM: *out is NULL.
 */
enum rc papercall_start(
    struct papercall **out, const char *socket_path, const struct paper_job *job);
/* Readable when there is something to receive. */
int papercall_fd(const struct papercall *c);
/*
 * RC_BUSY: not yet.  RC_OK: *a, whose octets lie in *reply, which the caller clears; read as a
 * stranger's.  RC_IO: whoever did the job died, or was stopped.
 */
enum rc papercall_receive(struct papercall *c, struct buf *reply, struct paper_answer *a);
void papercall_free(struct papercall *c); /* takes NULL; the job is then given up */

/* Blocking: all of the above; RC_BUSY when so many milliseconds have passed. */
enum rc papercall_run(const char *socket_path, const struct paper_job *job, int timeout_ms,
    struct buf *reply, struct paper_answer *a);

#endif /* PAPERCALL_H */
