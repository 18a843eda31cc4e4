/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TEXT_H
#define TEXT_H

#include "arena.h"
#include "pdf.h"

#define TEXT_MAX 1000 /* bytes of one text that is shown */

/*
 * A text string (ISO 32000-2, 7.9.2.2: PDFDocEncoding, UTF-16BE or UTF-8 with
 * their marks) as UTF-8 without control characters, at most TEXT_MAX bytes.
 * What is no character becomes U+FFFD.  NULL without memory.
 */
char *text_utf8(struct arena *arena, struct pdf_bytes s);
/* Whether both say the same, in whatever encoding; false if one is malformed. */
bool text_same(struct pdf_bytes a, struct pdf_bytes b);
/* Any bytes as printable ASCII, '?' for the rest. */
char *text_printable(struct arena *arena, struct pdf_bytes s);

#endif /* TEXT_H */
