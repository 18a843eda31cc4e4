/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows of a spreadsheet: what is taken, what is refused, and whose fault it is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "caps.h"
#include "roster.h"

#define HEAD "nomor,perihal,tanggal,unit,penandatangan1\n"
#define ROW  "1/A,Hal,2026-11-01,Umum,KEPALA|Sari Wulan\n"

static struct roster *roster;
static struct roster_refusal why;

static enum rc
reads(const char *csv, size_t len, enum batch_kind kind)
{
	roster_free(roster);
	return roster_read(&roster, (const uint8_t *)csv, len, kind, &why);
}

static int
clear(void **state)
{
	(void)state;
	roster_free(roster);
	roster = NULL;
	return 0;
}

/* One row of each says the same. */
static void
test_good(void **state)
{
	static const char *const csv[] = {
	    HEAD "1/A,Hal,2026-11-01,Umum,KEPALA|Sari Wulan",
	    HEAD "1/A,Hal,2026-11-01,Umum,KEPALA|Sari Wulan|\r\n",
	    "\xef\xbb\xbf" HEAD ROW,
	    "Nomor Surat;Hal;Tanggal Surat;Unit Kerja;Signer 1\r\n1/A;Hal;01/11/2026;Umum;KEPALA | "
	    "Sari Wulan\r\n",
	    "number\tsubject\tdate\tunit\tsigner_1\n1/A\tHal\t01-11-2026\tUmum\tKEPALA|Sari "
	    "Wulan\n",
	    "signer1,UNIT,date,SUBJECT,\"number\"\n\"KEPALA|Sari Wulan\",Umum,01.11.2026,\"Hal\", "
	    "1/A \n",
	    "\n\n" HEAD "\n,,,,\n" ROW "\n,,,,\n",
	    "no,keterangan,," HEAD "1,apa saja,,1/A,Hal,2026-11-01,Umum,KEPALA|Sari Wulan\n",
	    "id," HEAD ",1/A,Hal,2026-11-01,Umum,KEPALA|Sari Wulan,,\n",
	};
	const struct register_content *c;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(csv) / sizeof(csv[0]); i++) {
		print_message("# %zu\n", i);
		assert_int_equal(reads(csv[i], strlen(csv[i]), BATCH_FOOTERS), RC_OK);
		assert_int_equal(roster->n, 1);
		assert_int_equal(roster->rows[0].fault, BULK_NONE);
		assert_string_equal(roster->rows[0].id, "");
		c = &roster->rows[0].content;
		assert_string_equal(c->number, "1/A");
		assert_string_equal(c->subject, "Hal");
		assert_string_equal(c->date, "2026-11-01");
		assert_string_equal(c->unit, "Umum");
		assert_int_equal(c->visibility, LETTER_PUBLIC);
		assert_int_equal(c->nsigners, 1);
		assert_string_equal(c->signers[0].title, "KEPALA");
		assert_string_equal(c->signers[0].name, "Sari Wulan");
		assert_string_equal(c->signers[0].rank, "");
	}
}

static void
test_cells(void **state)
{
	static const char csv[] =
	    "number,subject,date,unit,signer1,signer2,signer3,visibility,file,id\n"
	    "\"1,2\",\"Hal \"\"penting\"\"\",2026-11-01,Umum,A|B|C (IV/a),,D|E,kode,surat 1.pdf,\n"
	    ",,,,,,,,b.pdf,0000-0000-0000-0000-0000-0000-000\n";
	const struct roster_row *r;

	(void)state;
	assert_int_equal(reads(csv, sizeof(csv) - 1, BATCH_STAMPED), RC_OK);
	assert_int_equal(roster->delimiter, ',');
	assert_int_equal(roster->n, 2);
	r = &roster->rows[0];
	assert_int_equal(r->fault, BULK_NONE);
	assert_int_equal(r->row, 1);
	assert_string_equal(r->content.number, "1,2");
	assert_string_equal(r->content.subject, "Hal \"penting\"");
	assert_int_equal(r->content.visibility, LETTER_CODE);
	assert_int_equal(r->content.nsigners, 2);
	assert_string_equal(r->content.signers[0].rank, "C (IV/a)");
	assert_string_equal(r->content.signers[1].title, "D");
	assert_string_equal(r->file, "surat 1.pdf");
	r = &roster->rows[1];
	assert_int_equal(r->row, 2);
	assert_int_equal(r->fault, BULK_NONE);
	assert_string_equal(r->id, "000000000000000000000000000");
}

