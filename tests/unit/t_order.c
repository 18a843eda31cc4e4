/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is said to periksa-fetch: there and back, and what neither side takes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "order.h"

#define OCTETS(s)                                   \
	{                                           \
		(const uint8_t *)(s), sizeof(s) - 1 \
	}

static const struct lookup_question question = {
    .kind = LOOKUP_ISSUER, .ncerts = 2, .certs = {OCTETS("first"), OCTETS("the second")}};

static void
test_question(void **state)
{
	struct lookup_question q;
	struct buf b;
	size_t i;

	(void)state;
	buf_init(&b, CAP_LOOKUP);
	assert_int_equal(order_put_question(&b, &question), RC_OK);
	assert_int_equal(b.len, 8 + 4 + 5 + 4 + 10);
	assert_int_equal(order_get_question(&q, b.p, b.len), RC_OK);
	assert_int_equal(q.kind, LOOKUP_ISSUER);
	assert_int_equal(q.ncerts, 2);
	assert_int_equal(q.certs[1].len, 10);
	assert_memory_equal(q.certs[1].p, "the second", 10);
	for (i = 0; i < b.len; i++)
		assert_int_equal(order_get_question(&q, b.p, i), RC_FORMAT);
	buf_u8(&b, 0);
	assert_int_equal(order_get_question(&q, b.p, b.len), RC_FORMAT);
	buf_clear(&b);
}

static void
test_question_limits(void **state)
{
	static const struct {
		const char *what;
		uint32_t kind, n, len;
	} rows[] = {{"no such kind", 2, 1, 1}, {"nothing", 0, 0, 0},
	    {"too many", 0, CAP_CHAIN + 1, 1}, {"an empty certificate", 0, 1, 0},
	    {"a long one", 0, 1, CAP_CERT + 1}};
	static const uint8_t zeros[CAP_CERT + 1];
	struct lookup_question q;
	struct buf b;
	size_t i, k;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		buf_init(&b, 1u << 20);
		buf_u32(&b, rows[i].kind);
		buf_u32(&b, rows[i].n);
		for (k = 0; k < rows[i].n; k++) {
			buf_u32(&b, rows[i].len);
			buf_put(&b, zeros, rows[i].len);
		}
		if (order_get_question(&q, b.p, b.len) != RC_FORMAT)
			fail_msg("%s was taken", rows[i].what);
		buf_clear(&b);
	}
	buf_init(&b, 1u << 20);
	q = question;
	q.certs[1] = (struct lookup_octets){zeros, CAP_LOOKUP - 8 - 4 - 5 - 4};
	assert_int_equal(order_put_question(&b, &q), RC_OK);
	assert_int_equal(b.len, CAP_LOOKUP);
	b.len = 0;
	q.certs[1].len++;
	assert_int_equal(order_put_question(&b, &q), RC_TOOBIG);
	assert_int_equal(b.len, 0);
	buf_clear(&b);
}

static void
test_order(void **state)
{
	static const struct order want = {.flags = ORDER_FETCH | ORDER_BODIES,
	    .milliseconds = 70000,
	    .n = 2,
	    .questions = {OCTETS("one"), OCTETS("")}};
	struct order o;
	struct buf b;
	size_t i;

	(void)state;
	buf_init(&b, 1000);
	assert_int_equal(order_put(&b, &want), RC_OK);
	assert_memory_equal(b.p, "\0\0\0\x17", 4);
	assert_int_equal(b.len, 4 + 0x17);
	assert_int_equal(order_get(&o, b.p + 4, b.len - 4), RC_OK);
	assert_int_equal(o.flags, want.flags);
	assert_int_equal(o.milliseconds, 70000);
	assert_int_equal(o.n, 2);
	assert_int_equal(o.questions[0].len, 3);
	assert_memory_equal(o.questions[0].p, "one", 3);
	assert_int_equal(o.questions[1].len, 0);
	for (i = 4; i < b.len; i++)
		assert_int_equal(order_get(&o, b.p + 4, i - 4), RC_FORMAT);
	b.p[7] = 4; /* a flag that nobody knows */
	assert_int_equal(order_get(&o, b.p + 4, b.len - 4), RC_FORMAT);
	b.p[7] = 0;
	b.p[15] = CAP_LOOKUPS + 1;
	assert_int_equal(order_get(&o, b.p + 4, b.len - 4), RC_FORMAT);
	buf_clear(&b);
	o = want;
	o.n = CAP_LOOKUPS + 1;
	assert_int_equal(order_put(&b, &o), RC_TOOBIG);
	buf_clear(&b);
}

