/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Coming and going: name, password and code together, and one answer to whatever is wrong. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <openssl/rand.h>
#include <sodium.h>

#include "chore.h"
#include "login.h"

#define NEXT_MAX 200
/* What the bits of who never signed in begin with; no token of a session does. */
#define GUEST    '.'

/* ---- the cookie ---- */

static void
set_cookie(struct http_request *req, const char *token)
{
	char cookie[128 + SESSION_TOKEN_LEN];

	snprintf(cookie, sizeof(cookie),
	    LOGIN_COOKIE "=%s; Path=/; Secure; HttpOnly; SameSite=Lax%s", token,
	    *token == '\0' ? "; Max-Age=0" : "");
	http_response_header(req, "set-cookie", cookie);
	explicit_bzero(cookie, sizeof(cookie));
}

/* Random bits for who has no cookie yet, so that the form can be told from a stranger's. */
static enum rc
greet(struct visit *v)
{
	uint8_t bits[32];

	if (strlen(v->token) == SESSION_TOKEN_LEN)
		return RC_OK;
	if (RAND_bytes(bits, sizeof(bits)) != 1)
		return RC_CRYPTO;
	sodium_bin2base64(v->token, sizeof(v->token), bits, sizeof(bits),
	    sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	v->token[0] = GUEST;
	set_cookie(v->req, v->token);
	return session_csrf(web_store(), v->token, v->csrf);
}

enum rc
login_begin(struct visit *v, const struct actor *who)
{
	struct store *s = web_store();
	char token[SESSION_TOKEN_LEN + 1];
	int64_t now = time(NULL);
	enum rc rc;

	if (s == NULL)
		return RC_IO;
	if ((rc = session_end(s, v->token, now)) != RC_OK ||
	    (rc = session_begin(s, who, now, token)) != RC_OK)
		return rc;
	set_cookie(v->req, token);
	memcpy(v->token, token, sizeof(token));
	explicit_bzero(token, sizeof(token));
	return session_csrf(s, v->token, v->csrf);
}

/* ---- where to go afterwards ---- */

/* A page of staff's, and nothing else: no host, no query, no way out. */
static bool
next_ok(const char *s)
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
				    "0123456789/._-";
	size_t n = strspn(s, plain);

	if (s[n] != '\0' || n > NEXT_MAX || strstr(s, "..") != NULL || strstr(s, "//") != NULL)
		return false;
	return strcmp(s, "/staff") == 0 ||
	       (strncmp(s, "/staff/", 7) == 0 && strncmp(s + 7, "log", 3) != 0);
}

int
login_first(struct visit *v)
{
	const char *path = ask_path(v->req); /* "/" for a POST */
	char location[NEXT_MAX + 64];

	if (ask_json(v->req))
		return answer_error(v->req, HTTP_STATUS_UNAUTHORIZED, 0);
	if (next_ok(path) && strcmp(path, "/staff") != 0)
		snprintf(location, sizeof(location), "/staff/login?next=%s", path);
	else
		snprintf(location, sizeof(location), "/staff/login");
	if ((v->token[0] != '\0' && v->token[0] != GUEST) || v->req->method == HTTP_METHOD_POST)
		return staff_see(v, location, "over");
	return answer_see(v->req, location);
}

/* ---- the page ---- */

static int
show(struct visit *v, int status, const char *problem)
{
	const char *next = form_get(v->form, "next");
	struct fields *f;
	char minutes[16];
	enum rc rc = greet(v);

	if (rc != RC_OK)
		return staff_refuse(v, rc, 0);
	f = staff_fields(v);
	fields_text(f, "next", next_ok(next) ? next : "");
	fields_text(f, "name", problem != NULL ? form_get(v->form, "name") : "");
	snprintf(minutes, sizeof(minutes), "%d", CAP_LOGIN_LOCK / 60);
	fields_text(f, "minutes", minutes);
	if (problem != NULL)
		fields_flag(f, problem, true);
	fields_flag(f, "failed", problem != NULL);
	return staff_page(v, status, HTML_STAFF_LOGIN, f);
}

