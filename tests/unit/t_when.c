/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Points in time, in every notation that documents and people use. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "when.h"

#define nitems(a) (sizeof(a) / sizeof((a)[0]))
#define NONE      WHEN_NONE

struct row {
	const char *in;
	int64_t want;
};

static const struct row rfc3339[] = {
    {"1970-01-01T00:00:00Z", 0},
    {"2026-11-01T00:00:00Z", 1793491200},
    {"2026-11-01t00:00:00Z", 1793491200},
    {"2026-11-01 07:00:00+07:00", 1793491200},
    {"2026-10-31T17:30:00-06:30", 1793491200},
    {"2026-11-01T00:00:00.999Z", 1793491200},
    {"2026-11-01", 1793491200},
    {"1969-12-31T23:59:59Z", -1},
    {"2000-02-29", 951782400},
    {"2024-02-29", 1709164800},
    {"9999-12-31T23:59:59Z", 253402300799},
    {"2023-02-29", NONE},
    {"1900-02-29", NONE},
    {"2026-00-01", NONE},
    {"2026-13-01", NONE},
    {"2026-11-31", NONE},
    {"0000-01-01", NONE},
    {"2026-11-01T24:00:00Z", NONE},
    {"2026-11-01T00:60:00Z", NONE},
    {"2026-11-01T00:00:61Z", NONE},
    {"2026-11-01T00:00:00", NONE},
    {"2026-11-01T00:00:00.Z", NONE},
    {"2026-11-01T00:00:00+0700", NONE},
    {"2026-11-01T00:00:00+24:00", NONE},
    {"2026-11-01T00:00:00Z ", NONE},
    {"2026-11-1", NONE},
    {"-026-11-01", NONE},
    {"", NONE},
    {"now", NONE},
};

static const struct row pdf[] = {
    {"D:20261101070000+07'00'", 1793491200},
    {"D:20261101070000+07'00", 1793491200},
    {"D:20261101070000+0700", 1793491200},
    {"D:20261101000000Z", 1793491200},
    {"D:20261101000000Z00'00'", 1793491200},
    {"D:20261101000000", 1793491200},
    {"20261101000000", 1793491200},
    {"D:20261101", 1793491200},
    {"D:2026", 1767225600},
    {"D:20261101000000-00'00'", 1793491200},
    {"D20261101000000Z", NONE},
    {"D:20261301000000Z", NONE},
    {"D:2026110100000", NONE},
    {"D:20261101000000Zx", NONE},
    {"D:20261101000000+99'00'", NONE},
    {"D:20261101000000+07'60'", NONE},
    {"D:", NONE},
    {"", NONE},
};

static const struct {
	int tag;
	const char *in;
	int64_t want;
} asn1[] = {
    {23, "261101000000Z", 1793491200},
    {23, "2611010000Z", 1793491200},
    {23, "500101000000Z", -631152000},
    {23, "491231235959Z", 2524607999},
    {24, "20261101000000Z", 1793491200},
    {24, "20261101000000.5Z", 1793491200},
    {24, "99991231235959Z", 253402300799},
    {23, "261101000000.5Z", NONE},
    {23, "261101000000", NONE},
    {23, "261101000000+0700", NONE},
    {24, "261101000000Z", NONE},
    {24, "20261101000000", NONE},
    {24, "20261101000000.Z", NONE},
    {22, "261101000000Z", NONE},
    {23, "", NONE},
};

static void
test_rfc3339(void **state)
{
	int64_t t;
	size_t i;

	(void)state;
	for (i = 0; i < nitems(rfc3339); i++) {
		if (when_parse(rfc3339[i].in, &t) != (rfc3339[i].want != NONE) ||
		    t != rfc3339[i].want)
			fail_msg("%s: %lld", rfc3339[i].in, (long long)t);
	}
}

static void
test_pdf(void **state)
{
	int64_t t;
	size_t i;

	(void)state;
	for (i = 0; i < nitems(pdf); i++) {
		if (when_parse_pdf((const uint8_t *)pdf[i].in, strlen(pdf[i].in), &t) !=
			(pdf[i].want != NONE) ||
		    t != pdf[i].want)
			fail_msg("%s: %lld", pdf[i].in, (long long)t);
	}
}

static void
test_asn1(void **state)
{
	int64_t t;
	size_t i;

	(void)state;
	for (i = 0; i < nitems(asn1); i++) {
		if (when_parse_asn1(asn1[i].tag, (const uint8_t *)asn1[i].in, strlen(asn1[i].in),
			&t) != (asn1[i].want != NONE) ||
		    t != asn1[i].want)
			fail_msg("%d %s: %lld", asn1[i].tag, asn1[i].in, (long long)t);
	}
}

/* Every day of ten thousand years, there and back. */
static void
test_round_trip(void **state)
{
	char text[WHEN_TEXT];
	int64_t t, back;

	(void)state;
	for (t = -62135596800; t <= 253402300799; t += 86400 - 1) {
		when_format(t, text);
		assert_true(when_parse(text, &back));
		assert_true(back == t);
	}
	assert_string_equal(when_format(WHEN_NONE, text), "");
	assert_string_equal(when_format(253402300800, text), "");
	assert_string_equal(when_format(-62135596801, text), "");
	assert_string_equal(when_format(1793491200, text), "2026-11-01T00:00:00Z");
	assert_string_equal(when_format(-1, text), "1969-12-31T23:59:59Z");
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_rfc3339),
	    cmocka_unit_test(test_pdf),
	    cmocka_unit_test(test_asn1),
	    cmocka_unit_test(test_round_trip),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("when", tests, NULL, NULL);
}
