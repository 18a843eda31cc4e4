/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The BER walker: every span lies inside its parent, every element takes something. */
#include <stdlib.h>
#include <string.h>

#include "algo.h"
#include "caps.h"
#include "der.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void
inside(struct der child, struct der parent)
{
	if (child.p < parent.p || child.len > parent.len ||
	    (size_t)(child.p - parent.p) > parent.len - child.len)
		abort();
}

static void
leaf(struct der d)
{
	char text[64];
	uint64_t v;

	if (der_oid_text(d, text, sizeof(text))) {
		if (strlen(text) >= sizeof(text) || !der_oid_is(d, text))
			abort();
	} else if (text[0] != '\0')
		abort();
	(void)der_uint(d, &v);
}

static void
element(struct der_tlv t, struct der before, struct der after)
{
	struct sig_algo algo;

	inside(t.whole, before);
	inside(t.body, t.whole);
	if (t.whole.len < 2 || after.len != before.len - t.whole.len || t.tag == 0)
		abort();
	if (der_strict(t.whole) && t.indefinite)
		abort();
	if (hash_parse(t.whole) >= HASH__MAX)
		abort();
	if (!sig_algo_parse(t.whole, &algo) && algo.scheme != SCHEME_NONE)
		abort();
}

static void
walk(struct der in)
{
	struct der open[CAP_DER_DEPTH] = {in}, before;
	struct der_tlv t;
	size_t depth = 1;

	while (depth > 0) {
		before = open[depth - 1];
		if (!der_next(&open[depth - 1], &t)) {
			if (t.whole.len != 0 || t.whole.p != NULL ||
			    open[depth - 1].p != before.p || open[depth - 1].len != before.len)
				abort();
			depth--;
			continue;
		}
		element(t, before, open[depth - 1]);
		if ((t.tag & 0x20) == 0)
			leaf(t.body);
		else if (depth < CAP_DER_DEPTH)
			open[depth++] = t.body;
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct der in = {data, len};

	/* Each level of indefinite lengths reads its content once more. */
	if (len <= 64u << 10)
		walk(in);
	(void)der_strict(in);
	return 0;
}
