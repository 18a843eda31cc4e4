/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef VERDICT_H
#define VERDICT_H

#include "db.h"
#include "report.h"

/*
 * What of a report goes into a row, in five columns from first on: conclusion, reasons (codes
 * joined by a space), policy, its version, and the SHA-256 of the anchors (NULL if not known).  For
 * src/store only.
 */
enum rc verdict_bind(sqlite3_stmt *st, int first, const struct report *r);

/* A hash of zeros is none. */
bool verdict_hashed(const uint8_t hash[DB_HASH]);

#endif /* VERDICT_H */
