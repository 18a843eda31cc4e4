/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Hidden content: each kind, beside it the harmless twin that must not be told. */
#include "cryptmake.h"
#include "notice.h"

#define NITEMS(a) (sizeof(a) / sizeof((a)[0]))
#define NONE      PDF_NOTICE__MAX
#define EXTRA     6

struct extra {
	unsigned num;
	const char *text, *body; /* body: text is the dictionary of a stream, but for its ends */
};

struct row {
	const char *what;
	const char *root, *form, *page, *annots; /* what is added to them */
	struct extra more[EXTRA];
	enum pdf_notice_kind kind; /* the only one, NONE */
	unsigned page_no, object;
	const char *path; /* NULL: of no interest */
};

/* Widgets on the page, with a field's texts in front. */
#define WIDGET "/Type/Annot/Subtype/Widget/P 3 0 R"
#define BOX    "/Rect[10 10 60 30]"
#define HELV                                                       \
	"/Resources<</Font<</F<</Subtype/Type1/BaseFont/Helvetica" \
	"/Encoding/WinAnsiEncoding>>>>>>"
#define OWN                                                \
	"/Resources<</Font<</F<</Subtype/Type1/BaseFont/A" \
	"/Encoding<</Differences[65/B]>>>>>>>>"
#define XFORM "/Subtype/Form/BBox[0 0 50 20]"

