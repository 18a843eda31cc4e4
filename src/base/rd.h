/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef RD_H
#define RD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * A cursor over untrusted bytes.  A read past the end gives zeros and sets
 * failed, which sticks; ask rd_ok() or rd_end() once at the end.
 */
struct rd {
	const uint8_t *p;
	size_t left;
	bool failed;
};

void rd_init(struct rd *r, const void *p, size_t len);
uint8_t rd_u8(struct rd *r);
uint32_t rd_u32(struct rd *r); /* big-endian */
uint64_t rd_u64(struct rd *r); /* big-endian */
/* The next len bytes, inside the input; NULL (and failed) when too few. */
const uint8_t *rd_bytes(struct rd *r, size_t len);
bool rd_ok(const struct rd *r);
/* True iff nothing failed and every byte was read. */
bool rd_end(const struct rd *r);

#endif /* RD_H */
