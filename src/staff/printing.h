/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PRINTING_H
#define PRINTING_H

#include "desk.h"
#include "stationery.h"

/* Footers and specimens, asked of periksa-paper: what printing and stamping share. */

/* What a page says about a footer, from its form or query. */
struct print_choice {
	const char *wording; /* "" as the agency's head says */
	const char *text;    /* its own, "" */
	const char *model;   /* "" the default */
	bool logo;
};
/* logo_asked: a form that was sent says so by a field; one that was not has it. */
void print_choose(const struct visit *v, struct print_choice *c);
void print_choice_fields(const struct visit *v, struct fields *f, const struct print_choice *c);
/* The wordings that can be chosen, and the agency's own, as lists. */
enum rc print_wordings(
    struct visit *v, struct fields *f, int64_t agency, const struct print_choice *c);

/*
 * Start a job that has a footer in it: an address and an id (or NULL), of an agency.  job has the
 * kind, format, dpi, pages and document.  RC_OK; RC_ABSENT: no such wording or template; else our
 * trouble.
 */
enum rc print_start(struct visit *v, struct paper_job *job, const char *address, const char *id,
    int64_t agency, const char *agency_name, const struct print_choice *c);
/*
 * Where a footer is to lead, as somebody typed it: an id or an address.  False: neither; id is ""
 * for an address.
 */
bool print_target(const char *typed, struct buf *address, char id[CROCKFORD_ID_LEN + 1]);

#endif /* PRINTING_H */
