/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One letter: all that is known of it, and what can be done with it now. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "arena.h"
#include "bureau.h"
#include "prose.h"
#include "when.h"

#define EVENTS 200 /* told; a letter has five */

struct past {
	struct event {
		int64_t at, account;
		const char *what, *date, *reason, *successor;
		unsigned version;
	} v[EVENTS];
	size_t n;
	struct arena *arena;
};

/* --- its history --- */

static bool
keep_event(const struct register_event *e, void *arg)
{
	struct past *p = arg;
	struct event *to = &p->v[p->n];

	if (p->n == EVENTS)
		return false;
	p->n++;
	to->at = e->at;
	to->account = e->account;
	to->version = e->version;
	to->what = arena_str(p->arena, e->what, strlen(e->what));
	to->date = arena_str(p->arena, e->date, strlen(e->date));
	to->reason = arena_str(p->arena, e->reason, strlen(e->reason));
	to->successor = arena_str(p->arena, e->successor, strlen(e->successor));
	return !arena_short(p->arena);
}

static bool
take_login(const struct account_row *row, void *arg)
{
	fields_text(arg, "event_who", row->login);
	return false;
}

static enum rc
event_fields(struct visit *v, struct store *s, struct fields *f, const struct event *e)
{
	struct fields *item = fields_item(f, "events");
	enum rc rc = RC_OK;

	html_time(web.html, v->lang, item, "event_at", e->at);
	bureau_word(v, item, "event_what", "desk.event.", e->what);
	bureau_number(item, "event_version", e->version);
	fields_flag(item, "event_has_date", *e->date != '\0');
	html_day(web.html, v->lang, item, "event_date", e->date);
	fields_flag(item, "event_has_reason", *e->reason != '\0');
	fields_text(item, "event_reason", e->reason);
	fields_flag(item, "event_has_successor", *e->successor != '\0');
	fields_text(item, "event_successor", e->successor);
	if (e->account != 0)
		rc = account_show(s, e->account, take_login, item);
	if (e->account == 0 || rc == RC_ABSENT)
		fields_text(item, "event_who", staff_text(v, "desk.event.cli"));
	return rc == RC_ABSENT ? RC_OK : rc;
}

static enum rc
history_fields(struct visit *v, struct store *s, struct fields *f, const char *id)
{
	enum register_answer answer;
	struct past *p = calloc(1, sizeof(*p));
	enum rc rc = RC_NOMEM;
	size_t i;

	if (p == NULL || (p->arena = arena_new(CAP_LETTER)) == NULL)
		goto out;
	rc = register_history(s, &v->who, id, time(NULL), keep_event, p, &answer);
	if (rc == RC_OK && arena_short(p->arena))
		rc = RC_NOMEM;
	for (i = 0; rc == RC_OK && i < p->n; i++)
		rc = event_fields(v, s, f, &p->v[i]);
out:
	if (p != NULL)
		arena_free(p->arena);
	free(p);
	return rc;
}

/* --- what its last check said --- */

static enum rc
check_fields(struct visit *v, struct store *s, struct fields *f, const struct register_letter *l)
{
	struct report *r;
	int64_t at;
	enum rc rc = register_report(s, l->id, &r, &at);

	fields_flag(f, "has_check", rc == RC_OK);
	html_time(web.html, v->lang, f, "checked", l->checked);
	/* After the last report the file itself could not be read. */
	fields_flag(f, "lost", r != NULL && r->conclusion != l->verdict);
	if (r != NULL && r->conclusion == l->verdict)
		html_summary(web.html, v->lang, f, "check", r);
	else if (rc == RC_OK)
		html_unread(web.html, v->lang, f, "unread", l->verdict, l->caveat != CAVEAT_NONE);
	fields_flag(
	    f, "again", l->kept && (l->state == LETTER_SIGNED || l->state == LETTER_SUPERSEDED));
	report_free(r);
	return rc == RC_ABSENT ? RC_OK : rc;
}

struct past_checks {
	struct visit *v;
	struct fields *f;
	unsigned left;
};

static bool
add_past_check(const struct register_check *c, void *arg)
{
	struct past_checks *p = arg;
	struct fields *item = fields_item(p->f, "checks");
	char code[64];
	enum check why;

	html_time(web.html, p->v->lang, item, "check_at", c->at);
	html_unread(web.html, p->v->lang, item, "said", c->conclusion, false);
	snprintf(code, sizeof(code), "%.*s", (int)strcspn(c->reasons, " "), c->reasons);
	if ((why = check_parse(code)) != CHECK__NONE)
		fields_text(item, "check_why",
		    report_sentence(why,
			c->conclusion == CONCLUSION_INVALID ? RESULT_FAIL : RESULT_UNKNOWN,
			p->v->lang));
	fields_flag(item, "has_check_why", why != CHECK__NONE && c->conclusion != CONCLUSION_VALID);
	fields_flag(p->f, "has_checks", true);
	return --p->left > 0;
}

