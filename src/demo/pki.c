/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Issues certificates as DER built by hand, so that every defect can be made;
 * OpenSSL signs.  RFC 5280, RFC 4055 (PSS), RFC 5758 (ECDSA), RFC 8410.
 */
#include <string.h>

#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include "pki.h"

static bool
is_rsa(EVP_PKEY *key)
{
	return EVP_PKEY_get_base_id(key) == EVP_PKEY_RSA;
}

static bool
is_edwards(EVP_PKEY *key)
{
	return EVP_PKEY_get_base_id(key) == EVP_PKEY_ED25519;
}

static struct der
pss_algorithm(struct maker *m, const char *digest)
{
	struct der hash = asn_digest_algo(m, digest);
	uint64_t salt = (uint64_t)EVP_MD_get_size(EVP_get_digestbyname(digest));
	struct der mgf = ASN_SEQ(m, asn_oid(m, "1.2.840.113549.1.1.8"), hash);

	return ASN_SEQ(m, asn_oid(m, "1.2.840.113549.1.1.10"),
	    ASN_SEQ(m, ASN(m, DER_CONTEXT(0), hash), ASN(m, DER_CONTEXT(1), mgf),
		ASN(m, DER_CONTEXT(2), asn_int(m, salt))));
}

struct der
pki_algorithm(struct maker *m, EVP_PKEY *key, enum pki_scheme scheme, const char *digest)
{
	static const struct {
		const char *digest, *rsa, *ecdsa;
	} known[] = {
	    {"SHA1", "1.2.840.113549.1.1.5", "1.2.840.10045.4.1"},
	    {"SHA256", "1.2.840.113549.1.1.11", "1.2.840.10045.4.3.2"},
	    {"SHA384", "1.2.840.113549.1.1.12", "1.2.840.10045.4.3.3"},
	    {"SHA512", "1.2.840.113549.1.1.13", "1.2.840.10045.4.3.4"},
	    {"SHA3-256", "2.16.840.1.101.3.4.3.14", "2.16.840.1.101.3.4.3.10"},
	    {"SHA3-512", "2.16.840.1.101.3.4.3.16", "2.16.840.1.101.3.4.3.12"},
	};
	size_t i;

	if (key == NULL)
		return ASN_NONE;
	if (is_edwards(key))
		return ASN_SEQ(m, asn_oid(m, "1.3.101.112"));
	if (scheme == PKI_PSS)
		return pss_algorithm(m, digest);
	for (i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (strcmp(known[i].digest, digest) != 0)
			continue;
		if (is_rsa(key))
			return ASN_SEQ(m, asn_oid(m, known[i].rsa), asn_null(m));
		return ASN_SEQ(m, asn_oid(m, known[i].ecdsa));
	}
	maker_fail(m, RC_ABSENT);
	return ASN_NONE;
}

struct der
pki_sign(struct maker *m, EVP_PKEY *key, enum pki_scheme scheme, const char *digest, struct der tbs)
{
	EVP_MD_CTX *ctx = NULL;
	EVP_PKEY_CTX *pctx;
	uint8_t sig[1024];
	size_t len = sizeof(sig);
	bool ok = false;

	if (key == NULL)
		return ASN_NONE;
	ctx = EVP_MD_CTX_new();
	if (ctx == NULL)
		goto out;
	if (EVP_DigestSignInit_ex(
		ctx, &pctx, is_edwards(key) ? NULL : digest, NULL, NULL, key, NULL) <= 0)
		goto out;
	if (scheme == PKI_PSS &&
	    (EVP_PKEY_CTX_set_rsa_padding(pctx, RSA_PKCS1_PSS_PADDING) <= 0 ||
		EVP_PKEY_CTX_set_rsa_pss_saltlen(pctx, RSA_PSS_SALTLEN_DIGEST) <= 0))
		goto out;
	ok = EVP_DigestSign(ctx, sig, &len, tbs.p, tbs.len) > 0;
out:
	EVP_MD_CTX_free(ctx);
	if (!ok) {
		maker_fail(m, RC_CRYPTO);
		return ASN_NONE;
	}
	return maker_copy(m, sig, len);
}

