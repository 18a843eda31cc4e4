/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Octets, not characters: what they mean is for who asked. */
#include <iconv.h>
#include <stdlib.h>
#include <string.h>
#include <zbar.h>

#include "caps.h"
#include "qrscan.h"

#define SMALLEST 200 /* dots a side: a code of version 5 has 45 modules */

/* For as long as the process lives, and with them their modules. */
static iconv_t kept[3] __attribute__((used));

void
qrscan_warm(void)
{
	static const char *const from[] = {"ISO8859-1", "SJIS", "BIG-5"};
	size_t i;

	for (i = 0; i < 3; i++)
		kept[i] = iconv_open("UTF-8", from[i]);
}

enum rc
qrscan_look(const struct dots *d, qrscan_fn *found, void *ctx)
{
	zbar_image_scanner_t *scanner = zbar_image_scanner_create();
	zbar_image_t *image = zbar_image_create();
	const zbar_symbol_t *s;
	enum rc rc = RC_NOMEM;

	if (scanner == NULL || image == NULL)
		goto out;
	zbar_image_scanner_set_config(scanner, ZBAR_NONE, ZBAR_CFG_ENABLE, 0);
	zbar_image_scanner_set_config(scanner, ZBAR_QRCODE, ZBAR_CFG_ENABLE, 1);
	zbar_image_scanner_set_config(scanner, ZBAR_QRCODE, ZBAR_CFG_BINARY, 1);
	zbar_image_set_format(image, zbar_fourcc('Y', '8', '0', '0'));
	zbar_image_set_size(image, d->width, d->height);
	zbar_image_set_data(image, d->p, (unsigned long)d->width * d->height, NULL);
	rc = RC_OK;
	if (zbar_scan_image(scanner, image) <= 0)
		goto out;
	for (s = zbar_image_first_symbol(image); s != NULL; s = zbar_symbol_next(s))
		if (zbar_symbol_get_type(s) == ZBAR_QRCODE)
			found(ctx, (const uint8_t *)zbar_symbol_get_data(s),
			    zbar_symbol_get_data_length(s));
out:
	zbar_image_destroy(image);
	zbar_image_scanner_destroy(scanner);
	return rc;
}

struct counter {
	qrscan_fn *found;
	void *ctx;
	unsigned n;
};

static void
count(void *ctx, const uint8_t *text, size_t len)
{
	struct counter *c = ctx;

	c->n++;
	c->found(c->ctx, text, len);
}

/* One dot becomes four, smoothly. */
static bool
doubled(struct dots *out, const struct dots *d)
{
	const uint8_t *row, *next;
	unsigned x, y, right;
	uint8_t *to;

	*out = (struct dots){malloc((size_t)4 * d->width * d->height), 2 * d->width, 2 * d->height};
	for (y = 0; out->p != NULL && y < d->height; y++) {
		row = d->p + (size_t)y * d->width;
		next = y + 1 < d->height ? row + d->width : row;
		to = out->p + (size_t)2 * y * out->width;
		for (x = 0; x < d->width; x++, to += 2) {
			right = x + 1 < d->width ? x + 1 : x;
			to[0] = row[x];
			to[1] = (uint8_t)((row[x] + row[right]) / 2);
			to[out->width] = (uint8_t)((row[x] + next[x]) / 2);
			to[out->width + 1] =
			    (uint8_t)((row[x] + row[right] + next[x] + next[right]) / 4);
		}
	}
	return out->p != NULL;
}

/* Four dots become one, in place. */
static void
halve(struct dots *d)
{
	unsigned width = d->width / 2, height = d->height / 2, x, y;
	const uint8_t *at;

	for (y = 0; y < height; y++)
		for (x = 0; x < width; x++) {
			at = d->p + (size_t)2 * y * d->width + (size_t)2 * x;
			d->p[(size_t)y * width + x] =
			    (uint8_t)((at[0] + at[1] + at[d->width] + at[d->width + 1]) / 4);
		}
	d->width = width;
	d->height = height;
}

enum rc
qrscan_search(struct dots *d, qrscan_fn *found, void *ctx)
{
	struct counter c = {found, ctx, 0};
	struct dots finer = {.p = NULL};
	enum rc rc = qrscan_look(d, count, &c);

	if (rc == RC_OK && c.n == 0 && (size_t)d->width * d->height <= CAP_PAPER_PIXELS / 4 &&
	    doubled(&finer, d))
		rc = qrscan_look(&finer, count, &c);
	free(finer.p);
	while (rc == RC_OK && c.n == 0 && d->width >= 2 * SMALLEST && d->height >= 2 * SMALLEST) {
		halve(d);
		rc = qrscan_look(d, count, &c);
	}
	return rc;
}

struct wanted {
	const char *text;
	bool seen;
};

static void
compare(void *ctx, const uint8_t *text, size_t len)
{
	struct wanted *w = ctx;

	if (len == strlen(w->text) && memcmp(text, w->text, len) == 0)
		w->seen = true;
}

bool
qrscan_finds(struct dots *d, const char *text)
{
	struct wanted w = {text, false};

	return qrscan_search(d, compare, &w) == RC_OK && w.seen;
}

bool
qrscan_has(const struct dots *d, const char *text)
{
	struct wanted w = {text, false};

	return qrscan_look(d, compare, &w) == RC_OK && w.seen;
}
