/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Wrong guesses, by keyed hash: neither names nor addresses are kept. */
#include "guess.h"

enum rc
guess_locked(struct store *s, const struct guess *g, int64_t now, bool *locked)
{
	int64_t tries;
	enum rc rc;

	*locked = true;
	sqlite3_bind_blob(s->st[SQL_GUESS], 1, g->who, DB_HASH, SQLITE_STATIC);
	sqlite3_bind_int64(s->st[SQL_GUESS], 2, now);
	if ((rc = db_number(s, SQL_GUESS, &tries)) == RC_ABSENT)
		rc = RC_OK;
	if (rc == RC_OK)
		*locked = tries >= g->tries;
	return rc;
}

enum rc
guess_wrong(struct store *s, const struct guess *g, int64_t now)
{
	enum rc rc;

	sqlite3_bind_int64(s->st[SQL_GUESS_OVER], 1, now);
	if ((rc = db_run(s, SQL_GUESS_OVER)) != RC_OK)
		return rc;
	sqlite3_bind_blob(s->st[SQL_GUESS_ADD], 1, g->who, DB_HASH, SQLITE_STATIC);
	sqlite3_bind_int64(s->st[SQL_GUESS_ADD], 2, now + g->seconds);
	return db_run(s, SQL_GUESS_ADD);
}

enum rc
guess_begin(struct store *s, const struct guess *g, int64_t now, bool *locked)
{
	enum rc rc;

	*locked = true;
	if ((rc = db_begin(s)) != RC_OK)
		return rc;
	if ((rc = guess_locked(s, g, now, locked)) == RC_OK && !*locked)
		rc = guess_wrong(s, g, now);
	if ((rc = db_end(s, rc)) != RC_OK)
		*locked = true;
	return rc;
}

enum rc
guess_right(struct store *s, const struct guess *g)
{
	sqlite3_bind_blob(s->st[SQL_GUESS_RIGHT], 1, g->who, DB_HASH, SQLITE_STATIC);
	return db_run(s, SQL_GUESS_RIGHT);
}
