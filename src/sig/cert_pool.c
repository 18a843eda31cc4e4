/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What one document, with the trust store, knows of certificates: each once. */
#include <string.h>

#include "caps.h"
#include "cert_cache.h"

void
cert_pool_init(struct cert_pool *p, struct cert_cache *cache, struct arena *a)
{
	memset(p, 0, sizeof(*p));
	p->cache = cache;
	p->arena = a;
	cert_pk_reset(cache);
}

/* The two arrays grow together. */
static enum rc
pool_grow(struct cert_pool *p)
{
	size_t cap = p->cap;
	enum rc rc;

	if ((rc = arena_grow(p->arena, &p->certs, p->n, &cap, sizeof(*p->certs))) != RC_OK)
		return rc;
	cap = p->cap;
	if ((rc = arena_grow(p->arena, &p->origin, p->n, &cap, sizeof(*p->origin))) == RC_OK)
		p->cap = cap;
	return rc;
}

enum rc
cert_pool_add_cert(struct cert_pool *p, const struct cert *c, enum cert_origin o)
{
	size_t i, foreign = 0;
	enum rc rc;

	for (i = 0; i < p->n; i++) {
		if (p->certs[i] == c) {
			if (o < p->origin[i])
				p->origin[i] = o;
			return RC_OK;
		}
		foreign += p->origin[i] != CERT_FROM_STORE;
	}
	if (o != CERT_FROM_STORE && foreign >= CAP_CERTS)
		return RC_TOOBIG;
	if ((rc = pool_grow(p)) != RC_OK)
		return rc;
	p->certs[p->n] = c;
	p->origin[p->n++] = o;
	return RC_OK;
}

enum rc
cert_pool_add(struct cert_pool *p, struct der der, enum cert_origin o, const struct cert **out)
{
	const struct cert *c;
	enum rc rc;

	if (out != NULL)
		*out = NULL;
	if ((rc = cert_cache_get(p->cache, der, false, &c)) != RC_OK ||
	    (rc = cert_pool_add_cert(p, c, o)) != RC_OK)
		return rc;
	if (out != NULL)
		*out = c;
	return RC_OK;
}
