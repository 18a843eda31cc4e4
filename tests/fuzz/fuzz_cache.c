/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A file of the cache.  The last 32 octets are made the digest of the rest, since no fuzzer
 * finds one; an entry that is understood is written back as the same octets.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "algo.h"
#include "cache.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	uint8_t md[HASH_SIZE_MAX], *p;
	struct cache_entry e;
	struct buf b;

	if (len < 32 || (p = malloc(len)) == NULL)
		return 0;
	memcpy(p, data, len);
	if (hash_span(HASH_SHA256, (struct der){p, len - 32}, md) == 32)
		memcpy(p + len - 32, md, 32);
	buf_init(&b, 1u << 20);
	if (cache_decode(&e, p, len) == RC_OK) {
		if (cache_encode(&b, &e) != RC_OK || b.len != len || memcmp(b.p, p, len) != 0)
			abort();
		free(e.url);
		free(e.body);
	}
	buf_clear(&b);
	free(p);
	return 0;
}
