/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Walks the paths of what did not pass, once more and as the judge did, and keeps each
 * certificate that an answer of today could help.  Whoever passes under both policies lacks nothing
 * and costs nothing.
 */
#include <string.h>

#include "caps.h"
#include "lack.h"
#include "when.h"

struct search {
	struct dossier *d;
	struct lacks *out;
	struct run run;
	bool decides;             /* what is found now */
	const struct cert **seen; /* timestamp authorities under this policy */
	size_t nseen, seen_cap;
	enum rc rc;
};

const struct cert *
lack_about(const struct lack *l)
{
	return l->certs[l->kind == LOOKUP_STATUS ? 0 : l->n - 1];
}

bool
lacks_decide(const struct lacks *l)
{
	size_t i;

	for (i = 0; i < l->n; i++)
		if (l->v[i].open && l->v[i].decides)
			return true;
	return false;
}

/* Sets web, and the outcome if nobody can be asked. */
static enum rc
find_web(struct lack *l, struct arena *a)
{
	static const enum cert_url status[] = {CERT_URL_OCSP, CERT_URL_CRL};
	static const enum cert_url issuer[] = {CERT_URL_CA, CERT_URL_CA};
	const enum cert_url *kinds = l->kind == LOOKUP_STATUS ? status : issuer;
	bool other = false;
	char **urls;
	size_t n, i;

	for (i = 0; i < 2; i++) {
		if (cert_urls(lack_about(l), kinds[i], a, &urls, &n) == RC_NOMEM)
			return RC_NOMEM;
		l->web = l->web || n > 0;
		if (cert_other_urls(lack_about(l), kinds[i], a, &urls, &n) == RC_NOMEM)
			return RC_NOMEM;
		other = other || n > 0;
	}
	if (!l->web)
		l->answer.outcome = other ? LOOKUP_SCHEME : LOOKUP_NO_URL;
	return RC_OK;
}

static void
add(struct search *s, const struct lack *new)
{
	struct lacks *out = s->out;
	struct lack *l;
	size_t i;

	for (i = 0; i < out->n; i++) {
		l = &out->v[i];
		if (l->kind == new->kind && lack_about(l) == lack_about(new)) {
			l->decides = (l->open && l->decides) || s->decides;
			l->open = true;
			return;
		}
	}
	/* The wire has room for no more, and nobody asks half as many questions. */
	if (s->rc != RC_OK || out->n == CAP_EVIDENCE ||
	    (s->rc = arena_grow(s->d->arena, &out->v, out->n, &out->cap, sizeof(*out->v))) != RC_OK)
		return;
	l = &out->v[out->n++];
	*l = *new;
	l->open = true;
	l->decides = s->decides;
	l->answer.outcome = LOOKUP_OPEN;
	l->answer.asked = l->answer.retry = WHEN_NONE;
	s->rc = find_web(l, s->d->arena);
}

/* An answer of today about it can count. */
static bool
in_time(const struct search *s, const struct cert *c)
{
	return xcv_within(c, s->run.now) || xcv_within(c, s->run.now - CAP_CLOCK_SKEW) ||
	       xcv_within(c, s->run.now + CAP_CLOCK_SKEW);
}

static void
add_status(struct search *s, const struct cert *c, const struct chain *path, size_t above)
{
	struct lack l = {.kind = LOOKUP_STATUS, .n = 1};

	l.certs[0] = c;
	for (; above < path->n && l.n < CAP_CHAIN; above++)
		l.certs[l.n++] = path->certs[above];
	add(s, &l);
}

/* One path that leads to an anchor; t: the time that it is judged at. */
static void
search_path(struct search *s, const struct chain *c, int64_t t)
{
	bool lacks[CAP_CHAIN] = {false};
	const struct cert *responder;
	size_t i;

	for (i = 0; i + 1 < c->n; i++) {
		lacks[i] = xcv_lacks(&s->run, c->certs[i], c->certs[i + 1], t);
		/* Then the rest can't help either. */
		if (lacks[i] && !in_time(s, c->certs[i]))
			return;
	}
	for (i = 0; i + 1 < c->n; i++) {
		if (!lacks[i])
			continue;
		add_status(s, c->certs[i], c, i + 1);
		responder = revocation_unconfirmed(
		    &s->d->evidence, &s->d->pool, c->certs[i], c->certs[i + 1]);
		if (responder != NULL && in_time(s, responder))
			add_status(s, responder, c, i + 1);
	}
}

