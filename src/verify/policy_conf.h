/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef POLICY_CONF_H
#define POLICY_CONF_H

#include <stddef.h>

#include "buf.h"
#include "caps.h"
#include "policy.h"
#include "rc.h"

/* octets of an id or a version, NUL included: what a request has room for */
#define POLICY_TEXT 32

struct policy_set {
	struct policy v[CAP_POLICIES];
	size_t n;
	char text[CAP_POLICY_CONF + 1]; /* ids and versions point into it */
};

/*
 * Read policy.conf (len bytes, at most CAP_POLICY_CONF).  RC_OK: out holds
 * "strict", without any difference, "nasional", and whatever else it defines.
 * RC_FORMAT with one line in *log at the first thing that is not understood: an unknown or
 * doubled key, a value that is none, a difference without its reason, a
 * reason without its difference.  out then holds nothing to be used.
 */
enum rc policy_conf_parse(struct policy_set *out, const char *text, size_t len, struct buf *log);

#endif /* POLICY_CONF_H */
