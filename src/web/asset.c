/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Style sheet, script, icons, samples: in memory before the worker loses its files. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/evp.h>

#include "arena.h"
#include "asset.h"
#include "io.h"

#define ASSETS_BYTES (64u << 20) /* all files of one folder; samples are small letters */
#define ASSET_BYTES  (8u << 20)  /* one file */

struct assets {
	struct arena *arena;
	struct asset *v;
	size_t n, cap;
	char version[17];
};

static const struct {
	const char *end, *type;
} types[] = {
    {".css", "text/css; charset=utf-8"},
    {".js", "text/javascript; charset=utf-8"},
    {".svg", "image/svg+xml"},
    {".pdf", "application/pdf"},
    {".tsv", "text/tab-separated-values; charset=utf-8"},
};

static const char *
type_of(const char *name)
{
	size_t i, len = strlen(name), end;

	if (*name == '.')
		return NULL;
	for (i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		end = strlen(types[i].end);
		if (len > end && strcmp(name + len - end, types[i].end) == 0)
			return types[i].type;
	}
	return NULL;
}

static void
hex_of(char *out, size_t digits, const void *p, size_t len)
{
	unsigned char md[EVP_MAX_MD_SIZE] = {0};
	size_t i;

	EVP_Digest(p, len, md, NULL, EVP_sha256(), NULL);
	for (i = 0; i < digits / 2; i++)
		snprintf(out + 2 * i, 3, "%02x", md[i]);
}

static enum rc
read_file(struct assets *a, int dirfd, const char *name)
{
	struct asset as = {.type = type_of(name)};
	struct stat st;
	uint8_t *p = NULL;
	int fd;
	enum rc rc = RC_IO;

	if (as.type == NULL)
		return RC_OK;
	if ((fd = openat(dirfd, name, O_RDONLY | O_CLOEXEC)) == -1)
		return RC_IO;
	if (fstat(fd, &st) == -1)
		goto out;
	if (!S_ISREG(st.st_mode)) {
		rc = RC_OK;
		goto out;
	}
	if (st.st_size > (off_t)ASSET_BYTES) {
		rc = RC_TOOBIG;
		goto out;
	}
	as.len = (size_t)st.st_size;
	as.name = arena_str(a->arena, name, strlen(name));
	p = arena_alloc(a->arena, as.len);
	if (as.name == NULL || p == NULL ||
	    arena_grow(a->arena, &a->v, a->n, &a->cap, sizeof(*a->v)) != RC_OK) {
		rc = RC_NOMEM;
		goto out;
	}
	if ((rc = io_read_full(fd, p, as.len)) != RC_OK)
		goto out;
	as.p = p;
	as.etag[0] = '"';
	hex_of(as.etag + 1, 32, as.p, as.len);
	memcpy(as.etag + 33, "\"", 2);
	a->v[a->n++] = as;
out:
	close(fd);
	return rc;
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(((const struct asset *)a)->name, ((const struct asset *)b)->name);
}

static enum rc
index_files(struct assets *a)
{
	char *tags;
	size_t i;

	tags = arena_array(a->arena, a->n + 1, sizeof(a->v->etag));
	if (tags == NULL)
		return RC_NOMEM;
	if (a->n > 0)
		qsort(a->v, a->n, sizeof(*a->v), by_name);
	for (i = 0; i < a->n; i++)
		memcpy(tags + i * sizeof(a->v->etag), a->v[i].etag, sizeof(a->v->etag));
	hex_of(a->version, 16, tags, a->n * sizeof(a->v->etag));
	return RC_OK;
}

enum rc
assets_load(struct assets **out, const char *dir)
{
	struct assets *a;
	struct dirent *e;
	DIR *d = NULL;
	enum rc rc = RC_NOMEM;

	*out = NULL;
	if ((a = calloc(1, sizeof(*a))) == NULL || (a->arena = arena_new(ASSETS_BYTES)) == NULL)
		goto out;
	rc = RC_IO;
	if ((d = opendir(dir)) == NULL)
		goto out;
	rc = RC_OK;
	while (rc == RC_OK && (errno = 0, e = readdir(d)) != NULL)
		rc = read_file(a, dirfd(d), e->d_name);
	if (rc == RC_OK)
		rc = errno != 0 ? RC_IO : index_files(a);
	if (rc != RC_OK)
		goto out;
	*out = a;
	a = NULL; /* transferred */
out:
	if (d != NULL)
		closedir(d);
	assets_free(a);
	return rc;
}

void
assets_free(struct assets *a)
{
	if (a == NULL)
		return;
	arena_free(a->arena);
	free(a);
}

const struct asset *
assets_find(const struct assets *a, const char *name)
{
	const struct asset want = {.name = name};

	if (a == NULL || a->n == 0)
		return NULL;
	return bsearch(&want, a->v, a->n, sizeof(*a->v), by_name);
}

const char *
assets_version(const struct assets *a)
{
	return a->version;
}
