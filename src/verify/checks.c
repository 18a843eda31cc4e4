/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The list of checks as tables: checks.def is included once for names and texts. */
#include <stddef.h>
#include <string.h>

#include "checks.h"

struct text {
	const char *name;
	const char *question[LANG__MAX], *yes[LANG__MAX], *no[LANG__MAX], *unknown[LANG__MAX];
};

static const struct text texts[CHECK__MAX] = {
#define CHECK(id, qi, qe, yi, ye, ni, ne, ui, ue) \
	[CHECK_##id] = {#id, {qi, qe}, {yi, ye}, {ni, ne}, {ui, ue}},
#include "checks.def"
#undef CHECK
};

static const struct text *
text_of(enum check c)
{
	static const struct text none;

	return (unsigned)c < CHECK__MAX ? &texts[c] : &none;
}

static const char *
in(const char *const text[LANG__MAX], enum lang l)
{
	return (unsigned)l < LANG__MAX ? text[l] : NULL;
}

const char *
check_name(enum check c)
{
	return text_of(c)->name;
}

enum check
check_parse(const char *name)
{
	unsigned i;

	for (i = 1; i < CHECK__MAX; i++)
		if (strcmp(texts[i].name, name) == 0)
			return (enum check)i;
	return CHECK__NONE;
}

const char *
check_question(enum check c, enum lang l)
{
	return in(text_of(c)->question, l);
}

const char *
check_yes(enum check c, enum lang l)
{
	return in(text_of(c)->yes, l);
}

const char *
check_no(enum check c, enum lang l)
{
	return in(text_of(c)->no, l);
}

const char *
check_unknown(enum check c, enum lang l)
{
	return in(text_of(c)->unknown, l);
}