/* A row's own fault, and its column; the row after it is good. */
static void
test_faults(void **state)
{
	static const struct {
		const char *row;
		enum bulk_word fault;
		const char *column;
	} cases[] = {
	    {",Hal,2026-11-01,Umum,K|S,,\n", BULK_TEXT, "Nomor"},
	    {"1,\xe2\x80\xae"
	     "Hal,2026-11-01,Umum,K|S,,\n",
		BULK_TEXT, "perihal"},
	    {"1,\"Hal\n2\",2026-11-01,Umum,K|S,,\n", BULK_TEXT, "perihal"},
	    {"1,Hal,2026-02-30,Umum,K|S,,\n", BULK_DATE, "tanggal"},
	    {"1,Hal,11/30/2026,Umum,K|S,,\n", BULK_DATE, "tanggal"},
	    {"1,Hal,1/2/2026,Umum,K|S,,\n", BULK_DATE, "tanggal"},
	    {"1,Hal,2026-11-01T00:00:00Z,Umum,K|S,,\n", BULK_DATE, "tanggal"},
	    {"1,Hal,,Umum,K|S,,\n", BULK_DATE, "tanggal"},
	    {"1,Hal,2026-11-01,,K|S,,\n", BULK_TEXT, "unit"},
	    {"1,Hal,2026-11-01,Umum,,,\n", BULK_SIGNER, "penandatangan1"},
	    {"1,Hal,2026-11-01,Umum,Sari,,\n", BULK_SIGNER, "penandatangan1"},
	    {"1,Hal,2026-11-01,Umum,|Sari,,\n", BULK_SIGNER, "penandatangan1"},
	    {"1,Hal,2026-11-01,Umum,K|S|P|Q,,\n", BULK_SIGNER, "penandatangan1"},
	    {"1,Hal,2026-11-01,Umum,K|S,rahasia,\n", BULK_VISIBILITY, "visibilitas"},
	    {",,,,,,0000000000000000000000000001\n", BULK_ID, "ID"},
	    {",,,,,,../../etc/passwd\n", BULK_ID, "ID"},
	    {"1,Hal,2026-11-01,Umum,K|S,,,x\n", BULK_MANY_CELLS, ""},
	};
	static const char head[] = "Nomor,perihal,tanggal,unit,penandatangan1,visibilitas,ID\n";
	static const char good[] = "2,Hal,2026-11-01,Umum,K|S,,\n";
	char csv[512];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		print_message("# %zu\n", i);
		(void)snprintf(csv, sizeof(csv), "%s%s%s", head, cases[i].row, good);
		assert_int_equal(reads(csv, strlen(csv), BATCH_FOOTERS), RC_OK);
		assert_int_equal(roster->n, 2);
		assert_int_equal(roster->rows[0].fault, cases[i].fault);
		assert_string_equal(roster->rows[0].column, cases[i].column);
		assert_int_equal(roster->rows[1].fault, BULK_NONE);
		assert_int_equal(roster->rows[1].row, 2);
	}
}

