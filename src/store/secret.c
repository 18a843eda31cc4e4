/* SPDX-License-Identifier: GPL-3.0-or-later */
/* secret.h by libsodium. */
#include <sodium.h>

#include "caps.h"
#include "secret.h"

_Static_assert(SECRET_HASH == crypto_pwhash_STRBYTES, "libsodium's own length");

enum rc
secret_hash(const void *secret, size_t len, char out[SECRET_HASH])
{
	out[0] = '\0';
	if (sodium_init() < 0 || crypto_pwhash_str_alg(out, secret, len, CAP_PWHASH_PASSES,
				     CAP_PWHASH_MEMORY, crypto_pwhash_ALG_ARGON2ID13) != 0)
		return RC_NOMEM;
	return RC_OK;
}

enum rc
secret_right(const char *hash, const void *secret, size_t len, bool *right)
{
	*right = false;
	if (sodium_init() < 0)
		return RC_NOMEM;
	*right = crypto_pwhash_str_verify(hash, secret, len) == 0;
	return RC_OK;
}
