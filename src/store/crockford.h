/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CROCKFORD_H
#define CROCKFORD_H

#include <stdint.h>

/*
 * Crockford's base32 in lower case: digits and letters without i, l, o and u,
 * so that nobody misreads them.
 */
#define CROCKFORD_128_LEN 26 /* 128 bits, two zero bits in front */

/* The text of 16 octets, most significant bit first, and a NUL. */
void crockford_128(const uint8_t in[16], char out[CROCKFORD_128_LEN + 1]);

#endif /* CROCKFORD_H */
