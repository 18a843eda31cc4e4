/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MATCH_H
#define MATCH_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Whether two writings are one person's name.  Permendagri 1/2023, article 44: names stand without
 * degrees on regulations and decisions, with them on other letters; certificates have either.  So
 * degrees and titles ("Dr.", "H.", ", S.T., M.Si.", …) are left out on both sides, and case,
 * points, how many spaces there are and the forms of letters (NFKC, diacritics that one side lacks,
 * kinds of apostrophes and hyphens, initials as "R.A." or "RA") don't count.  Nothing else is
 * forgiven: another, a further or a missing word is another name, and so is a name that consists of
 * degrees only, or that holds characters which nobody sees.
 *
 * A title is what match.def says and stands before the name, with its point where it might be part
 * of a name ("Ir. Sari", not "Ir Sari"; of "Sari H." the H. stays).  Degrees stand behind the first
 * comma, each of them known to match.def or of the shape S.x, M.x, Sp.x, A.Md.x, S.Tr.x, M.Tr.x
 * with a few letters; if anything else stands there, all of it is name.  Without a comma only those
 * that can't be initials are degrees: known, and with points and more than a letter between them
 * ("S.Kom", not "S.T.").
 */
enum match {
	MATCH_SAME,    /* the same words, with their degrees and titles */
	MATCH_DEGREES, /* the same but for degrees and titles */
	MATCH_OTHER
};
/*
 * UTF-8, a_len and b_len octets; what is no UTF-8 or has more than CAP_LETTER_TEXT characters is
 * MATCH_OTHER.
 */
enum match match_names(const char *a, size_t a_len, const char *b, size_t b_len);
/*
 * The name alone, as it is written there: the shortest row of words that is the same person's.
 * Octets of s from *from on; all of s if there is nothing to leave out.
 */
size_t match_bare(const char *s, size_t len, size_t *from);

#endif /* MATCH_H */
