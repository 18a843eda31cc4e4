/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A report as bytes between processes.  Each field is named once, in the order
 * of report.h: the same list of calls writes (out is set) and reads (arena is
 * set), so that the two directions can't drift apart.  Reading ranges every value
 * where it is read; the first bad one sticks in rc and nothing is used after it.
 */
#include <math.h>
#include <string.h>

#include "caps.h"
#include "rd.h"
#include "wire.h"

static const uint8_t magic[4] = {'P', 'R', 'K', 'S'};

#define NO_TEXT UINT32_MAX
/* Numbers of these lists are on the wire and in kept reports: who changes a list raises
 * WIRE_VERSION. */
_Static_assert(WIRE_VERSION == 4 && CHECK__MAX == 112 && CHANGE__MAX == 39 && NOTICE__MAX == 15,
    "another list, another version");

/* One answer per check and signature is the most that makes sense. */
#define MAX_CHECKS ((CAP_SIGNATURES + 1u) * CAP_FINDINGS)

struct wire {
	struct buf *out;
	struct rd in;
	struct arena *arena;
	enum rc rc;
};

static bool
reading(const struct wire *w)
{
	return w->out == NULL;
}

static void
fail(struct wire *w, enum rc rc)
{
	if (w->rc == RC_OK)
		w->rc = rc;
}

static void
w_u32(struct wire *w, uint32_t *v)
{
	if (reading(w))
		*v = rd_u32(&w->in);
	else
		buf_u32(w->out, *v);
}

static void
w_u64(struct wire *w, uint64_t *v)
{
	if (reading(w))
		*v = rd_u64(&w->in);
	else
		buf_u64(w->out, *v);
}

static void
w_i64(struct wire *w, int64_t *v)
{
	if (reading(w))
		*v = (int64_t)rd_u64(&w->in);
	else
		buf_u64(w->out, (uint64_t)*v);
}

/* A value below max: what both sides of the wire must agree on. */
static unsigned
w_below(struct wire *w, unsigned v, unsigned max)
{
	uint32_t u = v;

	w_u32(w, &u);
	if (u >= max) {
		fail(w, RC_FORMAT);
		return 0;
	}
	return u;
}

#define W_ENUM(w, e, max) ((e) = (__typeof__(e))w_below((w), (unsigned)(e), (unsigned)(max)))

static void
w_bool(struct wire *w, bool *v)
{
	uint8_t u;

	if (!reading(w)) {
		buf_u8(w->out, *v);
		return;
	}
	if ((u = rd_u8(&w->in)) > 1)
		fail(w, RC_FORMAT);
	*v = u == 1;
}

static void
w_double(struct wire *w, double *v)
{
	uint64_t u;

	memcpy(&u, v, sizeof(u));
	w_u64(w, &u);
	memcpy(v, &u, sizeof(u));
	if (!isfinite(*v))
		fail(w, RC_FORMAT);
}

static void
w_bytes(struct wire *w, uint8_t *p, size_t len)
{
	const uint8_t *q;

	if (!reading(w))
		buf_put(w->out, p, len);
	else if ((q = rd_bytes(&w->in, len)) != NULL)
		memcpy(p, q, len);
}

static void
put_text(struct wire *w, const char *s)
{
	size_t len;

	if (s == NULL) {
		buf_u32(w->out, NO_TEXT);
		return;
	}
	len = strnlen(s, CAP_TEXT + 1);
	if (!report_text_ok(s, len)) {
		fail(w, RC_FORMAT);
		return;
	}
	buf_u32(w->out, (uint32_t)len);
	buf_put(w->out, s, len);
}

static void
w_text(struct wire *w, char **s)
{
	const uint8_t *p;
	uint32_t len;

	if (!reading(w)) {
		put_text(w, *s);
		return;
	}
	*s = NULL;
	len = rd_u32(&w->in);
	if (w->rc != RC_OK || len == NO_TEXT)
		return;
	if (len > CAP_TEXT || (p = rd_bytes(&w->in, len)) == NULL || !report_text_ok(p, len))
		fail(w, RC_FORMAT);
	else if ((*s = arena_str(w->arena, (const char *)p, len)) == NULL)
		fail(w, RC_NOMEM);
}

