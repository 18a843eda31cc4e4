/* SPDX-License-Identifier: GPL-3.0-or-later */
/* register.h, what shows letters: to who works with them, and to anybody what may be seen. */
#include <string.h>

#include <openssl/crypto.h>

#include "act.h"
#include "arena.h"
#include "guess.h"
#include "register_db.h"
#include "secret.h"
#include "when.h"

/* A letter with what is not for its reader. */
struct loaded {
	struct register_letter *letter;
	bool issued;            /* it was once: what it says is out */
	char code[SECRET_HASH]; /* "": none */
};

void
register_free(struct register_letter *l)
{
	if (l != NULL)
		arena_free(l->arena);
}

static const char *
keep_text(struct register_letter *l, sqlite3_stmt *st, int column)
{
	const char *s = db_text(st, column);

	return arena_str(l->arena, s, strlen(s));
}

static struct register_letter *
letter_new(void)
{
	struct arena *arena = arena_new(CAP_LETTER);
	struct register_letter *l = arena != NULL ? arena_alloc(arena, sizeof(*l)) : NULL;

	if (l == NULL)
		arena_free(arena);
	else
		l->arena = arena;
	return l;
}

static enum rc
read_letter(sqlite3_stmt *st, struct loaded *out)
{
	struct register_letter *l = out->letter;
	struct register_content *c = &l->content;
	const char *code = db_text(st, 4);

	l->agency = sqlite3_column_int64(st, 1);
	l->state = letter_state_parse(db_text(st, 2));
	l->version = (unsigned)sqlite3_column_int(st, 3);
	sqlite3_snprintf(sizeof(l->successor), l->successor, "%s", db_text(st, 5));
	l->has_file = sqlite3_column_bytes(st, 6) == sizeof(l->sha256);
	if (l->has_file)
		memcpy(l->sha256, sqlite3_column_blob(st, 6), sizeof(l->sha256));
	l->size = (uint64_t)sqlite3_column_int64(st, 7);
	l->agency_code = keep_text(l, st, 8);
	l->agency_name = keep_text(l, st, 9);
	c->number = keep_text(l, st, 10);
	c->subject = keep_text(l, st, 11);
	c->date = keep_text(l, st, 12);
	c->unit = keep_text(l, st, 13);
	c->visibility = letter_visibility_parse(db_text(st, 14));
	l->created = sqlite3_column_int64(st, 15);
	out->issued = sqlite3_column_int(st, 16) != 0;
	l->since = keep_text(l, st, 17);
	l->reason = keep_text(l, st, 18);
	l->shown = true;
	if (strlen(code) >= sizeof(out->code) || l->state == LETTER_STATE__MAX ||
	    c->visibility == LETTER_VISIBILITY__MAX)
		return RC_FORMAT;
	memcpy(out->code, code, strlen(code) + 1);
	return arena_short(l->arena) ? RC_NOMEM : RC_OK;
}

static enum rc
read_signers(struct store *s, struct register_letter *l)
{
	struct register_signer *v = arena_array(l->arena, CAP_SIGNERS, sizeof(*v));
	sqlite3_stmt *st = s->st[SQL_SIGNERS];
	size_t n = 0;
	int code;

	if (v == NULL)
		return RC_NOMEM;
	sqlite3_bind_text(st, 1, l->id, -1, SQLITE_STATIC);
	sqlite3_bind_int64(st, 2, l->version);
	while ((code = sqlite3_step(st)) == SQLITE_ROW && n < CAP_SIGNERS) {
		v[n].title = keep_text(l, st, 0);
		v[n].name = keep_text(l, st, 1);
		v[n].rank = keep_text(l, st, 2);
		n++;
	}
	db_done(s, SQL_SIGNERS);
	l->content.signers = v;
	l->content.nsigners = n;
	return arena_short(l->arena) ? RC_NOMEM : db_rc(code);
}

