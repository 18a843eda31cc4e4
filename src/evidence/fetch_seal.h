/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FETCH_SEAL_H
#define FETCH_SEAL_H

#include <stdbool.h>
#include <stddef.h>

#include "rc.h"

/*
 * What `periksa-fetch` may still do once it has started: talk to the network and to
 * those who hold its streams, and write into its own folders.
 *
 * Two walls: Landlock (files: only below the folders, and no programs; connections by TCP only to
 * ports of the web and of name servers, where the kernel can tell) and a list of system calls
 * (no program, no process, no thread, no listening, only sockets of IPv4 and IPv6).
 */

struct fetch_seal {
	const int *folders; /* open descriptors of folders; -1 is passed over */
	size_t nfolders;
	const unsigned short *ports; /* of TCP beside 80, 443 and 53: those of a test */
	size_t nports;
};

/*
 * After fetch_new(), when the folders are open and the anchors read.  Descriptors that are open
 * stay usable.  RC_OK; *files false: the kernel has no Landlock, so that no file can be opened from
 * here on, in whatever folder.  Anything else: the process must end.
 */
enum rc fetch_seal(const struct fetch_seal *s, bool *files);

#endif /* FETCH_SEAL_H */
