/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef JUDGE_H
#define JUDGE_H

#include <stdbool.h>
#include <stdint.h>

#include "chain.h"
#include "dossier.h"
#include "policy.h"
#include "report.h"
#include "revocation.h"

/*
 * The building blocks and processes of EN 319 102-1 (V1.4.1): X.509 certificate
 * validation (5.2.6), time-stamp validation (5.4), Basic (5.3) and With-Time
 * (5.5) validation of one signature of a dossier.
 */

/* A certificate at a time (5.2.6). */
struct xcv {
	struct status st;
	enum check why;          /* CHECK__NONE when passed */
	struct chain chain;      /* the path that st is about */
	bool has_rev[CAP_CHAIN]; /* rev[i] is about chain.certs[i] */
	struct revocation rev[CAP_CHAIN];
	bool lacks_rev[CAP_CHAIN]; /* no, or no fresh, revocation data for certs[i] */
	enum revocation_gap gap;
	int64_t revoked_at; /* REVOKED(_CA)_NO_POE, or on hold since */
	bool unfresh;       /* TRY_LATER: there is data, but not fresh at the time */
	bool on_hold;       /* TRY_LATER: suspended */
};

struct tst_result {
	struct status st;
	enum check why; /* CHECK__NONE when it counts */
	bool expired;   /* counts although the authority has expired since */
	struct xcv xcv;
};

struct judgement {
	struct status st;
	enum check why;       /* the main reason, CHECK__NONE when passed */
	bool past_validation; /* past validation with archive timestamps might say more */
	bool early;           /* st was decided by format or cryptography alone */
	struct xcv xcv;       /* of the signer's certificate, at the time that decided */
	int64_t best;         /* best signature time: the present without a timestamp */
	enum proven_by by;
	struct tst_result *tst;        /* as in the dossier's tst[] */
	const struct tst_result **dts; /* for each signature of the dossier: what the document
					* timestamp there is worth, NULL where there is none */
};

/*
 * Judge every signature of the dossier at the time now under the policy.  out
 * holds d->nsigs judgements in the arena.  RC_OK or RC_NOMEM.
 */
enum rc judge_all(
    struct judgement **out, struct dossier *d, const struct policy *policy, int64_t now);

/* The check of the report that a rule of the PDF reader belongs to. */
enum check judge_rule_check(enum pdf_rule rule);

/* Rules of the dictionary and the coverage fail a signature; the rest leaves it open. */
bool judge_rule_fails(enum pdf_rule rule);

/* Signature i's document timestamps: k covers all of i, and its own range is sound. */
bool judge_covers(const struct dossier *d, size_t k, size_t i);

#endif /* JUDGE_H */
