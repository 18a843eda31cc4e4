/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Weighs what came.  The same code that judges a document's own evidence says whether an
 * answer is authentic; when it was given counts only against the clock of today.
 */
#include <string.h>

#include "chain.h"
#include "crl.h"
#include "inquiry.h"
#include "ocsp.h"
#include "part.h"
#include "revocation.h"
#include "when.h"
#include "worth.h"

#define ARENA_MAX (16u << 20) /* one response, taken apart */

/* --- OCSP --- */

/* The contents of the response's nonce; false if it has none. */
static bool
find_nonce(const struct ocsp *o, struct der *out)
{
	/* 1.3.6.1.5.5.7.48.1.2 */
	static const uint8_t oid[] = {0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x30, 0x01, 0x02};
	struct der in = o->tbs, list;
	struct der_tlv data, e, seq;
	struct extension x;

	if (!der_expect(&in, DER_SEQUENCE, &data))
		return false;
	/* behind the list of answers, the only SEQUENCE here */
	while (der_next(&data.body, &e) && e.tag != DER_SEQUENCE)
		continue;
	if (!der_expect(&data.body, DER_CONTEXT(1), &e) || !der_expect(&e.body, DER_SEQUENCE, &seq))
		return false;
	for (list = seq.body; part_extension(&list, &x);)
		if (x.oid.len == sizeof(oid) && memcmp(x.oid.p, oid, sizeof(oid)) == 0) {
			*out = x.value;
			return true;
		}
	return false;
}

/* None is that of an answer made beforehand; one that nobody asked for is somebody else's. */
static bool
nonce_fits(const struct ocsp *o, const uint8_t *nonce)
{
	struct der value, octets;

	if (!find_nonce(o, &value))
		return true;
	if (nonce == NULL)
		return false;
	/* Some responders leave out the OCTET STRING within. */
	if (!part_sole(value, DER_OCTET_STRING, &octets))
		octets = value;
	return octets.len == INQUIRY_NONCE && memcmp(octets.p, nonce, INQUIRY_NONCE) == 0;
}

/* OCSPResponse with another status than successful: it holds nothing, and is not signed. */
static bool
is_error(struct der in)
{
	struct der_tlv seq, status;

	return der_expect(&in, DER_SEQUENCE, &seq) && der_expect(&seq.body, 0x0a, &status) &&
	       status.body.len == 1 && status.body.p[0] != 0;
}

static bool
same_serial(struct der a, struct der b)
{
	for (; a.len > 1 && a.p[0] == 0; a.len--)
		a.p++;
	for (; b.len > 1 && b.p[0] == 0; b.len--)
		b.p++;
	return der_equal(a, b);
}

static enum lookup_outcome
in_time(int64_t this_update, int64_t next_update, int64_t now, int64_t *until)
{
	*until = next_update;
	if (this_update > now + CAP_CLOCK_SKEW ||
	    (next_update != WHEN_NONE && next_update < now - CAP_CLOCK_SKEW))
		return LOOKUP_STALE;
	return LOOKUP_ANSWERED;
}

/* The answer about this certificate that lasts longest. */
static enum lookup_outcome
ocsp_times(const struct question *q, const struct ocsp *o, int64_t now, int64_t *until)
{
	enum lookup_outcome best = LOOKUP_NONSENSE, one;
	const struct ocsp_single *s;
	int64_t end;
	size_t i;

	for (i = 0; i < o->nsingles; i++) {
		s = &o->singles[i];
		if (!same_serial(s->serial, q->cert->serial))
			continue;
		if (s->status == OCSP_UNKNOWN)
			one = LOOKUP_UNKNOWN;
		else
			one = in_time(s->this_update, s->next_update, now, &end);
		if (best != LOOKUP_ANSWERED)
			best = one;
		if (one == LOOKUP_ANSWERED && end > *until)
			*until = end;
	}
	return best;
}

