/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * /d/ID: a registered letter for anybody.  What may be told is the register's to say
 * (register_public()); here it is only asked, in a thread if a code has to be compared.  No code is
 * kept: what it opens is shown in the answer to it and nowhere else.
 */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "answer.h"
#include "body.h"
#include "caps.h"
#include "chore.h"
#include "io.h"
#include "job.h"
#include "letter_part.h"
#include "routes.h"
#include "web.h"

#define TYPED_MAX   128 /* octets of an id with whatever was typed between its characters */
#define ABSENT_COST 3   /* further tokens for asking after a letter that is not there */

static void
reading_release(void *arg)
{
	struct reading *r = arg;

	register_free(r->letter);
	report_free(r->report);
	explicit_bzero(r->code, sizeof(r->code));
}

/* --- its address --- */

static int
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* %XX decoded; the octets that fit. */
static size_t
decode(char out[TYPED_MAX], const char *s)
{
	size_t n = 0;
	int high, low;

	for (; *s != '\0' && n < TYPED_MAX; s++) {
		if (*s == '%' && (high = hex_digit(s[1])) >= 0 && (low = hex_digit(s[2])) >= 0) {
			out[n++] = (char)(high << 4 | low);
			s += 2;
		} else
			out[n++] = *s;
	}
	return n;
}

static const struct ending {
	const char *text;
	enum letter_want want;
	int methods;
} endings[] = {
    {".json", LETTER_JSON, HTTP_METHOD_GET},
    {".pdf", LETTER_FILE, HTTP_METHOD_GET | HTTP_METHOD_POST},
    {"/compare", LETTER_COPY, HTTP_METHOD_POST},
    {"", LETTER_PAGE, HTTP_METHOD_GET | HTTP_METHOD_POST},
};

/* What is wanted of which letter, as far as there may be one.  NULL: there can't. */
static const struct ending *
parse(struct reading *r, const char *name, bool *canonical)
{
	char typed[TYPED_MAX];
	size_t i, len = decode(typed, name), end;

	for (i = 0; i < sizeof(endings) / sizeof(endings[0]); i++) {
		end = strlen(endings[i].text);
		if (len < end || memcmp(typed + len - end, endings[i].text, end) != 0)
			continue;
		r->want = endings[i].want;
		if (!crockford_id_read(typed, len - end, r->id))
			return NULL;
		*canonical = strncmp(name, r->id, CROCKFORD_ID_LEN) == 0 &&
			     strcmp(name + CROCKFORD_ID_LEN, endings[i].text) == 0;
		return &endings[i];
	}
	return NULL;
}

/* To the address as it is printed, whether there is such a letter or not. */
static int
to_canonical(struct http_request *req, const struct reading *r, const char *prefix, const char *end)
{
	char location[128];

	snprintf(location, sizeof(location), "%s%s%s%s", prefix, r->id, end,
	    ask_lang_chosen(req)        ? (ask_lang(req) == LANG_EN ? "?lang=en" : "?lang=id")
	    : ask_flag(req, "download") ? "?download=1"
					: "");
	return answer_moved(req, location);
}

/* --- asking the register --- */

struct claim {
	char id[CROCKFORD_ID_LEN + 1];
	char code[LETTER_CODE_MAX + 1];
	char address[INET6_ADDRSTRLEN];
	int64_t now;
	struct register_letter *letter;
	enum register_answer answer;
};

static enum rc
claim_run(struct store *s, void *arg)
{
	struct claim *c = arg;

	return register_public(s, c->id, c->code, c->address, c->now, &c->letter, &c->answer);
}

static void
claim_release(void *arg)
{
	struct claim *c = arg;

	register_free(c->letter);
	c->letter = NULL;
}

static enum rc
claim_start(struct http_request *req, const struct reading *r)
{
	struct claim *c = calloc(1, sizeof(*c));

	if (c == NULL)
		return RC_NOMEM;
	memcpy(c->id, r->id, sizeof(c->id));
	memcpy(c->code, r->code, sizeof(c->code));
	ask_address_text(req, c->address);
	c->now = time(NULL);
	return chore_start(req, claim_run, c, sizeof(*c), claim_release);
}

