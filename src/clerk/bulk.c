/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Row by row, each a transaction of its own: what a row lacks is its own affair, and only our own
 * trouble stops the others.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/sha.h>

#include "bulk.h"
#include "caps.h"
#include "roster.h"
#include "summary.h"
#include "tally.h"
#include "zip.h"

#define REPORT "laporan.csv"

struct run {
	const struct bulk *b;
	int64_t now;
	struct roster *roster;
	struct tally *tally;
	struct zip zip;
	struct summary summary;
	struct bulk_sum *sum;
	struct letterhead *head; /* of the agency of the row before */
	int64_t head_agency;
	bool looked; /* for a draft that a crash left unnoted */
};

/* What becomes of one row. */
struct work {
	const struct roster_row *row;
	unsigned n; /* its place, from 1 */
	struct register_letter *letter;
	char id[CROCKFORD_ID_LEN + 1], code[REGISTER_CODE_LEN + 1];
	char file[64], detail[256];
	bool failed;
	struct summary_row say;
	size_t nwords;
	struct buf document, address, reply;
};

static void
note(struct work *w, enum bulk_word word)
{
	if (w->nwords < SUMMARY_WORDS)
		w->say.words[w->nwords++] = word;
}

static void
fail(struct work *w, enum bulk_word word)
{
	w->failed = true;
	w->nwords = 0;
	memset(w->say.words, 0, sizeof(w->say.words));
	note(w, word);
}

static void
refuse(struct work *w, enum register_answer answer)
{
	switch (answer) {
	case REGISTER_ABSENT:
		fail(w, BULK_ABSENT);
		break;
	case REGISTER_FORBIDDEN:
		fail(w, BULK_FORBIDDEN);
		break;
	case REGISTER_STATE:
		fail(w, BULK_STATE);
		break;
	case REGISTER_DONE:
	case REGISTER_MALFORMED:
	case REGISTER_SUCCESSOR:
	case REGISTER_CODE:
	case REGISTER_LOCKED:
	case REGISTER_TAKEN:
	default:
		fail(w, BULK_REFUSED);
	}
}

/* --- the letter --- */

struct lost {
	const struct run *run;
	const struct register_content *content;
	char id[CROCKFORD_ID_LEN + 1];
};

static bool
is_known(const struct tally *t, const char *id)
{
	size_t i;

	for (i = 1; i <= CAP_BATCH_ROWS; i++)
		if (strcmp(t->rows[i].id, id) == 0)
			return true;
	return false;
}

static bool
is_lost(const struct register_row *row, void *arg)
{
	struct lost *l = arg;

	if (row->created < l->run->tally->since)
		return false;
	if (strcmp(row->number, l->content->number) != 0 ||
	    strcmp(row->subject, l->content->subject) != 0 ||
	    strcmp(row->date, l->content->date) != 0 || strcmp(row->unit, l->content->unit) != 0 ||
	    is_known(l->run->tally, row->id))
		return true;
	(void)snprintf(l->id, sizeof(l->id), "%s", row->id);
	return false;
}

/*
 * A crash between the register's commit and the note of it leaves a draft that nobody knows: it is
 * the newest, of the first row that follows those that are noted.
 */
static enum rc
find_lost(struct run *r, struct work *w)
{
	const struct register_query q = {.state = LETTER_DRAFT, .agency = r->b->agency};
	struct lost l = {.run = r, .content = &w->row->content};
	enum register_answer answer;
	enum rc rc;

	if (!r->tally->resumed || r->looked || w->n <= r->tally->last)
		return RC_OK;
	rc = register_list(r->b->store, &r->b->who, &q, is_lost, &l, &answer);
	if (rc != RC_OK || answer != REGISTER_DONE || l.id[0] == '\0')
		return rc;
	r->looked = true;
	memcpy(w->id, l.id, sizeof(w->id));
	if (w->row->content.visibility == LETTER_CODE)
		note(w, BULK_CODE_LOST);
	return tally_add(r->tally, w->n, w->id, "");
}

