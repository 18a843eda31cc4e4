/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * account.h, what an admin does with accounts.  What is slow (the hash of a password) is done
 * outside of transactions, what must not be done twice (a code, account_enter.c) inside.
 */
#include <string.h>

#include <openssl/crypto.h>

#include "account_db.h"
#include "prose.h"
#include "secret.h"
#include "session.h"

const struct actor actor_operator = {.role = ROLE_OPERATOR};
const struct actor account_nobody = {.role = ROLE__MAX};

const char *
role_name(enum role r)
{
	static const char *const names[ROLE__MAX] = {"staff", "auditor", "admin", "operator"};

	return (unsigned)r < ROLE__MAX ? names[r] : NULL;
}

enum role
role_parse(const char *s)
{
	unsigned r;

	for (r = 0; r < ROLE_OPERATOR; r++)
		if (strcmp(s, role_name(r)) == 0)
			return r;
	return ROLE__MAX;
}

const char *
account_answer_text(enum account_answer a)
{
	switch (a) {
	case ACCOUNT_DONE:
		return "done";
	case ACCOUNT_FORBIDDEN:
		return "this role may not do that";
	case ACCOUNT_ABSENT:
		return "there is no such account";
	case ACCOUNT_TAKEN:
		return "an account has this name already";
	case ACCOUNT_MALFORMED:
		return "that is no name for an account or an agency";
	case ACCOUNT_WEAK:
		return "a password has at least 8 characters";
	case ACCOUNT_WRONG:
		return "wrong name, password or code";
	case ACCOUNT_LOCKED:
	default:
		return "too many wrong guesses; try again later";
	}
}

_Static_assert(CAP_LOGIN_PASSWORD_MIN == 8, "account_answer_text() says so");

bool
account_manages(const struct actor *who)
{
	return who->role == ROLE_ADMIN || who->role == ROLE_OPERATOR;
}

enum rc
account_forbid(struct store *s, const struct actor *who, int64_t now, enum account_answer *answer)
{
	*answer = ACCOUNT_FORBIDDEN;
	return act_add(s, who, ACT_ROLE_REFUSED, NULL, 0, now);
}

bool
account_password_ok(size_t len)
{
	return len >= CAP_LOGIN_PASSWORD_MIN && len <= CAP_LOGIN_PASSWORD;
}

/* ---- by an admin ---- */

enum rc
account_find(struct store *s, const char *login, int64_t *out)
{
	enum rc rc;

	sqlite3_bind_text(s->st[SQL_ACCOUNT], 1, login, -1, SQLITE_STATIC);
	rc = db_number(s, SQL_ACCOUNT, out);
	return rc == RC_ABSENT ? RC_OK : rc;
}

static enum rc
insert_account(struct store *s, const struct actor *who, const struct account_new *a,
    const char *password, const uint8_t totp[ACCOUNT_TOTP], const struct account_secrets *secrets,
    int64_t now, enum account_answer *answer)
{
	sqlite3_stmt *st = s->st[SQL_ACCOUNT_ADD];
	int64_t agency, id;
	enum rc rc;

	if ((rc = account_find(s, a->login, &id)) != RC_OK)
		return rc;
	if (id != 0) {
		*answer = ACCOUNT_TAKEN;
		return RC_OK;
	}
	if ((rc = account_agency_make(s, a->agency, a->agency_name, &agency)) != RC_OK)
		return rc;
	sqlite3_bind_text(st, 1, a->login, -1, SQLITE_STATIC);
	sqlite3_bind_text(st, 2, role_name(a->role), -1, SQLITE_STATIC);
	sqlite3_bind_int64(st, 3, agency);
	sqlite3_bind_text(st, 4, password, -1, SQLITE_STATIC);
	sqlite3_bind_blob(st, 5, totp, ACCOUNT_TOTP, SQLITE_STATIC);
	sqlite3_bind_int64(st, 6, now);
	if ((rc = db_run(s, SQL_ACCOUNT_ADD)) != RC_OK)
		return rc;
	id = sqlite3_last_insert_rowid(s->db);
	if ((rc = account_secrets_keep(s, id, secrets)) == RC_OK)
		rc = act_add(s, who, ACT_ACCOUNT_ADDED, NULL, id, now);
	if (rc == RC_OK)
		*answer = ACCOUNT_DONE;
	return rc;
}

