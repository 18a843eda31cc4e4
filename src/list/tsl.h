/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TSL_H
#define TSL_H

#include <stddef.h>
#include <stdint.h>

#include "buf.h"

struct _xmlDoc; /* libxml2's xmlDoc */

/*
 * A trust list, ETSI TS 119 612 v2.2.1 or later: an XML document that names the services which
 * a country supervises, each with its certificates.  Untrusted until dsig_verify() has
 * said yes.
 */

/*
 * Parse len octets of UTF-8.  NULL and why in words: no XML, a DTD in it (and so entities), another
 * encoding, nested too deep.  Nothing is fetched.  Free with xmlFreeDoc().
 */
struct _xmlDoc *tsl_parse(const void *p, size_t len, const char **why);

/*
 * Append what it says as lines with tabs:
 *   list  territory  type  sequence number  issued  next update  signer  SHA-256 of the XML
 *   service  type  status  since  uses  name  certificate (base64)       any number of them
 *   end
 * type and status are the last part of their addresses ("EUgeneric", "CA/QC", "granted"); uses
 * those of additionalServiceInformation ("ForeSignatures,ForeSeals").  Services without
 * type, status, time or certificate are left out.  NULL, or why it is no list that may be
 * used now: its nextUpdate is over or absent, a field is missing.
 */
const char *tsl_print(struct buf *b, struct _xmlDoc *doc, int64_t now, const uint8_t signer[32],
    const uint8_t sha256[32]);

#endif /* TSL_H */
