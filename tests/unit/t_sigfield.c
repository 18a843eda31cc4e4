/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Signatures over all revisions, the rules of their dictionaries, and what hides them. */
#include "pdfmake.h"
#include "when.h"

#define nitems(a) (sizeof(a) / sizeof((a)[0]))

#define CADES "/SubFilter/ETSI.CAdES.detached"

static bool
sig_has(const struct pdf_survey *s, size_t i, enum pdf_rule rule)
{
	return pm_has(s->sigs[i].findings, s->sigs[i].nfindings, rule);
}

static void
good(void **state)
{
	struct pdf_survey s;
	struct arena *arena;
	struct pdf_sig *g;
	struct pm m;

	(void)state;
	pm_signed(&m, CADES "/M(D:20261101000000Z)/Reason(Why)/Location(\\376\\377\\000O)");
	arena = pm_survey(&m, &s);
	assert_int_equal(s.status, PDF_READ);
	assert_int_equal(s.nfindings, 0);
	assert_string_equal(s.version, "1.7");
	assert_int_equal(s.pages, 1);
	assert_int_equal(s.revisions, 1);
	assert_int_equal(s.nsigs, 1);
	g = &s.sigs[0];
	assert_int_equal(g->nfindings, 0);
	assert_string_equal(g->field, "first");
	assert_int_equal(g->sub_filter, PDF_SF_CADES);
	assert_int_equal(g->coverage, PDF_COVERAGE_FILE);
	assert_int_equal(g->modification, PDF_MOD_NONE);
	assert_true(g->has_byte_range && g->range_sound);
	assert_int_equal(g->byte_range[2] + g->byte_range[3], m.b.len);
	assert_int_equal(g->gap, PM_GAP);
	assert_int_equal(g->contents.len, 32);
	assert_memory_equal(g->contents.p, "\x30\x03\x02\x01\x01\x00", 6);
	assert_int_equal(g->page, 1);
	assert_false(g->visible);
	assert_int_equal(g->object, 6);
	assert_true(g->m == when_from_utc(2026, 11, 1, 0, 0, 0));
	assert_string_equal(g->reason, "Why");
	assert_string_equal(g->location, "O");
	assert_null(g->contact);
	assert_int_equal(g->docmdp, 0);
	arena_free(arena);
	buf_clear(&m.b);
}

/* One thing wrong in a signed file: the rule that says so. */
static void
dictionaries(void **state)
{
	static const struct {
		const char *old, *text;
		enum pdf_rule rule;
		bool clear; /* the coverage stays clear */
	} cases[] = {
	    {"/V 6 0 R", "/V<</A 1", PDF_RULE__MAX, false},
	    {"/ByteRange [0 ", "/ByteRange [1 ", PDF_B1_START, false},
	    {"/ByteRange [0 ", "/ByteRange [-0", PDF_D3_DIRECT, false},
	    {"/ByteRange [0 ", "/BiteRange [0 ", PDF_D3_DIRECT, false},
	    {"/ByteRange [0 ", "/ByteRange 9 [", PDF_RULE__MAX, false},
	    {"/Contents <30", "/Contants <30", PDF_D3_DIRECT, false},
	    {"/Contents <3003", "/Contents< 3003", PDF_B3_GAP_BOUNDS, false},
	    {"<3003020101", "<3003 20101", PDF_B4_GAP_HEX, false},
	    {"/SubFilter/ETSI.C", "/SubFilter/ETSI.D", PDF_D6_SUBFILTER, true},
	    {"/Filter/Adobe.PPKLite", "/Filtes/Adobe.PPKLite", PDF_D7_FILTER, true},
	    {"/Filter/Adobe.PPKLite", "/Filter/Adobe.PPKLita", PDF_D7_FILTER, true},
	    {"/Type/Sig/", "/Type/Sag/", PDF_D5_TYPE, true},
	    {"/Reason(Why)", "/Reason %y)\n", PDF_RULE__MAX, false},
	    {"/Reason(Why)", "/Type/Sig   ", PDF_S8_DUPLICATE_KEY, true},
	    {"/Reason(Why)", "%Reason(Why\n", PDF_D4_COMMENT, true},
	    {"%%EOF", "%%EOG", PDF_RULE__MAX, false},
	};
	struct pdf_survey s;
	struct arena *arena;
	struct pm m;
	size_t i;

	(void)state;
	for (i = 0; i < nitems(cases); i++) {
		pm_signed(&m, CADES "/Reason(Why)");
		pm_patch(&m, cases[i].old, cases[i].text);
		arena = pm_survey(&m, &s);
		if (cases[i].rule == PDF_RULE__MAX) {
			/* Not even the syntax: no signature is clear. */
			assert_true(s.nfindings != 0);
			assert_true(s.nsigs == 0 || s.sigs[0].orphan ||
				    s.sigs[0].coverage == PDF_COVERAGE_UNCLEAR);
		} else if (s.nsigs != 1 || !sig_has(&s, 0, cases[i].rule) ||
			   (s.sigs[0].coverage != PDF_COVERAGE_UNCLEAR) != cases[i].clear) {
			fail_msg("'%s': %zu signatures, coverage %d", cases[i].text, s.nsigs,
			    s.nsigs == 0 ? -1 : (int)s.sigs[0].coverage);
		}
		arena_free(arena);
		buf_clear(&m.b);
	}
}

