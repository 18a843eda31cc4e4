/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Makes mutants and judges them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "forge.h"
#include "mutant.h"
#include "sight.h"

#define SMALL     60000u /* larger originals are taken less often */
#define NITEMS(a) (sizeof(a) / sizeof((a)[0]))

/* --- chance --- */

struct dice {
	uint64_t state;
};

static uint64_t
throw_dice(struct dice *d)
{
	uint64_t z = d->state += 0x9e3779b97f4a7c15u; /* splitmix64 */

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return z ^ (z >> 31);
}

static size_t
below(struct dice *d, size_t n)
{
	return n > 0 ? (size_t)(throw_dice(d) % n) : 0;
}

/* --- originals --- */

static bool
find_objects(struct mutant_original *o)
{
	size_t cap = 0, i, *grown;
	const uint8_t *p = o->p, *at = o->p, *end = o->p + o->len;

	while ((at = memmem(at, (size_t)(end - at), " obj", 4)) != NULL) {
		i = (size_t)(at - p);
		at += 4;
		while (i > 0 && p[i - 1] >= '0' && p[i - 1] <= '9')
			i--;
		if (i < 2 || p[i - 1] != ' ')
			continue;
		for (i--; i > 0 && p[i - 1] >= '0' && p[i - 1] <= '9'; i--)
			;
		if (o->nobjects == cap) {
			cap = cap > 0 ? 2 * cap : 64;
			grown = realloc(o->objects, cap * sizeof(*grown));
			if (grown == NULL)
				return false;
			o->objects = grown;
		}
		o->objects[o->nobjects++] = i;
	}
	return true;
}

static void
note_ranges(struct mutant_original *o, const struct report *r)
{
	size_t i;

	o->conclusion = r->conclusion;
	for (i = 0; i < r->nsigs && o->nintact < MUTANT_RANGES; i++) {
		const struct report_sig *s = &r->sigs[i];

		if (s->integrity != INTEGRITY_INTACT || s->coverage == COVERAGE_UNCLEAR)
			continue;
		o->intact[o->nintact++] = (struct mutant_range){(uint64_t)s->byte_range[1],
		    (uint64_t)s->byte_range[2], (uint64_t)s->byte_range[3]};
	}
}

bool
mutants_add(struct mutants *m, const char *name, const void *p, size_t len,
    const struct trust *trust, int64_t at)
{
	struct mutant_original *o;
	struct sight_file file;
	struct sight *sight;
	struct report *r;

	if (m->n == m->cap) {
		m->cap = m->cap > 0 ? 2 * m->cap : 64;
		o = realloc(m->v, m->cap * sizeof(*o));
		if (o == NULL)
			return false;
		m->v = o;
	}
	o = &m->v[m->n];
	memset(o, 0, sizeof(*o));
	o->name = strdup(name);
	o->p = malloc(len > 0 ? len : 1);
	r = forge_verify(trust, p, len, "nasional", at);
	m->n++;
	if (o->name == NULL || o->p == NULL || r == NULL) {
		report_free(r);
		return false;
	}
	memcpy(o->p, p, len);
	o->len = len;
	o->trust = trust;
	o->at = at;
	note_ranges(o, r);
	report_free(r);
	sight = sight_open(p, len, &file);
	o->root = sight_number(sight, "Root");
	o->size = file.size;
	o->startxref = file.startxref;
	sight_close(sight);
	/* what passes tells more than what fails anyway */
	o->weight = len <= SMALL ? 16 : len <= 4u * SMALL ? 4 : 1;
	if (o->nintact > 0)
		o->weight *= 4;
	if (m->n > 1)
		o->weight += m->v[m->n - 2].weight;
	return find_objects(o);
}

void
mutants_clear(struct mutants *m)
{
	size_t i;

	for (i = 0; i < m->n; i++) {
		free(m->v[i].name);
		free(m->v[i].p);
		free(m->v[i].objects);
	}
	free(m->v);
	memset(m, 0, sizeof(*m));
}

static const struct mutant_original *
pick(const struct mutants *m, struct dice *d)
{
	uint64_t at = throw_dice(d) % m->v[m->n - 1].weight;
	size_t i = 0;

	while (m->v[i].weight <= at)
		i++;
	return &m->v[i];
}

/* --- changes --- */

/* Somewhere that a signature covers, if there is one. */
static size_t
covered(const struct mutant_original *o, struct dice *d, size_t len)
{
	const struct mutant_range *r;
	size_t at;

	if (o->nintact == 0)
		return below(d, len);
	r = &o->intact[below(d, o->nintact)];
	at = below(d, (size_t)(r->first + r->len));
	if (at >= r->first)
		at += (size_t)(r->second - r->first);
	return at < len ? at : below(d, len);
}

