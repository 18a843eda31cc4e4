/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CRYPTMAKE_H
#define CRYPTMAKE_H

#include <openssl/evp.h>

#include "cipher.h"
#include "pdfmake.h"

/*
 * The other side of the reader's decryption: dictionaries of the standard security handler,
 * strings and streams made with them (ISO 32000-2, 7.6.4), with fixed salts and vectors.
 */
struct cm {
	int v, r;
	unsigned key_len;
	bool aes;
	bool clear_metadata;
	uint8_t key[32], o[48], u[48], oe[32], ue[32], perms[16];
};

#define CM_ID "0123456789abcdef"
#define CM_P  (-44)

static inline void
cm_digest(const char *name, const struct buf *b, uint8_t *out)
{
	EVP_MD *md = EVP_MD_fetch(NULL, name, NULL);

	assert_non_null(md);
	assert_int_equal(EVP_Digest(b->p, b->len, out, NULL, md, NULL), 1);
	EVP_MD_free(md);
}

static inline void
cm_aes(const uint8_t *key, unsigned key_len, const uint8_t *iv, const void *in, size_t len,
    uint8_t *out)
{
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	int n;

	assert_int_equal(EVP_EncryptInit_ex(ctx,
			     key_len == 32 ? EVP_aes_256_cbc() : EVP_aes_128_cbc(), NULL, key, iv),
	    1);
	EVP_CIPHER_CTX_set_padding(ctx, 0);
	assert_int_equal(EVP_EncryptUpdate(ctx, out, &n, in, (int)len), 1);
	assert_int_equal(n, len);
	EVP_CIPHER_CTX_free(ctx);
}

static inline void
cm_pad(struct buf *b, const char *password)
{
	static const uint8_t pad[] =
	    "\x28\xbf\x4e\x5e\x4e\x75\x8a\x41\x64\x00\x4e\x56\xff\xfa\x01\x08"
	    "\x2e\x2e\x00\xb6\xd0\x68\x3e\x80\x2f\x0c\xa9\xfe\x64\x53\x69\x7a";
	size_t len = strlen(password) < 32 ? strlen(password) : 32;

	buf_put(b, password, len);
	buf_put(b, pad, 32 - len);
}

/* MD5, and 50 times again where the revision says so. */
static inline void
cm_old_key(const struct cm *c, struct buf *b, unsigned len, uint8_t out[16])
{
	unsigned i;

	cm_digest("MD5", b, out);
	for (i = 0; c->r >= 3 && i < 50; i++) {
		b->len = 0;
		buf_put(b, out, len);
		cm_digest("MD5", b, out);
	}
	buf_clear(b);
}

static inline void
cm_old_rc4(const struct cm *c, const uint8_t *key, uint8_t *p, size_t len)
{
	uint8_t k[16];
	struct rc4 r;
	unsigned i, b;

	for (i = 0; i < (c->r >= 3 ? 20u : 1u); i++) {
		for (b = 0; b < c->key_len; b++)
			k[b] = (uint8_t)(key[b] ^ i);
		rc4_init(&r, k, c->key_len);
		rc4_run(&r, p, p, len);
	}
}

static inline void
cm_old(struct cm *c, const char *user, const char *owner)
{
	uint8_t key[16];
	struct buf b;

	buf_init(&b, 4096);
	cm_pad(&b, owner);
	cm_old_key(c, &b, 16, key);
	cm_pad(&b, user);
	memcpy(c->o, b.p, 32);
	buf_clear(&b);
	cm_old_rc4(c, key, c->o, 32);
	cm_pad(&b, user);
	buf_put(&b, c->o, 32);
	buf_put(&b, "\xd4\xff\xff\xff", 4);
	buf_str(&b, CM_ID);
	if (c->r >= 4 && c->clear_metadata)
		buf_put(&b, "\xff\xff\xff\xff", 4);
	cm_old_key(c, &b, c->key_len, c->key);
	cm_pad(&b, "");
	memset(c->u, 0, sizeof(c->u));
	if (c->r >= 3) {
		buf_str(&b, CM_ID);
		cm_digest("MD5", &b, c->u);
	} else {
		memcpy(c->u, b.p, 32);
	}
	buf_clear(&b);
	cm_old_rc4(c, c->key, c->u, c->r >= 3 ? 16 : 32);
}

