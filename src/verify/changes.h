/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CHANGES_H
#define CHANGES_H

/*
 * The kinds of later changes and of hidden content, by the names and sentences of
 * changes.def and notices.def.
 */
enum change {
#define CHANGE(id, text_id, text_en) CHANGE_##id,
#include "changes.def"
#undef CHANGE
	CHANGE__MAX
};

enum notice {
#define NOTICE(id, text_id, text_en) NOTICE_##id,
#include "notices.def"
#undef NOTICE
	NOTICE__MAX
};

/* "PAGE_CONTENT"; NULL out of range. */
const char *change_code(enum change c);
const char *notice_code(enum notice n);
/* The sentence in Indonesian (english false) or English; NULL out of range. */
const char *change_sentence(enum change c, int english);
const char *notice_sentence(enum notice n, int english);

#endif /* CHANGES_H */
