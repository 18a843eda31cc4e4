/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The changes of all signatures as one story; knows no words. */
#include <stdlib.h>
#include <string.h>

#include "history.h"

const char *
history_name(enum history_state s)
{
	static const char *const names[HISTORY__MAX] = {
	    [HISTORY_NONE] = "none",
	    [HISTORY_LTA] = "lta",
	    [HISTORY_ALLOWED] = "allowed",
	    [HISTORY_OPEN] = "open",
	    [HISTORY_UNKNOWN] = "unknown",
	    [HISTORY_FORBIDDEN] = "forbidden",
	    [HISTORY_BROKEN] = "broken",
	};

	return (unsigned)s < HISTORY__MAX ? names[s] : NULL;
}

/* Later changes were answered with a plain no, not with a question mark. */
static bool
forbidden(const struct report *r, size_t i)
{
	size_t k;

	if (r->sigs[i].modification == MOD_OTHER)
		return true;
	for (k = 0; k < r->nchecks; k++)
		if (r->checks[k].signature == (int)i && r->checks[k].result == RESULT_FAIL &&
		    (r->checks[k].id == CHECK_CHANGED_AFTER_SIGNING ||
			r->checks[k].id == CHECK_CERTIFICATION_VIOLATED ||
			r->checks[k].id == CHECK_FIELD_LOCK_VIOLATED))
			return true;
	return false;
}

enum history_state
history_after(const struct report *r, size_t i)
{
	const struct report_sig *s = &r->sigs[i];

	if (s->integrity == INTEGRITY_BROKEN)
		return HISTORY_BROKEN;
	if (s->modification == MOD_UNKNOWN)
		return HISTORY_UNKNOWN;
	if (!s->modification_allowed)
		return forbidden(r, i) ? HISTORY_FORBIDDEN : HISTORY_OPEN;
	return s->modification == MOD_NONE          ? HISTORY_NONE
	       : s->modification == MOD_LTA_UPDATES ? HISTORY_LTA
						    : HISTORY_ALLOWED;
}

static enum history_added
added_by(const struct report_change *c)
{
	switch ((unsigned)c->kind) {
	case CHANGE_SIGNATURE_ADDED:
	case CHANGE_SIGNATURE_FILLED:
		return ADDED_SIGNATURE;
	case CHANGE_SIGNATURE_FIELD_ADDED:
		return ADDED_FIELD;
	case CHANGE_FIELD_VALUE:
	case CHANGE_FIELD_PROPERTY:
		return ADDED_FORM;
	case CHANGE_ANNOTATION_ADDED:
	case CHANGE_ANNOTATION_CHANGED:
	case CHANGE_ANNOTATION_REMOVED:
		return ADDED_NOTE;
	default:
		return ADDED_OTHER;
	}
}

static bool
same_text(const char *a, const char *b)
{
	return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

/* Told in the same words. */
static bool
same(const struct report_change *a, const struct report_change *b)
{
	return a->kind == b->kind && a->revision == b->revision && a->place.page == b->place.page &&
	       same_text(a->field, b->field);
}

static void
tell(struct history *h, const struct report_change *c, enum history_state state)
{
	size_t i;

	for (i = 0; i < h->n; i++)
		if (same(h->items[i].change, c)) {
			if (state > h->items[i].state)
				h->items[i].state = state;
			return;
		}
	if (h->n == HISTORY_MAX) {
		h->more = true;
		return;
	}
	h->items[h->n].change = c;
	h->items[h->n++].state = state;
}

/* By revision; within one, what came first in the report. */
static void
sort(struct history *h)
{
	size_t i, k;

	for (i = 1; i < h->n; i++)
		for (k = i;
		     k > 0 && h->items[k - 1].change->revision > h->items[k].change->revision;
		     k--) {
			const struct report_change *c = h->items[k].change;
			enum history_state s = h->items[k].state;

			h->items[k] = h->items[k - 1];
			h->items[k - 1].change = c;
			h->items[k - 1].state = s;
		}
}

void
history_of(struct history *h, const struct report *r)
{
	const struct report_change *c;
	enum history_state after, bad;
	size_t i, k;

	memset(h, 0, sizeof(*h));
	for (i = 0; i < r->nsigs; i++) {
		after = history_after(r, i);
		bad = after == HISTORY_OPEN || after == HISTORY_UNKNOWN ? after : HISTORY_FORBIDDEN;
		if (r->sigs[i].kind == KIND_SIGNATURE && after > h->worst)
			h->worst = after;
		h->signatures += r->sigs[i].kind == KIND_SIGNATURE;
		for (k = 0; k < r->sigs[i].nchanges; k++) {
			c = &r->sigs[i].changes[k];
			tell(h, c,
			    !c->allowed                   ? bad
			    : c->level <= MOD_LTA_UPDATES ? HISTORY_LTA
							  : HISTORY_ALLOWED);
			if (c->level > MOD_LTA_UPDATES)
				h->added |= added_by(c);
		}
	}
	if (h->signatures > 0)
		h->signatures--;
	/* What comes along with a signature needs no word of its own. */
	if (h->added != ADDED_OTHER)
		h->added &= ~(unsigned)ADDED_OTHER;
	sort(h);
}
