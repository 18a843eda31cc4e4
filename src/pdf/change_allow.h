/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CHANGE_ALLOW_H
#define CHANGE_ALLOW_H

#include "walk.h"

/*
 * Conditions of the tables: what a value may become.  a is the raw value in the old view, b in the
 * new one, obj_null where there is none.
 */
condition never, same_box, private_key, was_absent, open_trailer, plain_metadata, dss_update,
    version_name, mark_info, extensions, piece_info, flags_added, annot_flags_added, number_added,
    name_added, plain_value, whole_number, field_value, annot_value, plain_name, annot_type,
    appearance, framed, looks, border, same_words, lock_added, resources_added, no_widget,
    kids_added;

/* An action that leads somewhere, or none: nothing that runs. */
condition mild_action;
/* Only these keys; null has none. */
bool only_keys(const struct obj *o, const char *const *keys, size_t n);
/* Never defined up to the old view: no object that was hidden there comes to light. */
bool is_new(struct walk *w, const struct obj *ref);
/* A /StructTreeRoot that speaks of annotations only. */
bool new_structure(struct walk *w, const struct obj *raw);
/* The /F of a widget keeps it from screen and paper, or it has no area, as a view has it. */
bool invisible(struct walk *w, size_t section, const struct obj *widget);

#endif /* CHANGE_ALLOW_H */
