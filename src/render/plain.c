/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A report for people at a terminal: the sentence first, then who, when and why. */
#include "history.h"
#include "plain.h"
#include "when.h"

static const char *
headline(const struct report *r)
{
	switch (r->conclusion) {
	case CONCLUSION_VALID:
		return report_added(r) <= MOD_LTA_UPDATES
			   ? "This document is genuine and unchanged since it was signed."
			   : "This document is genuine; added after signing: ";
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

/* What was added, where the headline ends with a colon. */
static void
added(struct buf *b, const struct report *r, const struct history *h)
{
	static const struct {
		unsigned bit;
		const char *word;
	} words[] = {{ADDED_SIGNATURE, "signatures"}, {ADDED_FIELD, "an empty signature field"},
	    {ADDED_FORM, "form entries"}, {ADDED_NOTE, "notes"}, {ADDED_OTHER, "what is allowed"}};
	const char *comma = "";
	size_t i;

	if (r->conclusion != CONCLUSION_VALID || report_added(r) <= MOD_LTA_UPDATES)
		return;
	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (h->added & words[i].bit) {
			buf_printf(b, "%s%s", comma, words[i].word);
			comma = ", ";
		}
	buf_u8(b, '.');
}

static void
place(struct buf *b, const char *field, const struct report_place *p)
{
	if (field != NULL)
		buf_printf(b, " Field %s.", field);
	if (p->page != 0)
		buf_printf(b, " Page %u.", p->page);
}

static void
changes(struct buf *b, const struct report *r, const struct history *h)
{
	static const char *const may[HISTORY__MAX] = {
	    [HISTORY_OPEN] = " Nothing allows it.",
	    [HISTORY_UNKNOWN] = " Not judged.",
	    [HISTORY_FORBIDDEN] = " Not allowed.",
	    [HISTORY_BROKEN] = " Not allowed.",
	};
	const struct report_change *c;
	size_t i;

	for (i = 0; i < h->n; i++) {
		c = h->items[i].change;
		if (h->items[i].state == HISTORY_LTA)
			continue;
		buf_printf(b, "  later, revision %u: %s", c->revision, change_sentence(c->kind, 1));
		place(b, c->field, &c->place);
		buf_printf(b, "%s (%s)\n",
		    may[h->items[i].state] != NULL ? may[h->items[i].state] : "",
		    change_code(c->kind));
	}
	for (i = 0; i < r->nnotices && i < HISTORY_MAX; i++) {
		buf_printf(b, "  note: %s", notice_sentence(r->notices[i].kind, 1));
		place(b, NULL, &r->notices[i].place);
		buf_printf(b, " (%s)\n", notice_code(r->notices[i].kind));
	}
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
	if (s->integrity == INTEGRITY_INTACT && !s->modification_allowed && s->has_byte_range)
		buf_printf(b, "    %-12s the first %lld bytes of the file are what was signed\n",
		    "intact", (long long)s->byte_range[2] + (long long)s->byte_range[3]);
	line_time(b, "offline till", s->ltv_until, " (the proof needs no network)");
	for (k = 0; k < r->nchecks; k++)
		if (r->checks[k].signature == (int)i &&
		    r->checks[k].result != RESULT_NOT_APPLICABLE)
			buf_printf(b, "    [%-4s] %s\n", mark(r->checks[k].result),
			    report_sentence(r->checks[k].id, r->checks[k].result, LANG_EN));
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

/* Who was asked for what is missing, and did not give it. */
static void
asked(struct buf *b, const struct report *r)
{
	const struct report_want *w;
	char t[WHEN_TEXT];
	size_t i;

	for (i = 0; r->conclusion == CONCLUSION_INDETERMINATE && i < r->nwanted; i++) {
		w = &r->wanted[i];
		if (w->host == NULL || w->outcome == LOOKUP_ANSWERED || w->outcome == LOOKUP_OPEN)
			continue;
		buf_printf(b, "  asked: %s (%s): %s", w->host, want_name(w->kind),
		    lookup_outcome_name(w->outcome));
		if (w->retry != WHEN_NONE)
			buf_printf(b, "; again after %s", when_format(w->retry, t));
		buf_u8(b, '\n');
	}
}

void
plain_report(struct buf *b, const struct report *r)
{
	struct history h;
	size_t i;

	history_of(&h, r);
	buf_printf(b, "%s: %s\n  %s", r->document.name != NULL ? r->document.name : "document",
	    conclusion_name(r->conclusion), headline(r));
	added(b, r, &h);
	buf_u8(b, '\n');
	for (i = 0; i < r->nreasons; i++)
		buf_printf(
		    b, "  because: %s (%s)\n", reason(r, r->reasons[i]), check_name(r->reasons[i]));
	asked(b, r);
	if (r->demonstration)
		buf_printf(b, "  note: %s\n", check_no(CHECK_DEMONSTRATION, LANG_EN));
	changes(b, r, &h);
	for (i = 0; i < r->nsigs; i++)
		signature(b, r, i);
}
