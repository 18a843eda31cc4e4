/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PDFMAKE_H
#define PDFMAKE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "pdf.h"

/*
 * Small PDF files for the tests of the reader, revision by revision, with
 * every offset right unless a test makes it wrong.
 */
#define PM_OBJECTS 64
#define PM_GAP     66 /* "<", 64 digits, ">" */

struct pm {
	struct buf b;
	uint64_t off[PM_OBJECTS];
	bool dirty[PM_OBJECTS];
	uint64_t prev;  /* newest xref, 0 before the first */
	uint64_t range; /* of the numbers of a /ByteRange to be filled in, 0 if none */
	uint64_t gap;
};

static inline void
pm_init(struct pm *m)
{
	memset(m, 0, sizeof(*m));
	buf_init(&m->b, 4u << 20);
	buf_str(&m->b, "%PDF-1.7\n");
}

static inline void
pm_obj(struct pm *m, unsigned num, const char *text)
{
	assert_true(num < PM_OBJECTS);
	m->off[num] = m->b.len;
	m->dirty[num] = true;
	buf_printf(&m->b, "%u 0 obj\n%s\nendobj\n", num, text);
}

/* A signature dictionary whose byte range pm_end() fills in. */
static inline void
pm_sig(struct pm *m, unsigned num, const char *more)
{
	m->off[num] = m->b.len;
	m->dirty[num] = true;
	buf_printf(&m->b, "%u 0 obj\n<</Type/Sig/Filter/Adobe.PPKLite%s/ByteRange [0 ", num, more);
	m->range = m->b.len;
	buf_printf(&m->b, "%24s]/Contents ", "");
	m->gap = m->b.len;
	buf_printf(&m->b, "<3003020101%054d>>>\nendobj\n", 0);
}

/* Cross-references, trailer and tail of this revision. */
static inline void
pm_end(struct pm *m, const char *trailer)
{
	uint64_t at = m->b.len, c;
	char range[32];
	unsigned i;

	buf_str(&m->b, "xref\n");
	if (m->prev == 0)
		buf_str(&m->b, "0 1\n0000000000 65535 f \n");
	for (i = 1; i < PM_OBJECTS; i++) {
		if (m->dirty[i])
			buf_printf(
			    &m->b, "%u 1\n%010llu 00000 n \n", i, (unsigned long long)m->off[i]);
		m->dirty[i] = false;
	}
	buf_printf(&m->b, "trailer\n<</Size %u/Root 1 0 R%s", PM_OBJECTS, trailer);
	if (m->prev != 0)
		buf_printf(&m->b, "/Prev %llu", (unsigned long long)m->prev);
	buf_printf(&m->b, ">>\nstartxref\n%llu\n%%%%EOF\n", (unsigned long long)at);
	m->prev = at;
	assert_int_equal(buf_rc(&m->b), RC_OK);
	if (m->range == 0)
		return;
	c = m->gap + PM_GAP;
	snprintf(range, sizeof(range), "%-7llu %-7llu %-8llu", (unsigned long long)m->gap,
	    (unsigned long long)c, (unsigned long long)(m->b.len - c));
	memcpy(m->b.p + m->range, range, 24);
	m->range = 0;
}

/* One page without fields: objects 1 to 4. */
static inline void
pm_page(struct pm *m)
{
	pm_obj(m, 1, "<</Type/Catalog/Pages 2 0 R>>");
	pm_obj(m, 2, "<</Type/Pages/Kids[3 0 R]/Count 1>>");
	pm_obj(m, 3, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Contents 4 0 R>>");
	pm_obj(m, 4, "<</Length 5>>\nstream\n0 0 m\nendstream");
}

/* The same with an invisible field 5, signed by 6; more goes into 6. */
static inline void
pm_signed(struct pm *m, const char *more)
{
	pm_init(m);
	pm_obj(m, 1, "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[5 0 R]/SigFlags 3>>>>");
	pm_obj(m, 2, "<</Type/Pages/Kids[3 0 R]/Count 1>>");
	pm_obj(
	    m, 3, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Contents 4 0 R/Annots[5 0 R]>>");
	pm_obj(m, 4, "<</Length 5>>\nstream\n0 0 m\nendstream");
	pm_obj(
	    m, 5, "<</Type/Annot/Subtype/Widget/FT/Sig/T(first)/Rect[0 0 0 0]/P 3 0 R/V 6 0 R>>");
	pm_sig(m, 6, more);
	pm_end(m, "");
}

/* A document timestamp in a new invisible field 7 with 8, as a revision of its own. */
static inline void
pm_stamp_field(struct pm *m, const char *field)
{
	pm_obj(m, 1, "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[5 0 R 7 0 R]/SigFlags 3>>>>");
	pm_obj(m, 3,
	    "<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Contents 4 0 R/Annots[5 0 R 7 0 R]>>");
	pm_obj(m, 7, field);
	pm_sig(m, 8, "/SubFilter/ETSI.RFC3161");
	pm_end(m, "");
}

static inline void
pm_stamp(struct pm *m)
{
	pm_stamp_field(
	    m, "<</Type/Annot/Subtype/Widget/FT/Sig/T(stamp)/Rect[0 0 0 0]/P 3 0 R/V 8 0 R>>");
}

/* Survey of the bytes in memory of exactly their length, so that a sanitizer sees a
 * read behind them; the arena is the caller's. */
static inline struct arena *
pm_survey(const struct pm *m, struct pdf_survey *out)
{
	struct arena *arena = arena_new(64u << 20);
	struct source src;
	uint8_t *p = arena_dup(arena, m->b.p, m->b.len);

	assert_non_null(p);
	source_memory(&src, p, m->b.len);
	assert_int_equal(pdf_survey(out, arena, &src, NULL), RC_OK);
	return arena;
}

static inline bool
pm_has(const struct pdf_finding *f, size_t n, enum pdf_rule rule)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (f[i].rule == rule)
			return true;
	}
	return false;
}

/* Replace the one place where old is by text of the same length. */
static inline void
pm_patch(struct pm *m, const char *old, const char *text)
{
	size_t i, len = strlen(old), hits = 0;

	assert_int_equal(len, strlen(text));
	for (i = 0; i + len <= m->b.len; i++) {
		if (memcmp(m->b.p + i, old, len) == 0) {
			memcpy(m->b.p + i, text, len);
			hits++;
		}
	}
	assert_int_equal(hits, 1);
}

#endif /* PDFMAKE_H */
