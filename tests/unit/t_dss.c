/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Validation data over all revisions. */
#include "pdfmake.h"

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

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(all_revisions),
	    cmocka_unit_test(malformed),
	    cmocka_unit_test(absent),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
