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
	COMPARE_SAME_LETTER, /* other octets with every signature of the registered file, valid:
			     the same signed letter, saved with additions that its rules allow */
	COMPARE_OTHER_VALID, /* validly signed itself, but not this signed letter: another one, or
			     a state of it that lacks a signature */
	COMPARE_CHANGED,     /* holds a signature of the registered letter, and was changed after it
			     was signed: made from it */
	COMPARE_OTHER,       /* nothing says that it is that letter: another document, a copy that
			     lost its signatures, or one that could not be confirmed */
	COMPARE_UNKNOWN,     /* other octets, validly signed: whether by the same signatures can't
			     be said, since no report on the registered file can be read */
	COMPARE_UNREADABLE,  /* no PDF that can be read */
	COMPARE_NOTHING,     /* there is no registered file to compare with */
	COMPARE__MAX
};
const char *compare_word(enum compare c); /* "identical", …: the key of its texts */
/*
 * copy: its report.  registered: the report of the last check, NULL: there is none to be read.  Two
 * reports have a signature in common if its message is the same (report_sig.message_sha256), in
 * which the digest of the signed octets and the signature value are.
 */
enum compare compare_copy(const struct register_letter *letter, const struct report *registered,
    const struct report *copy);

#endif /* COMPARE_H */
