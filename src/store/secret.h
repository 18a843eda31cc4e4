/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SECRET_H
#define SECRET_H

#include <stdbool.h>
#include <stddef.h>

#include "rc.h"

/*
 * Secrets that people type, as argon2id: what a stolen database is worth.  A tenth of a
 * second and CAP_PWHASH_MEMORY each.
 */
#define SECRET_HASH 128 /* octets of the text, with its NUL, salt and costs */

/* RC_OK, or RC_NOMEM. */
enum rc secret_hash(const void *secret, size_t len, char out[SECRET_HASH]);
/* *right is false unless RC_OK. */
enum rc secret_right(const char *hash, const void *secret, size_t len, bool *right);

#endif /* SECRET_H */
