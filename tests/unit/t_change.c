/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What came after a signature: which updates are harmless, and that nothing else is. */
#include "pdfmake.h"

#define nitems(a) (sizeof(a) / sizeof((a)[0]))

#define CADES "/SubFilter/ETSI.CAdES.detached"

/* The oldest signature's modification. */
static enum pdf_modification
judge(struct pm *m, size_t nsigs)
{
	enum pdf_modification mod;
	struct pdf_survey s;
	struct arena *arena = pm_survey(m, &s);
	struct pdf_sig *g = &s.sigs[0];
	size_t i;

	assert_true(s.nsigs >= nsigs);
	assert_int_equal(g->coverage, PDF_COVERAGE_REVISION);
	mod = g->modification;
	/* Whatever came later is told, the worst first. */
	assert_int_not_equal(g->nchanges, 0);
	assert_int_equal(g->changes[0].level, mod);
	for (i = 0; i < g->nchanges; i++) {
		assert_true(i == 0 || g->changes[i].level <= g->changes[i - 1].level);
		assert_true(g->changes[i].level >= PDF_MOD_LTA_UPDATES);
		assert_true(g->changes[i].revision > g->revision);
		assert_true(g->changes[i].place.path[0] != '\0');
	}
	arena_free(arena);
	return mod;
}

#define CATALOG  "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[5 0 R]/SigFlags 3>>"
#define STREAM_4 "<</Length 5>>\nstream\n0 0 m\nendstream"
#define DER      "<</Length 5>>\nstream\n0\x03\x02\x01\x05\nendstream"

