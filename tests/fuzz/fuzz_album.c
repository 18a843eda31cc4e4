/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whatever a drawer wrote: each picture lies in the octets, and is a PNG by its ends. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "album.h"
#include "caps.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct album_picture p;
	struct buf b;
	size_t off = 0, before;

	buf_init(&b, len);
	buf_put(&b, data, len);
	for (before = 0; album_next(&b, &off, &p) == RC_OK; before = off) {
		if (off <= before || off > len || p.png < b.p || p.len > CAP_PICTURE ||
		    p.png + p.len != b.p + off || p.page == 0 || p.page > CAP_PAGES ||
		    p.kind >= ALBUM_KIND__MAX || memcmp(p.png, "\x89PNG", 4) != 0)
			abort();
	}
	buf_clear(&b);
	return 0;
}
