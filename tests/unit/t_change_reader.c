/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Letters prepared so that other readers show something else after a harmless looking update. */
#include "changemake.h"

#define FIELDS(more) \
	"<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[20 0 R 21 0 R]/SigFlags 3" more ">>>>"
#define PAGE(more) "<</Type/Page" more "/MediaBox[0 0 99 99]/Contents 5 0 R/Annots[20 0 R 21 0 R]>>"
#define PLACE(rect, more) \
	"<</Type/Annot/Subtype/Widget/FT/Sig/T(second)/P 3 0 R/Rect[" rect "]" more ">>"

static const struct {
	const char *what;
	struct cm_object base[4], objs[5];
	enum pdf_modification level;
	enum pdf_change_kind kind;
} cases[] = {
    {"stamps are drawn anew", {{0, NULL}}, {{1, FIELDS("/NeedAppearances true")}},
	PDF_MOD_FORM_FILLING, PDF_CHANGE_FORM},
    {"nothing is drawn anew", {{0, NULL}}, {{1, FIELDS("/NeedAppearances false")}},
	PDF_MOD_FORM_FILLING, PDF_CHANGE_BOOKKEEPING},
    {"stamps have a background when drawn anew", {{20, CM_SIGNED("/MK<</BG[1 1 1]>>")}},
	{{1, FIELDS("/NeedAppearances true")}}, PDF_MOD_ANNOTATIONS, PDF_CHANGE_FORM},
    {"empty places have one", {{21, PLACE("1 1 9 9", "/MK<</BG[1 1 1]>>")}},
	{{1, FIELDS("/NeedAppearances true")}}, PDF_MOD_ANNOTATIONS, PDF_CHANGE_FORM},
    {"they were drawn anew before",
	{{1, FIELDS("/NeedAppearances true")}, {20, CM_SIGNED("/MK<</BG[1 1 1]>>")}},
	{{1, FIELDS("/NeedAppearances true/DA(a)")}}, PDF_MOD_FORM_FILLING, PDF_CHANGE_BOOKKEEPING},
    {"a stamp that was not shown is printed", {{20, CM_SIGNED("/F 32")}},
	{{20, CM_SIGNED("/F 36")}}, PDF_MOD_OTHER, PDF_CHANGE_SIGNED_FIELD},
    {"a stamp that was shown is printed", {{20, CM_SIGNED("")}}, {{20, CM_SIGNED("/F 4")}},
	PDF_MOD_LTA_UPDATES, PDF_CHANGE_BOOKKEEPING},
    {"colours of a parent outside the tree",
	{{3, PAGE("/Parent 6 0 R")}, {6, "<</Resources<</ColorSpace 21 0 R>>/Parent 2 0 R>>"},
	    {21, PLACE("0 0 0 0", "/AS/DeviceGray")}},
	{{21, PLACE("0 0 0 0", "/AS/DeviceRGB/V 51 0 R")}, {51, SIGN}}, PDF_MOD_OTHER,
	PDF_CHANGE_PAGES_REARRANGED},
    {"a parent outside the tree", {{3, PAGE("/Parent 6 0 R")}, {6, "<</Resources<<>>>>"}},
	{{21, PLACE("11 1 19 9", "/V 51 0 R")}, {51, SIGN}}, PDF_MOD_FORM_FILLING,
	PDF_CHANGE_SIGNATURE_FILLED},
    {"a picture without a box", {{0, NULL}},
	{{21, PLACE("11 1 19 9", "/V 51 0 R/AP<</N 5 0 R>>")}, {51, SIGN}}, PDF_MOD_OTHER,
	PDF_CHANGE_FIELD_PROPERTY},
    {"a picture without a box for a state", {{0, NULL}},
	{{21, PLACE("11 1 19 9", "/V 51 0 R/AP<</N<</a 52 0 R/b 5 0 R>>>>")}, {51, SIGN}},
	PDF_MOD_OTHER, PDF_CHANGE_FIELD_PROPERTY},
    {"pictures for states", {{0, NULL}},
	{{21, PLACE("11 1 19 9", "/V 51 0 R/AP<</N<</a 52 0 R/b 52 0 R>>>>")}, {51, SIGN}},
	PDF_MOD_FORM_FILLING, PDF_CHANGE_SIGNATURE_FILLED},
    {"a new picture of no size without a box", {{0, NULL}},
	{{1, "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[20 0 R 21 0 R 50 0 R]/SigFlags 3>>>>"},
	    {50, CM_NEW("5 5 5 5", "/V 51 0 R/AP<</N 5 0 R>>")}, {51, SIGN}},
	PDF_MOD_OTHER, PDF_CHANGE_FIELD_ADDED},
    {"a stamp that does not turn with the page", {{0, NULL}},
	{{21, PLACE("11 1 19 9", "/F 20/V 51 0 R/AP<</N 52 0 R>>")}, {51, SIGN}},
	PDF_MOD_ANNOTATIONS, PDF_CHANGE_SIGNATURE_FILLED},
    {"a stamp that grows", {{0, NULL}},
	{{1, "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[20 0 R 21 0 R 50 0 R]/SigFlags 3>>>>"},
	    {50, CM_NEW("5 5 9 9", "/F 12/V 51 0 R/AP<</N 52 0 R>>")}, {51, SIGN}},
	PDF_MOD_ANNOTATIONS, PDF_CHANGE_SIGNATURE_ADDED},
    {"a stamp as all are", {{0, NULL}},
	{{21, PLACE("11 1 19 9", "/F 132/V 51 0 R/AP<</N 52 0 R>>")}, {51, SIGN}},
	PDF_MOD_FORM_FILLING, PDF_CHANGE_SIGNATURE_FILLED},
    {"a signature with a key twice", {{0, NULL}},
	{{21, PLACE("11 1 19 9", "/V 51 0 R")},
	    {51, "<</Type/Sig/Type/DocTimeStamp/ByteRange[0 1 2 3]/Contents<00>>>"}},
	PDF_MOD_OTHER, PDF_CHANGE_UNREADABLE},
};

