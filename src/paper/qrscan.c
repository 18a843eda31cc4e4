/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Octets, not characters: what they mean is for who asked. */
#include <iconv.h>
#include <string.h>
#include <zbar.h>

#include "qrscan.h"

void
qrscan_warm(void)
{
	/* Open once, their modules stay. */
	(void)iconv_open("UTF-8", "ISO8859-1");
	(void)iconv_open("UTF-8", "SJIS");
	(void)iconv_open("UTF-8", "BIG-5");
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
qrscan_has(const struct dots *d, const char *text)
{
	struct wanted w = {text, false};

	return qrscan_look(d, compare, &w) == RC_OK && w.seen;
}
