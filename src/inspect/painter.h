/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PAINTER_H
#define PAINTER_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "paint.h"

/*
 * The asking side of a drawer.  Its answers are bounded here and believed for the worse only;
 * a drawer that died has no answer to anything more.
 */

/*
 * A painter over a stream that leads to a drawer: *fd is written and read, and closed and -1
 * after a failure.  Both must outlive the painter.
 */
void painter_init(struct painter *p, int *fd);

/*
 * The two ends of the stream between who asks and a drawer; who asks waits for an answer at
 * most CAP_DRAW_WAIT_SECONDS.  RC_OK or RC_IO.
 */
enum rc painter_stream(int *asker, int *drawer);

/*
 * Ask for a drawer of this document at jobs, the socket of `periksa-draw`: it gets copies of
 * all descriptors; album -1: no pictures.  RC_OK, RC_BUSY if jobs does not block and
 * is full, RC_IO.
 */
enum rc painter_hire(int jobs, const struct paint_job *job, int answers, int document, int album);

/* Start `periksa-draw` at path: *jobs is our side of its socket.  RC_OK or RC_IO. */
enum rc painter_start(const char *path, int *jobs, pid_t *pid);
/*
 * In a child, which becomes it and dies with parent; returns only if that fails.  program:
 * its file, opened with O_PATH, since who draws may not be allowed to come near it.
 */
void painter_become(int program, int jobs, pid_t parent);

/* Password as far as it is one (at most CAP_PASSWORD octets). */
void painter_job(struct paint_job *job, uint64_t off, uint64_t len, const uint8_t *password,
    size_t password_len);

#endif /* PAINTER_H */
