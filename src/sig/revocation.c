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
#include "when.h"

#define TRIED_MAX 8 /* signers of one piece of evidence whose result is remembered */

enum parse_state { PARSED_OK, PARSED_BAD };

/* What evidence.parsed points to. */
struct parsed {
	enum parse_state state;
	union {
		struct ocsp ocsp;
		struct crl crl;
	};
	struct sig_algo algo;
	bool algo_known;
	struct {
		const struct cert *signer;
		bool good;
	} tried[TRIED_MAX];
	size_t ntried;
	struct der der; /* the evidence itself */
	bool hashed;
	uint8_t sha256[32]; /* of der, once it is asked for */
};

/* One question and what was found so far. */
struct question {
	struct evidence_pool *pool;
	const struct cert_pool *certs;
	const struct cert *cert, *issuer;
	struct revocation *out; /* REVOCATION_MAX */
	size_t n;
	unsigned depth;
	enum revocation_gap gap;
	const struct cert *unconfirmed; /* the last responder of whom nothing is known */
};

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

void
evidence_pool_init(struct evidence_pool *p, struct arena *a)
{
	memset(p, 0, sizeof(*p));
	p->arena = a;
}

/* Same length: the digests decide, so that many that are alike cost one pass each. */
static bool
evidence_is(struct evidence *e, struct der der, const uint8_t sha256[32])
{
	uint8_t md[HASH_SIZE_MAX];

	if (!e->hashed) {
		if (hash_span(HASH_SHA256, e->der, md) != 32)
			return der_equal(e->der, der);
		memcpy(e->sha256, md, 32);
		e->hashed = true;
	}
	return memcmp(e->sha256, sha256, 32) == 0;
}

static struct evidence *
evidence_known(struct evidence_pool *p, struct der der, bool is_crl)
{
	uint8_t md[HASH_SIZE_MAX];
	bool hashed = false;
	size_t i;

	for (i = 0; i < p->n; i++) {
		if (p->v[i].is_crl != is_crl || p->v[i].der.len != der.len)
			continue;
		if (!hashed && hash_span(HASH_SHA256, der, md) != 32)
			return NULL;
		hashed = true;
		if (evidence_is(&p->v[i], der, md))
			return &p->v[i];
	}
	return NULL;
}

enum rc
evidence_pool_add(struct evidence_pool *p, struct der der, bool is_crl, enum evidence_origin origin,
    unsigned revision, unsigned owner, unsigned since)
{
	struct evidence *e;
	enum rc rc;

	if ((e = evidence_known(p, der, is_crl)) != NULL) {
		if (since < e->since)
			e->since = since;
		return RC_OK;
	}
	if (p->n >= CAP_EVIDENCE)
		return RC_TOOBIG;
	if ((rc = arena_grow(p->arena, &p->v, p->n, &p->cap, sizeof(*p->v))) != RC_OK)
		return rc;
	e = &p->v[p->n++];
	memset(e, 0, sizeof(*e));
	e->der = der;
	e->is_crl = is_crl;
	e->origin = origin;
	e->revision = revision;
	e->owner = owner;
	e->since = since;
	e->asked = WHEN_NONE;
	return RC_OK;
}

enum rc
evidence_pool_add_online(struct evidence_pool *p, struct der der, bool is_crl, int64_t asked)
{
	size_t n = p->n;
	enum rc rc = evidence_pool_add(p, der, is_crl, EVIDENCE_ONLINE, 0, 0, EVIDENCE_NOWHERE);

	if (rc == RC_OK && p->n > n)
		p->v[n].asked = asked;
	return rc;
}

/* Parsed now or before; NULL if it is unusable or there is no memory. */
static struct parsed *
evidence_open(struct evidence_pool *pool, struct evidence *e)
{
	struct parsed *p = e->parsed;
	enum rc rc;

	if (p == NULL) {
		if ((p = arena_alloc(pool->arena, sizeof(*p))) == NULL)
			return NULL;
		e->parsed = p;
		p->der = e->der;
		rc = e->is_crl ? crl_parse(&p->crl, e->der)
			       : ocsp_parse(&p->ocsp, pool->arena, e->der);
		p->state = rc == RC_OK ? PARSED_OK : PARSED_BAD;
		if (rc == RC_OK)
			p->algo_known =
			    sig_algo_parse(e->is_crl ? p->crl.sig_alg : p->ocsp.sig_alg, &p->algo);
	}
	return p->state == PARSED_OK ? p : NULL;
}

