/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Many letters at once, with a register of its own and a press that prints what it was asked; the
 * zip is read by libarchive.
 */
#include <sys/mman.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <archive.h>
#include <archive_entry.h>
#include <cmocka.h>

#include "bulk.h"
#include "io.h"
#include "roster.h"
#include "storemake.h"

#define URL    "https://periksa.example.go.id"
#define REPORT "laporan.csv"
#define HEAD   "number,subject,date,unit,signer1,visibility\n"
#define ROW    "1/A,Hal,2026-11-01,Umum,KEPALA|Sari Wulan,\n"

static struct stationery *stationery;
static const struct actor staff = {1, 1, ROLE_STAFF}, other = {2, 2, ROLE_STAFF};
static const struct actor auditor = {3, 2, ROLE_AUDITOR};

static struct {
	unsigned asked, progress, total, done, failed;
	enum rc rc;           /* what the press says from job number `from` on */
	enum paper_code code; /* likewise */
	unsigned from;
	uint32_t notes;
} hall;

static struct bulk order;
static struct bulk_sum sum;

static int
set_up(void **state)
{
	static const char sql[] =
	    "INSERT INTO agency VALUES (1, 'KOMINFO', 'Dinas Kominfo'), (2, 'DINKES', 'x');"
	    "INSERT INTO account VALUES (1, 'a', 'staff', 1, '', zeroblob(20), 0, 0, 0),"
	    "(2, 'b', 'staff', 2, '', zeroblob(20), 0, 0, 0),"
	    "(3, 'c', 'auditor', 2, '', zeroblob(20), 0, 0, 0)";
	char why[512];

	if (open_store(state) != 0 || tamper(sql) != SQLITE_OK)
		return -1;
	return stationery_load(&stationery, "templates/paper", why, sizeof(why)) == RC_OK ? 0 : -1;
}

static int
tear_down(void **state)
{
	stationery_free(stationery);
	return close_store(state);
}

static enum rc
press(void *ctx, const struct paper_job *job, struct buf *reply, struct paper_answer *a)
{
	const struct paper_octets *address = &job->part[PAPER_ADDRESS];
	bool fails = ++hall.asked >= hall.from;

	assert_ptr_equal(ctx, &hall);
	assert_true(address->len <= CAP_PAPER_ADDRESS);
	memset(a, 0, sizeof(*a));
	if (fails && hall.rc != RC_OK)
		return hall.rc;
	if (fails && hall.code != PAPER_OK) {
		a->code = hall.code;
		(void)snprintf(a->detail, sizeof(a->detail), "pages 2\n=1+1");
		return RC_OK;
	}
	a->notes = hall.notes;
	buf_put(reply, address->p, address->len);
	buf_put(reply, job->part[PAPER_DOCUMENT].p, job->part[PAPER_DOCUMENT].len);
	a->out = (struct paper_octets){reply->p, reply->len};
	return buf_rc(reply);
}

static enum rc
file(void *ctx, const char *name, struct buf *b)
{
	assert_ptr_equal(ctx, &hall);
	if (strcmp(name, "besar.pdf") == 0)
		return RC_TOOBIG;
	if (strcmp(name, "ada.pdf") != 0)
		return RC_ABSENT;
	buf_str(b, " %PDF");
	return RC_OK;
}

static void
progress(void *ctx, unsigned total, unsigned done, unsigned failed)
{
	assert_ptr_equal(ctx, &hall);
	assert_true(done + failed == hall.progress && done + failed <= total);
	hall.progress++;
	hall.total = total;
	hall.done = done;
	hall.failed = failed;
}

/* A memory file; the zip is then at its beginning. */
static enum rc
run(const struct actor *who, enum batch_kind kind, const char *csv, int state, int *out)
{
	order = (struct bulk){.store = store,
	    .who = *who,
	    .agency = 1,
	    .stationery = stationery,
	    .public_url = URL,
	    .kind = kind,
	    .format = PAPER_PNG,
	    .dpi = 300,
	    .from = 1,
	    .to = PAPER_LAST,
	    .state = state,
	    .press = press,
	    .file = file,
	    .progress = progress,
	    .ctx = &hall};
	hall.asked = hall.progress = 0;
	*out = memfd_create("zip", MFD_CLOEXEC);
	assert_int_not_equal(*out, -1);
	return bulk_run(&order, (const uint8_t *)csv, strlen(csv), *out, NOW, &sum);
}

static void
printer(enum rc rc, enum paper_code code, unsigned from)
{
	hall.rc = rc;
	hall.code = code;
	hall.from = from;
	hall.notes = 0;
}

