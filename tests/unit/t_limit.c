/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Token buckets: how many at once, how many over time, and who shares one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <arpa/inet.h>

#include "limit.h"

#define NOW INT64_C(1800000000000)

static struct in6_addr
address(const char *text)
{
	struct in6_addr a;

	assert_int_equal(inet_pton(AF_INET6, text, &a), 1);
	return a;
}

static unsigned
allowed(struct limit *l, enum limit_kind kind, const char *who, int64_t now, unsigned tries)
{
	struct in6_addr a = address(who);
	unsigned i, n = 0;

	for (i = 0; i < tries; i++)
		n += limit_take(l, kind, &a, now) == 0;
	return n;
}

static struct limit *
six_and_sixty(void)
{
	static const unsigned rates[LIMIT__MAX] = {6, 60};
	struct limit *l = limit_new(rates);

	assert_non_null(l);
	return l;
}

static void
test_burst_and_refill(void **state)
{
	struct limit *l = six_and_sixty();
	struct in6_addr a = address("::ffff:192.0.2.1");

	(void)state;
	assert_int_equal(allowed(l, LIMIT_PAGE, "::ffff:192.0.2.1", NOW, 100), 6);
	assert_int_equal(limit_take(l, LIMIT_PAGE, &a, NOW), 10);
	assert_int_equal(limit_take(l, LIMIT_PAGE, &a, NOW + 9000), 1);
	assert_int_equal(allowed(l, LIMIT_PAGE, "::ffff:192.0.2.1", NOW + 10000, 100), 1);
	assert_int_equal(allowed(l, LIMIT_PAGE, "::ffff:192.0.2.1", NOW + 30000, 100), 2);
	assert_int_equal(allowed(l, LIMIT_PAGE, "::ffff:192.0.2.1", NOW + 3600000, 100), 6);
}

static void
test_kinds_and_neighbours(void **state)
{
	struct limit *l = six_and_sixty();

	(void)state;
	assert_int_equal(allowed(l, LIMIT_PAGE, "::ffff:192.0.2.1", NOW, 100), 6);
	assert_int_equal(allowed(l, LIMIT_API, "::ffff:192.0.2.1", NOW, 100), 60);
	assert_int_equal(allowed(l, LIMIT_PAGE, "::ffff:192.0.2.2", NOW, 100), 6);
	assert_int_equal(allowed(l, LIMIT_PAGE, "2001:db8:0:1::1", NOW, 4), 4);
	assert_int_equal(allowed(l, LIMIT_PAGE, "2001:db8:0:1:ffff::2", NOW, 100), 2);
	assert_int_equal(allowed(l, LIMIT_PAGE, "2001:db8:0:2::1", NOW, 100), 6);
}

/* Addresses that come once push nobody out who is held back now. */
static void
test_many_addresses(void **state)
{
	struct limit *l = six_and_sixty();
	struct in6_addr a = address("::ffff:10.0.0.0");
	uint32_t i;

	(void)state;
	assert_int_equal(allowed(l, LIMIT_PAGE, "::ffff:192.0.2.1", NOW, 100), 6);
	for (i = 0; i < 20000; i++) {
		a.s6_addr[13] = (uint8_t)(i >> 16);
		a.s6_addr[14] = (uint8_t)(i >> 8);
		a.s6_addr[15] = (uint8_t)i;
		assert_int_equal(limit_take(l, LIMIT_PAGE, &a, NOW + 1), 0);
	}
	assert_int_equal(allowed(l, LIMIT_PAGE, "::ffff:192.0.2.1", NOW + 1, 100), 0);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_burst_and_refill),
	    cmocka_unit_test(test_kinds_and_neighbours),
	    cmocka_unit_test(test_many_addresses),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
