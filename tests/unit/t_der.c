/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Splitting BER and DER, OIDs, integers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "caps.h"
#include "der.h"

#define nitems(a) (sizeof(a) / sizeof((a)[0]))
#define BYTES(s)  (s), sizeof(s) - 1

static const struct {
	const char *in;
	size_t len;
	size_t whole, head, body; /* octets of the element, before its contents, in them */
	bool ok;
	bool strict; /* all of in is one DER element */
} elements[] = {
    {BYTES("\x05\x00"), 2, 2, 0, true, true}, {BYTES("\x04\x02hi"), 4, 2, 2, true, true},
    {BYTES("\x05\x00\x05\x00"), 2, 2, 0, true, false}, /* two elements */
    {BYTES("\x04\x02hi!"), 4, 2, 2, true, false},      /* one more octet */
    {BYTES("\x04\x03hi"), 0, 0, 0, false, false},      /* cut off */
    {BYTES(""), 0, 0, 0, false, false}, {BYTES("\x04"), 0, 0, 0, false, false},
    {BYTES("\x04\x81\x02hi"), 5, 3, 2, true, false}, /* length not minimal */
    {BYTES("\x04\x82\x00\x02hi"), 6, 4, 2, true, false}, {BYTES("\x04\x81"), 0, 0, 0, false, false},
    {BYTES("\x04\x88\xff\xff\xff\xff\xff\xff\xff\xff"), 0, 0, 0, false, false},
    {BYTES("\x04\x89\x00\x00\x00\x00\x00\x00\x00\x00\x01x"), 0, 0, 0, false, false},
    {BYTES("\x04\xff"), 0, 0, 0, false, false},
    {BYTES("\x1f\x81\x01\x00"), 0, 0, 0, false, false},   /* high tag number */
    {BYTES("\x00\x00"), 0, 0, 0, false, false},           /* end of contents of nothing */
    {BYTES("\x04\x80hi\x00\x00"), 0, 0, 0, false, false}, /* indefinite primitive */
    {BYTES("\x30\x80\x00\x00"), 4, 2, 0, true, false},
    {BYTES("\x30\x80\x04\x01x\x00\x00"), 7, 2, 3, true, false},
    {BYTES("\x30\x80\x30\x80\x05\x00\x00\x00\x00\x00"), 10, 2, 6, true, false},
    {BYTES("\x30\x80\x30\x80\x05\x00\x00\x00"), 0, 0, 0, false, false}, /* one end is missing */
    {BYTES("\x30\x80\x04\x02\x00\x00\x00\x00"), 8, 2, 4, true, false},  /* zeros in a string */
    {BYTES("\x30\x80\x00\x01\x00\x00\x00"), 0, 0, 0, false, false},
    {BYTES("\x30\x04\x30\x02\x05\x00"), 6, 2, 4, true, true},
    {BYTES("\x30\x04\x30\x03\x05\x00"), 6, 2, 4, true, false}, /* inner one leaves the outer */
    {BYTES("\x30\x04\x30\x80\x00\x00"), 6, 2, 4, true, false}, /* indefinite inside */
    {BYTES("\x30\x00"), 2, 2, 0, true, true},
    {BYTES("\x24\x03\x04\x01x"), 5, 2, 3, true, false}, /* constructed string */
    {BYTES("\x10\x00"), 2, 2, 0, true, false},          /* primitive SEQUENCE */
    {BYTES("\xa0\x03\x04\x01x"), 5, 2, 3, true, true},
    {BYTES("\x30\x02\x00\x00"), 4, 2, 2, true, false}, /* stray end of contents */
};

static void
test_elements(void **state)
{
	struct der in, before;
	struct der_tlv t;
	uint8_t *exact;
	size_t i;

	(void)state;
	for (i = 0; i < nitems(elements); i++) {
		/* Memory of exactly that length, so that a read past it is seen. */
		exact = malloc(elements[i].len + 1);
		assert_non_null(exact);
		memcpy(exact + 1, elements[i].in, elements[i].len);
		in.p = exact + 1;
		in.len = elements[i].len;
		before = in;
		if (der_next(&in, &t) != elements[i].ok || der_strict(before) != elements[i].strict)
			fail_msg("element %zu", i);
		if (elements[i].ok) {
			assert_ptr_equal(t.whole.p, before.p);
			assert_int_equal(t.whole.len, elements[i].whole);
			assert_int_equal(t.body.p - t.whole.p, elements[i].head);
			assert_int_equal(t.body.len, elements[i].body);
			assert_int_equal(in.len, before.len - elements[i].whole);
		} else {
			assert_ptr_equal(in.p, before.p);
			assert_int_equal(in.len, before.len);
			assert_int_equal(t.whole.len, 0);
			assert_null(t.body.p);
		}
		free(exact);
	}
}

static void
test_expect(void **state)
{
	struct der in = {(const uint8_t *)"\x02\x01\x05\x04\x00", 5};
	struct der_tlv t;

	(void)state;
	assert_false(der_expect(&in, DER_OCTET_STRING, &t));
	assert_int_equal(in.len, 5);
	assert_int_equal(der_peek(in), DER_INTEGER);
	assert_true(der_expect(&in, DER_INTEGER, &t));
	assert_true(der_expect(&in, DER_OCTET_STRING, &t));
	assert_int_equal(der_peek(in), -1);
	assert_false(der_expect(&in, DER_OCTET_STRING, &t));
}

