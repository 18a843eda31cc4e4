/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Ids in pages: as they are printed, wrapped and typed, and what only looks like one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "idtext.h"

static char id[CROCKFORD_ID_LEN + 1], other[CROCKFORD_ID_LEN + 1];

struct seen {
	unsigned n;
	char first[CROCKFORD_ID_LEN + 1], last[CROCKFORD_ID_LEN + 1];
};

static void
found(void *ctx, const char *what)
{
	struct seen *s = ctx;

	if (s->n++ == 0)
		memcpy(s->first, what, sizeof(s->first));
	memcpy(s->last, what, sizeof(s->last));
}

static struct seen
find(const char *text)
{
	struct seen s = {0, "", ""};

	idtext_find(text, strlen(text), found, &s);
	return s;
}

/* The id with a gap after each n characters, and texts around it. */
static const char *
grouped(const char *before, size_t n, const char *gap, const char *after)
{
	static char out[512];
	size_t len = (size_t)snprintf(out, sizeof(out), "%s", before), i;

	for (i = 0; i < CROCKFORD_ID_LEN; i++) {
		if (i > 0 && i % n == 0)
			len += (size_t)snprintf(out + len, sizeof(out) - len, "%s", gap);
		out[len++] = id[i];
	}
	(void)snprintf(out + len, sizeof(out) - len, "%s", after);
	return out;
}

static void
is_found(const char *text)
{
	struct seen s = find(text);

	if (s.n != 1 || strcmp(s.first, id) != 0)
		fail_msg("%u found in \"%s\"", s.n, text);
}

static void
is_none(const char *text)
{
	struct seen s = find(text);

	if (s.n != 0)
		fail_msg("%s found in \"%s\"", s.first, text);
}

static void
test_one_run(void **state)
{
	char text[256];
	size_t i;

	(void)state;
	is_found(id);
	is_found(grouped("ID ", 27, "", ""));
	is_found(grouped("(", 27, "", ")."));
	is_found(grouped("Periksa: https://periksa.example/d/", 27, "", "\nID"));
	is_found(grouped("https://periksa.example/d/", 27, "", "?x#y"));
	is_found(grouped("NO-", 27, "", "-X"));
	is_found(grouped("\xc3\xa9 \xff", 27, "", "\xe2\x80\x94"));
	(void)snprintf(text, sizeof(text), "%s", id);
	for (i = 0; text[i] != '\0'; i++) {
		if (text[i] >= 'A')
			text[i] = (char)(text[i] + 32);
		if (text[i] == '0')
			text[i] = 'o';
		if (text[i] == '1')
			text[i] = 'l';
	}
	is_found(text);
	is_none(grouped("x", 27, "", ""));
	is_none(grouped("", 27, "", "0"));
	is_none(grouped("9", 27, "", " "));
	for (i = 0; i < CROCKFORD_ID_LEN; i++) {
		(void)snprintf(text, sizeof(text), "%s", id);
		text[i] = text[i] == '2' ? '3' : '2';
		is_none(text);
		text[i] = 'U';
		is_none(text);
		text[i] = '\0';
		is_none(text);
	}
}

static void
test_groups(void **state)
{
	static const char *const gaps[] = {"-", " ", "\xc2\xa0", "\xe2\x80\x91", "  "};
	size_t n, i;

	(void)state;
	for (i = 0; i < sizeof(gaps) / sizeof(gaps[0]); i++) {
		for (n = 3; n < 27; n++)
			if (n <= 9 || n >= 14)
				is_found(grouped("ID: ", n, gaps[i], "."));
		is_none(grouped("ID: ", 2, gaps[i], "."));
	}
	/* A line that ends in the middle, wherever. */
	for (n = 14; n < 27; n++) {
		is_found(grouped("https://a.example/d/", n, "\n", "\nID"));
		is_found(grouped("", n, " \r\n  ", ""));
		is_found(grouped("", n, "-\n", ""));
	}
	is_none(grouped("", 9, "\n", ""));
	is_none(grouped("", 9, "--", ""));
	is_none(grouped("", 9, " - ", ""));
	is_none(grouped("", 9, "/", ""));
	is_none(grouped("", 9, ".", ""));
}

static void
test_several(void **state)
{
	char text[512];
	struct seen s;

	(void)state;
	(void)snprintf(text, sizeof(text), "%s %s,%s\n%s", id, other, id, other);
	s = find(text);
	assert_int_equal(s.n, 4);
	assert_string_equal(s.first, id);
	assert_string_equal(s.last, other);
	/* The first word belongs to nothing. */
	(void)snprintf(text, sizeof(text), "ABC 123 %s", id);
	is_found(text);
}

/* Words of a letter: nothing in them is an id, whatever its check character says. */
static void
test_prose(void **state)
{
	static const char *const words[] = {"DENGAN", "HORMAT", "KAMI", "YANG", "DARI", "PADA",
	    "HARI", "AKAN", "TENTANG", "KEPALA", "DINAS", "NIP", "19700101", "199703", "1", "002",
	    "PEMBINA", "IV", "a", "2026", "045", "Nomor", "dan", "di", "bersama", "ini"};
	const size_t n = sizeof(words) / sizeof(words[0]);
	uint64_t seed = 88172645463325252ull;
	char text[4096];
	size_t len, i, k;

	(void)state;
	for (k = 0; k < 2000; k++) {
		for (len = i = 0; i < 200; i++) {
			seed ^= seed << 13;
			seed ^= seed >> 7;
			seed ^= seed << 17;
			len += (size_t)snprintf(text + len, sizeof(text) - len, "%s%c",
			    words[(seed >> 33) % n], (seed >> 20) % 12 == 0 ? '\n' : ' ');
		}
		if (find(text).n > 0)
			fail_msg("%s", text);
	}
}

static int
make_ids(void **state)
{
	uint8_t raw[16] = {
	    0x3f, 0x10, 0x22, 0x9a, 0xbc, 0x01, 0x77, 0x42, 9, 8, 7, 6, 5, 4, 3, 200};

	(void)state;
	crockford_id(raw, id);
	raw[15]++;
	crockford_id(raw, other);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_one_run),
	    cmocka_unit_test(test_groups),
	    cmocka_unit_test(test_several),
	    cmocka_unit_test(test_prose),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, make_ids, NULL);
}
