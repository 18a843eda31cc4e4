/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What OCSP responses and CRLs say about a certificate: an answer counts only
 * when whoever signed it may speak for the certificate's issuer (RFC 6960,
 * 4.2.2.2; RFC 5280, 6.3.3).  When an answer was given is reported, not judged.
 */
#include <string.h>

#include "caps.h"
#include "cert_cache.h"
#include "crl.h"
#include "ocsp.h"
#include "revocation.h"
#include "revocation_part.h"
#include "when.h"

/* An answered question: hundreds of timestamps may ask about one authority. */
struct revocation_memo {
	struct revocation_memo *next;
	const struct cert *cert, *issuer;
	unsigned depth;
	size_t evidence, certs; /* how many there were in the pools */
	enum revocation_gap gap;
	const struct cert *unconfirmed;
	size_t n;
	struct revocation out[REVOCATION_MAX];
};

/* The gap that came nearest to an answer is the one worth telling. */
static void
note_gap(struct revocation_question *q, enum revocation_gap gap)
{
	if (gap > q->gap)
		q->gap = gap;
}

static bool
comes_before(const struct revocation *a, const struct revocation *b)
{
	bool x = a->status == REVOCATION_REVOKED, y = b->status == REVOCATION_REVOKED;

	return x != y ? x : a->this_update >= b->this_update;
}

/* Revoked, then newest thisUpdate first; what does not fit says less than all that is kept. */
static void
answer(struct revocation_question *q, const struct revocation *r)
{
	size_t i;

	for (i = 0; i < q->n && comes_before(&q->out[i], r); i++)
		continue;
	if (i == REVOCATION_MAX)
		return;
	if (q->n < REVOCATION_MAX)
		q->n++;
	memmove(&q->out[i + 1], &q->out[i], (q->n - i - 1) * sizeof(*q->out));
	q->out[i] = *r;
}

bool
revocation_same_ca(const struct cert *a, const struct cert *b)
{
	return a == b || (der_equal(a->spki, b->spki) && cert_name_equal(a->subject, b->subject));
}

