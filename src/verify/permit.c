/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What later changes mean for a signature, from what the reader found alone: no
 * cryptography, no time.  The levels are the reader's; who may do what is decided
 * here.  Whatever no rule allows is forbidden, and what nobody spoke about is open.
 */
#include <string.h>

#include "permit.h"

bool
permit_locks(const struct pdf_lock *lock, const char *field)
{
	bool named = false;
	size_t i, len;

	for (i = 0; i < lock->nnames && !named; i++) {
		len = strlen(lock->names[i]);
		named = len > 0 && strncmp(lock->names[i], field, len) == 0 &&
			(field[len] == '\0' || field[len] == '.');
	}
	switch (lock->action) {
	case 'A':
		return true;
	case 'I':
		return named;
	case 'E':
		return !named;
	default:
		return false;
	}
}

static void
add(struct permit *p, enum check code)
{
	size_t i;

	for (i = 0; i < p->nwhy; i++)
		if (p->why[i] == code)
			return;
	if (p->nwhy < PERMIT_WHY)
		p->why[p->nwhy++] = code;
}

/* The highest level that /P allows (ISO 32000-2, table 257). */
static enum pdf_modification
highest(int limit)
{
	return limit == 1   ? PDF_MOD_LTA_UPDATES
	       : limit == 2 ? PDF_MOD_FORM_FILLING
			    : PDF_MOD_ANNOTATIONS;
}

/* What a further signature brings with it, wherever nobody forbids it. */
static bool
belongs_to_signing(const struct pdf_change *c)
{
	switch ((unsigned)c->kind) {
	case PDF_CHANGE_SIGNATURE_FIELD_ADDED:
	case PDF_CHANGE_SIGNATURE_ADDED:
	case PDF_CHANGE_SIGNATURE_FILLED:
	case PDF_CHANGE_TIMESTAMP_ADDED:
	case PDF_CHANGE_EVIDENCE_ADDED:
	case PDF_CHANGE_STRUCTURE:
	case PDF_CHANGE_METADATA:
	case PDF_CHANGE_BOOKKEEPING:
		return true;
	case PDF_CHANGE_FORM:
		/* Fonts for a stamp; not what makes viewers draw the fields anew. */
		return c->place.path == NULL || strstr(c->place.path, "/NeedAppearances") == NULL;
	default:
		return false;
	}
}

/* Where the document is certified, a new field may not show anything that nobody prepared. */
static bool
breaks_certification(const struct pdf_change *c, int limit, bool visible_signatures)
{
	if (limit == 0 || c->level <= PDF_MOD_LTA_UPDATES)
		return false;
	if (c->level > highest(limit))
		return true;
	if (c->kind == PDF_CHANGE_SIGNATURE_FIELD_ADDED)
		return c->level == PDF_MOD_ANNOTATIONS;
	/* COVERED has a field only if a signature's stamp covers. */
	return c->visible && !visible_signatures &&
	       (c->kind == PDF_CHANGE_SIGNATURE_ADDED ||
		   (c->kind == PDF_CHANGE_COVERED && c->field != NULL));
}

/* The code that says why this change is not simply allowed; CHECK__NONE: it is. */
static enum check
judge(const struct pdf_sig *s, const struct pdf_change *c, int limit, bool visible_signatures)
{
	if (c->level == PDF_MOD_OTHER)
		return CHECK_CHANGED_AFTER_SIGNING;
	if (c->level == PDF_MOD_NOT_ANALYSED)
		return CHECK_LATER_CHANGES_NOT_ANALYSED;
	if (breaks_certification(c, limit, visible_signatures))
		return CHECK_CERTIFICATION_VIOLATED;
	if (!c->lock_exempt && c->level > PDF_MOD_LTA_UPDATES && c->field != NULL &&
	    permit_locks(&s->lock, c->field))
		return CHECK_FIELD_LOCK_VIOLATED;
	/* No permission to comment is one to hide what was signed. */
	if (c->kind == PDF_CHANGE_COVERED)
		return CHECK_COVERED;
	if (c->kind == PDF_CHANGE_DRAWN_DIFFERENTLY)
		return CHECK_DRAWN_DIFFERENTLY;
	if (c->level == PDF_MOD_ANNOTATIONS && limit == 0)
		return CHECK_ANNOTATIONS_AFTER_APPROVAL;
	if (c->level == PDF_MOD_FORM_FILLING && limit == 0 && !belongs_to_signing(c))
		return CHECK_FORM_CHANGED_AFTER_APPROVAL;
	return CHECK__NONE;
}

