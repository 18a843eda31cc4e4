/* SPDX-License-Identifier: GPL-3.0-or-later */
/* register.h, what tells of many letters, or of all that happened to one. */
#include <string.h>

#include "register_db.h"
#include "when.h"

static bool
day_or_open(const char *s)
{
	int64_t t;

	return s == NULL || (strnlen(s, 11) == 10 && when_parse(s, &t));
}

static void
bind_query(sqlite3_stmt *st, const struct register_query *q, int64_t agency, int64_t before)
{
	if (q->state != LETTER_STATE__MAX)
		sqlite3_bind_text(st, 1, letter_state_name(q->state), -1, SQLITE_STATIC);
	sqlite3_bind_int64(st, 2, agency);
	sqlite3_bind_text(st, 3, q->words, -1, SQLITE_STATIC);
	sqlite3_bind_text(st, 4, q->since, -1, SQLITE_STATIC);
	sqlite3_bind_text(st, 5, q->until, -1, SQLITE_STATIC);
	sqlite3_bind_int64(st, 6, before);
	sqlite3_bind_int64(st, 7, q->limit > 0 ? q->limit : -1);
	sqlite3_bind_text(st, 8, q->unit, -1, SQLITE_STATIC);
}

/* Letters have numbers in the order of their drafts: the one of q->before.  *ok: that is an id. */
static enum rc
number_before(struct store *s, const struct register_query *q, int64_t *before, bool *ok)
{
	char stored[CROCKFORD_ID_LEN + 1];
	enum rc rc;

	*before = INT64_MAX;
	*ok = true;
	if (q->before == NULL)
		return RC_OK;
	*ok = crockford_id_read(q->before, strnlen(q->before, CAP_LETTER_TEXT), stored);
	if (!*ok)
		return RC_OK;
	sqlite3_bind_text(s->st[SQL_LETTER_SEQ], 1, stored, -1, SQLITE_STATIC);
	rc = db_number(s, SQL_LETTER_SEQ, before); /* no such letter: none is before it */
	return rc == RC_ABSENT ? RC_OK : rc;
}

static void
read_row(sqlite3_stmt *st, struct register_row *r)
{
	r->id = db_text(st, 0);
	r->number = db_text(st, 1);
	r->subject = db_text(st, 2);
	r->date = db_text(st, 3);
	r->unit = db_text(st, 4);
	r->agency = db_text(st, 5);
	r->state = letter_state_parse(db_text(st, 6));
	r->visibility = letter_visibility_parse(db_text(st, 7));
	r->created = sqlite3_column_int64(st, 8);
	r->pending = sqlite3_column_int(st, 9) != 0;
	r->alert = sqlite3_column_int(st, 10) != 0;
}

enum rc
register_list(struct store *s, const struct actor *who, const struct register_query *q,
    bool (*row)(const struct register_row *row, void *arg), void *arg, enum register_answer *answer)
{
	int64_t agency = who->role == ROLE_STAFF ? who->agency : q->agency;
	enum sql which = q->pending  ? SQL_LETTERS_PENDING
			 : q->alerts ? SQL_LETTERS_ALERT
				     : SQL_LETTERS;
	struct register_row r;
	int64_t before;
	enum rc rc;
	bool ok;

	*answer = REGISTER_FORBIDDEN;
	if ((unsigned)who->role >= ROLE__MAX ||
	    (who->role == ROLE_STAFF && (agency == 0 || (q->agency != 0 && q->agency != agency))))
		return RC_OK;
	if ((rc = number_before(s, q, &before, &ok)) != RC_OK)
		return rc;
	*answer = REGISTER_MALFORMED;
	if (!ok || !day_or_open(q->since) || !day_or_open(q->until) || (q->pending && q->alerts))
		return RC_OK;
	*answer = REGISTER_DONE;
	bind_query(s->st[which], q, agency, before);
	while (db_next(s, which, &rc)) {
		read_row(s->st[which], &r);
		if (!row(&r, arg))
			break;
	}
	db_done(s, which);
	return rc;
}

