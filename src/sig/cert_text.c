/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Names, serial numbers and addresses of certificates as texts for people.
 * Whatever kind of string the certificate holds becomes UTF-8 in which no
 * control character, direction override or broken sequence is left.
 */
#include <string.h>

#include <openssl/objects.h>

#include "buf.h"
#include "caps.h"
#include "cert.h"

#define REPLACEMENT 0xfffdu
#define AVAS_MAX    64 /* attributes of one name that are printed */
#define URLS_MAX    8  /* addresses of one kind */
#define URL_MAX     1024

/* Not shown as they are: controls, overrides of direction, separators, surrogates. */
static bool
printable(uint32_t c)
{
	return !(c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0xad || c == 0x61c ||
		 (c >= 0x200b && c <= 0x200f) || (c >= 0x2028 && c <= 0x202e) ||
		 (c >= 0x2060 && c <= 0x206f) || (c >= 0xd800 && c <= 0xdfff) ||
		 (c >= 0xfff0 && c <= 0xfffb) || (c & 0xfffe) == 0xfffe || c == 0xfeff ||
		 (c >= 0xe0000 && c <= 0xe0fff) || c > 0x10ffff);
}

static void
put_utf8(struct buf *b, uint32_t c)
{
	if (!printable(c))
		c = REPLACEMENT;
	if (c < 0x80) {
		buf_u8(b, (uint8_t)c);
		return;
	}
	if (c < 0x800)
		buf_u8(b, (uint8_t)(0xc0 | c >> 6));
	else {
		if (c < 0x10000)
			buf_u8(b, (uint8_t)(0xe0 | c >> 12));
		else {
			buf_u8(b, (uint8_t)(0xf0 | c >> 18));
			buf_u8(b, (uint8_t)(0x80 | (c >> 12 & 0x3f)));
		}
		buf_u8(b, (uint8_t)(0x80 | (c >> 6 & 0x3f)));
	}
	buf_u8(b, (uint8_t)(0x80 | (c & 0x3f)));
}

/* The next character of UTF-8; a broken octet counts as one and gives REPLACEMENT. */
static uint32_t
take_utf8(struct der *s)
{
	static const uint32_t least[] = {0, 0x80, 0x800, 0x10000};
	uint32_t c = *s->p;
	size_t more, i;

	more = c < 0x80                ? 0
	       : c >= 0xc2 && c < 0xe0 ? 1
	       : c >= 0xe0 && c < 0xf0 ? 2
	       : c >= 0xf0 && c < 0xf5 ? 3
				       : SIZE_MAX;
	s->p++;
	s->len--;
	if (more == SIZE_MAX || more > s->len)
		return REPLACEMENT;
	if (more > 0)
		c &= 0x3fu >> more;
	for (i = 0; i < more; i++) {
		if ((s->p[i] & 0xc0) != 0x80)
			return REPLACEMENT;
		c = c << 6 | (s->p[i] & 0x3f);
	}
	if (c < least[more])
		return REPLACEMENT;
	s->p += more;
	s->len -= more;
	return c;
}

/* The next character of a string with that tag; false at its end. */
static bool
take_char(uint8_t tag, struct der *s, uint32_t *c)
{
	size_t width = tag == 0x1e ? 2 : tag == 0x1c ? 4 : 1, i;

	if (s->len < width) {
		*c = REPLACEMENT;
		i = s->len;
		s->len = 0;
		return i != 0;
	}
	if (tag == 0x0c) {
		*c = take_utf8(s);
		return true;
	}
	for (*c = 0, i = 0; i < width; i++)
		*c = *c << 8 | s->p[i];
	s->p += width;
	s->len -= width;
	/* A pair of surrogates in a BMPString, where UTF-16 was meant. */
	if (width == 2 && *c >= 0xd800 && *c < 0xdc00 && s->len >= 2 && (s->p[0] & 0xfc) == 0xdc) {
		*c = 0x10000 + ((*c & 0x3ff) << 10 | (uint32_t)(s->p[0] & 3) << 8 | s->p[1]);
		s->p += 2;
		s->len -= 2;
	}
	return true;
}

static bool
is_text(uint8_t tag)
{
	switch (tag) {
	case 0x0c: /* UTF8String */
	case 0x12: /* NumericString */
	case 0x13: /* PrintableString */
	case 0x14: /* TeletexString, read as Latin-1 */
	case 0x16: /* IA5String */
	case 0x1a: /* VisibleString */
	case 0x1c: /* UniversalString */
	case 0x1e: /* BMPString */
		return true;
	default:
		return false;
	}
}

