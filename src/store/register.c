/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * register.h, what changes letters.  Each change is one transaction: the letter, its
 * history and the act, or nothing.  The tables' own triggers would refuse what is refused here.
 */
#include <string.h>

#include <openssl/crypto.h>

#include "act.h"
#include "prose.h"
#include "register_db.h"
#include "secret.h"
#include "when.h"

static const char *const state_names[LETTER_STATE__MAX] = {
    "draft", "issued", "signed", "superseded", "withdrawn"};

/* From which state to which others. */
static const unsigned moves[LETTER_STATE__MAX] = {
    [LETTER_DRAFT] = 1u << LETTER_ISSUED | 1u << LETTER_WITHDRAWN,
    [LETTER_ISSUED] = 1u << LETTER_SIGNED | 1u << LETTER_SUPERSEDED | 1u << LETTER_WITHDRAWN,
    [LETTER_SIGNED] = 1u << LETTER_SUPERSEDED | 1u << LETTER_WITHDRAWN,
};

static const struct {
	const char *event;
	enum act act;
} told[LETTER_STATE__MAX] = {
    [LETTER_DRAFT] = {"drafted", ACT_LETTER_DRAFTED},
    [LETTER_ISSUED] = {"issued", ACT_LETTER_ISSUED},
    [LETTER_SIGNED] = {"signed", ACT_LETTER_SIGNED},
    [LETTER_SUPERSEDED] = {"superseded", ACT_LETTER_SUPERSEDED},
    [LETTER_WITHDRAWN] = {"withdrawn", ACT_LETTER_WITHDRAWN},
};

const char *
letter_state_name(enum letter_state s)
{
	return (unsigned)s < LETTER_STATE__MAX ? state_names[s] : NULL;
}

enum letter_state
letter_state_parse(const char *s)
{
	unsigned i;

	for (i = 0; i < LETTER_STATE__MAX; i++)
		if (strcmp(s, state_names[i]) == 0)
			return i;
	return LETTER_STATE__MAX;
}

const char *
letter_visibility_name(enum letter_visibility v)
{
	static const char *const names[LETTER_VISIBILITY__MAX] = {"public", "code", "fact"};

	return (unsigned)v < LETTER_VISIBILITY__MAX ? names[v] : NULL;
}

enum letter_visibility
letter_visibility_parse(const char *s)
{
	unsigned i;

	for (i = 0; i < LETTER_VISIBILITY__MAX; i++)
		if (strcmp(s, letter_visibility_name(i)) == 0)
			return i;
	return LETTER_VISIBILITY__MAX;
}

const char *
register_answer_text(enum register_answer a)
{
	switch (a) {
	case REGISTER_DONE:
		return "done";
	case REGISTER_ABSENT:
		return "there is no such letter";
	case REGISTER_FORBIDDEN:
		return "this role may not do that";
	case REGISTER_STATE:
		return "its state does not allow that";
	case REGISTER_MALFORMED:
		return "a text is empty, too long or no text, or a day does not exist";
	case REGISTER_SUCCESSOR:
		return "what supersedes it must be another letter of the same agency, issued or "
		       "signed";
	case REGISTER_CODE:
		return "the code is missing or wrong";
	case REGISTER_TAKEN:
		return "another letter was registered with this file";
	case REGISTER_LOCKED:
	default:
		return "too many wrong codes; try again later";
	}
}

/* ---- who may, and what may be ---- */

static enum register_answer
allowed(const struct actor *who, int64_t agency, bool write)
{
	switch (who->role) {
	case ROLE_STAFF:
		return agency == who->agency ? REGISTER_DONE : REGISTER_ABSENT;
	case ROLE_AUDITOR:
		return write ? REGISTER_FORBIDDEN : REGISTER_DONE;
	case ROLE_ADMIN:
	case ROLE_OPERATOR:
		return REGISTER_DONE;
	case ROLE__MAX:
	default:
		return REGISTER_ABSENT;
	}
}

