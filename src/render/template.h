/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TEMPLATE_H
#define TEMPLATE_H

#include <stdbool.h>
#include <stddef.h>

#include "buf.h"
#include "rc.h"

/*
 * Mustache behind a C face: a parsed template, and the fields that fill it.
 * Values are HTML-escaped on their way out; templates decide nothing.
 */
#ifdef __cplusplus
extern "C" {
#endif

struct view;
struct fields;

/*
 * Parse len bytes of Mustache.  RC_OK; RC_FORMAT with the reason in why
 * (why_len bytes, always terminated); RC_NOMEM.  On failure *out is NULL.
 */
enum rc template_parse(struct view **out, const char *text, size_t len, char *why, size_t why_len);
void template_free(struct view *t); /* takes NULL */
/* Append the filled template; ask buf_rc(), too.  RC_OK, RC_NOMEM, RC_FORMAT.  One thread at a
 * time. */
enum rc template_render(struct view *t, const struct fields *f, struct buf *out);

/*
 * One object of a context.  Everything that is added to it belongs to it.
 * Without memory the writers do nothing but remember it: template_render()
 * then answers RC_NOMEM.  fields_item() and fields_object() never return NULL for
 * a parent that is not NULL; writers take a NULL object and do nothing.
 */
struct fields *fields_new(void);    /* NULL without memory */
void fields_free(struct fields *f); /* takes NULL; only what fields_new() gave */
void fields_text(struct fields *f, const char *key, const char *value); /* NULL: not there */
void fields_flag(struct fields *f, const char *key, bool on);
/* The object under this key, made when first asked for. */
struct fields *fields_object(struct fields *f, const char *key);
/* A further object at the end of the list under this key. */
struct fields *fields_item(struct fields *f, const char *key);

#ifdef __cplusplus
}
#endif

#endif /* TEMPLATE_H */
