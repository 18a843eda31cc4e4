/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * store.h over SQLite.  Every statement of the program is in the array below,
 * prepared when the file is opened; values are only ever bound.
 *
 * The file is in WAL mode with synchronous=FULL: a commit returns when its log
 * frames are on the disk, so what was acknowledged survives a power cut.
 */
#include <sys/random.h>

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <sqlite3.h>

#include "caps.h"
#include "crockford.h"
#include "store.h"
#include "when.h"

#define APPLICATION_ID      0x50524b53 /* "PRKS": PRAGMA application_id */
#define SCHEMA_VERSION      2          /* PRAGMA user_version */
#define HASH_LEN            32
/* frames of 4 KiB; a record with its report takes about eight */
#define CHECKPOINT_FRAMES   2000
/* looks at the lock, six in a millisecond */
#define PATIENCE            (CAP_STORE_BUSY_MS * 6)
#define PATIENCE_CHECKPOINT 60

/* clang-format off */
static const char schema[] =
#include "schema.inc"
    ;
static const char schema_2[] =
#include "picture.inc"
    ;
/* clang-format on */

enum statement {
	SQL_BEGIN,
	SQL_COMMIT,
	SQL_ROLLBACK,
	SQL_PROBE,
	SQL_LOG,
	SQL_KEEP,
	SQL_EXPIRE,
	SQL_REPORT,
	SQL_KEEP_PICTURE,
	SQL_PICTURE,
	SQL_PICTURES,
	SQL_ALL,
	SQL_NEWEST,
	SQL__MAX
};

#define COLUMNS                                                                            \
	"seq, at, channel, document, conclusion, reasons, policy, policy_version, trust, " \
	"duration, size, signatures"
/* ?1 since, ?2 until, ?3 conclusion or NULL */
#define CHOSEN "FROM verification WHERE at >= ?1 AND at < ?2 AND (?3 IS NULL OR conclusion = ?3) "

static const char *const sql[SQL__MAX] = {
    [SQL_BEGIN] = "BEGIN IMMEDIATE",
    [SQL_COMMIT] = "COMMIT",
    [SQL_ROLLBACK] = "ROLLBACK",
    [SQL_PROBE] = "UPDATE instance SET probes = probes + 1",
    [SQL_LOG] = "INSERT INTO verification (at, channel, document, conclusion, reasons, policy, "
		"policy_version, trust, duration, size, signatures) "
		"VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
    [SQL_KEEP] = "INSERT INTO report (id, expires, wire) VALUES (?1, ?2, ?3)",
    [SQL_EXPIRE] = "DELETE FROM report WHERE expires <= ?1",
    [SQL_REPORT] = "SELECT wire FROM report WHERE id = ?1 AND expires > ?2",
    [SQL_KEEP_PICTURE] = "INSERT INTO picture (report, page, kind, png) VALUES (?1, ?2, ?3, ?4)",
    [SQL_PICTURE] = "SELECT png FROM picture JOIN report ON report = id "
		    "WHERE id = ?1 AND page = ?2 AND kind = ?3 AND expires > ?4",
    [SQL_PICTURES] = "SELECT page FROM picture JOIN report ON report = id "
		     "WHERE id = ?1 AND expires > ?2 GROUP BY page HAVING count(*) = 2 "
		     "ORDER BY page",
    [SQL_ALL] = "SELECT " COLUMNS " " CHOSEN "ORDER BY at, seq",
    [SQL_NEWEST] = "SELECT * FROM (SELECT " COLUMNS " " CHOSEN
		   "ORDER BY at DESC, seq DESC LIMIT ?4) ORDER BY at, seq",
};

struct store {
	sqlite3 *db;
	sqlite3_stmt *st[SQL__MAX];
	uint8_t hash_key[HASH_LEN];
	int patience; /* how often to look at a lock that somebody else has */
	int step;     /* of the log of changes, when it was last looked at */
};

const char *
channel_name(enum channel c)
{
	static const char *const names[CHANNEL__MAX] = {"page", "api", "cli"};

	return (unsigned)c < CHANNEL__MAX ? names[c] : NULL;
}

static enum rc
rc_of(int code)
{
	switch (code & 0xff) {
	case SQLITE_OK:
	case SQLITE_ROW:
	case SQLITE_DONE:
		return RC_OK;
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return RC_BUSY;
	case SQLITE_NOMEM:
		return RC_NOMEM;
	case SQLITE_NOTADB:
	case SQLITE_CORRUPT:
		return RC_FORMAT;
	default:
		return RC_IO;
	}
}