/* Fresh secrets for a->login: of a new account, or (role ROLE__MAX) of one that is there. */
static enum rc
give_secrets(struct store *s, const struct actor *who, const struct account_new *a, int64_t now,
    struct account_secrets *out, enum account_answer *answer)
{
	enum account_answer found = ACCOUNT_ABSENT;
	char password[SECRET_HASH];
	uint8_t totp[ACCOUNT_TOTP];
	const struct account_fresh fresh = {password, totp, out, ACT_ACCOUNT_RESET};
	struct guess g;
	int64_t id;
	enum rc rc;

	if ((rc = secret_hash(a->password, a->password_len, password)) != RC_OK ||
	    (rc = account_secrets_make(out, totp)) != RC_OK || (rc = db_begin(s)) != RC_OK)
		goto out;
	if (a->role != ROLE__MAX) {
		rc = insert_account(s, who, a, password, totp, out, now, &found);
	} else if ((rc = account_find(s, a->login, &id)) == RC_OK && id != 0) {
		if ((rc = account_refresh(s, who, id, &fresh, now)) == RC_OK &&
		    (rc = account_code_guess(s, id, &g)) == RC_OK)
			rc = guess_right(s, &g);
		found = ACCOUNT_DONE;
	}
	if ((rc = db_end(s, rc)) == RC_OK)
		*answer = found;
out:
	if (rc != RC_OK || *answer != ACCOUNT_DONE)
		OPENSSL_cleanse(out, sizeof(*out));
	OPENSSL_cleanse(totp, sizeof(totp));
	return rc;
}

enum rc
account_add(struct store *s, const struct actor *who, const struct account_new *a, int64_t now,
    struct account_secrets *out, enum account_answer *answer)
{
	memset(out, 0, sizeof(*out));
	if (!account_manages(who))
		return account_forbid(s, who, now, answer);
	*answer = ACCOUNT_MALFORMED;
	if (!prose_ok(a->login, 1, CAP_LOGIN) || (unsigned)a->role >= ROLE_OPERATOR ||
	    !account_code_ok(a->agency) ||
	    (a->agency_name != NULL && !prose_ok(a->agency_name, 1, CAP_LETTER_TEXT)))
		return RC_OK;
	*answer = ACCOUNT_WEAK;
	if (!account_password_ok(a->password_len))
		return RC_OK;
	*answer = ACCOUNT_FORBIDDEN;
	return give_secrets(s, who, a, now, out, answer);
}

enum rc
account_reset(struct store *s, const struct actor *who, const char *login, const void *password,
    size_t len, int64_t now, struct account_secrets *out, enum account_answer *answer)
{
	const struct account_new a = {
	    .login = login, .role = ROLE__MAX, .password = password, .password_len = len};

	memset(out, 0, sizeof(*out));
	if (!account_manages(who))
		return account_forbid(s, who, now, answer);
	*answer = ACCOUNT_WEAK;
	if (!account_password_ok(len))
		return RC_OK;
	*answer = ACCOUNT_FORBIDDEN;
	return give_secrets(s, who, &a, now, out, answer);
}

enum rc
account_disable(struct store *s, const struct actor *who, const char *login, bool disable,
    int64_t now, enum account_answer *answer)
{
	int64_t id;
	enum rc rc;

	if (!account_manages(who))
		return account_forbid(s, who, now, answer);
	*answer = ACCOUNT_FORBIDDEN;
	if ((rc = db_begin(s)) != RC_OK)
		return rc;
	if ((rc = account_find(s, login, &id)) != RC_OK || id == 0)
		goto out;
	sqlite3_bind_int64(s->st[SQL_ACCOUNT_DISABLE], 1, id);
	sqlite3_bind_int64(s->st[SQL_ACCOUNT_DISABLE], 2, disable);
	if ((rc = db_run(s, SQL_ACCOUNT_DISABLE)) != RC_OK)
		goto out;
	if ((rc = session_end_others(s, id, NULL)) == RC_OK)
		rc = act_add(
		    s, who, disable ? ACT_ACCOUNT_DISABLED : ACT_ACCOUNT_ENABLED, NULL, id, now);
out:
	if ((rc = db_end(s, rc)) == RC_OK)
		*answer = id != 0 ? ACCOUNT_DONE : ACCOUNT_ABSENT;
	return rc;
}

