/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SCAN_H
#define SCAN_H

#include <stdbool.h>

#include "source.h"

/*
 * Words in the raw bytes of a document, whatever its cross-references say.  A
 * mapped document is read in chunks, so that it does not become resident.
 */

/* Called with the offset of each hit in ascending order; false stops the scan. */
typedef bool scan_hit(void *ctx, uint64_t off);

/* Every place where word lies in [from, to).  RC_OK, RC_NOMEM, RC_IO. */
enum rc scan_word(const struct source *src, uint64_t from, uint64_t to, const char *word,
    scan_hit *hit, void *ctx);
/* The last place of word.  RC_OK, RC_ABSENT, RC_NOMEM, RC_IO. */
enum rc scan_last(const struct source *src, const char *word, uint64_t *off);

#endif /* SCAN_H */
