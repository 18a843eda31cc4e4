/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LOST_H
#define LOST_H

#include "survey.h"

/*
 * Signatures in the raw bytes that the reading of the file does not show: those of prefixes
 * of the file that read, and objects that no field reaches (D8), appended to s->sigs.  RC_OK,
 * RC_NOMEM, RC_IO.
 */
enum rc lost_find(struct survey *s);

#endif /* LOST_H */
