/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "crockford.h"
#include "store.h"
#include "when.h"

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
/* clang-format on */

static char dir[256], path[300];

/* ---- fixtures ---- */

static int
make_dir(void **state)
{
	const char *tmp = getenv("TMPDIR");

	(void)state;
	snprintf(dir, sizeof(dir), "%s/t_store.XXXXXX", tmp != NULL ? tmp : "/tmp");
	if (mkdtemp(dir) == NULL)
		return -1;
	snprintf(path, sizeof(path), "%s/periksa.db", dir);
	return 0;
}

static int
remove_dir(void **state)
{
	static const char *const ends[] = {"", "-wal", "-shm", "-journal"};
	char file[320];
	size_t i;

	(void)state;
	for (i = 0; i < 4; i++) {
		snprintf(file, sizeof(file), "%s%s", path, ends[i]);
		unlink(file);
	}
	return rmdir(dir);
}

static struct report *
sample(void)
{
	static char policy[] = "nasional", version[] = "1";
	struct report *r = report_new();

	assert_non_null(r);
	memset(r->document.sha256, 0xab, 32);
	memset(r->trust_id, 0x5c, 32);
	r->document.size = 204800;
	r->policy_id = policy;
	r->policy_version = version;
	r->conclusion = CONCLUSION_INVALID;
	r->reasons = arena_array(r->arena, 2, sizeof(*r->reasons));
	assert_non_null(r->reasons);
	r->reasons[r->nreasons++] = CHECK_UNCHANGED;
	r->reasons[r->nreasons++] = CHECK_TIMESTAMP;
	r->sigs = arena_array(r->arena, 3, sizeof(*r->sigs));
	r->nsigs = 3;
	return r;
}

static enum rc
record(struct store *s, const struct report *r, int64_t at, char id[STORE_ID_LEN + 1])
{
	struct store_verification v = {
	    .at = at,
	    .channel = CHANNEL_API,
	    .report = r,
	    .duration_us = 1234,
	    .wire = "PRKS-wire",
	    .wire_len = 9,
	    .expires = 1000,
	};

	return store_record(s, &v, id);
}

struct seen {
	size_t n, stop;
	int64_t at[8];
	struct store_row last;
	char document[80], reasons[80], trust[80], policy[20], version[20], conclusion[20];
};

static bool
see(const struct store_row *row, void *arg)
{
	struct seen *seen = arg;

	if (seen->n < 8)
		seen->at[seen->n] = row->at;
	seen->last = *row;
	snprintf(seen->document, sizeof(seen->document), "%s", row->document);
	snprintf(seen->reasons, sizeof(seen->reasons), "%s", row->reasons);
	snprintf(seen->trust, sizeof(seen->trust), "%s", row->trust);
	snprintf(seen->policy, sizeof(seen->policy), "%s", row->policy);
	snprintf(seen->version, sizeof(seen->version), "%s", row->policy_version);
	snprintf(seen->conclusion, sizeof(seen->conclusion), "%s", row->conclusion);
	assert_string_equal(row->channel, "api");
	return ++seen->n != seen->stop;
}

static const struct store_query everything = {
    .since = WHEN_NONE,
    .until = WHEN_NONE,
    .conclusion = CONCLUSION__MAX,
};

static size_t
count(struct store *s)
{
	struct seen seen = {0};

	assert_int_equal(store_query(s, &everything, see, &seen), RC_OK);
	return seen.n;
}

/* ---- tests ---- */

static void
test_crockford(void **state)
{
	static const struct {
		uint8_t in[16];
		const char *out;
	} t[] = {
	    {{0}, "00000000000000000000000000"},
	    {{[15] = 1}, "00000000000000000000000001"},
	    {{[15] = 0x20}, "00000000000000000000000010"},
	    {{0x80}, "40000000000000000000000000"},
	    {{0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
		 0xff, 0xff},
		"7zzzzzzzzzzzzzzzzzzzzzzzzz"},
	    {{0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef, 0x01, 0x23, 0x45, 0x67, 0x89, 0xab,
		 0xcd, 0xef},
		"014d2pf2dbsqqg28t5cy4tqkff"},
	};
	char out[CROCKFORD_128_LEN + 1];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		crockford_128(t[i].in, out);
		assert_string_equal(out, t[i].out);
	}
}

