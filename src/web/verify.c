/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A document comes in by the form or by the API; its report goes out.  The
 * order is the promise: judged, recorded durably, then answered.
 */
#include <stdio.h>

#include "answer.h"
#include "caps.h"
#include "job.h"
#include "json.h"
#include "logbook.h"
#include "routes.h"
#include "web.h"

#define RETRY_SECONDS 3

int
verify_refuse(struct http_request *req, enum rc rc)
{
	switch (rc) {
	case RC_TOOBIG:
		return answer_error(req, HTTP_STATUS_REQUEST_ENTITY_TOO_LARGE, 0);
	case RC_ABSENT:
	case RC_FORMAT:
		return answer_error(req, HTTP_STATUS_BAD_REQUEST, 0);
	case RC_OK:
	case RC_NOMEM:
	case RC_IO:
	case RC_SHORT:
	case RC_CRYPTO:
	case RC_BUSY:
	case RC__MAX:
	default:
		kore_log(LOG_WARNING, "upload: %s", rc_str(rc));
		return answer_error(req, HTTP_STATUS_SERVICE_UNAVAILABLE, RETRY_SECONDS);
	}
}

/* Where the page of this report is, in the language of the one who asked. */
static int
answer_kept(struct http_request *req, const char *id)
{
	char location[64];
	struct buf b;
	int ret;

	snprintf(
	    location, sizeof(location), "/v/%s%s", id, ask_lang(req) == LANG_EN ? "?lang=en" : "");
	if (!ask_json(req))
		return answer_see(req, location);
	buf_init(&b, 256);
	buf_printf(&b, "{\"location\":\"%s\"}", location);
	http_response_header(req, "location", location);
	ret = answer_json(req, HTTP_STATUS_CREATED, &b);
	buf_clear(&b);
	return ret;
}

static int
answer_report(struct http_request *req, const struct report *r, const char *id)
{
	char location[64];
	struct buf b;
	int ret;

	if (r->conclusion == CONCLUSION_UNREADABLE)
		return answer_unreadable(req, r);
	snprintf(location, sizeof(location), "/v/%s.json", id);
	http_response_header(req, "content-location", location);
	buf_init(&b, CAP_WIRE);
	json_report(&b, r);
	ret = answer_json(req, HTTP_STATUS_OK, &b);
	buf_clear(&b);
	return ret;
}

static int
go_on(struct http_request *req, struct job *j, enum channel channel)
{
	const struct report *r;
	char id[STORE_ID_LEN + 1];
	enum rc rc = job_step(j, &r);

	if (rc == RC_BUSY)
		return KORE_RESULT_RETRY;
	if (rc == RC_OK)
		rc = logbook_add(j, r, channel, id);
	if (rc != RC_OK)
		return answer_error(req, HTTP_STATUS_SERVICE_UNAVAILABLE, RETRY_SECONDS);
	return channel == CHANNEL_PAGE ? answer_kept(req, id) : answer_report(req, r, id);
}

int
verify_page(struct http_request *req, const char *name)
{
	struct job *j = job_of(req);
	enum rc rc;

	(void)name;
	if (j != NULL)
		return go_on(req, j, CHANNEL_PAGE);
	if (answer_limited(req, LIMIT_PAGE))
		return KORE_RESULT_OK;
	if (!ask_type(req, "multipart/form-data"))
		return answer_error(req, HTTP_STATUS_UNSUPPORTED_MEDIA_TYPE, 0);
	j = job_new(req);
	job_pictures(j);
	if (ask_flag(req, "offline"))
		job_offline(j);
	if ((rc = job_form(j, "file")) != RC_OK)
		return verify_refuse(req, rc);
	return go_on(req, j, CHANNEL_PAGE);
}

int
verify_api(struct http_request *req, const char *name)
{
	struct job *j = job_of(req);
	bool form = ask_type(req, "multipart/form-data");
	enum rc rc;

	(void)name;
	if (j != NULL)
		return go_on(req, j, CHANNEL_API);
	if (answer_limited(req, LIMIT_API))
		return KORE_RESULT_OK;
	if (!form && !ask_type(req, "application/pdf"))
		return answer_error(req, HTTP_STATUS_UNSUPPORTED_MEDIA_TYPE, 0);
	j = job_new(req);
	if (ask_flag(req, "pictures"))
		job_pictures(j);
	if (ask_flag(req, "offline"))
		job_offline(j);
	rc = form ? job_form(j, "file") : job_body(j);
	return rc != RC_OK ? verify_refuse(req, rc) : go_on(req, j, CHANNEL_API);
}
