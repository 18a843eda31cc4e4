/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A document as bytes: a snapshot when small, a mapping when large. */
#include <sys/mman.h>
#include <sys/stat.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "caps.h"
#include "source.h"

static enum rc
read_at(int fd, uint64_t off, void *out, size_t len)
{
	uint8_t *p = out;
	ssize_t n;

	while (len > 0) {
		n = pread(fd, p, len, (off_t)off);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return RC_IO;
		p += n;
		off += (uint64_t)n;
		len -= (size_t)n;
	}
	return RC_OK;
}

static enum rc
map(struct source *s, int fd, uint64_t off, size_t len)
{
	long page = sysconf(_SC_PAGESIZE);
	size_t lead = (size_t)(off % (uint64_t)page);
	void *p;

	p = mmap(NULL, len + lead, PROT_READ, MAP_PRIVATE, fd, (off_t)(off - lead));
	if (p == MAP_FAILED)
		return RC_IO;
	/* Reads jump about; read-ahead would only make pages resident. */
	(void)madvise(p, len + lead, MADV_RANDOM);
	s->map = p;
	s->map_len = len + lead;
	s->p = (const uint8_t *)p + lead;
	return RC_OK;
}

enum rc
source_open(struct source *s, int fd, uint64_t off, uint64_t len)
{
	struct stat st;
	uint64_t size;
	enum rc rc;

	memset(s, 0, sizeof(*s));
	s->fd = -1;
	if (fstat(fd, &st) == -1 || !S_ISREG(st.st_mode) || st.st_size < 0)
		return RC_IO;
	size = (uint64_t)st.st_size;
	if (off > size)
		return RC_IO;
	if (len == UINT64_MAX)
		len = size - off;
	if (len > size - off)
		return RC_IO;
	if (len > CAP_DOCUMENT)
		return RC_TOOBIG;
	if (len > CAP_SNAPSHOT)
		rc = map(s, fd, off, (size_t)len);
	else if ((s->owned = malloc(len == 0 ? 1 : (size_t)len)) == NULL)
		rc = RC_NOMEM;
	else {
		rc = read_at(fd, off, s->owned, (size_t)len);
		s->p = s->owned;
	}
	if (rc != RC_OK) {
		source_close(s);
		return rc;
	}
	s->len = (size_t)len;
	s->fd = fd;
	s->off = off;
	return RC_OK;
}

void
source_memory(struct source *s, const void *p, size_t len)
{
	memset(s, 0, sizeof(*s));
	s->fd = -1;
	s->p = p;
	s->len = len;
}

void
source_close(struct source *s)
{
	free(s->owned);
	if (s->map != NULL)
		(void)munmap(s->map, s->map_len);
	memset(s, 0, sizeof(*s));
	s->fd = -1;
}

enum rc
source_read(const struct source *s, uint64_t off, void *out, size_t len)
{
	if (off > s->len || len > s->len - off)
		return RC_IO;
	if (s->map != NULL)
		return read_at(s->fd, s->off + off, out, len);
	if (len != 0)
		memcpy(out, s->p + off, len);
	return RC_OK;
}