static enum rc
draft(struct run *r, struct work *w)
{
	const struct tally_row *known = &r->tally->rows[w->n];
	enum register_answer answer;
	enum rc rc;

	note(w, BULK_DRAFTED);
	memcpy(w->id, known->id, sizeof(w->id));
	memcpy(w->code, known->code, sizeof(w->code));
	if (w->id[0] != '\0' || (rc = find_lost(r, w)) != RC_OK || w->id[0] != '\0')
		return w->id[0] != '\0' ? RC_OK : rc;
	rc = register_draft(r->b->store, &r->b->who, r->b->agency, &w->row->content, r->now, w->id,
	    w->code, &answer);
	if (rc != RC_OK)
		return rc;
	if (answer != REGISTER_DONE) {
		w->id[0] = '\0';
		refuse(w, answer);
		return RC_OK;
	}
	r->looked = true;
	return tally_add(r->tally, w->n, w->id, w->code);
}

static enum rc
find_letter(struct run *r, struct work *w)
{
	enum register_answer answer;
	enum rc rc = RC_OK;

	if (w->row->id[0] != '\0')
		memcpy(w->id, w->row->id, sizeof(w->id));
	else
		rc = draft(r, w);
	if (rc != RC_OK || w->failed)
		return rc;
	rc = register_read(r->b->store, &r->b->who, w->id, r->now, &w->letter, &answer);
	if (rc != RC_OK)
		return rc;
	if (answer != REGISTER_DONE)
		refuse(w, answer);
	else if (w->letter->state != LETTER_DRAFT && w->letter->state != LETTER_ISSUED)
		fail(w, BULK_STATE);
	return RC_OK;
}

/* --- the paper --- */

static enum bulk_word
paper_word(enum paper_code code)
{
	static const enum bulk_word words[PAPER_CODES] = {
	    [PAPER_BAD_TEXT] = BULK_PAPER_TEXT,
	    [PAPER_TOO_LONG] = BULK_PAPER_TEXT,
	    [PAPER_BAD_LOGO] = BULK_PAPER_LOGO,
	    [PAPER_BAD_ADDRESS] = BULK_PAPER_ADDRESS,
	    [PAPER_NOT_READABLE] = BULK_PAPER_READ,
	    [PAPER_DAMAGED] = BULK_PAPER_DAMAGED,
	    [PAPER_SIGNED] = BULK_PAPER_SIGNED,
	    [PAPER_ENCRYPTED] = BULK_PAPER_ENCRYPTED,
	    [PAPER_FORM] = BULK_PAPER_FORM,
	    [PAPER_NO_PAGE] = BULK_PAPER_PAGE,
	    [PAPER_NO_ROOM] = BULK_PAPER_ROOM,
	    [PAPER_DISTURBED] = BULK_PAPER_DISTURBED,
	};

	return code < PAPER_CODES && words[code] != BULK_NONE ? words[code] : BULK_PAPER_OTHER;
}

/* Another process wrote it. */
static void
keep_detail(struct work *w, const char *detail)
{
	size_t i;

	for (i = 0; i < sizeof(w->detail) - 1 && detail[i] >= ' ' && detail[i] <= '~'; i++)
		w->detail[i] = detail[i];
	w->detail[i] = '\0';
}

static void
say_notes(struct work *w, uint32_t notes)
{
	if ((notes & PAPER_NOTE_NO_LOGO) != 0)
		note(w, BULK_NOTE_LOGO);
	if ((notes & PAPER_NOTE_PDFA) != 0)
		note(w, BULK_NOTE_PDFA);
	if ((notes & PAPER_NOTE_SMALLER) != 0)
		note(w, BULK_NOTE_SMALLER);
}

/* The agency's letterhead; of a thousand letters most have the same. */
static enum rc
find_head(struct run *r, int64_t agency)
{
	if (r->head != NULL && r->head_agency == agency)
		return RC_OK;
	letterhead_free(r->head);
	r->head = NULL;
	r->head_agency = agency;
	return letterhead_read(r->b->store, agency, &r->head);
}

