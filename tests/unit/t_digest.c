/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Digests with gaps, against the same digests computed one by one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "caps.h"
#include "digest.h"

#define nitems(a) (sizeof(a) / sizeof((a)[0]))
#define LEN       (3 * CAP_HASH_CHUNK + 1000)

static uint8_t *content;

static int
setup(void **state)
{
	uint32_t x = 1;
	size_t i;

	(void)state;
	if ((content = malloc(CAP_SNAPSHOT + 100)) == NULL)
		return -1;
	for (i = 0; i < CAP_SNAPSHOT + 100; i++) {
		x = x * 1664525 + 1013904223;
		content[i] = (uint8_t)(x >> 24);
	}
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	free(content);
	return 0;
}

/* The plain way. */
static size_t
digest_alone(enum hash h, size_t a, size_t c, size_t end, uint8_t out[HASH_SIZE_MAX])
{
	uint8_t *p = malloc(a + (end - c) + 1);
	struct der d;
	size_t n;

	assert_non_null(p);
	memcpy(p, content, a);
	memcpy(p + a, content + c, end - c);
	d.p = p;
	d.len = a + (end - c);
	n = hash_span(h, d, out);
	free(p);
	return n;
}

#define CHUNK CAP_HASH_CHUNK

static const struct digest_job table[] = {
    {0, 0, LEN, HASH_SHA256, {0}, 0},
    {0, 0, 0, HASH_SHA256, {0}, 0},
    {LEN, LEN, LEN, HASH_SHA256, {0}, 0},
    {0, LEN, LEN, HASH_SHA512, {0}, 0},
    {10, 20, 30, HASH_SHA256, {0}, 0},
    {10, 20, 30, HASH_SHA1, {0}, 0},
    {10, 20, LEN, HASH_SHA3_256, {0}, 0},
    {CHUNK, CHUNK + 1, LEN, HASH_SHA256, {0}, 0},
    {CHUNK - 1, CHUNK, CHUNK, HASH_SHA256, {0}, 0},
    {CHUNK - 1, CHUNK + 1, 2 * CHUNK, HASH_SHA384, {0}, 0},
    {CHUNK, 2 * CHUNK, 3 * CHUNK, HASH_SHA384, {0}, 0},
    {5, 3 * CHUNK + 5, LEN, HASH_SHAKE256_512, {0}, 0},
    {LEN - 5, LEN - 3, LEN, HASH_SHA256, {0}, 0},
    {700, 900, 1000, HASH_SHA512, {0}, 0},
    {1000, 1000, 1000, HASH_SHA512, {0}, 0},
    {LEN - 5, LEN - 3, LEN - 2, HASH_MD5, {0}, 0},
    {2 * CHUNK + 3, 2 * CHUNK + 3, LEN - 2, HASH_RIPEMD160, {0}, 0},
};

static void
check(const struct source *src, struct digest_job *jobs, size_t n)
{
	uint8_t sha256[32], want[HASH_SIZE_MAX];
	size_t i;

	assert_int_equal(digest_run(src, jobs, n, sha256), RC_OK);
	(void)digest_alone(HASH_SHA256, src->len, src->len, src->len, want);
	assert_memory_equal(sha256, want, 32);
	for (i = 0; i < n; i++) {
		assert_int_equal(jobs[i].len, hash_size(jobs[i].hash));
		(void)digest_alone(jobs[i].hash, jobs[i].a, jobs[i].c, jobs[i].end, want);
		if (memcmp(jobs[i].out, want, jobs[i].len) != 0)
			fail_msg("job %zu of %zu", i, n);
	}
}

static void
test_memory(void **state)
{
	struct digest_job jobs[nitems(table)];
	struct source src;
	size_t i;

	(void)state;
	source_memory(&src, content, LEN);
	memcpy(jobs, table, sizeof(table));
	check(&src, jobs, nitems(jobs));
	for (i = 0; i < nitems(table); i++) {
		memcpy(jobs, table, sizeof(table));
		check(&src, jobs + i, 1);
	}
	check(&src, NULL, 0);
	source_memory(&src, NULL, 0);
	check(&src, NULL, 0);
	memset(&jobs[0], 0, sizeof(jobs[0]));
	jobs[0].hash = HASH_SHA256;
	check(&src, jobs, 1);
}

/* Every place of a gap around the border of two chunks. */
static void
test_borders(void **state)
{
	struct digest_job jobs[2];
	struct source src;
	uint64_t a, c;

	(void)state;
	source_memory(&src, content, CHUNK + 8);
	for (a = CHUNK - 3; a <= CHUNK + 3; a++) {
		for (c = a; c <= CHUNK + 5; c++) {
			memset(jobs, 0, sizeof(jobs));
			jobs[0].a = jobs[1].a = a;
			jobs[0].c = jobs[1].c = c;
			jobs[0].end = c;
			jobs[1].end = CHUNK + 7;
			jobs[0].hash = HASH_SHA256;
			jobs[1].hash = HASH_SHA512;
			check(&src, jobs, 2);
		}
	}
}

/* A document that is mapped instead of copied, somewhere inside a file. */
static void
test_mapped(void **state)
{
	struct digest_job jobs[nitems(table)];
	char path[] = "/tmp/t_digest.XXXXXX";
	struct source src;
	size_t left = CAP_SNAPSHOT + 100, done = 0;
	ssize_t n;
	int fd;

	(void)state;
	assert_true((fd = mkstemp(path)) >= 0);
	(void)unlink(path);
	assert_int_equal(write(fd, "lead", 4), 4);
	while (left > 0) {
		assert_true((n = write(fd, content + done, left)) > 0);
		done += (size_t)n;
		left -= (size_t)n;
	}
	assert_int_equal(source_open(&src, fd, 4, UINT64_MAX), RC_OK);
	assert_non_null(src.map);
	memcpy(jobs, table, sizeof(table));
	check(&src, jobs, nitems(jobs));

	/* Cut behind our back: no digest of what is left. */
	assert_int_equal(ftruncate(fd, CAP_SNAPSHOT / 2), 0);
	memcpy(jobs, table, sizeof(table));
	assert_int_equal(digest_run(&src, jobs, nitems(jobs), jobs[0].out), RC_IO);
	for (left = 0; left < nitems(jobs); left++)
		assert_int_equal(jobs[left].len, 0);
	source_close(&src);
	(void)close(fd);
}

/* What can't be computed says so and leaves the rest alone. */
static void
test_refused(void **state)
{
	struct digest_job jobs[] = {
	    {10, 20, 30, HASH_NONE, {0}, 7},
	    {20, 10, 30, HASH_SHA256, {0}, 7},
	    {10, 30, 20, HASH_SHA256, {0}, 7},
	    {10, 20, 1001, HASH_SHA256, {0}, 7},
	    {10, 20, 1000, HASH_SHA256, {0}, 7},
	};
	uint8_t sha256[32], want[HASH_SIZE_MAX];
	struct source src;
	size_t i;

	(void)state;
	source_memory(&src, content, 1000);
	assert_int_equal(digest_run(&src, jobs, nitems(jobs), sha256), RC_OK);
	for (i = 0; i < 4; i++)
		assert_int_equal(jobs[i].len, 0);
	assert_int_equal(jobs[4].len, 32);
	(void)digest_alone(HASH_SHA256, 10, 20, 1000, want);
	assert_memory_equal(jobs[4].out, want, 32);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_memory),
	    cmocka_unit_test(test_borders),
	    cmocka_unit_test(test_mapped),
	    cmocka_unit_test(test_refused),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, setup, teardown);
}
