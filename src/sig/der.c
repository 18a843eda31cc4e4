/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Tag, length, contents of BER and DER (X.690, clause 8 and 10).  Nothing here
 * knows what the elements mean.  Indefinite lengths are followed to their end
 * with a counter instead of recursion; a definite element inside is skipped as
 * a block, so a walk costs at most CAP_DER_DEPTH passes over its input.
 */
#include <stdio.h>
#include <string.h>

#include "caps.h"
#include "der.h"

#define CONSTRUCTED 0x20
#define CLASS_MASK  0xc0
#define NUMBER_MASK 0x1f

struct header {
	uint8_t tag;
	bool indefinite, minimal;
	size_t head, len; /* octets of identifier and length; of contents */
};

/* Identifier and length octets at p; false if they, or the contents, don't fit. */
static bool
header_read(const uint8_t *p, size_t left, struct header *h)
{
	size_t n, i;
	uint8_t first;

	if (left < 2 || (p[0] & NUMBER_MASK) == NUMBER_MASK)
		return false;
	memset(h, 0, sizeof(*h));
	h->tag = p[0];
	h->head = 2;
	h->minimal = true;
	first = p[1];
	if (first == 0x80) {
		h->indefinite = true;
		return (h->tag & CONSTRUCTED) != 0;
	}
	if (first < 0x80) {
		h->len = first;
		return h->len <= left - h->head;
	}
	n = first & 0x7f;
	if (n > sizeof(h->len) || n > left - h->head)
		return false;
	for (i = 0; i < n; i++)
		h->len = h->len << 8 | p[2 + i];
	h->head += n;
	h->minimal = p[2] != 0 && h->len >= 0x80;
	return h->len <= left - h->head;
}

/* Octets up to and with the end-of-contents of an indefinite value; 0 if there is none. */
static size_t
indefinite_span(const uint8_t *p, size_t left)
{
	struct header h;
	size_t off = 0, depth = 1;

	while (depth > 0) {
		if (!header_read(p + off, left - off, &h))
			return 0;
		off += h.head;
		if (h.tag == 0) {
			if (h.len != 0 || !h.minimal)
				return 0;
			depth--;
		} else if (h.indefinite) {
			if (++depth > CAP_DER_DEPTH)
				return 0;
		} else
			off += h.len;
	}
	return off;
}

bool
der_next(struct der *in, struct der_tlv *out)
{
	struct header h;
	size_t n;

	memset(out, 0, sizeof(*out));
	if (!header_read(in->p, in->len, &h) || h.tag == 0)
		return false;
	if (h.indefinite) {
		if ((n = indefinite_span(in->p + h.head, in->len - h.head)) == 0)
			return false;
		h.len = n - 2;
		n += h.head;
	} else
		n = h.head + h.len;
	out->tag = h.tag;
	out->indefinite = h.indefinite;
	out->whole.p = in->p;
	out->whole.len = n;
	out->body.p = in->p + h.head;
	out->body.len = h.len;
	in->p += n;
	in->len -= n;
	return true;
}

bool
der_expect(struct der *in, uint8_t tag, struct der_tlv *out)
{
	if (der_peek(*in) != tag) {
		memset(out, 0, sizeof(*out));
		return false;
	}
	return der_next(in, out);
}

int
der_peek(struct der in)
{
	return in.len == 0 ? -1 : in.p[0];
}

/* Universal types have one form in DER: only these are constructed. */
static bool
form_is_der(uint8_t tag)
{
	bool constructed = (tag & CONSTRUCTED) != 0;

	if ((tag & CLASS_MASK) != 0)
		return true;
	switch (tag & NUMBER_MASK) {
	case 8:  /* EXTERNAL */
	case 11: /* EMBEDDED PDV */
	case 16: /* SEQUENCE */
	case 17: /* SET */
		return constructed;
	default:
		return !constructed;
	}
}

bool
der_strict(struct der whole)
{
	const uint8_t *p = whole.p, *end[CAP_DER_DEPTH];
	struct header h;
	size_t depth = 0;

	if (whole.len == 0)
		return false;
	end[0] = whole.p + whole.len;
	for (;;) {
		if (!header_read(p, (size_t)(end[depth] - p), &h) || h.tag == 0 || h.indefinite ||
		    !h.minimal || !form_is_der(h.tag))
			return false;
		p += h.head;
		/* The outermost element must fill the span. */
		if (depth == 0 && p + h.len != end[0])
			return false;
		if ((h.tag & CONSTRUCTED) != 0 && h.len > 0) {
			if (depth + 1 == CAP_DER_DEPTH)
				return false;
			end[++depth] = p + h.len;
			continue;
		}
		p += h.len;
		while (p == end[depth]) {
			if (depth == 0)
				return true;
			depth--;
		}
	}
}

bool
der_equal(struct der a, struct der b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.p, b.p, a.len) == 0);
}

/* The next arc of OID contents; false at a truncated, padded or over-long one. */
static bool
arc_next(struct der *in, uint64_t *out)
{
	uint64_t v = 0;
	uint8_t c;

	if (in->len == 0 || in->p[0] == 0x80)
		return false;
	do {
		if (in->len == 0 || v > UINT64_MAX >> 7)
			return false;
		c = *in->p++;
		in->len--;
		v = v << 7 | (c & 0x7f);
	} while ((c & 0x80) != 0);
	*out = v;
	return true;
}

/* The next decimal arc of our own constants. */
static uint64_t
decimal_next(const char **s)
{
	uint64_t v = 0;

	for (; **s >= '0' && **s <= '9'; (*s)++)
		v = v * 10 + (uint64_t)(**s - '0');
	if (**s == '.')
		(*s)++;
	return v;
}

bool
der_oid_is(struct der oid_body, const char *dotted)
{
	uint64_t want, got;

	want = decimal_next(&dotted) * 40;
	want += decimal_next(&dotted);
	for (;;) {
		if (!arc_next(&oid_body, &got) || got != want)
			return false;
		if (*dotted == '\0')
			return oid_body.len == 0;
		want = decimal_next(&dotted);
	}
}

bool
der_oid_text(struct der oid_body, char *out, size_t max)
{
	uint64_t v, top;
	size_t used = 0;
	bool first = true;
	int n;

	if (max == 0)
		return false;
	out[0] = '\0';
	if (oid_body.len == 0)
		return false;
	while (oid_body.len > 0) {
		if (!arc_next(&oid_body, &v))
			goto bad;
		if (first) {
			top = v < 80 ? v / 40 : 2;
			n = snprintf(out, max, "%llu.%llu", (unsigned long long)top,
			    (unsigned long long)(v - top * 40));
		} else
			n = snprintf(out + used, max - used, ".%llu", (unsigned long long)v);
		first = false;
		if (n < 0 || (size_t)n >= max - used)
			goto bad;
		used += (size_t)n;
	}
	return true;
bad:
	out[0] = '\0';
	return false;
}

bool
der_uint(struct der int_body, uint64_t *out)
{
	uint64_t v = 0;
	size_t i;

	*out = 0;
	if (int_body.len == 0 || (int_body.p[0] & 0x80) != 0)
		return false;
	for (i = 0; i < int_body.len; i++) {
		if (v > UINT64_MAX >> 8)
			return false;
		v = v << 8 | int_body.p[i];
	}
	*out = v;
	return true;
}
