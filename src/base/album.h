/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ALBUM_H
#define ALBUM_H

#include <stddef.h>
#include <stdint.h>

#include "buf.h"
#include "rc.h"

/*
 * Pictures of pages, one behind the other in a memory file.  Who wants them makes the
 * file, a drawer writes it, and nothing in it is believed: of each picture, the page's
 * number, before or now, and octets that begin and end as a PNG does.
 */
enum album_kind { ALBUM_SIGNED, ALBUM_NOW, ALBUM_KIND__MAX };

struct album_picture {
	uint32_t page; /* 1 = first */
	enum album_kind kind;
	const uint8_t *png; /* in the album's octets */
	size_t len;
};

/* The most octets of an album: CAP_PICTURE_PAGES, twice, and their heads. */
#define ALBUM_MAX ((size_t)CAP_PICTURE_PAGES * 2 * (CAP_PICTURE + 12))

/* An empty album; -1 with errno. */
int album_open(void);
/* Append a picture.  RC_OK, RC_IO; RC_TOOBIG: more than CAP_PICTURE octets, nothing was written. */
enum rc album_add(int fd, uint32_t page, enum album_kind kind, const void *png, size_t len);
/* All octets that are in the album.  RC_OK, RC_IO, RC_NOMEM, RC_TOOBIG. */
enum rc album_read(int fd, struct buf *out);
/*
 * The next picture of these octets from *off on.  RC_OK; RC_ABSENT at the end; RC_FORMAT: what
 * follows is no picture, and nothing behind it is.
 */
enum rc album_next(const struct buf *b, size_t *off, struct album_picture *out);
const char *album_kind_name(enum album_kind kind); /* "signed", "now" */

#endif /* ALBUM_H */
