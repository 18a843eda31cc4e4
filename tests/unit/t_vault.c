/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <openssl/sha.h>

#include "caps.h"
#include "vault.h"

#define LEN 200000 /* more than is read at once */

static char dir[256];
static int at = -1, file = -1;
static uint8_t octets[LEN], sha256[32];

static int
make_dir(void **state)
{
	const char *tmp = getenv("TMPDIR");
	char name[300];
	size_t i;

	(void)state;
	snprintf(dir, sizeof(dir), "%s/t_vault.XXXXXX", tmp != NULL ? tmp : "/tmp");
	if (mkdtemp(dir) == NULL || (at = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC)) == -1)
		return -1;
	for (i = 0; i < LEN; i++)
		octets[i] = (uint8_t)(i * 31 + i / 977);
	SHA256(octets, LEN, sha256);
	snprintf(name, sizeof(name), "%s/in", dir);
	if ((file = open(name, O_RDWR | O_CREAT | O_CLOEXEC, 0600)) == -1 || unlink(name) != 0)
		return -1;
	return pwrite(file, octets, LEN, 7) == LEN ? 0 : -1;
}

static int
drop(const char *name, const struct stat *st, int flag, struct FTW *ftw)
{
	(void)st;
	(void)flag;
	(void)ftw;
	return remove(name);
}

static int
remove_dir(void **state)
{
	(void)state;
	close(at);
	close(file);
	return nftw(dir, drop, 8, FTW_DEPTH | FTW_PHYS);
}

/* How many files lie in the vault, whatever they are called. */
static int files;

static int
count(const char *name, const struct stat *st, int flag, struct FTW *ftw)
{
	(void)name;
	(void)ftw;
	if (flag == FTW_F) {
		files++;
		assert_int_equal(st->st_mode & 07777, 0600);
	} else if (ftw->level > 0) {
		assert_int_equal(st->st_mode & 07777, 0700);
	}
	return 0;
}

static int
kept(void)
{
	files = 0;
	assert_int_equal(nftw(dir, count, 8, FTW_PHYS), 0);
	return files;
}

static void
assert_has(int folder, const char *path)
{
	uint8_t got[LEN + 1];
	uint64_t len;
	int fd;

	assert_int_equal(vault_open(folder, path, sha256, &fd, &len), RC_OK);
	assert_int_equal(len, LEN);
	assert_int_equal(pread(fd, got, sizeof(got), 0), LEN);
	assert_memory_equal(got, octets, LEN);
	assert_int_equal(fcntl(fd, F_GETFL) & O_ACCMODE, O_RDONLY);
	assert_true(fcntl(fd, F_GETFD) & FD_CLOEXEC);
	close(fd);
}

static void
test_keep(void **state)
{
	char name[400], hex[65];
	uint64_t len = 9;
	size_t i;
	int fd = 9;

	(void)state;
	assert_int_equal(vault_open(at, "letters", sha256, &fd, &len), RC_ABSENT);
	assert_int_equal(fd, -1);
	assert_int_equal(len, 0);
	assert_int_equal(vault_keep(at, "letters", file, 7, LEN, sha256), RC_OK);
	assert_has(at, "letters");
	assert_int_equal(kept(), 1);
	for (i = 0; i < 32; i++)
		snprintf(hex + 2 * i, 3, "%02x", sha256[i]);
	snprintf(name, sizeof(name), "%s/letters/%.2s/%s.pdf", dir, hex, hex);
	assert_int_equal(access(name, R_OK), 0);

	/* the same twice is once, and mends what has come to harm */
	assert_int_equal(truncate(name, 5), 0);
	assert_int_equal(vault_keep(at, "letters", file, 7, LEN, sha256), RC_OK);
	assert_int_equal(kept(), 1);
	assert_has(at, "letters");

	/* by the working folder, and by a path that needs none */
	assert_int_equal(chdir(dir), 0);
	assert_has(AT_FDCWD, "letters");
	snprintf(name, sizeof(name), "%s/letters", dir);
	assert_has(-1, name);
	assert_int_equal(chdir("/"), 0);

	assert_int_equal(vault_drop(at, "letters", sha256), RC_OK);
	assert_int_equal(vault_open(at, "letters", sha256, &fd, &len), RC_ABSENT);
	assert_int_equal(vault_drop(at, "letters", sha256), RC_OK);
	assert_int_equal(vault_drop(at, "elsewhere", sha256), RC_OK);
	assert_int_equal(kept(), 0);
	/* none of that was read by its own position */
	assert_int_equal(lseek(file, 0, SEEK_CUR), 0);
}