/* id as it is stored.  RC_ABSENT: no such letter.  out->letter is NULL unless RC_OK. */
static enum rc
load(struct store *s, const char *id, struct loaded *out)
{
	sqlite3_stmt *st = s->st[SQL_LETTER];
	enum rc rc;
	int code;

	memset(out, 0, sizeof(*out));
	if ((out->letter = letter_new()) == NULL)
		return RC_NOMEM;
	memcpy(out->letter->id, id, CROCKFORD_ID_LEN + 1);
	sqlite3_bind_text(st, 1, id, -1, SQLITE_STATIC);
	if ((code = sqlite3_step(st)) == SQLITE_ROW)
		rc = read_letter(st, out);
	else
		rc = code == SQLITE_DONE ? RC_ABSENT : db_rc(code);
	db_done(s, SQL_LETTER);
	if (rc == RC_OK)
		rc = read_signers(s, out->letter);
	if (rc != RC_OK) {
		register_free(out->letter);
		out->letter = NULL;
	}
	return rc;
}

enum rc
register_read(struct store *s, const struct actor *who, const char *id, int64_t now,
    struct register_letter **out, enum register_answer *answer)
{
	struct register_brief b;
	struct loaded l;
	enum rc rc;

	*out = NULL;
	rc = register_brief(s, who, id, false, now, &b, answer);
	if (rc != RC_OK || *answer != REGISTER_DONE)
		return rc;
	*answer = REGISTER_ABSENT;
	if ((rc = load(s, b.id, &l)) != RC_OK)
		return rc == RC_ABSENT ? RC_FORMAT : rc;
	*out = l.letter;
	*answer = REGISTER_DONE;
	return RC_OK;
}

/* ---- for anybody ---- */

/* Only that there is such a letter, and where it stands. */
static void
hold_back(struct register_letter *l)
{
	struct register_content *c = &l->content;

	c->number = c->subject = c->date = c->unit = l->reason = l->since = "";
	c->nsigners = 0;
	l->shown = l->has_file = false;
	l->successor[0] = '\0';
}

/* That it exists, by its number. */
static void
show_fact(struct register_letter *l)
{
	l->content.subject = l->reason = "";
	l->content.nsigners = 0;
	l->has_file = false;
}

/* REGISTER_DONE, REGISTER_CODE or REGISTER_LOCKED. */
static enum rc
check_code(struct store *s, const struct loaded *l, const char *given, const char *address,
    int64_t now, enum register_answer *answer)
{
	char code[REGISTER_CODE_LEN];
	struct guess g = {.tries = CAP_LOGIN_TRIES, .seconds = CAP_LOGIN_LOCK};
	bool locked, right = false;
	enum rc rc;

	*answer = REGISTER_CODE;
	if (given == NULL || *given == '\0')
		return RC_OK;
	if ((rc = db_keyed(s, g.who, "code", l->letter->id, address)) != RC_OK ||
	    (rc = guess_begin(s, &g, now, &locked)) != RC_OK)
		return rc;
	if (!locked && crockford_code_read(
			   given, strnlen(given, CAP_LETTER_TEXT), code, REGISTER_CODE_LEN - 1))
		rc = secret_right(l->code, code, strlen(code), &right);
	if (rc == RC_OK && right) {
		*answer = REGISTER_DONE;
		rc = guess_right(s, &g);
	} else if (rc == RC_OK) {
		*answer = locked ? REGISTER_LOCKED : REGISTER_CODE;
		rc = act_add(s, NULL, ACT_CODE_REFUSED, l->letter->id, 0, now);
	}
	return rc;
}

enum rc
register_public(struct store *s, const char *id, const char *code, const char *address, int64_t now,
    struct register_letter **out, enum register_answer *answer)
{
	char stored[CROCKFORD_ID_LEN + 1];
	enum register_answer found = REGISTER_DONE;
	struct loaded l;
	enum rc rc;

