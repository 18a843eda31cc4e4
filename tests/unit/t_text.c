/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Text strings of documents, ISO 32000-2, 7.9.2.2 and annex D.2: three encodings, one result. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "text.h"

#define nitems(a) (sizeof(a) / sizeof((a)[0]))
#define LOST      "\xef\xbf\xbd" /* U+FFFD */

static struct arena *arena;

static const struct {
	const char *in;
	size_t len;
	const char *out;
} texts[] = {
    /* PDFDocEncoding */
    {"", 0, ""},
    {"Surat (1)", 9, "Surat (1)"},
    {"\x18\x1f", 2, "\xcb\x98\xcb\x9c"},
    {"\x80\x8a\xa0", 3, "\xe2\x80\xa2\xe2\x88\x92\xe2\x82\xac"},
    {"\xe9\xff", 2, "\xc3\xa9\xc3\xbf"},
    {"\x9f", 1, LOST},
    {"a\r\n\tb", 5, "a   b"},
    {"a\0\x01\x0e\x7f"
     "b",
	6, "ab"},
    /* UTF-16BE */
    {"\xfe\xff\0S\0i\0t\0i", 10, "Siti"},
    {"\xfe\xff\x20\xac", 4, "\xe2\x82\xac"},
    {"\xfe\xff\xd8\x3d\xde\x42", 6, "\xf0\x9f\x99\x82"},
    {"\xfe\xff\xd8\x3d\0a", 6, LOST "a"},
    {"\xfe\xff\xd8\x3d", 4, LOST},
    {"\xfe\xff\xde\x42\0a", 6, LOST "a"},
    {"\xfe\xff\0a\0", 5, "a"},
    {"\xfe\xff\x20\x2e\0a\x20\x66\xfe\xff", 10, "a"},
    /* UTF-8 */
    {"\xef\xbb\xbfSiti", 7, "Siti"},
    {"\xef\xbb\xbf\xc3\xa9\xe2\x82\xac\xf0\x9f\x99\x82", 12,
	"\xc3\xa9\xe2\x82\xac\xf0\x9f\x99\x82"},
    {"\xef\xbb\xbf\xe2\x80\xae"
     "a",
	7, "a"},
    {"\xef\xbb\xbf\xc0\xaf", 5, LOST LOST},          /* overlong */
    {"\xef\xbb\xbf\xe0\x80\xaf", 6, LOST LOST LOST}, /* likewise */
    {"\xef\xbb\xbf\xed\xa0\x80", 6, LOST},           /* half a pair */
    {"\xef\xbb\xbf\xf4\x90\x80\x80", 7, LOST},       /* past the last one */
    {"\xef\xbb\xbf\xf5\x80", 5, LOST LOST},
    {"\xef\xbb\xbf\xe2\x82", 5, LOST LOST}, /* cut off */
    {"\xef\xbb\xbf\xc3(", 5, LOST "("},
    {"\xef\xbb\xbf\x80"
     "a",
	5, LOST "a"},
};

static void
test_texts(void **state)
{
	char *s;
	size_t i;

	(void)state;
	for (i = 0; i < nitems(texts); i++) {
		s = text_utf8(
		    arena, (struct pdf_bytes){(const uint8_t *)texts[i].in, texts[i].len});
		assert_non_null(s);
		if (strcmp(s, texts[i].out) != 0)
			fail_msg("row %zu: \"%s\" instead of \"%s\"", i, s, texts[i].out);
	}
}

