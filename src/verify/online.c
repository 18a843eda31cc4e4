/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Asks for what is lacking, and puts what comes beside what the document brought.  It believes
 * nothing: an answer is another piece of evidence.
 */
#include <string.h>

#include "caps.h"
#include "online.h"
#include "when.h"

/* Those not asked yet, the ones that decide first; their number. */
static size_t
choose(struct lacks *all, struct lack *out[CAP_LOOKUPS])
{
	struct lack *l;
	size_t i, n = 0;
	int pass;

	for (pass = 0; pass < 2; pass++)
		for (i = 0; i < all->n; i++) {
			l = &all->v[i];
			if (!l->open || !l->web || l->asked || l->decides != (pass == 0))
				continue;
			if (all->asked + n < CAP_LOOKUPS)
				out[n++] = l;
			else
				l->answer.outcome = LOOKUP_LIMIT;
		}
	all->asked += n;
	return n;
}

void
online_question(struct lookup_question *q, const struct lack *l)
{
	size_t i;

	q->kind = l->kind;
	q->ncerts = l->n;
	for (i = 0; i < l->n; i++)
		q->certs[i] = (struct lookup_octets){l->certs[i]->der.p, l->certs[i]->der.len};
}

/* What is no certificate is left out; what found no room might have said something. */
static enum rc
take_part(struct dossier *d, const struct lookup_part *p, int64_t asked)
{
	struct der der = {p->der.p, p->der.len};
	enum rc rc;

	if (p->kind == LOOKUP_CERT)
		rc = cert_pool_add(&d->pool, der, CERT_FROM_NET, NULL);
	else
		rc = evidence_pool_add_online(&d->evidence, der, p->kind == LOOKUP_CRL, asked);
	if (rc == RC_TOOBIG)
		d->evidence_capped = true;
	return rc == RC_NOMEM ? RC_NOMEM : RC_OK;
}

static enum rc
take(struct dossier *d, const struct lookup_answer *v, size_t n, int64_t now)
{
	enum rc rc = RC_OK;
	size_t i, k;

	for (i = 0; i < n; i++)
		for (k = 0; rc == RC_OK && k < v[i].nparts; k++)
			rc = take_part(
			    d, &v[i].parts[k], v[i].asked != WHEN_NONE ? v[i].asked : now);
	return rc;
}

enum rc
online_ask(struct dossier *d, const struct lookup *lookup, int64_t now, bool *news)
{
	size_t evidence = d->evidence.n, certs = d->pool.n, n, i;
	struct lookup_question *questions;
	struct lack *lacks[CAP_LOOKUPS];
	struct lookup_answer *answers;
	enum rc rc;

	*news = false;
	if (!lacks_decide(d->lacks) || d->lacks->rounds == CAP_LOOKUP_ROUNDS ||
	    (n = choose(d->lacks, lacks)) == 0)
		return RC_OK;
	d->lacks->rounds++;
	questions = arena_array(d->arena, n, sizeof(*questions));
	answers = arena_array(d->arena, n, sizeof(*answers));
	if (questions == NULL || answers == NULL)
		return RC_NOMEM;
	for (i = 0; i < n; i++)
		online_question(&questions[i], lacks[i]);
	rc = lookup->ask(lookup->ctx, d->arena, questions, n, answers);
	for (i = 0; i < n; i++) {
		if (rc != RC_OK)
			answers[i] = (struct lookup_answer){
			    .outcome = LOOKUP_NOBODY, .asked = WHEN_NONE, .retry = WHEN_NONE};
		lacks[i]->asked = true;
		lacks[i]->answer = answers[i];
	}
	if ((rc = take(d, answers, n, now)) != RC_OK)
		return rc;
	if (d->pool.n > certs)
		d->chains = NULL; /* there may be other paths now */
	*news = d->pool.n > certs || d->evidence.n > evidence;
	return RC_OK;
}
