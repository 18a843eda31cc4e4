/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Splitting certificates, the cache, pools, names as texts. */
#include <stdlib.h>

#include <openssl/err.h>
#include <openssl/objects.h>
#include <openssl/rsa.h>

#include "pkimake.h"
#include "caps.h"
#include "key.h"

#define nitems(a) (sizeof(a) / sizeof((a)[0]))

struct world {
	struct cert_cache *cache;
	struct arena *arena;
	struct pki root, leaf;
};

static const struct pki_recipe root_recipe = {
    .cn = "Akar Uji", .basic = PKI_CA, .ext = {{NID_key_usage, "critical,keyCertSign,cRLSign"}}};

static int
setup(void **state)
{
	struct world *w = calloc(1, sizeof(*w));
	struct pki_recipe r = {.cn = "Dewi Contoh, S.H.",
	    .issuer = &w->root,
	    .ext = {{NID_key_usage, "critical,digitalSignature,nonRepudiation"},
		{NID_ext_key_usage, "critical,1.2.840.113583.1.1.5,timeStamping"},
		{NID_info_access,
		    "OCSP;URI:http://ocsp.example/a,caIssuers;URI:https://ca.example/b.crt,"
		    "OCSP;URI:ldap://no.example/"},
		{NID_crl_distribution_points, "URI:http://crl.example/c.crl"},
		{NID_id_pkix_OCSP_noCheck, "ignored"}}};

	w->cache = cert_cache_new();
	w->arena = arena_new(1 << 20);
	pki_make(&w->root, &root_recipe);
	pki_make(&w->leaf, &r);
	*state = w;
	return 0;
}

static int
teardown(void **state)
{
	struct world *w = *state;

	pki_free(&w->root);
	pki_free(&w->leaf);
	cert_cache_free(w->cache);
	arena_free(w->arena);
	free(w);
	return 0;
}

static void
test_fields(void **state)
{
	struct world *w = *state;
	struct cert c;

	assert_int_equal(cert_parse(&c, w->leaf.der), RC_OK);
	assert_int_equal(c.not_before, PKI_NOW - 180 * PKI_DAY);
	assert_int_equal(c.not_after, PKI_NOW + 180 * PKI_DAY);
	assert_int_equal(c.ku, KU_DIGITAL_SIGNATURE | KU_NON_REPUDIATION);
	assert_int_equal(c.eku, EKU_ADOBE_DOCUMENT | EKU_TIMESTAMPING);
	assert_int_equal(c.eku_count, 2);
	assert_true(c.has_ku && c.has_eku && c.eku_critical && c.has_basic && !c.ca);
	assert_int_equal(c.path_len, -1);
	assert_true(c.ocsp_nocheck && !c.self_issued && !c.unknown_critical && !c.short_term);
	assert_int_equal(c.ski.len, 20);
	assert_int_equal(c.aki.len, 20);
	assert_int_equal(c.key_bits.len, 65);
	assert_int_equal(cert_parse(&c, w->root.der), RC_OK);
	assert_true(c.self_issued && c.ca);
	assert_int_equal(c.ku, KU_CERT_SIGN | KU_CRL_SIGN);
}

/* What is cut off or changed never passes as the same certificate. */
static void
test_damage(void **state)
{
	struct world *w = *state;
	struct der d = w->leaf.der, cut;
	struct cert whole, c;
	uint8_t *copy;
	size_t i;

	assert_int_equal(cert_parse(&whole, d), RC_OK);
	for (i = 0; i < d.len; i++) {
		/* exactly as long as that, so that a sanitizer sees a read past it */
		assert_non_null(copy = malloc(i + 1));
		memcpy(copy, d.p, i);
		cut.p = copy;
		cut.len = i;
		assert_int_equal(cert_parse(&c, cut), RC_FORMAT);
		free(copy);
	}
	assert_non_null(copy = malloc(d.len + 1));
	memcpy(copy, d.p, d.len);
	copy[d.len] = 0;
	cut.p = copy;
	cut.len = d.len + 1;
	assert_int_equal(cert_parse(&c, cut), RC_FORMAT);
	free(copy);
}

