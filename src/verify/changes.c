/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tables of changes.def and notices.def as text. */
#include <stddef.h>

#include "changes.h"

struct words {
	const char *code, *sentence[2];
};

static const struct words changes[CHANGE__MAX] = {
#define CHANGE(id, text_id, text_en) {#id, {text_id, text_en}},
#include "changes.def"
#undef CHANGE
};

static const struct words notices[NOTICE__MAX] = {
#define NOTICE(id, text_id, text_en) {#id, {text_id, text_en}},
#include "notices.def"
#undef NOTICE
};

const char *
change_code(enum change c)
{
	return (unsigned)c < CHANGE__MAX ? changes[c].code : NULL;
}

const char *
notice_code(enum notice n)
{
	return (unsigned)n < NOTICE__MAX ? notices[n].code : NULL;
}

const char *
change_sentence(enum change c, int english)
{
	return (unsigned)c < CHANGE__MAX ? changes[c].sentence[english != 0] : NULL;
}

const char *
notice_sentence(enum notice n, int english)
{
	return (unsigned)n < NOTICE__MAX ? notices[n].sentence[english != 0] : NULL;
}
