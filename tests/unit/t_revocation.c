/* SPDX-License-Identifier: GPL-3.0-or-later */
/* OCSP responses and CRLs: who may speak, what is said, about whom. */
#include <stdlib.h>
#include <time.h>

#include <openssl/objects.h>
#include <openssl/ocsp.h>

#include "pkimake.h"
#include "caps.h"
#include "crl.h"
#include "ocsp.h"
#include "revocation.h"
#include "when.h"

#define nitems(a) (sizeof(a) / sizeof((a)[0]))
#define CA_USAGE                                              \
	{                                                     \
		NID_key_usage, "critical,keyCertSign,cRLSign" \
	}
#define OCSP_EKU                                 \
	{                                        \
		NID_ext_key_usage, "OCSPSigning" \
	}
#define NOCHECK                                     \
	{                                           \
		NID_id_pkix_OCSP_noCheck, "ignored" \
	}
#define MADE_MAX 64

enum who {
	CA,
	RESPONDER,
	BARE,
	NO_EKU,
	TWIN,
	TWIN_RESPONDER,
	OTHER,
	NO_CRL_SIGN,
	RENEWED,
	LEAF,
	WHO__MAX
};

struct world {
	struct cert_cache *cache;
	struct arena *arena;
	struct cert_pool pool;
	struct evidence_pool evidence;
	struct pki root, p[WHO__MAX];
	unsigned char *made[MADE_MAX];
	size_t nmade;
	struct revocation out[4];
	enum revocation_gap gap;
};

static void
make(struct world *w, enum who i, struct pki_recipe r)
{
	pki_make(&w->p[i], &r);
}

static int
setup(void **state)
{
	struct world *w = calloc(1, sizeof(*w));
	struct pki_recipe root = {.cn = "Akar Uji", .basic = PKI_CA, .ext = {CA_USAGE}};
	struct pki *ca = &w->p[CA];
	size_t i;

	w->cache = cert_cache_new();
	w->arena = arena_new(8 << 20);
	cert_pool_init(&w->pool, w->cache, w->arena);
	evidence_pool_init(&w->evidence, w->arena);
	pki_make(&w->root, &root);
	root.issuer = &w->root;
	root.cn = "Penerbit Uji";
	make(w, CA, root);
	root.cn = "Penerbit Lain";
	make(w, OTHER, root);
	/* the CA's name and key, but not for CRLs */
	make(w, NO_CRL_SIGN,
	    (struct pki_recipe){.cn = "Penerbit Uji",
		.issuer = &w->root,
		.basic = PKI_CA,
		.ext = {{NID_key_usage, "critical,keyCertSign"}}});
	/* the CA's next key, by the same parent */
	root.cn = "Penerbit Uji";
	make(w, RENEWED, root);
	/* the CA's name, self-signed by somebody else */
	root.issuer = NULL;
	make(w, TWIN, root);
	make(w, RESPONDER,
	    (struct pki_recipe){.cn = "Penjawab", .issuer = ca, .ext = {OCSP_EKU, NOCHECK}});
	make(w, BARE, (struct pki_recipe){.cn = "Penjawab Polos", .issuer = ca, .ext = {OCSP_EKU}});
	make(
	    w, NO_EKU, (struct pki_recipe){.cn = "Bukan Penjawab", .issuer = ca, .ext = {NOCHECK}});
	make(w, TWIN_RESPONDER,
	    (struct pki_recipe){
		.cn = "Penjawab", .issuer = &w->p[TWIN], .ext = {OCSP_EKU, NOCHECK}});
	make(w, LEAF,
	    (struct pki_recipe){.cn = "Dewi Contoh",
		.issuer = ca,
		.serial = 77,
		.ext = {{NID_crl_distribution_points, "URI:http://crl.example/a.crl"}}});
	pki_get(&w->root, w->cache, &w->pool);
	for (i = 0; i < WHO__MAX; i++)
		pki_get(&w->p[i], w->cache, NULL);
	pki_get(&w->p[LEAF], w->cache, &w->pool);
	pki_get(ca, w->cache, &w->pool);
	*state = w;
	return 0;
}

static int
teardown(void **state)
{
	struct world *w = *state;
	size_t i;

	pki_free(&w->root);
	for (i = 0; i < WHO__MAX; i++)
		pki_free(&w->p[i]);
	for (i = 0; i < w->nmade; i++)
		OPENSSL_free(w->made[i]);
	cert_cache_free(w->cache);
	arena_free(w->arena);
	free(w);
	return 0;
}

static struct der
keep(struct world *w, unsigned char *p, int len)
{
	struct der d = {p, (size_t)len};

	assert_true(len > 0 && w->nmade < MADE_MAX);
	w->made[w->nmade++] = p;
	return d;
}

/* --- OCSP --- */

struct answer {
	enum who signer;     /* who signs, and whose certificate lies in the response */
	enum who about;      /* whose certificate; 0 (the CA) stands for LEAF */
	int status;          /* V_OCSP_CERTSTATUS_* */
	int reason;          /* revoked: CRLReason, or -1 */
	const EVP_MD *md;    /* of the certID; NULL: SHA-1 */
	bool by_key;         /* responder ID by key */
	bool no_certs;       /* no certificates inside */
	bool bare;           /* a BasicOCSPResponse alone */
	bool flip;           /* the last octet of the signature changed */
	bool no_next;        /* without nextUpdate */
	int64_t at;          /* thisUpdate; 0: PKI_NOW */
	enum who issuer;     /* of the certID; the CA */
	const char *ext_oid; /* a single extension with this OID … */
	bool ext_critical;
	struct der ext;       /* … and this value */
	bool ext_of_response; /* it is the whole response's instead */
};

