/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LETTER_PART_H
#define LETTER_PART_H

#include "ask.h"
#include "buf.h"
#include "compare.h"
#include "register.h"
#include "report.h"
#include "store.h"
#include "template.h"

/* What the files about one registered letter share: src/web/letter*.c and scan.c only. */

enum letter_want { LETTER_PAGE, LETTER_JSON, LETTER_FILE, LETTER_COPY };

#define LETTER_CODE_MAX 32 /* octets of a code as it was typed */

/* One request about a letter, from its address to its answer. */
struct reading {
	enum letter_want want;
	bool download; /* LETTER_FILE: to be saved, not shown */
	char id[CROCKFORD_ID_LEN + 1];
	char code[LETTER_CODE_MAX + 1]; /* as it was typed; "" */
	bool asked;                     /* the register was: */
	struct register_letter *letter; /* NULL: there is none */
	enum register_answer answer;
	struct report *report; /* of the last check; NULL: none, not for who asks, or: */
	bool stale;            /* another version wrote it; the letter's verdict is what is known */
	bool lost;             /* stale since the kept file could not be read when it was due */
	bool compared;         /* a copy was, and: */
	enum compare result;
	char copy[STORE_ID_LEN + 1]; /* the id of its report */
};

/* A way to say where a letter stands: by the state, the last check, and what may be told. */
enum letter_standing {
	STANDING_DRAFT,
	STANDING_ISSUED,
	STANDING_ACTIVE,    /* registered, and the last check was VALID */
	STANDING_PENDING,   /* registered, waits for data about revocation only */
	STANDING_DOUBT,     /* registered, could not be confirmed */
	STANDING_ALERT,     /* registered, and no longer passes */
	STANDING_UNCHECKED, /* registered, and there is no report */
	STANDING_SUPERSEDED,
	STANDING_WITHDRAWN,
	STANDING_HELD, /* registered; a code is asked for */
	STANDING_HELD_ISSUED,
	STANDING__MAX
};
enum letter_standing letter_standing(const struct reading *r);
/* A class of the style sheet and an icon; never "ok" but for STANDING_ACTIVE. */
const char *letter_look(const struct reading *r);
/* Its file can be seen by who has asked. */
bool letter_viewable(const struct reading *r);

/* The fields of templates/letter/letter.html. */
void letter_fields(struct fields *f, enum lang lang, const struct reading *r);
/* The same facts for programs; one line. */
void letter_json(struct buf *b, const struct reading *r);
/* Its file, from the vault. */
int letter_file(struct http_request *req, const struct reading *r);
/* A copy is compared with it.  As a handler: KORE_RESULT_RETRY while it is looked at. */
int letter_copy(struct http_request *req, struct reading *r);
/* The page of a letter, once all about it is known. */
int letter_answer(struct http_request *req, struct reading *r);

#endif /* LETTER_PART_H */
