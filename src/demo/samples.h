/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SAMPLES_H
#define SAMPLES_H

#include "agency.h"

/*
 * The sample letters of `periksa demo`: one of each kind of verdict, signed by
 * an authority that is invented anew each time, at times relative to now.
 */

struct sample {
	const char *file;
	const char *expected; /* conclusion of verify() offline, by its name */
	const char *text_id, *text_en;
};

struct samples;

size_t samples_count(void);
const struct sample *samples_get(size_t i);

/* An authority, its look-alike and signers as of now; NULL without memory. */
struct samples *samples_new(int64_t now);
void samples_free(struct samples *d);
/* The i-th letter; free it with letter_clear() before the demo. */
enum rc samples_letter(struct samples *d, size_t i, struct letter *out);
/* The one anchor as PEM, in the demo's memory. */
struct der samples_anchor(struct samples *d);

/*
 * Fill a folder: the letters, samples.tsv (file, conclusion, a line in
 * Indonesian, one in English, separated by tabs) and anchors/.  It is made if
 * it isn't there.  RC_BUSY: it is not empty and not such a folder; RC_IO with
 * errno; RC_NOMEM, RC_CRYPTO.
 */
enum rc samples_write(const char *dir, int64_t now);

/*
 * Likewise a folder of canary documents: good.pdf, revoked.pdf, changed.pdf, canary.tsv
 * (verify/canary.h) and anchors/.  They are to be judged at this time for ever.
 */
enum rc samples_canary(const char *dir, int64_t now);

#endif /* SAMPLES_H */
