/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef STATE_H
#define STATE_H

#include <stdbool.h>
#include <stddef.h>

#include "ask.h"

/*
 * What a request keeps while it sleeps.  Kore runs its handler again when it wakes up, and
 * frees all of this with the request, whoever ends that.  At most one of each.
 */
struct job;   /* a document at an inspector: job.h */
struct press; /* paper at periksa-paper: press.h */
struct chore; /* work in a thread: chore.h */
struct visit;

struct state {
	struct http_request *req;
	struct job *job;
	void (*job_free)(struct job *);
	struct press *press;
	void (*press_free)(struct press *);
	struct chore *chore;
	void (*chore_free)(struct chore *);
	struct visit *visit; /* who is signed in, on staff's pages: staff.h */
	void (*visit_free)(struct visit *);
	void *own; /* the handler's; zeros at first */
};

/* The request's; made when it is first asked for.  Never NULL. */
struct state *state_of(struct http_request *req);
/* It is there: the handler is not run for the first time. */
bool state_known(struct http_request *req);
/*
 * The handler's own part, size zero bytes when first asked for; release (or NULL) is called with
 * it when the request ends, before it is freed.  NULL without memory.
 */
void *state_own(struct http_request *req, size_t size, void (*release)(void *));

#endif /* STATE_H */
