/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * From a report to the fields of the result page.  Says nothing that the
 * report does not say: the verdict is verify's, the words are the texts' and
 * checks.def's.  Names come from certificates only.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "buf.h"
#include "caps.h"
#include "html.h"
#include "result.h"
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
static const char *const modifications[] = {
    "none", "lta_updates", "form_filling", "annotations", "other", "unknown", "broken"};
static const char *const times[] = {"signature_timestamp", "document_timestamp", "none"};
static const char *const standings[] = {"passed", "failed", "unsure"};
static const char *const rows[] = {"kind", "revision", "sub_filter", "byte_range", "contents_bytes",
    "indication", "strict", "integrity", "coverage", "modification", "change", "level",
    "level_missing", "ltv", "ltv_missing", "name", "organization", "title", "serial_number", "dn",
    "subject", "issuer", "serial", "sha256", "validity", "key", "trust", "anchor", "chain",
    "revocation", "revoked_at", "this_update", "produced_at", "claimed", "proven", "timestamp",
    "docmdp", "field_lock", "digest", "signature", "reason", "location", "contact", "place",
    "wanted"};

struct builder {
	const struct texts *t;
	const struct report *r;
	enum lang lang;
};

#define nitems(a) (sizeof(a) / sizeof((a)[0]))

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
	    {"line", line_names, nitems(line_names), ""},
	    {"changed", modifications, nitems(modifications), ""},
	    {"proof", times, nitems(times), ""},
	    {"standing", standings, nitems(standings), ""},
	    {"row", rows, nitems(rows), ""},
	};
	const char *missing = NULL;
	size_t i;

	for (i = 0; missing == NULL && i < nitems(need); i++)
		missing = missing_of(
		    t, key, key_len, need[i].family, need[i].members, need[i].n, need[i].end);
	return missing;
}

static const char *
word(const struct builder *b, const char *family, const char *member, const char *end)
{
	char key[64];
	const char *s;

	snprintf(key, sizeof(key), "%s.%s%s", family, member, end);
	s = texts_get(b->t, key);
	return s != NULL ? s : "";
}

static void
text_time(const struct builder *b, struct fields *f, const char *key, int64_t when)
{
	struct buf s;

	if (when == WHEN_NONE)
		return;
	buf_init(&s, 256);
	words_time(&s, b->t, when);
	fields_text(f, key, buf_text(&s));
	buf_clear(&s);
}

static void
text_number(struct fields *f, const char *key, uint64_t n)
{
	char s[24];

	snprintf(s, sizeof(s), "%llu", (unsigned long long)n);
	fields_text(f, key, s);
}

/* --- the verdict --- */

/* The most that was added over all signatures. */
static enum modification
most_modified(const struct report *r)
{
	enum modification most = MOD_NONE;
	size_t i;

	for (i = 0; i < r->nsigs; i++)
		if (r->sigs[i].kind == KIND_SIGNATURE && r->sigs[i].modification > most)
			most = r->sigs[i].modification;
	return most;
}

