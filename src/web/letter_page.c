/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is said about a registered letter, for people and for programs: the same facts.  Nothing
 * here says more than the register gave; green is for an active letter whose last check was VALID.
 */
#include <stdio.h>
#include <string.h>

#include "caps.h"
#include "html.h"
#include "json.h"
#include "letter_part.h"
#include "stationery.h"
#include "web.h"
#include "when.h"

/* Names of the texts letter.NAME.{word,headline,lead}, and looks. */
static const struct {
	const char *name, *look;
} standings[STANDING__MAX] = {
    [STANDING_DRAFT] = {"draft", "plain"},
    [STANDING_ISSUED] = {"issued", "unknown"},
    [STANDING_ACTIVE] = {"active", "ok"},
    [STANDING_PENDING] = {"pending", "unknown"},
    [STANDING_DOUBT] = {"doubt", "unknown"},
    [STANDING_ALERT] = {"alert", "fail"},
    [STANDING_UNCHECKED] = {"unchecked", "unknown"},
    [STANDING_SUPERSEDED] = {"superseded", "warning"},
    [STANDING_WITHDRAWN] = {"withdrawn", "fail"},
    [STANDING_HELD] = {"held", "plain"},
    [STANDING_HELD_ISSUED] = {"held_issued", "plain"},
};

/* Anchors for practice say nothing in a portal that has real ones. */
static bool
is_practice(const struct reading *r)
{
	return r->letter->caveat == CAVEAT_PRACTICE && !web.site.demonstration;
}

static enum letter_standing
of_signed(const struct reading *r)
{
	if (r->answer != REGISTER_DONE)
		return STANDING_HELD;
	if (r->report == NULL && !r->stale)
		return STANDING_UNCHECKED;
	/* What contradicts itself is not green. */
	if (is_practice(r) || (r->lost && r->letter->verdict == CONCLUSION_VALID))
		return STANDING_DOUBT;
	if (r->letter->verdict == CONCLUSION_VALID)
		return STANDING_ACTIVE;
	if (r->letter->verdict == CONCLUSION_INDETERMINATE)
		return r->letter->pending ? STANDING_PENDING : STANDING_DOUBT;
	return STANDING_ALERT;
}

enum letter_standing
letter_standing(const struct reading *r)
{
	switch (r->letter->state) {
	case LETTER_DRAFT:
		return STANDING_DRAFT;
	case LETTER_ISSUED:
		return r->answer == REGISTER_DONE ? STANDING_ISSUED : STANDING_HELD_ISSUED;
	case LETTER_SIGNED:
		return of_signed(r);
	case LETTER_SUPERSEDED:
		return STANDING_SUPERSEDED;
	case LETTER_WITHDRAWN:
	case LETTER_STATE__MAX:
	default:
		return STANDING_WITHDRAWN;
	}
}

const char *
letter_look(const struct reading *r)
{
	enum letter_standing s = letter_standing(r);

	/* As on the result page: notes may hide what they lie on. */
	if (s == STANDING_ACTIVE && r->letter->caveat == CAVEAT_NOTES)
		return "warning";
	return standings[s].look;
}

bool
letter_viewable(const struct reading *r)
{
	const struct register_letter *l = r->letter;

	return r->answer == REGISTER_DONE && l->shown && l->has_file && l->kept && !r->lost &&
	       l->content.visibility != LETTER_FACT &&
	       (l->state == LETTER_SIGNED || l->state == LETTER_SUPERSEDED);
}

/* --- for people --- */

static const char *
text(enum lang lang, const char *family, const char *member, const char *end)
{
	char key[64];

	snprintf(key, sizeof(key), "%s.%s.%s", family, member, end);
	return html_text(web.html, lang, key);
}

/* A text that may be missing, and a flag that says so: has_KEY. */
static void
put_text(struct fields *f, const char *key, const char *value)
{
	char flag[32];

	snprintf(flag, sizeof(flag), "has_%s", key);
	fields_text(f, key, value);
	fields_flag(f, flag, *value != '\0');
}

static void
put_number(struct fields *f, const char *key, size_t n)
{
	char s[24];

	snprintf(s, sizeof(s), "%zu", n);
	fields_text(f, key, s);
}

