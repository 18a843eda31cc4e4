/* SPDX-License-Identifier: GPL-3.0-or-later */
/* batch.h: a queue that several may serve, and that survives whoever serves it. */
#include <string.h>
#include <time.h>

#include "account_db.h"
#include "batch.h"

const char *
batch_state_name(enum batch_state s)
{
	static const char *const names[BATCH_STATE__MAX] = {"queued", "running", "done", "failed"};

	return (unsigned)s < BATCH_STATE__MAX ? names[s] : NULL;
}

const char *
batch_kind_name(enum batch_kind k)
{
	static const char *const names[BATCH_KIND__MAX] = {"footers", "stamped"};

	return (unsigned)k < BATCH_KIND__MAX ? names[k] : NULL;
}

/* ---- who orders ---- */

static bool
may_order(const struct actor *who, int64_t agency)
{
	return account_manages(who) || (who->role == ROLE_STAFF && who->agency == agency);
}

static bool
order_ok(const struct batch *b)
{
	if (batch_kind_name(b->kind) == NULL || b->total > CAP_BATCH_ROWS || b->agency == 0)
		return false;
	if (b->to < b->from || (b->from == 0 && b->to != 0))
		return false;
	if (memchr(b->wording, 0, sizeof(b->wording)) == NULL)
		return false;
	if (b->kind == BATCH_STAMPED)
		return b->format[0] == '\0';
	return memcmp(b->format, "png", 4) == 0 || memcmp(b->format, "svg", 4) == 0 ||
	       memcmp(b->format, "pdf", 4) == 0;
}

static enum rc
insert(struct store *s, const struct actor *who, struct batch *b, int64_t now,
    enum account_answer *answer)
{
	sqlite3_stmt *st = s->st[SQL_BATCH_ADD];
	uint8_t bits[16];
	int64_t waiting;
	enum rc rc;

	if (who->account != 0)
		sqlite3_bind_int64(s->st[SQL_BATCH_WAITING], 1, who->account);
	if ((rc = db_number(s, SQL_BATCH_WAITING, &waiting)) != RC_OK)
		return rc;
	*answer = ACCOUNT_LOCKED;
	if (waiting >= CAP_BATCHES)
		return RC_OK;
	if ((rc = db_random(bits, sizeof(bits))) != RC_OK)
		return rc;
	crockford_128(bits, b->id);
	sqlite3_bind_text(st, 1, b->id, BATCH_ID_LEN, SQLITE_STATIC);
	if (who->account != 0)
		sqlite3_bind_int64(st, 2, who->account);
	sqlite3_bind_int64(st, 3, b->agency);
	sqlite3_bind_text(st, 4, batch_kind_name(b->kind), -1, SQLITE_STATIC);
	sqlite3_bind_int64(st, 5, now);
	sqlite3_bind_int64(st, 6, b->total);
	sqlite3_bind_text(st, 7, b->format, -1, SQLITE_STATIC);
	sqlite3_bind_int64(st, 8, b->dpi);
	sqlite3_bind_int64(st, 9, b->from);
	sqlite3_bind_int64(st, 10, b->to);
	sqlite3_bind_text(st, 11, b->wording, -1, SQLITE_STATIC);
	if ((rc = db_run(s, SQL_BATCH_ADD)) != RC_OK)
		return rc;
	*answer = ACCOUNT_MALFORMED; /* no such agency */
	if (sqlite3_changes(s->db) != 1)
		return RC_OK;
	*answer = ACCOUNT_DONE;
	return act_add(s, who, ACT_BATCH_ORDERED, NULL, 0, now);
}

enum rc
batch_add(struct store *s, const struct actor *who, struct batch *b, int64_t now,
    enum account_answer *answer)
{
	enum account_answer found = ACCOUNT_FORBIDDEN;
	enum rc rc;

	b->id[0] = '\0';
	if (b->agency == 0)
		b->agency = who->agency;
	if (!may_order(who, b->agency))
		return account_forbid(s, who, now, answer);
	*answer = ACCOUNT_MALFORMED;
	if (!order_ok(b))
		return RC_OK;
	*answer = ACCOUNT_FORBIDDEN;
	b->account = who->account;
	b->state = BATCH_QUEUED;
	b->at = now;
	b->ended = 0;
	b->done = b->failed = b->take = 0;
	if ((rc = db_begin(s)) != RC_OK)
		return rc;
	if ((rc = db_end(s, insert(s, who, b, now, &found))) == RC_OK)
		*answer = found;
	if (*answer != ACCOUNT_DONE)
		b->id[0] = '\0';
	return rc;
}