/* Run a statement that gives no row, and make it ready for the next time. */
static enum rc
run(struct store *s, enum statement n)
{
	int code = sqlite3_step(s->st[n]);

	sqlite3_reset(s->st[n]);
	sqlite3_clear_bindings(s->st[n]);
	return rc_of(code);
}

/* Ends the transaction that SQL_BEGIN began: both or neither of its rows. */
static enum rc
finish(struct store *s, enum rc rc)
{
	if (rc == RC_OK)
		rc = run(s, SQL_COMMIT);
	/* a full disk may have ended it already */
	if (rc != RC_OK && sqlite3_get_autocommit(s->db) == 0)
		run(s, SQL_ROLLBACK);
	return rc;
}

static enum rc
random_bytes(void *out, size_t len)
{
	ssize_t n;

	do
		n = getrandom(out, len, 0);
	while (n == -1 && errno == EINTR);
	return n == (ssize_t)len ? RC_OK : RC_IO;
}

/* ---- opening ---- */

/* The one number that a PRAGMA answers with. */
static enum rc
pragma_number(sqlite3 *db, const char *pragma, int *out)
{
	sqlite3_stmt *st = NULL;
	int code;

	*out = 0;
	if ((code = sqlite3_prepare_v2(db, pragma, -1, &st, NULL)) == SQLITE_OK &&
	    (code = sqlite3_step(st)) == SQLITE_ROW)
		*out = sqlite3_column_int(st, 0);
	sqlite3_finalize(st);
	return code == SQLITE_ROW ? RC_OK : rc_of(code) == RC_OK ? RC_FORMAT : rc_of(code);
}

static enum rc
make_instance(sqlite3 *db)
{
	uint8_t hash_key[HASH_LEN];
	sqlite3_stmt *st = NULL;
	enum rc rc;

	if ((rc = random_bytes(hash_key, sizeof(hash_key))) != RC_OK)
		return rc;
	if ((rc = rc_of(sqlite3_prepare_v2(
		 db, "INSERT INTO instance VALUES (1, ?1, ?2, 0)", -1, &st, NULL))) == RC_OK) {
		sqlite3_bind_int64(st, 1, (sqlite3_int64)time(NULL));
		sqlite3_bind_blob(st, 2, hash_key, sizeof(hash_key), SQLITE_TRANSIENT);
		rc = rc_of(sqlite3_step(st));
	}
	sqlite3_finalize(st);
	OPENSSL_cleanse(hash_key, sizeof(hash_key));
	return rc;
}

/*
 * Bring the file to this version.  Under the write lock, so that of several
 * workers that start at once one makes the tables and the others find them.
 */
static enum rc
migrate(sqlite3 *db)
{
	int version, application;
	enum rc rc;

	if ((rc = rc_of(sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL))) != RC_OK)
		return rc;
	if ((rc = pragma_number(db, "PRAGMA user_version", &version)) == RC_OK &&
	    (rc = pragma_number(db, "PRAGMA application_id", &application)) == RC_OK &&
	    version == 0 && application == 0) {
		if ((rc = rc_of(sqlite3_exec(db, schema, NULL, NULL, NULL))) == RC_OK)
			rc = make_instance(db);
		version = 1;
		application = APPLICATION_ID;
	}
	if (rc == RC_OK && version == 1 && application == APPLICATION_ID &&
	    (rc = rc_of(sqlite3_exec(db, schema_2, NULL, NULL, NULL))) == RC_OK)
		rc = rc_of(
		    sqlite3_exec(db, "PRAGMA application_id = 1347570515; PRAGMA user_version = 2",
			NULL, NULL, NULL));
	if (rc == RC_OK)
		rc = rc_of(sqlite3_exec(db, "COMMIT", NULL, NULL, NULL));
	if (rc != RC_OK)
		sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
	return rc;
}

_Static_assert(APPLICATION_ID == 1347570515 && SCHEMA_VERSION == 2, "migrate() writes these");

static enum rc
check_version(sqlite3 *db)
{
	int version, application;
	enum rc rc;

	if ((rc = pragma_number(db, "PRAGMA application_id", &application)) != RC_OK ||
	    (rc = pragma_number(db, "PRAGMA user_version", &version)) != RC_OK)
		return rc;
	return application == APPLICATION_ID && version == SCHEMA_VERSION ? RC_OK : RC_FORMAT;
}

