/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Ids in text: each that is told reads as itself. */
#include <stdlib.h>
#include <string.h>

#include "idtext.h"

static void
found(void *ctx, const char *id)
{
	char again[CROCKFORD_ID_LEN + 1];

	if (!crockford_id_read(id, CROCKFORD_ID_LEN, again) || strcmp(id, again) != 0)
		abort();
	++*(size_t *)ctx;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	size_t n = 0;

	idtext_find((const char *)data, len, found, &n);
	if (n > len / CROCKFORD_ID_LEN)
		abort();
	return 0;
}
