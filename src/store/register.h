/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REGISTER_H
#define REGISTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "account.h"
#include "caps.h"
#include "crockford.h"
#include "store.h"

/*
 * The register of letters.  Nothing is ever deleted or overwritten: an edit adds a version, a
 * change of state adds to the history.  Ids are reserved with the draft and never change.
 *
 * Whoever acts is checked here: staff see and change letters of their own agency, auditors see
 * all and change none, admins and the operator may both.  Times are seconds since 1970.  After
 * any rc but RC_OK nothing was changed and *answer is REGISTER_ABSENT.  An id that a function takes
 * may be as somebody typed it (crockford_id_read()).
 */

enum letter_state {
	LETTER_DRAFT,
	LETTER_ISSUED,
	LETTER_SIGNED,
	LETTER_SUPERSEDED,
	LETTER_WITHDRAWN,
	LETTER_STATE__MAX
};
const char *letter_state_name(enum letter_state s);  /* "draft", "issued", … */
enum letter_state letter_state_parse(const char *s); /* LETTER_STATE__MAX: none */

enum letter_visibility {
	LETTER_PUBLIC, /* anybody sees all */
	LETTER_CODE,   /* whoever types the code sees all; others, that there is such a letter */
	LETTER_FACT,   /* number, date, unit and state; no subject, no signers, no file */
	LETTER_VISIBILITY__MAX
};
const char *letter_visibility_name(enum letter_visibility v); /* "public", "code", "fact" */
enum letter_visibility letter_visibility_parse(const char *s);

enum register_answer {
	REGISTER_DONE,
	REGISTER_ABSENT,    /* no such letter, or another agency's: the same to who asks */
	REGISTER_FORBIDDEN, /* this role may not */
	REGISTER_STATE,     /* its state does not allow it */
	REGISTER_MALFORMED, /* a text that is empty, too long, not UTF-8 or has controls; no such
			       day */
	REGISTER_SUCCESSOR, /* no issued letter of the same agency, or itself */
	REGISTER_CODE,      /* the code is missing or wrong */
	REGISTER_LOCKED,    /* too many wrong codes from this address */
	REGISTER_TAKEN,     /* another letter was registered with this file */
};
const char *register_answer_text(enum register_answer a); /* one phrase; never NULL */

struct register_signer {
	const char *title; /* jabatan */
	const char *name;  /* nama, with its degrees */
	const char *rank;  /* pangkat (golongan); "" if there is none */
};
/* What a letter says.  Each text but rank has 1 to CAP_LETTER_TEXT characters. */
struct register_content {
	const char *number;  /* nomor surat */
	const char *subject; /* perihal */
	const char *date;    /* "2026-11-01" */
	const char *unit;    /* unit kerja */
	enum letter_visibility visibility;
	const struct register_signer *signers; /* in their order, 1 to CAP_SIGNERS */
	size_t nsigners;
};

/* What a verdict alone does not say. */
enum register_caveat {
	CAVEAT_NONE,
	CAVEAT_NOTES,    /* something was added to the page that may hide what it lies on */
	CAVEAT_PRACTICE, /* by anchors for practice */
	CAVEAT__MAX
};

#define REGISTER_CODE_LEN 9 /* 40 bits: "XXXX-XXXX" */

/*
 * A draft, whose id is written to id.  agency: whose it is; staff can give only their own.  A
 * letter LETTER_CODE gets a code, which is told here only (else code is "").
 */
enum rc register_draft(struct store *s, const struct actor *who, int64_t agency,
    const struct register_content *c, int64_t now, char id[CROCKFORD_ID_LEN + 1],
    char code[REGISTER_CODE_LEN + 1], enum register_answer *answer);
/*
 * Another version of a draft.  A letter that becomes LETTER_CODE gets a code as above; one that
 * was it already keeps its own and code is "".
 */
enum rc register_edit(struct store *s, const struct actor *who, const char *id,
    const struct register_content *c, int64_t now, char code[REGISTER_CODE_LEN + 1],
    enum register_answer *answer);
