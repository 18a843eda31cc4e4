/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BODY_H
#define BODY_H

#include <stddef.h>
#include <stdint.h>

#include "ask.h"
#include "form.h"

/* A request's body in memory, wherever Kore has put it. */
struct body {
	const uint8_t *p;
	size_t len;
	void *map; /* NULL: it lies in Kore's own memory */
};

/* RC_OK, or RC_IO; body_close() in any case, before the handler returns. */
enum rc body_open(struct body *b, struct http_request *req);
void body_close(struct body *b);
/* Nobody else needs the spool's name: Kore's own unlink() finds it gone.  May be called again. */
void body_forget(struct http_request *req);
/* The form in it.  As form_parse(); RC_FORMAT, too, without a body or a type. */
enum rc body_form(const struct body *b, struct http_request *req, struct form **out);

#endif /* BODY_H */
