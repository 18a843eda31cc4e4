/* SPDX-License-Identifier: GPL-3.0-or-later */
/* /status, /status.json: how the hosts that give evidence are doing. */
#include <time.h>

#include "answer.h"
#include "arena.h"
#include "caps.h"
#include "routes.h"
#include "weather.h"
#include "web.h"

/* What the fetcher tells, as render/ shows it; all of it is the arena's. */
static enum rc
look(struct sky *s, struct arena *a)
{
	struct sky_host *hosts;
	struct weather w;
	enum rc rc;
	size_t i;

	*s = (struct sky){.now = time(NULL), .online = web.fetcher != NULL, .known = true};
	if (!s->online)
		return RC_OK;
	if ((rc = weather_read(&w, a, web.weather)) != RC_OK) {
		s->known = rc == RC_ABSENT;
		return rc == RC_NOMEM ? RC_NOMEM : RC_OK;
	}
	if ((hosts = arena_array(a, w.n + 1, sizeof(*hosts))) == NULL)
		return RC_NOMEM;
	for (i = 0; i < w.n; i++)
		hosts[i] = (struct sky_host){.host = w.hosts[i].host,
		    .answered = w.hosts[i].answered,
		    .failed = w.hosts[i].failed,
		    .retry = w.hosts[i].retry,
		    .failure = w.hosts[i].failure,
		    .failures = w.hosts[i].failures,
		    .answers_24h = w.hosts[i].answers_24h,
		    .failures_24h = w.hosts[i].failures_24h,
		    .latency_ms = w.hosts[i].latency_ms};
	s->hosts = hosts;
	s->n = w.n;
	return RC_OK;
}

int
status_page(struct http_request *req, const char *name)
{
	const struct html_request r = {ask_lang(req), "/status"};
	struct arena *a = arena_new(CAP_PAGE);
	struct sky sky;
	struct buf b;
	enum rc rc;
	int ret;

	(void)name;
	buf_init(&b, CAP_PAGE);
	rc = a != NULL ? look(&sky, a) : RC_NOMEM;
	if (rc != RC_OK) {
		ret = answer_error(req, HTTP_STATUS_INTERNAL_ERROR, 0);
	} else if (ask_json(req)) {
		sky_json(&b, &sky);
		ret = answer_json(req, HTTP_STATUS_OK, &b);
	} else
		ret = answer_page(req, HTTP_STATUS_OK, html_status(web.html, &b, &r, &sky), &b);
	buf_clear(&b);
	arena_free(a);
	return ret;
}
