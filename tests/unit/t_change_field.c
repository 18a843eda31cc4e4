/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a later revision does to the form: the allowed beside the forbidden. */
#include "changemake.h"

#define LTA  PDF_MOD_LTA_UPDATES
#define FORM PDF_MOD_FORM_FILLING
#define NOTE PDF_MOD_ANNOTATIONS
#define BAD  PDF_MOD_OTHER

#define PLUS                               \
	{                                  \
		10, CM_FORM(" 50 0 R", "") \
	}
#define SHOWN                             \
	{                                 \
		3, CM_PAGE(" 50 0 R", "") \
	}

static const struct cm_update added[] = {
    {"a signature",
	{PLUS, SHOWN, {50, CM_NEW("41 1 49 9", "/V 51 0 R/AP<</N 52 0 R>>")}, {51, SIGN},
	    {52, CM_DRAW("9 9 m")}},
	FORM, PDF_CHANGE_SIGNATURE_ADDED},
    {"an invisible signature", {PLUS, SHOWN, {50, CM_NEW("0 0 0 0", "/V 51 0 R")}, {51, SIGN}},
	FORM, PDF_CHANGE_SIGNATURE_ADDED},
    {"a timestamp", {PLUS, SHOWN, {50, CM_NEW("0 0 0 0", "/V 51 0 R")}, {51, STAMP}}, LTA,
	PDF_CHANGE_TIMESTAMP_ADDED},
    {"a timestamp that shows", {PLUS, SHOWN, {50, CM_NEW("1 1 9 9", "/V 51 0 R")}, {51, STAMP}},
	FORM, PDF_CHANGE_TIMESTAMP_ADDED},
    {"a place to sign", {PLUS, SHOWN, {50, CM_NEW("41 1 49 9", "")}}, FORM,
	PDF_CHANGE_SIGNATURE_FIELD_ADDED},
    {"a place that shows nothing", {PLUS, {50, CM_NEW("0 0 0 0", "")}}, LTA,
	PDF_CHANGE_SIGNATURE_FIELD_ADDED},
    {"a place that shows something",
	{PLUS, SHOWN, {50, CM_NEW("41 1 49 9", "/AP<</N 52 0 R>>")}, {52, CM_DRAW("9 9 m")}}, NOTE,
	PDF_CHANGE_SIGNATURE_FIELD_ADDED},
    {"a place with an empty picture",
	{PLUS, SHOWN, {50, CM_NEW("41 1 49 9", "/AP<</N 52 0 R>>")},
	    {52, "<</Subtype/Form/BBox[0 0 9 9]/Length 0>>\nstream\n\nendstream"}},
	FORM, PDF_CHANGE_SIGNATURE_FIELD_ADDED},
    {"a place with an empty picture, and another one for the mouse",
	{PLUS, SHOWN, {50, CM_NEW("41 1 49 9", "/AP<</N 52 0 R/R 13 0 R>>")},
	    {52, "<</Subtype/Form/BBox[0 0 9 9]/Length 0>>\nstream\n\nendstream"}},
	NOTE, PDF_CHANGE_SIGNATURE_FIELD_ADDED},
    {"signed, with an appearance and no place",
	{PLUS, SHOWN,
	    {50, "<</Type/Annot/Subtype/Widget/FT/Sig/T(third)/AP<</N 42 0 R>>/V 51 0 R>>"},
	    {51, SIGN}},
	NOTE, PDF_CHANGE_SIGNATURE_ADDED},
    {"with a widget of its own",
	{PLUS, {3, CM_PAGE(" 53 0 R", "")}, {50, "<</FT/Sig/T(third)/Kids[53 0 R]/V 51 0 R>>"},
	    {51, SIGN}, {53, "<</Subtype/Widget/Rect[41 1 49 9]/Parent 50 0 R/AP<</N 13 0 R>>>>"}},
	FORM, PDF_CHANGE_SIGNATURE_ADDED},
    {"with a widget that was there",
	{PLUS, {50, "<</FT/Sig/T(third)/Kids[23 0 R]/V 51 0 R>>"}, {51, SIGN}}, BAD,
	PDF_CHANGE_FIELD_ADDED},
    {"with a widget that runs something",
	{PLUS, {50, "<</FT/Sig/T(third)/Kids[53 0 R]/V 51 0 R>>"}, {51, SIGN},
	    {53, "<</Subtype/Widget/Rect[41 1 49 9]/AA<<>>>>"}},
	BAD, PDF_CHANGE_FIELD_ADDED},
    {"in a group of its own",
	{PLUS, {3, CM_PAGE(" 53 0 R", "")}, {50, "<</T(all)/Kids[53 0 R]>>"}, {51, SIGN},
	    {53, "<</Subtype/Widget/FT/Sig/T(one)/Rect[41 1 49 9]/Parent 50 0 R/V 51 0 R>>"}},
	FORM, PDF_CHANGE_SIGNATURE_ADDED},
    {"in a group that was there",
	{{24, CM_GROUP(" 50 0 R", "")}, {3, CM_PAGE(" 50 0 R", "")},
	    {50, CM_NEW("41 1 49 9", "/Parent 24 0 R/V 51 0 R")}, {51, SIGN}},
	FORM, PDF_CHANGE_SIGNATURE_ADDED},
    {"in a group, of another's parent",
	{{24, CM_GROUP(" 50 0 R", "")}, {50, CM_NEW("0 0 0 0", "/Parent 22 0 R")}}, BAD,
	PDF_CHANGE_FIELD_ADDED},
    {"in a group, as a text",
	{{24, CM_GROUP(" 50 0 R", "")}, {50, "<</FT/Tx/T(b)/Parent 24 0 R>>"}}, BAD,
	PDF_CHANGE_FIELD_ADDED},
    {"below a text", {{22, CM_TEXT("(1)", "/Kids[50 0 R]")}, {50, CM_NEW("0 0 0 0", "")}}, BAD,
	PDF_CHANGE_FIELD_PROPERTY},
    {"a signature that was there", {PLUS, {50, CM_NEW("41 1 49 9", "/V 40 0 R")}}, BAD,
	PDF_CHANGE_SIGNATURE_REUSED},
    {"a signature that was hidden", {PLUS, {50, CM_NEW("41 1 49 9", "/V 45 0 R")}}, BAD,
	PDF_CHANGE_SIGNATURE_REUSED},
    {"a signature written in place",
	{PLUS, {50, CM_NEW("0 0 0 0", "/V<</ByteRange[0 1 2 3]/Contents<00>>>")}}, BAD,
	PDF_CHANGE_SIGNATURE_REUSED},
    {"a signature that is none", {PLUS, {50, CM_NEW("0 0 0 0", "/V 51 0 R")}, {51, "<</A 1>>"}},
	BAD, PDF_CHANGE_SIGNATURE_REUSED},
    {"a field that was hidden", {{10, CM_FORM(" 45 0 R", "")}}, BAD, PDF_CHANGE_FIELD_REPLACED},
    {"an old name", {PLUS, {50, "<</FT/Sig/T(sum)/Rect[0 0 0 0]>>"}}, BAD,
	PDF_CHANGE_FIELD_REPLACED},
    {"two of one name",
	{{10, CM_FORM(" 50 0 R 53 0 R", "")}, {50, CM_NEW("0 0 0 0", "")},
	    {53, CM_NEW("0 0 0 0", "")}},
	BAD, PDF_CHANGE_FIELD_REPLACED},
    {"a name of two parts", {PLUS, {50, "<</FT/Sig/T(group.b)/Rect[0 0 0 0]>>"}}, BAD,
	PDF_CHANGE_FIELD_REPLACED},
    {"no name", {PLUS, {50, "<</FT/Sig/Rect[0 0 0 0]>>"}}, BAD, PDF_CHANGE_FIELD_REPLACED},
    {"an action", {PLUS, {50, CM_NEW("0 0 0 0", "/A<</S/URI>>")}}, BAD, PDF_CHANGE_ACTION},
    {"actions", {PLUS, {50, CM_NEW("0 0 0 0", "/AA<<>>")}}, BAD, PDF_CHANGE_ACTION},
    {"a key that no field has", {PLUS, {50, CM_NEW("0 0 0 0", "/Resources<<>>")}}, BAD,
	PDF_CHANGE_FIELD_ADDED},
    {"a place in place", {{10, CM_FORM("<</FT/Sig/T(third)>>", "")}}, BAD, PDF_CHANGE_FIELD_ADDED},
    {"a text", {PLUS, {50, "<</FT/Tx/T(third)>>"}}, BAD, PDF_CHANGE_FIELD_ADDED},
    {"on no page", {PLUS, {50, CM_NEW("0 0 0 0", "/P 13 0 R")}}, BAD, PDF_CHANGE_FIELD_ADDED},
    {"on two pages", {PLUS, SHOWN, {4, CM_PAGE2(" 50 0 R")}, {50, CM_NEW("41 1 49 9", "")}}, BAD,
	PDF_CHANGE_WIDGET},
    {"on a page and in no form", {SHOWN, {50, CM_NEW("41 1 49 9", "")}}, BAD, PDF_CHANGE_WIDGET},
};

