/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CHECKS_H
#define CHECKS_H

/* Every check and reason code once, from checks.def. */
enum check {
	CHECK__NONE = 0,
#define CHECK(id, ...) CHECK_##id,
#include "checks.def"
#undef CHECK
	CHECK__MAX
};

enum lang { LANG_ID, LANG_EN, LANG__MAX };

/* "BYTE_RANGE"; NULL for CHECK__NONE and values outside the enum. */
const char *check_name(enum check c);
/* The value with this name; CHECK__NONE if there is none. */
enum check check_parse(const char *name);
/* The question, and the sentence for yes (ok), no (fail, warning) and unknown. */
const char *check_question(enum check c, enum lang l);
const char *check_yes(enum check c, enum lang l);
const char *check_no(enum check c, enum lang l);
const char *check_unknown(enum check c, enum lang l);

#endif /* CHECKS_H */
