/* SPDX-License-Identifier: GPL-3.0-or-later */
/* 32 bytes of byte range, then a file: what is called sound may be digested. */
#include <stdlib.h>
#include <string.h>

#include "byterange.h"
#include "xref.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void
numbers(const uint8_t *data, int64_t br[4])
{
	size_t i, k;
	uint64_t v;

	for (i = 0; i < 4; i++) {
		for (v = k = 0; k < 8; k++)
			v = v << 8 | data[8 * i + k];
		memcpy(&br[i], &v, sizeof(v));
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct arena *arena;
	enum pdf_rule rule;
	struct lex lx;
	struct doc d;
	struct obj contents;
	int64_t br[4];
	size_t section;

	if (len < 32)
		return 0;
	numbers(data, br);
	data += 32;
	len -= 32;
	if (!byterange_sound(br, len, &rule))
		return 0;
	if (br[0] != 0 || br[1] < 1 || br[2] <= br[1] || br[3] < 1 ||
	    (uint64_t)br[2] + (uint64_t)br[3] > len)
		abort();
	arena = arena_new(16u << 20);
	doc_init(&d, arena, data, len);
	lex_init(&lx, data, len, (uint64_t)br[1]);
	if (obj_parse_one(&d.parser, &lx, &contents) == RC_OK &&
	    byterange_gap(data, br, &contents, &rule) &&
	    contents.u.s.len * 2 + 2 != (uint64_t)(br[2] - br[1]))
		abort();
	if (xref_read(&d) == RC_OK &&
	    byterange_revision(&d, (uint64_t)(br[2] + br[3]), &section, &rule)) {
		if (section >= d.nsections || d.sections[section].foot > (uint64_t)(br[2] + br[3]))
			abort();
		(void)byterange_later(&d, (uint64_t)(br[2] + br[3]), section);
	}
	doc_clear(&d);
	arena_free(arena);
	return 0;
}
