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

#define BATCH_ID_LEN  CROCKFORD_128_LEN
#define BATCH_WORDING 63

struct batch {
	char id[BATCH_ID_LEN + 1];
	int64_t account, agency;
	enum batch_kind kind;
	enum batch_state state;
	int64_t at, ended;            /* seconds; ended 0: not yet */
	unsigned total, done, failed; /* rows */
	char format[8];               /* "png", "svg", "pdf"; "" for BATCH_STAMPED */
	unsigned dpi;
	/* which pages of BATCH_STAMPED get the footer, as paperwork.h counts them; 0 and 0: all */
	uint32_t from, to;
	char wording[BATCH_WORDING + 1]; /* its name; "": the agency's */
	unsigned take;                   /* which taking of it this is: batch_take() */
};
/*
 * kind, agency (0: who's own), total, format, dpi, pages and wording: queued, under a fresh id,
 * which is written to b->id.  By staff of that agency, an admin or the operator.  At most
 * CAP_BATCHES wait for an account.  ACCOUNT_MALFORMED: more than CAP_BATCH_ROWS, no such kind,
 * format, pages or agency.
 */
enum rc batch_add(struct store *s, const struct actor *who, struct batch *b, int64_t now,
    enum account_answer *answer); /* ACCOUNT_LOCKED: too many wait */
/* RC_ABSENT: none, or somebody else's (which is logged). */
enum rc batch_read(struct store *s, const struct actor *who, const char *id, struct batch *out);
/* Newest first, until row returns false. */
enum rc batch_list(struct store *s, const struct actor *who,
    bool (*row)(const struct batch *b, void *arg), void *arg);
/*
 * For whoever does them, several at once if need be: the oldest that is queued, or that somebody
 * took and let go of for CAP_BATCH_LEASE seconds (he died); now running, from its first row.  *who
 * is who ordered it with the rights that he has now; nobody if his account is disabled.  What was
 * taken CAP_BATCH_TAKES times and never ended has failed.  RC_ABSENT: none.
 */
enum rc batch_take(struct store *s, int64_t now, struct batch *out, struct actor *who);
/*
 * total, done, failed; it is ours for another CAP_BATCH_LEASE seconds by the machine's clock, so
 * call it at least that often.  RC_ABSENT, also of batch_end(): somebody else took it meanwhile;
 * leave it to him.
 */
enum rc batch_progress(struct store *s, const struct batch *b);
enum rc batch_end(struct store *s, const struct batch *b, bool done, int64_t now);
/* Those that ended before: their ids, so that their files can be deleted; and forgets them. */
enum rc batch_expire(
    struct store *s, int64_t before, void (*gone)(const char *id, void *arg), void *arg);

#endif /* BATCH_H */
