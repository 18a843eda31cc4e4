/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The map of addresses. */
#include <string.h>

#include "answer.h"
#include "routes.h"
#include "staff.h"
#include "web.h"

static const struct route {
	const char *path;
	bool prefix; /* the path goes on with a name */
	int method;  /* or both */
	int (*handler)(struct http_request *, const char *);
} routes[] = {
    {"/", false, HTTP_METHOD_GET, home_page},
    {"/verify", false, HTTP_METHOD_POST, verify_page},
    {"/v/", true, HTTP_METHOD_GET, kept_report},
    {"/api/v1/verifications", false, HTTP_METHOD_POST, verify_api},
    {"/status", false, HTTP_METHOD_GET, status_page},
    {"/status.json", false, HTTP_METHOD_GET, status_page},
    {"/health/live", false, HTTP_METHOD_GET, health_live},
    {"/health/ready", false, HTTP_METHOD_GET, health_ready},
    {"/assets/", true, HTTP_METHOD_GET, static_asset},
    {"/demo/", true, HTTP_METHOD_GET, static_demo},
    {"/staff", false, HTTP_METHOD_GET | HTTP_METHOD_POST, staff_route},
    {"/staff/", true, HTTP_METHOD_GET | HTTP_METHOD_POST, staff_route},
    {"/d/", true, HTTP_METHOD_GET | HTTP_METHOD_POST, letter_page},
    {"/api/v1/documents/", true, HTTP_METHOD_GET, letter_api},
    {"/scan", false, HTTP_METHOD_GET | HTTP_METHOD_POST, scan_page},
    {"/error/", true, HTTP_METHOD_GET, error_page},
};

int
web_route(struct http_request *req)
{
	const struct route *r;
	int method = req->method == HTTP_METHOD_HEAD ? HTTP_METHOD_GET : req->method;
	size_t i, n;

	(void)web_trust(); /* every page says whether it is a demonstration */
	for (i = 0; i < sizeof(routes) / sizeof(routes[0]); i++) {
		r = &routes[i];
		n = strlen(r->path);
		if (r->prefix ? strncmp(req->path, r->path, n) != 0 || req->path[n] == '\0'
			      : strcmp(req->path, r->path) != 0)
			continue;
		if ((method & r->method) == 0)
			return answer_method(
			    req, r->method == HTTP_METHOD_POST ? "POST" : "GET, HEAD");
		return r->handler(req, req->path + n);
	}
	return answer_error(req, HTTP_STATUS_NOT_FOUND, 0);
}
