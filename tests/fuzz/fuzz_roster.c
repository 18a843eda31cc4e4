/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A CSV: rows that can be done have what they need, and nothing in them leads anywhere. */
#include <assert.h>
#include <string.h>

#include "caps.h"
#include "prose.h"
#include "roster.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void
check_content(const struct register_content *c)
{
	assert(prose_ok(c->number, 1, CAP_LETTER_TEXT));
	assert(prose_ok(c->subject, 1, CAP_LETTER_TEXT));
	assert(prose_ok(c->unit, 1, CAP_LETTER_TEXT));
	assert(strlen(c->date) == 10 && c->visibility < LETTER_VISIBILITY__MAX);
	assert(c->nsigners >= 1 && c->nsigners <= CAP_SIGNERS);
}

static void
check_row(const struct roster_row *r, enum batch_kind kind)
{
	char id[CROCKFORD_ID_LEN + 1];

	assert(r->fault < BULK_WORD__MAX && r->row > 0);
	if (r->fault != BULK_NONE)
		return;
	assert(kind != BATCH_STAMPED || prose_ok(r->file, 1, CAP_LETTER_TEXT));
	if (r->id[0] == '\0')
		check_content(&r->content);
	else
		assert(crockford_id_read(r->id, strlen(r->id), id) && strcmp(r->id, id) == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	enum batch_kind kind = len % 2 == 0 ? BATCH_FOOTERS : BATCH_STAMPED;
	struct roster_refusal why;
	struct roster *r;
	enum rc rc = roster_read(&r, data, len, kind, &why);
	size_t i;

	assert((rc == RC_OK) == (r != NULL));
	if (rc == RC_FORMAT)
		assert(why.word > BULK_NONE && why.word < BULK_WORD__MAX);
	for (i = 0; r != NULL && i < r->n; i++)
		check_row(&r->rows[i], kind);
	roster_free(r);
	return 0;
}
