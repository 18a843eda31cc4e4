/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TRUST_PEM_H
#define TRUST_PEM_H

#include <stddef.h>
#include <stdint.h>

#include "arena.h"
#include "buf.h"
#include "der.h"
#include "rc.h"

/*
 * The next PEM certificate (RFC 7468) of the len octets at p, from *at on: RC_OK with its DER
 * in the arena, RC_ABSENT at the end, RC_FORMAT if it is broken (*at is then behind it),
 * RC_NOMEM.  What stands around it is passed over.
 */
enum rc trust_pem_next(struct arena *a, const uint8_t *p, size_t len, size_t *at, struct der *out);
/* As PEM text behind what is in the buf. */
void trust_pem_put(struct buf *b, struct der der);

#endif /* TRUST_PEM_H */
