/* SPDX-License-Identifier: GPL-3.0-or-later */
/* register.h, what shows a letter: to who works with it, and to anybody what may be seen. */
#include <string.h>

#include <openssl/crypto.h>

#include "act.h"
#include "arena.h"
#include "guess.h"
#include "register_db.h"
#include "secret.h"

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

static void
read_registration(sqlite3_stmt *st, struct register_letter *l)
{
	l->registered = sqlite3_column_int64(st, 22);
	l->differences = keep_text(l, st, 23);
	l->overruled = keep_text(l, st, 24);
	l->kept = sqlite3_column_int(st, 25) != 0;
	l->checked = sqlite3_column_int64(st, 26);
	l->verdict = l->checked != 0 ? conclusion_parse(db_text(st, 27)) : CONCLUSION_INDETERMINATE;
	l->pending = sqlite3_column_int(st, 28) != 0;
	l->caveat = register_caveat(db_text(st, 29));
	if (l->verdict == CONCLUSION__MAX)
		l->verdict = CONCLUSION_INDETERMINATE;
}

/* A letter comes as a row for each of its signers: the first has the rest, too. */
static enum rc
read_signers(struct store *s, struct register_letter *l)
{
	struct register_signer *v = arena_array(l->arena, CAP_SIGNERS, sizeof(*v));
	sqlite3_stmt *st = s->st[SQL_LETTER];
	size_t n = 0;
	enum rc rc;

	if (v == NULL)
		return RC_NOMEM;
	do {
		if (sqlite3_column_type(st, 20) == SQLITE_NULL)
			continue; /* it has none */
		if (n == CAP_SIGNERS)
			return RC_FORMAT;
		v[n].title = keep_text(l, st, 19);
		v[n].name = keep_text(l, st, 20);
		v[n].rank = keep_text(l, st, 21);
		n++;
	} while (db_next(s, SQL_LETTER, &rc));
	l->content.signers = v;
	l->content.nsigners = n;
	return rc == RC_OK && arena_short(l->arena) ? RC_NOMEM : rc;
}

/* id as it is stored.  RC_ABSENT: no such letter.  out->letter is NULL unless RC_OK. */
static enum rc
load(struct store *s, const char *id, struct loaded *out)
{
	sqlite3_stmt *st = s->st[SQL_LETTER];
	enum rc rc;

	memset(out, 0, sizeof(*out));
	if ((out->letter = letter_new()) == NULL)
		return RC_NOMEM;
	memcpy(out->letter->id, id, CROCKFORD_ID_LEN + 1);
	sqlite3_bind_text(st, 1, id, -1, SQLITE_STATIC);
	if (db_next(s, SQL_LETTER, &rc)) {
		if ((rc = read_letter(st, out)) == RC_OK) {
			read_registration(st, out->letter);
			rc = read_signers(s, out->letter);
		}
	} else if (rc == RC_OK) {
		rc = RC_ABSENT;
	}
	db_done(s, SQL_LETTER);
	if (rc != RC_OK) {
		OPENSSL_cleanse(out->code, sizeof(out->code));
		register_free(out->letter);
		out->letter = NULL;
	}
	return rc;
}

enum rc
register_read(struct store *s, const struct actor *who, const char *id, int64_t now,
    struct register_letter **out, enum register_answer *answer)
{
	char stored[CROCKFORD_ID_LEN + 1];
	struct loaded l;
	enum rc rc;

	*out = NULL;
	*answer = REGISTER_ABSENT;
	if (!crockford_id_read(id, strnlen(id, CAP_LETTER_TEXT), stored))
		return RC_OK;
	if ((rc = load(s, stored, &l)) != RC_OK)
		return rc == RC_ABSENT ? RC_OK : rc;
	OPENSSL_cleanse(l.code, sizeof(l.code));
	rc = register_allowed(s, who, stored, l.letter->agency, false, now, answer);
	if (rc == RC_OK && *answer == REGISTER_DONE)
		*out = l.letter;
	else
		register_free(l.letter);
	return rc;
}

/* ---- for anybody ---- */

/* What is no business of who may not see all: the file, and what was said against it. */
static void
hide_file(struct register_letter *l)
{
	l->has_file = l->kept = false;
	memset(l->sha256, 0, sizeof(l->sha256));
	l->size = 0;
	l->differences = l->overruled = "";
}

/* Only that there is such a letter, and where it stands. */
static void
hold_back(struct register_letter *l)
{
	struct register_content *c = &l->content;

	c->number = c->subject = c->date = c->unit = l->reason = l->since = "";
	c->nsigners = 0;
	l->shown = l->pending = false;
	l->created = l->registered = l->checked = 0;
	l->verdict = CONCLUSION_INDETERMINATE;
	l->caveat = CAVEAT_NONE;
	l->version = 0;
	l->successor[0] = '\0';
	hide_file(l);
}

/* That it exists, by its number, that it was registered, and what the last check said. */
static void
show_fact(struct register_letter *l)
{
	l->content.subject = l->reason = "";
	l->content.nsigners = 0;
	hide_file(l);
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
