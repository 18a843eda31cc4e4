/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lookup.h"

const char *
lookup_outcome_name(enum lookup_outcome o)
{
	static const char *const names[LOOKUP__MAX] = {
	    [LOOKUP_ANSWERED] = "answered",
	    [LOOKUP_NO_URL] = "no_url",
	    [LOOKUP_SCHEME] = "scheme_not_supported",
	    [LOOKUP_NOT_LISTED] = "host_not_listed",
	    [LOOKUP_FORBIDDEN] = "address_forbidden",
	    [LOOKUP_NO_PATH] = "no_trusted_path",
	    [LOOKUP_UNREACHABLE] = "unreachable",
	    [LOOKUP_SLOW] = "too_slow",
	    [LOOKUP_REFUSED] = "refused",
	    [LOOKUP_UNKNOWN] = "unknown_certificate",
	    [LOOKUP_NONSENSE] = "malformed",
	    [LOOKUP_UNAUTHENTIC] = "not_authentic",
	    [LOOKUP_STALE] = "out_of_date",
	    [LOOKUP_TOO_LARGE] = "too_large",
	    [LOOKUP_LIMIT] = "limit",
	    [LOOKUP_NOBODY] = "not_available",
	};

	return (unsigned)o < LOOKUP__MAX ? names[o] : NULL;
}
