/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Writes OCSP requests.  All elements are shorter than 256 octets: a length takes one
 * octet, or two.
 */
#include <string.h>

#include "inquiry.h"

#define SERIAL_MAX 64 /* octets; RFC 5280, 4.1.2.2 allows 20 */

/* Makes what was written from at on the contents of an element. */
static void
wrap(struct buf *b, size_t at, uint8_t tag)
{
	size_t len = b->len - at, head = len < 128 ? 2 : 3;
	uint8_t room[3] = {0};

	buf_put(b, room, head);
	if (buf_rc(b) != RC_OK)
		return;
	if (len > 255) {
		b->rc = RC_TOOBIG;
		return;
	}
	memmove(b->p + at + head, b->p + at, len);
	b->p[at] = tag;
	b->p[at + 1] = head == 2 ? (uint8_t)len : 0x81;
	if (head == 3)
		b->p[at + 2] = (uint8_t)len;
}

static void
put(struct buf *b, uint8_t tag, const void *p, size_t len)
{
	size_t at = b->len;

	buf_put(b, p, len);
	wrap(b, at, tag);
}

static enum rc
put_hash(struct buf *b, struct der span)
{
	uint8_t md[HASH_SIZE_MAX];

	if (hash_span(HASH_SHA1, span, md) != 20)
		return RC_CRYPTO;
	put(b, DER_OCTET_STRING, md, 20);
	return RC_OK;
}

static enum rc
put_cert_id(struct buf *b, const struct cert *cert, const struct cert *issuer)
{
	/* AlgorithmIdentifier: 1.3.14.3.2.26 with NULL */
	static const uint8_t sha1[] = {
	    0x30, 0x09, 0x06, 0x05, 0x2b, 0x0e, 0x03, 0x02, 0x1a, 0x05, 0x00};
	size_t at = b->len;
	enum rc rc;

	buf_put(b, sha1, sizeof(sha1));
	if ((rc = put_hash(b, cert->issuer)) != RC_OK ||
	    (rc = put_hash(b, issuer->key_bits)) != RC_OK)
		return rc;
	put(b, DER_INTEGER, cert->serial.p, cert->serial.len);
	wrap(b, at, DER_SEQUENCE);
	return RC_OK;
}

/* requestExtensions with id-pkix-ocsp-nonce alone (RFC 6960, 4.4.1) */
static void
put_nonce(struct buf *b, const uint8_t *nonce)
{
	static const uint8_t oid[] = {0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x30, 0x01, 0x02};
	size_t at = b->len, value;

	put(b, DER_OID, oid, sizeof(oid));
	value = b->len;
	put(b, DER_OCTET_STRING, nonce, INQUIRY_NONCE);
	wrap(b, value, DER_OCTET_STRING);
	wrap(b, at, DER_SEQUENCE);
	wrap(b, at, DER_SEQUENCE);
	wrap(b, at, DER_CONTEXT(2));
}

enum rc
inquiry_put(struct buf *b, const struct cert *cert, const struct cert *issuer, const uint8_t *nonce)
{
	size_t at = b->len;
	enum rc rc;

	if (cert->serial.len > SERIAL_MAX)
		return RC_TOOBIG;
	if ((rc = put_cert_id(b, cert, issuer)) != RC_OK)
		return rc;
	wrap(b, at, DER_SEQUENCE); /* Request */
	wrap(b, at, DER_SEQUENCE); /* requestList */
	if (nonce != NULL)
		put_nonce(b, nonce);
	wrap(b, at, DER_SEQUENCE); /* TBSRequest */
	wrap(b, at, DER_SEQUENCE);
	return buf_rc(b);
}

/* One character of base64 (RFC 4648, 4), as a path may hold it. */
static void
put_sextet(struct buf *b, unsigned v)
{
	static const char alphabet[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

	if (v < 62)
		buf_u8(b, (uint8_t)alphabet[v]);
	else
		buf_str(b, v == 62 ? "%2B" : "%2F");
}

enum rc
inquiry_url(struct buf *b, const char *url, const void *request, size_t len)
{
	const uint8_t *p = request;
	size_t at = b->len, n = strlen(url), i;
	unsigned v;

	buf_str(b, url);
	if (n == 0 || url[n - 1] != '/')
		buf_u8(b, '/');
	for (i = 0; i < len; i += 3) {
		v = (unsigned)p[i] << 16;
		v |= i + 1 < len ? (unsigned)p[i + 1] << 8 : 0;
		v |= i + 2 < len ? p[i + 2] : 0;
		put_sextet(b, v >> 18);
		put_sextet(b, v >> 12 & 63);
		if (i + 1 < len)
			put_sextet(b, v >> 6 & 63);
		else
			buf_str(b, "%3D");
		if (i + 2 < len)
			put_sextet(b, v & 63);
		else
			buf_str(b, "%3D");
	}
	if (buf_rc(b) == RC_OK && b->len - at > INQUIRY_GET_MAX)
		return RC_TOOBIG;
	return buf_rc(b);
}
