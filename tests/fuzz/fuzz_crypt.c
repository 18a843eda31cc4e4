/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Encrypted documents: the first line of the input is the password, the rest the
 * document.  Whatever it holds, a key is found or not, twice the same.
 */
#include <stdlib.h>
#include <string.h>

#include "caps.h"
#include "pdf.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

struct result {
	struct pdf_survey s;
	struct arena *arena;
};

static void
survey(struct result *r, const uint8_t *data, size_t len, const struct pdf_bytes *password)
{
	struct source src;

	r->arena = arena_new(64u << 20);
	source_memory(&src, data, len);
	if (pdf_survey(&r->s, r->arena, &src, password) != RC_OK)
		memset(&r->s, 0, sizeof(r->s));
	if (r->s.password_wrong && (!r->s.encrypted || password == NULL))
		abort();
	if (r->s.locked && !r->s.encrypted)
		abort();
}

static void
same_text(const char *a, const char *b)
{
	if ((a == NULL) != (b == NULL) || (a != NULL && strcmp(a, b) != 0))
		abort();
}

static void
same(const struct pdf_survey *a, const struct pdf_survey *b)
{
	size_t i;

	if (a->status != b->status || a->nsigs != b->nsigs || a->nfindings != b->nfindings ||
	    a->locked != b->locked || a->password_wrong != b->password_wrong ||
	    a->pages != b->pages || a->dss.ncerts != b->dss.ncerts)
		abort();
	for (i = 0; i < a->nsigs; i++) {
		if (a->sigs[i].coverage != b->sigs[i].coverage ||
		    a->sigs[i].modification != b->sigs[i].modification)
			abort();
		same_text(a->sigs[i].field, b->sigs[i].field);
		same_text(a->sigs[i].reason, b->sigs[i].reason);
	}
}

/* A key decides what is read, and nothing about the bytes that are covered. */
static void
covered(const struct pdf_survey *a, const struct pdf_survey *b)
{
	size_t i, k;

	for (i = 0; i < a->nsigs; i++) {
		for (k = 0; k < b->nsigs; k++) {
			if (a->sigs[i].object == b->sigs[k].object && a->sigs[i].range_sound &&
			    b->sigs[k].range_sound && a->sigs[i].coverage == PDF_COVERAGE_FILE &&
			    b->sigs[k].coverage == PDF_COVERAGE_FILE &&
			    a->sigs[i].modification != b->sigs[k].modification)
				abort();
		}
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	const uint8_t *eol = len == 0 ? NULL : memchr(data, '\n', len);
	struct result with, again, without;
	struct pdf_bytes password;

	if (eol == NULL)
		return 0;
	password.p = data;
	password.len = (size_t)(eol - data);
	len -= password.len + 1;
	survey(&with, eol + 1, len, &password);
	survey(&again, eol + 1, len, &password);
	survey(&without, eol + 1, len, NULL);
	same(&with.s, &again.s);
	covered(&with.s, &without.s);
	arena_free(with.arena);
	arena_free(again.arena);
	arena_free(without.arena);
	return 0;
}
