/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IDTEXT_H
#define IDTEXT_H

#include <stddef.h>

#include "crockford.h"

/*
 * Ids of letters (crockford.h) in the text of a page, as people and programs print them: 27
 * characters in one run, in either case, alone or at the end of an address (…/d/ID); in groups of
 * one length, but for the last, with a blank or a hyphen between them; or in two parts, where a
 * line ends.  Beside it stands no letter and no digit.  The check character lets one of 128
 * other runs pass, so what is not one run has no small letters, and some part of it has both
 * letters and digits: words of a sentence are no id.
 */

typedef void idtext_fn(void *ctx, const char id[CROCKFORD_ID_LEN + 1]);
/* Each id, normalised, in the order of the text, also if it stands there again.  p: UTF-8 or not.
 */
void idtext_find(const char *p, size_t len, idtext_fn *found, void *ctx);

#endif /* IDTEXT_H */
