/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * From a report to the fields of the result page.  Says nothing that the
 * report does not say: the verdict is verify's, the words are the texts' and
 * checks.def's.  Names come from certificates only.
 */
#include <stdio.h>
#include <string.h>

#include "buf.h"
#include "caps.h"
#include "html.h"
#include "result_part.h"
#include "when.h"
#include "words.h"

#define HEADLINE_MAX (16u << 10)

/* The lines of the page: the circular's four, then issuer and chain. */
static const enum check lines[] = {
    CHECK_SIGNER_NAME,
    CHECK_UNCHANGED,
    CHECK_TIMESTAMP,
    CHECK_LTV,
    CHECK_ISSUER_TRUSTED,
};

/* Texts of templates/locale that are chosen by a report: families and their members. */
static const char *const verdicts[] = {
    "valid", "added", "changed", "invalid", "indeterminate", "unsigned", "unreadable"};
static const char *const line_names[] = {
    "SIGNER_NAME", "UNCHANGED", "TIMESTAMP", "LTV", "ISSUER_TRUSTED"};
static const char *const results[] = {"ok", "warning", "fail", "unknown", "not_applicable"};
static const char *const states[] = {
    "none", "lta", "allowed", "open", "unknown", "forbidden", "broken"};
static const char *const additions[] = {
    "signature", "signatures", "field", "form", "note", "other"};
static const char *const times[] = {"signature_timestamp", "document_timestamp", "none"};
static const char *const standings[] = {"passed", "failed", "unsure", "changed"};
static const char *const outcomes[] = {"no_url", "scheme_not_supported", "host_not_listed",
    "address_forbidden", "no_trusted_path", "unreachable", "too_slow", "refused",
    "unknown_certificate", "malformed", "not_authentic", "out_of_date", "too_large", "limit",
    "not_available", "answered"};
static const char *const rows[] = {"kind", "revision", "sub_filter", "byte_range", "contents_bytes",
    "indication", "strict", "integrity", "coverage", "modification", "change", "visual", "level",
    "level_missing", "ltv", "ltv_missing", "ltv_until", "name", "organization", "title",
    "serial_number", "dn", "subject", "issuer", "serial", "sha256", "validity", "key", "trust",
    "anchor", "chain", "revocation", "revoked_at", "this_update", "produced_at", "checked_at",
    "claimed", "proven", "timestamp", "docmdp", "field_lock", "digest", "signature", "reason",
    "location", "contact", "place", "wanted"};

static const char *
missing_of(const struct texts *t, char *key, size_t key_len, const char *family,
    const char *const *members, size_t n, const char *end)
{
	size_t i;

	for (i = 0; i < n; i++) {
		snprintf(key, key_len, "%s.%s%s", family, members[i], end);
		if (texts_get(t, key) == NULL)
			return key;
	}
	return NULL;
}

const char *
result_missing(const struct texts *t, char *key, size_t key_len)
{
	static const struct {
		const char *family;
		const char *const *members;
		size_t n;
		const char *end;
	} need[] = {
	    {"verdict", verdicts, nitems(verdicts), ".word"},
	    {"verdict", verdicts, nitems(verdicts), ".headline"},
	    {"verdict", verdicts, nitems(verdicts), ".lead"},
	    {"verdict", verdicts, nitems(verdicts), ".advice1"},
	    {"verdict", verdicts, nitems(verdicts), ".advice2"},
	    {"result", results, nitems(results), ""},
	    {"named", results, nitems(results), ""},
	    {"unchanged", results, nitems(results), ""},
	    {"line", line_names, nitems(line_names), ""},
	    {"changed", states, nitems(states), ""},
	    {"may", states, nitems(states), ""},
	    {"added", additions, nitems(additions), ""},
	    {"proof", times, nitems(times), ""},
	    {"standing", standings, nitems(standings), ""},
	    {"outcome", outcomes, nitems(outcomes), ""},
	    {"row", rows, nitems(rows), ""},
	};
	const char *missing = NULL;
	size_t i;

	for (i = 0; missing == NULL && i < nitems(need); i++)
		missing = missing_of(
		    t, key, key_len, need[i].family, need[i].members, need[i].n, need[i].end);
	return missing;
}

const char *
result_word(const struct builder *b, const char *family, const char *member, const char *end)
{
	char key[64];
	const char *s;

	snprintf(key, sizeof(key), "%s.%s%s", family, member, end);
	s = texts_get(b->t, key);
	return s != NULL ? s : "";
}