static const struct cm_update there[] = {
    {"signed",
	{{21, CM_EMPTY("/V 51 0 R/AP<</N 52 0 R>>/F 132/MK<<>>/Lock<</Action/All>>")}, {51, SIGN},
	    {52, CM_DRAW("9 9 m")}},
	FORM, PDF_CHANGE_SIGNATURE_FILLED},
    {"signed elsewhere",
	{{21, "<</Type/Annot/Subtype/Widget/FT/Sig/T(second)/Rect[0 0 99 99]/P 3 0 R/V 51 0 R>>"},
	    {51, SIGN}},
	BAD, PDF_CHANGE_FIELD_PROPERTY},
    {"signed under another name",
	{{21, "<</Type/Annot/Subtype/Widget/FT/Sig/T(x)/Rect[11 1 19 9]/P 3 0 R/V 51 0 R>>"},
	    {51, SIGN}},
	BAD, PDF_CHANGE_FIELD_REPLACED},
    {"signed, its name in another encoding",
	{{21, "<</Type/Annot/Subtype/Widget/FT/Sig/T<FEFF007300650063006F006E0064>"
	      "/Rect[11 1 19 9]/P 3 0 R/V 51 0 R>>"},
	    {51, SIGN}},
	FORM, PDF_CHANGE_SIGNATURE_FILLED},
    {"signed, nearly its name in another encoding",
	{{21, "<</Type/Annot/Subtype/Widget/FT/Sig/T<FEFF007300650063006F006E0065>"
	      "/Rect[11 1 19 9]/P 3 0 R/V 51 0 R>>"},
	    {51, SIGN}},
	BAD, PDF_CHANGE_FIELD_REPLACED},
    {"signed, with a stream for a picture's list",
	{{21, CM_EMPTY("/V 51 0 R/AP 13 0 R")}, {51, SIGN}}, BAD, PDF_CHANGE_FIELD_PROPERTY},
    {"signed with what was there", {{21, CM_EMPTY("/V 40 0 R")}}, BAD, PDF_CHANGE_SIGNATURE_REUSED},
    {"signed with what was hidden", {{21, CM_EMPTY("/V 45 0 R")}}, BAD,
	PDF_CHANGE_SIGNATURE_REUSED},
    {"a lock", {{21, CM_EMPTY("/Lock<</Action/All>>")}}, FORM, PDF_CHANGE_FIELD_PROPERTY},
    {"a picture before it is signed", {{21, CM_EMPTY("/AP<</N 13 0 R>>")}}, NOTE,
	PDF_CHANGE_FIELD_PROPERTY},
    {"an action for who signs", {{21, CM_EMPTY("/AA<<>>")}}, BAD, PDF_CHANGE_ACTION},
    {"locked after signing", {{20, CM_SIGNED("/F 132/Ff 1")}}, LTA, PDF_CHANGE_BOOKKEEPING},
    {"hidden after signing", {{20, CM_SIGNED("/F 2")}}, BAD, PDF_CHANGE_SIGNED_FIELD},
    {"another stamp", {{41, CM_DRAW("9 9 m")}}, BAD, PDF_CHANGE_SIGNED_FIELD},
    {"a stamp elsewhere",
	{{20, "<</Type/Annot/Subtype/Widget/FT/Sig/T(first)/Rect[1 1 9 99]/P 3 0 R/V 40 0 R"
	      "/AP<</N 41 0 R>>>>"}},
	BAD, PDF_CHANGE_SIGNED_FIELD},
    {"no signature any more",
	{{20, "<</Type/Annot/Subtype/Widget/FT/Sig/T(first)/Rect[1 1 9 9]/P 3 0 R"
	      "/AP<</N 41 0 R>>>>"}},
	BAD, PDF_CHANGE_SIGNED_FIELD},
    {"a value", {{22, CM_TEXT("(2)", "")}, {42, CM_DRAW("9 9 m")}}, FORM, PDF_CHANGE_FIELD_VALUE},
    {"a value's picture", {{42, CM_DRAW("9 9 m")}}, FORM, PDF_CHANGE_FIELD_VALUE},
    {"a value that is a picture", {{22, CM_TEXT(" 13 0 R", "")}}, BAD, PDF_CHANGE_FIELD_VALUE},
    {"a value in a group", {{25, CM_NAME("(b)", "")}}, FORM, PDF_CHANGE_FIELD_VALUE},
    {"a value hidden", {{22, CM_TEXT("(1)", "/F 2")}}, FORM, PDF_CHANGE_FIELD_PROPERTY},
    {"a value, its field's name in another encoding",
	{{22, "<</Type/Annot/Subtype/Widget/FT/Tx/T<FEFF00730075006D>/Rect[21 1 29 9]/P 3 0 R/V(2)"
	      "/AP<</N 42 0 R>>>>"}},
	FORM, PDF_CHANGE_FIELD_VALUE},
    {"a border for a value", {{22, CM_TEXT("(1)", "/BS<</W 1/S/S>>")}}, FORM,
	PDF_CHANGE_FIELD_PROPERTY},
    {"a border as wide as the page", {{22, CM_TEXT("(1)", "/BS<</W 99>>")}}, BAD,
	PDF_CHANGE_FIELD_PROPERTY},
    {"more than a border", {{22, CM_TEXT("(1)", "/BS<</W 1/A(x)>>")}}, BAD,
	PDF_CHANGE_FIELD_PROPERTY},
    {"a tooltip", {{22, CM_TEXT("(1)", "/TU(x)")}}, BAD, PDF_CHANGE_FIELD_PROPERTY},
    {"a value elsewhere",
	{{22, "<</Type/Annot/Subtype/Widget/FT/Tx/T(sum)/Rect[21 1 99 9]/P 3 0 R/V(1)"
	      "/AP<</N 42 0 R>>>>"}},
	BAD, PDF_CHANGE_FIELD_PROPERTY},
    {"a value of another kind",
	{{22, "<</Type/Annot/Subtype/Widget/FT/Ch/T(sum)/Rect[21 1 29 9]/P 3 0 R/V(1)"
	      "/AP<</N 42 0 R>>>>"}},
	BAD, PDF_CHANGE_FIELD_REPLACED},
    {"a script for a value", {{22, CM_TEXT("(1)", "/AA<<>>")}}, BAD, PDF_CHANGE_ACTION},
    {"half an action for a value", {{22, CM_TEXT("(1)", "/F(a)")}}, BAD, PDF_CHANGE_FIELD_PROPERTY},
    {"a group's name", {{24, "<</T(other)/Kids[25 0 R]>>"}}, BAD, PDF_CHANGE_FIELD_REPLACED},
    {"a group's value", {{24, CM_GROUP("", "/V(1)")}}, BAD, PDF_CHANGE_FIELD_PROPERTY},
    {"a group without its field", {{24, "<</T(group)/Kids[]>>"}}, BAD, PDF_CHANGE_FIELD_REMOVED},
    {"a field less",
	{{10, "<</Fields[20 0 R 21 0 R 24 0 R]/SigFlags 1/DA(/F1 9 Tf)/DR<</Font<</F1 12 0 R>>"
	      "/XObject<</X 13 0 R>>>>>>"}},
	BAD, PDF_CHANGE_FIELD_REMOVED},
    {"a field for another",
	{{10, "<</Fields[20 0 R 21 0 R 50 0 R 24 0 R]/SigFlags 1/DA(/F1 9 Tf)/DR<</Font<</F1 12 0 R"
	      ">>/XObject<</X 13 0 R>>>>>>"},
	    {50, "<</FT/Sig/T(sum)/Rect[0 0 0 0]>>"}},
	BAD, PDF_CHANGE_FIELD_REPLACED},
    {"a field that is gone", {{22, "null"}}, BAD, PDF_CHANGE_FIELD_REMOVED},
    {"fields in another order",
	{{10, "<</Fields[24 0 R 21 0 R 20 0 R 22 0 R]/SigFlags 1/DA(/F1 9 Tf)/DR<</Font<</F1 12 0 R"
	      ">>/XObject<</X 13 0 R>>>>>>"}},
	LTA, PDF_CHANGE_BOOKKEEPING},
    {"flags of the form",
	{{10, "<</Fields[20 0 R 21 0 R 22 0 R 24 0 R]/SigFlags 3/DA(/F1 9 Tf)/DR<</Font<</F1 12 0 R"
	      ">>/XObject<</X 13 0 R>>>>>>"}},
	LTA, PDF_CHANGE_BOOKKEEPING},
    {"no flags of the form",
	{{10, "<</Fields[20 0 R 21 0 R 22 0 R 24 0 R]/DA(/F1 9 Tf)/DR<</Font<</F1 12 0 R"
	      ">>/XObject<</X 13 0 R>>>>>>"}},
	BAD, PDF_CHANGE_FORM},
    {"pictures from values", {{10, CM_FORM("", "/NeedAppearances true")}}, FORM, PDF_CHANGE_FORM},
    {"a font more",
	{{10, "<</Fields[20 0 R 21 0 R 22 0 R 24 0 R]/SigFlags 1/DA(/F1 9 Tf)/DR<</Font<</F1 12 0 R"
	      "/F2 50 0 R>>/XObject<</X 13 0 R>>>>>>"},
	    {50, CM_FONT}},
	FORM, PDF_CHANGE_FORM},
    {"a font for another",
	{{10, "<</Fields[20 0 R 21 0 R 22 0 R 24 0 R]/SigFlags 1/DA(/F1 9 Tf)/DR<</Font<</F1 50 0 R"
	      ">>/XObject<</X 13 0 R>>>>>>"},
	    {50, "<</Type/Font/BaseFont/Symbol>>"}},
	BAD, PDF_CHANGE_FORM},
    {"a picture for another",
	{{10, "<</Fields[20 0 R 21 0 R 22 0 R 24 0 R]/SigFlags 1/DA(/F1 9 Tf)/DR<</Font<</F1 12 0 R"
	      ">>/XObject<</X 50 0 R>>>>>>"},
	    {50, CM_DRAW("9 9 m")}},
	FORM, PDF_CHANGE_FORM},
    {"XFA", {{10, CM_FORM("", "/XFA[(a)]")}}, BAD, PDF_CHANGE_XFA},
    {"order of calculation", {{10, CM_FORM("", "/CO[22 0 R]")}}, BAD, PDF_CHANGE_FORM},
};

