/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Answers to the questions that people ask, from a filled report. */
#include <string.h>

#include "checklist.h"
#include "fill.h"
#include "format.h"
#include "lack.h"
#include "when.h"

/* Add an answer; detail may be NULL. */
static enum rc
answer(
    struct checklist *l, enum check id, int signature, enum check_result result, const char *detail)
{
	struct report *r = l->r;
	struct report_check *c;
	enum rc rc;

	rc = arena_grow(r->arena, &r->checks, r->nchecks, &l->ncap_checks, sizeof(*r->checks));
	if (rc != RC_OK)
		return rc;
	c = &r->checks[r->nchecks++];
	c->id = id;
	c->signature = signature;
	c->result = result;
	c->detail = detail == NULL ? NULL : report_text(r->arena, detail, strlen(detail));
	return RC_OK;
}

void
checklist_reason(struct checklist *l, enum check code, int weight)
{
	size_t i;

	if (code == CHECK__NONE)
		return;
	for (i = 0; i < l->nreasons; i++)
		if (l->reasons[i].code == code) {
			if (weight > l->reasons[i].weight)
				l->reasons[i].weight = weight;
			return;
		}
	if (l->nreasons < sizeof(l->reasons) / sizeof(l->reasons[0])) {
		l->reasons[l->nreasons].code = code;
		l->reasons[l->nreasons++].weight = weight;
	}
}

enum rc
checklist_finish(struct checklist *l)
{
	struct report *r = l->r;
	size_t i;
	int weight;

	if ((r->reasons = arena_array(r->arena, l->nreasons, sizeof(*r->reasons))) == NULL)
		return RC_NOMEM;
	r->nreasons = 0;
	for (weight = WEIGHT_FAILED; weight >= WEIGHT_NOTE; weight--)
		for (i = 0; i < l->nreasons; i++)
			if (l->reasons[i].weight == weight)
				r->reasons[r->nreasons++] = l->reasons[i].code;
	return RC_OK;
}

static enum check_result
signer_name(const struct report_sig *s)
{
	if (s->signer.name == NULL)
		return RESULT_UNKNOWN;
	if (s->integrity == INTEGRITY_BROKEN)
		return RESULT_FAIL;
	/* A name is worth what the issuer behind it is worth. */
	return s->integrity == INTEGRITY_INTACT && s->trust.status == TRUST_TRUSTED
		   ? RESULT_OK
		   : RESULT_UNKNOWN;
}

static enum check_result
unchanged(const struct report_sig *s, const struct permit *permit)
{
	if (s->integrity == INTEGRITY_BROKEN || permit->ind == IND_FAILED)
		return RESULT_FAIL;
	if (s->integrity == INTEGRITY_UNKNOWN || !s->modification_allowed)
		return RESULT_UNKNOWN;
	if (s->modification <= MOD_LTA_UPDATES)
		return RESULT_OK;
	/*
	 * Allowed, but not the same: the sentence is that of ADDED_AFTER_SIGNING.  Who is
	 * named on a timestamp has signed nothing that people read.
	 */
	return s->kind == KIND_DOCUMENT_TIMESTAMP ? RESULT_NOT_APPLICABLE : RESULT_WARNING;
}

static enum check_result
timestamp(const struct report_sig *s)
{
	if (s->time.by != PROVEN_NONE)
		return RESULT_OK;
	return s->ntimestamps == 0 ? RESULT_FAIL : RESULT_UNKNOWN;
}

static enum check_result
issuer(const struct report_sig *s)
{
	if (s->trust.status == TRUST_TRUSTED)
		return RESULT_OK;
	return s->trust.status == TRUST_UNTRUSTED ? RESULT_FAIL : RESULT_UNKNOWN;
}

static enum check_result
revocation(const struct report_sig *s)
{
	switch (s->revocation.status) {
	case REV_GOOD:
		return RESULT_OK;
	case REV_REVOKED:
		return RESULT_FAIL;
	case REV_UNKNOWN:
	case REV__MAX:
		break;
	}
	return RESULT_UNKNOWN;
}

