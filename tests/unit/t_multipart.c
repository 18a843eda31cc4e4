/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Forms as browsers send them, and as nobody should. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "multipart.h"

#define nitems(a) (sizeof(a) / sizeof((a)[0]))

static const struct {
	const char *type, *boundary; /* NULL: refused */
} types[] = {
    {"multipart/form-data; boundary=abc", "abc"},
    {"Multipart/Form-Data;BOUNDARY=abc", "abc"},
    {"multipart/form-data; boundary=\"a b\"", NULL}, /* a blank is not for us */
    {"multipart/form-data; boundary=\"a:b\"", "a:b"},
    {"multipart/form-data; charset=utf-8; boundary=x-_'().,/:=?+9", "x-_'().,/:=?+9"},
    {"multipart/form-data; boundary=abc; charset=utf-8", "abc"},
    {"multipart/form-data; boundary=\"abc", "abc"},
    {"multipart/form-data; boundary=", NULL},
    {"multipart/form-data", NULL},
    {"multipart/form-data; xboundary=abc", NULL},
    {"multipart/mixed; boundary=abc", NULL},
    {"", NULL},
    {"multipart/form-data; boundary="
     "1234567890123456789012345678901234567890123456789012345678901234567890",
	"1234567890123456789012345678901234567890123456789012345678901234567890"},
    {"multipart/form-data; boundary="
     "12345678901234567890123456789012345678901234567890123456789012345678901",
	NULL},
};

static void
test_boundary(void **state)
{
	char out[MULTIPART_BOUNDARY + 1];
	size_t i;

	(void)state;
	for (i = 0; i < nitems(types); i++) {
		assert_int_equal(multipart_boundary(types[i].type, out), types[i].boundary != NULL);
		if (types[i].boundary != NULL)
			assert_string_equal(out, types[i].boundary);
	}
}

#define FILE_HEAD          "Content-Disposition: form-data; name=\"file\"; filename=\"a.pdf\"\r\n"
#define ONE(head, content) "--B\r\n" head "\r\n" content "\r\n--B--\r\n"

static const struct {
	const char *body;
	enum rc rc;
	const char *content, *name; /* NULL: no name */
} bodies[] = {
    {ONE(FILE_HEAD, "hello"), RC_OK, "hello", "a.pdf"},
    {ONE(FILE_HEAD "Content-Type: application/pdf\r\n", "hello"), RC_OK, "hello", "a.pdf"},
    {ONE("content-DISPOSITION:form-data;name=\"file\";filename=\"a\"\r\n", "x"), RC_OK, "x", "a"},
    {ONE("Content-Disposition: form-data; filename=\"a\"; name=\"file\"\r\n", "x"), RC_OK, "x",
	"a"},
    {ONE("X: y\r\n" FILE_HEAD, "x"), RC_OK, "x", "a.pdf"},
    {"preamble\r\n" ONE(FILE_HEAD, "x"), RC_OK, "x", "a.pdf"},
    {ONE(FILE_HEAD, ""), RC_OK, "", "a.pdf"},
    {ONE(FILE_HEAD, "a\r\n--b\r\n-\r\nB--C"), RC_OK, "a\r\n--b\r\n-\r\nB--C", "a.pdf"},
    {"--B\r\nContent-Disposition: form-data; name=\"lang\"\r\n\r\nid\r\n" ONE(FILE_HEAD, "x"),
	RC_OK, "x", "a.pdf"},
    {ONE("Content-Disposition: form-data; name=\"file\"\r\n", "x"), RC_OK, "x", NULL},
    {ONE("Content-Disposition: form-data; name=\"file\"; filename=\"\"\r\n", ""), RC_OK, "", NULL},
    {ONE("Content-Disposition: form-data; name=\"file\"; filename=\"/a\\\\b/c%22d.pdf\"\r\n", "x"),
	RC_OK, "x", "c\"d.pdf"},
    {ONE("Content-Disposition: form-data; name=\"files\"; filename=\"a\"\r\n", "x"), RC_ABSENT,
	NULL, NULL},
    {ONE("Content-Disposition: form-data; xname=\"file\"; filename=\"a\"\r\n", "x"), RC_ABSENT,
	NULL, NULL},
    {ONE("", "x"), RC_ABSENT, NULL, NULL},
    {"--B--\r\n", RC_ABSENT, NULL, NULL},
    {"--B\r\n" FILE_HEAD "\r\nhello", RC_FORMAT, NULL, NULL},
    {"--B\r\n" FILE_HEAD "\r\nhello\r\n--B", RC_OK, "hello", "a.pdf"},
    {"--B\r\n" FILE_HEAD, RC_FORMAT, NULL, NULL},
    {"--B", RC_FORMAT, NULL, NULL},
    {"--BX\r\n", RC_FORMAT, NULL, NULL},
    {"x--B\r\n" FILE_HEAD "\r\nhello\r\n--B--", RC_ABSENT, NULL, NULL},
    {"hello", RC_FORMAT, NULL, NULL},
    {"", RC_FORMAT, NULL, NULL},
};

