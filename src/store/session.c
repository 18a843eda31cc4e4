/* SPDX-License-Identifier: GPL-3.0-or-later */
/* session.h: tokens are compared by their hashes, in the index of the table. */
#include <string.h>

#include <openssl/crypto.h>
#include <openssl/sha.h>
#include <sodium.h>

#include "act.h"
#include "db.h"
#include "session.h"

#define TOKEN 32 /* octets */

static const struct actor nobody = {.role = ROLE__MAX};

/* Base64url of 32 octets; the text for cookies and forms. */
static void
spell(const uint8_t in[TOKEN], char out[SESSION_TOKEN_LEN + 1])
{
	sodium_bin2base64(
	    out, SESSION_TOKEN_LEN + 1, in, TOKEN, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

_Static_assert(SESSION_TOKEN_LEN + 1 ==
		   sodium_base64_ENCODED_LEN(TOKEN, sodium_base64_VARIANT_URLSAFE_NO_PADDING),
    "a token and its NUL");

/* By what a token is known to the database; false if it can't be one. */
static bool
hash_token(const char *token, uint8_t out[DB_HASH])
{
	if (token == NULL || strnlen(token, SESSION_TOKEN_LEN + 1) != SESSION_TOKEN_LEN)
		return false;
	return SHA256((const uint8_t *)token, SESSION_TOKEN_LEN, out) != NULL;
}

enum rc
session_begin(
    struct store *s, const struct actor *who, int64_t now, char token[SESSION_TOKEN_LEN + 1])
{
	sqlite3_stmt *st = s->st[SQL_SESSION_ADD];
	uint8_t bits[TOKEN], hash[DB_HASH];
	enum rc rc;

	token[0] = '\0';
	if ((rc = db_random(bits, sizeof(bits))) != RC_OK)
		return rc;
	spell(bits, token);
	OPENSSL_cleanse(bits, sizeof(bits));
	if (!hash_token(token, hash)) {
		rc = RC_CRYPTO;
		goto out;
	}
	sqlite3_bind_blob(st, 1, hash, DB_HASH, SQLITE_STATIC);
	sqlite3_bind_int64(st, 2, who->account);
	sqlite3_bind_int64(st, 3, now);
	rc = db_run(s, SQL_SESSION_ADD);
	if (rc == RC_OK && sqlite3_changes(s->db) != 1)
		rc = RC_ABSENT;
out:
	if (rc != RC_OK)
		OPENSSL_cleanse(token, SESSION_TOKEN_LEN + 1);
	return rc;
}

/* Noted now and then only: a page with twenty pictures is no twenty writes. */
static enum rc
touch(struct store *s, const uint8_t hash[DB_HASH], int64_t now)
{
	sqlite3_bind_blob(s->st[SQL_SESSION_SEEN], 1, hash, DB_HASH, SQLITE_STATIC);
	sqlite3_bind_int64(s->st[SQL_SESSION_SEEN], 2, now);
	return db_run(s, SQL_SESSION_SEEN);
}

enum rc
session_find(struct store *s, const char *token, int64_t now, struct actor *who)
{
	sqlite3_stmt *st = s->st[SQL_SESSION];
	struct actor found = nobody;
	uint8_t hash[DB_HASH];
	int64_t seen = 0;
	enum rc rc;
	int code;

	*who = nobody;
	if (!hash_token(token, hash))
		return RC_ABSENT;
	sqlite3_bind_blob(st, 1, hash, DB_HASH, SQLITE_STATIC);
	sqlite3_bind_int64(st, 2, now - CAP_SESSION_AGE);
	sqlite3_bind_int64(st, 3, now - CAP_SESSION_IDLE);
	if ((code = sqlite3_step(st)) == SQLITE_ROW) {
		found.account = sqlite3_column_int64(st, 0);
		found.agency = sqlite3_column_int64(st, 1);
		found.role = role_parse(db_text(st, 2));
		seen = sqlite3_column_int64(st, 3);
	}
	db_done(s, SQL_SESSION);
	rc = code == SQLITE_DONE ? RC_ABSENT : db_rc(code);
	if (rc == RC_OK && found.role == ROLE__MAX)
		rc = RC_FORMAT;
	if (rc == RC_OK && now - seen >= CAP_SESSION_TOUCH)
		rc = touch(s, hash, now);
	if (rc == RC_OK)
		*who = found;
	return rc;
}

enum rc
session_end(struct store *s, const char *token, int64_t now)
{
	uint8_t hash[DB_HASH];
	struct actor who;
	enum rc rc;

	if (!hash_token(token, hash))
		return RC_OK;
	if ((rc = session_find(s, token, now, &who)) == RC_ABSENT)
		rc = RC_OK;
	if (rc != RC_OK || (rc = db_begin(s)) != RC_OK)
		return rc;
	if (who.account != 0)
		rc = act_add(s, &who, ACT_LEFT, NULL, 0, now);
	if (rc == RC_OK) {
		sqlite3_bind_blob(s->st[SQL_SESSION_END], 1, hash, DB_HASH, SQLITE_STATIC);
		rc = db_run(s, SQL_SESSION_END);
	}
	return db_end(s, rc);
}

enum rc
session_end_others(struct store *s, int64_t account, const char *token)
{
	sqlite3_stmt *st = s->st[SQL_SESSION_END_OTHERS];
	uint8_t hash[DB_HASH];

	sqlite3_bind_int64(st, 1, account);
	if (hash_token(token, hash))
		sqlite3_bind_blob(st, 2, hash, DB_HASH, SQLITE_STATIC);
	return db_run(s, SQL_SESSION_END_OTHERS);
}

enum rc
session_expire(struct store *s, int64_t now)
{
	enum rc rc;

	sqlite3_bind_int64(s->st[SQL_SESSION_OVER], 1, now - CAP_SESSION_AGE);
	sqlite3_bind_int64(s->st[SQL_SESSION_OVER], 2, now - CAP_SESSION_IDLE);
	if ((rc = db_run(s, SQL_SESSION_OVER)) != RC_OK)
		return rc;
	sqlite3_bind_int64(s->st[SQL_GUESS_OVER], 1, now);
	return db_run(s, SQL_GUESS_OVER);
}

enum rc
session_csrf(struct store *s, const char *token, char out[SESSION_CSRF_LEN + 1])
{
	uint8_t mac[DB_HASH];
	enum rc rc;

	out[0] = '\0';
	if (token == NULL || *token == '\0')
		return RC_CRYPTO;
	if ((rc = db_keyed(s, mac, "csrf", token, NULL)) == RC_OK)
		spell(mac, out);
	return rc;
}

bool
session_csrf_ok(struct store *s, const char *token, const char *given)
{
	char right[SESSION_CSRF_LEN + 1];

	if (given == NULL || strnlen(given, SESSION_CSRF_LEN + 1) != SESSION_CSRF_LEN ||
	    session_csrf(s, token, right) != RC_OK)
		return false;
	return sodium_memcmp(right, given, SESSION_CSRF_LEN) == 0;
}
