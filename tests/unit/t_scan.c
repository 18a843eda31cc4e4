/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Words in a document's bytes, in memory and in a mapped file that is read in pieces. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "caps.h"
#include "io.h"
#include "scan.h"

#define nitems(a) (sizeof(a) / sizeof((a)[0]))

#define WORD  "/ByteRange"
#define LEN   (CAP_SNAPSHOT + CAP_HASH_CHUNK / 2 + 17) /* so large that it is mapped */
#define EDGE  ((size_t)CAP_HASH_CHUNK)                 /* between two pieces */
#define WORDS 6

/* At both ends, across an edge, just before and behind one. */
static const uint64_t places[WORDS] = {
    0, EDGE - 3, 2 * EDGE - sizeof(WORD) + 1, 3 * EDGE, 5 * EDGE + 9, LEN - sizeof(WORD) + 1};

static struct {
	uint8_t *p;
	const uint8_t *sieve;
	struct arena *arena;
	int fd;
	struct source memory, mapped;
} file = {.fd = -1};

struct hits {
	uint64_t v[16];
	size_t n, stop;
};

static bool
hit(void *ctx, uint64_t off)
{
	struct hits *h = ctx;

	assert_true(h->n < nitems(h->v));
	h->v[h->n++] = off;
	return h->n != h->stop;
}

/* All words in [from, to). */
static void
finds(const struct source *src, const uint8_t *sieve, uint64_t from, uint64_t to)
{
	struct hits h = {.n = 0};
	size_t i, n = 0;

	assert_int_equal(scan_all(src, sieve, from, to, SCAN_BYTE_RANGE, hit, &h), RC_OK);
	for (i = 0; i < WORDS; i++)
		if (places[i] >= from && places[i] + sizeof(WORD) - 1 <= to) {
			assert_true(n < h.n);
			assert_int_equal(h.v[n++], places[i]);
		}
	assert_int_equal(h.n, n);
}

static void
test_word(void **state)
{
	const struct source *srcs[] = {&file.memory, &file.mapped, &file.memory};
	const uint8_t *sieve;
	size_t i, k;

	(void)state;
	for (i = 0; i < 3; i++) {
		sieve = i == 2 ? file.sieve : NULL;
		finds(srcs[i], sieve, 0, LEN);
		finds(srcs[i], sieve, 1, LEN - 1);
		for (k = 0; k < WORDS; k++) {
			finds(srcs[i], sieve, places[k], LEN);
			finds(srcs[i], sieve, places[k] + 1, LEN);
			finds(srcs[i], sieve, 0, places[k] + sizeof(WORD) - 1);
			finds(srcs[i], sieve, 0, places[k] + sizeof(WORD) - 2);
		}
		finds(srcs[i], sieve, 7, 7);
		finds(srcs[i], sieve, LEN, LEN);
	}
}

/* Octet by octet. */
static uint64_t
slowly(const uint8_t *p, uint64_t from, uint64_t to, const char *text)
{
	size_t len = strlen(text);

	for (; from < to && to - from >= len; from++)
		if (memcmp(p + from, text, len) == 0)
			return from;
	return UINT64_MAX;
}

/* Each word at each place of a short document, in all of it and in parts of it. */
static void
test_sieve(void **state)
{
	static const char *const texts[SCAN__MAX] = {"/ByteRange", "/SubFilter", "obj", "trailer"};
	uint8_t p[600];
	const uint8_t *sieve;
	enum scan_word w;
	uint64_t from, to, want;
	size_t at;

	(void)state;
	for (w = 0; w < SCAN__MAX; w++) {
		assert_int_equal(scan_len(w), strlen(texts[w]));
		for (at = 0; at + strlen(texts[w]) <= sizeof(p); at++) {
			memset(p, texts[w][0], sizeof(p));
			memcpy(p + at, texts[w], strlen(texts[w]));
			assert_non_null(sieve = scan_sieve(file.arena, p, sizeof(p)));
			for (from = 0; from < sizeof(p); from += 37)
				for (to = sizeof(p); to > from; to -= to - from > 23 ? 23 : 1) {
					want = slowly(p, from, to, texts[w]);
					assert_int_equal(scan_next(p, sieve, from, to, w), want);
					assert_int_equal(scan_next(p, NULL, from, to, w), want);
				}
		}
	}
}

