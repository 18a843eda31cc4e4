/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * vault.h: a file is there under its name as a whole or not at all, and names are only given to
 * what was hashed on its way.  Everything goes by descriptors of folders, so that it works the same
 * in a root and for any user who owns the vault.
 */
#include <sys/stat.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include <openssl/evp.h>

#include "caps.h"
#include "db.h"
#include "io.h"
#include "vault.h"

#define NAME       (2 * DB_HASH + sizeof(".pdf"))
#define FRESH      24 /* octets of the name of a file that is not yet whole */
#define CHUNK      (64u << 10)
#define UNFINISHED "new."
#define FOLDER     (O_RDONLY | O_DIRECTORY | O_NOFOLLOW)

static void
hex(const uint8_t *p, size_t n, char *out)
{
	static const char digits[] = "0123456789abcdef";
	size_t i;

	for (i = 0; i < n; i++) {
		out[2 * i] = digits[p[i] >> 4];
		out[2 * i + 1] = digits[p[i] & 15];
	}
	out[2 * n] = '\0';
}

static void
file_name(const uint8_t sha256[DB_HASH], char out[NAME])
{
	hex(sha256, DB_HASH, out);
	memcpy(out + (size_t)2 * DB_HASH, ".pdf", sizeof(".pdf"));
}

/* The folder above this one is told that this one is there, for good. */
static enum rc
settle(int fd)
{
	enum rc rc = RC_IO;
	int above;

	if ((above = openat(fd, "..", FOLDER | O_CLOEXEC)) != -1 && fsync(above) == 0)
		rc = RC_OK;
	io_close(&above);
	return rc;
}

/* RC_ABSENT: it is not there, and was not to be made. */
static enum rc
open_folder(int at, const char *path, bool make, int *fd)
{
	bool made = make && mkdirat(at, path, 0700) == 0;

	if ((*fd = openat(at, path, FOLDER | O_CLOEXEC)) == -1)
		return errno == ENOENT ? RC_ABSENT : RC_IO;
	return made ? settle(*fd) : RC_OK;
}

/* The folder in the vault where a file of this name lies.  *fd is -1 unless RC_OK. */
static enum rc
open_shelf(int dir, const char *path, const char name[NAME], bool make, int *fd)
{
	const char shelf[3] = {name[0], name[1], '\0'};
	int vault = -1;
	enum rc rc;

	*fd = -1;
	if ((rc = open_folder(dir, path, make, &vault)) == RC_OK)
		rc = open_folder(vault, shelf, make, fd);
	io_close(&vault);
	if (rc != RC_OK)
		io_close(fd);
	return rc;
}

/* len octets of in from off on, to out (-1: nowhere) and into *md. */
static enum rc
copy(int in, uint64_t off, uint64_t len, int out, EVP_MD_CTX *md)
{
	uint8_t chunk[CHUNK];
	ssize_t n;
	enum rc rc;

	while (len > 0) {
		n = pread(in, chunk, len < CHUNK ? (size_t)len : CHUNK, (off_t)off);
		if (n == -1 && errno == EINTR)
			continue;
		if (n <= 0)
			return n == 0 ? RC_FORMAT : RC_IO;
		if (out != -1 && (rc = io_write_full(out, chunk, (size_t)n)) != RC_OK)
			return rc;
		if (EVP_DigestUpdate(md, chunk, (size_t)n) != 1)
			return RC_CRYPTO;
		off += (uint64_t)n;
		len -= (uint64_t)n;
	}
	return RC_OK;
}

static enum rc
copy_hashed(int in, uint64_t off, uint64_t len, int out, const uint8_t sha256[DB_HASH])
{
	EVP_MD_CTX *md = EVP_MD_CTX_new();
	uint8_t hash[EVP_MAX_MD_SIZE];
	unsigned n = 0;
	enum rc rc;

	if (md == NULL)
		return RC_NOMEM;
	rc = EVP_DigestInit_ex(md, EVP_sha256(), NULL) == 1 ? RC_OK : RC_CRYPTO;
	if (rc == RC_OK)
		rc = copy(in, off, len, out, md);
	if (rc == RC_OK && (EVP_DigestFinal_ex(md, hash, &n) != 1 || n != DB_HASH))
		rc = RC_CRYPTO;
	if (rc == RC_OK && memcmp(hash, sha256, DB_HASH) != 0)
		rc = RC_FORMAT;
	EVP_MD_CTX_free(md);
	return rc;
}

/* A file that nobody has yet, under a name that none has for good. */
static enum rc
open_fresh(int shelf, char name[FRESH], int *fd)
{
	uint8_t random[8];
	enum rc rc;

	*fd = -1;
	if ((rc = db_random(random, sizeof(random))) != RC_OK)
		return rc;
	memcpy(name, UNFINISHED, sizeof(UNFINISHED));
	hex(random, sizeof(random), name + strlen(UNFINISHED));
	*fd = openat(
	    shelf, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, S_IRUSR | S_IWUSR);
	return *fd == -1 ? RC_IO : RC_OK;
}

