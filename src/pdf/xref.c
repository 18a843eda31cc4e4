/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Cross-references, ISO 32000-2, 7.5.4 to 7.5.8: tables, streams and both in
 * one (hybrid), strictly.  The chain is read from the newest section to the
 * oldest; then the definitions of one object number are linked together.
 */
#define _GNU_SOURCE /* memmem */
#include <stdlib.h>
#include <string.h>

#include "caps.h"
#include "revision.h"
#include "stream.h"
#include "xref.h"

#define ENTRY_LEN 20 /* of a table: "nnnnnnnnnn ggggg n" and a two-byte end of line */

bool
xref_tail(const uint8_t *p, uint64_t end, struct xref_tail *t)
{
	uint64_t i = end, floor = end > CAP_EOF_WINDOW ? end - CAP_EOF_WINDOW : 0, scale = 1;
	unsigned digits = 0;

	memset(t, 0, sizeof(*t));
	for (; i > floor && (lex_is_space(p[i - 1])); i--) {
		if (p[i - 1] == '\n' || (p[i - 1] == '\r' && (i == end || p[i] != '\n')))
			t->eols++;
	}
	if (i - floor < 5 || memcmp(p + i - 5, "%%EOF", 5) != 0)
		return false;
	t->eof = i;
	for (i -= 5; i > floor && lex_is_space(p[i - 1]); i--)
		;
	for (; i > floor && p[i - 1] >= '0' && p[i - 1] <= '9' && digits < 18; i--, digits++) {
		t->value += (uint64_t)(p[i - 1] - '0') * scale;
		scale *= 10;
	}
	if (digits == 0 || i == floor || !lex_is_space(p[i - 1]))
		return false;
	for (; i > floor && lex_is_space(p[i - 1]); i--)
		;
	if (i - floor < 9 || memcmp(p + i - 9, "startxref", 9) != 0)
		return false;
	t->off = i - 9;
	return true;
}

static enum rc
defs_reserve(struct doc *d, size_t more)
{
	size_t want = d->cap_defs == 0 ? 256 : d->cap_defs;
	struct def *p;

	if (more > CAP_OBJECTS || d->ndefs > CAP_OBJECTS - more)
		return RC_TOOBIG;
	if (d->cap_defs - d->ndefs >= more)
		return RC_OK;
	while (want - d->ndefs < more)
		want *= 2;
	if ((p = realloc(d->defs, want * sizeof(*p))) == NULL)
		return RC_NOMEM;
	d->defs = p;
	d->cap_defs = want;
	return RC_OK;
}

static void
def_push(struct doc *d, uint32_t num, enum def_type type, uint64_t off, uint32_t gen, bool hidden)
{
	struct def *def = &d->defs[d->ndefs++];

	memset(def, 0, sizeof(*def));
	def->num = num;
	def->type = (uint8_t)type;
	def->off = off;
	def->gen = gen;
	def->hidden = hidden;
}

static bool
digits(const uint8_t *p, size_t n, uint64_t *v)
{
	size_t i;

	*v = 0;
	for (i = 0; i < n; i++) {
		if (p[i] < '0' || p[i] > '9')
			return false;
		*v = *v * 10 + (uint64_t)(p[i] - '0');
	}
	return true;
}

/* One entry of a table, by its fixed shape, else token by token. */
static enum rc
table_entry(struct doc *d, struct lex *lx, uint32_t num)
{
	const uint8_t *p = lx->p + lx->pos;
	struct token off, gen, kind;
	uint64_t o, g;
	uint8_t c;

	if (lx->len - lx->pos >= ENTRY_LEN && p[10] == ' ' && p[16] == ' ' &&
	    (p[17] == 'n' || p[17] == 'f') && lex_is_space(p[18]) && lex_is_space(p[19]) &&
	    digits(p, 10, &o) && digits(p + 11, 5, &g)) {
		c = p[17];
		lx->pos += ENTRY_LEN;
	} else {
		if (lex_next(lx, &off) != TOK_INT || lex_next(lx, &gen) != TOK_INT ||
		    lex_next(lx, &kind) != TOK_WORD || kind.len != 1 || !off.plain || !gen.plain)
			return RC_FORMAT;
		o = (uint64_t)off.i;
		g = (uint64_t)gen.i;
		c = kind.p[0];
	}
	if ((c != 'n' && c != 'f') || g > 65535)
		return RC_FORMAT;
	def_push(d, num, c == 'n' ? DEF_PLAIN : DEF_FREE, o, (uint32_t)g, false);
	return RC_OK;
}

