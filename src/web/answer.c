/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Status, headers, body: nothing else in the portal calls http_response(). */
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#include "answer.h"
#include "caps.h"
#include "io.h"
#include "json.h"
#include "web.h"

/* Nothing from elsewhere, nothing inline, in nobody's frame. */
static const char csp[] = "default-src 'none'; script-src 'self'; style-src 'self'; "
			  "img-src 'self'; connect-src 'self'; form-action 'self'; "
			  "base-uri 'none'; frame-ancestors 'none'";

/* A document that is shown in place has no scripts, forms or windows of its own. */
static const char csp_file[] = "default-src 'none'; sandbox; frame-ancestors 'none'";

static void
common(struct http_request *req, const char *type, const char *cache)
{
	http_response_header(req, "content-type", type);
	http_response_header(req, "cache-control", cache);
	http_response_header(req, "x-content-type-options", "nosniff");
	/* Without one at all, browsers send "Origin: null" with forms: staff's need their origin.
	 */
	http_response_header(req, "referrer-policy",
	    strncmp(req->path, "/staff", 6) == 0 ? "same-origin" : "no-referrer");
	http_response_header(
	    req, "content-security-policy", strcmp(type, "application/pdf") == 0 ? csp_file : csp);
	/* One page asks for the camera. */
	http_response_header(req, "permissions-policy",
	    strcmp(req->path, "/scan") == 0 ? "camera=(self), microphone=(), geolocation=()"
					    : "camera=(), microphone=(), geolocation=()");
	http_response_header(req, "cross-origin-opener-policy", "same-origin");
	http_response_header(req, "cross-origin-resource-policy", "same-origin");
}

static void
remember_lang(struct http_request *req)
{
	char cookie[96];

	if (!ask_lang_chosen(req))
		return;
	snprintf(cookie, sizeof(cookie),
	    "lang=%s; Path=/; Max-Age=31536000; SameSite=Lax; HttpOnly", lang_code(ask_lang(req)));
	http_response_header(req, "set-cookie", cookie);
}

int
answer_page(struct http_request *req, int status, enum rc rc, struct buf *b)
{
	if (rc != RC_OK || buf_rc(b) != RC_OK) {
		kore_log(LOG_ERR, "a page could not be made: %s", rc_str(rc));
		common(req, "text/plain; charset=utf-8", "no-store");
		http_response(req, HTTP_STATUS_INTERNAL_ERROR, NULL, 0);
		return KORE_RESULT_OK;
	}
	common(req, "text/html; charset=utf-8", "no-store");
	http_response_header(req, "content-language", lang_code(ask_lang(req)));
	remember_lang(req);
	http_response(req, status, b->p, b->len);
	return KORE_RESULT_OK;
}

int
answer_json(struct http_request *req, int status, struct buf *b)
{
	if (buf_rc(b) != RC_OK)
		return answer_error(req, HTTP_STATUS_INTERNAL_ERROR, 0);
	common(req, "application/json", "no-store");
	http_response(req, status, b->p, b->len);
	return KORE_RESULT_OK;
}

/* "key":"value", with its comma in front. */
static void
member(struct buf *b, const char *key, const char *value)
{
	buf_printf(b, ",\"%s\":", key);
	json_text(b, value);
}

static int
send_problem(struct http_request *req, int status, struct buf *b)
{
	if (buf_rc(b) != RC_OK) {
		common(req, "text/plain; charset=utf-8", "no-store");
		http_response(req, HTTP_STATUS_INTERNAL_ERROR, NULL, 0);
		return KORE_RESULT_OK;
	}
	common(req, "application/problem+json", "no-store");
	http_response_header(req, "content-language", lang_code(ask_lang(req)));
	http_response(req, status, b->p, b->len);
	return KORE_RESULT_OK;
}

static int
problem(struct http_request *req, int status)
{
	enum lang lang = ask_lang(req);
	struct buf b;
	char key[32];
	int r;

	buf_init(&b, CAP_WIRE);
	buf_printf(&b, "{\"type\":\"about:blank\",\"status\":%d", status);
	snprintf(key, sizeof(key), "error.%d.title", status);
	member(&b, "title", html_text(web.html, lang, key));
	snprintf(key, sizeof(key), "error.%d.text", status);
	member(&b, "detail", html_text(web.html, lang, key));
	buf_u8(&b, '}');
	r = send_problem(req, status, &b);
	buf_clear(&b);
	return r;
}

static void
come_back(struct http_request *req, unsigned seconds)
{
	char s[16];

	if (seconds == 0)
		return;
	snprintf(s, sizeof(s), "%u", seconds);
	http_response_header(req, "retry-after", s);
}

int
answer_problem(struct http_request *req, int status, const char *word, const char *title,
    const char *detail, unsigned retry_after)
{
	enum lang lang = ask_lang(req);
	struct buf b;
	int r;

	come_back(req, retry_after);
	buf_init(&b, CAP_WIRE);
	buf_printf(&b, "{\"type\":\"tag:periksa,2026:problem:%s\",\"status\":%d", word, status);
	member(&b, "title", html_text(web.html, lang, title));
	member(&b, "detail", html_text(web.html, lang, detail));
	buf_u8(&b, '}');
	r = send_problem(req, status, &b);
	buf_clear(&b);
	return r;
}

