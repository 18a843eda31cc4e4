/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PLAIN_H
#define PLAIN_H

#include "buf.h"
#include "report.h"

/* Append the report as plain English text for a terminal, lines ending in a newline; ask buf_rc().
 */
void plain_report(struct buf *b, const struct report *r);

#endif /* PLAIN_H */