/* Algorithm 2.B, as the standard tells it. */
static inline void
cm_hash(const struct cm *c, const char *password, const uint8_t *salt, const uint8_t *u,
    uint8_t out[32])
{
	static const char *const names[] = {"SHA256", "SHA384", "SHA512"};
	uint8_t k[64], *e;
	size_t k_len = 32;
	unsigned i, n, mod;
	struct buf b;

	buf_init(&b, 1u << 16);
	buf_str(&b, password);
	buf_put(&b, salt, 8);
	buf_put(&b, u, u == NULL ? 0 : 48);
	cm_digest("SHA256", &b, k);
	for (n = 0; c->r == 6; n++) {
		buf_clear(&b);
		for (i = 0; i < 64; i++) {
			buf_str(&b, password);
			buf_put(&b, k, k_len);
			buf_put(&b, u, u == NULL ? 0 : 48);
		}
		e = malloc(b.len);
		cm_aes(k, 16, k + 16, b.p, b.len, e);
		memcpy(b.p, e, b.len);
		free(e);
		for (mod = 0, i = 0; i < 16; i++)
			mod = (mod * 256 + b.p[i]) % 3;
		cm_digest(names[mod], &b, k);
		k_len = 32 + 16 * mod;
		if (n >= 63 && b.p[b.len - 1] <= n + 1 - 32)
			break;
	}
	buf_clear(&b);
	memcpy(out, k, 32);
}

static inline void
cm_new_password(struct cm *c, const char *password, const char *salts, const uint8_t *u,
    uint8_t out[48], uint8_t sealed[32])
{
	static const uint8_t iv[16];
	uint8_t k[32];

	memcpy(out + 32, salts, 16);
	cm_hash(c, password, out + 32, u, out);
	cm_hash(c, password, out + 40, u, k);
	cm_aes(k, 32, iv, c->key, 32, sealed);
}

static inline void
cm_new(struct cm *c, const char *user, const char *owner)
{
	static const uint8_t iv[16];

	memcpy(c->key, "a key of thirty-two octets, yes.", 32);
	cm_new_password(c, user, "saltsaltSALTSALT", NULL, c->u, c->ue);
	cm_new_password(c, owner, "garamgarGARAMGAR", c->u, c->o, c->oe);
	memcpy(c->perms, "\xd4\xff\xff\xff\xff\xff\xff\xff?adb1234", 16);
	c->perms[8] = c->clear_metadata ? 'F' : 'T';
	cm_aes(c->key, 32, iv, c->perms, 16, c->perms);
}

/* Set v, r, key_len, aes and clear_metadata before. */
static inline void
cm_init(struct cm *c, const char *user, const char *owner)
{
	if (c->v == 5)
		cm_new(c, user, owner);
	else
		cm_old(c, user, owner);
}

/* The dictionary's text; more goes into it. */
static inline const char *
cm_dict(const struct cm *c, struct buf *b, const char *more)
{
	size_t len = c->v == 5 ? 48 : 32;

	buf_init(b, 4096);
	buf_printf(b, "<</Filter/Standard/V %d/R %d/Length %u/P %d%s/O<", c->v, c->r,
	    c->key_len * 8, CM_P, c->clear_metadata ? "/EncryptMetadata false" : "");
	buf_hex(b, c->o, len);
	buf_str(b, ">/U<");
	buf_hex(b, c->u, len);
	if (c->v == 5) {
		buf_str(b, ">/OE<");
		buf_hex(b, c->oe, 32);
		buf_str(b, ">/UE<");
		buf_hex(b, c->ue, 32);
		buf_str(b, ">/Perms<");
		buf_hex(b, c->perms, 16);
	}
	buf_str(b, ">");
	if (c->v >= 4)
		buf_printf(b,
		    "/CF<</StdCF<</CFM/%s/AuthEvent/DocOpen/Length %u>>>>/StmF/StdCF/StrF/StdCF",
		    c->v == 5 ? "AESV3"
		    : c->aes  ? "AESV2"
			      : "V2",
		    c->key_len);
	buf_printf(b, "%s>>", more);
	return buf_text(b);
}

