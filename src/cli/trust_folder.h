/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TRUST_FOLDER_H
#define TRUST_FOLDER_H

#include <limits.h>

#include "arena.h"
#include "trust.h"
#include "trust_conf.h"
#include "trust_history.h"

/*
 * A trust folder while it is looked at or changed: locked, so that two changes
 * never mix.  Each file is written beside itself and renamed, the history last: what breaks off
 * in between leaves a set that its record does not name.
 */
struct trust_folder {
	int fd;
	char path[PATH_MAX];
	struct arena *arena;
	struct buf log;   /* what loading said, a line each */
	const char *text; /* anchors.conf; NULL: there is none */
	size_t len;
	struct trust_conf *conf;       /* never NULL when open */
	struct trust_history *history; /* likewise */
	bool has_history;
	struct trust *trust; /* NULL: no anchor */
	enum rc load;        /* what trust_load() said */
};

/* RC_OK; RC_IO with errno; RC_NOMEM, RC_TOOBIG.  Close it in any case. */
enum rc trust_folder_open(struct trust_folder *f, const char *path, bool change);
void trust_folder_close(struct trust_folder *f);
/* Read everything again. */
enum rc trust_folder_read(struct trust_folder *f);

/* Replace, or make, a file of that name.  RC_OK or RC_IO with errno. */
enum rc trust_folder_write(struct trust_folder *f, const char *name, const struct buf *b);
enum rc trust_folder_unlink(struct trust_folder *f, const char *name);
/* Append n lines, with the id of the set as it is loaded now: all of them or none. */
enum rc trust_folder_record(struct trust_folder *f, struct trust_line *v, size_t n);

#endif /* TRUST_FOLDER_H */