/* In the transaction that is open. */
static enum rc
relocate(struct store *s, const struct actor *who, const char *login, enum role role,
    const char *agency, int64_t now, enum account_answer *answer)
{
	sqlite3_stmt *st = s->st[SQL_ACCOUNT_MOVE];
	int64_t id, to = 0;
	bool several;
	enum rc rc;

	if ((rc = account_find(s, login, &id)) != RC_OK)
		return rc;
	*answer = ACCOUNT_ABSENT;
	if (id == 0)
		return RC_OK;
	if (id == who->account)
		return account_forbid(s, who, now, answer);
	if (agency != NULL && (rc = account_agency(s, agency, &to, &several)) != RC_OK)
		return rc;
	*answer = ACCOUNT_MALFORMED;
	if (agency != NULL && to == 0)
		return RC_OK;
	sqlite3_bind_int64(st, 1, id);
	sqlite3_bind_text(st, 2, role_name(role), -1, SQLITE_STATIC);
	if (to != 0)
		sqlite3_bind_int64(st, 3, to);
	if ((rc = db_run(s, SQL_ACCOUNT_MOVE)) != RC_OK ||
	    (rc = session_end_others(s, id, NULL)) != RC_OK)
		return rc;
	*answer = ACCOUNT_DONE;
	return act_add(s, who, ACT_ACCOUNT_MOVED, NULL, id, now);
}

enum rc
account_move(struct store *s, const struct actor *who, const char *login, enum role role,
    const char *agency, int64_t now, enum account_answer *answer)
{
	enum account_answer found = ACCOUNT_FORBIDDEN;
	enum rc rc;

	if (!account_manages(who))
		return account_forbid(s, who, now, answer);
	*answer = ACCOUNT_MALFORMED;
	if ((unsigned)role >= ROLE_OPERATOR)
		return RC_OK;
	*answer = ACCOUNT_FORBIDDEN;
	if ((rc = db_begin(s)) != RC_OK)
		return rc;
	rc = db_end(s, relocate(s, who, login, role, agency, now, &found));
	if (rc == RC_OK)
		*answer = found;
	return rc;
}

/* ---- showing ---- */

static void
read_row(sqlite3_stmt *st, struct account_row *r)
{
	r->id = sqlite3_column_int64(st, 0);
	r->login = db_text(st, 1);
	r->role = role_parse(db_text(st, 2));
	r->agency = db_text(st, 3);
	r->agency_name = db_text(st, 4);
	r->disabled = sqlite3_column_int(st, 5) != 0;
	r->created = sqlite3_column_int64(st, 6);
	r->recovery = (unsigned)sqlite3_column_int(st, 7);
}

enum rc
account_list(struct store *s, const struct actor *who, int64_t now,
    bool (*row)(const struct account_row *row, void *arg), void *arg, enum account_answer *answer)
{
	sqlite3_stmt *st = s->st[SQL_ACCOUNT_LIST];
	struct account_row r;
	enum rc rc;

	if (!account_manages(who))
		return account_forbid(s, who, now, answer);
	*answer = ACCOUNT_DONE;
	while (db_next(s, SQL_ACCOUNT_LIST, &rc)) {
		read_row(st, &r);
		if (!row(&r, arg))
			break;
	}
	db_done(s, SQL_ACCOUNT_LIST);
	return rc;
}

enum rc
account_show(struct store *s, int64_t account,
    bool (*row)(const struct account_row *row, void *arg), void *arg)
{
	sqlite3_stmt *st = s->st[SQL_ACCOUNT_SHOW];
	struct account_row r;
	int code;

	sqlite3_bind_int64(st, 1, account);
	if ((code = sqlite3_step(st)) == SQLITE_ROW) {
		read_row(st, &r);
		(void)row(&r, arg);
	}
	db_done(s, SQL_ACCOUNT_SHOW);
	return code == SQLITE_DONE ? RC_ABSENT : db_rc(code);
}
