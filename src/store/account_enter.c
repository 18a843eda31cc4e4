/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * account.h: showing who one is, to sign in or to change one's own secrets: argon2id by libsodium,
 * TOTP by liboath.
 */
#include <string.h>

#include <liboath/oath.h>
#include <openssl/crypto.h>

#include "account_db.h"
#include "crockford.h"
#include "secret.h"

#define TOTP_DIGITS 6

/* What the database knows of who claims to be somebody. */
struct known {
	struct actor who; /* account 0: nobody of this name, or disabled */
	char password[SECRET_HASH];
	uint8_t totp[ACCOUNT_TOTP];
};

static enum rc
recall(struct store *s, const char *login, struct known *k)
{
	sqlite3_stmt *st = s->st[SQL_ACCOUNT_CLAIM];
	const char *password;
	int code;

	memset(k, 0, sizeof(*k));
	sqlite3_bind_text(st, 1, login, -1, SQLITE_STATIC);
	if ((code = sqlite3_step(st)) == SQLITE_ROW) {
		password = db_text(st, 3);
		if (strlen(password) < sizeof(k->password) &&
		    sqlite3_column_bytes(st, 4) == ACCOUNT_TOTP && sqlite3_column_int(st, 5) == 0) {
			k->who.account = sqlite3_column_int64(st, 0);
			k->who.agency = sqlite3_column_int64(st, 1);
			k->who.role = role_parse(db_text(st, 2));
			memcpy(k->password, password, strlen(password) + 1);
			memcpy(k->totp, sqlite3_column_blob(st, 4), ACCOUNT_TOTP);
		}
	}
	db_done(s, SQL_ACCOUNT_CLAIM);
	return db_rc(code);
}

/* Who is unknown takes as long as who is known. */
static enum rc
password_right(const struct account_claim *c, const struct known *k, bool *right)
{
	char unused[SECRET_HASH];
	enum rc rc;

	*right = false;
	if (c->password_len > CAP_LOGIN_PASSWORD)
		return RC_OK;
	if (k->who.account == 0) {
		rc = secret_hash(c->password, c->password_len, unused);
		OPENSSL_cleanse(unused, sizeof(unused));
		return rc;
	}
	return secret_right(k->password, c->password, c->password_len, right);
}

/*
 * Whether the code is right and was not used before; from now on it was.  *act says which
 * it was, or what was wrong with it.
 */
static enum rc
use_code(struct store *s, const struct known *k, const char *given, int64_t now, enum act *act)
{
	char code[ACCOUNT_RECOVERY_DIGITS + 1];
	uint64_t step = 0;
	uint8_t hash[DB_HASH];
	enum rc rc = RC_OK;

	*act = ACT_ENTRY_REFUSED;
	if (given == NULL || !crockford_code_read(given, strnlen(given, CAP_LETTER_TEXT), code,
				 ACCOUNT_RECOVERY_DIGITS))
		return RC_OK;
	if (strlen(code) == TOTP_DIGITS && strspn(code, "0123456789") == TOTP_DIGITS) {
		if (oath_totp_validate3((const char *)k->totp, ACCOUNT_TOTP, (time_t)now,
			CAP_TOTP_STEP, 0, CAP_TOTP_WINDOW, NULL, &step, code) < 0)
			goto out;
		sqlite3_bind_int64(s->st[SQL_ACCOUNT_STEP], 1, k->who.account);
		sqlite3_bind_int64(s->st[SQL_ACCOUNT_STEP], 2, (int64_t)step);
		if ((rc = db_run(s, SQL_ACCOUNT_STEP)) == RC_OK)
			*act = sqlite3_changes(s->db) == 1 ? ACT_ENTERED : ACT_REPLAY_REFUSED;
	} else if (strlen(code) == ACCOUNT_RECOVERY_DIGITS) {
		if ((rc = account_secrets_hash(s, code, hash)) != RC_OK)
			goto out;
		sqlite3_bind_int64(s->st[SQL_RECOVERY_USE], 1, k->who.account);
		sqlite3_bind_blob(s->st[SQL_RECOVERY_USE], 2, hash, DB_HASH, SQLITE_STATIC);
		sqlite3_bind_int64(s->st[SQL_RECOVERY_USE], 3, now);
		if ((rc = db_run(s, SQL_RECOVERY_USE)) == RC_OK && sqlite3_changes(s->db) == 1)
			*act = ACT_RECOVERED;
	}
out:
	OPENSSL_cleanse(code, sizeof(code));
	return rc;
}

static bool
proven(enum act act)
{
	return act == ACT_ENTERED || act == ACT_RECOVERED;
}

/* What is written down of a try with the right password, and done if all of it was right. */
static enum rc
conclude(struct store *s, const struct known *k, const struct account_fresh *fresh, int64_t now,
    enum act act)
{
	if (proven(act) && fresh != NULL)
		return account_refresh(s, &k->who, k->who.account, fresh, now);
	return act_add(s, &k->who, act, NULL, 0, now);
}

