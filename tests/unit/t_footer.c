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

/* g_free() takes *jpeg. */
static size_t
as_jpeg(const struct dots *d, gchar **jpeg, const char *quality)
{
	GdkPixbuf *p = gdk_pixbuf_new(GDK_COLORSPACE_RGB, FALSE, 8, (int)d->width, (int)d->height);
	guint8 *to;
	gsize len;
	unsigned x, y;

	assert_non_null(p);
	for (y = 0; y < d->height; y++)
		for (x = 0; x < d->width; x++) {
			to = gdk_pixbuf_get_pixels(p) +
			     (size_t)y * (size_t)gdk_pixbuf_get_rowstride(p) + 3 * (size_t)x;
			memset(to, d->p[(size_t)y * d->width + x], 3);
		}
	assert_true(
	    gdk_pixbuf_save_to_buffer(p, jpeg, &len, "jpeg", NULL, "quality", quality, NULL));
	g_object_unref(p);
	return len;
}

static void
through_jpeg(struct dots *d)
{
	gchar *jpeg;
	size_t len = as_jpeg(d, &jpeg, "60");

	free(d->p);
	assert_int_equal(
	    photo_dots(d, &(struct paper_octets){(const uint8_t *)jpeg, len}), PAPER_OK);
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

/* --- a telephone --- */

#define PHOTO_WIDTH  4000 /* twelve million pixels */
#define PHOTO_HEIGHT 3000

/* Grey of the page (of 300 dpi, the footer at its bottom) on a table. */
static double
grey_at(const struct dots *footer, double x, double y)
{
	const double width = 2480, height = 3508;
	double left = (width - footer->width) / 2, upper = height - 90 - footer->height;

	if (x < 0 || y < 0 || x >= width || y >= height)
		return 70;
	x -= left;
	y -= upper;
	if (x < 0 || y < 0 || x >= footer->width || y >= footer->height)
		return 235;
	return 15 + footer->p[(size_t)y * footer->width + (size_t)x] * 0.86;
}

/* The page from above, turned, its far side smaller; out of focus, in uneven light, with noise. */
static struct dots
photographed(const struct dots *footer, double degrees)
{
	struct dots o = {.width = PHOTO_WIDTH, .height = PHOTO_HEIGHT};
	double a = degrees * 3.14159265358979 / 180, far, px, py, sum, light;
	unsigned x, y, i;

	o.p = malloc((size_t)o.width * o.height);
	assert_non_null(o.p);
	for (y = 0; y < o.height; y++)
		for (x = 0; x < o.width; x++) {
			for (sum = 0, i = 0; i < 5; i++) {
				px = x + (i == 1 ? 1.5 : i == 2 ? -1.5 : 0) - PHOTO_WIDTH / 2.0;
				py = y + (i == 3 ? 1.5 : i == 4 ? -1.5 : 0) - PHOTO_HEIGHT / 2.0;
				far = 1.25 - 0.1 * py / PHOTO_HEIGHT + 0.06 * px / PHOTO_WIDTH;
				sum += grey_at(footer, 1240 + far * (px * cos(a) + py * sin(a)),
				    2400 + far * (py * cos(a) - px * sin(a)));
			}
			light = 0.55 + 0.45 * x / PHOTO_WIDTH;
			o.p[(size_t)y * o.width + x] = (uint8_t)(sum / 5 * light + any(14));
		}
	return o;
}

/* An application's segment that says "turned by 90 degrees", as telephones write. */
static const uint8_t exif[] = {0xff, 0xe1, 0, 34, 'E', 'x', 'i', 'f', 0, 0, 'M', 'M', 0, 42, 0, 0,
    0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0};

static void
photographs(void **state)
{
	static const double turns[] = {0, 13, 90, 187, 265};
	const char *address = "https://periksa.prov.example/d/0K7W4RZ9C2M5H8J3N6P1Q0S4TV2";
	struct paper_job job = {.kind = PAPER_SCAN};
	struct dots d, photo;
	struct paper_octets rest;
	struct paper_answer a;
	struct paper_find e;
	struct footer f;
	struct buf out, file;
	gchar *jpeg;
	size_t i;
	gsize len;

	(void)state;
	make(&f, address);
	assert_int_equal(print_dots(&d, &f.print, NULL, 300), PAPER_OK);
	for (i = 0; i < sizeof(turns) / sizeof(turns[0]); i++) {
		photo = photographed(&d, turns[i]);
		len = as_jpeg(&photo, &jpeg, "75");
		free(photo.p);
		buf_init(&out, CAP_PAPER_OUT);
		buf_init(&file, CAP_UPLOAD);
		buf_put(&file, jpeg, 2);
		buf_put(&file, exif, sizeof(exif));
		buf_put(&file, jpeg + 2, len - 2);
		g_free(jpeg);
		assert_int_equal(buf_rc(&file), RC_OK);
		job.part[PAPER_DOCUMENT] = (struct paper_octets){file.p, file.len};
		works_do(&a, &out, &job);
		assert_int_equal(a.code, PAPER_OK);
		rest = a.out;
		if (paper_find_next(&rest, &e) != RC_OK)
			fail_msg("turned by %.0f degrees: nothing found", turns[i]);
		assert_int_equal(e.source, PAPER_FROM_QR);
		assert_int_equal(e.page, 1);
		assert_int_equal(e.text.len, strlen(address));
		assert_memory_equal(e.text.p, address, e.text.len);
		assert_int_equal(paper_find_next(&rest, &e), RC_ABSENT);
		buf_clear(&out);
		buf_clear(&file);
	}
	free(d.p);
	footer_clear(&f);
}

/* --- a QR alone --- */

static void
lone_qr(void **state)
{
	static const char otp[] =
	    "otpauth://totp/Periksa:ani?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
	    "&issuer=Periksa%20Prov&algorithm=SHA1&digits=6&period=30";
	char text[2 * CAP_PAPER_ADDRESS + 2];
	const uint32_t dpis[] = {72, 96, 300, 1200};
	struct paper_job job = {.kind = PAPER_QR, .format = PAPER_PNG};
	struct paper_answer a;
	struct dots d;
	struct buf out;
	size_t i, k;

	(void)state;
	memset(text, 'x', sizeof(text));
	buf_init(&out, CAP_PAPER_OUT);
	for (k = 0; k < 2; k++) {
		job.part[PAPER_ADDRESS] =
		    k == 0 ? (struct paper_octets){(const uint8_t *)otp, sizeof(otp) - 1}
			   : (struct paper_octets){(const uint8_t *)text, 2 * CAP_PAPER_ADDRESS};
		for (i = 0; i < 4; i++) {
			job.dpi = dpis[i];
			works_do(&a, &out, &job);
			assert_int_equal(a.code, PAPER_OK);
			assert_int_equal(photo_dots(&d, &a.out), PAPER_OK);
			assert_int_equal(d.width, d.height);
			if (k == 0)
				assert_true(qrscan_has(&d, otp));
			free(d.p);
			buf_clear(&out);
		}
	}
	job.format = PAPER_SVG;
	works_do(&a, &out, &job);
	assert_int_equal(a.code, PAPER_OK);
	assert_memory_equal(a.out.p, "<svg ", 5);
	buf_clear(&out);
	job.format = PAPER_PDF;
	works_do(&a, &out, &job);
	assert_int_equal(a.code, PAPER_BAD_JOB);
	job.format = PAPER_PNG;
	job.part[PAPER_ADDRESS].len = 2 * CAP_PAPER_ADDRESS + 1;
	works_do(&a, &out, &job);
	assert_int_equal(a.code, PAPER_BAD_ADDRESS);
	job.part[PAPER_ADDRESS].len = 0;
	works_do(&a, &out, &job);
	assert_int_equal(a.code, PAPER_BAD_ADDRESS);
	job.part[PAPER_ADDRESS].len = 10;
	text[5] = '\0';
	works_do(&a, &out, &job);
	assert_int_equal(a.code, PAPER_BAD_TEXT);
	text[5] = '\xff';
	works_do(&a, &out, &job);
	assert_int_equal(a.code, PAPER_BAD_TEXT);
	assert_int_equal(a.out.len, 0);
	buf_clear(&out);
}

/* Lines of a terminal: both colours said in each, no more than 24 of 80 for an account. */
static void
terminal_qr(void **state)
{
	static const char otp[] = "otpauth://totp/Periksa:Siti%20R.?secret="
				  "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Periksa";
	static const char colours[] = "\x1b[38;5;16;48;5;231m";
	struct paper_job job = {.kind = PAPER_QR, .format = PAPER_TEXT};
	const char *at, *end;
	struct paper_answer a;
	struct buf out;
	size_t lines = 0, cells, i;

	(void)state;
	job.part[PAPER_ADDRESS] = (struct paper_octets){(const uint8_t *)otp, sizeof(otp) - 1};
	buf_init(&out, CAP_PAPER_OUT);
	works_do(&a, &out, &job);
	assert_int_equal(a.code, PAPER_OK);
	for (at = buf_text(&out); (end = strchr(at, '\n')) != NULL; at = end + 1, lines++) {
		assert_memory_equal(at, colours, sizeof(colours) - 1);
		assert_memory_equal(end - 4, "\x1b[0m", 4);
		at += sizeof(colours) - 1;
		for (i = 0, cells = 0; at + i < end - 4; i++)
			cells += ((uint8_t)at[i] & 0xc0) != 0x80;
		assert_in_range(cells, 29, 80);
	}
	assert_in_range(lines, 15, 24);
	buf_clear(&out);
	/* Nothing else is for terminals. */
	job.kind = PAPER_FOOTER;
	job.part[PAPER_TEMPLATE] = (struct paper_octets){(const uint8_t *)template, template_len};
	works_do(&a, &out, &job);
	assert_int_equal(a.code, PAPER_BAD_JOB);
	buf_clear(&out);
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
	const struct CMUnitTest tests[] = {cmocka_unit_test(read_back),
	    cmocka_unit_test(photographs), cmocka_unit_test(lone_qr), cmocka_unit_test(terminal_qr),
	    cmocka_unit_test(no_other)};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("footer", tests, prepare, NULL);
}