enum rc
register_allowed(struct store *s, const struct actor *who, const char *id, int64_t agency,
    bool write, int64_t now, enum register_answer *answer)
{
	enum rc rc;

	if ((*answer = allowed(who, agency, write)) == REGISTER_DONE)
		return RC_OK;
	if ((rc = act_add(s, who, ACT_LETTER_REFUSED, id, 0, now)) != RC_OK)
		*answer = REGISTER_ABSENT;
	return rc;
}

enum rc
register_brief(struct store *s, const struct actor *who, const char *id, bool write, int64_t now,
    struct register_brief *out, enum register_answer *answer)
{
	sqlite3_stmt *st = s->st[SQL_LETTER_BRIEF];
	enum rc rc;

	memset(out, 0, sizeof(*out));
	*answer = REGISTER_ABSENT;
	if (!crockford_id_read(id, strnlen(id, CAP_LETTER_TEXT), out->id))
		return RC_OK;
	sqlite3_bind_text(st, 1, out->id, -1, SQLITE_STATIC);
	if (!db_next(s, SQL_LETTER_BRIEF, &rc))
		return rc;
	out->agency = sqlite3_column_int64(st, 0);
	out->state = letter_state_parse(db_text(st, 1));
	out->coded = sqlite3_column_int(st, 2) != 0;
	db_done(s, SQL_LETTER_BRIEF);
	if (out->state == LETTER_STATE__MAX)
		return RC_FORMAT;
	return register_allowed(s, who, out->id, out->agency, write, now, answer);
}

static bool
day_ok(const char *s)
{
	int64_t t;

	return s != NULL && strnlen(s, 11) == 10 && when_parse(s, &t);
}

static bool
text_ok(const char *s)
{
	return prose_ok(s, 1, CAP_LETTER_TEXT);
}

static bool
content_ok(const struct register_content *c)
{
	size_t i;

	if (!text_ok(c->number) || !text_ok(c->subject) || !text_ok(c->unit) || !day_ok(c->date) ||
	    letter_visibility_name(c->visibility) == NULL || c->nsigners < 1 ||
	    c->nsigners > CAP_SIGNERS)
		return false;
	for (i = 0; i < c->nsigners; i++)
		if (!text_ok(c->signers[i].title) || !text_ok(c->signers[i].name) ||
		    !prose_ok(c->signers[i].rank, 0, CAP_LETTER_TEXT))
			return false;
	return true;
}

/* ---- rows ---- */

/* The content of the version that the letter has now. */
static enum rc
add_content(struct store *s, const char *id, const struct register_content *c)
{
	sqlite3_stmt *st = s->st[SQL_CONTENT_ADD];
	enum rc rc;
	size_t i;

	sqlite3_bind_text(st, 1, id, -1, SQLITE_STATIC);
	sqlite3_bind_text(st, 2, c->number, -1, SQLITE_STATIC);
	sqlite3_bind_text(st, 3, c->subject, -1, SQLITE_STATIC);
	sqlite3_bind_text(st, 4, c->date, -1, SQLITE_STATIC);
	sqlite3_bind_text(st, 5, c->unit, -1, SQLITE_STATIC);
	sqlite3_bind_text(st, 6, letter_visibility_name(c->visibility), -1, SQLITE_STATIC);
	rc = db_run(s, SQL_CONTENT_ADD);
	st = s->st[SQL_SIGNER_ADD];
	for (i = 0; i < c->nsigners && rc == RC_OK; i++) {
		sqlite3_bind_text(st, 1, id, -1, SQLITE_STATIC);
		sqlite3_bind_int64(st, 2, (sqlite3_int64)i + 1);
		sqlite3_bind_text(st, 3, c->signers[i].title, -1, SQLITE_STATIC);
		sqlite3_bind_text(st, 4, c->signers[i].name, -1, SQLITE_STATIC);
		sqlite3_bind_text(st, 5, c->signers[i].rank, -1, SQLITE_STATIC);
		rc = db_run(s, SQL_SIGNER_ADD);
	}
	return rc;
}

