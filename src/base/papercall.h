/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PAPERCALL_H
#define PAPERCALL_H

#include <stdint.h>
#include <sys/types.h>

#include "caps.h"
#include "paperwork.h"

/*
 * The asking side of a warm `periksa-paper --serve FD`, which forks a sealed process for each
 * job.  A stream per job: one message PAPERCALL_HELLO with two memory files, the job as
 * paper_job_encode() wrote it and an empty one for the answer; when the job is over, the stream is
 * closed by the other side.  It is given up by closing it on this side.
 */
struct papercall;

#define PAPERCALL_HELLO "PC01"

/*
 * The job, at most CAP_PAPER_JOB octets encoded, is copied.  RC_OK and *out; RC_BUSY (queue full),
 * RC_IO (nobody there), RC_TOOBIG, RC_NOMEM: *out is NULL.
 */
enum rc papercall_start(
    struct papercall **out, const char *socket_path, const struct paper_job *job);
/* Readable when there is something to receive. */
int papercall_fd(const struct papercall *c);
/*
 * RC_BUSY: not yet.  RC_OK: *a, whose octets lie in *reply (initialised by the caller with a
 * ceiling of PAPERCALL_REPLY), which the caller clears; read as a stranger's.  RC_IO: whoever did
 * the job died, or was stopped.  RC_NOMEM.  After anything but RC_BUSY and RC_OK *a says
 * PAPER_TROUBLE, and *reply is empty.
 */
enum rc papercall_receive(struct papercall *c, struct buf *reply, struct paper_answer *a);
#define PAPERCALL_REPLY ((size_t)CAP_PAPER_OUT + 4096)
void papercall_free(struct papercall *c); /* takes NULL; the job is then given up */

/* Blocking: all of the above; RC_BUSY when so many milliseconds have passed, or if the queue is
 * full. */
enum rc papercall_run(const char *socket_path, const struct paper_job *job, int timeout_ms,
    struct buf *reply, struct paper_answer *a);

/*
 * For the keeper's child, after fork(): becomes `program --serve 3`, which serves listener, a
 * listening Unix stream socket (any backlog: CAP_PAPER_QUEUE; blocking or not), at descriptor 3.
 * Nothing else but standard error stays open; it dies with parent, the keeper's pid.  Does not
 * return: exit status 127 if it can't be run.
 */
void papercall_become(const char *program, int listener, pid_t parent) __attribute__((noreturn));

#endif /* PAPERCALL_H */