/* ---- who asks ---- */

/* RC_FORMAT: that was not written by us. */
static enum rc
read_row(sqlite3_stmt *st, struct batch *b)
{
	const char *state = db_text(st, 4), *kind = db_text(st, 3);
	unsigned i;

	memset(b, 0, sizeof(*b));
	sqlite3_snprintf(sizeof(b->id), b->id, "%s", db_text(st, 0));
	b->account = sqlite3_column_int64(st, 1);
	b->agency = sqlite3_column_int64(st, 2);
	b->kind = BATCH_KIND__MAX;
	b->state = BATCH_STATE__MAX;
	for (i = 0; i < BATCH_KIND__MAX; i++)
		if (strcmp(kind, batch_kind_name(i)) == 0)
			b->kind = i;
	for (i = 0; i < BATCH_STATE__MAX; i++)
		if (strcmp(state, batch_state_name(i)) == 0)
			b->state = i;
	b->at = sqlite3_column_int64(st, 5);
	b->ended = sqlite3_column_int64(st, 6);
	b->total = (unsigned)sqlite3_column_int(st, 7);
	b->done = (unsigned)sqlite3_column_int(st, 8);
	b->failed = (unsigned)sqlite3_column_int(st, 9);
	sqlite3_snprintf(sizeof(b->format), b->format, "%s", db_text(st, 10));
	b->dpi = (unsigned)sqlite3_column_int(st, 11);
	b->take = (unsigned)sqlite3_column_int(st, 12);
	b->from = (uint32_t)sqlite3_column_int64(st, 13);
	b->to = (uint32_t)sqlite3_column_int64(st, 14);
	sqlite3_snprintf(sizeof(b->wording), b->wording, "%s", db_text(st, 15));
	return b->kind == BATCH_KIND__MAX || b->state == BATCH_STATE__MAX ? RC_FORMAT : RC_OK;
}

static bool
may_see(const struct actor *who, const struct batch *b)
{
	/* Who has moved to another agency leaves its letters behind. */
	return account_manages(who) ||
	       (who->role == ROLE_STAFF && who->account == b->account && who->agency == b->agency);
}

/* Of any id that somebody may have typed. */
static enum rc
find(struct store *s, const char *id, struct batch *out)
{
	enum rc rc;

	sqlite3_bind_text(s->st[SQL_BATCH], 1, id, -1, SQLITE_STATIC);
	if (!db_next(s, SQL_BATCH, &rc))
		return rc == RC_OK ? RC_ABSENT : rc;
	rc = read_row(s->st[SQL_BATCH], out);
	db_done(s, SQL_BATCH);
	return rc;
}

enum rc
batch_read(struct store *s, const struct actor *who, const char *id, struct batch *out)
{
	enum account_answer answer;
	enum rc rc;

	if ((rc = find(s, id, out)) == RC_OK && !may_see(who, out))
		if ((rc = account_forbid(s, who, (int64_t)time(NULL), &answer)) == RC_OK)
			rc = RC_ABSENT;
	if (rc != RC_OK)
		memset(out, 0, sizeof(*out));
	return rc;
}

enum rc
batch_list(struct store *s, const struct actor *who, bool (*row)(const struct batch *b, void *arg),
    void *arg)
{
	enum account_answer answer;
	struct batch b;
	enum rc rc;

	if (!account_manages(who) && who->role != ROLE_STAFF)
		return account_forbid(s, who, (int64_t)time(NULL), &answer);
	if (who->role == ROLE_STAFF) {
		sqlite3_bind_int64(s->st[SQL_BATCHES], 1, who->account);
		sqlite3_bind_int64(s->st[SQL_BATCHES], 2, who->agency);
	}
	while (db_next(s, SQL_BATCHES, &rc))
		if ((rc = read_row(s->st[SQL_BATCHES], &b)) != RC_OK || !row(&b, arg))
			break;
	db_done(s, SQL_BATCHES);
	return rc;
}

/* ---- who does them ---- */

/* The rights of who ordered it, as they are now. */
static enum rc
order_of(struct store *s, int64_t account, struct actor *who)
{
	sqlite3_stmt *st = s->st[SQL_ACTOR];
	enum rc rc;

	*who = actor_operator;
	if (account == 0)
		return RC_OK;
	*who = account_nobody;
	sqlite3_bind_int64(st, 1, account);
	if (db_next(s, SQL_ACTOR, &rc)) {
		who->account = account;
		who->agency = sqlite3_column_int64(st, 0);
		who->role = role_parse(db_text(st, 1));
	}
	db_done(s, SQL_ACTOR);
	return rc;
}

