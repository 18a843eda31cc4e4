/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Certification paths: right ones, wrong ones, several, circles. */
#include <stdlib.h>

#include <openssl/objects.h>

#include "pkimake.h"
#include "caps.h"
#include "when.h"

#define nitems(a) (sizeof(a) / sizeof((a)[0]))
#define CA_USAGE                                              \
	{                                                     \
		NID_key_usage, "critical,keyCertSign,cRLSign" \
	}

#define REQUIRE                                                            \
	{                                                                  \
		NID_policy_constraints, "critical,requireExplicitPolicy:0" \
	}
#define POLICY_A "DER:3007300506032a0304"
#define POLICY_B "DER:3007300506032a0305"

struct world {
	struct cert_cache *cache;
	struct arena *arena;
	struct cert_pool pool;
	struct anchor v[4];
	struct anchors anchors;
	struct pki root, ca, leaf;
	struct chain chain;
};

static void
trust(struct world *w, struct pki *p, unsigned purposes)
{
	struct anchor *a = &w->v[w->anchors.n++];

	a->cert = pki_get(p, w->cache, NULL);
	a->purposes = purposes;
	a->from = a->until = WHEN_NONE;
	a->name = "anchor";
}

static int
setup(void **state)
{
	struct world *w = calloc(1, sizeof(*w));
	struct pki_recipe root = {.cn = "Akar Uji", .basic = PKI_CA, .ext = {CA_USAGE}};
	struct pki_recipe ca = {
	    .cn = "Penerbit Uji", .issuer = &w->root, .basic = PKI_CA, .ext = {CA_USAGE}};
	struct pki_recipe leaf = {.cn = "Dewi Contoh", .issuer = &w->ca};

	w->cache = cert_cache_new();
	w->arena = arena_new(1 << 20);
	cert_pool_init(&w->pool, w->cache, w->arena);
	w->anchors.v = w->v;
	pki_make(&w->root, &root);
	pki_make(&w->ca, &ca);
	pki_make(&w->leaf, &leaf);
	pki_get(&w->leaf, w->cache, &w->pool);
	*state = w;
	return 0;
}

static int
teardown(void **state)
{
	struct world *w = *state;

	pki_free(&w->root);
	pki_free(&w->ca);
	pki_free(&w->leaf);
	cert_cache_free(w->cache);
	arena_free(w->arena);
	free(w);
	return 0;
}

static bool
build(struct world *w, struct pki *leaf, enum anchor_purpose purpose, unsigned try)
{
	return chain_build(
	    &w->chain, &w->pool, &w->anchors, pki_get(leaf, w->cache, NULL), purpose, try);
}

static void
test_good(void **state)
{
	struct world *w = *state;
	int i;

	trust(w, &w->root, ANCHOR_SIGNER);
	pki_get(&w->ca, w->cache, &w->pool);
	for (i = 0; i < 2; i++) { /* the second time from memory */
		assert_true(build(w, &w->leaf, ANCHOR_SIGNER, 0));
		assert_int_equal(w->chain.status, CHAIN_TRUSTED);
		assert_int_equal(w->chain.n, 3);
		assert_ptr_equal(w->chain.certs[0], w->leaf.cert);
		assert_ptr_equal(w->chain.certs[1], w->ca.cert);
		assert_ptr_equal(w->chain.certs[2], w->root.cert);
		assert_ptr_equal(w->chain.anchor, &w->v[0]);
		assert_false(build(w, &w->leaf, ANCHOR_SIGNER, 1));
	}
}

/* An anchor for signers is none for timestamps. */
static void
test_purpose(void **state)
{
	struct world *w = *state;

	trust(w, &w->root, ANCHOR_SIGNER);
	pki_get(&w->ca, w->cache, &w->pool);
	assert_true(build(w, &w->leaf, ANCHOR_TSA, 0));
	assert_int_equal(w->chain.status, CHAIN_UNTRUSTED);
	assert_null(w->chain.anchor);
	assert_false(build(w, &w->leaf, ANCHOR_TSA, 1));
}