static enum rc
table(struct doc *d, struct section *s)
{
	struct lex lx;
	struct token t, count;
	int64_t i;
	enum rc rc;

	lex_init(&lx, d->p, d->n, s->off);
	if (lex_next(&lx, &t) != TOK_WORD || !lex_is_word(&t, "xref"))
		return RC_FORMAT;
	while (lex_next(&lx, &t) == TOK_INT) {
		if (lex_next(&lx, &count) != TOK_INT || !t.plain || !count.plain)
			return RC_FORMAT;
		if (t.i > CAP_OBJECTS || count.i > CAP_OBJECTS - t.i)
			return RC_TOOBIG;
		/* An entry takes some bytes: what is announced must be there. */
		if ((uint64_t)count.i > (lx.len - lx.pos) / 6 + 1)
			return RC_FORMAT;
		if ((rc = defs_reserve(d, (size_t)count.i)) != RC_OK)
			return rc;
		for (i = 0; i < count.i; i++) {
			if (!lex_skip(&lx))
				return RC_FORMAT;
			if ((rc = table_entry(d, &lx, (uint32_t)(t.i + i))) != RC_OK)
				return rc;
		}
	}
	if (t.tok != TOK_WORD || !lex_is_word(&t, "trailer"))
		return RC_FORMAT;
	/* What follows is judged where the tail is. */
	if ((rc = obj_parse_one(&d->parser, &lx, &s->trailer)) != RC_OK)
		return rc;
	s->end = s->trailer.end;
	return s->trailer.type == OBJ_DICT ? RC_OK : RC_FORMAT;
}

struct widths {
	size_t w[3], all;
};

static enum rc
stream_widths(const struct obj *dict, struct widths *w)
{
	const struct obj *o = obj_get(dict, "W");
	size_t i;

	memset(w, 0, sizeof(*w));
	if (o->type != OBJ_ARRAY || o->n != 3)
		return RC_FORMAT;
	for (i = 0; i < 3; i++) {
		if (o->u.items[i].type != OBJ_INT || o->u.items[i].u.i < 0 || o->u.items[i].u.i > 8)
			return RC_FORMAT;
		w->w[i] = (size_t)o->u.items[i].u.i;
		w->all += w->w[i];
	}
	return w->all == 0 ? RC_FORMAT : RC_OK;
}

static enum rc
stream_entry(struct doc *d, const uint8_t *p, const struct widths *w, uint32_t num, bool hidden)
{
	uint64_t v[3] = {1, 0, 0};
	size_t f, i;

	for (f = 0; f < 3; f++) {
		if (w->w[f] != 0)
			v[f] = 0;
		for (i = 0; i < w->w[f]; i++)
			v[f] = v[f] << 8 | *p++;
	}
	if (v[0] > 2)
		return RC_FORMAT;
	if (v[0] == 1 && v[2] > 65535)
		return RC_FORMAT;
	if (v[0] == 2 && (v[1] >= CAP_OBJECTS || v[2] >= CAP_OBJECTS))
		return RC_TOOBIG;
	if (v[0] == 2)
		def_push(d, num, DEF_PACKED, v[2], (uint32_t)v[1], hidden);
	else
		def_push(d, num, v[0] == 1 ? DEF_PLAIN : DEF_FREE, v[1], (uint32_t)(v[2] & 0xffff),
		    hidden);
	return RC_OK;
}

static enum rc
stream_range(struct doc *d, struct pdf_bytes *data, const struct widths *w, int64_t first,
    int64_t count, bool hidden)
{
	int64_t i;
	enum rc rc;

	if (first < 0 || count < 0)
		return RC_FORMAT;
	if (first > CAP_OBJECTS || count > CAP_OBJECTS - first)
		return RC_TOOBIG;
	if ((uint64_t)count > data->len / w->all)
		return RC_FORMAT;
	if ((rc = defs_reserve(d, (size_t)count)) != RC_OK)
		return rc;
	for (i = 0; i < count; i++) {
		rc = stream_entry(d, data->p, w, (uint32_t)(first + i), hidden);
		if (rc != RC_OK)
			return rc;
		data->p += w->all;
		data->len -= w->all;
	}
	return RC_OK;
}

