/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What opens an account: a telephone's secret by liboath, recovery codes, and guesses at them. */
#include <stdlib.h>
#include <string.h>

#include <liboath/oath.h>
#include <openssl/crypto.h>

#include "account_db.h"
#include "crockford.h"
#include "session.h"

#define ISSUER "Periksa"

enum rc
account_secrets_hash(struct store *s, const char *code, uint8_t out[DB_HASH])
{
	return db_keyed(s, out, "recovery", code, NULL);
}

enum rc
account_secrets_make(struct account_secrets *out, uint8_t totp[ACCOUNT_TOTP])
{
	uint8_t random[ACCOUNT_RECOVERY_DIGITS];
	char code[ACCOUNT_RECOVERY_DIGITS + 1];
	char *base32 = NULL;
	size_t len = 0, i, j;
	enum rc rc;

	if ((rc = db_random(totp, ACCOUNT_TOTP)) != RC_OK)
		return rc;
	if (oath_base32_encode((const char *)totp, ACCOUNT_TOTP, &base32, &len) != OATH_OK)
		return RC_NOMEM;
	rc = RC_CRYPTO;
	if (len != ACCOUNT_TOTP_LEN)
		goto out;
	memcpy(out->totp, base32, len);
	out->totp[len] = '\0';
	for (i = 0, rc = RC_OK; i < ACCOUNT_RECOVERY && rc == RC_OK; i++) {
		if ((rc = db_random(random, sizeof(random))) != RC_OK)
			break;
		crockford_code(random, ACCOUNT_RECOVERY_DIGITS, code);
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

/* RFC 3986: what is not unreserved, in percent. */
static void
put_escaped(struct buf *b, const char *s)
{
	for (; *s != '\0'; s++)
		if (strchr("-._~", *s) != NULL || (*s >= '0' && *s <= '9') ||
		    (*s >= 'A' && *s <= 'Z') || (*s >= 'a' && *s <= 'z'))
			buf_u8(b, (uint8_t)*s);
		else
			buf_printf(b, "%%%02X", (unsigned)(uint8_t)*s);
}

/* Digits, seconds and SHA-1 are what all take for granted. */
void
account_otpauth(struct buf *b, const char *login, const struct account_secrets *secrets)
{
	buf_str(b, "otpauth://totp/" ISSUER ":");
	put_escaped(b, login);
	buf_printf(b, "?secret=%s&issuer=" ISSUER, secrets->totp);
}

enum rc
account_secrets_keep(struct store *s, int64_t account, const struct account_secrets *secrets)
{
	sqlite3_stmt *st = s->st[SQL_RECOVERY_ADD];
	char code[ACCOUNT_RECOVERY_DIGITS + 1];
	uint8_t hash[DB_HASH];
	enum rc rc;
	size_t i;

	sqlite3_bind_int64(s->st[SQL_RECOVERY_CLEAR], 1, account);
	rc = db_run(s, SQL_RECOVERY_CLEAR);
	for (i = 0; i < ACCOUNT_RECOVERY && rc == RC_OK; i++) {
		if (!crockford_code_read(
			secrets->recovery[i], ACCOUNT_RECOVERY_LEN, code, ACCOUNT_RECOVERY_DIGITS))
			return RC_FORMAT;
		if ((rc = account_secrets_hash(s, code, hash)) != RC_OK)
			break;
		sqlite3_bind_int64(st, 1, account);
		sqlite3_bind_blob(st, 2, hash, DB_HASH, SQLITE_STATIC);
		rc = db_run(s, SQL_RECOVERY_ADD);
	}
	OPENSSL_cleanse(code, sizeof(code));
	return rc;
}

enum rc
account_refresh(struct store *s, const struct actor *who, int64_t account,
    const struct account_fresh *f, int64_t now)
{
	sqlite3_stmt *st = s->st[SQL_ACCOUNT_REFRESH];
	enum rc rc;

	sqlite3_bind_int64(st, 1, account);
	sqlite3_bind_text(st, 2, f->password, -1, SQLITE_STATIC);
	if (f->totp != NULL)
		sqlite3_bind_blob(st, 3, f->totp, ACCOUNT_TOTP, SQLITE_STATIC);
	rc = db_run(s, SQL_ACCOUNT_REFRESH);
	if (rc == RC_OK && f->totp != NULL)
		rc = account_secrets_keep(s, account, f->secrets);
	if (rc == RC_OK)
		rc = session_end_others(s, account, NULL);
	if (rc == RC_OK)
		rc = act_add(s, who, f->act, NULL, account, now);
	return rc;
}

enum rc
account_code_guess(struct store *s, int64_t account, struct guess *g)
{
	char number[24];

	sqlite3_snprintf(sizeof(number), number, "%lld", (long long)account);
	g->tries = CAP_CODE_TRIES;
	g->seconds = CAP_CODE_LOCK;
	return db_keyed(s, g->who, "totp", number, NULL);
}
