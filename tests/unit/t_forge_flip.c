/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A signature that covers its whole file: one flipped bit anywhere in the
 * covered ranges, one octet more or less, a cut: each takes the VALID away.  Every
 * octet of the first KiB and around the hole, and a sample of the rest.  And a
 * signed revision with others behind it: no damage there hides the signature.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "forge.h"

static struct forge forge;
static struct letter letter;
static size_t hole, hole_end;

static int
setup(void **state)
{
	struct letter_evidence ev;

	(void)state;
	if (!forge_open(&forge))
		return -1;
	forge_evidence(&forge, &forge.signer, FORGE_SIGNED, &ev);
	letter_init(&letter, forge.m, LETTER_CLASSIC, &forge_text, 0);
	forge_message_sign(&forge, &letter,
	    &(struct envelope){.ocsp = ev.ocsps[0], .crl = ev.crls[0]}, NULL, false);
	if (letter_rc(&letter) != RC_OK)
		return -1;
	hole = forge_last(&letter, "/Contents <") + 10;
	hole_end = hole + 2 + 2 * letter.contents.len;
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	letter_clear(&letter);
	forge_close(&forge);
	return 0;
}

static enum conclusion
conclude(const void *p, size_t len)
{
	struct report *r = forge_verify(forge.trust, p, len, "nasional", FORGE_AT);
	enum conclusion c;

	assert_non_null(r);
	c = r->conclusion;
	report_free(r);
	return c;
}

static enum conclusion
conclusion(void)
{
	return conclude(letter.out.p, letter.out.len);
}

static void
flip(size_t at, uint8_t bit)
{
	letter.out.p[at] ^= bit;
	if (conclusion() == CONCLUSION_VALID)
		fail_msg("still VALID with bit %u of octet %zu flipped", bit, at);
	letter.out.p[at] ^= bit;
}

static void
test_whole(void **state)
{
	(void)state;
	assert_int_equal(conclusion(), CONCLUSION_VALID);
}

static void
test_first_kib(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < 1024; i++)
		flip(i, (uint8_t)(1u << i % 8));
}

static void
test_around_hole(void **state)
{
	size_t i;

	(void)state;
	for (i = hole - 200; i <= hole; i++)
		flip(i, 1);
	for (i = hole_end - 1; i < hole_end + 200; i++)
		flip(i, 1);
}

static void
test_rest(void **state)
{
	size_t i;

	(void)state;
	for (i = 1024; i < letter.out.len; i += 7)
		if (i < hole || i >= hole_end)
			flip(i, (uint8_t)(1u << i % 8));
	for (i = letter.out.len - 64; i < letter.out.len; i++)
		flip(i, 2);
}

static void
test_cut(void **state)
{
	size_t len;

	(void)state;
	for (len = 0; len < letter.out.len; len += len + 64 < letter.out.len ? 13 : 1)
		if (conclude(letter.out.p, len) == CONCLUSION_VALID)
			fail_msg("VALID after a cut at %zu", len);
}

static void
test_shift(void **state)
{
	size_t i, len = letter.out.len;
	uint8_t *p = test_malloc(len + 1);

	(void)state;
	assert_non_null(p);
	for (i = 0; i < len; i += 13) {
		if (i > hole && i < hole_end)
			continue;
		memcpy(p, letter.out.p, i);
		p[i] = ' ';
		memcpy(p + i + 1, letter.out.p + i, len - i);
		if (conclude(p, len + 1) == CONCLUSION_VALID)
			fail_msg("VALID with one octet more at %zu", i);
		memcpy(p + i, letter.out.p + i + 1, len - i - 1);
		if (conclude(p, len - 1) == CONCLUSION_VALID)
			fail_msg("VALID with one octet less at %zu", i);
	}
	test_free(p);
}

/* The first signature of the report is the one of the revision that was not touched. */
static void
seen(const void *p, size_t len, const char *what, size_t at)
{
	struct report *r = forge_verify(forge.trust, p, len, "nasional", FORGE_AT);

	assert_non_null(r);
	if (r->nsigs == 0 || r->sigs[0].integrity != INTEGRITY_INTACT ||
	    r->sigs[0].coverage == COVERAGE_UNCLEAR) {
		forge_show(what, r);
		fail_msg("signature not seen: %s at %zu", what, at);
	}
	report_free(r);
}

static void
test_later_damage(void **state)
{
	struct letter l;
	size_t end, i;

	(void)state;
	letter_init(&l, forge.m, LETTER_CLASSIC, &forge_text, 0);
	agency_sign(&forge.agency, &l,
	    &(struct agency_order){.signer = &forge.signer, .level = AGENCY_T, .at = FORGE_SIGNED});
	end = l.out.len;
	letter_clear(&l);
	forge_base(&forge, &l);
	assert_int_equal(letter_rc(&l), RC_OK);
	assert_true(end < l.out.len);
	/* signatures of ECDSA differ in length from one letter to the next, their holes don't */
	for (i = end; i < l.out.len; i += 3) {
		l.out.p[i] ^= (uint8_t)(1u << i % 8);
		seen(l.out.p, l.out.len, "flip", i);
		l.out.p[i] ^= (uint8_t)(1u << i % 8);
	}
	for (i = end; i < l.out.len; i += 11)
		seen(l.out.p, i, "cut", i);
	letter_clear(&l);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_whole),
	    cmocka_unit_test(test_first_kib),
	    cmocka_unit_test(test_around_hole),
	    cmocka_unit_test(test_rest),
	    cmocka_unit_test(test_cut),
	    cmocka_unit_test(test_shift),
	    cmocka_unit_test(test_later_damage),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, setup, teardown);
}
