/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * /scan: from an id that was typed, a photo, a page or a camera to a registered letter.  The only
 * address that this leads to is our own /d/ID, written anew; any other is shown as text, and
 * nothing is opened or fetched.
 */
#include <stdio.h>
#include <string.h>

#include "addresses.h"
#include "answer.h"
#include "body.h"
#include "caps.h"
#include "json.h"
#include "letter_part.h"
#include "press.h"
#include "report.h"
#include "routes.h"
#include "web.h"

#define PDF_COST  10  /* a PDF may have fifty pages */
#define TYPED_MAX 200 /* octets that are typed or pasted */

struct find {
	enum address kind;
	enum paper_source source;
	uint32_t page; /* 0: it was typed, or sent by a camera */
	char id[CROCKFORD_ID_LEN + 1];
	struct weblink link;
	const char *text; /* fit to be shown */
};

struct finds {
	struct arena *arena;
	struct find v[CAP_PAPER_FINDS];
	size_t n;
};

/* What each kind is called.  None is green: a QR says nothing about a letter, only its page does.
 */
static const struct {
	const char *kind, *word, *said, *look;
} sorts[ADDRESS__MAX] = {
    [ADDRESS_OWN] = {"own", "scan.own", "scan.own_text", "plain"},
    [ADDRESS_ID] = {"id", "scan.own", "scan.text_id_text", "plain"},
    [ADDRESS_KNOWN] = {"known", "scan.known", "scan.known_text", "unknown"},
    [ADDRESS_FOREIGN] = {"foreign", "scan.foreign", "scan.foreign_text", "fail"},
    [ADDRESS_STRANGE] = {"strange", "scan.strange", "scan.strange_text", "fail"},
    [ADDRESS_TEXT] = {"text", "scan.text", "scan.text_text", "plain"},
};

static const char *
said(const struct find *f)
{
	return f->kind == ADDRESS_KNOWN && f->id[0] != '\0' ? "scan.known_id_text"
							    : sorts[f->kind].said;
}

/* To somewhere else, whose host is told. */
static bool
leads(const struct find *f)
{
	return f->kind > ADDRESS_ID && f->link.kind == WEBLINK_WEB && f->link.host[0] != '\0';
}

/* --- what was found --- */

static void
finds_free(struct finds *v)
{
	if (v != NULL)
		arena_free(v->arena);
	free(v);
}

static struct finds *
finds_new(void)
{
	struct finds *v = calloc(1, sizeof(*v));

	if (v == NULL || (v->arena = arena_new(CAP_PAGE)) == NULL) {
		finds_free(v);
		return NULL;
	}
	return v;
}

/* The same letter twice is one find: its QR and its id stand beside each other. */
static bool
is_known(const struct finds *v, const struct find *f)
{
	size_t i;

	for (i = 0; i < v->n; i++)
		if (f->kind <= ADDRESS_ID && v->v[i].kind <= ADDRESS_ID
			? strcmp(v->v[i].id, f->id) == 0
			: f->text != NULL && strcmp(v->v[i].text, f->text) == 0)
			return true;
	return false;
}

static void
add(struct finds *v, const uint8_t *p, size_t len, uint32_t page, enum paper_source source)
{
	struct find *f = &v->v[v->n];

	if (v->n == CAP_PAPER_FINDS)
		return;
	memset(f, 0, sizeof(*f));
	f->page = page;
	f->source = source;
	f->kind = addresses_look(p, len, web.public_url, &f->link, f->id);
	f->text = report_text(v->arena, p, len);
	if (f->text == NULL)
		f->text = "";
	/* What only looks like an id is none; a page has other words. */
	if (source == PAPER_FROM_TEXT && f->kind != ADDRESS_ID)
		return;
	if (!is_known(v, f))
		v->n++;
}

static enum rc
add_all(struct finds *v, const struct paper_answer *a)
{
	struct paper_octets rest = a->out;
	struct paper_find f;
	enum rc rc;

	while ((rc = paper_find_next(&rest, &f)) == RC_OK)
		add(v, f.text.p, f.text.len, f.page, f.source);
	return rc == RC_ABSENT ? RC_OK : rc;
}

