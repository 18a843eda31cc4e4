/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef STOREMAKE_H
#define STOREMAKE_H

/* A store in a folder of its own, and accounts in it, for the tests of src/store. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <liboath/oath.h>
#include <sqlite3.h>

#include "account.h"
#include "act.h"
#include "store.h"
#include "when.h"

#define NOW 1800000000 /* a full 30 seconds */

static char dir[256], path[300];
static struct store *store;

static inline int
open_store(void **state)
{
	const char *tmp = getenv("TMPDIR");

	(void)state;
	snprintf(dir, sizeof(dir), "%s/t_store.XXXXXX", tmp != NULL ? tmp : "/tmp");
	if (mkdtemp(dir) == NULL)
		return -1;
	snprintf(path, sizeof(path), "%s/periksa.db", dir);
	return store_open(&store, path) == RC_OK ? 0 : -1;
}

static inline int
close_store(void **state)
{
	static const char *const ends[] = {"", "-wal", "-shm", "-journal"};
	char file[320];
	size_t i;

	(void)state;
	store_close(store);
	for (i = 0; i < 4; i++) {
		snprintf(file, sizeof(file), "%s%s", path, ends[i]);
		unlink(file);
	}
	return rmdir(dir);
}

/* What somebody else would do to the file: SQLITE_OK or why not. */
static inline int
tamper(const char *sql)
{
	sqlite3 *db;
	int code;

	if (sqlite3_open(path, &db) != SQLITE_OK)
		return SQLITE_CANTOPEN;
	code = sqlite3_exec(db, sql, NULL, NULL, NULL);
	sqlite3_close(db);
	return code;
}

/* The one number that a question answers with; -1 for none. */
static inline int64_t
ask(const char *question)
{
	sqlite3_stmt *st = NULL;
	int64_t n = -1;
	sqlite3 *db;

	if (sqlite3_open(path, &db) == SQLITE_OK &&
	    sqlite3_prepare_v2(db, question, -1, &st, NULL) == SQLITE_OK &&
	    sqlite3_step(st) == SQLITE_ROW)
		n = sqlite3_column_int64(st, 0);
	sqlite3_finalize(st);
	sqlite3_close(db);
	return n;
}

/* How often it was done. */
static inline int64_t
acts(enum act a)
{
	char question[100];

	snprintf(
	    question, sizeof(question), "SELECT count(*) FROM act WHERE what = '%s'", act_name(a));
	return ask(question);
}

/* What a telephone shows at a time, for a secret in base32. */
static inline const char *
totp(const char *base32, int64_t at, char out[8])
{
	char *secret = NULL;
	size_t len;

	out[0] = '\0';
	if (oath_base32_decode(base32, strlen(base32), &secret, &len) == OATH_OK)
		oath_totp_generate(secret, len, (time_t)at, 30, 0, 6, out);
	free(secret);
	return out;
}

#define PASSWORD "dua belas pantun"

static inline enum account_answer
add_account(const struct actor *who, const char *login, enum role role, const char *agency,
    struct account_secrets *secrets)
{
	const struct account_new a = {login, role, agency, NULL, PASSWORD, strlen(PASSWORD)};
	enum account_answer answer;

	if (account_add(store, who, &a, NOW, secrets, &answer) != RC_OK)
		return (enum account_answer) - 1;
	return answer;
}

static inline enum account_answer
enter(const char *login, const char *password, const char *code, const char *address, int64_t at,
    struct actor *who)
{
	const struct account_claim c = {login, code, address, password, strlen(password)};
	enum account_answer answer;

	if (account_enter(store, &c, at, who, &answer) != RC_OK)
		return (enum account_answer) - 1;
	return answer;
}

#endif /* STOREMAKE_H */