/* A cross-reference stream; hidden: the /XRefStm of a hybrid section. */
static enum rc
stream(struct doc *d, uint64_t off, struct obj *dict, uint64_t *end, bool hidden)
{
	const struct obj *index, *size;
	struct pdf_bytes data;
	struct widths w;
	uint32_t num, gen, i;
	enum rc rc;

	if ((rc = revision_object_at(d, off, &num, &gen, dict, end)) != RC_OK)
		return rc;
	if (dict->type != OBJ_STREAM || !obj_is_name(obj_get(dict, "Type"), "XRef"))
		return RC_FORMAT;
	if ((rc = stream_widths(dict, &w)) != RC_OK ||
	    (rc = stream_raw(d, NO_VIEW, dict, &data, end)) != RC_OK ||
	    (rc = stream_decode(d, NO_VIEW, dict, &data)) != RC_OK)
		return rc == RC_ABSENT ? RC_FORMAT : rc;
	size = obj_get(dict, "Size");
	index = obj_get(dict, "Index");
	if (size->type != OBJ_INT)
		return RC_FORMAT;
	if (index->type == OBJ_NULL) {
		rc = stream_range(d, &data, &w, 0, size->u.i, hidden);
	} else if (index->type != OBJ_ARRAY || index->n % 2 != 0) {
		rc = RC_FORMAT;
	} else {
		for (i = 0; rc == RC_OK && i < index->n; i += 2) {
			if (index->u.items[i].type != OBJ_INT ||
			    index->u.items[i + 1].type != OBJ_INT)
				return RC_FORMAT;
			rc = stream_range(
			    d, &data, &w, index->u.items[i].u.i, index->u.items[i + 1].u.i, hidden);
		}
	}
	return rc == RC_OK && data.len != 0 ? RC_FORMAT : rc;
}

/* The /XRefStm of a table: its entries come behind the table's in the same section. */
static enum rc
hybrid(struct doc *d, struct section *s)
{
	const struct obj *o = obj_get(&s->trailer, "XRefStm");
	struct obj dict;
	uint64_t end = 0;
	enum rc rc;

	if (o->type == OBJ_NULL)
		return RC_OK;
	if (o->type != OBJ_INT || o->u.i <= 0 || (uint64_t)o->u.i >= d->n)
		return RC_FORMAT;
	s->hybrid = true;
	s->low = (uint64_t)o->u.i < s->off ? (uint64_t)o->u.i : s->off;
	rc = stream(d, (uint64_t)o->u.i, &dict, &end, true);
	if (end > s->end)
		s->end = end;
	return rc;
}

static enum rc
section_read(struct doc *d, struct section *s)
{
	enum rc rc;

	/* Some good writers name the end of line before it. */
	s->off = s->named;
	while (s->off < d->n - 1 && lex_is_space(d->p[s->off]))
		s->off++;
	s->low = s->off;
	s->def = (uint32_t)d->ndefs;
	if (d->p[s->off] == 'x') {
		if ((rc = table(d, s)) == RC_OK)
			rc = hybrid(d, s);
	} else {
		rc = stream(d, s->off, &s->trailer, &s->end, false);
	}
	s->ndefs = (uint32_t)d->ndefs - s->def;
	if (rc == RC_OK && s->trailer.dup_key)
		(void)doc_fail(d, PDF_S8_DUPLICATE_KEY, s->off);
	return rc;
}

static bool
seen(const struct doc *d, uint64_t off)
{
	size_t i;

	for (i = 0; i < d->nsections; i++) {
		if (d->sections[i].named == off)
			return true;
	}
	return false;
}

