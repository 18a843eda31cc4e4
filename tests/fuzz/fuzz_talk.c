/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A request, or a head, that is understood is written back as the same bytes. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "talk.h"

static void
same(struct buf *b, const uint8_t *data, size_t len)
{
	if (buf_rc(b) != RC_OK || b->len != len || memcmp(b->p, data, len) != 0)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct talk_request q;
	struct talk_head h;
	struct buf b;

	buf_init(&b, TALK_HEAD_MAX);
	if (talk_get_request(&q, data, len) == RC_OK) {
		talk_put_request(&b, &q);
		same(&b, data, len);
	}
	buf_clear(&b);
	if (talk_get_head(&h, data, len) == RC_OK) {
		talk_put_head(&b, &h);
		if (b.len != len + TALK_FRAME_LEN || memcmp(b.p + TALK_FRAME_LEN, data, len) != 0)
			abort();
	}
	buf_clear(&b);
	if (len == TALK_END_LEN && talk_get_end(data) < TALK_END__MAX) {
		talk_put_end(&b, talk_get_end(data));
		same(&b, data, len);
	}
	buf_clear(&b);
	return 0;
}
