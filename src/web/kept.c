/* SPDX-License-Identifier: GPL-3.0-or-later */
/* /v/ID and /v/ID.json: a report that was kept. */
#include <string.h>
#include <time.h>

#include "answer.h"
#include "caps.h"
#include "json.h"
#include "routes.h"
#include "web.h"
#include "wire.h"

/* An id is letters and digits; the rest of the name is an ending we know. */
static bool
split(const char *name, char id[STORE_ID_LEN + 1], bool *json)
{
	const char *end = name + strspn(name, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
					      "abcdefghijklmnopqrstuvwxyz");

	*json = strcmp(end, ".json") == 0;
	if (end - name != STORE_ID_LEN || (*end != '\0' && !*json))
		return false;
	memcpy(id, name, STORE_ID_LEN);
	id[STORE_ID_LEN] = '\0';
	return true;
}

static enum rc
load(const char *id, struct report **out)
{
	struct store *store = web_store();
	struct buf b;
	enum rc rc;

	*out = NULL;
	if (store == NULL)
		return RC_IO;
	buf_init(&b, CAP_WIRE);
	rc = store_report(store, id, time(NULL), &b);
	if (rc == RC_OK)
		rc = wire_decode(out, b.p, b.len);
	buf_clear(&b);
	return rc;
}

int
kept_report(struct http_request *req, const char *name)
{
	const struct html_request r = {ask_lang(req), ask_path(req)};
	char id[STORE_ID_LEN + 1];
	struct report *report;
	struct buf b;
	bool json;
	enum rc rc;
	int ret;

	if (!split(name, id, &json))
		return answer_error(req, HTTP_STATUS_NOT_FOUND, 0);
	rc = load(id, &report);
	if (rc == RC_ABSENT)
		return answer_error(req, HTTP_STATUS_NOT_FOUND, 0);
	if (rc != RC_OK)
		return answer_error(req, HTTP_STATUS_SERVICE_UNAVAILABLE, 3);
	buf_init(&b, json ? CAP_WIRE : CAP_PAGE);
	http_response_header(req, "x-robots-tag", "noindex");
	if (json) {
		json_report(&b, report);
		ret = answer_json(req, HTTP_STATUS_OK, &b);
	} else {
		ret =
		    answer_page(req, HTTP_STATUS_OK, html_result(web.html, &b, &r, report, id), &b);
	}
	buf_clear(&b);
	report_free(report);
	return ret;
}