static void
test_record(void **state)
{
	struct report *r = sample();
	char id[STORE_ID_LEN + 1], id2[STORE_ID_LEN + 1];
	struct seen seen = {0};
	struct store *s;
	struct buf b;

	(void)state;
	assert_int_equal(store_open(&s, path), RC_OK);
	assert_int_equal(record(s, r, 1500, id), RC_OK);
	assert_int_equal(record(s, r, 2500, id2), RC_OK);
	assert_int_equal(strlen(id), STORE_ID_LEN);
	assert_int_equal(strspn(id, "0123456789abcdefghjkmnpqrstvwxyz"), STORE_ID_LEN);
	assert_string_not_equal(id, id2);

	assert_int_equal(store_query(s, &everything, see, &seen), RC_OK);
	assert_int_equal(seen.n, 2);
	assert_int_equal(seen.last.seq, 2);
	assert_int_equal(seen.last.at, 2500);
	assert_int_equal(seen.last.duration_us, 1234);
	assert_int_equal(seen.last.size, 204800);
	assert_int_equal(seen.last.signatures, 3);
	assert_string_equal(seen.reasons, "UNCHANGED TIMESTAMP");
	assert_string_equal(seen.conclusion, "INVALID");
	assert_string_equal(seen.policy, "nasional");
	assert_string_equal(seen.version, "1");
	assert_string_equal(
	    seen.trust, "5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c");
	assert_int_equal(strlen(seen.document), 64);
	assert_null(strstr(seen.document, "abab"));

	buf_init(&b, 100);
	assert_int_equal(store_report(s, id, 999, &b), RC_OK);
	assert_int_equal(b.len, 9);
	assert_memory_equal(b.p, "PRKS-wire", 9);
	buf_clear(&b);
	assert_int_equal(store_report(s, id, 1000, &b), RC_ABSENT);
	assert_int_equal(store_report(s, "00000000000000000000000000", 0, &b), RC_ABSENT);
	assert_int_equal(store_report(s, "", 0, &b), RC_ABSENT);
	assert_int_equal(b.len, 0);
	store_close(s);
	report_free(r);
}

/* The log is not emptied with the reports, and a new handle sees it all. */
static void
test_expire(void **state)
{
	struct report *r = sample();
	char id[STORE_ID_LEN + 1];
	struct store *s;
	struct buf b;

	(void)state;
	buf_init(&b, 100);
	assert_int_equal(store_open(&s, path), RC_OK);
	assert_int_equal(record(s, r, 1, id), RC_OK);
	assert_int_equal(store_expire(s, 999), RC_OK);
	assert_int_equal(store_report(s, id, 0, &b), RC_OK);
	assert_int_equal(store_expire(s, 1000), RC_OK);
	assert_int_equal(store_report(s, id, 0, &b), RC_ABSENT);
	store_close(s);
	assert_int_equal(store_open(&s, path), RC_OK);
	assert_int_equal(count(s), 1);
	assert_int_equal(store_probe(s), RC_OK);
	assert_int_equal(count(s), 1);
	store_close(s);
	buf_clear(&b);
	report_free(r);
}

/* Nothing known but the conclusion: as when the inspector died. */
static void
test_bare(void **state)
{
	struct report *r = report_new();
	struct store_verification v = {.channel = CHANNEL_API, .report = r};
	struct report *full = sample();
	char id[STORE_ID_LEN + 1];
	struct seen seen = {0};
	struct store *s;

	(void)state;
	assert_int_equal(store_open(&s, path), RC_OK);
	assert_int_equal(record(s, full, 0, id), RC_OK);
	assert_int_equal(store_record(s, &v, id), RC_OK);
	assert_string_equal(id, "");
	assert_int_equal(store_query(s, &everything, see, &seen), RC_OK);
	assert_int_equal(seen.n, 2);
	assert_string_equal(seen.document, "");
	assert_string_equal(seen.trust, "");
	assert_string_equal(seen.reasons, "");
	assert_string_equal(seen.policy, "");
	assert_string_equal(seen.conclusion, "UNREADABLE");
	store_close(s);
	report_free(full);
	report_free(r);
}

