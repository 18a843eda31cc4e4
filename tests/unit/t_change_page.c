/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a later revision does to pages, annotations, structure and catalog: the allowed beside the
 * forbidden. */
#include "changemake.h"

#define LTA  PDF_MOD_LTA_UPDATES
#define FORM PDF_MOD_FORM_FILLING
#define NOTE PDF_MOD_ANNOTATIONS
#define BAD  PDF_MOD_OTHER

static const struct cm_update pages[] = {
    {"the same again", {{5, CM_STREAM("0 0 m")}}, LTA, PDF_CHANGE_BOOKKEEPING},
    {"other content", {{5, CM_STREAM("1 0 m")}}, BAD, PDF_CHANGE_PAGE_CONTENT},
    {"content in a list", {{3, CM_PAGE("", "/Contents[5 0 R]")}}, BAD, PDF_CHANGE_PAGE_PROPERTY},
    {"the same font elsewhere",
	{{3, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Contents 5 0 R/StructParents "
	     "0/Resources"
	     "<</Font<</F1 50 0 R>>/XObject<</X 13 0 R>>>>/Annots[20 0 R 21 0 R 22 0 R 23 0 R]>>"},
	    {50, CM_FONT}},
	LTA, PDF_CHANGE_BOOKKEEPING},
    {"another font", {{12, "<</Type/Font/Subtype/Type1/BaseFont/Symbol>>"}}, BAD,
	PDF_CHANGE_PAGE_RESOURCE},
    {"another picture", {{13, CM_DRAW("9 2 m")}}, BAD, PDF_CHANGE_PAGE_RESOURCE},
    {"no picture", {{13, "null"}}, BAD, PDF_CHANGE_PAGE_RESOURCE},
    {"numbers of a box",
	{{3, "<</Type/Page/Parent 2 0 R/MediaBox[0.0 0. 99 99.00]/Contents 5 0 R/StructParents "
	     "0/Resources"
	     "<</Font<</F1 12 0 R>>/XObject<</X 13 0 R>>>>/Annots[20 0 R 21 0 R 22 0 R 23 0 R]>>"}},
	LTA, PDF_CHANGE_BOOKKEEPING},
    {"a box a little larger",
	{{3, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99.01]/Contents 5 0 R/StructParents "
	     "0/Resources"
	     "<</Font<</F1 12 0 R>>/XObject<</X 13 0 R>>>>/Annots[20 0 R 21 0 R 22 0 R 23 0 R]>>"}},
	BAD, PDF_CHANGE_PAGE_PROPERTY},
    /* Readers that want a whole number there see another picture. */
    {"numbers of a picture",
	{{13, "<</Type/XObject/Subtype/Form/BBox[0 0 9.0 9]/Length 5>>\nstream\n0 2 m\nendstream"}},
	BAD, PDF_CHANGE_PAGE_RESOURCE},
    {"nothing that is there", {{12, "<</Type/Font/Subtype/Type1/BaseFont/Courier/Encoding null>>"}},
	BAD, PDF_CHANGE_PAGE_RESOURCE},
    {"a page that has null kids", {{3, CM_PAGE("", "/Kids null")}}, BAD, PDF_CHANGE_UNREADABLE},
    {"turned", {{3, CM_PAGE("", "/Rotate 90")}}, BAD, PDF_CHANGE_PAGE_PROPERTY},
    {"a developer's key", {{3, CM_PAGE("", "/ITXT(1)")}}, LTA, PDF_CHANGE_BOOKKEEPING},
    {"a key that leads somewhere", {{3, CM_PAGE("", "/ITXT 13 0 R")}}, BAD,
	PDF_CHANGE_PAGE_PROPERTY},
    {"a key that may be one of the standard", {{3, CM_PAGE("", "/JS(app.alert)")}}, BAD,
	PDF_CHANGE_PAGE_PROPERTY},
    {"order of tabs", {{3, CM_PAGE("", "/Tabs/S")}}, FORM, PDF_CHANGE_STRUCTURE},
    {"an action of the page", {{3, CM_PAGE("", "/AA<</O<</S/JavaScript>>>>")}}, BAD,
	PDF_CHANGE_ACTION},
    {"a file of the page", {{3, CM_PAGE("", "/AF[<</F(a)>>]")}}, BAD, PDF_CHANGE_ATTACHMENT},
    {"the first page again", {{2, "<</Type/Pages/Kids[3 0 R 4 0 R]/Count 2/ADBE_x 1>>"}}, LTA,
	PDF_CHANGE_BOOKKEEPING},
    {"pages in another order", {{2, "<</Type/Pages/Kids[4 0 R 3 0 R]/Count 2>>"}}, BAD,
	PDF_CHANGE_PAGES_REARRANGED},
    {"one page less", {{2, "<</Type/Pages/Kids[3 0 R]/Count 1>>"}}, BAD, PDF_CHANGE_PAGE_REMOVED},
    {"one page more",
	{{2, "<</Type/Pages/Kids[3 0 R 4 0 R 50 0 R]/Count 3>>"},
	    {50, "<</Type/Page/Parent 2 0 R>>"}},
	BAD, PDF_CHANGE_PAGE_ADDED},
    {"a page given as another",
	{{2, "<</Type/Pages/Kids[3 0 R 50 0 R]/Count 2>>"}, {50, CM_PAGE2("")}}, BAD,
	PDF_CHANGE_PAGE_ADDED},
    {"what all pages inherit", {{2, "<</Type/Pages/Kids[3 0 R 4 0 R]/Count 2/Resources<<>>>>"}},
	BAD, PDF_CHANGE_PAGE_RESOURCE},
    {"no tree", {{2, "null"}}, BAD, PDF_CHANGE_UNREADABLE},
};