static void
add_extension(OCSP_BASICRESP *basic, OCSP_SINGLERESP *single, const struct answer *a)
{
	ASN1_OBJECT *obj = OBJ_txt2obj(a->ext_oid, 1);
	ASN1_OCTET_STRING *value = ASN1_OCTET_STRING_new();
	X509_EXTENSION *e;

	ASN1_OCTET_STRING_set(value, a->ext.p, (int)a->ext.len);
	e = X509_EXTENSION_create_by_OBJ(NULL, obj, a->ext_critical, value);
	if (a->ext_of_response)
		assert_int_equal(OCSP_BASICRESP_add_ext(basic, e, -1), 1);
	else
		assert_int_equal(OCSP_SINGLERESP_add_ext(single, e, -1), 1);
	X509_EXTENSION_free(e);
	ASN1_OCTET_STRING_free(value);
	ASN1_OBJECT_free(obj);
}

static struct der
ocsp_make(struct world *w, const struct answer *a)
{
	const struct pki *signer = &w->p[a->signer],
			 *about = &w->p[a->about == CA ? LEAF : a->about];
	OCSP_BASICRESP *basic = OCSP_BASICRESP_new();
	int64_t at = a->at != 0 ? a->at : PKI_NOW;
	ASN1_TIME *this = ASN1_TIME_set(NULL, at), *next = ASN1_TIME_set(NULL, at + PKI_DAY);
	ASN1_TIME *revoked = ASN1_TIME_set(NULL, at - 3 * PKI_DAY);
	unsigned long flags = (a->by_key ? OCSP_RESPID_KEY : 0) | (a->no_certs ? OCSP_NOCERTS : 0);
	OCSP_CERTID *id = OCSP_cert_to_id(a->md, about->x509, w->p[a->issuer].x509);
	OCSP_SINGLERESP *single;
	OCSP_RESPONSE *whole;
	unsigned char *p = NULL;
	int len;

	single = OCSP_basic_add1_status(
	    basic, id, a->status, a->reason, revoked, this, a->no_next ? NULL : next);
	assert_non_null(single);
	if (a->ext_oid != NULL)
		add_extension(basic, single, a);
	assert_int_equal(
	    OCSP_basic_sign(basic, signer->x509, signer->key, EVP_sha256(), NULL, flags), 1);
	whole = OCSP_response_create(OCSP_RESPONSE_STATUS_SUCCESSFUL, basic);
	len = a->bare ? i2d_OCSP_BASICRESP(basic, &p) : i2d_OCSP_RESPONSE(whole, &p);
	if (a->flip) {
		/* the signature lies just before the certificates: sign without them */
		assert_true(a->no_certs);
		p[len - 1] ^= 1;
	}
	OCSP_CERTID_free(id);
	OCSP_RESPONSE_free(whole);
	OCSP_BASICRESP_free(basic);
	ASN1_TIME_free(this);
	ASN1_TIME_free(next);
	ASN1_TIME_free(revoked);
	return keep(w, p, len);
}

static void
add_ocsp(struct world *w, const struct answer *a)
{
	assert_int_equal(
	    evidence_pool_add(&w->evidence, ocsp_make(w, a), false, EVIDENCE_DSS, 1, 0, 1), RC_OK);
}

static size_t
ask(struct world *w, enum who about)
{
	return revocation_find(&w->evidence, &w->pool, w->p[about].cert, w->p[CA].cert, w->out,
	    nitems(w->out), &w->gap);
}

#define BYTES(s)                                    \
	{                                           \
		(const uint8_t *)(s), sizeof(s) - 1 \
	}

