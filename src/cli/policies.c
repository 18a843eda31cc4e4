/* SPDX-License-Identifier: GPL-3.0-or-later */
/* conf/policy.conf of the program's folder. */
#include <string.h>

#include "cli.h"
#include "home.h"
#include "policy.h"

enum rc
cli_policies(void)
{
	char path[4096];
	struct buf log;
	enum rc rc = RC_ABSENT;

	buf_init(&log, 1u << 12);
	if (home_path("conf/policy.conf", path, sizeof(path)) != NULL)
		rc = policy_load(path, &log);
	if (rc != RC_OK && rc != RC_ABSENT)
		cli_fail("%.*s", (int)strcspn(buf_text(&log), "\n"), buf_text(&log));
	buf_clear(&log);
	return rc;
}