enum rc
vault_keep(
    int dir, const char *path, int fd, uint64_t off, uint64_t len, const uint8_t sha256[DB_HASH])
{
	char name[NAME], fresh[FRESH] = "";
	int shelf = -1, out = -1;
	enum rc rc;

	if (len > CAP_UPLOAD || off > INT64_MAX - len)
		return RC_TOOBIG;
	file_name(sha256, name);
	if ((rc = open_shelf(dir, path, name, true, &shelf)) != RC_OK ||
	    (rc = open_fresh(shelf, fresh, &out)) != RC_OK)
		goto out;
	if ((rc = copy_hashed(fd, off, len, out, sha256)) != RC_OK)
		goto out;
	rc = RC_IO;
	if (fsync(out) != 0 || renameat(shelf, fresh, shelf, name) != 0)
		goto out;
	fresh[0] = '\0'; /* it has its name */
	rc = fsync(shelf) == 0 ? RC_OK : RC_IO;
out:
	if (out != -1 && fresh[0] != '\0')
		(void)unlinkat(shelf, fresh, 0);
	io_close(&out);
	io_close(&shelf);
	return rc == RC_ABSENT ? RC_IO : rc;
}

enum rc
vault_open(int dir, const char *path, const uint8_t sha256[DB_HASH], int *fd, uint64_t *len)
{
	char name[NAME];
	struct stat st;
	int shelf;
	enum rc rc;

	*fd = -1;
	*len = 0;
	file_name(sha256, name);
	if ((rc = open_shelf(dir, path, name, false, &shelf)) != RC_OK)
		return rc;
	/* what is no file must not keep us waiting */
	*fd = openat(shelf, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (*fd == -1)
		rc = errno == ENOENT ? RC_ABSENT : RC_IO;
	else if (fstat(*fd, &st) != 0 || !S_ISREG(st.st_mode))
		rc = RC_IO;
	else
		*len = (uint64_t)st.st_size;
	io_close(&shelf);
	if (rc != RC_OK)
		io_close(fd);
	return rc;
}

enum rc
vault_check(int dir, const char *path, const uint8_t sha256[DB_HASH])
{
	uint64_t len;
	enum rc rc;
	int fd;

	if ((rc = vault_open(dir, path, sha256, &fd, &len)) != RC_OK)
		return rc;
	rc = copy_hashed(fd, 0, len, -1, sha256);
	io_close(&fd);
	return rc;
}

enum rc
vault_drop(int dir, const char *path, const uint8_t sha256[DB_HASH])
{
	char name[NAME];
	int shelf;
	enum rc rc;

	file_name(sha256, name);
	if ((rc = open_shelf(dir, path, name, false, &shelf)) != RC_OK)
		return rc == RC_ABSENT ? RC_OK : rc;
	if (unlinkat(shelf, name, 0) != 0)
		rc = errno == ENOENT ? RC_OK : RC_IO;
	else if (fsync(shelf) != 0)
		rc = RC_IO;
	io_close(&shelf);
	return rc;
}

/* Names are left as they are read: a folder that loses one is still read to its end. */
static enum rc
sweep_shelf(int shelf, int64_t before)
{
	int copy = fcntl(shelf, F_DUPFD_CLOEXEC, 0);
	DIR *d = copy != -1 ? fdopendir(copy) : NULL;
	const struct dirent *e;
	struct stat st;
	enum rc rc = RC_OK;

	if (d == NULL) {
		io_close(&copy);
		return RC_IO;
	}
	/* NOLINTNEXTLINE(concurrency-mt-unsafe): a stream of our own */
	while ((e = readdir(d)) != NULL)
		if (strncmp(e->d_name, UNFINISHED, strlen(UNFINISHED)) == 0 &&
		    fstatat(shelf, e->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
		    st.st_mtime < before && unlinkat(shelf, e->d_name, 0) != 0)
			rc = RC_IO;
	closedir(d);
	return rc;
}

enum rc
vault_sweep(int dir, const char *path, int64_t before)
{
	int vault = -1, shelf = -1;
	enum rc rc, all = RC_OK;
	uint8_t first;
	char name[3];
	unsigned i;

	if ((rc = open_folder(dir, path, false, &vault)) != RC_OK)
		return rc == RC_ABSENT ? RC_OK : rc;
	for (i = 0; i <= UINT8_MAX; i++) {
		first = (uint8_t)i;
		hex(&first, 1, name);
		if ((rc = open_folder(vault, name, false, &shelf)) == RC_OK)
			rc = sweep_shelf(shelf, before);
		io_close(&shelf);
		if (rc != RC_OK && rc != RC_ABSENT)
			all = rc;
	}
	io_close(&vault);
	return all;
}
