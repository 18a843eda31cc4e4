/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ACCOUNT_DB_H
#define ACCOUNT_DB_H

#include "account.h"
#include "act.h"
#include "db.h"
#include "guess.h"

/* What the files about accounts share; for src/store only. */

#define ACCOUNT_TOTP            20 /* octets of a telephone's secret */
#define ACCOUNT_RECOVERY_DIGITS 16 /* of a recovery code, hyphens left out */

extern const struct actor account_nobody;

/* An admin or the operator. */
bool account_manages(const struct actor *who);
/* Says no, and writes down that it was asked. */
enum rc account_forbid(
    struct store *s, const struct actor *who, int64_t now, enum account_answer *answer);
bool account_password_ok(size_t len);

/* Its number; 0 if there is none. */
enum rc account_find(struct store *s, const char *login, int64_t *out);
bool account_code_ok(const char *code); /* of an agency */
/* Its number, in the transaction that is open; made if it is new. */
enum rc account_agency_make(struct store *s, const char *code, const char *name, int64_t *out);

/* Fresh ones, as they are told: the telephone's secret as octets, too. */
enum rc account_secrets_make(struct account_secrets *out, uint8_t totp[ACCOUNT_TOTP]);
/* In the transaction that is open: these recovery codes and no others. */
enum rc account_secrets_keep(
    struct store *s, int64_t account, const struct account_secrets *secrets);
/* What a recovery code (as crockford_code_read() gives it) is kept as. */
enum rc account_secrets_hash(struct store *s, const char *code, uint8_t out[DB_HASH]);

/*
 * In the transaction that is open: what is not NULL is replaced, no session is left, and the act
 * is written down.
 */
struct account_fresh {
	const char *password; /* its hash */
	const uint8_t *totp;
	const struct account_secrets *secrets; /* with totp */
	enum act act;
};
enum rc account_refresh(struct store *s, const struct actor *who, int64_t account,
    const struct account_fresh *f, int64_t now);

/* What is counted by account alone: wrong codes behind the right password. */
enum rc account_code_guess(struct store *s, int64_t account, struct guess *g);

#endif /* ACCOUNT_DB_H */
