/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The filters that the reader undoes: what they give back, and what they refuse. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "caps.h"
#include "inflate.h"

#define nitems(a) (sizeof(a) / sizeof((a)[0]))

static struct arena *arena;

static struct pdf_bytes
text(const char *s)
{
	return (struct pdf_bytes){(const uint8_t *)s, strlen(s)};
}

/* --- hexadecimal and base 85 --- */

typedef enum rc decoder(struct arena *a, struct pdf_bytes in, struct pdf_bytes *out);

struct row {
	const char *in;
	enum rc rc;
	const char *out;
	size_t len;
};

static void
decodes(decoder *decode, const struct row *rows, size_t n)
{
	struct pdf_bytes out;
	size_t i;

	for (i = 0; i < n; i++) {
		if (decode(arena, text(rows[i].in), &out) != rows[i].rc)
			fail_msg("%s: not %s", rows[i].in, rc_str(rows[i].rc));
		if (out.len != rows[i].len ||
		    (out.len != 0 && memcmp(out.p, rows[i].out, rows[i].len) != 0))
			fail_msg("%s: other octets", rows[i].in);
		if (rows[i].rc != RC_OK)
			assert_null(out.p);
	}
}

static void
test_hex(void **state)
{
	static const struct row rows[] = {
	    {">", RC_OK, "", 0},
	    {"5375726174>", RC_OK, "Surat", 5},
	    {" 53\n75 7\t2 >61", RC_OK, "Sur", 3},
	    {"537>", RC_OK, "Sp", 2}, /* an odd digit is followed by a zero */
	    {"aBcD>", RC_OK, "\xab\xcd", 2},
	    {"53", RC_FORMAT, "", 0},
	    {"5g>", RC_FORMAT, "", 0},
	};

	(void)state;
	decodes(inflate_hex, rows, nitems(rows));
}

static void
test_ascii85(void **state)
{
	static const struct row rows[] = {
	    {"~>", RC_OK, "", 0},
	    {"87cURDZ~>", RC_OK, "Hello", 5}, /* four octets, and one in two digits */
	    {"87cUR\n D Z~>", RC_OK, "Hello", 5}, {"87cUR~>", RC_OK, "Hell", 4},
	    {"87cU~>", RC_OK, "Hel", 3}, {"87_~>", RC_OK, "He", 2}, {"z~>", RC_OK, "\0\0\0\0", 4},
	    {"87cURz87cUR~>", RC_OK, "Hell\0\0\0\0Hell", 12},
	    {"s8W-!~>", RC_OK, "\xff\xff\xff\xff", 4}, {"s8W-\"~>", RC_FORMAT, "", 0}, /* 2^32 */
	    {"uuuuu~>", RC_FORMAT, "", 0}, {"uu~>", RC_FORMAT, "", 0},
	    {"8~>", RC_FORMAT, "", 0}, /* a digit alone is nothing */
	    {"8z~>", RC_FORMAT, "", 0}, {"87cvR~>", RC_FORMAT, "", 0},
	    {"87\x01~>", RC_FORMAT, "", 0}, {"87cUR", RC_FORMAT, "", 0}, /* no end */
	};
	struct pdf_bytes out, big = {(const uint8_t *)"", (size_t)CAP_STREAM + 1};

	(void)state;
	decodes(inflate_ascii85, rows, nitems(rows));
	assert_int_equal(inflate_ascii85(arena, big, &out), RC_TOOBIG);
}

/* --- predictors --- */

/*
 * A picture of two rows of four samples of two octets, and the same after each of PNG's
 * filters (PNG, 9.2), worked out by hand: sample minus what the filter foretells.
 */
#define ROW 8
static const uint8_t picture[2 * ROW] = {1, 2, 4, 6, 9, 12, 16, 20, /* */
    5, 5, 5, 5, 200, 3, 7, 250};

/* The filter's foresight of sample i of a row. */
static int
foretell(int type, const uint8_t *row, const uint8_t *up, size_t i, size_t bpp)
{
	int a = i >= bpp ? row[i - bpp] : 0, b = up != NULL ? up[i] : 0;
	int c = i >= bpp && up != NULL ? up[i - bpp] : 0, p = a + b - c;

	switch (type) {
	case 1:
		return a;
	case 2:
		return b;
	case 3:
		return (a + b) / 2;
	case 4: /* the neighbour that is nearest to a + b - c */
		if (abs(p - a) <= abs(p - b) && abs(p - a) <= abs(p - c))
			return a;
		return abs(p - b) <= abs(p - c) ? b : c;
	default:
		return 0;
	}
}

static void
test_png(void **state)
{
	const struct predictor pr = {.kind = 15, .colors = 2, .bits = 8, .columns = 4};
	uint8_t in[2 * (ROW + 1)];
	const uint8_t *row;
	struct pdf_bytes out;
	int first, second;
	size_t i;

	(void)state;
	for (first = 0; first <= 4; first++)
		for (second = 0; second <= 4; second++) {
			in[0] = (uint8_t)first;
			in[ROW + 1] = (uint8_t)second;
			row = picture + ROW;
			for (i = 0; i < ROW; i++) {
				in[1 + i] =
				    (uint8_t)(picture[i] - foretell(first, picture, NULL, i, 2));
				in[2 + ROW + i] =
				    (uint8_t)(row[i] - foretell(second, row, picture, i, 2));
			}
			assert_int_equal(
			    inflate_unpredict(arena, (struct pdf_bytes){in, sizeof(in)}, &pr, &out),
			    RC_OK);
			assert_int_equal(out.len, sizeof(picture));
			assert_memory_equal(out.p, picture, sizeof(picture));
		}
	in[ROW + 1] = 5; /* no such filter */
	assert_int_equal(
	    inflate_unpredict(arena, (struct pdf_bytes){in, sizeof(in)}, &pr, &out), RC_FORMAT);
	assert_null(out.p);
}

