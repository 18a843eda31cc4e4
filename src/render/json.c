/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * struct report as JSON (RFC 8259), written straight into a buf: the order of
 * the keys is the order of the lines below, and nothing is built in between.
 * Every key is always there; what is not known is null.
 */
#include <string.h>

#include "json.h"
#include "when.h"

/*
 * Bytes of the UTF-8 sequence at s (RFC 3629: no overlong forms, no
 * surrogates, nothing above U+10FFFF); 0 if there is none.  A NUL ends s, and
 * is no continuation byte, so no look past it happens.
 */
static size_t
utf8_len(const uint8_t *s)
{
	uint8_t low = 0x80, high = 0xbf;
	size_t i, n;

	if (s[0] < 0xc2 || s[0] > 0xf4)
		return 0;
	n = s[0] < 0xe0 ? 2 : s[0] < 0xf0 ? 3 : 4;
	if (s[0] == 0xe0)
		low = 0xa0;
	else if (s[0] == 0xed)
		high = 0x9f;
	else if (s[0] == 0xf0)
		low = 0x90;
	else if (s[0] == 0xf4)
		high = 0x8f;
	if (s[1] < low || s[1] > high)
		return 0;
	for (i = 2; i < n; i++)
		if (s[i] < 0x80 || s[i] > 0xbf)
			return 0;
	return n;
}

/* One character that can't stand for itself; returns the bytes it took. */
static size_t
escape(struct buf *b, const uint8_t *s)
{
	size_t n;

	switch (*s) {
	case '"':
		buf_str(b, "\\\"");
		return 1;
	case '\\':
		buf_str(b, "\\\\");
		return 1;
	case '\n':
		buf_str(b, "\\n");
		return 1;
	case '\r':
		buf_str(b, "\\r");
		return 1;
	case '\t':
		buf_str(b, "\\t");
		return 1;
	default:
		break;
	}
	if (*s < 0x20 || *s == 0x7f) {
		buf_printf(b, "\\u%04x", *s);
		return 1;
	}
	if ((n = utf8_len(s)) == 0) {
		buf_str(b, "\\ufffd");
		return 1;
	}
	buf_put(b, s, n);
	return n;
}

void
json_text(struct buf *b, const char *s)
{
	const uint8_t *p = (const uint8_t *)s, *run = p;

	buf_u8(b, '"');
	while (*p != '\0') {
		if (*p >= 0x20 && *p < 0x7f && *p != '"' && *p != '\\') {
			p++;
			continue;
		}
		buf_put(b, run, (size_t)(p - run));
		p += escape(b, p);
		run = p;
	}
	buf_put(b, run, (size_t)(p - run));
	buf_u8(b, '"');
}

void
json_member(struct buf *b, const char *key, const char *value)
{
	buf_printf(b, ",\"%s\":", key);
	if (*value == '\0')
		buf_str(b, "null");
	else
		json_text(b, value);
}

/* A comma, unless this is the first thing inside its bracket or after a key. */
static void
next(struct buf *b)
{
	uint8_t last;

	if (b->len == 0)
		return;
	last = b->p[b->len - 1];
	if (last != '{' && last != '[' && last != ':')
		buf_u8(b, ',');
}

/* Keys are words of this file and need no escaping. */
static void
key(struct buf *b, const char *name)
{
	next(b);
	buf_u8(b, '"');
	buf_str(b, name);
	buf_str(b, "\":");
}

static void
begin(struct buf *b, const char *name, char bracket)
{
	if (name != NULL)
		key(b, name);
	else
		next(b);
	buf_u8(b, (uint8_t)bracket);
}

static void
end(struct buf *b, char bracket)
{
	buf_u8(b, (uint8_t)bracket);
}

static void
null(struct buf *b, const char *name)
{
	key(b, name);
	buf_str(b, "null");
}

static void
value(struct buf *b, const char *s)
{
	if (s == NULL)
		buf_str(b, "null");
	else
		json_text(b, s);
}

static void
text(struct buf *b, const char *name, const char *s)
{
	key(b, name);
	value(b, s);
}

static void
flag(struct buf *b, const char *name, bool yes)
{
	key(b, name);
	buf_str(b, yes ? "true" : "false");
}