/* The text as it is, or escaped as RFC 2253, 2.4 wants it. */
static void
put_text(struct buf *b, uint8_t tag, struct der s, bool escape)
{
	bool first = true;
	uint32_t c;

	while (take_char(tag, &s, &c)) {
		if (escape && c < 0x80 &&
		    (strchr(",+\"\\<>;", (int)c) != NULL || (first && (c == ' ' || c == '#')) ||
			(s.len == 0 && c == ' ')) &&
		    c != 0)
			buf_u8(b, '\\');
		put_utf8(b, c);
		first = false;
	}
}

/* The buffer's text in the arena, cut between characters; clears the buffer. */
static char *
finish(struct buf *b, struct arena *a)
{
	char *s = NULL;
	size_t n = b->len;

	if (buf_rc(b) == RC_TOOBIG)
		while (n > 0 && (b->p[n - 1] & 0xc0) == 0x80)
			n--;
	if (buf_rc(b) == RC_TOOBIG && n > 0 && b->p[n - 1] >= 0xc0)
		n--;
	if (buf_rc(b) == RC_NOMEM)
		arena_refuse(a);
	else
		s = arena_str(a, (const char *)b->p, n);
	buf_clear(b);
	return s;
}

struct ava {
	struct der oid, value; /* OID octets; contents */
	struct der whole;      /* the value with its header */
	uint8_t tag;
	size_t rdn;
};

/* The attributes of a Name in order; as many as are well formed, at most AVAS_MAX. */
static size_t
split_name(struct der name, struct ava v[AVAS_MAX])
{
	struct der_tlv seq, set, ava, oid, value;
	size_t n = 0, rdn;

	if (!der_expect(&name, DER_SEQUENCE, &seq))
		return 0;
	for (rdn = 0; der_expect(&seq.body, DER_SET, &set); rdn++) {
		while (n < AVAS_MAX && der_expect(&set.body, DER_SEQUENCE, &ava)) {
			if (!der_expect(&ava.body, DER_OID, &oid) || !der_next(&ava.body, &value))
				return n;
			v[n].oid = oid.body;
			v[n].value = value.body;
			v[n].whole = value.whole;
			v[n].tag = value.tag;
			v[n++].rdn = rdn;
		}
	}
	return n;
}

char *
cert_subject_attr(const struct cert *c, int nid, struct arena *a)
{
	struct ava v[AVAS_MAX];
	size_t n = split_name(c->subject, v), i;
	ASN1_OBJECT *obj = OBJ_nid2obj(nid);
	struct der oid;
	struct buf b;

	if (obj == NULL || (oid.p = OBJ_get0_data(obj)) == NULL)
		return NULL;
	oid.len = OBJ_length(obj);
	/* The last one is the most specific. */
	for (i = n; i-- > 0;)
		if (der_equal(v[i].oid, oid) && is_text(v[i].tag))
			break;
	if (i == SIZE_MAX)
		return NULL;
	buf_init(&b, CAP_TEXT - 1);
	put_text(&b, v[i].tag, v[i].value, false);
	return finish(&b, a);
}

/* "CN", or the dotted OID. */
static void
put_type(struct buf *b, struct der oid)
{
	static const struct {
		uint8_t arc; /* 2.5.4.x */
		const char *name;
	} x520[] = {{3, "CN"}, {4, "SN"}, {5, "serialNumber"}, {6, "C"}, {7, "L"}, {8, "ST"},
	    {9, "street"}, {10, "O"}, {11, "OU"}, {12, "title"}, {13, "description"},
	    {17, "postalCode"}, {42, "GN"}, {97, "organizationIdentifier"}};
	char dotted[128];
	size_t i;

	if (oid.len == 3 && oid.p[0] == 0x55 && oid.p[1] == 0x04)
		for (i = 0; i < sizeof(x520) / sizeof(x520[0]); i++)
			if (x520[i].arc == oid.p[2]) {
				buf_str(b, x520[i].name);
				return;
			}
	if (der_oid_is(oid, "1.2.840.113549.1.9.1"))
		buf_str(b, "emailAddress");
	else if (der_oid_is(oid, "0.9.2342.19200300.100.1.25"))
		buf_str(b, "DC");
	else if (der_oid_is(oid, "0.9.2342.19200300.100.1.1"))
		buf_str(b, "UID");
	else if (der_oid_text(oid, dotted, sizeof(dotted)))
		buf_str(b, dotted);
	else
		buf_str(b, "?");
}

char *
cert_name_text(struct der name, struct arena *a)
{
	struct ava v[AVAS_MAX];
	size_t n = split_name(name, v), i;
	struct buf b;

	buf_init(&b, CAP_TEXT - 1);
	for (i = n; i-- > 0;) {
		put_type(&b, v[i].oid);
		buf_str(&b, "=");
		if (is_text(v[i].tag))
			put_text(&b, v[i].tag, v[i].value, true);
		else {
			buf_str(&b, "#");
			buf_hex(&b, v[i].whole.p, v[i].whole.len);
		}
		if (i > 0)
			buf_str(&b, v[i - 1].rdn == v[i].rdn ? "+" : ",");
	}
	return finish(&b, a);
}

