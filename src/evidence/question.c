/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * From certificates to whom to ask.  Whoever sends a question may be taken over: nothing in it
 * counts but certificates that lead to an anchor of our own, by signatures verified here.
 * Time is not judged: of an expired certificate, too, it may matter whether it was revoked.
 */
#include <string.h>

#include "chain.h"
#include "order.h"
#include "question.h"

/* SHA-256 over a label and parts, each after its length. */
static bool
make_key(uint8_t out[QUESTION_KEY], const char *label, const struct der *parts, size_t n)
{
	uint8_t md[HASH_SIZE_MAX];
	struct buf b;
	size_t i, len = 0;

	buf_init(&b, 4 * CAP_CERT);
	buf_str(&b, label);
	for (i = 0; i < n; i++) {
		buf_u32(&b, (uint32_t)parts[i].len);
		buf_put(&b, parts[i].p, parts[i].len);
	}
	if (buf_rc(&b) == RC_OK)
		len = hash_span(HASH_SHA256, (struct der){b.p, b.len}, md);
	buf_clear(&b);
	if (len == QUESTION_KEY)
		memcpy(out, md, QUESTION_KEY);
	return len == QUESTION_KEY;
}

/* The question's certificates and our helpers; the first of them in *first, the last in *last. */
static enum rc
fill_pool(struct question *q, struct arena *a, const struct trust *t,
    const struct lookup_question *lq, const struct cert **last)
{
	enum rc rc;
	size_t i;

	cert_pool_init(&q->pool, t->cache, a);
	for (i = 0; i < lq->ncerts; i++) {
		rc = cert_pool_add(
		    &q->pool, (struct der){lq->certs[i].p, lq->certs[i].len}, CERT_FROM_CMS, last);
		if (rc != RC_OK)
			return rc == RC_NOMEM ? rc : RC_FORMAT;
		if (i == 0)
			q->cert = *last;
	}
	for (i = 0; i < t->nhelpers; i++)
		if (cert_pool_add_cert(&q->pool, t->helpers[i], CERT_FROM_STORE) == RC_NOMEM)
			return RC_NOMEM;
	return RC_OK;
}

/*
 * A path has each name once, but for a CA that vouches for its own new key (RFC 5280, 3.2).  More
 * would only make the search for a path long.
 */
static bool
names_repeat(const struct cert_pool *p, size_t n)
{
	size_t i, k, same = 0;

	for (i = 0; i < n && i < p->n; i++)
		for (k = 0; k < i; k++)
			same += cert_name_equal(p->certs[i]->subject, p->certs[k]->subject);
	return same > 1;
}

/* The issuer on a path to an anchor, for whatever purpose; NULL: there is no such path. */
static const struct cert *
find_issuer(const struct question *q, const struct trust *t)
{
	static const enum anchor_purpose purposes[] = {ANCHOR_SIGNER, ANCHOR_TSA};
	struct chain chain;
	size_t i;

	for (i = 0; i < 2; i++)
		if (chain_build(&chain, &q->pool, &t->anchors, q->cert, purposes[i], 0) &&
		    chain.status == CHAIN_TRUSTED && chain.n >= 2)
			return chain.certs[1];
	return NULL;
}

unsigned
question_rank(enum lookup_outcome o)
{
	static const enum lookup_outcome order[] = {LOOKUP_OPEN, LOOKUP_NO_URL, LOOKUP_SCHEME,
	    LOOKUP_NOT_LISTED, LOOKUP_FORBIDDEN, LOOKUP_REFUSED, LOOKUP_UNREACHABLE, LOOKUP_SLOW,
	    LOOKUP_TOO_LARGE, LOOKUP_STALE, LOOKUP_NONSENSE, LOOKUP_UNAUTHENTIC, LOOKUP_UNKNOWN};
	unsigned i;

	for (i = 0; i < sizeof(order) / sizeof(order[0]); i++)
		if (order[i] == o)
			return i;
	return i;
}

/* Why an address is not asked, if that tells more than what is known already. */
static void
refuse(struct question *q, enum lookup_outcome why, const char *url)
{
	if (question_rank(why) <= question_rank(q->outcome))
		return;
	q->outcome = why;
	q->refused = url;
}

static bool
is_listed(const struct trust *t, const char *url)
{
	size_t i;

	for (i = 0; i < t->nissuer_urls; i++)
		if (strcmp(t->issuer_urls[i], url) == 0)
			return true;
	return false;
}