/* Without the CA there is no path; with the CA and no anchor neither. */
static void
test_incomplete(void **state)
{
	struct world *w = *state;

	trust(w, &w->root, ANCHOR_SIGNER);
	assert_true(build(w, &w->leaf, ANCHOR_SIGNER, 0));
	assert_int_equal(w->chain.status, CHAIN_UNTRUSTED);
	assert_int_equal(w->chain.n, 1);
	w->anchors.n = 0;
	pki_get(&w->ca, w->cache, &w->pool);
	pki_get(&w->root, w->cache, &w->pool);
	assert_true(build(w, &w->leaf, ANCHOR_SIGNER, 0));
	assert_int_equal(w->chain.status, CHAIN_UNTRUSTED);
	assert_int_equal(w->chain.n, 3);
}

static void
test_anchor_itself(void **state)
{
	struct world *w = *state;

	trust(w, &w->leaf, ANCHOR_SIGNER);
	assert_true(build(w, &w->leaf, ANCHOR_SIGNER, 0));
	assert_int_equal(w->chain.status, CHAIN_TRUSTED);
	assert_int_equal(w->chain.n, 1);
}

/* An issuing CA as the anchor: the path ends there, its root being unknown. */
static void
test_partial(void **state)
{
	struct world *w = *state;

	trust(w, &w->ca, ANCHOR_SIGNER);
	assert_true(build(w, &w->leaf, ANCHOR_SIGNER, 0));
	assert_int_equal(w->chain.status, CHAIN_TRUSTED);
	assert_int_equal(w->chain.n, 2);
}

/* The name of the root, the key of somebody else. */
static void
test_look_alike(void **state)
{
	struct world *w = *state;
	struct pki evil_root, evil_ca, leaf;
	struct pki_recipe r = {.cn = "Akar Uji", .basic = PKI_CA, .ext = {CA_USAGE}};

	pki_make(&evil_root, &r);
	r.cn = "Penerbit Uji";
	r.issuer = &evil_root;
	pki_make(&evil_ca, &r);
	r = (struct pki_recipe){.cn = "Dewi Contoh", .issuer = &evil_ca, .no_ids = true};
	pki_make(&leaf, &r);
	trust(w, &w->root, ANCHOR_SIGNER | ANCHOR_TSA);
	pki_get(&evil_root, w->cache, &w->pool);
	pki_get(&evil_ca, w->cache, &w->pool);
	pki_get(&w->ca, w->cache, &w->pool);
	assert_true(build(w, &leaf, ANCHOR_SIGNER, 0));
	assert_int_equal(w->chain.status, CHAIN_UNTRUSTED);
	pki_free(&evil_root);
	pki_free(&evil_ca);
	pki_free(&leaf);
}

