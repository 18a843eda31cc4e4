/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The two policies.  `nasional` exists because no archive timestamps are put
 * on Indonesian letters, while their first root (2026-08-18) and the timestamp
 * authority's certificate of 2023 (2026-09-01) have expired, and because
 * BSrE's OCSP responder states no nextUpdate.
 */
#include <string.h>

#include "policy.h"

static const struct policy policies[] = {
    {"nasional", "1", true, true, true, true},
    {"strict", "1", false, false, false, false},
};

const struct policy *
policy_find(const char *id)
{
	size_t i;

	if (id == NULL)
		return &policies[0];
	for (i = 0; i < sizeof(policies) / sizeof(policies[0]); i++)
		if (strcmp(policies[i].id, id) == 0)
			return &policies[i];
	return NULL;
}
