/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QRTEXT_H
#define QRTEXT_H

#include "buf.h"
#include "paperwork.h"

/*
 * A QR for a terminal: a character for two modules, one above the other, as lines of UTF-8.  Both
 * colours are said (ECMA-48, SGR), since a terminal's own may be either way round.  Level L,
 * since a screen has no folds, and so that an account's fits into 24 lines of 80.
 */

/* Appended to out, read back by zbar.  PAPER_OK, BAD_ADDRESS, QR_UNREADABLE or TROUBLE. */
enum paper_code qrtext_make(struct buf *out, const char *text);

#endif /* QRTEXT_H */
