/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Accounts of others, for admins. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "chore.h"
#include "enrol.h"
#include "login.h"
#include "register.h"

#define HERE "/staff/people"

/* ---- all of them ---- */

struct list {
	const struct visit *v;
	struct fields *f;
};

static void
add_account(const struct visit *v, struct fields *f, const struct account_row *row)
{
	char text[32];

	snprintf(text, sizeof(text), "%" PRId64, row->id);
	fields_text(f, "number", text);
	fields_text(f, "login", row->login);
	fields_text(f, "agency", row->agency);
	fields_text(f, "agency_name", row->agency_name);
	snprintf(text, sizeof(text), "staff.role.%s", role_name(row->role));
	fields_text(f, "role", staff_text(v, text));
	fields_flag(f, "disabled", row->disabled);
	fields_flag(f, "own", row->id == v->who.account);
	snprintf(text, sizeof(text), "%u", row->recovery);
	fields_text(f, "recovery_left", text);
	html_time(web.html, v->lang, f, "created", row->created);
}

static bool
put_row(const struct account_row *row, void *arg)
{
	const struct list *l = arg;

	add_account(l->v, fields_item(l->f, "accounts"), row);
	return true;
}

static int
people_list(struct visit *v)
{
	struct list l = {v, staff_fields(v)};
	enum account_answer answer;
	enum rc rc = account_list(web_store(), &v->who, time(NULL), put_row, &l, &answer);

	if (rc != RC_OK || answer != ACCOUNT_DONE) {
		fields_free(l.f);
		return staff_refuse(v, rc, REGISTER_FORBIDDEN);
	}
	return staff_page(v, HTTP_STATUS_OK, HTML_STAFF_PEOPLE, l.f);
}

/* ---- a new one ---- */

/* Agencies to choose from, with one of them chosen. */
struct choice {
	struct fields *f;
	const char *code;
};

static bool
put_agency(const struct agency_row *row, void *arg)
{
	const struct choice *c = arg;
	struct fields *item = fields_item(c->f, "agencies");

	fields_text(item, "code", row->code);
	fields_text(item, "name", row->name);
	fields_flag(item, "chosen", strcmp(row->code, c->code) == 0);
	fields_flag(c->f, "has_agencies", true);
	return true;
}

static enum rc
add_agencies(const struct visit *v, struct fields *f, const char *code)
{
	struct choice c = {f, code};
	enum account_answer answer;

	return account_agencies(web_store(), &v->who, put_agency, &c, &answer);
}

static void
add_roles(const struct visit *v, struct fields *f, const char *chosen)
{
	struct fields *item;
	char key[48];
	unsigned r;

	for (r = 0; r < ROLE_OPERATOR; r++) {
		item = fields_item(f, "roles");
		fields_text(item, "role", role_name(r));
		snprintf(key, sizeof(key), "staff.role.%s", role_name(r));
		fields_text(item, "word", staff_text(v, key));
		snprintf(key, sizeof(key), "staff.may.%s", role_name(r));
		fields_text(item, "may", staff_text(v, key));
		fields_flag(item, "chosen", strcmp(role_name(r), chosen) == 0);
	}
}

static int
show_new(struct visit *v, int status, const char *problem)
{
	static const char *const typed[] = {"name", "new_agency", "new_agency_name"};
	struct fields *f = staff_fields(v);
	const char *role = form_get(v->form, "role");
	enum rc rc;
	size_t i;

	if ((rc = add_agencies(v, f, form_get(v->form, "agency"))) != RC_OK) {
		fields_free(f);
		return staff_refuse(v, rc, 0);
	}
	add_roles(v, f, *role != '\0' ? role : "staff");
	for (i = 0; i < sizeof(typed) / sizeof(typed[0]); i++)
		fields_text(f, typed[i], form_get(v->form, typed[i]));
	staff_problem(v, f, problem);
	return staff_page(v, status, HTML_STAFF_PERSON_NEW, f);
}

