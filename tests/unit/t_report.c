/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The report's texts and names, and the list of checks. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "caps.h"
#include "checks.h"
#include "report.h"
#include "when.h"

#define nitems(a) (sizeof(a) / sizeof((a)[0]))

static const struct {
	const char *in;
	size_t len;
	const char *out;
	bool ok; /* may go over the wire as it is */
} texts[] = {
    {"", 0, "", true}, {"Ani Contoh", 10, "Ani Contoh", true},
    {"\xc3\xa9\xe2\x82\xac\xf0\x9f\x99\x82", 9, "\xc3\xa9\xe2\x82\xac\xf0\x9f\x99\x82", true},
    {"a\0b", 3,
	"a\xef\xbf\xbd"
	"b",
	false},
    {"a\r\n\tb", 5, "a   b", false}, {"\x1b[31m", 5, "\xef\xbf\xbd[31m", false},
    {"\x7f", 1, "\xef\xbf\xbd", false}, {"\xc2\x85", 2, "\xef\xbf\xbd", false}, /* C1: next line */
    {"\xc0\xaf", 2, "\xef\xbf\xbd\xef\xbf\xbd", false},                         /* overlong */
    {"\xe0\x80\xaf", 3, "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd", false},
    {"\xed\xa0\x80", 3, "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd", false}, /* surrogate */
    {"\xf4\x90\x80\x80", 4, "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd", false},
    {"\xe2\x82", 2, "\xef\xbf\xbd\xef\xbf\xbd", false}, /* cut off */
    {"\xff", 1, "\xef\xbf\xbd", false},
    {"fdp.\xe2\x80\xae", 7, "fdp.\xef\xbf\xbd", true}, /* right-to-left override */
};

static void
test_text(void **state)
{
	struct report *r = report_new();
	size_t i;

	(void)state;
	assert_non_null(r);
	for (i = 0; i < nitems(texts); i++) {
		assert_string_equal(report_text(r->arena, texts[i].in, texts[i].len), texts[i].out);
		assert_int_equal(report_text_ok(texts[i].in, texts[i].len), texts[i].ok);
		assert_true(report_text_ok(texts[i].out, strlen(texts[i].out)));
	}
	report_free(r);
}

static void
test_text_is_cut_between_characters(void **state)
{
	struct report *r = report_new();
	char in[CAP_TEXT + 2];
	char *out;

	(void)state;
	memset(in, 'a', sizeof(in));
	assert_int_equal(strlen(report_text(r->arena, in, sizeof(in))), CAP_TEXT);
	assert_false(report_text_ok(in, CAP_TEXT + 1));
	assert_true(report_text_ok(in, CAP_TEXT));
	in[CAP_TEXT - 1] = '\xc3';
	in[CAP_TEXT] = '\xa9';
	out = report_text(r->arena, in, CAP_TEXT + 1);
	assert_int_equal(strlen(out), CAP_TEXT - 1);
	report_free(r);
}

static void
test_new_and_not_examined(void **state)
{
	struct report *r = report_new();

	(void)state;
	assert_int_equal(r->conclusion, CONCLUSION_UNREADABLE);
	assert_int_equal(r->validated_at, WHEN_NONE);
	r->document.size = 7;
	report_not_examined(r, CHECK_TIME_LIMIT);
	assert_int_equal(r->conclusion, CONCLUSION_INDETERMINATE);
	assert_int_equal(r->nreasons, 1);
	assert_int_equal(r->reasons[0], CHECK_TIME_LIMIT);
	assert_int_equal(r->document.size, 7);
	assert_int_equal(r->nchecks, 6);
	assert_int_equal(r->checks[0].id, CHECK_SIGNER_NAME);
	assert_int_equal(r->checks[5].id, CHECK_TIME_LIMIT);
	assert_int_equal(r->checks[5].result, RESULT_UNKNOWN);
	assert_int_equal(r->checks[5].signature, -1);
	report_free(r);
	report_free(NULL);
}