static const struct {
	const char *name;
	struct answer a;
	size_t n;
	enum revocation_status status;
	enum revocation_gap gap;
	bool delegated;
} answers[] = {
    {"by the CA", {.signer = CA}, 1, REVOCATION_GOOD, REVOCATION_GAP_NONE, false},
    {"by the CA, key ID, no certificates", {.signer = CA, .by_key = true, .no_certs = true}, 1,
	REVOCATION_GOOD, REVOCATION_GAP_NONE, false},
    {"delegated", {.signer = RESPONDER}, 1, REVOCATION_GOOD, REVOCATION_GAP_NONE, true},
    {"delegated, key ID", {.signer = RESPONDER, .by_key = true}, 1, REVOCATION_GOOD,
	REVOCATION_GAP_NONE, true},
    {"bare", {.signer = RESPONDER, .bare = true}, 1, REVOCATION_GOOD, REVOCATION_GAP_NONE, true},
    {"SHA-256 certID", {.signer = RESPONDER, .md = (const EVP_MD *)-1}, 1, REVOCATION_GOOD,
	REVOCATION_GAP_NONE, true},
    {"no nextUpdate", {.signer = RESPONDER, .no_next = true}, 1, REVOCATION_GOOD,
	REVOCATION_GAP_NONE, true},
    {"revoked", {.signer = CA, .status = V_OCSP_CERTSTATUS_REVOKED, .reason = 1}, 1,
	REVOCATION_REVOKED, REVOCATION_GAP_NONE, false},
    {"revoked, no reason", {.signer = CA, .status = V_OCSP_CERTSTATUS_REVOKED, .reason = -1}, 1,
	REVOCATION_REVOKED, REVOCATION_GAP_NONE, false},
    {"on hold", {.signer = CA, .status = V_OCSP_CERTSTATUS_REVOKED, .reason = 6}, 1,
	REVOCATION_ON_HOLD, REVOCATION_GAP_NONE, false},
    {"unknown", {.signer = CA, .status = V_OCSP_CERTSTATUS_UNKNOWN}, 0, 0, REVOCATION_GAP_UNKNOWN,
	false},
    {"without the key purpose", {.signer = NO_EKU}, 0, 0, REVOCATION_GAP_AUTHORITY, false},
    {"by another CA", {.signer = OTHER}, 0, 0, REVOCATION_GAP_AUTHORITY, false},
    {"by a CA of that name", {.signer = TWIN}, 0, 0, REVOCATION_GAP_SIGNATURE, false},
    {"by its responder", {.signer = TWIN_RESPONDER}, 0, 0, REVOCATION_GAP_AUTHORITY, false},
    {"wrong signature", {.signer = CA, .no_certs = true, .flip = true}, 0, 0,
	REVOCATION_GAP_SIGNATURE, false},
    {"responder unknown", {.signer = RESPONDER, .no_certs = true}, 0, 0, REVOCATION_GAP_AUTHORITY,
	false},
    {"without no-check", {.signer = BARE}, 0, 0, REVOCATION_GAP_NOCHECK, false},
    {"about another", {.signer = CA, .about = BARE}, 0, 0, REVOCATION_GAP_NOTHING, false},
    {"same number, another CA", {.signer = CA, .issuer = TWIN}, 0, 0, REVOCATION_GAP_NOTHING,
	false},
    {"unknown critical extension",
	{.signer = CA, .ext_oid = "1.2.3.4", .ext_critical = true, .ext = BYTES("\x05\x00")}, 0, 0,
	REVOCATION_GAP_UNSUPPORTED, false},
    {"unknown extension", {.signer = CA, .ext_oid = "1.2.3.4", .ext = BYTES("\x05\x00")}, 1,
	REVOCATION_GOOD, REVOCATION_GAP_NONE, false},
    {"unknown critical extension of the response",
	{.signer = CA,
	    .ext_oid = "1.2.3.4",
	    .ext_critical = true,
	    .ext = BYTES("\x05\x00"),
	    .ext_of_response = true},
	0, 0, REVOCATION_GAP_UNSUPPORTED, false},
    {"unknown extension of the response",
	{.signer = CA, .ext_oid = "1.2.3.4", .ext = BYTES("\x05\x00"), .ext_of_response = true}, 1,
	REVOCATION_GOOD, REVOCATION_GAP_NONE, false},
    {"a nonce, critical",
	{.signer = CA,
	    .ext_oid = "1.3.6.1.5.5.7.48.1.2",
	    .ext_critical = true,
	    .ext = BYTES("\x04\x01x"),
	    .ext_of_response = true},
	1, REVOCATION_GOOD, REVOCATION_GAP_NONE, false},
    {"hash of another certificate",
	{.signer = CA,
	    .ext_oid = "1.3.36.8.3.13",
	    .ext = BYTES("\x30\x1f\x30\x07\x06\x05\x2b\x0e\x03\x02\x1a\x04\x14"
			 "12345678901234567890")},
	0, 0, REVOCATION_GAP_CERT_HASH, false},
};

static void
test_answers(void **state)
{
	struct world *w = *state;
	struct answer a;
	size_t i, n;

	for (i = 0; i < nitems(answers); i++) {
		a = answers[i].a;
		if (a.md != NULL)
			a.md = EVP_sha256();
		evidence_pool_init(&w->evidence, w->arena);
		add_ocsp(w, &a);
		n = ask(w, LEAF);
		if (n != answers[i].n || w->gap != answers[i].gap)
			fail_msg("%s: %zu answers, gap %d", answers[i].name, n, (int)w->gap);
		if (n == 0)
			continue;
		assert_int_equal(w->out[0].status, answers[i].status);
		assert_int_equal(w->out[0].delegated, answers[i].delegated);
		assert_int_equal(w->out[0].this_update, PKI_NOW);
		assert_int_equal(w->out[0].next_update, a.no_next ? WHEN_NONE : PKI_NOW + PKI_DAY);
		assert_int_equal(w->out[0].hash, HASH_SHA256);
		assert_int_equal(w->out[0].scheme, SCHEME_ECDSA);
		assert_ptr_equal(w->out[0].evidence, &w->evidence.v[0]);
		assert_ptr_equal(w->out[0].signer, w->p[a.signer].cert);
		assert_false(w->out[0].cert_hash_ok || w->out[0].self_issued);
		if (answers[i].status == REVOCATION_GOOD) {
			assert_int_equal(w->out[0].revoked_at, WHEN_NONE);
			continue;
		}
		assert_int_equal(w->out[0].revoked_at, PKI_NOW - 3 * PKI_DAY);
		assert_int_equal(w->out[0].reason, a.reason);
	}
}