static enum rc
checks_fields(struct visit *v, struct store *s, struct fields *f, const char *id)
{
	struct past_checks p = {v, f, EVENTS};
	enum register_answer answer;

	return register_checks(s, &v->who, id, time(NULL), add_past_check, &p, &answer);
}

/* --- the page --- */

/* What was typed into one of its forms, whose problems f has already. */
static void
typed(struct visit *v, struct fields *f, const char *deed)
{
	char today[11], flag[32];
	bool again = *deed != '\0';

	bureau_today(today);
	snprintf(flag, sizeof(flag), "open_%s", deed);
	fields_flag(f, flag, again);
	fields_text(f, "typed_successor", again ? form_get(v->form, "successor") : "");
	fields_text(f, "typed_date", again ? form_get(v->form, "from") : today);
	fields_text(f, "typed_reason", again ? form_get(v->form, "reason") : "");
}

static int
show(struct visit *v, int status, const struct register_letter *l, struct fields *f,
    const char *deed)
{
	struct store *s = web_store();
	enum rc rc = RC_IO;

	bureau_letter_fields(v, f, l);
	typed(v, f, deed);
	if (s != NULL)
		rc = history_fields(v, s, f, l->id);
	if (rc == RC_OK && l->has_file)
		rc = check_fields(v, s, f, l);
	if (rc == RC_OK && l->has_file)
		rc = checks_fields(v, s, f, l->id);
	if (rc != RC_OK) {
		fields_free(f);
		return staff_refuse(v, rc, 0);
	}
	return staff_page(v, status, HTML_DESK_LETTER, f);
}

int
letter_show(struct visit *v, struct register_letter *l)
{
	return show(v, HTTP_STATUS_OK, l, staff_fields(v), "");
}

/* --- what is done with it --- */

static int
done(struct visit *v, const struct register_letter *l, const char *said)
{
	char path[64];

	snprintf(path, sizeof(path), "/staff/letters/%s", l->id);
	return staff_see(v, path, said);
}

int
letter_issue(struct visit *v, struct register_letter *l)
{
	enum register_answer answer = REGISTER_ABSENT;
	struct store *s = web_store();
	enum rc rc = RC_IO;

	if (s != NULL)
		rc = register_issue(s, &v->who, l->id, time(NULL), &answer);
	if (rc == RC_OK && answer == REGISTER_DONE)
		return done(v, l, "issued");
	return staff_refuse(v, rc, (int)answer);
}

/* Day and reason, which both deeds need. */
static unsigned
check(struct visit *v, struct fields *f)
{
	const char *from = form_get(v->form, "from");
	unsigned bad = 0;
	int64_t day;

	if (strlen(from) != 10 || !when_parse(from, &day)) {
		bureau_problem(v, f, "from", "desk.problem.date");
		bad++;
	}
	if (!prose_ok(form_get(v->form, "reason"), 1, CAP_LETTER_TEXT)) {
		bureau_problem(v, f, "reason", "desk.problem.reason");
		bad++;
	}
	return bad;
}

int
letter_supersede(struct visit *v, struct register_letter *l)
{
	enum register_answer answer = REGISTER_ABSENT;
	const char *successor = form_get(v->form, "successor");
	char id[CROCKFORD_ID_LEN + 1];
	struct fields *f = staff_fields(v);
	struct store *s = web_store();
	unsigned bad = 0;
	enum rc rc = RC_IO;

	if (!crockford_id_read(successor, strlen(successor), id)) {
		bureau_problem(v, f, "successor", "desk.problem.id");
		bad = 1;
	}
	if (bad + check(v, f) > 0)
		return show(v, HTTP_STATUS_BAD_REQUEST, l, f, "supersede");
	if (s != NULL)
		rc = register_supersede(s, &v->who, l->id, id, form_get(v->form, "from"),
		    form_get(v->form, "reason"), time(NULL), &answer);
	if (rc == RC_OK && answer == REGISTER_SUCCESSOR) {
		bureau_problem(v, f, "successor", "desk.problem.successor");
		return show(v, HTTP_STATUS_CONFLICT, l, f, "supersede");
	}
	fields_free(f);
	if (rc == RC_OK && answer == REGISTER_DONE)
		return done(v, l, "superseded");
	return staff_refuse(v, rc, (int)answer);
}

int
letter_withdraw(struct visit *v, struct register_letter *l)
{
	enum register_answer answer = REGISTER_ABSENT;
	struct fields *f = staff_fields(v);
	struct store *s = web_store();
	enum rc rc = RC_IO;

	if (check(v, f) > 0)
		return show(v, HTTP_STATUS_BAD_REQUEST, l, f, "withdraw");
	fields_free(f);
	if (s != NULL)
		rc = register_withdraw(s, &v->who, l->id, form_get(v->form, "from"),
		    form_get(v->form, "reason"), time(NULL), &answer);
	if (rc == RC_OK && answer == REGISTER_DONE)
		return done(v, l, "withdrawn");
	return staff_refuse(v, rc, (int)answer);
}
