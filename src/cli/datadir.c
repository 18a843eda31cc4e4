/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Everything is opened relative to a folder that is open already and never
 * through a symbolic link: the portal may write here, and root must not follow it.
 */
#define _GNU_SOURCE
#include <sys/stat.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pwd.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "buf.h"
#include "caps.h"
#include "datadir.h"
#include "io.h"

#define FOLDER (O_RDONLY | O_DIRECTORY | O_NOFOLLOW)

static enum rc
find_user(struct datadir *d, const char *user)
{
	struct passwd *pw;

	d->as_root = geteuid() == 0;
	if (!d->as_root)
		return RC_OK;
	if ((pw = getpwnam(user)) == NULL || pw->pw_uid == 0)
		return RC_ABSENT;
	d->uid = pw->pw_uid;
	d->gid = pw->pw_gid;
	return RC_OK;
}

/* A folder in the data folder, made if need be. */
static int
subfolder(const struct datadir *d, const char *name, mode_t mode)
{
	int fd;

	if (mkdirat(d->fd, name, mode) == -1 && errno != EEXIST)
		return -1;
	if ((fd = openat(d->fd, name, FOLDER | O_CLOEXEC)) != -1 && fchmod(fd, mode) == -1)
		io_close(&fd);
	return fd;
}

/* What the last run left, however it ended. */
static enum rc
empty(int fd)
{
	enum rc rc = RC_OK;
	struct dirent *e;
	DIR *dir;
	int copy;

	if ((copy = fcntl(fd, F_DUPFD_CLOEXEC, 0)) == -1)
		return RC_IO;
	if ((dir = fdopendir(copy)) == NULL) {
		io_close(&copy);
		return RC_IO;
	}
	while ((e = readdir(dir)) != NULL)
		if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0 &&
		    unlinkat(fd, e->d_name, 0) == -1 && errno != ENOENT)
			rc = RC_IO;
	closedir(dir);
	return rc;
}

static enum rc
open_spool(const struct datadir *d)
{
	int fd = subfolder(d, DATADIR_SPOOL, 0700);
	enum rc rc;

	if (fd == -1)
		return RC_IO;
	rc = empty(fd);
	if (rc == RC_OK && d->as_root && fchown(fd, d->uid, d->gid) == -1)
		rc = RC_IO;
	io_close(&fd);
	return rc;
}

/* A store that root has made (`periksa log` before the first start) is given to the portal. */
static enum rc
give_store(const struct datadir *d)
{
	static const char *const names[] = {"periksa.db", "periksa.db-wal", "periksa.db-shm"};
	size_t i;

	for (i = 0; d->as_root && i < sizeof(names) / sizeof(names[0]); i++)
		if (fchownat(d->fd, names[i], d->uid, d->gid, AT_SYMLINK_NOFOLLOW) == -1 &&
		    errno != ENOENT)
			return RC_IO;
	return RC_OK;
}

/* A folder for whom the portal runs as, kept over starts. */
static enum rc
open_private(const struct datadir *d, const char *name)
{
	int fd = subfolder(d, name, 0700);
	enum rc rc = RC_OK;

	if (fd == -1)
		return RC_IO;
	if (d->as_root && fchown(fd, d->uid, d->gid) == -1)
		rc = RC_IO;
	io_close(&fd);
	return rc;
}

/* A file that has no other name elsewhere, or a folder. */
static bool
give(const struct datadir *d, int folder, const char *name)
{
	struct stat st;

	if (fstatat(folder, name, &st, AT_SYMLINK_NOFOLLOW) == -1)
		return errno == ENOENT;
	if (st.st_uid == d->uid || (!S_ISDIR(st.st_mode) && st.st_nlink != 1))
		return true;
	return fchownat(folder, name, d->uid, d->gid, AT_SYMLINK_NOFOLLOW) == 0;
}

static bool
give_all(const struct datadir *d, int folder)
{
	int copy = fcntl(folder, F_DUPFD_CLOEXEC, 0);
	DIR *dir = copy != -1 ? fdopendir(copy) : NULL;
	const struct dirent *e;
	bool good = dir != NULL;

	if (dir == NULL)
		io_close(&copy);
	while (good && (e = readdir(dir)) != NULL)
		if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0)
			good = give(d, folder, e->d_name);
	if (dir != NULL)
		closedir(dir);
	return good;
}

/* Letters that root has registered before the first start are given to the portal, too: vault.h. */
static enum rc
open_vault(const struct datadir *d)
{
	enum rc rc = open_private(d, DATADIR_VAULT);
	int vault, folder;
	bool good = true;
	char name[16];
	unsigned i;

	if (rc != RC_OK || !d->as_root)
		return rc;
	if ((vault = openat(d->fd, DATADIR_VAULT, FOLDER | O_CLOEXEC)) == -1)
		return RC_IO;
	for (i = 0; good && i < 256; i++) {
		(void)snprintf(name, sizeof(name), "%02x", i);
		if (!(good = give(d, vault, name)))
			break;
		if ((folder = openat(vault, name, FOLDER | O_CLOEXEC)) == -1)
			continue;
		good = give_all(d, folder);
		io_close(&folder);
	}
	io_close(&vault);
	return good ? RC_OK : RC_IO;
}

