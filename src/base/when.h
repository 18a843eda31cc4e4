/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef WHEN_H
#define WHEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A point in time: seconds since 1970-01-01T00:00:00Z without leap seconds. */
#define WHEN_NONE INT64_MIN /* no such time is known */

/* Bytes of the longest text that when_format() writes, NUL included. */
#define WHEN_TEXT 32

/* The second that a UTC calendar date names; WHEN_NONE if there is no such date. */
int64_t when_from_utc(int year, int month, int day, int hour, int minute, int second);
/* RFC 3339, "2026-11-01T00:00:00Z" or with an offset; or a bare date "2026-11-01".
 * False (and *out WHEN_NONE) unless all of s is such a text. */
bool when_parse(const char *s, int64_t *out);
/* ISO 32000-2, 7.9.4: "D:YYYYMMDDHHmmSSOHH'mm'", later parts optional; without an
 * offset the time is taken as UTC.  False (and *out WHEN_NONE) if malformed. */
bool when_parse_pdf(const uint8_t *p, size_t len, int64_t *out);
/* Contents octets of an ASN.1 UTCTime (tag 23) or GeneralizedTime (tag 24) in
 * DER or BER form ending in Z; fractions of a second are cut off. */
bool when_parse_asn1(int tag, const uint8_t *p, size_t len, int64_t *out);
/* "2026-11-01T00:00:00Z"; "" for WHEN_NONE. Returns out. */
const char *when_format(int64_t t, char out[WHEN_TEXT]);

#endif /* WHEN_H */
