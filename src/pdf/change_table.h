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

/* Only these keys; null has none. */
bool only_keys(const struct obj *o, const char *const *keys, size_t n);
/* Never defined up to the old view: no object that was hidden there comes to light. */
bool is_new(struct walk *w, const struct obj *ref);
/* The /F of a widget keeps it from screen and paper, or it has no area.  In the new view. */
bool invisible(struct walk *w, size_t section, const struct obj *widget);
/* A /StructTreeRoot that speaks of annotations only. */
bool new_structure(struct walk *w, const struct obj *raw);
/* An action that leads somewhere, or none: nothing that runs. */
bool mild_action(struct walk *w, const struct obj *a, const struct obj *b);

#endif /* CHANGE_TABLE_H */