/* Whatever octet stands anywhere in it: only what was signed is signed. */
static void
test_other_octets(void **state)
{
	static const uint8_t octets[] = {0x00, 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x0c, 0x13, 0x17,
	    0x18, 0x30, 0x31, 0x80, 0x82, 0xa0, 0xa3, 0xff};
	struct world *w = *state;
	struct der d = w->leaf.der;
	struct cert whole, c;
	struct sig_algo alg;
	uint8_t copy[2048];
	size_t i, j, parsed = 0;

	assert_int_equal(cert_parse(&whole, d), RC_OK);
	assert_true(d.len <= sizeof(copy));
	memcpy(copy, d.p, d.len);
	for (i = 0; i < d.len; i++) {
		for (j = 0; j < nitems(octets); j++) {
			copy[i] = octets[j];
			if (cert_parse(&c, (struct der){copy, d.len}) != RC_OK)
				continue;
			parsed++;
			if (copy[i] == d.p[i] || !sig_algo_parse(c.sig_alg, &alg))
				continue;
			if (sig_verify(w->root.key, &alg, HASH_NONE, c.tbs, c.sig) == 1)
				fail_msg("octet %zu: %02x", i, octets[j]);
		}
		copy[i] = d.p[i];
	}
	assert_true(parsed > 0);
}

static void
test_too_big(void **state)
{
	uint8_t *big = calloc(1, CAP_CERT + 1);
	struct der d = {big, CAP_CERT + 1};
	struct cert c;

	(void)state;
	assert_int_equal(cert_parse(&c, d), RC_TOOBIG);
	free(big);
}

/* An extension that is there twice. */
static void
test_duplicate(void **state)
{
	struct world *w = *state;
	X509 *x = X509_dup(w->leaf.x509);
	X509_EXTENSION *e = X509_get_ext(x, 1);
	unsigned char *p = NULL;
	struct cert c;
	struct der d;

	assert_int_equal(X509_add_ext(x, e, -1), 1);
	assert_true(X509_sign(x, w->root.key, EVP_sha256()) > 0);
	d.len = (size_t)i2d_X509(x, &p);
	d.p = p;
	assert_int_equal(cert_parse(&c, d), RC_FORMAT);
	OPENSSL_free(p);
	X509_free(x);
}

/* Purposes, each with its bit; and what says that nobody is asked about it. */
static void
test_purposes(void **state)
{
	static const struct {
		const char *value;
		unsigned bits, count;
	} rows[] = {
	    {"serverAuth", EKU_SERVER, 1},
	    {"clientAuth", EKU_CLIENT, 1},
	    {"codeSigning", EKU_CODE, 1},
	    {"emailProtection", EKU_EMAIL, 1},
	    {"timeStamping", EKU_TIMESTAMPING, 1},
	    {"OCSPSigning", EKU_OCSP_SIGNING, 1},
	    {"codeSigning,emailProtection", EKU_CODE | EKU_EMAIL, 2},
	};
	struct world *w = *state;
	struct pki_recipe r = {.cn = "Budi Contoh", .issuer = &w->root};
	struct pki p;
	struct cert c;
	size_t i;
	int nid = OBJ_txt2nid("2.5.29.56");

	for (i = 0; i < nitems(rows); i++) {
		r.ext[0] = (struct pki_ext){NID_ext_key_usage, rows[i].value};
		pki_make(&p, &r);
		assert_int_equal(cert_parse(&c, p.der), RC_OK);
		assert_int_equal(c.eku, rows[i].bits);
		assert_int_equal(c.eku_count, rows[i].count);
		assert_false(c.eku_critical);
		pki_free(&p);
	}
	/* noRevAvail, RFC 9608 */
	if (nid == NID_undef)
		nid = OBJ_create("2.5.29.56", "noRevAvail", "No revocation available");
	assert_int_not_equal(nid, NID_undef);
	r.ext[0] = (struct pki_ext){nid, "DER:0500"};
	pki_make(&p, &r);
	assert_int_equal(cert_parse(&c, p.der), RC_OK);
	assert_true(c.short_term);
	assert_false(c.unknown_critical);
	pki_free(&p);
}

static const struct {
	const char *value;
	int nid;
	bool unknown; /* critical and not understood */
} extensions[] = {
    {"critical,email:dewi@contoh.example", NID_subject_alt_name, false},
    {"critical,DER:3000", NID_private_key_usage_period, true},
    {"critical,DER:300a3008060604008e460104", NID_qcStatements, false},
    {"critical,x", NID_netscape_comment, true},
    {"x", NID_netscape_comment, false},
};

