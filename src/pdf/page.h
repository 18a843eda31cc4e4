/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PAGE_H
#define PAGE_H

#include "doc.h"

/*
 * Put the pages that a view shows into d->pages and all nodes of their tree into
 * d->tree, unless they are there already.
 * RC_OK; RC_FORMAT when the tree does not read (the finding is noted; no pages
 * then), RC_ABSENT if locked, RC_NOMEM.
 */
enum rc page_list(struct doc *d, size_t section);
/* The number (1 = first) of the page that shows this widget; 0 if none does. */
unsigned page_of(struct doc *d, size_t section, const struct obj *widget, uint32_t num);

#endif /* PAGE_H */