static const struct row rows[] = {
    {"a plain letter", "", "", "", "", {{0}}, NONE, 0, 0, NULL},
    {"tagged, with metadata, a destination and an outline",
	"/MarkInfo<</Marked true>>/StructTreeRoot 10 0 R/Metadata 11 0 R/OpenAction[3 0 R/Fit]"
	"/Outlines 12 0 R/PageLabels<</Nums[0<</S/D>>]>>/Lang(id)",
	"", "/StructParents 0", "",
	{{10, "<</Type/StructTreeRoot/K<</S/JavaScript/JS 1/Pg 3 0 R>>>>", NULL},
	    {11, "/Type/Metadata/Subtype/XML", "<x/>"},
	    {12, "<</First 13 0 R/Last 13 0 R/Count 1>>", NULL},
	    {13, "<</Title(a)/Parent 12 0 R/A<</S/GoTo/D[3 0 R/Fit]>>>>", NULL}},
	NONE, 0, 0, NULL},

    {"a page that nobody shows", "", "", "", "",
	{{10, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R>>", NULL}},
	PDF_NOTICE_HIDDEN_PAGE, 0, 10, NULL},
    {"the same in other letters", "", "", "", "",
	{{10, "<</Type/P#61ge/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R>>", NULL}},
	PDF_NOTICE_HIDDEN_PAGE, 0, 10, NULL},
    {"reached, but no page", "/PieceInfo<<>>/Names<</Templates<</Names[(a)10 0 R]>>>>", "", "", "",
	{{10, "<</Type/Page/MediaBox[0 0 9 9]/Contents 4 0 R>>", NULL}}, PDF_NOTICE_HIDDEN_PAGE, 0,
	10, "Root/Names/Templates/Names[1]"},
    {"an empty page is left over", "", "", "", "", {{10, "<</Type/Page>>", NULL}}, NONE, 0, 0,
	NULL},
    {"pages and their like", "", "", "", "", {{10, "<</Type/Pages/Kids[]/Count 0>>", NULL}}, NONE,
	0, 0, NULL},
    {"another catalog", "", "", "", "", {{10, "<</Type/Catalog/Pages 2 0 R>>", NULL}},
	PDF_NOTICE_HIDDEN_CATALOG, 0, 10, NULL},
    {"an annotation that nobody shows", "", "", "", "",
	{{10, "<<" WIDGET BOX "/FT/Tx/T(a)/AP<</N 4 0 R>>>>", NULL}}, PDF_NOTICE_HIDDEN_ANNOTATION,
	0, 10, NULL},
    {"a field without a page", "", " 10 0 R", "", "",
	{{10, "<<" WIDGET BOX "/FT/Tx/T(a)/AP<</N 4 0 R>>>>", NULL}}, PDF_NOTICE_HIDDEN_ANNOTATION,
	0, 10, "Root/AcroForm/Fields[1]"},
    {"an invisible field without a page", "", " 10 0 R", "", "",
	{{10, "<<" WIDGET "/Rect[0 0 0 0]/FT/Sig/T(a)/AP<</N 4 0 R>>>>", NULL}}, NONE, 0, 0, NULL},

    {"appearances wanted", "", " 10 0 R]/NeedAppearances true/Q[", "", " 10 0 R",
	{{10, "<<" WIDGET BOX "/FT/Tx/T(a)>>", NULL}}, PDF_NOTICE_NEED_APPEARANCES, 0, 1,
	"Root/AcroForm/NeedAppearances"},
    {"appearances not wanted", "", " 10 0 R]/NeedAppearances false/Q[", "", " 10 0 R",
	{{10, "<<" WIDGET BOX "/FT/Tx/T(a)>>", NULL}}, NONE, 0, 0, NULL},
    {"appearances of signatures alone", "", "]/NeedAppearances true/Q[", "", "", {{0}}, NONE, 0, 0,
	NULL},

    {"a script by name", "/Names<</JavaScript<</Names[(a)10 0 R]>>>>", "", "", "",
	{{10, "<</S/JavaScript/JS(1)>>", NULL}}, PDF_NOTICE_JAVASCRIPT, 0, 10,
	"Root/Names/JavaScript/Names[1]"},
    {"a script at opening", "/OpenAction<</S/JavaScript/JS 4 0 R>>", "", "", "", {{0}},
	PDF_NOTICE_JAVASCRIPT, 0, 1, "Root/OpenAction"},
    {"a script behind another action", "", "", "", " 10 0 R",
	{{10, "<</Subtype/Link" BOX "/A<</S/GoTo/D[3 0 R/Fit]/Next[<</S/Java#53cript/JS(1)>>]>>>>",
	    NULL}},
	PDF_NOTICE_JAVASCRIPT, 1, 10, "Root/Pages/Kids[0]/Annots[1]/A/Next[0]"},
    {"a script of a rendition", "", "", "/AA<</O<</S/Rendition/JS(1)>>>>", "", {{0}}, NONE, 0, 0,
	"two"},
    {"a script of a field that only its widget names", "", "", "", " 10 0 R",
	{{10, "<<" WIDGET BOX "/Parent 11 0 R>>", NULL},
	    {11, "<</FT/Tx/T(a)/Kids[10 0 R]/AA<</K<</S/JavaScript/JS(1)>>>>>>", NULL}},
	PDF_NOTICE_JAVASCRIPT, 1, 11, "Root/Pages/Kids[0]/Annots[1]/Parent/AA/K"},
    {"a script of a field of the form", "", " 10 0 R", "", " 10 0 R",
	{{10, "<<" WIDGET BOX "/FT/Tx/T(a)/AA<</K<</S/JavaScript/JS(1)>>>>>>", NULL}},
	PDF_NOTICE_JAVASCRIPT, 1, 10, "Root/Pages/Kids[0]/Annots[1]/AA/K"},
    {"a script that nothing starts", "", "", "", "", {{10, "<</S/JavaScript/JS(1)>>", NULL}}, NONE,
	0, 0, NULL},

    {"an address opens itself", "/OpenAction 10 0 R", "", "", "",
	{{10, "<</S/URI/URI(http://example.org)>>", NULL}}, PDF_NOTICE_ACTION, 0, 1,
	"Root/OpenAction"},
    {"behind a harmless one", "", "", "/AA<</O<</S/GoTo/D[3 0 R/Fit]/Next 10 0 R>>>>", "",
	{{10, "<</S/Hide/T(a)>>", NULL}}, PDF_NOTICE_ACTION, 1, 3, "Root/Pages/Kids[0]/AA/O"},
    {"a chain that bites its tail", "", "", "/AA<</O 10 0 R>>", "",
	{{10, "<</S/GoTo/D[3 0 R/Fit]/Next 10 0 R>>", NULL}}, NONE, 0, 0, NULL},
    {"an ordinary link", "", "", "", " 10 0 R",
	{{10, "<</Subtype/Link" BOX "/A<</S/URI/URI(http://example.org)>>>>", NULL}}, NONE, 0, 0,
	NULL},
    {"a button that sends", "", "", "", " 10 0 R",
	{{10, "<</Subtype/Link" BOX "/A<</S/SubmitForm/F(http://example.org)>>>>", NULL}},
	PDF_NOTICE_ACTION, 1, 10, "Root/Pages/Kids[0]/Annots[1]/A"},
    {"turning pages", "/OpenAction<</S/Named/N/LastPage>>/AA<<>>", "", "", "", {{0}}, NONE, 0, 0,
	NULL},
    {"printing at once", "/OpenAction<</S/Named/N/Print>>", "", "", "", {{0}}, PDF_NOTICE_ACTION, 0,
	1, "Root/OpenAction"},

    {"a program", "/OpenAction<</S/Launch/F(a)>>", "", "", "", {{0}}, PDF_NOTICE_LAUNCH, 0, 1,
	NULL},
    {"another file, direct in the page", "", "", "",
	"<</Subtype/Link" BOX "/A<</S/GoToR/F(a)/D[0/Fit]>>>>", {{0}}, PDF_NOTICE_LAUNCH, 1, 3,
	"Root/Pages/Kids[0]/Annots[1]/A"},

    {"a field over another", "", "", "", " 10 0 R 11 0 R",
	{{10, "<<" WIDGET BOX "/FT/Sig/T(a)/AP<</N 4 0 R>>>>", NULL},
	    {11, "<<" WIDGET "/Rect[70 40 20 20]/FT/Sig/T(b)/AP<</N 4 0 R>>>>", NULL}},
	PDF_NOTICE_OVERLAP, 1, 11, "Root/Pages/Kids[0]/Annots[2]"},
    {"neighbours", "", "", "", " 10 0 R 11 0 R",
	{{10, "<<" WIDGET BOX "/FT/Sig/T(a)/AP<</N 4 0 R>>>>", NULL},
	    {11, "<<" WIDGET "/Rect[59.5 10 99 30]/FT/Sig/T(b)/AP<</N 4 0 R>>>>", NULL}},
	NONE, 0, 0, NULL},
    {"one of them is hidden", "", "", "", " 10 0 R 11 0 R",
	{{10, "<<" WIDGET BOX "/FT/Sig/T(a)/AP<</N 4 0 R>>>>", NULL},
	    {11, "<<" WIDGET BOX "/F 2/FT/Sig/T(b)/AP<</N 4 0 R>>>>", NULL}},
	NONE, 0, 0, NULL},
    {"a link and a marker over a stamp", "", "", "", " 10 0 R 11 0 R 12 0 R",
	{{10, "<</Subtype/Stamp" BOX "/AP<</N 4 0 R>>>>", NULL},
	    {11, "<</Subtype/Link" BOX ">>", NULL},
	    {12, "<</Subtype/Highlight" BOX "/AP<</N 4 0 R>>>>", NULL}},
	NONE, 0, 0, NULL},

    {"another amount", "", "", "", " 10 0 R",
	{{10, "<<" WIDGET BOX "/FT/Tx/T(a)/V(Rp 1.000)/AP<</N 11 0 R>>>>", NULL},
	    {11, XFORM HELV, "/Tx BMC BT /F 9 Tf (Rp 9.000) Tj ET EMC"}},
	PDF_NOTICE_APPEARANCE_DIFFERS, 1, 10, "Root/Pages/Kids[0]/Annots[1]"},
    {"the same amount, in pieces", "", "", "", " 10 0 R",
	{{10, "<<" WIDGET BOX "/FT/Tx/T(a)/V(Rp 1.000)/AP<</N 11 0 R>>>>", NULL},
	    {11, XFORM HELV, "BT /F 9 Tf [(R)-20<70>]TJ 1 0 Td (1.0) ' 0 0 (00)\" ET"}},
	NONE, 0, 0, NULL},
    {"in UTF-16, of a parent, with an accent", "", "", "", " 10 0 R",
	{{10, "<<" WIDGET BOX "/Parent 12 0 R/AP<</N 11 0 R>>>>", NULL},
	    {11, XFORM HELV, "BT /F 9 Tf (Andr\\351) Tj ET"},
	    {12, "<</FT/Tx/T(a)/V<FEFF0041006E0064007200E9>/Kids[10 0 R]>>", NULL}},
	NONE, 0, 0, NULL},
    {"and not the same", "", "", "", " 10 0 R",
	{{10, "<<" WIDGET BOX "/Parent 12 0 R/AP<</N 11 0 R>>>>", NULL},
	    {11, XFORM HELV, "BT /F 9 Tf (Andr\\350) Tj ET"},
	    {12, "<</FT/Tx/T(a)/V<FEFF0041006E0064007200E9>/Kids[10 0 R]>>", NULL}},
	PDF_NOTICE_APPEARANCE_DIFFERS, 1, 10, NULL},
    {"text without a value", "", "", "", " 10 0 R",
	{{10, "<<" WIDGET BOX "/FT/Tx/T(a)/AP<</N 11 0 R>>>>", NULL},
	    {11, XFORM HELV, "BT /F 9 Tf (Rp 9.000) Tj ET"}},
	PDF_NOTICE_APPEARANCE_DIFFERS, 1, 10, NULL},
    {"a value that is not drawn", "", "", "", " 10 0 R",
	{{10, "<<" WIDGET BOX "/FT/Tx/T(a)/V(x)/AP<</N 11 0 R>>>>", NULL},
	    {11, XFORM HELV, "BT /F 9 Tf 3 Tr (x) Tj ET"}},
	PDF_NOTICE_APPEARANCE_DIFFERS, 1, 10, NULL},
    {"a value drawn as a picture", "", "", "", " 10 0 R",
	{{10, "<<" WIDGET BOX "/FT/Tx/T(a)/V(x)/AP<</N 11 0 R>>>>", NULL}, {11, XFORM, "/I Do"}},
	NONE, 0, 0, NULL},
    {"a font with letters of its own", "", "", "", " 10 0 R",
	{{10, "<<" WIDGET BOX "/FT/Tx/T(a)/V(B)/AP<</N 11 0 R>>>>", NULL},
	    {11, XFORM OWN, "BT /F 9 Tf (A) Tj ET"}},
	NONE, 0, 0, NULL},
    {"other letters of that font", "", "", "", " 10 0 R",
	{{10, "<<" WIDGET BOX "/FT/Tx/T(a)/V(B)/AP<</N 11 0 R>>>>", NULL},
	    {11, XFORM OWN, "BT /F 9 Tf (C) Tj ET"}},
	PDF_NOTICE_APPEARANCE_DIFFERS, 1, 10, NULL},
    {"a password", "", "", "", " 10 0 R",
	{{10, "<<" WIDGET BOX "/FT/Tx/Ff 8192/T(a)/V(secret)/AP<</N 11 0 R>>>>", NULL},
	    {11, XFORM HELV, "BT /F 9 Tf (******) Tj ET"}},
	NONE, 0, 0, NULL},
    {"a long text is cut", "", "", "", " 10 0 R",
	{{10, "<<" WIDGET BOX "/FT/Tx/Ff 4096/T(a)/V(one two three)/AP<</N 11 0 R>>>>", NULL},
	    {11, XFORM HELV, "BT /F 9 Tf (one) Tj T* (two) Tj ET"}},
	NONE, 0, 0, NULL},
    {"a choice by its export value", "", "", "", " 10 0 R",
	{{10,
	     "<<" WIDGET BOX "/FT/Ch/Ff 131072/T(a)/V(s)/Opt[[(d)(draf)][(s)(setuju)]]"
	     "/AP<</N 11 0 R>>>>",
	     NULL},
	    {11, XFORM HELV, "BT /F 9 Tf (setuju) Tj ET"}},
	NONE, 0, 0, NULL},
    {"the other choice", "", "", "", " 10 0 R",
	{{10,
	     "<<" WIDGET BOX "/FT/Ch/Ff 131072/T(a)/V(s)/Opt[[(d)(draf)][(s)(setuju)]]"
	     "/AP<</N 11 0 R>>>>",
	     NULL},
	    {11, XFORM HELV, "BT /F 9 Tf (draf) Tj ET"}},
	PDF_NOTICE_APPEARANCE_DIFFERS, 1, 10, NULL},
    {"a box that is checked", "", "", "", " 10 0 R",
	{{10, "<<" WIDGET BOX "/FT/Btn/T(a)/V/Yes/AS/Yes/AP<</N<</Yes 4 0 R>>>>>>", NULL}}, NONE, 0,
	0, NULL},
    {"a box that only looks checked", "", "", "", " 10 0 R",
	{{10, "<<" WIDGET BOX "/FT/Btn/T(a)/V/Off/AS/Yes/AP<</N<</Yes 4 0 R>>>>>>", NULL}},
	PDF_NOTICE_APPEARANCE_DIFFERS, 1, 10, NULL},
    {"a box that looks empty", "", "", "", " 10 0 R",
	{{10, "<<" WIDGET BOX "/FT/Btn/T(a)/V/Yes/AS/Off/AP<</N<</Yes 4 0 R>>>>>>", NULL}},
	PDF_NOTICE_APPEARANCE_DIFFERS, 1, 10, NULL},
    {"radio buttons", "", "", "", " 10 0 R 11 0 R",
	{{10, "<<" WIDGET BOX "/Parent 12 0 R/AS/Off/AP<</N<</a 4 0 R>>>>>>", NULL},
	    {11, "<<" WIDGET "/Rect[70 10 90 30]/Parent 12 0 R/AS/b/AP<</N<</b 4 0 R>>>>>>", NULL},
	    {12, "<</FT/Btn/Ff 32768/T(a)/V/b/Kids[10 0 R 11 0 R]>>", NULL}},
	NONE, 0, 0, NULL},

    {"a picture from elsewhere", "", "", "/Resources<</XObject<</X 10 0 R>>>>", "",
	{{10, "/Subtype/Image/Width 1/Height 1/F(a)", ""}}, PDF_NOTICE_EXTERNAL, 1, 10,
	"Root/Pages/Kids[0]/Resources/XObject/X/F"},
    {"a form from elsewhere", "", "", "/Resources<</XObject<</X 10 0 R>>>>", "",
	{{10, XFORM "/Ref<</F(a)/Page 0>>", ""}}, PDF_NOTICE_EXTERNAL, 1, 10, NULL},
    {"a film", "", "", "", " 10 0 R", {{10, "<</Subtype/Movie" BOX "/Movie<</F(a)>>>>", NULL}},
	PDF_NOTICE_EXTERNAL, 1, 10, NULL},

    {"an attachment", "/Names<</EmbeddedFiles<</Names[(a)<</F(a)>>]>>>>/AF[<<>>]", "", "", "",
	{{0}}, PDF_NOTICE_ATTACHMENT, 0, 1, "Root/Names/EmbeddedFiles"},
    {"no attachment", "/Names<</EmbeddedFiles<</Names[]>>/Dests<<>>>>/AF[]", "", "", "", {{0}},
	NONE, 0, 0, NULL},
    {"a file of the page", "", "", "/AF 10 0 R", "", {{10, "[<</F(a)>>]", NULL}},
	PDF_NOTICE_ATTACHMENT, 1, 3, "Root/Pages/Kids[0]/AF"},
    {"pinned to the page", "", "", "", " 10 0 R",
	{{10, "<</Subtype/FileAttachment" BOX "/FS<</F(a)>>>>", NULL}}, PDF_NOTICE_ATTACHMENT, 1,
	10, NULL},
    {"another kind of form", "", "]/XFA[(a)4 0 R", "", "", {{0}}, PDF_NOTICE_XFA, 0, 1,
	"Root/AcroForm/XFA"},

    {"layers, all shown", "/OCProperties<</OCGs[10 0 R]/D<</ON[10 0 R]/Order[10 0 R]/OFF[]>>>>", "",
	"", "", {{10, "<</Type/OCG/Name(a)>>", NULL}}, NONE, 0, 0, NULL},
    {"a hidden layer", "/OCProperties<</OCGs[10 0 R]/D<</OFF[10 0 R]>>>>", "", "", "",
	{{10, "<</Type/OCG/Name(a)>>", NULL}}, PDF_NOTICE_OPTIONAL_CONTENT, 0, 1,
	"Root/OCProperties"},
    {"shown only if asked for", "/OCProperties<</OCGs[10 0 R]/D<</BaseState/OFF>>>>", "", "", "",
	{{10, "<</Type/OCG/Name(a)>>", NULL}}, PDF_NOTICE_OPTIONAL_CONTENT, 0, 1, NULL},
    {"not printed",
	"/OCProperties<</OCGs[10 0 R]/D<</AS[<</Event/Print/OCGs[10 0 R]/Category[/Print]>>]>>>>",
	"", "", "", {{10, "<</Type/OCG/Name(a)/Usage<</Print<</PrintState/OFF>>>>>>", NULL}},
	PDF_NOTICE_OPTIONAL_CONTENT, 0, 1, NULL},
    {"printed as shown",
	"/OCProperties<</OCGs[10 0 R]/D<</AS[<</Event/Print/OCGs[10 0 R]/Category[/Print]>>]>>>>",
	"", "", "", {{10, "<</Type/OCG/Name(a)/Usage<</Print<</PrintState/ON>>>>>>", NULL}}, NONE,
	0, 0, NULL},
};

static void
stream(struct pm *m, unsigned num, const char *dict, const char *body)
{
	char text[1024];

	snprintf(text, sizeof(text), "<<%s/Length %zu>>\nstream\n%s\nendstream", dict, strlen(body),
	    body);
	pm_obj(m, num, text);
}

/* A signed letter with what the row adds. */
static void
build(struct pm *m, const struct row *r, bool sign)
{
	char text[1024];
	size_t i;

	pm_init(m);
	snprintf(text, sizeof(text),
	    "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[5 0 R%s]/SigFlags 3>>%s>>", r->form,
	    r->root);
	pm_obj(m, 1, text);
	pm_obj(m, 2, "<</Type/Pages/Kids[3 0 R]/Count 1>>");
	snprintf(text, sizeof(text),
	    "<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Contents 4 0 R%s/Annots[5 0 R%s]>>",
	    r->page, r->annots);
	pm_obj(m, 3, text);
	stream(m, 4, XFORM, "0 0 m");
	for (i = 0; i < EXTRA && r->more[i].num != 0; i++) {
		if (r->more[i].body != NULL)
			stream(m, r->more[i].num, r->more[i].text, r->more[i].body);
		else
			pm_obj(m, r->more[i].num, r->more[i].text);
	}
	snprintf(text, sizeof(text),
	    "<</Type/Annot/Subtype/Widget/FT/Sig/T(first)/Rect[0 0 0 0]/P 3 0 R%s>>",
	    sign ? "/V 6 0 R" : "");
	pm_obj(m, 5, text);
	if (sign)
		pm_sig(m, 6, "");
	pm_end(m, "");
}

static void
check(const struct row *r, const struct pdf_survey *s)
{
	const struct pdf_notice *n = s->notices;

	if (r->kind == NONE && r->path == NULL) {
		if (s->nnotices != 0)
			fail_msg("%s: kind %d", r->what, (int)n->kind);
		return;
	}
	if (r->kind == NONE) {
		/* Both a script and an automatic action. */
		assert_int_equal(s->nnotices, 2);
		assert_int_equal(n[0].kind, PDF_NOTICE_JAVASCRIPT);
		assert_int_equal(n[1].kind, PDF_NOTICE_ACTION);
		return;
	}
	if (s->nnotices != 1)
		fail_msg("%s: %zu notices", r->what, s->nnotices);
	if (n->kind != r->kind || n->place.page != r->page_no || n->place.object != r->object)
		fail_msg("%s: kind %d, page %u, object %u", r->what, (int)n->kind, n->place.page,
		    n->place.object);
	if (r->path != NULL && (n->place.path == NULL || strcmp(n->place.path, r->path) != 0))
		fail_msg("%s: %s", r->what, n->place.path == NULL ? "no path" : n->place.path);
	assert_int_equal(n->revision, 1);
}

static void
kinds(void **state)
{
	struct pdf_survey s;
	struct arena *arena;
	struct pm m;
	size_t i;

	(void)state;
	for (i = 0; i < NITEMS(rows); i++) {
		build(&m, &rows[i], true);
		arena = pm_survey(&m, &s);
		if (s.status != PDF_READ || s.nsigs != 1 || s.nfindings != 0)
			fail_msg("%s: not read", rows[i].what);
		check(&rows[i], &s);
		arena_free(arena);
		buf_clear(&m.b);
		build(&m, &rows[i], false);
		arena = pm_survey(&m, &s);
		assert_int_equal(s.nnotices, 0);
		arena_free(arena);
		buf_clear(&m.b);
	}
}

static void
places(void **state)
{
	static const struct row over = {"", "", "", "", " 10 0 R 11 0 R",
	    {{10, "<<" WIDGET BOX "/FT/Sig/T(a)/AP<</N 4 0 R>>>>", NULL},
		{11, "<<" WIDGET "/Rect[70 40 20 20]/FT/Sig/T(b)/AP<</N 4 0 R>>>>", NULL}},
	    NONE, 0, 0, NULL};
	static const double rect[4] = {20, 20, 60, 30};
	struct pdf_survey s;
	struct arena *arena;
	struct pm m;

	(void)state;
	build(&m, &over, true);
	arena = pm_survey(&m, &s);
	assert_int_equal(s.nnotices, 1);
	assert_true(s.notices[0].place.has_rect);
	assert_memory_equal(s.notices[0].place.rect, rect, sizeof(rect));
	arena_free(arena);
	/* A script that came later is told with its revision. */
	pm_obj(&m, 20, "<</S/JavaScript/JS(1)>>");
	pm_obj(&m, 1,
	    "<</Type/Catalog/Pages 2 0 R/OpenAction 20 0 R"
	    "/AcroForm<</Fields[5 0 R]/SigFlags 3>>>>");
	pm_end(&m, "");
	arena = pm_survey(&m, &s);
	assert_int_equal(s.nnotices, 2);
	assert_int_equal(s.notices[0].kind, PDF_NOTICE_OVERLAP);
	assert_int_equal(s.notices[1].kind, PDF_NOTICE_JAVASCRIPT);
	assert_int_equal(s.notices[1].revision, 2);
	arena_free(arena);
	buf_clear(&m.b);
}

/* What a view does not show any more, and what no cross-reference names. */
static void
hidden(void **state)
{
	struct pdf_survey s;
	struct arena *arena;
	struct pm m;

	(void)state;
	pm_init(&m);
	pm_obj(&m, 1, "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[5 0 R]/SigFlags 3>>>>");
	pm_obj(&m, 3, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Contents 4 0 R>>");
	pm_obj(&m, 4, "<</Length 5>>\nstream\n0 0 m\nendstream");
	pm_obj(&m, 5, "<</Type/Annot/Subtype/Widget/FT/Sig/T(a)/Rect[0 0 0 0]/V 6 0 R>>");
	/* In a stream, a string, or as an earlier form of a known object, it is no object. */
	stream(&m, 7, "", "20 0 obj\n<</Type/Page/Contents 4 0 R>>\nendobj\n");
	pm_obj(&m, 8, "(21 0 obj <</Type/Page/Contents 4 0 R>> endobj)");
	pm_obj(&m, 2, "<</Type/Pages/Kids[3 0 R]/Count 1>>");
	pm_sig(&m, 6, "");
	pm_end(&m, "");
	pm_obj(&m, 3, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 98 98]/Contents 4 0 R>>");
	pm_end(&m, "");
	arena = pm_survey(&m, &s);
	assert_int_equal(s.nnotices, 0);
	arena_free(arena);
	buf_clear(&m.b);

	pm_init(&m);
	buf_str(&m.b, "30 0 obj\n<</Type/Page/Parent 2 0 R/Contents 4 0 R>>\nendobj\n"
		      "31 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n");
	pm_obj(&m, 1, "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[5 0 R]/SigFlags 3>>>>");
	pm_obj(&m, 2, "<</Type/Pages/Kids[3 0 R]/Count 1>>");
	pm_obj(&m, 3, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Contents 4 0 R>>");
	pm_obj(&m, 4, "<</Length 5>>\nstream\n0 0 m\nendstream");
	pm_obj(&m, 5, "<</Type/Annot/Subtype/Widget/FT/Sig/T(a)/Rect[0 0 0 0]/V 6 0 R>>");
	pm_sig(&m, 6, "");
	pm_end(&m, "");
	arena = pm_survey(&m, &s);
	assert_int_equal(s.nnotices, 2);
	assert_int_equal(s.notices[0].kind, PDF_NOTICE_HIDDEN_PAGE);
	assert_int_equal(s.notices[0].place.object, 30);
	assert_int_equal(s.notices[1].kind, PDF_NOTICE_HIDDEN_CATALOG);
	assert_int_equal(s.notices[1].place.object, 31);
	arena_free(arena);
	buf_clear(&m.b);
}

/* A notice is no finding: an object that nobody asks for may be broken. */
static void
silent(void **state)
{
	static const struct row broken = {"", "", "", "", " 12 0 R",
	    {{10, "<</Type/Page/Contents 4 0 R", NULL}, {11, "<</Type/Page/Type/Page>>", NULL},
		{12, "<</Subtype/Widget/FT/Tx/V(a)" BOX "/AP<</N 13 0 R>>>>", NULL},
		{13, XFORM "/Filter/FlateDecode", "no such thing"}},
	    NONE, 0, 0, NULL};
	struct pdf_survey s;
	struct arena *arena;
	struct pm m;

	(void)state;
	build(&m, &broken, true);
	arena = pm_survey(&m, &s);
	if (s.nfindings != 0)
		fail_msg("%s", pdf_rule_id(s.findings[0].rule));
	assert_int_equal(s.status, PDF_READ);
	assert_int_equal(s.nnotices, 0);
	arena_free(arena);
	buf_clear(&m.b);
}

/* With the key, as any other file; without it, what needs none. */
static void
encrypted(void **state)
{
	static const char shown[] = "BT /F 9 Tf (Rp 9.000) Tj ET";
	static const struct {
		const char *user, *value;
		size_t notices;
	} cases[] = {{"", "Rp 1.000", 2}, {"", "Rp 9.000", 1}, {"sandi", "Rp 1.000", 1}};
	struct cm c = {.v = 5, .r = 6, .key_len = 32, .aes = true};
	struct pdf_survey s;
	struct arena *arena;
	struct buf b;
	char text[512];
	struct pm m;
	size_t i;

	(void)state;
	for (i = 0; i < NITEMS(cases); i++) {
		cm_init(&c, cases[i].user, "owner");
		pm_init(&m);
		pm_obj(&m, 9, cm_dict(&c, &b, ""));
		buf_clear(&b);
		cm_obj(&c, &m, 1,
		    "<</Type/Catalog/Pages 2 0 R/OpenAction<</S/JavaScript/JS\1x\2>>"
		    "/AcroForm<</Fields[5 0 R 10 0 R]/SigFlags 3>>>>");
		pm_obj(&m, 2, "<</Type/Pages/Kids[3 0 R]/Count 1>>");
		pm_obj(
		    &m, 3, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Annots[5 0 R 10 0 R]>>");
		cm_obj(&c, &m, 5,
		    "<</Type/Annot/Subtype/Widget/FT/Sig/T\1first\2/Rect[0 0 0 0]/V 6 0 R>>");
		snprintf(text, sizeof(text),
		    "<<" WIDGET BOX "/FT/Tx/T\1a\2/V\1%s\2/AP<</N 11 0 R>>>>", cases[i].value);
		cm_obj(&c, &m, 10, text);
		cm_stream(&c, &m, 11, XFORM HELV, shown, strlen(shown), 1);
		pm_sig(&m, 6, "");
		pm_end(&m, "/Encrypt 9 0 R/ID[(" CM_ID ")(" CM_ID ")]");
		arena = pm_survey(&m, &s);
		assert_int_equal(s.nsigs, 1);
		assert_int_equal(s.nnotices, cases[i].notices);
		assert_int_equal(s.notices[0].kind, PDF_NOTICE_JAVASCRIPT);
		if (s.nnotices == 2)
			assert_int_equal(s.notices[1].kind, PDF_NOTICE_APPEARANCE_DIFFERS);
		arena_free(arena);
		buf_clear(&m.b);
	}
}

/* The signed prefix of a file that does not read as a whole. */
static void
prefix(void **state)
{
	static const struct row script = {
	    "", "/OpenAction<</S/JavaScript/JS(1)>>", "", "", "", {{0}}, NONE, 0, 0, NULL};
	struct pdf_survey s;
	struct arena *arena;
	struct pm m;

	(void)state;
	build(&m, &script, true);
	buf_str(&m.b, "9 0 obj\n<<\nstartxref\n1\n%%EOF\n");
	arena = pm_survey(&m, &s);
	assert_int_equal(s.status, PDF_DEFECT);
	assert_int_equal(s.nsigs, 1);
	assert_int_equal(s.nnotices, 1);
	assert_int_equal(s.notices[0].kind, PDF_NOTICE_JAVASCRIPT);
	arena_free(arena);
	buf_clear(&m.b);
}

static void
many(void **state)
{
	struct pdf_survey s;
	struct arena *arena;
	struct pm m;
	unsigned i;

	(void)state;
	pm_init(&m);
	pm_obj(&m, 1, "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[5 0 R]/SigFlags 3>>>>");
	pm_obj(&m, 2, "<</Type/Pages/Kids[3 0 R]/Count 1>>");
	pm_obj(&m, 4, "<</Length 5>>\nstream\n0 0 m\nendstream");
	pm_obj(&m, 5, "<</Type/Annot/Subtype/Widget/FT/Sig/T(a)/Rect[0 0 0 0]/V 6 0 R>>");
	m.off[3] = m.b.len;
	m.dirty[3] = true;
	buf_str(&m.b, "3 0 obj\n<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Annots[");
	for (i = 0; i < 3000; i++)
		buf_str(&m.b, "<</Subtype/Stamp/Rect[1 1 9 9]/AP<</N 4 0 R>>/A<</S/Launch>>>>");
	buf_str(&m.b, "]>>\nendobj\n");
	pm_sig(&m, 6, "");
	pm_end(&m, "");
	arena = pm_survey(&m, &s);
	assert_int_equal(s.status, PDF_READ);
	/* No kind takes the room of another. */
	assert_int_equal(s.nnotices, 16);
	arena_free(arena);
	buf_clear(&m.b);
}

/* What others add: once each, and only so many. */
static void
added(void **state)
{
	struct arena *arena = arena_new(1u << 20);
	struct pdf_survey s;
	struct pdf_notice n = {.kind = PDF_NOTICE_MAC, .revision = 2};
	char path[] = "Root/AuthCode";
	unsigned i;

	(void)state;
	memset(&s, 0, sizeof(s));
	n.place.path = path;
	for (i = 0; i < 100; i++)
		assert_int_equal(notice_add(&s, arena, &n), RC_OK);
	path[0] = 'X';
	assert_int_equal(s.nnotices, 1);
	assert_string_equal(s.notices[0].place.path, "Root/AuthCode");
	for (i = 0; i < 1000; i++) {
		n.kind = (enum pdf_notice_kind)(i % PDF_NOTICE__MAX);
		n.place.object = 1000 - i;
		n.revision = 1;
		assert_int_equal(notice_add(&s, arena, &n), RC_OK);
	}
	assert_int_equal(s.nnotices, 64);
	notice_sort(&s);
	for (i = 1; i < s.nnotices; i++) {
		assert_true(s.notices[i - 1].revision <= s.notices[i].revision);
		assert_true(s.notices[i].revision != s.notices[i - 1].revision ||
			    s.notices[i - 1].place.object <= s.notices[i].place.object);
	}
	arena_free(arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(kinds),
	    cmocka_unit_test(places),
	    cmocka_unit_test(hidden),
	    cmocka_unit_test(silent),
	    cmocka_unit_test(encrypted),
	    cmocka_unit_test(prefix),
	    cmocka_unit_test(many),
	    cmocka_unit_test(added),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
