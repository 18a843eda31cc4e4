/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PORTALCONF_H
#define PORTALCONF_H

#include "caps.h"

/* conf/portal.conf and PERIKSA_PUBLIC_URL: what the portal knows about itself. */
struct portalconf {
	char public_url[CAP_PAPER_ADDRESS + 1]; /* without "/" at its end; "": not configured */
	int hour, minute;                       /* when the night's work begins, local time */
};

/* CLI_OK, or CLI_TROUBLE with a line on standard error: an address that is none, a line that says
 * nothing that is known, no such file. */
int portalconf_read(struct portalconf *c);

#endif /* PORTALCONF_H */
