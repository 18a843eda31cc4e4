/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MESSENGER_H
#define MESSENGER_H

#include <limits.h>
#include <stdbool.h>
#include <sys/types.h>

#include "errand.h"
#include "lookup.h"

/*
 * Whoever goes to the network for this process and those that it forks: `periksa-fetch`,
 * started when a document first lacks something.  Without it nobody is asked, and every document
 * is judged with what it carries.
 */
struct messenger {
	struct lookup lookup; /* for verify_params */
	/* What to start it with, as strings that outlive it; NULL: what is usual.  trust must be
	 * set; cache "none": keep nothing. */
	const char *conf, *trust, *cache, *hosts;
	int jobs;   /* our side of its socket, -1: none */
	int unused; /* its side, while it is not started for those that we fork; else -1 */
	pid_t pid;
	int stream; /* this process' own, -1: none */
	bool hired;
	struct errand errand;
	unsigned deadline; /* milliseconds for one document, 0: not read yet */
	long long spent;   /* of them, for this one */
};

void messenger_init(struct messenger *m);
/* Another document, with all its time. */
void messenger_document(struct messenger *m);
/* False, with a line on standard error: the conf that was asked for is not there. */
bool messenger_ready(const struct messenger *m);
/*
 * Before forking those that judge.  Whoever forked them then waits until m->unused is readable, and
 * calls messenger_start(), after which it is -1.
 */
void messenger_share(struct messenger *m);
void messenger_start(struct messenger *m);
/* In one of those that were forked. */
void messenger_forked(struct messenger *m);
void messenger_end(struct messenger *m);

#endif /* MESSENGER_H */
