/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Raw search. */
#define _GNU_SOURCE /* memmem */
#include <stdlib.h>
#include <string.h>

#include "caps.h"
#include "scan.h"

/* False when the caller has had enough. */
static bool
in_memory(const uint8_t *p, size_t len, uint64_t base, const char *word, scan_hit *hit, void *ctx)
{
	size_t wlen = strlen(word);
	const uint8_t *at = p, *end = p + len;

	while ((at = memmem(at, (size_t)(end - at), word, wlen)) != NULL) {
		if (!hit(ctx, base + (uint64_t)(at - p)))
			return false;
		at += wlen;
	}
	return true;
}

enum rc
scan_word(const struct source *src, uint64_t from, uint64_t to, const char *word, scan_hit *hit,
    void *ctx)
{
	size_t keep = strlen(word) - 1, have = 0, len;
	uint8_t *chunk;
	enum rc rc = RC_OK;

	if (to > src->len)
		to = src->len;
	if (from >= to)
		return RC_OK;
	if (src->map == NULL) {
		(void)in_memory(src->p + from, (size_t)(to - from), from, word, hit, ctx);
		return RC_OK;
	}
	if ((chunk = malloc(CAP_HASH_CHUNK + keep)) == NULL)
		return RC_NOMEM;
	while (from < to) {
		len = to - from < CAP_HASH_CHUNK ? (size_t)(to - from) : CAP_HASH_CHUNK;
		if ((rc = source_read(src, from, chunk + have, len)) != RC_OK)
			break;
		if (!in_memory(chunk, have + len, from - have, word, hit, ctx))
			break;
		from += len;
		len += have;
		have = len < keep ? len : keep;
		memmove(chunk, chunk + len - have, have);
	}
	free(chunk);
	return rc;
}

enum rc
scan_last(const struct source *src, const char *word, uint64_t *off)
{
	size_t wlen = strlen(word), i, len;
	uint64_t end = src->len, from;
	enum rc rc = RC_ABSENT;
	uint8_t *chunk;

	if ((chunk = malloc(CAP_HASH_CHUNK)) == NULL)
		return RC_NOMEM;
	while (end >= wlen) {
		len = end < CAP_HASH_CHUNK ? (size_t)end : CAP_HASH_CHUNK;
		from = end - len;
		if ((rc = source_read(src, from, chunk, len)) != RC_OK)
			break;
		rc = RC_ABSENT;
		for (i = len - wlen + 1; i > 0 && rc == RC_ABSENT; i--) {
			if (memcmp(chunk + i - 1, word, wlen) == 0) {
				*off = from + i - 1;
				rc = RC_OK;
			}
		}
		if (rc == RC_OK || from == 0)
			break;
		end = from + wlen - 1;
	}
	free(chunk);
	return rc;
}