enum rc
evidence_pool_certs(struct evidence_pool *p, struct cert_pool *certs)
{
	struct parsed *parsed;
	enum rc rc, full = RC_OK;
	size_t i, j;

	for (i = 0; i < p->n; i++) {
		if (p->v[i].is_crl || (parsed = evidence_open(p, &p->v[i])) == NULL)
			continue;
		for (j = 0; j < parsed->ocsp.ncerts; j++) {
			rc = cert_pool_add(certs, parsed->ocsp.certs[j], CERT_FROM_OCSP, NULL);
			if (rc == RC_NOMEM)
				return rc;
			if (rc == RC_TOOBIG)
				full = rc;
		}
	}
	return full;
}

size_t
evidence_certs(const struct evidence *e, const struct der **out)
{
	const struct parsed *p = e->parsed;

	if (e->is_crl || p == NULL || p->state != PARSED_OK)
		return 0;
	*out = p->ocsp.certs;
	return p->ocsp.ncerts;
}

/*
 * What an earlier document found out about the same octets and the same signer: one answer
 * speaks for all letters of a signer.  NULL without memory.
 */
static struct path_memo *
signature_memo(const struct question *q, struct parsed *p, const struct cert *signer)
{
	uint8_t id[HASH_SIZE_MAX], both[1 + 32 + 32] = "E";
	struct der span = {both, sizeof(both)};

	if (!p->hashed) {
		if (hash_span(HASH_SHA256, p->der, id) != 32)
			return NULL;
		memcpy(p->sha256, id, 32);
		p->hashed = true;
	}
	memcpy(both + 1, signer->sha256, 32);
	memcpy(both + 33, p->sha256, 32);
	return hash_span(HASH_SHA256, span, id) == 32 ? cert_cache_path(q->certs->cache, id) : NULL;
}

/* The evidence's signature verifies under that certificate's key; remembered. */
static bool
signed_with(const struct question *q, struct parsed *p, bool is_crl, const struct cert *signer)
{
	struct path_memo *memo;
	EVP_PKEY *key;
	size_t i;
	bool good;

	for (i = 0; i < p->ntried; i++)
		if (p->tried[i].signer == signer)
			return p->tried[i].good;
	if (!p->algo_known || (key = cert_key(signer)) == NULL ||
	    !cert_pk_spend(q->certs->cache, signer))
		return false;
	memo = signature_memo(q, p, signer);
	good = memo != NULL && memo->known
		   ? memo->error == 0
		   : sig_verify(key, &p->algo, HASH_NONE, is_crl ? p->crl.tbs : p->ocsp.tbs,
			 is_crl ? p->crl.sig : p->ocsp.sig) == 1;
	if (memo != NULL) {
		memo->known = true;
		memo->error = good ? 0 : 1;
	}
	if (p->ntried < TRIED_MAX) {
		p->tried[p->ntried].signer = signer;
		p->tried[p->ntried++].good = good;
	}
	return good;
}

/* The gap that came nearest to an answer is the one worth telling. */
static void
note_gap(struct question *q, enum revocation_gap gap)
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
answer(struct question *q, const struct revocation *r)
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

static bool
same_ca(const struct cert *a, const struct cert *b)
{
	return a == b || (der_equal(a->spki, b->spki) && cert_name_equal(a->subject, b->subject));
}

static size_t ask(struct question *q);

