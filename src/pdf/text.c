/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Text strings of a document as text that may be shown. */
#include <string.h>

#include "text.h"

#define REPLACEMENT 0xfffd

/* PDFDocEncoding where it differs from Latin-1: 0x18..0x1f and 0x80..0xa0. */
static const uint16_t low[8] = {0x02d8, 0x02c7, 0x02c6, 0x02d9, 0x02dd, 0x02db, 0x02da, 0x02dc};
static const uint16_t high[33] = {0x2022, 0x2020, 0x2021, 0x2026, 0x2014, 0x2013, 0x0192, 0x2044,
    0x2039, 0x203a, 0x2212, 0x2030, 0x201e, 0x201c, 0x201d, 0x2018, 0x2019, 0x201a, 0x2122, 0xfb01,
    0xfb02, 0x0141, 0x0152, 0x0160, 0x0178, 0x017d, 0x0131, 0x0142, 0x0153, 0x0161, 0x017e,
    REPLACEMENT, 0x20ac};

/* False when the text is full. */
static bool
put(char *to, size_t *n, uint32_t c)
{
	size_t len = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4, i;

	if (c == '\t' || c == '\n' || c == '\r')
		c = ' ';
	/* Controls and the marks that turn the direction of what follows are dropped. */
	if (c < 0x20 || (c >= 0x7f && c < 0xa0) || (c >= 0x200e && c <= 0x200f) ||
	    (c >= 0x2028 && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) || c == 0xfeff)
		return true;
	if ((c >= 0xd800 && c <= 0xdfff) || c > 0x10ffff) {
		c = REPLACEMENT;
		len = 3;
	}
	if (TEXT_MAX - *n < len)
		return false;
	if (len == 1) {
		to[(*n)++] = (char)c;
		return true;
	}
	to[*n] = (char)((0xf00u >> len) | (c >> (6 * (len - 1))));
	for (i = 1; i < len; i++)
		to[*n + i] = (char)(0x80 | (c >> (6 * (len - 1 - i)) & 0x3f));
	*n += len;
	return true;
}

static void
from_utf16(char *to, size_t *n, const uint8_t *p, size_t len)
{
	uint32_t c, d;
	size_t i;

	for (i = 0; len - i >= 2; i += 2) {
		c = (uint32_t)p[i] << 8 | p[i + 1];
		if (c >= 0xd800 && c <= 0xdbff && len - i >= 4) {
			d = (uint32_t)p[i + 2] << 8 | p[i + 3];
			if (d >= 0xdc00 && d <= 0xdfff) {
				c = 0x10000 + ((c - 0xd800) << 10) + (d - 0xdc00);
				i += 2;
			}
		}
		if (!put(to, n, c))
			return;
	}
}

/* The character at p (RFC 3629), its length in *used; REPLACEMENT and 1 if malformed. */
static uint32_t
utf8_char(const uint8_t *p, size_t len, size_t *used)
{
	static const uint32_t least[5] = {0, 0, 0x80, 0x800, 0x10000};
	size_t want = p[0] < 0x80 ? 1 : p[0] >= 0xf0 ? 4 : p[0] >= 0xe0 ? 3 : 2, i;
	uint32_t c = p[0];

	*used = 1;
	if (want == 1)
		return c;
	if (p[0] < 0xc2 || p[0] > 0xf4 || want > len)
		return REPLACEMENT;
	c &= 0x7fu >> want;
	for (i = 1; i < want; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return REPLACEMENT;
		c = c << 6 | (p[i] & 0x3fu);
	}
	if (c < least[want])
		return REPLACEMENT;
	*used = want;
	return c;
}

static void
from_utf8(char *to, size_t *n, const uint8_t *p, size_t len)
{
	size_t i, used;

	for (i = 0; i < len; i += used) {
		if (!put(to, n, utf8_char(p + i, len - i, &used)))
			return;
	}
}

static void
from_doc(char *to, size_t *n, const uint8_t *p, size_t len)
{
	uint32_t c;
	size_t i;

	for (i = 0; i < len; i++) {
		c = p[i];
		if (c >= 0x18 && c <= 0x1f)
			c = low[c - 0x18];
		else if (c >= 0x80 && c <= 0xa0)
			c = high[c - 0x80];
		if (!put(to, n, c))
			return;
	}
}

char *
text_utf8(struct arena *arena, struct pdf_bytes s)
{
	char to[TEXT_MAX];
	size_t n = 0;

	if (s.len >= 2 && s.p[0] == 0xfe && s.p[1] == 0xff)
		from_utf16(to, &n, s.p + 2, s.len - 2);
	else if (s.len >= 3 && memcmp(s.p, "\xef\xbb\xbf", 3) == 0)
		from_utf8(to, &n, s.p + 3, s.len - 3);
	else
		from_doc(to, &n, s.p, s.len);
	return arena_str(arena, to, n);
}

char *
text_printable(struct arena *arena, struct pdf_bytes s)
{
	size_t i, n = s.len < 127 ? s.len : 127;
	char *to = arena_alloc(arena, n + 1);

	for (i = 0; to != NULL && i < n; i++)
		to[i] = (char)(s.p[i] > 0x20 && s.p[i] < 0x7f ? s.p[i] : '?');
	return to;
}