static void
flip(const struct mutant_original *o, struct dice *d, struct buf *b)
{
	b->p[below(d, 4) > 0 ? covered(o, d, b->len) : below(d, b->len)] ^=
	    (uint8_t)(1u << below(d, 8));
}

static void
word(const struct mutant_original *o, struct dice *d, struct buf *b)
{
	static const char *const words[] = {"0", "-1", "99999999999", "4294967296", "<<", ">>", "[",
	    "]", " 0 R", "obj", "endobj", "stream", "endstream", "xref", "trailer", "startxref",
	    "%%EOF", "null", "true", "/Prev", "/Root", "/ByteRange", "/Contents", "/V ",
	    "/Length 9", "/Type/ObjStm", "/XRefStm", "/Kids", "/Annots", "/AP", "/Rect", "/Perms",
	    "<", ">", "(", ")", "%", "\n"};
	const char *w = words[below(d, NITEMS(words))];
	size_t at = covered(o, d, b->len), k = strlen(w);

	if (k <= b->len - at)
		memcpy(b->p + at, w, k);
}

static void
digit(const struct mutant_original *o, struct dice *d, struct buf *b)
{
	size_t at = covered(o, d, b->len);

	while (at + 1 < b->len && (b->p[at] < '0' || b->p[at] > '9'))
		at++;
	b->p[at] = (uint8_t)('0' + below(d, 10));
}

static void
block(const struct mutant_original *o, struct dice *d, struct buf *b)
{
	size_t at = covered(o, d, b->len), from = below(d, b->len), k = below(d, 400);

	if (k <= b->len - at && k <= b->len - from)
		memmove(b->p + at, b->p + from, k);
}

/* A part of another document in its place, or behind this one's beginning. */
static void
splice(const struct mutants *m, struct dice *d, struct buf *b)
{
	const struct mutant_original *o = pick(m, d);
	size_t at = below(d, b->len), from = below(d, o->len), k;

	if (below(d, 2) == 0) {
		k = below(d, 2000);
		if (k <= b->len - at && k <= o->len - from)
			memcpy(b->p + at, o->p + from, k);
		return;
	}
	b->len = at;
	buf_put(b, o->p + from, o->len - from);
}

/* Cut anywhere, or behind an end of file. */
static void
cut(struct dice *d, struct buf *b)
{
	size_t at = below(d, b->len);
	const uint8_t *eof;

	if (below(d, 2) == 0) {
		eof = memmem(b->p + at, b->len - at, "%%EOF", 5);
		if (eof != NULL)
			at = (size_t)(eof - b->p) + 5 + below(d, 3);
	}
	b->len = at > 0 && at < b->len ? at : b->len;
}

/* The bytes of one object, "N G obj" to "endobj". */
static size_t
object(const struct mutant_original *o, struct dice *d, size_t *at)
{
	const uint8_t *end;

	if (o->nobjects == 0)
		return 0;
	*at = o->objects[below(d, o->nobjects)];
	end = memmem(o->p + *at, o->len - *at, "endobj", 6);
	return end != NULL ? (size_t)(end - o->p) + 6 - *at : 0;
}

static unsigned
number_at(const struct mutant_original *o, size_t at)
{
	unsigned n = 0;

	while (at < o->len && o->p[at] >= '0' && o->p[at] <= '9' && n < 1000000)
		n = 10 * n + (o->p[at++] - '0');
	return n;
}

/* An object again: another one's value, or its own with a few changes. */
static void
body(const struct mutant_original *o, struct dice *d, struct buf *b, size_t at, size_t len,
    unsigned number)
{
	static const char *const values[] = {"null", "<< >>", "[]", "1", "<< /Type /Catalog >>",
	    "<< /Type /Page /MediaBox [0 0 9 9] >>", "<< /Length 0 >>\nstream\n\nendstream"};
	const uint8_t *obj = memmem(o->p + at, len, "obj", 3);
	size_t from, i;

	buf_printf(b, "%u 0 obj", number);
	if (below(d, 8) == 0) {
		buf_printf(b, " %s\nendobj\n", values[below(d, NITEMS(values))]);
		return;
	}
	from = (size_t)(obj - o->p) + 3;
	i = b->len;
	buf_put(b, o->p + from, at + len - from);
	if (buf_rc(b) == RC_OK && b->len > i + 8)
		for (; below(d, 3) > 0;)
			b->p[i + below(d, b->len - i - 7)] ^= (uint8_t)(1u << below(d, 7));
	buf_u8(b, '\n');
}

