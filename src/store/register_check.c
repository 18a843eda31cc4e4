/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * register.h, what is known about the files of signed letters: with what they were registered,
 * and what each look at them since has said.  What speaks against a file was found before; who may
 * overrule it is asked here.
 */
#include <string.h>

#include "act.h"
#include "prose.h"
#include "register_db.h"
#include "verdict.h"
#include "wire.h"

static const char *const caveats[CAVEAT__MAX] = {"", "notes", "practice"};

enum register_caveat
register_caveat(const char *name)
{
	unsigned i;

	for (i = 0; i < CAVEAT__MAX; i++)
		if (strcmp(caveats[i], name) == 0)
			return i;
	return CAVEAT_PRACTICE; /* not written by us: never green */
}

static const char *
caveat_of(const struct report *r)
{
	return caveats[r->demonstration                     ? CAVEAT_PRACTICE
		       : report_added(r) >= MOD_ANNOTATIONS ? CAVEAT_NOTES
							    : CAVEAT_NONE];
}

/* ---- registering ---- */

/* Whether another letter has this file. */
static enum rc
is_taken(struct store *s, const struct register_signing *g, const char *id, bool *taken)
{
	char other[CROCKFORD_ID_LEN + 1];
	enum rc rc = register_by_file(s, g->sha256, other);

	*taken = rc != RC_OK || (other[0] != '\0' && strcmp(other, id) != 0);
	return rc;
}

/* A verdict that may be registered at all. */
static bool
confirmed(const struct report *r, bool pending)
{
	return pending ? r->conclusion == CONCLUSION_INDETERMINATE
		       : r->conclusion == CONCLUSION_VALID;
}

enum rc
register_may_sign(struct store *s, const struct actor *who, const struct register_brief *b,
    const struct register_signing *g, int64_t now, enum register_answer *answer)
{
	bool may = who->role == ROLE_ADMIN || who->role == ROLE_OPERATOR;
	bool taken;
	enum rc rc;

	if ((rc = is_taken(s, g, b->id, &taken)) != RC_OK)
		return rc;
	if (taken)
		*answer = REGISTER_TAKEN;
	else if (!confirmed(g->report, g->pending) ||
		 (*g->differences != '\0' && (!may || !prose_ok(g->reason, 1, CAP_LETTER_TEXT))))
		*answer = REGISTER_FORBIDDEN;
	else
		return RC_OK;
	return act_add(s, who, ACT_LETTER_REFUSED, b->id, 0, now);
}

/* What was seen, and when, of the letter with this number. */
static enum rc
add_check(struct store *s, int64_t seq, const struct report *r, bool pending, int64_t now)
{
	sqlite3_stmt *st = s->st[SQL_CHECK_ADD];
	enum rc rc;

	sqlite3_bind_int64(st, 1, seq);
	sqlite3_bind_int64(st, 2, now);
	sqlite3_bind_int64(st, 8, pending);
	if ((rc = verdict_bind(st, 3, r)) != RC_OK) {
		db_done(s, SQL_CHECK_ADD);
		return rc;
	}
	return db_run(s, SQL_CHECK_ADD);
}

static enum rc
keep_report(struct store *s, int64_t seq, const void *wire, size_t len, int64_t now)
{
	sqlite3_stmt *st = s->st[SQL_CHECK_REPORT];

	sqlite3_bind_int64(st, 1, seq);
	sqlite3_bind_int64(st, 2, now);
	sqlite3_bind_blob64(st, 3, wire, len, SQLITE_STATIC);
	return db_run(s, SQL_CHECK_REPORT);
}

/* The letter's number. */
static enum rc
number_of(struct store *s, const char *id, int64_t *out)
{
	sqlite3_bind_text(s->st[SQL_LETTER_SEQ], 1, id, -1, SQLITE_STATIC);
	return db_number(s, SQL_LETTER_SEQ, out);
}

enum rc
register_keep(struct store *s, const struct actor *who, const char *id,
    const struct register_signing *g, int64_t now)
{
	sqlite3_stmt *st = s->st[SQL_REGISTER];
	bool overruled = *g->differences != '\0';
	int64_t seq;
	enum rc rc;

	if ((rc = number_of(s, id, &seq)) != RC_OK)
		return rc;
	sqlite3_bind_int64(st, 1, seq);
	sqlite3_bind_int64(st, 2, now);
	if (who->account != 0)
		sqlite3_bind_int64(st, 3, who->account);
	sqlite3_bind_text(st, 4, g->differences, -1, SQLITE_STATIC);
	sqlite3_bind_text(st, 5, overruled ? g->reason : "", -1, SQLITE_STATIC);
	sqlite3_bind_int64(st, 6, g->kept);
	sqlite3_bind_text(st, 7, conclusion_name(g->report->conclusion), -1, SQLITE_STATIC);
	sqlite3_bind_int64(st, 8, g->pending);
	sqlite3_bind_text(st, 9, caveat_of(g->report), -1, SQLITE_STATIC);
	if ((rc = db_run(s, SQL_REGISTER)) != RC_OK ||
	    (rc = add_check(s, seq, g->report, g->pending, now)) != RC_OK ||
	    (rc = keep_report(s, seq, g->wire, g->wire_len, now)) != RC_OK || !overruled)
		return rc;
	return act_add(s, who, ACT_LETTER_OVERRULED, id, 0, now);
}

/* ---- later looks ---- */

struct standing {
	int64_t seq;
	enum conclusion verdict; /* CONCLUSION__MAX: it was never looked at */
};