/* From the newest section along /Prev; then the array is turned round. */
static enum rc
chain(struct doc *d, uint64_t off)
{
	const struct obj *prev;
	struct section *s, t;
	size_t i;
	enum rc rc;

	for (;;) {
		if (off == 0 || off >= d->n || seen(d, off))
			return doc_fail(d, PDF_S3_XREF, off);
		if (d->nsections == CAP_SECTIONS)
			return doc_fail(d, PDF_S9_LIMIT, off);
		rc = arena_grow(
		    d->arena, &d->sections, d->nsections, &d->cap_sections, sizeof(*d->sections));
		if (rc != RC_OK)
			return rc;
		s = &d->sections[d->nsections++];
		memset(s, 0, sizeof(*s));
		s->named = off;
		if ((rc = section_read(d, s)) != RC_OK) {
			if (rc == RC_NOMEM)
				return rc;
			return doc_fail(d, rc == RC_TOOBIG ? PDF_S9_LIMIT : PDF_S3_XREF, off);
		}
		prev = obj_get(&s->trailer, "Prev");
		if (prev->type == OBJ_NULL)
			break;
		if (prev->type != OBJ_INT || prev->u.i < 0)
			return doc_fail(d, PDF_S3_XREF, off);
		off = (uint64_t)prev->u.i;
	}
	for (i = 0; i < d->nsections / 2; i++) {
		t = d->sections[i];
		d->sections[i] = d->sections[d->nsections - 1 - i];
		d->sections[d->nsections - 1 - i] = t;
	}
	return RC_OK;
}

/* Some updates name the /XRefStm of the revision before once more.  That is sound as
 * long as its objects were not redefined in between, which the hybrid check of
 * revision.c sees; such a section then adds nothing that lies before it. */
static void
reused(struct doc *d, size_t i)
{
	const struct obj *stm = obj_get(&d->sections[i].trailer, "XRefStm"), *old;
	size_t k;

	for (k = 0; k < i && d->sections[i].hybrid; k++) {
		old = obj_get(&d->sections[k].trailer, "XRefStm");
		if (old->type != OBJ_INT || old->u.i != stm->u.i)
			continue;
		doc_warn(d, PDF_S7_HYBRID, d->sections[i].off);
		d->sections[i].low = d->sections[i].off;
		return;
	}
}

static bool
linearized(const struct doc *d)
{
	size_t len = d->n < CAP_EOF_WINDOW ? (size_t)d->n : CAP_EOF_WINDOW;

	return memmem(d->p, len, "/Linearized", 11) != NULL;
}

/* Where a section belongs: sections ascend in the file, but for the first two of a
 * linearized file (S10), which are one revision; so are the two that Word writes
 * at once, a table and an empty one with the /XRefStm in front of it. */
static enum rc
revisions(struct doc *d)
{
	struct section *s, *prev;
	bool same;
	size_t i;

	for (i = 0; i < d->nsections; i++) {
		s = &d->sections[i];
		reused(d, i);
		s->foot = s->end;
		s->revision = 1;
		if (i == 0)
			continue;
		prev = &d->sections[i - 1];
		same = false;
		if (s->off < prev->foot) {
			if (i != 1 || !linearized(d))
				return doc_fail(
				    d, i == 1 ? PDF_S10_LINEARIZED : PDF_S3_XREF, s->off);
			same = true;
		} else if (s->hybrid && s->low < prev->off && i == 1) {
			same = true;
		}
		if (s->foot < prev->foot)
			s->foot = prev->foot;
		s->revision = prev->revision + !same;
	}
	d->nrevisions = d->sections[d->nsections - 1].revision;
	return RC_OK;
}

static enum rc
backward_add(struct doc *d, const struct def *def)
{
	enum rc rc = arena_grow(
	    d->arena, &d->backward, d->nbackward, &d->cap_backward, sizeof(*d->backward));

	if (rc == RC_OK)
		d->backward[d->nbackward++] = (uint32_t)(def - d->defs);
	return rc;
}

/* Put one definition in front of the older ones of its number. */
static enum rc
link_def(struct doc *d, size_t section, struct def *def)
{
	struct section *s = &d->sections[section];
	uint32_t i = d->newest[def->num];
	struct def *old = i == 0 ? NULL : &d->defs[i - 1];

	if (old != NULL && old->section == section && old->hidden == def->hidden)
		return doc_fail(d, PDF_S4_NUMBERS, s->off);
	def->older = i;
	def->section = (uint16_t)section;
	d->newest[def->num] = (uint32_t)(def - d->defs) + 1;
	if (old != NULL)
		old->newer = d->newest[def->num];
	if (def->type != DEF_PLAIN)
		return RC_OK;
	if (def->off + 1 > s->top)
		s->top = def->off + 1;
	/* A table that repeats an older entry points back and changes nothing. */
	if (section == 0 || (old != NULL && old->type == DEF_PLAIN && old->off == def->off))
		return RC_OK;
	if (s->revision == 1 ? old == NULL || old->type != DEF_PLAIN || old->off < def->off
			     : def->off >= d->sections[section - 1].foot)
		return RC_OK;
	return backward_add(d, def);
}

