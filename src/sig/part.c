/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What certificates, CRLs and OCSP responses are all made of. */
#include "part.h"
#include "when.h"

#define BOOLEAN 0x01

bool
part_whole(struct der *in, uint8_t tag, struct der *out)
{
	struct der_tlv t;

	if (!der_expect(in, tag, &t))
		return false;
	*out = t.whole;
	return true;
}

bool
part_body(struct der *in, uint8_t tag, struct der *out)
{
	struct der_tlv t;

	if (!der_expect(in, tag, &t))
		return false;
	*out = t.body;
	return true;
}

bool
part_sole(struct der in, uint8_t tag, struct der *out)
{
	return part_body(&in, tag, out) && in.len == 0;
}

bool
part_time(struct der *in, int64_t *out)
{
	struct der_tlv t;

	if (!der_next(in, &t) || (t.tag != DER_UTC_TIME && t.tag != DER_GENERALIZED_TIME))
		return false;
	return when_parse_asn1(t.tag, t.body.p, t.body.len, out);
}

bool
part_octets(struct der *in, struct der *out)
{
	if (!part_body(in, DER_BIT_STRING, out) || out->len < 1 || out->p[0] != 0)
		return false;
	out->p++;
	out->len--;
	return true;
}

bool
part_extension(struct der *list, struct extension *out)
{
	struct der ext, critical;

	out->critical = false;
	if (!part_body(list, DER_SEQUENCE, &ext) || !part_body(&ext, DER_OID, &out->oid))
		return false;
	if (der_peek(ext) == BOOLEAN) {
		if (!part_body(&ext, BOOLEAN, &critical) || critical.len != 1)
			return false;
		out->critical = critical.p[0] != 0;
	}
	return part_sole(ext, DER_OCTET_STRING, &out->value);
}