/* Word behind word, and other ones between them. */
static void
test_crowd(void **state)
{
	static const char crowd[] =
	    "obobjobj trailtrailertrailer/Byte/ByteRange/SubFilter/SubFilteobj";
	static const char *const texts[SCAN__MAX] = {"/ByteRange", "/SubFilter", "obj", "trailer"};
	uint8_t p[3 * 256 + 7];
	const uint8_t *sieve;
	enum scan_word w;
	uint64_t at, want;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(p); i++)
		p[i] = (uint8_t)crowd[i % (sizeof(crowd) - 1)];
	assert_non_null(sieve = scan_sieve(file.arena, p, sizeof(p)));
	for (w = 0; w < SCAN__MAX; w++)
		for (at = 0, want = 0; want != UINT64_MAX; at = want + scan_len(w)) {
			want = slowly(p, at, sizeof(p), texts[w]);
			assert_int_equal(scan_next(p, sieve, at, sizeof(p), w), want);
		}
}

/* The end may be said to be anywhere behind the end. */
static void
test_past_end(void **state)
{
	struct hits h = {.n = 0};

	(void)state;
	assert_int_equal(
	    scan_all(&file.mapped, NULL, 0, UINT64_MAX, SCAN_BYTE_RANGE, hit, &h), RC_OK);
	assert_int_equal(h.n, WORDS);
	h.n = 0;
	assert_int_equal(
	    scan_all(&file.memory, NULL, 0, UINT64_MAX, SCAN_BYTE_RANGE, hit, &h), RC_OK);
	assert_int_equal(h.n, WORDS);
}

static void
test_stop(void **state)
{
	struct hits h = {.n = 0, .stop = 2};

	(void)state;
	assert_int_equal(scan_all(&file.mapped, NULL, 0, LEN, SCAN_BYTE_RANGE, hit, &h), RC_OK);
	assert_int_equal(h.n, 2);
	h.n = 0;
	assert_int_equal(scan_all(&file.memory, NULL, 0, LEN, SCAN_BYTE_RANGE, hit, &h), RC_OK);
	assert_int_equal(h.n, 2);
}

static void
test_last(void **state)
{
	const struct source *srcs[] = {&file.memory, &file.mapped};
	struct source part;
	uint64_t off;
	size_t i, k;

	(void)state;
	for (i = 0; i < 2; i++)
		for (k = 0; k < WORDS; k++) {
			part = *srcs[i];
			part.len = (size_t)places[k] + sizeof(WORD) - 1;
			assert_int_equal(scan_last(&part, WORD, &off), RC_OK);
			assert_int_equal(off, places[k]);
			part.len--;
			if (k == 0) {
				assert_int_equal(scan_last(&part, WORD, &off), RC_ABSENT);
				continue;
			}
			assert_int_equal(scan_last(&part, WORD, &off), RC_OK);
			assert_int_equal(off, places[k - 1]);
		}
}

/* A file that became shorter can't be read. */
static void
test_shorter(void **state)
{
	struct source gone;
	uint64_t off;
	struct hits h = {.n = 0};

	(void)state;
	assert_int_equal(source_open(&gone, file.fd, 0, UINT64_MAX), RC_OK);
	assert_non_null(gone.map);
	assert_int_equal(ftruncate(file.fd, 100), 0);
	assert_int_equal(scan_last(&gone, WORD, &off), RC_IO);
	assert_int_equal(scan_all(&gone, NULL, 0, LEN, SCAN_BYTE_RANGE, hit, &h), RC_IO);
	source_close(&gone);
}

static int
setup(void **state)
{
	size_t i;

	(void)state;
	if ((file.p = malloc(LEN)) == NULL)
		return -1;
	memset(file.p, '/', LEN);
	for (i = 0; i < WORDS; i++)
		memcpy(file.p + places[i], WORD, sizeof(WORD) - 1);
	source_memory(&file.memory, file.p, LEN);
	if ((file.arena = arena_new(1 << 20)) == NULL ||
	    (file.sieve = scan_sieve(file.arena, file.p, LEN)) == NULL)
		return -1;
	file.fd = memfd_create("document", MFD_CLOEXEC);
	if (file.fd < 0 || io_write_full(file.fd, file.p, LEN) != RC_OK ||
	    source_open(&file.mapped, file.fd, 0, UINT64_MAX) != RC_OK)
		return -1;
	return file.mapped.map != NULL ? 0 : -1;
}

static int
teardown(void **state)
{
	(void)state;
	source_close(&file.mapped);
	io_close(&file.fd);
	arena_free(file.arena);
	free(file.p);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_word),
	    cmocka_unit_test(test_sieve),
	    cmocka_unit_test(test_crowd),
	    cmocka_unit_test(test_past_end),
	    cmocka_unit_test(test_stop),
	    cmocka_unit_test(test_last),
	    cmocka_unit_test(test_shorter),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, setup, teardown);
}