/* Octets that are no text; none are NULL. */
static void
w_octets(struct wire *w, uint8_t **v, size_t *n, size_t max)
{
	uint32_t len = (uint32_t)*n;
	const uint8_t *p;

	if (!reading(w)) {
		if (*n > max)
			fail(w, RC_TOOBIG);
		buf_u32(w->out, len);
		buf_put(w->out, *v, *n);
		return;
	}
	*v = NULL;
	*n = 0;
	len = rd_u32(&w->in);
	if (w->rc != RC_OK || len == 0)
		return;
	if (len > max || (p = rd_bytes(&w->in, len)) == NULL)
		fail(w, RC_FORMAT);
	else if ((*v = arena_dup(w->arena, p, len)) == NULL)
		fail(w, RC_NOMEM);
	else
		*n = len;
}

/*
 * The length of an array and, when reading, its memory.  A count above max or
 * above the bytes that are left (no element is shorter than one) gets none.
 */
static void *
w_array(struct wire *w, void *v, size_t *n, size_t max, size_t size)
{
	uint32_t u = (uint32_t)*n;

	if (!reading(w)) {
		if (*n > max)
			fail(w, RC_TOOBIG);
		buf_u32(w->out, u);
		return v;
	}
	*n = 0;
	u = rd_u32(&w->in);
	if (u > max || u > w->in.left)
		fail(w, RC_FORMAT);
	if (u == 0 || w->rc != RC_OK)
		return NULL;
	if ((v = arena_array(w->arena, u, size)) == NULL)
		fail(w, RC_NOMEM);
	else
		*n = u;
	return v;
}

#define W_ARRAY(w, v, n, max) ((v) = w_array((w), (v), &(n), (max), sizeof(*(v))))

/* A code that is there: CHECK__NONE is none. */
static void
w_check(struct wire *w, enum check *c)
{
	W_ENUM(w, *c, CHECK__MAX);
	if (*c == CHECK__NONE)
		fail(w, RC_FORMAT);
}

static void
w_checks(struct wire *w, enum check **v, size_t *n)
{
	size_t i;

	*v = w_array(w, *v, n, CAP_FINDINGS, sizeof(**v));
	for (i = 0; i < *n; i++)
		w_check(w, &(*v)[i]);
}

static void
w_status(struct wire *w, struct status *s)
{
	W_ENUM(w, s->ind, IND__MAX);
	W_ENUM(w, s->sub, SUB__MAX);
}

static void
w_cert(struct wire *w, struct report_cert *c)
{
	w_text(w, &c->subject);
	w_text(w, &c->issuer);
	w_text(w, &c->serial);
	w_bytes(w, c->sha256, sizeof(c->sha256));
	w_i64(w, &c->not_before);
	w_i64(w, &c->not_after);
	w_text(w, &c->key);
}

static void
w_place(struct wire *w, struct report_place *p)
{
	size_t i;

	w_u32(w, &p->object);
	w_u32(w, &p->page);
	w_bool(w, &p->has_rect);
	for (i = 0; i < 4; i++)
		w_double(w, &p->rect[i]);
	w_text(w, &p->path);
}

static void
w_changes(struct wire *w, struct report_sig *s)
{
	struct report_change *c;
	size_t i;

	W_ARRAY(w, s->changes, s->nchanges, CAP_LIST);
	for (i = 0; i < s->nchanges; i++) {
		c = &s->changes[i];
		W_ENUM(w, c->level, MOD__MAX);
		W_ENUM(w, c->kind, CHANGE__MAX);
		w_bool(w, &c->allowed);
		w_u32(w, &c->revision);
		w_place(w, &c->place);
		w_text(w, &c->field);
	}
}

static void
w_visual(struct wire *w, struct report_visual *v)
{
	size_t i;

	W_ENUM(w, v->status, VISUAL__MAX);
	w_u32(w, &v->compared);
	W_ARRAY(w, v->pages, v->npages, CAP_LIST);
	for (i = 0; i < v->npages; i++)
		w_u32(w, &v->pages[i]);
}

static void
w_signer(struct wire *w, struct report_sig *s)
{
	w_text(w, &s->signer.name);
	w_text(w, &s->signer.organization);
	w_text(w, &s->signer.title);
	w_text(w, &s->signer.serial_number);
	w_text(w, &s->signer.dn);
	w_bool(w, &s->signer.has_certificate);
	if (s->signer.has_certificate)
		w_cert(w, &s->signer.certificate);
}

