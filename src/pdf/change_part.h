/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CHANGE_PART_H
#define CHANGE_PART_H

#include "walk.h"

/*
 * One comparison of two views, and what its parts (form, pages, structure) know of each other.
 */

/* A node of the form's tree: a field, a widget, or both. */
struct field {
	const struct obj *ref;
	uint32_t up;             /* 1 + index of its parent, 0 at the top */
	const struct obj *a, *b; /* its dictionary in both views, obj_null if it is none */
};

struct diff {
	struct walk w;
	struct field *fields; /* of the old view, then those that were added */
	size_t nfields, cap_fields, nold;
	struct pdf_bytes *names; /* partial names of the lists at hand */
	size_t nnames, cap_names;
	uint32_t *elems; /* objects of the old structure tree */
	size_t nelems, cap_elems;
	uint32_t *tree; /* nodes of the old page tree, then its leaves */
	size_t ntree, nleaves, cap_tree;
	bool values; /* the old form has fields that are no signatures */
};

/* Say which objects are judged here.  a, b: the catalogs. */
void field_collect(struct diff *f, const struct obj *a);
/* False: the pages can't be listed, and it is told. */
bool page_collect(struct diff *f, const struct obj *a, const struct obj *b);
void struct_collect(struct diff *f, const struct obj *a, const struct obj *b);

/* Then judge them: the fields before the pages, which show their widgets. */
void field_judge(struct diff *f, const struct obj *a, const struct obj *b);
void page_judge(struct diff *f);
void struct_judge(struct diff *f, const struct obj *a, const struct obj *b);

/* A signature field without a signature in the old view; what it shows there is nothing, or
 * gives way to the signature that it has now. */
bool field_is_empty(struct diff *f, uint32_t index);
/* The full name of a field of the list, UTF-8; NULL without one or without memory. */
char *field_name(struct diff *f, uint32_t index);

#endif /* CHANGE_PART_H */
