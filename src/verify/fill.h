/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FILL_H
#define FILL_H

#include "dossier.h"
#include "horizon.h"
#include "judge.h"
#include "level.h"
#include "permit.h"
#include "rc.h"
#include "report.h"

/*
 * Copy what the dossier holds and what was judged into the report's own
 * memory: texts, certificates, times.  It decides nothing.
 */

/* One signature: facts, status (already final), strict status, level.  RC_OK or RC_NOMEM. */
enum rc fill_signature(struct report *r, struct report_sig *out, struct dossier *d, size_t i,
    const struct judgement *j, const struct permit *permit, const struct level_result *level);
/* Until when it can be checked offline. */
void fill_horizon(struct report *r, struct report_sig *out, const struct horizon *h);
/* Hidden content that the reader found.  RC_OK or RC_NOMEM. */
enum rc fill_notices(struct report *r, const struct pdf_survey *v);
/*
 * Evidence that would change the result, from d->lacks: at most CAP_EVIDENCE entries, and
 * CAP_LOOKUPS of them with questions.  RC_OK or RC_NOMEM.
 */
enum rc fill_wanted(struct report *r, const struct dossier *d);

#endif /* FILL_H */
