/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LACK_H
#define LACK_H

#include <stdbool.h>
#include <stddef.h>

#include "dossier.h"
#include "judge.h"
#include "lookup.h"
#include "policy.h"
#include "rc.h"

/*
 * Evidence that would change what signatures and timestamps are worth, and that the document
 * does not carry.  Found after judging, from what did not pass.
 */

/* Nothing usable and fresh about a certificate, or no issuer of one. */
struct lack {
	enum lookup_kind kind;
	/* STATUS: from the certificate to its anchor.  ISSUER: up to the one without issuer. */
	const struct cert *certs[CAP_CHAIN];
	size_t n;
	bool open;    /* found by the latest search; else what was asked for has helped */
	bool decides; /* the chosen policy's answer about a signature depends on it */
	bool web;     /* the certificate names an address of http or https */
	bool asked;
	struct lookup_answer answer; /* OPEN until asked, or until it can't be */
};

struct lacks {
	struct lack *v; /* in the order of the signatures; at most CAP_EVIDENCE */
	size_t n, cap;
	size_t asked;    /* questions so far */
	unsigned rounds; /* of asking */
};

/* The certificate that it is about. */
const struct cert *lack_about(const struct lack *l);

/* Something that is still lacking decides: else nobody needs to be asked. */
bool lacks_decide(const struct lacks *l);

/*
 * Fill d->lacks from both policies' judgements of the same moment; those of an earlier search
 * stay, with what became of them.  Nothing is lacking for a certificate that is over: no answer
 * would count any more (O6).  RC_OK, RC_NOMEM.
 */
enum rc lack_find(struct dossier *d, const struct policy *policy, int64_t now,
    const struct judgement *chosen, const struct judgement *strict);

#endif /* LACK_H */
