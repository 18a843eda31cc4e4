/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Splits OCSP responses (RFC 6960, 4.2.1) by hand: OpenSSL would decode the
 * key of every certificate inside.
 */
#include <string.h>

#include "caps.h"
#include "ocsp.h"
#include "part.h"
#include "when.h"

static bool
get_time(struct der *in, int64_t *out)
{
	struct der_tlv t;

	return der_expect(in, DER_GENERALIZED_TIME, &t) &&
	       when_parse_asn1(24, t.body.p, t.body.len, out);
}

/* CertHash ::= SEQUENCE { AlgorithmIdentifier, OCTET STRING } */
static bool
parse_cert_hash(struct ocsp_single *s, struct der value)
{
	struct der seq, alg;

	s->has_cert_hash = true;
	if (!part_body(&value, DER_SEQUENCE, &seq) || !part_whole(&seq, DER_SEQUENCE, &alg) ||
	    !part_body(&seq, DER_OCTET_STRING, &s->cert_hash) || seq.len != 0 || value.len != 0)
		return false;
	s->cert_hash_alg = hash_parse(alg);
	return true;
}

static bool
parse_single_extensions(struct ocsp_single *s, struct der list)
{
	struct extension e;

	if (!part_sole(list, DER_SEQUENCE, &list))
		return false;
	while (list.len != 0) {
		if (!part_extension(&list, &e))
			return false;
		if (der_oid_is(e.oid, "1.3.36.8.3.13")) {
			if (s->has_cert_hash || !parse_cert_hash(s, e.value))
				return false;
		} else if (der_oid_is(e.oid, "1.3.6.1.5.5.7.48.1.6")) {
			/* One that is no time (real ones were seen) archives nothing. */
			if (!get_time(&e.value, &s->archive_cutoff) || e.value.len != 0) {
				s->archive_cutoff = WHEN_NONE;
				s->unknown_critical |= e.critical;
			}
		} else
			s->unknown_critical |= e.critical;
	}
	return true;
}

/* RevokedInfo ::= SEQUENCE { revocationTime, [0] EXPLICIT CRLReason OPTIONAL } */
static bool
parse_revoked(struct ocsp_single *s, struct der info)
{
	struct der box, reason;

	s->status = OCSP_REVOKED;
	if (!get_time(&info, &s->revoked_at))
		return false;
	if (info.len == 0)
		return true;
	if (!part_body(&info, DER_CONTEXT(0), &box) || !part_body(&box, 0x0a, &reason) ||
	    reason.len != 1 || box.len != 0 || info.len != 0)
		return false;
	s->reason = reason.p[0];
	return true;
}

static bool
parse_status(struct ocsp_single *s, struct der *in)
{
	struct der_tlv t;

	if (!der_next(in, &t))
		return false;
	switch (t.tag) {
	case DER_CONTEXT_P(0):
		s->status = OCSP_GOOD;
		return t.body.len == 0;
	case DER_CONTEXT(1):
		return parse_revoked(s, t.body);
	case DER_CONTEXT_P(2):
		s->status = OCSP_UNKNOWN;
		return true;
	default:
		return false;
	}
}

static bool
parse_single(struct ocsp_single *s, struct der in)
{
	struct der id, alg, box;

	memset(s, 0, sizeof(*s));
	s->revoked_at = s->next_update = s->archive_cutoff = WHEN_NONE;
	s->reason = -1;
	if (!part_body(&in, DER_SEQUENCE, &id) || !part_whole(&id, DER_SEQUENCE, &alg) ||
	    !part_body(&id, DER_OCTET_STRING, &s->name_hash) ||
	    !part_body(&id, DER_OCTET_STRING, &s->key_hash) ||
	    !part_body(&id, DER_INTEGER, &s->serial) || id.len != 0)
		return false;
	s->hash = hash_parse(alg);
	if (!parse_status(s, &in) || !get_time(&in, &s->this_update))
		return false;
	if (der_peek(in) == DER_CONTEXT(0) && (!part_body(&in, DER_CONTEXT(0), &box) ||
						  !get_time(&box, &s->next_update) || box.len != 0))
		return false;
	if (der_peek(in) == DER_CONTEXT(1) &&
	    (!part_body(&in, DER_CONTEXT(1), &box) || !parse_single_extensions(s, box)))
		return false;
	return in.len == 0;
}

/* The response's own extensions: a nonce says nothing here, others must not be critical. */
static bool
parse_extensions(struct ocsp *o, struct der list)
{
	struct extension e;

	if (!part_sole(list, DER_SEQUENCE, &list))
		return false;
	while (list.len != 0) {
		if (!part_extension(&list, &e))
			return false;
		if (!der_oid_is(e.oid, "1.3.6.1.5.5.7.48.1.2"))
			o->unknown_critical |= e.critical;
	}
	return true;
}

