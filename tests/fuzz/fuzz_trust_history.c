/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is understood of a history is written back as the same bytes. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "caps.h"
#include "trust_history.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct arena *a = arena_new(CAP_TRUST);
	struct trust_history *h;
	uint8_t last[32] = {0};
	struct buf b;
	size_t i;

	if (a == NULL || len > CAP_TRUST_FILE)
		abort();
	if (trust_history_parse(&h, a, (const char *)data, len) != RC_OK)
		abort();
	buf_init(&b, CAP_TRUST_FILE);
	for (i = 0; i < h->n; i++) {
		trust_history_put(&b, &h->v[i], last);
		if (trust_history_find(h, h->v[i].sha256) == NULL && h->v[i].event != TRUST_LISTED)
			abort();
	}
	if (buf_rc(&b) != RC_OK || b.len > len ||
	    memcmp(b.p != NULL ? b.p : data, data, b.len) != 0)
		abort();
	if ((h->broken == 0) != (b.len == len) || (h->broken != 0 && h->broken != h->n + 1))
		abort();
	buf_clear(&b);
	arena_free(a);
	return 0;
}