static void
test_critical(void **state)
{
	struct world *w = *state;
	struct pki_recipe r = {.cn = "Budi Contoh", .issuer = &w->root};
	struct pki p;
	struct cert c;
	size_t i;

	for (i = 0; i < nitems(extensions); i++) {
		r.ext[0].nid = extensions[i].nid;
		r.ext[0].value = extensions[i].value;
		pki_make(&p, &r);
		assert_int_equal(cert_parse(&c, p.der), RC_OK);
		assert_int_equal(c.unknown_critical, extensions[i].unknown);
		assert_int_equal(c.qc_sscd, extensions[i].nid == NID_qcStatements);
		pki_free(&p);
	}
}

static void
test_cache(void **state)
{
	struct world *w = *state;
	const struct cert *a, *b;
	uint8_t copy[4096];
	struct der d = {copy, w->leaf.der.len};

	memcpy(copy, w->leaf.der.p, w->leaf.der.len);
	assert_int_equal(cert_cache_get(w->cache, d, false, &a), RC_OK);
	memset(copy, 0, sizeof(copy)); /* the cache has its own */
	assert_int_equal(cert_cache_get(w->cache, w->leaf.der, true, &b), RC_OK);
	assert_ptr_equal(a, b);
	assert_true(der_equal(a->der, w->leaf.der));
	assert_int_equal(cert_cache_get(w->cache, d, false, &b), RC_FORMAT);
	assert_null(b);
	assert_non_null(cert_x509(a));
	assert_int_equal(X509_cmp(cert_x509(a), w->leaf.x509), 0);
	assert_int_equal(EVP_PKEY_eq(cert_key(a), w->leaf.key), 1);
}

/* Many certificates: what is not kept goes, what is kept stays the same. */
static void
test_trim(void **state)
{
	struct world *w = *state;
	const struct cert *kept, *again, *other;
	uint8_t der[4096];
	struct der d = {der, w->leaf.der.len};
	size_t i, at;

	assert_int_equal(cert_cache_get(w->cache, w->root.der, true, &kept), RC_OK);
	assert_int_equal(cert_cache_get(w->cache, w->leaf.der, false, &other), RC_OK);
	assert_true(cert_signed_by(w->cache, other, kept));
	memcpy(der, w->leaf.der.p, d.len);
	at = (size_t)(other->serial.p - other->der.p);
	for (i = 0; i < CAP_CERT_CACHE; i++) {
		der[at] = (uint8_t)(1 + (i >> 8 & 0x3f));
		der[at + 1] = (uint8_t)i;
		der[d.len - 1] = (uint8_t)(i >> 14);
		assert_int_equal(cert_cache_get(w->cache, d, false, &other), RC_OK);
	}
	cert_cache_trim(w->cache);
	assert_int_equal(cert_cache_get(w->cache, w->root.der, false, &again), RC_OK);
	assert_ptr_equal(again, kept);
	assert_int_equal(cert_cache_get(w->cache, w->leaf.der, false, &other), RC_OK);
	assert_true(cert_signed_by(w->cache, other, kept));
}

static void
test_signed_by(void **state)
{
	struct world *w = *state;
	struct pki twin;
	const struct cert *leaf = pki_get(&w->leaf, w->cache, NULL);
	const struct cert *root = pki_get(&w->root, w->cache, NULL);

	pki_make(&twin, &root_recipe); /* the same name, another key */
	assert_true(cert_signed_by(w->cache, leaf, root));
	assert_true(cert_signed_by(w->cache, leaf, root));
	assert_true(cert_signed_by(w->cache, root, root));
	assert_false(cert_signed_by(w->cache, leaf, pki_get(&twin, w->cache, NULL)));
	assert_false(cert_signed_by(w->cache, leaf, leaf));
	assert_false(cert_signed_by(w->cache, root, leaf));
	pki_free(&twin);
}

static const struct {
	const char *type, *group;
	size_t bits;
} keys[] = {
    {"RSA", NULL, 1024},
    {"RSA", NULL, 2048},
    {"RSA-PSS", NULL, 1024},
    {"EC", "P-256", 0},
    {"EC", "P-384", 0},
    {"EC", "P-521", 0},
    {"EC", "secp256k1", 0},
    {"EC", "brainpoolP256r1", 0},
    {"ED25519", NULL, 0},
    {"ED448", NULL, 0},
};

