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
 * laporan.csv: what became of each row.  A row names a letter that is there (column "id"), or
 * drafts one (number, subject, date, unit, visibility, signer1 … signer5: "JABATAN|NAMA|PANGKAT");
 * for BATCH_STAMPED the column "file" names one of the PDFs that came with it.
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
	/* Have paper made.  RC_OK and *a, whose octets lie in *reply. */
	enum rc (*press)(
	    void *ctx, const struct paper_job *job, struct buf *reply, struct paper_answer *a);
	/* The octets of the file that a row names, appended to b.  RC_ABSENT: it did not come. */
	enum rc (*file)(void *ctx, const char *name, struct buf *b);
	/* After each row. */
	void (*progress)(void *ctx, unsigned total, unsigned done, unsigned failed);
	void *ctx;
};
struct bulk_sum {
	unsigned total, done, failed;
	char why[256]; /* the CSV as a whole was refused: one English line; "" */
};
/*
 * csv: at most CAP_BATCH_CSV octets, at most CAP_BATCH_ROWS rows, UTF-8, comma or semicolon.  out:
 * a descriptor that the zip is written to.  RC_OK, also if rows failed (they are told in
 * laporan.csv); RC_FORMAT: refused as a whole, see why; RC_IO, RC_NOMEM, RC_BUSY: our trouble.
 */
enum rc bulk_run(const struct bulk *b, const uint8_t *csv, size_t len, int out, int64_t now,
    struct bulk_sum *sum);

#endif /* BULK_H */
