/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef HTML_H
#define HTML_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "buf.h"
#include "checks.h"
#include "rc.h"
#include "report.h"
#include "sky.h"
#include "template.h"

/*
 * Every page of the portal in every language.  Knows reports and templates,
 * nothing of Kore; no text a visitor reads is in C.
 */
struct html;

/* A sample letter for download, and a line about it. */
struct html_sample {
	const char *file;
	const char *text[LANG__MAX];
};

/* What every page says about this installation; kept by reference. */
struct html_site {
	bool demonstration;                /* the anchors are those of `periksa demo` */
	const char *version;               /* of the assets, for their addresses */
	uint64_t upload_max;               /* bytes */
	const struct html_sample *samples; /* the last has no file; NULL: none */
};

/* What a page needs to know of the request. */
struct html_request {
	enum lang lang;
	const char *path; /* without a query: the language switch points there; a path of ours */
};

/*
 * Load DIR/NAME.html and DIR/locale/{,letter.,staff.}{id,en}.po.  Both languages must have the
 * same keys, and every word that is looked up at run time (keys.def) must be there.
 * RC_OK, or *out NULL and the reason in why.
 */
enum rc html_load(
    struct html **out, const char *dir, const struct html_site *site, char *why, size_t why_len);
void html_free(struct html *h); /* takes NULL */

/*
 * Any page by the fields of its template.  html_fields(): those of the frame that all pages share,
 * for the caller to add to; NULL without memory, which html_fill() takes.  html_fill() appends the
 * page and frees f in any case.  RC_OK, or another and *b is of no use.
 */
enum html_page {
#define PAGE(name, file) HTML_##name,
#include "pages.def"
#undef PAGE
	HTML__MAX
};
struct fields *html_fields(const struct html *h, const struct html_request *r);
enum rc html_fill(const struct html *h, struct buf *b, const struct html_request *r,
    enum html_page page, struct fields *f);

/* Times, days ("2026-11-01") and sizes as people write them, for a field. */
void html_time(
    const struct html *h, enum lang lang, struct fields *f, const char *key, int64_t when);
void html_day(
    const struct html *h, enum lang lang, struct fields *f, const char *key, const char *day);
void html_size(
    const struct html *h, enum lang lang, struct fields *f, const char *key, uint64_t bytes);
/* A report in short, as the object key: result_summary(). */
void html_summary(const struct html *h, enum lang lang, struct fields *f, const char *key,
    const struct report *r);
/*
 * A report that can't be read any more, as the object key, for {{> unread}}: the conclusion that is
 * known of it; caveat: it is not to look good.
 */
void html_unread(const struct html *h, enum lang lang, struct fields *f, const char *key,
    enum conclusion c, bool caveat);

/* Append a whole page.  RC_OK, or another and *b is of no use. */
enum rc html_home(struct html *h, struct buf *b, const struct html_request *r);
/* A report under its address /v/ID; expires: when it is deleted. */
enum rc html_result(struct html *h, struct buf *b, const struct html_request *r,
    const struct report *report, const char *id);
/* The same with the pictures of these pages, which are at /v/ID/PAGE-{signed,now}.png. */
enum rc html_result_pictures(struct html *h, struct buf *b, const struct html_request *r,
    const struct report *report, const char *id, const unsigned *pages, size_t n);
/* How the hosts that give evidence are doing. */
enum rc html_status(
    struct html *h, struct buf *b, const struct html_request *r, const struct sky *sky);
/* The page for an HTTP error; its texts are error.STATUS.title and error.STATUS.text. */
enum rc html_error(struct html *h, struct buf *b, const struct html_request *r, int status);

/* The text with this key for other answers (problem+json); never NULL. */
const char *html_text(const struct html *h, enum lang lang, const char *key);
/* "id", "en" */
const char *lang_code(enum lang lang);
/* The sentence of a check that was answered like this; never NULL. */
const char *html_sentence(enum check id, enum check_result result, enum lang lang);

#endif /* HTML_H */
