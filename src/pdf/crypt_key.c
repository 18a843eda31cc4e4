/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The standard security handler, ISO 32000-2, 7.6.4: its dictionary, and the way from a
 * password to the file's key.  It judges no permissions: who verifies shows nothing of
 * the content.
 */
#include <stdlib.h>
#include <string.h>

#include "caps.h"
#include "crypt_key.h"

#define V5_U 48 /* /U and /O of V 5: hash, salt to check with, salt of the key */

/* --- what the dictionary says --- */

enum method
crypt_method(const struct crypt *c, const struct obj *name)
{
	const struct obj *cfm;

	if (name->type == OBJ_NULL || obj_is_name(name, "Identity"))
		return METHOD_NONE;
	if (name->type != OBJ_NAME)
		return METHOD_UNKNOWN;
	cfm = obj_get(obj_get_bytes(c->cf, name->u.s), "CFM");
	if (c->v == 4 && obj_is_name(cfm, "V2"))
		return METHOD_RC4;
	if (c->v == 4 && obj_is_name(cfm, "AESV2"))
		return METHOD_AESV2;
	if (c->v == 5 && obj_is_name(cfm, "AESV3"))
		return METHOD_AESV3;
	return METHOD_UNKNOWN;
}

static bool
string(const struct obj *dict, const char *key, size_t len, struct pdf_bytes *out)
{
	const struct obj *o = obj_get(dict, key);

	/* Some writers fill up with zeros. */
	if (o->type != OBJ_STRING || o->u.s.len < len)
		return false;
	out->p = o->u.s.p;
	out->len = len;
	return true;
}

static bool
read_filters(struct crypt *c, const struct obj *dict)
{
	const struct obj *eff = obj_get(dict, "EFF");

	c->cf = obj_get(dict, "CF");
	if (c->v < 4) {
		c->strings = c->streams = c->files = METHOD_RC4;
		return true;
	}
	c->streams = crypt_method(c, obj_get(dict, "StmF"));
	c->strings = crypt_method(c, obj_get(dict, "StrF"));
	c->files = eff->type == OBJ_NULL ? c->streams : crypt_method(c, eff);
	return c->streams != METHOD_UNKNOWN && c->strings != METHOD_UNKNOWN;
}

/* False for what this reader does not know: all must be written in place. */
static bool
read_dict(struct crypt *c, const struct obj *dict, struct pdf_bytes id)
{
	const struct obj *v = obj_get(dict, "V"), *r = obj_get(dict, "R"),
			 *len = obj_get(dict, "Length"), *p = obj_get(dict, "P"),
			 *metadata = obj_get(dict, "EncryptMetadata");
	int64_t bits = len->type == OBJ_NULL ? 40 : len->type == OBJ_INT ? len->u.i : 0;
	size_t text;

	if (!obj_is_name(obj_get(dict, "Filter"), "Standard") || v->type != OBJ_INT ||
	    r->type != OBJ_INT || p->type != OBJ_INT || dict->dup_key ||
	    (metadata->type != OBJ_NULL && metadata->type != OBJ_BOOL))
		return false;
	c->v = v->u.i;
	c->r = r->u.i;
	c->id = id;
	/* Written as a signed or an unsigned number of 32 bits. */
	c->p = (uint32_t)(uint64_t)p->u.i;
	c->metadata = c->v < 4 || metadata->type != OBJ_BOOL || metadata->u.b;
	if ((c->v == 1 && (c->r == 2 || c->r == 3)) || (c->v == 2 && c->r == 2))
		c->key_len = 5;
	else if (c->v == 2 && c->r == 3 && bits >= 40 && bits <= 128 && bits % 8 == 0)
		c->key_len = (size_t)bits / 8;
	else if (c->v == 4 && c->r == 4)
		c->key_len = 16;
	else if (c->v == 5 && (c->r == 5 || c->r == 6))
		c->key_len = 32;
	else
		return false;
	text = c->v == 5 ? V5_U : 32;
	if (!string(dict, "O", text, &c->o) || !string(dict, "U", text, &c->u))
		return false;
	if (c->v == 5 && (!string(dict, "OE", 32, &c->oe) || !string(dict, "UE", 32, &c->ue)))
		return false;
	if (c->r == 6)
		(void)string(dict, "Perms", CIPHER_BLOCK, &c->perms);
	return read_filters(c, dict);
}