/* The letter that all of it leads to; NULL: there is none, or something else, too. */
static const char *
only_letter(const struct finds *v)
{
	return v->n == 1 && v->v[0].kind <= ADDRESS_ID ? v->v[0].id : NULL;
}

/* --- answers --- */

static void
reasons_fields(struct fields *item, enum lang lang, const struct find *f)
{
	char key[32];
	struct fields *r;
	unsigned i;

	fields_flag(item, "has_reasons", leads(f) && f->link.reasons != 0);
	for (i = 0; i < WEBLINK_REASONS; i++) {
		if ((f->link.reasons & 1u << i) == 0)
			continue;
		r = fields_item(item, "reasons");
		snprintf(key, sizeof(key), "link.%s", weblink_word(i));
		fields_text(r, "code", weblink_word(i));
		fields_text(r, "reason", html_text(web.html, lang, key));
	}
}

static void
find_fields(struct fields *item, enum lang lang, const struct find *f)
{
	char before[sizeof(f->link.host)], page[16];
	bool away = f->kind > ADDRESS_ID;

	fields_text(item, "kind", sorts[f->kind].kind);
	fields_text(item, "look", sorts[f->kind].look);
	fields_text(item, "word", html_text(web.html, lang, sorts[f->kind].word));
	fields_text(item, "said", html_text(web.html, lang, said(f)));
	snprintf(page, sizeof(page), "%u", f->page);
	fields_flag(item, "has_page", f->page != 0);
	fields_text(item, "page", page);
	fields_flag(item, "has_host", leads(f));
	snprintf(before, sizeof(before), "%.*s", (int)f->link.domain, f->link.host);
	fields_text(item, "before", before);
	fields_text(item, "domain", f->link.host + f->link.domain);
	fields_flag(item, "has_text", away);
	fields_text(item, "held", f->text);
	if (away)
		reasons_fields(item, lang, f);
	fields_flag(item, "own", f->id[0] != '\0');
	fields_text(item, "letter", f->id);
}

static void
find_json(struct buf *b, enum lang lang, const struct find *f)
{
	const char *comma = "";
	char key[32];
	unsigned i;

	buf_printf(b, "{\"kind\":\"%s\",\"look\":\"%s\",\"page\":%u,\"id\":", sorts[f->kind].kind,
	    sorts[f->kind].look, f->page);
	json_text(b, f->id);
	buf_str(b, ",\"text\":");
	json_text(b, f->text);
	buf_str(b, ",\"host\":");
	json_text(b, leads(f) ? f->link.host : "");
	buf_str(b, ",\"domain\":");
	json_text(b, leads(f) ? f->link.host + f->link.domain : "");
	buf_str(b, ",\"word\":");
	json_text(b, html_text(web.html, lang, sorts[f->kind].word));
	buf_str(b, ",\"said\":");
	json_text(b, html_text(web.html, lang, said(f)));
	buf_str(b, ",\"reasons\":[");
	for (i = 0; leads(f) && i < WEBLINK_REASONS; i++) {
		if ((f->link.reasons & 1u << i) == 0)
			continue;
		snprintf(key, sizeof(key), "link.%s", weblink_word(i));
		buf_printf(b, "%s{\"code\":\"%s\",\"reason\":", comma, weblink_word(i));
		json_text(b, html_text(web.html, lang, key));
		buf_u8(b, '}');
		comma = ",";
	}
	buf_str(b, "]}");
}

static int
answer_program(struct http_request *req, int status, const struct finds *v, const char *problem)
{
	struct buf b;
	size_t i;
	int ret;

	if (problem != NULL && status != HTTP_STATUS_OK)
		return answer_problem(req, status, "scan", "scan.title", problem, 0);
	buf_init(&b, CAP_PAGE);
	buf_str(&b, "{\"finds\":[");
	for (i = 0; i < v->n; i++) {
		buf_str(&b, i > 0 ? "," : "");
		find_json(&b, ask_lang(req), &v->v[i]);
	}
	buf_str(&b, "]}");
	ret = answer_json(req, HTTP_STATUS_OK, &b);
	buf_clear(&b);
	return ret;
}

