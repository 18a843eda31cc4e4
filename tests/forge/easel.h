/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef EASEL_H
#define EASEL_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "paint.h"

/*
 * The program that draws, for whoever judges in a test.  It starts a drawer for a document
 * when the first question about it is asked.
 */
struct easel {
	int jobs;
	pid_t pid;
	const void *p; /* the document on it: the caller's */
	size_t len;
	int answers; /* of its drawer, -1: none yet */
	struct painter drawer;
};

/* Start $BUILD/periksa-draw; false with a word on standard error. */
bool easel_open(struct easel *e);
void easel_close(struct easel *e);
/* Put up another document: the painter is good until the next one. */
struct painter easel_put(struct easel *e, const void *p, size_t len);

#endif /* EASEL_H */
