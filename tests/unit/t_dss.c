/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Validation data over all revisions. */
#include "pdfmake.h"

#include <zlib.h>

#define DER(c) "<</Length 5>>\nstream\n0\x03\x02\x01" c "\nendstream"
#define KEY    "0123456789ABCDEF0123456789ABCDEF01234567"

static void
has(const struct pdf_evidence *v, size_t n, size_t i, char last, unsigned revision)
{
	assert_true(i < n);
	assert_int_equal(v[i].der.len, 5);
	assert_int_equal(v[i].der.p[4], last);
	assert_int_equal(v[i].revision, revision);
}

static void
all_revisions(void **state)
{
	struct pdf_survey s;
	struct arena *arena;
	struct pm m;

	(void)state;
	pm_init(&m);
	pm_page(&m);
	pm_end(&m, "");
	pm_obj(&m, 10, DER("a"));
	pm_obj(&m, 11, DER("b"));
	pm_obj(&m, 12, DER("c"));
	pm_obj(&m, 1,
	    "<</Type/Catalog/Pages 2 0 R/DSS<</Certs[10 0 R 10 0 R]/OCSPs 14 0 R/CRLs[12 0 R]>>>>");
	pm_obj(&m, 14, "[11 0 R]");
	pm_end(&m, "");
	/* The list is gone again, and the same bytes come under another number. */
	pm_obj(&m, 13, DER("a"));
	pm_obj(&m, 15, DER("d"));
	pm_obj(&m, 16, DER("e"));
	pm_obj(&m, 1,
	    "<</Type/Catalog/Pages 2 0 R/DSS<</Certs[13 0 R]/VRI<</" KEY
	    "<</Cert[15 0 R]/TS 16 0 R>>>>>>>>");
	pm_end(&m, "");
	arena = pm_survey(&m, &s);
	assert_int_equal(s.nfindings, 0);
	assert_true(s.dss.present);
	assert_int_equal(s.dss.first_revision, 2);
	assert_int_equal(s.dss.ncerts, 2);
	has(s.dss.certs, s.dss.ncerts, 0, 'a', 2);
	has(s.dss.certs, s.dss.ncerts, 1, 'd', 3);
	assert_int_equal(s.dss.nocsps, 1);
	has(s.dss.ocsps, s.dss.nocsps, 0, 'b', 2);
	assert_int_equal(s.dss.ncrls, 1);
	has(s.dss.crls, s.dss.ncrls, 0, 'c', 2);
	assert_int_equal(s.dss.nvri_ts, 1);
	has(s.dss.vri_ts, s.dss.nvri_ts, 0, 'e', 3);
	arena_free(arena);
	buf_clear(&m.b);
}

/* What is no stream is not taken; what does not decode is a finding. */
static void
malformed(void **state)
{
	struct pdf_survey s;
	struct arena *arena;
	struct pm m;

	(void)state;
	pm_init(&m);
	pm_page(&m);
	pm_obj(&m, 10, "<</A 1>>");
	pm_obj(&m, 11, "<</Length 5/Filter/FlateDecode>>\nstream\nhello\nendstream");
	pm_obj(&m, 12, "<</Length 5/Filter/Unknown>>\nstream\nhello\nendstream");
	pm_obj(&m, 13, "<</Length 11/Filter/ASCIIHexDecode>>\nstream\n3003020178>\nendstream");
	pm_obj(&m, 1,
	    "<</Type/Catalog/Pages 2 0 R/DSS<</Certs[10 0 R 11 0 R 12 0 R 13 0 R 14 0 R 7(x)<<>>]"
	    "/OCSPs 5/CRLs(x)/VRI[1]>>>>");
	pm_end(&m, "");
	arena = pm_survey(&m, &s);
	assert_true(s.dss.present);
	assert_int_equal(s.dss.ncerts, 1);
	has(s.dss.certs, s.dss.ncerts, 0, 'x', 1);
	assert_int_equal(s.dss.nocsps, 0);
	assert_int_equal(s.dss.ncrls, 0);
	assert_true(pm_has(s.findings, s.nfindings, PDF_S5_OBJECT));
	arena_free(arena);
	buf_clear(&m.b);
}