/* draft to issued: the number is given, the letter goes to be signed. */
enum rc register_issue(struct store *s, const struct actor *who, const char *id, int64_t now,
    enum register_answer *answer);
/*
 * issued to signed, with the fingerprint of the file and the report on it.  What speaks against it
 * was found by the caller (letter/intake.h): with differences it needs an admin or the operator and
 * a reason, else REGISTER_FORBIDDEN; so is a verdict but VALID, or INDETERMINATE that is pending,
 * whoever wants it.  REGISTER_TAKEN: another letter has this file.  REGISTER_MALFORMED: the report
 * is on another file.  All but the last are logged.
 */
struct register_signing {
	const uint8_t *sha256; /* 32 octets */
	uint64_t size;
	bool pending;            /* it lacks nothing but data about revocation */
	bool kept;               /* its file is in the vault */
	const char *differences; /* intake_words(), "" */
	const char *reason;      /* why all the same, "" */
	const struct report *report;
	const void *wire; /* the report's bytes */
	size_t wire_len;
};
enum rc register_sign(struct store *s, const struct actor *who, const char *id,
    const struct register_signing *g, int64_t now, enum register_answer *answer);

/*
 * Another look at a registered letter (by nobody: the night's work).  Keeps the report as the
 * latest, and adds to the letter's checks what differs from the one before; another conclusion is
 * an act, too.  pending counts only for INDETERMINATE.  kept: its file still is.  report NULL:
 * there was nothing to look at, only kept is noted.  wire_len 0: the
 * report before stays the latest.  *before: what the check before said;
 * CONCLUSION__MAX: there was none.  RC_ABSENT: no registered letter.
 */
enum rc register_checked(struct store *s, const char *id, const struct report *report,
    const void *wire, size_t wire_len, bool pending, bool kept, int64_t now,
    enum conclusion *before);
/*
 * Registered letters (signed or superseded) whose file is kept and whose last check was before a
 * time, longest ago first; then those whose report another version of the wire has written.  Until
 * row returns false.
 */
enum rc register_due(struct store *s, int64_t before,
    bool (*row)(const char *id, const uint8_t sha256[32], void *arg), void *arg);
/*
 * The latest report, and when.  RC_ABSENT: none.  RC_OK and *out NULL: there is one that this
 * version can't read; what is known of it is the letter's verdict and caveat.  Whether the asker
 * may see it is the caller's: after register_read() or register_public() only.  Free with
 * report_free().
 */
enum rc register_report(struct store *s, const char *id, struct report **out, int64_t *at);
/* A registered letter of any agency with this file: *id "" if there is none. */
enum rc register_by_file(struct store *s, const uint8_t sha256[32], char id[CROCKFORD_ID_LEN + 1]);

/* For a dashboard: what who may see, counted. */
struct register_counts {
	int64_t states[LETTER_STATE__MAX];
	int64_t pending;    /* registered, data about revocation lacks */
	int64_t alerts;     /* registered, and the latest check is neither VALID nor pending */
	int64_t last_check; /* of any letter; 0: never */
};
enum rc register_count(struct store *s, const struct actor *who, struct register_counts *out);
/* issued or signed to superseded, from a day on ("2026-11-01"), by a letter issued or signed. */
enum rc register_supersede(struct store *s, const struct actor *who, const char *id,
    const char *successor, const char *date, const char *reason, int64_t now,
    enum register_answer *answer);
/* Anything but superseded to withdrawn, from a day on. */
enum rc register_withdraw(struct store *s, const struct actor *who, const char *id,
    const char *date, const char *reason, int64_t now, enum register_answer *answer);