/* In one transaction, so that of two who come with one code, one enters. */
static enum rc
second_factor(struct store *s, const struct account_claim *c, const struct known *k,
    const struct guess *pair, const struct account_fresh *fresh, int64_t now, enum act *act)
{
	struct guess g;
	int64_t same;
	bool locked;
	enum rc rc;

	*act = ACT_ENTRY_REFUSED;
	if ((rc = account_code_guess(s, k->who.account, &g)) != RC_OK ||
	    (rc = db_begin(s)) != RC_OK)
		return rc;
	if ((rc = guess_locked(s, &g, now, &locked)) != RC_OK)
		goto out;
	if (locked) {
		*act = ACT_ENTRY_LOCKED;
		goto log;
	}
	/* its password may have been changed while we hashed */
	sqlite3_bind_int64(s->st[SQL_ACCOUNT_SAME], 1, k->who.account);
	sqlite3_bind_text(s->st[SQL_ACCOUNT_SAME], 2, k->password, -1, SQLITE_STATIC);
	if ((rc = db_number(s, SQL_ACCOUNT_SAME, &same)) == RC_OK)
		rc = use_code(s, k, c->code, now, act);
	else if (rc == RC_ABSENT)
		rc = RC_OK;
	if (rc != RC_OK)
		goto out;
	rc = proven(*act) ? guess_right(s, pair) : guess_wrong(s, &g, now);
log:
	if (rc == RC_OK)
		rc = conclude(s, k, fresh, now, *act);
out:
	return db_end(s, rc);
}

/* Name and address; a name in either case is one name. */
static enum rc
pair_guess(struct store *s, const struct account_claim *c, struct guess *g)
{
	char login[4 * CAP_LOGIN + 1];
	size_t i, n = strnlen(c->login, sizeof(login) - 1);

	for (i = 0; i < n; i++) {
		login[i] = c->login[i];
		if (login[i] >= 'A' && login[i] <= 'Z')
			login[i] = (char)(login[i] - 'A' + 'a');
	}
	login[n] = '\0';
	g->tries = CAP_LOGIN_TRIES;
	g->seconds = CAP_LOGIN_LOCK;
	return db_keyed(s, g->who, "enter", login, c->address);
}

/*
 * Whether somebody is who he says.  fresh: what he then has anew; NULL: he signs in.  *who is
 * nobody unless *answer is ACCOUNT_DONE.
 */
static enum rc
prove(struct store *s, const struct account_claim *c, const struct account_fresh *fresh,
    int64_t now, struct actor *who, enum account_answer *answer)
{
	enum act act = ACT_ENTRY_LOCKED;
	bool locked, right = false;
	struct guess pair;
	struct known k;
	enum rc rc;

	*who = account_nobody;
	*answer = ACCOUNT_FORBIDDEN;
	memset(&k, 0, sizeof(k));
	if ((rc = pair_guess(s, c, &pair)) != RC_OK ||
	    (rc = guess_begin(s, &pair, now, &locked)) != RC_OK ||
	    (rc = recall(s, c->login, &k)) != RC_OK)
		goto out;
	if (!locked) {
		act = ACT_ENTRY_REFUSED;
		if ((rc = password_right(c, &k, &right)) != RC_OK)
			goto out;
	}
	if (right)
		rc = second_factor(s, c, &k, &pair, fresh, now, &act);
	else /* nobody has shown that he is who he says: the account is what it was tried at */
		rc = act_add(s, NULL, act, NULL, k.who.account, now);
	if (rc != RC_OK)
		goto out;
	*answer = act == ACT_ENTRY_LOCKED ? ACCOUNT_LOCKED : ACCOUNT_WRONG;
	if (proven(act)) {
		*answer = ACCOUNT_DONE;
		*who = k.who;
	}
out:
	OPENSSL_cleanse(&k, sizeof(k));
	return rc;
}

enum rc
account_enter(struct store *s, const struct account_claim *c, int64_t now, struct actor *who,
    enum account_answer *answer)
{
	return prove(s, c, NULL, now, who, answer);
}

/* ---- one's own ---- */

/* Nobody tries another's password from his own session. */
static enum rc
renew(struct store *s, const struct actor *who, const struct account_claim *c,
    const struct account_fresh *fresh, int64_t now, enum account_answer *answer)
{
	struct actor proved;
	int64_t id;
	enum rc rc;

	*answer = ACCOUNT_FORBIDDEN;
	if ((rc = account_find(s, c->login, &id)) != RC_OK)
		return rc;
	if (who->account == 0 || id != who->account)
		return account_forbid(s, who, now, answer);
	return prove(s, c, fresh, now, &proved, answer);
}

enum rc
account_password(struct store *s, const struct actor *who, const struct account_claim *c,
    const void *password, size_t len, int64_t now, enum account_answer *answer)
{
	char hash[SECRET_HASH];
	const struct account_fresh fresh = {.password = hash, .act = ACT_ACCOUNT_PASSWORD};
	enum rc rc;

	*answer = ACCOUNT_WEAK;
	if (!account_password_ok(len))
		return RC_OK;
	*answer = ACCOUNT_FORBIDDEN;
	if ((rc = secret_hash(password, len, hash)) == RC_OK)
		rc = renew(s, who, c, &fresh, now, answer);
	OPENSSL_cleanse(hash, sizeof(hash));
	return rc;
}

enum rc
account_renew(struct store *s, const struct actor *who, const struct account_claim *c, int64_t now,
    struct account_secrets *out, enum account_answer *answer)
{
	uint8_t totp[ACCOUNT_TOTP];
	const struct account_fresh fresh = {NULL, totp, out, ACT_ACCOUNT_RENEWED};
	enum rc rc;

	memset(out, 0, sizeof(*out));
	*answer = ACCOUNT_FORBIDDEN;
	if ((rc = account_secrets_make(out, totp)) == RC_OK)
		rc = renew(s, who, c, &fresh, now, answer);
	if (rc != RC_OK || *answer != ACCOUNT_DONE)
		OPENSSL_cleanse(out, sizeof(*out));
	OPENSSL_cleanse(totp, sizeof(totp));
	return rc;
}
