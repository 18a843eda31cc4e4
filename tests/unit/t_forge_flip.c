/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A signature that covers its whole file: one flipped bit anywhere in the
 * covered ranges takes the VALID away.  Every octet of the first KiB and of the
 * dictionary around the hole, and a sample of the rest.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>

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
conclusion(void)
{
	struct report *r =
	    forge_verify(forge.trust, letter.out.p, letter.out.len, "nasional", FORGE_AT);
	enum conclusion c;

	assert_non_null(r);
	c = r->conclusion;
	report_free(r);
	return c;
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

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_whole),
	    cmocka_unit_test(test_first_kib),
	    cmocka_unit_test(test_around_hole),
	    cmocka_unit_test(test_rest),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, setup, teardown);
}
