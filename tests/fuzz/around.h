/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef AROUND_H
#define AROUND_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "pdf.h"

/*
 * A signed letter around fuzzed objects, with every offset right, so that a
 * target's bytes are spent on the objects and not on the file.  The input is
 * cut at each 0x1e: parts of the catalog, of the page, then objects 10, 11, …
 */
#define AROUND_PARTS  16
#define AROUND_OBJECT 10
#define AROUND_GAP    66

struct around {
	struct buf b;
	uint64_t off[AROUND_OBJECT + AROUND_PARTS]; /* in this revision, 0 if it has none */
	uint64_t prev;
};

static inline size_t
around_split(const uint8_t *data, size_t len, struct pdf_bytes v[AROUND_PARTS])
{
	const uint8_t *end;
	size_t n;

	for (n = 0; n < AROUND_PARTS; n++) {
		end = len == 0 ? NULL : memchr(data, 0x1e, len);
		v[n].p = data;
		v[n].len = end == NULL || n == AROUND_PARTS - 1 ? len : (size_t)(end - data);
		if (v[n].len == len)
			return n + 1;
		data += v[n].len + 1;
		len -= v[n].len + 1;
	}
	return n;
}

static inline void
around_object(
    struct around *a, unsigned num, const char *text, struct pdf_bytes more, const char *end)
{
	a->off[num] = a->b.len;
	buf_printf(&a->b, "%u 0 obj\n%s", num, text);
	buf_put(&a->b, more.p, more.len);
	buf_printf(&a->b, "%s\nendobj\n", end);
}

static inline void
around_end(struct around *a)
{
	uint64_t at = a->b.len;
	unsigned i;

	buf_str(&a->b, "xref\n");
	if (a->prev == 0)
		buf_str(&a->b, "0 1\n0000000000 65535 f \n");
	for (i = 1; i < AROUND_OBJECT + AROUND_PARTS; i++) {
		if (a->off[i] != 0)
			buf_printf(
			    &a->b, "%u 1\n%010llu 00000 n \n", i, (unsigned long long)a->off[i]);
		a->off[i] = 0;
	}
	buf_printf(&a->b, "trailer\n<</Size %d/Root 1 0 R", AROUND_OBJECT + AROUND_PARTS);
	if (a->prev != 0)
		buf_printf(&a->b, "/Prev %llu", (unsigned long long)a->prev);
	buf_printf(&a->b, ">>\nstartxref\n%llu\n%%%%EOF\n", (unsigned long long)at);
	a->prev = at;
}

static inline void
around_catalog(struct around *a, struct pdf_bytes more)
{
	around_object(
	    a, 1, "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[5 0 R]/SigFlags 3>>", more, ">>");
}

/* later: catalog, page and objects come in an update behind the signature. */
static inline void
around_build(struct around *a, const struct pdf_bytes *v, size_t n, bool later)
{
	static const struct pdf_bytes none = {NULL, 0};
	struct pdf_bytes root = n > 0 ? v[0] : none, page = n > 1 ? v[1] : none;
	uint64_t range, gap, c;
	char text[40];
	size_t i;

	memset(a, 0, sizeof(*a));
	buf_init(&a->b, 8u << 20);
	buf_str(&a->b, "%PDF-1.7\n");
	around_catalog(a, later ? none : root);
	around_object(a, 2, "<</Type/Pages/Kids[3 0 R]/Count 1>>", none, "");
	around_object(a, 3, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Contents 4 0 R",
	    later ? none : page, later ? "/Annots[5 0 R]>>" : "/Annots[5 0 R 10 0 R 11 0 R]>>");
	around_object(a, 4, "<</Length 5>>\nstream\n0 0 m\nendstream", none, "");
	around_object(a, 5,
	    "<</Type/Annot/Subtype/Widget/FT/Sig/T(a)/Rect[0 0 0 0]/P 3 0 R/V 6 0 R>>", none, "");
	for (i = 2; i < n && !later; i++)
		around_object(a, (unsigned)(AROUND_OBJECT + i - 2), "", v[i], "");
	a->off[6] = a->b.len;
	buf_str(&a->b, "6 0 obj\n<</Type/Sig/Filter/A/SubFilter/ETSI.CAdES.detached/ByteRange [0 ");
	range = a->b.len;
	buf_printf(&a->b, "%30s]/Contents ", "");
	gap = a->b.len;
	buf_printf(&a->b, "<3003020101%054d>>>\nendobj\n", 0);
	around_end(a);
	c = gap + AROUND_GAP;
	(void)snprintf(text, sizeof(text), "%-9llu %-9llu %-10llu", (unsigned long long)gap,
	    (unsigned long long)c, (unsigned long long)(a->b.len - c));
	if (buf_rc(&a->b) == RC_OK)
		memcpy(a->b.p + range, text, 30);
	if (!later)
		return;
	around_catalog(a, root);
	for (i = 2; i < n; i++)
		around_object(a, (unsigned)(AROUND_OBJECT + i - 2), "", v[i], "");
	around_end(a);
}

#endif /* AROUND_H */
