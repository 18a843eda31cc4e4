/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The list of letters, and which page is whose below the address of one. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bureau.h"

#define PAGE_ROWS 25
#define COUNTED   1000 /* more are not counted */

/* --- what is asked for --- */

static void
read_query(const struct visit *v, struct register_query *q)
{
	const char *words = form_get(v->form, "q");
	const char *since = form_get(v->form, "since"), *until = form_get(v->form, "until");
	const char *before = form_get(v->form, "before"), *unit = form_get(v->form, "unit");

	memset(q, 0, sizeof(*q));
	q->state = letter_state_parse(form_get(v->form, "state"));
	q->pending = strcmp(form_get(v->form, "only"), "pending") == 0;
	q->alerts = strcmp(form_get(v->form, "only"), "alerts") == 0;
	q->words = *words != '\0' ? words : NULL;
	q->unit = *unit != '\0' ? unit : NULL;
	q->since = *since != '\0' ? since : NULL;
	q->until = *until != '\0' ? until : NULL;
	q->before = *before != '\0' ? before : NULL;
	if (v->who.role != ROLE_STAFF)
		q->agency = strtoll(form_get(v->form, "agency"), NULL, 10);
}

struct list {
	struct visit *v;
	struct fields *f;
	int64_t n;
	char first[CROCKFORD_ID_LEN + 1], last[CROCKFORD_ID_LEN + 1];
	bool more;
};

static bool
add_row(const struct register_row *row, void *arg)
{
	struct list *l = arg;
	struct fields *item;

	if (l->n == PAGE_ROWS) {
		l->more = true;
		return false;
	}
	item = fields_item(l->f, "letters");
	fields_text(item, "id", row->id);
	fields_text(item, "number", row->number);
	fields_text(item, "subject", row->subject);
	html_day(web.html, l->v->lang, item, "day", row->date);
	fields_text(item, "unit", row->unit);
	fields_text(item, "agency", row->agency);
	bureau_word(l->v, item, "state_word", "desk.state.", letter_state_name(row->state));
	fields_flag(item, "pending", row->pending);
	fields_flag(item, "alert", row->alert);
	if (l->n == 0)
		snprintf(l->first, sizeof(l->first), "%s", row->id);
	snprintf(l->last, sizeof(l->last), "%s", row->id);
	l->n++;
	return true;
}

/* All that are found, as far as they are counted, and where the page before this one begins. */
struct count {
	int64_t n;
	const char *first;                 /* of this page */
	bool earlier;                      /* something stands before it, and: */
	char before[CROCKFORD_ID_LEN + 1]; /* "": the first page is the one before */
	char passed[PAGE_ROWS + 1][CROCKFORD_ID_LEN + 1];
};

static bool
count_row(const struct register_row *row, void *arg)
{
	struct count *c = arg;
	char *slot = c->passed[c->n % (PAGE_ROWS + 1)];

	if (c->n > 0 && strcmp(row->id, c->first) == 0) {
		c->earlier = true;
		if (c->n > PAGE_ROWS)
			memcpy(c->before, slot, sizeof(c->before));
	}
	snprintf(slot, sizeof(c->passed[0]), "%s", row->id);
	return ++c->n < COUNTED + 1;
}

/* --- the form again --- */

static bool
add_agency(const struct agency_row *row, void *arg)
{
	const struct list *l = arg;
	struct fields *item = fields_item(l->f, "agencies");
	char id[24];

	snprintf(id, sizeof(id), "%lld", (long long)row->id);
	fields_text(item, "agency_id", id);
	fields_text(item, "agency_label", row->name);
	fields_flag(item, "agency_chosen", strcmp(id, form_get(l->v->form, "agency")) == 0);
	return true;
}

static void
form_fields(const struct visit *v, struct fields *f)
{
	static const char *const only[] = {"", "pending", "alerts"};
	static const char *const folded[] = {"state", "only", "agency", "unit", "since", "until"};
	struct fields *item;
	size_t i;

	for (i = 0; i < sizeof(folded) / sizeof(folded[0]); i++)
		if (*form_get(v->form, folded[i]) != '\0')
			fields_flag(f, "filtered", true);
	fields_text(f, "query", form_get(v->form, "q"));
	fields_text(f, "unit_query", form_get(v->form, "unit"));
	fields_text(f, "since", form_get(v->form, "since"));
	fields_text(f, "until", form_get(v->form, "until"));
	for (i = 0; i < LETTER_STATE__MAX; i++) {
		item = fields_item(f, "states");
		fields_text(item, "state_name", letter_state_name((enum letter_state)i));
		bureau_word(
		    v, item, "state_word", "desk.state.", letter_state_name((enum letter_state)i));
		fields_flag(item, "state_chosen",
		    letter_state_parse(form_get(v->form, "state")) == (enum letter_state)i);
	}
	for (i = 0; i < sizeof(only) / sizeof(only[0]); i++) {
		item = fields_item(f, "onlys");
		fields_text(item, "only_name", only[i]);
		bureau_word(v, item, "only_word", "desk.only.", *only[i] != '\0' ? only[i] : "any");
		fields_flag(item, "only_chosen", strcmp(only[i], form_get(v->form, "only")) == 0);
	}
}

