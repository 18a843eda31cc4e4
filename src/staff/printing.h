/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PRINTING_H
#define PRINTING_H

#include "bureau.h"
#include "stationery.h"

/* Footers and specimens, asked of periksa-paper: what printing and stamping share. */

#define PRINT_PREVIEW_DPI 150

struct print_form {
	const char *name; /* "png300", "png600", "svg", "pdf", "preview" */
	const char *ext, *type;
	enum paper_format format;
	uint32_t dpi;
};
const struct print_form *print_form(const char *name); /* NULL: there is none */

/* What a page says about a footer, from its form or query. */
struct print_choice {
	const char *wording; /* "" as the agency's head says */
	const char *text;    /* its own, "" */
	const char *model;   /* "" the default */
	bool logo;
	bool bare; /* a specimen's name without degrees */
};
/* What the form or query has; before one was sent, the logo is wanted. */
void print_choose(const struct visit *v, struct print_choice *c);
void print_choice_fields(const struct visit *v, struct fields *f, const struct print_choice *c);
/* The wordings that can be chosen, and the agency's own, as lists. */
enum rc print_wordings(
    const struct visit *v, struct fields *f, int64_t agency, const struct print_choice *c);

/* Which pages its form says ("pages", "from", "to"), as struct paper_job has them.  False: none. */
bool print_pages(const struct visit *v, uint32_t *from, uint32_t *to);
/* The same again, for {{> staff/pages}}. */
void print_page_fields(const struct visit *v, struct fields *f);

/*
 * Start a job that has a footer in it: an address and an id (or NULL), of an agency.  job has the
 * kind, format, dpi, pages and document.  RC_OK; RC_ABSENT: no such wording or template; else our
 * trouble.
 */
enum rc print_start(struct visit *v, struct paper_job *job, const char *address, const char *id,
    int64_t agency, const char *agency_name, const struct print_choice *c);
/* The same for a specimen of one signer, with an agency's logo; the page's "model" is asked. */
enum rc print_signer(struct visit *v, const struct print_form *form, int64_t agency,
    const struct register_signer *signer);
/* What was not begun: 404 for RC_ABSENT. */
int print_refused(struct visit *v, enum rc rc);
/*
 * Where a footer is to lead, as somebody typed it: an id or an address.  False: neither; id is ""
 * for an address.
 */
bool print_target(const char *typed, struct buf *address, char id[CROCKFORD_ID_LEN + 1]);

#endif /* PRINTING_H */
