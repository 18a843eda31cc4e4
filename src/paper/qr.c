/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Level Q repairs a quarter of a code, so that a fold or a logo of six hundredths does no harm.
 * What the code holds is no matter here.
 */
#include <math.h>
#include <qrencode.h>
#include <string.h>

#include "qr.h"

#define DOT   0.24 /* points: 1/300 inch */
#define SHARE 0.22 /* of a side, for the logo */

enum paper_code
qr_make(struct qr *q, const char *text)
{
	/* Digits and capitals in a row take less room: the library divides the text. */
	QRcode *code = QRcode_encodeString(text, 0, QR_ECLEVEL_Q, QR_MODE_8, 1);

	q->code = code;
	if (code == NULL)
		return PAPER_BAD_ADDRESS;
	q->modules = code->width + 2 * QR_QUIET;
	return PAPER_OK;
}

void
qr_clear(struct qr *q)
{
	if (q->code != NULL)
		QRcode_free(q->code);
	memset(q, 0, sizeof(*q));
}

/* Each row's runs of black, all in one path: its parts touch without a seam. */
static void
draw_path(struct buf *svg, const QRcode *code)
{
	const unsigned char *row;
	int x, y, from;

	buf_str(svg, "<path shape-rendering=\"crispEdges\" fill=\"#000\" d=\"");
	for (y = 0; y < code->width; y++) {
		row = code->data + (ptrdiff_t)y * code->width;
		for (x = 0; x < code->width; x++) {
			if ((row[x] & 1) == 0)
				continue;
			for (from = x; x < code->width && (row[x] & 1) != 0; x++)
				;
			buf_printf(svg, "M%d %dh%dv1h-%dz", from + QR_QUIET, y + QR_QUIET, x - from,
			    x - from);
		}
	}
	buf_str(svg, "\"/>");
}

enum paper_code
qr_draw(struct buf *svg, const struct qr *q, double x, double y, double side, struct spot *middle,
    double *module)
{
	double m = floor(side / q->modules / DOT + 1e-6) * DOT;
	int hole = (int)((q->modules - 2 * QR_QUIET) * SHARE) | 1, at = (q->modules - hole) / 2;

	if (m < DOT / 2)
		return PAPER_BAD_ADDRESS;
	*module = m;
	x = round((x + (side - m * q->modules) / 2) / DOT) * DOT;
	y = round((y + (side - m * q->modules) / 2) / DOT) * DOT;
	buf_printf(svg,
	    "<g transform=\"translate(%.4f %.4f) scale(%.4f)\">"
	    "<path shape-rendering=\"crispEdges\" fill=\"#fff\" d=\"M0 0h%dv%dh-%dz\"/>",
	    x, y, m, q->modules, q->modules, q->modules);
	draw_path(svg, q->code);
	if (middle != NULL) {
		buf_printf(svg,
		    "<rect fill=\"#fff\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\"/>", at, at,
		    hole, hole);
		middle->x = x + (at + 0.5) * m;
		middle->y = y + (at + 0.5) * m;
		middle->width = middle->height = (hole - 1) * m;
	}
	buf_str(svg, "</g>");
	return PAPER_OK;
}
