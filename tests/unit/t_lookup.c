/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Questions as octets: what goes in comes out, and nothing else comes in. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lookup.h"

static const uint8_t octets[CAP_LOOKUP] = {0x30, 0x01, 0x02};

static struct lookup_question
question(enum lookup_kind kind, size_t n, size_t len)
{
	struct lookup_question q = {.kind = kind, .ncerts = n};
	size_t i;

	for (i = 0; i < n && i < CAP_CHAIN; i++)
		q.certs[i] = (struct lookup_octets){octets, len + i};
	return q;
}

static void
test_round_trip(void **state)
{
	static const enum lookup_kind kinds[] = {LOOKUP_STATUS, LOOKUP_ISSUER};
	struct lookup_question q, got;
	struct buf b;
	size_t k, n, i;
	uint8_t *p;

	(void)state;
	for (k = 0; k < 2; k++)
		for (n = 1; n <= CAP_CHAIN; n++) {
			q = question(kinds[k], n, 3);
			buf_init(&b, CAP_LOOKUP);
			assert_int_equal(lookup_put_question(&b, &q), RC_OK);
			assert_int_equal(lookup_get_question(&got, b.p, b.len), RC_OK);
			assert_int_equal(got.kind, kinds[k]);
			assert_int_equal(got.ncerts, n);
			for (i = 0; i < n; i++) {
				assert_int_equal(got.certs[i].len, 3 + i);
				assert_memory_equal(got.certs[i].p, octets, 3 + i);
			}
			/* cut anywhere, or with an octet too many, it is no question */
			for (i = 0; i < b.len; i++) {
				assert_non_null(p = malloc(i == 0 ? 1 : i));
				memcpy(p, b.p, i);
				assert_int_equal(lookup_get_question(&got, p, i), RC_FORMAT);
				free(p);
			}
			buf_u8(&b, 0);
			assert_int_equal(lookup_get_question(&got, b.p, b.len), RC_FORMAT);
			buf_clear(&b);
		}
}

static void
test_refused(void **state)
{
	static const struct {
		const char *octets;
		size_t len;
	} bad[] = {
	    {"\0\0\0\2\0\0\0\1\0\0\0\1A", 13},  /* kind */
	    {"\0\0\0\0\0\0\0\0", 8},            /* no certificate */
	    {"\0\0\0\0\0\0\0\x9\0\0\0\1A", 13}, /* more than a path has */
	    {"\0\0\0\0\0\0\0\1\0\0\0\0", 12},   /* an empty one */
	    {"\0\0\0\0\0\0\0\1\xff\xff\xff\xff"
	     "A",
		13}, /* longer than it is */
	    {"\0\0\0\0\xff\xff\xff\xff\0\0\0\1A", 13},
	};
	struct lookup_question q;
	size_t i;

	(void)state;
	assert_int_equal(lookup_get_question(&q, "\0\0\0\1\0\0\0\1\0\0\0\1A", 13), RC_OK);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(lookup_get_question(&q, bad[i].octets, bad[i].len), RC_FORMAT);
}

static void
test_limits(void **state)
{
	struct lookup_question q = question(LOOKUP_STATUS, 1, CAP_LOOKUP - 12);
	struct lookup_question got;
	struct buf b;

	(void)state;
	buf_init(&b, CAP_LOOKUP + 1);
	assert_int_equal(lookup_put_question(&b, &q), RC_OK);
	assert_int_equal(b.len, CAP_LOOKUP);
	assert_int_equal(lookup_get_question(&got, b.p, b.len), RC_OK);
	buf_clear(&b);
	q.certs[0].len++;
	assert_int_equal(lookup_put_question(&b, &q), RC_TOOBIG);
	assert_int_equal(b.len, 0);
	q = question(LOOKUP_STATUS, CAP_CHAIN, CAP_LOOKUP / 8);
	assert_int_equal(lookup_put_question(&b, &q), RC_TOOBIG);
	q.ncerts = 0;
	assert_int_equal(lookup_put_question(&b, &q), RC_TOOBIG);
	q.ncerts = CAP_CHAIN + 1;
	assert_int_equal(lookup_put_question(&b, &q), RC_TOOBIG);
	q = question(LOOKUP_STATUS, 1, 1);
	q.certs[0].len = SIZE_MAX;
	assert_int_equal(lookup_put_question(&b, &q), RC_TOOBIG);
	assert_int_equal(b.len, 0);
	buf_clear(&b);
}

/* Names are a promise of the JSON. */
static void
test_names(void **state)
{
	unsigned i, k;

	(void)state;
	assert_null(lookup_outcome_name(LOOKUP_OPEN));
	assert_null(lookup_outcome_name(LOOKUP__MAX));
	for (i = LOOKUP_OPEN + 1; i < LOOKUP__MAX; i++) {
		assert_non_null(lookup_outcome_name((enum lookup_outcome)i));
		for (k = LOOKUP_OPEN + 1; k < i; k++)
			assert_string_not_equal(lookup_outcome_name((enum lookup_outcome)i),
			    lookup_outcome_name((enum lookup_outcome)k));
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_round_trip),
	    cmocka_unit_test(test_refused),
	    cmocka_unit_test(test_limits),
	    cmocka_unit_test(test_names),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("lookup", tests, NULL, NULL);
}
