/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a conf that is understood sets lies within its limits; else it is the defaults. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "evidence_conf.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct evidence_conf c, def;
	struct buf log;

	buf_init(&log, 1u << 16);
	evidence_conf_default(&def);
	if (evidence_conf_parse(&c, (const char *)data, len, &log) != RC_OK) {
		if (c.any_host != def.any_host || c.ntest_ports != 0 || c.test_dns[0] != '\0' ||
		    log.len == 0)
			abort();
	} else if (c.deadline_ms < 100 || c.deadline_ms > 20000 || c.answer_seconds > 86400 ||
		   c.keep_seconds < 86400 || c.keep_seconds > 30 * 86400 || c.failure_seconds < 1 ||
		   c.failure_seconds > 600 || c.cache_bytes < 8u << 20 ||
		   c.cache_bytes > 4096ull << 20 ||
		   memchr(c.test_dns, '\0', sizeof(c.test_dns)) == NULL)
		abort();
	buf_clear(&log);
	return 0;
}