static void
state_fields(struct fields *f, enum lang lang, const struct reading *r)
{
	const struct register_letter *l = r->letter;
	const char *name = standings[letter_standing(r)].name;

	fields_text(f, "state", letter_state_name(l->state));
	fields_text(f, "look", letter_look(r));
	fields_text(f, "word", text(lang, "letter", name, "word"));
	fields_text(f, "headline", text(lang, "letter", name, "headline"));
	fields_text(f, "lead", text(lang, "letter", name, "lead"));
	fields_flag(f, "has_since", l->since[0] != '\0');
	html_day(web.html, lang, f, "since", l->since);
	put_text(f, "why", l->reason);
	put_text(f, "successor", l->successor);
	fields_text(
	    f, "about", html_text(web.html, lang, l->shown ? "letter.about" : "letter.about_held"));
}

static void
content_fields(struct fields *f, enum lang lang, const struct register_letter *l)
{
	const struct register_content *c = &l->content;
	struct fields *item;
	struct buf b;
	size_t i;

	fields_text(f, "id", l->id);
	fields_text(f, "agency", l->agency_name);
	fields_flag(f, "shown", l->shown);
	fields_flag(f, "fact", l->shown && c->visibility == LETTER_FACT);
	buf_init(&b, CAP_PAPER_ADDRESS + 1);
	put_text(f, "address",
	    web.public_url != NULL && stationery_address(&b, web.public_url, l->id) ? buf_text(&b)
										    : "");
	buf_clear(&b);
	if (!l->shown)
		return;
	fields_text(f, "number", c->number);
	put_text(f, "subject", c->subject);
	html_day(web.html, lang, f, "date", c->date);
	fields_text(f, "unit", c->unit);
	fields_flag(f, "has_signers", c->nsigners > 0);
	for (i = 0; i < c->nsigners; i++) {
		item = fields_item(f, "signers");
		put_number(item, "order", i + 1);
		fields_text(item, "name", c->signers[i].name);
		fields_text(item, "title", c->signers[i].title);
		put_text(item, "rank", c->signers[i].rank);
	}
	fields_flag(f, "many", c->nsigners > 1);
}

/* "0123 4567 …": groups of four are compared by eye. */
static void
fingerprint(struct fields *f, const uint8_t sha256[32])
{
	char group[5];
	size_t i;

	for (i = 0; i < 32; i += 2) {
		snprintf(group, sizeof(group), "%02x%02x", sha256[i], sha256[i + 1]);
		fields_text(fields_item(f, "fingerprint"), "group", group);
	}
}

static void
file_fields(struct fields *f, enum lang lang, const struct reading *r)
{
	const struct register_letter *l = r->letter;
	bool has = l->shown && l->has_file;

	fields_flag(f, "has_check", r->report != NULL || r->stale);
	fields_flag(f, "lost", r->lost);
	if (r->report != NULL && !r->stale)
		html_summary(web.html, lang, f, "report", r->report);
	if (r->stale)
		html_unread(web.html, lang, f, "unread", l->verdict, l->caveat != CAVEAT_NONE);
	html_time(web.html, lang, f, "checked", l->checked);
	fields_flag(f, "practice", (r->report != NULL || r->stale) && is_practice(r));
	fields_flag(
	    f, "again", l->kept && (l->state == LETTER_SIGNED || l->state == LETTER_SUPERSEDED));
	/* The lines name the signers. */
	fields_flag(f, "whole", has);
	fields_flag(f, "nightly", l->kept && l->state == LETTER_SIGNED);
	fields_flag(f, "has_file", has);
	if (!has)
		return;
	fingerprint(f, l->sha256);
	html_size(web.html, lang, f, "size", l->size);
	html_time(web.html, lang, f, "registered", l->registered);
	fields_flag(f, "viewable", letter_viewable(r));
	fields_flag(f, "gone", l->state == LETTER_WITHDRAWN);
}

static void
code_fields(struct fields *f, const struct reading *r)
{
	bool held = r->answer != REGISTER_DONE;

	fields_flag(f, "ask_code", held);
	fields_flag(f, "code_locked", r->answer == REGISTER_LOCKED);
	fields_flag(f, "code_wrong", r->answer == REGISTER_CODE && r->code[0] != '\0');
	put_number(f, "minutes", CAP_LOGIN_LOCK / 60);
	/* For the forms of this answer. */
	if (!held && r->letter->content.visibility == LETTER_CODE)
		put_text(f, "code", r->code);
}