/* Every octet of a response counts: changed, it never says that all is well. */
static void
test_flip_every_octet(void **state)
{
	struct world *w = *state;
	struct answer a = {
	    .signer = CA, .no_certs = true, .status = V_OCSP_CERTSTATUS_REVOKED, .reason = 1};
	struct der d = ocsp_make(w, &a);
	uint8_t copy[2048];
	struct der bad = {copy, d.len};
	struct cert_pool pool;
	struct arena *arena;
	size_t i, n;

	for (i = 0; i < d.len; i++) {
		memcpy(copy, d.p, d.len);
		copy[i] ^= 1;
		arena = arena_new(1 << 20);
		cert_pool_init(&pool, w->cache, arena);
		evidence_pool_init(&w->evidence, arena);
		assert_int_equal(
		    evidence_pool_add(&w->evidence, bad, false, EVIDENCE_DSS, 1, 0, 1), RC_OK);
		n = revocation_find(&w->evidence, &pool, w->p[LEAF].cert, w->p[CA].cert, w->out,
		    nitems(w->out), &w->gap);
		/* an envelope in other words is still the same statement */
		if (n != 0)
			assert_int_equal(w->out[0].status, REVOCATION_REVOKED);
		arena_free(arena);
	}
}

/* Any number of newer good answers leaves a "revoked" in the list. */
static void
test_crowded(void **state)
{
	struct world *w = *state;
	struct answer a = {.signer = CA, .status = V_OCSP_CERTSTATUS_REVOKED, .reason = -1};
	size_t i;

	add_ocsp(w, &a);
	a.status = V_OCSP_CERTSTATUS_GOOD;
	for (i = 1; i <= REVOCATION_MAX + 4; i++) {
		a.at = PKI_NOW + (int64_t)i;
		add_ocsp(w, &a);
	}
	assert_true(ask(w, LEAF) > 1);
	assert_int_equal(w->out[0].status, REVOCATION_REVOKED);
	assert_int_equal(w->out[1].status, REVOCATION_GOOD);
	assert_int_equal(w->out[1].this_update, a.at);
	/* remembered, and asked anew when there is more evidence */
	assert_true(ask(w, LEAF) > 1);
	a.at++;
	add_ocsp(w, &a);
	assert_true(ask(w, LEAF) > 1);
	assert_int_equal(w->out[1].this_update, a.at);
}

static void
test_cert_hash(void **state)
{
	/* SHA-256: 2.16.840.1.101.3.4.2.1 */
	static const uint8_t head[] = {0x30, 0x2f, 0x30, 0x0b, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01,
	    0x65, 0x03, 0x04, 0x02, 0x01, 0x04, 0x20};
	struct world *w = *state;
	uint8_t value[64];
	struct answer a = {.signer = CA, .ext_oid = "1.3.36.8.3.13", .ext = {value, 0}};

	memcpy(value, head, sizeof(head));
	memcpy(value + 17, w->p[LEAF].cert->sha256, 32);
	a.ext.len = 49;
	add_ocsp(w, &a);
	assert_int_equal(ask(w, LEAF), 1);
	assert_true(w->out[0].cert_hash_ok);
}

static void
test_archive_cutoff(void **state)
{
	struct world *w = *state;
	struct answer a = {.signer = CA,
	    .ext_oid = "1.3.6.1.5.5.7.48.1.6",
	    .ext = BYTES("\x18\x0f"
			 "20200101000000Z")};
	struct answer bad = {.signer = CA,
	    .at = PKI_NOW + 5,
	    .ext_oid = "1.3.6.1.5.5.7.48.1.6",
	    .ext = BYTES("\x18\x10"
			 "-0011129230216Z\x20")};

	add_ocsp(w, &a);
	add_ocsp(w, &bad);
	assert_int_equal(ask(w, LEAF), 2);
	assert_int_equal(w->out[0].archive_cutoff, WHEN_NONE);
	assert_int_equal(w->out[1].archive_cutoff, when_from_utc(2020, 1, 1, 0, 0, 0));
}

/* Newest first, at most what fits; the same bytes once. */
static void
test_order(void **state)
{
	struct world *w = *state;
	struct answer a = {.signer = CA};
	struct der same;
	int i;

	for (i = 0; i < 6; i++) {
		a.at = PKI_NOW + (i * 5 % 6) * 1000;
		add_ocsp(w, &a);
	}
	assert_int_equal(ask(w, LEAF), 4);
	for (i = 0; i < 4; i++)
		assert_int_equal(w->out[i].this_update, PKI_NOW + (5 - i) * 1000);
	same = w->evidence.v[0].der;
	assert_int_equal(
	    evidence_pool_add(&w->evidence, same, false, EVIDENCE_CMS, 0, 3, 2), RC_OK);
	assert_int_equal(w->evidence.n, 6);
}

/* The responder's certificate lies in the document, not in the response. */
static void
test_responder_from_pool(void **state)
{
	struct world *w = *state;
	struct answer a = {.signer = RESPONDER, .no_certs = true};

	pki_get(&w->p[TWIN_RESPONDER], w->cache, &w->pool); /* the same name */
	pki_get(&w->p[RESPONDER], w->cache, &w->pool);
	add_ocsp(w, &a);
	assert_int_equal(ask(w, LEAF), 1);
	assert_ptr_equal(w->out[0].signer, w->p[RESPONDER].cert);
}

static void
test_pool_certs(void **state)
{
	struct world *w = *state;
	struct answer a = {.signer = RESPONDER};
	size_t before = w->pool.n;

	add_ocsp(w, &a);
	assert_int_equal(evidence_pool_certs(&w->evidence, &w->pool), RC_OK);
	assert_int_equal(w->pool.n, before + 1);
	assert_ptr_equal(w->pool.certs[before], w->p[RESPONDER].cert);
	assert_int_equal(w->pool.origin[before], CERT_FROM_OCSP);
}