/* CA certificates that break a rule, between a good root and a leaf. */
static const struct {
	const char *name, *basic;
	struct pki_ext ext[3];
	const char *leaf_basic;
	struct pki_ext leaf_ext;
	enum chain_status status;
} rules[] = {
    {"good", PKI_CA, {CA_USAGE}, NULL, {0, NULL}, CHAIN_TRUSTED},
    {"no CA", "critical,CA:FALSE", {CA_USAGE}, NULL, {0, NULL}, CHAIN_BROKEN},
    {"no basic constraints", "", {{0, NULL}}, NULL, {0, NULL}, CHAIN_BROKEN},
    {"no keyCertSign", PKI_CA, {{NID_key_usage, "critical,cRLSign"}}, NULL, {0, NULL},
	CHAIN_BROKEN},
    {"path length 0, leaf", "critical,CA:TRUE,pathlen:0", {CA_USAGE}, NULL, {0, NULL},
	CHAIN_TRUSTED},
    {"unknown critical", PKI_CA, {CA_USAGE, {NID_netscape_comment, "critical,x"}}, NULL, {0, NULL},
	CHAIN_BROKEN},
    {"unknown critical in the leaf", PKI_CA, {CA_USAGE}, NULL, {NID_netscape_comment, "critical,x"},
	CHAIN_BROKEN},
    {"known critical in the leaf", PKI_CA, {CA_USAGE}, NULL,
	{NID_qcStatements, "critical,DER:300a3008060604008e460104"}, CHAIN_TRUSTED},
    {"excluded name", PKI_CA,
	{CA_USAGE, {NID_name_constraints, "critical,excluded;email:.example"}}, NULL,
	{NID_subject_alt_name, "email:dewi@contoh.example"}, CHAIN_BROKEN},
    {"constraints, not a CA", "",
	{CA_USAGE, {NID_name_constraints, "critical,permitted;email:.example"}}, NULL,
	{NID_subject_alt_name, "email:dewi@contoh.example"}, CHAIN_BROKEN},
    {"permitted name", PKI_CA,
	{CA_USAGE, {NID_name_constraints, "critical,permitted;email:.example"}}, NULL,
	{NID_subject_alt_name, "email:dewi@contoh.example"}, CHAIN_TRUSTED},
    {"name not permitted", PKI_CA,
	{CA_USAGE, {NID_name_constraints, "critical,permitted;email:.test"}}, NULL,
	{NID_subject_alt_name, "email:dewi@contoh.example"}, CHAIN_BROKEN},
    {"policy wanted, there", PKI_CA, {CA_USAGE, REQUIRE, {NID_certificate_policies, POLICY_A}},
	NULL, {NID_certificate_policies, POLICY_A}, CHAIN_TRUSTED},
    {"policy wanted, another", PKI_CA, {CA_USAGE, REQUIRE, {NID_certificate_policies, POLICY_A}},
	NULL, {NID_certificate_policies, POLICY_B}, CHAIN_BROKEN},
    {"policy wanted, none", PKI_CA,
	{CA_USAGE, {NID_policy_constraints, "critical,requireExplicitPolicy:0"}}, NULL, {0, NULL},
	CHAIN_BROKEN},
};

static void
test_rules(void **state)
{
	struct world *w = *state;
	struct pki ca, leaf;
	struct pki_recipe r;
	size_t i;

	trust(w, &w->root, ANCHOR_SIGNER);
	for (i = 0; i < nitems(rules); i++) {
		r = (struct pki_recipe){.cn = "Penerbit Lain",
		    .issuer = &w->root,
		    .basic = rules[i].basic,
		    .ext = {rules[i].ext[0], rules[i].ext[1], rules[i].ext[2]}};
		pki_make(&ca, &r);
		r = (struct pki_recipe){.cn = "Budi Contoh",
		    .issuer = &ca,
		    .basic = rules[i].leaf_basic,
		    .ext = {rules[i].leaf_ext}};
		pki_make(&leaf, &r);
		pki_get(&ca, w->cache, &w->pool);
		assert_true(build(w, &leaf, ANCHOR_SIGNER, 0));
		if (w->chain.status != rules[i].status)
			fail_msg("%s: status %d, want %d (%s)", rules[i].name, (int)w->chain.status,
			    (int)rules[i].status, w->chain.error);
		assert_int_equal(w->chain.error[0] != '\0', rules[i].status == CHAIN_BROKEN);
		assert_int_equal(w->chain.n, 3);
		pki_free(&ca);
		pki_free(&leaf);
	}
}

