/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FORGE_H
#define FORGE_H

#include "agency.h"
#include "paint.h"
#include "report.h"
#include "trust.h"

/*
 * A forger's workshop for tests: an authority that the trust folder knows, a
 * look-alike that it does not, letters of every shape, and the verdict over
 * them at a fixed time.
 */

#define FORGE_AT     1795132800ll /* 2026-11-20T00:00:00Z: when everything is checked */
#define FORGE_DAY    86400ll
#define FORGE_SIGNED (FORGE_AT - 2 * FORGE_DAY)

struct forge {
	struct maker *m;
	struct agency agency;     /* its root is the anchor */
	struct agency evil;       /* same names, other keys, no anchor */
	struct pki_cert signer;   /* good at FORGE_AT */
	struct pki_cert other;    /* another good signer of the agency */
	struct pki_cert expired;  /* ended before FORGE_AT: a timestamp is needed */
	struct pki_cert impostor; /* as signer, by the look-alike */
	struct trust *trust;
};

/* When the expired signer signed, while its certificate was good. */
#define FORGE_SIGNED_EARLIER (FORGE_AT - 200 * FORGE_DAY)

/* False (with a word on standard error) when the workshop can't be set up. */
bool forge_open(struct forge *f);
void forge_close(struct forge *f);
/* A trust folder with this one anchor, loaded; NULL on failure. */
struct trust *forge_trust(struct maker *m, const struct pki_cert *root);

/* What one letter is, and what has to be said of it under `nasional`. */
struct forge_case {
	const char *name;
	void (*make)(struct forge *f, struct letter *l, const char *arg);
	const char *arg;
	enum conclusion conclusion; /* CONCLUSION__MAX: anything but VALID */
	enum sub_indication sub;    /* some signature has it; SUB__MAX: not asked */
	enum check reason;          /* a reason, or a check not ok; CHECK__NONE: not asked */
	bool no_sig;                /* the signature may be unreadable: no list is asked for */
	bool no_level;              /* of no level, PAdES or PKCS#7 */
};

extern const struct forge_case forge_good[], forge_coverage[], forge_shadow[], forge_message[],
    forge_chain[], forge_stamp[];

/* The content of another page, as the value of an object. */
extern const char forge_evil_page[];

/* The letter text that all of them share. */
extern const struct letter_text forge_text;
/* Make, verify at FORGE_AT, compare; false with the difference on standard error. */
bool forge_check(struct forge *f, const struct forge_case *c);
/* The report over len bytes under a policy at a time; NULL only without memory. */
struct report *forge_verify(
    const struct trust *trust, const void *p, size_t len, const char *policy, int64_t at);
/* The same with somebody who can draw. */
struct report *forge_verify_drawn(const struct trust *trust, const void *p, size_t len,
    const char *policy, int64_t at, const struct painter *painter);
/* One line about a report, on standard error. */
void forge_show(const char *name, const struct report *r);

/* A classic letter that the good signer signed, with evidence (B-LT). */
void forge_base(struct forge *f, struct letter *l);
/* The same in another form of file. */
void forge_base_form(struct forge *f, struct letter *l, enum letter_form form);

/* A classic letter by an order of the caller's. */
void forge_order(struct agency *a, struct letter *l, const struct agency_order *order);
/* A good answer about the good signer, to be bent. */
struct proof_answer forge_answer(struct forge *f);

/*
 * Sign with a message of the caller's: what it leaves empty of signer, certs
 * and timestamp is an honest one's.  Then the evidence, if wanted.
 */
void forge_message_sign(struct forge *f, struct letter *l, const struct envelope *e,
    const char *sub_filter, bool evidence);
/* An honest timestamp of the agency, 3 s after this time. */
void forge_token(struct forge *f, struct token *t, int64_t signed_at);
/* The evidence an honest letter of this signer has, as of this time. */
void forge_evidence(
    struct forge *f, const struct pki_cert *signer, int64_t at, struct letter_evidence *out);

/* Bytes of the last `text` in the letter, of the object with this number; 0: none. */
size_t forge_last(const struct letter *l, const char *text);
size_t forge_object(const struct letter *l, unsigned number);
/* Overwrite at this place; the letter keeps its length. */
void forge_poke(struct letter *l, size_t at, const char *text);

#endif /* FORGE_H */
