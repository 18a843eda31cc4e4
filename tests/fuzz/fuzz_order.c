/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An order, a question or a reply that is understood is written back as the same octets. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "order.h"

static void
same(struct buf *b, size_t skip, const uint8_t *data, size_t len)
{
	if (buf_rc(b) != RC_OK || b->len != skip + len || memcmp(b->p + skip, data, len) != 0)
		abort();
	buf_clear(b);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct lookup_answer v[CAP_LOOKUPS];
	struct lookup_question q;
	struct arena *a;
	struct order o;
	struct buf b;
	size_t n;

	if (len < 1)
		return 0;
	n = data[0] % (CAP_LOOKUPS + 1);
	data++;
	len--;
	buf_init(&b, ORDER_REPLY_MAX);
	if (order_get(&o, data, len) == RC_OK && order_put(&b, &o) == RC_OK)
		same(&b, 4, data, len);
	if (order_get_question(&q, data, len) == RC_OK && order_put_question(&b, &q) == RC_OK)
		same(&b, 0, data, len);
	if ((a = arena_new(1u << 20)) == NULL)
		return 0;
	if (order_get_reply(v, n, a, data, len) == RC_OK) {
		if (order_put_reply(&b, v, n, true) != RC_OK)
			abort();
		same(&b, 4, data, len);
	}
	arena_free(a);
	return 0;
}
