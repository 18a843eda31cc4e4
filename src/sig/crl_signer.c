/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who may speak for a CA by a list: RFC 5280, 6.3.3 f. */
#include "caps.h"
#include "revocation_part.h"

/* Both were issued by one CA: an old and a new key of the same authority. */
static bool
same_parent(const struct revocation_question *q, const struct cert *a, const struct cert *b)
{
	const struct cert *p;
	size_t i;

	for (i = 0; i < q->certs->n; i++) {
		p = q->certs->certs[i];
		if (p->ca && p != a && p != b && cert_name_equal(p->subject, b->issuer) &&
		    cert_signed_by(q->certs->cache, a, p) && cert_signed_by(q->certs->cache, b, p))
			return true;
	}
	return false;
}

/* R1: a certificate of the issuing CA, by this key or by another that it vouches for. */
static bool
crl_signer_may(const struct revocation_question *q, const struct cert *c)
{
	struct cert_cache *cache = q->certs->cache;

	if (!cert_name_equal(c->subject, q->issuer->subject) ||
	    (c->has_ku ? (c->ku & KU_CRL_SIGN) == 0 : c->has_basic && !c->ca))
		return false;
	return revocation_same_ca(c, q->issuer) || cert_signed_by(cache, c, q->issuer) ||
	       cert_signed_by(cache, q->issuer, c) ||
	       (cert_name_equal(c->issuer, q->issuer->issuer) && same_parent(q, c, q->issuer));
}

/* Nothing says that another key of the CA was revoked, by whoever issued its certificate. */
static bool
crl_signer_good(const struct revocation_question *q, const struct cert *c)
{
	struct revocation_question own = {.pool = q->pool, .certs = q->certs, .cert = c};
	size_t i, k, n;

	own.depth = q->depth + 1;
	if (own.depth >= CAP_REVOKED_DEPTH)
		return false;
	for (i = 0; i <= q->certs->n; i++) {
		own.issuer = i == 0 ? q->issuer : q->certs->certs[i - 1];
		if (own.issuer == c || !cert_name_equal(own.issuer->subject, c->issuer) ||
		    !cert_signed_by(q->certs->cache, c, own.issuer))
			continue;
		n = revocation_ask(&own);
		for (k = 0; k < n; k++)
			if (own.out[k].status != REVOCATION_GOOD)
				return false;
	}
	return true;
}

const struct cert *
crl_signer_find(
    const struct revocation_question *q, struct evidence_parsed *p, enum revocation_gap *gap)
{
	const struct cert *c;
	size_t i;

	*gap = REVOCATION_GAP_AUTHORITY;
	for (i = 0; i <= q->certs->n; i++) {
		c = i == 0 ? q->issuer : q->certs->certs[i - 1];
		if ((i > 0 && c == q->issuer) || !crl_signer_may(q, c))
			continue;
		if (!evidence_signed_with(q->certs->cache, p, true, c))
			*gap = REVOCATION_GAP_SIGNATURE;
		else if (revocation_same_ca(c, q->issuer) || crl_signer_good(q, c))
			return c;
	}
	return NULL;
}
