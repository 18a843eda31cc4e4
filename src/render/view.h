/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef VIEW_H
#define VIEW_H

#include <stddef.h>

#include "rc.h"
#include "template.h"
#include "texts.h"

/*
 * Read the template DIR/NAME.html for one language: {{> part}} becomes the
 * text of DIR/part.html, {{_ key}} the language's text with that key, escaped;
 * a text may hold Mustache variables itself.  All that happens once, so that
 * a missing text or partial stops the start and never reaches a visitor.
 * RC_OK, or RC_IO, RC_FORMAT, RC_NOMEM with *out NULL and the reason in why.
 */
enum rc view_load(struct view **out, const char *dir, const char *name, const struct texts *texts,
    char *why, size_t why_len);

#endif /* VIEW_H */
