/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BYTERANGE_H
#define BYTERANGE_H

#include "doc.h"

/* /ByteRange [z a c l]: [z, z + a) and [c, c + l) are signed; E = c + l. */

/* B1 and B2 in a file of n bytes.  False and the rule that fails in *rule. */
bool byterange_sound(const int64_t br[4], uint64_t n, enum pdf_rule *rule);
/*
 * B3, B4, B5: the gap is exactly this hexadecimal string, whose token is
 * [off, end) of p.  br must be sound.  False and the rule that fails in *rule.
 */
bool byterange_gap(
    const uint8_t *p, const int64_t br[4], const struct obj *contents, enum pdf_rule *rule);
/*
 * B7, B8, B10: E ends a complete revision.  True with *section, the newest one
 * of it.  False and the rule in *rule; *section is then SIZE_MAX or, for B8 and
 * B10, what B7 found.
 */
bool byterange_revision(const struct doc *d, uint64_t e, size_t *section, enum pdf_rule *rule);
/* B10 for what came later: false if a later section points back before e and changes something. */
bool byterange_later(struct doc *d, uint64_t e, size_t section);
/* Only white space that S2 allows lies in [e, n). */
bool byterange_reaches(const struct doc *d, uint64_t e);

#endif /* BYTERANGE_H */
