/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pigeonhole.h.  Files below the root; nothing of a session is written to the disk with them. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <sodium.h>

#include "clerk.h"
#include "io.h"
#include "pigeonhole.h"

#define FILE_NAME "file"

struct hole {
	char dir[256], file[288];
};

/* RC_ABSENT: nobody is signed in, or this portal has no such folder. */
static enum rc
find(const struct visit *v, const char *label, struct hole *h)
{
	uint8_t digest[crypto_generichash_BYTES];
	char name[2 * 16 + 1];

	if (web.batches == NULL || v->csrf[0] == '\0' || v->who.account == 0)
		return RC_ABSENT;
	/* Keyed with what only this session has. */
	if (crypto_generichash(digest, sizeof(digest), (const uint8_t *)label, strlen(label),
		(const uint8_t *)v->csrf, strlen(v->csrf)) != 0)
		return RC_CRYPTO;
	sodium_bin2hex(name, sizeof(name), digest, 16);
	if (snprintf(h->dir, sizeof(h->dir), "%s/" CLERK_NEW "%s", web.batches, name) >=
	    (int)sizeof(h->dir))
		return RC_TOOBIG;
	snprintf(h->file, sizeof(h->file), "%s/" FILE_NAME, h->dir);
	return RC_OK;
}

void
pigeonhole_nonce(char out[PIGEONHOLE_NONCE + 1])
{
	uint8_t bits[PIGEONHOLE_NONCE / 2];

	randombytes_buf(bits, sizeof(bits));
	sodium_bin2hex(out, PIGEONHOLE_NONCE + 1, bits, sizeof(bits));
}

enum rc
pigeonhole_put(const struct visit *v, const char *label, const void *p, size_t len)
{
	struct hole h;
	int fd = -1;
	enum rc rc = find(v, label, &h);

	if (rc != RC_OK)
		return rc;
	if (mkdirat(AT_FDCWD, h.dir, 0700) == -1 && errno != EEXIST)
		return RC_IO;
	(void)unlinkat(AT_FDCWD, h.file, 0); /* who reads the one before goes on reading it */
	fd = open(h.file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	rc = fd == -1 ? RC_IO : io_write_full(fd, p, len);
	io_close(&fd);
	if (rc != RC_OK)
		pigeonhole_drop(v, label);
	return rc;
}

enum rc
pigeonhole_open(const struct visit *v, const char *label, int *fd, size_t *len)
{
	struct hole h;
	struct stat st;
	enum rc rc = find(v, label, &h);

	*fd = -1;
	*len = 0;
	if (rc != RC_OK)
		return rc;
	if ((*fd = open(h.file, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)) == -1)
		return errno == ENOENT ? RC_ABSENT : RC_IO;
	if (fstat(*fd, &st) == -1)
		rc = RC_IO;
	else if (!S_ISREG(st.st_mode) || st.st_mtime < time(NULL) - CAP_HOLE_SECONDS)
		rc = RC_ABSENT;
	else
		*len = (size_t)st.st_size;
	if (rc != RC_OK) {
		io_close(fd);
		pigeonhole_drop(v, label);
	}
	return rc;
}

void
pigeonhole_drop(const struct visit *v, const char *label)
{
	struct hole h;

	if (find(v, label, &h) != RC_OK)
		return;
	(void)unlinkat(AT_FDCWD, h.file, 0);
	(void)unlinkat(AT_FDCWD, h.dir, AT_REMOVEDIR);
}

/* --- sending --- */

int
pigeonhole_send(struct visit *v, const char *type, const char *save_as, int fd, size_t len)
{
	void *map = len == 0 ? MAP_FAILED : mmap(NULL, len, PROT_READ, MAP_PRIVATE, fd, 0);

	io_close(&fd);
	if (map == MAP_FAILED)
		return answer_error(v->req, HTTP_STATUS_INTERNAL_ERROR, 0);
	return answer_map(v->req, type, save_as, map, len);
}
