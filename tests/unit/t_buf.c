/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The growing buffer: its ceiling, and its error that sticks. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "buf.h"

static void
test_writers(void **state)
{
	static const uint8_t want[] = {
	    7, 0, 1, 2, 3, 0, 0, 0, 1, 0, 0, 0, 2, 'a', 'b', '0', 'f', 'f', '4', '2', '%'};
	struct buf b;

	(void)state;
	buf_init(&b, 100);
	assert_string_equal(buf_text(&b), "");
	buf_u8(&b, 7);
	buf_u32(&b, 0x00010203);
	buf_u64(&b, 0x0000000100000002u);
	buf_str(&b, "ab");
	buf_hex(&b, "\x0f\xf4", 2);
	buf_printf(&b, "%d%%", 2);
	buf_put(&b, NULL, 0);
	assert_int_equal(buf_rc(&b), RC_OK);
	assert_int_equal(b.len, sizeof(want));
	assert_memory_equal(b.p, want, sizeof(want));
	buf_clear(&b);
	assert_int_equal(b.len, 0);
	assert_int_equal(b.max, 100);
}

static void
test_ceiling(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, 4);
	buf_u32(&b, 1);
	assert_int_equal(buf_rc(&b), RC_OK);
	buf_u8(&b, 1);
	assert_int_equal(buf_rc(&b), RC_TOOBIG);
	assert_int_equal(b.len, 4);
	/* sticks, also for what would fit */
	buf_put(&b, NULL, 0);
	assert_int_equal(buf_rc(&b), RC_TOOBIG);
	assert_string_equal(buf_text(&b), "");
	buf_clear(&b);
	assert_int_equal(buf_rc(&b), RC_OK);
	buf_put(&b, "x", SIZE_MAX);
	assert_int_equal(buf_rc(&b), RC_TOOBIG);
	buf_clear(&b);
}

static void
test_growth(void **state)
{
	struct buf b;
	size_t i;

	(void)state;
	buf_init(&b, 1u << 20);
	for (i = 0; i < 100000; i++)
		buf_u8(&b, (uint8_t)i);
	assert_int_equal(b.len, 100000);
	for (i = 0; i < b.len; i++)
		assert_int_equal(b.p[i], (uint8_t)i);
	assert_int_equal(strlen(buf_text(&b)), 0); /* begins with a zero byte */
	assert_int_equal(b.len, 100000);
	buf_clear(&b);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_writers),
	    cmocka_unit_test(test_ceiling),
	    cmocka_unit_test(test_growth),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("buf", tests, NULL, NULL);
}
