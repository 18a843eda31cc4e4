/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ACCOUNT_H
#define ACCOUNT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "buf.h"
#include "caps.h"
#include "rc.h"
#include "store.h"

/*
 * Agencies (perangkat daerah) and the accounts of those who work there.  A password (argon2id)
 * and a code that changes (TOTP, RFC 6238) or a recovery code are always both asked for.
 * Times are seconds since 1970.  What a function answers with is for whoever asked; enum rc is
 * our own trouble, and after any but RC_OK nothing was changed and *answer is ACCOUNT_FORBIDDEN.
 */

enum role {
	ROLE_STAFF,    /* letters of the own agency */
	ROLE_AUDITOR,  /* reads every letter, the acts and the verification log; changes nothing */
	ROLE_ADMIN,    /* everything, accounts included */
	ROLE_OPERATOR, /* the command line, which has the file anyway; no account has it */
	ROLE__MAX
};
const char *role_name(enum role r); /* "staff", "auditor", "admin", "operator" */
/* Of an account: ROLE__MAX for any other text, "operator" included. */
enum role role_parse(const char *s);

/* Who acts.  Made by account_enter() and session_find() only, or the one below. */
struct actor {
	int64_t account; /* 0: none */
	int64_t agency;  /* 0: none */
	enum role role;
};
extern const struct actor actor_operator;

enum account_answer {
	ACCOUNT_DONE,
	ACCOUNT_FORBIDDEN, /* this role may not; logged */
	ACCOUNT_ABSENT,    /* there is no such account */
	ACCOUNT_TAKEN,     /* an account has this name already */
	ACCOUNT_MALFORMED, /* a name or code that can't be one */
	ACCOUNT_WEAK,      /* password shorter than CAP_LOGIN_PASSWORD_MIN octets, or too long */
	ACCOUNT_WRONG,     /* name, password or code: nobody is told which */
	ACCOUNT_LOCKED, /* too many wrong guesses; CAP_LOGIN_LOCK seconds from the first of them */
};
/* One lower-case English phrase; never NULL. */
const char *account_answer_text(enum account_answer a);

#define ACCOUNT_TOTP_LEN     32 /* base32 of 160 bits (RFC 4226, 4: recommended) */
#define ACCOUNT_RECOVERY     10 /* codes */
#define ACCOUNT_RECOVERY_LEN 19 /* 80 bits: "XXXX-XXXX-XXXX-XXXX" */

/* Shown once, kept nowhere as it is.  The caller wipes it (OPENSSL_cleanse, explicit_bzero). */
struct account_secrets {
	char totp[ACCOUNT_TOTP_LEN + 1]; /* base32, for otpauth:// */
	char recovery[ACCOUNT_RECOVERY][ACCOUNT_RECOVERY_LEN + 1];
};

/*
 * The address that authenticators read, from a QR or a link (otpauth://totp/...), appended to b;
 * ask buf_rc().  It has the secret in it: to be wiped likewise.
 */
void account_otpauth(struct buf *b, const char *login, const struct account_secrets *secrets);

struct account_new {
	const char *login; /* at most CAP_LOGIN characters, UTF-8 without controls */
	enum role role;    /* not ROLE_OPERATOR */
	const char
	    *agency; /* code: letters, digits, ".", "-", "_", at most 32; made if it is new */
	const char *agency_name; /* of a new one; NULL: as the code */
	const void *password;    /* at least CAP_LOGIN_PASSWORD_MIN octets */
	size_t password_len;
};
/* By an admin or the operator.  Argon2id takes a tenth of a second and CAP_PWHASH_MEMORY. */
enum rc account_add(struct store *s, const struct actor *who, const struct account_new *a,
    int64_t now, struct account_secrets *out, enum account_answer *answer);
/* No session is left, none begins; or as before again.  By an admin or the operator. */
enum rc account_disable(struct store *s, const struct actor *who, const char *login, bool disable,
    int64_t now, enum account_answer *answer);
/* Another password, secret and recovery codes; no session is left.  By an admin or the operator. */
enum rc account_reset(struct store *s, const struct actor *who, const char *login,
    const void *password, size_t len, int64_t now, struct account_secrets *out,
    enum account_answer *answer);

struct account_claim {
	const char *login, *code, *address;
	const void *password;
	size_t password_len;
};

/*
 * One's own, with the old password and a code, both asked again: guesses count as those of
 * account_enter().  Another password, or another secret and other recovery codes for a new
 * telephone; every session ends, the caller begins another.  Each takes as long as two of
 * account_add().  ACCOUNT_FORBIDDEN: c->login is not who's, or it is the operator.
 */
enum rc account_password(struct store *s, const struct actor *who, const struct account_claim *c,
    const void *password, size_t len, int64_t now, enum account_answer *answer);
enum rc account_renew(struct store *s, const struct actor *who, const struct account_claim *c,
    int64_t now, struct account_secrets *out, enum account_answer *answer);
/*
 * Another role or agency (its code, of one that is there; NULL: as before), and no session is left.
 * By an admin or the operator, never one's own.  ACCOUNT_MALFORMED: no such role or agency.
 */
enum rc account_move(struct store *s, const struct actor *who, const char *login, enum role role,
    const char *agency, int64_t now, enum account_answer *answer);

/*
 * Name, password and code (six digits, or a recovery code) together; ACCOUNT_DONE: *who is
 * who it is.  Any other answer, or any rc but RC_OK: *who may nothing.  Each code works
 * once.  address: the client's, as text; guesses are counted by name and address, whether there is
 * such an account or not, so that nobody can lock another out or learn a name.  Wrong codes
 * behind the right password are counted by account, too.  Refusals are logged as acts.
 * Takes as long as account_add().
 */
enum rc account_enter(struct store *s, const struct account_claim *c, int64_t now,
    struct actor *who, enum account_answer *answer);

struct account_row {
	int64_t id;
	const char *login, *agency, *agency_name; /* code and name */
	enum role role;
	bool disabled;
	int64_t created;
	unsigned recovery; /* codes that are left */
};
/* Calls row for each, by name, until it returns false; the texts live until it returns. */
enum rc account_list(struct store *s, const struct actor *who, int64_t now,
    bool (*row)(const struct account_row *row, void *arg), void *arg, enum account_answer *answer);
/* One of them, by its number: what to call who is signed in.  RC_ABSENT: no such account. */
enum rc account_show(struct store *s, int64_t account,
    bool (*row)(const struct account_row *row, void *arg), void *arg);

/* All agencies by code, until row returns false; by an admin, an auditor or the operator. */
struct agency_row {
	int64_t id;
	const char *code, *name;
};
enum rc account_agencies(struct store *s, const struct actor *who,
    bool (*row)(const struct agency_row *row, void *arg), void *arg, enum account_answer *answer);
/*
 * An agency's number by its code: *out 0 if there is none.  code NULL: the only agency; 0 if there
 * are several or none, *several says which.
 */
enum rc account_agency(struct store *s, const char *code, int64_t *out, bool *several);
/* The same, and made if it is new.  ACCOUNT_MALFORMED, ACCOUNT_FORBIDDEN but for an operator. */
enum rc account_agency_add(struct store *s, const struct actor *who, const char *code,
    const char *name, int64_t now, int64_t *out, enum account_answer *answer);

#endif /* ACCOUNT_H */
