/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A question, and what a host sends as the answer to it.  The input: an octet that says as what it
 * is weighed, then with its length each, the only anchor and the question; the rest is the
 * answer.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "rd.h"
#include "trust.h"
#include "when.h"
#include "worth.h"

#define NOW 1793491200ll

static struct der
take(struct rd *r)
{
	uint32_t len = rd_u32(r);

	return (struct der){rd_bytes(r, len), len};
}

static void
weigh(struct question *q, const struct trust *t, uint8_t how, const struct rd *r)
{
	enum lookup_outcome o;
	int64_t until = 0;
	struct buf out;

	buf_init(&out, CAP_FETCH_ISSUERS);
	if (q->kind == LOOKUP_ISSUER) {
		o = worth_issuer(q, t, r->p, r->left, &out);
		if ((o == LOOKUP_ANSWERED) != (out.len > 0))
			abort();
	} else if (q->issuer != NULL) {
		o = how == 0 ? worth_ocsp(q, r->p, r->left, NULL, NOW, &until)
			     : worth_crl(q, r->p, r->left, NOW, &until);
		if (o == LOOKUP_ANSWERED && until != WHEN_NONE && until < NOW - CAP_CLOCK_SKEW)
			abort();
	}
	buf_clear(&out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct anchor anchor = {.purposes = ANCHOR_SIGNER, .from = WHEN_NONE, .until = WHEN_NONE};
	struct trust trust = {.anchors = {&anchor, 1}};
	struct arena *a = arena_new(64u << 20);
	struct evidence_conf conf;
	struct guard guard = {.conf = &conf};
	struct der root, octets;
	struct question q;
	struct rd r;
	uint8_t how;

	evidence_conf_default(&conf);
	conf.any_host = true;
	rd_init(&r, data, len);
	how = rd_u8(&r) & 1;
	root = take(&r);
	octets = take(&r);
	if (a == NULL || !rd_ok(&r) || (trust.cache = cert_cache_new()) == NULL)
		goto out;
	if (cert_cache_get(trust.cache, root, true, &anchor.cert) == RC_OK &&
	    question_read(&q, a, &trust, &guard, octets.p, octets.len) == RC_OK)
		weigh(&q, &trust, how, &r);
out:
	cert_cache_free(trust.cache);
	arena_free(a);
	return 0;
}
