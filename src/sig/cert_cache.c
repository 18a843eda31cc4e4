/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Every certificate of the process once, found by the SHA-256 of its bytes,
 * with what was learned about it: OpenSSL's decoding of it, its key, whose
 * key signed it, which whole paths hold.  Learned facts depend on bytes alone,
 * never on time or trust.
 */
#include <stdlib.h>
#include <string.h>

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include "caps.h"
#include "cert_cache.h"
#include "key.h"

#define BUCKETS   4096u
#define LINKS_MAX 32 /* remembered issuers of one certificate; a real one has one or two */

/* Whether the key of issuer signed the certificate that this hangs on. */
struct link {
	struct link *next;
	const struct cert *issuer;
	bool good;
};

struct node {
	struct cert cert; /* first: a struct cert of the cache is its node */
	struct node *next;
	bool keep, x509_tried, key_tried, has_key_sha1;
	X509 *x509;
	EVP_PKEY *key; /* a reference of its own */
	struct link *links;
	unsigned nlinks;
	uint8_t key_sha1[20];
	uint8_t bytes[];
};

struct cert_cache {
	struct node *bucket[BUCKETS];
	size_t n;
	unsigned pk_left;
	bool pk_short;
	struct path_memo *paths[CERT_PATHS];
	X509_STORE *store;
};

static struct node *
node_of(const struct cert *c)
{
	union {
		const struct cert *c;
		struct node *n;
	} u = {.c = c};

	return u.n;
}

static void
links_free(struct node *n)
{
	struct link *l, *next;

	for (l = n->links; l != NULL; l = next) {
		next = l->next;
		free(l);
	}
	n->links = NULL;
	n->nlinks = 0;
}

static void
node_free(struct node *n)
{
	links_free(n);
	EVP_PKEY_free(n->key);
	X509_free(n->x509);
	free(n);
}

struct cert_cache *
cert_cache_new(void)
{
	struct cert_cache *c = calloc(1, sizeof(*c));

	if (c != NULL)
		c->pk_left = CAP_PK_OPS;
	return c;
}

static void
paths_free(struct cert_cache *c)
{
	size_t i;

	for (i = 0; i < CERT_PATHS; i++) {
		free(c->paths[i]);
		c->paths[i] = NULL;
	}
}

void
cert_cache_free(struct cert_cache *c)
{
	struct node *n, *next;
	size_t i;

	if (c == NULL)
		return;
	for (i = 0; i < BUCKETS; i++) {
		for (n = c->bucket[i]; n != NULL; n = next) {
			next = n->next;
			node_free(n);
		}
	}
	paths_free(c);
	X509_STORE_free(c->store);
	free(c);
}

void
cert_cache_trim(struct cert_cache *c)
{
	struct node *n, **at;
	size_t i;

	if (c->n <= CAP_CERT_CACHE)
		return;
	for (i = 0; i < BUCKETS; i++) {
		for (at = &c->bucket[i]; (n = *at) != NULL;) {
			if (n->keep) {
				/* its links may lead to certificates that go */
				links_free(n);
				at = &n->next;
				continue;
			}
			*at = n->next;
			node_free(n);
			c->n--;
		}
	}
}

static unsigned
bucket_of(const uint8_t sha256[32])
{
	return (unsigned)(sha256[0] | sha256[1] << 8) % BUCKETS;
}

static enum rc
node_new(struct cert_cache *c, struct der der, const uint8_t sha256[32], struct node **out)
{
	struct node *n, **at;
	struct der own;
	enum rc rc;

	*out = NULL;
	if ((n = calloc(1, sizeof(*n) + der.len)) == NULL)
		return RC_NOMEM;
	memcpy(n->bytes, der.p, der.len);
	own.p = n->bytes;
	own.len = der.len;
	if ((rc = cert_parse(&n->cert, own)) != RC_OK) {
		free(n);
		return rc;
	}
	memcpy(n->cert.sha256, sha256, 32);
	at = &c->bucket[bucket_of(sha256)];
	n->next = *at;
	*at = n;
	c->n++;
	*out = n;
	return RC_OK;
}

