/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TICKET_H
#define TICKET_H

#include "buf.h"
#include "paperwork.h"
#include "stationery.h"

/*
 * A job for periksa-paper and what comes back: what the verbs specimen, footer, stamp and scan
 * share.  Functions that return bool have said on standard error what is wrong if it is false.
 */
struct ticket {
	const char *verb;
	struct paper_job job;
	struct stationery *paper;       /* templates/paper; NULL until it is needed */
	struct register_letter *letter; /* of --id; NULL: it is not in the register */
	struct letterhead *head;        /* its agency's */
	struct buf address, logo, document;
	struct buf reply;
	struct paper_answer answer;
	/* options as given, NULL: not */
	bool bare; /* a specimen's name without degrees */
	const char *model, *wording, *url, *id, *public_url, *agency, *logo_file, *out;
};

void ticket_init(struct ticket *t, const char *verb, enum paper_kind kind);
void ticket_clear(struct ticket *t);

/* Of the letters u i p w a l m o: the options above in their order of a footer.  False: another. */
bool ticket_option(struct ticket *t, int option, const char *value);
/* "png", "svg", "pdf"; and dots an inch, 72 to 1200. */
bool ticket_format(struct ticket *t, const char *name);
bool ticket_dpi(struct ticket *t, const char *text);
/* "all", "first", "last", "N" or "A-B", as struct paper_job has pages.  False: another; says none.
 */
bool ticket_pages(const char *which, uint32_t *from, uint32_t *to);
/* The document of a job. */
bool ticket_document(struct ticket *t, const char *path);
/* Template, texts and logo of a footer or of a specimen, from the options above. */
bool ticket_footer(struct ticket *t);
/* signer: what is NULL there is taken from the n-th (from 1) signer of the letter. */
bool ticket_specimen(struct ticket *t, const struct register_signer *signer, size_t n);
/*
 * In ticket_letter.c, for ticket_footer() and ticket_specimen().  The letter of --id and its
 * letterhead, if it is registered; false also if it should be and is not.
 */
bool ticket_letter(struct ticket *t);
bool ticket_address(struct ticket *t);             /* what the QR holds, into address */
const char *ticket_agency(const struct ticket *t); /* the line above the wording, or NULL */
/* The store in PERIKSA_DATA; true and NULL if there is none. */
bool ticket_store(struct store **s);
/* Appends the value of a key below a heading in a file of the program's folder. */
bool ticket_setting(const struct ticket *t, const char *file, const char *heading, const char *key,
    struct buf *out);

/* Have it done; notes are said on standard error. */
bool ticket_run(struct ticket *t);
/* The octets that came back, to `out`: whole or not at all; "-" is standard output. */
bool ticket_save(struct ticket *t);

#endif /* TICKET_H */
