/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ASN_H
#define ASN_H

#include "maker.h"

/*
 * DER as expressions: each function gives the span of one whole element in the
 * maker's arena.  An empty span among the parts leaves that part out, so
 * optional fields need no branches.
 */

#define ASN_NONE         ((struct der){NULL, 0})
#define ASN_COUNT(...)   (sizeof((struct der[]){__VA_ARGS__}) / sizeof(struct der))
/* One constructed (or octet-carrying) element around its parts. */
#define ASN(m, tag, ...) asn_wrap(m, tag, (struct der[]){__VA_ARGS__}, ASN_COUNT(__VA_ARGS__))
#define ASN_SEQ(m, ...)  ASN(m, DER_SEQUENCE, __VA_ARGS__)
#define ASN_SET(m, ...)  ASN(m, DER_SET, __VA_ARGS__)

struct der asn_wrap(struct maker *m, uint8_t tag, const struct der *parts, size_t n);
/* The same with the elements in DER's order of a SET OF. */
struct der asn_set_of(struct maker *m, uint8_t tag, const struct der *parts, size_t n);
/* BER: indefinite length. */
struct der asn_indefinite(struct maker *m, uint8_t tag, const struct der *parts, size_t n);
/* The contents octets of the one element in d. */
struct der asn_body(struct der d);

struct der asn_oid(struct maker *m, const char *dotted);
struct der asn_int(struct maker *m, uint64_t v);
struct der asn_enum(struct maker *m, uint8_t v);
struct der asn_bool(struct maker *m, bool v);
struct der asn_null(struct maker *m);
struct der asn_octets(struct maker *m, struct der v);
/* A BIT STRING of whole octets. */
struct der asn_bits(struct maker *m, struct der v);
struct der asn_text(struct maker *m, uint8_t tag, const char *s);
/* UTCTime before 2050, else GeneralizedTime (RFC 5280, 4.1.2.5). */
struct der asn_time(struct maker *m, int64_t t);
struct der asn_generalized(struct maker *m, int64_t t);
/* AlgorithmIdentifier of a digest, without parameters. */
struct der asn_digest_algo(struct maker *m, const char *digest);

#endif /* ASN_H */