static const char *
verdict_of(const struct report *r)
{
	switch (r->conclusion) {
	case CONCLUSION_VALID:
		return most_modified(r) <= MOD_LTA_UPDATES ? "valid" : "added";
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
look_of(enum conclusion c)
{
	switch (c) {
	case CONCLUSION_VALID:
		return "ok";
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
}

/* What could not be confirmed may have an advice of its own: that of the first reason. */
static const char *
first_advice(const struct builder *b, const char *v)
{
	const struct report *r = b->r;
	const char *s = "";

	if (r->conclusion == CONCLUSION_INDETERMINATE && r->nreasons > 0)
		s = word(b, "advice", check_name(r->reasons[0]),
		    answer_to(r, r->reasons[0]) == RESULT_FAIL ? ".fail" : ".unknown");
	return *s != '\0' ? s : word(b, "verdict", v, ".advice1");
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
		text_number(item, "number", n);
		fields_text(item, "signer", s->signer.name != NULL ? s->signer.name : "");
	}
}

static void
verdict(const struct builder *b, struct fields *f)
{
	const char *v = verdict_of(b->r);
	struct buf s;

	fields_text(f, "look", look_of(b->r->conclusion));
	fields_text(f, "conclusion", conclusion_name(b->r->conclusion));
	fields_text(f, "word", word(b, "verdict", v, ".word"));
	fields_text(f, "lead", word(b, "verdict", v, ".lead"));
	fields_text(f, "advice1", first_advice(b, v));
	fields_text(f, "advice2", word(b, "verdict", v, ".advice2"));
	buf_init(&s, HEADLINE_MAX);
	buf_str(&s, word(b, "verdict", v, ".headline"));
	if (strcmp(v, "added") == 0) {
		const char *what = modification_name(most_modified(b->r));

		buf_printf(&s, " %s", word(b, "changed", what != NULL ? what : "unknown", ""));
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
		return "failed";
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

	text_time(b, f, "proven", s->time.proven);
	text_time(b, f, "claimed", s->time.claimed);
	fields_flag(f, "has_proven", s->time.proven != WHEN_NONE);
	fields_flag(f, "has_claimed", s->time.claimed != WHEN_NONE);
	fields_flag(f, "has_time", s->time.proven != WHEN_NONE || s->time.claimed != WHEN_NONE);
	fields_text(f, "proof", word(b, "proof", proven_by_name(s->time.by), ""));
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
		text_number(item, "number", ++n);
		fields_text(item, "signer", s->signer.name);
		fields_flag(item, "has_signer", s->signer.name != NULL);
		fields_text(item, "organization", s->signer.organization);
		fields_flag(item, "has_organization", s->signer.organization != NULL);
		fields_text(item, "job", s->signer.title);
		fields_flag(item, "has_job", s->signer.title != NULL);
		fields_text(item, "standing", word(b, "standing", standing_of(s), ""));
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

static void
check_fields(const struct builder *b, struct fields *item, enum check id, enum check_result result,
    const char *detail)
{
	fields_text(item, "question", check_question(id, b->lang));
	fields_text(item, "check", check_name(id));
	fields_text(item, "sentence", html_sentence(id, result, b->lang));
	fields_text(item, "check_look", result_look(result));
	fields_text(item, "check_word", word(b, "result", result_name(result), ""));
	fields_text(item, "detail", detail != NULL ? detail : "");
	fields_flag(item, "has_detail", detail != NULL);
}

static void
circular(const struct builder *b, struct fields *f)
{
	const struct report_check *c;
	enum check_result result;
	struct fields *item;
	size_t i;

	fields_flag(f, "has_lines", b->r->nsigs > 0);
	for (i = 0; i < nitems(lines); i++) {
		c = worst(b->r, lines[i]);
		result = c != NULL ? c->result : RESULT_UNKNOWN;
		item = fields_item(f, "lines");
		fields_text(item, "line", word(b, "line", check_name(lines[i]), ""));
		/* A name is not true or false: it is there to be compared. */
		fields_text(item, "answer",
		    word(b, lines[i] == CHECK_SIGNER_NAME ? "named" : "result", result_name(result),
			""));
		check_fields(b, item, lines[i], result, c != NULL ? c->detail : NULL);
	}
}

/* --- what changed --- */

static void
changes(const struct builder *b, struct fields *f)
{
	const struct report_sig *s;
	struct fields *item;
	const char *name;
	size_t i, j, n = 0;

	for (i = 0; i < b->r->nsigs; i++) {
		s = &b->r->sigs[i];
		if (s->kind != KIND_SIGNATURE)
			continue;
		item = fields_item(f, "changes");
		text_number(item, "number", ++n);
		name = modification_name(s->modification);
		/* Broken bytes come first: what was added later is then of no comfort. */
		fields_text(item, "change",
		    s->integrity == INTEGRITY_BROKEN
			? word(b, "changed", "broken", "")
			: word(b, "changed", name != NULL ? name : "unknown", ""));
		for (j = 0; j < s->nchanges; j++) {
			struct fields *c = fields_item(item, "paths");

			fields_text(
			    c, "place", s->changes[j].place.path != NULL ? s->changes[j].place.path : "");
			text_number(c, "revision", s->changes[j].revision);
		}
		fields_flag(item, "has_paths", s->nchanges > 0);
	}
}

/* --- technical details --- */

/* One line of a signature's table; nothing if there is no value. */
static void
row(const struct builder *b, struct fields *f, const char *term, const char *value)
{
	struct fields *item;

	if (value == NULL || *value == '\0')
		return;
	item = fields_item(f, "rows");
	fields_text(item, "term", word(b, "row", term, ""));
	fields_text(item, "value", value);
}

static void row_printf(const struct builder *b, struct fields *f, const char *term, const char *fmt,
    ...) __attribute__((format(printf, 4, 5)));

static void
row_printf(const struct builder *b, struct fields *f, const char *term, const char *fmt, ...)
{
	char s[3 * CAP_TEXT];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(s, sizeof(s), fmt, ap);
	va_end(ap);
	row(b, f, term, s);
}

static void
row_time(const struct builder *b, struct fields *f, const char *term, int64_t when)
{
	char s[WHEN_TEXT];

	row(b, f, term, when_format(when, s));
}

static void
row_hex(const struct builder *b, struct fields *f, const char *term, const uint8_t sha256[32])
{
	struct buf s;

	buf_init(&s, 128);
	buf_hex(&s, sha256, 32);
	row(b, f, term, buf_text(&s));
	buf_clear(&s);
}

static void
row_status(const struct builder *b, struct fields *f, const char *term, const struct status *s)
{
	const char *sub = sub_indication_name(s->sub);

	row_printf(b, f, term, "%s%s%s", indication_name(s->ind), sub != NULL ? " / " : "",
	    sub != NULL ? sub : "");
}

static void
row_checks(
    const struct builder *b, struct fields *f, const char *term, const enum check *c, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		row_printf(b, f, term, "%s (%s)", html_sentence(c[i], RESULT_FAIL, b->lang),
		    check_name(c[i]));
}

static void
certificate(const struct builder *b, struct fields *f, const struct report_cert *c)
{
	char from[WHEN_TEXT], to[WHEN_TEXT];

	row(b, f, "subject", c->subject);
	row(b, f, "issuer", c->issuer);
	row(b, f, "serial", c->serial);
	row_hex(b, f, "sha256", c->sha256);
	row_printf(b, f, "validity", "%s – %s", when_format(c->not_before, from),
	    when_format(c->not_after, to));
	row(b, f, "key", c->key);
}

static void
rows_of_format(const struct builder *b, struct fields *f, const struct report_sig *s)
{
	const char *m = modification_name(s->modification);
	size_t i;

	row(b, f, "kind", sig_kind_name(s->kind));
	row_printf(b, f, "revision", "%u / %u", s->revision, b->r->document.revisions);
	row_status(b, f, "indication", &s->status);
	row_status(b, f, "strict", &s->strict);
	row(b, f, "integrity", integrity_name(s->integrity));
	row(b, f, "coverage", coverage_name(s->coverage));
	row(b, f, "modification", m != NULL ? m : "-");
	for (i = 0; i < s->nchanges; i++)
		row_printf(b, f, "change", "%u: %s", s->changes[i].revision,
		    s->changes[i].place.path != NULL ? s->changes[i].place.path : "");
	row(b, f, "level", level_name(s->level));
	row_checks(b, f, "level_missing", s->level_missing, s->nlevel_missing);
	row(b, f, "ltv", word(b, "result", s->ltv ? "ok" : "fail", ""));
	row_checks(b, f, "ltv_missing", s->ltv_missing, s->nltv_missing);
	row(b, f, "sub_filter", s->sub_filter);
	if (s->has_byte_range)
		row_printf(b, f, "byte_range", "%lld %lld %lld %lld", (long long)s->byte_range[0],
		    (long long)s->byte_range[1], (long long)s->byte_range[2],
		    (long long)s->byte_range[3]);
	row_printf(b, f, "contents_bytes", "%llu", (unsigned long long)s->contents_bytes);
}

static void
rows_of_signer(const struct builder *b, struct fields *f, const struct report_sig *s)
{
	size_t i;

	row(b, f, "name", s->signer.name);
	row(b, f, "organization", s->signer.organization);
	row(b, f, "title", s->signer.title);
	row(b, f, "serial_number", s->signer.serial_number);
	row(b, f, "dn", s->signer.dn);
	if (s->signer.has_certificate)
		certificate(b, f, &s->signer.certificate);
	row(b, f, "trust", trust_name(s->trust.status));
	row(b, f, "anchor", s->trust.anchor);
	for (i = 0; i < s->trust.nchain; i++)
		row(b, f, "chain", s->trust.chain[i].subject);
	row_printf(b, f, "revocation", "%s (%s)", revocation_name(s->revocation.status),
	    source_name(s->revocation.source));
	row_time(b, f, "revoked_at", s->revocation.at);
	row_time(b, f, "this_update", s->revocation.this_update);
	row_time(b, f, "produced_at", s->revocation.produced_at);
}

static void
rows_of_time(const struct builder *b, struct fields *f, const struct report_sig *s)
{
	const struct report_timestamp *ts;
	const char *sub;
	char t[WHEN_TEXT];
	size_t i;

	row_time(b, f, "claimed", s->time.claimed);
	if (s->time.proven != WHEN_NONE)
		row_printf(b, f, "proven", "%s (%s)", when_format(s->time.proven, t),
		    proven_by_name(s->time.by));
	for (i = 0; i < s->ntimestamps; i++) {
		ts = &s->timestamps[i];
		sub = sub_indication_name(ts->status.sub);
		row_printf(b, f, "timestamp", "%s, %s, %s, %s%s%s%s%s", tst_kind_name(ts->kind),
		    when_format(ts->time, t), ts->authority != NULL ? ts->authority : "-",
		    indication_name(ts->status.ind), sub != NULL ? " / " : "",
		    sub != NULL ? sub : "", ts->reason != CHECK__NONE ? ", " : "",
		    ts->reason != CHECK__NONE ? check_name(ts->reason) : "");
	}
}

static void
rows_of_dictionary(const struct builder *b, struct fields *f, const struct report_sig *s)
{
	size_t i;

	if (s->docmdp != 0)
		row_printf(b, f, "docmdp", "%d", s->docmdp);
	for (i = 0; i < s->nfield_locks; i++)
		row(b, f, "field_lock", s->field_locks[i]);
	row(b, f, "digest", s->digest);
	if (s->signature != NULL)
		row_printf(b, f, "signature", "%s, %u bit", s->signature, s->key_bits);
	row(b, f, "reason", s->reason);
	row(b, f, "location", s->location);
	row(b, f, "contact", s->contact);
	if (s->page != 0)
		row_printf(b, f, "place", "%u: %g %g %g %g", s->page, s->rect[0], s->rect[1],
		    s->rect[2], s->rect[3]);
}

static void
details(const struct builder *b, struct fields *f)
{
	const struct report *r = b->r;
	const struct report_sig *s;
	const struct report_check *c;
	struct fields *item;
	size_t i;

	for (i = 0; i < r->nsigs; i++) {
		s = &r->sigs[i];
		item = fields_item(f, "signatures");
		text_number(item, "number", i + 1);
		fields_text(item, "field", s->field != NULL ? s->field : "-");
		rows_of_format(b, item, s);
		rows_of_signer(b, item, s);
		rows_of_time(b, item, s);
		rows_of_dictionary(b, item, s);
	}
	for (i = 0; i < r->nchecks; i++) {
		c = &r->checks[i];
		item = fields_item(f, "checks");
		check_fields(b, item, c->id, c->result, c->detail);
		if (c->signature >= 0)
			text_number(item, "number", (uint64_t)c->signature + 1);
		fields_flag(item, "of_signature", c->signature >= 0);
	}
	for (i = 0; i < r->nwanted; i++) {
		item = fields_item(f, "wanted");
		fields_text(item, "kind", want_name(r->wanted[i].kind));
		fields_text(item, "url", r->wanted[i].url != NULL ? r->wanted[i].url : "-");
		fields_text(
		    item, "issuer", r->wanted[i].issuer != NULL ? r->wanted[i].issuer : "-");
	}
	fields_flag(f, "has_checks", r->nchecks > 0);
	fields_flag(f, "has_wanted", r->nwanted > 0);
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
		text_number(f, "pages", r->document.pages);
	fields_flag(f, "has_pages", r->document.pages != 0);
	text_number(f, "revisions", r->document.revisions);
	fields_text(
	    f, "pdf_version", r->document.pdf_version != NULL ? r->document.pdf_version : "-");
	fields_flag(f, "encrypted", r->document.encrypted);
	fields_text(f, "policy", r->policy_id != NULL ? r->policy_id : "-");
	fields_text(f, "policy_version", r->policy_version != NULL ? r->policy_version : "-");
	fields_flag(f, "offline", r->offline);
	text_time(b, f, "validated_at", r->validated_at);
}

void
result_fields(struct fields *f, const struct texts *t, enum lang lang, const struct report *r)
{
	const struct builder b = {t, r, lang};

	verdict(&b, f);
	document(&b, f);
	signers(&b, f);
	circular(&b, f);
	changes(&b, f);
	details(&b, f);
}