static void
number(struct buf *b, const char *name, uint64_t n)
{
	key(b, name);
	buf_printf(b, "%llu", (unsigned long long)n);
}

/* Where 0 says that the number is not known. */
static void
number_or_null(struct buf *b, const char *name, uint64_t n)
{
	if (n == 0)
		null(b, name);
	else
		number(b, name, n);
}

static void
when(struct buf *b, const char *name, int64_t t)
{
	char s[WHEN_TEXT];

	text(b, name, t == WHEN_NONE ? NULL : when_format(t, s));
}

/* Zeros stand for a digest that was never computed. */
static void
digest(struct buf *b, const char *name, const uint8_t sha256[32])
{
	static const uint8_t none[32];

	if (memcmp(sha256, none, sizeof(none)) == 0) {
		null(b, name);
		return;
	}
	key(b, name);
	buf_u8(b, '"');
	buf_hex(b, sha256, 32);
	buf_u8(b, '"');
}

static void
status(struct buf *b, struct status s)
{
	text(b, "indication", indication_name(s.ind));
	text(b, "sub_indication", sub_indication_name(s.sub));
}

static void
codes(struct buf *b, const char *name, const enum check *v, size_t n)
{
	size_t i;

	begin(b, name, '[');
	for (i = 0; i < n; i++) {
		next(b);
		value(b, check_name(v[i]));
	}
	end(b, ']');
}

static void
certificate(struct buf *b, const char *name, const struct report_cert *c)
{
	begin(b, name, '{');
	text(b, "subject", c->subject);
	text(b, "issuer", c->issuer);
	text(b, "serial", c->serial);
	digest(b, "sha256", c->sha256);
	when(b, "not_before", c->not_before);
	when(b, "not_after", c->not_after);
	text(b, "key", c->key);
	end(b, '}');
}

static void
byte_range(struct buf *b, const struct report_sig *s)
{
	size_t i;

	if (!s->has_byte_range) {
		null(b, "byte_range");
		return;
	}
	begin(b, "byte_range", '[');
	for (i = 0; i < 4; i++) {
		next(b);
		buf_printf(b, "%lld", (long long)s->byte_range[i]);
	}
	end(b, ']');
}

/* Thousandths of a point are plenty, and need no locale's decimal sign. */
static void
coordinate(struct buf *b, double v)
{
	long long m;

	next(b);
	if (!(v > -1e12 && v < 1e12)) { /* also not a number */
		buf_str(b, "null");
		return;
	}
	m = (long long)(v * 1000 + (v < 0 ? -0.5 : 0.5));
	if (m < 0) {
		buf_u8(b, '-');
		m = -m;
	}
	buf_printf(b, "%lld", m / 1000);
	if (m % 1000 != 0)
		buf_printf(b, ".%03lld", m % 1000);
}

/* Where something is on a page; page 0 is none. */
static void
place_on_page(struct buf *b, unsigned page, bool has_rect, const double rect[4])
{
	size_t i;

	number_or_null(b, "page", page);
	if (page == 0 || !has_rect) {
		null(b, "rect");
		return;
	}
	begin(b, "rect", '[');
	for (i = 0; i < 4; i++)
		coordinate(b, rect[i]);
	end(b, ']');
}

static void
sentences(struct buf *b, const char *id, const char *en)
{
	begin(b, "text", '{');
	text(b, "id", id);
	text(b, "en", en);
	end(b, '}');
}

static void
changes(struct buf *b, const struct report_sig *s)
{
	const struct report_change *c;
	size_t i;

	begin(b, "changes", '[');
	for (i = 0; i < s->nchanges; i++) {
		c = &s->changes[i];
		begin(b, NULL, '{');
		text(b, "level", modification_name(c->level));
		text(b, "kind", change_code(c->kind));
		flag(b, "allowed", c->allowed);
		number(b, "revision", c->revision);
		number_or_null(b, "object", c->place.object);
		text(b, "path", c->place.path);
		text(b, "field", c->field);
		place_on_page(b, c->place.page, c->place.has_rect, c->place.rect);
		sentences(b, change_sentence(c->kind, 0), change_sentence(c->kind, 1));
		end(b, '}');
	}
	end(b, ']');
}

