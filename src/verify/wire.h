/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef WIRE_H
#define WIRE_H

#include "buf.h"
#include "rc.h"
#include "report.h"

/*
 * A report as bytes between processes: "PRKS", version, fields in the order of
 * report.h, big-endian, every text and array with its length in front.  A report that was kept by
 * another version can't be read: checks and changes are numbers in it.
 */
#define WIRE_VERSION 4
#define WIRE_HEADER  8 /* octets of magic and version, with which every report of ours begins */

void wire_header(uint8_t out[WIRE_HEADER]);

/*
 * Append the encoded report; ask buf_rc(): RC_FORMAT if it holds a text or a value
 * that the other side would refuse, RC_TOOBIG if an array is longer than its limit
 * (CAP_SIGNATURES, CAP_FINDINGS reasons or missing, CAP_LIST, CAP_CHAIN, CAP_EVIDENCE wanted,
 * CAP_LOOKUPS questions of CAP_LOOKUP octets).
 */
void wire_encode(struct buf *b, const struct report *r);
/*
 * Decode untrusted bytes: every enum, length, text (UTF-8, no control
 * characters) and count is ranged, and no byte may be left.  RC_OK, or
 * RC_FORMAT / RC_NOMEM with *out NULL.  Free with report_free().
 */
enum rc wire_decode(struct report **out, const void *p, size_t len);

#endif /* WIRE_H */
