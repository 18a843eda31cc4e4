/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whatever a QR holds: the host is printable, ends, and has its domain in it. */
#include <assert.h>
#include <string.h>

#include "weblink.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static const struct weblink_lists lists = {"provcontoh.go.id, bsre.example", "bit.ly"};
	struct weblink w;
	size_t i, n;

	weblink_read(&w, data, len, &lists);
	n = strnlen(w.host, sizeof(w.host));
	assert(n < sizeof(w.host) && w.domain <= n && strnlen(w.scheme, sizeof(w.scheme)) < 16);
	for (i = 0; i < n; i++)
		assert(w.host[i] > ' ' && w.host[i] < 0x7f);
	assert(w.kind == WEBLINK_WEB || (w.host[0] == '\0' && w.reasons == 0));
	return 0;
}