/* problem: a key, or NULL; typed: what stood in the field, or NULL. */
static int
answer_scan(struct http_request *req, int status, const struct finds *v, const char *problem,
    const char *typed, size_t length)
{
	const struct html_request r = {ask_lang(req), "/scan"};
	struct fields *f;
	char number[24];
	struct buf b;
	size_t i;
	int ret;

	http_response_header(req, "x-robots-tag", "noindex");
	if (ask_json(req))
		return answer_program(req, status, v,
		    problem != NULL ? problem
		    : length > 0    ? "scan.typo"
				    : NULL);
	f = html_fields(web.html, &r);
	for (i = 0; v != NULL && i < v->n; i++)
		find_fields(fields_item(f, "finds"), r.lang, &v->v[i]);
	fields_flag(f, "has_finds", v != NULL && v->n > 0);
	fields_flag(f, "answered", true);
	if (problem != NULL)
		fields_text(f, "problem", html_text(web.html, r.lang, problem));
	fields_flag(f, "mistyped", length > 0);
	snprintf(number, sizeof(number), "%zu", length);
	fields_text(f, "typed", number);
	fields_text(f, "typed_id", typed != NULL ? typed : "");
	buf_init(&b, CAP_PAGE);
	ret = answer_page(req, status, html_fill(web.html, &b, &r, HTML_SCAN, f), &b);
	buf_clear(&b);
	return ret;
}

static int
answer_finds(struct http_request *req, struct finds *v)
{
	const char *id = only_letter(v);
	char location[64];

	if (id == NULL || ask_json(req))
		return answer_scan(req, HTTP_STATUS_OK, v, v->n == 0 ? "scan.none" : NULL, NULL, 0);
	snprintf(
	    location, sizeof(location), "/d/%s%s", id, ask_lang(req) == LANG_EN ? "?lang=en" : "");
	return answer_see(req, location);
}

/* --- an id that was typed --- */

/* Characters but those that don't count. */
static size_t
count(const char *s)
{
	size_t n = 0;

	for (; *s != '\0'; s++)
		if (strchr(" \t\r\n-", *s) == NULL && (*s & 0xc0) != 0x80)
			n++;
	return n;
}

/* A text that somebody typed or pasted, or that a camera has read: id or address. */
static int
take_text(struct http_request *req, const char *s, bool typed)
{
	struct finds *v = finds_new();
	size_t n = count(s);
	char *shown;
	int ret;

	if (v == NULL)
		return answer_error(req, HTTP_STATUS_SERVICE_UNAVAILABLE, 3);
	add(v, (const uint8_t *)s, strlen(s), 0, PAPER_FROM_QR);
	if (typed && v->n == 1 && v->v[0].kind == ADDRESS_TEXT) {
		shown = report_text(v->arena, s, strlen(s));
		v->n = 0;
		ret = answer_scan(req, HTTP_STATUS_BAD_REQUEST, v,
		    n == CROCKFORD_ID_LEN ? "scan.typo" : NULL, shown,
		    n == CROCKFORD_ID_LEN ? 0 : n);
	} else
		ret = answer_finds(req, v);
	finds_free(v);
	return ret;
}

static int
show(struct http_request *req)
{
	const struct html_request r = {ask_lang(req), "/scan"};
	struct fields *f = html_fields(web.html, &r);
	struct buf b;
	int ret;

	fields_text(f, "typed_id", "");
	buf_init(&b, CAP_PAGE);
	ret = answer_page(req, HTTP_STATUS_OK, html_fill(web.html, &b, &r, HTML_SCAN, f), &b);
	buf_clear(&b);
	return ret;
}

