/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One document from bytes to conclusion.  The worst signature decides; a
 * later change that no rule allows takes the headline, whatever the
 * cryptography says of the signed revision.
 */
#include <string.h>

#include "caps.h"
#include "checklist.h"
#include "digest.h"
#include "dossier.h"
#include "fill.h"
#include "format.h"
#include "horizon.h"
#include "judge.h"
#include "lack.h"
#include "level.h"
#include "online.h"
#include "permit.h"
#include "verify.h"
#include "visual.h"
#include "when.h"

/* What came after the signed revision only ever worsens what the signature is worth. */
static void
apply(const struct permit *p, struct judgement *j)
{
	if (p->ind == IND_PASSED || j->st.ind == IND_FAILED ||
	    (p->ind == IND_INDETERMINATE && j->st.ind != IND_PASSED))
		return;
	j->st.ind = p->ind;
	j->st.sub = p->sub;
	j->why = p->why[0];
}

/* How far an indication pulls the conclusion down. */
static enum conclusion
conclusion_of(enum indication ind)
{
	return ind == IND_PASSED   ? CONCLUSION_VALID
	       : ind == IND_FAILED ? CONCLUSION_INVALID
				   : CONCLUSION_INDETERMINATE;
}

static void
worse(enum conclusion *have, enum conclusion c)
{
	if (c == CONCLUSION_INVALID || (c == CONCLUSION_INDETERMINATE && *have == CONCLUSION_VALID))
		*have = c;
}

/* The reasons of one signature, and how far it pulls the conclusion down. */
static enum conclusion
weigh(struct checklist *l, const struct pdf_sig *p, const struct judgement *j,
    const struct permit *permit)
{
	enum conclusion c = conclusion_of(permit->ind);
	size_t i;

	/*
	 * A document timestamp that fails as a proof is listed and not counted
	 * (anybody can append one); its structure and what came after it count.
	 */
	if (!p->is_timestamp)
		worse(&c, conclusion_of(j->st.ind));
	else if (j->early)
		worse(&c, CONCLUSION_INDETERMINATE);
	if (!p->is_timestamp || j->early)
		checklist_reason(l, j->why, c == CONCLUSION_INVALID ? WEIGHT_FAILED : WEIGHT_OPEN);
	for (i = 0; i < permit->nwhy; i++)
		checklist_reason(
		    l, permit->why[i], permit_fails(permit->why[i]) ? WEIGHT_FAILED : WEIGHT_OPEN);
	if (permit->annotations)
		checklist_reason(l, CHECK_ANNOTATIONS_AFTER_CERTIFICATION, WEIGHT_NOTE);
	if (j->past_validation && !p->is_timestamp)
		checklist_reason(l, CHECK_PAST_EVIDENCE_MISSING, WEIGHT_OPEN);
	return c;
}

/* Findings about the document itself. */
static void
weigh_document(struct checklist *l, const struct dossier *d, enum conclusion *c)
{
	const struct pdf_survey *v = &d->survey;
	size_t i;

	if (v->status == PDF_NOT_PDF) {
		*c = CONCLUSION_UNREADABLE;
		checklist_reason(l, CHECK_NOT_PDF, WEIGHT_FAILED);
		return;
	}
	for (i = 0; i < v->nfindings; i++)
		if (v->findings[i].fatal) {
			worse(c, CONCLUSION_INDETERMINATE);
			checklist_reason(
			    l, format_rule_check(v->findings[i].rule), WEIGHT_DOCUMENT);
		}
	if (v->status == PDF_DEFECT)
		worse(c, CONCLUSION_INDETERMINATE);
	if (d->evidence_capped) {
		/* What was left out might have said "revoked". */
		worse(c, CONCLUSION_INDETERMINATE);
		checklist_reason(l, CHECK_LIMIT, WEIGHT_OPEN);
	}
	if (v->locked) {
		worse(c, CONCLUSION_INDETERMINATE);
		if (v->password_wrong)
			checklist_reason(l, CHECK_PASSWORD, WEIGHT_OPEN);
		checklist_reason(l, CHECK_LOCKED, WEIGHT_OPEN);
	}
}