enum rc
cert_cache_get(struct cert_cache *c, struct der der, bool keep, const struct cert **out)
{
	uint8_t sha256[HASH_SIZE_MAX];
	struct node *n;
	enum rc rc;

	*out = NULL;
	if (der.len > CAP_CERT)
		return RC_TOOBIG;
	if (hash_span(HASH_SHA256, der, sha256) != 32)
		return RC_NOMEM;
	for (n = c->bucket[bucket_of(sha256)]; n != NULL; n = n->next)
		if (memcmp(n->cert.sha256, sha256, 32) == 0)
			break;
	if (n == NULL && (rc = node_new(c, der, sha256, &n)) != RC_OK)
		return rc;
	n->keep |= keep;
	*out = &n->cert;
	return RC_OK;
}

X509 *
cert_x509(const struct cert *c)
{
	struct node *n = node_of(c);
	const unsigned char *p = c->der.p;

	if (!n->x509_tried) {
		n->x509_tried = true;
		n->x509 = d2i_X509(NULL, &p, (long)c->der.len);
		if (n->x509 != NULL && p != c->der.p + c->der.len) {
			X509_free(n->x509);
			n->x509 = NULL;
		}
		ERR_clear_error();
	}
	return n->x509;
}

EVP_PKEY *
cert_key(const struct cert *c)
{
	struct node *n = node_of(c);

	if (!n->key_tried) {
		n->key_tried = true;
		if (n->x509 != NULL)
			n->key = X509_get_pubkey(n->x509);
		else
			n->key = key_decode(c->spki);
		ERR_clear_error();
	}
	return n->key;
}

/* What verifying with this key takes, in units of RSA-2048's 25 microseconds. */
static unsigned
pk_cost(const struct cert *signer)
{
	struct key_strength k = key_strength(cert_key(signer));

	if (k.family == SCHEME_RSA_PKCS1)
		return k.bits <= 2048 ? 1 : (k.bits / 2048) * (k.bits / 2048) * 2;
	return k.family != SCHEME_DSA && k.bits <= 256 ? 10 : 40;
}

bool
cert_pk_spend(struct cert_cache *cache, const struct cert *signer)
{
	unsigned cost = pk_cost(signer);

	if (cache->pk_left < cost) {
		cache->pk_short = true;
		return false;
	}
	cache->pk_left -= cost;
	return true;
}

bool
cert_pk_short(const struct cert_cache *cache)
{
	return cache->pk_short;
}

void
cert_pk_reset(struct cert_cache *cache)
{
	cache->pk_left = CAP_PK_OPS;
	cache->pk_short = false;
}

bool
cert_signed_by(struct cert_cache *cache, const struct cert *child, const struct cert *issuer)
{
	struct node *n = node_of(child);
	struct sig_algo alg;
	struct link *l;
	EVP_PKEY *key;
	bool good;

	for (l = n->links; l != NULL; l = l->next)
		if (l->issuer == issuer)
			return l->good;
	if (!sig_algo_parse(child->sig_alg, &alg) || (key = cert_key(issuer)) == NULL ||
	    !cert_pk_spend(cache, issuer))
		return false;
	good = sig_verify(key, &alg, HASH_NONE, child->tbs, child->sig) == 1;
	/* What can't be remembered is computed again. */
	if (n->nlinks < LINKS_MAX && (l = malloc(sizeof(*l))) != NULL) {
		l->issuer = issuer;
		l->good = good;
		l->next = n->links;
		n->links = l;
		n->nlinks++;
	}
	return good;
}

void
cert_key_sha1(const struct cert *c, uint8_t out[20])
{
	struct node *n = node_of(c);
	uint8_t md[HASH_SIZE_MAX];

	if (!n->has_key_sha1 && hash_span(HASH_SHA1, c->key_bits, md) == 20) {
		memcpy(n->key_sha1, md, 20);
		n->has_key_sha1 = true;
	}
	memcpy(out, n->key_sha1, 20);
}

/* A set of CERT_PATHS slots where a newer path takes an older one's place. */
struct path_memo *
cert_cache_path(struct cert_cache *c, const uint8_t id[32])
{
	struct path_memo **slot = &c->paths[(id[0] | (unsigned)id[1] << 8) % CERT_PATHS];

	if (*slot != NULL && memcmp((*slot)->id, id, 32) == 0)
		return *slot;
	if (*slot == NULL && (*slot = calloc(1, sizeof(**slot))) == NULL)
		return NULL;
	memset(*slot, 0, sizeof(**slot));
	memcpy((*slot)->id, id, 32);
	return *slot;
}

X509_STORE *
cert_cache_store(struct cert_cache *c)
{
	if (c->store == NULL)
		c->store = X509_STORE_new();
	return c->store;
}
