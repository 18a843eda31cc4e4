/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Two names, parted by a NUL: the same whichever comes first, and a name is itself or nobody. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "match.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	const char *a = (const char *)data, *b;
	const uint8_t *end = len > 0 ? memchr(data, 0, len) : NULL;
	size_t a_len = end != NULL ? (size_t)(end - data) : len, b_len, at;
	enum match there;

	b = end != NULL ? (const char *)end + 1 : a + len;
	b_len = end != NULL ? len - a_len - 1 : 0;
	there = match_names(a, a_len, b, b_len);
	/* NOLINTNEXTLINE(readability-suspicious-call-argument): the other way round on purpose */
	if (match_names(b, b_len, a, a_len) != there)
		abort();
	if (match_names(a, a_len, a, a_len) == MATCH_DEGREES)
		abort();
	if (there != MATCH_OTHER && match_names(a, a_len, a, a_len) != MATCH_SAME)
		abort();
	a_len = match_bare(a, a_len, &at);
	if (there != MATCH_OTHER && match_names(a + at, a_len, b, b_len) == MATCH_OTHER)
		abort();
	return 0;
}