/* Every kind of key is what OpenSSL's own decoder makes of it; a broken one is none. */
static void
test_keys(void **state)
{
	unsigned char *p;
	EVP_PKEY *key, *got;
	struct der spki;
	size_t i, k;
	int len;

	(void)state;
	for (i = 0; i < nitems(keys); i++) {
		if (keys[i].bits != 0) {
			EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, keys[i].type, NULL);

			key = NULL;
			assert_int_equal(EVP_PKEY_keygen_init(ctx), 1);
			assert_int_equal(
			    EVP_PKEY_CTX_set_rsa_keygen_bits(ctx, (int)keys[i].bits), 1);
			assert_int_equal(EVP_PKEY_generate(ctx, &key), 1);
			EVP_PKEY_CTX_free(ctx);
		} else if (keys[i].group != NULL)
			key = EVP_EC_gen(keys[i].group);
		else
			key = EVP_PKEY_Q_keygen(NULL, NULL, keys[i].type);
		assert_non_null(key);
		p = NULL;
		assert_true((len = i2d_PUBKEY(key, &p)) > 0);
		spki.p = p;
		spki.len = (size_t)len;
		assert_non_null(got = key_decode(spki));
		assert_int_equal(EVP_PKEY_eq(got, key), 1);
		assert_int_equal(EVP_PKEY_get_bits(got), EVP_PKEY_get_bits(key));
		EVP_PKEY_free(got);
		for (k = 0; k < spki.len; k++) {
			struct der cut = {p, k};

			assert_null(key_decode(cut));
		}
		OPENSSL_free(p);
		EVP_PKEY_free(key);
	}
}

/* A point that is not on its curve. */
static void
test_bad_point(void **state)
{
	EVP_PKEY *key = EVP_EC_gen("P-256");
	unsigned char *p = NULL;
	struct der spki;

	(void)state;
	spki.len = (size_t)i2d_PUBKEY(key, &p);
	spki.p = p;
	p[spki.len - 1] ^= 1;
	assert_null(key_decode(spki));
	OPENSSL_free(p);
	EVP_PKEY_free(key);
}

/* Public-key operations are counted per document. */
static void
test_budget(void **state)
{
	struct world *w = *state;
	struct cert_pool pool;
	unsigned n = 0;

	cert_pool_init(&pool, w->cache, w->arena);
	assert_false(cert_pk_short(w->cache));
	while (cert_pk_spend(w->cache, pki_get(&w->root, w->cache, NULL)))
		n++;
	/* an elliptic curve's operation takes as long as ten of RSA-2048 */
	assert_int_equal(n, CAP_PK_OPS / 10);
	assert_true(cert_pk_short(w->cache));
	assert_false(cert_signed_by(
	    w->cache, pki_get(&w->leaf, w->cache, NULL), pki_get(&w->root, w->cache, NULL)));
	cert_pool_init(&pool, w->cache, w->arena);
	assert_false(cert_pk_short(w->cache));
	assert_true(cert_signed_by(w->cache, w->leaf.cert, w->root.cert));
}

static void
test_pool(void **state)
{
	struct world *w = *state;
	struct cert_pool pool;
	const struct cert *c;
	struct der junk = {(const uint8_t *)"junk", 4};
	uint8_t der[4096];
	struct der d = {der, w->leaf.der.len};
	size_t i, at;
	enum rc rc = RC_OK;

	cert_pool_init(&pool, w->cache, w->arena);
	assert_int_equal(cert_pool_add(&pool, w->leaf.der, CERT_FROM_DSS, &c), RC_OK);
	assert_int_equal(cert_pool_add(&pool, w->leaf.der, CERT_FROM_STORE, NULL), RC_OK);
	assert_int_equal(pool.origin[0], CERT_FROM_DSS);
	assert_int_equal(cert_pool_add(&pool, w->leaf.der, CERT_FROM_CMS, NULL), RC_OK);
	assert_int_equal(pool.origin[0], CERT_FROM_CMS);
	assert_int_equal(pool.n, 1);
	assert_int_equal(cert_pool_add(&pool, junk, CERT_FROM_CMS, &c), RC_FORMAT);
	assert_null(c);
	memcpy(der, w->leaf.der.p, d.len);
	at = (size_t)(pool.certs[0]->serial.p - pool.certs[0]->der.p);
	for (i = 0; i < CAP_CERTS && rc == RC_OK; i++) {
		der[at] = 1;
		der[at + 1] = (uint8_t)i;
		rc = cert_pool_add(&pool, d, CERT_FROM_DSS, NULL);
	}
	assert_int_equal(rc, RC_TOOBIG);
	assert_int_equal(pool.n, CAP_CERTS);
	/* the store's own don't count */
	assert_int_equal(cert_pool_add(&pool, w->root.der, CERT_FROM_STORE, NULL), RC_OK);
}

