/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Two tables found by a digest's first octets. */
#include <stdlib.h>
#include <string.h>

#include "algo.h"
#include "caps.h"
#include "memo.h"
#include "search.h"
#include "when.h"

struct memo {
	struct memo_question questions[CAP_FETCH_MEMOS];
	struct memo_failure failures[CAP_FETCH_MEMOS];
};

static size_t
place(const uint8_t id[32])
{
	return (id[0] | (size_t)id[1] << 8) % CAP_FETCH_MEMOS;
}

static bool
digest(uint8_t id[32], const void *p, size_t len)
{
	uint8_t md[HASH_SIZE_MAX];

	if (hash_span(HASH_SHA256, (struct der){p, len}, md) != 32)
		return false;
	memcpy(id, md, 32);
	return true;
}

struct memo *
memo_new(void)
{
	return calloc(1, sizeof(struct memo));
}

void
memo_free(struct memo *m)
{
	size_t i;

	for (i = 0; m != NULL && i < CAP_FETCH_MEMOS; i++) {
		free(m->questions[i].refused);
		free(m->failures[i].url);
	}
	free(m);
}

const struct memo_question *
memo_question(const struct memo *m, const void *p, size_t len)
{
	const struct memo_question *q;
	uint8_t id[32];

	if (!digest(id, p, len))
		return NULL;
	q = &m->questions[place(id)];
	return q->known && memcmp(q->id, id, 32) == 0 ? q : NULL;
}

const struct memo_question *
memo_remember(struct memo *m, const void *p, size_t len, const struct question *q)
{
	struct memo_question new = {.known = true};
	struct memo_question *at;
	size_t i;

	if (!digest(new.id, p, len) ||
	    (q->refused != NULL && (new.refused = strdup(q->refused)) == NULL))
		return NULL;
	new.outcome = q->outcome;
	memcpy(new.key, q->key, QUESTION_KEY);
	new.ocsp = q->nocsp > 0;
	new.nlists = q->ncrl;
	for (i = 0; i < q->ncrl; i++)
		memcpy(new.lists[i], q->crl[i].key, QUESTION_KEY);
	at = &m->questions[place(new.id)];
	free(at->refused);
	*at = new;
	return at;
}

const struct memo_failure *
memo_failure(const struct memo *m, const uint8_t key[QUESTION_KEY], int64_t now)
{
	const struct memo_failure *f = &m->failures[place(key)];

	return f->until > now && memcmp(f->key, key, QUESTION_KEY) == 0 ? f : NULL;
}

void
memo_fail(struct memo *m, const uint8_t key[QUESTION_KEY], const struct finding *f, int64_t until)
{
	struct memo_failure *at = &m->failures[place(key)];

	free(at->url);
	*at = (struct memo_failure){
	    .until = until, .outcome = f->outcome, .asked = f->asked, .retry = f->retry};
	memcpy(at->key, key, QUESTION_KEY);
	/* without memory: it failed, and where is not told */
	at->url = f->url != NULL ? strdup(f->url) : NULL;
}
