/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BATCH_H
#define BATCH_H

#include <stdbool.h>
#include <stdint.h>

#include "account.h"
#include "crockford.h"

/*
 * Work on many letters at once that somebody waits for: what was ordered, how far it is.  The
 * files are elsewhere (src/clerk).  Seen by who ordered it, and by admins.
 */
enum batch_state { BATCH_QUEUED, BATCH_RUNNING, BATCH_DONE, BATCH_FAILED, BATCH_STATE__MAX };
const char *batch_state_name(enum batch_state s); /* "queued", … */
enum batch_kind { BATCH_FOOTERS, BATCH_STAMPED, BATCH_KIND__MAX };
const char *batch_kind_name(enum batch_kind k); /* "footers", "stamped" */

#define BATCH_ID_LEN CROCKFORD_128_LEN

struct batch {
	char id[BATCH_ID_LEN + 1];
	int64_t account, agency;
	enum batch_kind kind;
	enum batch_state state;
	int64_t at, ended;            /* seconds; ended 0: not yet */
	unsigned total, done, failed; /* rows */
	char format[8];               /* "png", "svg", "pdf"; "" for BATCH_STAMPED */
	unsigned dpi;
};
/* Queued, under a fresh id, which is written to b->id.  At most CAP_BATCHES wait for an account. */
enum rc batch_add(struct store *s, const struct actor *who, struct batch *b, int64_t now,
    enum account_answer *answer); /* ACCOUNT_LOCKED: too many wait */
/* RC_ABSENT: none, or somebody else's. */
enum rc batch_read(struct store *s, const struct actor *who, const char *id, struct batch *out);
/* Newest first, until row returns false. */
enum rc batch_list(struct store *s, const struct actor *who,
    bool (*row)(const struct batch *b, void *arg), void *arg);
/*
 * For whoever does them: the oldest queued or (after a crash) running one, now running, and who
 * ordered it.  RC_ABSENT: none.
 */
enum rc batch_take(struct store *s, int64_t now, struct batch *out, struct actor *who);
enum rc batch_progress(struct store *s, const struct batch *b); /* total, done, failed */
enum rc batch_end(struct store *s, const struct batch *b, bool done, int64_t now);
/* Those that ended before: their ids, so that their files can be deleted; and forgets them. */
enum rc batch_expire(
    struct store *s, int64_t before, void (*gone)(const char *id, void *arg), void *arg);

#endif /* BATCH_H */