int
answer_error(struct http_request *req, int status, unsigned retry_after)
{
	const struct html_request r = {ask_lang(req), ask_path(req)};
	struct buf b;
	int ret;

	come_back(req, retry_after);
	if (ask_json(req))
		return problem(req, status);
	buf_init(&b, CAP_PAGE);
	ret = answer_page(req, status, html_error(web.html, &b, &r, status), &b);
	buf_clear(&b);
	return ret;
}

bool
answer_limited(struct http_request *req, enum limit_kind kind)
{
	struct in6_addr a;
	unsigned wait;

	if (web.limit == NULL)
		return false;
	a = ask_address(req);
	if ((wait = limit_take(web.limit, kind, &a, io_now_ms())) == 0)
		return false;
	answer_error(req, 429, wait);
	return true;
}

int
answer_method(struct http_request *req, const char *allow)
{
	http_response_header(req, "allow", allow);
	return answer_error(req, HTTP_STATUS_METHOD_NOT_ALLOWED, 0);
}

int
answer_unreadable(struct http_request *req, const struct report *r)
{
	enum lang lang = ask_lang(req);
	enum check why = r->nreasons > 0 ? r->reasons[0] : CHECK_NOT_PDF;
	struct buf b;
	int ret;

	buf_init(&b, CAP_WIRE);
	buf_str(&b, "{\"type\":\"tag:periksa,2026:problem:unreadable\",\"status\":422");
	member(&b, "title", html_text(web.html, lang, "problem.unreadable"));
	member(&b, "detail", html_sentence(why, RESULT_FAIL, lang));
	member(&b, "code", check_name(why));
	buf_str(&b, ",\"report\":");
	json_report(&b, r);
	buf_u8(&b, '}');
	ret = send_problem(req, 422, &b);
	buf_clear(&b);
	return ret;
}

int
answer_see(struct http_request *req, const char *location)
{
	common(req, "text/plain; charset=utf-8", "no-store");
	http_response_header(req, "location", location);
	http_response(req, HTTP_STATUS_SEE_OTHER, NULL, 0);
	return KORE_RESULT_OK;
}

int
answer_moved(struct http_request *req, const char *location)
{
	common(req, "text/plain; charset=utf-8", "no-store");
	http_response_header(req, "location", location);
	http_response(req, 308, NULL, 0);
	return KORE_RESULT_OK;
}

int
answer_png(struct http_request *req, struct buf *b)
{
	if (buf_rc(b) != RC_OK)
		return answer_error(req, HTTP_STATUS_INTERNAL_ERROR, 0);
	/* As long as a tab may be open: it never changes, and is gone with its report. */
	common(req, "image/png", "private, max-age=600");
	http_response(req, HTTP_STATUS_OK, b->p, b->len);
	return KORE_RESULT_OK;
}

static void
file_head(struct http_request *req, const char *type, const char *save_as)
{
	char disposition[160];
	char *c;

	common(req, type, "no-store");
	http_response_header(req, "x-robots-tag", "noindex");
	if (save_as == NULL)
		return;
	snprintf(disposition, sizeof(disposition), "attachment; filename=%.120s", save_as);
	for (c = disposition + sizeof("attachment; filename=") - 1; *c != '\0'; c++)
		if ((*c < '0' || *c > '9') && (*c < 'A' || *c > 'Z') && (*c < 'a' || *c > 'z') &&
		    *c != '.' && *c != '-')
			*c = '_';
	http_response_header(req, "content-disposition", disposition);
}

int
answer_file(
    struct http_request *req, const char *type, const char *save_as, const void *p, size_t len)
{
	file_head(req, type, save_as);
	http_response(req, HTTP_STATUS_OK, p, len);
	return KORE_RESULT_OK;
}

static int
sent(struct netbuf *nb)
{
	munmap(nb->buf, nb->b_len);
	return KORE_RESULT_OK;
}

int
answer_map(struct http_request *req, const char *type, const char *save_as, void *map, size_t len)
{
	bool taken = req->method != HTTP_METHOD_HEAD && req->owner != NULL;

	file_head(req, type, save_as);
	http_response_stream(req, HTTP_STATUS_OK, map, len, taken ? sent : NULL, NULL);
	if (!taken)
		munmap(map, len);
	return KORE_RESULT_OK;
}

int
answer_asset(struct http_request *req, const struct asset *a, bool fixed)
{
	const char *match;

	common(req, a->type, fixed ? "public, max-age=31536000, immutable" : "no-cache");
	http_response_header(req, "etag", a->etag);
	if (http_request_header(req, "if-none-match", &match) == KORE_RESULT_OK &&
	    strstr(match, a->etag) != NULL) {
		http_response(req, HTTP_STATUS_NOT_MODIFIED, NULL, 0);
		return KORE_RESULT_OK;
	}
	http_response(req, HTTP_STATUS_OK, a->p, a->len);
	return KORE_RESULT_OK;
}
