/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CHANGE_H
#define CHANGE_H

#include "sigfield.h"

/*
 * What came after each signature whose revision is known and is not the last
 * one: its modification (never lowered) and changes[], the worst first.  Each later revision
 * has at least one change, also where all that it did is harmless.  RC_OK, RC_NOMEM.
 */
enum rc change_judge(struct doc *d, struct sigs *sigs);
/*
 * Something that the views can't show, as PDF_MOD_OTHER: kind, and the object (0 for none)
 * or the offset in the file where it was seen.  RC_OK, RC_NOMEM.
 */
enum rc change_note(
    struct doc *d, struct sig *sig, enum pdf_change_kind kind, uint32_t object, uint64_t off);

#endif /* CHANGE_H */