/* The report of the last check, for who may see it. */
static enum rc
load_report(struct store *s, struct reading *r)
{
	int64_t at;
	enum rc rc;

	if (r->letter == NULL || r->answer != REGISTER_DONE || r->letter->state < LETTER_SIGNED)
		return RC_OK;
	rc = register_report(s, r->id, &r->report, &at);
	r->lost = r->report != NULL && r->report->conclusion != r->letter->verdict;
	r->stale = rc == RC_OK && (r->report == NULL || r->lost);
	return rc == RC_ABSENT ? RC_OK : rc;
}

/* RC_BUSY: a thread compares the code. */
static enum rc
ask_register(struct http_request *req, struct reading *r)
{
	struct store *store = web_store();
	struct claim *c;
	void *arg;
	enum rc rc;

	if (store == NULL)
		return RC_IO;
	if (!chore_known(req) && r->code[0] != '\0' && (rc = claim_start(req, r)) != RC_OK)
		return rc == RC_BUSY ? RC_IO : rc; /* too many wait already */
	if (chore_known(req)) {
		if ((rc = chore_step(req, &arg)) == RC_BUSY)
			return RC_BUSY;
		c = arg;
		r->letter = c->letter;
		c->letter = NULL; /* transferred */
		r->answer = c->answer;
		chore_end(req);
	} else
		rc = register_public(store, r->id, NULL, "", time(NULL), &r->letter, &r->answer);
	if (rc == RC_OK)
		rc = load_report(store, r);
	r->asked = rc == RC_OK;
	return rc;
}

/* --- answers --- */

static int
absent(struct http_request *req)
{
	const struct html_request hr = {ask_lang(req), "/scan"};
	struct in6_addr a = ask_address(req);
	struct buf b;
	int i, ret;

	http_response_header(req, "x-robots-tag", "noindex");
	/* Whoever guesses is sooner at the end. */
	for (i = 0; web.limit != NULL && i < ABSENT_COST; i++)
		(void)limit_take(web.limit, LIMIT_LETTER, &a, io_now_ms());
	if (ask_json(req))
		return answer_problem(req, HTTP_STATUS_NOT_FOUND, "absent", "problem.absent",
		    "problem.absent_text", 0);
	buf_init(&b, CAP_PAGE);
	ret = answer_page(req, HTTP_STATUS_NOT_FOUND,
	    html_fill(web.html, &b, &hr, HTML_LETTER_ABSENT, html_fields(web.html, &hr)), &b);
	buf_clear(&b);
	return ret;
}

/* Whether a code was wrong, as a status. */
static int
status_of(const struct reading *r)
{
	if (r->answer == REGISTER_LOCKED)
		return 429;
	if (r->answer == REGISTER_CODE && (r->code[0] != '\0' || r->want != LETTER_PAGE))
		return HTTP_STATUS_FORBIDDEN;
	return HTTP_STATUS_OK;
}

static int
answer_program(struct http_request *req, const struct reading *r)
{
	struct buf b;
	int ret, status = r->code[0] != '\0' || r->want == LETTER_FILE || r->want == LETTER_COPY
			      ? status_of(r)
			      : HTTP_STATUS_OK;

	if (status != HTTP_STATUS_OK)
		return answer_problem(req, status, status == 429 ? "locked" : "code",
		    "problem.code", status == 429 ? "problem.code_locked" : "problem.code_text",
		    status == 429 ? CAP_LOGIN_LOCK : 0);
	buf_init(&b, CAP_PAGE);
	letter_json(&b, r);
	ret = answer_json(req, HTTP_STATUS_OK, &b);
	buf_clear(&b);
	return ret;
}