static void
conclude(struct checklist *l, const struct dossier *d, const struct judgement *v,
    const struct permit *permits)
{
	enum conclusion c = CONCLUSION_VALID;
	size_t i, signatures = 0;

	for (i = 0; i < d->nsigs; i++) {
		signatures += !d->sigs[i].pdf->is_timestamp;
		worse(&c, weigh(l, d->sigs[i].pdf, &v[i], &permits[i]));
	}
	weigh_document(l, d, &c);
	if (c == CONCLUSION_VALID && signatures == 0) {
		c = CONCLUSION_NO_SIGNATURE;
		checklist_reason(l, CHECK_NO_SIGNATURE, WEIGHT_FAILED);
	}
	l->r->conclusion = c;
}

static void
fill_document(struct report *r, const struct dossier *d, const struct source *src)
{
	const struct pdf_survey *v = &d->survey;

	memcpy(r->document.sha256, d->sha256, sizeof(r->document.sha256));
	r->document.size = src->len;
	r->document.pages = v->pages;
	r->document.revisions = v->revisions;
	r->document.encrypted = v->encrypted;
	if (v->version[0] != '\0')
		r->document.pdf_version =
		    report_text(r->arena, v->version, strnlen(v->version, sizeof(v->version)));
}

/* Every signature under both policies, and what the document alone proves of it. */
struct opinion {
	struct judgement *chosen, *strict;
	struct permit *permits;
	struct level_result *levels;
	struct horizon *horizons;
};

static enum rc
fill_signatures(struct checklist *l, struct dossier *d, const struct opinion *o)
{
	struct report *r = l->r;
	enum rc rc;
	size_t i;

	if ((r->sigs = arena_array(r->arena, d->nsigs, sizeof(*r->sigs))) == NULL)
		return RC_NOMEM;
	r->nsigs = d->nsigs;
	for (i = 0; i < d->nsigs; i++) {
		if ((rc = fill_signature(r, &r->sigs[i], d, i, &o->chosen[i], &o->permits[i],
			 &o->levels[i])) != RC_OK)
			return rc;
		fill_horizon(r, &r->sigs[i], &o->horizons[i]);
		r->sigs[i].status = o->chosen[i].st;
		r->sigs[i].strict = o->strict[i].st;
		if ((rc = checklist_signature(l, d, i, &o->chosen[i], &o->permits[i])) != RC_OK)
			return rc;
	}
	return RC_OK;
}

/*
 * What only a drawing shows: later stamps that cover, and, if pictures are wanted,
 * pages that look different from what the oldest of several revisions signed.
 */
static enum rc
look(struct report_visual **out, struct report *r, struct dossier *d, const struct verify_params *p)
{
	struct pdf_survey *v = &d->survey;
	bool compared = !p->pictures;
	enum rc rc = RC_OK;
	size_t i;

	if ((*out = arena_array(r->arena, v->nsigs, sizeof(**out))) == NULL)
		return RC_NOMEM;
	for (i = 0; i < v->nsigs && rc == RC_OK; i++) {
		visual_covers(p->painter, &v->sigs[i], i == 0 ? NULL : &v->sigs[i - 1]);
		if (compared || v->sigs[i].coverage != PDF_COVERAGE_REVISION)
			continue;
		compared = true;
		rc = visual_compare(
		    &(*out)[i], r->arena, d->arena, p->painter, &v->sigs[i], v->pages);
	}
	return rc;
}

/* Every signature of the document under one policy, later changes included. */
static enum rc
judge_under(struct judgement **v, struct permit **permits, struct dossier *d,
    const struct policy *policy, int64_t now)
{
	enum rc rc;
	size_t i;

	*v = NULL;
	rc = permit_judge(permits, d->arena, &d->survey, policy->certified_visible_signature);
	if (rc != RC_OK || (rc = judge_all(v, d, policy, now)) != RC_OK)
		return rc;
	for (i = 0; i < d->nsigs; i++)
		apply(&(*permits)[i], &(*v)[i]);
	return RC_OK;
}

static enum rc
judge_both(struct opinion *o, struct dossier *d, const struct verify_params *p)
{
	enum rc rc;

	rc = judge_under(&o->strict, &o->permits, d, policy_find("strict"), p->at);
	return rc != RC_OK ? rc : judge_under(&o->chosen, &o->permits, d, p->policy, p->at);
}

/* Before anybody is asked: what others know is no merit of the document. */
static enum rc
find_carried(struct opinion *o, struct dossier *d, const struct verify_params *p)
{
	size_t i;

	if ((o->levels = arena_array(d->arena, d->nsigs, sizeof(*o->levels))) == NULL)
		return RC_NOMEM;
	for (i = 0; i < d->nsigs; i++)
		level_find(&o->levels[i], d, i, p->policy);
	return horizon_find(&o->horizons, d, p->policy, p->at, o->chosen);
}