/* A form comes with its first field: what it says of fields that are none means nothing. */
static void
first_form(void **state)
{
	struct pdf_survey s;
	struct arena *arena;
	struct pm m;

	(void)state;
	pm_init(&m);
	pm_page(&m);
	pm_obj(&m, 1, "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[5 0 R]>>>>");
	pm_obj(&m, 5, "<</FT/Sig/T(a)/V 6 0 R>>");
	pm_sig(&m, 6, "/SubFilter/ETSI.CAdES.detached");
	pm_end(&m, "");
	pm_obj(&m, 1,
	    "<</Type/Catalog/Pages 2 0 R/Version/2.0/AcroForm<</Fields[5 0 R]/DA(/F 0 Tf)"
	    "/DR<</Font<<>>>>>>>>");
	pm_end(&m, "");
	arena = pm_survey(&m, &s);
	assert_int_equal(s.sigs[0].modification, FORM);
	assert_int_equal(s.sigs[0].nchanges, 2);
	assert_int_equal(s.sigs[0].changes[0].level, FORM);
	assert_int_equal(s.sigs[0].changes[0].kind, PDF_CHANGE_BOOKKEEPING);
	assert_int_equal(s.sigs[0].changes[1].level, LTA);
	arena_free(arena);
	buf_clear(&m.b);
}

