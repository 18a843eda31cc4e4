/* SPDX-License-Identifier: GPL-3.0-or-later */
/* /v/ID, /v/ID.json, /v/ID/PAGE-signed.png: a report that was kept, and its pictures. */
#include <string.h>
#include <time.h>

#include "answer.h"
#include "caps.h"
#include "json.h"
#include "picture.h"
#include "routes.h"
#include "web.h"
#include "wire.h"

struct wanted {
	char id[STORE_ID_LEN + 1];
	bool json;
	uint32_t page; /* a picture of this page, 0: the report */
	enum album_kind kind;
};

/* An id is letters and digits; the rest of the name is an ending we know. */
static bool
split(const char *name, struct wanted *w)
{
	const char *end = name + strspn(name, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
					      "abcdefghijklmnopqrstuvwxyz");

	memset(w, 0, sizeof(*w));
	if (end - name != STORE_ID_LEN)
		return false;
	memcpy(w->id, name, STORE_ID_LEN);
	w->json = strcmp(end, ".json") == 0;
	return *end == '\0' || w->json ||
	       (*end == '/' && picture_name(end + 1, &w->page, &w->kind));
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

static int
failed(struct http_request *req, enum rc rc)
{
	if (rc == RC_ABSENT)
		return answer_error(req, HTTP_STATUS_NOT_FOUND, 0);
	return answer_error(req, HTTP_STATUS_SERVICE_UNAVAILABLE, 3);
}

static int
picture(struct http_request *req, const struct wanted *w)
{
	struct store *store = web_store();
	struct buf b;
	enum rc rc;
	int ret;

	buf_init(&b, CAP_PICTURE);
	rc = store == NULL ? RC_IO : store_picture(store, w->id, w->page, w->kind, time(NULL), &b);
	ret = rc == RC_OK ? answer_png(req, &b) : failed(req, rc);
	buf_clear(&b);
	return ret;
}

/* The page, with what pictures there are. */
static int
page(struct http_request *req, const struct report *report, const char *id)
{
	const struct html_request r = {ask_lang(req), ask_path(req)};
	unsigned pages[CAP_PICTURE_PAGES];
	struct store *store = web_store();
	struct buf b;
	size_t n = 0;
	int ret;

	if (store != NULL && store_pictures(store, id, time(NULL), pages, &n) != RC_OK)
		n = 0;
	buf_init(&b, CAP_PAGE);
	ret = answer_page(
	    req, HTTP_STATUS_OK, html_result_pictures(web.html, &b, &r, report, id, pages, n), &b);
	buf_clear(&b);
	return ret;
}

int
kept_report(struct http_request *req, const char *name)
{
	struct report *report;
	struct wanted w;
	struct buf b;
	enum rc rc;
	int ret;

	if (!split(name, &w))
		return answer_error(req, HTTP_STATUS_NOT_FOUND, 0);
	http_response_header(req, "x-robots-tag", "noindex");
	if (w.page != 0)
		return picture(req, &w);
	if ((rc = load(w.id, &report)) != RC_OK)
		return failed(req, rc);
	if (w.json) {
		buf_init(&b, CAP_WIRE);
		json_report(&b, report);
		ret = answer_json(req, HTTP_STATUS_OK, &b);
		buf_clear(&b);
	} else
		ret = page(req, report, w.id);
	report_free(report);
	return ret;
}