static void
w_trust(struct wire *w, struct report_sig *s)
{
	size_t i;

	W_ENUM(w, s->trust.status, TRUST__MAX);
	w_text(w, &s->trust.anchor);
	W_ARRAY(w, s->trust.chain, s->trust.nchain, CAP_CHAIN);
	for (i = 0; i < s->trust.nchain; i++)
		w_cert(w, &s->trust.chain[i]);
}

static void
w_timestamps(struct wire *w, struct report_sig *s)
{
	struct report_timestamp *t;
	size_t i;

	W_ARRAY(w, s->timestamps, s->ntimestamps, CAP_TIMESTAMPS + CAP_SIGNATURES);
	for (i = 0; i < s->ntimestamps; i++) {
		t = &s->timestamps[i];
		W_ENUM(w, t->kind, TST_KIND__MAX);
		w_i64(w, &t->time);
		w_text(w, &t->authority);
		w_status(w, &t->status);
		W_ENUM(w, t->reason, CHECK__MAX);
	}
}

static void
w_field_locks(struct wire *w, struct report_sig *s)
{
	size_t i;

	s->docmdp = (int)w_below(w, (unsigned)s->docmdp, 4);
	W_ARRAY(w, s->field_locks, s->nfield_locks, CAP_LIST);
	for (i = 0; i < s->nfield_locks; i++) {
		w_text(w, &s->field_locks[i]);
		if (s->field_locks[i] == NULL)
			fail(w, RC_FORMAT);
	}
}

static void
w_sig(struct wire *w, struct report_sig *s)
{
	size_t i;

	w_text(w, &s->field);
	W_ENUM(w, s->kind, KIND__MAX);
	w_u32(w, &s->revision);
	w_text(w, &s->sub_filter);
	w_bool(w, &s->has_byte_range);
	for (i = 0; i < 4; i++)
		w_i64(w, &s->byte_range[i]);
	w_u64(w, &s->contents_bytes);
	w_bytes(w, s->message_sha256, sizeof(s->message_sha256));
	w_status(w, &s->status);
	w_status(w, &s->strict);
	W_ENUM(w, s->integrity, INTEGRITY__MAX);
	W_ENUM(w, s->coverage, COVERAGE__MAX);
	W_ENUM(w, s->modification, MOD__MAX);
	w_bool(w, &s->modification_allowed);
	w_changes(w, s);
	w_visual(w, &s->visual);
	W_ENUM(w, s->level, LEVEL__MAX);
	w_checks(w, &s->level_missing, &s->nlevel_missing);
	w_bool(w, &s->ltv);
	w_checks(w, &s->ltv_missing, &s->nltv_missing);
	w_i64(w, &s->ltv_until);
	W_ENUM(w, s->ltv_weakest, CHECK__MAX);
	w_text(w, &s->ltv_weakest_name);
	w_signer(w, s);
	w_trust(w, s);
	W_ENUM(w, s->revocation.status, REV__MAX);
	w_i64(w, &s->revocation.at);
	W_ENUM(w, s->revocation.source, SOURCE__MAX);
	w_i64(w, &s->revocation.this_update);
	w_i64(w, &s->revocation.produced_at);
	w_i64(w, &s->revocation.asked);
	w_i64(w, &s->time.claimed);
	w_i64(w, &s->time.proven);
	W_ENUM(w, s->time.by, PROVEN__MAX);
	w_timestamps(w, s);
	w_field_locks(w, s);
	w_text(w, &s->digest);
	w_text(w, &s->signature);
	w_u32(w, &s->key_bits);
	w_text(w, &s->reason);
	w_text(w, &s->location);
	w_text(w, &s->contact);
	w_u32(w, &s->page);
	for (i = 0; i < 4; i++)
		w_double(w, &s->rect[i]);
}

static void
w_report_checks(struct wire *w, struct report *r)
{
	struct report_check *c;
	size_t i;

	W_ARRAY(w, r->checks, r->nchecks, MAX_CHECKS);
	for (i = 0; i < r->nchecks; i++) {
		c = &r->checks[i];
		w_check(w, &c->id);
		c->signature =
		    (int)w_below(w, (unsigned)(c->signature + 1), (unsigned)r->nsigs + 1) - 1;
		W_ENUM(w, c->result, RESULT__MAX);
		w_text(w, &c->detail);
	}
}

