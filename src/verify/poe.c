/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * For each object the first revision that holds it is found once; a document
 * timestamp protects what is not newer than its own revision.  A message of a
 * signature counts with the next revision: the hole that it lies in is what
 * its own revision's timestamp leaves out.
 */
#include <stdlib.h>
#include <string.h>

#include "poe.h"

struct place {
	const struct cert *cert;
	unsigned since; /* the first revision that protects it, EVIDENCE_NOWHERE: none */
	size_t index;
};

struct poe_map {
	struct place *places; /* of the pool's certificates, by address */
	size_t n;
	unsigned revisions;
};

static int
place_cmp(const void *a, const void *b)
{
	const struct place *x = a, *y = b;

	return x->cert < y->cert ? -1 : x->cert > y->cert;
}

static struct place *
place_of(const struct poe_map *m, const struct cert *c)
{
	const struct place key = {.cert = c};

	return m->n == 0 ? NULL : bsearch(&key, m->places, m->n, sizeof(key), place_cmp);
}

static void
note(const struct dossier *d, const struct poe_map *m, struct der der, unsigned since)
{
	const struct cert *c;
	struct place *at;

	if (since != EVIDENCE_NOWHERE && cert_cache_get(d->pool.cache, der, false, &c) == RC_OK &&
	    (at = place_of(m, c)) != NULL && since < at->since)
		at->since = since;
}

static void
note_message(
    const struct dossier *d, const struct poe_map *m, const struct cms *cms, unsigned since)
{
	size_t i;

	for (i = 0; cms != NULL && i < cms->ncerts; i++)
		note(d, m, cms->certs[i], since);
}

/* Certificates in messages, timestamps, the store and OCSP responses. */
static void
find_places(const struct dossier *d, const struct poe_map *m)
{
	const struct pdf_dss *dss = &d->survey.dss;
	const struct dossier_sig *s;
	const struct der *certs;
	size_t i, k, n;

	for (i = 0; i < d->nsigs; i++) {
		s = &d->sigs[i];
		note_message(d, m, s->cms, s->since);
		for (k = 0; k < s->ntst; k++)
			note_message(d, m, s->tst[k].cms, s->tst[k].since);
		for (k = 0; k < s->ncontent_tst; k++)
			note_message(d, m, s->content_tst[k].cms, s->content_tst[k].since);
	}
	for (i = 0; i < dss->ncerts; i++)
		note(d, m, (struct der){dss->certs[i].der.p, dss->certs[i].der.len},
		    dss->certs[i].revision);
	for (i = 0; i < d->evidence.n; i++) {
		n = evidence_certs(&d->evidence.v[i], &certs);
		for (k = 0; k < n; k++)
			note(d, m, certs[k], d->evidence.v[i].since);
	}
}

/* Once for a document: both policies ask. */
static const struct poe_map *
map_of(struct dossier *d)
{
	struct poe_map *m;
	size_t i;

	if (d->places != NULL)
		return d->places;
	if ((m = arena_alloc(d->arena, sizeof(*m))) == NULL ||
	    (m->places = arena_array(d->arena, d->pool.n, sizeof(*m->places))) == NULL)
		return NULL;
	m->n = d->pool.n;
	m->revisions = d->survey.revisions;
	for (i = 0; i < d->nsigs; i++)
		if (d->sigs[i].pdf->revision > m->revisions)
			m->revisions = d->sigs[i].pdf->revision;
	for (i = 0; i < m->n; i++) {
		m->places[i].cert = d->pool.certs[i];
		m->places[i].since = EVIDENCE_NOWHERE;
		m->places[i].index = i;
	}
	qsort(m->places, m->n, sizeof(*m->places), place_cmp);
	find_places(d, m);
	d->places = m;
	return m;
}

static int64_t *
presents(struct arena *a, size_t n, int64_t now)
{
	int64_t *v = arena_array(a, n, sizeof(*v));
	size_t i;

	for (i = 0; v != NULL && i < n; i++)
		v[i] = now;
	return v;
}

enum rc
poe_init(struct poe *p, struct dossier *d, int64_t now)
{
	memset(p, 0, sizeof(*p));
	p->d = d;
	p->now = now;
	if ((p->map = map_of(d)) == NULL)
		return RC_NOMEM;
	p->nheld = p->map->revisions;
	p->held = presents(d->arena, p->nheld, now);
	p->value = presents(d->arena, d->nsigs, now);
	p->cert = presents(d->arena, d->pool.n, now);
	p->evidence = presents(d->arena, d->evidence.n, now);
	return p->held != NULL && p->value != NULL && p->cert != NULL && p->evidence != NULL
		   ? RC_OK
		   : RC_NOMEM;
}

static void
earlier(int64_t *have, int64_t at)
{
	if (at < *have)
		*have = at;
}

void
poe_document(struct poe *p, unsigned revision, int64_t at)
{
	unsigned i;

	for (i = 0; i < revision && i < p->nheld; i++)
		earlier(&p->held[i], at);
}

/* The span lies among the signed attributes. */
static bool
is_signed(const struct cms *cms, struct der der)
{
	uintptr_t from = (uintptr_t)cms->signed_attrs.p, at = (uintptr_t)der.p;

	return cms->has_attrs && at >= from && at - from < cms->signed_attrs.len &&
	       der.len <= cms->signed_attrs.len - (size_t)(at - from);
}

void
poe_signature(struct poe *p, size_t i, int64_t at)
{
	const struct dossier *d = p->d;
	const struct dossier_sig *s = &d->sigs[i];
	const struct place *c;
	size_t k;

	earlier(&p->value[i], at);
	if (s->cms == NULL)
		return;
	if (s->signer != NULL && (s->cms->has_ess_v1 || s->cms->has_ess_v2) &&
	    (s->cms->findings & CMS_C8_ESS_MISMATCH) == 0 &&
	    (c = place_of(p->map, s->signer)) != NULL)
		earlier(&p->cert[c->index], at);
	for (k = 0; k < d->evidence.n; k++)
		if (d->evidence.v[k].owner == i + 1 && is_signed(s->cms, d->evidence.v[k].der))
			earlier(&p->evidence[k], at);
}

static int64_t
held_since(const struct poe *p, unsigned since)
{
	return since > 0 && since <= p->nheld ? p->held[since - 1] : p->now;
}

static int64_t
earliest(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

int64_t
poe_of_value(const struct poe *p, size_t i)
{
	return earliest(p->value[i], held_since(p, p->d->sigs[i].since));
}

int64_t
poe_of_cert(const struct poe *p, const struct cert *c)
{
	const struct place *at = place_of(p->map, c);

	return at == NULL ? p->now : earliest(p->cert[at->index], held_since(p, at->since));
}

int64_t
poe_of_evidence(const struct poe *p, const struct evidence *e)
{
	uintptr_t from = (uintptr_t)p->d->evidence.v, at = (uintptr_t)e;
	size_t i = at < from ? p->d->evidence.n : (size_t)(at - from) / sizeof(*e);

	if (i >= p->d->evidence.n)
		return p->now;
	return earliest(p->evidence[i], held_since(p, e->since));
}

int64_t
poe_of_token(const struct poe *p, const struct tstamp *t)
{
	return held_since(p, t->since);
}