/* --- CRL --- */

struct list {
	enum who signer, issuer; /* whose key, whose name */
	int64_t serial;          /* listed; 0: none */
	int reason;              /* -1: absent */
	int64_t at;              /* thisUpdate; 0: PKI_NOW */
	bool no_next, flip, delta, unknown_critical, entry_critical;
	bool idp, only_user, only_ca, only_attribute, indirect, some_reasons;
	const char *point; /* URL of the IDP */
	int64_t expired_certs;
	size_t more; /* that many other entries */
};

static void
list_idp(X509_CRL *crl, const struct list *l)
{
	ISSUING_DIST_POINT *idp = ISSUING_DIST_POINT_new();
	GENERAL_NAME *name;

	idp->onlyuser = l->only_user ? 0xff : 0;
	idp->onlyCA = l->only_ca ? 0xff : 0;
	idp->onlyattr = l->only_attribute ? 0xff : 0;
	idp->indirectCRL = l->indirect ? 0xff : 0;
	if (l->some_reasons) {
		idp->onlysomereasons = ASN1_BIT_STRING_new();
		ASN1_BIT_STRING_set_bit(idp->onlysomereasons, 1, 1);
	}
	if (l->point != NULL) {
		idp->distpoint = DIST_POINT_NAME_new();
		idp->distpoint->type = 0;
		idp->distpoint->name.fullname = GENERAL_NAMES_new();
		name = GENERAL_NAME_new();
		name->type = GEN_URI;
		name->d.ia5 = ASN1_IA5STRING_new();
		ASN1_STRING_set(name->d.ia5, l->point, -1);
		sk_GENERAL_NAME_push(idp->distpoint->name.fullname, name);
	}
	assert_int_equal(X509_CRL_add1_ext_i2d(crl, NID_issuing_distribution_point, idp, 1, 0), 1);
	ISSUING_DIST_POINT_free(idp);
}

static void
list_entry(X509_CRL *crl, int64_t serial, int reason, bool critical)
{
	X509_REVOKED *r = X509_REVOKED_new();
	ASN1_INTEGER *n = ASN1_INTEGER_new();
	ASN1_TIME *t = ASN1_TIME_set(NULL, PKI_NOW - 3 * PKI_DAY);
	ASN1_ENUMERATED *e = ASN1_ENUMERATED_new();

	ASN1_INTEGER_set_int64(n, serial);
	X509_REVOKED_set_serialNumber(r, n);
	X509_REVOKED_set_revocationDate(r, t);
	if (reason >= 0) {
		ASN1_ENUMERATED_set(e, reason);
		assert_int_equal(X509_REVOKED_add1_ext_i2d(r, NID_crl_reason, e, 0, 0), 1);
	}
	if (critical)
		assert_int_equal(X509_REVOKED_add1_ext_i2d(r, NID_crl_number, n, 1, 0), 1);
	assert_int_equal(X509_CRL_add0_revoked(crl, r), 1);
	ASN1_INTEGER_free(n);
	ASN1_ENUMERATED_free(e);
	ASN1_TIME_free(t);
}

static void
list_extensions(X509_CRL *crl, const struct list *l)
{
	ASN1_INTEGER *one = ASN1_INTEGER_new();
	ASN1_GENERALIZEDTIME *t;
	X509_EXTENSION *e;
	ASN1_OBJECT *obj;
	unsigned char *p = NULL;
	ASN1_OCTET_STRING *os = ASN1_OCTET_STRING_new();
	int len;

	ASN1_INTEGER_set(one, 1);
	if (l->delta)
		assert_int_equal(X509_CRL_add1_ext_i2d(crl, NID_delta_crl, one, 1, 0), 1);
	if (l->unknown_critical)
		assert_int_equal(X509_CRL_add1_ext_i2d(crl, NID_inhibit_any_policy, one, 1, 0), 1);
	if (l->idp)
		list_idp(crl, l);
	if (l->expired_certs != 0) {
		t = ASN1_GENERALIZEDTIME_set(NULL, l->expired_certs);
		len = i2d_ASN1_GENERALIZEDTIME(t, &p);
		ASN1_OCTET_STRING_set(os, p, len);
		obj = OBJ_txt2obj("2.5.29.60", 1);
		e = X509_EXTENSION_create_by_OBJ(NULL, obj, 0, os);
		assert_int_equal(X509_CRL_add_ext(crl, e, -1), 1);
		X509_EXTENSION_free(e);
		ASN1_OBJECT_free(obj);
		OPENSSL_free(p);
		ASN1_GENERALIZEDTIME_free(t);
	}
	ASN1_OCTET_STRING_free(os);
	ASN1_INTEGER_free(one);
}

