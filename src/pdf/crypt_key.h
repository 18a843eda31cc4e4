/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CRYPT_KEY_H
#define CRYPT_KEY_H

#include "cipher.h"
#include "object.h"

/* How an encrypted document is opened; crypt.c alone uses it. */

#define KEY_MAX 32 /* octets of a file's key */

enum method { METHOD_NONE, METHOD_RC4, METHOD_AESV2, METHOD_AESV3, METHOD_UNKNOWN };

/* What the dictionary says; strings point into it. */
struct crypt {
	int64_t v, r;
	size_t key_len;
	uint32_t p;
	bool metadata; /* is encrypted, too */
	enum method strings, streams, files;
	struct pdf_bytes o, u, oe, ue, perms, id;
	const struct obj *cf;
	bool known, open, bad_perms;
	uint8_t key[KEY_MAX];
	struct cipher *cipher;
};

/*
 * Read the dictionary into c, whose cipher is there, and try the empty password and this one,
 * if any.  RC_OK: c->known and c->open tell what came of it; RC_NOMEM, RC_CRYPTO.
 */
enum rc crypt_open(
    struct crypt *c, const struct obj *dict, struct pdf_bytes id, const struct pdf_bytes *password);
/* What a crypt filter of this name does. */
enum method crypt_method(const struct crypt *c, const struct obj *name);

#endif /* CRYPT_KEY_H */
