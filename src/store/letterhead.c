/* SPDX-License-Identifier: GPL-3.0-or-later */
/* letterhead.h: what a logo shows, and whether a wording is there, is for others to say. */
#include <string.h>

#include "account_db.h"
#include "arena.h"
#include "letterhead.h"
#include "prose.h"

#define WORDING 32 /* characters of a wording's name */

void
letterhead_free(struct letterhead *l)
{
	if (l != NULL)
		arena_free(l->arena);
}

static enum rc
read_head(sqlite3_stmt *st, struct letterhead *l)
{
	const char *text = db_text(st, 0);

	l->code = arena_str(l->arena, text, strlen(text));
	if (sqlite3_column_type(st, 1) != SQLITE_NULL) {
		l->version = (unsigned)sqlite3_column_int(st, 1);
		text = db_text(st, 2);
		l->wording = arena_str(l->arena, text, strlen(text));
		text = db_text(st, 3);
		l->text = arena_str(l->arena, text, strlen(text));
		l->logo_len = (size_t)sqlite3_column_bytes(st, 4);
		if (l->logo_len > 0)
			l->logo = arena_dup(l->arena, sqlite3_column_blob(st, 4), l->logo_len);
	}
	return arena_short(l->arena) ? RC_NOMEM : RC_OK;
}

enum rc
letterhead_read(struct store *s, int64_t agency, struct letterhead **out)
{
	struct arena *arena = arena_new(CAP_PAPER_LOGO + CAP_LETTER);
	struct letterhead *l = arena != NULL ? arena_alloc(arena, sizeof(*l)) : NULL;
	enum rc rc;

	*out = NULL;
	if (l == NULL) {
		arena_free(arena);
		return RC_NOMEM;
	}
	l->arena = arena;
	l->code = "";
	l->wording = "F1";
	l->text = "";
	sqlite3_bind_int64(s->st[SQL_LETTERHEAD], 1, agency);
	if (db_next(s, SQL_LETTERHEAD, &rc))
		rc = read_head(s->st[SQL_LETTERHEAD], l);
	db_done(s, SQL_LETTERHEAD);
	if (rc == RC_OK)
		*out = l;
	else
		arena_free(arena);
	return rc;
}

static bool
head_ok(const struct letterhead *l, bool keep_logo)
{
	if (*l->wording == '\0' && *l->text == '\0')
		return false;
	if (!prose_ok(l->wording, 0, WORDING) || !prose_ok(l->text, 0, CAP_PAPER_TEXT) ||
	    strlen(l->text) > CAP_PAPER_TEXT)
		return false;
	return keep_logo ||
	       ((l->logo == NULL) == (l->logo_len == 0) && l->logo_len <= CAP_PAPER_LOGO);
}

/* In the transaction that is open.  RC_ABSENT: there is no such agency. */
static enum rc
add_head(struct store *s, const struct actor *who, int64_t agency, const struct letterhead *l,
    bool keep_logo, int64_t now)
{
	sqlite3_stmt *st = s->st[keep_logo ? SQL_LETTERHEAD_KEEP : SQL_LETTERHEAD_ADD];
	int64_t logo = 0;
	enum rc rc;

	if (!keep_logo && l->logo != NULL) {
		sqlite3_bind_blob64(s->st[SQL_LOGO_ADD], 1, l->logo, l->logo_len, SQLITE_STATIC);
		if ((rc = db_run(s, SQL_LOGO_ADD)) != RC_OK)
			return rc;
		logo = sqlite3_last_insert_rowid(s->db);
	}
	sqlite3_bind_int64(st, 1, agency);
	sqlite3_bind_int64(st, 2, now);
	if (who->account != 0)
		sqlite3_bind_int64(st, 3, who->account);
	sqlite3_bind_text(st, 4, l->wording, -1, SQLITE_STATIC);
	sqlite3_bind_text(st, 5, l->text, -1, SQLITE_STATIC);
	if (logo != 0)
		sqlite3_bind_int64(st, 6, logo);
	if ((rc = db_run(s, keep_logo ? SQL_LETTERHEAD_KEEP : SQL_LETTERHEAD_ADD)) != RC_OK)
		return rc;
	if (sqlite3_changes(s->db) != 1)
		return RC_ABSENT;
	return act_add(s, who, ACT_LETTERHEAD_CHANGED, NULL, 0, now);
}

enum rc
letterhead_write(struct store *s, const struct actor *who, int64_t agency,
    const struct letterhead *l, bool keep_logo, int64_t now, enum account_answer *answer)
{
	enum rc rc;

	if (!account_manages(who))
		return account_forbid(s, who, now, answer);
	*answer = ACCOUNT_MALFORMED;
	if (!head_ok(l, keep_logo))
		return RC_OK;
	*answer = ACCOUNT_FORBIDDEN;
	if ((rc = db_begin(s)) != RC_OK)
		return rc;
	rc = db_end(s, add_head(s, who, agency, l, keep_logo, now));
	if (rc == RC_OK || rc == RC_ABSENT)
		*answer = rc == RC_OK ? ACCOUNT_DONE : ACCOUNT_ABSENT;
	return rc == RC_ABSENT ? RC_OK : rc;
}
