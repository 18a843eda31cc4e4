/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TSTAMP_H
#define TSTAMP_H

#include <stdbool.h>
#include <stdint.h>

#include "cms.h"

/* A timestamp token (RFC 3161, 2.4.2) before anybody asks whether its authority is trusted. */

enum tstamp_finding {
	TST_T2_IMPRINT = 1 << 0, /* imprint is not that of the data */
	TST_T4_INFO = 1 << 1,   /* TSTInfo malformed: version, trailing bytes, critical extension */
	TST_CMS = 1 << 2,       /* the token's CMS is unusable, see cms->findings */
	TST_SIGNATURE = 1 << 3, /* its signature or message digest is wrong */
	TST_NO_CERT = 1 << 4,   /* the authority's certificate is not at hand */
	TST_ESS = 1 << 5        /* ESS attribute missing or naming another certificate */
};

struct tstamp {
	unsigned findings; /* 0: the token is sound and stamps this data */
	struct cms *cms;
	const struct cert *cert; /* the authority's certificate, or NULL */
	int64_t gen_time;        /* WHEN_NONE if unreadable */
	int64_t accuracy;        /* seconds, rounded up; 0 if absent */
	bool ordering;
	enum hash imprint_hash;
	struct der imprint;
	struct der serial;
	struct der policy; /* OID octets */
	struct der tsa;    /* the authority as the token names it: a whole Name, or len 0 */
	/* The first revision whose document timestamp protects it, UINT_MAX if none; the caller's.
	 */
	unsigned since;
	bool is_document; /* document timestamp (else signature or content timestamp) */
};

/* Split a token.  RC_OK with findings, RC_NOMEM, RC_TOOBIG. */
enum rc tstamp_parse(struct tstamp *out, struct arena *a, struct der token);
/*
 * Compare the imprint with the digest of the stamped data (algorithm's octets
 * in md; T3) and verify the token's own signature with its certificate from
 * the message or the pool.  Adds findings.
 */
enum rc tstamp_check(
    struct tstamp *t, const struct cert_pool *pool, const uint8_t *md, size_t md_len);

/* T4: the authority's certificate is that of whom the token names, if it names anybody by a
 * directory name. */
bool tstamp_named(const struct tstamp *t);

#endif /* TSTAMP_H */