static struct der
crl_make(struct world *w, const struct list *l)
{
	X509_CRL *crl = X509_CRL_new();
	int64_t at = l->at != 0 ? l->at : PKI_NOW;
	ASN1_TIME *this = ASN1_TIME_set(NULL, at), *next = ASN1_TIME_set(NULL, at + 7 * PKI_DAY);
	unsigned char *p = NULL;
	size_t i;
	int len;

	X509_CRL_set_version(crl, 1);
	X509_CRL_set_issuer_name(crl, X509_get_subject_name(w->p[l->issuer].x509));
	X509_CRL_set1_lastUpdate(crl, this);
	if (!l->no_next)
		X509_CRL_set1_nextUpdate(crl, next);
	for (i = 0; i < l->more; i++)
		list_entry(crl, 1000000 + (int64_t)i, i % 3 == 0 ? 4 : -1, false);
	if (l->serial != 0)
		list_entry(crl, l->serial, l->reason, l->entry_critical);
	list_extensions(crl, l);
	assert_true(X509_CRL_sign(crl, w->p[l->signer].key, EVP_sha256()) > 0);
	len = i2d_X509_CRL(crl, &p);
	if (l->flip)
		p[len - 1] ^= 1;
	X509_CRL_free(crl);
	ASN1_TIME_free(this);
	ASN1_TIME_free(next);
	return keep(w, p, len);
}

static void
add_crl(struct world *w, const struct list *l)
{
	assert_int_equal(
	    evidence_pool_add(&w->evidence, crl_make(w, l), true, EVIDENCE_DSS, 1, 0, 1), RC_OK);
}

static const struct {
	const char *name;
	struct list l;
	size_t n;
	enum revocation_status status;
	enum revocation_gap gap;
} lists[] = {
    {"empty", {.reason = -1}, 1, REVOCATION_GOOD, REVOCATION_GAP_NONE},
    {"others", {.more = 5}, 1, REVOCATION_GOOD, REVOCATION_GAP_NONE},
    {"listed", {.serial = 77, .reason = -1, .more = 5}, 1, REVOCATION_REVOKED, REVOCATION_GAP_NONE},
    {"key compromise", {.serial = 77, .reason = 1}, 1, REVOCATION_REVOKED, REVOCATION_GAP_NONE},
    {"on hold", {.serial = 77, .reason = 6}, 1, REVOCATION_ON_HOLD, REVOCATION_GAP_NONE},
    {"removed", {.serial = 77, .reason = 8}, 1, REVOCATION_GOOD, REVOCATION_GAP_NONE},
    {"no nextUpdate", {.no_next = true}, 1, REVOCATION_GOOD, REVOCATION_GAP_NONE},
    {"of another CA", {.signer = OTHER, .issuer = OTHER}, 0, 0, REVOCATION_GAP_NOTHING},
    {"another's key", {.signer = OTHER}, 0, 0, REVOCATION_GAP_SIGNATURE},
    {"look-alike's key", {.signer = TWIN, .issuer = TWIN}, 0, 0, REVOCATION_GAP_SIGNATURE},
    {"wrong signature", {.flip = true}, 0, 0, REVOCATION_GAP_SIGNATURE},
    {"next key of the CA", {.signer = RENEWED}, 1, REVOCATION_GOOD, REVOCATION_GAP_NONE},
    {"delta", {.delta = true}, 0, 0, REVOCATION_GAP_DELTA},
    {"unknown critical", {.unknown_critical = true}, 0, 0, REVOCATION_GAP_UNSUPPORTED},
    {"critical entry extension", {.serial = 5, .reason = -1, .entry_critical = true}, 0, 0,
	REVOCATION_GAP_UNSUPPORTED},
    {"users only", {.idp = true, .only_user = true}, 1, REVOCATION_GOOD, REVOCATION_GAP_NONE},
    {"CAs only", {.idp = true, .only_ca = true}, 0, 0, REVOCATION_GAP_NOTHING},
    {"attributes only", {.idp = true, .only_attribute = true}, 0, 0, REVOCATION_GAP_NOTHING},
    {"indirect", {.idp = true, .indirect = true}, 0, 0, REVOCATION_GAP_INDIRECT},
    {"some reasons", {.idp = true, .some_reasons = true}, 0, 0, REVOCATION_GAP_REASONS},
    {"its point", {.idp = true, .point = "http://crl.example/a.crl"}, 1, REVOCATION_GOOD,
	REVOCATION_GAP_NONE},
    {"another point", {.idp = true, .point = "http://crl.example/b.crl"}, 0, 0,
	REVOCATION_GAP_SCOPE},
    {"delta, listed", {.delta = true, .serial = 77, .reason = 3}, 1, REVOCATION_REVOKED,
	REVOCATION_GAP_NONE},
    {"delta, removed", {.delta = true, .serial = 77, .reason = 8}, 0, 0, REVOCATION_GAP_DELTA},
    {"some reasons, listed", {.idp = true, .some_reasons = true, .serial = 77, .reason = 1}, 1,
	REVOCATION_REVOKED, REVOCATION_GAP_NONE},
    {"removed", {.serial = 77, .reason = 8}, 1, REVOCATION_GOOD, REVOCATION_GAP_NONE},
    {"long", {.more = 4000}, 1, REVOCATION_GOOD, REVOCATION_GAP_NONE},
    {"long, listed", {.more = 4000, .serial = 77, .reason = 3}, 1, REVOCATION_REVOKED,
	REVOCATION_GAP_NONE},
};

