/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pictures of pages: octets that pass through, looked at no further than album.h does. */
#include <stdlib.h>
#include <string.h>

#include "picture.h"

static bool
has(const struct album_picture *v, size_t n, const struct album_picture *p)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (v[i].page == p->page && v[i].kind == p->kind)
			return true;
	return false;
}

size_t
pictures_of(struct album_picture v[PICTURES_MAX], const struct buf *b)
{
	struct album_picture p;
	size_t n = 0, off = 0;

	while (n < PICTURES_MAX && album_next(b, &off, &p) == RC_OK)
		if (!has(v, n, &p))
			v[n++] = p;
	return n;
}

bool
picture_name(const char *name, uint32_t *page, enum album_kind *kind)
{
	unsigned long n;
	unsigned k;
	char *end;

	if (*name < '1' || *name > '9')
		return false;
	n = strtoul(name, &end, 10);
	if (n > CAP_PAGES || *end != '-')
		return false;
	for (k = 0; k < ALBUM_KIND__MAX; k++) {
		size_t len = strlen(album_kind_name((enum album_kind)k));

		if (strncmp(end + 1, album_kind_name((enum album_kind)k), len) == 0 &&
		    strcmp(end + 1 + len, ".png") == 0) {
			*page = (uint32_t)n;
			*kind = (enum album_kind)k;
			return true;
		}
	}
	return false;
}