/* pathlen:0 at the first CA forbids a second one; self-issued ones don't count. */
static void
test_path_length(void **state)
{
	struct world *w = *state;
	struct pki one, two, leaf;
	struct pki_recipe r = {.cn = "Penerbit Satu",
	    .issuer = &w->root,
	    .basic = "critical,CA:TRUE,pathlen:0",
	    .ext = {CA_USAGE}};

	trust(w, &w->root, ANCHOR_SIGNER);
	pki_make(&one, &r);
	r = (struct pki_recipe){
	    .cn = "Penerbit Dua", .issuer = &one, .basic = PKI_CA, .ext = {CA_USAGE}};
	pki_make(&two, &r);
	r = (struct pki_recipe){.cn = "Budi Contoh", .issuer = &two};
	pki_make(&leaf, &r);
	pki_get(&one, w->cache, &w->pool);
	pki_get(&two, w->cache, &w->pool);
	assert_true(build(w, &leaf, ANCHOR_SIGNER, 0));
	assert_int_equal(w->chain.status, CHAIN_BROKEN);
	assert_int_equal(w->chain.n, 4);
	pki_free(&two);
	pki_free(&leaf);

	r = (struct pki_recipe){
	    .cn = "Penerbit Satu", .issuer = &one, .basic = PKI_CA, .ext = {CA_USAGE}};
	pki_make(&two, &r); /* the same CA with its next key */
	r = (struct pki_recipe){.cn = "Budi Contoh", .issuer = &two};
	pki_make(&leaf, &r);
	pki_get(&two, w->cache, &w->pool);
	assert_true(build(w, &leaf, ANCHOR_SIGNER, 0));
	assert_int_equal(w->chain.status, CHAIN_TRUSTED);
	assert_int_equal(w->chain.n, 4);
	pki_free(&one);
	pki_free(&two);
	pki_free(&leaf);
}

/* Anchors that say nothing of being a CA, or deny it, or may not certify. */
static const struct {
	const char *basic, *ku;
	enum chain_status status;
} anchors[] = {
    {"", NULL, CHAIN_TRUSTED},
    {"", "critical,keyCertSign", CHAIN_TRUSTED},
    {"", "critical,digitalSignature", CHAIN_BROKEN},
    {"CA:FALSE", NULL, CHAIN_BROKEN},
    {"CA:FALSE", "critical,keyCertSign", CHAIN_BROKEN},
    {PKI_CA, "critical,cRLSign", CHAIN_BROKEN},
    {PKI_CA, NULL, CHAIN_TRUSTED},
};

static void
test_old_anchor(void **state)
{
	struct world *w = *state;
	struct pki root, ca, leaf;
	struct pki_recipe r;
	size_t i;

	for (i = 0; i < nitems(anchors); i++) {
		r = (struct pki_recipe){.cn = "Akar Tua",
		    .basic = anchors[i].basic,
		    .ext = {{NID_key_usage, anchors[i].ku}}};
		pki_make(&root, &r);
		r = (struct pki_recipe){.cn = "Penerbit", .issuer = &root, .basic = PKI_CA};
		pki_make(&ca, &r);
		r = (struct pki_recipe){.cn = "Budi Contoh", .issuer = &ca};
		pki_make(&leaf, &r);
		w->anchors.n = 0;
		trust(w, &root, ANCHOR_SIGNER);
		pki_get(&ca, w->cache, &w->pool);
		assert_true(build(w, &leaf, ANCHOR_SIGNER, 0));
		assert_int_equal(w->chain.status, anchors[i].status);
		assert_int_equal(w->chain.n, 3);
		assert_true(build(w, &ca, ANCHOR_SIGNER, 0));
		assert_int_equal(w->chain.status, anchors[i].status);
		pki_free(&root);
		pki_free(&ca);
		pki_free(&leaf);
	}
}

/* An end entity that signs another certificate. */
static void
test_leaf_as_ca(void **state)
{
	struct world *w = *state;
	struct pki leaf;
	struct pki_recipe r = {.cn = "Penyusup", .issuer = &w->leaf};

	pki_make(&leaf, &r);
	trust(w, &w->root, ANCHOR_SIGNER);
	pki_get(&w->ca, w->cache, &w->pool);
	assert_true(build(w, &leaf, ANCHOR_SIGNER, 0));
	assert_int_equal(w->chain.status, CHAIN_BROKEN);
	pki_free(&leaf);
}

/*
 * The CA below an old root and, cross-certified, below a new one: both paths,
 * first the root that covers the leaf's whole life.
 */