/* An update of one to three objects; sometimes its table only leads elsewhere. */
static void
update(const struct mutant_original *o, struct dice *d, struct buf *b)
{
	size_t n = 1 + below(d, 3), i, k, at = 0, len, offsets[3];
	unsigned numbers[3], taken;
	uint64_t xref;

	if (o->root == 0)
		return;
	if (b->len > 0 && b->p[b->len - 1] != '\n')
		buf_u8(b, '\n');
	for (i = 0; i < n; i++) {
		if ((len = object(o, d, &at)) == 0)
			return;
		taken = below(d, 3) > 0 ? number_at(o, at)
					: number_at(o, o->objects[below(d, o->nobjects)]);
		for (k = 0; k < i && numbers[k] != taken; k++)
			;
		numbers[i] = k < i ? o->size + (unsigned)i : taken;
		offsets[i] = below(d, 6) == 0 ? at : b->len;
		if (offsets[i] == b->len)
			body(o, d, b, at, len, numbers[i]);
	}
	xref = b->len;
	buf_str(b, "xref\n");
	for (i = 0; i < n; i++)
		buf_printf(b, "%u 1\n%010zu 00000 n \n", numbers[i], offsets[i]);
	buf_printf(b, "trailer\n<< /Size %u /Root %u 0 R /Prev %ju >>\nstartxref\n%ju\n%%%%EOF\n",
	    o->size + 3, o->root, (uintmax_t)o->startxref, (uintmax_t)xref);
}

const struct mutant_original *
mutants_make(const struct mutants *m, uint64_t i, struct buf *out)
{
	struct dice d = {m->seed * 0x2545f4914f6cdd1du + i};
	const struct mutant_original *o = pick(m, &d);
	size_t n;

	out->len = 0;
	buf_put(out, o->p, o->len);
	for (n = 1 + below(&d, 3); n > 0 && buf_rc(out) == RC_OK && out->len > 0; n--) {
		switch (below(&d, 12)) {
		case 0:
		case 1:
		case 2:
			flip(o, &d, out);
			break;
		case 3:
			word(o, &d, out);
			break;
		case 4:
			digit(o, &d, out);
			break;
		case 5:
			block(o, &d, out);
			break;
		case 6:
			splice(m, &d, out);
			break;
		case 7:
			cut(&d, out);
			break;
		default:
			update(o, &d, out);
			break;
		}
	}
	return o;
}

/* --- the verdict --- */

/* Some original has these octets under a signature of this range that passes there. */
static bool
known(const struct mutants *m, const struct buf *b, const int64_t range[4])
{
	const struct mutant_range r = {(uint64_t)range[1], (uint64_t)range[2], (uint64_t)range[3]};
	const struct mutant_original *o;
	size_t i;

	if (range[0] != 0 || r.first > r.second || r.second > b->len || r.len > b->len - r.second)
		return false;
	for (o = m->v; o < m->v + m->n; o++)
		for (i = 0; i < o->nintact; i++)
			if (o->intact[i].first == r.first && o->intact[i].second == r.second &&
			    o->intact[i].len == r.len && memcmp(o->p, b->p, r.first) == 0 &&
			    memcmp(o->p + r.second, b->p + r.second, r.len) == 0)
				return true;
	return false;
}

static bool
sound(const struct mutants *m, const struct buf *b, const struct report *r)
{
	size_t i, passed = 0;

	for (i = 0; i < r->nsigs; i++) {
		if (r->sigs[i].status.ind != IND_PASSED)
			continue;
		passed += r->sigs[i].kind == KIND_SIGNATURE;
		if (!r->sigs[i].has_byte_range || !known(m, b, r->sigs[i].byte_range))
			return false;
	}
	return passed > 0;
}

static double
seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

bool
mutants_try(struct mutants *m, uint64_t i, struct buf *scratch)
{
	const struct mutant_original *o = mutants_make(m, i, scratch);
	struct mutant_counts *c = &m->counts;
	double begin = seconds(), took;
	struct report *r;
	bool ok;

	r = forge_verify(o->trust, scratch->p, scratch->len, "nasional", o->at);
	took = seconds() - begin;
	c->made++;
	c->slow += took > 1;
	c->worst = took > c->worst ? took : c->worst;
	if (r == NULL) {
		fprintf(stderr, "# %s, mutant %ju: no report\n", o->name, (uintmax_t)i);
		c->trouble++;
		return false;
	}
	c->by[r->conclusion]++;
	ok = r->conclusion != CONCLUSION_VALID || sound(m, scratch, r);
	if (!ok) {
		fprintf(stderr, "# %s, mutant %ju\n", o->name, (uintmax_t)i);
		forge_show(o->name, r);
		c->differs++;
	}
	report_free(r);
	return ok;
}
