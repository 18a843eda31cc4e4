/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The life of one reading, and its findings. */
#include <stdlib.h>
#include <string.h>

#include "caps.h"
#include "doc.h"

void
doc_init(struct doc *d, struct arena *arena, const uint8_t *p, uint64_t n)
{
	memset(d, 0, sizeof(*d));
	d->arena = arena;
	d->p = p;
	d->n = n;
	d->budget = CAP_DECODED;
	d->pages_section = SIZE_MAX;
	obj_parser_init(&d->parser, arena);
}

void
doc_clear(struct doc *d)
{
	obj_parser_clear(&d->parser);
	inflater_clear(&d->inflater);
	free(d->defs);
	free(d->newest);
	free(d->asked);
	memset(d, 0, sizeof(*d));
}

/* A finding that finds no room is dropped: the list is long enough to fail the document. */
void
finding_add(struct arena *arena, struct pdf_finding **v, size_t *n, size_t *cap,
    const struct pdf_finding *f)
{
	size_t i;

	for (i = 0; i < *n; i++) {
		if ((*v)[i].rule == f->rule && (*v)[i].off == f->off) {
			(*v)[i].fatal |= f->fatal;
			return;
		}
	}
	if (*n == CAP_FINDINGS || arena_grow(arena, v, *n, cap, sizeof(**v)) != RC_OK)
		return;
	(*v)[(*n)++] = *f;
}

static void
note(struct doc *d, enum pdf_rule rule, uint64_t off, bool fatal)
{
	struct pdf_finding f = {.rule = rule, .fatal = fatal, .off = off};

	finding_add(d->arena, &d->findings, &d->nfindings, &d->cap_findings, &f);
}

enum rc
doc_fail(struct doc *d, enum pdf_rule rule, uint64_t off)
{
	note(d, rule, off, true);
	if (rule <= PDF_S10_LINEARIZED)
		d->defect = true;
	return RC_FORMAT;
}

void
doc_warn(struct doc *d, enum pdf_rule rule, uint64_t off)
{
	note(d, rule, off, false);
}

bool
doc_ends_revision(const struct doc *d, size_t section)
{
	return section + 1 == d->nsections ||
	       d->sections[section + 1].revision != d->sections[section].revision;
}

bool
doc_sealed(const struct doc *d)
{
	return d->encrypted && d->crypt == NULL;
}

bool
doc_parsed(struct doc *d, uint64_t bytes)
{
	if (d->parsed < CAP_PARSED && bytes <= CAP_PARSED - d->parsed) {
		d->parsed += bytes;
		return true;
	}
	d->parsed = CAP_PARSED;
	(void)doc_fail(d, PDF_S9_LIMIT, UINT64_MAX);
	return false;
}

bool
doc_step(struct doc *d)
{
	if (d->steps < CAP_WALK) {
		d->steps++;
		return true;
	}
	(void)doc_fail(d, PDF_S9_LIMIT, UINT64_MAX);
	return false;
}
