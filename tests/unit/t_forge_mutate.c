/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Good letters with a few random changes: octets flipped, moved, overwritten
 * with PDF's own words, the file cut.  Whatever is still VALID has every octet
 * of its first signature's ranges as they were signed.  The same changes each time.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "forge.h"

#define ROUNDS 150 /* for each letter */

static struct forge forge;
static uint64_t seed = 88172645463325252u;

static int
setup(void **state)
{
	(void)state;
	return forge_open(&forge) ? 0 : -1;
}

static int
teardown(void **state)
{
	(void)state;
	forge_close(&forge);
	return 0;
}

static size_t
below(size_t n)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (size_t)(seed % n);
}

/* One change; the length that is left. */
static size_t
change(uint8_t *p, size_t len)
{
	static const char *const words[] = {"0", "-1", "99999999999", "4294967296", "<<", ">>", "[",
	    "]", " 0 R", "obj", "endobj", "stream", "xref", "trailer", "startxref", "%%EOF", "null",
	    "/Prev", "/ByteRange", "/Contents", "/V ", "/Length 9", "<", ">", "(", ")", "%", "\n"};
	size_t at = below(len), from, k;
	const char *word;

	switch (below(5)) {
	case 0:
		p[at] ^= (uint8_t)(1u << below(8));
		break;
	case 1:
		word = words[below(sizeof(words) / sizeof(words[0]))];
		k = strlen(word);
		if (k <= len - at)
			memcpy(p + at, word, k);
		break;
	case 2:
		from = below(len);
		k = below(200);
		if (k <= len - at && k <= len - from)
			memmove(p + at, p + from, k);
		break;
	case 3:
		while (at + 1 < len && (p[at] < '0' || p[at] > '9'))
			at++;
		p[at] = (uint8_t)('0' + below(10));
		break;
	default:
		return below(8) == 0 ? at + 1 : len;
	}
	return len;
}

/* The ranges of the first signature as the maker wrote them. */
static void
ranges(const struct letter *l, size_t r[4])
{
	const char *at = memmem(l->out.p, l->out.len, "/ByteRange [", 12);
	char *end;
	size_t i;

	assert_non_null(at);
	at += 12;
	for (i = 0; i < 4; i++) {
		r[i] = strtoul(at, &end, 10);
		at = end;
	}
	assert_true(r[0] == 0 && r[1] < r[2] && r[2] + r[3] <= l->out.len);
}

static bool
covered_is_same(const struct letter *l, const size_t r[4], const uint8_t *p, size_t len)
{
	return len >= r[2] + r[3] && memcmp(p, l->out.p, r[1]) == 0 &&
	       memcmp(p + r[2], l->out.p + r[2], r[3]) == 0;
}

static void
mutate(const struct forge_case *c)
{
	struct report *report;
	struct letter l;
	size_t r[4], len, i, k;
	uint8_t *p;

	memset(&l, 0, sizeof(l));
	c->make(&forge, &l, c->arg);
	assert_int_equal(letter_rc(&l), RC_OK);
	ranges(&l, r);
	p = test_malloc(l.out.len);
	assert_non_null(p);
	for (i = 0; i < ROUNDS; i++) {
		memcpy(p, l.out.p, l.out.len);
		len = l.out.len;
		for (k = 1 + below(4); k > 0; k--)
			len = change(p, len);
		report = forge_verify(forge.trust, p, len, "nasional", FORGE_AT);
		assert_non_null(report);
		if (report->conclusion == CONCLUSION_VALID && !covered_is_same(&l, r, p, len)) {
			forge_show(c->name, report);
			fail_msg("%s: VALID although round %zu changed what is signed", c->name, i);
		}
		report_free(report);
	}
	test_free(p);
	letter_clear(&l);
}

static void
test_good(void **state)
{
	const struct forge_case *c;

	(void)state;
	for (c = forge_good; c->name != NULL; c++)
		mutate(c);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_good),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, setup, teardown);
}
