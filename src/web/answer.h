/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ANSWER_H
#define ANSWER_H

#include "ask.h"
#include "asset.h"
#include "buf.h"
#include "limit.h"
#include "report.h"

/*
 * Every way to answer, each with the headers that belong to it.  All return
 * what a Kore handler returns when it is done.
 */

/* A page of ours that was rendered with rc: 500 if that failed. */
int answer_page(struct http_request *req, int status, enum rc rc, struct buf *b);
/* JSON text; RC_OK or a failure of ours (500). */
int answer_json(struct http_request *req, int status, struct buf *b);
/*
 * An HTTP error: the page of error.STATUS, or for programs a problem
 * (RFC 9457).  retry_after seconds, 0: no such header.
 */
int answer_error(struct http_request *req, int status, unsigned retry_after);
/* True: the address has asked too often, and was told so (429). */
bool answer_limited(struct http_request *req, enum limit_kind kind);
/* 405 with the methods that would do. */
int answer_method(struct http_request *req, const char *allow);
/* 422: the report of a document that can't be read, as a problem. */
int answer_unreadable(struct http_request *req, const struct report *r);
/*
 * A problem of ours (RFC 9457): type tag:periksa,2026:problem:WORD, title and detail by the keys of
 * their texts.  retry_after as above.
 */
int answer_problem(struct http_request *req, int status, const char *word, const char *title,
    const char *detail, unsigned retry_after);
/* 308: the same with the right address; ours. */
int answer_moved(struct http_request *req, const char *location);
/* 303; the address is ours. */
int answer_see(struct http_request *req, const char *location);
/* A picture that was kept; RC_OK or a failure of ours (500). */
int answer_png(struct http_request *req, struct buf *b);
/*
 * A file for who asked and nobody else: to be saved under a name (of ASCII; NULL: shown in place),
 * kept by no cache.
 */
int answer_file(
    struct http_request *req, const char *type, const char *save_as, const void *p, size_t len);
/* The same of a file that is mapped, which takes no memory while it is sent; map is unmapped. */
int answer_map(
    struct http_request *req, const char *type, const char *save_as, void *map, size_t len);
/* A file of the installation; fixed: its address changes with its content. */
int answer_asset(struct http_request *req, const struct asset *a, bool fixed);

#endif /* ANSWER_H */