static enum rc
open_run(struct datadir *d)
{
	/* The portal's group may walk through to the socket, not write. */
	if ((d->run_fd = subfolder(d, "run", d->as_root ? 0710 : 0700)) == -1)
		return RC_IO;
	if (d->as_root && fchown(d->run_fd, 0, d->gid) == -1)
		return RC_IO;
	return open_private(d, "run/weather");
}

enum rc
datadir_open(struct datadir *d, const char *path, const char *user)
{
	char real[PATH_MAX];
	enum rc rc;

	memset(d, 0, sizeof(*d));
	d->fd = d->run_fd = -1;
	if ((rc = find_user(d, user)) != RC_OK)
		return rc;
	if (mkdir(path, 0700) == -1 && errno != EEXIST)
		return RC_IO;
	if (realpath(path, real) == NULL || strlen(real) >= sizeof(d->path))
		return RC_IO;
	memcpy(d->path, real, strlen(real) + 1);
	if (strpbrk(d->path, " \t\r\n\v\f") != NULL)
		return RC_FORMAT;
	rc = RC_IO;
	if ((d->fd = open(d->path, FOLDER | O_CLOEXEC)) == -1 ||
	    (d->as_root && fchown(d->fd, 0, d->gid) == -1) ||
	    fchmod(d->fd, d->as_root ? 01770 : 0700) == -1)
		goto out;
	if ((rc = open_spool(d)) == RC_OK && (rc = give_store(d)) == RC_OK &&
	    (rc = open_private(d, DATADIR_EVIDENCE)) == RC_OK && (rc = open_vault(d)) == RC_OK &&
	    (rc = open_private(d, DATADIR_BATCHES)) == RC_OK)
		rc = open_run(d);
out:
	if (rc != RC_OK)
		datadir_close(d);
	return rc;
}

/* A new file in the folder, which whom the portal runs as may read. */
static int
create(const struct datadir *d, int folder, const char *name)
{
	int fd = openat(folder, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);

	if (fd != -1 && ((d->as_root && fchown(fd, 0, d->gid) == -1) ||
			    fchmod(fd, d->as_root ? 0640 : 0600) == -1))
		io_close(&fd);
	return fd;
}

enum rc
datadir_write(const struct datadir *d, const char *name, const char *text, size_t len)
{
	static const char fresh[] = "new";
	enum rc rc = RC_IO;
	int fd;

	if (unlinkat(d->run_fd, fresh, 0) == -1 && errno != ENOENT)
		return RC_IO;
	if ((fd = create(d, d->run_fd, fresh)) != -1 && io_write_full(fd, text, len) == RC_OK &&
	    renameat(d->run_fd, fresh, d->run_fd, name) == 0)
		rc = RC_OK;
	io_close(&fd);
	return rc;
}

/* All of a file; one that is none (a folder) is RC_ABSENT. */
static enum rc
slurp(int folder, const char *name, struct buf *b)
{
	int fd = openat(folder, name, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	char chunk[16384];
	enum rc rc = RC_IO;
	struct stat st;
	ssize_t n;

	if (fd == -1)
		return RC_IO;
	if (fstat(fd, &st) == -1)
		goto out;
	rc = RC_ABSENT;
	if (!S_ISREG(st.st_mode))
		goto out;
	while ((n = read(fd, chunk, sizeof(chunk))) > 0)
		buf_put(b, chunk, (size_t)n);
	rc = n < 0 ? RC_IO : buf_rc(b);
out:
	io_close(&fd);
	return rc;
}

enum rc
datadir_copy(const struct datadir *d, const char *path, const char *name)
{
	struct buf b;
	enum rc rc;

	buf_init(&b, CAP_TRUST_FILE);
	if ((rc = slurp(AT_FDCWD, path, &b)) == RC_OK)
		rc = datadir_write(d, name, buf_text(&b), b.len);
	buf_clear(&b);
	return rc;
}

static enum rc
copy_into(const struct datadir *d, int from, const char *name, int to)
{
	struct buf b;
	enum rc rc;
	int fd = -1;

	buf_init(&b, CAP_TRUST_FILE);
	if ((rc = slurp(from, name, &b)) == RC_OK) {
		rc = RC_IO;
		if ((fd = create(d, to, name)) != -1)
			rc = io_write_full(fd, b.p, b.len);
	}
	io_close(&fd);
	buf_clear(&b);
	return rc == RC_ABSENT ? RC_OK : rc;
}

enum rc
datadir_copy_folder(const struct datadir *d, const char *path, const char *name)
{
	struct dirent *e;
	enum rc rc = RC_IO;
	DIR *dir = opendir(path);
	int to = -1;

	if (dir == NULL || (mkdirat(d->run_fd, name, 0700) == -1 && errno != EEXIST) ||
	    (to = openat(d->run_fd, name, FOLDER | O_CLOEXEC)) == -1 || empty(to) != RC_OK ||
	    (d->as_root && fchown(to, 0, d->gid) == -1) ||
	    fchmod(to, d->as_root ? 0750 : 0700) == -1)
		goto out;
	rc = RC_OK;
	while (rc == RC_OK && (e = readdir(dir)) != NULL)
		if (e->d_name[0] != '.')
			rc = copy_into(d, dirfd(dir), e->d_name, to);
out:
	if (dir != NULL)
		closedir(dir);
	io_close(&to);
	return rc;
}

void
datadir_close(struct datadir *d)
{
	io_close(&d->fd);
	io_close(&d->run_fd);
}
