/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Who signed a CMS message, and whether the signature is right: rules C5 to C8.
 */
#include <string.h>

#include <openssl/err.h>
#include <openssl/x509.h>

#include "caps.h"
#include "cms.h"

static bool
unusable(const struct cms *cms)
{
	return (cms->findings & (CMS_C1_SIGNED_DATA | CMS_C9_ENCODING)) != 0;
}

/* --- the signer (C8) --- */

/* The same Name, perhaps in another string type (RFC 5280, 7.1). */
static bool
name_same(struct der a, struct der b)
{
	const uint8_t *p = a.p, *q = b.p;
	X509_NAME *x = NULL, *y = NULL;
	bool same;

	if (der_equal(a, b))
		return true;
	if (a.len == 0 || b.len == 0 || a.len > CAP_TEXT || b.len > CAP_TEXT)
		return false;
	x = d2i_X509_NAME(NULL, &p, (long)a.len);
	y = d2i_X509_NAME(NULL, &q, (long)b.len);
	same = x != NULL && y != NULL && X509_NAME_cmp(x, y) == 0;
	ERR_clear_error();
	X509_NAME_free(x);
	X509_NAME_free(y);
	return same;
}

/* exact: names by their bytes; else by OpenSSL's canonical form. */
static bool
sid_matches(const struct cms *cms, const struct cert *c, bool exact)
{
	if (cms->sid_serial.len == 0)
		return cms->sid_ski.len != 0 && der_equal(cms->sid_ski, c->ski);
	if (!der_equal(cms->sid_serial, c->serial))
		return false;
	return exact ? der_equal(cms->sid_issuer, c->issuer)
		     : name_same(cms->sid_issuer, c->issuer);
}

static bool
cert_hash_is(const struct cert *c, enum hash h, struct der want)
{
	uint8_t buf[HASH_SIZE_MAX];
	struct der got = {c->sha256, sizeof(c->sha256)};

	if (h != HASH_SHA256) {
		got.p = buf;
		got.len = hash_span(h, c->der, buf);
	}
	return got.len != 0 && der_equal(got, want);
}

static bool
has_ess(const struct cms *cms)
{
	return cms->has_ess_v1 || cms->has_ess_v2;
}

/* Every signing-certificate attribute that is there names this certificate first. */
static bool
ess_matches(const struct cms *cms, const struct cert *c)
{
	return has_ess(cms) && cert_hash_is(c, cms->ess_alg, cms->ess_hash) &&
	       (!cms->has_ess_v1 || cert_hash_is(c, HASH_SHA1, cms->ess_v1_hash));
}

static bool
in_message(const struct cms *cms, const struct cert *c)
{
	size_t i;

	for (i = 0; i < cms->ncerts; i++) {
		if (der_equal(cms->certs[i], c->der))
			return true;
	}
	return false;
}

/* The best certificate for the signer id; NULL if there is none, or no single best. */
static const struct cert *
signer_choose(const struct cms *cms, const struct cert_pool *pool, bool exact)
{
	const struct cert *best = NULL;
	int score, best_score = 0;
	bool tie = false;
	size_t i;

	for (i = 0; i < pool->n; i++) {
		if (!sid_matches(cms, pool->certs[i], exact))
			continue;
		score = 1 + in_message(cms, pool->certs[i]);
		if (ess_matches(cms, pool->certs[i]))
			score += 2;
		tie = score == best_score || (tie && score < best_score);
		if (score > best_score) {
			best_score = score;
			best = pool->certs[i];
		}
	}
	return tie ? NULL : best;
}

const struct cert *
cms_signer(struct cms *cms, const struct cert_pool *pool, bool *from_cms)
{
	const struct cert *c;

	*from_cms = false;
	cms->findings &= ~(
	    unsigned)(CMS_C8_NO_CERT | CMS_C8_ESS_MISMATCH | CMS_C8_ESS_ABSENT | CMS_C8_ESS_ISSUER);
	if (unusable(cms))
		return NULL;
	if (!has_ess(cms))
		cms->findings |= CMS_C8_ESS_ABSENT;
	if ((c = signer_choose(cms, pool, true)) == NULL)
		c = signer_choose(cms, pool, false);
	if (c == NULL) {
		cms->findings |= CMS_C8_NO_CERT;
		return NULL;
	}
	if (!(*from_cms = in_message(cms, c)))
		cms->findings |= CMS_C8_NO_CERT;
	if (!has_ess(cms))
		return c;
	if (!ess_matches(cms, c))
		cms->findings |= CMS_C8_ESS_MISMATCH;
	if (cms->ess_serial.len != 0 &&
	    (!der_equal(cms->ess_serial, c->serial) || !name_same(cms->ess_issuer, c->issuer)))
		cms->findings |= CMS_C8_ESS_ISSUER;
	return c;
}

/* --- the signature (C5, C6, C7) --- */

static enum cms_check
signature_check(struct cms *cms, const struct cert *cert, struct der md)
{
	EVP_PKEY *key = cert_key(cert);
	int good;

	if (key == NULL || key_strength(key).family == SCHEME_NONE) {
		cms->findings |= CMS_C6_UNSUPPORTED;
		return CMS_UNCHECKED;
	}
	if (cms->has_attrs)
		good = sig_verify(key, &cms->algo, cms->digest, cms->signed_attrs, cms->signature);
	else
		good =
		    sig_verify_digest(key, &cms->algo, cms->digest, md.p, md.len, cms->signature);
	if (good == 1)
		return CMS_INTACT;
	if (good == 0)
		return CMS_BAD_SIGNATURE;
	if (!key_fits(key, cms->algo.scheme)) {
		cms->findings |= CMS_C6_ALGORITHM;
		return CMS_BAD_SIGNATURE;
	}
	cms->findings |= CMS_C6_UNSUPPORTED;
	return CMS_UNCHECKED;
}

/* C2: what a detached message carries is at least what is signed. */
static void
check_content(struct cms *cms, struct der digest)
{
	uint8_t buf[HASH_SIZE_MAX];
	struct der own = {buf, hash_span(cms->digest, cms->econtent, buf)};

	if (own.len == 0 || !der_equal(own, digest))
		cms->findings |= CMS_C2_OTHER;
}

enum cms_check
cms_verify(
    struct cms *cms, enum cms_kind kind, const struct cert *cert, const uint8_t *md, size_t md_len)
{
	uint8_t buf[HASH_SIZE_MAX];
	struct der digest = {md, md_len};

	if (unusable(cms))
		return CMS_UNCHECKED;
	if (cms->digest == HASH_NONE && (cms->findings & CMS_C6_ALGORITHM) != 0)
		return CMS_BAD_SIGNATURE;
	if (cms->digest == HASH_NONE || md_len == 0)
		return CMS_UNCHECKED;
	if (kind == CMS_SHA1) {
		if (!der_equal(cms->econtent, digest))
			return CMS_HASH_MISMATCH;
		digest.p = buf;
		if ((digest.len = hash_span(cms->digest, cms->econtent, buf)) == 0)
			return CMS_UNCHECKED;
	}
	if (kind == CMS_DETACHED && cms->has_econtent)
		check_content(cms, digest);
	if (cms->has_attrs && !der_equal(cms->message_digest, digest))
		return CMS_HASH_MISMATCH;
	if (cert == NULL || !cms->algo_known)
		return CMS_UNCHECKED;
	if ((cms->findings & CMS_C6_ALGORITHM) != 0)
		return CMS_BAD_SIGNATURE;
	return signature_check(cms, cert, digest);
}
