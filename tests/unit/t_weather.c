/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The weather's file: there and back, and nothing that is not exactly one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "caps.h"
#include "weather.h"
#include "when.h"

#define HEAD "periksa.weather/1 2026-11-01T00:00:00Z\n"
#define GOOD "ocsp.example 2026-11-01T00:00:00Z - - 0 12 0 45 - .\n"

static void
test_there_and_back(void **state)
{
	char dir[] = "/tmp/t_weather.XXXXXX", path[64], name[] = "ocsp.example:8080";
	struct weather_host host = {.host = name,
	    .answered = 1793491200,
	    .failed = 1793491300,
	    .failure = LOOKUP_SLOW,
	    .failures = 3,
	    .answers_24h = 12,
	    .failures_24h = 4,
	    .latency_ms = 45,
	    .retry = 1793491330};
	struct weather w = {.written = 1793491301, .hosts = &host, .n = 1}, got;
	struct arena *a = arena_new(1u << 20);
	int fd;

	(void)state;
	assert_non_null(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/weather", dir);
	assert_int_equal(weather_read(&got, a, path), RC_ABSENT);
	assert_true((fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC)) >= 0);
	assert_int_equal(weather_write(&w, fd, "weather"), RC_OK);
	assert_int_equal(weather_read(&got, a, path), RC_OK);
	assert_true(got.written == w.written);
	assert_int_equal(got.n, 1);
	assert_string_equal(got.hosts[0].host, name);
	assert_true(got.hosts[0].answered == host.answered && got.hosts[0].failed == host.failed);
	assert_int_equal(got.hosts[0].failure, LOOKUP_SLOW);
	assert_int_equal(got.hosts[0].failures, 3);
	assert_int_equal(got.hosts[0].answers_24h, 12);
	assert_int_equal(got.hosts[0].failures_24h, 4);
	assert_int_equal(got.hosts[0].latency_ms, 45);
	assert_true(got.hosts[0].retry == host.retry);
	/* a name that would look like two */
	name[4] = ' ';
	assert_int_equal(weather_write(&w, fd, "weather"), RC_FORMAT);
	assert_int_equal(weather_read(&got, a, path), RC_OK);
	w.n = CAP_HOSTS + 1;
	assert_int_equal(weather_write(&w, fd, "weather"), RC_TOOBIG);
	assert_int_equal(unlink(path), 0);
	close(fd);
	assert_int_equal(rmdir(dir), 0);
	arena_free(a);
}

static void
test_refused(void **state)
{
	static const char *const rows[] = {"", "\n", "periksa.weather/1\n", "periksa.weather/1 \n",
	    "periksa.weather/2 2026-11-01T00:00:00Z\n", "periksa.weather/1 2026-11-01T00:00:00Z",
	    HEAD "\n", HEAD "ocsp.example\n", HEAD GOOD "\n", HEAD "ocsp.example - - - 0 0 0 0 -\n",
	    HEAD "ocsp.example - - - 0 0 0 0 - . .\n", HEAD "OCSP.example - - - 0 0 0 0 - .\n",
	    HEAD "a\tb - - - 0 0 0 0 - .\n", HEAD " - - - 0 0 0 0 - .\n",
	    HEAD "a later - - 0 0 0 0 - .\n", HEAD "a - - badly 0 0 0 0 - .\n",
	    HEAD "a - - - -1 0 0 0 - .\n", HEAD "a - - - 0 99999999999 0 0 - .\n",
	    HEAD "a - - - 0 0  0 - .\n"};
	struct arena *a = arena_new(1u << 20);
	struct weather w;
	size_t i;

	(void)state;
	assert_int_equal(weather_parse(&w, a, HEAD GOOD, sizeof(HEAD GOOD) - 1), RC_OK);
	assert_int_equal(w.n, 1);
	assert_true(w.hosts[0].failed == WHEN_NONE && w.hosts[0].failure == LOOKUP_OPEN);
	assert_int_equal(weather_parse(&w, a, HEAD, sizeof(HEAD) - 1), RC_OK);
	assert_int_equal(w.n, 0);
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (weather_parse(&w, a, rows[i], strlen(rows[i])) != RC_FORMAT || w.n != 0)
			fail_msg("row %zu was taken", i);
	arena_free(a);
}

static void
test_many(void **state)
{
	struct arena *a = arena_new(1u << 20);
	struct weather w;
	struct buf b;
	size_t i;

	(void)state;
	buf_init(&b, CAP_WEATHER);
	buf_str(&b, HEAD);
	for (i = 0; i < CAP_HOSTS; i++)
		buf_str(&b, GOOD);
	assert_int_equal(weather_parse(&w, a, (const char *)b.p, b.len), RC_OK);
	assert_int_equal(w.n, CAP_HOSTS);
	buf_str(&b, GOOD);
	assert_int_equal(weather_parse(&w, a, (const char *)b.p, b.len), RC_FORMAT);
	buf_clear(&b);
	arena_free(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_there_and_back),
	    cmocka_unit_test(test_refused), cmocka_unit_test(test_many)};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
