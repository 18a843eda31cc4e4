/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads judged by subtraction from what is left. */
#include "rd.h"

void
rd_init(struct rd *r, const void *p, size_t len)
{
	r->p = p;
	r->left = len;
	r->failed = false;
}

const uint8_t *
rd_bytes(struct rd *r, size_t len)
{
	const uint8_t *p = r->p;

	if (r->failed || r->left < len) {
		r->failed = true;
		return NULL;
	}
	r->p += len;
	r->left -= len;
	return p;
}

uint8_t
rd_u8(struct rd *r)
{
	const uint8_t *p = rd_bytes(r, 1);

	return p == NULL ? 0 : p[0];
}

uint32_t
rd_u32(struct rd *r)
{
	const uint8_t *p = rd_bytes(r, 4);

	if (p == NULL)
		return 0;
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

uint64_t
rd_u64(struct rd *r)
{
	const uint8_t *p = rd_bytes(r, 8);
	uint64_t v = 0;
	size_t i;

	for (i = 0; p != NULL && i < 8; i++)
		v = v << 8 | p[i];
	return v;
}

bool
rd_ok(const struct rd *r)
{
	return !r->failed;
}

bool
rd_end(const struct rd *r)
{
	return !r->failed && r->left == 0;
}