static void
test_same(void **state)
{
	static const struct {
		const char *a, *b;
		size_t a_len, b_len;
		bool same;
	} pairs[] = {
	    {"", "\xfe\xff", 0, 2, true},
	    {"Siti", "\xfe\xff\0S\0i\0t\0i", 4, 10, true},
	    {"\xe9", "\xef\xbb\xbf\xc3\xa9", 1, 5, true},
	    {"\xa0", "\xfe\xff\x20\xac", 1, 4, true},
	    {"\xfe\xff\xd8\x3d\xde\x42", "\xef\xbb\xbf\xf0\x9f\x99\x82", 6, 7, true},
	    {"Sit", "\xfe\xff\0S\0i\0t\0i", 3, 10, false},
	    {"Siti", "\xfe\xff\0S\0i\0t", 4, 8, false},
	    {"Siti", "\xfe\xff\0S\0i\0t\0j", 4, 10, false},
	    /* What is not shown counts, too. */
	    {"Siti", "\xfe\xff\0S\0i\0t\0i\x20\x2e", 4, 12, false},
	    {"a\tb", "a b", 3, 3, false},
	    /* Malformed texts are not even like themselves. */
	    {"\x9f", "\x9f", 1, 1, false},
	    {"\xfe\xff\xd8\x3d", "\xfe\xff\xd8\x3d", 4, 4, false},
	    {"\xfe\xff\0a\0", "a", 5, 1, false},
	    {"\xef\xbb\xbf\xc0", "\xef\xbb\xbf\xc0", 4, 4, false},
	};
	size_t i;

	(void)state;
	for (i = 0; i < nitems(pairs); i++) {
		struct pdf_bytes a = {(const uint8_t *)pairs[i].a, pairs[i].a_len},
				 b = {(const uint8_t *)pairs[i].b, pairs[i].b_len};

		if (text_same(a, b) != pairs[i].same || text_same(b, a) != pairs[i].same)
			fail_msg("row %zu", i);
	}
}

/* Cut between characters, in each encoding. */
static void
test_long(void **state)
{
	static const struct {
		const char *mark, *c;
		size_t mark_len, len, out;
	} kinds[] = {
	    {"", "a", 0, 1, TEXT_MAX},
	    {"", "\xe9", 0, 1, TEXT_MAX},
	    {"", "\x80", 0, 1, TEXT_MAX / 3 * 3},
	    {"\xfe\xff", "\x20\xac", 2, 2, TEXT_MAX / 3 * 3},
	    {"\xef\xbb\xbf", "\xe2\x82\xac", 3, 3, TEXT_MAX / 3 * 3},
	};
	uint8_t in[3 + 3 * (TEXT_MAX + 1)];
	size_t i, k, n;
	char *s;

	(void)state;
	for (i = 0; i < nitems(kinds); i++) {
		memcpy(in, kinds[i].mark, kinds[i].mark_len);
		n = kinds[i].mark_len;
		for (k = 0; k <= TEXT_MAX; k++, n += kinds[i].len)
			memcpy(in + n, kinds[i].c, kinds[i].len);
		s = text_utf8(arena, (struct pdf_bytes){in, n});
		assert_non_null(s);
		assert_int_equal(strlen(s), kinds[i].out);
	}
}

static void
test_printable(void **state)
{
	uint8_t in[200];

	(void)state;
	assert_string_equal(
	    text_printable(arena, (struct pdf_bytes){(const uint8_t *)"a b\x7f\xe9~\0", 7}),
	    "a?b??~?");
	memset(in, 'x', sizeof(in));
	assert_int_equal(strlen(text_printable(arena, (struct pdf_bytes){in, sizeof(in)})), 127);
}

static void
test_no_memory(void **state)
{
	struct arena *small = arena_new(1);

	(void)state;
	assert_null(text_utf8(small, (struct pdf_bytes){(const uint8_t *)"surat", 5}));
	assert_null(text_printable(small, (struct pdf_bytes){(const uint8_t *)"surat", 5}));
	arena_free(small);
}

static int
setup(void **state)
{
	(void)state;
	return (arena = arena_new(1u << 20)) != NULL ? 0 : -1;
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
	    cmocka_unit_test(test_texts),
	    cmocka_unit_test(test_same),
	    cmocka_unit_test(test_long),
	    cmocka_unit_test(test_printable),
	    cmocka_unit_test(test_no_memory),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, setup, teardown);
}