/* Every single byte that the signature covers: the reader never crashes, and what it
 * lists as clear is still around its own gap. */
static void
each_byte(void **state)
{
	struct pdf_survey s;
	struct arena *arena;
	struct pm m;
	size_t i, k;

	(void)state;
	pm_signed(&m, CADES);
	for (i = 0; i < m.b.len; i++) {
		m.b.p[i] ^= 1;
		arena = pm_survey(&m, &s);
		for (k = 0; k < s.nsigs; k++) {
			if (s.sigs[k].coverage != PDF_COVERAGE_UNCLEAR)
				assert_int_equal(s.sigs[k].byte_range[1], m.gap);
		}
		arena_free(arena);
		m.b.p[i] ^= 1;
	}
	buf_clear(&m.b);
}

/* What is appended to a signed file, and what must still be said of it. */
static void
hidden(void **state)
{
	static const struct {
		const char *tail;
		enum pdf_modification modification;
		enum pdf_rule rule;
	} cases[] = {
	    {"", PDF_MOD_NONE, PDF_RULE__MAX},
	    {"\r\n", PDF_MOD_NONE, PDF_RULE__MAX},
	    {"This letter was scanned for viruses.\n", PDF_MOD_NONE, PDF_TRAILING_BYTES},
	    {"%%EOF\n", PDF_MOD_NONE, PDF_TRAILING_BYTES},
	    {"9 0 obj\n<<>>\nendobj\n%%EOF\n", PDF_MOD_OTHER, PDF_S2_TAIL},
	    {"9 0 obj\n<<>>\nendobj\n", PDF_MOD_OTHER, PDF_S2_TAIL},
	    {"startxref\n7\n%%EOF\n", PDF_MOD_OTHER, PDF_S3_XREF},
	    {"xref\n0 1\ngarbage\ntrailer<<>>\nstartxref\n99999\n%%EOF\n", PDF_MOD_OTHER,
		PDF_S3_XREF},
	    {"%PDF-1.7\n", PDF_MOD_OTHER, PDF_S2_TAIL},
	};
	struct pdf_survey s;
	struct arena *arena;
	struct pm m;
	size_t i;

	(void)state;
	for (i = 0; i < nitems(cases); i++) {
		pm_signed(&m, CADES);
		buf_str(&m.b, cases[i].tail);
		arena = pm_survey(&m, &s);
		if (s.nsigs != 1 || s.sigs[0].modification != cases[i].modification ||
		    s.sigs[0].coverage == PDF_COVERAGE_UNCLEAR)
			fail_msg("'%s': %zu signatures, modification %d", cases[i].tail, s.nsigs,
			    s.nsigs == 0 ? -1 : (int)s.sigs[0].modification);
		if (cases[i].rule != PDF_RULE__MAX)
			assert_true(pm_has(s.findings, s.nfindings, cases[i].rule));
		arena_free(arena);
		buf_clear(&m.b);
	}
}

