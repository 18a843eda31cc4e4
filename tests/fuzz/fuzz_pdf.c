/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The whole survey: what it promises in pdf.h holds for any bytes, and twice the same. */
#include <stdlib.h>
#include <string.h>

#include "caps.h"
#include "pdf.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void
signature(const struct pdf_sig *g, size_t len)
{
	uint64_t e = (uint64_t)g->byte_range[2] + (uint64_t)g->byte_range[3];

	if (g->range_sound && (!g->has_byte_range || g->byte_range[0] != 0 || e > len))
		abort();
	if (g->orphan != (g->field == NULL) && g->orphan)
		abort();
	if (g->coverage != PDF_COVERAGE_UNCLEAR) {
		if (!g->range_sound || g->contents.len * 2 + 2 != g->gap || g->revision == 0)
			abort();
		if (g->coverage == PDF_COVERAGE_FILE && e + 4 < len)
			abort();
	} else if (g->nfindings == 0) {
		abort(); /* what is unclear has a reason */
	}
	if (g->modification == PDF_MOD_NONE && g->range_sound && e + 4 < len &&
	    g->coverage == PDF_COVERAGE_FILE)
		abort();
	if (g->nfindings > CAP_FINDINGS || g->docmdp < -1 || g->docmdp > 3)
		abort();
}

static void
survey(const uint8_t *data, size_t len, struct pdf_survey *s, struct arena *arena)
{
	struct source src;
	size_t i;

	source_memory(&src, data, len);
	if (pdf_survey(s, arena, &src, NULL) != RC_OK)
		return;
	if (s->nsigs > CAP_SIGNATURES || s->nfindings > CAP_FINDINGS)
		abort();
	if (s->status == PDF_DEFECT && s->nfindings == 0)
		abort();
	if (s->status == PDF_NOT_PDF && s->nsigs != 0)
		abort();
	for (i = 0; i < s->nsigs; i++)
		signature(&s->sigs[i], len);
	for (i = 0; i < s->nfindings; i++) {
		if (s->findings[i].off != UINT64_MAX && pdf_rule_id(s->findings[i].rule)[0] == '\0')
			abort();
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct arena *arena[2] = {arena_new(64u << 20), arena_new(64u << 20)};
	struct pdf_survey s[2];
	size_t i;

	survey(data, len, &s[0], arena[0]);
	survey(data, len, &s[1], arena[1]);
	if (s[0].status != s[1].status || s[0].nsigs != s[1].nsigs ||
	    s[0].nfindings != s[1].nfindings)
		abort();
	for (i = 0; i < s[0].nsigs; i++) {
		if (s[0].sigs[i].coverage != s[1].sigs[i].coverage ||
		    s[0].sigs[i].modification != s[1].sigs[i].modification)
			abort();
	}
	arena_free(arena[0]);
	arena_free(arena[1]);
	return 0;
}
