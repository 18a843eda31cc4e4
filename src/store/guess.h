/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef GUESS_H
#define GUESS_H

#include <stdbool.h>
#include <stdint.h>

#include "db.h"

/*
 * Guesses of secrets, counted by whatever tells guessers apart: at most so many until the time of
 * the first is over.  For src/store only.
 */
struct guess {
	uint8_t who[DB_HASH]; /* db_keyed() of what, and by whom */
	int64_t tries;        /* allowed */
	int64_t seconds;      /* until they are forgotten */
};

/*
 * Counts one before it is made, so that nobody guesses faster than we count.  *locked: it is
 * one too many, and must not be made.  A transaction of its own.
 */
enum rc guess_begin(struct store *s, const struct guess *g, int64_t now, bool *locked);
/* It was right: forget them.  May be part of a transaction. */
enum rc guess_right(struct store *s, const struct guess *g);
/* Counts one that was wrong; part of a transaction or not. */
enum rc guess_wrong(struct store *s, const struct guess *g, int64_t now);
/* Whether there were too many already; counts none. */
enum rc guess_locked(struct store *s, const struct guess *g, int64_t now, bool *locked);

#endif /* GUESS_H */
