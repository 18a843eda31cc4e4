/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef WORDS_H
#define WORDS_H

#include <stdint.h>

#include "buf.h"
#include "texts.h"

/* Times, sizes and numbers as people of one language write them. */

/* "20 November 2026, 14.05 WIB"; nothing for WHEN_NONE. */
void words_time(struct buf *b, const struct texts *t, int64_t when);
/* "20 November 2026" of "2026-11-20"; nothing if that is no day. */
void words_day(struct buf *b, const struct texts *t, const char *day);
/* "3 menit lalu" */
void words_age(struct buf *b, const struct texts *t, uint64_t seconds);
/* "34.567" */
void words_number(struct buf *b, const struct texts *t, uint64_t n);
/* "1,2 MB", "640 bita" */
void words_size(struct buf *b, const struct texts *t, uint64_t bytes);

#endif /* WORDS_H */