static void
test_texts(void **state)
{
	struct world *w = *state;
	const struct cert *c = pki_get(&w->leaf, w->cache, NULL);
	char **urls;
	size_t n;

	assert_string_equal(cert_subject_attr(c, NID_commonName, w->arena), "Dewi Contoh, S.H.");
	assert_null(cert_subject_attr(c, NID_title, w->arena));
	assert_string_equal(cert_name_text(c->subject, w->arena), "CN=Dewi Contoh\\, S.H.,C=ID");
	assert_string_equal(cert_name_text(c->issuer, w->arena), "CN=Akar Uji,C=ID");
	assert_int_equal(cert_urls(c, CERT_URL_OCSP, w->arena, &urls, &n), RC_OK);
	assert_int_equal(n, 1); /* not the ldap one */
	assert_string_equal(urls[0], "http://ocsp.example/a");
	assert_int_equal(cert_urls(c, CERT_URL_CA, w->arena, &urls, &n), RC_OK);
	assert_int_equal(n, 1);
	assert_string_equal(urls[0], "https://ca.example/b.crt");
	assert_int_equal(cert_urls(c, CERT_URL_CRL, w->arena, &urls, &n), RC_OK);
	assert_int_equal(n, 1);
	assert_string_equal(urls[0], "http://crl.example/c.crl");
	c = pki_get(&w->root, w->cache, NULL);
	assert_int_equal(cert_urls(c, CERT_URL_CRL, w->arena, &urls, &n), RC_OK);
	assert_int_equal(n, 0);
}

static void
test_serial_text(void **state)
{
	struct world *w = *state;
	struct cert c = {.serial = {(const uint8_t *)"\x00\xb5\x0f", 3}};

	assert_string_equal(cert_serial_text(&c, w->arena), "b50f");
	c.serial.len = 1;
	assert_string_equal(cert_serial_text(&c, w->arena), "00");
}

/* One common name, by string type and octets, and how it is shown. */
#define S(s) (const uint8_t *)(s), sizeof(s) - 1
static const struct {
	uint8_t tag;
	const uint8_t *p;
	size_t len;
	const char *attr, *name;
} strings[] = {
    {0x0c, S("Andr\xc3\xa9"), "Andr\xc3\xa9", "CN=Andr\xc3\xa9"},
    {0x14, S("Andr\xe9"), "Andr\xc3\xa9", "CN=Andr\xc3\xa9"},
    {0x1e, S("\x00J\x00\xe9\x4e\x2d"), "J\xc3\xa9\xe4\xb8\xad", "CN=J\xc3\xa9\xe4\xb8\xad"},
    {0x1e, S("\xd8\x3d\xde\x00"), "\xf0\x9f\x98\x80", "CN=\xf0\x9f\x98\x80"},
    {0x1e, S("\x00J\x00"), "J\xef\xbf\xbd", "CN=J\xef\xbf\xbd"},
    {0x1c, S("\x00\x00\x00J"), "J", "CN=J"},
    {0x13, S("a,b+c=\"d\";"), "a,b+c=\"d\";", "CN=a\\,b\\+c=\\\"d\\\"\\;"},
    {0x13, S(" #a "), " #a ", "CN=\\ #a\\ "},
    {0x13, S("#a"), "#a", "CN=\\#a"},
    {0x0c, S("a\nb\x7f"),
	"a\xef\xbf\xbd"
	"b\xef\xbf\xbd",
	"CN=a\xef\xbf\xbd"
	"b\xef\xbf\xbd"},
    {0x0c, S("a\0b"),
	"a\xef\xbf\xbd"
	"b",
	"CN=a\xef\xbf\xbd"
	"b"},
    {0x0c, S("\xe2\x80\xaexe"), "\xef\xbf\xbdxe", "CN=\xef\xbf\xbdxe"}, /* override */
    {0x0c, S("\xc0\xaf"), "\xef\xbf\xbd\xef\xbf\xbd", "CN=\xef\xbf\xbd\xef\xbf\xbd"},
    {0x0c, S("\xed\xa0\x80"), "\xef\xbf\xbd", "CN=\xef\xbf\xbd"}, /* a surrogate */
    {0x0c, S("a\xe2\x80"), "a\xef\xbf\xbd\xef\xbf\xbd", "CN=a\xef\xbf\xbd\xef\xbf\xbd"},
    {0x0c, S(""), "", "CN="},
    {0x04, S("\x01\x02"), NULL, "CN=#04020102"},
};

