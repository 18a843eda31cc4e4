/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef STRAY_H
#define STRAY_H

#include "doc.h"

/*
 * Objects and trailers in the raw bytes that no cross-reference names.  Many programs give up
 * cross-references at the first reference that leads nowhere, which is allowed, and then show what
 * they find in the file from front to end, also in the middle of streams and texts.  What those
 * find behind a signature must be what the cross-references say.
 */

/* "num gen" in front of "obj" at this offset, and where it begins; a number too large is
 * UINT32_MAX.  False if there is none. */
bool stray_head(const struct doc *d, uint64_t obj, uint64_t *begin, uint32_t *num, uint32_t *gen);
/* A cross-reference to off leads to at, over white space at most. */
bool stray_leads(const struct doc *d, uint64_t off, uint64_t at);

/* Where the last one at or behind from lies, UINT64_MAX if none; *num: its number, 0: a trailer. */
uint64_t stray_last(struct doc *d, uint64_t from, uint32_t *num);

/*
 * Where the first one lies whose number means something else, UINT64_MAX if there is none: such
 * programs show another document once they search.
 */
uint64_t stray_first(struct doc *d);
/*
 * The last section in which something refers to what is not there, or not readable, so that they
 * begin to search; 0 if there is none behind the first.  *num: the object, 0 for a trailer.
 */
enum rc stray_trigger(struct doc *d, size_t *section, uint32_t *num);

#endif /* STRAY_H */
