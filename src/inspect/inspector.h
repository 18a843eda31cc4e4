/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef INSPECTOR_H
#define INSPECTOR_H

#include <stdint.h>
#include <sys/types.h>

#include "jail.h"
#include "supervisor.h"
#include "talk.h"

/* Everything that an inspector inherits from the supervisor. */
struct inspector {
	const struct trust *trust, *canary; /* canary: NULL if there is none */
	const struct supervisor_limits *limits;
	examine_fn *examine;
	const struct seal *jail;
	uint64_t address_space; /* of the warm process */
};

/*
 * Its descriptors; painter leads to whoever may be asked how a page looks, evidence to whoever
 * keeps answers about certificates, -1 if nobody.
 */
struct inspector_fds {
	int reply, document, painter, evidence;
};

/*
 * The life of one inspector, in a forked child: seal, examine, answer on reply,
 * leave.  Exits with 0 only after a whole report was written.  Dies with parent.
 */
void inspector_run(const struct inspector *in, const struct talk_request *q,
    const struct inspector_fds *fds, pid_t parent) __attribute__((noreturn));

#endif /* INSPECTOR_H */
