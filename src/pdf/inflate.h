/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef INFLATE_H
#define INFLATE_H

#include "arena.h"
#include "pdf.h"
#include "rc.h"

/* One zlib decoder and its output buffer, kept for all streams of a document. */
struct inflater {
	void *z; /* z_stream, NULL until first used */
	uint8_t *out;
	size_t cap;
};

/* What /DecodeParms asks of a predictor; 1 is none, 2 TIFF, 10..15 PNG. */
struct predictor {
	int64_t kind, colors, bits, columns;
};

void inflater_clear(struct inflater *f);

/*
 * Decode a zlib stream (RFC 1950) into the arena.  *budget is what the
 * document may still decode and is lowered.  RC_FORMAT if the stream is broken
 * or short, RC_TOOBIG past CAP_STREAM or the budget, RC_NOMEM; *out is empty then.
 */
enum rc inflate_bytes(struct inflater *f, struct arena *arena, struct pdf_bytes in, size_t *budget,
    struct pdf_bytes *out);
/* Undo a predictor (ISO 32000-2, 7.4.4.4; PNG 9.2); whole rows only.  The same codes. */
enum rc inflate_unpredict(
    struct arena *arena, struct pdf_bytes in, const struct predictor *pr, struct pdf_bytes *out);
/* ISO 32000-2, 7.4.2 and 7.4.3.  The same codes. */
enum rc inflate_hex(struct arena *arena, struct pdf_bytes in, struct pdf_bytes *out);
enum rc inflate_ascii85(struct arena *arena, struct pdf_bytes in, struct pdf_bytes *out);

#endif /* INFLATE_H */
