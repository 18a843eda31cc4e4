/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Makes CMS messages: RFC 5652, RFC 5035 (ESS), ETSI EN 319 122-1 (CAdES).
 * The signature covers the attributes as DER SET OF; the rest is put around.
 */
#include "envelope.h"
#include "token.h"

#define MAX_CERTS 16

static const char *
digest_of(const struct envelope *spec)
{
	return spec->digest != NULL ? spec->digest : "SHA256";
}

static struct der
attribute(struct maker *m, const char *oid, struct der value)
{
	if (value.len == 0)
		return ASN_NONE;
	return ASN_SEQ(m, asn_oid(m, oid), ASN_SET(m, value));
}

static struct der
ess(struct maker *m, const struct envelope *spec)
{
	const struct pki_cert *c = spec->ess_cert != NULL ? spec->ess_cert : spec->signer;
	const char *digest = spec->ess == ENVELOPE_ESS_V1 ? "SHA1" : digest_of(spec);
	struct der algo = ASN_NONE, hash, id;
	bool v1 = spec->ess == ENVELOPE_ESS_V1;

	if (spec->ess == ENVELOPE_ESS_NONE)
		return ASN_NONE;
	/* SHA-256 is version 2's default and left out in DER */
	if (!v1 && digest[4] != '5')
		algo = asn_digest_algo(m, digest);
	hash = asn_octets(m, maker_digest(m, digest, c->der));
	id = ASN_SEQ(m, ASN_SEQ(m, ASN(m, DER_CONTEXT(4), c->issuer)), c->serial);
	return attribute(m, v1 ? "1.2.840.113549.1.9.16.2.12" : "1.2.840.113549.1.9.16.2.47",
	    ASN_SEQ(m, ASN_SEQ(m, ASN_SEQ(m, algo, hash, id))));
}

static struct der
revocation_archive(struct maker *m, const struct envelope *spec)
{
	struct der crl = ASN_NONE, ocsp = ASN_NONE;

	if (spec->crl.len == 0 && spec->ocsp.len == 0)
		return ASN_NONE;
	if (spec->crl.len > 0)
		crl = ASN(m, DER_CONTEXT(0), ASN_SEQ(m, spec->crl));
	if (spec->ocsp.len > 0)
		ocsp = ASN(m, DER_CONTEXT(1), ASN_SEQ(m, spec->ocsp));
	return attribute(m, "1.2.840.113583.1.1.8", ASN_SEQ(m, crl, ocsp));
}

static struct der
stamp_over(struct maker *m, const struct token *stamp, struct der data)
{
	struct token t;

	if (stamp == NULL)
		return ASN_NONE;
	t = *stamp;
	if (t.digest == NULL)
		t.digest = "SHA256";
	if (t.imprint.len == 0)
		t.imprint = maker_digest(m, t.digest, data);
	return token_make(m, &t);
}

static struct der
signed_attributes(struct maker *m, const struct envelope *spec)
{
	const char *type = spec->content_type != NULL ? spec->content_type : ENVELOPE_DATA;
	struct der all[7], time = ASN_NONE, content = ASN_NONE;

	if (spec->content_type_attr != NULL)
		type = spec->content_type_attr;
	if (spec->signing_time != 0)
		time = attribute(m, "1.2.840.113549.1.9.5", asn_time(m, spec->signing_time));
	if (spec->content_stamp != NULL) {
		struct token t = *spec->content_stamp;

		t.digest = digest_of(spec);
		t.imprint = spec->md;
		content = attribute(m, "1.2.840.113549.1.9.16.2.20", token_make(m, &t));
	}
	all[0] = spec->no_type ? ASN_NONE : attribute(m, "1.2.840.113549.1.9.3", asn_oid(m, type));
	all[1] = spec->no_md ? ASN_NONE
			     : attribute(m, "1.2.840.113549.1.9.4",
				   asn_octets(m, spec->md_attr.len > 0 ? spec->md_attr : spec->md));
	all[2] = time;
	all[3] = ess(m, spec);
	all[4] = content;
	all[5] = revocation_archive(m, spec);
	all[6] = spec->more_signed;
	/* the longest one first is surely not DER's order */
	if (spec->unsorted) {
		struct der first = all[0];

		all[0] = all[3];
		all[3] = first;
		return asn_wrap(m, DER_SET, all, 7);
	}
	return asn_set_of(m, DER_SET, all, 7);
}

static struct der
signer_info(struct maker *m, const struct envelope *spec)
{
	struct der attrs = ASN_NONE, algo, value, stamp, unsigned_attrs = ASN_NONE;

	if (spec->no_attributes) {
		value = pki_sign_digest(m, spec->signer->key, digest_of(spec), spec->md);
	} else {
		attrs = signed_attributes(m, spec);
		value = pki_sign(m, spec->signer->key, spec->scheme, digest_of(spec), attrs);
		attrs = ASN(m, DER_CONTEXT(0), asn_body(attrs));
	}
	algo = spec->algorithm;
	if (algo.len == 0)
		algo = pki_algorithm(m, spec->signer->key, spec->scheme, digest_of(spec));
	stamp = spec->raw_stamp;
	if (stamp.len == 0)
		stamp = stamp_over(m, spec->stamp, value);
	if (stamp.len > 0 || spec->more_unsigned.len > 0)
		unsigned_attrs = ASN(m, DER_CONTEXT(1),
		    attribute(m, "1.2.840.113549.1.9.16.2.14", stamp), spec->more_unsigned);
	return ASN_SEQ(m, asn_int(m, 1), ASN_SEQ(m, spec->signer->issuer, spec->signer->serial),
	    asn_digest_algo(m, digest_of(spec)), attrs, algo, asn_octets(m, value), unsigned_attrs);
}

struct der
envelope_make(struct maker *m, const struct envelope *spec)
{
	const char *type = spec->content_type != NULL ? spec->content_type : ENVELOPE_DATA;
	struct der certs[MAX_CERTS], infos[2] = {ASN_NONE, ASN_NONE}, parts[5], outer[2], content;
	size_t i;

	for (i = 0; i < spec->ncerts && i < MAX_CERTS; i++)
		certs[i] = spec->certs[i]->der;
	infos[0] = signer_info(m, spec);
	if (spec->second != NULL)
		infos[1] = signer_info(m, spec->second);
	content = ASN_NONE;
	if (spec->econtent.len > 0)
		content = ASN(m, DER_CONTEXT(0), asn_octets(m, spec->econtent));
	/* version 3 when the content is not data (RFC 5652, 5.1) */
	parts[0] = asn_int(m, spec->content_type != NULL ? 3 : 1);
	parts[1] =
	    ASN_SET(m, asn_digest_algo(m, spec->digest_algorithms != NULL ? spec->digest_algorithms
									  : digest_of(spec)));
	parts[2] = ASN_SEQ(m, asn_oid(m, type), content);
	parts[3] = i == 0 ? ASN_NONE : asn_wrap(m, DER_CONTEXT(0), certs, i);
	parts[4] = asn_set_of(m, DER_SET, infos, 2);
	outer[0] = asn_oid(m, "1.2.840.113549.1.7.2");
	if (spec->indefinite) {
		outer[1] = asn_indefinite(m, DER_SEQUENCE, parts, 5);
		outer[1] = asn_indefinite(m, DER_CONTEXT(0), &outer[1], 1);
		return asn_indefinite(m, DER_SEQUENCE, outer, 2);
	}
	outer[1] = ASN(m, DER_CONTEXT(0), asn_wrap(m, DER_SEQUENCE, parts, 5));
	return asn_wrap(m, DER_SEQUENCE, outer, 2);
}