static struct lookup_part parts[] = {
    {LOOKUP_OCSP, OCTETS("response")}, {LOOKUP_CERT, OCTETS("certificate")}};
static const struct lookup_answer answers[] = {
    {.outcome = LOOKUP_ANSWERED,
	.asked = 1793491200,
	.retry = WHEN_NONE,
	.url = "http://ocsp.example/",
	.parts = parts,
	.nparts = 2},
    {.outcome = LOOKUP_SLOW, .asked = WHEN_NONE, .retry = 1793491230},
};

static void
test_reply(void **state)
{
	struct arena *a = arena_new(1u << 20);
	struct lookup_answer v[2];
	struct buf b;
	size_t i;

	(void)state;
	assert_non_null(a);
	buf_init(&b, 1000);
	assert_int_equal(order_put_reply(&b, answers, 2, true), RC_OK);
	assert_int_equal(order_get_reply(v, 2, a, b.p + 4, b.len - 4), RC_OK);
	assert_int_equal(v[0].outcome, LOOKUP_ANSWERED);
	assert_true(v[0].asked == 1793491200 && v[0].retry == WHEN_NONE);
	assert_string_equal(v[0].url, "http://ocsp.example/");
	assert_int_equal(v[0].nparts, 2);
	assert_int_equal(v[0].parts[1].kind, LOOKUP_CERT);
	assert_int_equal(v[0].parts[1].der.len, 11);
	assert_memory_equal(v[0].parts[1].der.p, "certificate", 11);
	assert_int_equal(v[1].outcome, LOOKUP_SLOW);
	assert_true(v[1].asked == WHEN_NONE && v[1].retry == 1793491230);
	assert_null(v[1].url);
	assert_int_equal(v[1].nparts, 0);
	for (i = 4; i < b.len; i++)
		assert_int_equal(order_get_reply(v, 2, a, b.p + 4, i - 4), RC_FORMAT);
	assert_int_equal(order_get_reply(v, 1, a, b.p + 4, b.len - 4), RC_FORMAT);
	buf_clear(&b);
	assert_int_equal(order_put_reply(&b, answers, 2, false), RC_OK);
	assert_int_equal(order_get_reply(v, 2, a, b.p + 4, b.len - 4), RC_OK);
	assert_int_equal(v[0].nparts, 0);
	buf_clear(&b);
	arena_free(a);
}

/* Each changes one octet of a good reply. */
static void
test_reply_refused(void **state)
{
	static const struct {
		const char *what;
		size_t at;
		uint8_t octet;
	} rows[] = {{"no such outcome", 11, LOOKUP__MAX},
	    {"an outcome that carries nothing", 11, LOOKUP_SLOW}, {"a time before 1970", 12, 0xff},
	    {"a time after our calendar", 13, 1}, {"a blank in the address", 35, ' '},
	    {"a long address", 30, 0x80}, {"too many parts", 55, ORDER_PARTS + 1},
	    {"no such part", 59, 3}, {"an empty part", 63, 0}};
	struct arena *a = arena_new(1u << 20);
	struct lookup_answer v[2];
	struct buf b;
	size_t i;

	(void)state;
	buf_init(&b, 1000);
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_int_equal(order_put_reply(&b, answers, 2, true), RC_OK);
		b.p[rows[i].at] = rows[i].octet;
		if (order_get_reply(v, 2, a, b.p + 4, b.len - 4) != RC_FORMAT)
			fail_msg("%s was taken", rows[i].what);
		buf_clear(&b);
	}
	arena_free(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_question),
	    cmocka_unit_test(test_question_limits), cmocka_unit_test(test_order),
	    cmocka_unit_test(test_reply), cmocka_unit_test(test_reply_refused)};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
