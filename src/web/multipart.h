/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MULTIPART_H
#define MULTIPART_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rc.h"

/*
 * A file in a form: multipart/form-data (RFC 7578, RFC 2046 5.1).  Kore's own
 * reader takes time that grows with the square of what a hostile body asks for.
 */
#define MULTIPART_BOUNDARY 70  /* RFC 2046, 5.1.1 */
#define MULTIPART_NAME     255 /* bytes of a file name that are kept */

struct part {
	size_t off, len;               /* the content, inside the body */
	bool has_name;                 /* the form has a file name: a file was chosen */
	char name[MULTIPART_NAME + 1]; /* its last component, not to be trusted further */
};

/* Steps through the parts of a body.  Its fields are multipart.c's own but these, of a part. */
struct multipart {
	const uint8_t *body, *p, *end;
	char mark[4 + MULTIPART_BOUNDARY + 1];
	size_t mark_len;
	const uint8_t
	    *field; /* the form field's name as it stands in the body; NULL: it has none */
	size_t field_len;
};

/* The boundary of a Content-Type header; false if that is not multipart/form-data with one. */
bool multipart_boundary(const char *content_type, char out[MULTIPART_BOUNDARY + 1]);

/* At the first part; body outlives m.  RC_OK, or RC_FORMAT: no multipart body. */
enum rc multipart_begin(struct multipart *m, const uint8_t *body, size_t len, const char *boundary);
/* The next part.  RC_OK, with *out inside the body; RC_ABSENT: no more; RC_FORMAT: cut off. */
enum rc multipart_next(struct multipart *m, struct part *out);

/*
 * The first part of the field.  RC_OK and *out, which lies inside the body;
 * RC_ABSENT: no such field; RC_FORMAT: no multipart body, or cut off.
 */
enum rc multipart_find(
    struct part *out, const uint8_t *body, size_t len, const char *boundary, const char *field);

#endif /* MULTIPART_H */
