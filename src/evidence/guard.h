/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef GUARD_H
#define GUARD_H

#include <sys/socket.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "evidence_conf.h"
#include "lookup.h"

/*
 * Where the fetcher may go (SSRF): asked for the address in a certificate, for each redirect,
 * for each network address of its host, and once more for the one that is connected to.
 */

struct guard {
	const struct evidence_conf *conf;
	char *const *hosts; /* allowed names, in small letters */
	size_t nhosts;
};

/* An address of the web, taken apart.  Everything is lower case but the target. */
struct guard_url {
	bool https;
	uint16_t port;
	char host[254];     /* a name without final dot, or a literal address without brackets */
	bool literal;       /* host is an address */
	char url[2049];     /* as it may be asked: normalised, no fragment */
	char name[254 + 8]; /* host, with ":port" unless it is the scheme's own: for people */
};

/*
 * LOOKUP_OPEN and *out, if its host may be looked up; or why not: LOOKUP_SCHEME, LOOKUP_NOT_LISTED,
 * LOOKUP_FORBIDDEN (port, user name in it, odd characters, a literal address that is
 * no public one, names as localhost).  url: len untrusted octets.
 */
enum lookup_outcome guard_url(
    const struct guard *g, const char *url, size_t len, struct guard_url *out);
/* The network address may be connected to: public unicast, or a test's loopback port. */
bool guard_address(const struct guard *g, const struct sockaddr *sa, socklen_t len);

#endif /* GUARD_H */
