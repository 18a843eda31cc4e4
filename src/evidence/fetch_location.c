/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "fetch_part.h"

void
fetch_location_join(struct buf *out, const struct guard_url *at, const char *location)
{
	const char *path = strstr(at->url, "://");
	size_t keep = strspn(location, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				       "0123456789+-.");

	path = path == NULL ? at->url : path + 3;
	path += strcspn(path, "/");
	if (keep > 0 && location[keep] == ':')
		keep = 0; /* whole as it is */
	else if (location[0] == '/' && location[1] == '/')
		keep = strcspn(at->url, "/");
	else if (location[0] == '/')
		keep = (size_t)(path - at->url);
	else {
		keep = (size_t)(path - at->url) + strcspn(path, "?");
		while (location[0] != '?' && location[0] != '#' && at->url[keep - 1] != '/')
			keep--;
	}
	buf_put(out, at->url, keep);
	buf_str(out, location);
}
