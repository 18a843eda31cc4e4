/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef EXEMPT_H
#define EXEMPT_H

#include "doc.h"

/*
 * Dictionaries with a byte range that are no signatures: usage rights (/Perms /UR3 and /UR,
 * ISO 32000-1, 12.8.2.3) and the integrity code of an encrypted file (/AuthCode, ISO/TS 32004).
 */

/*
 * This object is one, by what the revision that brings it says: a later one can not make it
 * one.  A field that refers to it makes it a signature all the same; that is the caller's.
 */
bool exempt_is(struct doc *d, const struct def *def, const struct obj *dict);
/* A notice for each.  RC_OK, RC_NOMEM. */
enum rc exempt_notices(struct doc *d, struct pdf_survey *out);

#endif /* EXEMPT_H */