/* More than can be told is not harmless. */
static void
too_many(void **state)
{
	static char annots[120000];
	struct pdf_survey s;
	struct arena *arena;
	size_t i, n;
	struct pm m;

	(void)state;
	pm_signed(&m, "/SubFilter/ETSI.CAdES.detached");
	n = (size_t)snprintf(annots, sizeof(annots),
	    "<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]"
	    "/Contents 4 0 R/Annots[5 0 R");
	for (i = 0; i < 4500; i++)
		n +=
		    (size_t)snprintf(annots + n, sizeof(annots) - n, "<</Rect[0 0 %zu 9]>>", i + 1);
	(void)snprintf(annots + n, sizeof(annots) - n, "]>>");
	pm_obj(&m, 3, annots);
	pm_end(&m, "");
	arena = pm_survey(&m, &s);
	assert_int_equal(s.sigs[0].modification, PDF_MOD_OTHER);
	assert_int_equal(s.sigs[0].changes[0].level, PDF_MOD_OTHER);
	arena_free(arena);
	buf_clear(&m.b);
}

static void
fields_added(void **state)
{
	(void)state;
	cm_table(added, nitems(added));
}

static void
fields_there(void **state)
{
	(void)state;
	cm_table(there, nitems(there));
}

/* --- what is asked again for each signature --- */