/* Another document behind the signed one, which does not point back to it. */
static void
second_document(void **state)
{
	struct pdf_survey s;
	struct arena *arena;
	struct pm m;

	(void)state;
	pm_signed(&m, CADES);
	m.prev = 0;
	memset(m.dirty, 0, sizeof(m.dirty));
	pm_page(&m);
	pm_end(&m, "");
	arena = pm_survey(&m, &s);
	assert_int_equal(s.nsigs, 1);
	assert_int_equal(s.sigs[0].coverage, PDF_COVERAGE_REVISION);
	assert_int_equal(s.sigs[0].modification, PDF_MOD_OTHER);
	assert_string_equal(s.sigs[0].field, "first");
	arena_free(arena);
	buf_clear(&m.b);
}

/* A new catalog without a form. */
static void
new_root(void **state)
{
	struct pdf_survey s;
	struct arena *arena;
	struct pm m;

	(void)state;
	pm_signed(&m, CADES);
	pm_obj(&m, 1, "<</Type/Catalog/Pages 2 0 R>>");
	pm_end(&m, "");
	arena = pm_survey(&m, &s);
	assert_int_equal(s.nsigs, 1);
	assert_int_equal(s.sigs[0].coverage, PDF_COVERAGE_REVISION);
	assert_int_equal(s.sigs[0].modification, PDF_MOD_OTHER);
	assert_true(s.sigs[0].nchanges != 0);
	arena_free(arena);
	buf_clear(&m.b);
}

/* /V to /W: no field reaches the signature, which is listed all the same. */
static void
orphan(void **state)
{
	struct pdf_survey s;
	struct arena *arena;
	struct pm m;

	(void)state;
	pm_signed(&m, CADES);
	pm_patch(&m, "/V 6 0 R", "/W 6 0 R");
	arena = pm_survey(&m, &s);
	assert_int_equal(s.nsigs, 1);
	assert_true(s.sigs[0].orphan);
	assert_null(s.sigs[0].field);
	assert_true(sig_has(&s, 0, PDF_D8_ORPHAN));
	assert_true(pm_has(s.findings, s.nfindings, PDF_D8_ORPHAN));
	arena_free(arena);
	buf_clear(&m.b);
}

/* The same without a byte range: a filter's name and contents make a signature, too. */
static void
orphan_without_range(void **state)
{
	struct pdf_survey s;
	struct arena *arena;
	struct pm m;

	(void)state;
	pm_signed(&m, CADES);
	pm_patch(&m, "/V 6 0 R", "/W 6 0 R");
	pm_patch(&m, "/ByteRange", "/ByteRangd");
	arena = pm_survey(&m, &s);
	assert_int_equal(s.nsigs, 1);
	assert_true(s.sigs[0].orphan);
	assert_true(pm_has(s.findings, s.nfindings, PDF_D8_ORPHAN));
	arena_free(arena);
	buf_clear(&m.b);
}

/* What a field asks of its signature (/SV) names filters, and is none. */
static void
seed_value(void **state)
{
	struct pdf_survey s;
	struct arena *arena;
	struct pm m;

	(void)state;
	pm_init(&m);
	pm_page(&m);
	pm_obj(&m, 1, "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[5 0 R]>>>>");
	pm_obj(&m, 5, "<</FT/Sig/T(a)/Contents(note)/SV<</SubFilter[/ETSI.CAdES.detached]>>>>");
	pm_end(&m, "");
	arena = pm_survey(&m, &s);
	assert_int_equal(s.nsigs, 0);
	assert_int_equal(s.nfindings, 0);
	arena_free(arena);
	buf_clear(&m.b);
}

/* Usage rights are no signature. */
static void
usage_rights(void **state)
{
	struct pdf_survey s;
	struct arena *arena;
	struct pm m;

	(void)state;
	pm_init(&m);
	pm_page(&m);
	pm_obj(&m, 1, "<</Type/Catalog/Pages 2 0 R/Perms<</UR3 6 0 R>>>>");
	pm_sig(&m, 6, CADES);
	pm_end(&m, "");
	arena = pm_survey(&m, &s);
	assert_int_equal(s.nsigs, 0);
	assert_int_equal(s.nfindings, 0);
	arena_free(arena);
	buf_clear(&m.b);
}

static void
shared_value(void **state)
{
	struct pdf_survey s;
	struct arena *arena;
	struct pm m;

	(void)state;
	pm_init(&m);
	pm_page(&m);
	pm_obj(&m, 1, "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[5 0 R 7 0 R]>>>>");
	pm_obj(&m, 5, "<</FT/Sig/T(a)/V 6 0 R>>");
	pm_obj(&m, 7, "<</FT/Sig/T(b)/V 6 0 R>>");
	pm_sig(&m, 6, CADES);
	pm_end(&m, "");
	arena = pm_survey(&m, &s);
	assert_int_equal(s.nsigs, 1);
	assert_true(sig_has(&s, 0, PDF_D1_FIELD_VALUE));
	arena_free(arena);
	buf_clear(&m.b);
}