/* --- what a later revision may put there --- */

#define ITEMS(a) (sizeof(a) / sizeof((a)[0]))
#define K64      KEY "012345678901234567890123"

static const struct later {
	const char *what, *dss, *ten, *eleven;
	bool clean;
} laters[] = {
    {"the usual", "<</Type/DSS/Certs[10 0 R]/CRLs[11 0 R]>>", DER("a"), DER("b"), true},
    {"by lists of their own", "<</Certs 11 0 R>>", DER("a"), "[10 0 R]", true},
    {"one instead of a list", "<</OCSPs 10 0 R>>", DER("a"), NULL, true},
    {"for one signature", "<</VRI<</" KEY "<</Cert[10 0 R]/TU(D:2026)/TS 10 0 R/Type/VRI>>>>>>",
	DER("a"), NULL, true},
    {"by SHA-256", "<</VRI 11 0 R>>", DER("a"), "<</Type/VRI/" K64 "<</CRL[10 0 R]>>>>", true},
    {"nothing yet", "<</Certs[]/VRI<<>>>>", NULL, NULL, true},
    {"with an end of line that is counted", "<</Certs[10 0 R]>>",
	"<</Length 6>>\nstream\n0\x03\x02\x01z\n\nendstream", NULL, true},
    {"a long form", "<</Certs[10 0 R]>>", "<</Length 6>>\nstream\n0\x81\x03\x02\x01z\nendstream",
	NULL, true},
    {"an open end", "<</VRI<</" KEY "<</TS 10 0 R>>>>>>",
	"<</Length 4>>\nstream\n0\x80zz\nendstream", NULL, true},

    {"a key of its own", "<</Certs[10 0 R]/X 10 0 R>>", DER("a"), NULL, false},
    {"a type that is none", "<</Type<</S/JavaScript>>/Certs[10 0 R]>>", DER("a"), NULL, false},
    {"no dictionary", "[10 0 R]", DER("a"), NULL, false},
    {"a stream", "10 0 R", DER("a"), NULL, false},
    {"text", "<</Certs(x)>>", NULL, NULL, false},
    {"a direct item", "<</Certs[(x)]>>", NULL, NULL, false},
    {"a list of lists", "<</Certs[11 0 R]>>", DER("a"), "[10 0 R]", false},
    {"an item that is not there", "<</Certs[10 0 R]>>", NULL, NULL, false},
    {"an item with another generation", "<</Certs[10 1 R]>>", DER("a"), NULL, false},
    {"a dictionary for a stream", "<</Certs[10 0 R]>>", "<</Length 5>>", NULL, false},
    {"itself", "11 0 R", NULL, "<</Certs[11 0 R]/VRI 11 0 R>>", false},
    {"a page", "<</Certs[3 0 R]>>", NULL, NULL, false},
    {"a page's content", "<</Certs[4 0 R]>>", NULL, NULL, false},
    {"a form that can be drawn", "<</Certs[10 0 R]>>",
	"<</Length 5/Subtype/Form>>\nstream\n0\x03\x02\x01z\nendstream", NULL, false},
    {"bytes from elsewhere", "<</Certs[10 0 R]>>",
	"<</Length 5/F(x)>>\nstream\n0\x03\x02\x01z\nendstream", NULL, false},
    {"text that begins like DER", "<</Certs[10 0 R]>>", "<</Length 5>>\nstream\n0 0 m\nendstream",
	NULL, false},
    {"more than it says", "<</Certs[10 0 R]>>",
	"<</Length 7>>\nstream\n0\x03\x02\x01z!!\nendstream", NULL, false},
    {"less than it says", "<</Certs[10 0 R]>>", "<</Length 5>>\nstream\n0\x7f\x02\x01z\nendstream",
	NULL, false},
    {"a length of four octets", "<</Certs[10 0 R]>>",
	"<</Length 6>>\nstream\n0\x84\xff\xff\xff\xff\nendstream", NULL, false},
    {"a length without its octets", "<</Certs[10 0 R]>>", "<</Length 2>>\nstream\n0\x84\nendstream",
	NULL, false},
    {"no bytes", "<</Certs[10 0 R]>>", "<</Length 0>>\nstream\n\nendstream", NULL, false},
    {"a filter that nobody knows", "<</Certs[10 0 R]>>",
	"<</Length 5/Filter/Own>>\nstream\n0\x03\x02\x01z\nendstream", NULL, false},
    {"nothing but a broken filter", "<</Certs[10 0 R]>>",
	"<</Length 5/Filter/FlateDecode>>\nstream\n0\x03\x02\x01z\nendstream", NULL, false},
    {"no digest as key", "<</VRI<</X<</Cert[10 0 R]>>>>>>", DER("a"), NULL, false},
    {"no hexadecimal key", "<</VRI<</0123456789ABCDEFG123456789ABCDEF01234567<<>>>>>>", NULL, NULL,
	false},
    {"a key of its own for one signature", "<</VRI<</" KEY "<</X[10 0 R]>>>>>>", DER("a"), NULL,
	false},
    {"a name as time", "<</VRI<</" KEY "<</TU/X>>>>>>", NULL, NULL, false},
    {"a string as type", "<</VRI<</" KEY "<</Type(x)>>>>>>", NULL, NULL, false},
    {"no dictionary for one signature", "<</VRI<</" KEY " 10 0 R>>>>", DER("a"), NULL, false},
    {"no dictionary for the signatures", "<</VRI[]>>", NULL, NULL, false},
    {"a type of them that is none", "<</VRI<</Type 10 0 R>>>>", DER("a"), NULL, false},
    {"a key twice", "<</Certs[]/Certs[]>>", NULL, NULL, false},
    {"a key twice for one signature", "<</VRI<</" KEY " 11 0 R>>>>", NULL, "<</Cert[]/Cert[]>>",
	false},
};

