/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A catalog's /DSS and its objects, as an update of a signed letter: collected and judged. */
#include <stdlib.h>
#include <string.h>

#include "around.h"
#include "caps.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

/* Each value once; and what was judged to be evidence alone looks like it. */
static void
list(const struct pdf_evidence *v, size_t n, size_t most, size_t largest, bool clean)
{
	size_t i, k;

	if (n > most)
		abort();
	for (i = 0; i < n; i++) {
		if (v[i].der.len == 0 || v[i].der.len > largest || v[i].revision != 2)
			abort();
		if (clean && v[i].der.p[0] != 0x30)
			abort();
		for (k = 0; k < i; k++) {
			if (v[i].der.len == v[k].der.len &&
			    memcmp(v[i].der.p, v[k].der.p, v[i].der.len) == 0)
				abort();
		}
	}
}

static enum pdf_modification
survey(const struct around *a, struct arena *arena)
{
	struct pdf_survey s;
	struct source src;
	bool clean;

	source_memory(&src, a->b.p, a->b.len);
	if (pdf_survey(&s, arena, &src, NULL) != RC_OK || s.nsigs == 0)
		return PDF_MOD_OTHER;
	clean = s.sigs[0].modification <= PDF_MOD_LTA_UPDATES;
	/* Bytes behind the signature are never nothing. */
	if (s.sigs[0].revision == 1 && s.sigs[0].modification == PDF_MOD_NONE)
		abort();
	if (s.revisions == 2) {
		list(s.dss.certs, s.dss.ncerts, CAP_CERTS, CAP_CERT, clean);
		list(s.dss.ocsps, s.dss.nocsps, CAP_EVIDENCE, CAP_OCSP, clean);
		list(s.dss.crls, s.dss.ncrls, CAP_EVIDENCE, CAP_CRL, clean);
		list(s.dss.vri_ts, s.dss.nvri_ts, CAP_TIMESTAMPS, CAP_TOKEN, clean);
	}
	return s.sigs[0].modification;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct pdf_bytes v[AROUND_PARTS];
	enum pdf_modification level[2];
	struct arena *arena;
	struct around a;
	size_t i, n = around_split(data, len, v);

	around_build(&a, v, n, true);
	for (i = 0; i < 2 && buf_rc(&a.b) == RC_OK; i++) {
		arena = arena_new(64u << 20);
		level[i] = survey(&a, arena);
		arena_free(arena);
		if (level[i] != level[0])
			abort();
	}
	buf_clear(&a.b);
	return 0;
}