static void
visual(struct buf *b, const struct report_visual *v)
{
	size_t i;

	begin(b, "visual", '{');
	text(b, "status", visual_name(v->status));
	number(b, "compared", v->compared);
	begin(b, "pages", '[');
	for (i = 0; i < v->npages; i++) {
		next(b);
		buf_printf(b, "%u", v->pages[i]);
	}
	end(b, ']');
	end(b, '}');
}

static void
signer(struct buf *b, const struct report_sig *s)
{
	begin(b, "signer", '{');
	text(b, "name", s->signer.name);
	text(b, "organization", s->signer.organization);
	text(b, "title", s->signer.title);
	text(b, "serial_number", s->signer.serial_number);
	text(b, "dn", s->signer.dn);
	if (s->signer.has_certificate)
		certificate(b, "certificate", &s->signer.certificate);
	else
		null(b, "certificate");
	end(b, '}');
}

static void
trust(struct buf *b, const struct report_sig *s)
{
	size_t i;

	begin(b, "trust", '{');
	text(b, "status", trust_name(s->trust.status));
	text(b, "anchor", s->trust.anchor);
	begin(b, "chain", '[');
	for (i = 0; i < s->trust.nchain; i++)
		certificate(b, NULL, &s->trust.chain[i]);
	end(b, ']');
	end(b, '}');
}

static void
evidence(struct buf *b, const struct report_sig *s)
{
	begin(b, "revocation", '{');
	text(b, "status", revocation_name(s->revocation.status));
	when(b, "at", s->revocation.at);
	text(b, "source", source_name(s->revocation.source));
	when(b, "this_update", s->revocation.this_update);
	when(b, "produced_at", s->revocation.produced_at);
	when(b, "checked_at", s->revocation.asked);
	end(b, '}');
}

static void
times(struct buf *b, const struct report_sig *s)
{
	const struct report_timestamp *t;
	size_t i;

	begin(b, "time", '{');
	when(b, "claimed", s->time.claimed);
	when(b, "proven", s->time.proven);
	text(b, "proven_by", proven_by_name(s->time.by));
	end(b, '}');
	begin(b, "timestamps", '[');
	for (i = 0; i < s->ntimestamps; i++) {
		t = &s->timestamps[i];
		begin(b, NULL, '{');
		text(b, "kind", tst_kind_name(t->kind));
		when(b, "time", t->time);
		text(b, "authority", t->authority);
		begin(b, "status", '{');
		status(b, t->status);
		end(b, '}');
		text(b, "reason", check_name(t->reason));
		end(b, '}');
	}
	end(b, ']');
}

static void
certification(struct buf *b, const struct report_sig *s)
{
	size_t i;

	begin(b, "certification", '{');
	number_or_null(b, "docmdp", s->docmdp > 0 ? (uint64_t)s->docmdp : 0);
	begin(b, "field_locks", '[');
	for (i = 0; i < s->nfield_locks; i++) {
		next(b);
		json_text(b, s->field_locks[i]);
	}
	end(b, ']');
	end(b, '}');
}

static void
signature(struct buf *b, const struct report_sig *s)
{
	begin(b, NULL, '{');
	text(b, "field", s->field);
	text(b, "kind", sig_kind_name(s->kind));
	number_or_null(b, "revision", s->revision);
	text(b, "sub_filter", s->sub_filter);
	byte_range(b, s);
	number(b, "contents_bytes", s->contents_bytes);
	digest(b, "message_sha256", s->message_sha256);
	status(b, s->status);
	begin(b, "strict", '{');
	status(b, s->strict);
	end(b, '}');
	text(b, "integrity", integrity_name(s->integrity));
	text(b, "coverage", coverage_name(s->coverage));
	text(b, "modification", modification_name(s->modification));
	flag(b, "modification_allowed", s->modification_allowed);
	changes(b, s);
	visual(b, &s->visual);
	text(b, "level", level_name(s->level));
	codes(b, "level_missing", s->level_missing, s->nlevel_missing);
	begin(b, "ltv", '{');
	flag(b, "enabled", s->ltv);
	codes(b, "missing", s->ltv_missing, s->nltv_missing);
	when(b, "until", s->ltv_until);
	text(b, "weakest", check_name(s->ltv_weakest));
	text(b, "weakest_name", s->ltv_weakest_name);
	end(b, '}');
	signer(b, s);
	trust(b, s);
	evidence(b, s);
	times(b, s);
	certification(b, s);
	begin(b, "algorithms", '{');
	text(b, "digest", s->digest);
	text(b, "signature", s->signature);
	number_or_null(b, "key_bits", s->key_bits);
	end(b, '}');
	text(b, "reason", s->reason);
	text(b, "location", s->location);
	text(b, "contact", s->contact);
	place_on_page(b, s->page, true, s->rect);
	end(b, '}');
}

