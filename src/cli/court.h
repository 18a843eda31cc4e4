/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef COURT_H
#define COURT_H

#include <limits.h>

#include "artist.h"
#include "messenger.h"
#include "verify.h"

/*
 * Whoever judges documents in this process: policies and anchors, who draws, and who goes to the
 * network.
 */
struct court {
	struct verify_params params; /* all but name, painter and lookup may be changed */
	const char *trust_dir;       /* NULL: the installed anchors */
	struct artist artist;
	struct messenger messenger; /* conf, cache and hosts may be set before court_open() */
	struct trust *trust;
	char path[PATH_MAX];
};

/*
 * The policies of the program's folder, the default one, and now.  CLI_OK, or CLI_TROUBLE with a
 * line on standard error.  court_close() is due in any case.
 */
int court_init(struct court *c);
/* When trust_dir, params and messenger say what is wanted: loads the anchors.  As above. */
int court_open(struct court *c);
void court_close(struct court *c);

/*
 * verify() over src, whose descriptor stays the caller's.  name: as in verify_params; album: for
 * pictures, see album.h; -1: none.  RC_OK and *out, else *out is NULL.
 */
enum rc court_judge(
    struct court *c, const struct source *src, const char *name, int album, struct report **out);

#endif /* COURT_H */
