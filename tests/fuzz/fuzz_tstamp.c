/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A timestamp token: only findings say what is wrong, and times are in range. */
#include <stdlib.h>

#include "arena.h"
#include "caps.h"
#include "cert.h"
#include "tstamp.h"
#include "when.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static const uint8_t zeros[HASH_SIZE_MAX];
	struct der token = {data, len};
	struct arena *a = arena_new(CAP_ARENA);
	struct cert_cache *cache = cert_cache_new();
	struct cert_pool pool;
	struct tstamp t;
	char text[WHEN_TEXT];
	size_t i;

	if (a == NULL || cache == NULL || tstamp_parse(&t, a, token) != RC_OK)
		goto out;
	if (t.findings == 0 && (t.imprint.len != hash_size(t.imprint_hash) || t.imprint.len == 0 ||
				   when_format(t.gen_time, text)[0] == '\0' || t.accuracy < 0))
		abort();
	cert_pool_init(&pool, cache, a);
	for (i = 0; i < t.cms->ncerts; i++)
		(void)cert_pool_add(&pool, t.cms->certs[i], CERT_FROM_TST, NULL);
	(void)tstamp_check(&t, &pool, zeros, hash_size(t.imprint_hash));
	/* zeros are the digest of nothing that anybody knows */
	if (t.findings == 0 && !der_equal(t.imprint, (struct der){zeros, t.imprint.len}))
		abort();
	if (t.findings == 0 && t.cert == NULL)
		abort();
out:
	cert_cache_free(cache);
	arena_free(a);
	return 0;
}
