/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef DB_H
#define DB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sqlite3.h>

#include "rc.h"
#include "store.h"

/*
 * What the files of src/store share, and nobody else includes.  Every statement of the
 * program is in sql.def, prepared when the file is opened; values are only ever bound.
 */
enum sql {
#define SQL(name, words) SQL_##name,
#include "sql.def"
#undef SQL
	SQL__MAX
};

#define DB_HASH 32 /* octets of SHA-256 */

struct store {
	sqlite3 *db;
	sqlite3_stmt *st[SQL__MAX];
	uint8_t hash_key[DB_HASH];
	int patience; /* how often to look at a lock that somebody else has */
	int step;     /* of the log of changes, when it was last looked at */
};

/* What an answer of SQLite means to us. */
enum rc db_rc(int code);
/* Run a statement that gives no row, and make it ready for the next time. */
enum rc db_run(struct store *s, enum sql n);
/* Make it ready for the next time: after the last row was read. */
void db_done(struct store *s, enum sql n);
/* The only number of the only row.  RC_ABSENT: there is no row; *out is 0 unless RC_OK. */
enum rc db_number(struct store *s, enum sql n, int64_t *out);

/*
 * The next row, if there is one; false: *rc says whether these were all of them.  Whoever stops
 * before calls db_done().
 */
bool db_next(struct store *s, enum sql n, enum rc *rc);

/* A transaction that writes: everything up to db_end() or nothing. */
enum rc db_begin(struct store *s);
/* Ends it: committed if rc is RC_OK, undone otherwise.  What became of it. */
enum rc db_end(struct store *s, enum rc rc);

enum rc db_random(void *out, size_t len);
/* A column's text, "" for NULL; it lives until the next step. */
const char *db_text(sqlite3_stmt *st, int column);

/*
 * HMAC-SHA256, under the database's key, of what is counted or compared, whose it is, and by whom
 * (or NULL), each with its NUL so that no two are alike.  RC_OK or RC_CRYPTO.
 */
enum rc db_keyed(
    struct store *s, uint8_t out[DB_HASH], const char *what, const char *whose, const char *by);

#endif /* DB_H */
