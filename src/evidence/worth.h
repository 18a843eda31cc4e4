/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef WORTH_H
#define WORTH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "buf.h"
#include "lookup.h"
#include "question.h"
#include "trust.h"

/*
 * What is worth keeping of what a host has sent: len untrusted octets as an answer to q.  All
 * return LOOKUP_ANSWERED, or what is wrong with them (LOOKUP_NOBODY: no memory).  Certificates in
 * them join q's pool, what is parsed its arena.  *until is when the answer ends by its own
 * word, WHEN_NONE if it says nothing.  Whoever judges a document verifies all of it again.
 */

/*
 * An OCSPResponse (RFC 6960), authentic and about this certificate.  nonce: what was asked with,
 * INQUIRY_NONCE octets, or NULL.  An answer with none was made beforehand and is good; one with
 * another is LOOKUP_UNAUTHENTIC.  Of a responder whose own status is not known here, the judge will
 * ask; if nobody is named who knows it and there is a list, this is LOOKUP_UNAUTHENTIC, too.  One
 * whose certificate was over is LOOKUP_STALE.
 */
enum lookup_outcome worth_ocsp(struct question *q, const void *p, size_t len, const uint8_t *nonce,
    int64_t now, int64_t *until);

/* An OCSPResponse, worth keeping once, that says of no certificate when it ends. */
bool worth_endless(const void *p, size_t len);

/* A CertificateList (RFC 5280, 5), authentic and about certificates like this one. */
enum lookup_outcome worth_crl(
    struct question *q, const void *p, size_t len, int64_t now, int64_t *until);

/*
 * A certificate, or PKCS #7 with certificates only.  Those of CAs that lead to an anchor, one
 * behind the other as DER; without the anchor.  Whom they vouch for is not asked: q's certificate
 * may be anybody's, and what came is kept for all who ask at this address.
 */
enum lookup_outcome worth_issuer(
    struct question *q, const struct trust *t, const void *p, size_t len, struct buf *out);

#endif /* WORTH_H */
