/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CERT_CACHE_H
#define CERT_CACHE_H

#include <openssl/x509_vfy.h>

#include "cert.h"

/* What the cache keeps for chain.c and for pools; nobody else asks. */

#define CERT_PATHS 1024u /* paths remembered */

/*
 * Whether the path whose certificates' hashes have this SHA-256 obeys RFC 5280, 6.1; and
 * evidence_pool.c's own, whether evidence is signed by a certificate, under hashes of another form.
 */
struct path_memo {
	uint8_t id[32];
	bool known; /* false: just made, result is not set */
	int error;  /* X509_V_OK or what is wrong */
};

/* The memo of that path, new or known; NULL without memory. */
struct path_memo *cert_cache_path(struct cert_cache *c, const uint8_t id[32]);
/* An empty store of the cache's, made once; NULL without memory. */
X509_STORE *cert_cache_store(struct cert_cache *c);
/* CAP_PK_OPS public-key operations from now on. */
void cert_pk_reset(struct cert_cache *cache);

#endif /* CERT_CACHE_H */