/* levels of indefinite SEQUENCEs, and of definite ones for der_strict() */
static void
test_depth(void **state)
{
	uint8_t buf[4 * (CAP_DER_DEPTH + 1)], nested[2 * (CAP_DER_DEPTH + 1)];
	size_t levels, i;
	struct der_tlv t;
	struct der in;

	(void)state;
	for (levels = CAP_DER_DEPTH - 1; levels <= CAP_DER_DEPTH + 1; levels++) {
		for (i = 0; i < levels; i++) {
			buf[2 * i] = 0x30;
			buf[2 * i + 1] = 0x80;
			memset(buf + 2 * (levels + i), 0, 2);
			nested[2 * i] = 0x30;
			nested[2 * i + 1] = (uint8_t)(2 * (levels - i - 1));
		}
		in.p = buf;
		in.len = 4 * levels;
		assert_int_equal(der_next(&in, &t), levels <= CAP_DER_DEPTH);
		in.p = nested;
		in.len = 2 * levels;
		assert_int_equal(der_strict(in), levels <= CAP_DER_DEPTH);
	}
}

static const struct {
	const char *body;
	size_t len;
	const char *text; /* NULL: malformed */
} oids[] = {
    {BYTES("\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02"), "1.2.840.113549.1.7.2"},
    {BYTES("\x55\x04\x03"), "2.5.4.3"},
    {BYTES("\x00"), "0.0"},
    {BYTES("\x27"), "0.39"},
    {BYTES("\x88\x37\x03"), "2.999.3"},
    {BYTES("\x2a\x81\x80\x80\x80\x80\x80\x80\x80\x80\x00"), "1.2.9223372036854775808"},
    {BYTES(""), NULL},
    {BYTES("\x2a\x86"), NULL},     /* arc cut off */
    {BYTES("\x2a\x80\x01"), NULL}, /* padded arc */
    {BYTES("\x2a\x83\xff\xff\xff\xff\xff\xff\xff\xff\xff\x7f"), NULL},
};

static void
test_oids(void **state)
{
	struct der in;
	char text[64];
	size_t i, j;

	(void)state;
	for (i = 0; i < nitems(oids); i++) {
		in.p = (const uint8_t *)oids[i].body;
		in.len = oids[i].len;
		assert_int_equal(der_oid_text(in, text, sizeof(text)), oids[i].text != NULL);
		assert_string_equal(text, oids[i].text != NULL ? oids[i].text : "");
		for (j = 0; j < nitems(oids); j++) {
			if (oids[j].text != NULL)
				assert_int_equal(der_oid_is(in, oids[j].text), i == j);
		}
	}
	in.p = (const uint8_t *)oids[0].body;
	in.len = oids[0].len;
	assert_false(der_oid_is(in, "1.2.840.113549.1.7"));
	assert_false(der_oid_is(in, "1.2.840.113549.1.7.2.0"));
	assert_false(der_oid_text(in, text, strlen(oids[0].text)));
	assert_string_equal(text, "");
	assert_true(der_oid_text(in, text, strlen(oids[0].text) + 1));
	assert_false(der_oid_text(in, text, 0));
}

static const struct {
	const char *body;
	size_t len;
	bool ok;
	uint64_t value;
} uints[] = {
    {BYTES("\x00"), true, 0},
    {BYTES("\x7f"), true, 127},
    {BYTES("\x00\x80"), true, 128},
    {BYTES("\x01\x00"), true, 256},
    {BYTES("\x00\xff\xff\xff\xff\xff\xff\xff\xff"), true, UINT64_MAX},
    {BYTES("\x01\x00\x00\x00\x00\x00\x00\x00\x00"), false, 0},
    {BYTES("\x80"), false, 0}, /* negative */
    {BYTES(""), false, 0},
};

static void
test_uints(void **state)
{
	struct der in;
	uint64_t v;
	size_t i;

	(void)state;
	for (i = 0; i < nitems(uints); i++) {
		in.p = (const uint8_t *)uints[i].body;
		in.len = uints[i].len;
		v = 77;
		assert_int_equal(der_uint(in, &v), uints[i].ok);
		assert_int_equal(v, uints[i].value);
	}
}

static void
test_equal(void **state)
{
	struct der none = {NULL, 0}, a = {(const uint8_t *)"ab", 2}, b = {(const uint8_t *)"ac", 2},
		   c = {(const uint8_t *)"abc", 3};

	(void)state;
	assert_true(der_equal(none, none));
	assert_true(der_equal(a, a));
	assert_false(der_equal(a, b));
	assert_false(der_equal(a, c));
	assert_false(der_equal(a, none));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_elements),
	    cmocka_unit_test(test_expect),
	    cmocka_unit_test(test_depth),
	    cmocka_unit_test(test_oids),
	    cmocka_unit_test(test_uints),
	    cmocka_unit_test(test_equal),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
