/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PART_H
#define PART_H

#include <stdbool.h>
#include <stdint.h>

#include "der.h"

/*
 * Taking X.509's recurring parts off the front of a span.  False: the next
 * element is not that, and the out-parameter is not to be used.
 */

/* An element with that tag: header and contents; contents alone. */
bool part_whole(struct der *in, uint8_t tag, struct der *out);
bool part_body(struct der *in, uint8_t tag, struct der *out);
/* The same, and nothing may follow it. */
bool part_sole(struct der in, uint8_t tag, struct der *out);
/* Time ::= UTCTime or GeneralizedTime */
bool part_time(struct der *in, int64_t *out);
/* A BIT STRING of whole octets. */
bool part_octets(struct der *in, struct der *out);

/* Extension (RFC 5280, 4.1) */
struct extension {
	struct der oid, value; /* contents octets of both */
	bool critical;
};
bool part_extension(struct der *list, struct extension *out);

#endif /* PART_H */