static enum rc
parse_data(struct ocsp *o, struct arena *a, struct der in)
{
	struct der box, list, item;
	size_t cap = 0;

	if (der_peek(in) == DER_CONTEXT(0) && !part_body(&in, DER_CONTEXT(0), &box))
		return RC_FORMAT; /* version */
	if (der_peek(in) == DER_CONTEXT(1)) {
		if (!part_body(&in, DER_CONTEXT(1), &box) ||
		    !part_whole(&box, DER_SEQUENCE, &o->by_name) || box.len != 0)
			return RC_FORMAT;
	} else if (!part_body(&in, DER_CONTEXT(2), &box) ||
		   !part_body(&box, DER_OCTET_STRING, &o->by_key) || box.len != 0)
		return RC_FORMAT;
	if (!get_time(&in, &o->produced_at) || !part_body(&in, DER_SEQUENCE, &list))
		return RC_FORMAT;
	while (list.len != 0) {
		if (o->nsingles == CAP_OCSP_SINGLES)
			return RC_TOOBIG;
		if (arena_grow(a, &o->singles, o->nsingles, &cap, sizeof(*o->singles)) != RC_OK)
			return RC_NOMEM;
		if (!part_body(&list, DER_SEQUENCE, &item) ||
		    !parse_single(&o->singles[o->nsingles], item))
			return RC_FORMAT;
		o->nsingles++;
	}
	if (der_peek(in) == DER_CONTEXT(1) &&
	    (!part_body(&in, DER_CONTEXT(1), &box) || !parse_extensions(o, box)))
		return RC_FORMAT;
	return in.len == 0 ? RC_OK : RC_FORMAT;
}

static enum rc
parse_certs(struct ocsp *o, struct arena *a, struct der in)
{
	struct der list, whole;
	size_t cap = 0;

	if (!part_body(&in, DER_SEQUENCE, &list) || in.len != 0)
		return RC_FORMAT;
	while (list.len != 0) {
		if (o->ncerts == CAP_CMS_CERTS)
			return RC_TOOBIG;
		if (arena_grow(a, &o->certs, o->ncerts, &cap, sizeof(*o->certs)) != RC_OK)
			return RC_NOMEM;
		if (!part_whole(&list, DER_SEQUENCE, &whole))
			return RC_FORMAT;
		o->certs[o->ncerts++] = whole;
	}
	return RC_OK;
}

static enum rc
parse_basic(struct ocsp *o, struct arena *a, struct der in)
{
	struct der_tlv data;
	struct der box;
	enum rc rc;

	if (!der_expect(&in, DER_SEQUENCE, &data) || !part_whole(&in, DER_SEQUENCE, &o->sig_alg) ||
	    !part_octets(&in, &o->sig))
		return RC_FORMAT;
	o->tbs = data.whole;
	if ((rc = parse_data(o, a, data.body)) != RC_OK)
		return rc;
	if (in.len == 0)
		return RC_OK;
	if (!part_body(&in, DER_CONTEXT(0), &box) || in.len != 0)
		return RC_FORMAT;
	return parse_certs(o, a, box);
}

/* OCSPResponse: the BasicOCSPResponse inside, if it is a successful one. */
static bool
unwrap(struct der *in)
{
	struct der status, box, seq, oid, octets;

	if (!part_body(in, 0x0a, &status) || status.len != 1 || status.p[0] != 0 ||
	    !part_body(in, DER_CONTEXT(0), &box) || in->len != 0 ||
	    !part_body(&box, DER_SEQUENCE, &seq) || box.len != 0 ||
	    !part_body(&seq, DER_OID, &oid) || !der_oid_is(oid, "1.3.6.1.5.5.7.48.1.1") ||
	    !part_body(&seq, DER_OCTET_STRING, &octets) || seq.len != 0)
		return false;
	return part_body(&octets, DER_SEQUENCE, in) && octets.len == 0;
}

enum rc
ocsp_parse(struct ocsp *out, struct arena *a, struct der der)
{
	struct ocsp o;
	struct der in;
	enum rc rc;

	memset(out, 0, sizeof(*out));
	memset(&o, 0, sizeof(o));
	if (der.len > CAP_OCSP)
		return RC_TOOBIG;
	if (!der_strict(der) || !part_body(&der, DER_SEQUENCE, &in) || der.len != 0)
		return RC_FORMAT;
	if (der_peek(in) == 0x0a && !unwrap(&in))
		return RC_FORMAT;
	if ((rc = parse_basic(&o, a, in)) == RC_OK)
		*out = o;
	return rc;
}
