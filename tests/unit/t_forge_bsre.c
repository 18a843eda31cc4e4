/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A letter as BSrE's service makes it: CAdES detached, SHA-256 with RSA-2048,
 * CMS version 1 with root, CA and signer, signing-certificate-v2, no signing
 * time, a timestamp 3 s after /M, 16384 octets of /Contents padded with zeros;
 * then an update with certificates, the root's CRL and one OCSP answer without
 * nextUpdate.  The root and the timestamp authority have expired since.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "forge.h"
#include "when.h"

static struct maker *maker;
static struct agency agency;
static struct pki_cert signer;
static struct trust *trust;

static int64_t
date(const char *s)
{
	int64_t t;

	assert_true(when_parse(s, &t));
	return t;
}

static int
setup(void **state)
{
	const struct agency_times times = {
	    .root = {date("2016-08-18T03:29:31Z"), date("2026-08-18T03:29:31Z")},
	    .ca = {date("2022-11-21T02:35:59Z"), date("2032-11-18T02:35:58Z")},
	    .tsa = {date("2023-09-02T06:42:57Z"), date("2026-09-01T06:42:56Z")},
	    .responder = {date("2022-11-25T02:51:10Z"), date("2027-11-24T02:51:09Z")},
	};

	(void)state;
	maker = maker_new();
	assert_non_null(maker);
	agency_found(&agency, maker, MAKER_RSA, &times);
	agency.fresh = 0;
	agency_admit(&agency, &signer, maker_key(maker, MAKER_RSA), "Siti Rahmawati Contoh",
	    date("2023-02-08T04:00:00Z"), date("2025-02-07T03:59:59Z"));
	assert_int_equal(maker_rc(maker), RC_OK);
	trust = forge_trust(maker, &agency.root);
	assert_non_null(trust);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	trust_free(trust);
	maker_free(maker);
	return 0;
}

static void
make(struct letter *l, enum letter_form form)
{
	letter_init(l, maker, form, &forge_text, 0);
	agency_sign(&agency, l,
	    &(struct agency_order){.signer = &signer,
		.level = AGENCY_LT,
		.at = date("2024-02-13T09:03:39Z"),
		.shown = "Siti Rahmawati Contoh"});
	assert_int_equal(letter_rc(l), RC_OK);
	assert_int_equal(l->contents.len, 16384);
}

static void
judge(enum letter_form form, const char *policy, enum conclusion conclusion, enum indication ind,
    enum sub_indication sub)
{
	struct letter l;
	struct report *r;

	make(&l, form);
	r = forge_verify(trust, l.out.p, l.out.len, policy, date("2026-11-20T00:00:00Z"));
	assert_non_null(r);
	forge_show(policy, r);
	assert_int_equal(r->conclusion, conclusion);
	assert_int_equal(r->nsigs, 1);
	assert_int_equal(r->document.revisions, 3);
	assert_int_equal(r->sigs[0].status.ind, ind);
	assert_int_equal(r->sigs[0].status.sub, sub);
	assert_int_equal(r->sigs[0].strict.ind, IND_INDETERMINATE);
	assert_int_equal(r->sigs[0].integrity, INTEGRITY_INTACT);
	assert_int_equal(r->sigs[0].coverage, COVERAGE_ENTIRE_REVISION);
	assert_int_equal(r->sigs[0].modification, MOD_LTA_UPDATES);
	assert_int_equal(r->sigs[0].level, LEVEL_PADES_LT);
	assert_int_equal(r->sigs[0].time.claimed, date("2024-02-13T09:03:39Z"));
	assert_int_equal(r->sigs[0].contents_bytes, 16384);
	assert_int_equal(r->sigs[0].key_bits, 2048);
	assert_string_equal(r->sigs[0].signer.name, "Siti Rahmawati Contoh");
	if (conclusion == CONCLUSION_VALID)
		assert_int_equal(r->sigs[0].time.proven, date("2024-02-13T09:03:42Z"));
	report_free(r);
	letter_clear(&l);
}

static void
test_plain_nasional(void **state)
{
	(void)state;
	judge(LETTER_CLASSIC, "nasional", CONCLUSION_VALID, IND_PASSED, SUB_NONE);
}

static void
test_plain_strict(void **state)
{
	(void)state;
	judge(LETTER_CLASSIC, "strict", CONCLUSION_INDETERMINATE, IND_INDETERMINATE,
	    SUB_OUT_OF_BOUNDS_NOT_REVOKED);
}

static void
test_hybrid_nasional(void **state)
{
	(void)state;
	judge(LETTER_HYBRID, "nasional", CONCLUSION_VALID, IND_PASSED, SUB_NONE);
}

static void
test_hybrid_strict(void **state)
{
	(void)state;
	judge(LETTER_HYBRID, "strict", CONCLUSION_INDETERMINATE, IND_INDETERMINATE,
	    SUB_OUT_OF_BOUNDS_NOT_REVOKED);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_plain_nasional),
	    cmocka_unit_test(test_plain_strict),
	    cmocka_unit_test(test_hybrid_nasional),
	    cmocka_unit_test(test_hybrid_strict),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, setup, teardown);
}
