/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A CMS as each kind of signature: spans lie inside the message or the arena's
 * copies, limits hold, and what is unusable is never intact.
 */
#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "caps.h"
#include "cert.h"
#include "cms.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

/* Every octet can be read: AddressSanitizer judges. */
static void
touch(struct der d)
{
	static volatile uint8_t sum;
	size_t i;

	for (i = 0; i < d.len; i++)
		sum = (uint8_t)(sum + d.p[i]);
}

static void
touch_all(const struct der *v, size_t n, size_t limit)
{
	size_t i;

	if (n > limit)
		abort();
	for (i = 0; i < n; i++)
		touch(v[i]);
}

static void
check(const struct cms *cms, struct der contents)
{
	const struct der spans[] = {cms->whole, cms->econtent_type, cms->econtent, cms->sid_issuer,
	    cms->sid_serial, cms->sid_ski, cms->signed_attrs, cms->message_digest, cms->signature,
	    cms->policy_id, cms->ess_hash, cms->ess_issuer, cms->ess_serial, cms->ess_v1_hash};

	touch_all(spans, sizeof(spans) / sizeof(spans[0]), SIZE_MAX);
	touch_all(cms->certs, cms->ncerts, CAP_CMS_CERTS);
	touch_all(cms->crls, cms->ncrls, CAP_CMS_CRLS);
	touch_all(cms->ocsps, cms->nocsps, CAP_EVIDENCE);
	touch_all(cms->attr_crls, cms->nattr_crls, CAP_EVIDENCE);
	touch_all(cms->sig_ts, cms->nsig_ts, CAP_TIMESTAMPS);
	touch_all(cms->content_ts, cms->ncontent_ts, CAP_TIMESTAMPS);
	if (cms->whole.len > contents.len || (cms->whole.len != 0 && cms->whole.p != contents.p))
		abort();
	if (cms->has_attrs && !der_strict(cms->signed_attrs))
		abort();
}

static void
judge(struct cms *cms, enum cms_kind kind, struct arena *a)
{
	static const uint8_t zeros[HASH_SIZE_MAX];
	struct cert_cache *cache = cert_cache_new();
	const struct cert *signer;
	struct cert_pool pool;
	enum cms_check got;
	bool from_cms;
	size_t i, n;

	if (cache == NULL)
		return;
	cert_pool_init(&pool, cache, a);
	for (i = 0; i < cms->ncerts; i++)
		(void)cert_pool_add(&pool, cms->certs[i], CERT_FROM_CMS, NULL);
	signer = cms_signer(cms, &pool, &from_cms);
	n = kind == CMS_SHA1 ? hash_size(HASH_SHA1) : hash_size(cms->digest);
	got = cms_verify(cms, kind, signer, zeros, n);
	if (got == CMS_INTACT &&
	    (signer == NULL || (cms->findings & (CMS_C1_SIGNED_DATA | CMS_C9_ENCODING |
						    CMS_C6_ALGORITHM | CMS_C6_UNSUPPORTED)) != 0))
		abort();
	cert_cache_free(cache);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static const enum cms_kind kinds[] = {CMS_DETACHED, CMS_SHA1, CMS_TOKEN};
	struct der contents = {data, len};
	struct arena *a;
	struct cms *cms;
	size_t i;

	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if ((a = arena_new(CAP_ARENA)) == NULL)
			return 0;
		if (cms_parse(&cms, a, contents, kinds[i]) == RC_OK) {
			check(cms, contents);
			judge(cms, kinds[i], a);
		}
		arena_free(a);
	}
	return 0;
}