/* --- what came out --- */

static struct archive *
open_zip(int fd)
{
	struct archive *a = archive_read_new();

	assert_non_null(a);
	assert_int_equal(archive_read_support_format_zip(a), ARCHIVE_OK);
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	assert_int_equal(archive_read_open_fd(a, fd, 65536), ARCHIVE_OK);
	return a;
}

/* One file of it as text, and how many files there are. */
static size_t
unzip(int fd, const char *name, struct buf *b)
{
	struct archive *a = open_zip(fd);
	struct archive_entry *e;
	size_t n = 0;
	char chunk[4096];
	la_ssize_t got;
	int status;

	buf_init(b, 64u << 20);
	while ((status = archive_read_next_header(a, &e)) == ARCHIVE_OK) {
		n++;
		assert_int_equal(archive_entry_filetype(e), AE_IFREG);
		assert_int_equal(archive_entry_perm(e), 0644);
		while ((got = archive_read_data(a, chunk, sizeof(chunk))) > 0)
			if (strcmp(archive_entry_pathname(e), name) == 0)
				buf_put(b, chunk, (size_t)got);
		assert_int_equal(got, 0);
	}
	assert_int_equal(status, ARCHIVE_EOF);
	assert_int_equal(archive_read_free(a), ARCHIVE_OK);
	(void)buf_text(b);
	return n;
}

/* Cell n of line `row` of the report, unquoted; delimited by commas. */
static const char *
cell(struct buf *report, unsigned row, unsigned n)
{
	static char out[1024];
	const char *p = (const char *)report->p + 3;
	size_t len = 0;

	for (; row > 0; row--) {
		p = strstr(p, "\"\r\n");
		assert_non_null(p);
		p += 3;
	}
	for (; n > 0; n--) {
		p = strstr(p, "\",\"");
		assert_non_null(p);
		p += 2;
	}
	assert_int_equal(*p, '"');
	for (p++; !(p[0] == '"' && p[1] != '"') && len < sizeof(out) - 1; p++) {
		p += p[0] == '"';
		out[len++] = *p;
	}
	out[len] = '\0';
	return out;
}

enum { ROWS, ID, NUMBER, DAY, RESULT, COLUMN, WHY, NOTE, CODE, NAME };

static int64_t
drafts(void)
{
	struct register_counts c;

	assert_int_equal(register_count(store, &actor_operator, &c), RC_OK);
	return c.states[LETTER_DRAFT];
}

/* --- the tests --- */

static void
test_footers(void **state)
{
	static const char csv[] =
	    HEAD ROW "1/B,Hal,2026-11-01,Umum,KEPALA|Sari Wulan,code\n,Hal,2026-11-01,Umum,K|S,\n";
	char name[64], address[128], id[CROCKFORD_ID_LEN + 1];
	int64_t before = drafts();
	struct buf b;
	int fd;

	(void)state;
	printer(RC_OK, PAPER_OK, UINT32_MAX);
	assert_int_equal(run(&staff, BATCH_FOOTERS, csv, -1, &fd), RC_OK);
	assert_int_equal(sum.total, 3);
	assert_int_equal(sum.done, 2);
	assert_int_equal(sum.failed, 1);
	assert_string_equal(sum.why, "");
	assert_int_equal(hall.done, 2);
	assert_int_equal(hall.failed, 1);
	assert_int_equal(drafts(), before + 2);
	assert_int_equal(unzip(fd, REPORT, &b), 3);
	assert_memory_equal(b.p, "\xef\xbb\xbf", 3);
	assert_string_equal(cell(&b, 0, ROWS), "baris");
	assert_string_equal(cell(&b, 1, ROWS), "1");
	assert_string_equal(cell(&b, 1, NUMBER), "1/A");
	assert_string_equal(cell(&b, 1, RESULT), "dibuat");
	assert_string_equal(cell(&b, 1, WHY), bulk_indonesian(BULK_DRAFTED));
	assert_string_equal(cell(&b, 1, CODE), "");
	assert_int_equal(strlen(cell(&b, 2, CODE)), REGISTER_CODE_LEN);
	assert_string_equal(cell(&b, 3, RESULT), "gagal");
	assert_string_equal(cell(&b, 3, COLUMN), "number");
	assert_string_equal(cell(&b, 3, WHY), bulk_indonesian(BULK_TEXT));
	assert_string_equal(cell(&b, 3, NOTE), bulk_english(BULK_TEXT));
	snprintf(id, sizeof(id), "%s", cell(&b, 1, ID));
	snprintf(name, sizeof(name), "0001-%s.png", id);
	snprintf(address, sizeof(address), URL "/d/%s", id);
	assert_string_equal(cell(&b, 1, NAME), name);
	buf_clear(&b);
	assert_int_equal(unzip(fd, name, &b), 3);
	assert_string_equal((const char *)b.p, address);
	buf_clear(&b);
	close(fd);
}