static void
test_strings(void **state)
{
	static const uint8_t head[] = {0x30, 0, 0x31, 0, 0x30, 0, 0x06, 0x03, 0x55, 0x04, 0x03};
	struct world *w = *state;
	uint8_t name[64];
	struct cert c;
	size_t i, len;

	for (i = 0; i < nitems(strings); i++) {
		len = strings[i].len;
		memcpy(name, head, sizeof(head));
		name[11] = strings[i].tag;
		name[12] = (uint8_t)len;
		memcpy(name + 13, strings[i].p, len);
		name[5] = (uint8_t)(len + 7);
		name[3] = (uint8_t)(len + 9);
		name[1] = (uint8_t)(len + 11);
		memset(&c, 0, sizeof(c));
		c.subject.p = name;
		c.subject.len = len + 13;
		assert_string_equal(cert_name_text(c.subject, w->arena), strings[i].name);
		if (strings[i].attr == NULL)
			assert_null(cert_subject_attr(&c, NID_commonName, w->arena));
		else
			assert_string_equal(
			    cert_subject_attr(&c, NID_commonName, w->arena), strings[i].attr);
	}
}

/* What stands in front of a value: the last attribute comes first, RFC 2253, 2.1. */
static void
test_types(void **state)
{
	static const struct {
		const char *oid, *value;
		int set; /* 0: an RDN of its own; -1: with the one before */
	} v[] = {
	    {"2.5.4.6", "ID", 0},
	    {"2.5.4.97", "NTRID-1", 0},
	    {"0.9.2342.19200300.100.1.25", "contoh", 0},
	    {"0.9.2342.19200300.100.1.1", "dewi", 0},
	    {"1.2.840.113549.1.9.1", "dewi@contoh.example", 0},
	    {"1.3.6.1.4.1.32473.1", "x", 0},
	    {"2.5.4.66", "y", 0},
	    {"2.5.4.3", "Dewi", 0},
	    {"2.5.4.12", "Kepala", -1},
	};
	struct world *w = *state;
	X509_NAME *n = X509_NAME_new();
	unsigned char *p = NULL;
	struct der d;
	size_t i;

	for (i = 0; i < nitems(v); i++)
		assert_int_equal(X509_NAME_add_entry_by_txt(n, v[i].oid, V_ASN1_UTF8STRING,
				     (const unsigned char *)v[i].value, -1, -1, v[i].set),
		    1);
	d.len = (size_t)i2d_X509_NAME(n, &p);
	d.p = p;
	assert_string_equal(cert_name_text(d, w->arena),
	    "title=Kepala+CN=Dewi,2.5.4.66=y,1.3.6.1.4.1.32473.1=x,"
	    "emailAddress=dewi@contoh.example,UID=dewi,DC=contoh,"
	    "organizationIdentifier=NTRID-1,C=ID");
	OPENSSL_free(p);
	X509_NAME_free(n);
}

/* A text that is too long ends with a whole character. */
static void
test_long_text(void **state)
{
	/* SEQUENCE, SET, SEQUENCE, commonName, UTF8String */
	static const uint8_t head[] = {0x30, 0x82, 0, 0, 0x31, 0x82, 0, 0, 0x30, 0x82, 0, 0, 0x06,
	    0x03, 0x55, 0x04, 0x03, 0x0c, 0x82};
	static const char *const chars[] = {"a", "\xc3\xa9", "\xe2\x82\xac", "\xf0\x9f\x99\x82"};
	struct world *w = *state;
	uint8_t name[32 + 4 * CAP_TEXT];
	struct cert c;
	size_t i, k, len, size;
	const char *s;

	memset(&c, 0, sizeof(c));
	for (i = 0; i < nitems(chars); i++) {
		size = strlen(chars[i]);
		len = CAP_TEXT * size;
		for (k = 0; k < CAP_TEXT; k++)
			memcpy(name + 23 + k * size, chars[i], size);
		memcpy(name, head, sizeof(head));
		for (k = 0; k < 3; k++) {
			name[2 + 4 * k] = (uint8_t)((len + 17 - 4 * k) >> 8);
			name[3 + 4 * k] = (uint8_t)(len + 17 - 4 * k);
		}
		name[19] = (uint8_t)(len >> 8);
		name[20] = (uint8_t)len;
		memmove(name + 21, name + 23, len);
		c.subject = (struct der){name, len + 21};
		s = cert_subject_attr(&c, NID_commonName, w->arena);
		assert_non_null(s);
		assert_in_range(strlen(s), CAP_TEXT - 1 - 2 * size, CAP_TEXT - 1);
		assert_int_equal(strlen(s) % size, 0);
		for (k = 0; k < strlen(s); k += size)
			assert_memory_equal(s + k, chars[i], size);
	}
}

