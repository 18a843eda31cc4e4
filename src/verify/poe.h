/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef POE_H
#define POE_H

#include <stdint.h>

#include "dossier.h"

/*
 * Proofs of existence (EN 319 102-1 V1.4.1, 5.6.2.3): since when each thing of a
 * document is known to exist.  At first nothing is proven to be older than the
 * present.  What a document timestamp proves follows from where things lie: it
 * hashes the whole file up to the end of its revision, so that everything in
 * it is protected, save its own message.
 */
struct poe {
	const struct dossier *d;
	int64_t now;
	int64_t *held; /* by revision, from 1: what a document has had since then */
	unsigned nheld;
	/* By timestamps over signature values: the values, certificates, revocation data. */
	int64_t *value, *cert, *evidence;
	const struct poe_map *map; /* poe.c's own */
};

/* Nothing is proven yet.  The arrays lie in the dossier's arena.  RC_OK or RC_NOMEM. */
enum rc poe_init(struct poe *p, struct dossier *d, int64_t now);
/*
 * A document timestamp with sound coverage (dossier_sig.sound) was found good:
 * everything that its revision holds existed at that time.
 */
void poe_document(struct poe *p, unsigned revision, int64_t at);
/*
 * A timestamp over the value of signature i was found good: that, its
 * certificate where the message names it, and what its signed attributes hold.
 */
void poe_signature(struct poe *p, size_t i, int64_t at);

/* Since when; the present where nothing is proven. */
int64_t poe_of_value(const struct poe *p, size_t i);
int64_t poe_of_cert(const struct poe *p, const struct cert *c);
int64_t poe_of_evidence(const struct poe *p, const struct evidence *e);
/* A timestamp, by what protects the place where it lies: never by itself. */
int64_t poe_of_token(const struct poe *p, const struct tstamp *t);

#endif /* POE_H */
