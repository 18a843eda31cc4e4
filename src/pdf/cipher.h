/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CIPHER_H
#define CIPHER_H

#include <stdbool.h>

#include "pdf.h"

/* The ciphers and digests that encrypted documents are made with. */
struct cipher;

enum cipher_digest { CIPHER_MD5, CIPHER_SHA256, CIPHER_SHA384, CIPHER_SHA512, CIPHER__MAX };

#define CIPHER_BLOCK  16 /* octets of an AES block */
#define CIPHER_DIGEST 64 /* of the longest digest */

/* RC_OK, RC_NOMEM or RC_CRYPTO; *out is then NULL. */
enum rc cipher_new(struct cipher **out);
void cipher_free(struct cipher *c); /* takes NULL */

/* Of all these octets after one another.  Room for CIPHER_DIGEST; RC_OK, RC_CRYPTO. */
enum rc cipher_digest(struct cipher *c, enum cipher_digest which, const struct pdf_bytes *v,
    size_t n, uint8_t *out, size_t *len);
enum rc cipher_md5(
    struct cipher *c, const struct pdf_bytes *v, size_t n, uint8_t out[CIPHER_DIGEST]);

/*
 * AES-CBC without padding: a key of 16 or 32 octets for all that follows, then whole blocks;
 * in and out may be the same.  RC_OK, RC_CRYPTO.
 */
enum rc cipher_aes_key(struct cipher *c, bool encrypt, const uint8_t *key, size_t len);
enum rc cipher_aes(
    struct cipher *c, const uint8_t iv[CIPHER_BLOCK], const uint8_t *in, uint8_t *out, size_t len);

/* RC4; RFC 6229 has test vectors.  in and out may be the same. */
struct rc4 {
	uint8_t s[256], i, j;
};
void rc4_init(struct rc4 *r, const uint8_t *key, size_t len);
void rc4_run(struct rc4 *r, const uint8_t *in, uint8_t *out, size_t len);

#endif /* CIPHER_H */
