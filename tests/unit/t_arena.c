/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The arena: zeroed, aligned, limited. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "arena.h"

static void
test_alloc(void **state)
{
	struct arena *a = arena_new(1u << 20);
	uint8_t *p, *last = NULL;
	size_t n, i;

	(void)state;
	assert_non_null(a);
	for (n = 1; n < 1000; n += 7) {
		assert_non_null(p = arena_alloc(a, n));
		assert_int_equal((uintptr_t)p % _Alignof(max_align_t), 0);
		for (i = 0; i < n; i++)
			assert_int_equal(p[i], 0);
		memset(p, 0xff, n);
		assert_true(p != last);
		last = p;
	}
	assert_true(arena_used(a) > 0);
	arena_free(a);
	arena_free(NULL);
}

static void
test_ceiling(void **state)
{
	struct arena *a = arena_new(1000);
	size_t got = 0;

	(void)state;
	assert_null(arena_alloc(a, 1001));
	assert_null(arena_alloc(a, SIZE_MAX));
	assert_null(arena_array(a, SIZE_MAX / 2, 3));
	while (arena_alloc(a, 16) != NULL)
		got += 16;
	assert_in_range(got, 16, 1000);
	arena_free(a);
}

/* Whatever was refused is remembered. */
static void
test_short(void **state)
{
	struct arena *a[5];
	unsigned *v = NULL;
	size_t i, cap = SIZE_MAX / 2;

	(void)state;
	for (i = 0; i < 5; i++) {
		a[i] = arena_new(1000);
		assert_non_null(arena_alloc(a[i], 500));
		assert_false(arena_short(a[i]));
	}
	assert_null(arena_alloc(a[0], 501));
	assert_null(arena_array(a[1], SIZE_MAX / 2, 3));
	assert_int_equal(arena_grow(a[2], &v, cap, &cap, sizeof(*v)), RC_NOMEM);
	assert_null(arena_str(a[3], "", SIZE_MAX));
	arena_refuse(a[4]);
	for (i = 0; i < 5; i++) {
		(void)arena_alloc(a[i], 1);
		assert_true(arena_short(a[i]));
		arena_free(a[i]);
	}
}

static void
test_grow(void **state)
{
	struct arena *a = arena_new(1u << 20), *small = arena_new(64);
	unsigned *v = NULL, i;
	size_t n = 0, cap = 0;

	(void)state;
	for (i = 0; i < 1000; i++) {
		assert_int_equal(arena_grow(a, &v, n, &cap, sizeof(*v)), RC_OK);
		v[n++] = i;
	}
	for (i = 0; i < 1000; i++)
		assert_int_equal(v[i], i);
	v = NULL;
	n = cap = 0;
	while (arena_grow(small, &v, n, &cap, sizeof(*v)) == RC_OK)
		v[n++] = 1;
	assert_int_equal(n, cap); /* as it was before the failure */
	arena_free(a);
	arena_free(small);
}

static void
test_texts(void **state)
{
	struct arena *a = arena_new(1u << 16);

	(void)state;
	assert_string_equal(arena_str(a, "abcdef", 3), "abc");
	assert_string_equal(arena_str(a, NULL, 0), "");
	assert_null(arena_str(a, "", SIZE_MAX));
	assert_memory_equal(arena_dup(a, "a\0b", 3), "a\0b", 3);
	assert_string_equal(arena_printf(a, "%s-%d", "x", 5), "x-5");
	arena_free(a);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_alloc),
	    cmocka_unit_test(test_ceiling),
	    cmocka_unit_test(test_short),
	    cmocka_unit_test(test_grow),
	    cmocka_unit_test(test_texts),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("arena", tests, NULL, NULL);
}
