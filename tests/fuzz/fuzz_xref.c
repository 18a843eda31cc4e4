/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cross-references and every object that they define, in every view. */
#include <stdlib.h>

#include "caps.h"
#include "page.h"
#include "revision.h"
#include "stream.h"
#include "xref.h"

#define MAX_OBJECTS 2000 /* looked at for one input */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void
objects(struct doc *d, size_t section)
{
	struct pdf_bytes out;
	struct node *node;
	struct def *def;
	uint32_t num;

	for (num = 0; num < d->nnums && num < MAX_OBJECTS; num++) {
		if ((def = revision_def(d, section, num)) == NULL)
			continue;
		if (def->section > section || def->num != num)
			abort();
		if (revision_node(d, section, def, &node) != RC_OK)
			continue;
		if (node->obj.type == OBJ_REF)
			abort();
		if (node->obj.type == OBJ_STREAM)
			(void)stream_decode(d, section, &node->obj, &out);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct arena *arena = arena_new(64u << 20);
	struct doc d;
	size_t i;

	doc_init(&d, arena, data, len);
	d.budget = 4u << 20;
	if (xref_read(&d) == RC_OK) {
		if (d.nsections == 0 || d.nrevisions == 0 || d.nrevisions > d.nsections)
			abort();
		for (i = 0; i < d.nsections && i < 8; i++) {
			if (d.sections[i].end > len || d.sections[i].foot > len)
				abort();
			objects(&d, i);
			(void)page_list(&d, i);
		}
	} else if (d.nfindings == 0 && arena_used(arena) < 32u << 20) {
		abort(); /* a refusal says why */
	}
	doc_clear(&d);
	arena_free(arena);
	return 0;
}
