/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef JOB_H
#define JOB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ask.h"
#include "buf.h"
#include "canary.h"
#include "multipart.h"
#include "rc.h"
#include "report.h"

/*
 * One document on its way through an inspector, and, if it lacks what the network may have,
 * the fetcher and an inspector again, while its request sleeps.
 * It is part of the request's state (state.h), and freed with it.
 */
struct job;

/* A new job without a document, for this request, which has none yet. */
struct job *job_new(struct http_request *req);
/* The request's job; NULL while it has none. */
struct job *job_of(struct http_request *req);

/*
 * The document: the whole body, the file of the form, or bytes of our own
 * (copied).  A form's field "password" opens the document; it is kept in memory, for as
 * long as the job lives; "offline" is job_offline().  RC_OK; RC_ABSENT: the form has no file;
 * RC_FORMAT: no form; RC_TOOBIG: more than the upload limit; RC_IO, RC_NOMEM.  The spool's name of
 * the body is gone afterwards in any case.
 */
enum rc job_body(struct job *j);
enum rc job_form(struct job *j, const char *field);
/* The network is not asked for this document; call it before the first job_step(). */
void job_offline(struct job *j);
/*
 * How pages look is to be compared, too; call it before the first job_step().  Without memory for
 * the pictures there are none.
 */
void job_pictures(struct job *j);
/* The pictures that were made: octets for album_next(). */
enum rc job_album(const struct job *j, struct buf *out);
enum rc job_bytes(struct job *j, const void *p, size_t len);

/*
 * Go on.  RC_BUSY: the request sleeps, the handler returns KORE_RESULT_RETRY
 * and asks again when it is run again.  RC_OK: *out is the report and belongs
 * to the job.  RC_IO: no inspector could be had in time, nothing was judged.
 */
enum rc job_step(struct job *j, const struct report **out);
/*
 * For the portal's own health: after one document another one, a canary, which the inspector
 * judges by the canaries' anchors at their time.  RC_OK, RC_IO.
 */
enum rc job_canary(struct job *j, const struct canary *c, int64_t at);
/* How many documents it has had. */
unsigned job_documents(const struct job *j);
/* The last thing that a job does: ask whether the fetcher answers.  RC_BUSY, RC_OK, RC_IO. */
enum rc job_ping(struct job *j);
bool job_pings(const struct job *j); /* it has begun */
/* A flag of whoever uses the job, false at first. */
bool *job_flag(struct job *j);
/* Microseconds since the job began. */
uint32_t job_duration(const struct job *j);

#endif /* JOB_H */
