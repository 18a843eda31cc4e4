/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef RESULT_H
#define RESULT_H

#include "report.h"
#include "template.h"
#include "texts.h"

/*
 * What a result page says about a report, in this order: the verdict in a
 * sentence, who, when, the circular's four checks and the issuer, what
 * changed, what to do, and every field of the report.
 */
void result_fields(struct fields *f, const struct texts *t, enum lang lang, const struct report *r);

/*
 * Of these the verdict, the signers, the five lines, and when it was judged: for a page about
 * something else.
 */
void result_summary(
    struct fields *f, const struct texts *t, enum lang lang, const struct report *r);

/* NULL, or the first key that result_fields() may look up and t has not. */
const char *result_missing(const struct texts *t, char *key, size_t key_len);

#endif /* RESULT_H */