/* Of a name that is broken, what was well formed before. */
static void
test_broken_names(void **state)
{
	static const struct {
		const uint8_t *p;
		size_t len;
		const char *text, *attr;
	} rows[] = {
	    {S(""), "", NULL}, {S("\x31\x00"), "", NULL}, {S("\x30\x00"), "", NULL},
	    {S("\x30\x0b\x31\x09\x30\x07\x04\x03\x55\x04\x03\x13\x00"), "", NULL},
	    {S("\x30\x09\x31\x07\x30\x05\x06\x03\x55\x04\x03"), "", NULL},
	    {S("\x30\x17\x31\x0a\x30\x08\x06\x03\x55\x04\x03\x13\x01J"
	       "\x31\x09\x30\x07\x04\x03\x55\x04\x03\x13\x00"),
		"CN=J", "J"},
	    {S("\x30\x0c\x31\x0a\x30\x08\x06\x03\x55\x04\x03\x13\x01J"), "CN=J", "J"},
	    {S("\x30\x0a\x31\x08\x30\x06\x06\x01\x80\x13\x01J"), "?=J", NULL}, /* no OID */
	};
	struct world *w = *state;
	struct cert c;
	size_t i;
	char *s;

	memset(&c, 0, sizeof(c));
	for (i = 0; i < nitems(rows); i++) {
		c.subject = (struct der){rows[i].p, rows[i].len};
		s = cert_name_text(c.subject, w->arena);
		if (s == NULL || strcmp(s, rows[i].text) != 0)
			fail_msg("row %zu: %s", i, s);
		s = cert_subject_attr(&c, NID_commonName, w->arena);
		if (rows[i].attr == NULL)
			assert_null(s);
		else
			assert_string_equal(s, rows[i].attr);
	}
	assert_null(cert_subject_attr(&c, 1 << 20, w->arena)); /* no attribute at all */
	ERR_clear_error();
}

/* Where nothing can be fetched from. */
static void
test_no_urls(void **state)
{
	static const struct {
		const uint8_t *p;
		size_t len;
	} rows[] = {
	    {S("")}, {S("\x04\x00")}, {S("\x30\x00")}, {S("\x30\x02\x30\x00")}, /* nothing in it */
	    {S("\x30\x04\x30\x02\xa0\x00")},         /* a point without a name */
	    {S("\x30\x06\x30\x04\xa0\x02\xa0\x00")}, /* a name without a name */
	    {S("\x30\x0f\x30\x0d\xa0\x0b\xa0\x09\x82\x07http://")},
	    {S("\x30\x0f\x30\x0d\xa0\x0b\xa0\x09\x86\x07http://")}, /* too short */
	    {S("\x30\x10\x30\x0e\xa0\x0c\xa0\x0a\x86\x08http://\x01")},
	    {S("\x30\x11\x30\x0f\xa0\x0d\xa0\x0b\x86\x09http:/a/b")},
	    {S("\x30\x11\x30\x0f\xa0\x0d\xa0\x0b\x86\x09"
	       "ftp://a.b")},
	    {S("\x30\x10\x30\x0e\xa0\x0c\xa0\x0a\x86\x08https://")},
	    {S("\x30\x0c\x30\x0a\x06\x08\x2b\x06\x01\x05\x05\x07\x30\x01")}, /* no place */
	};
	struct world *w = *state;
	struct cert c;
	char **urls;
	size_t i, n;

	memset(&c, 0, sizeof(c));
	for (i = 0; i < nitems(rows); i++) {
		c.aia = c.crldp = (struct der){rows[i].p, rows[i].len};
		assert_int_equal(cert_urls(&c, CERT_URL_OCSP, w->arena, &urls, &n), RC_OK);
		assert_int_equal(n, 0);
		assert_int_equal(cert_urls(&c, CERT_URL_CRL, w->arena, &urls, &n), RC_OK);
		if (n != 0)
			fail_msg("row %zu: %s", i, urls[0]);
		assert_null(urls);
	}
	c.crldp = (struct der){S("\x30\x12\x30\x10\xa0\x0e\xa0\x0c\x86\x0aHTTP://a.b")};
	assert_int_equal(cert_urls(&c, CERT_URL_CRL, w->arena, &urls, &n), RC_OK);
	assert_int_equal(n, 1);
	assert_string_equal(urls[0], "HTTP://a.b");
}

