/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A reason is told as it was answered: what is unknown is never told as a fault. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "plain.h"

static void
told(enum conclusion conclusion, enum check_result result, const char *there, const char *absent)
{
	struct report *r = report_new();
	enum check why = CHECK_REVOCATION;
	struct report_check check = {.id = why, .signature = -1, .result = result};
	struct buf b;

	assert_non_null(r);
	buf_init(&b, 65536);
	r->conclusion = conclusion;
	r->reasons = &why;
	r->nreasons = 1;
	r->checks = &check;
	r->nchecks = 1;
	plain_report(&b, r);
	assert_non_null(strstr(buf_text(&b), there));
	assert_null(strstr(buf_text(&b), absent));
	buf_clear(&b);
	report_free(r);
}

static void
test_reason(void **state)
{
	const char *no = check_no(CHECK_REVOCATION, LANG_EN);
	const char *unknown = check_unknown(CHECK_REVOCATION, LANG_EN);

	(void)state;
	told(CONCLUSION_INDETERMINATE, RESULT_UNKNOWN, unknown, no);
	told(CONCLUSION_INDETERMINATE, RESULT_FAIL, no, unknown);
	told(CONCLUSION_INVALID, RESULT_FAIL, no, unknown);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_reason),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
