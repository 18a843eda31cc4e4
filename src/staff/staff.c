/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * staff.h: the one door to everything below /staff.  It knows who may come in and nothing of what
 * is done inside.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "act.h"
#include "io.h"
#include "login.h"
#include "register.h"
#include "staff.h"
#include "state.h"

#define RETRY_SECONDS 3

static const struct staff_page *const tables[] = {pages_login, pages_account, pages_acts,
    pages_people, pages_agency, pages_letters, pages_print, pages_batch};

struct hall {
	struct visit visit; /* first: what others see */
	struct form *form;
	void *map; /* of a body in the spool; NULL */
	size_t map_len;
};

/* ---- which page ---- */

/* How well a page's path fits: 0 not, else the longer the better; an exact one is best. */
static size_t
fits(const char *path, const char *name)
{
	size_t n = strlen(path);

	if (strcmp(path, name) == 0)
		return 2 + n;
	return n > 0 && path[n - 1] == '/' && strncmp(path, name, n) == 0 ? 1 + n : 0;
}

/* The page; NULL: there is none, or (*elsewhere) none for this method. */
static const struct staff_page *
find(const char *name, int method, bool *elsewhere)
{
	const struct staff_page *p, *best = NULL;
	size_t i, n, most = 0;

	*elsewhere = false;
	for (i = 0; i < sizeof(tables) / sizeof(tables[0]); i++)
		for (p = tables[i]; p != NULL && p->path != NULL; p++) {
			if ((n = fits(p->path, name)) == 0)
				continue;
			if (p->method != method) {
				*elsewhere = true;
			} else if (n > most) {
				most = n;
				best = p;
			}
		}
	return best;
}

/* ---- who is there ---- */

static void
leave(struct visit *v)
{
	struct hall *h = (struct hall *)v;

	form_free(h->form);
	if (h->map != NULL)
		munmap(h->map, h->map_len);
	explicit_bzero(h, sizeof(*h));
	free(h);
}

static bool
take_names(const struct account_row *row, void *arg)
{
	struct visit *v = arg;

	snprintf(v->login, sizeof(v->login), "%s", row->login);
	snprintf(v->agency, sizeof(v->agency), "%s", row->agency);
	snprintf(v->agency_name, sizeof(v->agency_name), "%s", row->agency_name);
	return false;
}

static enum rc
recognize(struct visit *v, struct store *s)
{
	enum rc rc;

	v->who.role = ROLE__MAX;
	if (!ask_cookie(v->req, LOGIN_COOKIE, v->token, sizeof(v->token)))
		return RC_OK;
	rc = session_find(s, v->token, time(NULL), &v->who);
	if (rc == RC_OK)
		rc = account_show(s, v->who.account, take_names, v);
	if (rc == RC_OK || rc == RC_ABSENT)
		rc = session_csrf(s, v->token, v->csrf);
	return rc;
}

/* ---- what was sent ---- */

static enum rc
read_body(struct hall *h)
{
	struct http_request *req = h->visit.req;
	const uint8_t *p = NULL;
	const char *type;
	enum rc rc;

	/* Nobody else needs the spool's name; Kore's own unlink() finds it gone. */
	if (req->http_body_path != NULL && unlink(req->http_body_path) == -1)
		kore_log(LOG_WARNING, "spool: unlink: %s", errno_s);
	if (http_request_header(req, "content-type", &type) != KORE_RESULT_OK)
		return RC_FORMAT;
	if (req->http_body_length > 0 && req->http_body_fd != -1) {
		h->map_len = req->http_body_length;
		h->map = mmap(NULL, h->map_len, PROT_READ, MAP_PRIVATE, req->http_body_fd, 0);
		if (h->map == MAP_FAILED) {
			h->map = NULL;
			return RC_IO;
		}
		p = h->map;
	} else if (req->http_body_length > 0) {
		p = req->http_body->data;
	}
	rc = form_parse(&h->form, type, p, req->http_body_length);
	/* A password, which the form has now and wipes. */
	if (h->map == NULL && p != NULL && !ask_type(req, "multipart/form-data"))
		explicit_bzero(req->http_body->data, req->http_body_length);
	return rc;
}

const uint8_t *
staff_octets(struct visit *v, const struct form_file *f)
{
	const struct hall *h = (const struct hall *)v;
	size_t len = v->req->http_body_length;
	const uint8_t *p = h->map;

	if (p == NULL && v->req->http_body != NULL)
		p = v->req->http_body->data;
	return p != NULL && f->off <= len && f->len <= len - f->off ? p + f->off : NULL;
}

