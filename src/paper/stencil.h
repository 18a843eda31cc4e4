/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef STENCIL_H
#define STENCIL_H

#include "buf.h"
#include "paperwork.h"
#include "print.h"

/*
 * An SVG file that a designer draws, filled: each <rect> whose id is the word of a part
 * (paper_part_name(), and "qr") is a box that the part takes the place of.  Text is wrapped and
 * made smaller until it fits its box, by what the letters measure.  Beyond SVG, a box may say:
 *
 *   font-family font-size font-weight text-anchor fill   as of text; the size is the largest
 *   data-least      the smallest size; the default is half of it
 *   data-valign     top, middle or bottom
 *   data-capitals   yes: in capitals
 *   data-alone      "x width" for when there is no logo
 *   data-before     words before the part
 *   data-text       words of the template's own; such a box needs no id
 *
 * templates/paper/README.md says the same to designers.
 */
struct stencil {
	const char *text[PAPER_PARTS];  /* NUL-terminated UTF-8; NULL or "": the box goes */
	const char *qr;                 /* what the QR holds; NULL: none */
	bool logo;                      /* there is one */
	bool logo_in_qr;                /* it goes there, too */
	struct spot spots[PRINT_SPOTS]; /* out: where it goes */
	unsigned nspots;
	double module;         /* out: points a side of the QR's modules; 0: no QR */
	struct spot place;     /* out: where the QR is, with its quiet zone */
	enum paper_part which; /* out: the text that BAD_TEXT and TOO_LONG are about */
};

/*
 * Appends the filled SVG.  PAPER_OK, BAD_TEMPLATE, BAD_TEXT, TOO_LONG, BAD_ADDRESS
 * or TROUBLE; on these svg holds rubbish.
 */
enum paper_code stencil_fill(struct buf *svg, struct stencil *s, const struct paper_octets *model);

/* Whether every character of it can be printed and seen. */
bool stencil_text_ok(const char *text);

#endif /* STENCIL_H */
