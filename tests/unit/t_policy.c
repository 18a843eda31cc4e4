/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Policies: the two that are shipped, and files that must be refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "policy_conf.h"

#define nitems(a) (sizeof(a) / sizeof((a)[0]))

#define STRICT   "[strict]\nversion = 1\n"
#define NASIONAL "[nasional]\nversion = 7\n"
#define POINT    "tsa_expired_counts = yes\n"
#define REASON   "tsa_expired_counts.reason = because\n"

static const struct {
	const char *text;
	const char *why; /* part of the line in the log; NULL: the file is good */
} files[] = {
    {STRICT NASIONAL, NULL},
    {STRICT NASIONAL POINT REASON, NULL},
    {STRICT NASIONAL REASON POINT, NULL},
    {"# a comment\r\n; another\n\n  [ strict ]  \nversion=1\n\t[nasional]\nversion =\t7", NULL},
    {STRICT NASIONAL "[own-1]\nversion = 2026.11\n" POINT REASON, NULL},
    {"", "strict is missing"},
    {STRICT, "nasional is missing"},
    {NASIONAL, "strict is missing"},
    {"version = 1\n" STRICT NASIONAL, "before the first section"},
    {STRICT NASIONAL POINT, "no reason"},
    {STRICT NASIONAL REASON, "no difference"},
    {STRICT NASIONAL POINT "tsa_expired_counts.reason =\n", "reason is empty"},
    {STRICT NASIONAL POINT POINT REASON, "twice"},
    {STRICT NASIONAL POINT REASON REASON, "twice"},
    {STRICT "[nasional]\nversion = 1\nversion = 2\n", "twice"},
    {STRICT NASIONAL STRICT, "twice"},
    {STRICT NASIONAL "tsa_expired_counts = no\n" REASON, "another value than yes"},
    {STRICT NASIONAL "tsa_expired_counts = Yes\n" REASON, "another value than yes"},
    {STRICT NASIONAL "tsa_expired_counts =\n" REASON, "another value than yes"},
    {STRICT NASIONAL "tsa_expired_count = yes\n", "unknown key"},
    {STRICT NASIONAL "tsa_expired_countss = yes\n", "unknown key"},
    {STRICT NASIONAL "tsa_expired_counts.reasons = x\n", "unknown key"},
    {STRICT NASIONAL "= yes\n", "unknown key"},
    {STRICT POINT REASON NASIONAL, "strict has differences"},
    {"[strict]\n" NASIONAL, "version is missing"},
    {STRICT "[nasional]\n", "version is missing"},
    {"[strict]\nversion =\n" NASIONAL, "version is not"},
    {"[strict]\nversion = 1 2\n" NASIONAL, "version is not"},
    {"[strict]\nversion = 12345678901234567890123456789012\n" NASIONAL, "version is not"},
    {STRICT NASIONAL "[]\nversion = 1\n", "heading is not"},
    {STRICT NASIONAL "[a b]\nversion = 1\n", "heading is not"},
    {STRICT NASIONAL "[12345678901234567890123456789012]\nversion = 1\n", "heading is not"},
    {STRICT NASIONAL "[own\nversion = 1\n", "neither"},
    {STRICT NASIONAL "yes\n", "neither"},
    {STRICT NASIONAL "[a]\nversion=1\n[b]\nversion=1\n[c]\nversion=1\n[d]\nversion=1\n"
		     "[e]\nversion=1\n[f]\nversion=1\n[g]\nversion=1\n",
	"too many"},
};

static struct policy_set set;

static void
test_files(void **state)
{
	struct buf log;
	size_t i;
	enum rc rc;

	(void)state;
	for (i = 0; i < nitems(files); i++) {
		buf_init(&log, 4096);
		rc = policy_conf_parse(&set, files[i].text, strlen(files[i].text), &log);
		if ((rc == RC_OK) != (files[i].why == NULL))
			fail_msg("file %zu: %s", i, buf_text(&log));
		if (rc == RC_OK)
			assert_int_equal(log.len, 0);
		else {
			assert_int_equal(rc, RC_FORMAT);
			if (strstr(buf_text(&log), files[i].why) == NULL)
				fail_msg("file %zu: %s", i, buf_text(&log));
		}
		buf_clear(&log);
	}
}

