/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Coverage: arithmetic of the byte range, the gap, and the revision that it ends. */
#include "byterange.h"
#include "pdfmake.h"
#include "xref.h"

#define nitems(a) (sizeof(a) / sizeof((a)[0]))

static void
arithmetic(void **state)
{
	static const struct {
		int64_t br[4];
		uint64_t n;
		bool ok;
		enum pdf_rule rule;
	} cases[] = {
	    {{0, 10, 20, 5}, 25, true, PDF_RULE__MAX},
	    {{0, 10, 20, 5}, 24, false, PDF_B2_RANGE},
	    {{1, 10, 20, 5}, 30, false, PDF_B1_START},
	    {{-1, 10, 20, 5}, 30, false, PDF_B1_START},
	    {{0, 0, 20, 5}, 30, false, PDF_B2_RANGE},
	    {{0, -10, 20, 5}, 30, false, PDF_B2_RANGE},
	    {{0, 10, 10, 5}, 30, false, PDF_B2_RANGE},
	    {{0, 10, 9, 5}, 30, false, PDF_B2_RANGE},
	    {{0, 10, -20, 5}, 30, false, PDF_B2_RANGE},
	    {{0, 10, 20, 0}, 30, false, PDF_B2_RANGE},
	    {{0, 10, 20, -5}, 30, false, PDF_B2_RANGE},
	    {{0, 10, 31, 1}, 30, false, PDF_B2_RANGE},
	    {{0, 10, 20, INT64_MAX}, 30, false, PDF_B2_RANGE},
	    {{0, INT64_MAX, INT64_MAX, INT64_MAX}, 30, false, PDF_B2_RANGE},
	    {{0, 0, 0, 0}, 30, false, PDF_B2_RANGE},
	};
	enum pdf_rule rule;
	size_t i;

	(void)state;
	for (i = 0; i < nitems(cases); i++) {
		if (byterange_sound(cases[i].br, cases[i].n, &rule) != cases[i].ok)
			fail_msg("case %zu", i);
		if (!cases[i].ok)
			assert_int_equal(rule, cases[i].rule);
	}
}

static void
gaps(void **state)
{
	static const struct {
		const char *in;   /* the gap begins at 1 and ends before the last byte */
		const char *text; /* what was read as /Contents */
		uint64_t off, end;
		bool plain, ok;
		enum pdf_rule rule;
	} cases[] = {
	    {"/<4142>/", "AB", 1, 7, true, true, PDF_RULE__MAX},
	    {"/<>/", "", 1, 3, true, true, PDF_RULE__MAX},
	    {"/x4142>/", "AB", 1, 7, true, false, PDF_B3_GAP_BOUNDS},
	    {"/<4142x/", "AB", 1, 7, true, false, PDF_B3_GAP_BOUNDS},
	    {"/<41 42>/", "AB", 1, 8, false, false, PDF_B4_GAP_HEX},
	    {"/<414>/", "A@", 1, 6, true, false, PDF_B4_GAP_HEX},
	    {"/<41><42>/", "A", 1, 5, true, false, PDF_B4_GAP_HEX},
	    {"/<4142>/", "AB", 9, 15, true, false, PDF_B5_GAP_CONTENTS},
	};
	enum pdf_rule rule;
	struct obj o;
	int64_t br[4];
	size_t i;

	(void)state;
	for (i = 0; i < nitems(cases); i++) {
		memset(&o, 0, sizeof(o));
		o.type = OBJ_STRING;
		o.hex = true;
		o.plain = cases[i].plain;
		o.off = cases[i].off;
		o.end = cases[i].end;
		o.u.s.p = (const uint8_t *)cases[i].text;
		o.u.s.len = strlen(cases[i].text);
		br[0] = 0;
		br[1] = 1;
		br[2] = (int64_t)strlen(cases[i].in) - 1;
		br[3] = 1;
		if (byterange_gap((const uint8_t *)cases[i].in, br, &o, &rule) != cases[i].ok ||
		    (!cases[i].ok && rule != cases[i].rule))
			fail_msg("'%s': %s", cases[i].in, pdf_rule_id(rule));
	}
}

/* Two revisions: which ends are the end of one? */
static void
revisions(void **state)
{
	struct arena *arena = arena_new(1u << 20);
	enum pdf_rule rule;
	struct doc d;
	struct pm m;
	size_t section, end, hits = 0, e;

	(void)state;
	pm_init(&m);
	pm_page(&m);
	pm_end(&m, "");
	end = m.b.len;
	pm_obj(&m, 4, "<</Length 5>>\nstream\n1 1 m\nendstream");
	pm_end(&m, "");
	doc_init(&d, arena, m.b.p, m.b.len);
	assert_int_equal(xref_read(&d), RC_OK);
	for (e = 0; e <= m.b.len; e++) {
		if (!byterange_revision(&d, e, &section, &rule)) {
			assert_int_equal(rule, PDF_B7_REVISION_END);
			continue;
		}
		/* With or without the end of line behind %%EOF. */
		assert_true(e == end || e == end - 1 || e == m.b.len || e == m.b.len - 1);
		assert_int_equal(section, e > end);
		hits++;
	}
	assert_int_equal(hits, 4);
	assert_true(byterange_reaches(&d, m.b.len));
	assert_true(byterange_reaches(&d, m.b.len - 1));
	assert_false(byterange_reaches(&d, m.b.len - 2));
	assert_false(byterange_reaches(&d, end));
	assert_false(byterange_reaches(&d, m.b.len + 1));
	assert_true(byterange_later(&d, end, 0));
	doc_clear(&d);
	arena_free(arena);
	buf_clear(&m.b);
}

/* B10: a later table points an object at bytes that were signed as something else. */
static void
backward(void **state)
{
	struct arena *arena = arena_new(1u << 20);
	struct doc d;
	struct pm m;
	size_t end, again;

	(void)state;
	for (again = 0; again < 2; again++) {
		pm_init(&m);
		pm_page(&m);
		pm_obj(&m, 5, "<</Hidden true>>");
		pm_end(&m, "");
		end = m.b.len;
		if (again == 0)
			m.off[4] = m.off[5];
		m.dirty[4] = true; /* the same place again is no change */
		pm_end(&m, "");
		doc_init(&d, arena, m.b.p, m.b.len);
		assert_int_equal(xref_read(&d), RC_OK);
		assert_int_equal(byterange_later(&d, end, 0), again == 1);
		doc_clear(&d);
		buf_clear(&m.b);
	}
	arena_free(arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(arithmetic),
	    cmocka_unit_test(gaps),
	    cmocka_unit_test(revisions),
	    cmocka_unit_test(backward),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
