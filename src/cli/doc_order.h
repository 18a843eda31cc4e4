/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef DOC_ORDER_H
#define DOC_ORDER_H

#include "register.h"

/* What was asked for on the command line of `periksa doc`, and the verbs that do it. */
struct doc_order {
	struct store *store;
	struct register_content c; /* NULL, and a visibility that is none: not given */
	struct register_signer signers[CAP_SIGNERS];
	struct register_query q;
	const char *id, *file, *agency, *by, *reason;
	const char *trust, *public_url;
	bool json, offline, all;
};

/* Each takes a struct doc_order and returns an exit status, with a line on standard error unless
 * it is CLI_OK. */
int doc_add(void *order);
int doc_edit(void *order);
int doc_show(void *order);
int doc_list(void *order);
int doc_register(void *order);
int doc_recheck(void *order);

/* In words what the register answered: CLI_OK, or CLI_TROUBLE with a line on standard error. */
int doc_refuse(enum rc rc, enum register_answer answer);

#endif /* DOC_ORDER_H */