static void
test_values(void **state)
{
	static const char text[] = STRICT NASIONAL POINT REASON;
	struct buf log;

	(void)state;
	buf_init(&log, 4096);
	assert_int_equal(policy_conf_parse(&set, text, sizeof(text) - 1, &log), RC_OK);
	assert_int_equal(set.n, 2);
	assert_string_equal(set.v[0].id, "strict");
	assert_false(set.v[0].tsa_expired_counts);
	assert_string_equal(set.v[1].id, "nasional");
	assert_string_equal(set.v[1].version, "7");
	assert_true(set.v[1].tsa_expired_counts);
	assert_false(set.v[1].tsa_without_revocation || set.v[1].judged_at_proven_time ||
		     set.v[1].ocsp_without_next_update);
	/* a NUL, as many bytes as there may be, and one more */
	assert_int_equal(policy_conf_parse(&set, text, sizeof(text), &log), RC_FORMAT);
	buf_clear(&log);
}

static void
test_size(void **state)
{
	char *text = malloc(CAP_POLICY_CONF + 1);
	static const char tail[] = "\n" STRICT NASIONAL;
	struct buf log;

	(void)state;
	assert_non_null(text);
	buf_init(&log, 4096);
	memset(text, '#', CAP_POLICY_CONF + 1);
	memcpy(text + CAP_POLICY_CONF - (sizeof(tail) - 1), tail, sizeof(tail) - 1);
	assert_int_equal(policy_conf_parse(&set, text, CAP_POLICY_CONF, &log), RC_OK);
	assert_int_equal(policy_conf_parse(&set, text, CAP_POLICY_CONF + 1, &log), RC_FORMAT);
	buf_clear(&log);
	free(text);
}

static bool
is_strict(const struct policy *p)
{
	return !(p->tsa_expired_counts || p->tsa_without_revocation || p->judged_at_proven_time ||
		 p->ocsp_without_next_update || p->certified_visible_signature);
}

/* What the program was built with. */
static void
test_built_in(void **state)
{
	const struct policy *p;

	(void)state;
	assert_non_null(p = policy_find("strict"));
	assert_true(is_strict(p));
	assert_non_null(p = policy_find(NULL));
	assert_string_equal(p->id, "nasional");
	assert_true(p->tsa_expired_counts && p->tsa_without_revocation &&
		    p->judged_at_proven_time && p->ocsp_without_next_update);
	assert_false(p->certified_visible_signature);
	assert_ptr_equal(p, policy_find("nasional"));
	assert_null(policy_find("lax"));
	assert_null(policy_find(""));
}

/* The last of the tests: it changes what policy_find() knows. */
static void
test_load(void **state)
{
	char path[] = "/tmp/t_policy.XXXXXX";
	static const char own[] = STRICT NASIONAL "[own]\nversion = 3\n" POINT REASON,
			  bad[] = STRICT;
	int fd = mkstemp(path);
	struct buf log;

	(void)state;
	buf_init(&log, 4096);
	assert_int_equal(policy_load("conf/policy.conf", &log), RC_OK);
	assert_false(is_strict(policy_find(NULL)));
	assert_int_equal(policy_load("/nonexistent/policy.conf", &log), RC_ABSENT);
	assert_int_equal(log.len, 0);
	assert_int_equal(policy_load("/tmp", &log), RC_IO);
	assert_int_not_equal(log.len, 0);
	assert_int_not_equal(fd, -1);
	assert_int_equal(write(fd, own, sizeof(own) - 1), sizeof(own) - 1);
	assert_int_equal(policy_load(path, &log), RC_OK);
	assert_true(is_strict(policy_find(NULL)));
	assert_true(policy_find("own")->tsa_expired_counts);
	assert_int_equal(ftruncate(fd, 0), 0);
	assert_int_equal(pwrite(fd, bad, sizeof(bad) - 1, 0), sizeof(bad) - 1);
	assert_int_equal(policy_load(path, &log), RC_FORMAT);
	assert_non_null(strstr(buf_text(&log), "nasional is missing"));
	assert_string_equal(policy_find("own")->version, "3");
	assert_int_equal(ftruncate(fd, CAP_POLICY_CONF + 1), 0);
	assert_int_equal(policy_load(path, &log), RC_TOOBIG);
	close(fd);
	unlink(path);
	buf_clear(&log);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_files),
	    cmocka_unit_test(test_values),
	    cmocka_unit_test(test_size),
	    cmocka_unit_test(test_built_in),
	    cmocka_unit_test(test_load),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