/* What others know may end a proof that the document holds, and never begins one. */
static void
end_horizons(struct opinion *o, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (o->chosen[i].st.ind != IND_PASSED)
			o->horizons[i] = (struct horizon){.until = WHEN_NONE};
}

/* Ask for what is lacking as long as something comes, which may lack something itself. */
static enum rc
judge_with_others(struct opinion *o, struct dossier *d, const struct verify_params *p)
{
	bool news;
	enum rc rc;

	do {
		news = false;
		rc = lack_find(d, p->policy, p->at, o->chosen, o->strict);
		if (rc == RC_OK && !p->offline && p->lookup != NULL)
			rc = online_ask(d, p->lookup, p->at, &news);
		if (rc == RC_OK && news)
			rc = judge_both(o, d, p);
	} while (rc == RC_OK && news);
	if (rc == RC_OK)
		end_horizons(o, d->nsigs);
	return rc;
}

static enum rc
judge_document(
    struct report *r, struct arena *work, const struct source *src, const struct verify_params *p)
{
	struct pdf_bytes password = {p->password, p->password_len};
	struct report_visual *visuals;
	struct checklist list;
	struct opinion o;
	struct dossier *d;
	enum rc rc;
	size_t i;

	memset(&list, 0, sizeof(list));
	list.r = r;
	if ((d = arena_alloc(work, sizeof(*d))) == NULL)
		return RC_NOMEM;
	if ((rc = dossier_open(d, work, src, p->trust, p->password != NULL ? &password : NULL)) !=
	    RC_OK)
		return rc;
	if ((rc = look(&visuals, r, d, p)) != RC_OK || (rc = judge_both(&o, d, p)) != RC_OK ||
	    (rc = find_carried(&o, d, p)) != RC_OK || (rc = judge_with_others(&o, d, p)) != RC_OK)
		return rc;
	d->evidence_capped |= cert_pk_short(p->trust->cache);
	fill_document(r, d, src);
	if ((rc = checklist_document(&list, d)) != RC_OK || (rc = fill_wanted(r, d)) != RC_OK ||
	    (rc = fill_signatures(&list, d, &o)) != RC_OK ||
	    (rc = fill_notices(r, &d->survey)) != RC_OK)
		return rc;
	for (i = 0; i < r->nsigs; i++)
		r->sigs[i].visual = visuals[i];
	conclude(&list, d, o.chosen, o.permits);
	return checklist_finish(&list);
}

/* What every report says, whatever became of the document. */
static void
fill_head(struct report *r, const struct verify_params *p)
{
	r->policy_id = report_text(r->arena, p->policy->id, strlen(p->policy->id));
	r->policy_version = report_text(r->arena, p->policy->version, strlen(p->policy->version));
	memcpy(r->trust_id, p->trust->id, sizeof(r->trust_id));
	r->demonstration = p->trust->demonstration;
	r->validated_at = p->at;
	r->offline = p->offline;
	if (p->name != NULL)
		r->document.name = report_text(r->arena, p->name, strlen(p->name));
}

enum rc
verify(struct report **out, const struct source *src, const struct verify_params *params)
{
	struct report *r = NULL;
	struct arena *work = NULL;
	enum rc rc = RC_NOMEM;

	*out = NULL;
	cert_cache_trim(params->trust->cache);
	if ((r = report_new()) == NULL || (work = arena_new(CAP_ARENA)) == NULL)
		goto out;
	fill_head(r, params);
	rc = judge_document(r, work, src, params);
	/* Whoever went on without some piece of memory may have left something out. */
	if (rc == RC_OK && (arena_short(work) || arena_short(r->arena)))
		rc = RC_NOMEM;
	if (rc != RC_OK) {
		/* Our trouble with this document: say so, with its fingerprint if we can. */
		report_free(r);
		if ((r = report_new()) == NULL) {
			rc = RC_NOMEM;
			goto out;
		}
		fill_head(r, params);
		r->document.size = src->len;
		(void)digest_run(src, NULL, 0, r->document.sha256);
		report_not_examined(
		    r, rc == RC_NOMEM || rc == RC_TOOBIG ? CHECK_LIMIT : CHECK_NOT_EXAMINED);
		rc = RC_OK;
	}
	*out = r;
	r = NULL; /* transferred */
out:
	report_free(r);
	arena_free(work);
	return rc;
}