void
result_time(const struct builder *b, struct fields *f, const char *key, int64_t when)
{
	struct buf s;

	if (when == WHEN_NONE)
		return;
	buf_init(&s, 256);
	words_time(&s, b->t, when);
	fields_text(f, key, buf_text(&s));
	buf_clear(&s);
}

void
result_number(struct fields *f, const char *key, uint64_t n)
{
	char s[24];

	snprintf(s, sizeof(s), "%llu", (unsigned long long)n);
	fields_text(f, key, s);
}

/* --- the verdict --- */

static const char *
verdict_of(const struct report *r)
{
	switch (r->conclusion) {
	case CONCLUSION_VALID:
		return report_added(r) <= MOD_LTA_UPDATES ? "valid" : "added";
	case CONCLUSION_INVALID:
		return report_says_changed(r) ? "changed" : "invalid";
	case CONCLUSION_NO_SIGNATURE:
		return "unsigned";
	case CONCLUSION_UNREADABLE:
		return "unreadable";
	case CONCLUSION_INDETERMINATE:
	case CONCLUSION__MAX:
	default:
		return "indeterminate";
	}
}

/* The look of a conclusion: a class of the style sheet and an icon of the sprite. */
static const char *
look_of(const struct report *r)
{
	switch (r->conclusion) {
	case CONCLUSION_VALID:
		/* Notes may hide what they lie on: allowed, but to be looked at. */
		return report_added(r) < MOD_ANNOTATIONS ? "ok" : "warning";
	case CONCLUSION_INVALID:
		return "fail";
	case CONCLUSION_NO_SIGNATURE:
	case CONCLUSION_UNREADABLE:
		return "plain";
	case CONCLUSION_INDETERMINATE:
	case CONCLUSION__MAX:
	default:
		return "unknown";
	}
}

/* How a reason's check was answered: the sentence differs. */
static enum check_result
answer_to(const struct report *r, enum check id)
{
	size_t i;

	for (i = 0; i < r->nchecks; i++)
		if (r->checks[i].id == id && r->checks[i].result == RESULT_FAIL)
			return RESULT_FAIL;
	for (i = 0; i < r->nchecks; i++)
		if (r->checks[i].id == id && r->checks[i].result == RESULT_UNKNOWN)
			return RESULT_UNKNOWN;
	return r->conclusion == CONCLUSION_INDETERMINATE ? RESULT_UNKNOWN : RESULT_FAIL;
}

/* A password would help: the page asks for it, and for the file, which was not kept. */
static void
unlock(const struct report *r, struct fields *f)
{
	bool locked = false, wrong = false;
	size_t i;

	for (i = 0; i < r->nreasons; i++) {
		locked |= r->reasons[i] == CHECK_LOCKED;
		wrong |= r->reasons[i] == CHECK_PASSWORD;
	}
	for (i = 0; i < r->nchecks; i++)
		locked &= r->checks[i].id != CHECK_ENCRYPTION_SUPPORTED;
	fields_flag(f, "locked", locked);
	fields_flag(f, "wrong_password", wrong);
}

static void
reasons(const struct builder *b, struct fields *f)
{
	const struct report *r = b->r;
	struct fields *item;
	size_t i;

	for (i = 0; i < r->nreasons; i++) {
		item = fields_item(f, "reasons");
		fields_text(item, "sentence",
		    html_sentence(r->reasons[i], answer_to(r, r->reasons[i]), b->lang));
		fields_text(item, "code", check_name(r->reasons[i]));
	}
	fields_flag(f, "has_reasons", r->nreasons > 0);
	unlock(r, f);
}

/* What could not be confirmed may have an advice of its own: that of the first reason. */
static const char *
first_advice(const struct builder *b, const char *v)
{
	const struct report *r = b->r;
	const char *s = "";

	if (r->conclusion == CONCLUSION_INDETERMINATE && r->nreasons > 0)
		s = result_word(b, "advice", check_name(r->reasons[0]),
		    answer_to(r, r->reasons[0]) == RESULT_FAIL ? ".fail" : ".unknown");
	if (result_may_come(r))
		s = result_word(b, "advice", "LACK", "");
	return *s != '\0' ? s : result_word(b, "verdict", v, ".advice1");
}

