/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef DEED_H
#define DEED_H

#include "easel.h"
#include "forge.h"
#include "paper.h"

/*
 * A letter, who made and signed it, what was done to it afterwards, and what has to
 * be said of it under `nasional`.
 */
struct deed {
	const char *name;
	/* Who made the letter: a file of tests/office/make, or "classic", "stream", "hybrid". */
	const char *office;
	const char *before; /* what was done to it first, as edit; NULL: nothing */
	const char *how;    /* it was signed: see deed_sign() */
	const char *edit;   /* afterwards: see deed_edit(); NULL: nothing */
	void (*hand)(struct forge *f, struct letter *l); /* or by hand, last of all */
	enum conclusion conclusion;                      /* CONCLUSION__MAX: anything but VALID */
	enum change change; /* some signature tells of it; CHANGE__MAX: not asked */
	enum check reason;  /* a reason, or a check not ok; CHECK__NONE: not asked */
	enum level level;   /* of the first signature; LEVEL__MAX: not asked */
	bool no_sig;        /* the signature may be unreadable */
};

/* Rows of the tables: what changes a letter, for the worse or not, by a script or by hand. */
#define ANY  CONCLUSION__MAX
#define BAD  CONCLUSION_INVALID
#define OPEN CONCLUSION_INDETERMINATE
#define WORSE(n, o, h, e, con, chg)                                                            \
	{                                                                                      \
		.name = n, .office = o, .how = h, .edit = e, .conclusion = con, .change = chg, \
		.reason = CHECK__NONE, .level = LEVEL__MAX                                     \
	}
#define TWIN(n, o, h, e) WORSE(n, o, h, e, CONCLUSION_VALID, CHANGE__MAX)
/* The letter was prepared for what follows before anybody signed it. */
#define SHADOW(n, o, b, h, e, con, chg)                                                      \
	{                                                                                    \
		.name = n, .office = o, .before = b, .how = h, .edit = e, .conclusion = con, \
		.change = chg, .reason = CHECK__NONE, .level = LEVEL__MAX                    \
	}
/* A reason is asked for instead of a change. */
#define TOLD(n, o, h, e, con, why)                                              \
	{                                                                       \
		.name = n, .office = o, .how = h, .edit = e, .conclusion = con, \
		.change = CHANGE__MAX, .reason = why, .level = LEVEL__MAX       \
	}
#define HAND(n, o, h, by, con)                                                                    \
	{                                                                                         \
		.name = n, .office = o, .how = h, .hand = by, .conclusion = con,                  \
		.change = CHANGE__MAX, .reason = CHECK__NONE, .level = LEVEL__MAX, .no_sig = true \
	}

/* Good letters as offices make them; people's changes to them, each with harmless twins;
 * the catalogue of known attacks, likewise. */
extern const struct deed deed_good[], deed_tamper[], deed_attack[];

/* The letter's bytes before anything is signed. */
void deed_letter(struct forge *f, struct letter *l, const char *office);

/*
 * Signing, in words:
 *   B T LT LTA      a signature of this level by the next official, an hour after the last one
 *   rsa pss p384 p521 ed sha512  of what the next one signs with
 *   visible         the next one has a stamp in a place of its own; onto:2 on page 2
 *   over digit all-over tag  the next one's stamp lies on the amount, on a digit of it, on
 *                   the whole page, on the tag that is there for it
 *   as:STYLE        from now on it is signed as some programs do: kids flate dated extended
 *                   indirect faced pageless defaults packed all
 *   inverted        the next one's rectangle begins at the other corner
 *   P1 P2 P3        the next one certifies
 *   pkcs7           the next one is no PAdES signature
 *   field-over:NAME an empty signature field on the amount
 *   field:NAME      an empty signature field in a place of its own; fields:NAME: of no size
 *   into:NAME       the next one signs in this field
 *   text:NAME box:NAME  a text field, a box to tick in a place of its own
 *   fill:NAME=TEXT tick:NAME  fill it in, tick it
 *   lock:all lock:NAME fieldmdp:NAME   the next one locks all fields, or this one
 *   stamp dss       a document timestamp; evidence again, by somebody else
 *   note            a note on page 1
 *   impostor        the next one is of the look-alike authority
 *   unproven        the next one has no signature timestamp
 */
void deed_sign(struct forge *f, struct paper *p, const char *how);

/*
 * Updates as a script of lines; a line of "--" begins another update.
 *   obj TEXT        a new object: $1, $2, … from now on, also in the next script
 *   stream KEYS|DATA  the same
 *   set PATH TEXT   a value at a path (sight.h); unset PATH
 *   again N TEXT    object N again; free N: none any more
 *   raw TEXT        bytes behind the file, instead of an update; C escapes are the compiler's
 * $P1 $P2: the pages' objects, $C1 their content, $T1 their first font, $X1 their first
 * picture; $F1 $F2 …: the fields of the signatures; $V1 …: their values; $R: the catalog;
 * $A: the rectangle of the amount; $S: where the last section begins, $E: where the file ends; $Z:
 * the next number; $n: an end of line.
 */
/* All of it; letter_rc() of the letter tells whether it was made. */
void deed_make(struct forge *f, struct letter *l, const struct deed *d);
/* Make, verify, compare; false with the difference on standard error.  With DEED_KEEP in the
 * environment, letters that fail stay in that folder. */
bool deed_check(struct forge *f, struct easel *easel, const struct deed *d);
/* Every deed of a table (its end has no name) as one test each, in TAP; the exit status. */
int deed_run(const struct deed *deeds);

#endif /* DEED_H */
