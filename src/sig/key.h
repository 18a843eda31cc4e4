/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef KEY_H
#define KEY_H

#include <openssl/evp.h>

#include "der.h"

/*
 * The public key of a whole SubjectPublicKeyInfo; NULL if it is malformed or
 * of an unknown kind (OpenSSL's queue has the reason).  EVP_PKEY_free() it.
 */
EVP_PKEY *key_decode(struct der spki);

#endif /* KEY_H */
