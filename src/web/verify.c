/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A document comes in by the form or by the API; its report goes out.  The
 * order is the promise: judged, recorded durably, then answered.
 */
#include <stdio.h>

#include "answer.h"
#include "caps.h"
#include "io.h"
#include "job.h"
#include "json.h"
#include "picture.h"
#include "routes.h"
#include "web.h"
#include "wire.h"

#define RETRY_SECONDS 3

/* Nonzero: answered with 429. */
static int
limited(struct http_request *req, enum limit_kind kind)
{
	struct in6_addr a;
	unsigned wait;

	if (web.limit == NULL)
		return 0;
	a = ask_address(req);
	if ((wait = limit_take(web.limit, kind, &a, io_now_ms())) == 0)
		return 0;
	answer_error(req, 429, wait);
	return 1;
}

/* What went wrong with taking the document, as an answer. */
static int
refuse(struct http_request *req, enum rc rc)
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

/* Log the verification and keep the report under a fresh id. */
static enum rc
record(const struct job *j, const struct report *r, enum channel channel, char id[STORE_ID_LEN + 1])
{
	struct store *store = web_store();
	struct store_verification v = {
	    .at = ask_now_ms(),
	    .channel = channel,
	    .report = r,
	    .duration_us = job_duration(j),
	};
	struct album_picture pictures[PICTURES_MAX];
	struct buf wire, album;
	enum rc rc;

	if (store == NULL)
		return RC_IO;
	buf_init(&wire, CAP_WIRE);
	buf_init(&album, ALBUM_MAX);
	wire_encode(&wire, r);
	/* A report without its pictures is a report, too. */
	if (job_album(j, &album) == RC_OK) {
		v.pictures = pictures;
		v.npictures = pictures_of(pictures, &album);
	}
	if ((rc = buf_rc(&wire)) == RC_OK) {
		v.wire = wire.p;
		v.wire_len = wire.len;
		v.expires = v.at / 1000 + CAP_REPORT_HOURS * 3600;
		rc = store_record(store, &v, id);
	}
	buf_clear(&wire);
	buf_clear(&album);
	if (rc != RC_OK)
		kore_log(LOG_ERR, "a verification could not be recorded: %s", rc_str(rc));
	return rc;
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
		rc = record(j, r, channel, id);
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
	if (limited(req, LIMIT_PAGE))
		return KORE_RESULT_OK;
	if (!ask_type(req, "multipart/form-data"))
		return answer_error(req, HTTP_STATUS_UNSUPPORTED_MEDIA_TYPE, 0);
	j = job_new(req);
	job_pictures(j);
	if (ask_flag(req, "offline"))
		job_offline(j);
	if ((rc = job_form(j, "file")) != RC_OK)
		return refuse(req, rc);
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
	if (limited(req, LIMIT_API))
		return KORE_RESULT_OK;
	if (!form && !ask_type(req, "application/pdf"))
		return answer_error(req, HTTP_STATUS_UNSUPPORTED_MEDIA_TYPE, 0);
	j = job_new(req);
	if (ask_flag(req, "pictures"))
		job_pictures(j);
	if (ask_flag(req, "offline"))
		job_offline(j);
	rc = form ? job_form(j, "file") : job_body(j);
	return rc != RC_OK ? refuse(req, rc) : go_on(req, j, CHANNEL_API);
}