static int64_t
later(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

static bool
serial_equal(struct der a, struct der b)
{
	for (; a.len > 1 && a.p[0] == 0; a.len--)
		a.p++;
	for (; b.len > 1 && b.p[0] == 0; b.len--)
		b.p++;
	return der_equal(a, b);
}

static bool
hash_equal(enum hash h, struct der span, struct der want)
{
	uint8_t md[HASH_SIZE_MAX];
	size_t n = hash_span(h, span, md);

	return n != 0 && n == want.len && memcmp(md, want.p, n) == 0;
}

/* O4 */
static bool
single_is(const struct revocation_question *q, const struct ocsp_single *s)
{
	return serial_equal(s->serial, q->cert->serial) &&
	       hash_equal(s->hash, q->issuer->key_bits, s->key_hash) &&
	       (hash_equal(s->hash, q->cert->issuer, s->name_hash) ||
		   hash_equal(s->hash, q->issuer->subject, s->name_hash));
}

static void
set_status(struct revocation *r, bool revoked, int64_t at, int reason)
{
	r->status = REVOCATION_GOOD;
	r->revoked_at = WHEN_NONE;
	r->reason = -1;
	if (!revoked || reason == 8) /* removeFromCRL */
		return;
	r->status = reason == 6 ? REVOCATION_ON_HOLD : REVOCATION_REVOKED;
	r->revoked_at = at;
	r->reason = reason;
}

/* An authentic statement about this very certificate. */
static void
take_single(struct revocation_question *q, const struct evidence *e,
    const struct evidence_parsed *p, const struct ocsp_single *s, const struct cert *signer,
    int64_t asked)
{
	struct revocation r = {.this_update = s->this_update,
	    .next_update = s->next_update,
	    .produced_at = p->ocsp.produced_at,
	    .archive_cutoff = s->archive_cutoff,
	    .signer = signer,
	    .delegated = !revocation_same_ca(signer, q->issuer),
	    .self_issued = signer == q->cert,
	    .hash = p->algo.hash,
	    .scheme = p->algo.scheme,
	    .evidence = e,
	    .asked = later(asked, e->asked)};

	if (s->unknown_critical || p->ocsp.unknown_critical) {
		note_gap(q, REVOCATION_GAP_UNSUPPORTED);
		return;
	}
	if (s->has_cert_hash) {
		r.cert_hash_ok = hash_equal(s->cert_hash_alg, q->cert->der, s->cert_hash);
		if (!r.cert_hash_ok) {
			/* the responder speaks of another certificate with this number */
			note_gap(q, REVOCATION_GAP_CERT_HASH);
			return;
		}
	}
	if (s->status == OCSP_UNKNOWN) {
		note_gap(q, REVOCATION_GAP_UNKNOWN);
		return;
	}
	/* removeFromCRL is a list's word: here nothing is taken back. */
	set_status(&r, s->status == OCSP_REVOKED, s->revoked_at, s->reason == 8 ? -1 : s->reason);
	answer(q, &r);
}

static void
ask_ocsp(struct revocation_question *q, const struct evidence *e, struct evidence_parsed *p)
{
	const struct cert *signer = NULL;
	enum revocation_gap gap;
	int64_t confirmed = WHEN_NONE;
	bool asked = false;
	size_t i;

	for (i = 0; i < p->ocsp.nsingles; i++) {
		if (!single_is(q, &p->ocsp.singles[i]))
			continue;
		if (!asked) {
			asked = true;
			signer = responder_find(q, p, &gap);
			if (signer != NULL && !revocation_same_ca(signer, q->issuer) &&
			    !responder_good(q, signer, p->ocsp.produced_at, &confirmed)) {
				signer = NULL;
				gap = REVOCATION_GAP_NOCHECK;
			}
		}
		if (signer == NULL) {
			note_gap(q, gap);
			return;
		}
		take_single(q, e, p, &p->ocsp.singles[i], signer, confirmed);
	}
}

/* One of the names in the list stands among the certificate's distribution points. */
static bool
point_matches(struct der idp_point, struct der crldp)
{
	struct der_tlv full, seq, dp, point, theirs, a, b;
	struct der in;

	/* nameRelativeToCRLIssuer is not supported: it never matches */
	if (!der_expect(&idp_point, DER_CONTEXT(0), &full) ||
	    !der_expect(&crldp, DER_SEQUENCE, &seq))
		return false;
	while (der_expect(&seq.body, DER_SEQUENCE, &dp)) {
		if (!der_expect(&dp.body, DER_CONTEXT(0), &point) ||
		    !der_expect(&point.body, DER_CONTEXT(0), &theirs))
			continue;
		while (der_next(&theirs.body, &a))
			for (in = full.body; der_next(&in, &b);)
				if (der_equal(a.whole, b.whole))
					return true;
	}
	return false;
}

/* The list is about certificates like this one (RFC 5280, 6.3.3 b); *gap if it is unusable. */
static bool
crl_covers(const struct revocation_question *q, const struct crl *c, enum revocation_gap *gap)
{
	if (c->indirect)
		*gap = REVOCATION_GAP_INDIRECT;
	else if (c->unknown_critical)
		*gap = REVOCATION_GAP_UNSUPPORTED;
	else if (c->delta)
		*gap = REVOCATION_GAP_DELTA;
	else if (c->some_reasons)
		*gap = REVOCATION_GAP_REASONS;
	else
		*gap = REVOCATION_GAP_SCOPE;
	if (c->delta || c->indirect || c->some_reasons || c->unknown_critical)
		return false;
	if (c->idp_point.len != 0 && !point_matches(c->idp_point, q->cert->crldp))
		return false;
	*gap = REVOCATION_GAP_NOTHING;
	return !c->only_attribute && !(c->only_user && q->cert->ca) &&
	       !(c->only_ca && !q->cert->ca);
}

static void
ask_crl(struct revocation_question *q, const struct evidence *e, struct evidence_parsed *p)
{
	struct revocation r = {.this_update = p->crl.this_update,
	    .next_update = p->crl.next_update,
	    .produced_at = p->crl.this_update,
	    .archive_cutoff = p->crl.expired_certs,
	    .hash = p->algo.hash,
	    .scheme = p->algo.scheme,
	    .evidence = e,
	    .asked = e->asked};
	struct crl_entry entry = {.revoked_at = WHEN_NONE, .reason = -1};
	enum revocation_gap partial = REVOCATION_GAP_NONE, gap;
	bool listed;

	if (!cert_name_equal(p->crl.issuer, q->cert->issuer))
		return;
	if (!crl_covers(q, &p->crl, &partial) && partial != REVOCATION_GAP_DELTA &&
	    partial != REVOCATION_GAP_REASONS) {
		note_gap(q, partial);
		return;
	}
	if ((r.signer = crl_signer_find(q, p, &gap)) == NULL) {
		note_gap(q, gap);
		return;
	}
	r.delegated = !revocation_same_ca(r.signer, q->issuer);
	r.self_issued = r.signer == q->cert;
	listed = crl_lookup(&p->crl, q->pool->arena, q->cert->serial, &entry);
	set_status(&r, listed, entry.revoked_at, entry.reason);
	/* What a part of a list says against a certificate counts, its silence does not. */
	if ((p->crl.delta || p->crl.some_reasons) && r.status == REVOCATION_GOOD)
		note_gap(q, partial);
	else
		answer(q, &r);
}

static size_t
find(struct revocation_question *q)
{
	struct evidence *e;
	struct evidence_parsed *p;
	size_t i;

	q->gap = REVOCATION_GAP_NOTHING;
	for (i = 0; i < q->pool->n; i++) {
		e = &q->pool->v[i];
		if ((p = evidence_pool_open(q->pool, e)) == NULL)
			continue;
		if (e->is_crl)
			ask_crl(q, e, p);
		else
			ask_ocsp(q, e, p);
	}
	if (q->n > 0)
		q->gap = REVOCATION_GAP_NONE;
	return q->n;
}

size_t
revocation_ask(struct revocation_question *q)
{
	struct revocation_memo *m;

	for (m = q->pool->memo; m != NULL; m = m->next)
		if (m->cert == q->cert && m->issuer == q->issuer && m->depth == q->depth &&
		    m->evidence == q->pool->n && m->certs == q->certs->n)
			break;
	if (m == NULL) {
		if ((m = arena_alloc(q->pool->arena, sizeof(*m))) == NULL)
			return 0;
		q->out = m->out;
		m->n = find(q);
		m->cert = q->cert;
		m->issuer = q->issuer;
		m->depth = q->depth;
		m->evidence = q->pool->n;
		m->certs = q->certs->n;
		m->gap = q->gap;
		m->unconfirmed = q->unconfirmed;
		m->next = q->pool->memo;
		q->pool->memo = m;
	}
	q->out = m->out;
	q->gap = m->gap;
	q->unconfirmed = m->unconfirmed;
	return m->n;
}

size_t
revocation_find(struct evidence_pool *p, const struct cert_pool *certs, const struct cert *cert,
    const struct cert *issuer, struct revocation *out, size_t max, enum revocation_gap *gap)
{
	struct revocation_question q = {.pool = p, .certs = certs, .cert = cert, .issuer = issuer};
	size_t n = revocation_ask(&q);

	*gap = q.gap;
	if (n > max)
		n = max;
	if (n > 0)
		memcpy(out, q.out, n * sizeof(*out));
	return n;
}

const struct cert *
revocation_unconfirmed(struct evidence_pool *p, const struct cert_pool *certs,
    const struct cert *cert, const struct cert *issuer)
{
	struct revocation_question q = {.pool = p, .certs = certs, .cert = cert, .issuer = issuer};

	(void)revocation_ask(&q);
	return q.unconfirmed;
}