static void
update(struct pm *m, const char *dss)
{
	char text[512];

	snprintf(text, sizeof(text),
	    "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[5 0 R]/SigFlags 3>>%s%s>>",
	    dss == NULL ? "" : "/DSS ", dss == NULL ? "" : dss);
	pm_obj(m, 1, text);
}

static void
later(void **state)
{
	enum pdf_modification want;
	struct pdf_survey s;
	struct arena *arena;
	struct pm m;
	size_t i;

	(void)state;
	for (i = 0; i < ITEMS(laters); i++) {
		pm_signed(&m, "");
		update(&m, laters[i].dss);
		if (laters[i].ten != NULL)
			pm_obj(&m, 10, laters[i].ten);
		if (laters[i].eleven != NULL)
			pm_obj(&m, 11, laters[i].eleven);
		pm_end(&m, "");
		arena = pm_survey(&m, &s);
		assert_int_equal(s.nsigs, 1);
		want = laters[i].clean ? PDF_MOD_LTA_UPDATES : PDF_MOD_OTHER;
		if (s.sigs[0].modification != want)
			fail_msg("%s: %d", laters[i].what, (int)s.sigs[0].modification);
		if (s.nfindings != 0 && laters[i].clean)
			fail_msg("%s: a finding", laters[i].what);
		arena_free(arena);
		buf_clear(&m.b);
	}
}