static int
people_new(struct visit *v)
{
	return show_new(v, HTTP_STATUS_OK, NULL);
}

struct deed { /* the chore's */
	struct actor who;
	bool reset; /* of one that is there; else a new one */
	char login[4 * CAP_LOGIN + 2];
	enum role role;
	char agency[40], agency_name[4 * CAP_LETTER_TEXT + 2];
	char password[CAP_LOGIN_PASSWORD + 2];
	int64_t now;
	struct account_secrets secrets;
	enum account_answer answer;
};

static enum rc
deed_do(struct store *s, void *arg)
{
	struct deed *d = arg;
	const struct account_new a = {.login = d->login,
	    .role = d->role,
	    .agency = d->agency,
	    .agency_name = d->agency_name[0] != '\0' ? d->agency_name : NULL,
	    .password = d->password,
	    .password_len = strlen(d->password)};

	if (d->reset)
		return account_reset(s, &d->who, d->login, d->password, a.password_len, d->now,
		    &d->secrets, &d->answer);
	return account_add(s, &d->who, &a, d->now, &d->secrets, &d->answer);
}

/* A deed with what both kinds have; NULL without memory. */
static struct deed *
deed_new(const struct visit *v, const char *login)
{
	struct deed *d = calloc(1, sizeof(*d));

	if (d == NULL)
		return NULL;
	d->who = v->who;
	d->now = time(NULL);
	snprintf(d->login, sizeof(d->login), "%s", login);
	snprintf(d->password, sizeof(d->password), "%s", form_raw(v->form, "password"));
	return d;
}

static enum rc
start_new(struct visit *v)
{
	struct deed *d = deed_new(v, form_get(v->form, "name"));
	const char *code = form_get(v->form, "new_agency");

	if (d == NULL)
		return RC_NOMEM;
	d->role = role_parse(form_get(v->form, "role"));
	if (*code != '\0')
		snprintf(d->agency_name, sizeof(d->agency_name), "%s",
		    form_get(v->form, "new_agency_name"));
	else
		code = form_get(v->form, "agency");
	snprintf(d->agency, sizeof(d->agency), "%s", code);
	return chore_start(v->req, deed_do, d, sizeof(*d), NULL);
}

static int
people_add(struct visit *v)
{
	void *arg = NULL;
	struct deed *d;
	enum rc rc = RC_OK;

	if (!chore_known(v->req))
		rc = start_new(v);
	if (rc == RC_OK && (rc = chore_step(v->req, &arg)) == RC_BUSY)
		return KORE_RESULT_RETRY;
	if (rc != RC_OK)
		return staff_refuse(v, rc, 0);
	d = arg;
	if (d->answer != ACCOUNT_DONE)
		return show_new(v, HTTP_STATUS_BAD_REQUEST, login_problem(d->answer));
	return enrol_show(v, d->login, &d->secrets, HERE);
}

/* ---- one of them ---- */

struct person {
	const struct visit *v;
	struct fields *f; /* NULL: only what follows */
	int64_t id;
	char login[4 * CAP_LOGIN + 1];
	char agency[33];
	enum role role;
};

static bool
take_person(const struct account_row *row, void *arg)
{
	struct person *p = arg;

	p->id = row->id;
	p->role = row->role;
	snprintf(p->login, sizeof(p->login), "%s", row->login);
	snprintf(p->agency, sizeof(p->agency), "%s", row->agency);
	if (p->f != NULL)
		add_account(p->v, p->f, row);
	return false;
}

/* "12" or "12/reset" of v->rest: the account and what is to be done.  RC_ABSENT: none. */
static enum rc
find_person(const struct visit *v, struct person *p, const char **what)
{
	struct store *s = web_store();
	size_t i, n = strspn(v->rest, "0123456789");
	int64_t id = 0;

	*what = v->rest[n] == '/' ? v->rest + n + 1 : "";
	if (n == 0 || n > 15 || (v->rest[n] != '\0' && v->rest[n] != '/'))
		return RC_ABSENT;
	for (i = 0; i < n; i++)
		id = id * 10 + (v->rest[i] - '0');
	p->v = v;
	return s == NULL ? RC_IO : account_show(s, id, take_person, p);
}

