/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef XREF_H
#define XREF_H

#include "doc.h"

/*
 * Read the chain of cross-references that the last startxref names (rules S1,
 * S2, S3, S4, S7, S10) and index what it defines.  Objects are not read.
 * RC_OK, with fatal findings for what is wrong and still has one meaning;
 * RC_FORMAT with the findings that say why it can't be read; RC_NOMEM.
 */
enum rc xref_read(struct doc *d);

/* "startxref N %%EOF" going back from end. */
struct xref_tail {
	uint64_t off;   /* of the word startxref */
	uint64_t value; /* N */
	uint64_t eof;   /* just behind %%EOF */
	unsigned eols;  /* ends of line between that and end */
};

/* Nothing lies between that section (or an older one) and the tail: the newest section is
 * the last thing in the file, not one that an older startxref names again. */
bool xref_tail_follows(const struct doc *d, size_t section, const struct xref_tail *t);
/* False unless nothing but white space lies behind a well-formed tail within CAP_EOF_WINDOW. */
bool xref_tail(const uint8_t *p, uint64_t end, struct xref_tail *t);

#endif /* XREF_H */