static void
test_lists(void **state)
{
	struct world *w = *state;
	size_t i, n;

	pki_get(&w->p[RENEWED], w->cache, &w->pool);
	pki_get(&w->p[TWIN], w->cache, &w->pool);
	for (i = 0; i < nitems(lists); i++) {
		evidence_pool_init(&w->evidence, w->arena);
		add_crl(w, &lists[i].l);
		n = ask(w, LEAF);
		if (n != lists[i].n || w->gap != lists[i].gap)
			fail_msg("%s: %zu answers, gap %d", lists[i].name, n, (int)w->gap);
		if (n == 0)
			continue;
		if (w->out[0].status != lists[i].status)
			fail_msg("%s: status %d", lists[i].name, (int)w->out[0].status);
		assert_int_equal(w->out[0].this_update, PKI_NOW);
		assert_int_equal(w->out[0].produced_at, PKI_NOW);
		assert_int_equal(
		    w->out[0].next_update, lists[i].l.no_next ? WHEN_NONE : PKI_NOW + 7 * PKI_DAY);
		assert_int_equal(w->out[0].revoked_at,
		    lists[i].status == REVOCATION_GOOD ? WHEN_NONE : PKI_NOW - 3 * PKI_DAY);
	}
}

/* The only certificate of the CA at hand may not sign lists. */
static void
test_no_crl_sign(void **state)
{
	struct world *w = *state;
	struct list l = {.signer = NO_CRL_SIGN, .reason = -1};

	add_crl(w, &l);
	assert_int_equal(revocation_find(&w->evidence, &w->pool, w->p[LEAF].cert,
			     w->p[NO_CRL_SIGN].cert, w->out, nitems(w->out), &w->gap),
	    0);
	assert_int_equal(w->gap, REVOCATION_GAP_SIGNATURE); /* tried with the other CA's key */
	cert_pool_init(&w->pool, w->cache, w->arena);
	assert_int_equal(revocation_find(&w->evidence, &w->pool, w->p[LEAF].cert,
			     w->p[NO_CRL_SIGN].cert, w->out, nitems(w->out), &w->gap),
	    0);
	assert_int_equal(w->gap, REVOCATION_GAP_AUTHORITY);
}

static void
test_expired_certs(void **state)
{
	struct world *w = *state;
	struct list l = {.expired_certs = PKI_NOW - 1000 * PKI_DAY};

	add_crl(w, &l);
	assert_int_equal(ask(w, LEAF), 1);
	assert_int_equal(w->out[0].archive_cutoff, PKI_NOW - 1000 * PKI_DAY);
}

/* O3: a responder without no-check, and what a CRL says about it. */
static void
test_responder_checked(void **state)
{
	struct world *w = *state;
	struct answer a = {.signer = BARE};
	int64_t now = (int64_t)time(NULL); /* producedAt is OpenSSL's: the clock */
	struct list good = {.reason = -1, .at = now}, stale = {.at = now - 30 * PKI_DAY};
	struct list revoked = {.serial = ASN1_INTEGER_get(X509_get0_serialNumber(w->p[BARE].x509)),
	    .reason = 1,
	    .at = now + 100};
	struct answer self = {.signer = BARE, .about = BARE};

	add_ocsp(w, &a);
	add_ocsp(w, &self); /* its own word does not count */
	assert_int_equal(ask(w, LEAF), 0);
	assert_int_equal(w->gap, REVOCATION_GAP_NOCHECK);
	add_crl(w, &stale);
	assert_int_equal(ask(w, LEAF), 1); /* the stale list itself, about the leaf */
	assert_true(w->out[0].evidence->is_crl);
	add_crl(w, &good);
	assert_int_equal(ask(w, LEAF), 3);
	evidence_pool_init(&w->evidence, w->arena);
	add_ocsp(w, &a);
	add_crl(w, &good);
	add_crl(w, &revoked);
	assert_int_equal(ask(w, LEAF), 2); /* the two lists, and no response */
	assert_true(w->out[0].evidence->is_crl && w->out[1].evidence->is_crl);
}

/* What was asked for says when it came; what the document holds as well is the document's. */
static void
test_online(void **state)
{
	struct world *w = *state;
	struct answer a = {.signer = BARE}, direct = {.signer = CA};
	int64_t now = (int64_t)time(NULL);
	struct list good = {.reason = -1, .at = now};
	struct der list = crl_make(w, &good), word = ocsp_make(w, &a);

	evidence_pool_init(&w->evidence, w->arena);
	assert_int_equal(
	    evidence_pool_add(&w->evidence, word, false, EVIDENCE_DSS, 1, 0, 1), RC_OK);
	assert_int_equal(w->evidence.v[0].asked, WHEN_NONE);
	assert_int_equal(ask(w, LEAF), 0);
	assert_ptr_equal(
	    revocation_unconfirmed(&w->evidence, &w->pool, w->p[LEAF].cert, w->p[CA].cert),
	    w->p[BARE].cert);
	assert_int_equal(evidence_pool_add_online(&w->evidence, word, false, 100), RC_OK);
	assert_int_equal(w->evidence.n, 1);
	assert_int_equal(w->evidence.v[0].asked, WHEN_NONE);
	assert_int_equal(evidence_pool_add_online(&w->evidence, list, true, 200), RC_OK);
	assert_int_equal(w->evidence.v[1].asked, 200);
	assert_int_equal(w->evidence.v[1].origin, EVIDENCE_ONLINE);
	assert_int_equal(w->evidence.v[1].since, EVIDENCE_NOWHERE);
	/* the list, and the document's own word, which stands on the list */
	assert_int_equal(ask(w, LEAF), 2);
	assert_int_equal(w->out[0].asked, 200);
	assert_int_equal(w->out[1].asked, 200);
	assert_null(revocation_unconfirmed(&w->evidence, &w->pool, w->p[LEAF].cert, w->p[CA].cert));
	evidence_pool_init(&w->evidence, w->arena);
	add_ocsp(w, &direct);
	add_crl(w, &good);
	assert_int_equal(ask(w, LEAF), 2);
	assert_int_equal(w->out[0].asked, WHEN_NONE);
	assert_int_equal(w->out[1].asked, WHEN_NONE);
}

