/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Raw search. */
#define _GNU_SOURCE /* memmem */
#include <stdlib.h>
#include <string.h>

#include "caps.h"
#include "scan.h"

#define BLOCK 256u /* octets that one of the sieve speaks for */
#define AHEAD 5u   /* the furthest octet behind a place that it looks at */

static const struct {
	const char *text;
	size_t len;
} words[SCAN__MAX] = {
    [SCAN_BYTE_RANGE] = {"/ByteRange", 10},
    [SCAN_SUB_FILTER] = {"/SubFilter", 10},
    [SCAN_OBJ] = {"obj", 3},
    [SCAN_TRAILER] = {"trailer", 7},
};

size_t
scan_len(enum scan_word word)
{
	return words[word].len;
}

/* No branches: compilers make vectors of it, some octets a nanosecond. */
static bool
has(const uint8_t *p, uint8_t first, uint8_t second, size_t apart)
{
	uint8_t any = 0;
	unsigned i;

	for (i = 0; i < BLOCK; i++)
		any |= (uint8_t)((p[i] == first) & (p[i + apart] == second));
	return any != 0;
}

/* Two octets of each word, which are rare together: of all words at once, then of each. */
static uint8_t
block(const uint8_t *p)
{
	uint8_t any = 0, x, y;
	unsigned i;

	for (i = 0; i < BLOCK; i++) {
		x = p[i];
		y = p[i + AHEAD];
		any |= (uint8_t)(((x == '/') & ((y == 'R') | (y == 'i'))) |
				 ((x == 't') & (y == 'e')) | ((x == 'o') & (p[i + 2] == 'j')));
	}
	if (any == 0)
		return 0;
	return (uint8_t)(has(p, '/', 'R', 5) << SCAN_BYTE_RANGE |
			 has(p, '/', 'i', 5) << SCAN_SUB_FILTER | has(p, 'o', 'j', 2) << SCAN_OBJ |
			 has(p, 't', 'e', 5) << SCAN_TRAILER);
}

const uint8_t *
scan_sieve(struct arena *arena, const uint8_t *p, size_t n)
{
	size_t blocks = n / BLOCK + 1, i;
	uint8_t *sieve = arena_alloc(arena, blocks);

	if (sieve == NULL)
		return NULL;
	for (i = 0; n - i * BLOCK >= BLOCK + AHEAD; i++)
		sieve[i] = block(p + i * BLOCK);
	memset(sieve + i, 0xff, blocks - i); /* at the end, everything can be */
	return sieve;
}

uint64_t
scan_next(const uint8_t *p, const uint8_t *sieve, uint64_t from, uint64_t to, enum scan_word word)
{
	size_t len = words[word].len;
	uint64_t end, i;
	const uint8_t *hit;

	while (from < to) {
		end = to;
		if (sieve != NULL) {
			/* The word begins in the block, or behind it. */
			for (i = from / BLOCK; !(sieve[i] & 1u << word);) {
				if (++i * BLOCK >= to)
					return UINT64_MAX;
			}
			from = from > i * BLOCK ? from : i * BLOCK;
			i = (i + 1) * BLOCK + len - 1;
			end = to < i ? to : i;
		}
		if ((hit = memmem(p + from, (size_t)(end - from), words[word].text, len)) != NULL)
			return (uint64_t)(hit - p);
		from = end == to ? to : end - (len - 1);
	}
	return UINT64_MAX;
}

/* False when the caller has had enough. */
static bool
in_memory(const uint8_t *p, const uint8_t *sieve, uint64_t from, uint64_t to, uint64_t base,
    enum scan_word word, scan_hit *hit, void *ctx)
{
	while ((from = scan_next(p, sieve, from, to, word)) != UINT64_MAX) {
		if (!hit(ctx, base + from))
			return false;
		from += words[word].len;
	}
	return true;
}

enum rc
scan_all(const struct source *src, const uint8_t *sieve, uint64_t from, uint64_t to,
    enum scan_word word, scan_hit *hit, void *ctx)
{
	size_t keep = words[word].len - 1, have = 0, len;
	uint8_t *chunk;
	enum rc rc = RC_OK;

	if (to > src->len)
		to = src->len;
	if (from >= to)
		return RC_OK;
	if (src->map == NULL) {
		(void)in_memory(src->p, sieve, from, to, 0, word, hit, ctx);
		return RC_OK;
	}
	if ((chunk = malloc(CAP_HASH_CHUNK + keep)) == NULL)
		return RC_NOMEM;
	while (from < to) {
		len = to - from < CAP_HASH_CHUNK ? (size_t)(to - from) : CAP_HASH_CHUNK;
		if ((rc = source_read(src, from, chunk + have, len)) != RC_OK)
			break;
		if (!in_memory(chunk, NULL, 0, have + len, from - have, word, hit, ctx))
			break;
		from += len;
		len += have;
		have = len < keep ? len : keep;
		memmove(chunk, chunk + len - have, have);
	}
	free(chunk);
	return rc;
}

/* Where the text lies last in len bytes, which are not fewer than its own; len if nowhere. */
static size_t
last_of(const uint8_t *p, size_t len, const char *text, size_t tlen)
{
	size_t i;

	for (i = len - tlen + 1; i > 0; i--) {
		if (p[i - 1] == (uint8_t)text[0] && memcmp(p + i - 1, text, tlen) == 0)
			return i - 1;
	}
	return len;
}

enum rc
scan_last(const struct source *src, const char *text, uint64_t *off)
{
	size_t tlen = strlen(text), at, len;
	uint64_t end = src->len, from;
	uint8_t *chunk = NULL;
	enum rc rc = RC_ABSENT;

	if (src->map != NULL && (chunk = malloc(CAP_HASH_CHUNK)) == NULL)
		return RC_NOMEM;
	while (end >= tlen && rc == RC_ABSENT) {
		len = src->map == NULL || end < CAP_HASH_CHUNK ? (size_t)end : CAP_HASH_CHUNK;
		from = end - len;
		if (chunk != NULL && (rc = source_read(src, from, chunk, len)) != RC_OK)
			break;
		at = last_of(chunk != NULL ? chunk : src->p, len, text, tlen);
		rc = at == len ? RC_ABSENT : RC_OK;
		*off = rc == RC_OK ? from + at : *off;
		if (from == 0)
			break;
		end = from + tlen - 1;
	}
	free(chunk);
	return rc;
}
