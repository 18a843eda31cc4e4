/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ROUTES_H
#define ROUTES_H

#include "ask.h"
#include "rc.h"

/* The handlers that src/web/route.c knows; name: what follows the route's prefix. */
int home_page(struct http_request *req, const char *name);
int verify_page(struct http_request *req, const char *name);
int verify_api(struct http_request *req, const char *name);
int kept_report(struct http_request *req, const char *name);
/* /d/ID and below, /api/v1/documents/ID, /scan */
int letter_page(struct http_request *req, const char *name);
int letter_api(struct http_request *req, const char *name);
int scan_page(struct http_request *req, const char *name);
int status_page(struct http_request *req, const char *name);
int health_live(struct http_request *req, const char *name);
int health_ready(struct http_request *req, const char *name);
int static_asset(struct http_request *req, const char *name);
int static_demo(struct http_request *req, const char *name);
/* "page/413", "problem/503": what the proxy in front shows for bare errors */
int error_page(struct http_request *req, const char *name);

/* What went wrong with taking a document or a form, as an answer. */
int verify_refuse(struct http_request *req, enum rc rc);

/* Kore's only entry, named in kore.conf. */
int web_route(struct http_request *req);

#endif /* ROUTES_H */