/* The index of a long list that is asked often says what a walk says. */
static void
test_index(void **state)
{
	struct world *w = *state;
	struct list l = {.more = 4000, .serial = 77, .reason = 3};
	struct crl crl;
	struct crl_entry e;
	uint8_t serial[4] = {0, 0x0f, 0x42, 0x40}; /* 1000000 */
	struct der s = {serial + 1, 3};
	size_t i;

	assert_int_equal(crl_parse(&crl, crl_make(w, &l)), RC_OK);
	for (i = 0; i < 4000; i++) {
		serial[1] = (uint8_t)((1000000 + i) >> 16);
		serial[2] = (uint8_t)((1000000 + i) >> 8);
		serial[3] = (uint8_t)(1000000 + i);
		assert_true(crl_lookup(&crl, w->arena, s, &e));
		assert_int_equal(e.reason, i % 3 == 0 ? 4 : -1);
		assert_int_equal(e.revoked_at, PKI_NOW - 3 * PKI_DAY);
	}
	assert_non_null(crl.index);
	serial[3]++;
	assert_false(crl_lookup(&crl, w->arena, s, &e));
	s.p--; /* a leading zero */
	s.len++;
	serial[3]--;
	assert_true(crl_lookup(&crl, w->arena, s, &e));
}

/* No cut or junk is taken for evidence. */
static void
test_damage(void **state)
{
	struct world *w = *state;
	struct answer a = {.signer = RESPONDER};
	struct list l = {.serial = 77, .reason = 1, .idp = true, .only_user = true};
	struct der d[2] = {ocsp_make(w, &a), crl_make(w, &l)}, cut;
	struct ocsp ocsp;
	struct crl crl;
	uint8_t *copy;
	size_t i, k;

	for (k = 0; k < 2; k++) {
		for (i = 0; i < d[k].len; i++) {
			assert_non_null(copy = malloc(i + 1));
			memcpy(copy, d[k].p, i);
			cut.p = copy;
			cut.len = i;
			assert_int_equal(
			    k == 0 ? ocsp_parse(&ocsp, w->arena, cut) : crl_parse(&crl, cut),
			    RC_FORMAT);
			free(copy);
		}
	}
}

/* Whatever octet stands anywhere in it: "revoked" never becomes "good". */
static void
test_other_octets(void **state)
{
	static const uint8_t octets[] = {
	    0x00, 0x01, 0x02, 0x03, 0x04, 0x05, 0x17, 0x30, 0x80, 0x82, 0xa0, 0xa1, 0xa2, 0xa3};
	struct world *w = *state;
	struct answer a = {.signer = CA,
	    .no_certs = true,
	    .status = V_OCSP_CERTSTATUS_REVOKED,
	    .reason = 1,
	    .ext_oid = "1.2.3.4",
	    .ext = BYTES("\x05\x00"),
	    .ext_of_response = true};
	struct list l = {.serial = 77, .reason = 1, .idp = true, .only_user = true};
	struct der d[2] = {ocsp_make(w, &a), crl_make(w, &l)};
	uint8_t copy[2048];
	struct cert_pool pool;
	struct arena *arena;
	size_t i, j, k, n;

	for (k = 0; k < 2; k++) {
		struct der bad = {copy, d[k].len};
		size_t told = 0;

		assert_true(d[k].len <= sizeof(copy));
		memcpy(copy, d[k].p, d[k].len);
		for (i = 0; i < d[k].len; i++) {
			for (j = 0; j < nitems(octets); j++) {
				copy[i] = octets[j];
				arena = arena_new(1 << 20);
				cert_pool_init(&pool, w->cache, arena);
				evidence_pool_init(&w->evidence, arena);
				assert_int_equal(evidence_pool_add(&w->evidence, bad, k == 1,
						     EVIDENCE_DSS, 1, 0, 1),
				    RC_OK);
				n = revocation_find(&w->evidence, &pool, w->p[LEAF].cert,
				    w->p[CA].cert, w->out, nitems(w->out), &w->gap);
				if (n != 0 && w->out[0].status != REVOCATION_REVOKED)
					fail_msg("%zu: octet %zu: %02x", k, i, octets[j]);
				told += n;
				arena_free(arena);
			}
			copy[i] = d[k].p[i];
		}
		assert_true(told > 0); /* where the octet was the same */
	}
}

static void
test_unsuccessful(void **state)
{
	struct world *w = *state;
	struct der try_later = BYTES("\x30\x03\x0a\x01\x03");
	struct ocsp ocsp;

	assert_int_equal(ocsp_parse(&ocsp, w->arena, try_later), RC_FORMAT);
}

int
main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {T(test_answers), T(test_flip_every_octet),
	    T(test_crowded), T(test_cert_hash), T(test_archive_cutoff), T(test_order),
	    T(test_responder_from_pool), T(test_pool_certs), T(test_lists), T(test_no_crl_sign),
	    T(test_expired_certs), T(test_responder_checked), T(test_online), T(test_index),
	    T(test_damage), T(test_other_octets), T(test_unsuccessful)};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
