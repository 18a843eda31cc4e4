/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHELF_H
#define SHELF_H

#include <stddef.h>
#include <stdint.h>

#include "buf.h"
#include "store.h"

/* What `user` and `doc` share: the store in PERIKSA_DATA, passwords, and a few words. */

/*
 * Opens it, and makes it if it is new.  CLI_OK, or CLI_TROUBLE with a line on standard error and
 * *out NULL.
 */
int shelf_open(struct store **out);
/* The same, but what is not there is not made. */
int shelf_find(struct store **out);
/* "2026-11-01", where the machine stands. */
#define SHELF_DAY 11
const char *shelf_today(char out[SHELF_DAY]);
/* A number from 1 on; 0: it is none. */
int64_t shelf_number(const char *s);

/* What b holds on standard output, and clears it.  An exit status. */
int shelf_print(struct buf *b, const char *verb);

/*
 * The first line, without its end, of the descriptor whose number arg is: at most max octets.
 * CLI_OK, or CLI_TROUBLE with a line on standard error.
 */
int shelf_password(const char *verb, const char *arg, uint8_t *out, size_t max, size_t *len);
/* The same, typed twice at the terminal and not shown. */
int shelf_ask_password(const char *verb, uint8_t *out, size_t max, size_t *len);

#endif /* SHELF_H */
