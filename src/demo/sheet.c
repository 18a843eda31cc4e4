/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Draws an Indonesian official letter of an office that does not exist. */
#include <time.h>

#include "sheet.h"

#define MARGIN 72.0

void
sheet_string(struct buf *b, const char *s)
{
	buf_u8(b, '(');
	for (; *s != '\0'; s++) {
		if (*s == '(' || *s == ')' || *s == '\\')
			buf_u8(b, '\\');
		buf_u8(b, (uint8_t)*s);
	}
	buf_u8(b, ')');
}

void
sheet_date(char out[32], int64_t t)
{
	time_t seconds = (time_t)t + (time_t)7 * 3600;
	struct tm tm;

	if (gmtime_r(&seconds, &tm) == NULL || strftime(out, 32, "D:%Y%m%d%H%M%S+07'00'", &tm) == 0)
		out[0] = '\0';
}

static void
line(struct buf *b, int font, double size, double x, double y, const char *text)
{
	buf_printf(b, "BT /F%d %g Tf %g %g Td ", font, size, x, y);
	sheet_string(b, text);
	buf_str(b, " Tj ET\n");
}

static void
head(struct buf *b)
{
	line(b, 2, 14, 185, 782, "PEMERINTAH PROVINSI CONTOH");
	line(b, 2, 17, 232, 760, "DINAS CONTOH");
	line(b, 1, 9, 180, 744, "Jalan Contoh Nomor 1, Kota Contoh 00000, contoh.invalid");
	buf_str(b, "2 w 72 734 m 523 734 l S 0.5 w 72 731 m 523 731 l S\n");
}

void
sheet_draw(struct buf *b, const struct letter_text *t)
{
	static const char *const labels[] = {"Nomor", "Sifat", "Lampiran", "Hal"};
	const char *values[] = {t->number, "Biasa", "-", t->subject};
	size_t i;

	head(b);
	line(b, 1, 11, 370, 706, t->date);
	for (i = 0; i < 4; i++) {
		line(b, 1, 11, MARGIN, 682 - 16 * (double)i, labels[i]);
		line(b, 1, 11, 132, 682 - 16 * (double)i, ":");
		line(b, i == 3 ? 2 : 1, 11, 142, 682 - 16 * (double)i, values[i]);
	}
	line(b, 1, 11, MARGIN, 596, "Yth. Kepala Bagian Contoh");
	line(b, 1, 11, MARGIN, 580, "di Kota Contoh");
	line(b, 1, 11, MARGIN, 544,
	    "Dengan hormat, bersama surat ini disampaikan bahwa bantuan kegiatan untuk");
	line(b, 1, 11, MARGIN, 526, "tahun anggaran berjalan disetujui sebesar:");
	line(b, 2, 13, 220, 496, t->amount);
	line(b, 1, 11, MARGIN, 466,
	    "Pencairan dilakukan setelah laporan pertanggungjawaban tahun lalu diterima.");
	line(b, 1, 11, MARGIN, 448, "Atas perhatian dan kerja samanya diucapkan terima kasih.");
	line(b, 2, 11, 340, 400, t->role);
	line(b, 1, 9, 340, 384, "Ditandatangani secara elektronik oleh:");
	line(b, 2, 11, 340, 300, t->signer);
	buf_str(b, "0.5 w 72 92 m 523 92 l S\n");
	line(b, 1, 8, MARGIN, 78,
	    "Surat contoh untuk mencoba Periksa: kantor, nama, dan isinya rekaan, "
	    "sertifikatnya tidak berlaku.");
}

void
sheet_specimen(struct buf *b, const char *name)
{
	buf_printf(b, "0.13 0.27 0.53 RG 1 w 0.5 0.5 %d %d re S\n", SHEET_BOX_WIDTH - 1,
	    SHEET_BOX_HEIGHT - 1);
	line(b, 1, 8, 8, 38, "Ditandatangani secara elektronik oleh:");
	line(b, 2, 10, 8, 22, name);
	line(b, 1, 8, 8, 8, "Dinas Contoh");
}
