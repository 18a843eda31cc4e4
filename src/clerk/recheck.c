/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The same letter, judged as of today.  Who judges is the caller's; here is which letters are due,
 * and what a verdict changes in the register and in the vault.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "buf.h"
#include "caps.h"
#include "intake.h"
#include "recheck.h"
#include "vault.h"
#include "wire.h"

struct due {
	char (*ids)[CROCKFORD_ID_LEN + 1];
	size_t n, cap;
	bool nomem;
};

/* The store is not to be called meanwhile: ids are kept, the work comes later. */
static bool
take_due(const char *id, const uint8_t sha256[32], void *arg)
{
	struct due *d = arg;
	size_t cap;
	void *p;

	(void)sha256;
	if (d->n == d->cap) {
		cap = d->cap == 0 ? 256 : d->cap * 2;
		if ((p = reallocarray(d->ids, cap, sizeof(*d->ids))) == NULL) {
			d->nomem = true;
			return false;
		}
		d->ids = p;
		d->cap = cap;
	}
	memcpy(d->ids[d->n], id, sizeof(*d->ids));
	d->ids[d->n++][CROCKFORD_ID_LEN] = '\0';
	return true;
}

/* Nobody can judge it: it is gone, or no longer what was registered. */
static bool
is_lost(const struct recheck *r, const struct register_letter *l)
{
	enum rc rc = vault_check(r->dir, r->vault, l->sha256);

	return rc == RC_ABSENT || rc == RC_FORMAT || rc == RC_IO;
}

/* The file of a letter, judged.  Whatever goes wrong: no report. */
static enum rc
judge_file(
    const struct recheck *r, const struct register_letter *l, int64_t now, struct report **out)
{
	uint64_t len;
	enum rc rc;
	int fd;

	*out = NULL;
	if ((rc = vault_open(r->dir, r->vault, l->sha256, &fd, &len)) != RC_OK)
		return rc;
	rc = r->judge(r->ctx, fd, len, now, out);
	(void)close(fd);
	/* Of another file nothing is to be recorded. */
	if (rc == RC_OK && memcmp((*out)->document.sha256, l->sha256, sizeof(l->sha256)) != 0)
		rc = RC_FORMAT;
	if (rc != RC_OK) {
		report_free(*out);
		*out = NULL;
	}
	return rc;
}

/* Into the register; RC_OK, or our trouble with it. */
static enum rc
record(const struct recheck *r, const struct register_letter *l, struct report *report, int64_t now,
    struct recheck_sum *sum)
{
	bool pending = intake_pending(report);
	/* Of a fact-only letter the file was kept for this moment alone. */
	bool kept = l->content.visibility != LETTER_FACT || report->conclusion != CONCLUSION_VALID;
	enum conclusion before;
	struct buf wire;
	enum rc rc;

	buf_init(&wire, CAP_WIRE);
	report_drop_questions(report);
	wire_encode(&wire, report);
	if ((rc = buf_rc(&wire)) == RC_OK)
		rc = register_checked(
		    r->store, l->id, report, wire.p, wire.len, pending, kept, now, &before);
	buf_clear(&wire);
	if (rc != RC_OK)
		return rc;
	sum->judged++;
	if (before != report->conclusion)
		sum->changed++;
	if (r->told != NULL)
		r->told(r->ctx, l->id, before, report->conclusion);
	if (!kept)
		(void)vault_drop(r->dir, r->vault, l->sha256);
	return RC_OK;
}

/*
 * An alert, and no verdict about the letter: the last report stays, and the file is looked for
 * again each night, since it may come back from a backup.
 */
static enum rc
record_lost(
    const struct recheck *r, const struct register_letter *l, int64_t now, struct recheck_sum *sum)
{
	struct report *report = report_new();
	enum check reason = CHECK_NOT_EXAMINED;
	enum conclusion before;
	enum rc rc = RC_NOMEM;

	if (report == NULL)
		return rc;
	report->conclusion = CONCLUSION_INDETERMINATE;
	report->reasons = &reason;
	report->nreasons = 1;
	rc = register_checked(r->store, l->id, report, NULL, 0, false, true, now, &before);
	report_free(report);
	if (rc != RC_OK)
		return rc;
	sum->lost++;
	if (r->told != NULL && before != CONCLUSION_INDETERMINATE)
		r->told(r->ctx, l->id, before, CONCLUSION_INDETERMINATE);
	return RC_OK;
}

enum rc
recheck_one(const struct recheck *r, const char *id, int64_t now, struct recheck_sum *sum)
{
	struct register_letter *l = NULL;
	enum register_answer answer;
	struct report *report = NULL;
	enum rc rc;

	rc = register_read(r->store, &actor_operator, id, now, &l, &answer);
	if (rc != RC_OK)
		return rc;
	if (answer != REGISTER_DONE || !l->has_file || !l->kept) {
		sum->failed++;
		goto out;
	}
	if (judge_file(r, l, now, &report) == RC_OK) {
		rc = record(r, l, report, now, sum);
	} else {
		sum->failed++;
		if (is_lost(r, l))
			rc = record_lost(r, l, now, sum);
	}
out:
	report_free(report);
	register_free(l);
	return rc;
}

enum rc
recheck_all(const struct recheck *r, int64_t now, int64_t before, struct recheck_sum *sum)
{
	struct due due = {0};
	enum rc rc, one;
	size_t i;

	memset(sum, 0, sizeof(*sum));
	rc = register_due(r->store, before, take_due, &due);
	if (rc == RC_OK && due.nomem)
		rc = RC_NOMEM;
	for (i = 0; rc == RC_OK && i < due.n; i++) {
		one = recheck_one(r, due.ids[i], now, sum);
		/* What only this letter has keeps no other from its turn. */
		if (one == RC_NOMEM || one == RC_BUSY)
			rc = one;
		else if (one != RC_OK)
			sum->failed++;
	}
	free(due.ids);
	return rc;
}
