/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A document's bytes: copied or mapped, whole or a part, and never beyond. */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <sys/mman.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "caps.h"
#include "io.h"
#include "source.h"

static int
file(const char *text, size_t pad)
{
	int fd = memfd_create("document", MFD_CLOEXEC);

	assert_int_not_equal(fd, -1);
	assert_int_equal(io_write_full(fd, text, strlen(text)), RC_OK);
	if (pad != 0) {
		assert_int_equal(ftruncate(fd, (off_t)pad), 0);
		assert_int_equal(pwrite(fd, "END", 3, (off_t)pad - 3), 3);
	}
	return fd;
}

static void
test_snapshot(void **state)
{
	struct source s;
	char got[8] = "";
	int fd = file("%PDF-1.7", 0);

	(void)state;
	assert_int_equal(source_open(&s, fd, 0, UINT64_MAX), RC_OK);
	assert_int_equal(s.len, 8);
	assert_non_null(s.owned);
	/* nobody can change it any more */
	assert_int_equal(pwrite(fd, "XXXXXXXX", 8, 0), 8);
	assert_memory_equal(s.p, "%PDF-1.7", 8);
	assert_int_equal(source_read(&s, 5, got, 3), RC_OK);
	assert_memory_equal(got, "1.7", 3);
	assert_int_equal(source_read(&s, 6, got, 3), RC_IO);
	assert_int_equal(source_read(&s, 9, got, 0), RC_IO);
	assert_int_equal(source_read(&s, UINT64_MAX, got, 2), RC_IO);
	assert_int_equal(source_read(&s, 8, got, 0), RC_OK);
	source_close(&s);
	close(fd);
}

static void
test_ranges(void **state)
{
	struct source s;
	int fd = file("0123456789", 0), p[2];

	(void)state;
	assert_int_equal(source_open(&s, fd, 3, 4), RC_OK);
	assert_memory_equal(s.p, "3456", 4);
	assert_int_equal(s.len, 4);
	source_close(&s);
	assert_int_equal(source_open(&s, fd, 10, 0), RC_OK);
	assert_int_equal(s.len, 0);
	source_close(&s);
	assert_int_equal(source_open(&s, fd, 3, 8), RC_IO);
	assert_int_equal(source_open(&s, fd, 11, 0), RC_IO);
	assert_int_equal(source_open(&s, fd, UINT64_MAX, 2), RC_IO);
	assert_int_equal(source_open(&s, -1, 0, 1), RC_IO);
	assert_null(s.p);
	close(fd);
	assert_int_equal(pipe2(p, O_CLOEXEC), 0);
	assert_int_equal(source_open(&s, p[0], 0, UINT64_MAX), RC_IO);
	close(p[0]);
	close(p[1]);
}

static void
test_mapping(void **state)
{
	size_t len = CAP_SNAPSHOT + 5000;
	struct source s;
	char got[3];
	int fd = file("0123456789", len);

	(void)state;
	assert_int_equal(source_open(&s, fd, 0, UINT64_MAX), RC_OK);
	assert_non_null(s.map);
	assert_int_equal(s.len, len);
	assert_memory_equal(s.p + len - 3, "END", 3);
	assert_int_equal(source_read(&s, len - 3, got, 3), RC_OK);
	assert_memory_equal(got, "END", 3);
	assert_int_equal(source_read(&s, len - 2, got, 3), RC_IO);
	source_close(&s);
	/* a part that begins inside a page */
	assert_int_equal(source_open(&s, fd, 7, CAP_SNAPSHOT + 1), RC_OK);
	assert_memory_equal(s.p, "789", 3);
	assert_int_equal(source_read(&s, 1, got, 2), RC_OK);
	assert_memory_equal(got, "89", 2);
	source_close(&s);
	/* longer than any document may be; sparse, so it costs nothing */
	assert_int_equal(ftruncate(fd, (off_t)CAP_DOCUMENT + 1), 0);
	assert_int_equal(source_open(&s, fd, 0, UINT64_MAX), RC_TOOBIG);
	close(fd);
}

static void
test_memory(void **state)
{
	struct source s;
	char got[2];

	(void)state;
	source_memory(&s, "abc", 3);
	assert_int_equal(source_read(&s, 1, got, 2), RC_OK);
	assert_memory_equal(got, "bc", 2);
	assert_int_equal(source_read(&s, 2, got, 2), RC_IO);
	source_close(&s);
	assert_null(s.p);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_snapshot),
	    cmocka_unit_test(test_ranges),
	    cmocka_unit_test(test_mapping),
	    cmocka_unit_test(test_memory),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("source", tests, NULL, NULL);
}