/* A letter that is there, by its id: the own agency's draft only. */
static void
test_by_id(void **state)
{
	char csv[256], id[CROCKFORD_ID_LEN + 1], mine[CROCKFORD_ID_LEN + 1];
	enum register_answer answer;
	int64_t before;
	struct buf b;
	int fd;

	(void)state;
	printer(RC_OK, PAPER_OK, UINT32_MAX);
	assert_int_equal(run(&staff, BATCH_FOOTERS, HEAD ROW ROW, -1, &fd), RC_OK);
	unzip(fd, REPORT, &b);
	close(fd);
	snprintf(mine, sizeof(mine), "%s", cell(&b, 1, ID));
	snprintf(id, sizeof(id), "%s", cell(&b, 2, ID));
	buf_clear(&b);
	assert_int_equal(
	    register_withdraw(store, &staff, id, "2026-11-02", "salah", NOW, &answer), RC_OK);
	assert_int_equal(answer, REGISTER_DONE);
	before = drafts();
	snprintf(csv, sizeof(csv), "id\n%s\n%s\n000000000000000000000000000\n", mine, id);
	assert_int_equal(run(&staff, BATCH_FOOTERS, csv, -1, &fd), RC_OK);
	assert_int_equal(drafts(), before);
	assert_int_equal(sum.done, 1);
	assert_int_equal(sum.failed, 2);
	assert_int_equal(unzip(fd, REPORT, &b), 2);
	close(fd);
	assert_string_equal(cell(&b, 1, NUMBER), "1/A");
	assert_string_equal(cell(&b, 1, WHY), "");
	assert_string_equal(cell(&b, 2, WHY), bulk_indonesian(BULK_STATE));
	assert_string_equal(cell(&b, 3, WHY), bulk_indonesian(BULK_ABSENT));
	buf_clear(&b);
	assert_int_equal(run(&other, BATCH_FOOTERS, csv, -1, &fd), RC_OK);
	assert_int_equal(sum.done, 0);
	assert_int_equal(unzip(fd, REPORT, &b), 1);
	close(fd);
	assert_string_equal(cell(&b, 1, WHY), bulk_indonesian(BULK_ABSENT));
	buf_clear(&b);
}

/* Who may not draft, and in whose agency. */
static void
test_rights(void **state)
{
	int64_t before = drafts();
	struct buf b;
	int fd;

	(void)state;
	printer(RC_OK, PAPER_OK, UINT32_MAX);
	assert_int_equal(run(&auditor, BATCH_FOOTERS, HEAD ROW, -1, &fd), RC_OK);
	assert_int_equal(sum.failed, 1);
	unzip(fd, REPORT, &b);
	close(fd);
	assert_string_equal(cell(&b, 1, WHY), bulk_indonesian(BULK_FORBIDDEN));
	buf_clear(&b);
	assert_int_equal(run(&other, BATCH_FOOTERS, HEAD ROW, -1, &fd), RC_OK);
	assert_int_equal(sum.failed, 1);
	close(fd);
	assert_int_equal(drafts(), before);
}

static void
test_stamped(void **state)
{
	static const char csv[] = "number,subject,date,unit,signer1,file\n"
				  "1,Hal,2026-11-01,U,K|S,ada.pdf\n"
				  "2,Hal,2026-11-01,U,K|S,tidak.pdf\n"
				  "3,Hal,2026-11-01,U,K|S,besar.pdf\n"
				  "4,Hal,2026-11-01,U,K|S,../ada.pdf\n";
	int64_t before = drafts();
	char name[64];
	struct buf b;
	int fd;

	(void)state;
	printer(RC_OK, PAPER_OK, UINT32_MAX);
	hall.notes = PAPER_NOTE_PDFA | PAPER_NOTE_SMALLER;
	assert_int_equal(run(&staff, BATCH_STAMPED, csv, -1, &fd), RC_OK);
	assert_int_equal(sum.done, 1);
	assert_int_equal(sum.failed, 3);
	assert_int_equal(drafts(), before + 1); /* a row without its file drafts nothing */
	assert_int_equal(unzip(fd, REPORT, &b), 2);
	assert_non_null(strstr(cell(&b, 1, NOTE), bulk_english(BULK_NOTE_PDFA)));
	assert_non_null(strstr(cell(&b, 1, NOTE), bulk_english(BULK_NOTE_SMALLER)));
	assert_string_equal(cell(&b, 2, WHY), bulk_indonesian(BULK_NO_FILE));
	assert_string_equal(cell(&b, 3, WHY), bulk_indonesian(BULK_FILE_BIG));
	assert_string_equal(cell(&b, 4, WHY), bulk_indonesian(BULK_NO_FILE));
	snprintf(name, sizeof(name), "%s", cell(&b, 1, NAME));
	assert_string_equal(name + strlen(name) - 4, ".pdf");
	buf_clear(&b);
	unzip(fd, name, &b);
	assert_non_null(strstr((const char *)b.p, "%PDF"));
	buf_clear(&b);
	close(fd);
}

