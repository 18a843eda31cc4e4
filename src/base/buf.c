/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A growing buffer with a ceiling and a sticky error. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"

void
buf_init(struct buf *b, size_t max)
{
	memset(b, 0, sizeof(*b));
	b->max = max;
}

void
buf_clear(struct buf *b)
{
	size_t max = b->max;

	free(b->p);
	buf_init(b, max);
}

enum rc
buf_rc(const struct buf *b)
{
	return b->rc;
}

/* Room for len more bytes, or a sticky error. */
static bool
reserve(struct buf *b, size_t len)
{
	size_t want;
	uint8_t *p;

	if (b->rc != RC_OK)
		return false;
	if (len > b->max || b->len > b->max - len) {
		b->rc = RC_TOOBIG;
		return false;
	}
	if (b->cap - b->len >= len)
		return true;
	want = b->cap < 128 ? 256 : b->cap * 2;
	if (want < b->len + len)
		want = b->len + len;
	if ((p = realloc(b->p, want)) == NULL) {
		b->rc = RC_NOMEM;
		return false;
	}
	b->p = p;
	b->cap = want;
	return true;
}

void
buf_put(struct buf *b, const void *p, size_t len)
{
	if (len == 0 || !reserve(b, len))
		return;
	memcpy(b->p + b->len, p, len);
	b->len += len;
}

void
buf_u8(struct buf *b, uint8_t v)
{
	buf_put(b, &v, 1);
}

void
buf_u32(struct buf *b, uint32_t v)
{
	uint8_t t[4] = {(uint8_t)(v >> 24), (uint8_t)(v >> 16), (uint8_t)(v >> 8), (uint8_t)v};

	buf_put(b, t, sizeof(t));
}

void
buf_u64(struct buf *b, uint64_t v)
{
	buf_u32(b, (uint32_t)(v >> 32));
	buf_u32(b, (uint32_t)v);
}

void
buf_str(struct buf *b, const char *s)
{
	buf_put(b, s, strlen(s));
}

void
buf_hex(struct buf *b, const void *p, size_t len)
{
	static const char digits[] = "0123456789abcdef";
	const uint8_t *q = p;
	size_t i;

	for (i = 0; i < len; i++) {
		buf_u8(b, (uint8_t)digits[q[i] >> 4]);
		buf_u8(b, (uint8_t)digits[q[i] & 15]);
	}
}

void
buf_printf(struct buf *b, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n < 0) {
		b->rc = RC_FORMAT;
		return;
	}
	if (!reserve(b, (size_t)n + 1))
		return;
	va_start(ap, fmt);
	vsnprintf((char *)b->p + b->len, (size_t)n + 1, fmt, ap);
	va_end(ap);
	b->len += (size_t)n;
}

const char *
buf_text(struct buf *b)
{
	if (!reserve(b, 1))
		return "";
	b->p[b->len] = '\0';
	return (const char *)b->p;
}
