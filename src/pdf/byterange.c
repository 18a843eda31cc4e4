/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Coverage: do the two ranges and the hexadecimal string between them make up
 * one prefix of the file that ends a complete revision?  Knows bytes and
 * cross-references only; says nothing about cryptography.
 */
#include "byterange.h"
#include "lex.h"
#include "revision.h"
#include "xref.h"

bool
byterange_sound(const int64_t br[4], uint64_t n, enum pdf_rule *rule)
{
	*rule = PDF_B1_START;
	if (br[0] != 0)
		return false;
	*rule = PDF_B2_RANGE;
	return br[1] > 0 && br[3] > 0 && br[2] > br[1] && (uint64_t)br[2] <= n &&
	       (uint64_t)br[3] <= n - (uint64_t)br[2];
}

bool
byterange_gap(
    const uint8_t *p, const int64_t br[4], const struct obj *contents, enum pdf_rule *rule)
{
	uint64_t a = (uint64_t)br[1], c = (uint64_t)br[2];

	*rule = PDF_B3_GAP_BOUNDS;
	if (c - a < 2 || p[a] != '<' || p[c - 1] != '>')
		return false;
	*rule = PDF_B5_GAP_CONTENTS;
	if (contents->type != OBJ_STRING || !contents->hex)
		return false;
	if (contents->off == a && contents->end == c) {
		/* The gap is the token, so its value is the same; plain: nothing but digits. */
		*rule = PDF_B4_GAP_HEX;
		return contents->plain && (c - a) % 2 == 0;
	}
	for (a++, c--; a < c; a++) {
		if (lex_hex(p[a]) == -1) {
			*rule = PDF_B4_GAP_HEX;
			return false;
		}
	}
	return false;
}

bool
byterange_revision(const struct doc *d, uint64_t e, size_t *section, enum pdf_rule *rule)
{
	struct xref_tail t;
	size_t i;

	*section = SIZE_MAX;
	*rule = PDF_B7_REVISION_END;
	if (e > d->n || !xref_tail(d->p, e, &t))
		return false;
	for (i = d->nsections; i > 0 && d->sections[i - 1].named != t.value; i--)
		;
	/* A linearized file is named by the section that is at its front. */
	if (i == 0 || !xref_tail_follows(d, i - 1, &t))
		return false;
	*section = i - 1;
	*rule = PDF_B8_SECTIONS;
	if (d->sections[i - 1].foot > e)
		return false;
	if (i < d->nsections && d->sections[i].low < e)
		return false;
	*rule = PDF_B10_OFFSETS;
	return d->sections[i - 1].top <= e;
}

bool
byterange_later(struct doc *d, uint64_t e, size_t section)
{
	const struct def *def, *before;
	size_t i;

	for (i = 0; i < d->nbackward; i++) {
		def = &d->defs[d->backward[i]];
		if (def->section <= section || def->off >= e)
			continue;
		before = revision_def(d, section, def->num);
		if (before == NULL || before->type != DEF_PLAIN || before->off != def->off)
			return false;
	}
	for (i = section + 1; i < d->nsections; i++) {
		if (d->sections[i].low < e)
			return false;
	}
	return true;
}

bool
byterange_reaches(const struct doc *d, uint64_t e)
{
	unsigned eols = 0;

	if (e > d->n || d->n - e > 4)
		return false;
	for (; e < d->n; e++) {
		if (!lex_is_space(d->p[e]))
			return false;
		eols +=
		    d->p[e] == '\n' || (d->p[e] == '\r' && (e + 1 == d->n || d->p[e + 1] != '\n'));
	}
	return eols <= 2;
}