static void
test_query(void **state)
{
	static const int64_t at[] = {3000, 1000, 2999, 5000};
	static const struct {
		struct store_query q;
		size_t stop, n;
		int64_t at[4];
	} t[] = {
	    {{WHEN_NONE, WHEN_NONE, CONCLUSION__MAX, 0}, 0, 4, {1000, 2999, 3000, 5000}},
	    {{3, WHEN_NONE, CONCLUSION__MAX, 0}, 0, 2, {3000, 5000}},
	    {{WHEN_NONE, 3, CONCLUSION__MAX, 0}, 0, 2, {1000, 2999}},
	    {{1, 5, CONCLUSION__MAX, 0}, 0, 3, {1000, 2999, 3000}},
	    {{5, 1, CONCLUSION__MAX, 0}, 0, 0, {0}},
	    {{WHEN_NONE, WHEN_NONE, CONCLUSION_INVALID, 0}, 0, 3, {2999, 3000, 5000}},
	    {{WHEN_NONE, WHEN_NONE, CONCLUSION_VALID, 0}, 0, 1, {1000}},
	    {{WHEN_NONE, WHEN_NONE, CONCLUSION_UNREADABLE, 0}, 0, 0, {0}},
	    {{WHEN_NONE, WHEN_NONE, CONCLUSION__MAX, 2}, 0, 2, {3000, 5000}},
	    {{WHEN_NONE, 5, CONCLUSION_INVALID, 1}, 0, 1, {3000}},
	    {{WHEN_NONE, WHEN_NONE, CONCLUSION__MAX, 9}, 0, 4, {1000, 2999, 3000, 5000}},
	    {{WHEN_NONE, WHEN_NONE, CONCLUSION__MAX, 0}, 2, 2, {1000, 2999}},
	    {{INT64_MIN + 1, INT64_MAX, CONCLUSION__MAX, 0}, 0, 4, {1000, 2999, 3000, 5000}},
	};
	struct report *r = sample();
	char id[STORE_ID_LEN + 1];
	struct seen seen;
	struct store *s;
	size_t i, k;

	(void)state;
	assert_int_equal(store_open(&s, path), RC_OK);
	for (i = 0; i < 4; i++) {
		r->conclusion = i == 1 ? CONCLUSION_VALID : CONCLUSION_INVALID;
		assert_int_equal(record(s, r, at[i], id), RC_OK);
	}
	for (i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		memset(&seen, 0, sizeof(seen));
		seen.stop = t[i].stop;
		assert_int_equal(store_query(s, &t[i].q, see, &seen), RC_OK);
		assert_int_equal(seen.n, t[i].n);
		for (k = 0; k < seen.n; k++)
			assert_int_equal(seen.at[k], t[i].at[k]);
	}
	store_close(s);
	report_free(r);
}

/* As an earlier version made it, with a line in its log. */
static void
old_database(int version)
{
	static const char row[] =
	    "INSERT INTO instance VALUES (1, 7, zeroblob(32), 0);"
	    "INSERT INTO verification VALUES (1, 5000, 'api', NULL, 'VALID', '', NULL, NULL, NULL,"
	    " 1, 1, 1);"
	    "PRAGMA application_id = 1347570515;";
	/* a letter that was registered, one that waits, one that was superseded after */
	static const char letters[] =
	    "INSERT INTO agency VALUES (1, 'KOMINFO', 'x');"
	    "INSERT INTO account VALUES (1, 'a', 'staff', 1, '', zeroblob(20), 0, 0, 0);"
	    "INSERT INTO letter VALUES"
	    "(1, printf('%027d', 1), 1, 'signed', 1, NULL, NULL, zeroblob(32), 5),"
	    "(2, printf('%027d', 2), 1, 'issued', 1, NULL, NULL, NULL, NULL),"
	    "(3, printf('%027d', 3), 1, 'superseded', 1, NULL, printf('%027d', 2),"
	    " zeroblob(32), 5);"
	    "INSERT INTO letter_content SELECT id, 1, 'n', 's', '2026-11-01', 'u', 'public' "
	    "FROM letter;"
	    "INSERT INTO letter_event SELECT 10 * seq, id, 100, 1, 'drafted', 1, NULL, NULL, NULL "
	    "FROM letter;"
	    "INSERT INTO letter_event SELECT 10 * seq + 1, id, 200 + seq, 1, 'signed', 1, NULL, "
	    "NULL, NULL FROM letter WHERE sha256 IS NOT NULL;";
	char pragma[40];
	sqlite3 *db;

	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, schema, 0, 0, 0), SQLITE_OK);
	if (version >= 2)
		assert_int_equal(sqlite3_exec(db, schema_2, 0, 0, 0), SQLITE_OK);
	if (version >= 3) {
		assert_int_equal(sqlite3_exec(db, schema_3, 0, 0, 0), SQLITE_OK);
		assert_int_equal(sqlite3_exec(db, letters, 0, 0, 0), SQLITE_OK);
	}
	assert_int_equal(sqlite3_exec(db, row, 0, 0, 0), SQLITE_OK);
	snprintf(pragma, sizeof(pragma), "PRAGMA user_version = %d", version);
	assert_int_equal(sqlite3_exec(db, pragma, 0, 0, 0), SQLITE_OK);
	sqlite3_close(db);
}

