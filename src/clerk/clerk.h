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
	const char *paper;   /* periksa-paper's */
	const char *vault;   /* folder of signed letters */
	const char *batches; /* folder of batches: ID/in.csv, ID/1.pdf, …, ID/out.zip */
	const char *public_url;
	const struct stationery *stationery;
	int hour, minute; /* when the night's work begins, as the machine's clock says */
};
/* Returns only when it can't go on. */
enum rc clerk_run(const struct clerk *c);

#endif /* CLERK_H */
