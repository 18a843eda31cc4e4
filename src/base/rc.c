/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names of our own failures, for logs. */
#include "rc.h"

const char *
rc_str(enum rc rc)
{
	switch (rc) {
	case RC_OK:
		return "ok";
	case RC_NOMEM:
		return "out of memory";
	case RC_IO:
		return "system call failed";
	case RC_TOOBIG:
		return "limit reached";
	case RC_SHORT:
		return "input too short";
	case RC_FORMAT:
		return "malformed input";
	case RC_CRYPTO:
		return "crypto library refused";
	case RC_ABSENT:
		return "not there";
	case RC_BUSY:
		return "busy";
	case RC__MAX:
		break;
	}
	return "unknown failure";
}