/* The one number that a question answers with. */
static int64_t
ask(const char *question)
{
	sqlite3_stmt *st;
	sqlite3 *db;
	int64_t n;

	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_prepare_v2(db, question, -1, &st, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(st), SQLITE_ROW);
	n = sqlite3_column_int64(st, 0);
	sqlite3_finalize(st);
	sqlite3_close(db);
	return n;
}

/* From each version to this one: what was there stays, what is new is there, once. */
static void
test_migrate(void **state)
{
	static const char tables[] = "SELECT group_concat(sql, ';') = ("
				     "SELECT v FROM fresh) FROM (SELECT sql FROM sqlite_schema "
				     "WHERE sql IS NOT NULL AND name <> 'fresh' ORDER BY name)";
	char fresh[320], command[600];
	struct store *s;
	sqlite3 *db;
	int version;

	(void)state;
	snprintf(fresh, sizeof(fresh), "%s/fresh.db", dir);
	assert_int_equal(store_open(&s, fresh), RC_OK);
	store_close(s);
	for (version = 1; version <= 3; version++) {
		old_database(version);
		assert_int_equal(store_open_readonly(&s, path), RC_FORMAT);
		assert_int_equal(store_open(&s, path), RC_OK);
		assert_int_equal(count(s), 1);
		store_close(s);
		assert_int_equal(store_open(&s, path), RC_OK);
		store_close(s);
		assert_int_equal(ask("PRAGMA user_version"), 4);
		assert_int_equal(
		    ask("SELECT count(*) FROM registration WHERE at = 200 + letter AND account = 1 "
			"AND checked = 0 AND verdict IS NULL AND kept = 0"),
		    version == 3 ? 2 : 0);
		assert_int_equal(ask("SELECT count(*) FROM letter"), version == 3 ? 3 : 0);
		assert_int_equal(ask("SELECT created FROM instance"), 7);
		/* the same tables as in a database that began with this version */
		assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
		snprintf(command, sizeof(command),
		    "ATTACH '%s' AS f; CREATE TABLE fresh (v); INSERT INTO fresh SELECT "
		    "group_concat(sql, ';') FROM (SELECT sql FROM f.sqlite_schema "
		    "WHERE sql IS NOT NULL ORDER BY name)",
		    fresh);
		assert_int_equal(sqlite3_exec(db, command, 0, 0, 0), SQLITE_OK);
		sqlite3_close(db);
		assert_int_equal(ask(tables), 1);
		unlink(path);
	}
	unlink(fresh);
}

/* ---- found by indexes ---- */

static const struct {
	const char *name, *words;
} statements[] = {
#define SQL(name, words) {#name, words},
#include "sql.def"
#undef SQL
};

/* How SQLite goes about a statement, a line for each step. */
static void
plan_of(sqlite3 *db, const char *name, char *out, size_t len)
{
	char sql[8000];
	sqlite3_stmt *st;
	size_t i = 0, n = 0;

	while (strcmp(statements[i].name, name) != 0)
		i++;
	snprintf(sql, sizeof(sql), "EXPLAIN QUERY PLAN %s", statements[i].words);
	assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &st, NULL), SQLITE_OK);
	out[0] = '\0';
	while (sqlite3_step(st) == SQLITE_ROW && n < len)
		n += (size_t)snprintf(out + n, len - n, "%s\n", sqlite3_column_text(st, 3));
	sqlite3_finalize(st);
}