int
letter_answer(struct http_request *req, struct reading *r)
{
	char path[3 + CROCKFORD_ID_LEN + 1] = "/d/";
	const struct html_request hr = {ask_lang(req), path};
	struct fields *f;
	struct buf b;
	int ret;

	if (ask_json(req))
		return answer_program(req, r);
	memcpy(path + 3, r->id, CROCKFORD_ID_LEN + 1);
	f = html_fields(web.html, &hr);
	letter_fields(f, hr.lang, r);
	buf_init(&b, CAP_PAGE);
	ret = answer_page(req, status_of(r), html_fill(web.html, &b, &hr, HTML_LETTER, f), &b);
	buf_clear(&b);
	return ret;
}

static int
go_on(struct http_request *req, struct reading *r)
{
	enum rc rc;

	if (!r->asked && (rc = ask_register(req, r)) != RC_OK)
		return rc == RC_BUSY ? KORE_RESULT_RETRY
				     : answer_error(req, HTTP_STATUS_SERVICE_UNAVAILABLE, 3);
	if (r->letter == NULL)
		return absent(req);
	if (r->want == LETTER_FILE && r->answer == REGISTER_DONE)
		return letter_viewable(r) ? letter_file(req, r) : absent(req);
	http_response_header(req, "x-robots-tag", "noindex");
	if (r->want == LETTER_COPY && r->answer == REGISTER_DONE)
		return letter_copy(req, r);
	return letter_answer(req, r);
}

/* --- what came with it --- */

static void
take_code(struct reading *r, const char *code)
{
	size_t n = strnlen(code, LETTER_CODE_MAX + 1);

	/* A longer one is wrong, not absent. */
	if (n > LETTER_CODE_MAX)
		n = LETTER_CODE_MAX;
	memcpy(r->code, code, n);
	r->code[n] = '\0';
}

static enum rc
take_form(struct http_request *req, struct reading *r)
{
	struct form *form = NULL;
	struct body body;
	enum rc rc = body_open(&body, req);

	body_forget(req);
	if (rc == RC_OK)
		rc = body_form(&body, req, &form);
	if (rc == RC_OK) {
		take_code(r, form_get(form, "code"));
		r->download = r->download || form_has(form, "download");
	}
	form_free(form);
	body_close(&body);
	return rc;
}

static int
begin(struct http_request *req, struct reading *r, const char *prefix, const char *name, bool api)
{
	const struct ending *e;
	const char *code;
	bool canonical = false;
	enum rc rc;

	e = parse(r, name, &canonical);
	if (answer_limited(req, api                      ? LIMIT_API
				: r->want == LETTER_COPY ? LIMIT_PAGE
							 : LIMIT_LETTER))
		return KORE_RESULT_OK;
	if (e == NULL || (api && r->want != LETTER_PAGE))
		return absent(req);
	if (!canonical)
		return to_canonical(req, r, prefix, e->text);
	if ((e->methods & (req->method == HTTP_METHOD_HEAD ? HTTP_METHOD_GET : req->method)) == 0)
		return answer_method(req, e->methods == HTTP_METHOD_POST ? "POST" : "GET, HEAD");
	r->download = ask_flag(req, "download");
	if (http_request_header(req, "periksa-code", &code) == KORE_RESULT_OK)
		take_code(r, code);
	if (req->method == HTTP_METHOD_POST && (rc = take_form(req, r)) != RC_OK)
		return verify_refuse(req, rc);
	return go_on(req, r);
}

static int
handle(struct http_request *req, const char *prefix, const char *name, bool api)
{
	bool known = state_known(req);
	struct reading *r = state_own(req, sizeof(*r), reading_release);

	if (r == NULL)
		return answer_error(req, HTTP_STATUS_SERVICE_UNAVAILABLE, 3);
	return known ? go_on(req, r) : begin(req, r, prefix, name, api);
}

int
letter_page(struct http_request *req, const char *name)
{
	return handle(req, "/d/", name, false);
}

int
letter_api(struct http_request *req, const char *name)
{
	return handle(req, "/api/v1/documents/", name, true);
}