/* RC_ABSENT: it was never registered. */
static enum rc
stands(struct store *s, const char *id, struct standing *out)
{
	sqlite3_stmt *st = s->st[SQL_STANDING];
	enum rc rc;

	sqlite3_bind_text(st, 1, id, -1, SQLITE_STATIC);
	if (!db_next(s, SQL_STANDING, &rc))
		return rc == RC_OK ? RC_ABSENT : rc;
	out->seq = sqlite3_column_int64(st, 0);
	out->verdict = conclusion_parse(db_text(st, 1));
	db_done(s, SQL_STANDING);
	return RC_OK;
}

struct look {
	const struct report *report; /* NULL: there was nothing to look at */
	const void *wire;
	size_t wire_len;
	bool pending, kept;
};

/* In the transaction that is open. */
static enum rc
note(struct store *s, const char *id, const struct look *l, int64_t now, enum conclusion *before)
{
	sqlite3_stmt *st = s->st[SQL_CHECKED];
	struct standing was;
	enum rc rc;

	if ((rc = stands(s, id, &was)) != RC_OK)
		return rc;
	*before = was.verdict;
	sqlite3_bind_int64(st, 1, was.seq);
	sqlite3_bind_int64(st, 2, l->kept);
	if (l->report == NULL)
		return db_run(s, SQL_CHECKED);
	sqlite3_bind_int64(st, 3, now);
	sqlite3_bind_text(st, 4, conclusion_name(l->report->conclusion), -1, SQLITE_STATIC);
	sqlite3_bind_int64(st, 5, l->pending);
	sqlite3_bind_text(st, 6, caveat_of(l->report), -1, SQLITE_STATIC);
	if ((rc = db_run(s, SQL_CHECKED)) != RC_OK ||
	    (rc = add_check(s, was.seq, l->report, l->pending, now)) != RC_OK ||
	    (l->wire_len > 0 &&
		(rc = keep_report(s, was.seq, l->wire, l->wire_len, now)) != RC_OK) ||
	    was.verdict == l->report->conclusion)
		return rc;
	return act_add(s, NULL, ACT_LETTER_TURNED, id, 0, now);
}

enum rc
register_checked(struct store *s, const char *id, const struct report *report, const void *wire,
    size_t wire_len, bool pending, bool kept, int64_t now, enum conclusion *before)
{
	/* what is VALID lacks nothing */
	const struct look l = {report, wire, wire_len,
	    pending && report != NULL && report->conclusion == CONCLUSION_INDETERMINATE, kept};
	char stored[CROCKFORD_ID_LEN + 1];
	enum rc rc;

	*before = CONCLUSION__MAX;
	if (wire_len > CAP_WIRE)
		return RC_TOOBIG;
	if (!crockford_id_read(id, strnlen(id, CAP_LETTER_TEXT), stored))
		return RC_ABSENT;
	if ((rc = db_begin(s)) != RC_OK)
		return rc;
	if ((rc = db_end(s, note(s, stored, &l, now, before))) != RC_OK)
		*before = CONCLUSION__MAX;
	return rc;
}

enum rc
register_due(struct store *s, int64_t before,
    bool (*row)(const char *id, const uint8_t sha256[DB_HASH], void *arg), void *arg)
{
	static const enum sql ways[] = {SQL_DUE, SQL_DUE_OTHER};
	uint8_t header[WIRE_HEADER];
	bool more = true;
	enum rc rc = RC_OK;
	sqlite3_stmt *st;
	unsigned i;

	wire_header(header);
	for (i = 0; i < 2 && more && rc == RC_OK; i++) {
		st = s->st[ways[i]];
		sqlite3_bind_int64(st, 1, before);
		if (ways[i] == SQL_DUE_OTHER)
			sqlite3_bind_blob(st, 2, header, sizeof(header), SQLITE_STATIC);
		while (more && db_next(s, ways[i], &rc))
			more = row(db_text(st, 0), sqlite3_column_blob(st, 1), arg);
		db_done(s, ways[i]);
	}
	return rc;
}

enum rc
register_report(struct store *s, const char *id, struct report **out, int64_t *at)
{
	sqlite3_stmt *st = s->st[SQL_LETTER_REPORT];
	char stored[CROCKFORD_ID_LEN + 1];
	enum rc rc;

	*out = NULL;
	*at = 0;
	if (!crockford_id_read(id, strnlen(id, CAP_LETTER_TEXT), stored))
		return RC_ABSENT;
	sqlite3_bind_text(st, 1, stored, -1, SQLITE_STATIC);
	if (!db_next(s, SQL_LETTER_REPORT, &rc))
		return rc == RC_OK ? RC_ABSENT : rc;
	rc = wire_decode(out, sqlite3_column_blob(st, 0), (size_t)sqlite3_column_bytes(st, 0));
	if (rc == RC_FORMAT)
		rc = RC_OK;
	if (rc == RC_OK)
		*at = sqlite3_column_int64(st, 1);
	db_done(s, SQL_LETTER_REPORT);
	return rc;
}

enum rc
register_by_file(struct store *s, const uint8_t sha256[DB_HASH], char id[CROCKFORD_ID_LEN + 1])
{
	sqlite3_stmt *st = s->st[SQL_LETTER_BY_FILE];
	enum rc rc;

	id[0] = '\0';
	sqlite3_bind_blob(st, 1, sha256, DB_HASH, SQLITE_STATIC);
	if (db_next(s, SQL_LETTER_BY_FILE, &rc))
		sqlite3_snprintf(CROCKFORD_ID_LEN + 1, id, "%s", db_text(st, 0));
	db_done(s, SQL_LETTER_BY_FILE);
	return rc;
}
