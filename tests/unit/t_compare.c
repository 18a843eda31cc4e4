/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A citizen's copy beside the registered file; and real copies of a letter that was signed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "compare.h"
#include "forge.h"

#define nitems(a) (sizeof(a) / sizeof((a)[0]))

/* A report whose signatures have these messages; a timestamp has a capital letter. */
static struct report *
report_of(char file, enum conclusion conclusion, const char *messages)
{
	struct report *r = report_new();
	size_t i;

	assert_non_null(r);
	r->conclusion = conclusion;
	memset(r->document.sha256, file, 32);
	r->nsigs = strlen(messages);
	r->sigs = arena_array(r->arena, r->nsigs + 1, sizeof(*r->sigs));
	r->reasons = arena_array(r->arena, 1, sizeof(*r->reasons));
	for (i = 0; i < r->nsigs; i++) {
		r->sigs[i].kind = messages[i] < 'a' && messages[i] != '0' ? KIND_DOCUMENT_TIMESTAMP
									  : KIND_SIGNATURE;
		memset(r->sigs[i].message_sha256, messages[i] == '0' ? 0 : messages[i] | 0x20, 32);
	}
	return r;
}

#define VALID   CONCLUSION_VALID
#define INVALID CONCLUSION_INVALID
#define OPEN    CONCLUSION_INDETERMINATE

static const struct {
	const char *what;
	const char *registered; /* NULL: no report */
	char file;              /* 'f': the registered file */
	enum conclusion conclusion;
	const char *copy;
	enum check reason;
	enum compare is;
} cases[] = {
    {"the same octets", "a", 'f', VALID, "a", 0, COMPARE_IDENTICAL},
    {"whatever is said of them", "a", 'f', INVALID, "", 0, COMPARE_IDENTICAL},
    {"without a report", NULL, 'f', VALID, "a", 0, COMPARE_IDENTICAL},
    {"saved with an addition", "a", 'g', VALID, "a", 0, COMPARE_SAME_LETTER},
    {"signed once more", "a", 'g', VALID, "ab", 0, COMPARE_SAME_LETTER},
    {"two signers", "ab", 'g', VALID, "ba", 0, COMPARE_SAME_LETTER},
    {"one of two", "ab", 'g', VALID, "a", 0, COMPARE_OTHER_VALID},
    {"an archive timestamp less", "aT", 'g', VALID, "a", 0, COMPARE_SAME_LETTER},
    {"somebody else's letter", "a", 'g', VALID, "b", 0, COMPARE_OTHER_VALID},
    {"only a timestamp in common", "aT", 'g', VALID, "bT", 0, COMPARE_OTHER_VALID},
    {"a message used as a timestamp", "t", 'g', VALID, "T", 0, COMPARE_OTHER_VALID},
    {"no messages at all", "0", 'g', VALID, "0", 0, COMPARE_OTHER_VALID},
    {"nothing registered is known", NULL, 'g', VALID, "a", 0, COMPARE_UNKNOWN},
    {"nor is the copy good", NULL, 'g', INVALID, "a", 0, COMPARE_OTHER},
    {"changed", "a", 'g', INVALID, "a", 0, COMPARE_CHANGED},
    {"one of two changed", "ab", 'g', INVALID, "a", 0, COMPARE_CHANGED},
    {"changed, says a reason", "a", 'g', OPEN, "a", CHECK_CHANGED_AFTER_SIGNING, COMPARE_CHANGED},
    {"not confirmed", "a", 'g', OPEN, "a", CHECK_REVOCATION, COMPARE_OTHER},
    {"another that is not valid", "a", 'g', INVALID, "b", 0, COMPARE_OTHER},
    {"no signature", "a", 'g', CONCLUSION_NO_SIGNATURE, "", 0, COMPARE_OTHER},
    {"no PDF", "a", 'g', CONCLUSION_UNREADABLE, "", 0, COMPARE_UNREADABLE},
};

