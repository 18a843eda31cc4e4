/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TICKET_H
#define TICKET_H

#include "buf.h"
#include "paperwork.h"

/*
 * A job for periksa-paper and what comes back: what the verbs specimen, footer, stamp and scan
 * share.  Functions that return bool have said on standard error what is wrong if it is false.
 */
struct ticket {
	const char *verb;
	struct paper_job job;
	struct buf part[PAPER_PARTS]; /* what the job points to */
	struct buf reply;
	struct paper_answer answer;
	/* options as given, NULL: not */
	const char *model, *wording, *url, *id, *public_url, *agency, *logo, *out;
};

void ticket_init(struct ticket *t, const char *verb, enum paper_kind kind);
void ticket_clear(struct ticket *t);

bool ticket_text(struct ticket *t, enum paper_part part, const char *text);
bool ticket_file(struct ticket *t, enum paper_part part, const char *path, size_t max);
/* templates/paper/NAME.svg; and the logo: the given one, else templates/paper/logo.svg or .png. */
bool ticket_template(struct ticket *t, const char *otherwise);
/* Of the letters u i p w a l m o: the options above in their order of a footer.  False: another. */
bool ticket_option(struct ticket *t, int option, const char *value);
/* Wording, agency, address and ID of a footer, from the options above. */
bool ticket_footer(struct ticket *t);
/* Appends the value of a key below a heading in a file of the program's folder. */
bool ticket_setting(const struct ticket *t, const char *file, const char *heading, const char *key,
    struct buf *out);
/* "png", "svg", "pdf"; and dots an inch, 72 to 1200. */
bool ticket_format(struct ticket *t, const char *name);
bool ticket_dpi(struct ticket *t, const char *text);

/* Have it done; notes are said on standard error. */
bool ticket_run(struct ticket *t);
/* The octets that came back, to `out`: whole or not at all; "-" is standard output. */
bool ticket_save(struct ticket *t);

#endif /* TICKET_H */
