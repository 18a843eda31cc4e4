/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What programs find that search a file for objects instead of asking its cross-references. */
#include <string.h>

#include "caps.h"
#include "lex.h"
#include "revision.h"
#include "scan.h"
#include "stray.h"
#include "walk.h"

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

bool
stray_head(const struct doc *d, uint64_t obj, uint64_t *begin, uint32_t *num, uint32_t *gen)
{
	*begin = obj;
	(void)spaces_before(d, begin);
	return digits_before(d, begin, gen) && spaces_before(d, begin) &&
	       digits_before(d, begin, num);
}

bool
stray_leads(const struct doc *d, uint64_t off, uint64_t at)
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

	for (i = 0; i < d->nsections && doc_step(d); i++) {
		s = &d->sections[i];
		stm = obj_get(&s->trailer, "XRefStm");
		if (s->off == at ||
		    (s->hybrid && stm->type == OBJ_INT && stray_leads(d, (uint64_t)stm->u.i, at)))
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
		if (def->type == DEF_PLAIN && def->gen == gen && stray_leads(d, def->off, at))
			return line_begins_near(d, at);
	}
	return is_section(d, at, num);
}

/* The word "obj" at this offset ends a head that no cross-reference names. */
static bool
stray_object(struct doc *d, uint64_t off, uint32_t *num)
{
	uint64_t at;
	uint32_t gen;

	return stray_head(d, off, &at, num, &gen) && !is_listed(d, at, *num, gen);
}

/* Over white space and comments, but not far. */
static uint64_t
skipped(const struct doc *d, uint64_t at)
{
	uint64_t end = d->n - at > LINE ? at + LINE : d->n;
	bool comment = false;

	for (; at < end; at++) {
		if (d->p[at] == '%')
			comment = true;
		else if (d->p[at] == '\n' || d->p[at] == '\r')
			comment = false;
		else if (!comment && !lex_is_space(d->p[at]))
			break;
	}
	return at;
}

/* A dictionary follows, or nobody knows how far away. */
static bool
stray_trailer(struct doc *d, uint64_t off)
{
	uint64_t at = skipped(d, off + 7);
	size_t i;

	if (at < d->n && at - off - 7 < LINE &&
	    (d->n - at < 2 || d->p[at] != '<' || d->p[at + 1] != '<'))
		return false;
	for (i = 0; i < d->nsections && doc_step(d); i++) {
		if (d->sections[i].trailer.off == at)
			return false;
	}
	return true;
}

/* The next one in [from, to), UINT64_MAX if none; *num: its number, 0 for a trailer. */
static uint64_t
next(struct doc *d, uint64_t from, uint64_t to, enum scan_word word, uint32_t *num)
{
	uint64_t off = from;

	*num = 0;
	while ((off = scan_next(d->p, d->sieve, off, to, word)) != UINT64_MAX) {
		if (word == SCAN_OBJ ? stray_object(d, off, num) : stray_trailer(d, off))
			break;
		off += scan_len(word);
	}
	return off;
}

uint64_t
stray_last(struct doc *d, uint64_t from, uint32_t *num)
{
	uint64_t last = UINT64_MAX, off;
	uint32_t n;

	*num = 0;
	for (off = from; (off = next(d, off, d->n, SCAN_OBJ, &n)) != UINT64_MAX; off += 3) {
		last = off;
		*num = n;
	}
	if (last != UINT64_MAX)
		from = last;
	for (off = from; (off = next(d, off, d->n, SCAN_TRAILER, &n)) != UINT64_MAX; off += 7) {
		last = off;
		*num = 0;
	}
	return last;
}

uint64_t
stray_first(struct doc *d)
{
	uint64_t off, first;
	uint32_t n;

	for (off = 0; (off = next(d, off, d->n, SCAN_OBJ, &n)) != UINT64_MAX; off += 3) {
		if (n < d->nnums && d->newest[n] != 0)
			break;
	}
	first = next(d, 0, off < d->n ? off : d->n, SCAN_TRAILER, &n);
	return first < off ? first : off;
}

static bool
is_there(struct doc *d, size_t section, uint32_t num, uint32_t gen)
{
	struct def *def = revision_def(d, section, num);
	struct node *node;

	return def != NULL && gen == (def->type == DEF_PLAIN ? def->gen : 0) &&
	       revision_node(d, section, def, &node) == RC_OK;
}

static enum rc
all_there(struct doc *d, size_t section, struct node *node, bool *there)
{
	uint32_t i;
	enum rc rc = walk_refs(d, node);

	for (i = 0; rc == RC_OK && *there && i < node->nrefs && doc_step(d); i++)
		*there = is_there(d, section, node->refs[2 * i], node->refs[2 * i + 1]);
	return rc;
}

/* Of one section. */
static enum rc
section_there(struct doc *d, size_t s, uint32_t *num, bool *there)
{
	struct node trailer, *node;
	struct def *def;
	uint32_t i;
	enum rc rc;

	memset(&trailer, 0, sizeof(trailer));
	trailer.obj = d->sections[s].trailer;
	*num = 0;
	*there = true;
	rc = all_there(d, s, &trailer, there);
	for (i = 0; rc == RC_OK && *there && i < d->sections[s].ndefs; i++) {
		def = &d->defs[d->sections[s].def + i];
		*num = def->num;
		if (def->type == DEF_FREE)
			continue;
		*there = revision_node(d, s, def, &node) == RC_OK;
		if (*there)
			rc = all_there(d, s, node, there);
	}
	return rc;
}

enum rc
stray_trigger(struct doc *d, size_t *section, uint32_t *num)
{
	bool there = true;
	size_t s;
	enum rc rc = RC_OK;

	for (s = d->nsections - 1; s > 0 && rc == RC_OK; s--) {
		rc = section_there(d, s, num, &there);
		if (!there)
			break;
	}
	*section = s;
	return rc;
}
