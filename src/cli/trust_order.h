/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TRUST_ORDER_H
#define TRUST_ORDER_H

#include <inttypes.h>

#include "cert.h"
#include "trust_folder.h"

/* What was asked for on the command line of `periksa trust`, and the verbs that do it. */

#define TRUST_FINGERPRINTS 1024 /* typed or in a file: a trust list of a large country has 300 */
#define TRUST_SOON         ((int64_t)90 * 24 * 3600) /* what ends within it is told */

/* What the history says of a trust list: number, issued, TRUST_NEXT its next update, signer. */
#define TRUST_NEXT       ", next by "
#define TRUST_LIST_WORDS "sequence %" PRIu64 " of %s" TRUST_NEXT "%s, signed by %s"

struct trust_order {
	const char *dir;             /* NULL: the default */
	struct trust_folder *folder; /* that one, open */
	const char *operand;
	bool json, reload, record;
	uint8_t (*fingerprints)[32];
	size_t nfingerprints;
	uint8_t (*signers)[32];
	size_t nsigners;
	const char *name, *source, *approved_by, *reason, *hosts, *issuers, *territory, *services,
	    *status;
	enum trust_role role;
	unsigned purposes;
	int64_t from, until, sunset, now;
};

/* A certificate that is about to be added; its texts live as long as the order. */
struct trust_new {
	struct der der;
	const struct cert *cert;
	const char *name, *source;
	enum trust_role role;
	unsigned purposes;
	int64_t from, until, sunset;
};

/*
 * Each takes a struct trust_order and returns an exit status, with a line on standard error unless
 * it is CLI_OK.
 */
int trust_list(void *order);
int trust_check(void *order);
int trust_add(void *order);
int trust_remove(void *order);
int trust_import(void *order);

/*
 * Put n certificates into the folder, approved as the order says, with a line of the
 * history each; list, if not NULL, is one more line before them.  Says what it did.
 */
int trust_put(const struct trust_order *o, struct trust_folder *f, struct trust_new *v, size_t n,
    const struct trust_line *list);
/* CLI_OK if the folder's set may be changed: it is the recorded one, or none yet. */
int trust_changeable(const struct trust_order *o, const struct trust_folder *f);
/* The order has that fingerprint. */
bool trust_confirmed(const struct trust_order *o, const uint8_t sha256[32]);
/* The same from a trust list: XML, from the descriptor's beginning. */
int trust_import_list(const struct trust_order *o, struct trust_folder *f, int fd);
/* Left out because it is listed already. */
bool trust_known(const struct trust_folder *f, const struct cert *c);
/* The certificate's common name, or the whole; "?" without memory. */
const char *trust_cert_name(const struct cert *c, struct arena *a);
/* SIGHUP to the keeper of PERIKSA_DATA, or in words what to do. */
int trust_reload(void);

#endif /* TRUST_ORDER_H */
