/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What happened to the document after it was signed, revision by revision, and what
 * else it holds: for people, with page and field; paths are a detail.
 */
#include "buf.h"
#include "result_part.h"
#include "when.h"
#include "words.h"

static const char *
state_look(enum history_state state)
{
	switch (state) {
	case HISTORY_NONE:
	case HISTORY_LTA:
	case HISTORY_ALLOWED:
		return "ok";
	case HISTORY_FORBIDDEN:
	case HISTORY_BROKEN:
		return "fail";
	case HISTORY_OPEN:
	case HISTORY_UNKNOWN:
	case HISTORY__MAX:
	default:
		return "unknown";
	}
}

/* "page 2", "field «Name»": where, for people; nothing if that is not known. */
static void
where(struct fields *item, unsigned page, const char *field)
{
	fields_flag(item, "has_page", page != 0);
	fields_flag(item, "has_field", field != NULL);
	if (page != 0)
		result_number(item, "page", page);
	if (field != NULL)
		fields_text(item, "changed_field", field);
}

/* Who signed in this revision. */
static void
signed_in(const struct builder *b, struct fields *step, unsigned revision)
{
	const struct report_sig *s;
	struct fields *item;
	size_t i;

	for (i = 0; i < b->r->nsigs; i++) {
		s = &b->r->sigs[i];
		if (s->revision != revision)
			continue;
		item = fields_item(step, "signed");
		fields_flag(item, "is_timestamp", s->kind == KIND_DOCUMENT_TIMESTAMP);
		fields_text(item, "by",
		    s->signer.name != NULL ? s->signer.name
					   : result_word(b, "result", "no_name", ""));
		result_time(
		    b, item, "at", s->time.proven != WHEN_NONE ? s->time.proven : s->time.claimed);
		fields_flag(
		    item, "has_at", s->time.proven != WHEN_NONE || s->time.claimed != WHEN_NONE);
		fields_flag(item, "whole", s->coverage == COVERAGE_ENTIRE_FILE);
	}
}

/* The next revision in which somebody signed or something changed; 0: none. */
static unsigned
next_revision(const struct builder *b, unsigned after)
{
	unsigned next = 0;
	size_t i;

	for (i = 0; i < b->r->nsigs; i++)
		if (b->r->sigs[i].revision > after && (next == 0 || b->r->sigs[i].revision < next))
			next = b->r->sigs[i].revision;
	for (i = 0; i < b->history.n; i++)
		if (b->history.items[i].change->revision > after &&
		    (next == 0 || b->history.items[i].change->revision < next))
			next = b->history.items[i].change->revision;
	return next;
}

/* Revision by revision: who signed, what was added, and whether it may be. */
static void
timeline(const struct builder *b, struct fields *f)
{
	const struct report_change *c;
	struct fields *step, *item;
	enum history_state state;
	unsigned revision = 0;
	size_t i = 0, steps = 0;

	while ((revision = next_revision(b, revision)) != 0) {
		step = fields_item(f, "steps");
		steps++;
		result_number(step, "revision", revision);
		signed_in(b, step, revision);
		for (; i < b->history.n && b->history.items[i].change->revision <= revision; i++) {
			c = b->history.items[i].change;
			state = b->history.items[i].state;
			item = fields_item(step, "changes");
			fields_text(item, "change", change_sentence(c->kind, b->lang == LANG_EN));
			fields_text(item, "change_look", state_look(state));
			fields_text(item, "may", result_word(b, "may", history_name(state), ""));
			fields_text(item, "kind", change_code(c->kind));
			where(item, c->place.page, c->field);
			fields_flag(step, "has_changes", true);
		}
	}
	/* One signature and nothing after it is no story. */
	fields_flag(f, "has_steps", steps > 1 || b->history.n > 0);
	fields_flag(f, "has_more", b->history.more);
}

/* What was signed can still be had where it is intact and the document is not. */
static void
intact_versions(const struct builder *b, struct fields *f)
{
	const struct report_sig *s;
	struct fields *item;
	struct buf text;
	size_t i;

	for (i = 0; i < b->r->nsigs; i++) {
		s = &b->r->sigs[i];
		if (s->kind != KIND_SIGNATURE || s->integrity != INTEGRITY_INTACT ||
		    s->modification_allowed || s->modification == MOD_NONE || !s->has_byte_range)
			continue;
		item = fields_item(f, "versions");
		result_number(item, "revision", s->revision);
		fields_text(item, "by",
		    s->signer.name != NULL ? s->signer.name
					   : result_word(b, "result", "no_name", ""));
		buf_init(&text, 32);
		words_number(&text, b->t, (uint64_t)s->byte_range[2] + (uint64_t)s->byte_range[3]);
		fields_text(item, "octets", buf_text(&text));
		buf_clear(&text);
	}
}

void
result_later(const struct builder *b, struct fields *f)
{
	fields_text(f, "change", result_word(b, "changed", history_name(b->history.worst), ""));
	timeline(b, f);
	intact_versions(b, f);
}

void
result_notices(const struct builder *b, struct fields *f)
{
	const struct report *r = b->r;
	struct fields *item;
	size_t i, k, shown = 0;

	for (i = 0; i < r->nnotices && shown < HISTORY_MAX; i++) {
		/* The same on the same page, for another object, is told once. */
		for (k = i; k > 0 && i - k < HISTORY_MAX; k--)
			if (r->notices[k - 1].kind == r->notices[i].kind &&
			    r->notices[k - 1].place.page == r->notices[i].place.page)
				break;
		if (k > 0 && i - k < HISTORY_MAX)
			continue;
		item = fields_item(f, "notices");
		fields_text(
		    item, "notice", notice_sentence(r->notices[i].kind, b->lang == LANG_EN));
		fields_text(item, "code", notice_code(r->notices[i].kind));
		where(item, r->notices[i].place.page, NULL);
		shown++;
	}
	fields_flag(f, "has_notices", shown > 0);
}
