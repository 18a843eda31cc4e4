/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whatever an OCSP response says, its parts lie inside it. */
#include "ocsp.h"
#include "when.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void
inside(const uint8_t *data, size_t len, struct der d)
{
	if (d.len != 0 && (d.p < data || d.len > len || (size_t)(d.p - data) > len - d.len))
		__builtin_trap();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct der d = {data, len};
	struct arena *a = arena_new(8 << 20);
	struct ocsp o;
	size_t i;

	if (a == NULL || ocsp_parse(&o, a, d) != RC_OK)
		goto out;
	inside(data, len, o.tbs);
	inside(data, len, o.sig_alg);
	inside(data, len, o.sig);
	inside(o.tbs.p, o.tbs.len, o.by_name);
	inside(o.tbs.p, o.tbs.len, o.by_key);
	for (i = 0; i < o.ncerts; i++)
		inside(data, len, o.certs[i]);
	for (i = 0; i < o.nsingles; i++) {
		inside(o.tbs.p, o.tbs.len, o.singles[i].name_hash);
		inside(o.tbs.p, o.tbs.len, o.singles[i].key_hash);
		inside(o.tbs.p, o.tbs.len, o.singles[i].serial);
		inside(o.tbs.p, o.tbs.len, o.singles[i].cert_hash);
		if ((o.singles[i].status == OCSP_REVOKED) != (o.singles[i].revoked_at != WHEN_NONE))
			__builtin_trap();
	}
out:
	arena_free(a);
	return 0;
}
