/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CHANGE_TABLE_H
#define CHANGE_TABLE_H

#include "walk.h"

/* What later revisions may change, by place.  Keys without a rule must stay as they were. */
extern const struct table table_trailer, table_catalog, table_names;
extern const struct table table_page;      /* leaves */
extern const struct table table_tree;      /* inner nodes of the page tree */
extern const struct table table_form;      /* AcroForm where there are fields to be filled in */
extern const struct table table_bare_form; /* and where there are none, or signatures only */
extern const struct table table_signed;    /* a field that was signed, and its widgets */
extern const struct table table_filled;    /* one that has been signed since */
extern const struct table table_empty;     /* one that is not signed yet */
extern const struct table table_value;     /* texts, buttons, choices */
extern const struct table table_group;     /* nodes that are no field */
extern const struct table table_annot;     /* annotations that are no widgets */
extern const struct table table_widget;    /* widgets that no field has */
extern const struct table table_struct_root, table_struct_elem;

#endif /* CHANGE_TABLE_H */
