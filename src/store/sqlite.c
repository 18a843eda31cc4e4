/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * store.h over SQLite: the file, its versions, its lock, and what the rest of src/store stands on.
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

#include "caps.h"
#include "db.h"

#define APPLICATION_ID      0x50524b53 /* "PRKS": PRAGMA application_id */
#define SCHEMA_VERSION      4          /* PRAGMA user_version */
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
static const char schema_3[] =
#include "people.inc"
#include "letters.inc"
    ;
static const char schema_4[] =
#include "registering.inc"
    ;
/* clang-format on */

static const char *const text[SQL__MAX] = {
#define SQL(name, words) [SQL_##name] = (words),
#include "sql.def"
#undef SQL
};

enum rc
db_rc(int code)
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

enum rc
db_run(struct store *s, enum sql n)
{
	int code = sqlite3_step(s->st[n]);

	db_done(s, n);
	return db_rc(code);
}

void
db_done(struct store *s, enum sql n)
{
	sqlite3_reset(s->st[n]);
	sqlite3_clear_bindings(s->st[n]);
}

enum rc
db_begin(struct store *s)
{
	return db_run(s, SQL_BEGIN);
}

enum rc
db_end(struct store *s, enum rc rc)
{
	if (rc == RC_OK)
		rc = db_run(s, SQL_COMMIT);
	/* a full disk may have ended it already */
	if (rc != RC_OK && sqlite3_get_autocommit(s->db) == 0)
		db_run(s, SQL_ROLLBACK);
	return rc;
}

enum rc
db_random(void *out, size_t len)
{
	ssize_t n;

	do
		n = getrandom(out, len, 0);
	while (n == -1 && errno == EINTR);
	return n == (ssize_t)len ? RC_OK : RC_IO;
}

enum rc
db_number(struct store *s, enum sql n, int64_t *out)
{
	int code = sqlite3_step(s->st[n]);

	*out = code == SQLITE_ROW ? sqlite3_column_int64(s->st[n], 0) : 0;
	db_done(s, n);
	return code == SQLITE_DONE ? RC_ABSENT : db_rc(code);
}

bool
db_next(struct store *s, enum sql n, enum rc *rc)
{
	int code = sqlite3_step(s->st[n]);

	*rc = db_rc(code);
	if (code != SQLITE_ROW)
		db_done(s, n);
	return code == SQLITE_ROW;
}

enum rc
db_keyed(struct store *s, uint8_t out[DB_HASH], const char *what, const char *whose, const char *by)
{
	uint8_t mac[EVP_MAX_MD_SIZE];
	unsigned len = 0;
	struct buf b;
	enum rc rc;

	memset(out, 0, DB_HASH);
	buf_init(&b, CAP_WIRE);
	buf_put(&b, what, strlen(what) + 1);
	buf_put(&b, whose, strlen(whose) + 1);
	if (by != NULL)
		buf_put(&b, by, strlen(by) + 1);
	if ((rc = buf_rc(&b)) == RC_OK &&
	    (HMAC(EVP_sha256(), s->hash_key, DB_HASH, b.p, b.len, mac, &len) == NULL ||
		len != DB_HASH))
		rc = RC_CRYPTO;
	if (rc == RC_OK)
		memcpy(out, mac, DB_HASH);
	if (b.p != NULL)
		OPENSSL_cleanse(b.p, b.len);
	buf_clear(&b);
	return rc;
}

const char *
db_text(sqlite3_stmt *st, int column)
{
	const unsigned char *p = sqlite3_column_text(st, column);

	return p != NULL ? (const char *)p : "";
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
	return code == SQLITE_ROW ? RC_OK : db_rc(code) == RC_OK ? RC_FORMAT : db_rc(code);
}

static enum rc
make_instance(sqlite3 *db)
{
	uint8_t hash_key[DB_HASH];
	sqlite3_stmt *st = NULL;
	enum rc rc;

	if ((rc = db_random(hash_key, sizeof(hash_key))) != RC_OK)
		return rc;
	if ((rc = db_rc(sqlite3_prepare_v2(
		 db, "INSERT INTO instance VALUES (1, ?1, ?2, 0)", -1, &st, NULL))) == RC_OK) {
		sqlite3_bind_int64(st, 1, (sqlite3_int64)time(NULL));
		sqlite3_bind_blob(st, 2, hash_key, sizeof(hash_key), SQLITE_TRANSIENT);
		rc = db_rc(sqlite3_step(st));
	}
	sqlite3_finalize(st);
	OPENSSL_cleanse(hash_key, sizeof(hash_key));
	return rc;
}

/* What came after this version, one after the other. */
static enum rc
add_versions(sqlite3 *db, int version)
{
	static const char *const added[] = {[1] = schema_2, [2] = schema_3, [3] = schema_4};
	enum rc rc = RC_OK;

	if (version < 1 || version >= SCHEMA_VERSION)
		return RC_OK; /* check_version() says what it thinks of others */
	for (; rc == RC_OK && version < SCHEMA_VERSION; version++)
		rc = db_rc(sqlite3_exec(db, added[version], NULL, NULL, NULL));
	if (rc == RC_OK)
		rc = db_rc(
		    sqlite3_exec(db, "PRAGMA application_id = 1347570515; PRAGMA user_version = 4",
			NULL, NULL, NULL));
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

	if ((rc = db_rc(sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL))) != RC_OK)
		return rc;
	if ((rc = pragma_number(db, "PRAGMA user_version", &version)) == RC_OK &&
	    (rc = pragma_number(db, "PRAGMA application_id", &application)) == RC_OK &&
	    version == 0 && application == 0) {
		if ((rc = db_rc(sqlite3_exec(db, schema, NULL, NULL, NULL))) == RC_OK)
			rc = make_instance(db);
		version = 1;
		application = APPLICATION_ID;
	}
	if (rc == RC_OK && application == APPLICATION_ID)
		rc = add_versions(db, version);
	if (rc == RC_OK)
		rc = db_rc(sqlite3_exec(db, "COMMIT", NULL, NULL, NULL));
	if (rc != RC_OK)
		sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
	return rc;
}

_Static_assert(APPLICATION_ID == 1347570515 && SCHEMA_VERSION == 4, "add_versions() writes these");

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
	return db_rc(code);
}

/* The switch to WAL does not wait for other openers by itself. */
static enum rc
enter_wal(sqlite3 *db)
{
	const struct timespec pause = {0, 10000000};
	enum rc rc;
	int waited;

	for (waited = 0;; waited += 10) {
		rc = db_rc(sqlite3_exec(db, "PRAGMA journal_mode = WAL", NULL, NULL, NULL));
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

	if ((rc = db_rc(sqlite3_prepare_v2(
		 s->db, "SELECT hash_key FROM instance", -1, &st, NULL))) == RC_OK) {
		rc = db_rc(sqlite3_step(st));
		key = rc == RC_OK ? sqlite3_column_blob(st, 0) : NULL;
		if (key != NULL && sqlite3_column_bytes(st, 0) == DB_HASH)
			memcpy(s->hash_key, key, DB_HASH);
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
		rc = db_rc(sqlite3_prepare_v3(
		    s->db, text[i], -1, SQLITE_PREPARE_PERSISTENT, &s->st[i], NULL));
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
	if ((rc = db_rc(sqlite3_open_v2(path, &s->db, flags, NULL))) == RC_OK &&
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