char *
cert_serial_text(const struct cert *c, struct arena *a)
{
	struct der s = c->serial;
	struct buf b;

	while (s.len > 1 && s.p[0] == 0) {
		s.p++;
		s.len--;
	}
	buf_init(&b, CAP_TEXT - 1);
	buf_hex(&b, s.p, s.len);
	return finish(&b, a);
}

static bool
is_visible(struct der s)
{
	size_t i;

	if (s.len > URL_MAX || s.len < 8)
		return false;
	for (i = 0; i < s.len; i++)
		if (s.p[i] < 0x21 || s.p[i] > 0x7e)
			return false;
	return true;
}

/* An absolute http or https URL. */
static bool
is_web(struct der s)
{
	size_t i;

	for (i = 0; i < 4; i++)
		if ((s.p[i] | 0x20) != "http"[i])
			return false;
	i = (s.p[4] | 0x20) == 's' ? 5 : 4;
	return memcmp(s.p + i, "://", 3) == 0 && s.len > i + 3;
}

struct urls {
	struct arena *arena;
	char *v[URLS_MAX];
	size_t n;
	bool others; /* instead of http and https */
};

/* GeneralName [6] uniformResourceIdentifier; other names are passed over. */
static enum rc
add_url(struct urls *u, const struct der_tlv *name)
{
	if (name->tag != DER_CONTEXT_P(6) || u->n == URLS_MAX || !is_visible(name->body) ||
	    is_web(name->body) == u->others)
		return RC_OK;
	u->v[u->n] = arena_str(u->arena, (const char *)name->body.p, name->body.len);
	return u->v[u->n++] == NULL ? RC_NOMEM : RC_OK;
}

static enum rc
aia_urls(struct urls *u, struct der aia, uint8_t method)
{
	/* 1.3.6.1.5.5.7.48 */
	static const uint8_t ad[] = {0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x30};
	struct der_tlv seq, desc, oid, name;
	enum rc rc = RC_OK;

	if (!der_expect(&aia, DER_SEQUENCE, &seq))
		return RC_OK;
	while (rc == RC_OK && der_expect(&seq.body, DER_SEQUENCE, &desc)) {
		if (!der_expect(&desc.body, DER_OID, &oid) || !der_next(&desc.body, &name))
			continue;
		if (oid.body.len == sizeof(ad) + 1 && memcmp(oid.body.p, ad, sizeof(ad)) == 0 &&
		    oid.body.p[sizeof(ad)] == method)
			rc = add_url(u, &name);
	}
	return rc;
}

static enum rc
crl_urls(struct urls *u, struct der crldp)
{
	struct der_tlv seq, dp, point, full, name;
	enum rc rc = RC_OK;

	if (!der_expect(&crldp, DER_SEQUENCE, &seq))
		return RC_OK;
	while (rc == RC_OK && der_expect(&seq.body, DER_SEQUENCE, &dp)) {
		if (!der_expect(&dp.body, DER_CONTEXT(0), &point) ||
		    !der_expect(&point.body, DER_CONTEXT(0), &full))
			continue;
		while (rc == RC_OK && der_next(&full.body, &name))
			rc = add_url(u, &name);
	}
	return rc;
}

static enum rc
find_urls(
    const struct cert *c, enum cert_url kind, bool others, struct arena *a, char ***out, size_t *n)
{
	struct urls u = {.arena = a, .others = others};
	enum rc rc = RC_OK;

	*out = NULL;
	*n = 0;
	switch (kind) {
	case CERT_URL_OCSP:
		rc = aia_urls(&u, c->aia, 1);
		break;
	case CERT_URL_CA:
		rc = aia_urls(&u, c->aia, 2);
		break;
	case CERT_URL_CRL:
		rc = crl_urls(&u, c->crldp);
		break;
	}
	if (rc == RC_OK && u.n > 0 && (*out = arena_dup(a, u.v, u.n * sizeof(u.v[0]))) == NULL)
		rc = RC_NOMEM;
	if (rc == RC_OK)
		*n = u.n;
	return rc;
}

enum rc
cert_urls(const struct cert *c, enum cert_url kind, struct arena *a, char ***out, size_t *n)
{
	return find_urls(c, kind, false, a, out, n);
}

enum rc
cert_other_urls(const struct cert *c, enum cert_url kind, struct arena *a, char ***out, size_t *n)
{
	return find_urls(c, kind, true, a, out, n);
}
