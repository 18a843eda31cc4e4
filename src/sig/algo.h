/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ALGO_H
#define ALGO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <openssl/evp.h>

#include "der.h"
#include "rc.h"

/* Digest and signature algorithms: names, parameters, and until when they count. */

enum hash {
	HASH_NONE,
	HASH_MD5,
	HASH_SHA1,
	HASH_RIPEMD160,
	HASH_SHA224,
	HASH_SHA256,
	HASH_SHA384,
	HASH_SHA512,
	HASH_SHA512_256,
	HASH_SHA3_224,
	HASH_SHA3_256,
	HASH_SHA3_384,
	HASH_SHA3_512,
	HASH_SHAKE256_512, /* 64 octets of SHAKE256, with Ed448 (RFC 8419) */
	HASH__MAX
};

#define HASH_SIZE_MAX 64

enum sig_scheme {
	SCHEME_NONE,
	SCHEME_RSA_PKCS1,
	SCHEME_RSA_PSS,
	SCHEME_ECDSA,
	SCHEME_ECDSA_PLAIN, /* BSI TR-03111, raw r || s */
	SCHEME_DSA,
	SCHEME_ED25519,
	SCHEME_ED448
};

/* A decoded signature AlgorithmIdentifier. */
struct sig_algo {
	enum sig_scheme scheme;
	/* Named by the OID or the PSS parameters; HASH_NONE if the OID names none
	 * (rsaEncryption, id-ecPublicKey): the digest algorithm is used. */
	enum hash hash;
	enum hash mgf1_hash; /* PSS */
	int salt_len;        /* PSS */
	bool params_ok;      /* parameters well formed (PSS: trailerField 1, mgf1) */
};

/* AlgorithmIdentifier (the whole SEQUENCE) to hash; HASH_NONE if unknown. */
enum hash hash_parse(struct der alg_id);
/* False if the algorithm is unknown or its parameters are malformed; *out zeroed. */
bool sig_algo_parse(struct der alg_id, struct sig_algo *out);

const char *hash_name(enum hash h); /* "SHA-256"; "none" */
size_t hash_size(enum hash h);      /* octets; 0 for HASH_NONE */
/* A fetched, process-lifetime EVP_MD; NULL if the provider lacks it (or HASH_NONE). */
const EVP_MD *hash_md(enum hash h);
/* "RSA", "RSA-PSS", "ECDSA", "plain-ECDSA", "DSA", "Ed25519", "Ed448" */
const char *scheme_name(enum sig_scheme s);

/* Finish a running digest of h into out, hash_size(h) octets; their number, 0 on failure. */
size_t hash_final(EVP_MD_CTX *ctx, enum hash h, uint8_t *out);
/* Digest of a span with h into out; the number of octets, 0 on failure. */
size_t hash_span(enum hash h, struct der span, uint8_t out[HASH_SIZE_MAX]);

/*
 * Verify a signature value over tbs with this key.  digest is used where the
 * algorithm itself names none.  1 good, 0 bad, -1 the key type does not fit
 * the algorithm or the algorithm is not supported.
 * (Rules C6, C7, C11: strict consistency is the caller's.)
 */
int sig_verify(
    EVP_PKEY *key, const struct sig_algo *alg, enum hash digest, struct der tbs, struct der value);
/* The same over a digest that was computed elsewhere (no signed attributes).  EdDSA signs
 * messages, not digests (RFC 8032): -1. */
int sig_verify_digest(EVP_PKEY *key, const struct sig_algo *alg, enum hash digest,
    const uint8_t *md, size_t md_len, struct der value);

/* A key as the policy sees it. */
struct key_strength {
	enum sig_scheme family; /* SCHEME_RSA_PKCS1, _ECDSA, _DSA, _ED25519, _ED448; NONE unknown */
	unsigned bits;          /* modulus, or order of the curve */
};
struct key_strength key_strength(EVP_PKEY *key);
/* Keys of this type are what the scheme takes; a key bound to PSS takes no PKCS #1 v1.5. */
bool key_fits(EVP_PKEY *key, enum sig_scheme s);

/*
 * Until when (seconds since 1970, exclusive) the digest, and the scheme with
 * that key, are reliable: ETSI TS 119 312 as in rule C10.  INT64_MAX: no end is
 * known.  INT64_MIN: never reliable (unknown algorithm).
 */
int64_t hash_until(enum hash h);
int64_t scheme_until(enum sig_scheme s, struct key_strength k);

#endif /* ALGO_H */