/* NOLINTBEGIN(bugprone-macro-parentheses): the name of a type can't stand in them */
/* Every value of an enum but `none` has its own name, and nothing beyond the enum has one. */
#define NAMES(fn, type, none, max)                                                 \
	do {                                                                       \
		unsigned i_, j_;                                                   \
		for (i_ = 0; i_ < (unsigned)(max); i_++) {                         \
			if (i_ == (unsigned)(none)) {                              \
				assert_null(fn((enum type)i_));                    \
				continue;                                          \
			}                                                          \
			assert_non_null(fn((enum type)i_));                        \
			for (j_ = 0; j_ < i_; j_++)                                \
				if (j_ != (unsigned)(none))                        \
					assert_string_not_equal(                   \
					    fn((enum type)i_), fn((enum type)j_)); \
		}                                                                  \
		assert_null(fn((enum type)(max)));                                 \
		assert_null(fn((enum type)(-1)));                                  \
	} while (0)
/* NOLINTEND(bugprone-macro-parentheses) */

static void
/* NOLINTNEXTLINE(readability-function-cognitive-complexity): one macro, again and again */
test_names(void **state)
{
	(void)state;
	NAMES(conclusion_name, conclusion, CONCLUSION__MAX, CONCLUSION__MAX);
	NAMES(indication_name, indication, IND__MAX, IND__MAX);
	NAMES(sub_indication_name, sub_indication, SUB_NONE, SUB__MAX);
	NAMES(integrity_name, integrity, INTEGRITY__MAX, INTEGRITY__MAX);
	NAMES(coverage_name, coverage, COVERAGE__MAX, COVERAGE__MAX);
	NAMES(modification_name, modification, MOD_UNKNOWN, MOD__MAX);
	NAMES(level_name, level, LEVEL__MAX, LEVEL__MAX);
	NAMES(trust_name, trust_status, TRUST__MAX, TRUST__MAX);
	NAMES(revocation_name, revocation_word, REV__MAX, REV__MAX);
	NAMES(source_name, evidence_source, SOURCE__MAX, SOURCE__MAX);
	NAMES(proven_by_name, proven_by, PROVEN__MAX, PROVEN__MAX);
	NAMES(tst_kind_name, tst_kind, TST_KIND__MAX, TST_KIND__MAX);
	NAMES(sig_kind_name, sig_kind, KIND__MAX, KIND__MAX);
	NAMES(result_name, check_result, RESULT__MAX, RESULT__MAX);
	NAMES(want_name, want_kind, WANT__MAX, WANT__MAX);
	NAMES(check_name, check, CHECK__NONE, CHECK__MAX);
	NAMES(visual_name, visual, VISUAL__MAX, VISUAL__MAX);
	NAMES(change_code, change, CHANGE__MAX, CHANGE__MAX);
	NAMES(notice_code, notice, NOTICE__MAX, NOTICE__MAX);
	assert_string_equal(sub_indication_name(SUB_NO_POE), "NO_POE");
	assert_string_equal(indication_name(IND_PASSED), "TOTAL_PASSED");
	assert_string_equal(level_name(LEVEL_PADES_LTA), "PAdES-B-LTA");
	assert_string_equal(modification_name(MOD_LTA_UPDATES), "lta_updates");
}

static void
test_parse(void **state)
{
	unsigned i;

	(void)state;
	for (i = 0; i < CONCLUSION__MAX; i++)
		assert_int_equal(conclusion_parse(conclusion_name((enum conclusion)i)), i);
	assert_int_equal(conclusion_parse("valid"), CONCLUSION__MAX);
	for (i = 1; i < CHECK__MAX; i++)
		assert_int_equal(check_parse(check_name((enum check)i)), i);
	assert_int_equal(check_parse(""), CHECK__NONE);
	assert_int_equal(check_parse("NO_SUCH_CHECK"), CHECK__NONE);
}

/* No check without its sentences, in either language. */
static void
test_sentences(void **state)
{
	const char *(*const fn[])(enum check, enum lang) = {
	    check_question, check_yes, check_no, check_unknown};
	const char *s;
	unsigned i, l;
	size_t f;

	(void)state;
	for (i = 1; i < CHECK__MAX; i++)
		for (l = 0; l < LANG__MAX; l++)
			for (f = 0; f < nitems(fn); f++) {
				s = fn[f]((enum check)i, (enum lang)l);
				assert_non_null(s);
				assert_true(strlen(s) > 3);
				assert_true(report_text_ok(s, strlen(s)));
			}
	assert_null(check_yes(CHECK__NONE, LANG_ID));
	assert_null(check_yes(CHECK__MAX, LANG_ID));
	assert_null(check_yes(CHECK_LTV, LANG__MAX));
}