static enum check_result
digest(const struct dossier_sig *s)
{
	if (s->check == CMS_HASH_MISMATCH)
		return RESULT_FAIL;
	return s->check == CMS_INTACT || s->check == CMS_BAD_SIGNATURE ? RESULT_OK : RESULT_UNKNOWN;
}

static enum check_result
signature_value(const struct dossier_sig *s)
{
	if (s->check == CMS_BAD_SIGNATURE)
		return RESULT_FAIL;
	return s->check == CMS_INTACT ? RESULT_OK : RESULT_UNKNOWN;
}

static enum check_result
period(const struct dossier_sig *ds, const struct judgement *j)
{
	const struct cert *c = ds->signer;

	if (c == NULL)
		return RESULT_UNKNOWN;
	if (j->best < c->not_before)
		return RESULT_FAIL;
	if (j->best <= c->not_after)
		return RESULT_OK;
	return j->by == PROVEN_NONE ? RESULT_UNKNOWN : RESULT_FAIL;
}

/* Why the evidence at hand says nothing about a certificate of the path; NULL: it does. */
static const char *
gap_text(const struct xcv *x)
{
	static const char *const words[] = {
	    [REVOCATION_GAP_NOTHING] = "no revocation data",
	    [REVOCATION_GAP_SIGNATURE] = "the signature of the revocation data is wrong",
	    [REVOCATION_GAP_AUTHORITY] = "the revocation data is not signed by who may (O2, R1)",
	    [REVOCATION_GAP_NOCHECK] = "nothing confirms the OCSP responder (O3)",
	    [REVOCATION_GAP_INDIRECT] = "an indirect CRL is not judged",
	    [REVOCATION_GAP_DELTA] = "a delta CRL is not judged without the whole list",
	    [REVOCATION_GAP_REASONS] = "a CRL for some reasons only is not judged",
	    [REVOCATION_GAP_SCOPE] = "a CRL of another distribution point",
	    [REVOCATION_GAP_UNSUPPORTED] = "revocation data with an unknown critical extension",
	    [REVOCATION_GAP_CERT_HASH] = "the answer is about another certificate (certHash)",
	    [REVOCATION_GAP_UNKNOWN] = "the responder does not know the certificate",
	};
	size_t i;

	for (i = 0; i + 1 < x->chain.n; i++)
		if (x->lacks_rev[i] && !x->has_rev[i] && x->gap < sizeof(words) / sizeof(words[0]))
			return words[x->gap];
	return NULL;
}

/* When the oldest of the answers came that were asked for and that a path rests on. */
static void
oldest_asked(const struct xcv *x, int64_t *at)
{
	size_t i;

	for (i = 0; i + 1 < x->chain.n; i++)
		if (x->has_rev[i] && x->rev[i].asked != WHEN_NONE &&
		    (*at == WHEN_NONE || x->rev[i].asked < *at))
			*at = x->rev[i].asked;
}

static enum rc
checked_online(
    struct checklist *l, const struct dossier_sig *s, const struct judgement *j, int index)
{
	char text[WHEN_TEXT];
	int64_t at = WHEN_NONE;
	size_t i;

	oldest_asked(&j->xcv, &at);
	for (i = 0; i < s->ntst; i++)
		oldest_asked(&j->tst[i].xcv, &at);
	if (at == WHEN_NONE)
		return RC_OK;
	return answer(l, CHECK_CHECKED_ONLINE, index, RESULT_OK, when_format(at, text));
}

/* Why nobody's answer settles a certificate's status. */
static enum check
asking(enum lookup_outcome o)
{
	switch (o) {
	case LOOKUP_OPEN:
	case LOOKUP_NOBODY:
	case LOOKUP_LIMIT:
	case LOOKUP_NO_PATH:
	case LOOKUP__MAX:
		break;
	case LOOKUP_NO_URL:
	case LOOKUP_SCHEME:
		return CHECK_REVOCATION_NO_SOURCE;
	case LOOKUP_NOT_LISTED:
	case LOOKUP_FORBIDDEN:
		return CHECK_REVOCATION_HOST_NOT_ALLOWED;
	case LOOKUP_UNREACHABLE:
	case LOOKUP_SLOW:
	case LOOKUP_REFUSED:
		return CHECK_REVOCATION_NO_ANSWER;
	case LOOKUP_ANSWERED:
	case LOOKUP_UNKNOWN:
	case LOOKUP_NONSENSE:
	case LOOKUP_UNAUTHENTIC:
	case LOOKUP_STALE:
	case LOOKUP_TOO_LARGE:
		return CHECK_REVOCATION_ANSWER_UNUSABLE;
	}
	return CHECK_REVOCATION_NOT_ASKED;
}