static int
go_in(struct visit *v)
{
	const char *next = form_get(v->form, "next");

	return staff_see(v, next_ok(next) ? next : "/staff", NULL);
}

static int
login_page(struct visit *v)
{
	return v->who.account != 0 ? go_in(v) : show(v, HTTP_STATUS_OK, NULL);
}

/* ---- signing in ---- */

struct entry { /* the chore's: texts that the request may take with it are copied */
	char login[4 * CAP_LOGIN + 2];
	char password[CAP_LOGIN_PASSWORD + 2];
	char code[64];
	char address[INET6_ADDRSTRLEN];
	int64_t now;
	struct actor who;
	enum account_answer answer;
};

static enum rc
enter(struct store *s, void *arg)
{
	struct entry *e = arg;
	const struct account_claim c = {.login = e->login,
	    .code = e->code,
	    .address = e->address,
	    .password = e->password,
	    .password_len = strlen(e->password)};

	return account_enter(s, &c, e->now, &e->who, &e->answer);
}

/* Too long a text is cut to one that is still too long to be right. */
static enum rc
start(struct visit *v)
{
	struct entry *e = calloc(1, sizeof(*e));

	if (e == NULL)
		return RC_NOMEM;
	snprintf(e->login, sizeof(e->login), "%s", form_get(v->form, "name"));
	snprintf(e->password, sizeof(e->password), "%s", form_raw(v->form, "password"));
	snprintf(e->code, sizeof(e->code), "%s", form_get(v->form, "code"));
	ask_address_text(v->req, e->address);
	e->now = time(NULL);
	return chore_start(v->req, enter, e, sizeof(*e), NULL);
}

const char *
login_problem(enum account_answer a)
{
	switch (a) {
	case ACCOUNT_ABSENT:
		return "absent";
	case ACCOUNT_TAKEN:
		return "taken";
	case ACCOUNT_MALFORMED:
		return "malformed";
	case ACCOUNT_WEAK:
		return "weak";
	case ACCOUNT_LOCKED:
		return "locked";
	case ACCOUNT_WRONG:
		return "wrong";
	case ACCOUNT_DONE:
	case ACCOUNT_FORBIDDEN:
	default:
		return "forbidden";
	}
}

static int
finish(struct visit *v, const struct entry *e)
{
	enum rc rc;

	if (e->answer == ACCOUNT_LOCKED)
		return show(v, 429, "locked");
	if (e->answer != ACCOUNT_DONE)
		return show(v, HTTP_STATUS_FORBIDDEN, "wrong");
	/* RC_ABSENT: it was disabled since */
	if ((rc = login_begin(v, &e->who)) == RC_ABSENT)
		return show(v, HTTP_STATUS_FORBIDDEN, "wrong");
	return rc == RC_OK ? go_in(v) : staff_refuse(v, rc, 0);
}

static int
login_enter(struct visit *v)
{
	void *arg;
	enum rc rc;

	if (!chore_known(v->req) && (rc = start(v)) != RC_OK)
		return staff_refuse(v, rc, 0);
	if ((rc = chore_step(v->req, &arg)) == RC_BUSY)
		return KORE_RESULT_RETRY;
	return rc == RC_OK ? finish(v, arg) : staff_refuse(v, rc, 0);
}

static int
login_leave(struct visit *v)
{
	enum rc rc = session_end(web_store(), v->token, time(NULL));

	if (rc != RC_OK)
		return staff_refuse(v, rc, 0);
	set_cookie(v->req, "");
	return staff_see(v, "/staff/login", "left");
}

const struct staff_page pages_login[] = {
    {"login", HTTP_METHOD_GET, 0, login_page},
    {"login", HTTP_METHOD_POST, 0, login_enter},
    {"logout", HTTP_METHOD_POST, FOR_ALL, login_leave},
    {NULL, 0, 0, NULL},
};