/* One later revision of up to three objects. */
static const struct {
	const char *what;
	struct {
		unsigned num;
		const char *text;
	} objs[3];
	enum pdf_modification level;
} updates[] = {
    {"nothing", {{0, NULL}}, PDF_MOD_LTA_UPDATES},
    {"the same once more", {{4, STREAM_4}}, PDF_MOD_LTA_UPDATES},
    {"keys in another order", {{2, "<</Count 1/Kids[3 0 R]/Type/Pages>>"}}, PDF_MOD_LTA_UPDATES},
    {"1.0 for 1", {{2, "<</Type/Pages/Kids[3 0 R]/Count 1.0>>"}}, PDF_MOD_OTHER},
    {"an object that nobody uses", {{9, "<</A 1>>"}}, PDF_MOD_LTA_UPDATES},
    {"version", {{1, CATALOG "/Version/2.0>>"}}, PDF_MOD_LTA_UPDATES},
    {"validation data",
	{{1, CATALOG "/DSS<</Certs[9 0 R]/VRI<</0123456789ABCDEF0123456789ABCDEF01234567"
		     "<</Cert[9 0 R]/TU(D:2026)>>>>>>>>"},
	    {9, DER}},
	PDF_MOD_LTA_UPDATES},
    {"validation data that is none",
	{{1, CATALOG "/DSS<</Certs[9 0 R]>>>>"}, {9, "<</Length 5>>\nstream\nhello\nendstream"}},
	PDF_MOD_OTHER},
    {"a store with more in it", {{1, CATALOG "/DSS<</Certs[9 0 R]/JavaScript 4 0 R>>>>"}, {9, DER}},
	PDF_MOD_OTHER},
    {"a key of no signature", {{1, CATALOG "/DSS<</VRI<</Other<</Cert[9 0 R]>>>>>>>>"}, {9, DER}},
	PDF_MOD_OTHER},
    {"metadata", {{1, CATALOG "/Metadata 9 0 R>>"}, {9, "<</Length 4>>\nstream\n<x/>\nendstream"}},
	PDF_MOD_LTA_UPDATES},
    {"metadata with entities",
	{{1, CATALOG "/Metadata 9 0 R>>"},
	    {9, "<</Length 18>>\nstream\n<!DOCTYPE x []><x/>\nendstream"}},
	PDF_MOD_OTHER},
    {"an action on opening", {{1, CATALOG "/OpenAction 9 0 R>>"}}, PDF_MOD_LTA_UPDATES},
    {"an action on opening that is there",
	{{1, CATALOG "/OpenAction 9 0 R>>"}, {9, "<</S/JavaScript>>"}}, PDF_MOD_OTHER},
    {"other content", {{4, "<</Length 5>>\nstream\n1 1 m\nendstream"}}, PDF_MOD_OTHER},
    {"other key of content", {{4, "<</Length 5/A 1>>\nstream\n0 0 m\nendstream"}}, PDF_MOD_OTHER},
    {"broken content", {{4, "<</Length 9>>\nstream\n0 0 m\nendstream"}}, PDF_MOD_OTHER},
    {"another page tree",
	{{1, "<</Type/Catalog/Pages 9 0 R/AcroForm<</Fields[5 0 R]/SigFlags 3>>>>"},
	    {9, "<</Type/Pages/Kids[3 0 R]/Count 1>>"}},
	PDF_MOD_OTHER},
    {"one more page",
	{{2, "<</Type/Pages/Kids[3 0 R 9 0 R]/Count 2>>"}, {9, "<</Type/Page/Parent 2 0 R>>"}},
	PDF_MOD_OTHER},
    {"a larger page",
	{{3, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 98 99]/Contents 4 0 R/Annots[5 0 R]>>"}},
	PDF_MOD_OTHER},
    {"content written in place",
	{{3, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Contents[4 0 R]/Annots[5 0 R]>>"}},
	PDF_MOD_OTHER},
    {"an annotation",
	{{3, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Contents 4 0 R/Annots[5 0 R 9 0 R]>>"},
	    {9, "<</Subtype/Stamp/Rect[0 0 9 9]>>"}},
	PDF_MOD_ANNOTATIONS},
    {"the widget gone",
	{{3, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Contents 4 0 R/Annots[]>>"}},
	PDF_MOD_OTHER},
    {"the field gone", {{1, "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[]/SigFlags 3>>>>"}},
	PDF_MOD_OTHER},
    {"flags taken away",
	{{1, "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[5 0 R]/SigFlags 1>>>>"}},
	PDF_MOD_OTHER},
    {"the signed field locked",
	{{5, "<</Type/Annot/Subtype/Widget/FT/Sig/T(first)/Rect[0 0 0 0]/P 3 0 R/V 6 0 R"
	     "/F 132/Ff 1>>"}},
	PDF_MOD_LTA_UPDATES},
    {"the signed field hidden",
	{{5, "<</Type/Annot/Subtype/Widget/FT/Sig/T(first)/Rect[0 0 0 0]/P 3 0 R/V 6 0 R/F 2>>"}},
	PDF_MOD_OTHER},
    {"the signed field moved",
	{{5, "<</Type/Annot/Subtype/Widget/FT/Sig/T(first)/Rect[0 0 9 9]/P 3 0 R/V 6 0 R>>"}},
	PDF_MOD_OTHER},
    {"the signed field with another picture",
	{{5, "<</Type/Annot/Subtype/Widget/FT/Sig/T(first)/Rect[0 0 0 0]/P 3 0 R/V 6 0 R"
	     "/AP<</N 9 0 R>>>>"},
	    {9, STREAM_4}},
	PDF_MOD_OTHER},
    {"an empty invisible field",
	{{1, "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[5 0 R 9 0 R]/SigFlags 3>>>>"},
	    {9, "<</FT/Sig/T(second)/Rect[0 0 0 0]>>"}},
	PDF_MOD_LTA_UPDATES},
    {"an empty field of the same name",
	{{1, "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[5 0 R 9 0 R]/SigFlags 3>>>>"},
	    {9, "<</FT/Sig/T(first)/Rect[0 0 0 0]>>"}},
	PDF_MOD_OTHER},
    {"an empty visible field",
	{{1, "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[5 0 R 9 0 R]/SigFlags 3>>>>"},
	    {9, "<</FT/Sig/T(second)/Rect[0 0 9 9]>>"}},
	PDF_MOD_FORM_FILLING},
    {"a field with an action",
	{{1, "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[5 0 R 9 0 R]/SigFlags 3>>>>"},
	    {9, "<</FT/Sig/T(second)/Rect[0 0 0 0]/AA<<>>>>"}},
	PDF_MOD_OTHER},
    {"the signature in a second field",
	{{1, "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[5 0 R 9 0 R]/SigFlags 3>>>>"},
	    {9, "<</FT/Sig/T(second)/Rect[0 0 0 0]/V 6 0 R>>"}},
	PDF_MOD_OTHER},
    {"an empty field that is not viewed",
	{{1, "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[5 0 R 9 0 R]/SigFlags 3>>>>"},
	    {9, "<</FT/Sig/T(second)/Rect[0 0 9 9]/F 32>>"}},
	PDF_MOD_LTA_UPDATES},
    {"an empty field that is printed and not viewed",
	{{1, "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[5 0 R 9 0 R]/SigFlags 3>>>>"},
	    {9, "<</FT/Sig/T(second)/Rect[0 0 9 9]/F 36>>"}},
	PDF_MOD_FORM_FILLING},
    {"a field that is a line",
	{{1, "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[5 0 R 9 0 R]/SigFlags 3>>>>"},
	    {9, "<</FT/Sig/T(second)/Rect[0 9 99 9]/AP<</N 8 0 R>>>>"},
	    {8, "<</BBox[0 0 9 9]/Length 5>>\nstream\n0 0 m\nendstream"}},
	PDF_MOD_ANNOTATIONS},
    {"a picture that is called a version", {{1, CATALOG "/Version 4 0 R>>"}}, PDF_MOD_OTHER},
    {"a picture that is called tagging", {{1, CATALOG "/MarkInfo 4 0 R>>"}}, PDF_MOD_OTHER},
    {"a font that is called tagging", {{1, CATALOG "/MarkInfo<</Subtype/Type3>>>>"}},
	PDF_MOD_OTHER},
    {"tagging", {{1, CATALOG "/MarkInfo<</Marked true>>>>"}}, PDF_MOD_LTA_UPDATES},
    {"an extension", {{1, CATALOG "/Extensions<</ESIC<</BaseVersion/1.7/ExtensionLevel 5>>>>>>"}},
	PDF_MOD_LTA_UPDATES},
    {"a graphics state that is called an extension", {{1, CATALOG "/Extensions<</CA 0>>>>"}},
	PDF_MOD_OTHER},
    {"private data", {{1, CATALOG "/PieceInfo<</App<</LastModified(D:2026)/Private 4 0 R>>>>>>"}},
	PDF_MOD_LTA_UPDATES},
    {"a font that is called private data", {{1, CATALOG "/PieceInfo<</Subtype/Type3>>>>"}},
	PDF_MOD_OTHER},
    {"metadata that is a form",
	{{1, CATALOG "/Metadata 9 0 R>>"},
	    {9, "<</Subtype/Form/Length 4>>\nstream\n<x/>\nendstream"}},
	PDF_MOD_OTHER},
    {"the signed field with a picture for its flags",
	{{5, "<</Type/Annot/Subtype/Widget/FT/Sig/T(first)/Rect[0 0 0 0]/P 3 0 R/V 6 0 R"
	     "/Ff 4 0 R>>"}},
	PDF_MOD_OTHER},
    {"a text field",
	{{1, "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[5 0 R 9 0 R]/SigFlags 3>>>>"},
	    {9, "<</FT/Tx/T(second)>>"}},
	PDF_MOD_OTHER},
};

static void
each_update(void **state)
{
	enum pdf_modification got;
	struct pm m;
	size_t i, k, bad = 0;

	(void)state;
	for (i = 0; i < nitems(updates); i++) {
		pm_signed(&m, CADES);
		for (k = 0; k < 3 && updates[i].objs[k].num != 0; k++)
			pm_obj(&m, updates[i].objs[k].num, updates[i].objs[k].text);
		pm_end(&m, "");
		if ((got = judge(&m, 1)) != updates[i].level)
			bad++, print_error("%s: %d", updates[i].what, (int)got);
		buf_clear(&m.b);
	}
	assert_int_equal(bad, 0);
}

/* A document timestamp, and another revision behind it. */
static void
timestamps(void **state)
{
	struct pm m;

	(void)state;
	pm_signed(&m, CADES);
	pm_stamp(&m);
	assert_int_equal(judge(&m, 2), PDF_MOD_LTA_UPDATES);
	pm_obj(&m, 9, "<</A 1>>");
	pm_end(&m, "");
	assert_int_equal(judge(&m, 2), PDF_MOD_LTA_UPDATES);
	pm_obj(&m, 4, "<</Length 5>>\nstream\n1 1 m\nendstream");
	pm_end(&m, "");
	assert_int_equal(judge(&m, 2), PDF_MOD_OTHER);
	buf_clear(&m.b);
}

/* A signature is no timestamp. */
static void
second_signature(void **state)
{
	struct pm m;

	(void)state;
	pm_signed(&m, CADES);
	pm_stamp(&m);
	pm_patch(&m, "/SubFilter/ETSI.RFC3161", "/SubFilter/ETSI.RFC3162");
	assert_int_equal(judge(&m, 2), PDF_MOD_FORM_FILLING);
	buf_clear(&m.b);
}

/* A timestamp's field of some size, with a picture: its flags must keep it from screen and paper.
 */
static void
stamp_flags(void **state)
{
	static const struct {
		const char *flags;
		enum pdf_modification level;
	} fields[] = {
	    {"", PDF_MOD_FORM_FILLING},
	    {"/F 2", PDF_MOD_LTA_UPDATES},   /* Hidden */
	    {"/F 6", PDF_MOD_LTA_UPDATES},   /* Hidden outranks Print */
	    {"/F 38", PDF_MOD_LTA_UPDATES},  /* and NoView */
	    {"/F 258", PDF_MOD_LTA_UPDATES}, /* and ToggleNoView */
	    {"/F 4", PDF_MOD_FORM_FILLING},
	    {"/F 32", PDF_MOD_LTA_UPDATES},   /* NoView */
	    {"/F 36", PDF_MOD_FORM_FILLING},  /* is printed */
	    {"/F 288", PDF_MOD_FORM_FILLING}, /* is shown under the mouse */
	    {"/F 292", PDF_MOD_FORM_FILLING},
	    {"/F 2.0", PDF_MOD_ANNOTATIONS},
	};
	enum pdf_modification got;
	char field[160];
	struct pm m;
	size_t i;

	(void)state;
	for (i = 0; i < nitems(fields); i++) {
		(void)snprintf(field, sizeof(field),
		    "<</Type/Annot/Subtype/Widget/FT/Sig/T(stamp)/Rect[0 0 9 9]/P 3 0 R/V 8 0 R"
		    "/AP<</N 9 0 R>>%s>>",
		    fields[i].flags);
		pm_signed(&m, CADES);
		pm_obj(&m, 9, "<</BBox[0 0 9 9]/Length 5>>\nstream\n0 0 m\nendstream");
		pm_stamp_field(&m, field);
		if ((got = judge(&m, 2)) != fields[i].level)
			fail_msg("%s: %d", fields[i].flags, (int)got);
		buf_clear(&m.b);
	}
}

/* An invisible field that was there when the letter was signed. */
static void
prepared_field(void **state)
{
	static const char *const fields[] = {
	    "<</FT/Sig/T(b)/Rect[0 0 0 0]/V 8 0 R>>",
	    "<</FT/Sig/T(b)/Rect[0 0 9 9]/V 8 0 R>>",
	    "<</FT/Sig/T(c)/Rect[0 0 0 0]/V 8 0 R>>",
	    "<</FT/Sig/T(b)/Rect[0 0 0 0]/V 6 0 R>>",
	};
	enum pdf_modification got;
	struct pm m;
	size_t i;

	(void)state;
	for (i = 0; i < nitems(fields); i++) {
		pm_init(&m);
		pm_page(&m);
		pm_obj(&m, 1, "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[5 0 R 7 0 R]>>>>");
		pm_obj(&m, 5, "<</FT/Sig/T(a)/V 6 0 R>>");
		pm_obj(&m, 7, "<</FT/Sig/T(b)/Rect[0 0 0 0]>>");
		pm_sig(&m, 6, CADES);
		pm_end(&m, "");
		pm_obj(&m, 7, fields[i]);
		pm_sig(&m, 8, "/SubFilter/ETSI.RFC3161");
		pm_end(&m, "");
		got = judge(&m, 1);
		assert_int_equal(got, i == 0 ? PDF_MOD_LTA_UPDATES : PDF_MOD_OTHER);
		buf_clear(&m.b);
	}
}

/* A change that the last revision takes back is still one. */
static void
taken_back(void **state)
{
	struct pm m;

	(void)state;
	pm_signed(&m, CADES);
	pm_obj(&m, 4, "<</Length 5>>\nstream\n1 1 m\nendstream");
	pm_end(&m, "");
	pm_obj(&m, 4, STREAM_4);
	pm_end(&m, "");
	assert_int_equal(judge(&m, 1), PDF_MOD_OTHER);
	buf_clear(&m.b);
}

/* A number that was free is given to an object which the page refers to already. */
static void
dangling(void **state)
{
	struct pm m;

	(void)state;
	pm_init(&m);
	pm_page(&m);
	pm_obj(&m, 1, "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[5 0 R]>>>>");
	pm_obj(&m, 3, "<</Type/Page/Parent 2 0 R/Contents[4 0 R 20 0 R]>>");
	pm_obj(&m, 5, "<</FT/Sig/T(a)/V 6 0 R>>");
	pm_sig(&m, 6, CADES);
	pm_end(&m, "");
	pm_obj(&m, 20, STREAM_4);
	pm_end(&m, "");
	assert_int_equal(judge(&m, 1), PDF_MOD_OTHER);
	buf_clear(&m.b);
}

/* The length of a signed stream is not in the stream: a new one shows less of it. */
static void
indirect_length(void **state)
{
	struct pm m;

	(void)state;
	pm_init(&m);
	pm_page(&m);
	pm_obj(&m, 1, "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[5 0 R]>>>>");
	pm_obj(&m, 4, "<</Length 7 0 R>>\nstream\n0 0 m\nendstream\nendobj endstream");
	pm_obj(&m, 5, "<</FT/Sig/T(a)/V 6 0 R>>");
	pm_obj(&m, 7, "5");
	pm_sig(&m, 6, CADES);
	pm_end(&m, "");
	pm_obj(&m, 7, "22");
	pm_end(&m, "");
	assert_true(judge(&m, 1) > PDF_MOD_LTA_UPDATES);
	buf_clear(&m.b);
}

/* Another generation of a number names nothing, whatever was compared of the number. */
static void
generation(void **state)
{
	struct pm m;

	(void)state;
	pm_init(&m);
	pm_page(&m);
	pm_obj(&m, 1, "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[5 0 R]>>>>");
	pm_obj(&m, 3, "<</Type/Page/Parent 2 0 R/Resources 10 0 R>>");
	pm_obj(&m, 5, "<</FT/Sig/T(a)/V 6 0 R>>");
	pm_obj(&m, 10, "<</A 4 0 R/B 4 0 R>>");
	pm_sig(&m, 6, CADES);
	pm_end(&m, "");
	pm_obj(&m, 9, STREAM_4);
	pm_obj(&m, 10, "<</A 9 0 R/B 9 0 R>>");
	pm_end(&m, "");
	assert_int_equal(judge(&m, 1), PDF_MOD_LTA_UPDATES);
	pm_obj(&m, 10, "<</A 9 0 R/B 9 1 R>>");
	pm_end(&m, "");
	assert_int_equal(judge(&m, 1), PDF_MOD_OTHER);
	buf_clear(&m.b);
}

/* A field that the list names first by another generation is compared all the same. */
static void
field_generation(void **state)
{
	struct pm m;

	(void)state;
	pm_init(&m);
	pm_page(&m);
	pm_obj(&m, 1, "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[7 1 R 7 0 R 5 0 R]>>>>");
	pm_obj(&m, 3, "<</Type/Page/Parent 2 0 R/Contents 4 0 R/Annots[7 0 R]>>");
	pm_obj(&m, 5, "<</FT/Sig/T(a)/V 6 0 R>>");
	pm_obj(&m, 7, "<</Subtype/Widget/FT/Tx/T(sum)/V(1)/Rect[0 0 9 9]>>");
	pm_sig(&m, 6, CADES);
	pm_end(&m, "");
	pm_obj(&m, 9, "<</A 1>>");
	pm_end(&m, "");
	assert_int_equal(judge(&m, 1), PDF_MOD_LTA_UPDATES);
	pm_obj(&m, 7, "<</Subtype/Widget/FT/Tx/T(sum)/V(2)/Rect[0 0 9 9]>>");
	pm_end(&m, "");
	assert_int_equal(judge(&m, 1), PDF_MOD_FORM_FILLING);
	buf_clear(&m.b);
}

/* The form is what the page takes its colours from, too. */
static void
shared_form(void **state)
{
	struct pm m;

	(void)state;
	pm_init(&m);
	pm_page(&m);
	pm_obj(&m, 1, "<</Type/Catalog/Pages 2 0 R/AcroForm 10 0 R>>");
	pm_obj(&m, 3, "<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<</ColorSpace 10 0 R>>>>");
	pm_obj(&m, 5, "<</FT/Sig/T(a)/V 6 0 R>>");
	pm_obj(&m, 10, "<</Fields[5 0 R]>>");
	pm_sig(&m, 6, CADES);
	pm_end(&m, "");
	pm_obj(&m, 10, "<</Fields[5 0 R]/SigFlags 3>>");
	pm_end(&m, "");
	assert_int_equal(judge(&m, 1), PDF_MOD_OTHER);
	buf_clear(&m.b);
}

/* Loops in the page's own graph, through numbers that a rewrite has changed. */
static void
loops(void **state)
{
	struct pm m;

	(void)state;
	pm_init(&m);
	pm_page(&m);
	pm_obj(&m, 1, "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[5 0 R]>>>>");
	pm_obj(&m, 3, "<</Type/Page/Parent 2 0 R/Resources 10 0 R>>");
	pm_obj(&m, 5, "<</FT/Sig/T(a)/V 6 0 R>>");
	pm_obj(&m, 10, "<</A 10 0 R/B 11 0 R>>");
	pm_obj(&m, 11, "<</C 10 0 R>>");
	pm_sig(&m, 6, CADES);
	pm_end(&m, "");
	pm_obj(&m, 10, "<</A 12 0 R/B 13 0 R>>");
	pm_obj(&m, 12, "<</A 12 0 R/B 13 0 R>>");
	pm_obj(&m, 13, "<</C 12 0 R>>");
	pm_end(&m, "");
	assert_int_equal(judge(&m, 1), PDF_MOD_LTA_UPDATES);
	pm_obj(&m, 13, "<</C 12 0 R/D 1>>");
	pm_end(&m, "");
	assert_int_equal(judge(&m, 1), PDF_MOD_OTHER);
	buf_clear(&m.b);
}

/* The kind of the oldest signature's worst change, or of the one at this index. */
static enum pdf_change_kind
kind_of(struct pm *m, size_t sig, enum pdf_modification level)
{
	struct pdf_survey s;
	struct arena *arena = pm_survey(m, &s);
	enum pdf_change_kind kind;

	assert_true(s.nsigs > sig);
	assert_int_equal(s.sigs[sig].modification, level);
	assert_int_not_equal(s.sigs[sig].nchanges, 0);
	kind = s.sigs[sig].changes[0].kind;
	arena_free(arena);
	return kind;
}

/* What the views can't show has a name, too. */
static void
not_in_the_views(void **state)
{
	struct pm m;
	uint64_t first;

	(void)state;
	pm_signed(&m, CADES);
	first = m.prev;
	pm_sig(&m, 6, CADES);
	pm_end(&m, "");
	assert_int_equal(kind_of(&m, 0, PDF_MOD_OTHER), PDF_CHANGE_SIGNATURE_REPLACED);
	buf_clear(&m.b);

	pm_signed(&m, CADES);
	pm_obj(&m, 9, "<</A 1>>");
	pm_end(&m, "");
	buf_printf(&m.b, "startxref\n%llu\n%%%%EOF\n", (unsigned long long)first);
	assert_int_equal(kind_of(&m, 0, PDF_MOD_OTHER), PDF_CHANGE_ROLLBACK);
	buf_clear(&m.b);

	pm_signed(&m, CADES);
	buf_str(&m.b, "1 0 obj\n<</Type/Catalog>>\nendobj\nstartxref\n9\n%%EOF\n");
	assert_int_equal(kind_of(&m, 0, PDF_MOD_OTHER), PDF_CHANGE_UNREADABLE);
	buf_clear(&m.b);
}

#define WITH(fields) "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[5 0 R" fields "]/SigFlags 3>>>>"

/* What came after a signature may go again; what another one signed is that one's affair. */
static void
later_than_signed(void **state)
{
	static const char field[] = "<</FT/Sig/T(b)/Rect[0 0 0 0]/V 8 0 R>>";
	struct pm m;

	(void)state;
	pm_signed(&m, CADES);
	pm_obj(&m, 1, WITH(" 7 0 R"));
	pm_obj(&m, 7, "<</FT/Sig/T(b)/Rect[1 1 9 9]>>");
	pm_end(&m, "");
	pm_obj(&m, 1, WITH(""));
	pm_end(&m, "");
	assert_int_equal(kind_of(&m, 0, PDF_MOD_FORM_FILLING), PDF_CHANGE_SIGNATURE_FIELD_ADDED);
	buf_clear(&m.b);

	pm_signed(&m, CADES);
	pm_obj(&m, 1, WITH(" 7 0 R"));
	pm_obj(&m, 7, field);
	pm_sig(&m, 8, CADES);
	pm_end(&m, "");
	pm_obj(&m, 7, "<</FT/Sig/T(b)/Rect[1 1 9 9]/V 8 0 R>>");
	pm_end(&m, "");
	assert_int_equal(kind_of(&m, 0, PDF_MOD_FORM_FILLING), PDF_CHANGE_SIGNATURE_ADDED);
	assert_int_equal(kind_of(&m, 1, PDF_MOD_OTHER), PDF_CHANGE_SIGNED_FIELD);
	/* And then what both have signed. */
	pm_obj(&m, 4, "<</Length 5>>\nstream\n1 1 m\nendstream");
	pm_end(&m, "");
	assert_int_equal(kind_of(&m, 0, PDF_MOD_OTHER), PDF_CHANGE_PAGE_CONTENT);
	buf_clear(&m.b);
}

/* What was never shown stays out of sight: signed bytes, but not what was signed. */
static void
never_shown(void **state)
{
	struct pm m;

	(void)state;
	pm_init(&m);
	pm_page(&m);
	pm_obj(&m, 1, WITH(""));
	pm_obj(&m, 5, "<</FT/Sig/T(a)/V 6 0 R>>");
	pm_obj(&m, 7, "<</FT/Sig/T(b)/Rect[0 0 0 0]/V 8 0 R>>");
	pm_sig(&m, 6, CADES);
	pm_end(&m, "");
	/* Its number is given to nothing for a while. */
	pm_obj(&m, 7, "null");
	pm_end(&m, "");
	pm_obj(&m, 1, WITH(" 7 0 R"));
	pm_obj(&m, 7, "<</FT/Sig/T(b)/Rect[0 0 0 0]/V 8 0 R>>");
	pm_sig(&m, 8, "/SubFilter/ETSI.RFC3161");
	pm_end(&m, "");
	assert_int_equal(kind_of(&m, 0, PDF_MOD_OTHER), PDF_CHANGE_FIELD_ADDED);
	buf_clear(&m.b);
}

/* Behind the last revision there may be white space. */
static void
white_space(void **state)
{
	struct pm m;

	(void)state;
	pm_signed(&m, CADES);
	buf_str(&m.b, "\n\n\n\n\n\n");
	assert_int_equal(kind_of(&m, 0, PDF_MOD_LTA_UPDATES), PDF_CHANGE_BOOKKEEPING);
	buf_clear(&m.b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(each_update),
	    cmocka_unit_test(timestamps),
	    cmocka_unit_test(stamp_flags),
	    cmocka_unit_test(second_signature),
	    cmocka_unit_test(prepared_field),
	    cmocka_unit_test(taken_back),
	    cmocka_unit_test(dangling),
	    cmocka_unit_test(indirect_length),
	    cmocka_unit_test(generation),
	    cmocka_unit_test(field_generation),
	    cmocka_unit_test(shared_form),
	    cmocka_unit_test(loops),
	    cmocka_unit_test(not_in_the_views),
	    cmocka_unit_test(later_than_signed),
	    cmocka_unit_test(never_shown),
	    cmocka_unit_test(white_space),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
