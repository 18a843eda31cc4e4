/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * OCSP responses and CRLs, each once, wherever they came from: taken apart when somebody first
 * looks at one, and what its signature is worth remembered.
 */
#include <string.h>

#include "caps.h"
#include "revocation_part.h"
#include "when.h"

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

struct evidence_parsed *
evidence_pool_open(struct evidence_pool *pool, struct evidence *e)
{
	struct evidence_parsed *p = e->parsed;
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
	struct evidence_parsed *parsed;
	enum rc rc, full = RC_OK;
	size_t i, j;

	for (i = 0; i < p->n; i++) {
		if (p->v[i].is_crl || (parsed = evidence_pool_open(p, &p->v[i])) == NULL)
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
	const struct evidence_parsed *p = e->parsed;

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
signature_memo(struct cert_cache *cache, struct evidence_parsed *p, const struct cert *signer)
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
	return hash_span(HASH_SHA256, span, id) == 32 ? cert_cache_path(cache, id) : NULL;
}

bool
evidence_signed_with(
    struct cert_cache *cache, struct evidence_parsed *p, bool is_crl, const struct cert *signer)
{
	struct path_memo *memo;
	EVP_PKEY *key;
	size_t i;
	bool good;

	for (i = 0; i < p->ntried; i++)
		if (p->tried[i].signer == signer)
			return p->tried[i].good;
	if (!p->algo_known || (key = cert_key(signer)) == NULL || !cert_pk_spend(cache, signer))
		return false;
	memo = signature_memo(cache, p, signer);
	good = memo != NULL && memo->known
		   ? memo->error == 0
		   : sig_verify(key, &p->algo, HASH_NONE, is_crl ? p->crl.tbs : p->ocsp.tbs,
			 is_crl ? p->crl.sig : p->ocsp.sig) == 1;
	if (memo != NULL) {
		memo->known = true;
		memo->error = good ? 0 : 1;
	}
	if (p->ntried < EVIDENCE_TRIED) {
		p->tried[p->ntried].signer = signer;
		p->tried[p->ntried++].good = good;
	}
	return good;
}
