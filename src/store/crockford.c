/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Crockford's base32 (https://www.crockford.com/base32.html), without a check symbol. */
#include "crockford.h"

void
crockford_128(const uint8_t in[16], char out[CROCKFORD_128_LEN + 1])
{
	static const char digits[] = "0123456789abcdefghjkmnpqrstvwxyz";
	unsigned have = 2, i, o = 0; /* 130 bits are 26 digits: two zeros come first */
	uint32_t bits = 0;

	for (i = 0; i < 16; i++) {
		bits = (bits << 8 | in[i]) & 0xfff;
		for (have += 8; have >= 5; have -= 5)
			out[o++] = digits[bits >> (have - 5) & 31];
	}
	out[o] = '\0';
}