/* In the transaction that is open. */
static enum rc
take(struct store *s, int64_t now, struct batch *out, struct actor *who)
{
	sqlite3_stmt *st = s->st[SQL_BATCH_TAKE];
	enum rc rc;

	sqlite3_bind_int64(s->st[SQL_BATCH_GIVE_UP], 1, now);
	sqlite3_bind_int64(s->st[SQL_BATCH_GIVE_UP], 2, CAP_BATCH_TAKES);
	if ((rc = db_run(s, SQL_BATCH_GIVE_UP)) != RC_OK)
		return rc;
	sqlite3_bind_int64(s->st[SQL_BATCH_NEXT], 1, now);
	if (!db_next(s, SQL_BATCH_NEXT, &rc))
		return rc == RC_OK ? RC_ABSENT : rc;
	rc = read_row(s->st[SQL_BATCH_NEXT], out);
	db_done(s, SQL_BATCH_NEXT);
	if (rc != RC_OK || (rc = order_of(s, out->account, who)) != RC_OK)
		return rc;
	out->state = BATCH_RUNNING;
	out->done = out->failed = 0;
	out->take++;
	sqlite3_bind_text(st, 1, out->id, -1, SQLITE_STATIC);
	sqlite3_bind_int64(st, 2, out->take);
	sqlite3_bind_int64(st, 3, now + CAP_BATCH_LEASE);
	return db_run(s, SQL_BATCH_TAKE);
}

enum rc
batch_take(struct store *s, int64_t now, struct batch *out, struct actor *who)
{
	int64_t open;
	enum rc rc;

	memset(out, 0, sizeof(*out));
	*who = account_nobody;
	/* asked each second: look before taking the lock that others wait for */
	sqlite3_bind_int64(s->st[SQL_BATCH_ANY], 1, now);
	if ((rc = db_number(s, SQL_BATCH_ANY, &open)) != RC_OK || (rc = db_begin(s)) != RC_OK)
		return rc;
	rc = take(s, now, out, who);
	if (rc == RC_ABSENT) { /* what was given up stays so */
		rc = db_end(s, RC_OK);
		rc = rc == RC_OK ? RC_ABSENT : rc;
	} else {
		rc = db_end(s, rc);
	}
	if (rc != RC_OK) {
		memset(out, 0, sizeof(*out));
		*who = account_nobody;
	}
	return rc;
}

/* RC_ABSENT: it was taken by somebody else. */
static enum rc
held(struct store *s, enum rc rc)
{
	return rc == RC_OK && sqlite3_changes(s->db) != 1 ? RC_ABSENT : rc;
}

enum rc
batch_progress(struct store *s, const struct batch *b)
{
	sqlite3_stmt *st = s->st[SQL_BATCH_PROGRESS];

	sqlite3_bind_text(st, 1, b->id, -1, SQLITE_STATIC);
	sqlite3_bind_int64(st, 2, b->take);
	sqlite3_bind_int64(st, 3, b->total);
	sqlite3_bind_int64(st, 4, b->done);
	sqlite3_bind_int64(st, 5, b->failed);
	sqlite3_bind_int64(st, 6, (int64_t)time(NULL) + CAP_BATCH_LEASE);
	return held(s, db_run(s, SQL_BATCH_PROGRESS));
}

enum rc
batch_end(struct store *s, const struct batch *b, bool done, int64_t now)
{
	sqlite3_stmt *st = s->st[SQL_BATCH_END];

	sqlite3_bind_text(st, 1, b->id, -1, SQLITE_STATIC);
	sqlite3_bind_int64(st, 2, b->take);
	sqlite3_bind_text(
	    st, 3, batch_state_name(done ? BATCH_DONE : BATCH_FAILED), -1, SQLITE_STATIC);
	sqlite3_bind_int64(st, 4, now);
	return held(s, db_run(s, SQL_BATCH_END));
}

enum rc
batch_expire(struct store *s, int64_t before, void (*gone)(const char *id, void *arg), void *arg)
{
	enum rc rc;

	if ((rc = db_begin(s)) != RC_OK)
		return rc;
	sqlite3_bind_int64(s->st[SQL_BATCH_ENDED], 1, before);
	while (db_next(s, SQL_BATCH_ENDED, &rc))
		gone(db_text(s->st[SQL_BATCH_ENDED], 0), arg);
	if (rc == RC_OK) {
		sqlite3_bind_int64(s->st[SQL_BATCH_FORGET], 1, before);
		rc = db_run(s, SQL_BATCH_FORGET);
	}
	return db_end(s, rc);
}
