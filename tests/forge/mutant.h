/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MUTANT_H
#define MUTANT_H

#include "buf.h"
#include "report.h"
#include "trust.h"

/*
 * Copies of signed documents with a few random changes: bits, words and blocks of what is
 * signed, updates appended, objects exchanged, parts of other documents, ends cut off.  A
 * mutant is made of a seed and its number alone, so that each one can be made again.
 * Whatever of them is VALID has every octet that its signatures cover as an original has it.
 */
struct mutant_range {
	uint64_t first, second, len; /* [0, first) and [second, second + len) */
};

#define MUTANT_RANGES 32

struct mutant_original {
	char *name;
	uint8_t *p;
	size_t len;
	const struct trust *trust; /* the caller's */
	int64_t at;
	enum conclusion conclusion;
	/* of the signatures that are intact: cut back to one of them, a document may be VALID */
	struct mutant_range intact[MUTANT_RANGES];
	size_t nintact;
	size_t *objects; /* where "N G obj" begins */
	size_t nobjects;
	unsigned root, size;
	uint64_t startxref;
	uint64_t weight; /* with those of all before it */
};

struct mutant_counts {
	uint64_t made, by[CONCLUSION__MAX], differs, trouble, slow; /* slow: over a second */
	double worst;                                               /* seconds */
};

struct mutants {
	struct mutant_original *v;
	size_t n, cap;
	uint64_t seed;
	struct mutant_counts counts;
};

/* One more original, judged as it is; false without memory.  The bytes are copied. */
bool mutants_add(struct mutants *m, const char *name, const void *p, size_t len,
    const struct trust *trust, int64_t at);
void mutants_clear(struct mutants *m);
/* Mutant number i into out; the original that it comes from. */
const struct mutant_original *mutants_make(const struct mutants *m, uint64_t i, struct buf *out);
/* Make and judge one and count it; false, with a line on standard error, when it is VALID and
 * should not be, or could not be judged. */
bool mutants_try(struct mutants *m, uint64_t i, struct buf *scratch);

#endif /* MUTANT_H */