static enum rc
fill_job(struct run *r, struct work *w, struct paper_job *job)
{
	struct stationery_footer f = {
	    .id = w->letter->id,
	    .agency_name = w->letter->agency_name,
	    .logo = true,
	};
	enum rc rc = find_head(r, w->letter->agency);

	memset(job, 0, sizeof(*job));
	if (rc != RC_OK)
		return rc;
	if (!stationery_address(&w->address, r->b->public_url, w->letter->id)) {
		fail(w, BULK_PAPER_ADDRESS);
		return RC_OK;
	}
	f.address = buf_text(&w->address);
	f.head = r->head;
	if (r->b->wording != NULL && *r->b->wording != '\0')
		f.wording = r->b->wording;
	job->kind = r->b->kind == BATCH_STAMPED ? PAPER_STAMP : PAPER_FOOTER;
	job->format = r->b->format;
	job->dpi = r->b->dpi;
	job->from = r->b->from;
	job->to = r->b->to;
	if (stationery_footer(r->b->stationery, &f, job) != RC_OK)
		fail(w, BULK_PAPER_OTHER);
	job->part[PAPER_DOCUMENT] = (struct paper_octets){w->document.p, w->document.len};
	return RC_OK;
}

static enum rc
store_paper(struct run *r, struct work *w, const struct paper_answer *a)
{
	static const char *const endings[PAPER_FORMATS] = {"png", "svg", "pdf"};
	const char *ending = endings[r->b->kind == BATCH_STAMPED ? PAPER_PDF : r->b->format];
	enum rc rc;

	(void)snprintf(w->file, sizeof(w->file), "%04u-%s.%s", w->row->row, w->letter->id, ending);
	rc = zip_add(&r->zip, w->file, a->out.p, a->out.len);
	if (rc == RC_OK)
		return RC_OK;
	w->file[0] = '\0';
	if (rc != RC_TOOBIG)
		return rc;
	fail(w, BULK_ZIP_FULL);
	return RC_OK;
}

static enum rc
print(struct run *r, struct work *w)
{
	struct paper_answer a;
	struct paper_job job;
	enum rc rc = fill_job(r, w, &job);

	if (rc != RC_OK || w->failed)
		return rc;
	rc = r->b->press(r->b->ctx, &job, &w->reply, &a);
	if (rc == RC_ABSENT)
		return RC_BUSY;
	if (rc != RC_OK) {
		fail(w, BULK_LOST);
		return RC_OK;
	}
	keep_detail(w, a.detail);
	if (a.code != PAPER_OK) {
		fail(w, paper_word(a.code));
		return RC_OK;
	}
	say_notes(w, a.notes);
	return store_paper(r, w, &a);
}

/* --- rows --- */

/* Before anything is drafted. */
static enum rc
find_file(const struct run *r, struct work *w)
{
	enum rc rc;

	if (r->b->kind != BATCH_STAMPED)
		return RC_OK;
	rc = r->b->file(r->b->ctx, w->row->file, &w->document);
	if (rc == RC_OK)
		rc = buf_rc(&w->document);
	if (rc == RC_ABSENT)
		fail(w, BULK_NO_FILE);
	else if (rc == RC_TOOBIG)
		fail(w, BULK_FILE_BIG);
	return rc == RC_ABSENT || rc == RC_TOOBIG ? RC_OK : rc;
}

static void
tell(struct run *r, struct work *w)
{
	const struct register_content *c =
	    w->letter != NULL ? &w->letter->content : &w->row->content;

	/* It is there all the same. */
	if (w->failed && w->row->id[0] == '\0' && w->id[0] != '\0')
		note(w, BULK_DRAFTED);
	w->say.row = w->row->row;
	w->say.id = w->id[0] != '\0' ? w->id : w->row->id;
	w->say.number = c->number;
	w->say.date = c->date;
	w->say.column = w->row->column;
	w->say.code = w->code;
	w->say.file = w->file;
	w->say.done = !w->failed;
	w->say.detail = w->detail;
	summary_add(&r->summary, &w->say);
	if (w->failed)
		r->sum->failed++;
	else
		r->sum->done++;
	if (r->b->progress != NULL)
		r->b->progress(r->b->ctx, r->sum->total, r->sum->done, r->sum->failed);
}

