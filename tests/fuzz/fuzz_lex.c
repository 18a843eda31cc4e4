/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tokens lie inside the input, follow each other and never grow when decoded; objects too. */
#include <stdlib.h>

#include "caps.h"
#include "object.h"
#include "text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void
tokens(const uint8_t *data, size_t len)
{
	uint64_t before = 0;
	struct token t;
	uint8_t *out;
	struct lex lx;
	size_t n;

	lex_init(&lx, data, len, 0);
	while (lex_next(&lx, &t) != TOK_END && t.tok != TOK_BAD) {
		if (t.off < before || t.end <= t.off || t.end > len || lx.pos != t.end)
			abort();
		before = t.end;
		if (t.p == NULL)
			continue;
		if (t.p < data || (size_t)(t.p - data) > len || t.len > len - (size_t)(t.p - data))
			abort();
		if (t.tok != TOK_NAME && t.tok != TOK_STRING && t.tok != TOK_HEX)
			continue;
		if ((out = malloc(t.len + 1)) == NULL)
			abort();
		n = lex_decode(&t, out);
		if (n != SIZE_MAX && n > t.len)
			abort();
		free(out);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct arena *arena = arena_new(64u << 20);
	struct pdf_bytes all = {data, len};
	struct obj_parser ps;
	struct token stop;
	struct lex lx;
	struct obj o;

	tokens(data, len);
	obj_parser_init(&ps, arena);
	lex_init(&lx, data, len, 0);
	if (obj_parse(&ps, &lx, &o, &stop) == RC_OK && (o.end > len || o.off > o.end))
		abort();
	if (text_utf8(arena, all) == NULL || text_printable(arena, all) == NULL)
		abort();
	obj_parser_clear(&ps);
	arena_free(arena);
	return 0;
}
