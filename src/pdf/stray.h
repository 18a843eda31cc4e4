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

/* Where the last one at or behind from lies, UINT64_MAX if none; *num: its number, 0: a trailer. */
uint64_t stray_last(struct doc *d, uint64_t from, uint32_t *num);

#endif /* STRAY_H */