/* What the press says, as rows say it; only its absence stops all. */
static void
test_press(void **state)
{
	struct buf b;
	int fd;

	(void)state;
	printer(RC_OK, PAPER_NO_ROOM, 2);
	assert_int_equal(run(&staff, BATCH_FOOTERS, HEAD ROW ROW, -1, &fd), RC_OK);
	assert_int_equal(sum.done, 1);
	assert_int_equal(unzip(fd, REPORT, &b), 2);
	close(fd);
	assert_non_null(strstr(cell(&b, 2, NOTE), bulk_english(BULK_PAPER_ROOM)));
	assert_non_null(strstr(cell(&b, 2, NOTE), "(pages 2)"));
	assert_non_null(strstr(cell(&b, 2, NOTE), bulk_english(BULK_DRAFTED)));
	assert_int_equal(strlen(cell(&b, 2, ID)), CROCKFORD_ID_LEN);
	assert_string_equal(cell(&b, 2, NAME), "");
	buf_clear(&b);
	printer(RC_IO, PAPER_OK, 2);
	assert_int_equal(run(&staff, BATCH_FOOTERS, HEAD ROW ROW ROW, -1, &fd), RC_OK);
	assert_int_equal(sum.failed, 2);
	close(fd);
	printer(RC_ABSENT, PAPER_OK, 2);
	assert_int_equal(run(&staff, BATCH_FOOTERS, HEAD ROW ROW ROW, -1, &fd), RC_BUSY);
	assert_int_equal(hall.asked, 2);
	close(fd);
}

/* A cell that a spreadsheet would execute. */
static void
test_formula(void **state)
{
	static const char *const cells[] = {"=1+1", "+1", "-1", "@SUM(A1)", "=cmd|' /C calc'!A0"};
	char csv[256];
	struct buf b;
	size_t i;
	int fd;

	(void)state;
	printer(RC_OK, PAPER_OK, UINT32_MAX);
	for (i = 0; i < sizeof(cells) / sizeof(cells[0]); i++) {
		snprintf(csv, sizeof(csv), HEAD "\"%s\",Hal,2026-11-01,U,K|S,\n", cells[i]);
		assert_int_equal(run(&staff, BATCH_FOOTERS, csv, -1, &fd), RC_OK);
		unzip(fd, REPORT, &b);
		close(fd);
		assert_int_equal(cell(&b, 1, NUMBER)[0], '\'');
		assert_string_equal(cell(&b, 1, NUMBER) + 1, cells[i]);
		buf_clear(&b);
	}
	snprintf(csv, sizeof(csv), HEAD "\"a\"\",=1+1\",Hal,2026-11-01,U,K|S,\n");
	assert_int_equal(run(&staff, BATCH_FOOTERS, csv, -1, &fd), RC_OK);
	unzip(fd, REPORT, &b);
	close(fd);
	assert_non_null(strstr((const char *)b.p, ",\"a\"\",=1+1\","));
	buf_clear(&b);
}

/* The CSV as a whole: the zip says why, and so does the sum. */
static void
test_refused(void **state)
{
	struct buf b;
	int fd;

	(void)state;
	printer(RC_OK, PAPER_OK, UINT32_MAX);
	assert_int_equal(run(&staff, BATCH_FOOTERS, HEAD "\"1", -1, &fd), RC_FORMAT);
	assert_int_equal(sum.total, 0);
	assert_string_equal(sum.why, "row 1: a quotation mark is not closed or not doubled");
	assert_int_equal(unzip(fd, REPORT, &b), 1);
	close(fd);
	assert_string_equal(cell(&b, 1, ROWS), "1");
	assert_string_equal(cell(&b, 1, WHY), bulk_indonesian(BULK_QUOTES));
	buf_clear(&b);
	assert_int_equal(run(&staff, BATCH_FOOTERS, "id,=x\n", -1, &fd), RC_FORMAT);
	assert_string_equal(sum.why, "this column is not known: =x");
	assert_int_equal(unzip(fd, REPORT, &b), 1);
	close(fd);
	assert_string_equal(cell(&b, 1, COLUMN), "'=x");
	buf_clear(&b);
}