/* Where some of several signatures are good, which are not. */
static void
culprits(const struct report *r, struct fields *f)
{
	const struct report_sig *s;
	size_t i, n = 0, good = 0, bad = 0;
	struct fields *item;

	for (i = 0; i < r->nsigs; i++) {
		if (r->sigs[i].kind != KIND_SIGNATURE)
			continue;
		if (r->sigs[i].status.ind == IND_PASSED)
			good++;
		else
			bad++;
	}
	fields_flag(f, "has_culprits", good > 0 && bad > 0);
	for (i = 0; good > 0 && i < r->nsigs; i++) {
		s = &r->sigs[i];
		if (s->kind != KIND_SIGNATURE)
			continue;
		n++;
		if (s->status.ind == IND_PASSED)
			continue;
		item = fields_item(f, "culprits");
		result_number(item, "number", n);
		fields_text(item, "signer", s->signer.name != NULL ? s->signer.name : "");
	}
}

/* "a further signature and form entries" */
static void
list_added(const struct builder *b, struct buf *s)
{
	static const struct {
		unsigned bit;
		const char *word;
	} words[] = {{ADDED_SIGNATURE, "signature"}, {ADDED_FIELD, "field"}, {ADDED_FORM, "form"},
	    {ADDED_NOTE, "note"}, {ADDED_OTHER, "other"}};
	unsigned left = b->history.added;
	const char *name;
	size_t i;

	for (i = 0; i < nitems(words); i++) {
		if ((left & words[i].bit) == 0)
			continue;
		left &= ~words[i].bit;
		name = words[i].bit == ADDED_SIGNATURE && b->history.signatures > 1 ? "signatures"
										    : words[i].word;
		buf_str(s, result_word(b, "added", name, ""));
		if (words[i].bit == ADDED_SIGNATURE && b->history.signatures > 1)
			buf_printf(s, " (%zu)", b->history.signatures);
		if (left != 0)
			buf_str(
			    s, (left & (left - 1)) != 0 ? ", " : result_word(b, "list", "and", ""));
	}
}

static void
verdict(const struct builder *b, struct fields *f)
{
	const char *v = verdict_of(b->r);
	struct buf s;

	fields_text(f, "look", look_of(b->r));
	fields_text(f, "conclusion", conclusion_name(b->r->conclusion));
	fields_text(f, "word", result_word(b, "verdict", v, ".word"));
	fields_text(f, "lead", result_word(b, "verdict", v, ".lead"));
	fields_text(f, "advice1", first_advice(b, v));
	fields_text(f, "advice2", result_word(b, "verdict", v, ".advice2"));
	buf_init(&s, HEADLINE_MAX);
	buf_str(&s, result_word(b, "verdict", v, ".headline"));
	if (strcmp(v, "added") == 0) {
		buf_u8(&s, ' ');
		list_added(b, &s);
		buf_u8(&s, '.');
	}
	fields_text(f, "headline", buf_text(&s));
	buf_clear(&s);
	reasons(b, f);
	culprits(b->r, f);
}

/* --- who and when --- */

static const char *
standing_of(const struct report_sig *s)
{
	switch (s->status.ind) {
	case IND_PASSED:
		return "passed";
	case IND_FAILED:
		/* What was signed may be as good as ever, and the document something else. */
		return s->integrity == INTEGRITY_INTACT && !s->modification_allowed ? "changed"
										    : "failed";
	case IND_INDETERMINATE:
	case IND__MAX:
	default:
		return "unsure";
	}
}

static const char *
standing_look(const struct report_sig *s)
{
	return s->status.ind == IND_PASSED   ? "ok"
	       : s->status.ind == IND_FAILED ? "fail"
					     : "unknown";
}

static void
when_signed(const struct builder *b, struct fields *f, const struct report_sig *s)
{
	size_t i;

	result_time(b, f, "proven", s->time.proven);
	result_time(b, f, "claimed", s->time.claimed);
	fields_flag(f, "has_proven", s->time.proven != WHEN_NONE);
	fields_flag(f, "has_claimed", s->time.claimed != WHEN_NONE);
	fields_flag(f, "has_time", s->time.proven != WHEN_NONE || s->time.claimed != WHEN_NONE);
	fields_text(f, "proof", result_word(b, "proof", proven_by_name(s->time.by), ""));
	for (i = 0; i < s->ntimestamps; i++)
		if (s->timestamps[i].time == s->time.proven && s->timestamps[i].authority != NULL) {
			fields_text(f, "authority", s->timestamps[i].authority);
			fields_flag(f, "has_authority", true);
			return;
		}
	fields_flag(f, "has_authority", false);
}

