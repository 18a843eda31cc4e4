/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef DOSSIER_H
#define DOSSIER_H

#include <stdbool.h>
#include <stdint.h>

#include "cert.h"
#include "cms.h"
#include "pdf.h"
#include "revocation.h"
#include "source.h"
#include "trust.h"
#include "tstamp.h"

/*
 * All that is known about a document before anybody judges: what the reader
 * found, each signature's message, digests and timestamps, and the pools of
 * certificates and revocation data.  Nothing here depends on time or policy.
 */

struct dossier_sig {
	const struct pdf_sig *pdf;
	enum cms_kind kind;
	struct cms *cms;           /* NULL: no message, or one that could not be split */
	const struct cert *signer; /* NULL: not at hand */
	bool signer_in_cms;
	enum hash hash; /* of the ranges */
	enum sig_scheme scheme;
	enum cms_check check; /* digest and signature value over the ranges */
	bool digest_known;    /* the ranges could be digested */
	struct tstamp *tst;   /* signature: its signature timestamps; document timestamp:
			       * [0] is the token itself */
	size_t ntst;
	size_t nown_tst; /* the first of them are in the message, the rest in a VRI */
	struct tstamp *content_tst;
	size_t ncontent_tst;
	bool sound; /* no rule of the reader fails it, and its coverage is clear */
	/* The first revision whose document timestamp protects the message: the one after its
	 * own, EVIDENCE_NOWHERE without clear coverage. */
	unsigned since;
	uint64_t a, c, end; /* the covered ranges [0,a) and [c,end), if pdf->range_sound */
};

struct dossier {
	struct arena *arena;
	const struct trust *trust;
	struct pdf_survey survey;
	uint8_t sha256[32];
	struct dossier_sig *sigs; /* as in survey.sigs */
	size_t nsigs;
	struct cert_pool pool;
	struct evidence_pool evidence;
	bool evidence_capped;      /* some evidence was left out at a limit */
	struct lacks *lacks;       /* lack.c's own: evidence that nobody has brought */
	struct chain_memo *chains; /* xcv.c's own: paths that were found */
	struct level_memo *levels; /* level.c's own: what the file holds about its timestamps */
	struct poe_map *places;    /* poe.c's own: which revision protects what */
};

/*
 * Read the document and gather everything.  RC_OK; RC_NOMEM, RC_TOOBIG, RC_IO
 * or RC_CRYPTO when we could not look at it.  d lives in the arena.
 */
enum rc dossier_open(struct dossier *d, struct arena *arena, const struct source *src,
    const struct trust *trust, const struct pdf_bytes *password);

#endif /* DOSSIER_H */
