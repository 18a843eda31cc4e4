/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAKER_H
#define MAKER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <openssl/evp.h>

#include "arena.h"
#include "der.h"
#include "rc.h"

/*
 * The workshop that demonstration letters are made in: memory, keys and the
 * first thing that went wrong.  Makers are called without a check, they give
 * empty spans after a failure, and maker_rc() is asked once at the end.
 * It shares no code with the checker but the base, so that neither hides the
 * other's mistakes.
 */
struct maker {
	struct arena *arena; /* owns every span made here */
	enum rc rc;
	EVP_PKEY **keys;
	size_t nkeys, capkeys;
};

enum maker_key { MAKER_P256, MAKER_P384, MAKER_BRAINPOOL, MAKER_ED25519, MAKER_RSA };

/* NULL without memory.  Free with maker_free(), which takes NULL. */
struct maker *maker_new(void);
void maker_free(struct maker *m);
enum rc maker_rc(const struct maker *m);
/* Keep the first failure. */
void maker_fail(struct maker *m, enum rc rc);

/* A fresh key, owned by the maker (RSA: 2048 bits); NULL on failure. */
EVP_PKEY *maker_key(struct maker *m, enum maker_key kind);
/* A copy of len bytes in the maker's arena. */
struct der maker_copy(struct maker *m, const void *p, size_t len);
/* The digest ("SHA256", "SHA3-256", …) of one span. */
struct der maker_digest(struct maker *m, const char *digest, struct der data);

#endif /* MAKER_H */
