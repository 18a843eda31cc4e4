/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One block for whatever a request waits for: Kore has room for one pointer. */
#include <stdlib.h>

#include "state.h"

struct owned {
	struct state state; /* first: what others see */
	void (*release)(void *);
};

static void
state_free(struct http_request *req)
{
	struct owned *o = req->hdlr_extra;
	struct state *s = &o->state;

	if (s->chore != NULL)
		s->chore_free(s->chore);
	if (s->press != NULL)
		s->press_free(s->press);
	if (s->job != NULL)
		s->job_free(s->job);
	if (s->own != NULL && o->release != NULL)
		o->release(s->own);
	free(s->own);
	if (s->visit != NULL)
		s->visit_free(s->visit);
}

struct state *
state_of(struct http_request *req)
{
	struct owned *o;

	if (http_state_exists(req)) {
		o = http_state_get(req);
	} else {
		o = http_state_create(req, sizeof(*o), state_free);
		o->state.req = req;
	}
	return &o->state;
}

bool
state_known(struct http_request *req)
{
	return http_state_exists(req);
}

void *
state_own(struct http_request *req, size_t size, void (*release)(void *))
{
	struct state *s = state_of(req);

	if (s->own == NULL && (s->own = calloc(1, size)) != NULL)
		((struct owned *)http_state_get(req))->release = release;
	return s->own;
}
