/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is kept: until when, how much, over a restart; and files that are not believed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cache.h"
#include "caps.h"

#define NOW 1793491200LL

static char dir[32];

static int
folder(void)
{
	int fd;

	snprintf(dir, sizeof(dir), "/tmp/t_cache.XXXXXX");
	assert_non_null(mkdtemp(dir));
	assert_true((fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC)) >= 0);
	return fd;
}

/* The number of files; with remove, none is left, nor the folder. */
static unsigned
files(bool remove)
{
	char path[400];
	struct dirent *d;
	unsigned n = 0;
	DIR *f;

	assert_non_null(f = opendir(dir));
	while ((d = readdir(f)) != NULL) {
		if (d->d_name[0] == '.')
			continue;
		n++;
		snprintf(path, sizeof(path), "%s/%s", dir, d->d_name);
		if (remove)
			assert_int_equal(unlink(path), 0);
	}
	closedir(f);
	if (remove)
		assert_int_equal(rmdir(dir), 0);
	return n;
}

static struct cache_entry
entry(uint8_t key, size_t len)
{
	static char url[] = "http://va.uji.example/ocsp";
	static uint8_t body[2 << 20];
	struct cache_entry e = {.kind = LOOKUP_CRL,
	    .asked = NOW,
	    .until = NOW + 100,
	    .url = url,
	    .body = body,
	    .len = len};

	memset(body, key, len);
	memset(e.key, key, sizeof(e.key));
	return e;
}

static void
put(struct cache *c, uint8_t key, size_t len)
{
	struct cache_entry e = entry(key, len), *kept;

	assert_non_null(kept = cache_put(c, &e));
	cache_release(kept);
}

/* It is kept, as it was put. */
static bool
has(struct cache *c, uint8_t key, int64_t now)
{
	struct cache_entry want = entry(key, 10), *e = cache_find(c, want.key, now);

	if (e == NULL)
		return false;
	assert_int_equal(e->kind, LOOKUP_CRL);
	assert_true(e->asked == NOW && e->until == NOW + 100);
	assert_string_equal(e->url, want.url);
	assert_int_equal(e->body[0], key);
	assert_int_equal(e->body[e->len - 1], key);
	cache_release(e);
	return true;
}

static void
test_time(void **state)
{
	struct cache_entry e, *kept;
	struct cache *c;

	(void)state;
	assert_int_equal(cache_open(&c, -1, 1 << 20, 4 << 20), RC_OK);
	assert_false(has(c, 1, NOW));
	put(c, 1, 10);
	assert_true(has(c, 1, NOW + 99));
	assert_false(has(c, 2, NOW));
	assert_false(has(c, 1, NOW + 100));
	assert_false(has(c, 1, NOW)); /* it is gone */
	/* the new takes the place of the old */
	put(c, 1, 10);
	e = entry(1, 20);
	cache_release(cache_put(c, &e));
	assert_non_null(kept = cache_find(c, e.key, NOW));
	assert_int_equal(kept->len, 20);
	cache_release(kept);
	cache_free(c);
}

/*
 * What came in the future, or is to be kept for years, was kept by a clock that was wrong: it
 * would keep out what is true for as long.
 */
static void
test_wrong_clock(void **state)
{
	struct cache_entry e = entry(1, 10), out;
	struct cache *c;
	struct buf b;

	(void)state;
	assert_int_equal(cache_open(&c, -1, 1 << 20, 4 << 20), RC_OK);
	put(c, 1, 10);
	assert_true(has(c, 1, NOW - CAP_CLOCK_SKEW));
	assert_false(has(c, 1, NOW - CAP_CLOCK_SKEW - 1));
	assert_false(has(c, 1, NOW)); /* it is gone */
	cache_free(c);
	buf_init(&b, 1u << 20);
	e.until = NOW + CAP_KEEP_DAYS * 86400LL;
	assert_int_equal(cache_encode(&b, &e), RC_OK);
	assert_int_equal(cache_decode(&out, b.p, b.len), RC_OK);
	free(out.url);
	free(out.body);
	buf_clear(&b);
	e.until++;
	assert_int_equal(cache_encode(&b, &e), RC_OK);
	assert_int_equal(cache_decode(&out, b.p, b.len), RC_FORMAT);
	buf_clear(&b);
}

static void
test_room(void **state)
{
	struct cache_entry e, *held, *large;
	struct cache *c;
	uint8_t i;

	(void)state;
	assert_int_equal(cache_open(&c, -1, 1 << 20, 4 << 20), RC_OK);
	for (i = 1; i <= 3; i++)
		put(c, i, 300 << 10);
	assert_true(has(c, 1, NOW)); /* now 2 is the one not asked for longest */
	e = entry(3, 10);
	assert_non_null(held = cache_find(c, e.key, NOW));
	put(c, 4, 300 << 10);
	assert_true(has(c, 1, NOW));
	assert_false(has(c, 2, NOW));
	assert_true(has(c, 4, NOW));
	put(c, 5, 1000 << 10);
	assert_true(has(c, 5, NOW));
	assert_false(has(c, 1, NOW));
	assert_false(has(c, 3, NOW));
	/* who holds it has it still */
	assert_int_equal(held->body[(300 << 10) - 1], 3);
	cache_release(held);
	/* larger than everything: it is only held */
	e = entry(6, (1 << 20) + 1);
	assert_non_null(large = cache_put(c, &e));
	assert_int_equal(large->body[1 << 20], 6);
	cache_release(large);
	assert_false(has(c, 6, NOW));
	assert_true(has(c, 5, NOW));
	cache_free(c);
}

