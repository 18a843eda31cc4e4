/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * account.h: argon2id by libsodium, TOTP by liboath.  What is slow (the hash of a password) is
 * done outside of transactions, what must not be done twice (a code) inside.
 */
#include <stdlib.h>
#include <string.h>

#include <liboath/oath.h>
#include <openssl/crypto.h>

#include "account.h"
#include "act.h"
#include "crockford.h"
#include "db.h"
#include "guess.h"
#include "prose.h"
#include "secret.h"

#define TOTP        20 /* octets of a secret */
#define TOTP_DIGITS 6
#define RECOVERY    16 /* characters of a recovery code, hyphens left out */
#define AGENCY_CODE 32 /* characters */

const struct actor actor_operator = {.role = ROLE_OPERATOR};
static const struct actor nobody = {.role = ROLE__MAX};

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

/* ---- agencies ---- */

static bool
agency_code_ok(const char *s)
{
	size_t n = strspn(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-_");

	return n > 0 && n <= AGENCY_CODE && s[n] == '\0';
}

static enum rc
only_agency(struct store *s, int64_t *out, bool *several)
{
	sqlite3_stmt *st = s->st[SQL_AGENCIES];
	int64_t first = 0;
	int code, n = 0;

	while ((code = sqlite3_step(st)) == SQLITE_ROW)
		if (n++ == 0)
			first = sqlite3_column_int64(st, 0);
	db_done(s, SQL_AGENCIES);
	*out = n == 1 ? first : 0;
	*several = n > 1;
	return db_rc(code);
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

/* Its number, in the transaction that is open; made if it is new. */
static enum rc
find_agency(struct store *s, const char *code, const char *name, int64_t *out)
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

static bool
may_manage(const struct actor *who)
{
	return who->role == ROLE_ADMIN || who->role == ROLE_OPERATOR;
}

/* Says no, and that it was asked. */
static enum rc
forbid(struct store *s, const struct actor *who, int64_t now, enum account_answer *answer)
{
	*answer = ACCOUNT_FORBIDDEN;
	return act_add(s, who, ACT_ROLE_REFUSED, NULL, 0, now);
}

enum rc
account_agency_add(struct store *s, const struct actor *who, const char *code, const char *name,
    int64_t now, int64_t *out, enum account_answer *answer)
{
	enum rc rc;

	*out = 0;
	if (!may_manage(who))
		return forbid(s, who, now, answer);
	*answer = ACCOUNT_MALFORMED;
	if (!agency_code_ok(code) || (name != NULL && !prose_ok(name, 1, CAP_LETTER_TEXT)))
		return RC_OK;
	*answer = ACCOUNT_FORBIDDEN;
	if ((rc = db_begin(s)) != RC_OK)
		return rc;
	if ((rc = db_end(s, find_agency(s, code, name, out))) == RC_OK)
		*answer = ACCOUNT_DONE;
	else
		*out = 0;
	return rc;
}

/* ---- secrets ---- */

static enum rc
recovery_hash(struct store *s, const char *code, uint8_t out[DB_HASH])
{
	return db_keyed(s, out, "recovery", code, NULL);
}

/* Fresh ones, as they are told: the secret as octets, too. */
static enum rc
make_secrets(struct account_secrets *out, uint8_t totp[TOTP])
{
	uint8_t random[RECOVERY];
	char code[RECOVERY + 1];
	char *base32 = NULL;
	size_t len = 0, i, j;
	enum rc rc;

	if ((rc = db_random(totp, TOTP)) != RC_OK)
		return rc;
	if (oath_base32_encode((const char *)totp, TOTP, &base32, &len) != OATH_OK)
		return RC_NOMEM;
	rc = RC_CRYPTO;
	if (len != ACCOUNT_TOTP_LEN)
		goto out;
	memcpy(out->totp, base32, len);
	out->totp[len] = '\0';
	for (i = 0, rc = RC_OK; i < ACCOUNT_RECOVERY && rc == RC_OK; i++) {
		if ((rc = db_random(random, sizeof(random))) != RC_OK)
			break;
		crockford_code(random, RECOVERY, code);
		for (j = 0; j < ACCOUNT_RECOVERY_LEN; j++)
			if (j % 5 == 4)
				out->recovery[i][j] = '-';
			else
				out->recovery[i][j] = code[j - j / 5];
		out->recovery[i][j] = '\0';
	}
out:
	OPENSSL_cleanse(random, sizeof(random));
	OPENSSL_cleanse(code, sizeof(code));
	OPENSSL_cleanse(base32, len);
	free(base32);
	return rc;
}

/* In the transaction that is open: these and no others. */
static enum rc
keep_recovery(struct store *s, int64_t account, const struct account_secrets *secrets)
{
	sqlite3_stmt *st = s->st[SQL_RECOVERY_ADD];
	char code[RECOVERY + 1];
	uint8_t hash[DB_HASH];
	enum rc rc;
	size_t i;

	sqlite3_bind_int64(s->st[SQL_RECOVERY_CLEAR], 1, account);
	rc = db_run(s, SQL_RECOVERY_CLEAR);
	for (i = 0; i < ACCOUNT_RECOVERY && rc == RC_OK; i++) {
		if (!crockford_code_read(
			secrets->recovery[i], ACCOUNT_RECOVERY_LEN, code, RECOVERY))
			return RC_FORMAT;
		if ((rc = recovery_hash(s, code, hash)) != RC_OK)
			break;
		sqlite3_bind_int64(st, 1, account);
		sqlite3_bind_blob(st, 2, hash, DB_HASH, SQLITE_STATIC);
		rc = db_run(s, SQL_RECOVERY_ADD);
	}
	OPENSSL_cleanse(code, sizeof(code));
	return rc;
}

static bool
password_ok(size_t len)
{
	return len >= CAP_LOGIN_PASSWORD_MIN && len <= CAP_LOGIN_PASSWORD;
}

/* ---- by an admin ---- */

/* An account's number; *out is 0 if there is none. */
static enum rc
find_account(struct store *s, const char *login, int64_t *out)
{
	enum rc rc;

	sqlite3_bind_text(s->st[SQL_ACCOUNT], 1, login, -1, SQLITE_STATIC);
	rc = db_number(s, SQL_ACCOUNT, out);
	return rc == RC_ABSENT ? RC_OK : rc;
}

static enum rc
insert_account(struct store *s, const struct actor *who, const struct account_new *a,
    const char *password, const uint8_t totp[TOTP], const struct account_secrets *secrets,
    int64_t now, enum account_answer *answer)
{
	sqlite3_stmt *st = s->st[SQL_ACCOUNT_ADD];
	int64_t agency, id;
	enum rc rc;

	if ((rc = find_account(s, a->login, &id)) != RC_OK)
		return rc;
	if (id != 0) {
		*answer = ACCOUNT_TAKEN;
		return RC_OK;
	}
	if ((rc = find_agency(s, a->agency, a->agency_name, &agency)) != RC_OK)
		return rc;
	sqlite3_bind_text(st, 1, a->login, -1, SQLITE_STATIC);
	sqlite3_bind_text(st, 2, role_name(a->role), -1, SQLITE_STATIC);
	sqlite3_bind_int64(st, 3, agency);
	sqlite3_bind_text(st, 4, password, -1, SQLITE_STATIC);
	sqlite3_bind_blob(st, 5, totp, TOTP, SQLITE_STATIC);
	sqlite3_bind_int64(st, 6, now);
	if ((rc = db_run(s, SQL_ACCOUNT_ADD)) != RC_OK)
		return rc;
	id = sqlite3_last_insert_rowid(s->db);
	if ((rc = keep_recovery(s, id, secrets)) == RC_OK)
		rc = act_add(s, who, ACT_ACCOUNT_ADDED, NULL, id, now);
	if (rc == RC_OK)
		*answer = ACCOUNT_DONE;
	return rc;
}

static enum rc
set_secrets(struct store *s, const struct actor *who, int64_t id, const char *password,
    const uint8_t totp[TOTP], const struct account_secrets *secrets, int64_t now)
{
	sqlite3_stmt *st = s->st[SQL_ACCOUNT_RESET];
	enum rc rc;

	sqlite3_bind_int64(st, 1, id);
	sqlite3_bind_text(st, 2, password, -1, SQLITE_STATIC);
	sqlite3_bind_blob(st, 3, totp, TOTP, SQLITE_STATIC);
	if ((rc = db_run(s, SQL_ACCOUNT_RESET)) != RC_OK ||
	    (rc = keep_recovery(s, id, secrets)) != RC_OK)
		return rc;
	sqlite3_bind_int64(s->st[SQL_SESSION_END_OTHERS], 1, id);
	if ((rc = db_run(s, SQL_SESSION_END_OTHERS)) != RC_OK)
		return rc;
	return act_add(s, who, ACT_ACCOUNT_RESET, NULL, id, now);
}

/* What is counted by account alone: wrong codes behind the right password. */
static enum rc
code_guess(struct store *s, int64_t account, struct guess *g)
{
	char number[24];

	sqlite3_snprintf(sizeof(number), number, "%lld", (long long)account);
	g->tries = CAP_CODE_TRIES;
	g->seconds = CAP_CODE_LOCK;
	return db_keyed(s, g->who, "totp", number, NULL);
}

/* Fresh secrets for a->login: of a new account, or (role ROLE__MAX) of one that is there. */
static enum rc
give_secrets(struct store *s, const struct actor *who, const struct account_new *a, int64_t now,
    struct account_secrets *out, enum account_answer *answer)
{
	enum account_answer found = ACCOUNT_ABSENT;
	char password[SECRET_HASH];
	uint8_t totp[TOTP];
	struct guess g;
	int64_t id;
	enum rc rc;

	if ((rc = secret_hash(a->password, a->password_len, password)) != RC_OK ||
	    (rc = make_secrets(out, totp)) != RC_OK || (rc = db_begin(s)) != RC_OK)
		goto out;
	if (a->role != ROLE__MAX) {
		rc = insert_account(s, who, a, password, totp, out, now, &found);
	} else if ((rc = find_account(s, a->login, &id)) == RC_OK && id != 0) {
		if ((rc = set_secrets(s, who, id, password, totp, out, now)) == RC_OK &&
		    (rc = code_guess(s, id, &g)) == RC_OK)
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
	if (!may_manage(who))
		return forbid(s, who, now, answer);
	*answer = ACCOUNT_MALFORMED;
	if (!prose_ok(a->login, 1, CAP_LOGIN) || (unsigned)a->role >= ROLE_OPERATOR ||
	    !agency_code_ok(a->agency) ||
	    (a->agency_name != NULL && !prose_ok(a->agency_name, 1, CAP_LETTER_TEXT)))
		return RC_OK;
	*answer = ACCOUNT_WEAK;
	if (!password_ok(a->password_len))
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
	if (!may_manage(who))
		return forbid(s, who, now, answer);
	*answer = ACCOUNT_WEAK;
	if (!password_ok(len))
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

	if (!may_manage(who))
		return forbid(s, who, now, answer);
	*answer = ACCOUNT_FORBIDDEN;
	if ((rc = db_begin(s)) != RC_OK)
		return rc;
	if ((rc = find_account(s, login, &id)) != RC_OK || id == 0)
		goto out;
	sqlite3_bind_int64(s->st[SQL_ACCOUNT_DISABLE], 1, id);
	sqlite3_bind_int64(s->st[SQL_ACCOUNT_DISABLE], 2, disable);
	if ((rc = db_run(s, SQL_ACCOUNT_DISABLE)) != RC_OK)
		goto out;
	sqlite3_bind_int64(s->st[SQL_SESSION_END_OTHERS], 1, id);
	if ((rc = db_run(s, SQL_SESSION_END_OTHERS)) == RC_OK)
		rc = act_add(
		    s, who, disable ? ACT_ACCOUNT_DISABLED : ACT_ACCOUNT_ENABLED, NULL, id, now);
out:
	if ((rc = db_end(s, rc)) == RC_OK)
		*answer = id != 0 ? ACCOUNT_DONE : ACCOUNT_ABSENT;
	return rc;
}

/* ---- signing in ---- */

/* What the database knows of who claims to be somebody. */
struct known {
	struct actor who; /* account 0: nobody of this name, or disabled */
	char password[SECRET_HASH];
	uint8_t totp[TOTP];
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
		if (strlen(password) < sizeof(k->password) && sqlite3_column_bytes(st, 4) == TOTP &&
		    sqlite3_column_int(st, 5) == 0) {
			k->who.account = sqlite3_column_int64(st, 0);
			k->who.agency = sqlite3_column_int64(st, 1);
			k->who.role = role_parse(db_text(st, 2));
			memcpy(k->password, password, strlen(password) + 1);
			memcpy(k->totp, sqlite3_column_blob(st, 4), TOTP);
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
	char code[RECOVERY + 1];
	uint64_t step = 0;
	uint8_t hash[DB_HASH];
	enum rc rc = RC_OK;

	*act = ACT_ENTRY_REFUSED;
	if (given == NULL ||
	    !crockford_code_read(given, strnlen(given, CAP_LETTER_TEXT), code, RECOVERY))
		return RC_OK;
	if (strlen(code) == TOTP_DIGITS && strspn(code, "0123456789") == TOTP_DIGITS) {
		if (oath_totp_validate3((const char *)k->totp, TOTP, (time_t)now, CAP_TOTP_STEP, 0,
			CAP_TOTP_WINDOW, NULL, &step, code) < 0)
			goto out;
		sqlite3_bind_int64(s->st[SQL_ACCOUNT_STEP], 1, k->who.account);
		sqlite3_bind_int64(s->st[SQL_ACCOUNT_STEP], 2, (int64_t)step);
		if ((rc = db_run(s, SQL_ACCOUNT_STEP)) == RC_OK)
			*act = sqlite3_changes(s->db) == 1 ? ACT_ENTERED : ACT_REPLAY_REFUSED;
	} else if (strlen(code) == RECOVERY) {
		if ((rc = recovery_hash(s, code, hash)) != RC_OK)
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

/* In one transaction, so that of two who come with one code, one enters. */
static enum rc
second_factor(struct store *s, const struct account_claim *c, const struct known *k,
    const struct guess *pair, int64_t now, enum act *act)
{
	struct guess g;
	int64_t same;
	bool locked;
	enum rc rc;

	*act = ACT_ENTRY_REFUSED;
	if ((rc = code_guess(s, k->who.account, &g)) != RC_OK || (rc = db_begin(s)) != RC_OK)
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
	rc = *act == ACT_ENTERED || *act == ACT_RECOVERED ? guess_right(s, pair)
							  : guess_wrong(s, &g, now);
log:
	if (rc == RC_OK)
		rc = act_add(s, &k->who, *act, NULL, 0, now);
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

enum rc
account_enter(struct store *s, const struct account_claim *c, int64_t now, struct actor *who,
    enum account_answer *answer)
{
	enum act act = ACT_ENTRY_LOCKED;
	struct guess pair;
	bool locked, right;
	struct known k;
	enum rc rc;

	*who = nobody;
	*answer = ACCOUNT_FORBIDDEN;
	memset(&k, 0, sizeof(k));
	if ((rc = pair_guess(s, c, &pair)) != RC_OK ||
	    (rc = guess_begin(s, &pair, now, &locked)) != RC_OK ||
	    (rc = recall(s, c->login, &k)) != RC_OK)
		goto out;
	if (!locked) {
		if ((rc = password_right(c, &k, &right)) != RC_OK)
			goto out;
		act = ACT_ENTRY_REFUSED;
		if (right) {
			if ((rc = second_factor(s, c, &k, &pair, now, &act)) != RC_OK)
				goto out;
			goto answer;
		}
	}
	/* nobody has shown that he is who he says: the account is what it was tried at */
	if ((rc = act_add(s, NULL, act, NULL, k.who.account, now)) != RC_OK)
		goto out;
answer:
	*answer = act == ACT_ENTRY_LOCKED ? ACCOUNT_LOCKED : ACCOUNT_WRONG;
	if (act == ACT_ENTERED || act == ACT_RECOVERED) {
		*answer = ACCOUNT_DONE;
		*who = k.who;
	}
out:
	OPENSSL_cleanse(&k, sizeof(k));
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
	int code;

	if (!may_manage(who))
		return forbid(s, who, now, answer);
	*answer = ACCOUNT_DONE;
	while ((code = sqlite3_step(st)) == SQLITE_ROW) {
		read_row(st, &r);
		if (!row(&r, arg))
			break;
	}
	db_done(s, SQL_ACCOUNT_LIST);
	return db_rc(code);
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
