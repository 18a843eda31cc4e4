/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Our own, since a library that knows every archive costs each start of the program more than this
 * file.
 */
#include <string.h>
#include <time.h>

#include <zlib.h>

#include "io.h"
#include "zip.h"

#define LOCAL     0x04034b50u /* 4.3.7 */
#define CENTRAL   0x02014b50u /* 4.3.12 */
#define END       0x06054b50u /* 4.3.16 */
#define VERSION   20
#define MADE_BY   (3u << 8 | VERSION)  /* Unix, for the mode */
#define UTF8      (1u << 11)           /* 4.4.4, of names */
#define MODE      (0100644u << 16)     /* a file that others may read */
#define ENTRY     (30 + 64)            /* octets of a file's header and name */
#define TAIL      (1u << 20)           /* kept free for what comes at the end */
#define DIRECTORY ((46 + 64) * 65535u) /* octets of all that the directory may be */

static void
u16(struct buf *b, unsigned v)
{
	buf_u8(b, (uint8_t)v);
	buf_u8(b, (uint8_t)(v >> 8));
}

static void
u32(struct buf *b, uint32_t v)
{
	u16(b, v & 0xffff);
	u16(b, v >> 16);
}

void
zip_init(struct zip *z, int fd, int64_t now)
{
	time_t t = (time_t)now;
	struct tm tm;

	memset(z, 0, sizeof(*z));
	z->fd = fd;
	buf_init(&z->directory, DIRECTORY + TAIL);
	if (localtime_r(&t, &tm) == NULL || tm.tm_year < 80 || tm.tm_year > 207)
		return;
	z->day = (uint16_t)((tm.tm_year - 80) << 9 | (tm.tm_mon + 1) << 5 | tm.tm_mday);
	z->second = (uint16_t)(tm.tm_hour << 11 | tm.tm_min << 5 | tm.tm_sec / 2);
}

/* What both headers of a file have in common: 4.4.3 to 4.4.11. */
static void
put_common(struct buf *b, const struct zip *z, uint32_t crc, uint32_t len, size_t name)
{
	u16(b, VERSION);
	u16(b, UTF8);
	u16(b, 0); /* stored */
	u16(b, z->second);
	u16(b, z->day);
	u32(b, crc);
	u32(b, len);
	u32(b, len);
	u16(b, (unsigned)name);
	u16(b, 0);
}

static enum rc
put(struct zip *z, const void *p, size_t len)
{
	enum rc rc = len > 0 ? io_write_full(z->fd, p, len) : RC_OK;

	z->at += len;
	return rc;
}

enum rc
zip_add(struct zip *z, const char *name, const void *p, size_t len)
{
	size_t name_len = strlen(name);
	struct buf head;
	uint32_t crc;
	enum rc rc;

	if (z->n == 65535 || name_len > 64 || len > UINT32_MAX - TAIL - ENTRY ||
	    z->at + z->directory.len > UINT32_MAX - TAIL - ENTRY - len)
		return RC_TOOBIG;
	crc = (uint32_t)crc32_z(0, p, len);
	buf_init(&head, ENTRY);
	u32(&head, LOCAL);
	put_common(&head, z, crc, (uint32_t)len, name_len);
	buf_put(&head, name, name_len);
	u32(&z->directory, CENTRAL);
	u16(&z->directory, MADE_BY);
	put_common(&z->directory, z, crc, (uint32_t)len, name_len);
	u16(&z->directory, 0); /* comment, disk, kind */
	u16(&z->directory, 0);
	u16(&z->directory, 0);
	u32(&z->directory, MODE);
	u32(&z->directory, (uint32_t)z->at);
	buf_put(&z->directory, name, name_len);
	if ((rc = buf_rc(&head)) == RC_OK && (rc = buf_rc(&z->directory)) == RC_OK &&
	    (rc = put(z, head.p, head.len)) == RC_OK)
		rc = put(z, p, len);
	buf_clear(&head);
	z->n++;
	return rc == RC_TOOBIG ? RC_NOMEM : rc;
}

enum rc
zip_end(struct zip *z)
{
	uint32_t start = (uint32_t)z->at, len = (uint32_t)z->directory.len;

	u32(&z->directory, END);
	u16(&z->directory, 0);
	u16(&z->directory, 0);
	u16(&z->directory, z->n);
	u16(&z->directory, z->n);
	u32(&z->directory, len);
	u32(&z->directory, start);
	u16(&z->directory, 0);
	return buf_rc(&z->directory) == RC_OK ? put(z, z->directory.p, z->directory.len) : RC_NOMEM;
}

void
zip_clear(struct zip *z)
{
	buf_clear(&z->directory);
}