struct der
pki_sign_digest(struct maker *m, EVP_PKEY *key, const char *digest, struct der md)
{
	EVP_PKEY_CTX *ctx = NULL;
	uint8_t sig[1024];
	size_t len = sizeof(sig);
	bool ok = false;

	if (key == NULL)
		return ASN_NONE;
	ctx = EVP_PKEY_CTX_new(key, NULL);
	ok = ctx != NULL && EVP_PKEY_sign_init(ctx) > 0 &&
	     EVP_PKEY_CTX_set_signature_md(ctx, EVP_get_digestbyname(digest)) > 0 &&
	     EVP_PKEY_sign(ctx, sig, &len, md.p, md.len) > 0;
	EVP_PKEY_CTX_free(ctx);
	if (!ok) {
		maker_fail(m, RC_CRYPTO);
		return ASN_NONE;
	}
	return maker_copy(m, sig, len);
}

static struct der
public_key(struct maker *m, EVP_PKEY *key, struct der *bits)
{
	X509_PUBKEY *pub = NULL;
	unsigned char *whole = NULL;
	const unsigned char *p = NULL;
	int len, n = 0;
	struct der d = ASN_NONE;

	*bits = ASN_NONE;
	if (key == NULL)
		return d;
	len = i2d_PUBKEY(key, &whole);
	if (len <= 0 || !X509_PUBKEY_set(&pub, key) ||
	    !X509_PUBKEY_get0_param(NULL, &p, &n, NULL, pub)) {
		maker_fail(m, RC_CRYPTO);
		goto out;
	}
	d = maker_copy(m, whole, (size_t)len);
	*bits = maker_copy(m, p, (size_t)n);
out:
	X509_PUBKEY_free(pub);
	OPENSSL_free(whole);
	return d;
}

struct der
pki_key_id(struct maker *m, EVP_PKEY *key)
{
	struct der bits;

	public_key(m, key, &bits);
	return maker_digest(m, "SHA1", bits);
}

static struct der
rdn(struct maker *m, const char *oid, uint8_t tag, const char *text)
{
	if (text == NULL)
		return ASN_NONE;
	return ASN_SET(m, ASN_SEQ(m, asn_oid(m, oid), asn_text(m, tag, text)));
}

static struct der
name(struct maker *m, const struct pki_name *n)
{
	const uint8_t utf8 = 0x0c, printable = 0x13;

	return ASN_SEQ(m, rdn(m, "2.5.4.6", printable, n->country),
	    rdn(m, "2.5.4.10", utf8, n->organization), rdn(m, "2.5.4.3", utf8, n->common_name),
	    rdn(m, "2.5.4.13", utf8, n->description));
}

static struct der
extension(struct maker *m, const char *oid, bool critical, struct der value)
{
	return ASN_SEQ(
	    m, asn_oid(m, oid), critical ? asn_bool(m, true) : ASN_NONE, asn_octets(m, value));
}

static struct der
key_usage(struct maker *m, unsigned usage)
{
	uint8_t out[2] = {0, (uint8_t)usage};

	if (usage == 0)
		return ASN_NONE;
	while ((usage >> out[0] & 1) == 0)
		out[0]++;
	return extension(m, "2.5.29.15", true, ASN(m, DER_BIT_STRING, {out, 2}));
}

static struct der
access_info(struct maker *m, const struct pki_spec *spec)
{
	const uint8_t uri = DER_CONTEXT_P(6);
	struct der ocsp = ASN_NONE, ca = ASN_NONE;

	if (spec->url_ocsp == NULL && spec->url_ca == NULL)
		return ASN_NONE;
	if (spec->url_ocsp != NULL)
		ocsp =
		    ASN_SEQ(m, asn_oid(m, "1.3.6.1.5.5.7.48.1"), asn_text(m, uri, spec->url_ocsp));
	if (spec->url_ca != NULL)
		ca = ASN_SEQ(m, asn_oid(m, "1.3.6.1.5.5.7.48.2"), asn_text(m, uri, spec->url_ca));
	return extension(m, "1.3.6.1.5.5.7.1.1", false, ASN_SEQ(m, ca, ocsp));
}

static struct der
crl_points(struct maker *m, const char *url)
{
	struct der name_of;

	if (url == NULL)
		return ASN_NONE;
	name_of = ASN(m, DER_CONTEXT(0), asn_text(m, DER_CONTEXT_P(6), url));
	return extension(
	    m, "2.5.29.31", false, ASN_SEQ(m, ASN_SEQ(m, ASN(m, DER_CONTEXT(0), name_of))));
}

