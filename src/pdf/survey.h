/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SURVEY_H
#define SURVEY_H

#include "crypt.h"
#include "sigfield.h"

/* The survey while it is at work.  Internal to pdf.c and lost.c. */
struct survey {
	struct pdf_survey *out;
	struct arena *arena;
	const struct source *src;
	const uint8_t *sieve; /* NULL: mapped */
	struct doc doc;       /* the whole file, but for trailing bytes */
	bool read;            /* it reads */
	uint64_t n;           /* its length */
	struct sigs sigs;
	struct keyring keys;
	size_t cap_findings;
};

/* A finding of the document. */
void survey_finding(struct survey *s, enum pdf_rule rule, bool fatal, uint64_t off);
bool survey_structural(const struct pdf_finding *f);
bool survey_has_rule(const struct sig *sig, enum pdf_rule rule);
/* Version, pages, evidence of the newest revision of d.  RC_OK, RC_NOMEM. */
enum rc survey_copy(struct survey *s, struct doc *d);
/* Coverage and description of what one reading showed; its defects are theirs too. */
enum rc survey_finish(struct survey *s, struct doc *d, struct sigs *sigs);
/* What can be said of the bytes behind a signature before revisions are compared. */
enum rc survey_modification(struct survey *s, struct sig *sig);

#endif /* SURVEY_H */