/* ---- who may not come in ---- */

static void
note(const struct visit *v, struct store *s, enum act a)
{
	if (act_add(s, v->who.account != 0 ? &v->who : NULL, a, NULL, 0, time(NULL)) != RC_OK)
		kore_log(LOG_ERR, "a refusal could not be recorded");
}

static int
refuse(struct visit *v, int status, const char *why)
{
	struct fields *f = staff_fields(v);
	char key[64];

	snprintf(key, sizeof(key), "staff.refuse.%s.title", why);
	fields_text(f, "title", staff_text(v, key));
	snprintf(key, sizeof(key), "staff.refuse.%s.text", why);
	fields_text(f, "text", staff_text(v, key));
	return staff_page(v, status, HTML_STAFF_REFUSED, f);
}

/* Who has not signed in asks for what costs time, or is written down: so often a minute. */
static bool
too_often(struct visit *v, int *ret)
{
	struct in6_addr a = ask_address(v->req);
	unsigned wait = 0;

	if (web.limit != NULL)
		wait = limit_take(web.limit, LIMIT_LOGIN, &a, io_now_ms());
	if (wait != 0)
		*ret = answer_error(v->req, 429, wait);
	return wait != 0;
}

/* False: who is there may not, *ret is what was answered. */
static bool
admitted(struct visit *v, struct store *s, int *ret)
{
	const struct staff_page *p = v->page;

	if (p->roles != 0 && v->who.account == 0) {
		*ret = login_first(v);
		return false;
	}
	if (p->roles != 0 && (p->roles & (1u << v->who.role)) == 0) {
		note(v, s, ACT_ROLE_REFUSED);
		*ret = refuse(v, HTTP_STATUS_FORBIDDEN, "role");
		return false;
	}
	if (p->method == HTTP_METHOD_POST && v->who.account == 0 && too_often(v, ret))
		return false;
	if (p->method == HTTP_METHOD_POST &&
	    (!ask_same_origin(v->req) ||
		!session_csrf_ok(s, v->token, form_get(v->form, "csrf")))) {
		note(v, s, ACT_CSRF_REFUSED);
		*ret = refuse(v, HTTP_STATUS_FORBIDDEN, "csrf");
		return false;
	}
	return true;
}

/* ---- the door ---- */

static int
trouble(struct http_request *req, enum rc rc)
{
	if (rc == RC_FORMAT)
		return answer_error(req, HTTP_STATUS_BAD_REQUEST, 0);
	if (rc != RC_BUSY) /* so many sign in at once that some have to come again */
		kore_log(LOG_WARNING, "staff: %s", rc_str(rc));
	return answer_error(req, HTTP_STATUS_SERVICE_UNAVAILABLE, RETRY_SECONDS);
}

/* A new visit to a page; NULL: refused, *ret is what was answered. */
static struct visit *
arrive(struct http_request *req, const struct staff_page *page, const char *name, int *ret)
{
	struct state *state = state_of(req);
	struct store *s = web_store();
	struct hall *h = calloc(1, sizeof(*h));
	struct visit *v = &h->visit;
	enum rc rc = RC_NOMEM;

	if (h == NULL)
		goto trouble;
	state->visit = v;
	state->visit_free = leave;
	v->req = req;
	v->page = page;
	v->lang = ask_lang(req);
	v->rest = name + (strcmp(name, page->path) == 0 ? strlen(name) : strlen(page->path));
	rc = page->method == HTTP_METHOD_POST ? read_body(h)
					      : form_query(&h->form, req->query_string);
	v->form = h->form;
	if (rc == RC_OK)
		rc = s == NULL ? RC_IO : recognize(v, s);
	if (rc != RC_OK)
		goto trouble;
	return admitted(v, s, ret) ? v : NULL;
trouble:
	*ret = trouble(req, rc);
	return NULL;
}

int
staff_route(struct http_request *req, const char *name)
{
	int method = req->method == HTTP_METHOD_HEAD ? HTTP_METHOD_GET : (int)req->method;
	const struct staff_page *page;
	struct visit *v;
	bool elsewhere;
	int ret;

	if (state_known(req) && state_of(req)->visit != NULL)
		return state_of(req)->visit->page->handler(state_of(req)->visit);
	http_response_header(req, "x-robots-tag", "noindex");
	if ((page = find(name, method, &elsewhere)) == NULL) {
		if (elsewhere)
			return answer_method(
			    req, method == HTTP_METHOD_POST ? "GET, HEAD" : "POST");
		return answer_error(req, HTTP_STATUS_NOT_FOUND, 0);
	}
	v = arrive(req, page, name, &ret);
	return v != NULL ? page->handler(v) : ret;
}

