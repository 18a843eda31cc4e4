/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where a text leads: to a letter of ours only if nothing in it leads anywhere else. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "addresses.h"

#define OURS "https://periksa.contoh.example"

static char id[CROCKFORD_ID_LEN + 1]; /* of a letter */

static const struct {
	const char *text; /* %s: the id */
	enum address kind;
	bool has_id;
} rows[] = {
    {OURS "/d/%s", ADDRESS_OWN, true},
    {"HTTPS://PERIKSA.CONTOH.EXAMPLE/d/%s", ADDRESS_OWN, true},
    {"http://periksa.contoh.example/d/%s", ADDRESS_OWN, true},
    {"https://periksa.contoh.example:8443/d/%s", ADDRESS_OWN, true},
    {"%s", ADDRESS_ID, true},
    {" %s\n", ADDRESS_ID, true},
    {"https://arsip.provcontoh.go.id/d/%s", ADDRESS_KNOWN, true},
    {"https://arsip.provcontoh.go.id/d/%s/x", ADDRESS_KNOWN, false},
    {"https://provcontoh.go.id/", ADDRESS_KNOWN, false},
    {OURS "/d/%s/compare", ADDRESS_FOREIGN, false},
    {OURS "/d/%s?x", ADDRESS_FOREIGN, false},
    {OURS "/x/%s", ADDRESS_FOREIGN, false},
    {OURS ".evil.example/d/%s", ADDRESS_FOREIGN, false},
    {OURS "@evil.example/d/%s", ADDRESS_FOREIGN, false},
    {"https://x@periksa.contoh.example/d/%s", ADDRESS_FOREIGN, false},
    {OURS "\\@evil.example/d/%s", ADDRESS_FOREIGN, false},
    {"https://evil.example/?" OURS "/d/%s", ADDRESS_FOREIGN, false},
    {"https://evil.example/d/%s", ADDRESS_FOREIGN, false},
    {"periksa.contoh.example/d/%s", ADDRESS_FOREIGN, false},
    {"javascript:alert(1)//" OURS "/d/%s", ADDRESS_STRANGE, false},
    {"tel:+62", ADDRESS_STRANGE, false},
    {"Ditandatangani secara elektronik", ADDRESS_TEXT, false},
    {"", ADDRESS_TEXT, false},
};

static void
reads_them(void **state)
{
	char text[256], found[CROCKFORD_ID_LEN + 1];
	struct weblink w;
	enum address kind;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *mark = strstr(rows[i].text, "%s");
		int before = mark != NULL ? (int)(mark - rows[i].text) : (int)strlen(rows[i].text);

		snprintf(text, sizeof(text), "%.*s%s%s", before, rows[i].text,
		    mark != NULL ? id : "", mark != NULL ? mark + 2 : "");
		kind = addresses_look((const uint8_t *)text, strlen(text), OURS, &w, found);
		if (kind != rows[i].kind || (found[0] != '\0') != rows[i].has_id ||
		    (rows[i].has_id && strcmp(found, id) != 0))
			fail_msg("%s: %d, %s", text, (int)kind, found);
	}
}

static void
without_our_own(void **state)
{
	char text[128], found[CROCKFORD_ID_LEN + 1];
	struct weblink w;

	(void)state;
	snprintf(text, sizeof(text), OURS "/d/%s", id);
	assert_int_equal(
	    addresses_look((const uint8_t *)text, strlen(text), NULL, &w, found), ADDRESS_FOREIGN);
	assert_string_equal(found, "");
}

static void
wrong_check_character(void **state)
{
	char text[128], found[CROCKFORD_ID_LEN + 1], wrong[CROCKFORD_ID_LEN + 1];
	struct weblink w;

	(void)state;
	memcpy(wrong, id, sizeof(wrong));
	wrong[4] = wrong[4] == '0' ? '2' : '0';
	assert_int_equal(addresses_look((const uint8_t *)wrong, CROCKFORD_ID_LEN, OURS, &w, found),
	    ADDRESS_TEXT);
	snprintf(text, sizeof(text), OURS "/d/%s", wrong);
	assert_int_equal(
	    addresses_look((const uint8_t *)text, strlen(text), OURS, &w, found), ADDRESS_FOREIGN);
	assert_string_equal(found, "");
}

static void
no_such_file(void **state)
{
	(void)state;
	assert_false(addresses_load("/nonexistent/addresses.conf"));
}

static int
load(void **state)
{
	static const char conf[] =
	    "# names\n[known]\nhosts = provcontoh.go.id\n[shorteners]\nhosts = bit.ly\n";
	static const uint8_t octets[16] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};
	char path[] = "/tmp/t_addresses.XXXXXX";
	int fd = mkstemp(path);
	bool good;

	(void)state;
	if (fd == -1)
		return -1;
	good =
	    write(fd, conf, sizeof(conf) - 1) == (ssize_t)sizeof(conf) - 1 && addresses_load(path);
	close(fd);
	unlink(path);
	crockford_id(octets, id);
	return good ? 0 : -1;
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(no_such_file),
	    cmocka_unit_test_setup(reads_them, load),
	    cmocka_unit_test(without_our_own),
	    cmocka_unit_test(wrong_check_character),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
