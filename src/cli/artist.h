/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ARTIST_H
#define ARTIST_H

#include <sys/types.h>

#include "painter.h"

/*
 * Whoever draws for this process: `periksa-draw`, started when a document first asks, and a
 * drawer of its own for each document that does.  Without the program, nobody draws.
 */
struct artist {
	struct painter painter; /* for verify_params */
	int jobs;               /* -1: not started */
	pid_t pid;
	bool missing;
	int answers; /* of this document's drawer; -1: it has none yet */
	bool hired;
	int document, album;
	struct paint_job job;
};

void artist_init(struct artist *a);
/* From now on questions are about this document, whose descriptors stay the caller's. */
void artist_document(struct artist *a, int document, const struct paint_job *job, int album);
void artist_end(struct artist *a);

#endif /* ARTIST_H */
