/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TRUST_HISTORY_H
#define TRUST_HISTORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arena.h"
#include "buf.h"
#include "rc.h"

/*
 * The history of a trust folder: one line for each event, in a file that only grows.  Fields
 * between tabs: time, event, fingerprint, name, who, why, the set's id afterwards, and the
 * SHA-256 of the hash of the line before (32 octets; zeros for the first) and of this line up to
 * here, so that a line that was changed, taken out or put in between shows.  What is cut off
 * at the end shows in the id, which then is not the set's.
 */

#define TRUST_HISTORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arena.h"
#include "buf.h"
#include "rc.h"

/*
 * The history of a trust folder: one line for each event, in a file that only grows.  Fields
 * between tabs: time, event, fingerprint, name, who, why, the set's id afterwards, and the
 * SHA-256 of the line before (with its end of line; zeros in the first), so that a line that
 * was changed, taken out or put in between shows.  What is cut off at the end shows in the
 * id, which then is not the set's.
 */

#define TRUST_HISTORY "history"

enum trust_event {
	TRUST_RECORDED, /* was there when the record was begun, or begun anew */
	TRUST_ADDED,
	TRUST_REMOVED,
	TRUST_LISTED, /* not a certificate: a trust list was read */
	TRUST_EVENT__MAX
};

struct trust_line {
	int64_t at;
	enum trust_event event;
	uint8_t sha256[32]; /* of the certificate; of the trust list */
	/* UTF-8 without control characters.  LISTED: the list's territory and type, who was
	 * told to read it, and "sequence N, …". */
	const char *name, *who, *why;
	uint8_t id[32]; /* the set's, after the event */
};

struct trust_history {
	struct trust_line *v;
	size_t n;
	size_t broken;    /* the first line (1: the first) that is not as written; 0: intact */
	uint8_t last[32]; /* the hash that the last line ends with; zeros without one */
};

/* Read len octets.  RC_OK (broken says the rest) or RC_NOMEM; *out is the arena's. */
enum rc trust_history_parse(
    struct trust_history **out, struct arena *a, const char *text, size_t len);
/*
 * Append the line to the buf; last is the hash of the one before, and then its own.  Control
 * characters of its texts become blanks; a text is at most CAP_TRUST_TEXT octets.  Failures:
 * buf_rc().
 */
void trust_history_put(struct buf *b, const struct trust_line *line, uint8_t last[32]);
/* The last event of that certificate (LISTED is none); NULL: it was never there. */
const struct trust_line *trust_history_find(
    const struct trust_history *h, const uint8_t sha256[32]);
/* "recorded", "added", … */
const char *trust_event_name(enum trust_event event);

#endif /* TRUST_HISTORY_H */
