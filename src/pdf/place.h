/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PLACE_H
#define PLACE_H

#include "pdf.h"

/* Places in a document, and whether two are the same. */

/* NULL is the same as NULL only. */
bool place_same_text(const char *a, const char *b);
bool place_same_rect(const double a[4], const double b[4]);
/* The same rectangle of the same page, or no rectangle in both; whatever lies there. */
bool place_same_spot(const struct pdf_place *a, const struct pdf_place *b);
/* And of the same object, on the same path. */
bool place_same(const struct pdf_place *a, const struct pdf_place *b);

#endif /* PLACE_H */