/* The same query from a letter on, as a field. */
static void
way(const struct visit *v, struct fields *f, const char *key, const char *before)
{
	static const char *const names[] = {
	    "q", "state", "only", "agency", "unit", "since", "until"};
	struct buf b;
	size_t i;

	buf_init(&b, 8192);
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		bureau_query(&b, names[i], form_get(v->form, names[i]));
	bureau_query(&b, "before", before);
	fields_text(f, key, buf_text(&b));
	buf_clear(&b);
}

static void
ways(const struct list *l, const struct count *c)
{
	fields_flag(l->f, "more", l->more);
	way(l->v, l->f, "next", l->last);
	fields_flag(l->f, "earlier", c->earlier);
	way(l->v, l->f, "previous", c->before);
	fields_flag(l->f, "later", *form_get(l->v->form, "before") != '\0');
	way(l->v, l->f, "newest", "");
}

static enum rc
fill(struct visit *v, struct store *s, struct list *l)
{
	enum account_answer others = ACCOUNT_DONE;
	enum register_answer answer;
	struct register_query q;
	struct count c = {.first = l->first};
	enum rc rc;

	read_query(v, &q);
	q.limit = PAGE_ROWS + 1;
	rc = register_list(s, &v->who, &q, add_row, l, &answer);
	if (rc == RC_OK && answer != REGISTER_DONE)
		bureau_problem(v, l->f, "since", "desk.problem.filter");
	q.before = NULL;
	q.limit = COUNTED + 1;
	if (rc == RC_OK && answer == REGISTER_DONE)
		rc = register_list(s, &v->who, &q, count_row, &c, &answer);
	if (rc == RC_OK && v->who.role != ROLE_STAFF)
		rc = account_agencies(s, &v->who, add_agency, l, &others);
	bureau_number(l->f, "count", c.n > COUNTED ? COUNTED : c.n);
	fields_flag(l->f, "counted_more", c.n > COUNTED);
	ways(l, &c);
	fields_flag(l->f, "any", l->n > 0);
	fields_flag(l->f, "has_agencies", v->who.role != ROLE_STAFF);
	return rc;
}

int
letters_list(struct visit *v)
{
	struct list l = {.v = v};
	struct store *s = web_store();
	enum rc rc = RC_IO;

	l.f = staff_fields(v);
	form_fields(v, l.f);
	if (s != NULL)
		rc = fill(v, s, &l);
	if (rc != RC_OK) {
		fields_free(l.f);
		return staff_refuse(v, rc, 0);
	}
	return staff_page(v, HTTP_STATUS_OK, HTML_DESK_LETTERS, l.f);
}

/* --- below a letter's address --- */

static const struct {
	const char *part;
	int method;
	bool writes; /* no page for an auditor */
	bureau_fn *fn;
} parts[] = {
    {"", HTTP_METHOD_GET, false, letter_show},
    {"edit", HTTP_METHOD_GET, true, draft_edit},
    {"edit", HTTP_METHOD_POST, true, draft_save},
    {"issue", HTTP_METHOD_POST, true, letter_issue},
    {"supersede", HTTP_METHOD_POST, true, letter_supersede},
    {"withdraw", HTTP_METHOD_POST, true, letter_withdraw},
    {"print", HTTP_METHOD_GET, false, print_page},
    {"footer.png", HTTP_METHOD_GET, false, print_footer},
    {"footer.svg", HTTP_METHOD_GET, false, print_footer},
    {"footer.pdf", HTTP_METHOD_GET, false, print_footer},
    {"specimen.png", HTTP_METHOD_GET, false, print_specimen},
    {"specimen.svg", HTTP_METHOD_GET, false, print_specimen},
    {"specimen.pdf", HTTP_METHOD_GET, false, print_specimen},
    {"stamp", HTTP_METHOD_GET, true, stamp_page},
    {"stamp", HTTP_METHOD_POST, true, stamp_letter},
    {"register", HTTP_METHOD_GET, true, intake_page},
    {"register", HTTP_METHOD_POST, true, intake_letter},
};

static int
dispatch(struct visit *v, int method)
{
	char id[CROCKFORD_ID_LEN + 1];
	const char *part = bureau_part(v, id);
	struct register_letter *l;
	size_t i, n = sizeof(parts) / sizeof(parts[0]);
	int ret = KORE_RESULT_OK;

	for (i = 0; i < n; i++)
		if (parts[i].method == method && strcmp(parts[i].part, part) == 0)
			break;
	if (i == n)
		return answer_error(v->req, HTTP_STATUS_NOT_FOUND, 0);
	if (bureau_letter(v, &l, &ret) != RC_OK)
		return ret;
	if (parts[i].writes && v->who.role == ROLE_AUDITOR)
		ret = bureau_forbid(v, l->id);
	else
		ret = parts[i].fn(v, l);
	register_free(l);
	return ret;
}

int
letter_get(struct visit *v)
{
	return dispatch(v, HTTP_METHOD_GET);
}

int
letter_post(struct visit *v)
{
	return dispatch(v, HTTP_METHOD_POST);
}

const struct staff_page pages_letters[] = {
    {"", HTTP_METHOD_GET, FOR_ALL, home_desk},
    {"letters", HTTP_METHOD_GET, FOR_ALL, letters_list},
    {"letters/new", HTTP_METHOD_GET, FOR_WRITERS, draft_new},
    {"letters/new", HTTP_METHOD_POST, FOR_WRITERS, draft_add},
    {"letters/", HTTP_METHOD_GET, FOR_ALL, letter_get},
    {"letters/", HTTP_METHOD_POST, FOR_WRITERS, letter_post},
    {NULL, 0, 0, NULL},
};
