/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A reason is told as it was answered: what is unknown is never told as a fault. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "plain.h"
#include "when.h"

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

/* What came later, in a line each; validation data is no news. */
static void
test_later(void **state)
{
	struct report_change c[] = {
	    {.level = MOD_FORM_FILLING,
		.kind = CHANGE_SIGNATURE_ADDED,
		.allowed = true,
		.revision = 3,
		.place = {.page = 2}},
	    {.level = MOD_LTA_UPDATES,
		.kind = CHANGE_EVIDENCE_ADDED,
		.allowed = true,
		.revision = 2},
	};
	struct report_notice n = {.kind = NOTICE_JAVASCRIPT, .revision = 1};
	struct report_sig s = {.integrity = INTEGRITY_INTACT,
	    .modification = MOD_FORM_FILLING,
	    .modification_allowed = true,
	    .revision = 1,
	    .has_byte_range = true,
	    .byte_range = {0, 10, 20, 30},
	    .changes = c,
	    .nchanges = 2};
	struct report *r = report_new();
	struct buf b;

	(void)state;
	assert_non_null(r);
	s.time.claimed = s.time.proven = s.ltv_until = WHEN_NONE;
	r->conclusion = CONCLUSION_VALID;
	r->sigs = &s;
	r->nsigs = 1;
	r->notices = &n;
	r->nnotices = 1;
	buf_init(&b, 65536);
	plain_report(&b, r);
	assert_non_null(strstr(buf_text(&b), "genuine; added after signing: signatures.\n"));
	assert_non_null(
	    strstr(buf_text(&b), "  later, revision 3: A further signature was added. Page 2. "
				 "(SIGNATURE_ADDED)\n"));
	assert_null(strstr(buf_text(&b), "EVIDENCE_ADDED"));
	assert_non_null(strstr(buf_text(&b), "  note: The document holds a script (JavaScript). "
					     "(JAVASCRIPT)\n"));
	assert_null(strstr(buf_text(&b), "bytes of the file"));
	buf_clear(&b);
	c[0].allowed = s.modification_allowed = false;
	r->conclusion = CONCLUSION_INDETERMINATE;
	plain_report(&b, r);
	assert_non_null(strstr(buf_text(&b), "Nothing allows it. (SIGNATURE_ADDED)"));
	assert_non_null(strstr(buf_text(&b), "the first 50 bytes of the file are what was signed"));
	assert_null(strstr(buf_text(&b), "genuine"));
	buf_clear(&b);
	report_free(r);
}

/* Who did not answer is told of what could not be confirmed, and only of that. */
static void
test_asked(void **state)
{
	char host[] = "ocsp.example.id";
	struct report_want w[] = {
	    {.kind = WANT_OCSP,
		.host = host,
		.outcome = LOOKUP_UNREACHABLE,
		.asked = 1793491080,
		.retry = 1793491199},
	    {.kind = WANT_CRL, .host = host, .outcome = LOOKUP_ANSWERED, .retry = WHEN_NONE},
	    {.kind = WANT_ISSUER, .outcome = LOOKUP_NO_URL, .retry = WHEN_NONE},
	};
	struct report *r = report_new();
	struct buf b;

	(void)state;
	assert_non_null(r);
	r->conclusion = CONCLUSION_INDETERMINATE;
	r->wanted = w;
	r->nwanted = 3;
	buf_init(&b, 65536);
	plain_report(&b, r);
	assert_non_null(
	    strstr(buf_text(&b), "  asked: ocsp.example.id (ocsp): unreachable; again after "
				 "2026-10-31T23:59:59Z\n"));
	assert_null(strstr(buf_text(&b), "(crl)"));
	assert_null(strstr(buf_text(&b), "(issuer)"));
	buf_clear(&b);
	r->conclusion = CONCLUSION_VALID;
	plain_report(&b, r);
	assert_null(strstr(buf_text(&b), "asked:"));
	buf_clear(&b);
	report_free(r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_reason),
	    cmocka_unit_test(test_later),
	    cmocka_unit_test(test_asked),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
