/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLIENT_H
#define CLIENT_H

#include <stdbool.h>
#include <stdint.h>

#include "rc.h"
#include "report.h"

/*
 * Ask the inspector supervisor to judge a document.  This side knows only
 * report.h and wire.h: the portal links no PDF reader and no CMS code.
 */
struct inspect_job {
	int fd;             /* regular file that holds the document; stays the caller's, and open
			     * until inspect_free() */
	uint64_t off, len;  /* len UINT64_MAX: to the end of the file */
	const char *name;   /* document's name for the report, or NULL */
	const char *policy; /* NULL: the default */
	int64_t at;         /* validation time */
	bool offline;
	/*
	 * Judge by the anchors of known documents, to see whether judging works at all: the
	 * report names the others' trust id all the same.  Without such anchors it is RC_IO.
	 */
	bool canary;
	/*
	 * Compare how pages look; the pictures of those that differ are then in this empty album
	 * (base/album.h), which stays the caller's.
	 */
	bool pictures;
	int album;
	const uint8_t *password; /* of an encrypted document, NULL for none; at most CAP_PASSWORD */
	size_t password_len;
};

/*
 * Non-blocking use (an event loop): connect to the supervisor's Unix socket,
 * hand over the job, and get a descriptor that becomes readable; then call
 * inspect_receive() until it no longer answers RC_BUSY.
 */
struct inspect_call;
/*
 * RC_OK, RC_BUSY (queue full), RC_IO (supervisor not there), RC_NOMEM, RC_FORMAT (a
 * policy with no possible name, too long a password).  *job need not outlive the call.
 */
enum rc inspect_start(
    struct inspect_call **out, const char *socket_path, const struct inspect_job *job);
int inspect_fd(const struct inspect_call *c);
/*
 * RC_BUSY: more to come.  RC_OK: *out is the report, decoded as untrusted bytes;
 * when the inspector died, was killed or sent nonsense, that report is
 * INDETERMINATE with CHECK_NOT_EXAMINED or CHECK_TIME_LIMIT, and still tells the
 * document's name, size and SHA-256, policy, anchors and time.  RC_IO: the
 * supervisor is gone or knows no such policy; RC_NOMEM; *out is NULL.
 */
enum rc inspect_receive(struct inspect_call *c, struct report **out);
/* Takes NULL; an unfinished job's inspector is then killed by the supervisor. */
void inspect_free(struct inspect_call *c);

/* Blocking: all of the above with a deadline in milliseconds; RC_BUSY when that has passed. */
enum rc inspect_run(
    struct report **out, const char *socket_path, const struct inspect_job *job, int timeout_ms);

#endif /* CLIENT_H */