static void
w_wanted(struct wire *w, struct report *r)
{
	struct report_want *v;
	size_t i, questions = 0;

	W_ARRAY(w, r->wanted, r->nwanted, CAP_EVIDENCE);
	for (i = 0; i < r->nwanted; i++) {
		v = &r->wanted[i];
		W_ENUM(w, v->kind, WANT__MAX);
		w_text(w, &v->url);
		w_text(w, &v->issuer);
		w_bytes(w, v->certificate, sizeof(v->certificate));
		W_ENUM(w, v->outcome, LOOKUP__MAX);
		w_text(w, &v->host);
		w_i64(w, &v->asked);
		w_i64(w, &v->retry);
		w_octets(w, &v->question, &v->question_len, CAP_LOOKUP);
		questions += v->question_len != 0;
	}
	if (questions > CAP_LOOKUPS)
		fail(w, reading(w) ? RC_FORMAT : RC_TOOBIG);
}

static void
w_notices(struct wire *w, struct report *r)
{
	size_t i;

	W_ARRAY(w, r->notices, r->nnotices, CAP_LIST);
	for (i = 0; i < r->nnotices; i++) {
		W_ENUM(w, r->notices[i].kind, NOTICE__MAX);
		w_u32(w, &r->notices[i].revision);
		w_place(w, &r->notices[i].place);
	}
}

static void
w_report(struct wire *w, struct report *r)
{
	size_t i;

	w_text(w, &r->document.name);
	w_bytes(w, r->document.sha256, sizeof(r->document.sha256));
	w_u64(w, &r->document.size);
	w_u32(w, &r->document.pages);
	w_text(w, &r->document.pdf_version);
	w_bool(w, &r->document.encrypted);
	w_u32(w, &r->document.revisions);
	w_text(w, &r->policy_id);
	w_text(w, &r->policy_version);
	w_bytes(w, r->trust_id, sizeof(r->trust_id));
	w_bool(w, &r->demonstration);
	w_i64(w, &r->validated_at);
	w_bool(w, &r->offline);
	W_ENUM(w, r->conclusion, CONCLUSION__MAX);
	w_checks(w, &r->reasons, &r->nreasons);
	W_ARRAY(w, r->sigs, r->nsigs, CAP_SIGNATURES);
	for (i = 0; i < r->nsigs; i++)
		w_sig(w, &r->sigs[i]);
	w_report_checks(w, r);
	w_wanted(w, r);
	w_notices(w, r);
}

void
wire_header(uint8_t out[WIRE_HEADER])
{
	memcpy(out, magic, sizeof(magic));
	memcpy(out + sizeof(magic), (const uint8_t[]){0, 0, 0, WIRE_VERSION}, 4);
}

void
wire_encode(struct buf *b, const struct report *r)
{
	struct report copy = *r; /* the list of fields takes no const; nothing is changed */
	struct wire w = {.out = b};
	uint8_t header[WIRE_HEADER];

	wire_header(header);
	buf_put(b, header, sizeof(header));
	w_report(&w, &copy);
	if (w.rc != RC_OK && b->rc == RC_OK)
		b->rc = w.rc;
}

enum rc
wire_decode(struct report **out, const void *p, size_t len)
{
	struct wire w = {0};
	struct report *r;
	uint8_t header[WIRE_HEADER];
	const uint8_t *m;

	*out = NULL;
	rd_init(&w.in, p, len);
	wire_header(header);
	m = rd_bytes(&w.in, sizeof(header));
	if (m == NULL || memcmp(m, header, sizeof(header)) != 0 || len > CAP_WIRE)
		return RC_FORMAT;
	if ((r = report_new()) == NULL)
		return RC_NOMEM;
	w.arena = r->arena;
	w_report(&w, r);
	if (w.rc == RC_OK && !rd_end(&w.in))
		w.rc = RC_FORMAT;
	if (w.rc != RC_OK) {
		report_free(r);
		return w.rc;
	}
	*out = r;
	return RC_OK;
}
