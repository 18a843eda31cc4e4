/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CANARY_H
#define CANARY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "checks.h"
#include "rc.h"
#include "report.h"

/*
 * Letters whose verdicts never change: one good, one by a revoked certificate, one that was
 * changed.  If a judge says anything else of them, nothing that it says can be believed.  They
 * lie in a folder of the build (`periksa demo --canary`) with the anchors that they need,
 * in CANARY_ANCHORS, and are judged by these, offline, at one time for ever.
 *
 * canary.tsv, in lines with tabs: "at" and that time; then for each letter its file, its
 * conclusion, and its most important reason or "-".
 */

#define CANARY_FILE    "canary.tsv"
#define CANARY_ANCHORS "anchors"
#define CANARIES       8 /* at most */

struct canary {
	char file[64]; /* "good.pdf" */
	uint8_t *p;    /* its len octets */
	size_t len;
	enum conclusion conclusion; /* what it must get */
	enum check reason;          /* the first of its reasons; CHECK__NONE: it must have none */
};

struct canaries {
	int64_t at; /* when they are judged */
	struct canary v[CANARIES];
	size_t n; /* at least one */
};

/*
 * Read canary.tsv and the letters beside it.  RC_ABSENT: no such folder or file; RC_FORMAT: a line
 * is not understood; RC_TOOBIG, RC_IO, RC_NOMEM.  *out is NULL then; else canary_free() it.
 */
enum rc canary_load(struct canaries **out, const char *dir);
/* Takes NULL. */
void canary_free(struct canaries *c);
/* The report says what it must. */
bool canary_right(const struct canary *c, const struct report *r);

#endif /* CANARY_H */
