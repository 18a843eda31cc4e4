/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BUREAU_H
#define BUREAU_H

#include "paperwork.h"
#include "register.h"
#include "staff.h"

/* What the pages about letters share. */

/* A handler for what stands below a letter's address; *l is freed by who called it. */
typedef int bureau_fn(struct visit *v, struct register_letter *l);

/*
 * "ID" or "ID/part" of v->rest: the part ("" if there is none).  id is cut to what fits; the
 * register says whether it is one.
 */
const char *bureau_part(const struct visit *v, char id[CROCKFORD_ID_LEN + 1]);
/*
 * The letter, if who is here may see it.  RC_OK, or *l is NULL and *ret what was answered.  Safe
 * in a handler that is run again: it is read anew each time, and looking twice is not two acts.
 */
enum rc bureau_letter(struct visit *v, struct register_letter **l, int *ret);
/* Somebody at a deed of another role, below a page that is open to both: logged, and refused. */
int bureau_forbid(struct visit *v, const char *id);

/* The address on paper, PUBLIC_URL/d/ID; "" if this portal has none. */
void bureau_address(struct buf *b, const char *id);
/* An id in groups of four, as it is read aloud. */
void bureau_groups(struct buf *b, const char *id);
void bureau_number(struct fields *f, const char *key, int64_t n);
/* name=value&, encoded; nothing for an empty value. */
void bureau_query(struct buf *b, const char *name, const char *value);
/* The text PREFIX + NAME under key. */
void bureau_word(
    const struct visit *v, struct fields *f, const char *key, const char *prefix, const char *name);
/* number, subject, id, groups, address, state and everything else that a page says of it. */
void bureau_letter_fields(const struct visit *v, struct fields *f, const struct register_letter *l);
/* A problem for the list on top of a form: text KEY, at the field with this id. */
void bureau_problem(const struct visit *v, struct fields *f, const char *field, const char *key);

/* "2026-11-21", where the portal stands. */
void bureau_today(char out[11]);
/* "surat-ID-KIND.EXT": a name that a disk takes. */
void bureau_filename(char *out, size_t size, const char *id, const char *kind, const char *ext);

/* The page that says why paper was not made: a sentence for each paper_code, and the detail. */
int bureau_paper_refused(struct visit *v, const struct paper_answer *a, const char *back);
/* The notes of a job that was done, as flags. */
void bureau_notes(struct fields *f, uint32_t notes);

/* Below /staff/letters/ID/: */
int letter_show(struct visit *v, struct register_letter *l);
int draft_edit(struct visit *v, struct register_letter *l);
int draft_save(struct visit *v, struct register_letter *l);
int print_page(struct visit *v, struct register_letter *l);
int print_footer(struct visit *v, struct register_letter *l);
int print_specimen(struct visit *v, struct register_letter *l);
int stamp_page(struct visit *v, struct register_letter *l);
int stamp_letter(struct visit *v, struct register_letter *l);
int intake_page(struct visit *v, struct register_letter *l);
int intake_letter(struct visit *v, struct register_letter *l);
int letter_issue(struct visit *v, struct register_letter *l);
int letter_supersede(struct visit *v, struct register_letter *l);
int letter_withdraw(struct visit *v, struct register_letter *l);
/* and their pages that are no letter's: */
int home_desk(struct visit *v);
int letters_list(struct visit *v);
int letter_get(struct visit *v);
int letter_post(struct visit *v);
int draft_new(struct visit *v);
int draft_add(struct visit *v);
int stamp_form(struct visit *v);
int stamp_file(struct visit *v);
int stamp_result(struct visit *v);

#endif /* BUREAU_H */