struct move {
	const char *event;
	enum act act;
	const char *date, *reason, *successor; /* or NULL */
};

static enum rc
add_event(
    struct store *s, const struct actor *who, const char *id, const struct move *m, int64_t now)
{
	sqlite3_stmt *st = s->st[SQL_EVENT_ADD];
	enum rc rc;

	sqlite3_bind_text(st, 1, id, -1, SQLITE_STATIC);
	sqlite3_bind_int64(st, 2, now);
	if (who->account != 0)
		sqlite3_bind_int64(st, 3, who->account);
	sqlite3_bind_text(st, 4, m->event, -1, SQLITE_STATIC);
	sqlite3_bind_text(st, 5, m->date, -1, SQLITE_STATIC);
	sqlite3_bind_text(st, 6, m->reason, -1, SQLITE_STATIC);
	sqlite3_bind_text(st, 7, m->successor, -1, SQLITE_STATIC);
	if ((rc = db_run(s, SQL_EVENT_ADD)) != RC_OK)
		return rc;
	return act_add(s, who, m->act, id, 0, now);
}

/* ---- drafts ---- */

#define CODE_DIGITS (REGISTER_CODE_LEN - 1)

/* A typed code, as it is told and as it is kept. */
static enum rc
make_code(char code[REGISTER_CODE_LEN + 1], char hash[SECRET_HASH])
{
	char digits[CODE_DIGITS + 1];
	uint8_t random[CODE_DIGITS];
	enum rc rc;

	if ((rc = db_random(random, sizeof(random))) != RC_OK)
		return rc;
	crockford_code(random, CODE_DIGITS, digits);
	if ((rc = secret_hash(digits, CODE_DIGITS, hash)) == RC_OK) {
		memcpy(code, digits, CODE_DIGITS / 2);
		code[CODE_DIGITS / 2] = '-';
		memcpy(code + CODE_DIGITS / 2 + 1, digits + CODE_DIGITS / 2, CODE_DIGITS / 2 + 1);
	}
	OPENSSL_cleanse(digits, sizeof(digits));
	OPENSSL_cleanse(random, sizeof(random));
	return rc;
}

static enum rc
add_draft(struct store *s, const struct actor *who, int64_t agency,
    const struct register_content *c, const char *hash, int64_t now, char id[CROCKFORD_ID_LEN + 1])
{
	const struct move m = {.event = told[LETTER_DRAFT].event, .act = told[LETTER_DRAFT].act};
	sqlite3_stmt *st = s->st[SQL_LETTER_ADD];
	uint8_t random[16];
	enum rc rc;

	if ((rc = db_random(random, sizeof(random))) != RC_OK)
		return rc;
	crockford_id(random, id);
	sqlite3_bind_text(st, 1, id, -1, SQLITE_STATIC);
	sqlite3_bind_int64(st, 2, agency);
	sqlite3_bind_text(st, 3, hash, -1, SQLITE_STATIC);
	if ((rc = db_run(s, SQL_LETTER_ADD)) == RC_OK && (rc = add_content(s, id, c)) == RC_OK)
		rc = add_event(s, who, id, &m, now);
	return rc;
}

