/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What other programs find in a file that they repair, and cross-references do not name. */
#include "changemake.h"

#define EVIL "5 0 obj\n<</Length 5>>\nstream\n9 9 m\nendstream\nendobj\n"

/* A later revision: raw bytes, then an object; its number says what has to come out. */
static const struct {
	const char *what, *raw, *object;
	enum pdf_modification level;
} cases[] = {
    {"nothing of the kind", "", "(a)", PDF_MOD_LTA_UPDATES},
    {"an object that nothing names", EVIL, "(a)", PDF_MOD_OTHER},
    {"in the middle of a line", "(a b c)" EVIL, "(a)", PDF_MOD_OTHER},
    {"without space", "5 0obj null endobj ", "(a)", PDF_MOD_OTHER},
    {"in a comment", "% 5 0 obj\n", "(a)", PDF_MOD_OTHER},
    {"in a text", "", "(\n5 0 obj null endobj\n)", PDF_MOD_OTHER},
    {"in a stream", "", "<</Length 26>>\nstream\n5 0 obj\n(x)\nendobj\n  (a)\n\nendstream",
	PDF_MOD_OTHER},
    {"over two lines", "5\n0\r\nobj null endobj\n", "(a)", PDF_MOD_OTHER},
    {"of another generation", "50 1 obj null endobj\n", "(a)", PDF_MOD_OTHER},
    {"a second one of its own", "50 0 obj null endobj\n", "(a)", PDF_MOD_OTHER},
    {"a trailer", "trailer\n<</Root 13 0 R>>\n", "(a)", PDF_MOD_OTHER},
    {"a trailer behind a comment", "trailer%\n<</Root 13 0 R>>\n", "(a)", PDF_MOD_OTHER},
    {"words", "%an object, 5 obj, 5 0 job, a trailer, endobj\n", "(a)", PDF_MOD_LTA_UPDATES},
};

static void
behind_a_signature(void **state)
{
	struct arena *arena;
	struct pdf_sig *g;
	struct pm m;
	size_t i, bad = 0;

	(void)state;
	for (i = 0; i < nitems(cases); i++) {
		cm_letter(&m);
		buf_str(&m.b, cases[i].raw);
		pm_obj(&m, 50, cases[i].object);
		pm_end(&m, "");
		g = cm_judge(&m, &arena);
		if (g->modification != cases[i].level ||
		    (cases[i].level == PDF_MOD_OTHER &&
			g->changes[0].kind != PDF_CHANGE_UNREADABLE)) {
			print_error("%s: level %d\n", cases[i].what, (int)g->modification);
			bad++;
		}
		arena_free(arena);
		buf_clear(&m.b);
	}
	assert_int_equal(bad, 0);
}

/* What was signed was signed as it is, and the newest signature has signed the rest. */
static void
before_a_signature(void **state)
{
	struct pdf_survey s;
	struct arena *arena;
	struct pm m;
	size_t i, found = 0;

	(void)state;
	cm_letter(&m);
	buf_str(&m.b, EVIL);
	pm_obj(&m, 10, CM_FORM(" 50 0 R", ""));
	pm_obj(&m, 3, CM_PAGE(" 50 0 R", ""));
	pm_obj(&m, 50, CM_NEW("41 1 49 9", "/V 51 0 R"));
	pm_sig(&m, 51, "/SubFilter/ETSI.CAdES.detached");
	pm_end(&m, "");
	pm_obj(&m, 52, "(a)");
	pm_end(&m, "");
	arena = pm_survey(&m, &s);
	for (i = 0; i < s.nsigs; i++) {
		if (s.sigs[i].object == 40)
			assert_int_equal(s.sigs[i].modification, PDF_MOD_OTHER);
		if (s.sigs[i].object == 51)
			assert_int_equal(s.sigs[i].modification, PDF_MOD_LTA_UPDATES);
		found += s.sigs[i].object == 40 || s.sigs[i].object == 51;
	}
	assert_int_equal(found, 2);
	arena_free(arena);
	buf_clear(&m.b);
}

/* Some programs take a long line for several: where one begins a number may begin as well. */
static void
in_a_long_line(void **state)
{
	struct arena *arena;
	struct pdf_sig *g;
	struct pm m;

	(void)state;
	cm_letter(&m);
	buf_printf(&m.b, "(%300s) ", "");
	pm_obj(&m, 50, "(a)");
	pm_end(&m, "");
	g = cm_judge(&m, &arena);
	assert_int_equal(g->modification, PDF_MOD_OTHER);
	arena_free(arena);
	buf_clear(&m.b);
}

/* In what was signed there is one, which readers only see once they search. */
static void
brought_to_light(void **state)
{
	static const struct {
		const char *signed_text, *added, *trailer;
		enum pdf_modification level;
	} letters[] = {
	    {"(a)", "[60 0 R]", "", PDF_MOD_LTA_UPDATES},
	    {"(\n5 0 obj null endobj\n)", "(a)", "", PDF_MOD_LTA_UPDATES},
	    {"(\n5 0 obj null endobj\n)", "[13 0 R]", "", PDF_MOD_LTA_UPDATES},
	    {"(\n5 0 obj null endobj\n)", "[60 0 R]", "", PDF_MOD_NOT_ANALYSED},
	    {"(\n5 0 obj null endobj\n)", "[13 1 R]", "", PDF_MOD_NOT_ANALYSED},
	    {"(\n5 0 obj null endobj\n)", "(a)", "/Info 60 0 R", PDF_MOD_NOT_ANALYSED},
	    {"(\n62 0 obj null endobj\n)", "[60 0 R]", "", PDF_MOD_LTA_UPDATES},
	    {"(trailer <<>>)", "[60 0 R]", "", PDF_MOD_NOT_ANALYSED},
	};
	struct pdf_survey s;
	struct arena *arena;
	struct pm m;
	size_t i;

	(void)state;
	for (i = 0; i < nitems(letters); i++) {
		pm_init(&m);
		pm_obj(&m, 1, "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[20 0 R]>>>>");
		pm_obj(&m, 2, "<</Type/Pages/Kids[3 0 R]/Count 1>>");
		pm_obj(&m, 3, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 5 0 R>>");
		pm_obj(&m, 5, CM_STREAM("0 0 m"));
		pm_obj(&m, 13, letters[i].signed_text);
		pm_obj(&m, 20, "<</FT/Sig/T(first)/V 40 0 R>>");
		pm_sig(&m, 40, "/SubFilter/ETSI.CAdES.detached");
		pm_end(&m, "");
		pm_obj(&m, 50, letters[i].added);
		pm_end(&m, letters[i].trailer);
		arena = pm_survey(&m, &s);
		assert_int_equal(s.nsigs, 1);
		if (s.sigs[0].modification != letters[i].level)
			fail_msg("%s %s: %d", letters[i].signed_text, letters[i].added,
			    (int)s.sigs[0].modification);
		arena_free(arena);
		buf_clear(&m.b);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(behind_a_signature),
	    cmocka_unit_test(before_a_signature),
	    cmocka_unit_test(in_a_long_line),
	    cmocka_unit_test(brought_to_light),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
