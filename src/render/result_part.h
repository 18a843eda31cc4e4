/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef RESULT_PART_H
#define RESULT_PART_H

#include "history.h"
#include "result.h"

/* What the parts of the result page share; of nobody else's concern. */

#define nitems(a) (sizeof(a) / sizeof((a)[0]))

struct builder {
	const struct texts *t;
	const struct report *r;
	enum lang lang;
	struct history history;
};

/* The text FAMILY.MEMBER END; never NULL. */
const char *result_word(
    const struct builder *b, const char *family, const char *member, const char *end);
/* A time as people write it; nothing for WHEN_NONE. */
void result_time(const struct builder *b, struct fields *f, const char *key, int64_t when);
void result_number(struct fields *f, const char *key, uint64_t n);
/* A check and how it was answered; detail may be NULL. */
void result_check(const struct builder *b, struct fields *item, enum check id,
    enum check_result result, const char *detail);

/* What changed after signing, and what else the document holds. */
void result_later(const struct builder *b, struct fields *f);
void result_notices(const struct builder *b, struct fields *f);
/* What nobody has answered, and who did not. */
void result_lack(const struct builder *b, struct fields *f);
/* Online evidence may have been what was missing, and may come later. */
bool result_may_come(const struct report *r);
/* What became of asking, in words; "" if nobody was asked. */
const char *result_outcome(const struct builder *b, const struct report_want *w);
/* Everything that the report says. */
void result_details(const struct builder *b, struct fields *f);

#endif /* RESULT_PART_H */
