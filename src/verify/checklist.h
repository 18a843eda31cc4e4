/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CHECKLIST_H
#define CHECKLIST_H

#include "dossier.h"
#include "judge.h"
#include "level.h"
#include "permit.h"
#include "rc.h"
#include "report.h"

/*
 * The answers to the questions of checks.def, and the reasons of the
 * conclusion, most important first.
 */
struct checklist {
	struct report *r;
	size_t ncap_checks;
	struct {
		enum check code;
		int weight;
	} reasons[64];
	size_t nreasons;
};

/* Weights of reasons: what decides stands first. */
enum { WEIGHT_FAILED = 3, WEIGHT_OPEN = 2, WEIGHT_DOCUMENT = 1, WEIGHT_NOTE = 0 };

/* Add a reason once, with the highest weight given. */
void checklist_reason(struct checklist *l, enum check code, int weight);
/* All answers about signature i of the dossier, already filled into the report. */
enum rc checklist_signature(struct checklist *l, const struct dossier *d, size_t i,
    const struct judgement *j, const struct permit *permit);
/* Answers about the document itself. */
enum rc checklist_document(struct checklist *l, const struct dossier *d);
/* Sort the reasons and hand them to the report. */
enum rc checklist_finish(struct checklist *l);

#endif /* CHECKLIST_H */
