/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The first page, and the files that are served as they are. */
#include <stdio.h>
#include <string.h>

#include "answer.h"
#include "caps.h"
#include "routes.h"
#include "web.h"

int
home_page(struct http_request *req, const char *name)
{
	const struct html_request r = {ask_lang(req), "/"};
	struct buf b;
	int ret;

	(void)name;
	buf_init(&b, CAP_PAGE);
	ret = answer_page(req, HTTP_STATUS_OK, html_home(web.html, &b, &r), &b);
	buf_clear(&b);
	return ret;
}

int
static_asset(struct http_request *req, const char *name)
{
	const struct asset *a = assets_find(web.assets, name);
	const char *q = req->query_string;

	if (a == NULL)
		return answer_error(req, HTTP_STATUS_NOT_FOUND, 0);
	return answer_asset(
	    req, a, q != NULL && strncmp(q, "v=", 2) == 0 && strcmp(q + 2, web.site.version) == 0);
}

int
static_demo(struct http_request *req, const char *name)
{
	const struct asset *a = assets_find(web.demo, name);

	if (a == NULL || strcmp(a->type, "application/pdf") != 0)
		return answer_error(req, HTTP_STATUS_NOT_FOUND, 0);
	http_response_header(req, "content-disposition", "attachment");
	return answer_asset(req, a, false);
}

int
error_page(struct http_request *req, const char *name)
{
	static const int known[] = {411, 413, 500, 503};
	const char *number = strchr(name, '/');
	char text[8];
	size_t i;

	for (i = 0; number != NULL && i < sizeof(known) / sizeof(known[0]); i++) {
		snprintf(text, sizeof(text), "%d", known[i]);
		if (strcmp(number + 1, text) == 0)
			return answer_error(req, known[i], known[i] == 503 ? 3 : 0);
	}
	return answer_error(req, HTTP_STATUS_NOT_FOUND, 0);
}
