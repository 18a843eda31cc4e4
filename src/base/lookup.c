/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Questions for evidence, as octets between processes.  What the certificates in them say, others
 * read.
 */
#include <string.h>

#include "lookup.h"
#include "rd.h"

const char *
lookup_outcome_name(enum lookup_outcome o)
{
	static const char *const names[LOOKUP__MAX] = {
	    [LOOKUP_ANSWERED] = "answered",
	    [LOOKUP_NO_URL] = "no_url",
	    [LOOKUP_SCHEME] = "scheme_not_supported",
	    [LOOKUP_NOT_LISTED] = "host_not_listed",
	    [LOOKUP_FORBIDDEN] = "address_forbidden",
	    [LOOKUP_NO_PATH] = "no_trusted_path",
	    [LOOKUP_UNREACHABLE] = "unreachable",
	    [LOOKUP_SLOW] = "too_slow",
	    [LOOKUP_REFUSED] = "refused",
	    [LOOKUP_UNKNOWN] = "unknown_certificate",
	    [LOOKUP_NONSENSE] = "malformed",
	    [LOOKUP_UNAUTHENTIC] = "not_authentic",
	    [LOOKUP_STALE] = "out_of_date",
	    [LOOKUP_TOO_LARGE] = "too_large",
	    [LOOKUP_LIMIT] = "limit",
	    [LOOKUP_NOBODY] = "not_available",
	};

	return (unsigned)o < LOOKUP__MAX ? names[o] : NULL;
}

enum rc
lookup_put_question(struct buf *b, const struct lookup_question *q)
{
	size_t i, len = 8;

	if (q->ncerts == 0 || q->ncerts > CAP_CHAIN)
		return RC_TOOBIG;
	for (i = 0; i < q->ncerts; i++) {
		if (q->certs[i].len > CAP_LOOKUP || CAP_LOOKUP - len < 4 + q->certs[i].len)
			return RC_TOOBIG;
		len += 4 + q->certs[i].len;
	}
	buf_u32(b, (uint32_t)q->kind);
	buf_u32(b, (uint32_t)q->ncerts);
	for (i = 0; i < q->ncerts; i++) {
		buf_u32(b, (uint32_t)q->certs[i].len);
		buf_put(b, q->certs[i].p, q->certs[i].len);
	}
	return RC_OK;
}

enum rc
lookup_get_question(struct lookup_question *q, const void *p, size_t len)
{
	struct rd r;
	uint32_t v;
	size_t i;

	memset(q, 0, sizeof(*q));
	if (len > CAP_LOOKUP)
		return RC_FORMAT;
	rd_init(&r, p, len);
	v = rd_u32(&r);
	if (v != LOOKUP_STATUS && v != LOOKUP_ISSUER)
		return RC_FORMAT;
	q->kind = (enum lookup_kind)v;
	v = rd_u32(&r);
	if (v == 0 || v > CAP_CHAIN)
		return RC_FORMAT;
	q->ncerts = v;
	for (i = 0; i < q->ncerts; i++) {
		q->certs[i].len = rd_u32(&r);
		if (q->certs[i].len == 0)
			return RC_FORMAT;
		q->certs[i].p = rd_bytes(&r, q->certs[i].len);
	}
	return rd_end(&r) ? RC_OK : RC_FORMAT;
}