/* With a hundred thousand letters, what everybody waits for reads none but what it shows. */
static void
test_plans(void **state)
{
	static const struct {
		const char *name, *uses; /* the first step: how letters are found */
		bool sorts;              /* a handful of rows, afterwards */
	} t[] = {
	    {"LETTER", "SEARCH l USING INDEX sqlite_autoindex_letter_1 (id=?)", false},
	    {"LETTER_BRIEF", "SEARCH letter USING INDEX sqlite_autoindex_letter_1 (id=?)", false},
	    {"LETTER_SEQ", "SEARCH letter USING COVERING INDEX sqlite_autoindex_letter_1", false},
	    {"LETTER_REPORT", "SEARCH l USING COVERING INDEX sqlite_autoindex_letter_1", false},
	    {"LETTER_BY_FILE", "SEARCH letter USING INDEX letter_sha256 (sha256=?)", false},
	    {"LETTERS", "SEARCH l USING INTEGER PRIMARY KEY (rowid<?)", false},
	    {"LETTERS_PENDING", "SEARCH r USING INDEX registration_pending (letter<?)", false},
	    {"LETTERS_ALERT", "SEARCH r USING INDEX registration_alert (letter<?)", false},
	    {"DUE", "SEARCH r USING COVERING INDEX registration_due (kept=? AND checked<?)", false},
	    {"DUE_OTHER", "MULTI-INDEX OR", true},
	    {"STANDING", "SEARCH l USING COVERING INDEX sqlite_autoindex_letter_1", false},
	    {"COUNT_STATES", "SEARCH letter USING COVERING INDEX letter_agency", true},
	    {"COUNT_PENDING", "SCAN r USING INDEX registration_pending", false},
	    {"COUNT_ALERTS", "SCAN r USING INDEX registration_alert", false},
	    {"EVENTS", "SEARCH letter_event USING INDEX letter_event_letter (letter=?)", false},
	    {"SESSION", "SEARCH s USING PRIMARY KEY (hash=?)", false},
	    {"BATCH", "SEARCH batch USING INDEX sqlite_autoindex_batch_1 (id=?)", false},
	    {"BATCH_ANY", "INDEX batch_open", false},
	};
	char plan[4000], *end;
	struct store *s;
	sqlite3 *db;
	size_t i;

	(void)state;
	assert_int_equal(store_open(&s, path), RC_OK);
	store_close(s);
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	for (i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		plan_of(db, t[i].name, plan, sizeof(plan));
		if ((strstr(plan, "TEMP B-TREE") != NULL) != t[i].sorts)
			fail_msg("%s: %s", t[i].name, plan);
		end = strchr(plan, '\n');
		if (end == NULL || strstr(plan, t[i].uses) == NULL || strstr(plan, t[i].uses) > end)
			fail_msg("%s: %s", t[i].name, plan);
		/* and nothing that is joined to them is read as a whole */
		if (end != NULL && strstr(end, "SCAN ") != NULL)
			fail_msg("%s: %s", t[i].name, plan);
	}
	sqlite3_close(db);
}

