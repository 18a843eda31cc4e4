/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The filters that cross-reference streams, object streams and DSS streams use. */
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "caps.h"
#include "inflate.h"
#include "lex.h"

void
inflater_clear(struct inflater *f)
{
	if (f->z != NULL)
		(void)inflateEnd(f->z);
	free(f->z);
	free(f->out);
	memset(f, 0, sizeof(*f));
}

static enum rc
ready(struct inflater *f)
{
	if (f->z != NULL)
		return inflateReset(f->z) == Z_OK ? RC_OK : RC_NOMEM;
	if ((f->z = calloc(1, sizeof(z_stream))) == NULL)
		return RC_NOMEM;
	if (inflateInit((z_stream *)f->z) == Z_OK)
		return RC_OK;
	free(f->z);
	f->z = NULL;
	return RC_NOMEM;
}

static enum rc
grow(struct inflater *f, size_t max)
{
	size_t want = f->cap == 0 ? 64u << 10 : f->cap * 2;
	uint8_t *p;

	if (f->cap >= max)
		return RC_TOOBIG;
	if (want > max)
		want = max;
	if ((p = realloc(f->out, want)) == NULL)
		return RC_NOMEM;
	f->out = p;
	f->cap = want;
	return RC_OK;
}

enum rc
inflate_bytes(struct inflater *f, struct arena *arena, struct pdf_bytes in, size_t *budget,
    struct pdf_bytes *out)
{
	size_t max = *budget < CAP_STREAM ? *budget : CAP_STREAM, done = 0;
	enum rc rc;
	z_stream *z;
	int r;

	out->p = NULL;
	out->len = 0;
	if (in.len > UINT32_MAX)
		return RC_TOOBIG;
	if ((rc = ready(f)) != RC_OK)
		return rc;
	z = f->z;
	/* zlib's interface lacks the const that it keeps. */
	memcpy(&z->next_in, &in.p, sizeof(in.p));
	z->avail_in = (uInt)in.len;
	do {
		if (done == f->cap && (rc = grow(f, max + 1)) != RC_OK)
			return rc;
		z->next_out = f->out + done;
		z->avail_out = (uInt)(f->cap - done);
		r = inflate(z, Z_NO_FLUSH);
		done = f->cap - z->avail_out;
		if (done > max)
			return RC_TOOBIG;
	} while (r == Z_OK && (z->avail_out == 0 || z->avail_in != 0));
	if (r == Z_MEM_ERROR)
		return RC_NOMEM;
	if (r != Z_STREAM_END)
		return RC_FORMAT;
	*budget -= done;
	if ((out->p = arena_dup(arena, f->out, done)) == NULL)
		return RC_NOMEM;
	out->len = done;
	return RC_OK;
}

static uint8_t
paeth(uint8_t a, uint8_t b, uint8_t c)
{
	int p = a + b - c, pa = abs(p - a), pb = abs(p - b), pc = abs(p - c);

	if (pa <= pb && pa <= pc)
		return a;
	return pb <= pc ? b : c;
}

/* One row of a PNG predictor in place; up is the row above or NULL. */
static bool
png_row(uint8_t type, uint8_t *row, const uint8_t *up, size_t len, size_t bpp)
{
	size_t i;
	uint8_t a, b, c;

	if (type > 4)
		return false;
	for (i = 0; type != 0 && i < len; i++) {
		a = i >= bpp ? row[i - bpp] : 0;
		b = up != NULL ? up[i] : 0;
		c = i >= bpp && up != NULL ? up[i - bpp] : 0;
		if (type == 1)
			row[i] = (uint8_t)(row[i] + a);
		else if (type == 2)
			row[i] = (uint8_t)(row[i] + b);
		else if (type == 3)
			row[i] = (uint8_t)(row[i] + (a + b) / 2);
		else
			row[i] = (uint8_t)(row[i] + paeth(a, b, c));
	}
	return true;
}

static enum rc
unpredict_png(uint8_t *to, struct pdf_bytes in, size_t len, size_t bpp, struct pdf_bytes *out)
{
	size_t row, rows = in.len / (len + 1);

	for (row = 0; row < rows; row++) {
		memcpy(to + row * len, in.p + row * (len + 1) + 1, len);
		if (!png_row(in.p[row * (len + 1)], to + row * len,
			row == 0 ? NULL : to + (row - 1) * len, len, bpp))
			return RC_FORMAT;
	}
	out->p = to;
	out->len = rows * len;
	return RC_OK;
}

