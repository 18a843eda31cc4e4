/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The cursor over untrusted bytes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "rd.h"

static const uint8_t bytes[] = {1, 2, 3, 4, 5, 0xff, 0xfe, 0xfd, 0xfc, 0xfb, 0xfa, 0xf9, 0xf8};

static void
test_values(void **state)
{
	struct rd r;

	(void)state;
	rd_init(&r, bytes, sizeof(bytes));
	assert_int_equal(rd_u8(&r), 1);
	assert_int_equal(rd_u32(&r), 0x02030405);
	assert_true(rd_u64(&r) == 0xfffefdfcfbfaf9f8u);
	assert_true(rd_ok(&r));
	assert_true(rd_end(&r));
}

/* Every read that wants more than there is gives zeros, and so do all after it. */
static void
test_short(void **state)
{
	struct rd r;
	size_t n;

	(void)state;
	for (n = 0; n < 8; n++) {
		rd_init(&r, bytes, n);
		assert_true(rd_u64(&r) == 0);
		assert_false(rd_ok(&r));
		assert_false(rd_end(&r));
	}
	for (n = 0; n < 4; n++) {
		rd_init(&r, bytes, n);
		assert_int_equal(rd_u32(&r), 0);
		assert_false(rd_ok(&r));
		assert_int_equal(rd_u8(&r), 0);
		assert_null(rd_bytes(&r, 0));
	}
}

static void
test_bytes(void **state)
{
	struct rd r;

	(void)state;
	rd_init(&r, bytes, 5);
	assert_ptr_equal(rd_bytes(&r, 2), bytes);
	assert_ptr_equal(rd_bytes(&r, 0), bytes + 2);
	assert_false(rd_end(&r));
	assert_ptr_equal(rd_bytes(&r, 3), bytes + 2);
	assert_true(rd_end(&r));
	assert_non_null(rd_bytes(&r, 0));
	assert_null(rd_bytes(&r, 1));
	assert_false(rd_end(&r));
	rd_init(&r, bytes, 5);
	assert_null(rd_bytes(&r, SIZE_MAX));
	assert_false(rd_ok(&r));
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_values),
	    cmocka_unit_test(test_short),
	    cmocka_unit_test(test_bytes),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("rd", tests, NULL, NULL);
}
