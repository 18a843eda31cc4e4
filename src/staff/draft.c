/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writing a letter down, before it is signed: a form that keeps what was typed. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "arena.h"
#include "bureau.h"
#include "chore.h"
#include "prose.h"
#include "when.h"

#define SPARE 3 /* empty rows for signers, for browsers without scripts */

struct draft {
	struct register_content content;
	struct register_signer signers[CAP_SIGNERS];
	size_t rows; /* of signers that were sent, empty ones, too */
};

/* --- what was typed --- */

static const char *
nth(const struct visit *v, const char *name, size_t n)
{
	const char *s = form_nth(v->form, name, n);

	return s != NULL ? s : "";
}

/* Rows that are all empty are none. */
static void
read_signers(const struct visit *v, struct draft *d)
{
	struct register_signer s;
	size_t i;

	for (i = 0; i < CAP_SIGNERS && form_nth(v->form, "title", i) != NULL; i++) {
		s.title = nth(v, "title", i);
		s.name = nth(v, "name", i);
		s.rank = nth(v, "rank", i);
		if (*s.title != '\0' || *s.name != '\0' || *s.rank != '\0')
			d->signers[d->content.nsigners++] = s;
	}
	d->rows = i;
}

static void
read_form(const struct visit *v, struct draft *d)
{
	memset(d, 0, sizeof(*d));
	d->content.number = form_get(v->form, "number");
	d->content.subject = form_get(v->form, "subject");
	d->content.date = form_get(v->form, "date");
	d->content.unit = form_get(v->form, "unit");
	d->content.visibility = letter_visibility_parse(form_get(v->form, "visibility"));
	d->content.signers = d->signers;
	read_signers(v, d);
}

/* --- what is wrong with it --- */

static unsigned
need(const struct visit *v, struct fields *f, const char *field, const char *text)
{
	char key[64];

	if (prose_ok(text, 1, CAP_LETTER_TEXT))
		return 0;
	snprintf(key, sizeof(key), "desk.problem.%s", *text == '\0' ? field : "text");
	bureau_problem(v, f, field, key);
	return 1;
}

static unsigned
check_signers(const struct visit *v, struct fields *f, const struct draft *d)
{
	const struct register_signer *s = d->signers;
	unsigned bad = 0;
	size_t i;

	for (i = 0; i < d->content.nsigners; i++)
		if (!prose_ok(s[i].title, 1, CAP_LETTER_TEXT) ||
		    !prose_ok(s[i].name, 1, CAP_LETTER_TEXT) ||
		    !prose_ok(s[i].rank, 0, CAP_LETTER_TEXT))
			bad++;
	if (bad > 0)
		bureau_problem(v, f, "signers", "desk.problem.signer");
	if (d->content.nsigners == 0)
		bureau_problem(v, f, "signers", "desk.problem.no_signer");
	return bad + (d->content.nsigners == 0);
}

/* How much is wrong; each is told at its field. */
static unsigned
check(const struct visit *v, struct fields *f, const struct draft *d)
{
	const struct register_content *c = &d->content;
	unsigned bad = need(v, f, "number", c->number) + need(v, f, "subject", c->subject);
	int64_t day;

	if (strlen(c->date) != 10 || !when_parse(c->date, &day)) {
		bureau_problem(v, f, "date", "desk.problem.date");
		bad++;
	}
	bad += need(v, f, "unit", c->unit);
	if (c->visibility == LETTER_VISIBILITY__MAX) {
		bureau_problem(v, f, "visibility", "desk.problem.visibility");
		bad++;
	}
	return bad + check_signers(v, f, d);
}

/* --- the form --- */

static void
row(struct fields *f, size_t n, const struct register_signer *s)
{
	struct fields *item = fields_item(f, "rows");

	bureau_number(item, "row", (int64_t)n + 1);
	fields_text(item, "row_title", s->title);
	fields_text(item, "row_name", s->name);
	fields_text(item, "row_rank", s->rank);
	fields_flag(item, "row_spare", *s->title == '\0' && *s->name == '\0' && n > 0);
}