struct revision {
	struct cm_object objs[6];
};

/* The change of this kind that the oldest signature tells, after some revisions. */
static struct pdf_change
told(const struct revision *v, size_t n, enum pdf_change_kind kind, struct arena **arena)
{
	struct pdf_change none;
	struct pdf_sig *g;
	struct pm m;
	size_t i;

	cm_letter(&m);
	for (i = 0; i < n; i++)
		cm_revision(&m, v[i].objs, nitems(v[i].objs));
	g = cm_judge(&m, arena);
	buf_clear(&m.b);
	for (i = 0; i < g->nchanges; i++) {
		if (g->changes[i].kind == kind)
			return g->changes[i];
	}
	memset(&none, 0, sizeof(none));
	fail_msg("kind %d is not told", (int)kind);
	return none;
}

/* Names, places, and whether something may be covered. */
static void
covering(void **state)
{
	static const struct {
		struct revision v[2];
		enum pdf_change_kind kind;
		const char *field;
		bool exempt, visible, covers;
	} rows[] = {
	    {{{{{21, CM_EMPTY("/V 51 0 R")}, {51, SIGN}}}}, PDF_CHANGE_SIGNATURE_FILLED, "second",
		false, true, false},
	    {{{{PLUS, SHOWN, {50, CM_NEW("41 1 49 9", "/V 51 0 R")}, {51, SIGN}}}},
		PDF_CHANGE_SIGNATURE_ADDED, "third", false, true, true},
	    {{{{PLUS, SHOWN, {50, CM_NEW("0 0 0 0", "/V 51 0 R")}, {51, SIGN}}}},
		PDF_CHANGE_SIGNATURE_ADDED, "third", false, false, false},
	    {{{{PLUS, SHOWN, {50, CM_NEW("41 1 49 9", "/F 2/V 51 0 R")}, {51, SIGN}}}},
		PDF_CHANGE_SIGNATURE_ADDED, "third", false, false, false},
	    {{{{PLUS, SHOWN, {50, CM_NEW("0 0 0 0", "/V 51 0 R")}, {51, STAMP}}}},
		PDF_CHANGE_TIMESTAMP_ADDED, "third", true, false, false},
	    /* A place of one revision is signed in the next. */
	    {{{{PLUS, SHOWN, {50, CM_NEW("41 1 49 9", "")}}},
		 {{{50, CM_NEW("41 1 49 9", "/V 51 0 R")}, {51, SIGN}}}},
		PDF_CHANGE_SIGNATURE_FILLED, "third", false, true, true},
	    {{{{{22, CM_TEXT("(2)", "")}}}}, PDF_CHANGE_FIELD_VALUE, "sum", false, true, false},
	    {{{{{25, CM_NAME("(2)", "")}}}}, PDF_CHANGE_FIELD_VALUE, "group.name", false, true,
		false},
	    /* What was hidden and then shows may cover. */
	    {{{{{22, CM_TEXT("(1)", "/F 2")}}}, {{{22, CM_TEXT("(1)", "")}}}},
		PDF_CHANGE_FIELD_PROPERTY, "sum", false, false, false},
	};
	struct arena *arena;
	struct pdf_change c;
	size_t i;

	(void)state;
	for (i = 0; i < nitems(rows); i++) {
		c = told(rows[i].v, rows[i].v[1].objs[0].num == 0 ? 1 : 2, rows[i].kind, &arena);
		assert_string_equal(c.field, rows[i].field);
		assert_int_equal(c.lock_exempt, rows[i].exempt);
		assert_int_equal(c.visible, rows[i].visible);
		assert_int_equal(c.may_cover, rows[i].covers);
		if (c.visible) {
			assert_true(c.place.has_rect);
			assert_int_equal(c.place.page, rows[i].field[0] == 'g' ? 2 : 1);
		}
		arena_free(arena);
	}
}

