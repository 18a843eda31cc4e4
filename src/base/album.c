/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE /* memfd_create */
#include <sys/mman.h>

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "album.h"
#include "caps.h"
#include "io.h"
#include "rd.h"

#define HEAD_LEN 12

int
album_open(void)
{
	return memfd_create("album", MFD_CLOEXEC);
}

enum rc
album_add(int fd, uint32_t page, enum album_kind kind, const void *png, size_t len)
{
	struct buf head;
	enum rc rc;

	if (len > CAP_PICTURE)
		return RC_TOOBIG;
	buf_init(&head, HEAD_LEN);
	buf_u32(&head, page);
	buf_u32(&head, (uint32_t)kind);
	buf_u32(&head, (uint32_t)len);
	if ((rc = buf_rc(&head)) == RC_OK && (rc = io_write_full(fd, head.p, head.len)) == RC_OK)
		rc = io_write_full(fd, png, len);
	buf_clear(&head);
	return rc;
}

enum rc
album_read(int fd, struct buf *out)
{
	uint8_t chunk[16384];
	off_t off = 0;
	ssize_t n;

	while ((n = pread(fd, chunk, sizeof(chunk), off)) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return RC_IO;
		buf_put(out, chunk, (size_t)n);
		if (buf_rc(out) != RC_OK)
			return buf_rc(out);
		off += n;
	}
	return RC_OK;
}

static bool
is_png(const uint8_t *p, size_t len)
{
	static const uint8_t head[] = {
	    0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n', 0, 0, 0, 13, 'I', 'H', 'D', 'R'};
	static const uint8_t tail[] = {0, 0, 0, 0, 'I', 'E', 'N', 'D', 0xae, 0x42, 0x60, 0x82};

	return len >= sizeof(head) + sizeof(tail) && memcmp(p, head, sizeof(head)) == 0 &&
	       memcmp(p + len - sizeof(tail), tail, sizeof(tail)) == 0;
}

enum rc
album_next(const struct buf *b, size_t *off, struct album_picture *out)
{
	struct rd r;
	uint32_t kind;

	if (*off >= b->len)
		return RC_ABSENT;
	rd_init(&r, b->p + *off, b->len - *off);
	out->page = rd_u32(&r);
	kind = rd_u32(&r);
	out->len = rd_u32(&r);
	out->png = rd_bytes(&r, out->len);
	if (out->png == NULL || out->page == 0 || out->page > CAP_PAGES ||
	    kind >= ALBUM_KIND__MAX || out->len > CAP_PICTURE || !is_png(out->png, out->len))
		return RC_FORMAT;
	out->kind = (enum album_kind)kind;
	*off += HEAD_LEN + out->len;
	return RC_OK;
}

const char *
album_kind_name(enum album_kind kind)
{
	return kind == ALBUM_SIGNED ? "signed" : "now";
}
