/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REGISTER_DB_H
#define REGISTER_DB_H

#include "db.h"
#include "register.h"

/* What register.c and register_*.c share; for src/store only. */

/* What decides about a letter, without what it says. */
struct register_brief {
	char id[CROCKFORD_ID_LEN + 1]; /* as it is stored */
	int64_t agency;
	enum letter_state state;
	bool coded; /* it has a typed code */
};

/* Whether who may see (write: change) a letter of this agency; a refusal is logged. */
enum rc register_allowed(struct store *s, const struct actor *who, const char *id, int64_t agency,
    bool write, int64_t now, enum register_answer *answer);
/*
 * The letter that id names, if who may see it (or, write, change it).  *answer: REGISTER_DONE,
 * REGISTER_ABSENT or REGISTER_FORBIDDEN; the refusal of a letter that is there is logged.
 */
enum rc register_brief(struct store *s, const struct actor *who, const char *id, bool write,
    int64_t now, struct register_brief *out, enum register_answer *answer);

/*
 * What register_sign() asks and keeps beside the change of state, in its transaction: whether it
 * may be (*answer), and the registration with its first check.
 */
enum rc register_may_sign(struct store *s, const struct actor *who, const struct register_brief *b,
    const struct register_signing *g, int64_t now, enum register_answer *answer);
enum rc register_keep(struct store *s, const struct actor *who, const char *id,
    const struct register_signing *g, int64_t now);

/* As the database has it. */
enum register_caveat register_caveat(const char *name);

#endif /* REGISTER_DB_H */
