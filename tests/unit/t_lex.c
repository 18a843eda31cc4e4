/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tokens: what they are, where they lie, what is none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "caps.h"
#include "lex.h"

#define nitems(a) (sizeof(a) / sizeof((a)[0]))

static const struct {
	const char *in;
	enum tok tok;
	uint64_t off, end;
	int64_t i;
	const char *value; /* of names and strings, decoded */
} tokens[] = {
    {"", TOK_END, 0, 0, 0, NULL},
    {" \t\r\n\f", TOK_END, 5, 5, 0, NULL},
    {"  12 ", TOK_INT, 2, 4, 12, NULL},
    {"-7", TOK_INT, 0, 2, -7, NULL},
    {"+7/", TOK_INT, 0, 2, 7, NULL},
    {"00000000000000000000012", TOK_INT, 0, 23, 12, NULL},
    {"1.5", TOK_REAL, 0, 3, 15, NULL},
    {"-.002", TOK_REAL, 0, 5, -2, NULL},
    {"4.", TOK_REAL, 0, 2, 4, NULL},
    {"1.2.3", TOK_BAD, 0, 0, 0, NULL},
    {"--5", TOK_BAD, 0, 0, 0, NULL},
    {"1e5", TOK_BAD, 0, 0, 0, NULL},
    {".", TOK_BAD, 0, 0, 0, NULL},
    {"1234567890123456789012", TOK_BAD, 0, 0, 0, NULL},
    {"/Name/", TOK_NAME, 0, 5, 0, "Name"},
    {"/A#42c", TOK_NAME, 0, 6, 0, "ABc"},
    {"/", TOK_NAME, 0, 1, 0, ""},
    {"%c\n obj", TOK_WORD, 4, 7, 0, NULL},
    {"endobj<<", TOK_WORD, 0, 6, 0, NULL},
    {"(a(b)c)x", TOK_STRING, 0, 7, 0, "a(b)c"},
    {"(a\\)\\101\\n\\\nb\\q)", TOK_STRING, 0, 16, 0, "a)A\nbq"},
    {"(a\r\nb\rc)", TOK_STRING, 0, 8, 0, "a\nb\nc"},
    {"(a", TOK_BAD, 0, 0, 0, NULL},
    {"(a\\)", TOK_BAD, 0, 0, 0, NULL},
    {"<4142>", TOK_HEX, 0, 6, 0, "AB"},
    {"<41 4\n2>", TOK_HEX, 0, 8, 0, "AB"},
    {"<414>", TOK_HEX, 0, 5, 0, "A@"},
    {"<>", TOK_HEX, 0, 2, 0, ""},
    {"<41", TOK_BAD, 0, 0, 0, NULL},
    {"<4x>", TOK_BAD, 0, 0, 0, NULL},
    {"<41%\n42>", TOK_BAD, 0, 0, 0, NULL},
    {"<<", TOK_DICT, 0, 2, 0, NULL},
    {">>", TOK_DICT_END, 0, 2, 0, NULL},
    {"[", TOK_ARRAY, 0, 1, 0, NULL},
    {"]", TOK_ARRAY_END, 0, 1, 0, NULL},
    {">", TOK_BAD, 0, 0, 0, NULL},
    {")", TOK_BAD, 0, 0, 0, NULL},
    {"{", TOK_BAD, 0, 0, 0, NULL},
};

static void
each_token(void **state)
{
	uint8_t out[64];
	struct token t;
	struct lex lx;
	size_t i, len;

	(void)state;
	for (i = 0; i < nitems(tokens); i++) {
		lex_init(&lx, (const uint8_t *)tokens[i].in, strlen(tokens[i].in), 0);
		if (lex_next(&lx, &t) != tokens[i].tok || t.off != tokens[i].off ||
		    t.end != tokens[i].end || t.i != tokens[i].i)
			fail_msg("'%s': token %d [%u, %u) %d", tokens[i].in, (int)t.tok,
			    (unsigned)t.off, (unsigned)t.end, (int)t.i);
		if (tokens[i].value == NULL)
			continue;
		len = lex_decode(&t, out);
		assert_int_equal(len, strlen(tokens[i].value));
		assert_memory_equal(out, tokens[i].value, len);
	}
}

static void
bad_names(void **state)
{
	static const char *const names[] = {"/a#", "/a#4", "/a#4x", "/a#00"};
	uint8_t out[8];
	struct token t;
	struct lex lx;
	size_t i;

	(void)state;
	for (i = 0; i < nitems(names); i++) {
		lex_init(&lx, (const uint8_t *)names[i], strlen(names[i]), 0);
		assert_int_equal(lex_next(&lx, &t), TOK_NAME);
		assert_true(lex_decode(&t, out) == SIZE_MAX);
	}
}

static void
comments_are_counted(void **state)
{
	static const char in[] = "1 %a\r2%b";
	struct token t;
	struct lex lx;

	(void)state;
	lex_init(&lx, (const uint8_t *)in, strlen(in), 0);
	assert_int_equal(lex_next(&lx, &t), TOK_INT);
	assert_int_equal(lx.comments, 0);
	assert_int_equal(lex_next(&lx, &t), TOK_INT);
	assert_int_equal(lx.comments, 1);
	assert_int_equal(lex_next(&lx, &t), TOK_END);
	assert_int_equal(lx.comments, 2);
}

/* A token does not run through a document of any size. */
static void
long_tokens(void **state)
{
	static uint8_t in[CAP_STRING + 64];
	static const char first[] = {'(', 'x', '/', ' ', '%'};
	struct token t;
	struct lex lx;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(first); i++) {
		memset(in, first[i] == ' ' ? ' ' : 'x', sizeof(in));
		in[0] = (uint8_t)first[i];
		in[sizeof(in) - 1] = ')';
		lex_init(&lx, in, sizeof(in), 0);
		assert_int_equal(lex_next(&lx, &t), TOK_BAD);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(each_token),
	    cmocka_unit_test(bad_names),
	    cmocka_unit_test(comments_are_counted),
	    cmocka_unit_test(long_tokens),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
