/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Memory, keys and the sticky error of the letter maker.  It knows nothing of
 * certificates or PDF.
 */
#include <stdlib.h>
#include <string.h>

#include <openssl/ec.h>
#include <openssl/rsa.h>

#include "maker.h"

/* Samples are small; the padding of a big letter is never held. */
#define MAKER_ARENA (256u << 20)

struct maker *
maker_new(void)
{
	struct maker *m;

	m = calloc(1, sizeof(*m));
	if (m == NULL)
		return NULL;
	m->arena = arena_new(MAKER_ARENA);
	if (m->arena == NULL) {
		free(m);
		return NULL;
	}
	return m;
}

void
maker_free(struct maker *m)
{
	size_t i;

	if (m == NULL)
		return;
	for (i = 0; i < m->nkeys; i++)
		EVP_PKEY_free(m->keys[i]);
	arena_free(m->arena);
	free(m);
}

enum rc
maker_rc(const struct maker *m)
{
	return m->rc;
}

void
maker_fail(struct maker *m, enum rc rc)
{
	if (m->rc == RC_OK)
		m->rc = rc;
}

EVP_PKEY *
maker_key(struct maker *m, enum maker_key kind)
{
	EVP_PKEY *key = NULL;

	switch (kind) {
	case MAKER_P256:
		key = EVP_EC_gen("P-256");
		break;
	case MAKER_P384:
		key = EVP_EC_gen("P-384");
		break;
	case MAKER_BRAINPOOL:
		key = EVP_EC_gen("brainpoolP256r1");
		break;
	case MAKER_ED25519:
		key = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
		break;
	case MAKER_RSA:
		key = EVP_RSA_gen(2048);
		break;
	}
	if (key == NULL) {
		maker_fail(m, RC_CRYPTO);
		return NULL;
	}
	if (arena_grow(m->arena, &m->keys, m->nkeys, &m->capkeys, sizeof(EVP_PKEY *)) != RC_OK) {
		EVP_PKEY_free(key);
		maker_fail(m, RC_NOMEM);
		return NULL;
	}
	m->keys[m->nkeys++] = key; /* transferred */
	return key;
}

struct der
maker_copy(struct maker *m, const void *p, size_t len)
{
	struct der d = {NULL, 0};

	if (len == 0)
		return d;
	d.p = arena_dup(m->arena, p, len);
	if (d.p == NULL)
		maker_fail(m, RC_NOMEM);
	else
		d.len = len;
	return d;
}

struct der
maker_digest(struct maker *m, const char *digest, struct der data)
{
	uint8_t md[EVP_MAX_MD_SIZE];
	size_t len = 0;

	if (!EVP_Q_digest(NULL, digest, NULL, data.p, data.len, md, &len)) {
		maker_fail(m, RC_CRYPTO);
		return (struct der){NULL, 0};
	}
	return maker_copy(m, md, len);
}
