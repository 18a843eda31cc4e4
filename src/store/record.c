/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The verification log and the short-lived reports of store.h. */
#include <string.h>

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "crockford.h"
#include "db.h"
#include "verdict.h"
#include "when.h"

/* ---- recording ---- */

const char *
channel_name(enum channel c)
{
	static const char *const names[CHANNEL__MAX] = {"page", "api", "cli"};

	return (unsigned)c < CHANNEL__MAX ? names[c] : NULL;
}

/* A document that was never hashed has no name in the log: NULL stays bound. */
static enum rc
bind_document(struct store *s, sqlite3_stmt *st, int column, const struct report *r)
{
	uint8_t mac[EVP_MAX_MD_SIZE];
	unsigned len = 0;

	if (!verdict_hashed(r->document.sha256))
		return RC_OK;
	if (HMAC(EVP_sha256(), s->hash_key, DB_HASH, r->document.sha256, sizeof(r->document.sha256),
		mac, &len) == NULL ||
	    len != DB_HASH)
		return RC_CRYPTO;
	return db_rc(sqlite3_bind_blob(st, column, mac, DB_HASH, SQLITE_TRANSIENT));
}

static enum rc
log_row(struct store *s, const struct store_verification *v)
{
	const struct report *r = v->report;
	sqlite3_stmt *st = s->st[SQL_LOG];
	enum rc rc;

	if ((rc = bind_document(s, st, 3, r)) != RC_OK || (rc = verdict_bind(st, 4, r)) != RC_OK)
		return rc;
	sqlite3_bind_int64(st, 1, v->at);
	sqlite3_bind_text(st, 2, channel_name(v->channel), -1, SQLITE_STATIC);
	sqlite3_bind_int64(st, 9, v->duration_us);
	sqlite3_bind_int64(st, 10, (sqlite3_int64)r->document.size);
	sqlite3_bind_int64(st, 11, (sqlite3_int64)r->nsigs);
	return db_run(s, SQL_LOG);
}

static enum rc
keep_report(struct store *s, const struct store_verification *v, char id[STORE_ID_LEN + 1])
{
	sqlite3_stmt *st = s->st[SQL_KEEP];
	uint8_t bits[16];
	enum rc rc;

	if ((rc = db_random(bits, sizeof(bits))) != RC_OK)
		return rc;
	crockford_128(bits, id);
	sqlite3_bind_text(st, 1, id, STORE_ID_LEN, SQLITE_STATIC);
	sqlite3_bind_int64(st, 2, v->expires);
	sqlite3_bind_blob64(st, 3, v->wire, v->wire_len, SQLITE_STATIC);
	return db_run(s, SQL_KEEP);
}

_Static_assert(STORE_ID_LEN == CROCKFORD_128_LEN, "an id is 128 bits");

static enum rc
keep_pictures(struct store *s, const struct store_verification *v, const char *id)
{
	sqlite3_stmt *st = s->st[SQL_KEEP_PICTURE];
	enum rc rc = RC_OK;
	size_t i;

	for (i = 0; i < v->npictures && rc == RC_OK; i++) {
		sqlite3_bind_text(st, 1, id, STORE_ID_LEN, SQLITE_STATIC);
		sqlite3_bind_int64(st, 2, v->pictures[i].page);
		sqlite3_bind_text(st, 3, album_kind_name(v->pictures[i].kind), -1, SQLITE_STATIC);
		sqlite3_bind_blob64(st, 4, v->pictures[i].png, v->pictures[i].len, SQLITE_STATIC);
		rc = db_run(s, SQL_KEEP_PICTURE);
	}
	return rc;
}

enum rc
store_record(struct store *s, const struct store_verification *v, char id[STORE_ID_LEN + 1])
{
	enum rc rc;

	id[0] = '\0';
	if (v->wire != NULL && v->wire_len > CAP_WIRE)
		return RC_TOOBIG;
	if ((rc = db_begin(s)) != RC_OK)
		return rc;
	rc = log_row(s, v);
	if (rc == RC_OK && v->wire != NULL)
		rc = keep_report(s, v, id);
	if (rc == RC_OK && v->wire != NULL)
		rc = keep_pictures(s, v, id);
	if ((rc = db_end(s, rc)) != RC_OK)
		id[0] = '\0';
	return rc;
}

enum rc
store_expire(struct store *s, int64_t now)
{
	sqlite3_bind_int64(s->st[SQL_EXPIRE], 1, now);
	return db_run(s, SQL_EXPIRE);
}

enum rc
store_probe(struct store *s)
{
	return db_run(s, SQL_PROBE);
}

/* ---- reading ---- */