/* Nothing stays of what was refused. */
static void
test_refused(void **state)
{
	static const struct {
		uint64_t off, len;
		enum rc rc;
	} t[] = {
	    {6, LEN, RC_FORMAT},
	    {7, LEN - 1, RC_FORMAT},
	    {7, LEN + 1, RC_FORMAT}, /* it is not that long */
	    {8, LEN, RC_FORMAT},
	    {7, 0, RC_FORMAT},
	    {LEN + 7, 1, RC_FORMAT},
	    {7, (uint64_t)CAP_UPLOAD + 1, RC_TOOBIG},
	    {UINT64_MAX, LEN, RC_TOOBIG},
	    {INT64_MAX, LEN, RC_TOOBIG},
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		if (vault_keep(at, "letters", file, t[i].off, t[i].len, sha256) != t[i].rc)
			fail_msg("%zu", i);
		assert_int_equal(kept(), 0);
	}
	assert_int_equal(vault_keep(at, "letters", -1, 7, LEN, sha256), RC_IO);
	assert_int_equal(vault_keep(at, "no/where", file, 7, LEN, sha256), RC_IO);
	assert_int_equal(kept(), 0);
}

/* What lies there under a letter's name and is no file is not opened. */
static void
test_strange(void **state)
{
	char shelf[400], name[600], hex[65];
	uint64_t len;
	size_t i;
	int fd;

	(void)state;
	for (i = 0; i < 32; i++)
		snprintf(hex + 2 * i, 3, "%02x", sha256[i]);
	assert_int_equal(vault_keep(at, "letters", file, 7, LEN, sha256), RC_OK);
	snprintf(shelf, sizeof(shelf), "%s/letters/%.2s", dir, hex);
	snprintf(name, sizeof(name), "%s/%s.pdf", shelf, hex);
	assert_int_equal(unlink(name), 0);
	assert_int_equal(symlink("/etc/passwd", name), 0);
	assert_int_equal(vault_open(at, "letters", sha256, &fd, &len), RC_IO);
	assert_int_equal(fd, -1);
	/* keeping puts a file in its place, and leaves alone where it led */
	assert_int_equal(vault_keep(at, "letters", file, 7, LEN, sha256), RC_OK);
	assert_has(at, "letters");
	assert_int_equal(unlink(name), 0);
	assert_int_equal(mkfifo(name, 0600), 0);
	assert_int_equal(vault_open(at, "letters", sha256, &fd, &len), RC_IO);
	assert_int_equal(unlink(name), 0);
	assert_int_equal(rmdir(shelf), 0);
	assert_int_equal(symlink("/tmp", shelf), 0);
	assert_int_equal(vault_open(at, "letters", sha256, &fd, &len), RC_IO);
	assert_int_equal(vault_keep(at, "letters", file, 7, LEN, sha256), RC_IO);
}

/* There is room for a part of it only: nothing stays, and what was there stands. */
static void
test_full(void **state)
{
	const struct rlimit little = {LEN / 2, LEN / 2};
	int status;

	(void)state;
	assert_int_equal(vault_keep(at, "letters", file, 7, LEN, sha256), RC_OK);
	if (fork() == 0) {
		(void)signal(SIGXFSZ, SIG_IGN);
		if (setrlimit(RLIMIT_FSIZE, &little) != 0)
			_exit(9);
		_exit(vault_keep(at, "letters", file, 7, LEN, sha256) == RC_IO ? 0 : 1);
	}
	assert_int_not_equal(wait(&status), -1);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
	assert_int_equal(kept(), 1);
	assert_has(at, "letters");
}

/* Many who keep the same at once: each says it is kept, and it is. */
static void
test_crowd(void **state)
{
	int i, status, good = 0;

	(void)state;
	for (i = 0; i < 8; i++)
		if (fork() == 0)
			_exit(vault_keep(at, "letters", file, 7, LEN, sha256) == RC_OK ? 0 : 1);
	while (wait(&status) > 0)
		good += WIFEXITED(status) && WEXITSTATUS(status) == 0;
	assert_int_equal(good, 8);
	assert_int_equal(kept(), 1);
	assert_has(at, "letters");
}

