/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef KORECONF_H
#define KORECONF_H

#include <stddef.h>

#include "buf.h"
#include "rc.h"

/* A word of the template ("BIND" for @BIND@) and what stands for it. */
struct koreconf_word {
	const char *name, *value;
};

/*
 * Append the template with its words replaced, and without its comments, in
 * which the words are explained.  RC_OK; RC_FORMAT: a word that is not
 * in the list, or a value with white space, which would become another setting; or buf_rc().
 */
enum rc koreconf_fill(
    struct buf *out, const char *text, size_t len, const struct koreconf_word *words, size_t n);

#endif /* KORECONF_H */
