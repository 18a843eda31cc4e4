/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef HOLE_H
#define HOLE_H

#include "sigfield.h"

/*
 * Rule D4, the other way round: what no signature covers, the hole of its /Contents,
 * lies in its own dictionary and in no other object.  In a stream or a string around
 * it, anybody could change what that shows.  Once for all signatures of a document,
 * after sigfield_cover(): fails those whose hole is shared.  RC_OK or RC_NOMEM.
 */
enum rc hole_check(struct doc *d, struct sigs *sigs);

#endif /* HOLE_H */
