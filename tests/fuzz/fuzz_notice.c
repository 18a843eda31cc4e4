/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Catalog, page and objects of a signed letter: notices are bounded and name real places. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "around.h"
#include "caps.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void
place(const struct pdf_survey *s, const struct pdf_place *p)
{
	size_t i;

	if (p->page > s->pages || (p->has_rect && p->page == 0))
		abort();
	for (i = 0; i < 4 && p->has_rect; i++) {
		if (!isfinite(p->rect[i]))
			abort();
	}
	if (p->path == NULL)
		return;
	for (i = 0; p->path[i] != '\0'; i++) {
		if (p->path[i] <= 0x20 || p->path[i] >= 0x7f)
			abort();
	}
	if (i == 0 || i > CAP_TEXT)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct pdf_bytes v[AROUND_PARTS];
	struct arena *arena = arena_new(64u << 20);
	struct pdf_survey s;
	struct source src;
	struct around a;
	size_t i, n = around_split(data, len, v);

	around_build(&a, v, n, false);
	source_memory(&src, a.b.p, a.b.len);
	if (buf_rc(&a.b) != RC_OK || pdf_survey(&s, arena, &src, NULL) != RC_OK)
		goto out;
	if (s.nnotices > CAP_NOTICES || (s.nsigs == 0 && s.nnotices != 0))
		abort();
	for (i = 0; i < s.nnotices; i++) {
		if ((unsigned)s.notices[i].kind >= PDF_NOTICE__MAX || s.notices[i].revision == 0)
			abort();
		if (i > 0 && s.notices[i - 1].revision > s.notices[i].revision)
			abort();
		place(&s, &s.notices[i].place);
	}
out:
	arena_free(arena);
	buf_clear(&a.b);
	return 0;
}
