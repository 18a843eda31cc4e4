/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LOGBOOK_H
#define LOGBOOK_H

#include "job.h"
#include "store.h"

/*
 * A verification that is done: logged durably, and its report with its pictures kept for
 * CAP_REPORT_HOURS under a fresh id.  RC_OK, or nothing was recorded and nothing may be answered.
 */
enum rc logbook_add(
    const struct job *j, const struct report *r, enum channel channel, char id[STORE_ID_LEN + 1]);

#endif /* LOGBOOK_H */
