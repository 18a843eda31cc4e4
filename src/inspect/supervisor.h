/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SUPERVISOR_H
#define SUPERVISOR_H

#include <stdint.h>

#include "rc.h"
#include "trust.h"
#include "verify.h"

/*
 * The warm process that inspectors are forked from: one sealed process per
 * document.  Listens on an already bound and listening Unix stream socket; what is
 * said on it stands in talk.h.  draw_fd: the socket of `periksa-draw`
 * (base/paint.h), which hears only of documents whose inspector asks; -1 if nobody draws.
 * fetch_fd: the jobs of `periksa-fetch` (evidence/order.h), which hears only from inspectors that
 * may ask and lack something, and answers what it keeps; -1 if nobody does.  canary: the anchors of
 * known documents, for requests that say so; NULL: they are refused.  Never
 * returns while it can serve: returns RC_IO only when it cannot go on (the keeper then starts
 * another).  Must be called in a process of its own, which it makes die with its parent and from
 * which it closes every descriptor but these three and standard error.
 *
 * At most CAP_INSPECTORS documents are looked at; up to CAP_INSPECT_QUEUE more
 * wait in the socket's own queue, and survive there when the supervisor is replaced.
 */
enum rc supervisor_run(int listen_fd, int draw_fd, int fetch_fd, const struct trust *trust,
    const struct trust *canary);

/* What judges a document: verify(), or a test's function. */
typedef enum rc examine_fn(
    struct report **out, const struct source *src, const struct verify_params *params);

/* What one inspector may use. */
struct supervisor_limits {
	unsigned inspectors;  /* at once, at most CAP_INSPECTORS */
	unsigned seconds;     /* wall clock */
	unsigned cpu_seconds; /* 0 is no time at all */
	uint64_t memory;      /* address space beside the warm process and the document */
};
/* supervisor_run() with other limits and another judge. */
enum rc supervisor_serve(int listen_fd, int draw_fd, int fetch_fd, const struct trust *trust,
    const struct trust *canary, examine_fn *examine, const struct supervisor_limits *limits);

/*
 * Bind and listen at path (mode 0600, an old socket is replaced).  RC_OK and *fd,
 * close-on-exec and non-blocking; or RC_IO.
 */
enum rc supervisor_listen(const char *path, int *fd);

#endif /* SUPERVISOR_H */
