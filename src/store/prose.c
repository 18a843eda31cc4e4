/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Texts that people type in and others read: RFC 3629, section 4, without controls. */
#include <stdint.h>

#include "prose.h"

/* The character at *p, which goes on; -1: this is no UTF-8.  A NUL ends any sequence. */
static int32_t
next(const unsigned char **p)
{
	static const int32_t least[] = {0, 0x80, 0x800, 0x10000};
	int32_t c = *(*p)++;
	int more, i;

	if (c < 0x80)
		return c;
	if (c < 0xc2 || c > 0xf4)
		return -1;
	more = c < 0xe0 ? 1 : c < 0xf0 ? 2 : 3;
	c &= 0x3f >> more;
	for (i = 0; i < more; i++) {
		if ((**p & 0xc0) != 0x80)
			return -1;
		c = c << 6 | (*(*p)++ & 0x3f);
	}
	return c < least[more] || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff) ? -1 : c;
}

/* Controls, line and paragraph ends, and what makes a text read in another order than it has. */
static bool
unseen(int32_t c)
{
	return c < 0x20 || (c >= 0x7f && c <= 0x9f) || c == 0x200e || c == 0x200f ||
	       (c >= 0x2028 && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) || c == 0xfeff;
}

bool
prose_ok(const char *s, size_t min, size_t max)
{
	const unsigned char *p = (const unsigned char *)s;
	int32_t c = 0;
	size_t n;

	if (s == NULL || *p == ' ')
		return false;
	for (n = 0; *p != '\0'; n++)
		if (n == max || (c = next(&p)) < 0 || unseen(c))
			return false;
	return n >= min && c != ' ';
}
