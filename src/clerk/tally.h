/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TALLY_H
#define TALLY_H

#include <stdint.h>

#include "caps.h"
#include "register.h"

/*
 * Which row became which letter, in a file that survives a crash: no row is drafted twice.
 * A line for the CSV ("csv SHA-256"), for when it was begun ("run SECONDS") and for each row that
 * was drafted ("row N ID CODE").
 */
struct tally_row {
	char id[CROCKFORD_ID_LEN + 1]; /* "": not drafted yet */
	char code[REGISTER_CODE_LEN + 1];
};
struct tally {
	int fd;                                    /* -1: nothing is kept */
	char csv[65];                              /* SHA-256, hex; "" while nothing is written */
	bool resumed;                              /* somebody has begun it before */
	int64_t since;                             /* when it was begun */
	unsigned last;                             /* row that was drafted; 0: none */
	struct tally_row rows[CAP_BATCH_ROWS + 1]; /* by its number; 0 is none */
};

/*
 * Reads what is in fd (which may be new), about the CSV with this SHA-256.  RC_OK; RC_FORMAT: not
 * such a file, or of another CSV; RC_IO, RC_NOMEM.
 */
enum rc tally_open(struct tally *t, int fd, const uint8_t sha256[32], int64_t now);
/* To the disk before it returns. */
enum rc tally_add(struct tally *t, unsigned row, const char *id, const char *code);

#endif /* TALLY_H */
