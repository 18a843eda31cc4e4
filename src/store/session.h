/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SESSION_H
#define SESSION_H

#include <stdbool.h>
#include <stdint.h>

#include "account.h"

/*
 * Who has signed in.  A token is 256 random bits that only the browser holds: the database has
 * its SHA-256.  A session is only ever begun with a fresh token, so none can be foisted on anybody.
 */
#define SESSION_TOKEN_LEN 43 /* base64url of 32 octets, without padding */
#define SESSION_CSRF_LEN  43

/*
 * For who has just entered (account_enter).  RC_OK: the token for the cookie, which the caller
 * wipes; else token is "".  RC_ABSENT: the account is disabled, or none.
 */
enum rc session_begin(
    struct store *s, const struct actor *who, int64_t now, char token[SESSION_TOKEN_LEN + 1]);
/*
 * Whose it is, and that it was used.  RC_ABSENT, with *who nobody: unknown, ended, unused for
 * CAP_SESSION_IDLE seconds, older than CAP_SESSION_AGE, or the account is disabled.  token: any
 * bytes of a client, NUL-terminated.
 */
enum rc session_find(struct store *s, const char *token, int64_t now, struct actor *who);
/* Ends it; RC_OK too if there was none. */
enum rc session_end(struct store *s, const char *token, int64_t now);
/* Ends all of an account but the one of this token (NULL: all). */
enum rc session_end_others(struct store *s, int64_t account, const char *token);
/* Deletes those that are over, and guesses that are forgotten. */
enum rc session_expire(struct store *s, int64_t now);

/*
 * What a form must send back: bound to the token, kept nowhere.  RC_OK or RC_CRYPTO, and
 * then out is "".
 */
enum rc session_csrf(struct store *s, const char *token, char out[SESSION_CSRF_LEN + 1]);
/* Whether given is that of token, in constant time; false on any trouble.  No act is logged. */
bool session_csrf_ok(struct store *s, const char *token, const char *given);

#endif /* SESSION_H */
