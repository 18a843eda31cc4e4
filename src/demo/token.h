/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TOKEN_H
#define TOKEN_H

#include "envelope.h"

/* Timestamp tokens (RFC 3161, RFC 5816). */
struct token {
	const struct pki_cert *authority;
	const struct pki_cert *const *certs; /* enclosed */
	size_t ncerts;
	int64_t gen_time;
	const char *digest; /* of the imprint; NULL: SHA256 */
	struct der imprint; /* empty: filled in by who makes the stamped thing */
	unsigned accuracy;  /* seconds; 0: absent */
	const char *policy; /* NULL: a test policy */
	uint64_t serial;
	enum envelope_ess ess;
	const struct pki_cert *ess_cert; /* another certificate named by ESS */
	const struct pki_cert *named; /* whose subject stands as the authority's name; NULL: none */
};

struct der token_make(struct maker *m, const struct token *spec);

#endif /* TOKEN_H */
