/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A table of forged letters as a group of cmocka tests. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>

#include "deed.h"
#include "forge_run.h"

static struct forge forge;
static struct easel easel;

static int
open_forge(void **state)
{
	(void)state;
	return forge_open(&forge) ? 0 : -1;
}

static int
close_forge(void **state)
{
	(void)state;
	forge_close(&forge);
	return 0;
}

static int
open_both(void **state)
{
	return open_forge(state) == 0 && easel_open(&easel) ? 0 : -1;
}

static int
close_both(void **state)
{
	easel_close(&easel);
	return close_forge(state);
}

static void
check_case(void **state)
{
	assert_true(forge_check(&forge, *state));
}

static void
check_deed(void **state)
{
	assert_true(deed_check(&forge, &easel, *state));
}

/* cmocka hands initial_state over as a pointer to change; nobody here does. */
union mutable
{
	const void *in;
	void *out;
};

/* A test for each of the rows of this size, which begin with their names. */
static int
run(const void *rows, size_t size, CMUnitTestFunction test, CMFixtureFunction begin,
    CMFixtureFunction end)
{
	struct CMUnitTest *tests;
	const char *row = rows, *name;
	size_t n = 0, i;
	int status;

	while (*(const char *const *)(const void *)(row + n * size) != NULL)
		n++;
	tests = n > 0 ? calloc(n, sizeof(*tests)) : NULL;
	if (tests == NULL)
		return 1;
	for (i = 0; i < n; i++, row += size) {
		name = *(const char *const *)(const void *)row;
		tests[i] = (struct CMUnitTest){.name = name,
		    .test_func = test,
		    .initial_state = (union mutable){.in = row}.out};
	}
	cmocka_set_message_output(CM_OUTPUT_TAP);
	status = _cmocka_run_group_tests("forge", tests, n, begin, end);
	free(tests);
	return status;
}

int
forge_run(const struct forge_case *cases)
{
	return run(cases, sizeof(*cases), check_case, open_forge, close_forge);
}

int
deed_run(const struct deed *deeds)
{
	return run(deeds, sizeof(*deeds), check_deed, open_both, close_both);
}
