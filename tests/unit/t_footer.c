/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Footers with random addresses: each QR is read from what a printer gets, and after a printer
 * and a copier did their worst.  PERIKSA_QRS says how many; the default is for every day.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gdk-pixbuf/gdk-pixbuf.h>

#include "caps.h"
#include "footer.h"
#include "io.h"
#include "qrscan.h"
#include "works.h"

const char *__lsan_default_suppressions(void);

/* They keep what they have until the process ends. */
const char *
__lsan_default_suppressions(void)
{
	return "leak:libfontconfig\nleak:libglib\nleak:libgobject\nleak:libcairo\nleak:libpango\n"
	       "leak:librsvg\nleak:libgdk_pixbuf\n";
}

static char template[64u << 10];
static size_t template_len;
static uint64_t seed = 88172645463325252ull;

/* xorshift64: the same addresses each time. */
static unsigned
any(unsigned n)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (unsigned)(seed >> 33) % n;
}

static void
random_address(char out[128])
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789";
	static const char digits[] = "0123456789abcdefghjkmnpqrstvwxyz";
	size_t n = (size_t)snprintf(out, 128, "https://");
	unsigned i, host = 6 + any(28);

	for (i = 0; i < host; i++)
		out[n++] = letters[any(36)];
	n += (size_t)snprintf(out + n, 128 - n, ".go.id/d/");
	for (i = 0; i < 27; i++)
		out[n++] = digits[any(32)];
	out[n] = '\0';
}

/* Two degrees, 150 dots an inch of 300, smoothed, with a little noise on grey paper. */
static struct dots
copied(const struct dots *d)
{
	struct dots o = {.width = d->width / 2 + 20, .height = d->height / 2 + 60};
	double a = 2 * 3.14159265358979 / 180, sx, sy, sum;
	unsigned x, y, i, j;
	long px, py;

	o.p = malloc((size_t)o.width * o.height);
	assert_non_null(o.p);
	for (y = 0; y < o.height; y++)
		for (x = 0; x < o.width; x++) {
			sx = 2 * ((x - 10.0) * cos(a) + (y - 30.0) * sin(a));
			sy = 2 * (-(x - 10.0) * sin(a) + (y - 30.0) * cos(a));
			sum = 0;
			for (i = 0; i < 4; i++)
				for (j = 0; j < 4; j++) {
					px = lround(sx + i - 1.0);
					py = lround(sy + j - 1.0);
					sum += px < 0 || py < 0 || px >= (long)d->width ||
						       py >= (long)d->height
						   ? 255
						   : d->p[(size_t)py * d->width + (size_t)px];
				}
			o.p[(size_t)y * o.width + x] = (uint8_t)(20 + sum / 16 * 0.8 + any(20));
		}
	return o;
}

/* As JPEG of quality 60, and back. */
static void
through_jpeg(struct dots *d)
{
	GdkPixbuf *p = gdk_pixbuf_new(GDK_COLORSPACE_RGB, FALSE, 8, (int)d->width, (int)d->height);
	struct paper_octets o;
	guint8 *to;
	gchar *jpeg = NULL;
	gsize len;
	unsigned x, y;

	assert_non_null(p);
	for (y = 0; y < d->height; y++)
		for (x = 0; x < d->width; x++) {
			to = gdk_pixbuf_get_pixels(p) +
			     (size_t)y * (size_t)gdk_pixbuf_get_rowstride(p) + 3 * (size_t)x;
			memset(to, d->p[(size_t)y * d->width + x], 3);
		}
	assert_true(gdk_pixbuf_save_to_buffer(p, &jpeg, &len, "jpeg", NULL, "quality", "60", NULL));
	g_object_unref(p);
	free(d->p);
	o = (struct paper_octets){(const uint8_t *)jpeg, len};
	assert_int_equal(photo_dots(d, &o), PAPER_OK);
	g_free(jpeg);
}

static void
make(struct footer *f, const char *address)
{
	struct paper_answer a = {.code = PAPER_TROUBLE};
	struct paper_job job = {.kind = PAPER_FOOTER};

	job.part[PAPER_TEMPLATE] = (struct paper_octets){(const uint8_t *)template, template_len};
	job.part[PAPER_ADDRESS] = (struct paper_octets){(const uint8_t *)address, strlen(address)};
	footer_make(f, &a, &job);
	assert_int_equal(a.code, PAPER_OK);
}

static void
read_back(void **state)
{
	const char *wanted = getenv("PERIKSA_QRS");
	unsigned n = wanted != NULL ? (unsigned)strtoul(wanted, NULL, 10) : 200, i, copies = 0;
	struct dots d, copy;
	struct footer f;
	char address[128];

	(void)state;
	for (i = 0; i < n; i++) {
		random_address(address);
		make(&f, address);
		assert_int_equal(print_dots(&d, &f.print, NULL, 300), PAPER_OK);
		if (!qrscan_has(&d, address))
			fail_msg("from 300 dpi: %s", address);
		copy = copied(&d);
		through_jpeg(&copy);
		copies += qrscan_finds(&copy, address);
		free(copy.p);
		free(d.p);
		footer_clear(&f);
	}
	print_message("# %u QRs from 300 dpi, %u of them from copies\n", n, copies);
	assert_true(copies * 100.0 >= n * 99.0);
}

/* What is read is what was drawn: another address is not found in it. */
static void
no_other(void **state)
{
	struct footer f;
	struct dots d;

	(void)state;
	make(&f, "https://periksa.example/d/AAAA");
	assert_int_equal(print_dots(&d, &f.print, NULL, 300), PAPER_OK);
	assert_false(qrscan_has(&d, "https://periksa.example/d/AAAB"));
	memset(d.p, 255, (size_t)d.width * d.height / 2);
	assert_false(qrscan_has(&d, "https://periksa.example/d/AAAA"));
	free(d.p);
	footer_clear(&f);
}

static int
prepare(void **state)
{
	FILE *f = fopen("templates/paper/footer.svg", "re");

	(void)state;
	if (f == NULL)
		return -1;
	template_len = fread(template, 1, sizeof(template), f);
	(void)fclose(f);
	return works_warm() == RC_OK ? 0 : -1;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(read_back), cmocka_unit_test(no_other)};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("footer", tests, prepare, NULL);
}