static void
test_cross(void **state)
{
	struct world *w = *state;
	struct pki old, cross;
	struct pki_recipe r = {.cn = "Akar Lama",
	    .basic = PKI_CA,
	    .ext = {CA_USAGE},
	    .until = PKI_NOW - 100 * PKI_DAY,
	    .from = PKI_NOW - 900 * PKI_DAY};

	pki_make(&old, &r);
	r = (struct pki_recipe){.cn = "Penerbit Uji",
	    .issuer = &old,
	    .key_of = &w->ca,
	    .basic = PKI_CA,
	    .ext = {CA_USAGE}};
	pki_make(&cross, &r);
	trust(w, &old, ANCHOR_SIGNER);
	trust(w, &w->root, ANCHOR_SIGNER);
	pki_get(&cross, w->cache, &w->pool);
	pki_get(&w->ca, w->cache, &w->pool);
	assert_true(build(w, &w->leaf, ANCHOR_SIGNER, 0));
	assert_int_equal(w->chain.status, CHAIN_TRUSTED);
	assert_ptr_equal(w->chain.anchor, &w->v[1]);
	assert_ptr_equal(w->chain.certs[1], w->ca.cert);
	assert_true(build(w, &w->leaf, ANCHOR_SIGNER, 1));
	assert_int_equal(w->chain.status, CHAIN_TRUSTED);
	assert_ptr_equal(w->chain.anchor, &w->v[0]);
	assert_ptr_equal(w->chain.certs[1], cross.cert);
	assert_false(build(w, &w->leaf, ANCHOR_SIGNER, 2));
	/* a sunset counts as the end of the anchor */
	w->v[1].until = PKI_NOW - 150 * PKI_DAY;
	assert_true(build(w, &w->leaf, ANCHOR_SIGNER, 0));
	assert_ptr_equal(w->chain.anchor, &w->v[0]);
	pki_free(&old);
	pki_free(&cross);
}

/* One root, renewed with the same key: the certificate that is still good goes first. */
static void
test_renewed_anchor(void **state)
{
	struct world *w = *state;
	struct pki old;
	struct pki_recipe r = {.cn = "Akar Uji",
	    .key_of = &w->root,
	    .basic = PKI_CA,
	    .ext = {CA_USAGE},
	    .from = PKI_NOW - 900 * PKI_DAY,
	    .until = PKI_NOW - 800 * PKI_DAY};

	pki_make(&old, &r);
	trust(w, &old, ANCHOR_SIGNER);
	trust(w, &w->root, ANCHOR_SIGNER);
	pki_get(&w->ca, w->cache, &w->pool);
	assert_true(build(w, &w->leaf, ANCHOR_SIGNER, 0));
	assert_ptr_equal(w->chain.anchor, &w->v[1]);
	assert_true(build(w, &w->leaf, ANCHOR_SIGNER, 1));
	assert_ptr_equal(w->chain.anchor, &w->v[0]);
	assert_false(build(w, &w->leaf, ANCHOR_SIGNER, 2));
	pki_free(&old);
}

/* A good path beside a broken one: the broken one is never said. */
static void
test_broken_and_good(void **state)
{
	struct world *w = *state;
	struct pki bad;
	struct pki_recipe r = {.cn = "Penerbit Uji", .issuer = &w->root, .key_of = &w->ca};

	pki_make(&bad, &r);
	trust(w, &w->root, ANCHOR_SIGNER);
	pki_get(&bad, w->cache, &w->pool);
	pki_get(&w->ca, w->cache, &w->pool);
	assert_true(build(w, &w->leaf, ANCHOR_SIGNER, 0));
	assert_int_equal(w->chain.status, CHAIN_TRUSTED);
	assert_ptr_equal(w->chain.certs[1], w->ca.cert);
	assert_false(build(w, &w->leaf, ANCHOR_SIGNER, 1));
	pki_free(&bad);
}

