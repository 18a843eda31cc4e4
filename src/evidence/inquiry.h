/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef INQUIRY_H
#define INQUIRY_H

#include <stddef.h>
#include <stdint.h>

#include "buf.h"
#include "cert.h"
#include "rc.h"

/* OCSP requests (RFC 6960, 4.1). */

#define INQUIRY_NONCE   32  /* octets: RFC 9654 */
#define INQUIRY_GET_MAX 255 /* octets of an address with a request in it: RFC 5019, 5 */

/*
 * An OCSPRequest about one certificate, with SHA-1 in its CertID as RFC 5019, 2.1.1 has it: an
 * identifier, not a protection.  nonce: INQUIRY_NONCE octets, or NULL for none.  RC_OK;
 * RC_TOOBIG: a serial number that no CA gives; RC_CRYPTO; buf_rc().
 */
enum rc inquiry_put(
    struct buf *b, const struct cert *cert, const struct cert *issuer, const uint8_t *nonce);

/* The address to GET that request from; RC_TOOBIG: it would be too long. */
enum rc inquiry_url(struct buf *b, const char *url, const void *request, size_t len);

#endif /* INQUIRY_H */
