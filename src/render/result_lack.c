/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Evidence that could not be had: whose fault that is (never the document's), and when to come
 * again.
 */
#include <string.h>

#include "result_part.h"
#include "when.h"

#define LACK_MAX 12 /* hosts that a page names; all of them are in the JSON */

const char *
result_outcome(const struct builder *b, const struct report_want *w)
{
	const char *name = lookup_outcome_name(w->outcome);

	return name != NULL ? result_word(b, "outcome", name, "") : "";
}

/* Another day it may be different. */
static bool
is_passing(enum lookup_outcome o)
{
	return o == LOOKUP_UNREACHABLE || o == LOOKUP_SLOW || o == LOOKUP_REFUSED ||
	       o == LOOKUP_NONSENSE || o == LOOKUP_UNAUTHENTIC || o == LOOKUP_STALE ||
	       o == LOOKUP_NOBODY;
}

bool
result_may_come(const struct report *r)
{
	size_t i;

	if (r->conclusion != CONCLUSION_INDETERMINATE)
		return false;
	for (i = 0; i < r->nwanted; i++)
		if (is_passing(r->wanted[i].outcome))
			return true;
	return false;
}

/* Who was to be asked; NULL if the report does not say. */
static const char *
name_of(const struct report_want *w)
{
	return w->host != NULL ? w->host : w->issuer;
}

static bool
is_told(const struct report *r, size_t n)
{
	const char *name = name_of(&r->wanted[n]), *other;
	size_t i;

	for (i = 0; i < n; i++) {
		other = name_of(&r->wanted[i]);
		if (r->wanted[i].outcome == r->wanted[n].outcome &&
		    (name == NULL || other == NULL ? name == other : strcmp(name, other) == 0))
			return true;
	}
	return false;
}

static void
one(const struct builder *b, struct fields *item, const struct report_want *w)
{
	const char *outcome = lookup_outcome_name(w->outcome);

	fields_text(item, "outcome", outcome != NULL ? outcome : "");
	fields_text(item, "outcome_words", result_outcome(b, w));
	fields_text(item, "host", w->host);
	fields_flag(item, "has_host", w->host != NULL);
	fields_text(item, "issuer", w->issuer != NULL ? w->issuer : "-");
	fields_flag(item, "has_asked", w->asked != WHEN_NONE);
	result_time(b, item, "asked", w->asked);
	fields_flag(item, "has_retry", is_passing(w->outcome) && w->retry != WHEN_NONE);
	result_time(b, item, "retry", w->retry);
	fields_flag(item, "soon", is_passing(w->outcome));
}

void
result_lack(const struct builder *b, struct fields *f)
{
	const struct report *r = b->r;
	bool open = r->conclusion == CONCLUSION_INDETERMINATE;
	size_t i, n = 0;

	for (i = 0; open && i < r->nwanted && n < LACK_MAX; i++) {
		if (r->wanted[i].outcome == LOOKUP_OPEN ||
		    r->wanted[i].outcome == LOOKUP_ANSWERED || is_told(r, i))
			continue;
		one(b, fields_item(f, "lack"), &r->wanted[i]);
		n++;
	}
	fields_flag(f, "has_lack", n > 0);
	fields_flag(f, "not_asked", open && r->offline && r->nwanted > 0);
}
