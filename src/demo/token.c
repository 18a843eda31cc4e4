/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Makes timestamp tokens: a TSTInfo inside a CMS message. */
#include "token.h"

/* RFC 5612: the enterprise number for documentation. */
#define TEST_POLICY "1.3.6.1.4.1.32473.1"

struct der
token_make(struct maker *m, const struct token *spec)
{
	const char *digest = spec->digest != NULL ? spec->digest : "SHA256";
	struct der imprint = ASN_SEQ(m, asn_digest_algo(m, digest), asn_octets(m, spec->imprint));
	struct der info =
	    ASN_SEQ(m, asn_int(m, 1), asn_oid(m, spec->policy != NULL ? spec->policy : TEST_POLICY),
		imprint, asn_int(m, spec->serial), asn_generalized(m, spec->gen_time),
		spec->accuracy > 0 ? ASN_SEQ(m, asn_int(m, spec->accuracy)) : ASN_NONE,
		spec->named != NULL
		    ? ASN(m, DER_CONTEXT(0), ASN(m, DER_CONTEXT(4), spec->named->subject))
		    : ASN_NONE);
	struct envelope e = {
	    .signer = spec->authority,
	    .certs = spec->certs,
	    .ncerts = spec->ncerts,
	    .signing_time = spec->gen_time,
	    .content_type = ENVELOPE_TST_INFO,
	    .econtent = info,
	    .md = maker_digest(m, "SHA256", info),
	    .ess = spec->ess,
	    .ess_cert = spec->ess_cert,
	};

	return envelope_make(m, &e);
}