static const struct cm_update annots[] = {
    {"the list as an object",
	{{3, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Contents 5 0 R/StructParents "
	     "0/Resources"
	     "<</Font<</F1 12 0 R>>/XObject<</X 13 0 R>>>>/Annots 50 0 R>>"},
	    {50, "[20 0 R 21 0 R 22 0 R 23 0 R]"}},
	LTA, PDF_CHANGE_BOOKKEEPING},
    {"the list is no list",
	{{3,
	    "<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Contents 5 0 R/StructParents 0/Resources"
	    "<</Font<</F1 12 0 R>>/XObject<</X 13 0 R>>>>/Annots 20 0 R>>"}},
	BAD, PDF_CHANGE_PAGE_PROPERTY},
    {"a note more", {{3, CM_PAGE(" 50 0 R", "")}, {50, CM_NOTE("(b)", "")}}, NOTE,
	PDF_CHANGE_ANNOTATION_ADDED},
    {"a note in place", {{3, CM_PAGE("<</Subtype/Stamp/Rect[0 0 9 9]>>", "")}}, NOTE,
	PDF_CHANGE_ANNOTATION_ADDED},
    {"a note of no kind", {{3, CM_PAGE(" 50 0 R", "")}, {50, "<</Rect[0 0 9 9]>>"}}, NOTE,
	PDF_CHANGE_ANNOTATION_ADDED},
    {"a note that leads to a place",
	{{3, CM_PAGE(" 50 0 R", "")}, {50, CM_NOTE("(b)", "/A<</S/URI/URI(a)>>")}}, NOTE,
	PDF_CHANGE_ANNOTATION_ADDED},
    {"a note that runs something",
	{{3, CM_PAGE(" 50 0 R", "")}, {50, CM_NOTE("(b)", "/A<</S/JavaScript/JS(a)>>")}}, BAD,
	PDF_CHANGE_ACTION},
    {"a note that runs something next",
	{{3, CM_PAGE(" 50 0 R", "")},
	    {50, CM_NOTE("(b)", "/A<</S/URI/URI(a)/Next<</S/Launch>>>>")}},
	BAD, PDF_CHANGE_ACTION},
    {"a note that runs something when seen",
	{{3, CM_PAGE(" 50 0 R", "")}, {50, CM_NOTE("(b)", "/AA<<>>")}}, BAD, PDF_CHANGE_ACTION},
    {"a file on the page",
	{{3, CM_PAGE(" 50 0 R", "")}, {50, "<</Subtype/FileAttachment/Rect[0 0 9 9]>>"}}, NOTE,
	PDF_CHANGE_ATTACHMENT},
    {"a film on the page",
	{{3, CM_PAGE(" 50 0 R", "")}, {50, "<</Subtype/RichMedia/Rect[0 0 9 9]>>"}}, BAD,
	PDF_CHANGE_ACTION},
    {"a widget of no field",
	{{3, CM_PAGE(" 50 0 R", "")}, {50, "<</Subtype/Widget/Rect[0 0 9 9]>>"}}, BAD,
	PDF_CHANGE_WIDGET},
    {"a widget in place", {{3, CM_PAGE("<</Subtype/Widget/Rect[0 0 9 9]>>", "")}}, BAD,
	PDF_CHANGE_WIDGET},
    {"a widget on two pages", {{3, CM_PAGE(" 25 0 R", "")}}, BAD, PDF_CHANGE_WIDGET},
    {"a widget again, on top", {{3, CM_PAGE(" 20 0 R", "")}}, NOTE, PDF_CHANGE_ANNOTATION_CHANGED},
    {"another note", {{23, CM_NOTE("(b)", "")}}, NOTE, PDF_CHANGE_ANNOTATION_CHANGED},
    {"a note with a picture", {{23, CM_NOTE("(a)", "/AP<</N 13 0 R>>")}}, NOTE,
	PDF_CHANGE_ANNOTATION_CHANGED},
    {"a note with a script", {{23, CM_NOTE("(a)", "/A<</S/JavaScript>>")}}, BAD, PDF_CHANGE_ACTION},
    {"a note that is an action, too", {{23, CM_NOTE("(a)", "/JS(app.alert)")}}, BAD,
	PDF_CHANGE_ANNOTATION_CHANGED},
    {"a note that becomes a widget", {{23, "<</Subtype/Widget/Rect[31 1 39 9]/Contents(a)>>"}}, BAD,
	PDF_CHANGE_WIDGET},
    {"no note",
	{{3,
	    "<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Contents 5 0 R/StructParents 0/Resources"
	    "<</Font<</F1 12 0 R>>/XObject<</X 13 0 R>>>>/Annots[20 0 R 21 0 R 22 0 R]>>"}},
	NOTE, PDF_CHANGE_ANNOTATION_REMOVED},
    {"no widget",
	{{3,
	    "<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Contents 5 0 R/StructParents 0/Resources"
	    "<</Font<</F1 12 0 R>>/XObject<</X 13 0 R>>>>/Annots[20 0 R 22 0 R 23 0 R]>>"}},
	BAD, PDF_CHANGE_WIDGET},
    {"no list", {{4, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Contents 6 0 R>>"}}, BAD,
	PDF_CHANGE_WIDGET},
    {"another on top",
	{{3,
	    "<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Contents 5 0 R/StructParents 0/Resources"
	    "<</Font<</F1 12 0 R>>/XObject<</X 13 0 R>>>>/Annots[21 0 R 20 0 R 22 0 R 23 0 R]>>"}},
	NOTE, PDF_CHANGE_ANNOTATION_CHANGED},
};

static const struct cm_update catalog[] = {
    {"nothing", {{0, NULL}}, LTA, PDF_CHANGE_BOOKKEEPING},
    {"version", {{1, CM_CATALOG("/Version/2.0")}}, LTA, PDF_CHANGE_BOOKKEEPING},
    {"a version that is none", {{1, CM_CATALOG("/Version 13 0 R")}}, BAD, PDF_CHANGE_CATALOG},
    {"a developer's key", {{1, CM_CATALOG("/ITXT(1)")}}, LTA, PDF_CHANGE_BOOKKEEPING},
    {"half an action", {{1, CM_CATALOG("/JS(app.alert)")}}, BAD, PDF_CHANGE_CATALOG},
    {"an action", {{1, CM_CATALOG("/OpenAction<</S/Named/N/Print>>")}}, BAD, PDF_CHANGE_ACTION},
    {"actions", {{1, CM_CATALOG("/AA<<>>")}}, BAD, PDF_CHANGE_ACTION},
    {"scripts", {{1, CM_CATALOG("/Names<</JavaScript<</Names[]>>>>")}}, BAD, PDF_CHANGE_ACTION},
    {"files", {{1, CM_CATALOG("/Names<</EmbeddedFiles<</Names[]>>>>")}}, BAD,
	PDF_CHANGE_ATTACHMENT},
    {"pictures of annotations", {{1, CM_CATALOG("/Names<</AP<</Names[]>>>>")}}, NOTE,
	PDF_CHANGE_ANNOTATION_ADDED},
    {"places", {{1, CM_CATALOG("/Names<</Dests<</Names[]>>>>")}}, BAD, PDF_CHANGE_CATALOG},
    {"names that are none", {{1, CM_CATALOG("/Names[1]")}}, BAD, PDF_CHANGE_CATALOG},
    {"layers", {{1, CM_CATALOG("/OCProperties<<>>")}}, BAD, PDF_CHANGE_LAYERS},
    {"permissions", {{1, CM_CATALOG("/Perms<</DocMDP 40 0 R>>")}}, BAD, PDF_CHANGE_CATALOG},
    {"an outline", {{1, CM_CATALOG("/Outlines<<>>")}}, BAD, PDF_CHANGE_CATALOG},
    {"metadata", {{1, CM_CATALOG("/Metadata 50 0 R")}, {50, CM_STREAM("<x/> ")}}, LTA,
	PDF_CHANGE_METADATA},
    {"metadata that is a picture", {{1, CM_CATALOG("/Metadata 13 0 R")}}, BAD, PDF_CHANGE_METADATA},
    {"no form", {{1, "<</Type/Catalog/Pages 2 0 R/StructTreeRoot 30 0 R>>"}}, BAD, PDF_CHANGE_FORM},
    {"validation data",
	{{1, CM_CATALOG("/DSS<</Certs[50 0 R]>>")}, {50, CM_STREAM("0\x03\x02\x01\x05")}}, LTA,
	PDF_CHANGE_EVIDENCE_ADDED},
    {"validation data that is none",
	{{1, CM_CATALOG("/DSS<</Certs[50 0 R]>>")}, {50, CM_STREAM("hello")}}, BAD,
	PDF_CHANGE_EVIDENCE_REMOVED},
    {"an element for a new field",
	{{1, CM_CATALOG("")}, {30, CM_TREE("/ParentTreeNextKey 2")}, {31, CM_ELEM(" 50 0 R", "")},
	    {32, "<</Nums[0[31 0 R] 1 50 0 R]>>"},
	    {50, "<</Type/StructElem/S/Form/P 31 0 R/K<</Type/OBJR/Obj 20 0 R>>>>"}},
	FORM, PDF_CHANGE_STRUCTURE},
    {"an element for what the page says",
	{{31, CM_ELEM(" 50 0 R", "")}, {50, "<</Type/StructElem/S/P/P 31 0 R/Pg 3 0 R/K 7>>"}}, BAD,
	PDF_CHANGE_OTHER},
    {"an element with words",
	{{31, CM_ELEM(" 50 0 R", "")}, {50, "<</Type/StructElem/S/Span/P 31 0 R/ActualText(a)>>"}},
	BAD, PDF_CHANGE_OTHER},
    {"an element that was hidden", {{31, CM_ELEM(" 45 0 R", "")}}, BAD, PDF_CHANGE_OTHER},
    {"an element less", {{31, "<</Type/StructElem/S/Document/P 30 0 R/Pg 3 0 R/K[]>>"}}, BAD,
	PDF_CHANGE_OTHER},
    {"other words for an element", {{31, CM_ELEM("", "/ActualText(a)")}}, BAD, PDF_CHANGE_OTHER},
    {"roles", {{30, CM_TREE("/RoleMap<</A/P>>")}}, FORM, PDF_CHANGE_STRUCTURE},
    {"no structure", {{1, "<</Type/Catalog/Pages 2 0 R/AcroForm 10 0 R>>"}}, BAD, PDF_CHANGE_OTHER},
};

static void
of_pages(void **state)
{
	(void)state;
	cm_table(pages, nitems(pages));
}

static void
of_annotations(void **state)
{
	(void)state;
	cm_table(annots, nitems(annots));
}

static void
of_the_catalog(void **state)
{
	(void)state;
	cm_table(catalog, nitems(catalog));
}

/* The trailer's own keys, and where a change was made. */
static void
of_the_trailer(void **state)
{
	static const struct {
		const char *key;
		enum pdf_modification level;
		enum pdf_change_kind kind;
	} keys[] = {
	    {"/ID[<00><01>]", LTA, PDF_CHANGE_BOOKKEEPING},
	    {"/AuthCode<</MACLocation/AttachedToSig/SigObjRef 6 0 R>>", LTA,
		PDF_CHANGE_BOOKKEEPING},
	    {"/Info 50 0 R", LTA, PDF_CHANGE_METADATA},
	    {"/Other 1", BAD, PDF_CHANGE_OTHER},
	};
	struct arena *arena;
	struct pdf_sig *g;
	struct pm m;
	size_t i;

	(void)state;
	for (i = 0; i < nitems(keys); i++) {
		cm_letter(&m);
		pm_obj(&m, 50, "<</Title(a)>>");
		pm_end(&m, keys[i].key);
		g = cm_judge(&m, &arena);
		assert_int_equal(g->modification, keys[i].level);
		assert_int_equal(g->changes[0].kind, keys[i].kind);
		arena_free(arena);
		buf_clear(&m.b);
	}
}

/* Page, rectangle, object, path and revision of a change. */
static void
places(void **state)
{
	struct arena *arena;
	struct pdf_change *c;
	struct pdf_sig *g;
	struct pm m;

	(void)state;
	cm_letter(&m);
	pm_obj(&m, 4, CM_PAGE2(" 50 0 R"));
	pm_obj(&m, 50, "<</Subtype/Stamp/Rect[9 8 1 2]>>");
	pm_end(&m, "");
	pm_obj(&m, 6, CM_STREAM("1 1 m"));
	pm_end(&m, "");
	g = cm_judge(&m, &arena);
	assert_int_equal(g->nchanges, 2);
	c = &g->changes[0];
	assert_int_equal(c->kind, PDF_CHANGE_PAGE_CONTENT);
	assert_int_equal(c->revision, 3);
	assert_int_equal(c->place.page, 2);
	assert_int_equal(c->place.object, 6);
	assert_string_equal(c->place.path, "Page[2]/Contents");
	assert_false(c->place.has_rect);
	c = &g->changes[1];
	assert_int_equal(c->kind, PDF_CHANGE_ANNOTATION_ADDED);
	assert_int_equal(c->revision, 2);
	assert_int_equal(c->place.page, 2);
	assert_int_equal(c->place.object, 50);
	assert_true(c->place.has_rect && c->visible && !c->may_cover);
	assert_true(c->place.rect[0] > 0.5 && c->place.rect[0] < 1.5);
	assert_true(c->place.rect[3] > 7.5 && c->place.rect[3] < 8.5);
	arena_free(arena);
	buf_clear(&m.b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(of_pages),
	    cmocka_unit_test(of_annotations),
	    cmocka_unit_test(of_the_catalog),
	    cmocka_unit_test(of_the_trailer),
	    cmocka_unit_test(places),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
