/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Good letters, of our own and of offices, with a few random changes each: whatever is
 * still VALID has every octet that it covers as it was signed.  `make mutate` does the
 * same a million times.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "deed.h"
#include "mutant.h"

#define ROUNDS 6000

static struct forge forge;
static struct mutants mutants = {.seed = 88172645463325252u};

static void
add(const char *name, struct letter *l)
{
	assert_int_equal(letter_rc(l), RC_OK);
	assert_true(mutants_add(&mutants, name, l->out.p, l->out.len, forge.trust, FORGE_AT));
	assert_true(mutants.v[mutants.n - 1].nobjects > 0);
	letter_clear(l);
}

static int
setup(void **state)
{
	const struct forge_case *c;
	const struct deed *d;
	struct letter l;

	(void)state;
	if (!forge_open(&forge))
		return -1;
	for (c = forge_good; c->name != NULL; c++) {
		memset(&l, 0, sizeof(l));
		c->make(&forge, &l, c->arg);
		add(c->name, &l);
	}
	for (d = deed_good; d->name != NULL; d++) {
		memset(&l, 0, sizeof(l));
		deed_make(&forge, &l, d);
		add(d->name, &l);
	}
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	mutants_clear(&mutants);
	forge_close(&forge);
	return 0;
}

/* The engine sees a difference: with one octet of an original changed under its feet, every
 * VALID that rests on it is none that it knows. */
static void
test_engine(void **state)
{
	const struct mutant_original *o = &mutants.v[0];
	struct mutants one = {.seed = 1};
	struct buf scratch;
	uint64_t i;

	(void)state;
	buf_init(&scratch, 64u << 20);
	assert_true(mutants_add(&one, o->name, o->p, o->len, o->trust, o->at));
	assert_true(one.v[0].nintact > 0);
	for (i = 0; i < 200 && one.counts.by[CONCLUSION_VALID] == 0; i++)
		assert_true(mutants_try(&one, i, &scratch));
	assert_true(one.counts.by[CONCLUSION_VALID] > 0);
	one.v[0].intact[0].len--;
	assert_false(mutants_try(&one, i - 1, &scratch));
	mutants_clear(&one);
	buf_clear(&scratch);
}

static void
test_good(void **state)
{
	struct buf scratch;
	uint64_t i;

	(void)state;
	buf_init(&scratch, 64u << 20);
	for (i = 0; i < ROUNDS; i++)
		if (!mutants_try(&mutants, i, &scratch))
			fail_msg("mutant %ju", (uintmax_t)i);
	assert_int_equal(mutants.counts.made, ROUNDS);
	assert_true(mutants.counts.by[CONCLUSION_VALID] > 0);
	assert_true(mutants.counts.by[CONCLUSION_INVALID] > ROUNDS / 4);
	buf_clear(&scratch);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_engine),
	    cmocka_unit_test(test_good),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, setup, teardown);
}