static void
comparison(struct fields *f, enum lang lang, const struct reading *r)
{
	static const char *const looks[COMPARE__MAX] = {
	    [COMPARE_IDENTICAL] = "ok",
	    [COMPARE_SAME_LETTER] = "ok",
	    [COMPARE_OTHER_VALID] = "warning",
	    [COMPARE_CHANGED] = "fail",
	    [COMPARE_OTHER] = "unknown",
	    [COMPARE_UNKNOWN] = "unknown",
	    [COMPARE_UNREADABLE] = "plain",
	    [COMPARE_NOTHING] = "plain",
	};
	const char *word = compare_word(r->result), *look = looks[r->result];
	char location[64];
	struct fields *c;

	fields_flag(f, "compared", r->compared);
	if (!r->compared)
		return;
	if (strcmp(look, "ok") == 0) /* a true copy of a withdrawn letter is no good news */
		look = letter_look(r);
	c = fields_object(f, "comparison");
	fields_text(c, "kind", word);
	fields_text(c, "look", look);
	fields_text(c, "word", text(lang, "compare", word, "word"));
	fields_text(c, "text", text(lang, "compare", word, "text"));
	fields_text(c, "do", text(lang, "compare", word, "do"));
	snprintf(location, sizeof(location), "/v/%s%s", r->copy, lang == LANG_EN ? "?lang=en" : "");
	fields_text(c, "location", location);
}

void
letter_fields(struct fields *f, enum lang lang, const struct reading *r)
{
	state_fields(f, lang, r);
	content_fields(f, lang, r->letter);
	file_fields(f, lang, r);
	code_fields(f, r);
	comparison(f, lang, r);
}

/* --- for programs --- */

static void
member_time(struct buf *b, const char *key, int64_t when)
{
	char s[WHEN_TEXT];

	json_member(b, key, when > 0 ? when_format(when, s) : "");
}

static void
signers_json(struct buf *b, const struct register_content *c)
{
	size_t i;

	buf_str(b, ",\"signers\":[");
	for (i = 0; i < c->nsigners; i++) {
		buf_str(b, i > 0 ? ",{\"title\":" : "{\"title\":");
		json_text(b, c->signers[i].title);
		buf_str(b, ",\"name\":");
		json_text(b, c->signers[i].name);
		json_member(b, "rank", c->signers[i].rank);
		buf_u8(b, '}');
	}
	buf_u8(b, ']');
}

static void
file_json(struct buf *b, const struct reading *r)
{
	const struct register_letter *l = r->letter;
	bool has = l->shown && l->has_file, checked = r->report != NULL || r->stale;
	struct buf hex;

	buf_init(&hex, 65);
	if (has)
		buf_hex(&hex, l->sha256, sizeof(l->sha256));
	json_member(b, "sha256", buf_text(&hex));
	buf_clear(&hex);
	member_time(b, "registered_at", checked || has ? l->registered : 0);
	member_time(b, "checked_at", checked ? l->checked : 0);
	json_member(b, "conclusion", checked ? conclusion_name(l->verdict) : "");
	buf_printf(b, ",\"pending\":%s", letter_standing(r) == STANDING_PENDING ? "true" : "false");
	buf_str(b, ",\"file\":");
	if (letter_viewable(r))
		buf_printf(b, "\"/d/%s.pdf\"", l->id);
	else
		buf_str(b, "null");
}

void
letter_json(struct buf *b, const struct reading *r)
{
	const struct register_letter *l = r->letter;
	const struct register_content *c = &l->content;
	struct buf url;

	buf_printf(b, "{\"schema\":\"periksa.letter/1\",\"id\":\"%s\",\"state\":\"%s\"", l->id,
	    letter_state_name(l->state));
	json_member(b, "number", l->shown ? c->number : "");
	json_member(b, "subject", l->shown ? c->subject : "");
	json_member(b, "date", l->shown ? c->date : "");
	json_member(b, "unit", l->shown ? c->unit : "");
	json_member(b, "agency", l->agency_name);
	signers_json(b, c);
	json_member(
	    b, "visibility", l->state != LETTER_DRAFT ? letter_visibility_name(c->visibility) : "");
	buf_printf(b, ",\"code_required\":%s", r->answer != REGISTER_DONE ? "true" : "false");
	file_json(b, r);
	json_member(b, "superseded_by", l->successor);
	json_member(b, "since", l->since);
	json_member(b, "reason", l->reason);
	buf_init(&url, CAP_PAPER_ADDRESS + 1);
	if (web.public_url == NULL || !stationery_address(&url, web.public_url, l->id)) {
		buf_clear(&url);
		buf_printf(&url, "/d/%s", l->id);
	}
	json_member(b, "url", buf_text(&url));
	buf_clear(&url);
	buf_u8(b, '}');
}