static void
test_find(void **state)
{
	struct part part;
	size_t i, len;
	uint8_t *copy;

	(void)state;
	for (i = 0; i < nitems(bodies); i++) {
		/* On the heap and without its NUL, so that a sanitizer sees a step too far. */
		len = strlen(bodies[i].body);
		copy = malloc(len + (len == 0));
		assert_non_null(copy);
		memcpy(copy, bodies[i].body, len);
		assert_int_equal(multipart_find(&part, copy, len, "B", "file"), bodies[i].rc);
		if (bodies[i].rc == RC_OK) {
			assert_int_equal(part.len, strlen(bodies[i].content));
			assert_true(part.off <= len && part.len <= len - part.off);
			assert_memory_equal(copy + part.off, bodies[i].content, part.len);
			assert_int_equal(part.has_name, bodies[i].name != NULL);
			assert_string_equal(
			    part.name, bodies[i].name != NULL ? bodies[i].name : "");
		}
		free(copy);
	}
}

/* Every shorter form of a good one is refused, and none is read past its end. */
static void
test_cut_off(void **state)
{
	static const char body[] = ONE(FILE_HEAD, "hello");
	struct part part;
	size_t i, end = sizeof(body) - 1 - strlen("--\r\n");
	uint8_t *copy;

	(void)state;
	for (i = 0; i < end; i++) {
		copy = malloc(i + 1);
		assert_non_null(copy);
		memcpy(copy, body, i);
		assert_int_equal(multipart_find(&part, copy, i, "B", "file"), RC_FORMAT);
		free(copy);
	}
}

static void
test_limits(void **state)
{
	static const char head[] = "--B\r\n";
	struct part part;
	struct buf b;
	size_t i;

	(void)state;
	/* More parts than a form of ours has. */
	buf_init(&b, 8192);
	for (i = 0; i < 33; i++)
		buf_str(&b, "--B\r\nX: y\r\n\r\nz\r\n");
	buf_str(&b, ONE(FILE_HEAD, "x"));
	assert_int_equal(buf_rc(&b), RC_OK);
	assert_int_equal(multipart_find(&part, b.p, b.len, "B", "file"), RC_ABSENT);
	buf_clear(&b);
	/* Headers without an end. */
	buf_str(&b, head);
	for (i = 0; i < 5000; i++)
		buf_u8(&b, 'x');
	buf_str(&b, "\r\n\r\nz\r\n--B--");
	assert_int_equal(multipart_find(&part, b.p, b.len, "B", "file"), RC_FORMAT);
	buf_clear(&b);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_boundary),
	    cmocka_unit_test(test_find),
	    cmocka_unit_test(test_cut_off),
	    cmocka_unit_test(test_limits),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
