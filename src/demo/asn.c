/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Writes DER (X.690), and BER's indefinite length on demand.  It trusts its
 * callers: they are the maker's own files.
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "asn.h"

static size_t
header(uint8_t *out, uint8_t tag, size_t len)
{
	size_t n = 0, octets = 0, v;

	out[n++] = tag;
	if (len < 128) {
		out[n++] = (uint8_t)len;
		return n;
	}
	for (v = len; v > 0; v >>= 8)
		octets++;
	out[n++] = (uint8_t)(0x80 | octets);
	while (octets-- > 0)
		out[n++] = (uint8_t)(len >> (8 * octets));
	return n;
}

/* The parts one after the other, no element around them. */
static struct der
join(struct maker *m, const struct der *parts, size_t n)
{
	struct der d = ASN_NONE;
	uint8_t *p;
	size_t i;

	for (i = 0; i < n; i++)
		d.len += parts[i].len;
	p = arena_alloc(m->arena, d.len);
	if (p == NULL) {
		maker_fail(m, RC_NOMEM);
		return ASN_NONE;
	}
	d.p = p;
	for (i = 0; i < n; i++) {
		if (parts[i].len > 0)
			memcpy(p, parts[i].p, parts[i].len);
		p += parts[i].len;
	}
	return d;
}

struct der
asn_wrap(struct maker *m, uint8_t tag, const struct der *parts, size_t n)
{
	struct der body = join(m, parts, n);
	uint8_t head[12];
	struct der two[2] = {{head, header(head, tag, body.len)}, body};

	return join(m, two, 2);
}

static int
order(const void *a, const void *b)
{
	const struct der *x = a, *y = b;
	size_t len = x->len < y->len ? x->len : y->len;
	int d = memcmp(x->p, y->p, len);

	return d != 0 ? d : (x->len > y->len) - (x->len < y->len);
}

struct der
asn_set_of(struct maker *m, uint8_t tag, const struct der *parts, size_t n)
{
	struct der *sorted = arena_array(m->arena, n, sizeof(*sorted));
	size_t i, k = 0;

	if (sorted == NULL) {
		maker_fail(m, RC_NOMEM);
		return ASN_NONE;
	}
	for (i = 0; i < n; i++)
		if (parts[i].len > 0)
			sorted[k++] = parts[i];
	qsort(sorted, k, sizeof(*sorted), order);
	return asn_wrap(m, tag, sorted, k);
}

struct der
asn_indefinite(struct maker *m, uint8_t tag, const struct der *parts, size_t n)
{
	static const uint8_t end[2] = {0, 0};
	const uint8_t head[2] = {tag, 0x80};
	struct der three[3] = {{head, 2}, join(m, parts, n), {end, 2}};

	return join(m, three, 3);
}

struct der
asn_body(struct der d)
{
	size_t skip;

	if (d.len < 2)
		return ASN_NONE;
	skip = d.p[1] < 0x80 ? 2 : 2u + (d.p[1] & 0x7f);
	return (struct der){d.p + skip, d.len - skip};
}

struct der
asn_oid(struct maker *m, const char *dotted)
{
	uint8_t out[64], digits[10];
	size_t n = 0, k, arc = 0;
	unsigned long v, first = 0;
	char *end;

	for (; *dotted != '\0'; dotted = *end == '.' ? end + 1 : end) {
		v = strtoul(dotted, &end, 10);
		if (arc++ == 0) {
			first = v;
			continue;
		}
		if (arc == 2)
			v += 40 * first;
		k = 0;
		do
			digits[k++] = (uint8_t)(v & 0x7f);
		while ((v >>= 7) > 0);
		while (k-- > 0 && n < sizeof(out))
			out[n++] = (uint8_t)(digits[k] | (k > 0 ? 0x80 : 0));
	}
	return ASN(m, DER_OID, {out, n});
}

struct der
asn_int(struct maker *m, uint64_t v)
{
	uint8_t out[9];
	size_t i, skip = 0;

	out[0] = 0;
	for (i = 0; i < 8; i++)
		out[1 + i] = (uint8_t)(v >> (56 - 8 * i));
	while (skip < 8 && out[skip] == 0 && out[skip + 1] < 0x80)
		skip++;
	return ASN(m, DER_INTEGER, {out + skip, 9 - skip});
}

struct der
asn_enum(struct maker *m, uint8_t v)
{
	return ASN(m, 0x0a, {&v, 1});
}

struct der
asn_bool(struct maker *m, bool v)
{
	uint8_t octet = v ? 0xff : 0;

	return ASN(m, 0x01, {&octet, 1});
}

struct der
asn_null(struct maker *m)
{
	return ASN(m, 0x05, ASN_NONE);
}

struct der
asn_octets(struct maker *m, struct der v)
{
	return ASN(m, DER_OCTET_STRING, v);
}

struct der
asn_bits(struct maker *m, struct der v)
{
	static const uint8_t unused;

	return ASN(m, DER_BIT_STRING, {&unused, 1}, v);
}

struct der
asn_text(struct maker *m, uint8_t tag, const char *s)
{
	return ASN(m, tag, {(const uint8_t *)s, strlen(s)});
}

static bool
broken_down(struct maker *m, int64_t t, struct tm *tm)
{
	time_t seconds = (time_t)t;

	if (gmtime_r(&seconds, tm) != NULL)
		return true;
	maker_fail(m, RC_FORMAT);
	return false;
}

struct der
asn_generalized(struct maker *m, int64_t t)
{
	struct tm tm;
	char text[32];
	size_t len;

	if (!broken_down(m, t, &tm))
		return ASN_NONE;
	len = strftime(text, sizeof(text), "%Y%m%d%H%M%SZ", &tm);
	return ASN(m, DER_GENERALIZED_TIME, {(const uint8_t *)text, len});
}

struct der
asn_time(struct maker *m, int64_t t)
{
	const int64_t year_2050 = 2524608000;
	struct tm tm;
	char text[32];
	size_t len;

	if (t >= year_2050)
		return asn_generalized(m, t);
	if (!broken_down(m, t, &tm))
		return ASN_NONE;
	/* UTCTime has two digits for the year */
	len = strftime(text, sizeof(text), "%Y%m%d%H%M%SZ", &tm);
	return ASN(m, DER_UTC_TIME, {(const uint8_t *)text + 2, len - 2});
}

struct der
asn_digest_algo(struct maker *m, const char *digest)
{
	static const struct {
		const char *name, *oid;
	} known[] = {
	    {"SHA1", "1.3.14.3.2.26"},
	    {"SHA256", "2.16.840.1.101.3.4.2.1"},
	    {"SHA384", "2.16.840.1.101.3.4.2.2"},
	    {"SHA512", "2.16.840.1.101.3.4.2.3"},
	    {"SHA3-256", "2.16.840.1.101.3.4.2.8"},
	    {"SHA3-512", "2.16.840.1.101.3.4.2.10"},
	};
	size_t i;

	for (i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (strcmp(known[i].name, digest) == 0)
			return ASN_SEQ(m, asn_oid(m, known[i].oid));
	maker_fail(m, RC_ABSENT);
	return ASN_NONE;
}
