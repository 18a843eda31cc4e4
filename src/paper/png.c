/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows as they are, in one stream of zlib's, cut into chunks. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <cairo.h>
#include <zlib.h>

#include "png.h"

#define CHUNK (64u << 10)
#define LEVEL 3 /* the next ones take their time and save little */

static void
put_chunk(struct buf *out, const char *type, const uint8_t *p, size_t len)
{
	uLong crc = crc32(0, (const Bytef *)type, 4);

	if (len > 0)
		crc = crc32(crc, p, (uInt)len);
	buf_u32(out, (uint32_t)len);
	buf_put(out, type, 4);
	if (len > 0)
		buf_put(out, p, len);
	buf_u32(out, (uint32_t)crc);
}

static void
put_u32(uint8_t *p, uint32_t v)
{
	p[0] = (uint8_t)(v >> 24);
	p[1] = (uint8_t)(v >> 16);
	p[2] = (uint8_t)(v >> 8);
	p[3] = (uint8_t)v;
}

static void
put_head(struct buf *out, uint32_t width, uint32_t height, uint32_t dpi)
{
	uint8_t head[13] = {0}, size[9] = {0};

	buf_put(out, "\x89PNG\r\n\x1a\n", 8);
	put_u32(head, width);
	put_u32(head + 4, height);
	head[8] = 8; /* bits */
	head[9] = 6; /* colours and alpha */
	put_chunk(out, "IHDR", head, sizeof(head));
	put_u32(size, (uint32_t)lround(dpi / 0.0254));
	put_u32(size + 4, (uint32_t)lround(dpi / 0.0254));
	size[8] = 1; /* a metre */
	put_chunk(out, "pHYs", size, sizeof(size));
}

/* cairo's colours are multiplied by alpha; a PNG's are not. */
static void
take_row(uint8_t *to, const uint8_t *from, unsigned width)
{
	uint32_t v, alpha;
	unsigned x;

	*to++ = 0; /* no filter */
	for (x = 0; x < width; x++, to += 4) {
		memcpy(&v, from + 4 * (size_t)x, sizeof(v));
		alpha = v >> 24;
		if (alpha == 0)
			memset(to, 0, 4);
		else {
			to[0] = (uint8_t)(((v >> 16 & 255) * 255 + alpha / 2) / alpha);
			to[1] = (uint8_t)(((v >> 8 & 255) * 255 + alpha / 2) / alpha);
			to[2] = (uint8_t)(((v & 255) * 255 + alpha / 2) / alpha);
			to[3] = (uint8_t)alpha;
		}
	}
}

/* Until it has taken all that it was given; with Z_FINISH, until it has said all. */
static void
squeeze(struct buf *out, z_stream *z, uint8_t *room, int flush)
{
	int status;

	do {
		status = deflate(z, flush);
		if (z->avail_out > 0 && status != Z_STREAM_END)
			continue;
		put_chunk(out, "IDAT", room, CHUNK - z->avail_out);
		z->next_out = room;
		z->avail_out = CHUNK;
	} while (z->avail_in > 0 || (flush == Z_FINISH && status == Z_OK));
}

void
png_write(struct buf *out, struct _cairo_surface *s, uint32_t dpi)
{
	unsigned width = (unsigned)cairo_image_surface_get_width(s);
	unsigned height = (unsigned)cairo_image_surface_get_height(s), y;
	size_t stride = (size_t)cairo_image_surface_get_stride(s), len = 1 + 4 * (size_t)width;
	uint8_t *row = malloc(len), *room = malloc(CHUNK);
	z_stream z = {.next_out = room, .avail_out = CHUNK};

	if (row == NULL || room == NULL || deflateInit(&z, LEVEL) != Z_OK) {
		out->rc = RC_NOMEM;
		goto out;
	}
	cairo_surface_flush(s);
	put_head(out, width, height, dpi);
	for (y = 0; y < height; y++) {
		take_row(row, cairo_image_surface_get_data(s) + y * stride, width);
		z.next_in = row;
		z.avail_in = (uInt)len;
		squeeze(out, &z, room, Z_NO_FLUSH);
	}
	squeeze(out, &z, room, Z_FINISH);
	put_chunk(out, "IEND", NULL, 0);
	(void)deflateEnd(&z);
out:
	free(row);
	free(room);
}
