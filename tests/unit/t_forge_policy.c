/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How far `nasional` goes: a letter of 2011 whose certificate, CA, responder
 * and timestamp authority are all over is good by its timestamp alone, unless
 * the token itself is weak by now, or the anchor was not in force.
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
static enum level level; /* of the letter judged last */
static bool ltv;

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
	    .root = {date("2008-01-01T00:00:00Z"), date("2030-01-01T00:00:00Z")},
	    .ca = {date("2009-01-01T00:00:00Z"), date("2014-01-01T00:00:00Z")},
	    .tsa = {date("2009-01-01T00:00:00Z"), date("2014-01-01T00:00:00Z")},
	    .responder = {date("2009-01-01T00:00:00Z"), date("2014-01-01T00:00:00Z")},
	};

	(void)state;
	maker = maker_new();
	assert_non_null(maker);
	agency_found(&agency, maker, MAKER_P256, &times);
	agency_admit(&agency, &signer, maker_key(maker, MAKER_P256), "Siti Rahmawati Contoh",
	    date("2010-06-01T00:00:00Z"), date("2012-06-01T00:00:00Z"));
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

/* The conclusion at the end of 2026 about a letter of June 2011, its evidence later or earlier. */
static enum conclusion
judge_with(const char *digest, const char *policy, int64_t evidence_after)
{
	const struct pki_cert *certs[] = {&agency.root, &agency.ca, &signer};
	const struct pki_cert *tsa[] = {&agency.tsa, &agency.root};
	const struct agency_order order = {.signer = &signer};
	int64_t at = date("2011-06-15T08:00:00Z");
	struct token stamp = {.authority = &agency.tsa,
	    .certs = tsa,
	    .ncerts = 2,
	    .gen_time = at + 3,
	    .serial = 77,
	    .digest = digest};
	struct envelope e = {.signer = &signer, .certs = certs, .ncerts = 3, .stamp = &stamp};
	struct letter_sign sign = {.field = "TandaTangan1", .at = at, .envelope = &e};
	struct letter_evidence ev;
	enum conclusion c;
	struct report *r;
	struct letter l;

	letter_init(&l, maker, LETTER_CLASSIC, &forge_text, 0);
	letter_sign(&l, &sign);
	agency_evidence(&agency, &order, at + evidence_after, &ev);
	letter_dss(&l, &ev);
	assert_int_equal(letter_rc(&l), RC_OK);
	r = forge_verify(trust, l.out.p, l.out.len, policy, date("2026-11-20T00:00:00Z"));
	assert_non_null(r);
	forge_show(policy, r);
	c = r->conclusion;
	level = r->sigs[0].level;
	ltv = r->sigs[0].ltv;
	report_free(r);
	letter_clear(&l);
	return c;
}

static enum conclusion
judge(const char *digest, const char *policy)
{
	return judge_with(digest, policy, 4);
}

/* Evidence that was over before the signature is none. */
static void
test_stale_evidence(void **state)
{
	(void)state;
	agency.fresh = 10 * FORGE_DAY;
	assert_int_equal(judge("SHA256", "nasional"), CONCLUSION_VALID);
	assert_int_equal(level, LEVEL_PADES_LT);
	assert_true(ltv);
	assert_int_equal(
	    judge_with("SHA256", "nasional", -30 * FORGE_DAY), CONCLUSION_INDETERMINATE);
	assert_int_equal(level, LEVEL_PADES_T);
	assert_false(ltv);
	agency.fresh = 365 * FORGE_DAY;
}

static void
test_old(void **state)
{
	(void)state;
	assert_int_equal(judge("SHA256", "nasional"), CONCLUSION_VALID);
	assert_int_equal(judge("SHA256", "strict"), CONCLUSION_INDETERMINATE);
}

/* In 2011 SHA-1 was good; a token that rests on it proves nothing today. */
static void
test_weak_by_now(void **state)
{
	(void)state;
	assert_int_equal(judge("SHA1", "nasional"), CONCLUSION_INDETERMINATE);
	assert_int_equal(judge("SHA1", "strict"), CONCLUSION_INDETERMINATE);
}

static void
test_anchor_period(void **state)
{
	struct anchor *a = &trust->anchors.v[0];

	(void)state;
	a->until = date("2013-01-01T00:00:00Z");
	assert_int_equal(judge("SHA256", "nasional"), CONCLUSION_VALID);
	a->until = date("2011-01-01T00:00:00Z");
	assert_int_equal(judge("SHA256", "nasional"), CONCLUSION_INDETERMINATE);
	a->until = WHEN_NONE;
	a->from = date("2012-01-01T00:00:00Z");
	assert_int_equal(judge("SHA256", "nasional"), CONCLUSION_INDETERMINATE);
	a->from = WHEN_NONE;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_old),
	    cmocka_unit_test(test_weak_by_now),
	    cmocka_unit_test(test_anchor_period),
	    cmocka_unit_test(test_stale_evidence),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, setup, teardown);
}