	*out = NULL;
	*answer = REGISTER_ABSENT;
	if (!crockford_id_read(id, strnlen(id, CAP_LETTER_TEXT), stored))
		return RC_OK;
	if ((rc = load(s, stored, &l)) != RC_OK)
		return rc == RC_ABSENT ? RC_OK : rc;
	if (!l.issued) {
		hold_back(l.letter);
	} else if (l.letter->content.visibility == LETTER_CODE) {
		if ((rc = check_code(s, &l, code, address, now, &found)) != RC_OK)
			goto out;
		if (found != REGISTER_DONE)
			hold_back(l.letter);
	} else if (l.letter->content.visibility == LETTER_FACT) {
		show_fact(l.letter);
	}
	*out = l.letter;
	l.letter = NULL; /* transferred */
	*answer = found;
out:
	OPENSSL_cleanse(l.code, sizeof(l.code));
	register_free(l.letter);
	return rc;
}

/* ---- many ---- */

static bool
day_or_open(const char *s)
{
	int64_t t;

	return s == NULL || (strnlen(s, 11) == 10 && when_parse(s, &t));
}

/* Binds what is asked for; false: that can't be asked. */
static bool
bind_query(sqlite3_stmt *st, const struct register_query *q, int64_t agency,
    char before[CROCKFORD_ID_LEN + 1])
{
	if (!day_or_open(q->since) || !day_or_open(q->until) ||
	    (q->before != NULL &&
		!crockford_id_read(q->before, strnlen(q->before, CAP_LETTER_TEXT), before)))
		return false;
	if (q->state != LETTER_STATE__MAX)
		sqlite3_bind_text(st, 1, letter_state_name(q->state), -1, SQLITE_STATIC);
	sqlite3_bind_int64(st, 2, agency);
	sqlite3_bind_text(st, 3, q->words, -1, SQLITE_STATIC);
	sqlite3_bind_text(st, 4, q->since, -1, SQLITE_STATIC);
	sqlite3_bind_text(st, 5, q->until, -1, SQLITE_STATIC);
	if (q->before != NULL)
		sqlite3_bind_text(st, 6, before, -1, SQLITE_STATIC);
	sqlite3_bind_int64(st, 7, q->limit > 0 ? q->limit : -1);
	return true;
}

enum rc
register_list(struct store *s, const struct actor *who, const struct register_query *q,
    bool (*row)(const struct register_row *row, void *arg), void *arg, enum register_answer *answer)
{
	int64_t agency = who->role == ROLE_STAFF ? who->agency : q->agency;
	sqlite3_stmt *st = s->st[SQL_LETTERS];
	char before[CROCKFORD_ID_LEN + 1];
	struct register_row r;
	int code;

	*answer = REGISTER_FORBIDDEN;
	if ((unsigned)who->role >= ROLE__MAX ||
	    (who->role == ROLE_STAFF && (agency == 0 || (q->agency != 0 && q->agency != agency))))
		return RC_OK;
	*answer = REGISTER_MALFORMED;
	if (!bind_query(st, q, agency, before)) {
		db_done(s, SQL_LETTERS);
		return RC_OK;
	}
	*answer = REGISTER_DONE;
	while ((code = sqlite3_step(st)) == SQLITE_ROW) {
		r.id = db_text(st, 0);
		r.number = db_text(st, 1);
		r.subject = db_text(st, 2);
		r.date = db_text(st, 3);
		r.unit = db_text(st, 4);
		r.agency = db_text(st, 5);
		r.state = letter_state_parse(db_text(st, 6));
		r.visibility = letter_visibility_parse(db_text(st, 7));
		r.created = sqlite3_column_int64(st, 8);
		if (!row(&r, arg))
			break;
	}
	db_done(s, SQL_LETTERS);
	return db_rc(code);
}

enum rc
register_history(struct store *s, const struct actor *who, const char *id, int64_t now,
    bool (*row)(const struct register_event *e, void *arg), void *arg, enum register_answer *answer)
{
	sqlite3_stmt *st = s->st[SQL_EVENTS];
	struct register_brief b;
	struct register_event e;
	enum rc rc;
	int code;

	rc = register_brief(s, who, id, false, now, &b, answer);
	if (rc != RC_OK || *answer != REGISTER_DONE)
		return rc;
	sqlite3_bind_text(st, 1, b.id, -1, SQLITE_STATIC);
	while ((code = sqlite3_step(st)) == SQLITE_ROW) {
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
	return db_rc(code);
}