/* --- passwords of R 2 to 4: algorithms 2 to 7 --- */

static const uint8_t pad[32] = {0x28, 0xbf, 0x4e, 0x5e, 0x4e, 0x75, 0x8a, 0x41, 0x64, 0x00, 0x4e,
    0x56, 0xff, 0xfa, 0x01, 0x08, 0x2e, 0x2e, 0x00, 0xb6, 0xd0, 0x68, 0x3e, 0x80, 0x2f, 0x0c, 0xa9,
    0xfe, 0x64, 0x53, 0x69, 0x7a};

static void
padded(uint8_t out[32], struct pdf_bytes password)
{
	size_t len = password.len < 32 ? password.len : 32;

	/* cppcheck-suppress knownConditionTrueFalse ; the empty password is one of several */
	if (len != 0)
		memcpy(out, password.p, len);
	memcpy(out + len, pad, 32 - len);
}

/* 50 times more, for R 3 and 4. */
static enum rc
again(const struct crypt *c, uint8_t digest[CIPHER_DIGEST], size_t len)
{
	struct pdf_bytes in = {digest, len};
	enum rc rc = RC_OK;
	unsigned i;

	for (i = 0; rc == RC_OK && c->r >= 3 && i < 50; i++)
		rc = cipher_md5(c->cipher, &in, 1, digest);
	return rc;
}

/* RC4 with the key, and for R 3 and 4 with 19 more that are made of it. */
static void
rc4_turns(const struct crypt *c, const uint8_t *key, uint8_t *p, size_t len, bool back)
{
	unsigned i, n = c->r >= 3 ? 20 : 1;
	uint8_t k[KEY_MAX];
	struct rc4 r;
	size_t b;

	for (i = 0; i < n; i++) {
		for (b = 0; b < c->key_len; b++)
			k[b] = key[b] ^ (uint8_t)(back ? n - 1 - i : i);
		rc4_init(&r, k, c->key_len);
		rc4_run(&r, p, p, len);
	}
	explicit_bzero(k, sizeof(k));
	explicit_bzero(&r, sizeof(r));
}

/* Algorithms 2, 4, 5 and 6: RC_ABSENT if this user password, padded, does not open it. */
static enum rc
open_user(struct crypt *c, const uint8_t password[32])
{
	const uint8_t p[4] = {
	    (uint8_t)c->p, (uint8_t)(c->p >> 8), (uint8_t)(c->p >> 16), (uint8_t)(c->p >> 24)};
	const struct pdf_bytes in[] = {{password, 32}, c->o, {p, 4}, c->id,
	    {(const uint8_t *)"\xff\xff\xff\xff", c->r >= 4 && !c->metadata ? 4 : 0}};
	const struct pdf_bytes check[] = {{pad, 32}, c->id};
	uint8_t key[CIPHER_DIGEST], u[CIPHER_DIGEST];
	size_t len = c->r >= 3 ? 16 : 32;
	enum rc rc;

	if ((rc = cipher_md5(c->cipher, in, 5, key)) != RC_OK ||
	    (rc = again(c, key, c->key_len)) != RC_OK)
		goto out;
	if (c->r >= 3)
		rc = cipher_md5(c->cipher, check, 2, u);
	else
		memcpy(u, pad, sizeof(pad));
	if (rc != RC_OK)
		goto out;
	rc4_turns(c, key, u, len, false);
	rc = RC_ABSENT;
	if (memcmp(u, c->u.p, len) == 0) {
		memcpy(c->key, key, c->key_len);
		rc = RC_OK;
	}
out:
	explicit_bzero(key, sizeof(key));
	return rc;
}