enum rc
register_draft(struct store *s, const struct actor *who, int64_t agency,
    const struct register_content *c, int64_t now, char id[CROCKFORD_ID_LEN + 1],
    char code[REGISTER_CODE_LEN + 1], enum register_answer *answer)
{
	char hash[SECRET_HASH];
	enum rc rc;

	id[0] = code[0] = '\0';
	if ((*answer = allowed(who, agency, true)) != REGISTER_DONE) {
		*answer = REGISTER_FORBIDDEN; /* an agency is no secret */
		return act_add(s, who, ACT_LETTER_REFUSED, NULL, 0, now);
	}
	*answer = REGISTER_MALFORMED;
	if (!content_ok(c))
		return RC_OK;
	*answer = REGISTER_ABSENT;
	if (c->visibility == LETTER_CODE && (rc = make_code(code, hash)) != RC_OK)
		goto out;
	if ((rc = db_begin(s)) != RC_OK)
		goto out;
	rc = db_end(
	    s, add_draft(s, who, agency, c, c->visibility == LETTER_CODE ? hash : NULL, now, id));
	if (rc == RC_OK)
		*answer = REGISTER_DONE;
out:
	if (rc != RC_OK)
		id[0] = code[0] = '\0';
	return rc;
}

/* The next version, in the transaction that is open. */
static enum rc
edit(struct store *s, const struct actor *who, const char *id, const struct register_content *c,
    const char *hash, int64_t now)
{
	const struct move m = {.event = "edited", .act = ACT_LETTER_EDITED};
	enum rc rc;

	sqlite3_bind_text(s->st[SQL_LETTER_EDIT], 1, id, -1, SQLITE_STATIC);
	sqlite3_bind_text(s->st[SQL_LETTER_EDIT], 2, hash, -1, SQLITE_STATIC);
	if ((rc = db_run(s, SQL_LETTER_EDIT)) == RC_OK && (rc = add_content(s, id, c)) == RC_OK)
		rc = add_event(s, who, id, &m, now);
	return rc;
}

enum rc
register_edit(struct store *s, const struct actor *who, const char *id,
    const struct register_content *c, int64_t now, char code[REGISTER_CODE_LEN + 1],
    enum register_answer *answer)
{
	enum register_answer found = REGISTER_ABSENT;
	char hash[SECRET_HASH] = "";
	struct register_brief b;
	enum rc rc;

	code[0] = '\0';
	*answer = REGISTER_MALFORMED;
	if (!content_ok(c))
		return RC_OK;
	*answer = REGISTER_ABSENT;
	/* hashed before the transaction, perhaps for nothing: others wait for its lock */
	if (c->visibility == LETTER_CODE && (rc = make_code(code, hash)) != RC_OK)
		return rc;
	if ((rc = db_begin(s)) != RC_OK)
		goto out;
	rc = register_brief(s, who, id, true, now, &b, &found);
	if (rc == RC_OK && found == REGISTER_DONE && b.state != LETTER_DRAFT)
		found = REGISTER_STATE;
	if (rc == RC_OK && found == REGISTER_DONE)
		rc = edit(s, who, b.id, c, *hash != '\0' ? hash : NULL, now);
	if ((rc = db_end(s, rc)) == RC_OK)
		*answer = found;
out:
	if (rc != RC_OK || found != REGISTER_DONE || b.coded)
		code[0] = '\0';
	return rc;
}

/* ---- from state to state ---- */

struct target {
	enum letter_state state;
	const char *date, *reason, *successor;
	const struct register_signing *signing; /* or NULL */
};

/* What is to come instead: its id as it is stored. */
static enum rc
find_successor(struct store *s, const struct actor *who, const struct register_brief *b,
    const char *id, int64_t now, char out[CROCKFORD_ID_LEN + 1], enum register_answer *answer)
{
	struct register_brief other;
	enum rc rc;

	if ((rc = register_brief(s, who, id, false, now, &other, answer)) != RC_OK)
		return rc;
	if (*answer != REGISTER_DONE || other.agency != b->agency || strcmp(other.id, b->id) == 0 ||
	    (other.state != LETTER_ISSUED && other.state != LETTER_SIGNED))
		*answer = REGISTER_SUCCESSOR;
	memcpy(out, other.id, sizeof(other.id));
	return RC_OK;
}