/*
 * Somebody else writes: a commit takes a fraction of a millisecond, so look
 * again soon.  SQLite's own handler sleeps ever longer, and among busy writers one
 * of them then waits for seconds.
 */
static int
wait_turn(void *arg, int tries)
{
	const struct timespec pause = {0, 100000}; /* 0.1 ms; the kernel makes 0.16 of it */
	const struct store *s = arg;

	if (tries >= s->patience)
		return 0;
	nanosleep(&pause, NULL);
	return 1;
}

/*
 * The log of changes grows by a few frames with each commit.  Now and then,
 * once for each so many frames, move them into the database and begin the log
 * anew.  SQLite's own way is to try after every commit beyond a mark: with other
 * writers always looking in, it can't begin anew, and each commit then pays for
 * a checkpoint.  Whoever reads the log of verifications meanwhile is not waited for
 * for long, and a checkpoint that fails takes nothing away from the commit.
 */
static int
after_commit(void *arg, sqlite3 *db, const char *name, int frames)
{
	struct store *s = arg;
	int step = frames / CHECKPOINT_FRAMES;

	if (step > s->step) {
		s->patience = PATIENCE_CHECKPOINT;
		(void)sqlite3_wal_checkpoint_v2(db, name, SQLITE_CHECKPOINT_RESTART, NULL, NULL);
		s->patience = PATIENCE;
	}
	s->step = step;
	return SQLITE_OK;
}

/*
 * temp_store and mmap_size keep SQLite to plain reads and writes of the three
 * files beside each other: that is all that a worker in its root and under its
 * system-call filter may do.
 */
static enum rc
configure(struct store *s)
{
	static const char pragmas[] = "PRAGMA temp_store = MEMORY;"
				      "PRAGMA mmap_size = 0;"
				      "PRAGMA trusted_schema = OFF;"
				      "PRAGMA foreign_keys = ON;"
				      "PRAGMA secure_delete = ON;"
				      "PRAGMA synchronous = FULL";
	int code;

	s->patience = PATIENCE;
	sqlite3_busy_handler(s->db, wait_turn, s);
	sqlite3_wal_hook(s->db, after_commit, s);
	if ((code = sqlite3_db_config(s->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL)) == SQLITE_OK)
		code = sqlite3_exec(s->db, pragmas, NULL, NULL, NULL);
	return rc_of(code);
}

/* The switch to WAL does not wait for other openers by itself. */
static enum rc
enter_wal(sqlite3 *db)
{
	const struct timespec pause = {0, 10000000};
	enum rc rc;
	int waited;

	for (waited = 0;; waited += 10) {
		rc = rc_of(sqlite3_exec(db, "PRAGMA journal_mode = WAL", NULL, NULL, NULL));
		if (rc != RC_BUSY || waited >= CAP_STORE_BUSY_MS)
			return rc;
		nanosleep(&pause, NULL);
	}
}

static enum rc
read_instance(struct store *s)
{
	sqlite3_stmt *st = NULL;
	const void *key;
	enum rc rc;

	if ((rc = rc_of(sqlite3_prepare_v2(
		 s->db, "SELECT hash_key FROM instance", -1, &st, NULL))) == RC_OK) {
		rc = rc_of(sqlite3_step(st));
		key = rc == RC_OK ? sqlite3_column_blob(st, 0) : NULL;
		if (key != NULL && sqlite3_column_bytes(st, 0) == HASH_LEN)
			memcpy(s->hash_key, key, HASH_LEN);
		else if (rc == RC_OK)
			rc = RC_FORMAT;
	}
	sqlite3_finalize(st);
	return rc;
}

static enum rc
prepare_all(struct store *s)
{
	enum rc rc = RC_OK;
	unsigned i;

	for (i = 0; rc == RC_OK && i < SQL__MAX; i++)
		rc = rc_of(sqlite3_prepare_v3(
		    s->db, sql[i], -1, SQLITE_PREPARE_PERSISTENT, &s->st[i], NULL));
	return rc;
}