static void
signers(const struct builder *b, struct fields *f)
{
	const struct report_sig *s;
	struct fields *item;
	size_t i, n = 0;

	for (i = 0; i < b->r->nsigs; i++) {
		s = &b->r->sigs[i];
		if (s->kind != KIND_SIGNATURE)
			continue;
		item = fields_item(f, "signers");
		result_number(item, "number", ++n);
		fields_text(item, "signer", s->signer.name);
		fields_flag(item, "has_signer", s->signer.name != NULL);
		fields_text(item, "organization", s->signer.organization);
		fields_flag(item, "has_organization", s->signer.organization != NULL);
		fields_text(item, "job", s->signer.title);
		fields_flag(item, "has_job", s->signer.title != NULL);
		fields_text(item, "standing", result_word(b, "standing", standing_of(s), ""));
		fields_text(item, "standing_look", standing_look(s));
		when_signed(b, item, s);
	}
	fields_flag(f, "has_signers", n > 0);
	fields_flag(f, "many_signers", n > 1);
}

/* --- the circular's lines --- */

static unsigned
badness(enum check_result r)
{
	static const unsigned order[RESULT__MAX] = {
	    [RESULT_NOT_APPLICABLE] = 0,
	    [RESULT_OK] = 1,
	    [RESULT_WARNING] = 2,
	    [RESULT_UNKNOWN] = 3,
	    [RESULT_FAIL] = 4,
	};

	return (unsigned)r < RESULT__MAX ? order[r] : 3;
}

/* The worst answer to a check over the document and its signatures; no answer is unknown. */
static const struct report_check *
worst(const struct report *r, enum check id)
{
	const struct report_check *w = NULL;
	size_t i;

	for (i = 0; i < r->nchecks; i++)
		if (r->checks[i].id == id &&
		    (w == NULL || badness(r->checks[i].result) > badness(w->result)))
			w = &r->checks[i];
	return w;
}

static const char *
result_look(enum check_result r)
{
	static const char *const looks[RESULT__MAX] = {
	    [RESULT_OK] = "ok",
	    [RESULT_WARNING] = "warning",
	    [RESULT_FAIL] = "fail",
	    [RESULT_UNKNOWN] = "unknown",
	    [RESULT_NOT_APPLICABLE] = "plain",
	};

	return (unsigned)r < RESULT__MAX ? looks[r] : "unknown";
}

void
result_check(const struct builder *b, struct fields *item, enum check id, enum check_result result,
    const char *detail)
{
	fields_text(item, "question", check_question(id, b->lang));
	fields_text(item, "check", check_name(id));
	fields_text(item, "sentence", html_sentence(id, result, b->lang));
	fields_text(item, "check_look", result_look(result));
	fields_text(item, "check_word", result_word(b, "result", result_name(result), ""));
	fields_text(item, "detail", detail != NULL ? detail : "");
	fields_flag(item, "has_detail", detail != NULL);
}

/* An end that is not known lies behind all others. */
static bool
ends_before(const struct report_sig *a, const struct report_sig *b)
{
	return a->ltv_until != WHEN_NONE &&
	       (b->ltv_until == WHEN_NONE || a->ltv_until < b->ltv_until);
}

/*
 * Until when the proof can be checked without a network, and what ends then: the
 * earliest end over all signatures, if something is proven of each.
 */
static bool
horizon(const struct builder *b, struct buf *out)
{
	const struct report_sig *s, *first = NULL;
	bool over;
	size_t i;

	for (i = 0; i < b->r->nsigs; i++) {
		s = &b->r->sigs[i];
		if (s->kind != KIND_SIGNATURE)
			continue;
		if (s->ltv_weakest == CHECK__NONE)
			return false;
		if (first == NULL || ends_before(s, first))
			first = s;
	}
	if (first == NULL)
		return false;
	over = first->ltv_until != WHEN_NONE && first->ltv_until < b->r->validated_at;
	buf_str(out, html_sentence(first->ltv_weakest, over ? RESULT_FAIL : RESULT_OK, b->lang));
	if (first->ltv_until != WHEN_NONE) {
		buf_printf(out, " %s ", result_word(b, "horizon", "end", ""));
		words_time(out, b->t, first->ltv_until);
		if (first->ltv_weakest_name != NULL)
			buf_printf(out, " (%s)", first->ltv_weakest_name);
		buf_u8(out, '.');
	}
	return true;
}

