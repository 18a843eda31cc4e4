/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a search through pages found: whatever it is, only our id as text or address counts. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "intake.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static const uint8_t number[16] = {1, 2, 3};
	struct register_letter letter = {.state = LETTER_ISSUED};
	struct paper_answer scan = {.code = PAPER_OK};
	struct arena *arena = arena_new(1u << 20);
	struct report *r = report_new();
	struct intake_result out;
	char address[64];

	if (arena == NULL || r == NULL)
		abort();
	crockford_id(number, letter.id);
	(void)snprintf(address, sizeof(address), "https://a.id/d/%s", letter.id);
	r->conclusion = CONCLUSION_VALID;
	scan.out = (struct paper_octets){data, len};
	if (intake_judge(&out, arena, &letter, r, &scan, address) == RC_OK && out.n == 0 &&
	    !out.by_qr && !out.by_text)
		abort();
	/* Each character of the id is needed, in either case. */
	if (out.by_qr && len < CROCKFORD_ID_LEN)
		abort();
	(void)intake_judge(&out, arena, &letter, r, &scan, NULL);
	report_free(r);
	arena_free(arena);
	return 0;
}
