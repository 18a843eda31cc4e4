/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REVISION_H
#define REVISION_H

#include "doc.h"

/*
 * A view of the document as it was when a section had just been written: the
 * sections 0..section and no later one.  What a section calls undefined or
 * free is null; what does not read is RC_FORMAT and a finding, never null.
 */

/* The definition that the view uses, NULL if the object is undefined or free. */
struct def *revision_def(struct doc *d, size_t section, uint32_t num);
/*
 * The object that o refers to, or o itself if it is no reference (references
 * to references are refused).  RC_OK; RC_FORMAT when it is broken (the finding
 * is noted), RC_ABSENT when it lies in an encrypted object stream, RC_NOMEM.
 * *out is obj_null unless RC_OK.
 */
enum rc revision_get(struct doc *d, size_t section, const struct obj *o, const struct obj **out);
/* revision_get() of a key of a dictionary. */
enum rc revision_key(
    struct doc *d, size_t section, const struct obj *dict, const char *key, const struct obj **out);
/* The parsed object of a definition, in this view.  The same codes; *out NULL on failure. */
enum rc revision_node(struct doc *d, size_t section, struct def *def, struct node **out);
/*
 * "num gen obj" and its value at an offset.  *end: where "endobj" ends; for a
 * stream where its dictionary ends.  RC_FORMAT without a finding, RC_NOMEM, RC_TOOBIG.
 */
enum rc revision_object_at(
    struct doc *d, uint64_t off, uint32_t *num, uint32_t *gen, struct obj *out, uint64_t *end);
/* Equal values without following references (they must be the same). */
bool revision_equal(const struct obj *a, const struct obj *b, unsigned depth);

#endif /* REVISION_H */