/* The oldest answer that came over the network, if one did: "not embedded, checked online at". */
static bool
online(const struct builder *b, struct buf *out)
{
	const struct report_sig *s;
	int64_t first = WHEN_NONE;
	size_t i;

	for (i = 0; i < b->r->nsigs; i++) {
		s = &b->r->sigs[i];
		if (s->kind == KIND_SIGNATURE && s->revocation.source == SOURCE_ONLINE &&
		    s->revocation.asked != WHEN_NONE &&
		    (first == WHEN_NONE || s->revocation.asked < first))
			first = s->revocation.asked;
	}
	if (first == WHEN_NONE)
		return false;
	buf_printf(out, "%s ", result_word(b, "ltv", "online", ""));
	words_time(out, b->t, first);
	return true;
}

/* Additions that are allowed are good news; notes are to be looked at. */
static const char *
line_look(const struct builder *b, enum check id, enum check_result result)
{
	if (id == CHECK_UNCHANGED && result == RESULT_WARNING &&
	    report_added(b->r) < MOD_ANNOTATIONS)
		return "ok";
	return result_look(result);
}

/* What more there is to say of LTV. */
static void
long_term(const struct builder *b, struct fields *item, enum check_result result)
{
	struct buf s;

	buf_init(&s, HEADLINE_MAX);
	if (horizon(b, &s)) {
		fields_text(item, "detail", buf_text(&s));
		fields_flag(item, "has_detail", true);
	}
	buf_clear(&s);
	/* No fault of a letter that is proven to be good, but it will not be for ever. */
	if (result != RESULT_OK && online(b, &s)) {
		fields_text(item, "answer", buf_text(&s));
		fields_text(item, "check_look", "warning");
	}
	buf_clear(&s);
}

static void
circular(const struct builder *b, struct fields *f)
{
	const struct report_check *c;
	enum check_result result;
	struct fields *item;
	const char *family;
	size_t i;

	fields_flag(f, "has_lines", b->r->nsigs > 0);
	for (i = 0; i < nitems(lines); i++) {
		c = worst(b->r, lines[i]);
		result = c != NULL ? c->result : RESULT_UNKNOWN;
		item = fields_item(f, "lines");
		fields_text(item, "line", result_word(b, "line", check_name(lines[i]), ""));
		/* A name is not true or false: it is there to be compared. */
		family = lines[i] == CHECK_SIGNER_NAME ? "named"
			 : lines[i] == CHECK_UNCHANGED ? "unchanged"
						       : "result";
		fields_text(item, "answer", result_word(b, family, result_name(result), ""));
		result_check(b, item, lines[i], result, c != NULL ? c->detail : NULL);
		fields_text(item, "check_look", line_look(b, lines[i], result));
		if (lines[i] == CHECK_LTV)
			long_term(b, item, result);
	}
}

static void
document(const struct builder *b, struct fields *f)
{
	const struct report *r = b->r;
	struct buf s;

	fields_text(f, "file", r->document.name != NULL ? r->document.name : "-");
	buf_init(&s, 256);
	words_size(&s, b->t, r->document.size);
	fields_text(f, "size", buf_text(&s));
	buf_clear(&s);
	buf_hex(&s, r->document.sha256, 32);
	fields_text(f, "fingerprint", buf_text(&s));
	buf_clear(&s);
	buf_hex(&s, r->trust_id, 32);
	fields_text(f, "trust_id", buf_text(&s));
	buf_clear(&s);
	if (r->document.pages != 0)
		result_number(f, "pages", r->document.pages);
	fields_flag(f, "has_pages", r->document.pages != 0);
	result_number(f, "revisions", r->document.revisions);
	fields_text(
	    f, "pdf_version", r->document.pdf_version != NULL ? r->document.pdf_version : "-");
	fields_flag(f, "encrypted", r->document.encrypted);
	fields_text(f, "policy", r->policy_id != NULL ? r->policy_id : "-");
	fields_text(f, "policy_version", r->policy_version != NULL ? r->policy_version : "-");
	fields_flag(f, "offline", r->offline);
	result_time(b, f, "validated_at", r->validated_at);
}

void
result_summary(struct fields *f, const struct texts *t, enum lang lang, const struct report *r)
{
	struct builder b = {.t = t, .r = r, .lang = lang};

	history_of(&b.history, r);
	verdict(&b, f);
	signers(&b, f);
	circular(&b, f);
	result_time(&b, f, "validated_at", r->validated_at);
}

void
result_fields(struct fields *f, const struct texts *t, enum lang lang, const struct report *r)
{
	struct builder b = {.t = t, .r = r, .lang = lang};

	history_of(&b.history, r);
	verdict(&b, f);
	document(&b, f);
	result_lack(&b, f);
	signers(&b, f);
	circular(&b, f);
	result_later(&b, f);
	result_notices(&b, f);
	result_details(&b, f);
}
