/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whatever a CRL says, its parts lie inside it, and each listed number is found. */
#include "crl.h"

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
	struct der d = {data, len}, list;
	struct der_tlv entry, serial;
	struct arena *a = arena_new(8 << 20);
	struct crl_entry found;
	struct crl c;
	int n = 0;

	if (a == NULL || crl_parse(&c, d) != RC_OK)
		goto out;
	inside(data, len, c.tbs);
	inside(data, len, c.sig_alg);
	inside(data, len, c.sig);
	inside(c.tbs.p, c.tbs.len, c.issuer);
	inside(c.tbs.p, c.tbs.len, c.entries);
	inside(c.tbs.p, c.tbs.len, c.aki);
	inside(c.tbs.p, c.tbs.len, c.idp_point);
	for (list = c.entries; n < 16 && list.len != 0; n++) {
		if (!der_next(&list, &entry) || !der_expect(&entry.body, DER_INTEGER, &serial) ||
		    !crl_lookup(&c, a, serial.body, &found))
			__builtin_trap();
	}
out:
	arena_free(a);
	return 0;
}
