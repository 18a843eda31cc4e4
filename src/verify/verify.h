/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef VERIFY_H
#define VERIFY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lookup.h"
#include "paint.h"
#include "report.h"
#include "rc.h"
#include "source.h"
#include "policy.h"
#include "trust.h"

/*
 * Judge one document (EN 319 102-1 v1.4, EN 319 142-1).  No clock, no globals,
 * no files: the same bytes, policy, trust and time give the same report.  The
 * trust store's certificate cache is the only thing that it changes.
 */
struct verify_params {
	const struct trust *trust;
	const struct policy *policy;
	int64_t at; /* validation time */
	bool offline;
	const char *name;        /* the document's name for the report, or NULL */
	const uint8_t *password; /* for encrypted documents, or NULL */
	size_t password_len;
	/*
	 * Who can draw the document; NULL: nobody.  Without an answer, what may cover a page's
	 * text counts as if it did.  pictures: compare how the pages look, too.
	 */
	const struct painter *painter;
	bool pictures;
	/*
	 * Who may know what the document does not carry; NULL: nobody.  Not asked when offline.
	 * What is still missing, and might be had, is in the report's wanted.
	 */
	const struct lookup *lookup;
};

/*
 * RC_OK with *out filled (free it with report_free()).  On any other value
 * *out is NULL: without memory.  Trouble with the document's bytes is no error:
 * the report then says INDETERMINATE with the reason.
 */
enum rc verify(struct report **out, const struct source *src, const struct verify_params *params);

#endif /* VERIFY_H */
