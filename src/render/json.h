/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef JSON_H
#define JSON_H

#include "buf.h"
#include "report.h"

/* Append the report as one line of JSON ("periksa.report/1"), without a newline; ask buf_rc(). */
void json_report(struct buf *b, const struct report *r);
/* Append a JSON string literal, escaped, for the few documents written by hand. */
void json_text(struct buf *b, const char *s);
/* ,"key":"value", or null for an empty one. */
void json_member(struct buf *b, const char *key, const char *value);

#endif /* JSON_H */