/* Algorithm 7: the owner's password hides the user's. */
static enum rc
open_owner(struct crypt *c, const uint8_t password[32])
{
	const struct pdf_bytes in = {password, 32};
	uint8_t key[CIPHER_DIGEST], user[32];
	enum rc rc;

	if ((rc = cipher_md5(c->cipher, &in, 1, key)) != RC_OK || (rc = again(c, key, 16)) != RC_OK)
		goto out;
	memcpy(user, c->o.p, sizeof(user));
	rc4_turns(c, key, user, sizeof(user), true);
	rc = open_user(c, user);
out:
	explicit_bzero(key, sizeof(key));
	explicit_bzero(user, sizeof(user));
	return rc;
}

static enum rc
open_old(struct crypt *c, struct pdf_bytes password)
{
	uint8_t p[32];
	enum rc rc;

	padded(p, password);
	if ((rc = open_user(c, p)) == RC_ABSENT)
		rc = open_owner(c, p);
	explicit_bzero(p, sizeof(p));
	return rc;
}

/*
 * PDFDocEncoding, which these revisions use, is Latin-1 where people type.
 * False if there is nothing to convert or no way to.
 */
static bool
latin(struct pdf_bytes utf8, uint8_t out[CAP_PASSWORD], size_t *len)
{
	bool other = false;
	size_t i;
	uint8_t a;

	*len = 0;
	for (i = 0; i < utf8.len; i++) {
		a = utf8.p[i];
		if (a >= 0x80) {
			if ((a != 0xc2 && a != 0xc3) || i + 1 == utf8.len ||
			    (utf8.p[i + 1] & 0xc0) != 0x80)
				return false;
			a = (uint8_t)(a << 6 | (utf8.p[++i] & 0x3f));
			other = true;
		}
		out[(*len)++] = a;
	}
	return other;
}

/* --- passwords of R 5 and 6: algorithms 2.A and 2.B --- */

/* The sum of the first 16 octets modulo 3 is that of the number, as 256 is 1 more than 255. */
static enum cipher_digest
next_digest(const uint8_t *e)
{
	unsigned i, sum = 0;

	for (i = 0; i < 16; i++)
		sum += e[i];
	return sum % 3 == 0 ? CIPHER_SHA256 : sum % 3 == 1 ? CIPHER_SHA384 : CIPHER_SHA512;
}

/* One round: AES over 64 copies of password, k and u, and the hash that the result names. */
static enum rc
hash_round(struct crypt *c, struct pdf_bytes password, uint8_t k[CIPHER_DIGEST], size_t *k_len,
    struct pdf_bytes u, uint8_t *work, uint8_t *last)
{
	size_t len = password.len + *k_len + u.len, i;
	struct pdf_bytes in;
	enum rc rc;

	if (password.len != 0)
		memcpy(work, password.p, password.len);
	memcpy(work + password.len, k, *k_len);
	if (u.len != 0)
		memcpy(work + password.len + *k_len, u.p, u.len);
	for (i = 1; i < 64; i++)
		memcpy(work + i * len, work, len);
	len *= 64;
	if ((rc = cipher_aes_key(c->cipher, true, k, 16)) != RC_OK ||
	    (rc = cipher_aes(c->cipher, k + 16, work, work, len)) != RC_OK)
		return rc;
	*last = work[len - 1];
	in.p = work;
	in.len = len;
	return cipher_digest(c->cipher, next_digest(work), &in, 1, k, k_len);
}

/* Of password, salt (8 octets) and u (none for the user's). */
static enum rc
hash_v5(struct crypt *c, struct pdf_bytes password, const uint8_t *salt, struct pdf_bytes u,
    uint8_t out[32])
{
	const size_t work_len = 64 * (CAP_PASSWORD + CIPHER_DIGEST + V5_U);
	const struct pdf_bytes in[] = {password, {salt, 8}, u};
	uint8_t k[CIPHER_DIGEST], *work = NULL, last = 0;
	size_t k_len;
	unsigned i;
	enum rc rc;

	if ((rc = cipher_digest(c->cipher, CIPHER_SHA256, in, 3, k, &k_len)) != RC_OK || c->r == 5)
		goto out;
	if ((work = malloc(work_len)) == NULL) {
		rc = RC_NOMEM;
		goto out;
	}
	for (i = 0; i < 64 || last > i - 32; i++) {
		if (i == CAP_HASH_ROUNDS) {
			rc = RC_CRYPTO;
			goto out;
		}
		if ((rc = hash_round(c, password, k, &k_len, u, work, &last)) != RC_OK)
			goto out;
	}
out:
	if (rc == RC_OK)
		memcpy(out, k, 32);
	if (work != NULL)
		explicit_bzero(work, work_len);
	free(work);
	explicit_bzero(k, sizeof(k));
	return rc;
}