enum rc
register_history(struct store *s, const struct actor *who, const char *id, int64_t now,
    bool (*row)(const struct register_event *e, void *arg), void *arg, enum register_answer *answer)
{
	sqlite3_stmt *st = s->st[SQL_EVENTS];
	struct register_brief b;
	struct register_event e;
	enum rc rc;

	rc = register_brief(s, who, id, false, now, &b, answer);
	if (rc != RC_OK || *answer != REGISTER_DONE)
		return rc;
	sqlite3_bind_text(st, 1, b.id, -1, SQLITE_STATIC);
	while (db_next(s, SQL_EVENTS, &rc)) {
		e.at = sqlite3_column_int64(st, 0);
		e.account = sqlite3_column_int64(st, 1);
		e.what = db_text(st, 2);
		e.version = (unsigned)sqlite3_column_int(st, 3);
		e.date = db_text(st, 4);
		e.reason = db_text(st, 5);
		e.successor = db_text(st, 6);
		if (!row(&e, arg))
			break;
	}
	db_done(s, SQL_EVENTS);
	return rc;
}

enum rc
register_checks(struct store *s, const struct actor *who, const char *id, int64_t now,
    bool (*row)(const struct register_check *c, void *arg), void *arg, enum register_answer *answer)
{
	sqlite3_stmt *st = s->st[SQL_CHECKS];
	struct register_brief b;
	struct register_check c;
	enum rc rc;

	rc = register_brief(s, who, id, false, now, &b, answer);
	if (rc != RC_OK || *answer != REGISTER_DONE)
		return rc;
	sqlite3_bind_text(st, 1, b.id, -1, SQLITE_STATIC);
	while (db_next(s, SQL_CHECKS, &rc)) {
		c.at = sqlite3_column_int64(st, 0);
		c.conclusion = conclusion_parse(db_text(st, 1));
		if (c.conclusion == CONCLUSION__MAX) /* not written by us */
			c.conclusion = CONCLUSION_INDETERMINATE;
		c.reasons = db_text(st, 2);
		c.policy = db_text(st, 3);
		c.policy_version = db_text(st, 4);
		c.pending = sqlite3_column_int(st, 5) != 0;
		if (!row(&c, arg))
			break;
	}
	db_done(s, SQL_CHECKS);
	return rc;
}

/* Of the agencies from ?1 to ?2, so that an index answers. */
static void
bind_agencies(sqlite3_stmt *st, const struct actor *who)
{
	bool own = who->role == ROLE_STAFF;

	sqlite3_bind_int64(st, 1, own ? who->agency : 0);
	sqlite3_bind_int64(st, 2, own ? who->agency : INT64_MAX);
}

enum rc
register_count(struct store *s, const struct actor *who, struct register_counts *out)
{
	enum letter_state state;
	enum rc rc;

	memset(out, 0, sizeof(*out));
	if ((unsigned)who->role >= ROLE__MAX)
		return RC_OK;
	bind_agencies(s->st[SQL_COUNT_STATES], who);
	while (db_next(s, SQL_COUNT_STATES, &rc)) {
		state = letter_state_parse(db_text(s->st[SQL_COUNT_STATES], 0));
		if (state != LETTER_STATE__MAX)
			out->states[state] = sqlite3_column_int64(s->st[SQL_COUNT_STATES], 1);
	}
	if (rc != RC_OK)
		goto out;
	bind_agencies(s->st[SQL_COUNT_PENDING], who);
	if ((rc = db_number(s, SQL_COUNT_PENDING, &out->pending)) != RC_OK)
		goto out;
	bind_agencies(s->st[SQL_COUNT_ALERTS], who);
	if ((rc = db_number(s, SQL_COUNT_ALERTS, &out->alerts)) == RC_OK)
		rc = db_number(s, SQL_LAST_CHECK, &out->last_check);
out:
	if (rc != RC_OK)
		memset(out, 0, sizeof(*out));
	return rc;
}
