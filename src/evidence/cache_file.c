/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * An entry of the cache as a file: a header, the address, the body, and SHA-256 of it all.
 * The digest finds what a crash has cut off, and a bad disk; it keeps nobody out, and need
 * not: whoever judges verifies the body's own signature.
 */
#include <stdlib.h>
#include <string.h>

#include "algo.h"
#include "cache.h"
#include "caps.h"
#include "order.h"
#include "rd.h"

static const uint8_t magic[8] = {'p', 'e', 'r', 'i', 'k', 's', 'a', 1};

enum rc
cache_encode(struct buf *b, const struct cache_entry *e)
{
	size_t at = b->len, n = strlen(e->url);
	uint8_t md[HASH_SIZE_MAX];

	buf_put(b, magic, sizeof(magic));
	buf_put(b, e->key, sizeof(e->key));
	buf_u32(b, (uint32_t)e->kind);
	buf_u64(b, (uint64_t)e->asked);
	buf_u64(b, (uint64_t)e->until);
	buf_u32(b, (uint32_t)n);
	buf_put(b, e->url, n);
	buf_u32(b, (uint32_t)e->len);
	buf_put(b, e->body, e->len);
	if (buf_rc(b) != RC_OK)
		return buf_rc(b);
	if (hash_span(HASH_SHA256, (struct der){b->p + at, b->len - at}, md) != 32)
		return RC_CRYPTO;
	buf_put(b, md, 32);
	return buf_rc(b);
}

static bool
is_url(const uint8_t *p, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		if (p[i] < 0x21 || p[i] > 0x7e)
			return false;
	return len > 0 && len <= CAP_FETCH_URL;
}

static bool
checks_out(const uint8_t *p, size_t len)
{
	uint8_t md[HASH_SIZE_MAX];

	return len > 32 && hash_span(HASH_SHA256, (struct der){p, len - 32}, md) == 32 &&
	       memcmp(md, p + len - 32, 32) == 0;
}

enum rc
cache_decode(struct cache_entry *out, const void *p, size_t len)
{
	const uint8_t *head, *key, *url, *body;
	uint64_t asked, until;
	uint32_t kind, n;
	struct rd r;

	memset(out, 0, sizeof(*out));
	if (!checks_out(p, len))
		return RC_FORMAT;
	rd_init(&r, p, len - 32);
	head = rd_bytes(&r, sizeof(magic));
	key = rd_bytes(&r, sizeof(out->key));
	kind = rd_u32(&r);
	asked = rd_u64(&r);
	until = rd_u64(&r);
	url = rd_bytes(&r, n = rd_u32(&r));
	body = rd_bytes(&r, out->len = rd_u32(&r));
	if (!rd_end(&r) || memcmp(head, magic, sizeof(magic)) != 0 || kind > LOOKUP_CERT ||
	    asked > ORDER_WHEN_MAX || until > asked + CAP_KEEP_DAYS * 86400ull || !is_url(url, n) ||
	    out->len == 0 || out->len > CAP_CRL)
		return RC_FORMAT;
	memcpy(out->key, key, sizeof(out->key));
	out->kind = (enum lookup_part_kind)kind;
	out->asked = (int64_t)asked;
	out->until = (int64_t)until;
	out->url = strndup((const char *)url, n);
	if ((out->body = malloc(out->len)) != NULL)
		memcpy(out->body, body, out->len);
	if (out->url != NULL && out->body != NULL)
		return RC_OK;
	free(out->url);
	free(out->body);
	memset(out, 0, sizeof(*out));
	return RC_NOMEM;
}
