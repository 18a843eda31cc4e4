/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef COMPARE_H
#define COMPARE_H

#include "register.h"
#include "report.h"

/*
 * What a citizen's file is, beside the registered one: about files, never about paper.
 */
enum compare {
	COMPARE_IDENTICAL,   /* the same octets */
	COMPARE_SAME_LETTER, /* other octets that hold a signature of the registered file, valid:
			     the same signed letter, saved with additions that its rules allow */
	COMPARE_OTHER_VALID, /* another document, validly signed itself */
	COMPARE_CHANGED,     /* made from the registered letter, and changed after it was signed */
	COMPARE_OTHER,       /* another document, not confirmed */
	COMPARE_UNREADABLE,  /* no PDF that can be read */
	COMPARE_NOTHING,     /* there is no registered file to compare with */
	COMPARE__MAX
};
const char *compare_word(enum compare c); /* "identical", …: the key of its texts */
/*
 * copy: its report.  registered: the report of the last check, NULL: there is none.  Two reports
 * have a signature in common if its signed octets' digest and its signature value are the same.
 */
enum compare compare_copy(const struct register_letter *letter, const struct report *registered,
    const struct report *copy);

#endif /* COMPARE_H */
