/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TRUST_CONF_H
#define TRUST_CONF_H

#include <stddef.h>
#include <stdint.h>

#include "arena.h"
#include "buf.h"
#include "rc.h"

/* anchors.conf: what an operator has written about each certificate of a trust folder. */

#define TRUST_CONF "anchors.conf"

enum trust_role { TRUST_ROLE_NONE, TRUST_ROOT, TRUST_CA, TRUST_TSA, TRUST_OCSP };

/* One section: [file name] and its keys. */
struct trust_entry {
	const char *file;
	const char *name; /* shown in reports; NULL only for helpers */
	enum trust_role role;
	unsigned purposes; /* enum anchor_purpose bits; 0 unless a root */
	uint8_t sha256[32];
	int64_t from, until; /* WHEN_NONE: no limit */
};

struct trust_conf {
	struct trust_entry *v;
	size_t n;
};

/*
 * Read the text (len bytes).  Keys: sha256, name, role (root | ca | tsa |
 * ocsp), purpose (signer, tsa), from, until (RFC 3339 or a date), source,
 * confirmed.  A section with a line that is not understood, without a
 * fingerprint or role, or with a purpose that its role can't have is left out
 * and said in *log.  RC_OK or RC_NOMEM; *out and its texts are the arena's.
 */
enum rc trust_conf_parse(
    struct trust_conf **out, struct arena *a, const char *text, size_t len, struct buf *log);
/* The section of that file; NULL if it has none. */
const struct trust_entry *trust_conf_find(const struct trust_conf *c, const char *file);

#endif /* TRUST_CONF_H */
