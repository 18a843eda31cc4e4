/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <string.h>

#include "caps.h"
#include "summary.h"

#define MAX ((CAP_BATCH_ROWS + 1) * 4096 + CAP_BATCH_CSV)

/* Always in quotes: then nothing but a quotation mark has to be looked for. */
static void
cell(struct summary *s, const char *text, bool last)
{
	buf_u8(&s->b, '"');
	if (text != NULL && *text != '\0' && strchr("=+-@\t\r\n", *text) != NULL)
		buf_u8(&s->b, '\'');
	for (; text != NULL && *text != '\0'; text++) {
		if (*text == '"')
			buf_u8(&s->b, '"');
		buf_u8(&s->b, (uint8_t)*text);
	}
	buf_u8(&s->b, '"');
	if (last)
		buf_str(&s->b, "\r\n");
	else
		buf_u8(&s->b, (uint8_t)s->delimiter);
}

void
summary_init(struct summary *s, char delimiter)
{
	static const char *const titles[] = {"baris", "id", "nomor", "tanggal", "hasil", "kolom",
	    "keterangan", "note", "kode", "berkas"};
	size_t i, n = sizeof(titles) / sizeof(titles[0]);

	s->delimiter = delimiter;
	buf_init(&s->b, MAX);
	buf_str(&s->b, "\xef\xbb\xbf");
	for (i = 0; i < n; i++)
		cell(s, titles[i], i + 1 == n);
}

static void
words(struct summary *s, const struct summary_row *r, const char *word(enum bulk_word w))
{
	const char *between = "";
	struct buf b;
	size_t i;

	buf_init(&b, 4096);
	for (i = 0; i < SUMMARY_WORDS && r->words[i] != BULK_NONE; i++) {
		buf_str(&b, between);
		buf_str(&b, word(r->words[i]));
		between = "; ";
	}
	if (r->detail != NULL && *r->detail != '\0')
		buf_printf(&b, " (%s)", r->detail);
	cell(s, buf_text(&b), false);
	buf_clear(&b);
}

void
summary_add(struct summary *s, const struct summary_row *r)
{
	char row[16] = "";

	if (r->row > 0)
		(void)snprintf(row, sizeof(row), "%u", r->row);
	cell(s, row, false);
	cell(s, r->id, false);
	cell(s, r->number, false);
	cell(s, r->date, false);
	cell(s, r->done ? "dibuat" : "gagal", false);
	cell(s, r->column, false);
	words(s, r, bulk_indonesian);
	words(s, r, bulk_english);
	cell(s, r->code, false);
	cell(s, r->file, true);
}

void
summary_clear(struct summary *s)
{
	if (s->b.p != NULL)
		explicit_bzero(s->b.p, s->b.len);
	buf_clear(&s->b);
}
