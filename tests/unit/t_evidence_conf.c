/* SPDX-License-Identifier: GPL-3.0-or-later */
/* evidence.conf: what it may say, and that one mistake is enough. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "caps.h"
#include "evidence_conf.h"

static enum rc
parse(struct evidence_conf *c, const char *text)
{
	struct buf log;
	enum rc rc;

	buf_init(&log, 1000);
	rc = evidence_conf_parse(c, text, strlen(text), &log);
	assert_true((rc == RC_FORMAT) == (log.len != 0));
	buf_clear(&log);
	return rc;
}

static void
test_good(void **state)
{
	struct evidence_conf c, def;

	(void)state;
	evidence_conf_default(&def);
	assert_int_equal(parse(&c, "# nothing\n\n"), RC_OK);
	assert_memory_equal(&c, &def, sizeof(c));
	assert_int_equal(def.deadline_ms, 4000);
	assert_false(def.any_host);
	assert_int_equal(parse(&c, "hosts = any\ndeadline=100\ntls = unchecked\nanswer_hours = 0\n"
				   "keep_days = 30\nfailure_seconds = 600\ncache_megabytes = 8\n"
				   "test_loopback = 80, 65535\ntest_dns = 127.1.2.3:53"),
	    RC_OK);
	assert_true(c.any_host && c.tls_unchecked);
	assert_int_equal(c.deadline_ms, 100);
	assert_int_equal(c.answer_seconds, 0);
	assert_int_equal(c.keep_seconds, 30 * 86400);
	assert_int_equal(c.failure_seconds, 600);
	assert_true(c.cache_bytes == 8u << 20);
	assert_int_equal(c.ntest_ports, 2);
	assert_int_equal(c.test_ports[1], 65535);
	assert_string_equal(c.test_dns, "127.1.2.3:53");
	assert_int_equal(parse(&c, "test_dns = [::1]:53"), RC_OK);
}

static void
test_bad(void **state)
{
	static const char *const rows[] = {"hosts = all", "hosts", "[hosts]", "Hosts = any",
	    "host = any", "hosts = any\nhosts = any", "deadline = 99", "deadline = 20001",
	    "deadline = 4294967396", "deadline = 4s", "deadline = -1", "deadline =", "tls = no",
	    "answer_hours = 25", "keep_days = 0", "keep_days = 31", "failure_seconds = 0",
	    "failure_seconds = 601", "cache_megabytes = 7", "cache_megabytes = 4097",
	    "test_loopback = 0", "test_loopback = 65536", "test_loopback = 80,",
	    "test_loopback = 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17", "test_dns = 10.0.0.1:53",
	    "test_dns = 127.0.0.1", "test_dns = 127.0.0.1:0", "test_dns = localhost:53",
	    "test_dns = [::2]:53"};
	struct evidence_conf c, def;
	size_t i;

	(void)state;
	evidence_conf_default(&def);
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (parse(&c, rows[i]) != RC_FORMAT)
			fail_msg("%s was taken", rows[i]);
		assert_memory_equal(&c, &def, sizeof(c));
	}
}

static void
test_octets(void **state)
{
	static const char big[CAP_EVIDENCE_CONF + 1];
	struct evidence_conf c;
	struct buf log;

	(void)state;
	buf_init(&log, 1000);
	assert_int_equal(evidence_conf_parse(&c, "hosts = any\0", 12, &log), RC_FORMAT);
	assert_int_equal(evidence_conf_parse(&c, big, sizeof(big), &log), RC_FORMAT);
	assert_int_equal(evidence_conf_parse(&c, NULL, 0, &log), RC_OK);
	assert_int_equal(evidence_conf_load(&c, "/nowhere/evidence.conf", &log), RC_ABSENT);
	buf_clear(&log);
}

static void
test_allowed(void **state)
{
	static const struct {
		const char *text;
		bool anchored, demonstration;
	} rows[] = {{"hosts = any", true, true}, {"test_loopback = 80", false, true},
	    {"test_dns = 127.0.0.1:53", false, true}};
	struct evidence_conf c;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_int_equal(parse(&c, rows[i].text), RC_OK);
		assert_int_equal(evidence_conf_allowed(&c, false), rows[i].anchored);
		assert_int_equal(evidence_conf_allowed(&c, true), rows[i].demonstration);
	}
}

/* The file that comes with the program is understood, and is the defaults. */
static void
test_shipped(void **state)
{
	struct evidence_conf c, def;
	struct buf log;

	(void)state;
	buf_init(&log, 1000);
	evidence_conf_default(&def);
	assert_int_equal(evidence_conf_load(&c, "conf/evidence.conf", &log), RC_OK);
	assert_memory_equal(&c, &def, sizeof(c));
	buf_clear(&log);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_good), cmocka_unit_test(test_bad),
	    cmocka_unit_test(test_octets), cmocka_unit_test(test_allowed),
	    cmocka_unit_test(test_shipped)};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
