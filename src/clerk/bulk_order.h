/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BULK_ORDER_H
#define BULK_ORDER_H

#include "batch.h"
#include "clerk.h"
#include "store.h"

/* Orders of staff (store/batch.h) and their folders (clerk.h). */

/*
 * The next order, if there is one, to its end.  RC_OK, also if it failed; RC_ABSENT: there is none;
 * RC_BUSY: it waits for its files; RC_IO, RC_NOMEM: our trouble, or nobody prints, try again later.
 */
enum rc bulk_order_next(const struct clerk *c, struct store *s);
/* Deletes what nobody waits for any more. */
void bulk_order_sweep(const struct clerk *c, struct store *s);

#endif /* BULK_ORDER_H */