static enum rc
open_file(struct store **out, const char *path, bool write)
{
	int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE |
		    (write ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY);
	struct store *s;
	enum rc rc;

	if ((s = calloc(1, sizeof(*s))) == NULL)
		return RC_NOMEM;
	if ((rc = rc_of(sqlite3_open_v2(path, &s->db, flags, NULL))) == RC_OK &&
	    (rc = configure(s)) == RC_OK && write && (rc = enter_wal(s->db)) == RC_OK)
		rc = migrate(s->db);
	if (rc == RC_OK && (rc = check_version(s->db)) == RC_OK &&
	    (rc = read_instance(s)) == RC_OK && (rc = prepare_all(s)) == RC_OK) {
		*out = s;
		s = NULL; /* transferred */
	}
	store_close(s);
	return rc;
}

enum rc
store_open(struct store **out, const char *path)
{
	int fd;

	*out = NULL;
	/* SQLite would let everybody read it, and gives its other files the same mode */
	if ((fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600)) == -1)
		return RC_IO;
	close(fd);
	return open_file(out, path, true);
}

enum rc
store_open_readonly(struct store **out, const char *path)
{
	*out = NULL;
	if (access(path, F_OK) == -1)
		return errno == ENOENT || errno == ENOTDIR ? RC_ABSENT : RC_IO;
	return open_file(out, path, false);
}

void
store_close(struct store *s)
{
	unsigned i;

	if (s == NULL)
		return;
	for (i = 0; i < SQL__MAX; i++)
		sqlite3_finalize(s->st[i]);
	sqlite3_close(s->db);
	OPENSSL_cleanse(s->hash_key, sizeof(s->hash_key));
	free(s);
}

/* ---- recording ---- */

static bool
is_zero(const uint8_t hash[HASH_LEN])
{
	static const uint8_t zero[HASH_LEN];

	return memcmp(hash, zero, HASH_LEN) == 0;
}

/* A document that was never hashed has no name in the log: NULL stays bound. */
static enum rc
bind_document(struct store *s, sqlite3_stmt *st, int column, const struct report *r)
{
	uint8_t mac[EVP_MAX_MD_SIZE];
	unsigned len = 0;

	if (is_zero(r->document.sha256))
		return RC_OK;
	if (HMAC(EVP_sha256(), s->hash_key, HASH_LEN, r->document.sha256,
		sizeof(r->document.sha256), mac, &len) == NULL ||
	    len != HASH_LEN)
		return RC_CRYPTO;
	return rc_of(sqlite3_bind_blob(st, column, mac, HASH_LEN, SQLITE_TRANSIENT));
}

static enum rc
bind_reasons(sqlite3_stmt *st, int column, const struct report *r)
{
	const char *name;
	struct buf b;
	enum rc rc;
	size_t i;

	buf_init(&b, CAP_WIRE); /* the report's own ceiling */
	for (i = 0; i < r->nreasons; i++) {
		if ((name = check_name(r->reasons[i])) == NULL)
			continue;
		if (b.len > 0)
			buf_u8(&b, ' ');
		buf_str(&b, name);
	}
	if ((rc = buf_rc(&b)) == RC_OK)
		rc = rc_of(sqlite3_bind_text(
		    st, column, b.len > 0 ? (const char *)b.p : "", (int)b.len, SQLITE_TRANSIENT));
	buf_clear(&b);
	return rc;
}

static enum rc
log_row(struct store *s, const struct store_verification *v)
{
	const struct report *r = v->report;
	sqlite3_stmt *st = s->st[SQL_LOG];
	enum rc rc;

	if ((rc = bind_document(s, st, 3, r)) != RC_OK || (rc = bind_reasons(st, 5, r)) != RC_OK)
		return rc;
	sqlite3_bind_int64(st, 1, v->at);
	sqlite3_bind_text(st, 2, channel_name(v->channel), -1, SQLITE_STATIC);
	sqlite3_bind_text(st, 4, conclusion_name(r->conclusion), -1, SQLITE_STATIC);
	sqlite3_bind_text(st, 6, r->policy_id, -1, SQLITE_STATIC);
	sqlite3_bind_text(st, 7, r->policy_version, -1, SQLITE_STATIC);
	if (!is_zero(r->trust_id))
		sqlite3_bind_blob(st, 8, r->trust_id, HASH_LEN, SQLITE_STATIC);
	sqlite3_bind_int64(st, 9, v->duration_us);
	sqlite3_bind_int64(st, 10, (sqlite3_int64)r->document.size);
	sqlite3_bind_int64(st, 11, (sqlite3_int64)r->nsigs);
	return run(s, SQL_LOG);
}

