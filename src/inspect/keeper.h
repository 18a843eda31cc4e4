/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef KEEPER_H
#define KEEPER_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/*
 * Keeps processes alive: starts each child, starts it again when it dies (at once,
 * then with a growing pause if it dies young), passes on the end, and returns
 * when all children are gone.  Each child leads a process group, which dies with it.
 */
struct keeper_child {
	const char *name;       /* for log lines */
	void (*run)(void *ctx); /* in the child, with default signals; must not return */
	bool essential;         /* dying before the service is ready ends the keeper */
	bool anew;              /* a reload concerns it: it is then ended and started again */

	/* the keeper's own */
	pid_t pid; /* 0: not running */
	long long started, next;
	unsigned young; /* deaths in a row soon after a start */
	bool told;      /* asked to end */
};

struct keeper {
	struct keeper_child *children; /* ended in this order, each before the next */
	size_t n;
	void *ctx;
	/* Asked every 50 ms until it says true, then never again; may print.  NULL: ready at once.
	 */
	bool (*ready)(void *ctx);
	/* SIGHUP: read again what can change.  True: start the children anew that want it.
	 * NULL: ignored. */
	bool (*reload)(void *ctx);
};

/* 0 after SIGTERM, SIGINT or SIGQUIT; 1 when an essential child died before readiness. */
int keeper_run(struct keeper *k);

#endif /* KEEPER_H */
