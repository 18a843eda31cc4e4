/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SCAN_H
#define SCAN_H

#include <stdbool.h>

#include "arena.h"
#include "source.h"

/*
 * Words in the raw bytes of a document, whatever its cross-references say.  A
 * mapped document is read in chunks, so that it does not become resident.
 */
enum scan_word { SCAN_BYTE_RANGE, SCAN_SUB_FILTER, SCAN_OBJ, SCAN_TRAILER, SCAN__MAX };

/* How long the word is: "/ByteRange", "/SubFilter", "obj", "trailer". */
size_t scan_len(enum scan_word word);

/*
 * Which words can begin where, found in one pass: to be asked several times for each of them.
 * In the arena, a byte for 256 of the n at p; NULL without memory.
 */
const uint8_t *scan_sieve(struct arena *arena, const uint8_t *p, size_t n);
/*
 * Where the first word lies in [from, to) of p, UINT64_MAX if there is none.  sieve: of p and at
 * least to bytes, or NULL; it changes nothing but the time.
 */
uint64_t scan_next(
    const uint8_t *p, const uint8_t *sieve, uint64_t from, uint64_t to, enum scan_word word);

/* Called with the offset of each hit in ascending order; false stops the scan. */
typedef bool scan_hit(void *ctx, uint64_t off);

/* Every place where the word lies in [from, to); sieve as above.  RC_OK, RC_NOMEM, RC_IO. */
enum rc scan_all(const struct source *src, const uint8_t *sieve, uint64_t from, uint64_t to,
    enum scan_word word, scan_hit *hit, void *ctx);
/* The last place of a text.  RC_OK, RC_ABSENT, RC_NOMEM, RC_IO. */
enum rc scan_last(const struct source *src, const char *text, uint64_t *off);

#endif /* SCAN_H */