/* A and B certify each other, and nobody else does. */
static void
test_circle(void **state)
{
	struct world *w = *state;
	struct pki a, b, ab, ba, leaf;
	struct pki_recipe ra = {.cn = "A", .basic = PKI_CA, .ext = {CA_USAGE}};
	struct pki_recipe rb = {.cn = "B", .basic = PKI_CA, .ext = {CA_USAGE}};

	pki_make(&a, &ra);
	pki_make(&b, &rb);
	ra.issuer = &b;
	ra.key_of = &a;
	pki_make(&ab, &ra);
	rb.issuer = &a;
	rb.key_of = &b;
	pki_make(&ba, &rb);
	ra = (struct pki_recipe){.cn = "Budi Contoh", .issuer = &a};
	pki_make(&leaf, &ra);
	trust(w, &w->root, ANCHOR_SIGNER);
	pki_get(&ab, w->cache, &w->pool);
	pki_get(&ba, w->cache, &w->pool);
	assert_true(build(w, &leaf, ANCHOR_SIGNER, 0));
	assert_int_equal(w->chain.status, CHAIN_UNTRUSTED);
	assert_int_equal(w->chain.n, 3);
	pki_free(&a);
	pki_free(&b);
	pki_free(&ab);
	pki_free(&ba);
	pki_free(&leaf);
}

/* A wide and deep web of CAs that all could have issued each other ends in time. */
static void
test_web(void **state)
{
	struct world *w = *state;
	struct pki p[24];
	struct pki_recipe r = {.cn = "Sama", .basic = PKI_CA, .no_ids = true};
	size_t i, ops = 0;

	pki_make(&p[0], &r);
	for (i = 1; i < nitems(p); i++) {
		r.issuer = &p[i / 2];
		pki_make(&p[i], &r);
	}
	trust(w, &w->root, ANCHOR_SIGNER);
	for (i = 0; i < nitems(p); i++)
		pki_get(&p[i], w->cache, &w->pool);
	assert_true(build(w, &p[nitems(p) - 1], ANCHOR_SIGNER, 0));
	assert_int_equal(w->chain.status, CHAIN_UNTRUSTED);
	while (cert_pk_spend(w->cache, pki_get(&w->root, w->cache, NULL)))
		ops++;
	assert_true(CAP_PK_OPS / 10 - ops <= CAP_PATH_TRIES);
	for (i = 0; i < nitems(p); i++)
		pki_free(&p[i]);
}

/* Longer than CAP_CHAIN is no path. */
static void
test_too_long(void **state)
{
	struct world *w = *state;
	struct pki p[CAP_CHAIN];
	char cn[CAP_CHAIN][16];
	struct pki_recipe r = {.basic = PKI_CA, .ext = {CA_USAGE}};
	size_t i;

	for (i = 0; i < CAP_CHAIN; i++) {
		(void)snprintf(cn[i], sizeof(cn[i]), "Tingkat %zu", i);
		r.cn = cn[i];
		r.issuer = i == 0 ? &w->root : &p[i - 1];
		pki_make(&p[i], &r);
		pki_get(&p[i], w->cache, &w->pool);
	}
	trust(w, &w->root, ANCHOR_SIGNER);
	assert_true(build(w, &p[CAP_CHAIN - 2], ANCHOR_SIGNER, 0));
	assert_int_equal(w->chain.status, CHAIN_TRUSTED);
	assert_int_equal(w->chain.n, CAP_CHAIN);
	assert_true(build(w, &p[CAP_CHAIN - 1], ANCHOR_SIGNER, 0));
	assert_int_equal(w->chain.status, CHAIN_UNTRUSTED);
	for (i = 0; i < CAP_CHAIN; i++)
		pki_free(&p[i]);
}

