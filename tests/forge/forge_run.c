/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A table of forged letters as a group of cmocka tests. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>

#include "forge_run.h"

static struct forge forge;

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

static void
check(void **state)
{
	assert_true(forge_check(&forge, *state));
}

/* cmocka hands initial_state over as a pointer to change; nobody here does. */
union mutable
{
	const void *in;
	void *out;
};

int
forge_run(const struct forge_case *cases)
{
	struct CMUnitTest *tests;
	size_t n = 0, i;
	int status;

	while (cases[n].name != NULL)
		n++;
	tests = n > 0 ? calloc(n, sizeof(*tests)) : NULL;
	if (tests == NULL)
		return 1;
	for (i = 0; i < n; i++)
		tests[i] = (struct CMUnitTest){.name = cases[i].name,
		    .test_func = check,
		    .initial_state = (union mutable){.in = &cases[i]}.out};
	cmocka_set_message_output(CM_OUTPUT_TAP);
	status = _cmocka_run_group_tests("forge", tests, n, open_forge, close_forge);
	free(tests);
	return status;
}
