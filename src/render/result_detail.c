/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every field of the report, for those who read such things: names and codes as they are. */
#include <stdarg.h>
#include <stdio.h>

#include "buf.h"
#include "caps.h"
#include "html.h"
#include "result_part.h"
#include "when.h"

/* One line of a signature's table; nothing if there is no value. */
static void
row(const struct builder *b, struct fields *f, const char *term, const char *value)
{
	struct fields *item;

	if (value == NULL || *value == '\0')
		return;
	item = fields_item(f, "rows");
	fields_text(item, "term", result_word(b, "row", term, ""));
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

/* "3: FIELD_VALUE, form_filling, Nama, Root/AcroForm/Fields[0] (17), 1: 72 540 200 590" */
static void
row_change(const struct builder *b, struct fields *f, const struct report_change *c)
{
	const char *level = modification_name(c->level);
	struct buf s;

	buf_init(&s, 4 * CAP_TEXT);
	buf_printf(
	    &s, "%u: %s, %s", c->revision, change_code(c->kind), level != NULL ? level : "-");
	if (c->field != NULL)
		buf_printf(&s, ", %s", c->field);
	if (c->place.path != NULL)
		buf_printf(&s, ", %s", c->place.path);
	if (c->place.object != 0)
		buf_printf(&s, " (%u)", c->place.object);
	if (c->place.page != 0)
		buf_printf(&s, ", %u", c->place.page);
	if (c->place.has_rect)
		buf_printf(&s, ": %g %g %g %g", c->place.rect[0], c->place.rect[1],
		    c->place.rect[2], c->place.rect[3]);
	row(b, f, "change", buf_text(&s));
	buf_clear(&s);
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
	for (i = 0; i < s->nchanges && i < HISTORY_MAX; i++)
		row_change(b, f, &s->changes[i]);
	if (s->visual.status != VISUAL_NOT_COMPARED)
		row_printf(
		    b, f, "visual", "%s (%u)", visual_name(s->visual.status), s->visual.compared);
	row(b, f, "level", level_name(s->level));
	row_checks(b, f, "level_missing", s->level_missing, s->nlevel_missing);
	row(b, f, "ltv", result_word(b, "result", s->ltv ? "ok" : "fail", ""));
	row_checks(b, f, "ltv_missing", s->ltv_missing, s->nltv_missing);
	row_time(b, f, "ltv_until", s->ltv_until);
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
	row_time(b, f, "checked_at", s->revocation.asked);
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

void
result_details(const struct builder *b, struct fields *f)
{
	const struct report *r = b->r;
	const struct report_sig *s;
	const struct report_check *c;
	struct fields *item;
	size_t i;

	for (i = 0; i < r->nsigs; i++) {
		s = &r->sigs[i];
		item = fields_item(f, "signatures");
		result_number(item, "number", i + 1);
		fields_text(item, "field", s->field != NULL ? s->field : "-");
		rows_of_format(b, item, s);
		rows_of_signer(b, item, s);
		rows_of_time(b, item, s);
		rows_of_dictionary(b, item, s);
	}
	for (i = 0; i < r->nchecks; i++) {
		c = &r->checks[i];
		item = fields_item(f, "checks");
		result_check(b, item, c->id, c->result, c->detail);
		if (c->signature >= 0)
			result_number(item, "number", (uint64_t)c->signature + 1);
		fields_flag(item, "of_signature", c->signature >= 0);
	}
	for (i = 0; i < r->nwanted; i++) {
		item = fields_item(f, "wanted");
		fields_text(item, "kind", want_name(r->wanted[i].kind));
		fields_text(item, "url", r->wanted[i].url != NULL ? r->wanted[i].url : "-");
		fields_text(
		    item, "issuer", r->wanted[i].issuer != NULL ? r->wanted[i].issuer : "-");
		fields_text(item, "outcome_words", result_outcome(b, &r->wanted[i]));
		fields_text(item, "outcome", lookup_outcome_name(r->wanted[i].outcome));
		fields_flag(item, "has_outcome", r->wanted[i].outcome != LOOKUP_OPEN);
	}
	fields_flag(f, "has_checks", r->nchecks > 0);
	fields_flag(f, "has_wanted", r->nwanted > 0);
}
