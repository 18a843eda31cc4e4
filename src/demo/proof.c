/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Makes OCSP responses and CRLs. */
#include "when.h"

#include "proof.h"

static struct der
cert_id(struct maker *m, const struct proof_answer *spec)
{
	const char *digest = spec->id_digest != NULL ? spec->id_digest : "SHA1";
	struct der algo = ASN_SEQ(m, asn_body(asn_digest_algo(m, digest)), asn_null(m)), key;
	unsigned char *spki = NULL;
	int len;

	/* the issuer's key hash is over the bits alone: SHA-1 of them is the key ID */
	if (digest[3] == '1') {
		key = pki_key_id(m, spec->issuer->key);
	} else {
		len = i2d_PublicKey(spec->issuer->key, &spki);
		key = len > 0 ? maker_digest(m, digest, (struct der){spki, (size_t)len}) : ASN_NONE;
		OPENSSL_free(spki);
	}
	return ASN_SEQ(m, algo, asn_octets(m, maker_digest(m, digest, spec->issuer->subject)),
	    asn_octets(m, key), spec->subject->serial);
}

static struct der
single(struct maker *m, const struct proof_answer *spec)
{
	struct der status, next = ASN_NONE, reason = ASN_NONE;

	switch (spec->status) {
	case PROOF_GOOD:
		status = ASN(m, DER_CONTEXT_P(0), ASN_NONE);
		break;
	case PROOF_REVOKED:
		if (spec->reason >= 0)
			reason = ASN(m, DER_CONTEXT(0), asn_enum(m, (uint8_t)spec->reason));
		status = ASN(m, DER_CONTEXT(1), asn_generalized(m, spec->revoked_at), reason);
		break;
	case PROOF_UNKNOWN:
	default:
		status = ASN(m, DER_CONTEXT_P(2), ASN_NONE);
		break;
	}
	if (spec->next_update != WHEN_NONE)
		next = ASN(m, DER_CONTEXT(0), asn_generalized(m, spec->next_update));
	return ASN_SEQ(m, cert_id(m, spec), status, asn_generalized(m, spec->this_update), next);
}

struct der
proof_ocsp(struct maker *m, const struct proof_answer *spec)
{
	const struct pki_cert *by = spec->responder;
	struct der id, data, certs = ASN_NONE, basic;

	if (spec->by_name)
		id = ASN(m, DER_CONTEXT(1), by->subject);
	else
		id = ASN(m, DER_CONTEXT(2), asn_octets(m, pki_key_id(m, by->key)));
	data = ASN_SEQ(m, id, asn_generalized(m, spec->produced), ASN_SEQ(m, single(m, spec)));
	if (by != spec->issuer)
		certs = ASN(m, DER_CONTEXT(0), ASN_SEQ(m, by->der));
	basic = ASN_SEQ(m, data, pki_algorithm(m, by->key, PKI_DEFAULT, "SHA256"),
	    asn_bits(m, pki_sign(m, by->key, PKI_DEFAULT, "SHA256", data)), certs);
	return ASN_SEQ(m, asn_enum(m, 0),
	    ASN(m, DER_CONTEXT(0),
		ASN_SEQ(m, asn_oid(m, "1.3.6.1.5.5.7.48.1.1"), asn_octets(m, basic))));
}

struct der
proof_crl(struct maker *m, const struct proof_list *spec)
{
	struct der algo = pki_algorithm(m, spec->issuer->key, PKI_DEFAULT, "SHA256");
	struct der revoked = ASN_NONE, next = ASN_NONE, reason = ASN_NONE, aki, number, tbs;

	if (spec->reason != 0)
		reason = ASN_SEQ(m,
		    ASN_SEQ(m, asn_oid(m, "2.5.29.21"), asn_octets(m, asn_enum(m, spec->reason))));
	if (spec->revoked != NULL)
		revoked = ASN_SEQ(
		    m, ASN_SEQ(m, spec->revoked->serial, asn_time(m, spec->revoked_at), reason));
	if (spec->next_update != WHEN_NONE)
		next = asn_time(m, spec->next_update);
	aki = ASN_SEQ(m, ASN(m, DER_CONTEXT_P(0), pki_key_id(m, spec->issuer->key)));
	number = asn_int(m, spec->number);
	tbs = ASN_SEQ(m, asn_int(m, 1), algo, spec->issuer->subject, asn_time(m, spec->this_update),
	    next, revoked,
	    ASN(m, DER_CONTEXT(0),
		ASN_SEQ(m, ASN_SEQ(m, asn_oid(m, "2.5.29.35"), asn_octets(m, aki)),
		    ASN_SEQ(m, asn_oid(m, "2.5.29.20"), asn_octets(m, number)))));
	return ASN_SEQ(
	    m, tbs, algo, asn_bits(m, pki_sign(m, spec->issuer->key, PKI_DEFAULT, "SHA256", tbs)));
}
