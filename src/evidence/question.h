/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUESTION_H
#define QUESTION_H

#include <stddef.h>
#include <stdint.h>

#include "arena.h"
#include "caps.h"
#include "cert.h"
#include "guard.h"
#include "lookup.h"
#include "rc.h"
#include "trust.h"

/*
 * What a question of whoever judges comes to, with our own anchors: whether anybody may be
 * asked, whom, and under which key the answer is kept.
 */

#define QUESTION_KEY 32 /* octets, a SHA-256 */

struct question_url {
	char *url;
	uint8_t key[QUESTION_KEY]; /* of a list: shared by all certificates of its CA */
};

struct question {
	/* LOOKUP_OPEN: there is at least one address to ask.  Else why nobody is asked, and by
	 * which address (NULL: none). */
	enum lookup_outcome outcome;
	const char *refused;
	enum lookup_kind kind;
	uint8_t key[QUESTION_KEY];
	/* Only what the guard lets through. */
	struct question_url ocsp[CAP_FETCH_URLS], crl[CAP_FETCH_URLS], issuers[CAP_FETCH_URLS];
	size_t nocsp, ncrl, nissuers;
	/* Valid until the trust store's certificate cache is trimmed.  STATUS: the certificate
	 * and who issued it; ISSUER: the last of the path, whose issuer is missing. */
	const struct cert *cert, *issuer;
	struct cert_pool pool; /* its certificates and the trust store's helpers */
};

/*
 * len untrusted octets as order_put_question() makes them.  RC_OK; RC_FORMAT: no question;
 * RC_NOMEM.  Texts are the arena's.
 */
enum rc question_read(struct question *q, struct arena *a, const struct trust *t,
    const struct guard *g, const void *p, size_t len);

/* How much an outcome tells: of several tries the most telling one is reported. */
unsigned question_rank(enum lookup_outcome o);

#endif /* QUESTION_H */
