/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef DER_H
#define DER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * A walker over untrusted BER/DER (X.690): it splits, it interprets little.
 * Needed because OpenSSL's templates decode every public key of every
 * certificate of a message at once (0.1 ms each), and because signed
 * attributes are verified as the bytes that were received.
 */

/* A span of bytes inside somebody else's buffer. */
struct der {
	const uint8_t *p;
	size_t len;
};

struct der_tlv {
	uint8_t tag;      /* first identifier octet: class, constructed bit, number < 31 */
	bool indefinite;  /* BER indefinite length: body ends before the 00 00 */
	struct der whole; /* identifier, length, contents (and end-of-contents) */
	struct der body;  /* contents octets only */
};

#define DER_SEQUENCE         0x30
#define DER_SET              0x31
#define DER_INTEGER          0x02
#define DER_BIT_STRING       0x03
#define DER_OCTET_STRING     0x04
#define DER_OID              0x06
#define DER_UTC_TIME         0x17
#define DER_GENERALIZED_TIME 0x18
#define DER_CONTEXT(n)       (0xa0 | (n)) /* constructed [n] */
#define DER_CONTEXT_P(n)     (0x80 | (n)) /* primitive [n] */

/*
 * Take the next element off *in.  False, with *in unchanged and *out zeroed,
 * at the end of input or when it is malformed: high tag numbers, lengths past
 * the end, indefinite length on a primitive, nesting deeper than CAP_DER_DEPTH.
 */
bool der_next(struct der *in, struct der_tlv *out);
/* As der_next(), and the tag must be this one. */
bool der_expect(struct der *in, uint8_t tag, struct der_tlv *out);
/* The tag of the next element without taking it; -1 at the end. */
int der_peek(struct der in);
/* The whole element is definite-length DER at every level (lengths minimal). */
bool der_strict(struct der whole);
bool der_equal(struct der a, struct der b);
/* OID contents octets against a dotted-decimal constant. */
bool der_oid_is(struct der oid_body, const char *dotted);
/* Dotted decimal of OID contents octets into out (always NUL-terminated); false if
 * malformed or too long. */
bool der_oid_text(struct der oid_body, char *out, size_t max);
/* A non-negative INTEGER's contents as a number; false if it does not fit. */
bool der_uint(struct der int_body, uint64_t *out);

#endif /* DER_H */
