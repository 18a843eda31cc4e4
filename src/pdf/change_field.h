/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CHANGE_FIELD_H
#define CHANGE_FIELD_H

#include "change_part.h"

/* The two halves of the form: fields that were there (change_field.c) and what is new
 * (change_added.c).  A field is 1 + its index in diff.fields. */

/* 1 + its index, 0 without memory. */
uint32_t field_add(
    struct diff *f, const struct obj *ref, uint32_t up, const struct obj *a, const struct obj *b);
/* A value that a field may inherit (ISO 32000-2, 12.7.4.1), raw; now: in the new view. */
const struct obj *field_inherited(struct diff *f, uint32_t i, const char *key, bool now);
bool field_is_signature(struct diff *f, uint32_t i, bool now);
/* A root for what is told of a field. */
struct root field_root(struct diff *f, uint32_t i);

/* A signature that was nowhere before, also not hidden; *stamp: a document timestamp. */
bool added_signature(struct walk *w, const struct obj *ref, bool *stamp);
enum pdf_change_kind added_why(struct walk *w, const struct obj *ref);
/* Tell that a field has got a signature: its level by what it shows. */
void added_signed(struct diff *f, uint32_t i, bool stamp, enum pdf_change_kind kind);
/* Remember the partial names of a list; where they begin in diff.names. */
size_t added_names(struct diff *f, const struct obj *list);
/* A new field of that list, which is told, with what it is or what it lacks. */
bool added_field(struct diff *f, const struct obj *ref, uint32_t up, size_t names, unsigned depth);

#endif /* CHANGE_FIELD_H */
