/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BULK_H
#define BULK_H

#include <stdint.h>

#include "batch.h"
#include "paperwork.h"
#include "register.h"
#include "stationery.h"

/*
 * Many letters at once: a CSV file in, a zip of footers or stamped letters out, with
 * laporan.csv: what became of each row (summary.h).  A row names a letter that is there, or drafts
 * one; for BATCH_STAMPED it names one of the PDFs that came with it.  The columns: roster.h.  A
 * draft stays a draft.  What is made is ROW-ID.png (.svg, .pdf) in the zip.
 */
struct bulk {
	struct store *store;
	struct actor who;
	int64_t agency; /* of the letters that are drafted */
	const struct stationery *stationery;
	const char *public_url;
	enum batch_kind kind;
	enum paper_format format;
	uint32_t dpi, from, to;
	const char *wording; /* a wording's name; NULL or "": each letter's agency says */
	/*
	 * What rows have become, for another run after a crash: a file, read and added to (see
	 * tally.h), -1: none.  A row that it knows is not drafted again.
	 */
	int state;
	/*
	 * Have paper made.  RC_OK and *a, whose octets lie in *reply; RC_ABSENT: nobody can, all
	 * stops with RC_BUSY; any other: this row failed.
	 */
	enum rc (*press)(
	    void *ctx, const struct paper_job *job, struct buf *reply, struct paper_answer *a);
	/*
	 * The octets of the file that a row names, appended to b.  RC_ABSENT: it did not come;
	 * RC_TOOBIG: above CAP_UPLOAD; any other stops all.
	 */
	enum rc (*file)(void *ctx, const char *name, struct buf *b);
	/* After each row. */
	void (*progress)(void *ctx, unsigned total, unsigned done, unsigned failed);
	void *ctx;
};
struct bulk_sum {
	unsigned total;  /* rows */
	unsigned done;   /* what they ask for is in the zip */
	unsigned failed; /* it is not; done and failed together are those that were looked at */
	char why[256];   /* the CSV as a whole was refused: one English line; "" */
};
/*
 * csv: at most CAP_BATCH_CSV octets, at most CAP_BATCH_ROWS rows, UTF-8, comma or semicolon.  out:
 * a descriptor that the zip is written to.  RC_OK, also if rows failed (they are told in
 * laporan.csv); RC_FORMAT: refused as a whole, see why; the zip then holds nothing but a
 * laporan.csv that says so.  RC_ABSENT: state is of another CSV; RC_IO,
 * RC_NOMEM, RC_BUSY: our trouble, and what is in out is of no use.
 */
enum rc bulk_run(const struct bulk *b, const uint8_t *csv, size_t len, int out, int64_t now,
    struct bulk_sum *sum);

#endif /* BULK_H */
