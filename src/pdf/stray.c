/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What programs find that search a file for objects instead of asking its cross-references. */
#define _GNU_SOURCE /* memmem */
#include <string.h>

#include "caps.h"
#include "lex.h"
#include "revision.h"
#include "stray.h"

/* Some search line by line, and take a longer line for several: number and end of line before. */
#define LINE 192

/* Digits that end at *at, which then is where they begin; false if there are none, or too many. */
static bool
digits_before(const struct doc *d, uint64_t *at, uint32_t *value)
{
	uint64_t i = *at, scale = 1, v = 0;
	unsigned n = 0;

	for (; i > 0 && d->p[i - 1] >= '0' && d->p[i - 1] <= '9' && n < 10; i--, n++) {
		v += (uint64_t)(d->p[i - 1] - '0') * scale;
		scale *= 10;
	}
	*at = i;
	*value = v > UINT32_MAX ? UINT32_MAX : (uint32_t)v;
	return n != 0;
}

static bool
spaces_before(const struct doc *d, uint64_t *at)
{
	uint64_t i = *at;

	while (i > 0 && lex_is_space(d->p[i - 1]))
		i--;
	if (i == *at)
		return false;
	*at = i;
	return true;
}

static bool
line_begins_near(const struct doc *d, uint64_t at)
{
	uint64_t i = at, floor = at > LINE ? at - LINE : 0;

	while (i > floor && d->p[i - 1] != '\n' && d->p[i - 1] != '\r')
		i--;
	return i > floor;
}

/* A cross-reference leads here, over white space at most. */
static bool
leads(const struct doc *d, uint64_t off, uint64_t at)
{
	if (off > at || at - off > LINE)
		return false;
	while (off < at && lex_is_space(d->p[off]))
		off++;
	return off == at;
}

/* The stream of a section, which need not be named, as long as its number means nothing else. */
static bool
is_section(struct doc *d, uint64_t at, uint32_t num)
{
	const struct section *s;
	const struct obj *stm;
	size_t i;

	for (i = 0; i < d->nsections; i++) {
		s = &d->sections[i];
		stm = obj_get(&s->trailer, "XRefStm");
		if (s->off == at ||
		    (s->hybrid && stm->type == OBJ_INT && leads(d, (uint64_t)stm->u.i, at)))
			return num >= d->nnums || revision_def(d, d->nsections - 1, num) == NULL;
	}
	return false;
}

static bool
is_listed(struct doc *d, uint64_t at, uint32_t num, uint32_t gen)
{
	const struct def *def;
	uint32_t i = num < d->nnums ? d->newest[num] : 0;

	for (; i != 0 && doc_step(d); i = def->older) {
		def = &d->defs[i - 1];
		if (def->type == DEF_PLAIN && def->gen == gen && leads(d, def->off, at))
			return line_begins_near(d, at);
	}
	return is_section(d, at, num);
}

/* The word "obj" at this offset ends a head that no cross-reference names. */
static bool
stray_object(struct doc *d, uint64_t off, uint32_t *num)
{
	uint64_t at = off;
	uint32_t gen;

	(void)spaces_before(d, &at);
	return digits_before(d, &at, &gen) && spaces_before(d, &at) && digits_before(d, &at, num) &&
	       !is_listed(d, at, *num, gen);
}

static bool
stray_trailer(const struct doc *d, uint64_t off)
{
	struct lex lx;
	struct token t;
	size_t i;

	lex_init(&lx, d->p, d->n, off + 7);
	if (lex_next(&lx, &t) != TOK_DICT)
		return false;
	for (i = 0; i < d->nsections; i++) {
		if (d->sections[i].trailer.off == t.off)
			return false;
	}
	return true;
}

uint64_t
stray_last(struct doc *d, uint64_t from, uint32_t *num)
{
	const uint8_t *p = d->p + from, *end = d->p + d->n, *hit;
	uint64_t last = UINT64_MAX;
	uint32_t n;

	*num = 0;
	for (; p < end && (hit = memmem(p, (size_t)(end - p), "obj", 3)) != NULL; p = hit + 3) {
		if (!stray_object(d, (uint64_t)(hit - d->p), &n))
			continue;
		last = (uint64_t)(hit - d->p);
		*num = n;
	}
	p = d->p + from;
	for (; p < end && (hit = memmem(p, (size_t)(end - p), "trailer", 7)) != NULL; p = hit + 7) {
		if (!stray_trailer(d, (uint64_t)(hit - d->p)) ||
		    (last != UINT64_MAX && last > (uint64_t)(hit - d->p)))
			continue;
		last = (uint64_t)(hit - d->p);
		*num = 0;
	}
	return last;
}
