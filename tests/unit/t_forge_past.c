/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every pair of indication and sub-indication is reached; archives count, and only sound ones. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>

#include "forge_past.h"

static struct forge forge;

static int
setup(void **state)
{
	(void)state;
	return forge_open(&forge) ? 0 : -1;
}

static int
teardown(void **state)
{
	(void)state;
	forge_close(&forge);
	return 0;
}

static void
test_cases(void **state)
{
	bool ok = true;
	size_t i;

	(void)state;
	for (i = 0; forge_past[i].name != NULL; i++)
		ok &= past_check(&forge, &forge_past[i]);
	assert_true(ok);
}

/* EN 319 102-1, table 5 and 6: which sub-indications stand under FAILED. */
static bool
fails(int sub)
{
	return sub >= SUB_FORMAT_FAILURE && sub <= SUB_NOT_YET_VALID;
}

static bool
reached(const struct status *want)
{
	size_t i;

	for (i = 0; forge_past[i].name != NULL; i++)
		if (forge_past[i].strict.ind == want->ind && forge_past[i].strict.sub == want->sub)
			return true;
	return false;
}

static void
test_each_pair_is_reached(void **state)
{
	struct status want;
	bool all = true;
	int sub;

	(void)state;
	for (sub = SUB_NONE; sub < SUB__MAX; sub++) {
		want.sub = (enum sub_indication)sub;
		want.ind = sub == SUB_NONE ? IND_PASSED
			   : fails(sub)    ? IND_FAILED
					   : IND_INDETERMINATE;
		if (reached(&want))
			continue;
		all = false;
		fprintf(stderr, "# no letter gets %s/%s\n", indication_name(want.ind),
		    sub == SUB_NONE ? "-" : sub_indication_name(want.sub));
	}
	assert_true(all);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_each_pair_is_reached),
	    cmocka_unit_test(test_cases),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, setup, teardown);
}