/* Of a hybrid section the free entries of the table are the oldest, then come
 * the hidden ones, and the table's own objects win. */
static int
rank(const struct def *def)
{
	return def->hidden ? 1 : def->type == DEF_FREE ? 0 : 2;
}

/*
 * A /Size too small for older objects: readers may count those as missing, so that what
 * they show is another document.  Only the newest section's counts: some programs
 * write an empty update of /Size 1, and then a right one.
 */
static bool
size_hides(const struct doc *d, size_t section, int64_t size)
{
	uint32_t i;

	if (section + 1 != d->nsections || size >= d->nnums)
		return false;
	for (i = (uint32_t)size; i < d->nnums; i++) {
		if (d->newest[i] != 0 && d->defs[d->newest[i] - 1].type != DEF_FREE)
			return true;
	}
	return false;
}

static enum rc
link_section(struct doc *d, size_t section)
{
	struct section *s = &d->sections[section];
	const struct obj *size = obj_get(&s->trailer, "Size");
	int pass, passes = s->hybrid ? 3 : 1;
	struct def *def;
	uint32_t i;
	enum rc rc;

	s->top = section == 0 ? 0 : d->sections[section - 1].top;
	if (size->type != OBJ_INT || size->u.i < 0)
		return doc_fail(d, PDF_S4_NUMBERS, s->off);
	if (section > 0 && s->revision > 1) {
		if (size_hides(d, section, size->u.i))
			(void)doc_fail(d, PDF_S4_NUMBERS, s->off);
		else if (size->u.i < obj_get(&d->sections[section - 1].trailer, "Size")->u.i)
			doc_warn(d, PDF_S4_NUMBERS, s->off);
	}
	for (pass = 0; pass < passes; pass++) {
		for (i = 0; i < s->ndefs; i++) {
			def = &d->defs[s->def + i];
			if (passes > 1 && rank(def) != pass)
				continue;
			if ((int64_t)def->num >= size->u.i && def->type != DEF_FREE)
				(void)doc_fail(d, PDF_S4_NUMBERS, s->off);
			if ((rc = link_def(d, section, def)) != RC_OK)
				return rc;
		}
	}
	return RC_OK;
}

static enum rc
link_all(struct doc *d)
{
	size_t i;
	enum rc rc;

	for (i = 0; i < d->ndefs; i++) {
		if (d->defs[i].num >= d->nnums)
			d->nnums = d->defs[i].num + 1;
	}
	if ((d->newest = calloc(d->nnums + 1, sizeof(*d->newest))) == NULL ||
	    (d->asked = calloc(d->nnums + 1, sizeof(*d->asked))) == NULL)
		return RC_NOMEM;
	for (i = 0; i < d->nsections; i++) {
		if ((rc = link_section(d, i)) != RC_OK)
			return rc;
	}
	return RC_OK;
}

bool
xref_tail_follows(const struct doc *d, size_t section, const struct xref_tail *t)
{
	struct lex lx;
	struct token tok;

	lex_init(&lx, d->p, d->n, d->sections[section].foot);
	return lex_next(&lx, &tok) == TOK_WORD && tok.off == t->off;
}

enum rc
xref_read(struct doc *d)
{
	struct xref_tail t;
	size_t i;
	enum rc rc;

	if (d->n < 5 || memcmp(d->p, "%PDF-", 5) != 0)
		return doc_fail(d, PDF_S1_HEADER, 0);
	if (!xref_tail(d->p, d->n, &t))
		return doc_fail(d, PDF_S2_TAIL, d->n);
	if (t.eols > 2)
		doc_warn(d, PDF_S2_TAIL, t.eof);
	if ((rc = chain(d, t.value)) != RC_OK || (rc = revisions(d)) != RC_OK ||
	    (rc = link_all(d)) != RC_OK)
		return rc;
	d->rollback = !xref_tail_follows(d, d->nsections - 1, &t);
	if (d->rollback)
		(void)doc_fail(d, PDF_S2_TAIL, t.off);
	for (i = 0; i < d->nsections; i++)
		d->encrypted |= obj_get(&d->sections[i].trailer, "Encrypt")->type != OBJ_NULL;
	return RC_OK;
}
