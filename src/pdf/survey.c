/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the parts of the survey share: the document as one reading of it shows it. */
#include <string.h>

#include "byterange.h"
#include "change.h"
#include "dss.h"
#include "hole.h"
#include "page.h"
#include "revision.h"
#include "survey.h"

void
survey_finding(struct survey *s, enum pdf_rule rule, bool fatal, uint64_t off)
{
	struct pdf_finding f = {.rule = rule, .fatal = fatal, .off = off};

	finding_add(s->arena, &s->out->findings, &s->out->nfindings, &s->cap_findings, &f);
}

bool
survey_structural(const struct pdf_finding *f)
{
	return f->fatal && f->rule <= PDF_S10_LINEARIZED;
}

enum rc
survey_copy(struct survey *s, struct doc *d)
{
	const struct obj *root, *v;
	size_t last = d->nsections - 1;
	enum rc rc;

	s->out->revisions = d->nrevisions;
	s->out->encrypted |= d->encrypted;
	s->out->password_wrong |= d->wrong_password;
	if (page_list(d, last) == RC_OK)
		s->out->pages = (uint32_t)d->pages.n;
	if (revision_key(d, last, &d->sections[last].trailer, "Root", &root) == RC_OK &&
	    revision_key(d, last, root, "Version", &v) == RC_OK && v->type == OBJ_NAME &&
	    v->u.s.len == 3 && v->u.s.p[1] == '.')
		memcpy(s->out->version, v->u.s.p, 3);
	rc = dss_collect(d, &s->out->dss);
	s->out->locked |= d->locked;
	return rc;
}

enum rc
survey_finish(struct survey *s, struct doc *d, struct sigs *sigs)
{
	size_t i, k;
	uint64_t e;
	enum rc rc;

	for (i = 0; i < sigs->n; i++) {
		sigfield_cover(d, sigs->v[i]);
		if ((rc = sigfield_describe(d, sigs->v[i])) != RC_OK)
			return rc;
	}
	if ((rc = hole_check(d, sigs)) != RC_OK)
		return rc;
	for (i = 0; i < sigs->n; i++) {
		e = pdf_sig_end(&sigs->v[i]->pub);
		for (k = 0; k < d->nfindings; k++) {
			if (survey_structural(&d->findings[k]) &&
			    (e == 0 || d->findings[k].off < e || d->findings[k].off == UINT64_MAX))
				sig_fail(
				    d, sigs->v[i], d->findings[k].rule, d->findings[k].off, true);
		}
	}
	s->out->locked |= d->locked;
	return RC_OK;
}

bool
survey_has_rule(const struct sig *sig, enum pdf_rule rule)
{
	size_t i;

	for (i = 0; i < sig->pub.nfindings; i++) {
		if (sig->pub.findings[i].rule == rule)
			return true;
	}
	return false;
}

enum rc
survey_modification(struct survey *s, struct sig *sig)
{
	struct pdf_sig *pub = &sig->pub;
	struct doc *d = &s->doc;
	uint64_t e = pdf_sig_end(pub);
	enum rc rc = RC_OK;

	/* Trailing bytes are no update, but they are not covered either. */
	if (s->n < s->src->len && pub->coverage == PDF_COVERAGE_FILE)
		pub->coverage = PDF_COVERAGE_REVISION;
	if (e != 0 && byterange_reaches(&s->doc, e)) {
		pub->modification = PDF_MOD_NONE;
		return RC_OK;
	}
	pub->modification = PDF_MOD_NOT_ANALYSED;
	if (survey_has_rule(sig, PDF_D2_REDEFINED))
		rc = change_note(d, sig, PDF_CHANGE_SIGNATURE_REPLACED, pub->object, sig->off);
	if (rc == RC_OK && d->rollback)
		rc = change_note(d, sig, PDF_CHANGE_ROLLBACK, 0, UINT64_MAX);
	if (rc != RC_OK)
		return rc;
	if (sig->section == SIZE_MAX)
		return doc_sealed(d) ? RC_OK : change_note(d, sig, PDF_CHANGE_UNREADABLE, 0, e);
	if (!byterange_later(d, e, sig->section)) {
		sig_fail(d, sig, PDF_B10_OFFSETS, e, true);
		return change_note(d, sig, PDF_CHANGE_ROLLBACK, 0, e);
	}
	return RC_OK;
}