/* Pictures are kept with their report, and go with it. */
static void
test_pictures(void **state)
{
	static const uint8_t png[3][3] = {"abc", "def", "ghi"};
	const struct album_picture pictures[] = {
	    {7, ALBUM_SIGNED, png[0], 3}, {7, ALBUM_NOW, png[1], 3}, {9, ALBUM_NOW, png[2], 3}};
	struct report *r = sample();
	struct store_verification v = {.at = 1000,
	    .channel = CHANNEL_PAGE,
	    .report = r,
	    .wire = "w",
	    .wire_len = 1,
	    .expires = 100,
	    .pictures = pictures,
	    .npictures = 3};
	char id[STORE_ID_LEN + 1], other[STORE_ID_LEN + 1];
	unsigned pages[CAP_PICTURE_PAGES];
	struct store *s;
	sqlite3 *db;
	struct buf b;
	size_t n;

	(void)state;
	/* a database of the first version gets the table when it is opened */
	old_database(1);
	assert_int_equal(store_open(&s, path), RC_OK);

	assert_int_equal(store_record(s, &v, id), RC_OK);
	buf_init(&b, 16);
	assert_int_equal(store_picture(s, id, 7, ALBUM_NOW, 99, &b), RC_OK);
	assert_int_equal(b.len, 3);
	assert_memory_equal(b.p, png[1], 3);
	buf_clear(&b);
	assert_int_equal(store_picture(s, id, 9, ALBUM_SIGNED, 99, &b), RC_ABSENT);
	assert_int_equal(store_picture(s, id, 7, ALBUM_NOW, 100, &b), RC_ABSENT);
	assert_int_equal(store_picture(s, "nobody", 7, ALBUM_NOW, 99, &b), RC_ABSENT);
	/* only a pair can be laid side by side */
	assert_int_equal(store_pictures(s, id, 99, pages, &n), RC_OK);
	assert_int_equal(n, 1);
	assert_int_equal(pages[0], 7);
	assert_int_equal(store_pictures(s, id, 100, pages, &n), RC_OK);
	assert_int_equal(n, 0);

	/* one twice: nothing at all is recorded */
	v.npictures = 2;
	v.pictures = (const struct album_picture[]){pictures[0], pictures[0]};
	assert_int_not_equal(store_record(s, &v, other), RC_OK);

	assert_int_equal(store_expire(s, 100), RC_OK);
	store_close(s);
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db,
			     "CREATE TABLE t (n INTEGER CHECK (n = 2));"
			     "INSERT INTO t SELECT count(*) + (SELECT count(*) FROM picture) FROM "
			     "verification",
			     0, 0, 0),
	    SQLITE_OK);
	sqlite3_close(db);
	report_free(r);
}

static void
test_open(void **state)
{
	char file[320];
	struct stat st;
	struct store *s;
	sqlite3 *db;
	int fd;

	(void)state;
	assert_int_equal(store_open_readonly(&s, path), RC_ABSENT);
	assert_null(s);
	assert_int_equal(access(path, F_OK), -1);
	snprintf(file, sizeof(file), "%s/none/periksa.db", dir);
	assert_int_equal(store_open(&s, file), RC_IO);
	assert_null(s);
	assert_int_equal(store_open_readonly(&s, file), RC_ABSENT);

	/* nobody else's: neither another program's tables nor a later version's */
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, "PRAGMA application_id = 7", 0, 0, 0), SQLITE_OK);
	sqlite3_close(db);
	assert_int_equal(store_open(&s, path), RC_FORMAT);
	assert_null(s);
	unlink(path);
	assert_int_equal(store_open(&s, path), RC_OK);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	store_close(s);
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, "PRAGMA user_version = 5", 0, 0, 0), SQLITE_OK);
	sqlite3_close(db);
	assert_int_equal(store_open(&s, path), RC_FORMAT);
	assert_int_equal(store_open_readonly(&s, path), RC_FORMAT);
	assert_int_equal((fd = open(path, O_WRONLY | O_TRUNC | O_CLOEXEC)) != -1, 1);
	assert_int_equal(write(fd, "this is not a database at all, is it", 36), 36);
	close(fd);
	assert_int_equal(store_open(&s, path), RC_FORMAT);
	assert_null(s);
}

static void
test_readonly(void **state)
{
	struct report *r = sample();
	char id[STORE_ID_LEN + 1];
	struct store *s, *ro;

	(void)state;
	assert_int_equal(store_open(&s, path), RC_OK);
	assert_int_equal(record(s, r, 1, id), RC_OK);
	assert_int_equal(store_open_readonly(&ro, path), RC_OK); /* beside a writer */
	assert_int_equal(count(ro), 1);
	assert_int_equal(record(ro, r, 1, id), RC_IO);
	store_close(s);
	store_close(ro);
	assert_int_equal(store_open_readonly(&ro, path), RC_OK); /* and alone */
	assert_int_equal(count(ro), 1);
	store_close(ro);
	report_free(r);
}

/* No bare digest in any file, and no row can be changed or taken away. */
static void
test_log_is_kept(void **state)
{
	static const char *const attempts[] = {"UPDATE verification SET conclusion = 'VALID'",
	    "DELETE FROM verification", "DELETE FROM verification WHERE seq = 1"};
	struct report *r = sample();
	char id[STORE_ID_LEN + 1], *bytes;
	struct store *s;
	sqlite3 *db;
	size_t i, len;
	FILE *f;

	(void)state;
	assert_int_equal(store_open(&s, path), RC_OK);
	assert_int_equal(record(s, r, 1, id), RC_OK);
	store_close(s);
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	for (i = 0; i < 3; i++)
		assert_int_equal(sqlite3_exec(db, attempts[i], 0, 0, 0), SQLITE_CONSTRAINT);
	sqlite3_close(db);

	assert_non_null(f = fopen(path, "rbe"));
	assert_non_null(bytes = calloc(1, 1 << 20));
	len = fread(bytes, 1, 1 << 20, f);
	fclose(f);
	assert_true(len > 4096);
	assert_null(memmem(bytes, len, r->document.sha256, 32));
	assert_non_null(
	    memmem(bytes, len, r->trust_id, 32)); /* that the search finds what is there */
	free(bytes);
	report_free(r);
}