static enum rc
keep_report(struct store *s, const struct store_verification *v, char id[STORE_ID_LEN + 1])
{
	sqlite3_stmt *st = s->st[SQL_KEEP];
	uint8_t bits[16];
	enum rc rc;

	if ((rc = random_bytes(bits, sizeof(bits))) != RC_OK)
		return rc;
	crockford_128(bits, id);
	sqlite3_bind_text(st, 1, id, STORE_ID_LEN, SQLITE_STATIC);
	sqlite3_bind_int64(st, 2, v->expires);
	sqlite3_bind_blob64(st, 3, v->wire, v->wire_len, SQLITE_STATIC);
	return run(s, SQL_KEEP);
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
		rc = run(s, SQL_KEEP_PICTURE);
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
	if ((rc = run(s, SQL_BEGIN)) != RC_OK)
		return rc;
	rc = log_row(s, v);
	if (rc == RC_OK && v->wire != NULL)
		rc = keep_report(s, v, id);
	if (rc == RC_OK && v->wire != NULL)
		rc = keep_pictures(s, v, id);
	if ((rc = finish(s, rc)) != RC_OK)
		id[0] = '\0';
	return rc;
}

enum rc
store_expire(struct store *s, int64_t now)
{
	sqlite3_bind_int64(s->st[SQL_EXPIRE], 1, now);
	return run(s, SQL_EXPIRE);
}

enum rc
store_probe(struct store *s)
{
	return run(s, SQL_PROBE);
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
		rc = code == SQLITE_DONE ? RC_ABSENT : rc_of(code);
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
	int code;

	*n = 0;
	sqlite3_bind_text(st, 1, id, -1, SQLITE_STATIC);
	sqlite3_bind_int64(st, 2, now);
	while ((code = sqlite3_step(st)) == SQLITE_ROW && *n < CAP_PICTURE_PAGES)
		pages[(*n)++] = (unsigned)sqlite3_column_int64(st, 0);
	sqlite3_reset(st);
	sqlite3_clear_bindings(st);
	return rc_of(code);
}

/* The hash in a column as hex; "" for NULL.  Returns out. */
static const char *
hash_text(sqlite3_stmt *st, int column, char out[2 * HASH_LEN + 1])
{
	static const char digits[] = "0123456789abcdef";
	const uint8_t *p = sqlite3_column_blob(st, column);
	size_t i, n = (size_t)sqlite3_column_bytes(st, column);

	if (p == NULL || n > HASH_LEN)
		n = 0;
	for (i = 0; i < n; i++) {
		out[2 * i] = digits[p[i] >> 4];
		out[2 * i + 1] = digits[p[i] & 15];
	}
	out[2 * n] = '\0';
	return out;
}

static const char *
column_text(sqlite3_stmt *st, int column)
{
	const unsigned char *p = sqlite3_column_text(st, column);

	return p != NULL ? (const char *)p : "";
}

static void
read_row(struct store_row *row, sqlite3_stmt *st, char document[2 * HASH_LEN + 1],
    char trust[2 * HASH_LEN + 1])
{
	row->seq = sqlite3_column_int64(st, 0);
	row->at = sqlite3_column_int64(st, 1);
	row->channel = column_text(st, 2);
	row->document = hash_text(st, 3, document);
	row->conclusion = column_text(st, 4);
	row->reasons = column_text(st, 5);
	row->policy = column_text(st, 6);
	row->policy_version = column_text(st, 7);
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
	char document[2 * HASH_LEN + 1], trust[2 * HASH_LEN + 1];
	sqlite3_stmt *st = s->st[q->limit > 0 ? SQL_NEWEST : SQL_ALL];
	struct store_row r;
	int code;

	sqlite3_bind_int64(st, 1, milliseconds(q->since, INT64_MIN));
	sqlite3_bind_int64(st, 2, milliseconds(q->until, INT64_MAX));
	if (q->conclusion != CONCLUSION__MAX)
		sqlite3_bind_text(st, 3, conclusion_name(q->conclusion), -1, SQLITE_STATIC);
	if (q->limit > 0)
		sqlite3_bind_int64(st, 4, q->limit);
	while ((code = sqlite3_step(st)) == SQLITE_ROW) {
		read_row(&r, st, document, trust);
		if (!row(&r, arg))
			break;
	}
	sqlite3_reset(st);
	sqlite3_clear_bindings(st);
	return rc_of(code);
}
