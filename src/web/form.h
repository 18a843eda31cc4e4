/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FORM_H
#define FORM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rc.h"

/*
 * The fields of a form: application/x-www-form-urlencoded or multipart/form-data, and of a query
 * (?a=b).  Bytes of a stranger: everything is bounded, and a text with a NUL or that is no UTF-8 is
 * RC_FORMAT.  Line ends in texts are LF.
 */
struct form;

/*
 * body need not outlive the call; files are told by place.  RC_OK; RC_FORMAT: no form, more than
 * CAP_FORM_FIELDS fields, more than CAP_FORM_TEXT octets of texts; RC_NOMEM.  *out NULL on failure.
 */
enum rc form_parse(struct form **out, const char *content_type, const uint8_t *body, size_t len);
enum rc form_query(struct form **out, const char *query); /* NULL: none, an empty form */
void form_free(struct form *f);                           /* takes NULL; wipes its texts */

/* The first field of this name, "" if there is none.  White space at both ends is gone. */
const char *form_get(const struct form *f, const char *name);
/* The n-th of several (0 = first); NULL if there are fewer. */
const char *form_nth(const struct form *f, const char *name, size_t n);
/* The first field of this name as it was typed, white space and all: a password. */
const char *form_raw(const struct form *f, const char *name);
bool form_has(const struct form *f, const char *name);

/* A file: where it lies in the body, and the last component of its name, not to be trusted. */
struct form_file {
	size_t off, len;
	const char *name;
};
/* The n-th file of this name that was chosen; false if there are fewer. */
bool form_file(const struct form *f, const char *name, size_t n, struct form_file *out);

#endif /* FORM_H */
