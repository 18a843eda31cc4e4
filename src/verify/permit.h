/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PERMIT_H
#define PERMIT_H

#include <stdbool.h>

#include "arena.h"
#include "pdf.h"
#include "rc.h"
#include "report.h"

/*
 * What the signatures of a document allow to be done to it later: DocMDP, FieldMDP
 * and locks (ISO 32000-2, 12.8.2.2 and 12.8.2.4, 12.7.5.5), and what goes without saying.
 */

#define PERMIT_WHY 10 /* more codes than there are below */

struct permit {
	/*
	 * IND_PASSED: everything that came later is allowed.  IND_FAILED: something is
	 * forbidden or is no update at all.  IND_INDETERMINATE: nobody said that it may be.
	 */
	enum indication ind;
	enum sub_indication sub;
	enum check why[PERMIT_WHY]; /* the one that decides first; none when passed */
	size_t nwhy;
	bool annotations;     /* allowed by P = 3, and there are some: to be told */
	bool changes_allowed; /* each of them, whatever else is wrong */
	/*
	 * The least of all /P that hold after this signature, its own and those before
	 * it; 0: nobody certified.  Without a certification a lock counts only where it forbids all
	 * (1).
	 */
	int limit;
	enum pdf_modification level; /* the worst of the changes */
	bool *allowed;               /* of each of the signature's changes */
};

/*
 * One struct for each signature of the survey, in the arena.  visible_signatures: a
 * further signature that shows on a page in a field of its own is no breach of a
 * certification.  RC_OK or RC_NOMEM.
 */
enum rc permit_judge(struct permit **out, struct arena *arena, const struct pdf_survey *survey,
    bool visible_signatures);

/* A code above that fails a signature; the others leave it open. */
bool permit_fails(enum check code);

/* A lock forbids changes of this field: equal to a name, or below it ("a" locks "a.b"). */
bool permit_locks(const struct pdf_lock *lock, const char *field);

#endif /* PERMIT_H */