/* What revocation.c found wrong. */
static enum lookup_outcome
of_gap(enum revocation_gap gap)
{
	switch (gap) {
	case REVOCATION_GAP_NONE:
	case REVOCATION_GAP_NOCHECK: /* authentic: the judge wants the responder's status, too */
		return LOOKUP_ANSWERED;
	case REVOCATION_GAP_SIGNATURE:
	case REVOCATION_GAP_AUTHORITY:
		return LOOKUP_UNAUTHENTIC;
	case REVOCATION_GAP_UNKNOWN:
		return LOOKUP_UNKNOWN;
	case REVOCATION_GAP_NOTHING:
	case REVOCATION_GAP_INDIRECT:
	case REVOCATION_GAP_DELTA:
	case REVOCATION_GAP_REASONS:
	case REVOCATION_GAP_SCOPE:
	case REVOCATION_GAP_UNSUPPORTED:
	case REVOCATION_GAP_CERT_HASH:
		break;
	}
	return LOOKUP_NONSENSE;
}

/* O5: whoever signed it, while he could.  Bad news is told all the same. */
static bool
signed_in_time(const struct revocation *r)
{
	return r->status != REVOCATION_GOOD ||
	       (r->produced_at >= r->signer->not_before && r->produced_at <= r->signer->not_after);
}

/* There is no list, or the responder names somebody who knows of him. */
static bool
can_confirm(const struct question *q, struct evidence_pool *pool)
{
	const struct cert *c = revocation_unconfirmed(pool, &q->pool, q->cert, q->issuer);
	static const enum cert_url kinds[] = {CERT_URL_OCSP, CERT_URL_CRL};
	char **urls;
	size_t i, n;

	if (c == NULL || q->ncrl == 0)
		return true;
	for (i = 0; i < 2; i++)
		if (cert_urls(c, kinds[i], q->pool.arena, &urls, &n) == RC_OK && n > 0)
			return true;
	return false;
}

/* Authentic and about the certificate, by the code that judges documents. */
static enum lookup_outcome
judge(struct question *q, struct der der, bool is_crl)
{
	struct arena *a = q->pool.arena;
	struct revocation found;
	struct evidence_pool pool;
	enum revocation_gap gap;
	size_t n;

	evidence_pool_init(&pool, a);
	if (evidence_pool_add(&pool, der, is_crl, EVIDENCE_ONLINE, 0, 0, EVIDENCE_NOWHERE) !=
		RC_OK ||
	    evidence_pool_certs(&pool, &q->pool) == RC_NOMEM)
		return LOOKUP_NOBODY;
	n = revocation_find(&pool, &q->pool, q->cert, q->issuer, &found, 1, &gap);
	if (arena_short(a))
		return LOOKUP_NOBODY;
	if (n > 0 && !signed_in_time(&found))
		return LOOKUP_STALE;
	if (gap == REVOCATION_GAP_NOCHECK && !can_confirm(q, &pool))
		return LOOKUP_UNAUTHENTIC;
	return of_gap(gap);
}

enum lookup_outcome
worth_ocsp(struct question *q, const void *p, size_t len, const uint8_t *nonce, int64_t now,
    int64_t *until)
{
	struct der der = {p, len};
	enum lookup_outcome o;
	struct ocsp ocsp;
	enum rc rc;

	*until = WHEN_NONE;
	if (is_error(der))
		return LOOKUP_REFUSED;
	if ((rc = ocsp_parse(&ocsp, q->pool.arena, der)) != RC_OK)
		return rc == RC_NOMEM ? LOOKUP_NOBODY : LOOKUP_NONSENSE;
	if ((o = judge(q, der, false)) != LOOKUP_ANSWERED)
		return o;
	if (!nonce_fits(&ocsp, nonce))
		return LOOKUP_UNAUTHENTIC;
	return ocsp_times(q, &ocsp, now, until);
}