/* What does not stay in its rectangle may cover all of the page, also in a place to sign. */
static void
anywhere(void **state)
{
	static const struct {
		const char *keys;
		bool loose;
	} rows[] = {{"/BBox[0 0 9 9]", false}, {"/BBox[0 0 9000 9000]/Matrix[0 1 -1 0 9 9]", false},
	    {"/BBox[0 0 9 9]/Matrix[0 0 0 0 0 0]", true},
	    {"/BBox[0 0 9 9]/Matrix[1 1 1 1 0 0]", true},
	    {"/BBox[0 0 9 9]/Matrix[1 1 1 1.00000000000000022 0 0]", true},
	    {"/BBox[0 0 9 9]/Matrix[(a) 0 0 1 0 0]", true},
	    {"/BBox[0 0 9 9]/Matrix[0 0]", false}, /* none: it is drawn as it is */
	    {"/BBox[0 0 99999999999999999 99999999999999999]", true}};
	struct arena *arena;
	struct pdf_change c;
	char text[256];
	size_t i, k;

	(void)state;
	for (i = 0; i < nitems(rows); i++) {
		snprintf(text, sizeof(text),
		    "<</Type/XObject/Subtype/Form%s/Length 5>>\nstream\n9 9 m\nendstream",
		    rows[i].keys);
		for (k = 0; k < 2; k++) {
			const struct revision v[2] = {
			    {{PLUS, SHOWN, {50, CM_NEW("41 1 49 9", "/V 51 0 R/AP<</N 52 0 R>>")},
				{51, SIGN}, {52, text}}},
			    {{{21, CM_EMPTY("/V 51 0 R/AP<</N 52 0 R>>")}, {51, SIGN},
				{52, text}}}};

			c = told(&v[k], 1,
			    k == 0 ? PDF_CHANGE_SIGNATURE_ADDED : PDF_CHANGE_SIGNATURE_FILLED,
			    &arena);
			assert_true(c.visible);
			if (c.place.has_rect == rows[i].loose)
				fail_msg("%s, %zu", rows[i].keys, k);
			assert_int_equal(c.may_cover, rows[i].loose || k == 0);
			arena_free(arena);
		}
	}
}