static void
test_refusals(void **state)
{
	static const struct {
		const char *csv;
		size_t len; /* 0: as long as it is */
		enum batch_kind kind;
		enum bulk_word word;
		unsigned row;
		const char *column;
	} cases[] = {
	    {"", 0, BATCH_FOOTERS, BULK_NO_ROWS, 0, ""},
	    {HEAD, 0, BATCH_FOOTERS, BULK_NO_ROWS, 0, ""},
	    {HEAD ",,,,\n", 0, BATCH_FOOTERS, BULK_NO_ROWS, 0, ""},
	    {"\xff\xfen\0o\0", 6, BATCH_FOOTERS, BULK_NOT_UTF8, 0, ""},
	    {HEAD "1,Bi\xe9,2026-11-01,U,K|S\n", 0, BATCH_FOOTERS, BULK_NOT_UTF8, 0, ""},
	    {HEAD "1,H\0al,2026-11-01,U,K|S\n", sizeof(HEAD) + 10, BATCH_FOOTERS, BULK_NOT_UTF8, 0,
		""},
	    {HEAD "1,\xed\xa0\x80,2026-11-01,U,K|S\n", 0, BATCH_FOOTERS, BULK_NOT_UTF8, 0, ""},
	    {HEAD "1,\xc0\xaf,2026-11-01,U,K|S\n", 0, BATCH_FOOTERS, BULK_NOT_UTF8, 0, ""},
	    {HEAD "1,\xe2\x82", 0, BATCH_FOOTERS, BULK_NOT_UTF8, 0, ""},
	    {HEAD ROW "2,\"Hal,2026-11-01,Umum,K|S\n", 0, BATCH_FOOTERS, BULK_QUOTES, 2, ""},
	    {HEAD ROW "2,Hal \"x\",2026-11-01,Umum,K|S\n", 0, BATCH_FOOTERS, BULK_QUOTES, 2, ""},
	    {"nomor,perihall,tanggal,unit,signer1\n" ROW, 0, BATCH_FOOTERS, BULK_COLUMN_UNKNOWN, 0,
		"perihall"},
	    {"nomor,perihal,tanggal,unit,signer0\n" ROW, 0, BATCH_FOOTERS, BULK_COLUMN_UNKNOWN, 0,
		"signer0"},
	    {"nomor,perihal,tanggal,unit,signer21\n" ROW, 0, BATCH_FOOTERS, BULK_COLUMN_UNKNOWN, 0,
		"signer21"},
	    {"nomor,hal,tanggal,unit,signer1,Number\n" ROW, 0, BATCH_FOOTERS, BULK_COLUMN_TWICE, 0,
		"Number"},
	    {"nomor,perihal,tanggal,unit\n" ROW, 0, BATCH_FOOTERS, BULK_COLUMN_MISSING, 0,
		"penandatangan1"},
	    {HEAD ROW, 0, BATCH_STAMPED, BULK_COLUMN_MISSING, 0, "berkas"},
	};
	size_t i, len;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		len = cases[i].len != 0 ? cases[i].len : strlen(cases[i].csv);
		print_message("# %zu\n", i);
		assert_int_equal(reads(cases[i].csv, len, cases[i].kind), RC_FORMAT);
		assert_null(roster);
		assert_int_equal(why.word, cases[i].word);
		assert_int_equal(why.row, cases[i].row);
		assert_string_equal(why.column, cases[i].column);
		assert_true(*bulk_english(why.word) != '\0' && *bulk_indonesian(why.word) != '\0');
	}
}

/* As many rows, columns and octets as there may be, and one more. */
static void
test_limits(void **state)
{
	struct buf b;
	size_t i;

	(void)state;
	buf_init(&b, CAP_BATCH_CSV + 64);
	buf_str(&b, HEAD);
	for (i = 0; i < CAP_BATCH_ROWS; i++)
		buf_str(&b, ROW);
	assert_int_equal(reads(buf_text(&b), b.len, BATCH_FOOTERS), RC_OK);
	assert_int_equal(roster->n, CAP_BATCH_ROWS);
	buf_str(&b, ROW);
	assert_int_equal(reads(buf_text(&b), b.len, BATCH_FOOTERS), RC_FORMAT);
	assert_int_equal(why.word, BULK_MANY_ROWS);
	while (b.len <= CAP_BATCH_CSV)
		buf_u8(&b, '\n');
	assert_int_equal(reads(buf_text(&b), b.len, BATCH_FOOTERS), RC_FORMAT);
	assert_int_equal(why.word, BULK_FILE_LARGE);
	buf_clear(&b);
	for (i = 0; i < 70; i++)
		buf_str(&b, "no,");
	buf_str(&b, HEAD ROW);
	assert_int_equal(reads(buf_text(&b), b.len, BATCH_FOOTERS), RC_FORMAT);
	assert_int_equal(why.word, BULK_MANY_COLUMNS);
	buf_clear(&b);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test_teardown(test_good, clear),
	    cmocka_unit_test_teardown(test_cells, clear),
	    cmocka_unit_test_teardown(test_faults, clear),
	    cmocka_unit_test_teardown(test_refusals, clear),
	    cmocka_unit_test_teardown(test_limits, clear),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
