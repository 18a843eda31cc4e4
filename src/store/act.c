/* SPDX-License-Identifier: GPL-3.0-or-later */
/* act.h: the one table that says who did what. */
#include "act.h"
#include "db.h"
#include "when.h"

const char *
act_name(enum act a)
{
	static const char *const names[ACT__MAX] = {
	    [ACT_ACCOUNT_ADDED] = "account_added",
	    [ACT_ACCOUNT_DISABLED] = "account_disabled",
	    [ACT_ACCOUNT_ENABLED] = "account_enabled",
	    [ACT_ACCOUNT_RESET] = "account_reset",
	    [ACT_ENTERED] = "entered",
	    [ACT_RECOVERED] = "recovered",
	    [ACT_ENTRY_REFUSED] = "entry_refused",
	    [ACT_REPLAY_REFUSED] = "replay_refused",
	    [ACT_ENTRY_LOCKED] = "entry_locked",
	    [ACT_LEFT] = "left",
	    [ACT_LETTER_DRAFTED] = "letter_drafted",
	    [ACT_LETTER_EDITED] = "letter_edited",
	    [ACT_LETTER_ISSUED] = "letter_issued",
	    [ACT_LETTER_SIGNED] = "letter_signed",
	    [ACT_LETTER_SUPERSEDED] = "letter_superseded",
	    [ACT_LETTER_WITHDRAWN] = "letter_withdrawn",
	    [ACT_LETTER_REFUSED] = "letter_refused",
	    [ACT_CODE_REFUSED] = "code_refused",
	    [ACT_CSRF_REFUSED] = "csrf_refused",
	    [ACT_ROLE_REFUSED] = "role_refused",
	    [ACT_ACCOUNT_PASSWORD] = "account_password",
	    [ACT_ACCOUNT_RENEWED] = "account_renewed",
	    [ACT_ACCOUNT_MOVED] = "account_moved",
	    [ACT_LETTER_OVERRULED] = "letter_overruled",
	    [ACT_LETTER_TURNED] = "letter_turned",
	    [ACT_LETTERHEAD_CHANGED] = "letterhead_changed",
	    [ACT_BATCH_ORDERED] = "batch_ordered",
	};

	return (unsigned)a < ACT__MAX ? names[a] : NULL;
}

enum rc
act_add(struct store *s, const struct actor *who, enum act a, const char *letter, int64_t object,
    int64_t now)
{
	sqlite3_stmt *st = s->st[SQL_ACT];

	sqlite3_bind_int64(st, 1, now);
	if (who != NULL && who->account != 0)
		sqlite3_bind_int64(st, 2, who->account);
	sqlite3_bind_text(st, 3, act_name(a), -1, SQLITE_STATIC);
	if (letter != NULL)
		sqlite3_bind_text(st, 4, letter, -1, SQLITE_STATIC);
	if (object != 0)
		sqlite3_bind_int64(st, 5, object);
	return db_run(s, SQL_ACT);
}

enum rc
act_list(struct store *s, const struct actor *who, const struct act_query *q,
    bool (*row)(const struct act_row *row, void *arg), void *arg)
{
	sqlite3_stmt *st = s->st[SQL_ACTS];
	struct act_row r;
	enum rc rc;

	if (who->role != ROLE_AUDITOR && who->role != ROLE_ADMIN && who->role != ROLE_OPERATOR)
		return RC_ABSENT;
	sqlite3_bind_int64(st, 1, q->since); /* WHEN_NONE is before all */
	sqlite3_bind_int64(st, 2, q->until == WHEN_NONE ? INT64_MAX : q->until);
	sqlite3_bind_int64(st, 3, q->account);
	sqlite3_bind_int64(st, 4, q->before);
	sqlite3_bind_int64(st, 5, q->limit > 0 ? q->limit : -1);
	while (db_next(s, SQL_ACTS, &rc)) {
		r.seq = sqlite3_column_int64(st, 0);
		r.at = sqlite3_column_int64(st, 1);
		r.account = sqlite3_column_int64(st, 2);
		r.what = db_text(st, 3);
		r.letter = db_text(st, 4);
		r.object = sqlite3_column_int64(st, 5);
		if (!row(&r, arg))
			break;
	}
	db_done(s, SQL_ACTS);
	return rc;
}
