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

/* The character at p, its length in *used; half of a pair stays what it is. */
static uint32_t
utf16_char(const uint8_t *p, size_t len, size_t *used)
{
	uint32_t c = (uint32_t)p[0] << 8 | p[1], d;

	*used = 2;
	if (c >= 0xd800 && c <= 0xdbff && len >= 4) {
		d = (uint32_t)p[2] << 8 | p[3];
		if (d >= 0xdc00 && d <= 0xdfff) {
			*used = 4;
			c = 0x10000 + ((c - 0xd800) << 10) + (d - 0xdc00);
		}
	}
	return c;
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

enum coding { CODING_DOC, CODING_UTF8, CODING_UTF16 };

/* Its mark is taken off. */
static enum coding
coding_of(struct pdf_bytes *s)
{
	enum coding coding = CODING_DOC;
	size_t mark = 0;

	if (s->len >= 2 && s->p[0] == 0xfe && s->p[1] == 0xff) {
		coding = CODING_UTF16;
		mark = 2;
	} else if (s->len >= 3 && memcmp(s->p, "\xef\xbb\xbf", 3) == 0) {
		coding = CODING_UTF8;
		mark = 3;
	}
	s->p += mark;
	s->len -= mark;
	return coding;
}

/* Takes the next character off; false at the end, where an odd octet may be left. */
static bool
take(struct pdf_bytes *s, enum coding coding, uint32_t *c)
{
	size_t used = 1;

	if (s->len < (coding == CODING_UTF16 ? 2 : 1))
		return false;
	if (coding == CODING_UTF16)
		*c = utf16_char(s->p, s->len, &used);
	else if (coding == CODING_UTF8)
		*c = utf8_char(s->p, s->len, &used);
	else if (s->p[0] >= 0x18 && s->p[0] <= 0x1f)
		*c = low[s->p[0] - 0x18];
	else if (s->p[0] >= 0x80 && s->p[0] <= 0xa0)
		*c = high[s->p[0] - 0x80];
	else
		*c = s->p[0];
	s->p += used;
	s->len -= used;
	return true;
}

char *
text_utf8(struct arena *arena, struct pdf_bytes s)
{
	enum coding coding = coding_of(&s);
	char to[TEXT_MAX];
	size_t n = 0;
	uint32_t c;

	while (take(&s, coding, &c) && put(to, &n, c))
		;
	return arena_str(arena, to, n);
}

bool
text_same(struct pdf_bytes a, struct pdf_bytes b)
{
	enum coding of_a = coding_of(&a), of_b = coding_of(&b);
	uint32_t c, d;

	while (take(&a, of_a, &c)) {
		if (!take(&b, of_b, &d) || c != d || c == REPLACEMENT ||
		    (c >= 0xd800 && c <= 0xdfff))
			return false;
	}
	return a.len == 0 && b.len == 0;
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
