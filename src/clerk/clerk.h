/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLERK_H
#define CLERK_H

#include "rc.h"

/*
 * The portal's back office, a process of its own beside the workers: does batches that staff have
 * ordered, and judges registered letters again every night.  It reads no PDF itself: inspectors
 * and periksa-paper do.  Paths are relative to the data folder, where it is.
 */
struct clerk {
	const char *store;   /* the database */
	const char *inspect; /* the supervisor's socket */
	const char *fetch;   /* the fetcher's, NULL: offline */
	const char *paper;   /* periksa-paper's, NULL: nobody prints */
	const char *vault;   /* folder of signed letters */
	const char *batches; /* folder of orders, see below */
	const char *public_url;
	const struct stationery *stationery; /* NULL: orders wait */
	int hour, minute; /* when the night's work begins, as the machine's clock says */
};

/*
 * An order's folder is BATCHES/ID, with these names in it:
 *
 *   in.csv       the rows, see bulk.h
 *   1.pdf, …     for BATCH_STAMPED, the letters
 *   names        of these, the name that each came with: UTF-8, a line each, 1.pdf's first
 *   out.zip      what became of it, there only when it is done
 *
 * Whoever orders writes all of that into a folder of another name beside (one that begins with
 * "new."), then batch_add(), then rename() to the id that it gave: until that folder is there, for
 * at most CAP_BATCH_WAIT seconds, the order waits.  What is in a "new." folder older than an hour
 * is deleted here, like the folders of orders that ended CAP_BATCH_DAYS ago.
 */
#define CLERK_CSV   "in.csv"
#define CLERK_NAMES "names"
#define CLERK_ZIP   "out.zip"
#define CLERK_NEW   "new." /* how the name of an order's folder begins that is being written */
/* Returns only when it can't go on. */
enum rc clerk_run(const struct clerk *c);

#endif /* CLERK_H */