bool
worth_endless(const void *p, size_t len)
{
	struct arena *a = arena_new(ARENA_MAX);
	struct ocsp ocsp;
	bool endless;
	size_t i;

	endless = a != NULL && ocsp_parse(&ocsp, a, (struct der){p, len}) == RC_OK;
	for (i = 0; endless && i < ocsp.nsingles; i++)
		endless = ocsp.singles[i].next_update == WHEN_NONE;
	arena_free(a);
	return endless;
}

enum lookup_outcome
worth_crl(struct question *q, const void *p, size_t len, int64_t now, int64_t *until)
{
	struct der der = {p, len};
	enum lookup_outcome o;
	struct crl crl;
	enum rc rc;

	*until = WHEN_NONE;
	if ((rc = crl_parse(&crl, der)) != RC_OK)
		return rc == RC_NOMEM ? LOOKUP_NOBODY : LOOKUP_NONSENSE;
	if ((o = judge(q, der, true)) != LOOKUP_ANSWERED)
		return o;
	return in_time(crl.this_update, crl.next_update, now, until);
}

/* --- issuers --- */

/* certificates of a SignedData (RFC 5652, 5.1); false if it is none, or has none. */
static bool
find_bag(struct der in, struct der *out)
{
	struct der_tlv info, oid, content, data, e;

	if (!der_expect(&in, DER_SEQUENCE, &info) || !der_expect(&info.body, DER_OID, &oid) ||
	    !der_oid_is(oid.body, "1.2.840.113549.1.7.2") ||
	    !der_expect(&info.body, DER_CONTEXT(0), &content) ||
	    !der_expect(&content.body, DER_SEQUENCE, &data))
		return false;
	/* version, digest algorithms, content */
	if (!der_expect(&data.body, DER_INTEGER, &e) || !der_expect(&data.body, DER_SET, &e) ||
	    !der_expect(&data.body, DER_SEQUENCE, &e) ||
	    !der_expect(&data.body, DER_CONTEXT(0), &e))
		return false;
	*out = e.body;
	return true;
}

/* Everything that is a certificate goes into the pool and into v; their number, -1 without memory.
 */
static int
open_bag(struct cert_pool *pool, struct der in, const struct cert *v[CAP_CMS_CERTS])
{
	struct der bag;
	struct der_tlv e;
	unsigned tries = 0;
	int n = 0;
	enum rc rc;

	if (!find_bag(in, &bag))
		bag = in;
	while (tries++ < CAP_CMS_CERTS && der_expect(&bag, DER_SEQUENCE, &e)) {
		if ((rc = cert_pool_add(pool, e.whole, CERT_FROM_NET, &v[n])) == RC_NOMEM)
			return -1;
		n += rc == RC_OK;
	}
	return n;
}

/* A CA's below an anchor. */
static bool
is_issuer(const struct question *q, const struct trust *t, const struct cert *c)
{
	static const enum anchor_purpose purposes[] = {ANCHOR_SIGNER, ANCHOR_TSA};
	struct chain chain;
	size_t i;

	for (i = 0; c->ca && i < 2; i++)
		if (chain_build(&chain, &q->pool, &t->anchors, c, purposes[i], 0) &&
		    chain.status == CHAIN_TRUSTED)
			return chain.n > 1;
	return false;
}

enum lookup_outcome
worth_issuer(struct question *q, const struct trust *t, const void *p, size_t len, struct buf *out)
{
	const struct cert *v[CAP_CMS_CERTS];
	int n, i;

	if ((n = open_bag(&q->pool, (struct der){p, len}, v)) <= 0)
		return n < 0 ? LOOKUP_NOBODY : LOOKUP_NONSENSE;
	for (i = 0; i < n; i++)
		if (is_issuer(q, t, v[i]))
			buf_put(out, v[i]->der.p, v[i]->der.len);
	if (buf_rc(out) != RC_OK || arena_short(q->pool.arena))
		return LOOKUP_NOBODY;
	/* whatever it is, it vouches for nobody */
	return out->len > 0 ? LOOKUP_ANSWERED : LOOKUP_UNAUTHENTIC;
}