/* The signature's object once more, with another reason. */
static void
redefined(void **state)
{
	struct pdf_survey s;
	struct arena *arena;
	struct pm m;

	(void)state;
	pm_signed(&m, CADES);
	pm_obj(&m, 6, "<</Type/Sig/Filter/Adobe.PPKLite/Reason(Other)>>");
	pm_end(&m, "");
	arena = pm_survey(&m, &s);
	assert_true(s.nsigs >= 1);
	assert_int_equal(s.sigs[0].coverage, PDF_COVERAGE_REVISION);
	assert_int_equal(s.sigs[0].modification, PDF_MOD_OTHER);
	assert_true(sig_has(&s, 0, PDF_D2_REDEFINED));
	arena_free(arena);
	buf_clear(&m.b);
}

/* The same byte range in another dictionary: the copy is not around the gap. */
static void
copied(void **state)
{
	struct pdf_survey s;
	struct arena *arena;
	struct pm m;
	char range[32], text[256];

	(void)state;
	pm_signed(&m, CADES);
	memcpy(range, m.b.p + m.gap - 10 - 25, 24);
	range[24] = '\0';
	pm_obj(&m, 1, "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[5 0 R 7 0 R]>>>>");
	pm_obj(&m, 7, "<</FT/Sig/T(copy)/V 8 0 R>>");
	snprintf(text, sizeof(text),
	    "<</Filter/Adobe.PPKLite" CADES "/ByteRange[0 %s]/Contents<3000>>>", range);
	pm_obj(&m, 8, text);
	pm_end(&m, "");
	arena = pm_survey(&m, &s);
	assert_int_equal(s.nsigs, 2);
	assert_string_equal(s.sigs[0].field, "first");
	assert_int_equal(s.sigs[0].coverage, PDF_COVERAGE_REVISION);
	assert_int_equal(s.sigs[1].coverage, PDF_COVERAGE_UNCLEAR);
	assert_true(sig_has(&s, 1, PDF_B12_DUPLICATE_RANGE));
	assert_true(sig_has(&s, 1, PDF_D4_PLACE));
	arena_free(arena);
	buf_clear(&m.b);
}

static void
certified(void **state)
{
	static const struct {
		const char *params;
		int docmdp;
	} cases[] = {{"/P 1", 1}, {"/P 3", 3}, {"", 2}, {"/P 4", -1}, {"/P(1)", -1}};
	struct pdf_survey s;
	struct arena *arena;
	char more[256];
	struct pm m;
	size_t i;

	(void)state;
	for (i = 0; i < nitems(cases); i++) {
		pm_init(&m);
		pm_page(&m);
		pm_obj(&m, 1,
		    "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[5 0 R]>>/Perms<</DocMDP 6 0 "
		    "R>>>>");
		pm_obj(&m, 5, "<</FT/Sig/T(a)/V 6 0 R/Lock<</Action/Include/Fields[(x)(y)]>>>>");
		snprintf(more, sizeof(more),
		    CADES "/Reference[<</TransformMethod/DocMDP/TransformParams<<%s>>>>]",
		    cases[i].params);
		pm_sig(&m, 6, more);
		pm_end(&m, "");
		arena = pm_survey(&m, &s);
		assert_int_equal(s.nsigs, 1);
		assert_int_equal(s.sigs[0].docmdp, cases[i].docmdp);
		assert_int_equal(s.sigs[0].lock.action, 'I');
		assert_int_equal(s.sigs[0].lock.nnames, 2);
		assert_string_equal(s.sigs[0].lock.names[1], "y");
		arena_free(arena);
		buf_clear(&m.b);
	}
}

