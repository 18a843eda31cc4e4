/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEET_H
#define SHEET_H

#include "buf.h"
#include "letter.h"

/* What a demonstration letter looks like: A4, in points from the lower left. */

/* Where the box of a visible signature stands (BSrE's is of this size). */
#define SHEET_BOX_X      340
#define SHEET_BOX_Y      318
#define SHEET_BOX_WIDTH  190
#define SHEET_BOX_HEIGHT 54

/* Content stream of the letter's page. */
void sheet_draw(struct buf *b, const struct letter_text *text);
/* Content stream of the signature's box. */
void sheet_specimen(struct buf *b, const char *name);
/* A literal string with its parentheses; ASCII only. */
void sheet_string(struct buf *b, const char *s);
/* "D:20241120093000+07'00'": Western Indonesian Time. */
void sheet_date(char out[32], int64_t t);

#endif /* SHEET_H */
