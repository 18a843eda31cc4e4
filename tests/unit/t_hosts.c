/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How hosts do: who is left alone, and what the weather says of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "hosts.h"
#include "when.h"

#define NOW 1793491200LL /* a full hour */

static struct hosts h;
static struct weather w;
static struct weather_host room[CAP_HOSTS];

static void
test_left_alone(void **state)
{
	static const struct {
		enum lookup_outcome o;
		bool open;
	} rows[] = {{LOOKUP_SLOW, true}, {LOOKUP_UNREACHABLE, true}, {LOOKUP_SLOW, false},
	    {LOOKUP_ANSWERED, true}, {LOOKUP_SLOW, true}, {LOOKUP_SLOW, true},
	    /* it answers, if nothing of use */
	    {LOOKUP_REFUSED, true}, {LOOKUP_SLOW, true}, {LOOKUP_SLOW, true}, {LOOKUP_SLOW, false},
	    {LOOKUP_UNKNOWN, true}};
	size_t i;

	(void)state;
	hosts_init(&h, 30);
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		hosts_note(&h, "a.example", rows[i].o, 10, NOW);
		if ((hosts_closed(&h, "a.example", NOW) == WHEN_NONE) != rows[i].open)
			fail_msg("after %zu tries", i + 1);
	}
	for (i = 0; i < 3; i++)
		hosts_note(&h, "b.example", LOOKUP_SLOW, 10, NOW);
	assert_true(hosts_closed(&h, "b.example", NOW + 29) == NOW + 30);
	assert_true(hosts_closed(&h, "b.example", NOW + 30) == WHEN_NONE);
	assert_true(hosts_closed(&h, "a.example", NOW) == WHEN_NONE);
	assert_true(hosts_closed(&h, "c.example", NOW) == WHEN_NONE);
	/* once more is enough */
	hosts_note(&h, "b.example", LOOKUP_SLOW, 10, NOW + 40);
	assert_true(hosts_closed(&h, "b.example", NOW + 41) == NOW + 70);
}

static void
test_weather(void **state)
{
	size_t i;

	(void)state;
	hosts_init(&h, 30);
	assert_false(h.changed);
	for (i = 0; i < 20; i++)
		hosts_note(&h, "a.example", LOOKUP_ANSWERED, i < 12 ? 100 : 7, NOW + (int64_t)i);
	hosts_note(&h, "b.example", LOOKUP_ANSWERED, 50, NOW + 100);
	hosts_note(&h, "b.example", LOOKUP_UNAUTHENTIC, 50, NOW + 3600);
	assert_true(h.changed);
	hosts_weather(&h, &w, room, NOW + 3600);
	assert_false(h.changed);
	assert_true(w.written == NOW + 3600);
	assert_int_equal(w.n, 2);
	assert_string_equal(w.hosts[0].host, "b.example");
	assert_int_equal(w.hosts[0].failures, 1);
	assert_int_equal(w.hosts[0].failure, LOOKUP_UNAUTHENTIC);
	assert_true(w.hosts[0].answered == NOW + 100 && w.hosts[0].failed == NOW + 3600);
	assert_int_equal(w.hosts[0].answers_24h, 1);
	assert_int_equal(w.hosts[0].failures_24h, 1);
	assert_int_equal(w.hosts[1].answers_24h, 20);
	assert_int_equal(w.hosts[1].latency_ms, 7); /* of the last fifteen, eight */
	assert_true(w.hosts[1].failed == WHEN_NONE && w.hosts[1].retry == WHEN_NONE);
	/* a day later only the later hour counts, then none */
	hosts_weather(&h, &w, room, NOW + 24 * 3600);
	assert_int_equal(w.hosts[0].answers_24h, 0);
	assert_int_equal(w.hosts[0].failures_24h, 1);
	hosts_weather(&h, &w, room, NOW + 25 * 3600);
	assert_int_equal(w.hosts[0].failures_24h, 0);
}

static void
test_many(void **state)
{
	char name[32];
	size_t i;

	(void)state;
	hosts_init(&h, 30);
	for (i = 0; i < CAP_HOSTS + 3; i++) {
		snprintf(name, sizeof(name), "h%zu.example", i);
		hosts_note(&h, name, LOOKUP_ANSWERED, 1, NOW + (int64_t)i);
	}
	hosts_weather(&h, &w, room, NOW + 1000);
	assert_int_equal(w.n, CAP_HOSTS);
	assert_string_equal(w.hosts[0].host, name);
	assert_string_equal(w.hosts[CAP_HOSTS - 1].host, "h3.example");
}

static void
test_restart(void **state)
{
	struct weather_host before[CAP_HOSTS];
	struct hosts again;
	size_t i;

	(void)state;
	hosts_init(&h, 30);
	hosts_note(&h, "a.example", LOOKUP_ANSWERED, 12, NOW);
	for (i = 0; i < 3; i++)
		hosts_note(&h, "b.example", LOOKUP_SLOW, 1000, NOW + 5);
	hosts_weather(&h, &w, before, NOW + 10);
	hosts_init(&again, 30);
	hosts_restore(&again, &w, NOW + 20);
	assert_true(hosts_closed(&again, "b.example", NOW + 20) == WHEN_NONE);
	hosts_weather(&again, &w, room, NOW + 20);
	assert_int_equal(w.n, 2);
	assert_string_equal(w.hosts[0].host, "b.example");
	assert_int_equal(w.hosts[0].failures, 3);
	assert_int_equal(w.hosts[0].failures_24h, 3);
	assert_int_equal(w.hosts[1].answers_24h, 1);
	assert_int_equal(w.hosts[1].latency_ms, 12);
	assert_true(w.hosts[1].answered == NOW);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_left_alone),
	    cmocka_unit_test(test_weather), cmocka_unit_test(test_many),
	    cmocka_unit_test(test_restart)};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