static void
other_readers(void **state)
{
	struct arena *arena;
	struct pdf_sig *g;
	size_t i, k, bad = 0;
	struct pm m;

	(void)state;
	for (i = 0; i < nitems(cases); i++) {
		pm_init(&m);
		pm_obj(&m, 1, FIELDS(""));
		pm_obj(&m, 2, "<</Type/Pages/Kids[3 0 R]/Count 1>>");
		pm_obj(&m, 3, PAGE("/Parent 2 0 R"));
		pm_obj(&m, 5, CM_STREAM("0 0 m"));
		pm_obj(&m, 20, CM_SIGNED(""));
		pm_obj(&m, 21, PLACE("11 1 19 9", ""));
		pm_obj(&m, 41, CM_DRAW("0 3 m"));
		pm_obj(&m, 52, CM_DRAW("0 4 m"));
		for (k = 0; k < nitems(cases[i].base) && cases[i].base[k].num != 0; k++)
			pm_obj(&m, cases[i].base[k].num, cases[i].base[k].text);
		pm_sig(&m, 40, "/SubFilter/ETSI.CAdES.detached");
		pm_end(&m, "");
		cm_revision(&m, cases[i].objs, nitems(cases[i].objs));
		g = cm_judge(&m, &arena);
		if (g->modification != cases[i].level || g->changes[0].kind != cases[i].kind) {
			bad++;
			print_error("%s: level %d kind %d %s\n", cases[i].what,
			    (int)g->modification, (int)g->changes[0].kind,
			    g->changes[0].place.path);
		}
		arena_free(arena);
		buf_clear(&m.b);
	}
	assert_int_equal(bad, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(other_readers)};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
