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
finds(const struct source *src, uint64_t from, uint64_t to)
{
	struct hits h = {.n = 0};
	size_t i, n = 0;

	assert_int_equal(scan_word(src, from, to, WORD, hit, &h), RC_OK);
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
	const struct source *srcs[] = {&file.memory, &file.mapped};
	size_t i, k;

	(void)state;
	for (i = 0; i < 2; i++) {
		finds(srcs[i], 0, LEN);
		finds(srcs[i], 1, LEN - 1);
		for (k = 0; k < WORDS; k++) {
			finds(srcs[i], places[k], LEN);
			finds(srcs[i], places[k] + 1, LEN);
			finds(srcs[i], 0, places[k] + sizeof(WORD) - 1);
			finds(srcs[i], 0, places[k] + sizeof(WORD) - 2);
		}
		finds(srcs[i], 7, 7);
		finds(srcs[i], LEN, LEN);
	}
}

/* The end may be said to be anywhere behind the end. */
static void
test_past_end(void **state)
{
	struct hits h = {.n = 0};

	(void)state;
	assert_int_equal(scan_word(&file.mapped, 0, UINT64_MAX, WORD, hit, &h), RC_OK);
	assert_int_equal(h.n, WORDS);
	h.n = 0;
	assert_int_equal(scan_word(&file.memory, 0, UINT64_MAX, WORD, hit, &h), RC_OK);
	assert_int_equal(h.n, WORDS);
}

static void
test_stop(void **state)
{
	struct hits h = {.n = 0, .stop = 2};

	(void)state;
	assert_int_equal(scan_word(&file.mapped, 0, LEN, WORD, hit, &h), RC_OK);
	assert_int_equal(h.n, 2);
	h.n = 0;
	assert_int_equal(scan_word(&file.memory, 0, LEN, WORD, hit, &h), RC_OK);
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
	assert_int_equal(scan_word(&gone, 0, LEN, WORD, hit, &h), RC_IO);
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
	free(file.p);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_word),
	    cmocka_unit_test(test_past_end),
	    cmocka_unit_test(test_stop),
	    cmocka_unit_test(test_last),
	    cmocka_unit_test(test_shorter),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, setup, teardown);
}