/* A widget that was on no page: what it shows is new to who has signed. */
static void
brought_to_light(void **state)
{
	static const struct {
		const char *field;
		enum pdf_modification level;
		enum pdf_change_kind kind;
	} rows[] = {
	    {"<</Subtype/Widget/FT/Sig/T(x)/Rect[1 1 9 9]>>", FORM,
		PDF_CHANGE_SIGNATURE_FIELD_ADDED},
	    {"<</Subtype/Widget/FT/Sig/T(x)/Rect[1 1 9 9]/AP<</N 4 0 R>>>>", NOTE,
		PDF_CHANGE_WIDGET},
	    {"<</Subtype/Widget/FT/Tx/T(x)/Rect[1 1 9 9]/AP<</N 4 0 R>>>>", NOTE,
		PDF_CHANGE_WIDGET},
	    {"<</Subtype/Widget/FT/Tx/T(x)/Rect[0 0 0 0]>>", FORM, PDF_CHANGE_WIDGET},
	};
	struct pdf_survey s;
	struct arena *arena;
	struct pm m;
	size_t i;

	(void)state;
	for (i = 0; i < nitems(rows); i++) {
		pm_init(&m);
		pm_page(&m);
		pm_obj(&m, 1, "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[5 0 R 7 0 R]>>>>");
		pm_obj(&m, 5, "<</FT/Sig/T(a)/V 6 0 R>>");
		pm_obj(&m, 7, rows[i].field);
		pm_sig(&m, 6, "/SubFilter/ETSI.CAdES.detached");
		pm_end(&m, "");
		pm_obj(&m, 3,
		    "<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Contents 4 0 R/Annots[7 0 R]>>");
		pm_end(&m, "");
		arena = pm_survey(&m, &s);
		assert_int_equal(s.sigs[0].modification, rows[i].level);
		assert_int_equal(s.sigs[0].changes[0].kind, rows[i].kind);
		assert_int_equal(s.sigs[0].changes[0].may_cover, i < 3);
		assert_int_equal(s.sigs[0].changes[0].place.page, 1);
		arena_free(arena);
		buf_clear(&m.b);
	}
}