bool
permit_fails(enum check code)
{
	return code == CHECK_CHANGED_AFTER_SIGNING || code == CHECK_CERTIFICATION_VIOLATED ||
	       code == CHECK_FIELD_LOCK_VIOLATED;
}

static void
judge_changes(struct permit *p, const struct pdf_sig *s, bool visible_signatures)
{
	static const enum check order[] = {CHECK_CHANGED_AFTER_SIGNING,
	    CHECK_CERTIFICATION_VIOLATED, CHECK_FIELD_LOCK_VIOLATED, CHECK_COVERED,
	    CHECK_DRAWN_DIFFERENTLY, CHECK_ANNOTATIONS_AFTER_APPROVAL,
	    CHECK_FORM_CHANGED_AFTER_APPROVAL, CHECK_LATER_CHANGES_NOT_ANALYSED};
	/* The level may stand without a list: then nothing tells what it is made of. */
	const struct pdf_change whole = {.level = s->modification, .kind = PDF_CHANGE_OTHER};
	bool found[CHECK__MAX] = {false};
	const struct pdf_change *c;
	enum check code;
	size_t i;

	p->level = s->modification;
	for (i = 0; i < s->nchanges; i++) {
		c = &s->changes[i];
		code = judge(s, c, p->limit, visible_signatures);
		p->allowed[i] = code == CHECK__NONE;
		found[code] = true;
		if (c->level > p->level)
			p->level = c->level;
		p->annotations |= p->allowed[i] && c->level == PDF_MOD_ANNOTATIONS;
	}
	for (i = 0; i < s->nchanges && s->changes[i].level < s->modification; i++)
		;
	if (i == s->nchanges)
		found[judge(s, &whole, p->limit, visible_signatures)] = true;
	/* How a change shows is told beside what it is. */
	for (i = 0; i < s->nchanges; i++)
		if (s->changes[i].kind == PDF_CHANGE_COVERED)
			found[CHECK_COVERED] = true;
		else if (s->changes[i].kind == PDF_CHANGE_DRAWN_DIFFERENTLY)
			found[CHECK_DRAWN_DIFFERENTLY] = true;
	for (i = 0; i < sizeof(order) / sizeof(order[0]); i++)
		if (found[order[i]])
			add(p, order[i]);
	p->changes_allowed = p->nwhy == 0;
}

/* A certification is the first signature, and the only one. */
static enum check
certification(const struct pdf_sig *s, bool first)
{
	if (s->docmdp < 0 || s->lock.p < 0)
		return CHECK_CERTIFICATION_INVALID_P;
	return s->certifies && !first ? CHECK_CERTIFICATION_ORDER : CHECK__NONE;
}

static void
conclude(struct permit *p)
{
	if (p->nwhy == 0) {
		p->ind = IND_PASSED;
		return;
	}
	p->ind = permit_fails(p->why[0]) ? IND_FAILED : IND_INDETERMINATE;
	if (p->ind == IND_FAILED)
		p->sub = SUB_FORMAT_FAILURE;
	else if (p->why[0] == CHECK_LATER_CHANGES_NOT_ANALYSED)
		p->sub = SUB_GENERIC;
	else
		p->sub = SUB_SIG_CONSTRAINTS_FAILURE;
}

static int
least(int limit, int p)
{
	return p > 0 && (limit == 0 || p < limit) ? p : limit;
}

enum rc
permit_judge(struct permit **out, struct arena *arena, const struct pdf_survey *survey,
    bool visible_signatures)
{
	struct permit *v;
	enum check code;
	size_t i, first = SIZE_MAX;
	bool certified = false;
	int limit = 0;

	*out = NULL;
	if ((v = arena_array(arena, survey->nsigs, sizeof(*v))) == NULL)
		return RC_NOMEM;
	for (i = 0; i < survey->nsigs; i++) {
		const struct pdf_sig *s = &survey->sigs[i];

		v[i].allowed = arena_array(arena, s->nchanges, sizeof(*v[i].allowed));
		if (v[i].allowed == NULL)
			return RC_NOMEM;
		if (first == SIZE_MAX && !s->is_timestamp)
			first = i;
		certified |= s->certifies;
		if (s->certifies)
			limit = least(limit, s->docmdp);
		limit = least(limit, s->lock.p);
		/* A lock only forbids: what it leaves open, a certification has to allow. */
		v[i].limit = certified || limit == 1 ? limit : 0;
		judge_changes(&v[i], s, visible_signatures);
		if ((code = certification(s, i == first)) != CHECK__NONE)
			add(&v[i], code);
		conclude(&v[i]);
	}
	*out = v;
	return RC_OK;
}
