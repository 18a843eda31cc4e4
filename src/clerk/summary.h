/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SUMMARY_H
#define SUMMARY_H

#include <stdbool.h>

#include "buf.h"
#include "roster.h"

/*
 * laporan.csv: what became of each row, for a spreadsheet (UTF-8 with a byte order mark, the
 * delimiter of what came in).  A cell that a spreadsheet would take for a formula begins with an
 * apostrophe.
 */
struct summary {
	struct buf b;
	char delimiter;
};

#define SUMMARY_WORDS 8
struct summary_row {
	unsigned row;                                          /* 0: none in particular */
	const char *id, *number, *date, *column, *code, *file; /* NULL or "": empty */
	bool done;
	enum bulk_word words[SUMMARY_WORDS]; /* up to BULK_NONE */
	const char *detail;                  /* behind them */
};

void summary_init(struct summary *s, char delimiter);
void summary_add(struct summary *s, const struct summary_row *r);
/* Asks: buf_rc(&s->b). */
void summary_clear(struct summary *s);

#endif /* SUMMARY_H */
