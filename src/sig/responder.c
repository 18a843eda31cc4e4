/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who may speak for a CA by OCSP: RFC 6960, 4.2.2.2. */
#include <string.h>

#include "caps.h"
#include "revocation_part.h"
#include "when.h"

bool
responder_good(struct revocation_question *q, const struct cert *responder, int64_t produced_at,
    int64_t *asked)
{
	const struct revocation *r;
	struct revocation_question own = {.pool = q->pool,
	    .certs = q->certs,
	    .cert = responder,
	    .issuer = q->issuer,
	    .depth = q->depth + 1};
	int64_t enclosed = INT64_MAX;
	size_t n, i;
	bool good = false;

	*asked = WHEN_NONE;
	if (responder->ocsp_nocheck || responder->short_term)
		return true;
	if (own.depth >= CAP_REVOKED_DEPTH)
		return false;
	n = revocation_ask(&own);
	for (i = 0, r = own.out; i < n; i++) {
		if (r[i].status != REVOCATION_GOOD)
			return false;
		/* Later than the answer, or still in force when it was given. */
		if (!r[i].self_issued &&
		    (r[i].this_update >= produced_at - CAP_CLOCK_SKEW ||
			(r[i].next_update != WHEN_NONE && r[i].next_update >= produced_at))) {
			good = true;
			/* one that was there without asking is enough */
			if (r[i].asked < enclosed)
				enclosed = r[i].asked;
		}
	}
	if (good)
		*asked = enclosed;
	else
		q->unconfirmed = responder;
	return good;
}

/* O2: the issuing CA itself, or whom that very CA has made a responder. */
static bool
responder_may(const struct revocation_question *q, const struct cert *signer)
{
	if (revocation_same_ca(signer, q->issuer))
		return true;
	return (signer->eku & EKU_OCSP_SIGNING) != 0 && !signer->unknown_critical &&
	       cert_name_equal(signer->issuer, q->issuer->subject) &&
	       cert_signed_by(q->certs->cache, signer, q->issuer);
}

static bool
responder_is(const struct ocsp *o, const struct cert *c)
{
	uint8_t sha1[20];

	if (o->by_name.len != 0)
		return cert_name_equal(o->by_name, c->subject);
	if (o->by_key.len != 20)
		return false;
	cert_key_sha1(c, sha1);
	return memcmp(sha1, o->by_key.p, 20) == 0;
}

/* One possible responder; true when the search ends. */
static bool
try_responder(const struct revocation_question *q, struct evidence_parsed *p, const struct cert *c,
    enum revocation_gap *gap)
{
	if (c == NULL || !responder_is(&p->ocsp, c) || !responder_may(q, c))
		return false;
	if (!evidence_signed_with(q->certs->cache, p, false, c)) {
		*gap = REVOCATION_GAP_SIGNATURE;
		return false;
	}
	return true;
}

const struct cert *
responder_find(
    const struct revocation_question *q, struct evidence_parsed *p, enum revocation_gap *gap)
{
	const struct cert *c;
	size_t i;

	*gap = REVOCATION_GAP_AUTHORITY;
	/* First, since anybody can write another certificate of its name and key. */
	if (try_responder(q, p, q->issuer, gap))
		return q->issuer;
	for (i = 0; i < p->ocsp.ncerts; i++)
		if (cert_cache_get(q->certs->cache, p->ocsp.certs[i], false, &c) == RC_OK &&
		    try_responder(q, p, c, gap))
			return c;
	for (i = 0; i < q->certs->n; i++)
		if (try_responder(q, p, q->certs->certs[i], gap))
			return q->certs->certs[i];
	return NULL;
}