static void
test_restart(void **state)
{
	int fd = folder();
	struct cache *c;
	uint8_t i;

	(void)state;
	assert_int_equal(cache_open(&c, fd, 1 << 20, 4 << 20), RC_OK);
	for (i = 1; i <= 3; i++)
		put(c, i, 300 << 10);
	assert_int_equal(files(false), 3);
	cache_free(c);
	assert_int_equal(cache_open(&c, fd, 1 << 20, 4 << 20), RC_OK);
	assert_true(has(c, 1, NOW) && has(c, 2, NOW) && has(c, 3, NOW));
	put(c, 4, 300 << 10);
	assert_false(has(c, 1, NOW));
	assert_int_equal(files(false), 3);
	assert_false(has(c, 2, NOW + 100));
	assert_int_equal(files(false), 2);
	cache_free(c);
	/* with less room, what is too much goes at once */
	assert_int_equal(cache_open(&c, fd, 400 << 10, 4 << 20), RC_OK);
	assert_int_equal(files(false), 1);
	cache_free(c);
	close(fd);
	files(true);
}

/* Less memory than there is to keep: the rest is read again when it is asked for. */
static void
test_memory(void **state)
{
	struct cache_entry e, *held;
	int fd = folder();
	struct cache *c;
	uint8_t i;

	(void)state;
	assert_int_equal(cache_open(&c, fd, 8 << 20, 1 << 20), RC_OK);
	e = entry(1, 300 << 10);
	assert_non_null(held = cache_put(c, &e));
	for (i = 2; i <= 9; i++)
		put(c, i, 300 << 10);
	for (i = 1; i <= 9; i++)
		assert_true(has(c, i, NOW));
	assert_int_equal(held->body[1000], 1);
	cache_release(held);
	for (i = 9; i > 0; i--)
		assert_true(has(c, i, NOW));
	files(true);
	/* what is in memory is still known, and nothing else */
	assert_true(has(c, 1, NOW));
	assert_false(has(c, 9, NOW));
	cache_free(c);
	close(fd);
	/* without a folder, memory is all there is */
	assert_int_equal(cache_open(&c, -1, 8 << 20, 1 << 20), RC_OK);
	for (i = 1; i <= 9; i++)
		put(c, i, 300 << 10);
	assert_true(has(c, 9, NOW));
	assert_false(has(c, 1, NOW));
	cache_free(c);
}

static void
damage(const char *how)
{
	char path[400] = "";
	struct dirent *d;
	struct stat st;
	uint8_t octet;
	DIR *f;
	int fd;

	assert_non_null(f = opendir(dir));
	while ((d = readdir(f)) != NULL)
		if (d->d_name[0] != '.')
			snprintf(path, sizeof(path), "%s/%s", dir, d->d_name);
	closedir(f);
	assert_true((fd = open(path, O_RDWR | O_CLOEXEC)) >= 0);
	assert_int_equal(fstat(fd, &st), 0);
	if (strcmp(how, "cut") == 0)
		assert_int_equal(ftruncate(fd, st.st_size - 1), 0);
	else if (strcmp(how, "empty") == 0)
		assert_int_equal(ftruncate(fd, 0), 0);
	else {
		assert_int_equal(pread(fd, &octet, 1, st.st_size / 2), 1);
		octet ^= 1;
		assert_int_equal(pwrite(fd, &octet, 1, st.st_size / 2), 1);
	}
	close(fd);
}

static void
test_damaged(void **state)
{
	static const char *const ways[] = {"cut", "empty", "flipped"};
	char from[200], to[200];
	struct cache *c;
	int fd = folder();
	size_t i;

	(void)state;
	for (i = 0; i < 3; i++) {
		assert_int_equal(cache_open(&c, fd, 1 << 20, 4 << 20), RC_OK);
		put(c, 1, 1000);
		cache_free(c);
		damage(ways[i]);
		assert_int_equal(cache_open(&c, fd, 1 << 20, 4 << 20), RC_OK);
		if (has(c, 1, NOW))
			fail_msg("%s: it was believed", ways[i]);
		assert_int_equal(files(false), 0);
		cache_free(c);
	}
	/* a good file under another's name */
	assert_int_equal(cache_open(&c, fd, 1 << 20, 4 << 20), RC_OK);
	put(c, 0x11, 1000);
	cache_free(c);
	memset(from, '1', 64);
	memset(to, '2', 64);
	from[64] = to[64] = '\0';
	assert_int_equal(renameat(fd, from, fd, to), 0);
	assert_int_equal(cache_open(&c, fd, 1 << 20, 4 << 20), RC_OK);
	assert_false(has(c, 0x11, NOW));
	assert_false(has(c, 0x22, NOW));
	assert_int_equal(files(false), 0);
	cache_free(c);
	/* one that was never finished, and one that is not ours */
	memcpy(from + 64, ".new", 5);
	close(openat(fd, from, O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
	close(openat(fd, "notes", O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
	assert_int_equal(cache_open(&c, fd, 1 << 20, 4 << 20), RC_OK);
	assert_int_equal(files(false), 1);
	cache_free(c);
	close(fd);
	files(true);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_time),
	    cmocka_unit_test(test_wrong_clock), cmocka_unit_test(test_room),
	    cmocka_unit_test(test_restart), cmocka_unit_test(test_memory),
	    cmocka_unit_test(test_damaged)};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
