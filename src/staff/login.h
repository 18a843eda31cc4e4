/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LOGIN_H
#define LOGIN_H

#include "staff.h"

/*
 * The one cookie of staff.  Until somebody signs in it holds random bits that only guard the form
 * of the sign-in page; then a session's token (session.h).  "__Host-" binds it to this very host
 * and to TLS.  It is SameSite=Lax, not Strict: a link to a letter in a mail has to lead to that
 * letter, a GET changes nothing here, and every POST must show a token of ours besides.
 */
#define LOGIN_COOKIE "__Host-periksa"

/* Sends who must sign in first to the page for that, and from there back; 401 for a program. */
int login_first(struct visit *v);
/* A session for who, who has just proved to be it: cookie and all.  Any session of the request's
 * cookie ends.  RC_OK or a failure of ours: then nobody is signed in. */
enum rc login_begin(struct visit *v, const struct actor *who);
/* What is wrong, as a KEY of staff_problem(). */
const char *login_problem(enum account_answer a);

#endif /* LOGIN_H */