/* With a vector of zeros. */
static enum rc
aes256(struct crypt *c, const uint8_t key[32], struct pdf_bytes in, uint8_t *out)
{
	static const uint8_t iv[CIPHER_BLOCK];
	enum rc rc = cipher_aes_key(c->cipher, false, key, 32);

	return rc != RC_OK ? rc : cipher_aes(c->cipher, iv, in.p, out, in.len);
}

/* check: /U or /O; sealed: /UE or /OE; u: /U for the owner's. */
static enum rc
open_with(struct crypt *c, struct pdf_bytes password, struct pdf_bytes check,
    struct pdf_bytes sealed, struct pdf_bytes u)
{
	uint8_t k[32];
	enum rc rc;

	if ((rc = hash_v5(c, password, check.p + 32, u, k)) != RC_OK)
		return rc;
	if (memcmp(k, check.p, 32) != 0)
		return RC_ABSENT;
	if ((rc = hash_v5(c, password, check.p + 40, u, k)) == RC_OK)
		rc = aes256(c, k, sealed, c->key);
	explicit_bzero(k, sizeof(k));
	return rc;
}

static enum rc
open_v5(struct crypt *c, struct pdf_bytes password)
{
	const struct pdf_bytes none = {NULL, 0};
	enum rc rc = open_with(c, password, c->u, c->ue, none);

	return rc == RC_ABSENT ? open_with(c, password, c->o, c->oe, c->u) : rc;
}

/* Algorithm 13: /Perms repeats what could be changed without the key. */
static enum rc
check_perms(struct crypt *c)
{
	uint8_t b[CIPHER_BLOCK];
	enum rc rc;

	c->bad_perms = true;
	if (c->perms.len != sizeof(b))
		return RC_OK;
	/* A single block with a vector of zeros: the same as without chaining. */
	if ((rc = aes256(c, c->key, c->perms, b)) != RC_OK)
		return rc;
	c->bad_perms = memcmp(b + 9, "adb", 3) != 0 || b[8] != (c->metadata ? 'T' : 'F') ||
		       ((uint32_t)b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 |
			   (uint32_t)b[3] << 24) != c->p;
	return RC_OK;
}

/* RC_ABSENT if this password opens nothing. */
static enum rc
try_password(struct crypt *c, struct pdf_bytes password)
{
	uint8_t text[CAP_PASSWORD];
	struct pdf_bytes other;
	enum rc rc;

	if (password.len > CAP_PASSWORD)
		password.len = CAP_PASSWORD;
	if (c->v == 5)
		return open_v5(c, password);
	rc = open_old(c, password);
	other.p = text;
	if (rc == RC_ABSENT && latin(password, text, &other.len))
		rc = open_old(c, other);
	explicit_bzero(text, sizeof(text));
	return rc;
}

enum rc
crypt_open(
    struct crypt *c, const struct obj *dict, struct pdf_bytes id, const struct pdf_bytes *password)
{
	struct pdf_bytes empty = {NULL, 0};
	enum rc rc;

	if (!(c->known = read_dict(c, dict, id)))
		return RC_OK;
	rc = try_password(c, empty);
	if (rc == RC_ABSENT && password != NULL)
		rc = try_password(c, *password);
	c->open = rc == RC_OK;
	if (c->open && c->r == 6)
		rc = check_perms(c);
	return rc == RC_ABSENT ? RC_OK : rc;
}