static void
test_cases(void **state)
{
	struct register_letter letter = {.has_file = true};
	struct report *registered, *copy;
	enum compare is;
	size_t i;

	(void)state;
	memset(letter.sha256, 'f', 32);
	for (i = 0; i < nitems(cases); i++) {
		registered =
		    cases[i].registered == NULL ? NULL : report_of('f', VALID, cases[i].registered);
		copy = report_of(cases[i].file, cases[i].conclusion, cases[i].copy);
		copy->reasons[0] = cases[i].reason;
		copy->nreasons = cases[i].reason != CHECK__NONE;
		is = compare_copy(&letter, registered, copy);
		if (is != cases[i].is)
			fail_msg("%s: %s", cases[i].what, compare_word(is));
		letter.has_file = false;
		assert_int_equal(compare_copy(&letter, registered, copy), COMPARE_NOTHING);
		letter.has_file = true;
		report_free(registered);
		report_free(copy);
	}
	for (i = 0; i < COMPARE__MAX; i++)
		assert_true(*compare_word((enum compare)i) != '\0');
	assert_string_equal(compare_word(COMPARE__MAX), "");
}

/* A certificate that was revoked since changes no octet of a copy. */
static void
test_revoked(void **state)
{
	struct register_letter letter = {.has_file = true};
	struct report *registered = report_of('f', INVALID, "a"), *copy;

	(void)state;
	copy = report_of('g', INVALID, "a");
	memset(letter.sha256, 'f', 32);
	copy->sigs[0].integrity = INTEGRITY_INTACT;
	copy->sigs[0].coverage = COVERAGE_ENTIRE_REVISION;
	copy->sigs[0].modification = MOD_LTA_UPDATES;
	copy->sigs[0].modification_allowed = true;
	assert_int_equal(compare_copy(&letter, registered, copy), COMPARE_OTHER);
	copy->sigs[0].modification_allowed = false;
	assert_int_equal(compare_copy(&letter, registered, copy), COMPARE_CHANGED);
	copy->sigs[0].modification_allowed = true;
	copy->sigs[0].integrity = INTEGRITY_BROKEN;
	assert_int_equal(compare_copy(&letter, registered, copy), COMPARE_CHANGED);
	report_free(registered);
	report_free(copy);
}

static enum compare
compared(struct forge *f, const struct report *registered, const struct letter *l)
{
	struct register_letter letter = {.has_file = true};
	struct report *copy = forge_verify(f->trust, l->out.p, l->out.len, "nasional", FORGE_AT);
	enum compare is;

	assert_non_null(copy);
	memcpy(letter.sha256, registered->document.sha256, 32);
	is = compare_copy(&letter, registered, copy);
	report_free(copy);
	return is;
}

/* By the judge's own reports: the same letter, more on it, a forger's work on it, another one. */
static void
test_copies(void **state)
{
	struct letter_text evil = forge_text;
	struct report *registered;
	struct letter l;
	struct forge f;

	(void)state;
	assert_true(forge_open(&f));
	forge_base(&f, &l);
	registered = forge_verify(f.trust, l.out.p, l.out.len, "nasional", FORGE_AT);
	assert_non_null(registered);
	assert_int_equal(registered->conclusion, CONCLUSION_VALID);
	assert_int_equal(compared(&f, registered, &l), COMPARE_IDENTICAL);
	/* evidence again: other octets, the same letter */
	letter_dss(&l,
	    &(struct letter_evidence){.ncerts = 1, .certs = {f.agency.root.der}, .no_vri = true});
	assert_int_equal(compared(&f, registered, &l), COMPARE_SAME_LETTER);
	evil.amount = "Rp 92.500.000,00";
	letter_redraw(&l, &evil);
	assert_int_equal(compared(&f, registered, &l), COMPARE_CHANGED);
	letter_clear(&l);
	forge_base(&f, &l); /* with a message of its own */
	assert_int_equal(compared(&f, registered, &l), COMPARE_OTHER_VALID);
	letter_clear(&l);
	/* without a signature, though it says the same */
	letter_init(&l, f.m, LETTER_CLASSIC, &forge_text, 0);
	assert_int_equal(compared(&f, registered, &l), COMPARE_OTHER);
	letter_clear(&l);
	report_free(registered);
	forge_close(&f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_cases),
	    cmocka_unit_test(test_revoked),
	    cmocka_unit_test(test_copies),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
