/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BULK_ORDER_H
#define BULK_ORDER_H

#include <stdbool.h>

#include "batch.h"
#include "clerk.h"
#include "store.h"

/* Orders of staff (store/batch.h) and their folders (clerk.h). */

/*
 * The next order, if there is one, to its end.  after: there is nobody else who does orders, and
 * what somebody has in hand is what a dead one left.  RC_OK, also if it failed; RC_ABSENT: there is
 * none; RC_IO, RC_NOMEM, RC_BUSY: our trouble, or nobody prints; it comes again.
 */
enum rc bulk_order_next(const struct clerk *c, struct store *s, bool after);
/* Deletes what nobody waits for any more. */
void bulk_order_sweep(const struct clerk *c, struct store *s);

#endif /* BULK_ORDER_H */
