/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fields of forms and queries: as browsers send them, and as nobody should. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "caps.h"
#include "form.h"

#define nitems(a) (sizeof(a) / sizeof((a)[0]))
#define PAIRS     "application/x-www-form-urlencoded"
#define PARTS     "multipart/form-data; boundary=B"

/* On the heap and without its NUL, so that a sanitizer sees a step too far. */
static enum rc
parse(struct form **f, const char *type, const char *body, size_t len)
{
	uint8_t *copy = malloc(len + (len == 0));
	enum rc rc;

	assert_non_null(copy);
	memcpy(copy, body, len);
	rc = form_parse(f, type, copy, len);
	assert_int_equal(rc == RC_OK, *f != NULL);
	free(copy);
	return rc;
}

static const struct {
	const char *query;
	enum rc rc;
	const char *a; /* what form_get(f, "a") gives */
	bool has;
} queries[] = {
    {"a=b", RC_OK, "b", true},
    {"a=", RC_OK, "", true},
    {"a", RC_OK, "", true},
    {"", RC_OK, "", false},
    {"&", RC_OK, "", false},
    {"&&a=b&&", RC_OK, "b", true},
    {"b=a", RC_OK, "", false},
    {"aa=b", RC_OK, "", false},
    {"A=b", RC_OK, "", false},
    {"a=b&a=c", RC_OK, "b", true},
    {"a=b=c", RC_OK, "b=c", true},
    {"a==", RC_OK, "=", true},
    {"=b", RC_OK, "", false},
    {"=b&a=c", RC_OK, "c", true},
    {"a=b+c", RC_OK, "b c", true},
    {"a=b%20c", RC_OK, "b c", true},
    {"a=b%2Bc", RC_OK, "b+c", true},
    {"a=%26%3d%25", RC_OK, "&=%", true},
    {"%61=b", RC_OK, "b", true},
    {"a=%C3%A9", RC_OK, "\xc3\xa9", true},
    {"a=\xc3\xa9", RC_OK, "\xc3\xa9", true},
    {"a=%E2%82%ac", RC_OK, "\xe2\x82\xac", true},
    {"a=%F0%9F%96%8B", RC_OK, "\xf0\x9f\x96\x8b", true},
    {"a=%f4%8f%bf%bf", RC_OK, "\xf4\x8f\xbf\xbf", true},
    {"a=+b+", RC_OK, "b", true},
    {"a=%0D%0A%09b%0b%0C+", RC_OK, "b", true},
    {"a=++", RC_OK, "", true},
    {"a=b%0D%0Ac", RC_OK, "b\nc", true},
    {"a=b%0Dc", RC_OK, "b\nc", true},
    {"a=b%0Ac", RC_OK, "b\nc", true},
    {"a=b%0D%0D%0Ac", RC_OK, "b\n\nc", true},
    {"a=%", RC_FORMAT, NULL, false},
    {"a=%4", RC_FORMAT, NULL, false},
    {"a=%4&b", RC_FORMAT, NULL, false},
    {"a=%zz", RC_FORMAT, NULL, false},
    {"a=%4g", RC_FORMAT, NULL, false},
    {"a=%u0041", RC_FORMAT, NULL, false},
    {"%=b", RC_FORMAT, NULL, false},
    {"a=%00", RC_FORMAT, NULL, false},
    {"a=b%00c", RC_FORMAT, NULL, false},
    {"%00=c", RC_FORMAT, NULL, false},
    {"a=%80", RC_FORMAT, NULL, false},
    {"a=%C3", RC_FORMAT, NULL, false},
    {"a=%C3b", RC_FORMAT, NULL, false},
    {"a=%C0%80", RC_FORMAT, NULL, false}, /* NUL in two octets */
    {"a=%C1%81", RC_FORMAT, NULL, false},
    {"a=%E0%80%80", RC_FORMAT, NULL, false},
    {"a=%E2%82", RC_FORMAT, NULL, false},
    {"a=%ED%A0%80", RC_FORMAT, NULL, false}, /* half of a pair of UTF-16 */
    {"a=%F0%80%80%80", RC_FORMAT, NULL, false},
    {"a=%F4%90%80%80", RC_FORMAT, NULL, false}, /* beyond Unicode */
    {"a=%F5%80%80%80", RC_FORMAT, NULL, false},
    {"a=%FF", RC_FORMAT, NULL, false},
    {"a=b&\xff", RC_FORMAT, NULL, false},
};