enum rc
inflate_unpredict(
    struct arena *arena, struct pdf_bytes in, const struct predictor *pr, struct pdf_bytes *out)
{
	size_t len, bpp, i, step;
	uint8_t *to;

	out->p = NULL;
	out->len = 0;
	if (pr->kind != 2 && (pr->kind < 10 || pr->kind > 15))
		return RC_FORMAT;
	if (pr->colors < 1 || pr->colors > 32 || pr->columns < 1 || pr->columns > (1 << 24) ||
	    (pr->bits != 1 && pr->bits != 2 && pr->bits != 4 && pr->bits != 8 && pr->bits != 16))
		return RC_FORMAT;
	len = (size_t)(pr->colors * pr->bits * pr->columns + 7) / 8;
	bpp = (size_t)(pr->colors * pr->bits + 7) / 8;
	step = pr->kind == 2 ? len : len + 1;
	if (in.len % step != 0 || (pr->kind == 2 && pr->bits != 8))
		return RC_FORMAT;
	if ((to = arena_dup(arena, in.p, in.len)) == NULL)
		return RC_NOMEM;
	if (pr->kind != 2)
		return unpredict_png(to, in, len, bpp, out);
	for (i = 0; i < in.len; i++) {
		if (i % len >= bpp)
			to[i] = (uint8_t)(to[i] + to[i - bpp]);
	}
	out->p = to;
	out->len = in.len;
	return RC_OK;
}

enum rc
inflate_hex(struct arena *arena, struct pdf_bytes in, struct pdf_bytes *out)
{
	uint8_t *to = arena_alloc(arena, in.len / 2 + 1);
	size_t i, n = 0, digits = 0;
	int d;

	out->p = NULL;
	out->len = 0;
	if (to == NULL)
		return RC_NOMEM;
	for (i = 0; i < in.len && in.p[i] != '>'; i++) {
		if (lex_is_space(in.p[i]))
			continue;
		if ((d = lex_hex(in.p[i])) == -1)
			return RC_FORMAT;
		to[n] = (uint8_t)(digits % 2 == 0 ? d << 4 : to[n] | d);
		n += digits++ % 2;
	}
	if (i == in.len)
		return RC_FORMAT;
	out->p = to;
	out->len = n + digits % 2;
	return RC_OK;
}

/* n of 5 digits (the rest counts as 'u') become n - 1 bytes. */
static bool
group85(const uint8_t digits[5], size_t n, uint8_t *to)
{
	uint64_t v = 0;
	size_t i;

	for (i = 0; i < 5; i++)
		v = v * 85 + (i < n ? digits[i] : 84);
	if (v > UINT32_MAX || n == 1)
		return false;
	for (i = 0; i + 1 < n; i++)
		to[i] = (uint8_t)(v >> (24 - 8 * i));
	return true;
}

enum rc
inflate_ascii85(struct arena *arena, struct pdf_bytes in, struct pdf_bytes *out)
{
	uint8_t *to, digits[5];
	size_t i, n = 0, have = 0;

	out->p = NULL;
	out->len = 0;
	if (in.len > CAP_STREAM)
		return RC_TOOBIG;
	if ((to = arena_alloc(arena, in.len * 4 + 4)) == NULL)
		return RC_NOMEM;
	for (i = 0; i < in.len && in.p[i] != '~'; i++) {
		if (lex_is_space(in.p[i]))
			continue;
		if (in.p[i] == 'z' && have == 0) {
			n += 4; /* four zero bytes, which the arena gave */
			continue;
		}
		if (in.p[i] < '!' || in.p[i] > 'u')
			return RC_FORMAT;
		digits[have++] = (uint8_t)(in.p[i] - '!');
		if (have < 5)
			continue;
		if (!group85(digits, 5, to + n))
			return RC_FORMAT;
		n += 4;
		have = 0;
	}
	if (i == in.len || (have != 0 && !group85(digits, have, to + n)))
		return RC_FORMAT;
	out->p = to;
	out->len = n + (have == 0 ? 0 : have - 1);
	return RC_OK;
}
