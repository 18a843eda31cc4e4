/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef HISTORY_H
#define HISTORY_H

#include "report.h"

/*
 * What happened to a document after its first signature, once: the report lists a change
 * under every signature that it came after.
 */

#define HISTORY_MAX 60 /* what a page tells; all of them are in the JSON */

/* The order is from harmless to bad. */
enum history_state {
	HISTORY_NONE,      /* nothing came later */
	HISTORY_LTA,       /* validation data and timestamps */
	HISTORY_ALLOWED,   /* what may be added */
	HISTORY_OPEN,      /* nobody said that it may be */
	HISTORY_UNKNOWN,   /* not read */
	HISTORY_FORBIDDEN, /* changed */
	HISTORY_BROKEN,    /* the signed bytes themselves are not intact */
	HISTORY__MAX
};

/* What was added where that is allowed, above validation data. */
enum history_added {
	ADDED_SIGNATURE = 1,
	ADDED_FIELD = 2, /* an empty signature field */
	ADDED_FORM = 4,
	ADDED_NOTE = 8,
	ADDED_OTHER = 16
};

struct history {
	struct {
		const struct report_change *change;
		enum history_state state;
	} items[HISTORY_MAX]; /* by revision, then the worst first */
	size_t n;
	bool more;         /* than items[] holds */
	size_t signatures; /* further ones, each in a field of its own */
	unsigned added;    /* of enum history_added; ADDED_OTHER only where nothing else is */
	enum history_state worst; /* of the signatures that are no document timestamps */
};

/* Points into the report. */
void history_of(struct history *h, const struct report *r);
/* What became of the document after this signature of it. */
enum history_state history_after(const struct report *r, size_t i);
/* "allowed"; NULL out of range. */
const char *history_name(enum history_state s);

#endif /* HISTORY_H */
