/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Kore keeps small bodies in memory and large ones in the spool. */
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "body.h"

enum rc
body_open(struct body *b, struct http_request *req)
{
	void *map;

	*b = (struct body){NULL, 0, NULL};
	if (req->http_body_length == 0)
		return RC_OK;
	if (req->http_body_fd == -1) {
		if (req->http_body == NULL)
			return RC_OK;
		b->p = req->http_body->data;
	} else {
		map =
		    mmap(NULL, req->http_body_length, PROT_READ, MAP_PRIVATE, req->http_body_fd, 0);
		if (map == MAP_FAILED)
			return RC_IO;
		b->p = b->map = map;
	}
	b->len = req->http_body_length;
	return RC_OK;
}

void
body_close(struct body *b)
{
	if (b->map != NULL)
		munmap(b->map, b->len);
	b->map = NULL;
	b->p = NULL;
	b->len = 0;
}

void
body_forget(struct http_request *req)
{
	if (req->http_body_path != NULL && unlink(req->http_body_path) == -1 && errno != ENOENT)
		kore_log(LOG_WARNING, "spool: unlink: %s", errno_s);
}

enum rc
body_form(const struct body *b, struct http_request *req, struct form **out)
{
	const char *type;

	*out = NULL;
	if (b->p == NULL || http_request_header(req, "content-type", &type) != KORE_RESULT_OK)
		return RC_FORMAT;
	return form_parse(out, type, b->p, b->len);
}
