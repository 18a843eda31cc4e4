/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CHORE_H
#define CHORE_H

#include "rc.h"
#include "state.h"
#include "store.h"

/*
 * Work that takes long and waits for nothing (argon2id), in a thread of this worker while its
 * request sleeps.  The thread has a store of its own; it must touch neither Kore nor the request.
 * A worker does one after the other, so that CAP_PWHASH_MEMORY is taken once.
 */
typedef enum rc chore_fn(struct store *s, void *arg);

/*
 * arg belongs to the chore from here on and is released (explicit_bzero, then free) when thread and
 * request are both done with it: a thread may outlive its request.  size: octets of arg, which was
 * malloc'ed.  release: what else is freed with it, or NULL.  RC_OK or RC_NOMEM; RC_BUSY: too many
 * wait already; arg is then released.
 */
enum rc chore_start(
    struct http_request *req, chore_fn *fn, void *arg, size_t size, void (*release)(void *arg));
bool chore_known(struct http_request *req);
/* RC_BUSY as job_step().  Else what fn returned, and *arg is what it worked on; the request's. */
enum rc chore_step(struct http_request *req, void **arg);
/* Forget it, so that another can be started. */
void chore_end(struct http_request *req);

/* The worker ends: waits for the thread. */
void chore_stop(void);

#endif /* CHORE_H */