/* The only column of the only row. */
static enum rc
one_blob(sqlite3_stmt *st, struct buf *out)
{
	enum rc rc;
	int code;

	if ((code = sqlite3_step(st)) == SQLITE_ROW) {
		buf_put(out, sqlite3_column_blob(st, 0), (size_t)sqlite3_column_bytes(st, 0));
		rc = buf_rc(out);
	} else {
		rc = code == SQLITE_DONE ? RC_ABSENT : db_rc(code);
	}
	sqlite3_reset(st);
	sqlite3_clear_bindings(st);
	return rc;
}

enum rc
store_report(struct store *s, const char *id, int64_t now, struct buf *out)
{
	sqlite3_stmt *st = s->st[SQL_REPORT];

	sqlite3_bind_text(st, 1, id, -1, SQLITE_STATIC);
	sqlite3_bind_int64(st, 2, now);
	return one_blob(st, out);
}

enum rc
store_picture(struct store *s, const char *id, uint32_t page, enum album_kind kind, int64_t now,
    struct buf *out)
{
	sqlite3_stmt *st = s->st[SQL_PICTURE];

	sqlite3_bind_text(st, 1, id, -1, SQLITE_STATIC);
	sqlite3_bind_int64(st, 2, page);
	sqlite3_bind_text(st, 3, album_kind_name(kind), -1, SQLITE_STATIC);
	sqlite3_bind_int64(st, 4, now);
	return one_blob(st, out);
}

enum rc
store_pictures(
    struct store *s, const char *id, int64_t now, unsigned pages[CAP_PICTURE_PAGES], size_t *n)
{
	sqlite3_stmt *st = s->st[SQL_PICTURES];
	enum rc rc;

	*n = 0;
	sqlite3_bind_text(st, 1, id, -1, SQLITE_STATIC);
	sqlite3_bind_int64(st, 2, now);
	while (db_next(s, SQL_PICTURES, &rc) && *n < CAP_PICTURE_PAGES)
		pages[(*n)++] = (unsigned)sqlite3_column_int64(st, 0);
	db_done(s, SQL_PICTURES);
	return rc;
}

/* The hash in a column as hex; "" for NULL.  Returns out. */
static const char *
hash_text(sqlite3_stmt *st, int column, char out[2 * DB_HASH + 1])
{
	static const char digits[] = "0123456789abcdef";
	const uint8_t *p = sqlite3_column_blob(st, column);
	size_t i, n = (size_t)sqlite3_column_bytes(st, column);

	if (p == NULL || n > DB_HASH)
		n = 0;
	for (i = 0; i < n; i++) {
		out[2 * i] = digits[p[i] >> 4];
		out[2 * i + 1] = digits[p[i] & 15];
	}
	out[2 * n] = '\0';
	return out;
}

static void
read_row(struct store_row *row, sqlite3_stmt *st, char document[2 * DB_HASH + 1],
    char trust[2 * DB_HASH + 1])
{
	row->seq = sqlite3_column_int64(st, 0);
	row->at = sqlite3_column_int64(st, 1);
	row->channel = db_text(st, 2);
	row->document = hash_text(st, 3, document);
	row->conclusion = db_text(st, 4);
	row->reasons = db_text(st, 5);
	row->policy = db_text(st, 6);
	row->policy_version = db_text(st, 7);
	row->trust = hash_text(st, 8, trust);
	row->duration_us = (uint32_t)sqlite3_column_int64(st, 9);
	row->size = (uint64_t)sqlite3_column_int64(st, 10);
	row->signatures = (uint32_t)sqlite3_column_int64(st, 11);
}

/* Seconds to milliseconds, at the ends of time too. */
static int64_t
milliseconds(int64_t seconds, int64_t open_end)
{
	if (seconds == WHEN_NONE)
		return open_end;
	if (seconds > INT64_MAX / 1000)
		return INT64_MAX;
	return seconds < INT64_MIN / 1000 ? INT64_MIN : seconds * 1000;
}

enum rc
store_query(struct store *s, const struct store_query *q,
    bool (*row)(const struct store_row *row, void *arg), void *arg)
{
	char document[2 * DB_HASH + 1], trust[2 * DB_HASH + 1];
	enum sql which = q->limit > 0 ? SQL_NEWEST : SQL_ALL;
	sqlite3_stmt *st = s->st[which];
	struct store_row r;
	enum rc rc;

	sqlite3_bind_int64(st, 1, milliseconds(q->since, INT64_MIN));
	sqlite3_bind_int64(st, 2, milliseconds(q->until, INT64_MAX));
	if (q->conclusion != CONCLUSION__MAX)
		sqlite3_bind_text(st, 3, conclusion_name(q->conclusion), -1, SQLITE_STATIC);
	if (q->limit > 0)
		sqlite3_bind_int64(st, 4, q->limit);
	while (db_next(s, which, &rc)) {
		read_row(&r, st, document, trust);
		if (!row(&r, arg))
			break;
	}
	db_done(s, which);
	return rc;
}