/* The key is the database's own: two of them name one document differently. */
static void
test_key(void **state)
{
	struct report *r = sample();
	struct seen seen[2] = {{0}, {0}};
	char id[STORE_ID_LEN + 1];
	struct store *s;
	size_t i;

	(void)state;
	for (i = 0; i < 2; i++) {
		assert_int_equal(store_open(&s, path), RC_OK);
		assert_int_equal(record(s, r, 1, id), RC_OK);
		assert_int_equal(store_query(s, &everything, see, &seen[i]), RC_OK);
		store_close(s);
		unlink(path);
	}
	assert_string_not_equal(seen[0].document, seen[1].document);
	report_free(r);
}

static void
test_locked(void **state)
{
	struct report *r = sample();
	char id[STORE_ID_LEN + 1] = "x";
	struct store *s;
	sqlite3 *db;

	(void)state;
	assert_int_equal(store_open(&s, path), RC_OK);
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, "BEGIN IMMEDIATE", 0, 0, 0), SQLITE_OK);
	assert_int_equal(record(s, r, 1, id), RC_BUSY);
	assert_string_equal(id, "");
	assert_int_equal(store_probe(s), RC_BUSY);
	assert_int_equal(sqlite3_exec(db, "ROLLBACK", 0, 0, 0), SQLITE_OK);
	sqlite3_close(db);
	assert_int_equal(count(s), 0);
	assert_int_equal(record(s, r, 1, id), RC_OK);
	assert_int_equal(count(s), 1);
	store_close(s);
	report_free(r);
}

/* A disk that is full (here: a file that may not grow) records nothing. */
static void
test_full(void **state)
{
	struct rlimit old, small = {0};
	struct report *r = sample();
	char id[STORE_ID_LEN + 1];
	enum rc rc = RC_OK;
	struct store *s;
	size_t i, n;

	(void)state;
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(store_open(&s, path), RC_OK);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
	small.rlim_cur = 512 << 10; /* the tables of a new database take half of it */
	small.rlim_max = old.rlim_max;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	for (n = 0; n < 1000 && rc == RC_OK; n += rc == RC_OK)
		rc = record(s, r, 1, id);
	assert_int_equal(rc, RC_IO);
	assert_string_equal(id, "");
	for (i = 0, rc = RC_OK; i < 100 && rc == RC_OK; i++) /* what was left fits a few */
		rc = store_probe(s);
	assert_int_equal(rc, RC_IO);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
	assert_true(n > 0);
	assert_int_equal(count(s), n);
	for (i = 0; i < 3; i++)
		assert_int_equal(record(s, r, 1, id), RC_OK); /* it mends by itself */
	assert_int_equal(count(s), n + 3);
	store_close(s);
	report_free(r);
}

static bool
write_meanwhile(const struct store_row *row, void *arg)
{
	static char wire[100000];
	struct report *r = sample();
	struct store_verification v = {
	    .channel = CHANNEL_API, .report = r, .wire = wire, .wire_len = sizeof(wire)};
	char id[STORE_ID_LEN + 1];
	int i;

	(void)row;
	for (i = 0; i < 200; i++)
		assert_int_equal(store_record(arg, &v, id), RC_OK);
	report_free(r);
	return false;
}

static off_t
wal_size(void)
{
	char file[320];
	struct stat st;

	snprintf(file, sizeof(file), "%s-wal", path);
	assert_int_equal(stat(file, &st), 0);
	return st.st_size;
}

