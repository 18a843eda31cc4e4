/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A form's body: what is found lies inside it.  The first byte says how much is header. */
#include <stdlib.h>
#include <string.h>

#include "multipart.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	char type[256], boundary[MULTIPART_BOUNDARY + 1];
	struct part part;
	size_t head;

	if (len == 0 || data[0] >= len)
		return 0;
	head = data[0];
	memcpy(type, data + 1, head);
	type[head] = '\0';
	data += 1 + head;
	len -= 1 + head;
	if (!multipart_boundary(type, boundary))
		return 0;
	if (multipart_find(&part, data, len, boundary, "file") != RC_OK)
		return 0;
	if (part.off > len || part.len > len - part.off || strlen(part.name) > MULTIPART_NAME ||
	    (!part.has_name && part.name[0] != '\0'))
		abort();
	return 0;
}
