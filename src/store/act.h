/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ACT_H
#define ACT_H

#include <stdbool.h>
#include <stdint.h>

#include "account.h"

/*
 * What was done, by whom, when, to what: a table to which rows are only added.  It names
 * accounts and letters by their numbers; what they are called stands elsewhere.
 */
enum act {
	ACT_ACCOUNT_ADDED,
	ACT_ACCOUNT_DISABLED,
	ACT_ACCOUNT_ENABLED,
	ACT_ACCOUNT_RESET,
	ACT_ENTERED,        /* signed in */
	ACT_RECOVERED,      /* signed in by a recovery code */
	ACT_ENTRY_REFUSED,  /* wrong name, password or code */
	ACT_REPLAY_REFUSED, /* a code that was used before, behind the right password */
	ACT_ENTRY_LOCKED,   /* too many wrong guesses */
	ACT_LEFT,           /* signed out */
	ACT_LETTER_DRAFTED,
	ACT_LETTER_EDITED,
	ACT_LETTER_ISSUED,
	ACT_LETTER_SIGNED,
	ACT_LETTER_SUPERSEDED,
	ACT_LETTER_WITHDRAWN,
	ACT_LETTER_REFUSED,     /* another agency's letter, or a role that may not */
	ACT_CODE_REFUSED,       /* a wrong typed code, or too many of them */
	ACT_CSRF_REFUSED,       /* a form that did not come from our page */
	ACT_ROLE_REFUSED,       /* a page or deed of another role */
	ACT_ACCOUNT_PASSWORD,   /* one's own password changed */
	ACT_ACCOUNT_RENEWED,    /* one's own telephone */
	ACT_ACCOUNT_MOVED,      /* another role or agency */
	ACT_LETTER_OVERRULED,   /* registered though something spoke against it */
	ACT_LETTER_TURNED,      /* a check said something else than the one before; by nobody */
	ACT_LETTERHEAD_CHANGED, /* what an agency prints */
	ACT_BATCH_ORDERED,
	ACT__MAX
};
const char *act_name(enum act a); /* "account_added", …; NULL for none of these */

/*
 * Adds one.  who NULL: nobody known; letter NULL or an id as it is stored; object an account or
 * 0.  Durable by itself, or as part of the transaction that is open.
 */
enum rc act_add(struct store *s, const struct actor *who, enum act a, const char *letter,
    int64_t object, int64_t now);

struct act_row {
	int64_t seq, at;    /* at: seconds */
	int64_t account;    /* 0: the command line, or nobody known */
	const char *what;   /* act_name() */
	const char *letter; /* "" if none */
	int64_t object;     /* the account that it was done to; 0 if none */
};
struct act_query {
	int64_t since, until; /* seconds, WHEN_NONE: open; since inclusive, until exclusive */
	int64_t account;      /* 0: anybody */
	int64_t before;       /* only those with a smaller seq: the next page; 0: from the newest */
	int64_t limit;        /* at most so many; 0: all */
};
/*
 * Newest first, until row returns false; the texts live until it returns.  RC_ABSENT: who is
 * neither auditor, admin nor operator.
 */
enum rc act_list(struct store *s, const struct actor *who, const struct act_query *q,
    bool (*row)(const struct act_row *row, void *arg), void *arg);

#endif /* ACT_H */
