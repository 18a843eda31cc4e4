/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Colours are those of the cube of 256, which no terminal's theme changes.  What is proven are
 * the characters themselves, read as a screen shows them.
 */
#include <qrencode.h>
#include <stdlib.h>
#include <string.h>

#include "qr.h"
#include "qrscan.h"
#include "qrtext.h"

#define COLOURS "\x1b[38;5;16;48;5;231m" /* black on white */
#define PLAIN   "\x1b[0m\n"
#define DOTS    4 /* a module's side, for the proof */

/* By the upper module, then the lower one: black is ink. */
static const char *const cells[2][2] = {{" ", "\u2584"}, {"\u2580", "\u2588"}};

static int
is_black(const QRcode *code, int x, int y)
{
	x -= QR_QUIET;
	y -= QR_QUIET;
	return x >= 0 && y >= 0 && x < code->width && y < code->width &&
	       (code->data[(ptrdiff_t)y * code->width + x] & 1) != 0;
}

static void
put_lines(struct buf *out, const QRcode *code)
{
	int side = code->width + 2 * QR_QUIET, x, y;

	for (y = 0; y < side; y += 2) {
		buf_str(out, COLOURS);
		for (x = 0; x < side; x++)
			buf_str(out, cells[is_black(code, x, y)][is_black(code, x, y + 1)]);
		buf_str(out, PLAIN);
	}
}

static void
blacken(struct dots *d, unsigned x, unsigned y)
{
	unsigned i;

	for (i = 0; i < DOTS; i++)
		memset(d->p + ((size_t)y * DOTS + i) * d->width + (size_t)x * DOTS, 0, DOTS);
}

/* A line's characters, as two rows of modules; *at is behind it.  False: it is no such line. */
static bool
show_line(struct dots *d, unsigned y, const char **at)
{
	unsigned x, c;
	size_t n;

	if (strncmp(*at, COLOURS, sizeof(COLOURS) - 1) != 0)
		return false;
	*at += sizeof(COLOURS) - 1;
	for (x = 0; x < d->width / DOTS; x++) {
		for (c = 0; c < 4 && (n = strlen(cells[c >> 1][c & 1]),
				     strncmp(*at, cells[c >> 1][c & 1], n) != 0);
		     c++)
			;
		if (c == 4)
			return false;
		if ((c & 2) != 0)
			blacken(d, x, y);
		if ((c & 1) != 0)
			blacken(d, x, y + 1);
		*at += n;
	}
	if (strncmp(*at, PLAIN, sizeof(PLAIN) - 1) != 0)
		return false;
	*at += sizeof(PLAIN) - 1;
	return true;
}

static enum paper_code
prove(const char *lines, unsigned side, const char *text)
{
	struct dots d = {.width = side * DOTS, .height = (side + 1) / 2 * 2 * DOTS};
	enum paper_code code = PAPER_TROUBLE;
	unsigned y;

	if ((d.p = malloc((size_t)d.width * d.height)) == NULL)
		goto out;
	memset(d.p, 255, (size_t)d.width * d.height);
	code = PAPER_QR_UNREADABLE;
	for (y = 0; y < side; y += 2)
		if (!show_line(&d, y, &lines))
			goto out;
	if (qrscan_has(&d, text))
		code = PAPER_OK;
out:
	free(d.p);
	return code;
}

enum paper_code
qrtext_make(struct buf *out, const char *text)
{
	QRcode *code = QRcode_encodeString(text, 0, QR_ECLEVEL_L, QR_MODE_8, 1);
	enum paper_code answer;
	size_t from = out->len;

	if (code == NULL)
		return PAPER_BAD_ADDRESS;
	put_lines(out, code);
	answer = buf_rc(out) != RC_OK
		     ? PAPER_TROUBLE
		     : prove(buf_text(out) + from, (unsigned)code->width + 2 * QR_QUIET, text);
	QRcode_free(code);
	return answer;
}