static enum rc
do_row(struct run *r, unsigned n)
{
	struct work w = {.row = &r->roster->rows[n - 1], .n = n};
	enum rc rc = RC_OK;

	buf_init(&w.document, CAP_UPLOAD);
	buf_init(&w.address, CAP_PAPER_ADDRESS + 1);
	buf_init(&w.reply, CAP_PAPER_OUT + 4096);
	if (w.row->fault != BULK_NONE)
		fail(&w, w.row->fault);
	if (!w.failed)
		rc = find_file(r, &w);
	if (rc == RC_OK && !w.failed)
		rc = find_letter(r, &w);
	if (rc == RC_OK && !w.failed)
		rc = print(r, &w);
	if (rc == RC_OK)
		tell(r, &w);
	register_free(w.letter);
	explicit_bzero(w.code, sizeof(w.code));
	buf_clear(&w.document);
	buf_clear(&w.address);
	buf_clear(&w.reply);
	return rc;
}

/* laporan.csv comes last, since only then all is known. */
static enum rc
finish(struct run *r)
{
	enum rc rc = buf_rc(&r->summary.b);

	if (rc == RC_OK)
		rc = zip_add(&r->zip, REPORT, r->summary.b.p, r->summary.b.len);
	return rc == RC_OK ? zip_end(&r->zip) : rc;
}

static enum rc
do_rows(struct run *r)
{
	enum rc rc = RC_OK;
	unsigned n;

	summary_init(&r->summary, r->roster->delimiter);
	r->sum->total = (unsigned)r->roster->n;
	if (r->b->progress != NULL)
		r->b->progress(r->b->ctx, r->sum->total, 0, 0);
	for (n = 1; rc == RC_OK && n <= r->roster->n; n++)
		rc = do_row(r, n);
	return rc == RC_OK ? finish(r) : rc;
}

static enum rc
say_refusal(struct run *r, const struct roster_refusal *why)
{
	const struct summary_row row = {
	    .row = why->row, .column = why->column, .words = {why->word, BULK_NONE}};
	char at[32] = "";

	if (why->row > 0)
		(void)snprintf(at, sizeof(at), "row %u: ", why->row);
	(void)snprintf(r->sum->why, sizeof(r->sum->why), "%s%s%s%s", at, bulk_english(why->word),
	    why->column[0] != '\0' ? ": " : "", why->column);
	summary_init(&r->summary, ',');
	summary_add(&r->summary, &row);
	return finish(r);
}

enum rc
bulk_run(const struct bulk *b, const uint8_t *csv, size_t len, int out, int64_t now,
    struct bulk_sum *sum)
{
	struct run r = {.b = b, .now = now, .sum = sum};
	uint8_t sha256[SHA256_DIGEST_LENGTH];
	struct roster_refusal why;
	enum rc rc;

	memset(sum, 0, sizeof(*sum));
	zip_init(&r.zip, out, now);
	if ((r.tally = calloc(1, sizeof(*r.tally))) == NULL) {
		rc = RC_NOMEM;
		goto out;
	}
	rc = roster_read(&r.roster, csv, len, b->kind, &why);
	if (rc == RC_FORMAT)
		rc = (rc = say_refusal(&r, &why)) == RC_OK ? RC_FORMAT : rc;
	else if (rc == RC_OK) {
		(void)SHA256(csv, len, sha256);
		rc = tally_open(r.tally, b->state, sha256, now);
		if (rc == RC_OK)
			rc = do_rows(&r);
		else if (rc == RC_FORMAT)
			rc = RC_ABSENT;
	}
	explicit_bzero(r.tally, sizeof(*r.tally));
out:
	free(r.tally);
	letterhead_free(r.head);
	summary_clear(&r.summary);
	zip_clear(&r.zip);
	roster_free(r.roster);
	return rc;
}