/* Single items may go; the store, and what it has for each signature, may not. */
static void
removed(void **state)
{
	static const struct {
		const char *dss;
		enum pdf_modification level;
	} rows[] = {
	    {"<</Certs[10 0 R]/VRI<<>>>>", PDF_MOD_LTA_UPDATES},
	    {"<</Certs[10 0 R]>>", PDF_MOD_OTHER},
	    {"<</Certs[10 0 R]/VRI null>>", PDF_MOD_OTHER},
	    {"<</Certs[10 0 R]/VRI 40 0 R>>", PDF_MOD_OTHER},
	    {NULL, PDF_MOD_OTHER},
	    {"null", PDF_MOD_OTHER},
	    {"40 0 R", PDF_MOD_OTHER},
	};
	struct pdf_survey s;
	struct arena *arena;
	struct pm m;
	size_t i;

	(void)state;
	for (i = 0; i < ITEMS(rows); i++) {
		pm_init(&m);
		pm_obj(&m, 10, DER("a"));
		pm_obj(&m, 11, DER("b"));
		update(&m, "<</Certs[10 0 R 11 0 R]/VRI<</" KEY "<</Cert[11 0 R]>>>>>>");
		pm_obj(&m, 2, "<</Type/Pages/Kids[3 0 R]/Count 1>>");
		pm_obj(&m, 3, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Annots[5 0 R]>>");
		pm_obj(&m, 5,
		    "<</Type/Annot/Subtype/Widget/FT/Sig/T(a)/Rect[0 0 0 0]/P 3 0 R/V 6 0 R>>");
		pm_sig(&m, 6, "");
		pm_end(&m, "");
		update(&m, rows[i].dss);
		pm_end(&m, "");
		arena = pm_survey(&m, &s);
		assert_int_equal(s.nsigs, 1);
		assert_int_equal(s.sigs[0].modification, rows[i].level);
		arena_free(arena);
		buf_clear(&m.b);
	}
}

/* Object numbers of the signed revision that a store defines anew. */
static void
clobbered(void **state)
{
	static const unsigned nums[] = {2, 3, 4, 5, 6};
	struct pdf_survey s;
	struct arena *arena;
	char text[64];
	struct pm m;
	size_t i;

	(void)state;
	for (i = 0; i < ITEMS(nums); i++) {
		pm_signed(&m, "");
		snprintf(text, sizeof(text), "<</Certs[%u 0 R]>>", nums[i]);
		update(&m, text);
		pm_obj(&m, nums[i], DER("a"));
		pm_end(&m, "");
		arena = pm_survey(&m, &s);
		assert_true(s.nsigs >= 1);
		assert_int_equal(s.sigs[0].modification, PDF_MOD_OTHER);
		arena_free(arena);
		buf_clear(&m.b);
	}
}

/* Fifty streams of fifty megabytes each, in an arena of 64: put out one by one. */
static void
bombs(void **state)
{
	static const char *const lists[] = {"Certs", "OCSPs"};
	size_t i, k, len = 50u << 20, packed = compressBound(len);
	uint8_t *p = calloc(1, len), *z = malloc(packed);
	struct pdf_survey s;
	struct arena *arena;
	uLongf got = packed;
	struct buf refs;
	struct pm m;

	(void)state;
	assert_non_null(p);
	assert_non_null(z);
	p[0] = 0x30;
	assert_int_equal(compress2(z, &got, p, len, 1), Z_OK);
	for (k = 0; k < ITEMS(lists); k++) {
		buf_init(&refs, 4096);
		buf_printf(&refs, "<</%s[", lists[k]);
		pm_signed(&m, "");
		m.b.max = 64u << 20;
		for (i = 10; i < 60; i++) {
			buf_printf(&refs, "%zu 0 R ", i);
			m.off[i] = m.b.len;
			m.dirty[i] = true;
			buf_printf(&m.b, "%zu 0 obj\n<</Length %zu/Filter/FlateDecode>>\nstream\n",
			    i, (size_t)got);
			buf_put(&m.b, z, got);
			buf_str(&m.b, "\nendstream\nendobj\n");
		}
		buf_str(&refs, "]>>");
		update(&m, buf_text(&refs));
		pm_end(&m, "");
		arena = pm_survey(&m, &s);
		assert_true(pm_has(s.findings, s.nfindings, PDF_S9_LIMIT));
		assert_int_equal(s.dss.ncerts + s.dss.nocsps, 0);
		assert_int_equal(s.sigs[0].modification, PDF_MOD_OTHER);
		assert_true(arena_used(arena) < (60u << 20));
		arena_free(arena);
		buf_clear(&m.b);
		buf_clear(&refs);
	}
	free(p);
	free(z);
}

static void
absent(void **state)
{
	struct pdf_survey s;
	struct arena *arena;
	struct pm m;

	(void)state;
	pm_signed(&m, "");
	arena = pm_survey(&m, &s);
	assert_false(s.dss.present);
	assert_int_equal(s.dss.first_revision, 0);
	arena_free(arena);
	buf_clear(&m.b);
}

/* The store is the same object in all revisions; what it names is not. */
static void
kept(void **state)
{
	struct pdf_survey s;
	struct arena *arena;
	struct pm m;

	(void)state;
	pm_init(&m);
	pm_page(&m);
	pm_obj(&m, 1, "<</Type/Catalog/Pages 2 0 R/DSS 8 0 R>>");
	pm_obj(&m, 8, "<</Certs[10 0 R]/OCSPs 14 0 R/VRI<</" KEY "<</CRL[12 0 R]>>>>>>");
	pm_obj(&m, 10, DER("a"));
	pm_obj(&m, 11, DER("b"));
	pm_obj(&m, 14, "[11 0 R]");
	pm_end(&m, "");
	pm_obj(&m, 20, "(nothing of it)");
	pm_end(&m, "");
	pm_obj(&m, 13, DER("d"));
	pm_obj(&m, 14, "[11 0 R 13 0 R]");
	pm_end(&m, "");
	pm_obj(&m, 12, DER("c")); /* until now nothing */
	pm_end(&m, "");
	pm_obj(&m, 20, "(nothing again)");
	pm_end(&m, "");
	pm_obj(&m, 10, DER("e"));
	pm_end(&m, "");
	arena = pm_survey(&m, &s);
	assert_int_equal(s.dss.first_revision, 1);
	assert_int_equal(s.dss.ncerts, 2);
	has(s.dss.certs, s.dss.ncerts, 0, 'a', 1);
	has(s.dss.certs, s.dss.ncerts, 1, 'e', 6);
	assert_int_equal(s.dss.nocsps, 2);
	has(s.dss.ocsps, s.dss.nocsps, 0, 'b', 1);
	has(s.dss.ocsps, s.dss.nocsps, 1, 'd', 3);
	assert_int_equal(s.dss.ncrls, 1);
	has(s.dss.crls, s.dss.ncrls, 0, 'c', 4);
	arena_free(arena);
	buf_clear(&m.b);
}

/* A store that was clean once, and what it names then is not. */
static void
spoiled(void **state)
{
	static const struct {
		unsigned num;
		const char *text;
		enum pdf_modification level;
	} rows[] = {
	    {20, DER("b"), PDF_MOD_LTA_UPDATES},
	    {10, DER("b"), PDF_MOD_LTA_UPDATES},
	    {10, "<</Length 5>>\nstream\nhello\nendstream", PDF_MOD_OTHER},
	    {14, "[10 0 R 2 0 R]", PDF_MOD_OTHER},
	};
	struct pdf_survey s;
	struct arena *arena;
	struct pm m;
	size_t i;

	(void)state;
	for (i = 0; i < ITEMS(rows); i++) {
		pm_signed(&m, "");
		pm_obj(&m, 10, DER("a"));
		pm_obj(&m, 14, "[10 0 R]");
		pm_obj(&m, 8, "<</Certs 14 0 R>>");
		update(&m, "8 0 R");
		pm_end(&m, "");
		pm_obj(&m, 21, DER("c"));
		pm_end(&m, "");
		pm_obj(&m, rows[i].num, rows[i].text);
		pm_end(&m, "");
		arena = pm_survey(&m, &s);
		assert_int_equal(s.nsigs, 1);
		assert_int_equal(s.sigs[0].modification, rows[i].level);
		arena_free(arena);
		buf_clear(&m.b);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(all_revisions),
	    cmocka_unit_test(malformed),
	    cmocka_unit_test(absent),
	    cmocka_unit_test(later),
	    cmocka_unit_test(removed),
	    cmocka_unit_test(clobbered),
	    cmocka_unit_test(bombs),
	    cmocka_unit_test(kept),
	    cmocka_unit_test(spoiled),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