/* /P of a field's lock counts, whoever says which fields are locked. */
static void
locks(void **state)
{
	static const struct {
		const char *lock, *reference;
		char action;
		const char *name;
		int p;
	} cases[] = {
	    {"/Action/Include/Fields[(x)]/P 2", "", 'I', "x", 2},
	    {"/Action/All/P 1", "", 'A', NULL, 1},
	    {"/Action/All/P 7", "", 'A', NULL, -1},
	    {"/P 1", "", 0, NULL, 1},
	    {"/Action/All/P 1", "/Action/Exclude/Fields[(y)]", 'E', "y", 1},
	    {"/Action/All", "/Action/Exclude/Fields[(y)]", 'E', "y", 0},
	    /* what can't be told locks everything */
	    {"/Action/all", "", 'A', NULL, 0},
	    {"/Action/Include/Fields(x)", "", 'A', NULL, 0},
	    {"/Action/Include/Fields[(x)/y]", "", 'A', "x", 0},
	    {"/Action/Exclude/Fields[1]", "", 'A', NULL, 0},
	    {"/Action/All/P 1.0", "", 'A', NULL, -1},
	};
	struct pdf_survey s;
	struct arena *arena;
	char more[256], field[256];
	struct pm m;
	size_t i;

	(void)state;
	for (i = 0; i < nitems(cases); i++) {
		pm_init(&m);
		pm_page(&m);
		pm_obj(&m, 1, "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[5 0 R]>>>>");
		snprintf(
		    field, sizeof(field), "<</FT/Sig/T(a)/V 6 0 R/Lock<<%s>>>>", cases[i].lock);
		pm_obj(&m, 5, field);
		snprintf(more, sizeof(more),
		    CADES "/Reference[<</TransformMethod/%s/TransformParams<<%s>>>>]",
		    cases[i].reference[0] != '\0' ? "FieldMDP" : "Identity", cases[i].reference);
		pm_sig(&m, 6, more);
		pm_end(&m, "");
		arena = pm_survey(&m, &s);
		assert_int_equal(s.nsigs, 1);
		assert_int_equal(s.sigs[0].lock.action, cases[i].action);
		assert_int_equal(s.sigs[0].lock.p, cases[i].p);
		assert_int_equal(s.sigs[0].lock.nnames, cases[i].name != NULL);
		if (cases[i].name != NULL)
			assert_string_equal(s.sigs[0].lock.names[0], cases[i].name);
		arena_free(arena);
		buf_clear(&m.b);
	}
}

/* Names are joined; a tree that meets itself ends. */
static void
field_tree(void **state)
{
	struct pdf_survey s;
	struct arena *arena;
	struct pm m;

	(void)state;
	pm_init(&m);
	pm_page(&m);
	pm_obj(&m, 1, "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[5 0 R]>>>>");
	pm_obj(&m, 5, "<</FT/Sig/T(a)/Kids[7 0 R 5 0 R]>>");
	pm_obj(&m, 7, "<</T(b)/V 6 0 R/Kids[5 0 R 7 0 R]>>");
	pm_sig(&m, 6, CADES);
	pm_end(&m, "");
	arena = pm_survey(&m, &s);
	assert_int_equal(s.nsigs, 1);
	assert_string_equal(s.sigs[0].field, "a.b");
	arena_free(arena);
	buf_clear(&m.b);
}

/* Of an encrypted file only what is not encrypted is told. */
static void
encrypted(void **state)
{
	struct pdf_survey s;
	struct arena *arena;
	struct pm m;

	(void)state;
	pm_init(&m);
	pm_page(&m);
	pm_obj(&m, 1, "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[5 0 R]>>>>");
	pm_obj(&m, 5, "<</FT/Sig/T(xyz)/V 6 0 R>>");
	pm_obj(&m, 7, "<</Filter/Standard>>");
	pm_sig(&m, 6, CADES "/Reason(xyz)/M(D:20261101000000Z)");
	pm_end(&m, "/Encrypt 7 0 R");
	arena = pm_survey(&m, &s);
	assert_true(s.encrypted);
	assert_int_equal(s.nsigs, 1);
	assert_null(s.sigs[0].field);
	assert_null(s.sigs[0].reason);
	assert_true(s.sigs[0].m_present);
	assert_true(s.sigs[0].m == WHEN_NONE);
	assert_int_equal(s.sigs[0].coverage, PDF_COVERAGE_FILE);
	assert_int_equal(s.sigs[0].contents.len, 32);
	arena_free(arena);
	buf_clear(&m.b);
}

