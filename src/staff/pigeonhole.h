/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PIGEONHOLE_H
#define PIGEONHOLE_H

#include "rc.h"
#include "staff.h"

/*
 * A file that waits a moment for who made it: a stamped letter until it is fetched, a preview, a
 * signed letter that an admin may still decide about.  It lies in a folder of web.batches whose
 * name is a digest of the session's own secret and a label, so that no other session can name it,
 * whatever address it has learned.  It is given for CAP_HOLE_SECONDS; such folders ("new.") are
 * deleted by the clerk (clerk.h) within the hour.
 */

/* label: a nonce and whatever else is to be bound to it.  What was there under it is replaced. */
enum rc pigeonhole_put(const struct visit *v, const char *label, const void *p, size_t len);
/* RC_OK: *fd, the caller's, and *len.  RC_ABSENT: none, another session's, or too old. */
enum rc pigeonhole_open(const struct visit *v, const char *label, int *fd, size_t *len);
void pigeonhole_drop(const struct visit *v, const char *label);
/* A fresh nonce: hex digits. */
#define PIGEONHOLE_NONCE 32
void pigeonhole_nonce(char out[PIGEONHOLE_NONCE + 1]);

/*
 * Answers with the file: attachment under a name of ours, or inline.  Its pages are sent as they
 * are read, so that a large one takes no memory.  fd is taken in any case.
 */
int pigeonhole_send(struct visit *v, const char *type, const char *save_as, int fd, size_t len);

#endif /* PIGEONHOLE_H */