static struct der
policies(struct maker *m, const struct pki_spec *spec)
{
	struct der all[3];
	size_t i;

	if (spec->policies[0] == NULL)
		return ASN_NONE;
	for (i = 0; i < 3; i++)
		all[i] = spec->policies[i] == NULL ? ASN_NONE
						   : ASN_SEQ(m, asn_oid(m, spec->policies[i]));
	return extension(m, "2.5.29.32", false, asn_wrap(m, DER_SEQUENCE, all, 3));
}

static struct der
extensions(struct maker *m, const struct pki_spec *spec)
{
	EVP_PKEY *above = spec->issuer != NULL ? spec->issuer->key : spec->key;
	struct der aki = ASN_SEQ(m, ASN(m, DER_CONTEXT_P(0), pki_key_id(m, above)));
	struct der basic = ASN_SEQ(m, spec->ca ? asn_bool(m, true) : ASN_NONE,
	    spec->ca && spec->path_len >= 0 ? asn_int(m, (uint64_t)spec->path_len) : ASN_NONE);
	struct der eku = ASN_NONE, nocheck = ASN_NONE, qc = ASN_NONE, term = ASN_NONE;

	if (spec->eku != NULL)
		eku = extension(m, "2.5.29.37", spec->eku_critical,
		    ASN_SEQ(m, asn_oid(m, spec->eku),
			spec->eku2 != NULL ? asn_oid(m, spec->eku2) : ASN_NONE));
	if (spec->ocsp_nocheck)
		nocheck = extension(m, "1.3.6.1.5.5.7.48.1.5", false, asn_null(m));
	if (spec->short_term)
		term = extension(m, "0.4.0.194121.2.1", false, asn_null(m));
	if (spec->qc_sscd)
		qc = extension(m, "1.3.6.1.5.5.7.1.3", false,
		    ASN_SEQ(m, ASN_SEQ(m, asn_oid(m, "0.4.0.1862.1.4"))));
	return ASN(m, DER_CONTEXT(3),
	    ASN_SEQ(m, extension(m, "2.5.29.19", true, basic),
		extension(m, "2.5.29.35", false, aki), access_info(m, spec), policies(m, spec), eku,
		crl_points(m, spec->url_crl), nocheck, term, qc, spec->more,
		extension(m, "2.5.29.14", false, asn_octets(m, pki_key_id(m, spec->key))),
		key_usage(m, spec->key_usage)));
}

void
pki_issue(struct maker *m, const struct pki_spec *spec, struct pki_cert *out)
{
	const char *digest = spec->digest != NULL ? spec->digest : "SHA256";
	EVP_PKEY *by = spec->issuer != NULL ? spec->issuer->key : spec->key;
	struct der algo = pki_algorithm(m, by, PKI_DEFAULT, digest), bits, tbs;

	memset(out, 0, sizeof(*out));
	out->key = spec->key;
	out->from = spec->from;
	out->until = spec->until;
	out->subject = name(m, &spec->subject);
	out->issuer = spec->issuer != NULL ? spec->issuer->subject : out->subject;
	out->serial = asn_int(m, spec->serial);
	tbs = ASN_SEQ(m, ASN(m, DER_CONTEXT(0), asn_int(m, 2)), out->serial, algo, out->issuer,
	    ASN_SEQ(m, asn_time(m, spec->from), asn_time(m, spec->until)), out->subject,
	    public_key(m, spec->key, &bits), extensions(m, spec));
	out->der = ASN_SEQ(m, tbs, algo, asn_bits(m, pki_sign(m, by, PKI_DEFAULT, digest, tbs)));
}

struct der
pki_pem(struct maker *m, const struct pki_cert *cert)
{
	BIO *bio = BIO_new(BIO_s_mem());
	struct der pem = ASN_NONE;
	char *p;
	long len;

	if (bio != NULL &&
	    PEM_write_bio(bio, "CERTIFICATE", "", cert->der.p, (long)cert->der.len) > 0) {
		len = BIO_get_mem_data(bio, &p);
		pem = maker_copy(m, p, (size_t)len);
	}
	if (pem.len == 0)
		maker_fail(m, RC_CRYPTO);
	BIO_free(bio);
	return pem;
}
