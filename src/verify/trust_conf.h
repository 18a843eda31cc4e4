/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TRUST_CONF_H
#define TRUST_CONF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arena.h"
#include "buf.h"
#include "rc.h"

/* anchors.conf: what an operator has written about each certificate of a trust folder. */

#define TRUST_CONF "anchors.conf"

enum trust_role {
	TRUST_ROLE_NONE,
	TRUST_ROOT,   /* an anchor, self-signed */
	TRUST_PINNED, /* an anchor whoever issued it, as trust lists name them */
	TRUST_CA,     /* these help to build paths and are trusted for nothing */
	TRUST_TSA,
	TRUST_OCSP,
	TRUST_ROLE__MAX
};

/* One section: [file name] and its keys.  Texts that it does not have are NULL. */
struct trust_entry {
	const char *file;
	const char *name; /* shown in reports; NULL only for helpers */
	enum trust_role role;
	unsigned purposes; /* enum anchor_purpose bits; 0 unless an anchor */
	uint8_t sha256[32];
	/*
	 * Its validity: an anchor vouches for what is proven to be of this time.  WHEN_NONE: no
	 * limit but the certificate's own.
	 */
	int64_t from, until;
	/*
	 * From then on its operator trusts it no more, though it be valid: nothing newer
	 * counts, what is proven to be older still does.  WHEN_NONE: no such day.
	 */
	int64_t sunset;
	const char *source, *approved; /* where it was found; who compared it, and when */
	/* What may be asked on the network about what it has issued, as in struct trust. */
	char **hosts, **issuer_urls;
	size_t nhosts, nissuer_urls;
};

struct trust_conf {
	struct trust_entry *v;
	size_t n;
};

/*
 * Read the text (len bytes).  Keys: sha256, name, role (root | pinned | ca | tsa | ocsp), purpose
 * (signer, tsa), from, until, sunset (RFC 3339 or a date), source, approved (or confirmed, its
 * older name), hosts, issuers.  A section with a line that is not understood, without a
 * fingerprint or role, or with a purpose that its role can't have is left out
 * and said in *log.  RC_OK or RC_NOMEM; *out and its texts are the arena's.
 */
enum rc trust_conf_parse(
    struct trust_conf **out, struct arena *a, const char *text, size_t len, struct buf *log);
/* The section of that file; NULL if it has none. */
const struct trust_entry *trust_conf_find(const struct trust_conf *c, const char *file);

/* "root", "ca", …; NULL for none. */
const char *trust_role_name(enum trust_role role);
/* That name's role, or TRUST_ROLE_NONE. */
enum trust_role trust_role_parse(const char *s);
/* Whether a certificate of that role is trusted itself. */
bool trust_role_anchors(enum trust_role role);
/* "signer, tsa" into bits; false if it is no such list.  "" is none. */
bool trust_purposes_parse(const char *s, unsigned *out);
/* "signer, tsa"; "" for none. */
const char *trust_purposes_name(unsigned purposes);
/*
 * A fingerprint as people type it: 64 hexadecimal digits of either case, with blanks and
 * colons between them.  False (and *out undefined) if it is anything else.
 */
bool trust_fingerprint_parse(const char *s, uint8_t out[32]);
/* When the entry's trust ends: the earlier of until and sunset, WHEN_NONE without either. */
int64_t trust_entry_end(const struct trust_entry *e);

#endif /* TRUST_CONF_H */
