/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REGISTER_DB_H
#define REGISTER_DB_H

#include "db.h"
#include "register.h"

/* What register.c and register_show.c share; for src/store only. */

/* What decides about a letter, without what it says. */
struct register_brief {
	char id[CROCKFORD_ID_LEN + 1]; /* as it is stored */
	int64_t agency;
	enum letter_state state;
	bool coded; /* it has a typed code */
};

/*
 * The letter that id names, if who may see it (or, write, change it).  *answer: REGISTER_DONE,
 * REGISTER_ABSENT or REGISTER_FORBIDDEN; the refusal of a letter that is there is logged.
 */
enum rc register_brief(struct store *s, const struct actor *who, const char *id, bool write,
    int64_t now, struct register_brief *out, enum register_answer *answer);

#endif /* REGISTER_DB_H */
