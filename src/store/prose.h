/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PROSE_H
#define PROSE_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Whether s is a text that may be shown to people: UTF-8 of min to max characters, no
 * controls, no marks that turn the direction of writing around, no space at its ends.
 */
bool prose_ok(const char *s, size_t min, size_t max);

#endif /* PROSE_H */
