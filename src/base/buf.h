/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BUF_H
#define BUF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rc.h"

/*
 * Bytes that grow up to a stated ceiling.  The first failure sticks: writers
 * are called without a check and buf_rc() is asked once at the end.
 */
struct buf {
	uint8_t *p; /* len bytes, NULL while empty; belongs to the buf */
	size_t len, cap, max;
	enum rc rc;
};

void buf_init(struct buf *b, size_t max);
/* Frees the bytes; the buf may be used again with the same ceiling. */
void buf_clear(struct buf *b);
/* RC_OK, RC_NOMEM or RC_TOOBIG: the first failure since buf_init(). */
enum rc buf_rc(const struct buf *b);

void buf_put(struct buf *b, const void *p, size_t len);
void buf_u8(struct buf *b, uint8_t v);
void buf_u32(struct buf *b, uint32_t v);                /* big-endian */
void buf_u64(struct buf *b, uint64_t v);                /* big-endian */
void buf_str(struct buf *b, const char *s);             /* without its NUL */
void buf_hex(struct buf *b, const void *p, size_t len); /* lower case */
void buf_printf(struct buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* NUL behind the bytes (not counted); the text, or "" after a failure. */
const char *buf_text(struct buf *b);

#endif /* BUF_H */