static void
document(struct buf *b, const struct report *r)
{
	begin(b, "document", '{');
	text(b, "name", r->document.name);
	digest(b, "sha256", r->document.sha256);
	number(b, "size", r->document.size);
	number_or_null(b, "pages", r->document.pages);
	text(b, "pdf_version", r->document.pdf_version);
	flag(b, "encrypted", r->document.encrypted);
	number_or_null(b, "revisions", r->document.revisions);
	end(b, '}');
	begin(b, "policy", '{');
	text(b, "id", r->policy_id);
	text(b, "version", r->policy_version);
	end(b, '}');
	begin(b, "trust", '{');
	digest(b, "id", r->trust_id);
	flag(b, "demonstration", r->demonstration);
	end(b, '}');
	when(b, "validated_at", r->validated_at);
	flag(b, "offline", r->offline);
}

static void
checks(struct buf *b, const struct report *r)
{
	const struct report_check *c;
	size_t i;

	begin(b, "checks", '[');
	for (i = 0; i < r->nchecks; i++) {
		c = &r->checks[i];
		begin(b, NULL, '{');
		text(b, "id", check_name(c->id));
		if (c->signature < 0)
			null(b, "signature");
		else
			number(b, "signature", (uint64_t)c->signature);
		text(b, "result", result_name(c->result));
		text(b, "detail", c->detail);
		end(b, '}');
	}
	end(b, ']');
}

static void
wanted(struct buf *b, const struct report *r)
{
	const struct report_want *w;
	size_t i;

	begin(b, "wanted", '[');
	for (i = 0; i < r->nwanted; i++) {
		w = &r->wanted[i];
		begin(b, NULL, '{');
		text(b, "kind", want_name(w->kind));
		text(b, "url", w->url);
		text(b, "issuer", w->issuer);
		digest(b, "certificate", w->certificate);
		text(b, "outcome", lookup_outcome_name(w->outcome));
		text(b, "host", w->host);
		when(b, "asked", w->asked);
		when(b, "retry_at", w->retry);
		end(b, '}');
	}
	end(b, ']');
}

static void
warnings(struct buf *b, const struct report *r)
{
	const struct report_notice *n;
	size_t i;

	begin(b, "warnings", '[');
	for (i = 0; i < r->nnotices; i++) {
		n = &r->notices[i];
		begin(b, NULL, '{');
		text(b, "code", notice_code(n->kind));
		number(b, "revision", n->revision);
		number_or_null(b, "object", n->place.object);
		place_on_page(b, n->place.page, n->place.has_rect, n->place.rect);
		text(b, "path", n->place.path);
		sentences(b, notice_sentence(n->kind, 0), notice_sentence(n->kind, 1));
		end(b, '}');
	}
	end(b, ']');
}

void
json_report(struct buf *b, const struct report *r)
{
	size_t i;

	buf_u8(b, '{');
	text(b, "schema", "periksa.report/1");
	document(b, r);
	text(b, "conclusion", conclusion_name(r->conclusion));
	codes(b, "reasons", r->reasons, r->nreasons);
	begin(b, "signatures", '[');
	for (i = 0; i < r->nsigs; i++)
		signature(b, &r->sigs[i]);
	end(b, ']');
	checks(b, r);
	wanted(b, r);
	warnings(b, r);
	buf_u8(b, '}');
}
