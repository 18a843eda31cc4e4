/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SIGFIELD_H
#define SIGFIELD_H

#include "doc.h"

/* A signature while the survey is at work: what is reported, and where it was found. */
struct sig {
	struct pdf_sig pub;
	size_t cap_findings, cap_changes;
	const struct obj *dict;  /* the signature dictionary, obj_null if /V is none */
	uint64_t off, end;       /* of the dictionary's tokens in the file */
	bool packed;             /* it lies in an object stream: off, end mean nothing */
	const struct obj *field; /* NULL for an orphan */
	uint32_t field_num;      /* object of the field, 0 if direct */
	uint32_t def;            /* 1 + index of the definition of /V, 0 if direct */
	size_t seen;             /* section of the first view that shows it */
	size_t section;          /* newest section of the signed revision, SIZE_MAX if none */
	size_t order;            /* in which it was found */
};

struct sigs {
	struct sig **v;
	size_t n, cap;
};

/*
 * Signature fields with a value in the views of all revisions (rules D1 to
 * D7), appended to sigs.  RC_OK; what does not read is a finding in d.
 * RC_NOMEM.
 */
enum rc sigfield_list(struct doc *d, struct sigs *sigs);
/* A signature dictionary that no field reaches (D8), as the section defines it. */
enum rc sigfield_orphan(struct doc *d, struct sigs *sigs, struct def *def);
/* Coverage (rules B1 to B10) of one signature and where its revision ends. */
void sigfield_cover(struct doc *d, struct sig *sig);
/* Page, rectangle, locks, certification, texts: what its own revision says. */
enum rc sigfield_describe(struct doc *d, struct sig *sig);
void sig_fail(struct doc *d, struct sig *sig, enum pdf_rule rule, uint64_t off, bool fatal);

#endif /* SIGFIELD_H */