/* Stopped in the middle, in each of its places: what was drafted is not drafted again. */
static void
test_resume(void **state)
{
	static const char csv[] = HEAD ROW "1/B,Hal,2026-11-01,Umum,K|S,kode\n"
					   "1/C,Hal,2026-11-01,Umum,K|S,\n";
	int fd, memory = memfd_create("state", MFD_CLOEXEC);
	char id[CROCKFORD_ID_LEN + 1], code[REGISTER_CODE_LEN + 1];
	int64_t before = drafts();
	struct buf b;
	off_t size;

	(void)state;
	printer(RC_ABSENT, PAPER_OK, 2);
	assert_int_equal(run(&staff, BATCH_FOOTERS, csv, memory, &fd), RC_BUSY);
	close(fd);
	assert_int_equal(drafts(), before + 2);
	/* a line that a crash has cut off is one that never was */
	assert_int_not_equal(size = lseek(memory, 0, SEEK_END), -1);
	assert_int_equal(io_write_full(memory, "row 3 0000", 10), RC_OK);
	printer(RC_OK, PAPER_OK, UINT32_MAX);
	assert_int_equal(run(&staff, BATCH_FOOTERS, csv, memory, &fd), RC_OK);
	assert_int_equal(drafts(), before + 3);
	assert_int_equal(sum.done, 3);
	assert_int_equal(unzip(fd, REPORT, &b), 4);
	close(fd);
	snprintf(id, sizeof(id), "%s", cell(&b, 2, ID));
	snprintf(code, sizeof(code), "%s", cell(&b, 2, CODE));
	assert_int_equal(strlen(code), REGISTER_CODE_LEN);
	buf_clear(&b);
	/* the register has the third letter, and the note of it is lost */
	assert_int_equal(ftruncate(memory, size), 0);
	assert_int_equal(run(&staff, BATCH_FOOTERS, csv, memory, &fd), RC_OK);
	assert_int_equal(drafts(), before + 3);
	assert_int_equal(unzip(fd, REPORT, &b), 4);
	close(fd);
	assert_string_equal(cell(&b, 2, ID), id);
	assert_string_equal(cell(&b, 2, CODE), code);
	buf_clear(&b);
	/* another CSV, and what is no such file */
	assert_int_equal(run(&staff, BATCH_FOOTERS, HEAD ROW, memory, &fd), RC_ABSENT);
	close(fd);
	assert_int_equal(pwrite(memory, "xyz\n", 4, 0), 4);
	assert_int_equal(run(&staff, BATCH_FOOTERS, csv, memory, &fd), RC_ABSENT);
	close(fd);
	assert_int_equal(drafts(), before + 3);
	close(memory);
}

/* As many rows as there may be. */
static void
test_many(void **state)
{
	struct buf csv, b;
	long long began;
	int fd, i;

	(void)state;
	printer(RC_OK, PAPER_OK, UINT32_MAX);
	buf_init(&csv, CAP_BATCH_CSV);
	buf_str(&csv, HEAD);
	for (i = 1; i <= CAP_BATCH_ROWS; i++)
		buf_printf(&csv, "%d/X,Hal,2026-11-01,Umum,K|S,\n", i);
	began = io_now_ms();
	assert_int_equal(run(&staff, BATCH_FOOTERS, buf_text(&csv), -1, &fd), RC_OK);
	assert_true(io_now_ms() - began < 60000);
	assert_int_equal(sum.done, CAP_BATCH_ROWS);
	assert_int_equal(unzip(fd, REPORT, &b), CAP_BATCH_ROWS + 1);
	assert_string_equal(cell(&b, CAP_BATCH_ROWS, NUMBER), "1000/X");
	buf_clear(&b);
	buf_clear(&csv);
	close(fd);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_footers),
	    cmocka_unit_test(test_by_id),
	    cmocka_unit_test(test_rights),
	    cmocka_unit_test(test_stamped),
	    cmocka_unit_test(test_press),
	    cmocka_unit_test(test_formula),
	    cmocka_unit_test(test_refused),
	    cmocka_unit_test(test_resume),
	    cmocka_unit_test(test_many),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