/* Addresses of one kind that may be asked. */
static enum rc
take_urls(struct question *q, struct arena *a, const struct trust *t, const struct guard *g,
    const struct cert *c, enum cert_url kind, struct question_url *out, size_t *nout)
{
	enum lookup_outcome o;
	struct guard_url url;
	char **v;
	size_t n, i;
	enum rc rc;

	if ((rc = cert_other_urls(c, kind, a, &v, &n)) != RC_OK)
		return rc;
	if (n > 0)
		refuse(q, LOOKUP_SCHEME, v[0]);
	if ((rc = cert_urls(c, kind, a, &v, &n)) != RC_OK)
		return rc;
	for (i = 0; i < n && *nout < CAP_FETCH_URLS; i++) {
		o = guard_url(g, v[i], strlen(v[i]), &url);
		if (o == LOOKUP_OPEN && kind == CERT_URL_CA && !is_listed(t, v[i]))
			o = LOOKUP_NOT_LISTED;
		if (o == LOOKUP_OPEN)
			out[(*nout)++].url = v[i];
		else
			refuse(q, o, v[i]);
	}
	return RC_OK;
}

/* A list is what this CA says at this address. */
static bool
list_keys(struct question *q)
{
	struct der parts[3] = {q->issuer->spki, q->issuer->subject};
	size_t i;

	for (i = 0; i < q->ncrl; i++) {
		parts[2] = (struct der){(const uint8_t *)q->crl[i].url, strlen(q->crl[i].url)};
		if (!make_key(q->crl[i].key, "list", parts, 3))
			return false;
	}
	return true;
}

static enum rc
read_status(struct question *q, struct arena *a, const struct trust *t, const struct guard *g)
{
	struct der parts[3];
	enum rc rc;

	if ((q->issuer = find_issuer(q, t)) == NULL) {
		q->outcome = LOOKUP_NO_PATH;
		return RC_OK;
	}
	parts[0] = q->issuer->spki;
	parts[1] = q->issuer->subject;
	parts[2] = q->cert->serial;
	if (!make_key(q->key, "status", parts, 3))
		return RC_NOMEM;
	rc = take_urls(q, a, t, g, q->cert, CERT_URL_OCSP, q->ocsp, &q->nocsp);
	if (rc == RC_OK)
		rc = take_urls(q, a, t, g, q->cert, CERT_URL_CRL, q->crl, &q->ncrl);
	if (rc == RC_OK && !list_keys(q))
		rc = RC_NOMEM;
	return rc;
}

/* The path can't be built yet, so its addresses count only if the operator lists them whole. */
static enum rc
read_issuer(struct question *q, struct arena *a, const struct trust *t, const struct guard *g)
{
	struct der parts[CAP_FETCH_URLS];
	enum rc rc;
	size_t i;

	if ((rc = take_urls(q, a, t, g, q->cert, CERT_URL_CA, q->issuers, &q->nissuers)) != RC_OK)
		return rc;
	/* Anybody can write a certificate that names these: it is what lies there, whoever asks. */
	for (i = 0; i < q->nissuers; i++)
		parts[i] =
		    (struct der){(const uint8_t *)q->issuers[i].url, strlen(q->issuers[i].url)};
	return make_key(q->key, "issuer", parts, q->nissuers) ? RC_OK : RC_NOMEM;
}

enum rc
question_read(struct question *q, struct arena *a, const struct trust *t, const struct guard *g,
    const void *p, size_t len)
{
	struct lookup_question lq;
	const struct cert *last = NULL;
	enum rc rc;

	memset(q, 0, sizeof(*q));
	if ((rc = order_get_question(&lq, p, len)) != RC_OK ||
	    (rc = fill_pool(q, a, t, &lq, &last)) != RC_OK)
		return rc;
	q->kind = lq.kind;
	q->outcome = LOOKUP_OPEN;
	if (names_repeat(&q->pool, lq.ncerts)) {
		q->outcome = LOOKUP_NO_PATH;
		return RC_OK;
	}
	if (q->kind == LOOKUP_ISSUER) {
		q->cert = last;
		rc = read_issuer(q, a, t, g);
	} else
		rc = read_status(q, a, t, g);
	if (rc != RC_OK)
		return rc;
	if (q->nocsp + q->ncrl + q->nissuers > 0)
		q->outcome = LOOKUP_OPEN;
	else if (q->outcome == LOOKUP_OPEN)
		q->outcome = LOOKUP_NO_URL;
	return RC_OK;
}