/* Who was asked about that certificate; NULL: nobody. */
static const char *
asked_host(const struct report *r, const struct lack *k)
{
	size_t i;

	for (i = 0; i < r->nwanted; i++)
		if (r->wanted[i].host != NULL &&
		    memcmp(r->wanted[i].certificate, lack_about(k)->sha256, 32) == 0)
			return r->wanted[i].host;
	return NULL;
}

/* It is one of the path's certificates, or whom one of their issuers has made a responder. */
static bool
concerns(const struct lack *k, const struct chain *c)
{
	size_t i;

	for (i = 0; i < c->n; i++)
		if (c->certs[i] == k->certs[0] || (k->n > 1 && c->certs[i] == k->certs[1]))
			return true;
	return false;
}

/*
 * A signature that lacks nothing but revocation data: what became of asking for it, and whom, so
 * that nobody takes it for a fault of the document.
 */
static enum rc
not_answered(struct checklist *l, const struct dossier *d, const struct judgement *j,
    const struct permit *permit, int index)
{
	bool told[CHECK__MAX] = {false};
	const struct lack *k;
	enum check c;
	enum rc rc;
	size_t i;

	if (j->st.sub != SUB_TRY_LATER || j->xcv.on_hold || permit->ind != IND_PASSED)
		return RC_OK;
	for (i = 0; i < d->lacks->n; i++) {
		k = &d->lacks->v[i];
		if (!k->open || !k->decides || k->kind != LOOKUP_STATUS ||
		    !concerns(k, &j->xcv.chain))
			continue;
		c = asking(k->answer.outcome);
		if (told[c])
			continue;
		told[c] = true;
		checklist_reason(l, c, WEIGHT_DOCUMENT);
		if ((rc = answer(l, c, index, RESULT_UNKNOWN, asked_host(l->r, k))) != RC_OK)
			return rc;
	}
	return RC_OK;
}

/* Findings of the reader and the message, each once. */
static enum rc
findings(struct checklist *l, const struct dossier_sig *s, int index)
{
	bool told[CHECK__MAX] = {false};
	enum check c;
	enum rc rc;
	size_t i;

	for (i = 0; i < s->pdf->nfindings; i++) {
		c = format_rule_check(s->pdf->findings[i].rule);
		if (told[c])
			continue;
		told[c] = true;
		rc = answer(l, c, index, s->pdf->findings[i].fatal ? RESULT_FAIL : RESULT_WARNING,
		    pdf_rule_id(s->pdf->findings[i].rule));
		if (rc != RC_OK)
			return rc;
		if (s->pdf->findings[i].fatal)
			checklist_reason(l, c, WEIGHT_OPEN);
	}
	if (s->cms != NULL && s->cms->findings & CMS_B6_PADDING)
		return answer(l, CHECK_PADDING_NONZERO, index, RESULT_WARNING, NULL);
	return RC_OK;
}

static enum rc
timestamp_notes(struct checklist *l, const struct report_sig *s, int index)
{
	char text[WHEN_TEXT];
	enum rc rc;
	size_t i;

	for (i = 0; i < s->ntimestamps; i++) {
		const struct report_timestamp *t = &s->timestamps[i];

		if (t->reason == CHECK__NONE)
			continue;
		rc = answer(l, t->reason, index,
		    t->status.ind == IND_FAILED ? RESULT_FAIL : RESULT_WARNING,
		    when_format(t->time, text));
		if (rc != RC_OK)
			return rc;
	}
	return RC_OK;
}