static void
test_tiff(void **state)
{
	static const uint8_t in[] = {10, 20, 1, 2, 3, 255, 100, 200, 0, 0, 200, 100},
			     want[] = {10, 20, 11, 22, 14, 21, 100, 200, 100, 200, 44, 44};
	const struct predictor pr = {.kind = 2, .colors = 2, .bits = 8, .columns = 3};
	struct pdf_bytes out;

	(void)state;
	assert_int_equal(
	    inflate_unpredict(arena, (struct pdf_bytes){in, sizeof(in)}, &pr, &out), RC_OK);
	assert_int_equal(out.len, sizeof(want));
	assert_memory_equal(out.p, want, sizeof(want));
}

static void
test_predictor_refused(void **state)
{
	/* Of 20 octets. */
	static const struct {
		struct predictor pr;
		enum rc rc;
	} rows[] = {
	    {{10, 1, 8, 4}, RC_OK}, {{12, 1, 1, 32}, RC_OK}, {{13, 1, 2, 16}, RC_OK},
	    {{14, 3, 8, 1}, RC_OK}, {{15, 1, 16, 2}, RC_OK}, {{2, 1, 8, 4}, RC_OK},
	    {{0, 1, 8, 4}, RC_FORMAT}, {{1, 1, 8, 4}, RC_FORMAT}, {{3, 1, 8, 4}, RC_FORMAT},
	    {{9, 1, 8, 4}, RC_FORMAT}, {{16, 1, 8, 4}, RC_FORMAT}, {{-2, 1, 8, 4}, RC_FORMAT},
	    {{12, 0, 8, 4}, RC_FORMAT}, {{12, 33, 8, 4}, RC_FORMAT}, {{12, -1, 8, 4}, RC_FORMAT},
	    {{12, 1, 3, 4}, RC_FORMAT}, {{12, 1, 0, 4}, RC_FORMAT}, {{12, 1, 32, 4}, RC_FORMAT},
	    {{12, 1, 8, 0}, RC_FORMAT}, {{12, 1, 8, -4}, RC_FORMAT},
	    {{12, 1, 8, (1 << 24) + 1}, RC_FORMAT}, {{12, 1, 8, INT64_MAX}, RC_FORMAT},
	    {{2, 1, 4, 8}, RC_FORMAT}, {{2, 1, 16, 2}, RC_FORMAT}, /* not in whole octets */
	    {{12, 1, 8, 5}, RC_FORMAT}, {{2, 1, 8, 3}, RC_FORMAT}, /* no whole rows */
	};
	static const uint8_t zeros[20];
	struct pdf_bytes out, in = {zeros, sizeof(zeros)};
	size_t i;

	(void)state;
	for (i = 0; i < nitems(rows); i++) {
		if (inflate_unpredict(arena, in, &rows[i].pr, &out) != rows[i].rc)
			fail_msg("row %zu: not %s", i, rc_str(rows[i].rc));
		assert_int_equal(out.p != NULL, rows[i].rc == RC_OK);
	}
}

/* --- zlib --- */

static void
test_zlib(void **state)
{
	static uint8_t plain[100000], packed[120000];
	struct inflater f = {NULL, NULL, 0};
	uLongf n = sizeof(packed);
	size_t i, budget = 1u << 20;
	struct pdf_bytes out;

	(void)state;
	for (i = 0; i < sizeof(plain); i++)
		plain[i] = (uint8_t)(i * i >> 7);
	assert_int_equal(compress(packed, &n, plain, sizeof(plain)), Z_OK);
	for (i = 0; i < 2; i++) { /* the decoder is used again */
		assert_int_equal(
		    inflate_bytes(&f, arena, (struct pdf_bytes){packed, n}, &budget, &out), RC_OK);
		assert_int_equal(out.len, sizeof(plain));
		assert_memory_equal(out.p, plain, sizeof(plain));
		assert_int_equal(budget, (1u << 20) - (i + 1) * sizeof(plain));
	}
	assert_int_equal(
	    inflate_bytes(&f, arena, (struct pdf_bytes){packed, n - 1}, &budget, &out), RC_FORMAT);
	assert_null(out.p);
	packed[n / 2] ^= 0x55;
	assert_int_equal(
	    inflate_bytes(&f, arena, (struct pdf_bytes){packed, n}, &budget, &out), RC_FORMAT);
	packed[n / 2] ^= 0x55;
	budget = sizeof(plain) - 1;
	assert_int_equal(
	    inflate_bytes(&f, arena, (struct pdf_bytes){packed, n}, &budget, &out), RC_TOOBIG);
	assert_null(out.p);
	budget = sizeof(plain);
	assert_int_equal(
	    inflate_bytes(&f, arena, (struct pdf_bytes){packed, n}, &budget, &out), RC_OK);
	assert_int_equal(budget, 0);
	inflater_clear(&f);
}

static int
setup(void **state)
{
	(void)state;
	return (arena = arena_new(64u << 20)) != NULL ? 0 : -1;
}

static int
teardown(void **state)
{
	(void)state;
	arena_free(arena);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_hex),
	    cmocka_unit_test(test_ascii85),
	    cmocka_unit_test(test_png),
	    cmocka_unit_test(test_tiff),
	    cmocka_unit_test(test_predictor_refused),
	    cmocka_unit_test(test_zlib),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, setup, teardown);
}
