/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MEMO_H
#define MEMO_H

#include "lookup.h"
#include "question.h"

/*
 * What need not be worked out twice: what a question comes to, and who failed of late.  Tables of
 * fixed size, where the new takes the place of the old: whatever is gone is worked out again.
 */

struct finding;
struct memo;

struct memo_question {
	uint8_t id[32]; /* SHA-256 of its octets */
	enum lookup_outcome outcome;
	char *refused; /* as in struct question */
	uint8_t key[QUESTION_KEY];
	bool known, ocsp; /* ocsp: there is somebody to ask by it */
	size_t nlists;
	uint8_t lists[CAP_FETCH_URLS][QUESTION_KEY];
};

struct memo_failure {
	uint8_t key[QUESTION_KEY];
	int64_t until; /* 0: a free place */
	enum lookup_outcome outcome;
	int64_t asked, retry;
	char *url;
};

struct memo *memo_new(void);
void memo_free(struct memo *m);
/* NULL: not known.  All pointers are valid until something is remembered. */
const struct memo_question *memo_question(const struct memo *m, const void *p, size_t len);
/* NULL without memory. */
const struct memo_question *memo_remember(
    struct memo *m, const void *p, size_t len, const struct question *q);
/* NULL: none that counts now. */
const struct memo_failure *memo_failure(
    const struct memo *m, const uint8_t key[QUESTION_KEY], int64_t now);
void memo_fail(
    struct memo *m, const uint8_t key[QUESTION_KEY], const struct finding *f, int64_t until);

#endif /* MEMO_H */
