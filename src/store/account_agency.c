/* SPDX-License-Identifier: GPL-3.0-or-later */
/* account.h: agencies.  Their codes and names are no secret. */
#include <string.h>
#include <time.h>

#include "account_db.h"
#include "prose.h"

#define AGENCY_CODE 32 /* characters */

bool
account_code_ok(const char *s)
{
	size_t n = strspn(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-_");

	return n > 0 && n <= AGENCY_CODE && s[n] == '\0';
}

static enum rc
only_agency(struct store *s, int64_t *out, bool *several)
{
	sqlite3_stmt *st = s->st[SQL_AGENCIES];
	int64_t first = 0;
	enum rc rc;
	int n = 0;

	while (db_next(s, SQL_AGENCIES, &rc))
		if (n++ == 0)
			first = sqlite3_column_int64(st, 0);
	*out = n == 1 ? first : 0;
	*several = n > 1;
	return rc;
}

enum rc
account_agency(struct store *s, const char *code, int64_t *out, bool *several)
{
	enum rc rc;

	*out = 0;
	*several = false;
	if (code == NULL)
		return only_agency(s, out, several);
	sqlite3_bind_text(s->st[SQL_AGENCY], 1, code, -1, SQLITE_STATIC);
	rc = db_number(s, SQL_AGENCY, out);
	return rc == RC_ABSENT ? RC_OK : rc;
}

enum rc
account_agency_make(struct store *s, const char *code, const char *name, int64_t *out)
{
	sqlite3_stmt *st = s->st[SQL_AGENCY_ADD];
	bool several;
	enum rc rc;

	if ((rc = account_agency(s, code, out, &several)) != RC_OK || *out != 0)
		return rc;
	sqlite3_bind_text(st, 1, code, -1, SQLITE_STATIC);
	sqlite3_bind_text(st, 2, name != NULL ? name : code, -1, SQLITE_STATIC);
	if ((rc = db_run(s, SQL_AGENCY_ADD)) == RC_OK)
		*out = sqlite3_last_insert_rowid(s->db);
	return rc;
}

enum rc
account_agency_add(struct store *s, const struct actor *who, const char *code, const char *name,
    int64_t now, int64_t *out, enum account_answer *answer)
{
	enum rc rc;

	*out = 0;
	if (!account_manages(who))
		return account_forbid(s, who, now, answer);
	*answer = ACCOUNT_MALFORMED;
	if (!account_code_ok(code) || (name != NULL && !prose_ok(name, 1, CAP_LETTER_TEXT)))
		return RC_OK;
	*answer = ACCOUNT_FORBIDDEN;
	if ((rc = db_begin(s)) != RC_OK)
		return rc;
	if ((rc = db_end(s, account_agency_make(s, code, name, out))) == RC_OK)
		*answer = ACCOUNT_DONE;
	else
		*out = 0;
	return rc;
}

enum rc
account_agencies(struct store *s, const struct actor *who,
    bool (*row)(const struct agency_row *row, void *arg), void *arg, enum account_answer *answer)
{
	sqlite3_stmt *st = s->st[SQL_AGENCY_LIST];
	struct agency_row r;
	enum rc rc;

	if (!account_manages(who) && who->role != ROLE_AUDITOR)
		return account_forbid(s, who, (int64_t)time(NULL), answer);
	*answer = ACCOUNT_DONE;
	while (db_next(s, SQL_AGENCY_LIST, &rc)) {
		r.id = sqlite3_column_int64(st, 0);
		r.code = db_text(st, 1);
		r.name = db_text(st, 2);
		if (!row(&r, arg))
			break;
	}
	db_done(s, SQL_AGENCY_LIST);
	return rc;
}
