/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Certificates as text, read and written; what they say is others' business. */
#define _GNU_SOURCE /* memmem() */
#include <string.h>

#include <openssl/evp.h>

#include "caps.h"
#include "trust_pem.h"

#define PEM_BEGIN "-----BEGIN CERTIFICATE-----"
#define PEM_END   "-----END CERTIFICATE-----"
#define PEM_LINE  48 /* octets of DER in one line */

enum rc
trust_pem_next(struct arena *a, const uint8_t *p, size_t len, size_t *at, struct der *out)
{
	const uint8_t *begin, *end;
	EVP_ENCODE_CTX *ctx = NULL;
	int n = 0, tail = 0;
	enum rc rc = RC_FORMAT;
	uint8_t *der;

	begin = memmem(p + *at, len - *at, PEM_BEGIN, strlen(PEM_BEGIN));
	if (begin == NULL)
		return RC_ABSENT;
	begin += strlen(PEM_BEGIN);
	*at = (size_t)(begin - p);
	end = memmem(begin, len - *at, PEM_END, strlen(PEM_END));
	if (end == NULL || end - begin > 2 * CAP_CERT)
		return RC_FORMAT;
	*at = (size_t)(end - p);
	if ((der = arena_alloc(a, (size_t)(end - begin) + 64)) == NULL ||
	    (ctx = EVP_ENCODE_CTX_new()) == NULL)
		return RC_NOMEM;
	EVP_DecodeInit(ctx);
	if (EVP_DecodeUpdate(ctx, der, &n, begin, (int)(end - begin)) >= 0 &&
	    EVP_DecodeFinal(ctx, der + n, &tail) == 1) {
		out->p = der;
		out->len = (size_t)n + (size_t)tail;
		rc = RC_OK;
	}
	EVP_ENCODE_CTX_free(ctx);
	return rc;
}

void
trust_pem_put(struct buf *b, struct der der)
{
	uint8_t line[PEM_LINE / 3 * 4 + 1];
	size_t at, n;

	buf_str(b, PEM_BEGIN "\n");
	for (at = 0; at < der.len; at += n) {
		n = der.len - at < PEM_LINE ? der.len - at : PEM_LINE;
		buf_put(b, line, (size_t)EVP_EncodeBlock(line, der.p + at, (int)n));
		buf_u8(b, '\n');
	}
	buf_str(b, PEM_END "\n");
}
