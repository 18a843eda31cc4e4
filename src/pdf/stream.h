/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef STREAM_H
#define STREAM_H

#include "doc.h"

/* No view: every value must be direct (cross-reference streams). */
#define NO_VIEW SIZE_MAX

/*
 * The raw bytes of a stream as the view up to this section reads its /Length;
 * *end, if asked for, is where "endobj" ends.  RC_FORMAT unless "endstream" and
 * "endobj" are exactly there (S5); RC_NOMEM.
 */
enum rc stream_raw(
    struct doc *d, size_t section, const struct obj *stream, struct pdf_bytes *raw, uint64_t *end);
/*
 * The bytes before their filters, decrypted where the document is; in a document without a
 * key as they are.  RC_ABSENT for a crypt filter that is unknown; else as stream_decode().
 */
enum rc stream_plain(
    struct doc *d, size_t section, const struct obj *stream, struct pdf_bytes *out);
/*
 * The decoded bytes.  RC_ABSENT for a filter that this reader does not know,
 * RC_FORMAT, RC_TOOBIG (CAP_STREAM, CAP_DECODED), RC_NOMEM.
 */
enum rc stream_decode(
    struct doc *d, size_t section, const struct obj *stream, struct pdf_bytes *out);

#endif /* STREAM_H */