/* What is no address of the web can be read all the same, and the other way round. */
static void
test_other_urls(void **state)
{
	static const struct {
		const uint8_t *p;
		size_t len;
		const char *web, *other;
	} rows[] = {
	    {S("\x30\x15\x30\x13\xa0\x11\xa0\x0f\x86\x0dldap://a.b/c="), NULL, "ldap://a.b/c="},
	    {S("\x30\x12\x30\x10\xa0\x0e\xa0\x0c\x86\x0aHTTP://a.b"), "HTTP://a.b", NULL},
	    {S("\x30\x1e\x30\x1c\xa0\x1a\xa0\x18\x86\x0aHTTP://a.b\x86\x0aldap:///c="),
		"HTTP://a.b", "ldap:///c="},
	    {S("\x30\x12\x30\x10\xa0\x0e\xa0\x0c\x86\x0aldap://\x1b.b"), NULL, NULL},
	    {S("\x30\x0f\x30\x0d\xa0\x0b\xa0\x09\x82\x07ldap://"), NULL, NULL},
	};
	struct world *w = *state;
	struct cert c;
	char **urls;
	size_t i, n;

	memset(&c, 0, sizeof(c));
	for (i = 0; i < nitems(rows); i++) {
		c.crldp = (struct der){rows[i].p, rows[i].len};
		assert_int_equal(cert_urls(&c, CERT_URL_CRL, w->arena, &urls, &n), RC_OK);
		assert_int_equal(n, rows[i].web != NULL);
		if (n != 0)
			assert_string_equal(urls[0], rows[i].web);
		assert_int_equal(cert_other_urls(&c, CERT_URL_CRL, w->arena, &urls, &n), RC_OK);
		assert_int_equal(n, rows[i].other != NULL);
		if (n != 0)
			assert_string_equal(urls[0], rows[i].other);
	}
}

static const struct {
	const char *a, *b;
	bool same;
} names[] = {
    {"Akar Uji", "Akar Uji", true},
    {"Akar Uji", "AKAR  uji", true},
    {"Akar Uji", "AkarUji", false},
    {"Akar Uji", "Akar Ujj", false},
    {"Akar", "Akar Uji", false},
};

static struct der
name_der(const char *cn, int type, uint8_t buf[256])
{
	X509_NAME *n = X509_NAME_new();
	unsigned char *p = buf;
	struct der d;

	pki_name(n, cn, type);
	d.len = (size_t)i2d_X509_NAME(n, &p);
	d.p = buf;
	X509_NAME_free(n);
	return d;
}

static void
test_names(void **state)
{
	uint8_t a[256], b[256];
	struct der junk = {(const uint8_t *)"\x30\x01", 2};
	size_t i;

	(void)state;
	for (i = 0; i < nitems(names); i++)
		assert_int_equal(cert_name_equal(name_der(names[i].a, V_ASN1_UTF8STRING, a),
				     name_der(names[i].b, V_ASN1_PRINTABLESTRING, b)),
		    names[i].same);
	assert_false(cert_name_equal(name_der("Akar", 0, a), junk));
	assert_true(cert_name_equal(
	    name_der("Akar", V_ASN1_UTF8STRING, a), name_der("Akar", V_ASN1_T61STRING, b)));
}

int
main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {T(test_fields), T(test_damage), T(test_other_octets),
	    T(test_too_big), T(test_duplicate), T(test_critical), T(test_purposes), T(test_cache),
	    T(test_trim), T(test_signed_by), T(test_keys), T(test_bad_point), T(test_budget),
	    T(test_pool), T(test_texts), T(test_serial_text), T(test_strings), T(test_types),
	    T(test_long_text), T(test_broken_names), T(test_no_urls), T(test_other_urls),
	    T(test_names)};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
