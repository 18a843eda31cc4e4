/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CROCKFORD_H
#define CROCKFORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Crockford's base32: digits and letters without i, l, o and u, so that nobody misreads
 * them.
 */
#define CROCKFORD_128_LEN 26 /* 128 bits, two zero bits in front */

/* The text of 16 octets in lower case, most significant bit first, and a NUL. */
void crockford_128(const uint8_t in[16], char out[CROCKFORD_128_LEN + 1]);
/* n characters of 5 bits each in upper case, and a NUL: of the first n octets, five bits. */
void crockford_code(const uint8_t *random, size_t n, char *out);

/*
 * The id of a letter, as it is printed, typed and stored: upper case, 128 bits and a check
 * character.  Crockford's own check (modulo 37) needs *, ~, $ and =, which nobody wants to type
 * or to see in an address; ours is a digit like the others, the sum of all digits, each times
 * another power of the generator of GF(32).  One wrong character, or any two exchanged, never pass.
 */
#define CROCKFORD_ID_LEN (CROCKFORD_128_LEN + 1)

void crockford_id(const uint8_t in[16], char out[CROCKFORD_ID_LEN + 1]);
/*
 * What somebody typed: either case, white space and hyphens anywhere, O for 0, I and L for
 * 1.  False, and out "", unless that is an id with its right check character.
 */
bool crockford_id_read(const char *s, size_t len, char out[CROCKFORD_ID_LEN + 1]);
/* A code that was typed likewise, of at most max characters without its own check. */
bool crockford_code_read(const char *s, size_t len, char *out, size_t max);

#endif /* CROCKFORD_H */
