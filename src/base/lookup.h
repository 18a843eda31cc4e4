/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LOOKUP_H
#define LOOKUP_H

#include <stddef.h>
#include <stdint.h>

#include "arena.h"
#include "buf.h"
#include "caps.h"
#include "rc.h"

/*
 * Questions for evidence that a document does not carry, to whoever can get it
 * (evidence/).  Who judges knows no network: it asks, and what comes back is verified as if
 * the document had carried it.
 */

enum lookup_kind {
	LOOKUP_STATUS, /* what OCSP or a CRL says of the first certificate */
	LOOKUP_ISSUER  /* the certificate that issued the last one */
};

/* One DER octet string; whose it is says the structure around it. */
struct lookup_octets {
	const uint8_t *p;
	size_t len;
};

/*
 * A path of certificates, the one in question first, each issued by the next.
 * STATUS: it ends at an anchor, which may be left out; whoever fetches builds it again
 * and asks nobody for a certificate whose path it can't build.  ISSUER: it ends where
 * the issuer is missing.
 */
struct lookup_question {
	enum lookup_kind kind;
	size_t ncerts; /* 1 to CAP_CHAIN */
	struct lookup_octets certs[CAP_CHAIN];
};

/* Why there is an answer, or none. */
enum lookup_outcome {
	LOOKUP_OPEN,        /* nobody was asked: offline, or not yet */
	LOOKUP_ANSWERED,    /* and verified */
	LOOKUP_NO_URL,      /* the certificate names nobody */
	LOOKUP_SCHEME,      /* only addresses that are neither http nor https, as LDAP */
	LOOKUP_NOT_LISTED,  /* a host or address that the operator has not allowed */
	LOOKUP_FORBIDDEN,   /* its address is private, loopback, multicast, …; or a wrong port */
	LOOKUP_NO_PATH,     /* no path to an anchor, so nobody is asked */
	LOOKUP_UNREACHABLE, /* no name, no route, refused, broken off, no TLS */
	LOOKUP_SLOW,        /* not within the time for the document */
	LOOKUP_REFUSED,     /* an HTTP error, or an OCSP error such as tryLater */
	LOOKUP_UNKNOWN,     /* the responder does not know the certificate */
	LOOKUP_NONSENSE,    /* malformed, or about something else */
	LOOKUP_UNAUTHENTIC, /* not signed by who may speak for the issuer, or a wrong nonce */
	LOOKUP_STALE,       /* its time is over */
	LOOKUP_TOO_LARGE,
	LOOKUP_LIMIT,  /* more questions than one document may ask */
	LOOKUP_NOBODY, /* our own fetcher is not there */
	LOOKUP__MAX
};

enum lookup_part_kind { LOOKUP_OCSP, LOOKUP_CRL, LOOKUP_CERT };

struct lookup_part {
	enum lookup_part_kind kind;
	struct lookup_octets der;
};

struct lookup_answer {
	enum lookup_outcome outcome;
	int64_t asked;   /* when, WHEN_NONE if never */
	int64_t retry;   /* when asking again makes sense, WHEN_NONE if not known */
	const char *url; /* whom; NULL: nobody */
	struct lookup_part *parts;
	size_t nparts; /* 0 unless ANSWERED */
};

struct lookup {
	/*
	 * n questions (at most CAP_LOOKUPS) and an answer for each; everything in the answers
	 * is the arena's.  RC_OK; anything else: nobody answered, *answers is all LOOKUP_NOBODY.
	 */
	enum rc (*ask)(void *ctx, struct arena *a, const struct lookup_question *v, size_t n,
	    struct lookup_answer *answers);
	void *ctx;
};

/* The name in the report: "answered", "unreachable", …; NULL for LOOKUP_OPEN. */
const char *lookup_outcome_name(enum lookup_outcome o);

/*
 * A question as octets, to be asked elsewhere or later: kind (4, big-endian) · count (4) · for
 * each certificate its length (4) and octets.
 */
/* RC_OK, or RC_TOOBIG above CAP_LOOKUP octets (nothing is appended); ask buf_rc() too. */
enum rc lookup_put_question(struct buf *b, const struct lookup_question *q);
/* Untrusted octets; spans point into p.  All of it, or RC_FORMAT. */
enum rc lookup_get_question(struct lookup_question *q, const void *p, size_t len);

#endif /* LOOKUP_H */
