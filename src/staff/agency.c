/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What an agency prints below its letters: the wording and the logo.  Nothing is kept that was not
 * printed once: the footer is made with it before it is written down.
 */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "crockford.h"
#include "letterhead.h"
#include "login.h"
#include "press.h"
#include "register.h"
#include "staff.h"
#include "stationery.h"

#define PREVIEW_DPI 200

struct office {
	int64_t id;
	char code[33];
	char name[4 * CAP_LETTER_TEXT + 1];
};

/* ---- which agency ---- */

struct search {
	const char *code;
	size_t len;
	struct office *out;
};

static bool
match(const struct agency_row *row, void *arg)
{
	const struct search *s = arg;

	if (strlen(row->code) != s->len || strncmp(row->code, s->code, s->len) != 0)
		return true;
	s->out->id = row->id;
	snprintf(s->out->code, sizeof(s->out->code), "%s", row->code);
	snprintf(s->out->name, sizeof(s->out->name), "%s", row->name);
	return false;
}

/* "CODE" or "CODE/part" of v->rest.  False: there is none, *ret is what was answered. */
static bool
find_office(struct visit *v, struct office *o, const char **part, int *ret)
{
	struct search s = {v->rest, strcspn(v->rest, "/"), o};
	enum account_answer answer;
	enum rc rc;

	*part = v->rest[s.len] == '/' ? v->rest + s.len + 1 : "";
	rc = account_agencies(web_store(), &v->who, match, &s, &answer);
	if (rc != RC_OK || o->id == 0)
		*ret = staff_refuse(v, rc, REGISTER_ABSENT);
	return rc == RC_OK && o->id != 0;
}

static bool
put_row(const struct agency_row *row, void *arg)
{
	struct fields *item = fields_item(arg, "agencies");

	fields_text(item, "code", row->code);
	fields_text(item, "name", row->name);
	return true;
}

static int
agency_list(struct visit *v)
{
	struct fields *f = staff_fields(v);
	enum account_answer answer;
	enum rc rc = account_agencies(web_store(), &v->who, put_row, f, &answer);

	if (rc == RC_OK)
		return staff_page(v, HTTP_STATUS_OK, HTML_STAFF_AGENCIES, f);
	fields_free(f);
	return staff_refuse(v, rc, 0);
}

/* ---- one of them ---- */

static void
add_wordings(enum lang lang, struct fields *f, const char *chosen)
{
	const struct stationery_wording *w;
	struct fields *item;
	size_t i;

	if (web.stationery == NULL)
		return;
	for (i = 0; (w = stationery_wording(web.stationery, i)) != NULL; i++) {
		item = fields_item(f, "wordings");
		fields_text(item, "word", w->name);
		fields_text(item, "words", w->text);
		fields_text(item, "source", stationery_source(w, lang == LANG_EN));
		fields_text(item, "note", stationery_note(w, lang == LANG_EN));
		fields_flag(item, "has_note", *stationery_note(w, false) != '\0');
		fields_flag(item, "chosen", strcmp(w->name, chosen) == 0);
	}
}

static int
show(struct visit *v, int status, const struct office *o, const char *problem)
{
	struct letterhead *head;
	struct fields *f;
	char number[16];
	enum rc rc = letterhead_read(web_store(), o->id, &head);

	if (rc != RC_OK)
		return staff_refuse(v, rc, 0);
	f = staff_fields(v);
	add_wordings(v->lang, f, problem != NULL ? form_get(v->form, "wording") : head->wording);
	fields_flag(f, "own_text",
	    (problem != NULL ? form_get(v->form, "wording") : head->wording)[0] == '\0');
	fields_text(f, "text", problem != NULL ? form_get(v->form, "text") : head->text);
	fields_text(f, "code", o->code);
	fields_text(f, "name", o->name);
	fields_flag(f, "has_logo", head->logo != NULL);
	snprintf(number, sizeof(number), "%u", head->version);
	fields_text(f, "edition", number);
	snprintf(number, sizeof(number), "%u", CAP_PAPER_LOGO >> 20);
	fields_text(f, "logo_max", number);
	fields_flag(f, "can_print", web.paper != NULL && web.stationery != NULL);
	letterhead_free(head);
	if (problem != NULL)
		staff_problem(v, f, problem);
	return staff_page(v, status, HTML_STAFF_AGENCY, f);
}

/* ---- printing a sample ---- */

/* The footer of a letter that does not exist.  Run again while RC_BUSY. */
static enum rc
print(struct visit *v, const struct office *o, const struct letterhead *head,
    const struct paper_answer **a)
{
	static const uint8_t zeros[16];
	char id[CROCKFORD_ID_LEN + 1];
	struct stationery_footer footer = {
	    .id = id, .agency_name = o->name, .head = head, .logo = true};
	struct paper_job job = {.kind = PAPER_FOOTER, .format = PAPER_PNG, .dpi = PREVIEW_DPI};
	struct buf address;
	enum rc rc = RC_OK;

	*a = NULL;
	if (!press_known(v->req)) {
		if (web.stationery == NULL)
			return RC_IO;
		crockford_id(zeros, id);
		buf_init(&address, CAP_TEXT);
		if (web.public_url == NULL || !stationery_address(&address, web.public_url, id))
			rc = RC_IO;
		footer.address = buf_text(&address);
		if (rc == RC_OK)
			rc = stationery_footer(web.stationery, &footer, &job);
		if (rc == RC_OK)
			rc = press_start(v->req, &job);
		buf_clear(&address);
	}
	return rc == RC_OK ? press_step(v->req, a) : rc;
}

