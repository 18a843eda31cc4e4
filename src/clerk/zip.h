/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ZIP_H
#define ZIP_H

#include <stddef.h>
#include <stdint.h>

#include "buf.h"

/*
 * A zip archive (APPNOTE.TXT 6.3.10, without zip64), written as it grows: files as they are, since
 * PNG and PDF are small already.
 */
struct zip {
	int fd;
	uint64_t at; /* octets written */
	unsigned n;
	uint16_t day, second; /* of all its files, as MS-DOS counts */
	struct buf directory;
};

void zip_init(struct zip *z, int fd, int64_t now);
/*
 * name: ASCII.  RC_OK; RC_TOOBIG, and nothing was written: more than 4 GiB or 65535 files; RC_IO:
 * the archive is of no use any more.
 */
enum rc zip_add(struct zip *z, const char *name, const void *p, size_t len);
/* The end, after which it is one; then zip_clear(). */
enum rc zip_end(struct zip *z);
void zip_clear(struct zip *z);

#endif /* ZIP_H */
