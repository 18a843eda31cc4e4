/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ONLINE_H
#define ONLINE_H

#include <stdbool.h>
#include <stdint.h>

#include "dossier.h"
#include "lack.h"
#include "lookup.h"
#include "rc.h"

/* What is lacking as a question; its octets are the certificates' own. */
void online_question(struct lookup_question *q, const struct lack *l);

/*
 * Where nothing that decides is lacking, nobody is asked: a letter that passes costs nobody's time
 * and depends on nobody's host.  Else all that is lacking, what only the other policy or a
 * timestamp's authority needs included.
 *
 * One round of asking for what d->lacks (found by lack_find()) holds and was not asked before: at
 * most CAP_LOOKUPS questions for a document and CAP_LOOKUP_ROUNDS rounds.  Answers go into the
 * dossier's pools, as what nothing proves to be older than the present; what they are worth is
 * the judge's.  *news: something came, judge again.  RC_OK, RC_NOMEM; that nobody answers is RC_OK.
 */
enum rc online_ask(struct dossier *d, const struct lookup *lookup, int64_t now, bool *news);

#endif /* ONLINE_H */