/* The CA writes its name in another string type than the leaf does: the same name. */
static void
test_canonical_name(void **state)
{
	struct world *w = *state;
	struct pki leaf;
	struct pki_recipe r = {.cn = "Budi Contoh", .issuer = &w->ca, .issuer_cn = "PENERBIT  uji"};

	pki_make(&leaf, &r);
	trust(w, &w->root, ANCHOR_SIGNER);
	pki_get(&w->ca, w->cache, &w->pool);
	assert_true(build(w, &leaf, ANCHOR_SIGNER, 0));
	assert_int_equal(w->chain.status, CHAIN_TRUSTED);
	pki_free(&leaf);
	r.issuer_cn = "Penerbit Lain"; /* the right key under a wrong name */
	pki_make(&leaf, &r);
	assert_true(build(w, &leaf, ANCHOR_SIGNER, 0));
	assert_int_equal(w->chain.status, CHAIN_UNTRUSTED);
	pki_free(&leaf);
}

static const struct {
	const char *name, *basic, *ku, *eku;
	bool signer, tsa;
} usages[] = {
    {"plain", NULL, NULL, NULL, true, false},
    {"both signing usages", NULL, "digitalSignature,nonRepudiation", NULL, true, false},
    {"non repudiation", NULL, "nonRepudiation", NULL, true, false},
    {"encipherment", NULL, "keyEncipherment", NULL, false, false},
    {"a CA", "critical,CA:TRUE", "digitalSignature", NULL, false, false},
    {"Adobe", NULL, "digitalSignature", "critical,1.2.840.113583.1.1.5", true, false},
    {"document signing", NULL, NULL, "1.3.6.1.5.5.7.3.36", true, false},
    {"Microsoft's", NULL, NULL, "1.3.6.1.4.1.311.10.3.12", true, false},
    {"e-mail and web", NULL, NULL, "emailProtection,clientAuth", true, false},
    {"any", NULL, NULL, "anyExtendedKeyUsage", true, false},
    {"web client", NULL, "digitalSignature", "clientAuth", false, false},
    {"web server", NULL, "digitalSignature", "serverAuth,clientAuth", false, false},
    {"OCSP", NULL, "digitalSignature", "OCSPSigning", false, false},
    {"TSA", NULL, "digitalSignature", "critical,timeStamping", false, true},
    {"TSA without KU", NULL, NULL, "critical,timeStamping", false, true},
    {"TSA, both usages", NULL, "critical,digitalSignature,nonRepudiation", "critical,timeStamping",
	false, true},
    {"TSA, not critical", NULL, "digitalSignature", "timeStamping", false, false},
    {"TSA and more", NULL, "digitalSignature", "critical,timeStamping,1.2.3.4", false, false},
    {"TSA that enciphers", NULL, "digitalSignature,keyEncipherment", "critical,timeStamping", false,
	false},
    {"TSA that certifies", NULL, "keyCertSign", "critical,timeStamping", false, false},
};

static void
test_usage(void **state)
{
	struct world *w = *state;
	struct pki_recipe r;
	struct pki p;
	struct cert c;
	size_t i, n;

	for (i = 0; i < nitems(usages); i++) {
		r = (struct pki_recipe){.cn = "Budi", .issuer = &w->ca, .basic = usages[i].basic};
		n = 0;
		if (usages[i].ku != NULL)
			r.ext[n++] = (struct pki_ext){NID_key_usage, usages[i].ku};
		if (usages[i].eku != NULL)
			r.ext[n++] = (struct pki_ext){NID_ext_key_usage, usages[i].eku};
		pki_make(&p, &r);
		assert_int_equal(cert_parse(&c, p.der), RC_OK);
		if (chain_signer_usage(&c) != usages[i].signer ||
		    chain_tsa_usage(&c) != usages[i].tsa)
			fail_msg("%s: signer %d, TSA %d", usages[i].name, chain_signer_usage(&c),
			    chain_tsa_usage(&c));
		pki_free(&p);
	}
}

int
main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {T(test_good), T(test_purpose), T(test_incomplete),
	    T(test_anchor_itself), T(test_partial), T(test_look_alike), T(test_rules),
	    T(test_path_length), T(test_leaf_as_ca), T(test_old_anchor), T(test_cross),
	    T(test_renewed_anchor), T(test_broken_and_good), T(test_circle), T(test_web),
	    T(test_too_long), T(test_canonical_name), T(test_usage)};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
