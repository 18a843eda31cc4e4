/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QRSCAN_H
#define QRSCAN_H

#include <stddef.h>
#include <stdint.h>

#include "print.h"
#include "rc.h"

/* QRs in grey dots, by zbar. */

/* Once, before no file can be opened: zbar asks libc for tables that it then never uses. */
void qrscan_warm(void);

typedef void qrscan_fn(void *ctx, const uint8_t *text, size_t len);
/* Each QR, as octets; the text lives as long as the call.  RC_OK or RC_NOMEM. */
enum rc qrscan_look(const struct dots *d, qrscan_fn *found, void *ctx);
/*
 * The same, and where nothing is found, once more: finer, for a code of two dots a module; then
 * coarser, since a photograph's grain breaks edges that are clear from further away.  d is
 * changed.
 */
enum rc qrscan_search(struct dots *d, qrscan_fn *found, void *ctx);
/* Whether one of them is this text. */
bool qrscan_has(const struct dots *d, const char *text);
/* Likewise by qrscan_search(). */
bool qrscan_finds(struct dots *d, const char *text);

#endif /* QRSCAN_H */