/* ---- what pages are made of ---- */

const char *
staff_text(const struct visit *v, const char *key)
{
	return html_text(web.html, v->lang, key);
}

/* "?said=KEY" of a page that sent here. */
static void
add_said(const struct visit *v, struct fields *f)
{
	const char *said = v->page->method == HTTP_METHOD_GET ? form_get(v->form, "said") : "";
	const char *text = "";
	char key[64];

	if (*said != '\0' && said[strspn(said, "abcdefghijklmnopqrstuvwxyz_.")] == '\0' &&
	    (size_t)snprintf(key, sizeof(key), "staff.said.%s", said) < sizeof(key))
		text = staff_text(v, key);
	fields_flag(f, "has_said", *text != '\0');
	fields_text(f, "said", text);
}

struct fields *
staff_fields(const struct visit *v)
{
	const struct html_request r = {v->lang, ask_path(v->req)};
	struct fields *f = html_fields(web.html, &r);
	char key[32];

	/* "at_letters": where we are, for the navigation */
	snprintf(key, sizeof(key), "at_%.*s", (int)strcspn(v->page->path, "/"), v->page->path);
	fields_flag(f, key, true);
	fields_flag(f, "signed_in", v->who.account != 0);
	if (v->who.account != 0) {
		snprintf(key, sizeof(key), "staff.role.%s", role_name(v->who.role));
		fields_text(f, "my_role", staff_text(v, key));
		fields_flag(f, "is_staff", v->who.role == ROLE_STAFF);
		fields_flag(f, "is_auditor", v->who.role == ROLE_AUDITOR);
		fields_flag(f, "is_admin", v->who.role == ROLE_ADMIN);
		fields_flag(f, "is_writer", v->who.role != ROLE_AUDITOR);
		fields_flag(f, "may_audit", v->who.role != ROLE_STAFF);
		fields_text(f, "my_name", v->login);
		fields_text(f, "my_agency", v->agency);
		fields_text(f, "my_agency_name", v->agency_name);
		fields_flag(f, "public_guess", web.public_guess || web.public_url == NULL);
		fields_text(f, "public_url", web.public_url != NULL ? web.public_url : "");
	}
	fields_text(f, "csrf", v->csrf);
	snprintf(key, sizeof(key), "%d", CAP_LOGIN_PASSWORD_MIN);
	fields_text(f, "password_min", key);
	add_said(v, f);
	return f;
}

void
staff_problem(struct visit *v, struct fields *f, const char *key)
{
	char name[64];

	if (key == NULL)
		return;
	snprintf(name, sizeof(name), "staff.problem.%s", key);
	fields_flag(f, "has_problem", true);
	fields_text(f, "problem", staff_text(v, name));
}

int
staff_page(struct visit *v, int status, enum html_page page, struct fields *f)
{
	const struct html_request r = {v->lang, ask_path(v->req)};
	struct buf b;
	int ret;

	buf_init(&b, CAP_PAGE);
	ret = answer_page(v->req, status, html_fill(web.html, &b, &r, page, f), &b);
	buf_clear(&b);
	return ret;
}

int
staff_see(struct visit *v, const char *path, const char *said)
{
	char location[512];

	if (said == NULL)
		return answer_see(v->req, path);
	snprintf(location, sizeof(location), "%.400s%csaid=%s", path,
	    strchr(path, '?') != NULL ? '&' : '?', said);
	return answer_see(v->req, location);
}

int
staff_refuse(struct visit *v, enum rc rc, int register_answer)
{
	if (rc != RC_OK)
		return trouble(v->req, rc);
	switch (register_answer) {
	case REGISTER_ABSENT:
		return refuse(v, HTTP_STATUS_NOT_FOUND, "absent");
	case REGISTER_FORBIDDEN:
		return refuse(v, HTTP_STATUS_FORBIDDEN, "role");
	case REGISTER_STATE:
		return refuse(v, HTTP_STATUS_CONFLICT, "state");
	case REGISTER_SUCCESSOR:
		return refuse(v, HTTP_STATUS_CONFLICT, "successor");
	case REGISTER_TAKEN:
		return refuse(v, HTTP_STATUS_CONFLICT, "taken");
	default:
		return refuse(v, HTTP_STATUS_BAD_REQUEST, "malformed");
	}
}

int
staff_file(struct visit *v, const char *type, const char *filename, bool attachment, const void *p,
    size_t len)
{
	return answer_file(v->req, type, attachment ? filename : NULL, p, len);
}