static void
form_fields(const struct visit *v, struct fields *f, const struct register_content *c)
{
	static const struct register_signer none = {"", "", ""};
	struct fields *item;
	size_t i, n;

	fields_text(f, "number", c->number);
	fields_text(f, "subject", c->subject);
	fields_text(f, "date", c->date);
	fields_text(f, "unit", c->unit);
	for (i = 0; i < LETTER_VISIBILITY__MAX; i++) {
		item = fields_item(f, "visibilities");
		fields_text(item, "name", letter_visibility_name((enum letter_visibility)i));
		bureau_word(v, item, "word", "desk.visibility.",
		    letter_visibility_name((enum letter_visibility)i));
		bureau_word(v, item, "text", "desk.visibility_text.",
		    letter_visibility_name((enum letter_visibility)i));
		fields_flag(item, "chosen", c->visibility == (enum letter_visibility)i);
	}
	for (i = 0; i < c->nsigners; i++)
		row(f, i, &c->signers[i]);
	n = c->nsigners == 0 ? SPARE : c->nsigners + SPARE - 1;
	for (; i < n && i < CAP_SIGNERS; i++)
		row(f, i, &none);
}

/* Admins write for any; the register has the last word. */
static int64_t
chosen_agency(const struct visit *v)
{
	int64_t n = v->who.role == ROLE_ADMIN ? strtoll(form_get(v->form, "agency"), NULL, 10) : 0;

	return n > 0 ? n : v->who.agency;
}

struct offer {
	struct fields *f; /* NULL: it is only looked for */
	int64_t chosen, n;
	bool found;
};

static bool
add_agency(const struct agency_row *r, void *arg)
{
	struct offer *o = arg;
	struct fields *item;

	o->found = o->found || r->id == o->chosen;
	if (o->f == NULL)
		return !o->found;
	item = fields_item(o->f, "agencies");
	bureau_number(item, "agency_id", r->id);
	fields_text(item, "agency_label", r->name);
	fields_flag(item, "agency_chosen", r->id == o->chosen);
	o->n++;
	return true;
}

/* For a new letter (l NULL) or an edit; f has its problems already. */
static int
show(struct visit *v, int status, const struct register_letter *l, const struct register_content *c,
    struct fields *f)
{
	struct offer o = {.f = f, .chosen = chosen_agency(v)};
	struct store *s = web_store();
	enum account_answer answer;
	enum rc rc = RC_OK;

	form_fields(v, f, c);
	if (l == NULL && v->who.role == ROLE_ADMIN)
		rc = s != NULL ? account_agencies(s, &v->who, add_agency, &o, &answer) : RC_IO;
	if (rc != RC_OK) {
		fields_free(f);
		return staff_refuse(v, rc, 0);
	}
	fields_flag(f, "has_agencies", o.n > 1);
	fields_flag(f, "is_new", l == NULL);
	fields_text(f, "id", l != NULL ? l->id : "");
	return staff_page(v, status, HTML_DESK_DRAFT, f);
}

int
draft_new(struct visit *v)
{
	char today[11];
	const struct register_content c = {
	    .number = "", .subject = "", .date = today, .unit = "", .visibility = LETTER_PUBLIC};

	bureau_today(today);
	return show(v, HTTP_STATUS_OK, NULL, &c, staff_fields(v));
}

int
draft_edit(struct visit *v, struct register_letter *l)
{
	if (l->state != LETTER_DRAFT)
		return staff_refuse(v, RC_OK, REGISTER_STATE);
	return show(v, HTTP_STATUS_OK, l, &l->content, staff_fields(v));
}

/* --- and what became of it --- */

/* A code is told here and never again; else straight to the letter. */
static int
done(struct visit *v, const char *id, const char *code, const char *said)
{
	char path[64];
	struct fields *f;
	struct buf b;

	if (*code == '\0') {
		snprintf(path, sizeof(path), "/staff/letters/%s", id);
		return staff_see(v, path, said);
	}
	f = staff_fields(v);
	buf_init(&b, 64);
	bureau_groups(&b, id);
	fields_text(f, "id", id);
	fields_text(f, "groups", buf_text(&b));
	fields_text(f, "code", code);
	fields_text(f, "number", form_get(v->form, "number"));
	buf_clear(&b);
	return staff_page(v, HTTP_STATUS_OK, HTML_DESK_CODE, f);
}

