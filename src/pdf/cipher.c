/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * OpenSSL's AES and digests, each fetched once.  RC4 is our own: in OpenSSL 3 it
 * is in the legacy provider, a module that a sealed process can't load.
 */
#include <stdlib.h>

#include <openssl/evp.h>

#include "cipher.h"

struct cipher {
	EVP_CIPHER *aes128, *aes256;
	EVP_CIPHER_CTX *ctx;
	EVP_MD *md[CIPHER__MAX];
	EVP_MD_CTX *md_ctx;
	int encrypt;
};

void
cipher_free(struct cipher *c)
{
	size_t i;

	if (c == NULL)
		return;
	EVP_CIPHER_free(c->aes128);
	EVP_CIPHER_free(c->aes256);
	EVP_CIPHER_CTX_free(c->ctx); /* wipes the key */
	for (i = 0; i < CIPHER__MAX; i++)
		EVP_MD_free(c->md[i]);
	EVP_MD_CTX_free(c->md_ctx);
	free(c);
}

enum rc
cipher_new(struct cipher **out)
{
	static const char *const digests[CIPHER__MAX] = {"MD5", "SHA256", "SHA384", "SHA512"};
	struct cipher *c;
	bool good = true;
	size_t i;

	*out = NULL;
	if ((c = calloc(1, sizeof(*c))) == NULL)
		return RC_NOMEM;
	c->aes128 = EVP_CIPHER_fetch(NULL, "AES-128-CBC", NULL);
	c->aes256 = EVP_CIPHER_fetch(NULL, "AES-256-CBC", NULL);
	c->ctx = EVP_CIPHER_CTX_new();
	c->md_ctx = EVP_MD_CTX_new();
	for (i = 0; i < CIPHER__MAX; i++) {
		c->md[i] = EVP_MD_fetch(NULL, digests[i], NULL);
		good = good && c->md[i] != NULL;
	}
	if (!good || c->aes128 == NULL || c->aes256 == NULL || c->ctx == NULL ||
	    c->md_ctx == NULL) {
		cipher_free(c);
		return RC_CRYPTO;
	}
	*out = c;
	return RC_OK;
}

enum rc
cipher_digest(struct cipher *c, enum cipher_digest which, const struct pdf_bytes *v, size_t n,
    uint8_t *out, size_t *len)
{
	unsigned int got;
	size_t i;

	*len = 0;
	if (EVP_DigestInit_ex(c->md_ctx, c->md[which], NULL) != 1)
		return RC_CRYPTO;
	for (i = 0; i < n; i++) {
		if (v[i].len != 0 && EVP_DigestUpdate(c->md_ctx, v[i].p, v[i].len) != 1)
			return RC_CRYPTO;
	}
	if (EVP_DigestFinal_ex(c->md_ctx, out, &got) != 1)
		return RC_CRYPTO;
	*len = got;
	return RC_OK;
}

enum rc
cipher_md5(struct cipher *c, const struct pdf_bytes *v, size_t n, uint8_t out[CIPHER_DIGEST])
{
	size_t len;

	return cipher_digest(c, CIPHER_MD5, v, n, out, &len);
}

enum rc
cipher_aes_key(struct cipher *c, bool encrypt, const uint8_t *key, size_t len)
{
	const EVP_CIPHER *aes = len == 32 ? c->aes256 : len == 16 ? c->aes128 : NULL;

	c->encrypt = encrypt;
	if (aes == NULL || EVP_CipherInit_ex(c->ctx, aes, NULL, key, NULL, encrypt) != 1)
		return RC_CRYPTO;
	return RC_OK;
}

enum rc
cipher_aes(
    struct cipher *c, const uint8_t iv[CIPHER_BLOCK], const uint8_t *in, uint8_t *out, size_t len)
{
	int n;

	if (len > INT32_MAX || len % CIPHER_BLOCK != 0 ||
	    EVP_CipherInit_ex(c->ctx, NULL, NULL, NULL, iv, c->encrypt) != 1 ||
	    EVP_CIPHER_CTX_set_padding(c->ctx, 0) != 1 ||
	    EVP_CipherUpdate(c->ctx, out, &n, in, (int)len) != 1 || (size_t)n != len)
		return RC_CRYPTO;
	return RC_OK;
}

void
rc4_init(struct rc4 *r, const uint8_t *key, size_t len)
{
	unsigned i, j = 0;
	uint8_t t;

	for (i = 0; i < 256; i++)
		r->s[i] = (uint8_t)i;
	for (i = 0; i < 256; i++) {
		t = r->s[i];
		j = (j + t + key[i % len]) & 0xff;
		r->s[i] = r->s[j];
		r->s[j] = t;
	}
	r->i = r->j = 0;
}

void
rc4_run(struct rc4 *r, const uint8_t *in, uint8_t *out, size_t len)
{
	uint8_t a, b;
	size_t n;

	for (n = 0; n < len; n++) {
		a = r->s[++r->i];
		r->j = (uint8_t)(r->j + a);
		b = r->s[r->j];
		r->s[r->i] = b;
		r->s[r->j] = a;
		out[n] = in[n] ^ r->s[(uint8_t)(a + b)];
	}
}