/* A path that ends before an anchor, and not at somebody who issued himself. */
static void
search_issuer(struct search *s, const struct chain *c)
{
	struct lack l = {.kind = LOOKUP_ISSUER, .n = c->n};

	if (c->n == 0 || c->n == CAP_CHAIN || c->certs[c->n - 1]->self_issued)
		return;
	memcpy(l.certs, c->certs, c->n * sizeof(l.certs[0]));
	add(s, &l);
}

static void
search_paths(struct search *s, const struct cert *cert, enum anchor_purpose purpose, int64_t t)
{
	struct chain c;
	unsigned try;

	for (try = 0; s->rc == RC_OK && xcv_chain(s->d, cert, purpose, try, &c); try++)
		if (c.status == CHAIN_TRUSTED)
			search_path(s, &c, t);
		else if (c.status == CHAIN_UNTRUSTED)
			search_issuer(s, &c);
}

/* An authority of many timestamps is searched once. */
static void
search_stamp(struct search *s, const struct tstamp *t, const struct tst_result *v)
{
	size_t i;

	if (v->st.ind != IND_INDETERMINATE || t->findings != 0 || t->cert == NULL)
		return;
	for (i = 0; i < s->nseen; i++)
		if (s->seen[i] == t->cert)
			return;
	s->rc =
	    arena_grow(s->d->arena, &s->seen, s->nseen, &s->seen_cap, sizeof(const struct cert *));
	if (s->rc != RC_OK)
		return;
	s->seen[s->nseen++] = t->cert;
	search_paths(s, t->cert, ANCHOR_TSA, s->run.now);
}

/* Under one policy. */
static void
search_under(struct search *s, const struct judgement *v)
{
	const struct dossier *d = s->d;
	const struct dossier_sig *sig;
	size_t i, k;

	s->nseen = 0;
	for (i = 0; i < d->nsigs && s->rc == RC_OK; i++) {
		sig = &d->sigs[i];
		/* What format or cryptography decided, no evidence changes. */
		if (v[i].early)
			continue;
		if (sig->kind != CMS_TOKEN && sig->signer != NULL &&
		    v[i].st.ind == IND_INDETERMINATE)
			search_paths(s, sig->signer, ANCHOR_SIGNER, v[i].best);
		for (k = 0; k < sig->ntst && s->rc == RC_OK; k++)
			search_stamp(s, &sig->tst[k], &v[i].tst[k]);
	}
}

/* About a signature that people read, and that is not broken, there is no answer. */
static bool
undecided(const struct dossier *d, const struct judgement *v)
{
	size_t i;

	for (i = 0; i < d->nsigs; i++)
		if (d->sigs[i].kind != CMS_TOKEN && v[i].st.ind == IND_INDETERMINATE && !v[i].early)
			return true;
	return false;
}

enum rc
lack_find(struct dossier *d, const struct policy *policy, int64_t now,
    const struct judgement *chosen, const struct judgement *strict)
{
	struct search s = {.d = d, .rc = RC_OK};
	size_t i;

	if (d->lacks == NULL && (d->lacks = arena_alloc(d->arena, sizeof(*d->lacks))) == NULL)
		return RC_NOMEM;
	s.out = d->lacks;
	for (i = 0; i < s.out->n; i++)
		s.out->v[i].open = false;
	s.run = (struct run){d, policy, now};
	s.decides = undecided(d, chosen);
	search_under(&s, chosen);
	s.run.policy = policy_find("strict");
	s.decides = false;
	if (s.run.policy != policy)
		search_under(&s, strict);
	return s.rc;
}