/* Nor a change or a notice. */
static void
test_sentences_of_changes(void **state)
{
	const char *s[2];
	unsigned i, l;

	(void)state;
	for (i = 0; i < CHANGE__MAX + NOTICE__MAX; i++) {
		for (l = 0; l < 2; l++) {
			s[l] = i < CHANGE__MAX
				   ? change_sentence((enum change)i, (int)l)
				   : notice_sentence((enum notice)(i - CHANGE__MAX), (int)l);
			assert_non_null(s[l]);
			assert_int_equal(s[l][strlen(s[l]) - 1], '.');
			assert_true(report_text_ok(s[l], strlen(s[l])));
		}
		assert_string_not_equal(s[0], s[1]);
	}
	assert_null(change_sentence(CHANGE__MAX, 0));
	assert_null(notice_sentence(NOTICE__MAX, 1));
}

/* An answer's sentence: an allowed addition is no change. */
static void
test_sentence_of_an_answer(void **state)
{
	static const struct {
		enum check id;
		enum check_result result;
		const char *(*sentence)(enum check, enum lang);
		enum check of;
	} t[] = {
	    {CHECK_UNCHANGED, RESULT_OK, check_yes, CHECK_UNCHANGED},
	    {CHECK_UNCHANGED, RESULT_FAIL, check_no, CHECK_UNCHANGED},
	    {CHECK_UNCHANGED, RESULT_UNKNOWN, check_unknown, CHECK_UNCHANGED},
	    {CHECK_UNCHANGED, RESULT_WARNING, check_no, CHECK_ADDED_AFTER_SIGNING},
	    {CHECK_LTV, RESULT_WARNING, check_no, CHECK_LTV},
	};
	size_t i;

	(void)state;
	for (i = 0; i < nitems(t); i++)
		assert_string_equal(report_sentence(t[i].id, t[i].result, LANG_EN),
		    t[i].sentence(t[i].of, LANG_EN));
	assert_null(report_sentence(CHECK_LTV, RESULT_NOT_APPLICABLE, LANG_ID));
	assert_null(report_sentence(CHECK_LTV, RESULT__MAX, LANG_ID));
}

static void
test_says_changed(void **state)
{
	static const struct {
		enum check why;
		bool changed;
	} t[] = {
	    {CHECK_UNCHANGED, true},
	    {CHECK_DIGEST, true},
	    {CHECK_CHANGED_AFTER_SIGNING, true},
	    {CHECK_CERTIFICATION_VIOLATED, true},
	    {CHECK_FIELD_LOCK_VIOLATED, true},
	    {CHECK_FORM_CHANGED_AFTER_APPROVAL, false},
	    {CHECK_SIGNATURE_VALUE, false},
	    {CHECK_REVOCATION, false},
	};
	struct report *r = report_new();
	enum check why[2] = {CHECK_LTV, CHECK_LTV};
	size_t i;

	(void)state;
	assert_false(report_says_changed(r));
	r->reasons = why;
	r->nreasons = 2;
	for (i = 0; i < nitems(t); i++) {
		why[1] = t[i].why;
		assert_int_equal(report_says_changed(r), t[i].changed);
	}
	report_free(r);
}

/* Only what came after a signature counts; a timestamp of the document is none. */
static void
test_added(void **state)
{
	struct report_sig s[3] = {{.modification = MOD_FORM_FILLING}, {.modification = MOD_NONE},
	    {.kind = KIND_DOCUMENT_TIMESTAMP, .modification = MOD_ANNOTATIONS}};
	struct report *r = report_new();

	(void)state;
	assert_int_equal(report_added(r), MOD_NONE);
	r->sigs = s;
	r->nsigs = 3;
	assert_int_equal(report_added(r), MOD_FORM_FILLING);
	s[0].modification = MOD_LTA_UPDATES;
	assert_int_equal(report_added(r), MOD_LTA_UPDATES);
	report_free(r);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_text),
	    cmocka_unit_test(test_text_is_cut_between_characters),
	    cmocka_unit_test(test_new_and_not_examined),
	    cmocka_unit_test(test_names),
	    cmocka_unit_test(test_parse),
	    cmocka_unit_test(test_sentences),
	    cmocka_unit_test(test_sentences_of_changes),
	    cmocka_unit_test(test_sentence_of_an_answer),
	    cmocka_unit_test(test_says_changed),
	    cmocka_unit_test(test_added),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("report", tests, NULL, NULL);
}