/* As whoever owns the folder, without any other right, and without the folders above. */
static void
test_unprivileged(void **state)
{
	int status;
	uint64_t len;
	int fd;

	(void)state;
	if (getuid() != 0)
		skip();
	assert_int_equal(mkdirat(at, "letters", 0700), 0);
	assert_int_equal(fchownat(at, "letters", 65534, 65534, 0), 0);
	assert_int_equal(fchmod(at, 0711), 0);
	if (fork() == 0) {
		if (setgid(65534) != 0 || setuid(65534) != 0)
			_exit(9);
		if (vault_keep(at, "letters", file, 7, LEN, sha256) != RC_OK)
			_exit(1);
		if (vault_open(at, "letters", sha256, &fd, &len) != RC_OK)
			_exit(2);
		if (vault_keep(at, "others", file, 7, LEN, sha256) != RC_IO)
			_exit(3);
		_exit(vault_drop(at, "letters", sha256) == RC_OK ? 0 : 4);
	}
	assert_int_not_equal(wait(&status), -1);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
	assert_int_equal(kept(), 0);
}

/* Where the file lies. */
static void
name_of(char *out, size_t size)
{
	char hex[65];
	size_t i;

	for (i = 0; i < 32; i++)
		snprintf(hex + 2 * i, 3, "%02x", sha256[i]);
	snprintf(out, size, "%s/letters/%.2s/%s.pdf", dir, hex, hex);
}

/* Gone, shorter, or one bit of it is another. */
static void
test_check(void **state)
{
	char name[400];
	uint8_t octet;
	int fd;

	(void)state;
	name_of(name, sizeof(name));
	assert_int_equal(vault_check(at, "letters", sha256), RC_ABSENT);
	assert_int_equal(vault_keep(at, "letters", file, 7, LEN, sha256), RC_OK);
	assert_int_equal(vault_check(at, "letters", sha256), RC_OK);
	assert_int_equal(truncate(name, LEN - 1), 0);
	assert_int_equal(vault_check(at, "letters", sha256), RC_FORMAT);
	assert_int_equal(vault_keep(at, "letters", file, 7, LEN, sha256), RC_OK);
	assert_true((fd = open(name, O_RDWR | O_CLOEXEC)) != -1);
	assert_int_equal(pread(fd, &octet, 1, 3), 1);
	octet ^= 1;
	assert_int_equal(pwrite(fd, &octet, 1, 3), 1);
	close(fd);
	assert_int_equal(vault_check(at, "letters", sha256), RC_FORMAT);
	assert_int_equal(vault_drop(at, "letters", sha256), RC_OK);
	assert_int_equal(mkdir(name, 0700), 0);
	assert_int_equal(vault_check(at, "letters", sha256), RC_IO);
	assert_int_equal(rmdir(name), 0);
}

/* What a crash has cut short goes once it is old; nothing else does. */
static void
test_sweep(void **state)
{
	const struct timespec then[2] = {{.tv_sec = 1000}, {.tv_sec = 1000}};
	char name[400], old[440], young[440];

	(void)state;
	assert_int_equal(vault_sweep(at, "letters", 2000), RC_OK); /* there is none */
	assert_int_equal(vault_keep(at, "letters", file, 7, LEN, sha256), RC_OK);
	name_of(name, sizeof(name));
	assert_int_equal(utimensat(AT_FDCWD, name, then, 0), 0);
	*strrchr(name, '/') = '\0';
	snprintf(old, sizeof(old), "%s/new.0123456789abcdef", name);
	snprintf(young, sizeof(young), "%s/new.fedcba9876543210", name);
	assert_int_equal(close(open(old, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600)), 0);
	assert_int_equal(close(open(young, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600)), 0);
	assert_int_equal(utimensat(AT_FDCWD, old, then, 0), 0);
	assert_int_equal(vault_sweep(at, "letters", 1000), RC_OK);
	assert_int_equal(kept(), 3);
	assert_int_equal(vault_sweep(at, "letters", 2000), RC_OK);
	assert_int_equal(kept(), 2);
	assert_int_equal(access(young, F_OK), 0);
	assert_has(at, "letters");
}

#define IN_DIR(test) cmocka_unit_test_setup_teardown(test, make_dir, remove_dir)

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    IN_DIR(test_keep),
	    IN_DIR(test_refused),
	    IN_DIR(test_strange),
	    IN_DIR(test_full),
	    IN_DIR(test_crowd),
	    IN_DIR(test_check),
	    IN_DIR(test_sweep),
	    IN_DIR(test_unprivileged),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