static int
scan_get(struct http_request *req)
{
	struct form *query = NULL;
	const char *id;
	int ret;

	if (form_query(&query, req->query_string) != RC_OK)
		return answer_error(req, HTTP_STATUS_BAD_REQUEST, 0);
	id = form_get(query, "id");
	if (*id == '\0')
		ret = show(req);
	else if (strnlen(id, TYPED_MAX + 1) > TYPED_MAX)
		ret = answer_error(req, HTTP_STATUS_BAD_REQUEST, 0);
	else
		ret = take_text(req, id, true);
	form_free(query);
	return ret;
}

/* --- a picture or a page --- */

static bool
is_picture(const uint8_t *p, size_t len)
{
	return (len >= 8 && memcmp(p, "\x89PNG\r\n\x1a\n", 8) == 0) ||
	       (len >= 3 && memcmp(p, "\xff\xd8\xff", 3) == 0);
}

/* As many scans as PDF_COST; true: more than whoever asks may still have, and answered. */
static bool
costly(struct http_request *req)
{
	unsigned i;

	for (i = 1; i < PDF_COST; i++)
		if (answer_limited(req, LIMIT_SCAN))
			return true;
	return false;
}

static int
start_press(struct http_request *req, const uint8_t *p, size_t len)
{
	struct paper_job job = {.kind = PAPER_SCAN};

	/* No 413: a proxy shows its page about the larger limit of uploads instead. */
	if (len > CAP_SCAN_PHOTO)
		return answer_scan(req, 422, NULL, "scan.too_large", NULL, 0);
	if (!is_picture(p, len) && (len < 5 || memcmp(p, "%PDF-", 5) != 0))
		return answer_scan(req, 422, NULL, "scan.unreadable", NULL, 0);
	/* Pages may take half a minute of who prints for staff, too. */
	if (!is_picture(p, len) && costly(req))
		return KORE_RESULT_OK;
	job.part[PAPER_DOCUMENT] = (struct paper_octets){p, len};
	if (press_start(req, &job) != RC_OK)
		return answer_error(req, HTTP_STATUS_SERVICE_UNAVAILABLE, 3);
	return KORE_RESULT_RETRY;
}

static int
go_on(struct http_request *req)
{
	const struct paper_answer *a;
	struct finds *v;
	enum rc rc = press_step(req, &a);
	int ret;

	if (rc == RC_BUSY)
		return KORE_RESULT_RETRY;
	if (rc == RC_OK && a->code != PAPER_OK && a->code != PAPER_TROUBLE)
		return answer_scan(req, 422, NULL, "scan.unreadable", NULL, 0);
	if (rc != RC_OK || a->code != PAPER_OK || (v = finds_new()) == NULL)
		return answer_error(req, HTTP_STATUS_SERVICE_UNAVAILABLE, 3);
	if (add_all(v, a) == RC_OK)
		ret = answer_finds(req, v);
	else
		ret = answer_error(req, HTTP_STATUS_SERVICE_UNAVAILABLE, 3);
	finds_free(v);
	return ret;
}

static int
scan_post(struct http_request *req)
{
	struct form *form = NULL;
	struct form_file file;
	struct body body;
	enum rc rc = body_open(&body, req);
	int ret;

	body_forget(req);
	if (rc == RC_OK)
		rc = body_form(&body, req, &form);
	if (rc == RC_OK && form_file(form, "photo", 0, &file))
		ret = start_press(req, body.p + file.off, file.len);
	else if (rc == RC_OK && *form_get(form, "text") != '\0')
		ret = take_text(req, form_get(form, "text"), false);
	else
		ret = verify_refuse(req, rc == RC_OK ? RC_ABSENT : rc);
	form_free(form);
	body_close(&body);
	return ret == KORE_RESULT_RETRY ? go_on(req) : ret;
}

int
scan_page(struct http_request *req, const char *name)
{
	(void)name;
	if (press_known(req))
		return go_on(req);
	if (answer_limited(req, LIMIT_SCAN))
		return KORE_RESULT_OK;
	return req->method == HTTP_METHOD_POST ? scan_post(req) : scan_get(req);
}
