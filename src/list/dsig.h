/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef DSIG_H
#define DSIG_H

#include <stddef.h>
#include <stdint.h>

struct _xmlDoc; /* libxml2's xmlDoc */

/*
 * The enveloped signature of an XML document as ETSI TS 119 612, 5.7.1 and annex B.6 have it.
 * Nothing else is accepted, so that whatever is read from the document later is what was
 * signed: one ds:Signature, a child of the root; one reference to the whole document (URI=""
 * or the root's own Id) with exactly the transforms enveloped-signature and
 * exclusive canonicalisation; beside it only one to the signature's own SignedProperties;
 * RSA or ECDSA with SHA-256 or longer.
 */

/* Before the first document, with files still to be had.  NULL, or why it can't. */
const char *dsig_start(void);

/*
 * Verify with the certificate of KeyInfo whose SHA-256 is one of the n pinned ones.  NULL:
 * verified, and used says which; else why not, in words.  now: seconds since 1970.
 */
const char *dsig_verify(
    struct _xmlDoc *doc, const uint8_t (*pinned)[32], size_t n, int64_t now, uint8_t used[32]);

#endif /* DSIG_H */
