/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Later revisions of a signed letter.  The input names objects and their new
 * text, "@5\n<<…>>", a revision ends at "@" without a line; cross-references are written
 * around them, so that what is tried are rules and not offsets.  Without an
 * "@" the input is appended as it is.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "pdf.h"

#define OBJECTS   64
#define SIGNATURE 40
#define GAP       66

struct letter {
	struct buf b;
	uint64_t off[OBJECTS], prev, range, gap;
	bool dirty[OBJECTS];
};

static const struct {
	unsigned num;
	const char *text;
} base[] = {
    {1, "<</Type/Catalog/Pages 2 0 R/AcroForm 10 0 R/StructTreeRoot 30 0 R>>"},
    {2, "<</Type/Pages/Kids[3 0 R 4 0 R]/Count 2>>"},
    {3, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Contents 5 0 R/Resources<</Font<</F1 12 0 R"
	">>/XObject<</X 13 0 R>>>>/Annots[20 0 R 21 0 R 22 0 R 23 0 R]>>"},
    {4, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Contents 6 0 R/Annots[25 0 R]>>"},
    {5, "<</Length 5>>\nstream\n0 0 m\nendstream"},
    {6, "<</Length 5>>\nstream\n0 1 m\nendstream"},
    {10, "<</Fields[20 0 R 21 0 R 22 0 R 24 0 R]/SigFlags 1/DR<</Font<</F1 12 0 R>>>>>>"},
    {12, "<</Type/Font/Subtype/Type1/BaseFont/Courier>>"},
    {13, "<</Subtype/Form/BBox[0 0 9 9]/Length 5>>\nstream\n0 2 m\nendstream"},
    {20, "<</Subtype/Widget/FT/Sig/T(a)/Rect[1 1 9 9]/P 3 0 R/V 40 0 R/AP<</N 41 0 R>>>>"},
    {21, "<</Subtype/Widget/FT/Sig/T(b)/Rect[11 1 19 9]/P 3 0 R>>"},
    {22, "<</Subtype/Widget/FT/Tx/T(c)/Rect[21 1 29 9]/V(1)/AP<</N 42 0 R>>>>"},
    {23, "<</Subtype/Text/Rect[31 1 39 9]/Contents(a)>>"},
    {24, "<</T(g)/Kids[25 0 R]>>"},
    {25, "<</Subtype/Widget/FT/Tx/T(d)/Parent 24 0 R/Rect[1 1 9 9]/V(a)>>"},
    {30, "<</Type/StructTreeRoot/K[31 0 R]/ParentTree 32 0 R>>"},
    {31, "<</S/Document/P 30 0 R/K[0]>>"},
    {32, "<</Nums[0[31 0 R]]>>"},
    {41, "<</Subtype/Form/BBox[0 0 9 9]/Length 5>>\nstream\n0 3 m\nendstream"},
    {42, "<</Subtype/Form/BBox[0 0 9 9]/Length 5>>\nstream\n0 4 m\nendstream"},
};

/* What is drawn under a signature: where it is, and what else would have to be changed for
 * another place to be used instead. */
static const struct {
	unsigned num;
	const char *drawn;
	unsigned users[4];
} drawn[] = {
    {5, "0 0 m", {1, 2, 3}},
    {6, "0 1 m", {1, 2, 4}},
    {12, "Courier", {1, 2, 3}},
    {13, "0 2 m", {1, 2, 3}},
    {41, "0 3 m", {1, 10, 20}},
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void
object(struct letter *m, unsigned num, const uint8_t *text, size_t len)
{
	bool stamp = len == 5 && memcmp(text, "stamp", 5) == 0;

	m->off[num] = m->b.len;
	m->dirty[num] = true;
	buf_printf(&m->b, "%u 0 obj\n", num);
	if (!stamp && (len != 4 || memcmp(text, "sign", 4) != 0)) {
		buf_put(&m->b, text, len);
	} else {
		buf_printf(&m->b, "<</Filter/Adobe.PPKLite/SubFilter/%s/ByteRange [0 ",
		    stamp ? "ETSI.RFC3161" : "ETSI.CAdES.detached");
		m->range = m->b.len;
		buf_printf(&m->b, "%24s]/Contents ", "");
		m->gap = m->b.len;
		buf_printf(&m->b, "<3003020101%054d>>>", 0);
	}
	buf_str(&m->b, "\nendobj\n");
}

static void
revision(struct letter *m)
{
	uint64_t at = m->b.len, c = m->gap + GAP;
	char range[32];
	unsigned i;

	buf_str(&m->b, m->prev == 0 ? "xref\n0 1\n0000000000 65535 f \n" : "xref\n");
	for (i = 1; i < OBJECTS; i++) {
		if (m->dirty[i])
			buf_printf(
			    &m->b, "%u 1\n%010llu 00000 n \n", i, (unsigned long long)m->off[i]);
		m->dirty[i] = false;
	}
	buf_printf(&m->b, "trailer\n<</Size %u/Root 1 0 R", OBJECTS);
	if (m->prev != 0)
		buf_printf(&m->b, "/Prev %llu", (unsigned long long)m->prev);
	buf_printf(&m->b, ">>\nstartxref\n%llu\n%%%%EOF\n", (unsigned long long)at);
	m->prev = at;
	if (m->range == 0 || buf_rc(&m->b) != RC_OK)
		return;
	(void)snprintf(range, sizeof(range), "%-7llu %-7llu %-8llu", (unsigned long long)m->gap,
	    (unsigned long long)c, (unsigned long long)(m->b.len - c));
	memcpy(m->b.p + m->range, range, 24);
	m->range = 0;
}

static void
all(struct letter *m)
{
	size_t i;

	for (i = 0; i < sizeof(base) / sizeof(base[0]); i++)
		object(m, base[i].num, (const uint8_t *)base[i].text, strlen(base[i].text));
}

static bool
contains(const uint8_t *p, size_t len, const char *text)
{
	return memmem(p, len, text, strlen(text)) != NULL;
}

/* The revisions that the input describes; true if something drawn was surely changed. */
static bool
describe(struct letter *m, const uint8_t *p, size_t len)
{
	bool touched[OBJECTS] = {false}, lost[OBJECTS] = {false}, bad = false, open = true;
	const uint8_t *end = p + len, *next, *nl;
	unsigned num, revisions = 0;
	size_t i, k;

	while (p < end && revisions < 8) {
		if ((next = memchr(p + 1, '@', (size_t)(end - p - 1))) == NULL)
			next = end;
		nl = memchr(p, '\n', (size_t)(next - p));
		if (nl == NULL) {
			if (open)
				revision(m);
			open = false;
			revisions++;
		} else {
			num = (unsigned)strtoul((const char *)p + 1, NULL, 10) % OBJECTS;
			nl++;
			/* The text of the last line ends before its "\n". */
			k = (size_t)(next - nl);
			if (k > 0 && nl[k - 1] == '\n')
				k--;
			if (num != 0 && num != SIGNATURE && !m->dirty[num]) {
				object(m, num, nl, k);
				touched[num] = open = true;
				for (i = 0; i < sizeof(drawn) / sizeof(drawn[0]); i++)
					lost[num] |=
					    drawn[i].num == num && !contains(nl, k, drawn[i].drawn);
			}
		}
		p = next;
	}
	if (open)
		revision(m);
	for (i = 0; i < sizeof(drawn) / sizeof(drawn[0]); i++) {
		for (k = 0; k < 4 && !touched[drawn[i].users[k]]; k++)
			;
		bad |= k == 4 && lost[drawn[i].num];
	}
	return bad;
}

/* The level of the first signature, with what has to be true of its changes. */
static enum pdf_modification
judge(const struct letter *m)
{
	struct arena *arena = arena_new(64u << 20);
	enum pdf_modification level = PDF_MOD_OTHER;
	const struct pdf_change *c;
	struct pdf_survey s;
	struct source src;
	size_t i, k;

	source_memory(&src, m->b.p, m->b.len);
	if (arena == NULL || pdf_survey(&s, arena, &src, NULL) != RC_OK)
		goto out;
	for (i = 0; i < s.nsigs && s.sigs[i].object != SIGNATURE; i++)
		;
	if (i == s.nsigs)
		abort();
	level = s.sigs[i].modification;
	c = s.sigs[i].changes;
	if (level == PDF_MOD_NOT_ANALYSED || (level == PDF_MOD_NONE) != (s.sigs[i].nchanges == 0))
		abort();
	for (k = 0; k < s.sigs[i].nchanges; k++) {
		if (c[k].level > (k == 0 ? level : c[k - 1].level) ||
		    c[k].kind >= PDF_CHANGE__MAX || c[k].place.path == NULL || c[k].revision == 0 ||
		    c[k].revision > s.revisions)
			abort();
		if (c[k].may_cover && !c[k].visible)
			abort();
	}
	if (level != PDF_MOD_NONE && c[0].level != level)
		abort();
out:
	arena_free(arena);
	return level;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	enum pdf_modification level;
	struct letter m;
	bool bad = false;
	size_t e;

	if (len > 1u << 16)
		return 0;
	memset(&m, 0, sizeof(m));
	buf_init(&m.b, 1u << 20);
	buf_str(&m.b, "%PDF-1.7\n");
	all(&m);
	object(&m, SIGNATURE, (const uint8_t *)"sign", 4);
	revision(&m);
	e = m.b.len;
	if (len > 0 && data[0] == '@')
		bad = describe(&m, data, len);
	else
		buf_put(&m.b, data, len);
	if (buf_rc(&m.b) != RC_OK)
		goto out;
	level = judge(&m);
	if (level == PDF_MOD_NONE && len > 0 && data[0] == '@' && m.b.len > e)
		abort();
	if (bad && level != PDF_MOD_OTHER)
		abort();
	if (len == 0 || data[0] != '@')
		goto out;
	/* What comes back to the signed state was changed all the same. */
	all(&m);
	revision(&m);
	if (buf_rc(&m.b) == RC_OK && judge(&m) < level)
		abort();
out:
	buf_clear(&m.b);
	return 0;
}