/* A field is at the same time what a page or the document takes something else from. */
static void
double_duty(void **state)
{
	static const struct {
		const char *page, *catalog, *before, *after;
		enum pdf_modification level;
	} rows[] = {
	    /* The page's colours, pictures, content. */
	    {"/Contents 4 0 R", "", "<</FT/Tx/T(x)/V(1)>>", "<</FT/Tx/T(x)/V(2)>>", FORM},
	    {"/Resources 7 0 R", "", "<</FT/Tx/T(x)/V(1)>>", "<</FT/Tx/T(x)/V(2)>>", BAD},
	    {"/Resources<</XObject 7 0 R>>", "", "<</FT/Tx/T(x)>>",
		"<</FT/Tx/T(x)/AP<</N 4 0 R>>>>", BAD},
	    {"/Resources<</ExtGState<</MK 7 0 R>>>>", "", "<</FT/Tx/T(x)>>",
		"<</FT/Tx/T(x)/MK<</CA 0>>>>", BAD},
	    /* An action, a file. */
	    {"", "/OpenAction 7 0 R", "<</FT/Tx/T(x)/S/Launch/F(a)>>",
		"<</FT/Tx/T(x)/S/Launch/F(b)>>", BAD},
	    {"", "/OpenAction 7 0 R", "<</FT/Tx/T(x)/S/JavaScript/JS(a)>>",
		"<</FT/Tx/T(x)/S/JavaScript/JS(b)>>", BAD},
	    {"", "/AF[7 0 R]", "<</FT/Tx/T(x)/F(a)>>", "<</FT/Tx/T(x)/F(b)>>", BAD},
	};
	char page[200], catalog[200];
	struct pdf_survey s;
	struct arena *arena;
	struct pm m;
	size_t i;

	(void)state;
	for (i = 0; i < nitems(rows); i++) {
		(void)snprintf(page, sizeof(page), "<</Type/Page/Parent 2 0 R%s>>", rows[i].page);
		(void)snprintf(catalog, sizeof(catalog),
		    "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[5 0 R 7 0 R]>>%s>>",
		    rows[i].catalog);
		pm_init(&m);
		pm_page(&m);
		pm_obj(&m, 1, catalog);
		pm_obj(&m, 3, page);
		pm_obj(&m, 5, "<</FT/Sig/T(a)/V 6 0 R>>");
		pm_obj(&m, 7, rows[i].before);
		pm_sig(&m, 6, "/SubFilter/ETSI.CAdES.detached");
		pm_end(&m, "");
		pm_obj(&m, 7, rows[i].after);
		pm_end(&m, "");
		arena = pm_survey(&m, &s);
		if (s.sigs[0].modification != rows[i].level)
			fail_msg("%zu: level %d", i, (int)s.sigs[0].modification);
		arena_free(arena);
		buf_clear(&m.b);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(fields_added),
	    cmocka_unit_test(first_form),
	    cmocka_unit_test(too_many),
	    cmocka_unit_test(fields_there),
	    cmocka_unit_test(covering),
	    cmocka_unit_test(anywhere),
	    cmocka_unit_test(brought_to_light),
	    cmocka_unit_test(double_duty),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