static int
show_person(struct visit *v, int status, const char *problem)
{
	struct person p = {.f = staff_fields(v)};
	const char *what;
	enum rc rc = find_person(v, &p, &what);

	if (rc == RC_OK)
		rc = add_agencies(v, p.f, p.agency);
	if (rc != RC_OK) {
		fields_free(p.f);
		return staff_refuse(v, rc == RC_ABSENT ? RC_OK : rc, REGISTER_ABSENT);
	}
	add_roles(v, p.f, role_name(p.role));
	staff_problem(v, p.f, problem);
	return staff_page(v, status, HTML_STAFF_PERSON, p.f);
}

static int
people_one(struct visit *v)
{
	return show_person(v, HTTP_STATUS_OK, NULL);
}

static int
reset(struct visit *v, const struct person *p)
{
	void *arg = NULL;
	struct deed *d;
	enum rc rc = RC_OK;

	if (!chore_known(v->req)) {
		if ((d = deed_new(v, p->login)) == NULL)
			return staff_refuse(v, RC_NOMEM, 0);
		d->reset = true;
		rc = chore_start(v->req, deed_do, d, sizeof(*d), NULL);
	}
	if (rc == RC_OK && (rc = chore_step(v->req, &arg)) == RC_BUSY)
		return KORE_RESULT_RETRY;
	if (rc != RC_OK)
		return staff_refuse(v, rc, 0);
	d = arg;
	if (d->answer != ACCOUNT_DONE)
		return show_person(v, HTTP_STATUS_BAD_REQUEST, login_problem(d->answer));
	return enrol_show(v, d->login, &d->secrets, HERE);
}

/* What needs no thread: said is for the page afterwards. */
static int
settle(struct visit *v, enum rc rc, enum account_answer answer, const char *said)
{
	if (rc != RC_OK)
		return staff_refuse(v, rc, 0);
	if (answer != ACCOUNT_DONE)
		return show_person(v, HTTP_STATUS_BAD_REQUEST, login_problem(answer));
	return staff_see(v, HERE, said);
}

static int
people_change(struct visit *v)
{
	enum account_answer answer = ACCOUNT_FORBIDDEN;
	struct person p = {.f = NULL};
	const char *what;
	enum rc rc = find_person(v, &p, &what);
	bool disable = strcmp(what, "disable") == 0;

	if (rc != RC_OK)
		return staff_refuse(v, rc == RC_ABSENT ? RC_OK : rc, REGISTER_ABSENT);
	if (p.id == v->who.account) /* who does it to himself may be the last who could undo it */
		return show_person(v, HTTP_STATUS_FORBIDDEN, "own");
	if (strcmp(what, "reset") == 0)
		return reset(v, &p);
	if (disable || strcmp(what, "enable") == 0) {
		rc = account_disable(web_store(), &v->who, p.login, disable, time(NULL), &answer);
		return settle(v, rc, answer, disable ? "disabled" : "enabled");
	}
	if (strcmp(what, "move") != 0)
		return staff_refuse(v, RC_OK, REGISTER_ABSENT);
	rc = account_move(web_store(), &v->who, p.login, role_parse(form_get(v->form, "role")),
	    form_get(v->form, "agency"), time(NULL), &answer);
	return settle(v, rc, answer, "moved");
}

const struct staff_page pages_people[] = {
    {"people", HTTP_METHOD_GET, FOR_ADMIN, people_list},
    {"people/new", HTTP_METHOD_GET, FOR_ADMIN, people_new},
    {"people/new", HTTP_METHOD_POST, FOR_ADMIN, people_add},
    {"people/", HTTP_METHOD_GET, FOR_ADMIN, people_one},
    {"people/", HTTP_METHOD_POST, FOR_ADMIN, people_change},
    {NULL, 0, 0, NULL},
};