static int64_t
later(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

/*
 * O3: a delegated responder without no-check must be known not to be revoked
 * when it answered.  *asked: when that came, if it was asked for.
 */
static bool
/* NOLINTNEXTLINE(misc-no-recursion): CAP_REVOKED_DEPTH ends it */
responder_good(
    struct question *q, const struct cert *responder, int64_t produced_at, int64_t *asked)
{
	const struct revocation *r;
	struct question own = {.pool = q->pool,
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
	n = ask(&own);
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
responder_may(const struct question *q, const struct cert *signer)
{
	if (same_ca(signer, q->issuer))
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
try_responder(
    const struct question *q, struct parsed *p, const struct cert *c, enum revocation_gap *gap)
{
	if (c == NULL || !responder_is(&p->ocsp, c) || !responder_may(q, c))
		return false;
	if (!signed_with(q, p, false, c)) {
		*gap = REVOCATION_GAP_SIGNATURE;
		return false;
	}
	return true;
}

/* O1, O2: who signed the response and may; NULL, and *gap says why. */
static const struct cert *
responder_find(const struct question *q, struct parsed *p, enum revocation_gap *gap)
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
single_is(const struct question *q, const struct ocsp_single *s)
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
take_single(struct question *q, const struct evidence *e, const struct parsed *p,
    const struct ocsp_single *s, const struct cert *signer, int64_t asked)
{
	struct revocation r = {.this_update = s->this_update,
	    .next_update = s->next_update,
	    .produced_at = p->ocsp.produced_at,
	    .archive_cutoff = s->archive_cutoff,
	    .signer = signer,
	    .delegated = !same_ca(signer, q->issuer),
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
/* NOLINTNEXTLINE(misc-no-recursion): CAP_REVOKED_DEPTH ends it */
ask_ocsp(struct question *q, const struct evidence *e, struct parsed *p)
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
			if (signer != NULL && !same_ca(signer, q->issuer) &&
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

/* Both were issued by one CA: an old and a new key of the same authority. */
static bool
same_parent(const struct question *q, const struct cert *a, const struct cert *b)
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
crl_signer_may(const struct question *q, const struct cert *c)
{
	struct cert_cache *cache = q->certs->cache;

	if (!cert_name_equal(c->subject, q->issuer->subject) ||
	    (c->has_ku ? (c->ku & KU_CRL_SIGN) == 0 : c->has_basic && !c->ca))
		return false;
	return same_ca(c, q->issuer) || cert_signed_by(cache, c, q->issuer) ||
	       cert_signed_by(cache, q->issuer, c) ||
	       (cert_name_equal(c->issuer, q->issuer->issuer) && same_parent(q, c, q->issuer));
}

/* Nothing says that another key of the CA was revoked, by whoever issued its certificate. */
static bool
/* NOLINTNEXTLINE(misc-no-recursion): CAP_REVOKED_DEPTH ends it */
crl_signer_good(const struct question *q, const struct cert *c)
{
	struct question own = {.pool = q->pool, .certs = q->certs, .cert = c};
	size_t i, k, n;

	own.depth = q->depth + 1;
	if (own.depth >= CAP_REVOKED_DEPTH)
		return false;
	for (i = 0; i <= q->certs->n; i++) {
		own.issuer = i == 0 ? q->issuer : q->certs->certs[i - 1];
		if (own.issuer == c || !cert_name_equal(own.issuer->subject, c->issuer) ||
		    !cert_signed_by(q->certs->cache, c, own.issuer))
			continue;
		n = ask(&own);
		for (k = 0; k < n; k++)
			if (own.out[k].status != REVOCATION_GOOD)
				return false;
	}
	return true;
}

static const struct cert *
/* NOLINTNEXTLINE(misc-no-recursion): CAP_REVOKED_DEPTH ends it */
crl_signer_find(const struct question *q, struct parsed *p, enum revocation_gap *gap)
{
	const struct cert *c;
	size_t i;

	*gap = REVOCATION_GAP_AUTHORITY;
	for (i = 0; i <= q->certs->n; i++) {
		c = i == 0 ? q->issuer : q->certs->certs[i - 1];
		if ((i > 0 && c == q->issuer) || !crl_signer_may(q, c))
			continue;
		if (!signed_with(q, p, true, c))
			*gap = REVOCATION_GAP_SIGNATURE;
		else if (same_ca(c, q->issuer) || crl_signer_good(q, c))
			return c;
	}
	return NULL;
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
crl_covers(const struct question *q, const struct crl *c, enum revocation_gap *gap)
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
/* NOLINTNEXTLINE(misc-no-recursion): CAP_REVOKED_DEPTH ends it */
ask_crl(struct question *q, const struct evidence *e, struct parsed *p)
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
	r.delegated = !same_ca(r.signer, q->issuer);
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
/* NOLINTNEXTLINE(misc-no-recursion): CAP_REVOKED_DEPTH ends it */
find(struct question *q)
{
	struct evidence *e;
	struct parsed *p;
	size_t i;

	q->gap = REVOCATION_GAP_NOTHING;
	for (i = 0; i < q->pool->n; i++) {
		e = &q->pool->v[i];
		if ((p = evidence_open(q->pool, e)) == NULL)
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

/* Answer it, or remember what was answered; q->out is then the pool's.  0 without memory. */
static size_t
/* NOLINTNEXTLINE(misc-no-recursion): CAP_REVOKED_DEPTH ends it */
ask(struct question *q)
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
	struct question q = {.pool = p, .certs = certs, .cert = cert, .issuer = issuer};
	size_t n = ask(&q);

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
	struct question q = {.pool = p, .certs = certs, .cert = cert, .issuer = issuer};

	(void)ask(&q);
	return q.unconfirmed;
}
