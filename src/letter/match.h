/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MATCH_H
#define MATCH_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Whether two writings are one person's name.  Permendagri 1/2023, article 44: names stand without
 * degrees on regulations and decisions, with them on other letters; certificates have either.  So
 * degrees and titles ("Dr.", "H.", ", S.T., M.Si.", …) are left out on both sides, and case,
 * points, spaces and the forms of letters (NFKC, diacritics that one side lacks) don't count.
 * Nothing else is forgiven: another, a further or a missing word is another name, and so is a
 * name that consists of degrees only.
 */
enum match {
	MATCH_SAME,    /* to the letter but for case and spaces */
	MATCH_DEGREES, /* the same but for degrees and titles */
	MATCH_OTHER
};
/* UTF-8, a_len and b_len octets; what is no UTF-8 or longer than CAP_LETTER_TEXT is MATCH_OTHER. */
enum match match_names(const char *a, size_t a_len, const char *b, size_t b_len);

#endif /* MATCH_H */
