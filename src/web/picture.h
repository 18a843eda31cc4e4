/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PICTURE_H
#define PICTURE_H

#include "album.h"
#include "ask.h"
#include "caps.h"

#define PICTURES_MAX (2 * CAP_PICTURE_PAGES)

/*
 * The pictures in an album's octets, each page and kind once; what a drawer wrote is not believed
 * to be more than that.  The number of them; they lie in b.
 */
size_t pictures_of(struct album_picture v[PICTURES_MAX], const struct buf *b);
/* "3-signed.png": a page's number and the kind.  False if it is no such name. */
bool picture_name(const char *name, uint32_t *page, enum album_kind *kind);

#endif /* PICTURE_H */