struct writing { /* the chore's: texts that the request may take with it are copied */
	struct actor who;
	int64_t agency; /* of a new one */
	bool edits;     /* the letter with this id; else a new one, which gets one */
	char id[CROCKFORD_ID_LEN + 1];
	struct draft d;
	struct arena *arena;
	int64_t now;
	char code[REGISTER_CODE_LEN + 1];
	enum register_answer answer;
};

static enum rc
write_down(struct store *s, void *arg)
{
	struct writing *w = arg;

	w->d.content.signers = w->d.signers;
	return w->edits
		   ? register_edit(s, &w->who, w->id, &w->d.content, w->now, w->code, &w->answer)
		   : register_draft(
			 s, &w->who, w->agency, &w->d.content, w->now, w->id, w->code, &w->answer);
}

static void
release(void *arg)
{
	struct writing *w = arg;

	arena_free(w->arena);
}

static void
copy(struct arena *arena, const char **text)
{
	*text = arena_str(arena, *text, strlen(*text));
}

/* Whether there is such an agency. */
static enum rc
find_agency(const struct visit *v, bool *found)
{
	struct offer o = {.chosen = chosen_agency(v)};
	struct store *s = web_store();
	enum account_answer answer;
	enum rc rc;

	*found = o.chosen == v->who.agency;
	if (*found)
		return RC_OK;
	if (s == NULL)
		return RC_IO;
	rc = account_agencies(s, &v->who, add_agency, &o, &answer);
	*found = o.found;
	return rc;
}

/* NULL without memory. */
static struct writing *
writing_new(const struct visit *v, const struct register_letter *l, const struct draft *d)
{
	struct writing *w = calloc(1, sizeof(*w));
	struct register_content *c;
	size_t i;

	if (w == NULL || (w->arena = arena_new(CAP_LETTER)) == NULL) {
		free(w);
		return NULL;
	}
	w->who = v->who;
	w->agency = chosen_agency(v);
	w->edits = l != NULL;
	if (l != NULL)
		memcpy(w->id, l->id, sizeof(w->id));
	w->now = time(NULL);
	w->d = *d;
	c = &w->d.content;
	copy(w->arena, &c->number);
	copy(w->arena, &c->subject);
	copy(w->arena, &c->date);
	copy(w->arena, &c->unit);
	for (i = 0; i < c->nsigners; i++) {
		copy(w->arena, &w->d.signers[i].title);
		copy(w->arena, &w->d.signers[i].name);
		copy(w->arena, &w->d.signers[i].rank);
	}
	if (!arena_short(w->arena))
		return w;
	release(w);
	free(w);
	return NULL;
}

static int
finish(struct visit *v, enum rc rc, const struct writing *w)
{
	if (rc == RC_OK && w->answer == REGISTER_DONE)
		return done(v, w->id, w->code, w->edits ? "edited" : "drafted");
	return staff_refuse(v, rc, (int)w->answer);
}

static int
go_on(struct visit *v)
{
	void *arg;
	enum rc rc = chore_step(v->req, &arg);

	return rc == RC_BUSY ? KORE_RESULT_RETRY : finish(v, rc, arg);
}

static int
save(struct visit *v, const struct register_letter *l)
{
	struct store *s = web_store();
	struct writing *w;
	struct fields *f;
	struct draft d;
	bool found;
	enum rc rc;
	int ret;

	if (chore_known(v->req))
		return go_on(v);
	f = staff_fields(v);
	read_form(v, &d);
	if (check(v, f, &d) > 0)
		return show(v, HTTP_STATUS_BAD_REQUEST, l, &d.content, f);
	fields_free(f);
	if (l == NULL && ((rc = find_agency(v, &found)) != RC_OK || !found))
		return staff_refuse(v, rc, REGISTER_MALFORMED);
	if ((w = writing_new(v, l, &d)) == NULL)
		return staff_refuse(v, RC_NOMEM, 0);
	/* A code takes time (argon2id): a thread's. */
	if (d.content.visibility == LETTER_CODE) {
		rc = chore_start(v->req, write_down, w, sizeof(*w), release);
		return rc == RC_OK ? go_on(v) : staff_refuse(v, rc, 0);
	}
	ret = finish(v, s != NULL ? write_down(s, w) : RC_IO, w);
	release(w);
	free(w);
	return ret;
}

int
draft_add(struct visit *v)
{
	return save(v, NULL);
}

int
draft_save(struct visit *v, struct register_letter *l)
{
	return save(v, l);
}
