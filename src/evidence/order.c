/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Orders and replies as octets.  Neither side believes the other: every length and number is
 * checked against what is left and against caps.h before anything is kept.
 */
#include <string.h>

#include "caps.h"
#include "order.h"
#include "rd.h"

#define FLAGS (ORDER_FETCH | ORDER_BODIES)

static void
put_octets(struct buf *b, const void *p, size_t len)
{
	buf_u32(b, (uint32_t)len);
	buf_put(b, p, len);
}

/* Length (at most max) and octets; false, and the cursor failed, if that is not there. */
static bool
get_octets(struct rd *r, size_t max, struct lookup_octets *out)
{
	out->len = rd_u32(r);
	if (out->len > max)
		r->failed = true;
	if (!rd_ok(r))
		return false;
	out->p = rd_bytes(r, out->len);
	return rd_ok(r);
}

enum rc
order_put(struct buf *b, const struct order *o)
{
	size_t i, len = 12;

	if (o->n > CAP_LOOKUPS)
		return RC_TOOBIG;
	for (i = 0; i < o->n; i++) {
		if (o->questions[i].len > CAP_LOOKUP)
			return RC_TOOBIG;
		len += 4 + o->questions[i].len;
	}
	buf_u32(b, (uint32_t)len);
	buf_u32(b, o->flags);
	buf_u32(b, o->milliseconds);
	buf_u32(b, (uint32_t)o->n);
	for (i = 0; i < o->n; i++)
		put_octets(b, o->questions[i].p, o->questions[i].len);
	return RC_OK;
}

enum rc
order_get(struct order *o, const void *p, size_t len)
{
	struct rd r;
	size_t i;

	memset(o, 0, sizeof(*o));
	rd_init(&r, p, len);
	o->flags = rd_u32(&r);
	o->milliseconds = rd_u32(&r);
	o->n = rd_u32(&r);
	if (!rd_ok(&r) || (o->flags & ~FLAGS) != 0 || o->n > CAP_LOOKUPS)
		return RC_FORMAT;
	for (i = 0; i < o->n; i++)
		if (!get_octets(&r, CAP_LOOKUP, &o->questions[i]))
			return RC_FORMAT;
	return rd_end(&r) ? RC_OK : RC_FORMAT;
}

/* Octets of an answer; 0: no such answer may be sent. */
static size_t
answer_size(const struct lookup_answer *a, bool bodies)
{
	size_t i, url = a->url != NULL ? strlen(a->url) : 0, len = 28 + url;

	if (url > CAP_FETCH_URL || a->nparts > ORDER_PARTS)
		return 0;
	for (i = 0; bodies && i < a->nparts; i++) {
		if (a->parts[i].der.len > CAP_LOOKUP_BODIES)
			return 0;
		len += 8 + a->parts[i].der.len;
	}
	return len;
}

enum rc
order_put_reply(struct buf *b, const struct lookup_answer *v, size_t n, bool bodies)
{
	const struct lookup_answer *a;
	size_t i, k, one, len = 4;

	for (i = 0; i < n; i++) {
		if ((one = answer_size(&v[i], bodies)) == 0 || one > ORDER_REPLY_MAX - len)
			return RC_TOOBIG;
		len += one;
	}
	buf_u32(b, (uint32_t)len);
	buf_u32(b, (uint32_t)n);
	for (i = 0; i < n; i++) {
		a = &v[i];
		buf_u32(b, (uint32_t)a->outcome);
		buf_u64(b, (uint64_t)a->asked);
		buf_u64(b, (uint64_t)a->retry);
		put_octets(b, a->url, a->url != NULL ? strlen(a->url) : 0);
		buf_u32(b, bodies ? (uint32_t)a->nparts : 0);
		for (k = 0; bodies && k < a->nparts; k++) {
			buf_u32(b, (uint32_t)a->parts[k].kind);
			put_octets(b, a->parts[k].der.p, a->parts[k].der.len);
		}
	}
	return RC_OK;
}

/* A time of our days, or none: what is computed with it must not overflow. */
static bool
get_when(struct rd *r, int64_t *out)
{
	uint64_t v = rd_u64(r);

	*out = v == (uint64_t)WHEN_NONE ? WHEN_NONE : (int64_t)v;
	return *out == WHEN_NONE || v <= ORDER_WHEN_MAX;
}

/* NULL without octets; false if they are no address, or without memory (*nomem). */
static bool
get_url(struct rd *r, struct arena *a, const char **out, bool *nomem)
{
	struct lookup_octets s;
	size_t i;

	*out = NULL;
	if (!get_octets(r, CAP_FETCH_URL, &s))
		return false;
	for (i = 0; i < s.len; i++)
		if (s.p[i] < 0x21 || s.p[i] > 0x7e)
			return false;
	if (s.len == 0)
		return true;
	*out = arena_str(a, (const char *)s.p, s.len);
	*nomem = *out == NULL;
	return *out != NULL;
}

static bool
get_parts(struct rd *r, struct arena *a, struct lookup_answer *out, bool *nomem)
{
	uint32_t n = rd_u32(r), kind;
	size_t i;

	if (!rd_ok(r) || n > ORDER_PARTS || (n > 0 && out->outcome != LOOKUP_ANSWERED))
		return false;
	if (n > 0 && (out->parts = arena_array(a, n, sizeof(*out->parts))) == NULL) {
		*nomem = true;
		return false;
	}
	for (i = 0; i < n; i++) {
		kind = rd_u32(r);
		if (kind > LOOKUP_CERT || !get_octets(r, CAP_CRL, &out->parts[i].der) ||
		    out->parts[i].der.len == 0)
			return false;
		out->parts[i].kind = (enum lookup_part_kind)kind;
	}
	out->nparts = n;
	return true;
}

static bool
get_answer(struct rd *r, struct arena *a, struct lookup_answer *out, bool *nomem)
{
	uint32_t outcome = rd_u32(r);

	if (outcome >= LOOKUP__MAX)
		return false;
	out->outcome = (enum lookup_outcome)outcome;
	return get_when(r, &out->asked) && get_when(r, &out->retry) &&
	       get_url(r, a, &out->url, nomem) && get_parts(r, a, out, nomem);
}

enum rc
order_get_reply(struct lookup_answer *v, size_t n, struct arena *a, const void *p, size_t len)
{
	bool nomem = false;
	struct rd r;
	size_t i;

	memset(v, 0, n * sizeof(*v));
	rd_init(&r, p, len);
	if (rd_u32(&r) != n || !rd_ok(&r))
		return RC_FORMAT;
	for (i = 0; i < n; i++)
		if (!get_answer(&r, a, &v[i], &nomem))
			return nomem ? RC_NOMEM : RC_FORMAT;
	return rd_end(&r) ? RC_OK : RC_FORMAT;
}