/* Octets of object num (generation 0), encrypted, behind what b holds; iv: the vector's first. */
static inline void
cm_put(const struct cm *c, struct buf *b, unsigned num, const void *p, size_t len, uint8_t first)
{
	uint8_t key[32], iv[16] = {first, 1, 2, 3}, *out;
	unsigned key_len = c->key_len;
	size_t padded = (len / 16 + 1) * 16;
	struct rc4 r;
	struct buf k;

	assert_non_null(out = malloc(padded + 1));
	memcpy(out, p, len);
	memset(out + len, (int)(padded - len), padded - len);
	memcpy(key, c->key, 32);
	if (c->v < 5) {
		buf_init(&k, 64);
		buf_put(&k, c->key, c->key_len);
		buf_u8(&k, (uint8_t)num);
		buf_put(&k, "\0\0\0", 4);
		if (c->aes)
			buf_str(&k, "sAlT");
		cm_digest("MD5", &k, key);
		buf_clear(&k);
		key_len = c->key_len + 5 < 16 ? c->key_len + 5 : 16;
	}
	if (c->aes) {
		cm_aes(key, key_len, iv, out, padded, out);
		buf_put(b, iv, 16);
		buf_put(b, out, padded);
	} else {
		rc4_init(&r, key, key_len);
		rc4_run(&r, out, out, len);
		buf_put(b, out, len);
	}
	free(out);
}

/* A string of object num as "<...>", behind what b holds. */
static inline void
cm_string(const struct cm *c, struct buf *b, unsigned num, const char *text)
{
	struct buf s;

	buf_init(&s, 4096);
	cm_put(c, &s, num, text, strlen(text), 9);
	buf_str(b, "<");
	buf_hex(b, s.p, s.len);
	buf_str(b, ">");
	buf_clear(&s);
}

/*
 * Object num: text, in which each "\1...\2" is a string to be encrypted.  data, if
 * any, makes it a stream, of which keys is the rest of the dictionary.
 */
static inline void
cm_obj(const struct cm *c, struct pm *m, unsigned num, const char *text)
{
	struct buf b;
	const char *p = text, *from;
	char s[256];

	buf_init(&b, 1u << 16);
	while ((from = strchr(p, '\1')) != NULL) {
		buf_put(&b, p, (size_t)(from - p));
		if ((p = strchr(from, '\2')) == NULL)
			abort();
		assert_true((size_t)(p - from) < sizeof(s));
		memcpy(s, from + 1, (size_t)(p - from) - 1);
		s[p - from - 1] = '\0';
		cm_string(c, &b, num, s);
		p++;
	}
	buf_str(&b, p);
	pm_obj(m, num, buf_text(&b));
	buf_clear(&b);
}

/* A stream of these octets; iv as in cm_put(), and data is left as it is if c is NULL. */
static inline void
cm_stream(const struct cm *c, struct pm *m, unsigned num, const char *keys, const char *data,
    size_t len, uint8_t iv)
{
	struct buf b;

	buf_init(&b, 1u << 16);
	if (c != NULL)
		cm_put(c, &b, num, data, len, iv);
	else
		buf_put(&b, data, len);
	m->off[num] = m->b.len;
	m->dirty[num] = true;
	buf_printf(&m->b, "%u 0 obj\n<</Length %zu%s>>\nstream\n", num, b.len, keys);
	buf_put(&m->b, b.p, b.len);
	buf_str(&m->b, "\nendstream\nendobj\n");
	buf_clear(&b);
}

#endif /* CRYPTMAKE_H */
