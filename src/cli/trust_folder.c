/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The files of a trust folder, read and written whole. */
#define _GNU_SOURCE
#include <sys/file.h>
#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "caps.h"
#include "io.h"
#include "trust_folder.h"

#define NEW_FILE ".periksa.new" /* what is written before it is renamed */

/* A file in the arena; RC_ABSENT if it is not there. */
static enum rc
slurp(struct trust_folder *f, const char *name, char **text, size_t *len)
{
	int fd = openat(f->fd, name, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	enum rc rc = RC_IO;
	struct stat st;

	*text = NULL;
	*len = 0;
	if (fd == -1)
		return errno == ENOENT ? RC_ABSENT : RC_IO;
	if (fstat(fd, &st) == -1)
		goto out;
	if (!S_ISREG(st.st_mode)) {
		errno = EINVAL;
		goto out;
	}
	rc = RC_TOOBIG;
	if (st.st_size > CAP_TRUST_FILE)
		goto out;
	rc = RC_NOMEM;
	if ((*text = arena_alloc(f->arena, (size_t)st.st_size + 1)) == NULL)
		goto out;
	*len = (size_t)st.st_size;
	rc = io_read_full(fd, *text, *len);
out:
	io_close(&fd);
	return rc;
}

enum rc
trust_folder_read(struct trust_folder *f)
{
	struct buf twice; /* what trust_load() says again */
	char *text, *history;
	size_t len;
	enum rc rc;

	trust_free(f->trust);
	f->trust = NULL;
	arena_free(f->arena);
	buf_clear(&f->log);
	if ((f->arena = arena_new(CAP_TRUST)) == NULL)
		return RC_NOMEM;
	if ((rc = slurp(f, TRUST_CONF, &text, &f->len)) != RC_OK && rc != RC_ABSENT)
		return rc;
	f->text = text;
	if ((rc = slurp(f, TRUST_HISTORY, &history, &len)) != RC_OK && rc != RC_ABSENT)
		return rc;
	f->has_history = rc == RC_OK;
	if ((rc = trust_history_parse(&f->history, f->arena, history, len)) != RC_OK)
		return rc;
	buf_init(&twice, 1u << 20);
	rc = trust_conf_parse(&f->conf, f->arena, text != NULL ? text : "", f->len, &twice);
	buf_clear(&twice);
	if (rc != RC_OK)
		return rc;
	f->load = trust_load(&f->trust, f->path, &f->log);
	return f->load == RC_NOMEM ? RC_NOMEM : RC_OK;
}

enum rc
trust_folder_open(struct trust_folder *f, const char *path, bool change)
{
	memset(f, 0, sizeof(*f));
	buf_init(&f->log, 1u << 20);
	f->fd = -1;
	if (strlen(path) >= sizeof(f->path)) {
		errno = ENAMETOOLONG;
		return RC_IO;
	}
	memcpy(f->path, path, strlen(path) + 1);
	if ((f->fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)) == -1)
		return RC_IO;
	while (flock(f->fd, change ? LOCK_EX : LOCK_SH) == -1)
		if (errno != EINTR)
			return RC_IO;
	return trust_folder_read(f);
}

void
trust_folder_close(struct trust_folder *f)
{
	trust_free(f->trust);
	arena_free(f->arena);
	buf_clear(&f->log);
	io_close(&f->fd); /* and with it the lock */
	memset(f, 0, sizeof(*f));
	f->fd = -1;
}

enum rc
trust_folder_write(struct trust_folder *f, const char *name, const struct buf *b)
{
	enum rc rc = RC_IO;
	int fd;

	if (unlinkat(f->fd, NEW_FILE, 0) == -1 && errno != ENOENT)
		return RC_IO;
	fd = openat(f->fd, NEW_FILE, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644);
	if (fd == -1)
		return RC_IO;
	if (io_write_full(fd, b->p, b->len) == RC_OK && fsync(fd) == 0 &&
	    renameat(f->fd, NEW_FILE, f->fd, name) == 0 && fsync(f->fd) == 0)
		rc = RC_OK;
	io_close(&fd);
	if (rc != RC_OK)
		(void)unlinkat(f->fd, NEW_FILE, 0);
	return rc;
}

enum rc
trust_folder_unlink(struct trust_folder *f, const char *name)
{
	if (unlinkat(f->fd, name, 0) == -1 && errno != ENOENT)
		return RC_IO;
	return fsync(f->fd) == 0 ? RC_OK : RC_IO;
}

/* At the end, or not at all: half a line would break the history. */
static enum rc
append(struct trust_folder *f, const struct buf *b)
{
	int fd = openat(
	    f->fd, TRUST_HISTORY, O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0644);
	struct stat st;
	enum rc rc = RC_IO;

	if (fd == -1)
		return RC_IO;
	if (fstat(fd, &st) == 0) {
		if (io_write_full(fd, b->p, b->len) == RC_OK && fsync(fd) == 0 && fsync(f->fd) == 0)
			rc = RC_OK;
		else if (ftruncate(fd, st.st_size) == -1)
			rc = RC_IO;
	}
	io_close(&fd);
	return rc;
}

enum rc
trust_folder_record(struct trust_folder *f, struct trust_line *v, size_t n)
{
	uint8_t last[32];
	struct buf b;
	enum rc rc;
	size_t i;

	buf_init(&b, CAP_TRUST_FILE);
	memcpy(last, f->history->last, sizeof(last));
	for (i = 0; i < n; i++) {
		if (f->trust != NULL)
			memcpy(v[i].id, f->trust->id, 32);
		trust_history_put(&b, &v[i], last);
	}
	if ((rc = buf_rc(&b)) == RC_OK && n > 0)
		rc = append(f, &b);
	buf_clear(&b);
	return rc == RC_OK ? trust_folder_read(f) : rc;
}
