/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "letterhead.h"
#include "storemake.h"

static const struct actor staff = {1, 1, ROLE_STAFF}, auditor = {2, 2, ROLE_AUDITOR};
static const struct actor admin = {3, 2, ROLE_ADMIN}, none = {.role = ROLE__MAX};
static enum account_answer answer;

static int
agencies(void **state)
{
	static const char sql[] =
	    "INSERT INTO agency VALUES (1, 'KOMINFO', 'x'), (2, 'DINKES', 'x');"
	    "INSERT INTO account VALUES (1, 'a', 'staff', 1, '', zeroblob(20), 0, 0, 0),"
	    "(2, 'b', 'auditor', 2, '', zeroblob(20), 0, 0, 0),"
	    "(3, 'c', 'admin', 2, '', zeroblob(20), 0, 0, 0)";

	return open_store(state) == 0 && tamper(sql) == SQLITE_OK ? 0 : -1;
}

static enum account_answer
set(const struct actor *who, int64_t agency, const struct letterhead *l, bool keep_logo)
{
	assert_int_equal(letterhead_write(store, who, agency, l, keep_logo, NOW, &answer), RC_OK);
	return answer;
}

/* Reads it, and compares; logo NULL: none. */
static void
assert_head(
    int64_t agency, unsigned version, const char *wording, const char *text, const char *logo)
{
	struct letterhead *l;

	assert_int_equal(letterhead_read(store, agency, &l), RC_OK);
	assert_int_equal(l->version, version);
	assert_string_equal(l->wording, wording);
	assert_string_equal(l->text, text);
	assert_string_equal(l->code, agency == 1 ? "KOMINFO" : agency == 2 ? "DINKES" : "");
	assert_int_equal(l->logo_len, logo != NULL ? strlen(logo) : 0);
	if (logo != NULL)
		assert_memory_equal(l->logo, logo, l->logo_len);
	else
		assert_null(l->logo);
	letterhead_free(l);
}

#define LOGO(s) (const uint8_t *)(s), sizeof(s) - 1

static void
test_versions(void **state)
{
	static const struct letterhead first = {NULL, "F4", "", LOGO("gambar"), 0, NULL};
	static const struct letterhead second = {NULL, "", "Teks sendiri", NULL, 0, 0, NULL};
	static const struct letterhead third = {NULL, "F2", "", LOGO("lain"), 0, NULL};

	(void)state;
	assert_head(1, 0, "F1", "", NULL);
	assert_head(99, 0, "F1", "", NULL);
	assert_int_equal(set(&admin, 1, &first, false), ACCOUNT_DONE);
	assert_head(1, 1, "F4", "", "gambar");
	assert_head(2, 0, "F1", "", NULL);
	assert_int_equal(set(&actor_operator, 1, &second, true), ACCOUNT_DONE);
	assert_head(1, 2, "", "Teks sendiri", "gambar");
	assert_int_equal(ask("SELECT count(*) FROM letterhead_logo"), 1);
	assert_int_equal(set(&admin, 1, &third, false), ACCOUNT_DONE);
	assert_head(1, 3, "F2", "", "lain");
	assert_int_equal(set(&admin, 1, &second, false), ACCOUNT_DONE);
	assert_head(1, 4, "", "Teks sendiri", NULL);
	assert_int_equal(set(&admin, 1, &second, true), ACCOUNT_DONE);
	assert_head(1, 5, "", "Teks sendiri", NULL);
	assert_int_equal(set(&admin, 2, &third, true), ACCOUNT_DONE);
	assert_head(2, 1, "F2", "", NULL);
	/* what was printed when can still be told */
	assert_int_equal(ask("SELECT count(*) FROM letterhead WHERE agency = 1"), 5);
	assert_int_equal(ask("SELECT account FROM letterhead WHERE version = 3"), 3);
	assert_int_equal(ask("SELECT account IS NULL FROM letterhead WHERE version = 2"), 1);
	assert_int_equal(acts(ACT_LETTERHEAD_CHANGED), 6);
	assert_int_not_equal(tamper("DELETE FROM letterhead"), SQLITE_OK);
	assert_int_not_equal(tamper("DELETE FROM letterhead_logo"), SQLITE_OK);
	assert_int_not_equal(tamper("UPDATE letterhead SET text = 'x'"), SQLITE_OK);
	assert_int_not_equal(tamper("UPDATE letterhead_logo SET image = x'00'"), SQLITE_OK);
	letterhead_free(NULL);
}

static void
test_malformed(void **state)
{
	static uint8_t huge[CAP_PAPER_LOGO + 1];
	static char long_text[CAP_PAPER_TEXT + 3];
	const struct letterhead good = {.wording = "F1", .text = ""};
	struct letterhead t[9];
	size_t i, n = 0;

	(void)state;
	memset(long_text, 'x', sizeof(long_text) - 1);
	for (i = 0; i < sizeof(t) / sizeof(t[0]); i++)
		t[i] = good;
	t[n++].wording = "";
	t[n++].wording = "F\n1";
	t[n++].wording = "F1F1F1F1F1F1F1F1F1F1F1F1F1F1F1F1F1";
	t[n++].text = "a\tb";
	t[n++].text = "\xff";
	t[n++].text = long_text;
	t[n].logo = huge;
	t[n++].logo_len = CAP_PAPER_LOGO + 1;
	t[n++].logo = huge;
	t[n++].logo_len = 5;
	assert_int_equal(n, sizeof(t) / sizeof(t[0]));
	for (i = 0; i < n; i++)
		if (set(&admin, 1, &t[i], false) != ACCOUNT_MALFORMED)
			fail_msg("%zu", i);
	assert_int_equal(ask("SELECT count(*) FROM letterhead"), 0);
	/* at the limits */
	long_text[CAP_PAPER_TEXT] = '\0';
	t[6].logo_len = CAP_PAPER_LOGO;
	t[6].text = long_text;
	assert_int_equal(set(&admin, 1, &t[6], false), ACCOUNT_DONE);
	/* an agency that is not there leaves nothing */
	assert_int_equal(set(&admin, 3, &t[6], false), ACCOUNT_ABSENT);
	assert_int_equal(set(&admin, 3, &good, true), ACCOUNT_ABSENT);
	assert_int_equal(ask("SELECT count(*) FROM letterhead_logo"), 1);
	assert_int_equal(acts(ACT_LETTERHEAD_CHANGED), 1);
}

static void
test_roles(void **state)
{
	static const struct letterhead l = {.wording = "F1", .text = ""};
	const struct actor *const t[] = {&staff, &auditor, &none};
	size_t i;

	(void)state;
	for (i = 0; i < 3; i++) {
		assert_int_equal(set(t[i], 1, &l, false), ACCOUNT_FORBIDDEN);
		assert_int_equal(acts(ACT_ROLE_REFUSED), i + 1);
	}
	assert_int_equal(ask("SELECT count(*) FROM letterhead"), 0);
}

#define WITH(test) cmocka_unit_test_setup_teardown(test, agencies, close_store)

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    WITH(test_versions),
	    WITH(test_malformed),
	    WITH(test_roles),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