static void
test_query(void **state)
{
	struct form *f;
	size_t i;

	(void)state;
	for (i = 0; i < nitems(queries); i++) {
		assert_int_equal(form_query(&f, queries[i].query), queries[i].rc);
		if (queries[i].rc == RC_OK) {
			assert_string_equal(form_get(f, "a"), queries[i].a);
			assert_int_equal(form_has(f, "a"), queries[i].has);
		} else {
			assert_null(f);
		}
		form_free(f);
		/* The same as a body, cut where it ends. */
		assert_int_equal(
		    parse(&f, PAIRS, queries[i].query, strlen(queries[i].query)), queries[i].rc);
		form_free(f);
	}
	assert_int_equal(form_query(&f, NULL), RC_OK);
	assert_false(form_has(f, "a"));
	form_free(f);
}

#define FIELD(name) "Content-Disposition: form-data; name=\"" name "\"\r\n"
#define CHOSEN(name, is) \
	"Content-Disposition: form-data; name=\"" name "\"; filename=\"" is "\"\r\n"
#define PART(head, value) "--B\r\n" head "\r\n" value "\r\n"
#define END               "--B--\r\n"

static const struct {
	const char *body;
	enum rc rc;
	const char *a;             /* the text, NULL: none */
	const char *file, *called; /* the file of the field "a", NULL: none */
} bodies[] = {
    {PART(FIELD("a"), "b") END, RC_OK, "b", NULL, NULL},
    {PART(FIELD("a"), "") END, RC_OK, "", NULL, NULL},
    {PART(FIELD("a"), " b ") END, RC_OK, "b", NULL, NULL},
    {PART(FIELD("a"), "b+%20") END, RC_OK, "b+%20", NULL, NULL},
    {PART(FIELD("a"), "b\r\nc") END, RC_OK, "b\nc", NULL, NULL},
    {PART(FIELD("b"), "c") PART(FIELD("a"), "b") END, RC_OK, "b", NULL, NULL},
    {PART(FIELD("a"), "b") PART(FIELD("a"), "c") END, RC_OK, "b", NULL, NULL},
    {PART(CHOSEN("a", "x.pdf"), "b") END, RC_OK, NULL, "b", "x.pdf"},
    {PART(CHOSEN("a", "x.pdf"), "\xff") END, RC_OK, NULL, "\xff", "x.pdf"},
    {PART(CHOSEN("a", "../x\\y.pdf"), "b") END, RC_OK, NULL, "b", "y.pdf"},
    {PART(CHOSEN("a", "\xff.pdf"), "b") END, RC_OK, NULL, "b", ""},
    {PART(CHOSEN("a", ""), "") END, RC_OK, "", NULL, NULL}, /* none was chosen */
    {PART(FIELD("a"), "t") PART(CHOSEN("a", "x"), "b") END, RC_OK, "t", "b", "x"},
    {PART("X: y\r\n", "b") PART(FIELD("a"), "c") END, RC_OK, "c", NULL, NULL},
    {PART(FIELD("a"), "\xff") END, RC_FORMAT, NULL, NULL, NULL},
    {PART(FIELD("\xff"), "b") END, RC_FORMAT, NULL, NULL, NULL},
    {PART(FIELD("a"), "b"), RC_FORMAT, NULL, NULL, NULL},
    {PART(FIELD("a"), "b") "--B", RC_FORMAT, NULL, NULL, NULL},
    {"a=b", RC_FORMAT, NULL, NULL, NULL},
    {END, RC_OK, NULL, NULL, NULL},
};

static void
test_parts(void **state)
{
	struct form_file file;
	struct form *f;
	size_t i, len;

	(void)state;
	for (i = 0; i < nitems(bodies); i++) {
		len = strlen(bodies[i].body);
		assert_int_equal(parse(&f, PARTS, bodies[i].body, len), bodies[i].rc);
		if (bodies[i].rc != RC_OK)
			continue;
		assert_int_equal(form_has(f, "a"), bodies[i].a != NULL);
		assert_string_equal(form_get(f, "a"), bodies[i].a != NULL ? bodies[i].a : "");
		assert_int_equal(form_file(f, "a", 0, &file), bodies[i].file != NULL);
		if (bodies[i].file != NULL) {
			assert_int_equal(file.len, strlen(bodies[i].file));
			assert_true(file.off <= len && file.len <= len - file.off);
			assert_memory_equal(bodies[i].body + file.off, bodies[i].file, file.len);
			assert_string_equal(file.name, bodies[i].called);
		}
		assert_false(form_file(f, "a", 1, &file));
		form_free(f);
	}
}

