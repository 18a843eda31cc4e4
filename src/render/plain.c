/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A report for people at a terminal: the sentence first, then who, when and why. */
#include "plain.h"
#include "when.h"

static const char *
headline(const struct report *r)
{
	switch (r->conclusion) {
	case CONCLUSION_VALID:
		return "This document is genuine and unchanged since it was signed.";
	case CONCLUSION_INVALID:
		return report_says_changed(r)
			   ? "This document was changed after it was signed."
			   : "The electronic signature on this document is not valid.";
	case CONCLUSION_NO_SIGNATURE:
		return "This document has no certificate-based electronic signature.";
	case CONCLUSION_UNREADABLE:
		return "This file is not a readable PDF.";
	case CONCLUSION_INDETERMINATE:
	case CONCLUSION__MAX:
		break;
	}
	return "This document could not be confirmed.";
}

static const char *
mark(enum check_result r)
{
	switch (r) {
	case RESULT_OK:
		return "yes";
	case RESULT_FAIL:
		return "NO";
	case RESULT_WARNING:
		return "note";
	case RESULT_NOT_APPLICABLE:
		return "-";
	case RESULT_UNKNOWN:
	case RESULT__MAX:
		break;
	}
	return "?";
}

static const char *
sentence(const struct report_check *c)
{
	if (c->result == RESULT_OK)
		return check_yes(c->id, LANG_EN);
	if (c->result == RESULT_UNKNOWN)
		return check_unknown(c->id, LANG_EN);
	return check_no(c->id, LANG_EN);
}

static void
line_time(struct buf *b, const char *what, int64_t t, const char *note)
{
	char text[WHEN_TEXT];

	if (t != WHEN_NONE)
		buf_printf(b, "    %-12s %s%s\n", what, when_format(t, text), note);
}

static void
signature(struct buf *b, const struct report *r, size_t i)
{
	const struct report_sig *s = &r->sigs[i];
	size_t k;

	buf_printf(b, "  %s %zu%s%s\n",
	    s->kind == KIND_SIGNATURE ? "signature" : "document timestamp", i + 1,
	    s->field != NULL ? ": " : "", s->field != NULL ? s->field : "");
	buf_printf(b, "    %-12s %s%s%s (strict: %s%s%s)\n", "indication",
	    indication_name(s->status.ind), s->status.sub != SUB_NONE ? "/" : "",
	    s->status.sub != SUB_NONE ? sub_indication_name(s->status.sub) : "",
	    indication_name(s->strict.ind), s->strict.sub != SUB_NONE ? "/" : "",
	    s->strict.sub != SUB_NONE ? sub_indication_name(s->strict.sub) : "");
	if (s->signer.name != NULL)
		buf_printf(b, "    %-12s %s\n", "signer", s->signer.name);
	if (s->trust.anchor != NULL)
		buf_printf(b, "    %-12s %s\n", "anchor", s->trust.anchor);
	line_time(b, "claimed", s->time.claimed, " (signer's clock)");
	line_time(b, "proven", s->time.proven, " (timestamp)");
	buf_printf(b, "    %-12s %s; covers %s; later changes: %s; level %s\n", "integrity",
	    integrity_name(s->integrity), coverage_name(s->coverage),
	    modification_name(s->modification) != NULL ? modification_name(s->modification)
						       : "not analysed",
	    level_name(s->level));
	for (k = 0; k < r->nchecks; k++)
		if (r->checks[k].signature == (int)i &&
		    r->checks[k].result != RESULT_NOT_APPLICABLE)
			buf_printf(b, "    [%-4s] %s\n", mark(r->checks[k].result),
			    sentence(&r->checks[k]));
}

/* A reason is a question: what is said of it is how it was answered, the worst answer first. */
static const char *
reason(const struct report *r, enum check id)
{
	bool open = r->conclusion == CONCLUSION_INDETERMINATE;
	size_t i;

	for (i = 0; i < r->nchecks; i++) {
		if (r->checks[i].id != id)
			continue;
		if (r->checks[i].result == RESULT_FAIL)
			return check_no(id, LANG_EN);
		open |= r->checks[i].result == RESULT_UNKNOWN;
	}
	return open ? check_unknown(id, LANG_EN) : check_no(id, LANG_EN);
}

void
plain_report(struct buf *b, const struct report *r)
{
	size_t i;

	buf_printf(b, "%s: %s\n  %s\n", r->document.name != NULL ? r->document.name : "document",
	    conclusion_name(r->conclusion), headline(r));
	for (i = 0; i < r->nreasons; i++)
		buf_printf(
		    b, "  because: %s (%s)\n", reason(r, r->reasons[i]), check_name(r->reasons[i]));
	if (r->demonstration)
		buf_printf(b, "  note: %s\n", check_no(CHECK_DEMONSTRATION, LANG_EN));
	for (i = 0; i < r->nsigs; i++)
		signature(b, r, i);
}
