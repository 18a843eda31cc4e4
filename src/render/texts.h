/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TEXTS_H
#define TEXTS_H

#include <stddef.h>

#include "rc.h"

/*
 * The texts of one language, from a gettext .po file whose msgid are keys:
 * translators keep their tools, and no text is in C.
 */
struct texts;

/*
 * Read a .po file into *out, which is made if it is NULL and gets more texts if not: comments,
 * msgid and msgstr with continuation lines, and the escapes \" \\ \n \t; nothing else.  A key
 * twice, an empty msgstr or anything else in the file is RC_FORMAT with the line in why; RC_IO;
 * RC_NOMEM.  What was in *out stays the caller's, to be freed, on failure, too.
 */
enum rc texts_load(struct texts **out, const char *path, char *why, size_t why_len);
void texts_free(struct texts *t); /* takes NULL */
/* The text with this key, NULL if there is none. */
const char *texts_get(const struct texts *t, const char *key);
/* A key that a has and b has not; NULL if there is none. */
const char *texts_missing(const struct texts *a, const struct texts *b);

#endif /* TEXTS_H */