static void
not_pdf(void **state)
{
	static const struct {
		const char *in;
		enum pdf_status status;
	} cases[] = {
	    {"", PDF_NOT_PDF},
	    {"<html>", PDF_NOT_PDF},
	    {"%PDF-1.7\n", PDF_NOT_PDF},
	    {"startxref\n0\n%%EOF\n", PDF_NOT_PDF},
	    {"%PDF-1.7\nstartxref\n0\n%%EOF\n", PDF_DEFECT},
	    {"junk\n%PDF-1.7\nstartxref\n0\n%%EOF\n", PDF_DEFECT},
	    {"%PDF-1.7\nstartxref\n", PDF_DEFECT},
	};
	struct pdf_survey s;
	struct arena *arena;
	struct pm m;
	size_t i;

	(void)state;
	for (i = 0; i < nitems(cases); i++) {
		buf_init(&m.b, 1u << 20);
		buf_str(&m.b, cases[i].in);
		arena = pm_survey(&m, &s);
		assert_int_equal(s.status, cases[i].status);
		assert_int_equal(s.nsigs, 0);
		assert_int_equal(s.nfindings != 0, s.status == PDF_DEFECT);
		arena_free(arena);
		buf_clear(&m.b);
	}
}

/* A field that stays as it is becomes one for signatures, or is filled, by another object. */
static void
elsewhere(void **state)
{
	static const char *const kinds[][2] = {{"/Tx", "/Sig"}, {"/Sig", "/Sig"}};
	struct pdf_survey s;
	struct arena *arena;
	struct pm m;
	size_t i;

	(void)state;
	for (i = 0; i < 2; i++) {
		pm_init(&m);
		pm_page(&m);
		pm_obj(
		    &m, 1, "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[5 0 R]/SigFlags 3>>>>");
		pm_obj(&m, 5, "<</FT 9 0 R/T(a)/V 6 0 R>>");
		pm_obj(&m, 9, kinds[i][0]);
		if (i == 0)
			pm_sig(&m, 6, "");
		pm_end(&m, "");
		pm_obj(&m, 20, "(nothing of it)");
		pm_end(&m, "");
		pm_obj(&m, 9, kinds[i][1]);
		if (i == 1)
			pm_sig(&m, 6, "");
		pm_end(&m, "");
		arena = pm_survey(&m, &s);
		assert_int_equal(s.nsigs, 1);
		assert_false(s.sigs[0].orphan);
		assert_string_equal(s.sigs[0].field, "a");
		arena_free(arena);
		buf_clear(&m.b);
	}
}

/* An object is looked at once a view, though an older view knows already what it says. */
static void
kid_of_another(void **state)
{
	struct pdf_survey s;
	struct arena *arena;
	struct pm m;
	int older;

	(void)state;
	for (older = 0; older < 2; older++) {
		pm_init(&m);
		pm_page(&m);
		pm_obj(&m, 5, "<</T(a)/V 6 0 R>>");
		if (older) {
			pm_obj(&m, 1, "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[5 0 R]>>>>");
			pm_end(&m, "");
		}
		/* At the top it is no signature field; below this one it would be. */
		pm_obj(&m, 1, "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[5 0 R 7 0 R]>>>>");
		pm_obj(&m, 7, "<</FT/Sig/T(b)/Kids[5 0 R]>>");
		pm_sig(&m, 6, CADES);
		pm_end(&m, "");
		arena = pm_survey(&m, &s);
		assert_int_equal(s.nsigs, 1);
		assert_true(s.sigs[0].orphan);
		arena_free(arena);
		buf_clear(&m.b);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(good),
	    cmocka_unit_test(dictionaries),
	    cmocka_unit_test(each_byte),
	    cmocka_unit_test(hidden),
	    cmocka_unit_test(second_document),
	    cmocka_unit_test(new_root),
	    cmocka_unit_test(orphan),
	    cmocka_unit_test(orphan_without_range),
	    cmocka_unit_test(seed_value),
	    cmocka_unit_test(usage_rights),
	    cmocka_unit_test(shared_value),
	    cmocka_unit_test(redefined),
	    cmocka_unit_test(copied),
	    cmocka_unit_test(certified),
	    cmocka_unit_test(locks),
	    cmocka_unit_test(field_tree),
	    cmocka_unit_test(encrypted),
	    cmocka_unit_test(not_pdf),
	    cmocka_unit_test(elsewhere),
	    cmocka_unit_test(kid_of_another),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
