/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef INTAKE_H
#define INTAKE_H

#include <stdbool.h>
#include <stdint.h>

#include "paperwork.h"
#include "register.h"
#include "report.h"

/*
 * Whether a signed file is the letter that it is to be registered as.  Everything that speaks
 * against it is told; whoever may can then decide otherwise, with a reason.
 */
enum intake {
#define INTAKE(name, word, override) INTAKE_##name,
#include "intake.def"
#undef INTAKE
	INTAKE__MAX
};
const char *intake_word(enum intake i); /* "signer_missing": stored, and the key of its texts */
/* An admin may register it all the same: never what the verdict says. */
bool intake_override(enum intake i);

struct intake_item {
	enum intake what;
	const char *detail; /* whose name, which id; UTF-8, "" if there is nothing to add */
};
#define INTAKE_ITEMS 64
struct intake_result {
	struct intake_item items[INTAKE_ITEMS]; /* none: it can be registered */
	size_t n;
	bool may_override;   /* every item is one that may be; true if there is none */
	bool pending;        /* INDETERMINATE, and nothing but data about revocation lacks */
	bool by_qr, by_text; /* how it carries our id */
};
/*
 * The letter, the report on the file, what PAPER_SCAN found in it (NULL: it could not be searched)
 * and the address that its QR should hold (NULL: any that ends in /d/ID).  It carries our id if a
 * QR holds exactly that address or the id alone, or if the id stands in its text.  Each signer
 * needs a signature that counts by a certificate of its own, and each of these a signer: names are
 * those of the certificates, see match.h.  Texts of *out live as
 * long as what was given, or in arena.  RC_OK or RC_NOMEM.
 */
enum rc intake_judge(struct intake_result *out, struct arena *arena,
    const struct register_letter *letter, const struct report *report,
    const struct paper_answer *scan, const char *address);
/*
 * One more that only the caller can know (KNOWN: register_by_file(); detail: that letter's id).
 * detail has to outlive *r; NULL: "".  Beyond INTAKE_ITEMS it still counts for may_override.
 */
void intake_add(struct intake_result *r, enum intake what, const char *detail);
/* The words of all items, each once, joined by a space, for the register. */
void intake_words(struct buf *b, const struct intake_result *r);
/* The report is VALID but for revocation data that nobody has brought: nothing else speaks
 * against any of its signatures. */
bool intake_pending(const struct report *report);

#endif /* INTAKE_H */