/* SQLite's log of changes begins anew now and then; who reads long only delays that. */
static void
test_wal(void **state)
{
	struct report *r = sample();
	char id[STORE_ID_LEN + 1];
	struct store *s, *ro;
	off_t held;

	(void)state;
	assert_int_equal(store_open(&s, path), RC_OK);
	assert_int_equal(record(s, r, 1, id), RC_OK);
	assert_true(write_meanwhile(NULL, s) == false);
	assert_in_range(wal_size(), 1, 12 << 20); /* of 20 MB written */
	assert_int_equal(store_open_readonly(&ro, path), RC_OK);
	assert_int_equal(store_query(ro, &everything, write_meanwhile, s), RC_OK);
	assert_true(wal_size() > 12 << 20);
	assert_true(write_meanwhile(NULL, s) == false);
	held = wal_size();
	assert_true(write_meanwhile(NULL, s) == false);
	assert_int_equal(wal_size(), held); /* its beginning is used again */
	assert_int_equal(count(ro), 801);
	store_close(ro);
	store_close(s);
	report_free(r);
}

#define WRITERS 3
#define EACH    100

/* Several processes open one new file at once and write: every row is there. */
static void
test_writers(void **state)
{
	char id[STORE_ID_LEN + 1];
	struct report *r = sample();
	pid_t pids[WRITERS];
	int i, k, status;
	struct store *s;

	(void)state;
	for (i = 0; i < WRITERS; i++) {
		assert_int_not_equal(pids[i] = fork(), -1);
		if (pids[i] != 0)
			continue;
		if (store_open(&s, path) != RC_OK)
			_exit(10);
		for (k = 0; k < EACH; k++)
			if (record(s, r, k, id) != RC_OK)
				_exit(11);
		store_close(s);
		_exit(0);
	}
	for (i = 0; i < WRITERS; i++) {
		assert_int_equal(waitpid(pids[i], &status, 0), pids[i]);
		assert_int_equal(status, 0);
	}
	assert_int_equal(store_open(&s, path), RC_OK);
	assert_int_equal(count(s), WRITERS * EACH);
	store_close(s);
	report_free(r);
}

/* What was acknowledged to somebody is there after kill -9. */
static void
test_killed(void **state)
{
	char id[STORE_ID_LEN + 1], ids[50][STORE_ID_LEN + 1];
	struct report *r = sample();
	struct store *s;
	struct buf b;
	int ends[2], i, status;
	pid_t pid;

	(void)state;
	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	assert_int_not_equal(pid = fork(), -1);
	if (pid == 0) {
		if (store_open(&s, path) != RC_OK)
			_exit(1);
		while (record(s, r, 1, id) == RC_OK &&
		       write(ends[1], id, sizeof(id)) == (ssize_t)sizeof(id))
			continue;
		_exit(1);
	}
	close(ends[1]);
	for (i = 0; i < 50; i++)
		assert_int_equal(read(ends[0], ids[i], sizeof(ids[i])), sizeof(ids[i]));
	assert_int_equal(kill(pid, SIGKILL), 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status));
	close(ends[0]);
	assert_int_equal(store_open(&s, path), RC_OK);
	assert_true(count(s) >= 50);
	buf_init(&b, 1000);
	for (i = 0; i < 50; i++)
		assert_int_equal(store_report(s, ids[i], 0, &b), RC_OK);
	buf_clear(&b);
	store_close(s);
	report_free(r);
}

static void
test_names(void **state)
{
	(void)state;
	assert_string_equal(channel_name(CHANNEL_PAGE), "page");
	assert_string_equal(channel_name(CHANNEL_API), "api");
	assert_string_equal(channel_name(CHANNEL_CLI), "cli");
	assert_null(channel_name(CHANNEL__MAX));
}

#define IN_DIR(f) cmocka_unit_test_setup_teardown(f, make_dir, remove_dir)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_crockford),
	    cmocka_unit_test(test_names),
	    IN_DIR(test_record),
	    IN_DIR(test_expire),
	    IN_DIR(test_bare),
	    IN_DIR(test_query),
	    IN_DIR(test_open),
	    IN_DIR(test_migrate),
	    IN_DIR(test_plans),
	    IN_DIR(test_pictures),
	    IN_DIR(test_readonly),
	    IN_DIR(test_log_is_kept),
	    IN_DIR(test_key),
	    IN_DIR(test_locked),
	    IN_DIR(test_full),
	    IN_DIR(test_wal),
	    IN_DIR(test_writers),
	    IN_DIR(test_killed),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
