/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Kore reads no environment: its file is made from a template at each start. */
#include <stdbool.h>
#include <string.h>

#include "koreconf.h"

static const char *
find(const char *name, size_t len, const struct koreconf_word *words, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (strlen(words[i].name) == len && memcmp(words[i].name, name, len) == 0)
			return words[i].value;
	return NULL;
}

static enum rc
line(struct buf *out, const char *p, const char *end, const struct koreconf_word *words, size_t n)
{
	const char *at, *close, *value;

	while ((at = memchr(p, '@', (size_t)(end - p))) != NULL) {
		close = memchr(at + 1, '@', (size_t)(end - at - 1));
		if (close == NULL)
			return RC_FORMAT;
		value = find(at + 1, (size_t)(close - at - 1), words, n);
		if (value == NULL || *value == '\0' || strpbrk(value, " \t\r\n\v\f") != NULL)
			return RC_FORMAT;
		buf_put(out, p, (size_t)(at - p));
		buf_str(out, value);
		p = close + 1;
	}
	buf_put(out, p, (size_t)(end - p));
	return RC_OK;
}

enum rc
koreconf_fill(
    struct buf *out, const char *text, size_t len, const struct koreconf_word *words, size_t n)
{
	const char *p = text, *stop = text + len, *end, *first;
	enum rc rc;

	for (; p < stop; p = end + (end < stop)) {
		if ((end = memchr(p, '\n', (size_t)(stop - p))) == NULL)
			end = stop;
		for (first = p; first < end && (*first == ' ' || *first == '\t'); first++)
			continue;
		if (first == end || *first == '#')
			continue;
		if ((rc = line(out, p, end, words, n)) != RC_OK)
			return rc;
		buf_u8(out, '\n');
	}
	return buf_rc(out);
}
