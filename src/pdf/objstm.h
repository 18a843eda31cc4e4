/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef OBJSTM_H
#define OBJSTM_H

#include "doc.h"

/* An object stream (ISO 32000-2, 7.5.7), decoded; its header was checked. */
struct objstm {
	struct pdf_bytes raw, data; /* encoded and decoded */
	uint32_t n;
	uint32_t *num, *off; /* object numbers; offsets in data */
};

/* RC_FORMAT if it is none or its header is wrong (S6), RC_TOOBIG, RC_NOMEM, RC_ABSENT. */
enum rc objstm_open(struct doc *d, size_t section, const struct obj *stream, struct objstm **out);
/* The object at this index, which must have this number.  RC_FORMAT, RC_TOOBIG, RC_NOMEM. */
enum rc objstm_get(
    struct doc *d, const struct objstm *os, uint64_t index, uint32_t num, struct obj *out);

#endif /* OBJSTM_H */