/* What later changes are against, each code once. */
static enum rc
permissions(struct checklist *l, const struct permit *p, const struct judgement *j, int index)
{
	enum rc rc;
	size_t i;

	for (i = 0; i < p->nwhy; i++)
		if (p->why[i] != j->why &&
		    (rc = answer(l, p->why[i], index,
			 permit_fails(p->why[i]) ? RESULT_FAIL : RESULT_UNKNOWN, NULL)) != RC_OK)
			return rc;
	return p->annotations
		   ? answer(l, CHECK_ANNOTATIONS_AFTER_CERTIFICATION, index, RESULT_WARNING, NULL)
		   : RC_OK;
}

enum rc
checklist_signature(struct checklist *l, const struct dossier *d, size_t i,
    const struct judgement *j, const struct permit *permit)
{
	const struct report_sig *s = &l->r->sigs[i];
	const struct dossier_sig *ds = &d->sigs[i];
	bool dts = s->kind == KIND_DOCUMENT_TIMESTAMP;
	const struct {
		enum check id;
		enum check_result result;
	} answers[] = {
	    {CHECK_SIGNER_NAME, dts ? RESULT_NOT_APPLICABLE : signer_name(s)},
	    {CHECK_UNCHANGED, unchanged(s, permit)},
	    {CHECK_TIMESTAMP, dts ? RESULT_NOT_APPLICABLE : timestamp(s)},
	    {CHECK_LTV, dts      ? RESULT_NOT_APPLICABLE
			: s->ltv ? RESULT_OK
				 : RESULT_FAIL},
	    {CHECK_ISSUER_TRUSTED, issuer(s)},
	    {CHECK_DIGEST, digest(ds)},
	    {CHECK_SIGNATURE_VALUE, signature_value(ds)},
	    {CHECK_CERTIFICATE_PERIOD, dts ? RESULT_NOT_APPLICABLE : period(ds, j)},
	    {CHECK_REVOCATION, revocation(s)},
	};
	enum rc rc;
	size_t k;

	for (k = 0; k < sizeof(answers) / sizeof(answers[0]); k++)
		if ((rc = answer(l, answers[k].id, (int)i, answers[k].result,
			 answers[k].id == CHECK_REVOCATION ? gap_text(&j->xcv) : NULL)) != RC_OK)
			return rc;
	if (j->why != CHECK__NONE) {
		for (k = 0; k < sizeof(answers) / sizeof(answers[0]); k++)
			if (answers[k].id == j->why)
				break;
		if (k == sizeof(answers) / sizeof(answers[0]) &&
		    (rc = answer(l, j->why, (int)i,
			 j->st.ind == IND_FAILED ? RESULT_FAIL : RESULT_UNKNOWN,
			 j->why == CHECK_CHAIN_VALID ? j->xcv.chain.error : NULL)) != RC_OK)
			return rc;
	}
	if (!dts && ((rc = checked_online(l, ds, j, (int)i)) != RC_OK ||
			(rc = not_answered(l, d, j, permit, (int)i)) != RC_OK))
		return rc;
	if ((rc = permissions(l, permit, j, (int)i)) != RC_OK ||
	    (rc = findings(l, ds, (int)i)) != RC_OK)
		return rc;
	return timestamp_notes(l, s, (int)i);
}

enum rc
checklist_document(struct checklist *l, const struct dossier *d)
{
	bool told[CHECK__MAX] = {false};
	const struct pdf_survey *v = &d->survey;
	enum check c;
	enum rc rc;
	size_t i;

	if (l->r->demonstration &&
	    (rc = answer(l, CHECK_DEMONSTRATION, -1, RESULT_WARNING, NULL)) != RC_OK)
		return rc;
	for (i = 0; i < v->nfindings; i++) {
		c = format_rule_check(v->findings[i].rule);
		if (told[c])
			continue;
		told[c] = true;
		if ((rc = answer(l, c, -1, v->findings[i].fatal ? RESULT_FAIL : RESULT_WARNING,
			 pdf_rule_id(v->findings[i].rule))) != RC_OK)
			return rc;
	}
	return RC_OK;
}
