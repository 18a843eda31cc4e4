/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LETTERHEAD_H
#define LETTERHEAD_H

#include <stdint.h>

#include "account.h"
#include "buf.h"

/*
 * What an agency prints below its letters: the wording of the footnote and its logo.  Versions are
 * added, never changed, so that it can be told what was printed when.  Nothing is set at first.
 */
struct letterhead {
	struct arena *arena; /* of everything here */
	const char *wording; /* "F1": a name of templates/paper/wordings.conf; "": its own text */
	const char *text;    /* its own text; "" */
	const uint8_t *logo; /* PNG, JPEG or SVG, NULL: none */
	size_t logo_len;     /* at most CAP_PAPER_LOGO */
	unsigned version;    /* 0: nothing was ever set, wording is "F1" */
	const char *code;    /* the agency's; "": there is no such agency.  Not written */
};
/* RC_OK and *out, the caller's (letterhead_free()). */
enum rc letterhead_read(struct store *s, int64_t agency, struct letterhead **out);
void letterhead_free(struct letterhead *l); /* takes NULL */
/*
 * Another version.  By an admin or the operator; ACCOUNT_MALFORMED: neither wording nor text, or a
 * text that prose_ok() refuses, or a logo that is too large; ACCOUNT_ABSENT: no such agency.  logo
 * NULL with logo_len 0: without; keep_logo: as before.
 */
enum rc letterhead_write(struct store *s, const struct actor *who, int64_t agency,
    const struct letterhead *l, bool keep_logo, int64_t now, enum account_answer *answer);

#endif /* LETTERHEAD_H */
