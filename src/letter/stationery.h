/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef STATIONERY_H
#define STATIONERY_H

#include <stdbool.h>
#include <stddef.h>

#include "buf.h"
#include "letterhead.h"
#include "paperwork.h"
#include "register.h"

/*
 * templates/paper in memory, and what of a letter goes into a job for periksa-paper.  Read once,
 * before workers lose the file system.
 */
struct stationery;

/* RC_OK; RC_IO, RC_FORMAT, RC_TOOBIG, RC_NOMEM with the reason in why and *out NULL. */
enum rc stationery_load(struct stationery **out, const char *dir, char *why, size_t why_len);
void stationery_free(struct stationery *s); /* takes NULL */
/* Names of the templates that begin with prefix ("footer", "specimen"), in order; NULL: no more. */
const char *stationery_template(const struct stationery *s, const char *prefix, size_t n);
/* A wording by its place, in the file's order, or by its name; NULL: there is none. */
struct stationery_wording {
	const char *name, *text, *source, *note; /* note: "" if there is none */
	const char *sumber, *catatan;            /* source and note in Indonesian; "": not told */
};
const struct stationery_wording *stationery_wording(const struct stationery *s, size_t n);
const struct stationery_wording *stationery_find(const struct stationery *s, const char *name);
/* Source and note for who reads English, or Indonesian; in the other language if one lacks. */
const char *stationery_source(const struct stationery_wording *w, bool english);
const char *stationery_note(const struct stationery_wording *w, bool english);

/*
 * PUBLIC_URL/d/ID, exactly as printed, into b.  False: it is longer than CAP_PAPER_ADDRESS, or
 * public_url is no http(s) URL.
 */
bool stationery_address(struct buf *b, const char *public_url, const char *id);

/* What a footer says.  What is NULL is left out; agency NULL: no head, wording F1. */
struct stationery_footer {
	const char *model; /* template's name, NULL: "footer" */
	const char *address, *id;
	const char *agency_name; /* not printed if it is the head's code: nobody named it */
	const struct letterhead *head;
	const char *wording; /* a wording's name, or NULL: as the head says */
	const char *text;    /* a text of its own, before all */
	bool logo;           /* in the middle of the QR, if it can still be read */
};
/*
 * Sets template, texts, address, ID and logo of *job, which point to what was given and to s; kind,
 * format, dpi and pages are the caller's.  RC_OK; RC_ABSENT: no such template or wording.
 */
enum rc stationery_footer(
    const struct stationery *s, const struct stationery_footer *f, struct paper_job *job);
/*
 * The same for a specimen: title in capitals as it is printed is the paper's work.  bare: the name
 * without degrees and titles, as the province's form has it.
 */
enum rc stationery_specimen(const struct stationery *s, const char *model,
    const struct register_signer *signer, bool bare, const struct letterhead *head,
    struct paper_job *job);

#endif /* STATIONERY_H */