static void
test_type(void **state)
{
	static const struct {
		const char *type;
		enum rc rc;
	} types[] = {
	    {PAIRS, RC_OK},
	    {"Application/X-WWW-Form-Urlencoded; charset=UTF-8", RC_OK},
	    {PAIRS "x", RC_FORMAT},
	    {"text/plain", RC_FORMAT},
	    {"application/json", RC_FORMAT},
	    {"multipart/form-data", RC_FORMAT},
	    {"", RC_FORMAT},
	    {NULL, RC_FORMAT},
	};
	struct form *f;
	size_t i;

	(void)state;
	for (i = 0; i < nitems(types); i++) {
		assert_int_equal(parse(&f, types[i].type, "a=b", 3), types[i].rc);
		form_free(f);
	}
	assert_int_equal(form_parse(&f, PAIRS, NULL, 0), RC_FORMAT);
	form_free(NULL);
}

/* Several of one name, in their order; a password keeps its blanks. */
static void
test_several(void **state)
{
	struct form *f;

	(void)state;
	assert_int_equal(form_query(&f, "a=1&b=x&a=2&a=&p=+b%20+"), RC_OK);
	assert_string_equal(form_nth(f, "a", 0), "1");
	assert_string_equal(form_nth(f, "a", 1), "2");
	assert_string_equal(form_nth(f, "a", 2), "");
	assert_null(form_nth(f, "a", 3));
	assert_null(form_nth(f, "c", 0));
	assert_string_equal(form_get(f, "p"), "b");
	assert_string_equal(form_raw(f, "p"), " b  ");
	assert_string_equal(form_raw(f, "q"), "");
	form_free(f);
}

/* As much as may be, and one more. */
static void
test_limits(void **state)
{
	struct form *f;
	struct buf b;
	size_t i;

	(void)state;
	buf_init(&b, 4u << 20);
	for (i = 0; i < CAP_FORM_FIELDS; i++)
		buf_str(&b, "&a=1");
	assert_int_equal(parse(&f, PAIRS, buf_text(&b), b.len), RC_OK);
	assert_non_null(form_nth(f, "a", CAP_FORM_FIELDS - 1));
	form_free(f);
	buf_str(&b, "&a");
	assert_int_equal(parse(&f, PAIRS, buf_text(&b), b.len), RC_FORMAT);
	buf_clear(&b);

	buf_str(&b, "a=");
	for (i = 1; i < CAP_FORM_TEXT; i++)
		buf_str(&b, i % 2 ? "%20" : "b");
	assert_int_equal(parse(&f, PAIRS, buf_text(&b), b.len), RC_OK);
	assert_int_equal(strlen(form_raw(f, "a")), CAP_FORM_TEXT - 1);
	assert_int_equal(strlen(form_get(f, "a")), CAP_FORM_TEXT - 3);
	form_free(f);
	buf_u8(&b, 'b');
	assert_int_equal(parse(&f, PAIRS, buf_text(&b), b.len), RC_FORMAT);
	buf_clear(&b);

	/* A file may be as long as it likes. */
	buf_str(&b, "--B\r\n" CHOSEN("f", "x") "\r\n");
	for (i = 0; i < 2 * CAP_FORM_TEXT; i++)
		buf_u8(&b, 0);
	buf_str(&b, "\r\n" PART(FIELD("a"), "b") END);
	assert_int_equal(parse(&f, PARTS, buf_text(&b), b.len), RC_OK);
	assert_string_equal(form_get(f, "a"), "b");
	form_free(f);
	buf_clear(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_query),
	    cmocka_unit_test(test_parts),
	    cmocka_unit_test(test_type),
	    cmocka_unit_test(test_several),
	    cmocka_unit_test(test_limits),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