static enum rc
move(struct store *s, const struct actor *who, const struct register_brief *b,
    const struct target *t, int64_t now, enum register_answer *answer)
{
	struct move m = {told[t->state].event, told[t->state].act, t->date, t->reason, NULL};
	sqlite3_stmt *st = s->st[SQL_LETTER_MOVE];
	char successor[CROCKFORD_ID_LEN + 1];
	enum rc rc;

	if ((moves[b->state] & 1u << t->state) == 0) {
		*answer = REGISTER_STATE;
		return RC_OK;
	}
	if (t->successor != NULL) {
		rc = find_successor(s, who, b, t->successor, now, successor, answer);
		if (rc != RC_OK || *answer != REGISTER_DONE)
			return rc;
		m.successor = successor;
	}
	if (t->signing != NULL) {
		rc = register_may_sign(s, who, b, t->signing, now, answer);
		if (rc != RC_OK || *answer != REGISTER_DONE)
			return rc;
	}
	sqlite3_bind_text(st, 1, b->id, -1, SQLITE_STATIC);
	sqlite3_bind_text(st, 2, letter_state_name(t->state), -1, SQLITE_STATIC);
	sqlite3_bind_text(st, 3, m.successor, -1, SQLITE_STATIC);
	if (t->signing != NULL) {
		sqlite3_bind_blob(st, 4, t->signing->sha256, DB_HASH, SQLITE_STATIC);
		sqlite3_bind_int64(st, 5, (sqlite3_int64)t->signing->size);
	}
	rc = db_run(s, SQL_LETTER_MOVE);
	if (rc == RC_OK && t->signing != NULL)
		rc = register_keep(s, who, b->id, t->signing, now);
	return rc == RC_OK ? add_event(s, who, b->id, &m, now) : rc;
}

static enum rc
change(struct store *s, const struct actor *who, const char *id, const struct target *t,
    int64_t now, enum register_answer *answer)
{
	enum register_answer found = REGISTER_ABSENT;
	struct register_brief b;
	enum rc rc;

	*answer = REGISTER_ABSENT;
	if ((rc = db_begin(s)) != RC_OK)
		return rc;
	rc = register_brief(s, who, id, true, now, &b, &found);
	if (rc == RC_OK && found == REGISTER_DONE)
		rc = move(s, who, &b, t, now, &found);
	if ((rc = db_end(s, rc)) == RC_OK)
		*answer = found;
	return rc;
}

enum rc
register_issue(struct store *s, const struct actor *who, const char *id, int64_t now,
    enum register_answer *answer)
{
	const struct target t = {.state = LETTER_ISSUED};

	return change(s, who, id, &t, now, answer);
}

enum rc
register_sign(struct store *s, const struct actor *who, const char *id,
    const struct register_signing *g, int64_t now, enum register_answer *answer)
{
	const struct target t = {.state = LETTER_SIGNED, .signing = g};

	*answer = REGISTER_MALFORMED;
	if (g->size > CAP_DOCUMENT || g->wire_len > CAP_WIRE ||
	    !prose_ok(g->differences, 0, CAP_DIFFERENCES) ||
	    memcmp(g->report->document.sha256, g->sha256, DB_HASH) != 0)
		return RC_OK;
	return change(s, who, id, &t, now, answer);
}

enum rc
register_supersede(struct store *s, const struct actor *who, const char *id, const char *successor,
    const char *date, const char *reason, int64_t now, enum register_answer *answer)
{
	const struct target t = {LETTER_SUPERSEDED, date, reason, successor, NULL};

	*answer = REGISTER_MALFORMED;
	if (!day_ok(date) || !text_ok(reason) || successor == NULL)
		return RC_OK;
	return change(s, who, id, &t, now, answer);
}

enum rc
register_withdraw(struct store *s, const struct actor *who, const char *id, const char *date,
    const char *reason, int64_t now, enum register_answer *answer)
{
	const struct target t = {LETTER_WITHDRAWN, date, reason, NULL, NULL};

	*answer = REGISTER_MALFORMED;
	if (!day_ok(date) || !text_ok(reason))
		return RC_OK;
	return change(s, who, id, &t, now, answer);
}
