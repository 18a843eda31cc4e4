/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What decodes as a report encodes to the very same bytes, so that two readers
 * of one answer can't see two reports.  Any other input must leave no report.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "caps.h"
#include "wire.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct report *r;
	struct buf b;

	if (wire_decode(&r, data, len) != RC_OK) {
		if (r != NULL)
			abort();
		return 0;
	}
	buf_init(&b, CAP_WIRE);
	wire_encode(&b, r);
	if (buf_rc(&b) != RC_OK || b.len != len || memcmp(b.p, data, len) != 0)
		abort();
	buf_clear(&b);
	report_free(r);
	return 0;
}