static int
preview(struct visit *v, const struct office *o)
{
	const struct paper_answer *a;
	struct letterhead *head;
	enum rc rc = letterhead_read(web_store(), o->id, &head);

	if (rc != RC_OK)
		return staff_refuse(v, rc, 0);
	rc = print(v, o, head, &a);
	letterhead_free(head);
	if (rc == RC_BUSY)
		return KORE_RESULT_RETRY;
	if (rc != RC_OK || a->code != PAPER_OK)
		return staff_refuse(v, rc == RC_OK || rc == RC_ABSENT ? RC_IO : rc, 0);
	return staff_file(v, "image/png", NULL, false, a->out.p, a->out.len);
}

static int
agency_page(struct visit *v)
{
	struct office o = {.id = 0};
	const char *part;
	int ret;

	if (!find_office(v, &o, &part, &ret))
		return ret;
	if (strcmp(part, "footer.png") == 0)
		return preview(v, &o);
	return *part == '\0' ? show(v, HTTP_STATUS_OK, &o, NULL)
			     : staff_refuse(v, RC_OK, REGISTER_ABSENT);
}

/* ---- saving ---- */

/* What the form says, over what there is.  *keep: the logo stays.  NULL, or what is wrong. */
static const char *
take_form(struct visit *v, struct letterhead *head, bool *keep)
{
	const char *wording = form_get(v->form, "wording");
	struct form_file logo;

	if (*wording != '\0' &&
	    (web.stationery == NULL || stationery_find(web.stationery, wording) == NULL))
		return "wording";
	head->wording = wording;
	head->text = *wording == '\0' ? form_get(v->form, "text") : "";
	if (*wording == '\0' && *head->text == '\0')
		return "no_text";
	*keep = true;
	if (form_file(v->form, "logo", 0, &logo) && logo.len > 0) {
		*keep = false;
		head->logo = staff_octets(v, &logo);
		head->logo_len = logo.len;
		if (head->logo == NULL || logo.len > CAP_PAPER_LOGO)
			return "logo";
	} else if (form_has(v->form, "no_logo")) {
		*keep = false;
		head->logo = NULL;
		head->logo_len = 0;
	}
	return NULL;
}

/* Why a sample could not be printed, as a KEY of staff_problem(); NULL: it could. */
static const char *
objection(const struct paper_answer *a)
{
	if (a->code == PAPER_OK)
		return NULL;
	if (a->code == PAPER_BAD_LOGO)
		return "logo";
	return a->code == PAPER_BAD_TEXT || a->code == PAPER_TOO_LONG ? "unprintable" : "print";
}

static int
save(struct visit *v, const struct office *o, struct letterhead *head)
{
	const struct paper_answer *a;
	enum account_answer answer;
	const char *problem;
	char path[64];
	bool keep;
	enum rc rc;

	if ((problem = take_form(v, head, &keep)) != NULL)
		return show(v, HTTP_STATUS_BAD_REQUEST, o, problem);
	if ((rc = print(v, o, head, &a)) == RC_BUSY)
		return KORE_RESULT_RETRY;
	if (rc != RC_OK)
		return show(v, HTTP_STATUS_SERVICE_UNAVAILABLE, o, "print");
	if ((problem = objection(a)) != NULL)
		return show(v, HTTP_STATUS_BAD_REQUEST, o, problem);
	rc = letterhead_write(web_store(), &v->who, o->id, head, keep, time(NULL), &answer);
	if (rc != RC_OK)
		return staff_refuse(v, rc, 0);
	if (answer != ACCOUNT_DONE)
		return show(v, HTTP_STATUS_BAD_REQUEST, o, login_problem(answer));
	snprintf(path, sizeof(path), "/staff/agency/%s", o->code);
	return staff_see(
	    v, path, (a->notes & PAPER_NOTE_NO_LOGO) != 0 ? "agency_without_logo" : "agency");
}

static int
agency_save(struct visit *v)
{
	struct letterhead *head;
	struct office o = {.id = 0};
	const char *part;
	enum rc rc;
	int ret;

	if (!find_office(v, &o, &part, &ret))
		return ret;
	if ((rc = letterhead_read(web_store(), o.id, &head)) != RC_OK)
		return staff_refuse(v, rc, 0);
	ret = save(v, &o, head);
	letterhead_free(head);
	return ret;
}

const struct staff_page pages_agency[] = {
    {"agency", HTTP_METHOD_GET, FOR_ADMIN, agency_list},
    {"agency/", HTTP_METHOD_GET, FOR_ADMIN, agency_page},
    {"agency/", HTTP_METHOD_POST, FOR_ADMIN, agency_save},
    {NULL, 0, 0, NULL},
};
