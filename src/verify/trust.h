/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TRUST_H
#define TRUST_H

#include <stdbool.h>
#include <stdint.h>

#include "buf.h"
#include "cert.h"
#include "chain.h"
#include "rc.h"

/* Whether the anchors are those that were approved last (trust_history.h). */
enum trust_record {
	TRUST_RECORD_NONE, /* a folder without anchors.conf: no record, and none is needed */
	TRUST_RECORD_SAME,
	TRUST_RECORD_MISSING, /* anchors.conf without history */
	TRUST_RECORD_BROKEN,  /* the history was edited, or can't be read */
	TRUST_RECORD_DIFFERS  /* the history's last set is another */
};

/*
 * The trust store: anchors (with purpose and time) and helper certificates
 * that only help to build paths, all parsed and kept for the life of the
 * process in its certificate cache.
 */
struct trust {
	struct cert_cache *cache;
	struct anchors anchors;
	const struct cert **helpers;
	size_t nhelpers;
	uint8_t id[32];     /* SHA-256 over the sorted anchors: fingerprint, purposes, times */
	bool demonstration; /* the folder holds the marker that `periksa demo` writes */
	/* What anchors.conf allows to ask: host names in small letters, without port; and, each
	 * whole, addresses of issuers' certificates.  Not part of id. */
	char **hosts, **issuer_urls;
	size_t nhosts, nissuer_urls;
	/* Says nothing about hosts and helpers: they are not part of id. */
	enum trust_record recorded;
	uint8_t recorded_id[32]; /* zeros without an intact first line */
};

/*
 * Load a folder.  With an anchors.conf in it, only certificates that it lists,
 * with exactly the fingerprint that it lists, are loaded; anything else is
 * said in *log (one line each) and left out.  Without one, every PEM
 * certificate of every file is an anchor for signers and TSAs.
 * RC_OK with at least one anchor; RC_ABSENT with none; RC_IO, RC_NOMEM.
 */
enum rc trust_load(struct trust **out, const char *dir, struct buf *log);
/* Takes NULL. */
void trust_free(struct trust *t);
/*
 * Decode every key and judge the helpers' paths now: for the process
 * that inspectors are forked from, which then find all that done.  RC_OK or RC_NOMEM.
 */
enum rc trust_warm(const struct trust *t);

/* NONE or SAME: otherwise the portal is not ready. */
bool trust_record_good(const struct trust *t);
/* A few words for the operator: "as recorded", "not the recorded set", … */
const char *trust_record_text(enum trust_record r);

#endif /* TRUST_H */
