/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Crockford's base32 (https://www.crockford.com/base32.html), and ids with a check character. */
#include <string.h>

#include "crockford.h"

static const char lower[] = "0123456789abcdefghjkmnpqrstvwxyz";
static const char upper[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

static void
spell(const uint8_t in[16], const char *digits, char out[CROCKFORD_128_LEN + 1])
{
	unsigned have = 2, i, o = 0; /* 130 bits are 26 digits: two zeros come first */
	uint32_t bits = 0;

	for (i = 0; i < 16; i++) {
		bits = (bits << 8 | in[i]) & 0xfff;
		for (have += 8; have >= 5; have -= 5)
			out[o++] = digits[bits >> (have - 5) & 31];
	}
	out[o] = '\0';
}

void
crockford_128(const uint8_t in[16], char out[CROCKFORD_128_LEN + 1])
{
	spell(in, lower, out);
}

void
crockford_code(const uint8_t *random, size_t n, char *out)
{
	size_t i;

	for (i = 0; i < n; i++)
		out[i] = upper[random[i] & 31];
	out[n] = '\0';
}

/* The value of what was typed; -1: no digit. */
static int
value(char c)
{
	const char *p;

	if (c >= 'a' && c <= 'z')
		c = (char)(c - 'a' + 'A');
	if (c == 'O')
		c = '0';
	if (c == 'I' || c == 'L')
		c = '1';
	if (c == '\0' || (p = strchr(upper, c)) == NULL)
		return -1;
	return (int)(p - upper);
}

/*
 * The sum over GF(32) (x^5 + x^2 + 1) of the first 26 digits, the first times x^26, the last
 * times x.  The check character's own power is x^0; all 27 powers are different, since x has
 * order 31.
 */
static unsigned
check(const char *digits)
{
	unsigned sum = 0, i;

	for (i = 0; i < CROCKFORD_128_LEN; i++) {
		sum ^= (unsigned)value(digits[i]);
		sum <<= 1;
		if (sum & 32)
			sum ^= 32 | 5;
	}
	return sum;
}

void
crockford_id(const uint8_t in[16], char out[CROCKFORD_ID_LEN + 1])
{
	spell(in, upper, out);
	out[CROCKFORD_128_LEN] = upper[check(out)];
	out[CROCKFORD_ID_LEN] = '\0';
}

bool
crockford_code_read(const char *s, size_t len, char *out, size_t max)
{
	size_t i, n = 0;
	int v;

	for (i = 0; i < len; i++) {
		if (s[i] == '-' || s[i] == ' ' || (s[i] >= '\t' && s[i] <= '\r'))
			continue;
		if ((v = value(s[i])) == -1 || n == max) {
			out[0] = '\0';
			return false;
		}
		out[n++] = upper[v];
	}
	out[n] = '\0';
	return n > 0;
}

bool
crockford_id_read(const char *s, size_t len, char out[CROCKFORD_ID_LEN + 1])
{
	if (crockford_code_read(s, len, out, CROCKFORD_ID_LEN) && strlen(out) == CROCKFORD_ID_LEN &&
	    value(out[0]) < 8 && upper[check(out)] == out[CROCKFORD_128_LEN])
		return true;
	out[0] = '\0';
	return false;
}
