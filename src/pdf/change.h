/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CHANGE_H
#define CHANGE_H

#include "sigfield.h"

/*
 * What came after each signature whose modification is still
 * PDF_MOD_NOT_ANALYSED and whose revision is known: PDF_MOD_LTA_UPDATES if the
 * rules explain everything, else the level of what they do not explain, with
 * its paths in changes[].  RC_OK, RC_NOMEM.
 */
enum rc change_judge(struct doc *d, struct sigs *sigs);

#endif /* CHANGE_H */