/* A letter as it stands.  Belongs to the caller: register_free(). */
struct register_letter {
	struct arena *arena; /* of everything here */
	char id[CROCKFORD_ID_LEN + 1];
	enum letter_state state;
	int64_t agency;
	const char *agency_code, *agency_name;
	struct register_content content;
	bool shown;       /* false: content was held back; its texts are "", no signers */
	unsigned version; /* of the content, from 1 */
	int64_t created;
	bool has_file; /* signed: */
	uint8_t sha256[32];
	uint64_t size;
	bool kept;                            /* its file is in the vault */
	bool pending;                         /* data about revocation lacks */
	int64_t registered, checked;          /* when; 0: never */
	enum conclusion verdict;              /* of the latest check; of no use unless checked */
	enum register_caveat caveat;          /* likewise */
	const char *differences, *overruled;  /* register_sign(): what, and why all the same; "" */
	char successor[CROCKFORD_ID_LEN + 1]; /* superseded; else "" */
	const char *since, *reason;           /* superseded or withdrawn: day and reason; else "" */
};
void register_free(struct register_letter *l); /* takes NULL */

/* For who may see it: all of it.  *out is NULL unless REGISTER_DONE. */
enum rc register_read(struct store *s, const struct actor *who, const char *id, int64_t now,
    struct register_letter **out, enum register_answer *answer);
/*
 * For anybody: what its visibility and state allow.  Of a draft only id, state and agency; content
 * is held back likewise while the code is wrong or missing (code NULL or ""): the answer is then
 * REGISTER_CODE or REGISTER_LOCKED, and *out is there.  LETTER_FACT: shown, without subject,
 * signers, reason and anything about the file but when it was registered and last checked, and what
 * that said.  address as in account_enter().  A code that was
 * right costs no try.  Takes as long as account_enter() if there is a code to be compared.
 */
enum rc register_public(struct store *s, const char *id, const char *code, const char *address,
    int64_t now, struct register_letter **out, enum register_answer *answer);

struct register_row {
	const char *id, *number, *subject, *date, *unit, *agency; /* agency: code */
	enum letter_state state;
	enum letter_visibility visibility;
	bool pending, alert; /* as in struct register_counts */
	int64_t created;
};
struct register_query {
	enum letter_state state;   /* LETTER_STATE__MAX: any */
	int64_t agency;            /* 0: any that who may see */
	bool pending, alerts;      /* only those; both: REGISTER_MALFORMED */
	const char *words;         /* in number, subject, unit or a signer's name; NULL: anything */
	const char *unit;          /* in the unit; NULL: any */
	const char *since, *until; /* days of the letter, both inclusive; NULL: open */
	const char *before;        /* an id: only letters drafted before it, the next page; NULL */
	int64_t limit;             /* at most so many; 0: all */
};
/*
 * Newest draft first, until row returns false; the texts live until it returns.
 * REGISTER_MALFORMED: before is no id, or since or until no day.
 */
enum rc register_list(struct store *s, const struct actor *who, const struct register_query *q,
    bool (*row)(const struct register_row *row, void *arg), void *arg,
    enum register_answer *answer);

struct register_event {
	int64_t at;
	int64_t account;  /* 0: the command line */
	const char *what; /* "drafted", "edited", "issued", "signed", "superseded", "withdrawn" */
	unsigned version; /* of the content from then on */
	const char *date, *reason, *successor; /* "" if none */
};
/* Oldest first; as register_list(). */
enum rc register_history(struct store *s, const struct actor *who, const char *id, int64_t now,
    bool (*row)(const struct register_event *e, void *arg), void *arg,
    enum register_answer *answer);

struct register_check {
	int64_t at;
	enum conclusion conclusion;
	const char *reasons; /* codes (check_parse()) joined by a space, the first matters most */
	const char *policy, *policy_version; /* "" if not known */
	bool pending;
};
/* What was seen of its file, each time that it differed from the time before; oldest first, as
 * register_history(). */
enum rc register_checks(struct store *s, const struct actor *who, const char *id, int64_t now,
    bool (*row)(const struct register_check *c, void *arg), void *arg,
    enum register_answer *answer);

#endif /* REGISTER_H */
