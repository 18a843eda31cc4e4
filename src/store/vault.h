/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef VAULT_H
#define VAULT_H

#include <stdint.h>

#include "rc.h"

/*
 * The signed letters that are kept: DIR/ab/abcdef….pdf, each named by its SHA-256.  dir: a
 * descriptor of the folder, or AT_FDCWD with path relative to it; path: of the vault.  Files are
 * mode 0600, folders 0700.  A copy that a crash has cut short is left as "new.…" beside them.
 */

/*
 * A copy of len octets of fd from off on, durable when this returns.  The same file twice is kept
 * once.  Makes the vault if its folder is there.  RC_OK; RC_FORMAT: these octets have another
 * SHA-256, or there are fewer; RC_TOOBIG: above CAP_UPLOAD; RC_IO.
 */
enum rc vault_keep(
    int dir, const char *path, int fd, uint64_t off, uint64_t len, const uint8_t sha256[32]);
/* RC_OK and *fd, read only, the caller's; RC_ABSENT; RC_IO.  Not hashed: whoever judges it does. */
enum rc vault_open(int dir, const char *path, const uint8_t sha256[32], int *fd, uint64_t *len);
/* RC_OK: it is there and has that SHA-256.  RC_ABSENT; RC_FORMAT: damaged; RC_IO: can't be read. */
enum rc vault_check(int dir, const char *path, const uint8_t sha256[32]);
/* RC_OK too if it was not there. */
enum rc vault_drop(int dir, const char *path, const uint8_t sha256[32]);
/* Deletes copies that were cut short and last written before a time; RC_OK too if there is no
 * vault.  RC_IO: not all of it could be looked through. */
enum rc vault_sweep(int dir, const char *path, int64_t before);

#endif /* VAULT_H */
