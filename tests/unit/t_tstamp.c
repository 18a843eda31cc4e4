/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Timestamp tokens, right and wrong ones. */
#include "cmsmake.h"

#include "arena.h"
#include "caps.h"
#include "cert.h"
#include "tstamp.h"
#include "when.h"

#define nitems(a) (sizeof(a) / sizeof((a)[0]))
/* Fields behind genTime, and behind TSTInfo. */
#define REST(s)   .rest = (const uint8_t *)(s), .rest_len = sizeof(s) - 1
#define TAIL(s)   .tail = (const uint8_t *)(s), .tail_len = sizeof(s) - 1

static const char data[] = "a signature value";
#define DATA data, sizeof(data) - 1

static struct maker tsa, other;

static int
setup(void **state)
{
	(void)state;
	maker_init(&tsa, EVP_PKEY_Q_keygen(NULL, NULL, "RSA", (size_t)2048), "Waktu Contoh", 21);
	maker_init(&other, EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-256"), "Lain Contoh", 22);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	maker_clear(&tsa);
	maker_clear(&other);
	return 0;
}

/* What stands in a TSTInfo; zeros are the usual thing. */
struct info {
	uint8_t version;      /* 0: 1 */
	const char *hash_oid; /* NULL: SHA-256 */
	enum hash hash;       /* of the imprint; HASH_NONE: SHA-256 */
	size_t cut;           /* octets cut off the imprint */
	const char *time;     /* NULL: "20260102030405Z" */
	const uint8_t *rest;  /* what follows genTime */
	size_t rest_len;
	const uint8_t *tail; /* what follows TSTInfo */
	size_t tail_len;
};

static void
put_info(struct buf *b, const struct info *info)
{
	const char *time = info->time != NULL ? info->time : "20260102030405Z";
	uint8_t md[HASH_SIZE_MAX], version = info->version != 0 ? info->version : 1;
	struct buf x, imprint;
	size_t n = hash_of(info->hash != HASH_NONE ? info->hash : HASH_SHA256, DATA, md);

	buf_init(&x, MAKE_MAX);
	buf_init(&imprint, MAKE_MAX);
	put(&x, DER_INTEGER, &version, 1);
	put_oid(&x, "1.3.6.1.4.1.55555.3");
	put_alg(&imprint, info->hash_oid != NULL ? info->hash_oid : OID_SHA256, NULL, 0);
	put(&imprint, DER_OCTET_STRING, md, n - info->cut);
	put_buf(&x, DER_SEQUENCE, &imprint);
	put(&x, DER_INTEGER, "\x2a", 1);
	put(&x, DER_GENERALIZED_TIME, time, strlen(time));
	buf_put(&x, info->rest, info->rest_len);
	put_buf(b, DER_SEQUENCE, &x);
	buf_put(b, info->tail, info->tail_len);
}

static const struct {
	const char *name;
	struct info info;
	unsigned flags; /* of the message */
	unsigned findings;
	int64_t accuracy;
	bool ordering;
} tokens[] = {
    {"plain", {0}, 0, 0, 0, false},
    {"indefinite", {0}, MAKE_INDEFINITE, 0, 0, false},
    {"ess version 1", {0}, MAKE_ESS_V1, 0, 0, false},
    {"sha-1 imprint", {.hash_oid = "1.3.14.3.2.26", .hash = HASH_SHA1}, 0, 0, 0, false},
    {"sha-512 imprint", {.hash_oid = "2.16.840.1.101.3.4.2.3", .hash = HASH_SHA512}, 0, 0, 0,
	false},
    {"accuracy of a second", {REST("\x30\x03\x02\x01\x01")}, 0, 0, 1, false},
    {"accuracy of 1.5 seconds", {REST("\x30\x07\x02\x01\x01\x80\x02\x01\xf4")}, 0, 0, 2, false},
    {"accuracy of 10 microseconds", {REST("\x30\x03\x81\x01\x0a")}, 0, 0, 1, false},
    {"accuracy of 1000 milliseconds", {REST("\x30\x04\x80\x02\x03\xe8")}, 0, TST_T4_INFO, 0, false},
    {"accuracy and more", {REST("\x30\x05\x80\x01\x01\x05\x00")}, 0, TST_T4_INFO, 0, false},
    {"negative accuracy", {REST("\x30\x03\x02\x01\xff")}, 0, TST_T4_INFO, 0, false},
    {"ordered, with nonce and name", {REST("\x01\x01\xff\x02\x01\x07\xa0\x04\xa4\x02\x30\x00")}, 0,
	0, 0, true},
    {"an extension", {REST("\xa1\x07\x30\x05\x06\x01\x2a\x04\x00")}, 0, 0, 0, false},
    {"a critical extension", {REST("\xa1\x0a\x30\x08\x06\x01\x2a\x01\x01\xff\x04\x00")}, 0,
	TST_T4_INFO, 0, false},
    {"unknown field", {REST("\xa2\x00")}, 0, TST_T4_INFO, 0, false},
    {"version 2, so no imprint is read", {.version = 2}, 0, TST_T4_INFO | TST_T2_IMPRINT, 0, false},
    {"local time", {.time = "20260102030405"}, 0, TST_T4_INFO, 0, false},
    {"no time", {.time = "x"}, 0, TST_T4_INFO, 0, false},
    {"bytes behind it", {TAIL("\x05\x00")}, 0, TST_T4_INFO | TST_T2_IMPRINT, 0, false},
    {"short imprint", {.cut = 1}, 0, TST_T2_IMPRINT, 0, false},
    {"imprint of another hash's length", {.hash = HASH_SHA1}, 0, TST_T2_IMPRINT, 0, false},
    {"imprint of another hash of that length", {.hash = HASH_SHA3_256}, 0, TST_T2_IMPRINT, 0,
	false},
    {"unknown imprint", {.hash_oid = "1.3.6.1.4.1.55555.9"}, 0, TST_T2_IMPRINT, 0, false},

    {"no ess", {0}, MAKE_ESS_NONE, TST_ESS, 0, false},
    {"ess of another", {0}, MAKE_ESS_OTHER, TST_ESS, 0, false},
    {"wrong digest", {0}, MAKE_WRONG_DIGEST, TST_SIGNATURE, 0, false},
    {"protects another algorithm", {0}, MAKE_PROTECT_OTHER, TST_SIGNATURE, 0, false},
    {"no certificate", {0}, MAKE_NO_CERT, TST_NO_CERT, 0, false},
    {"two signers", {0}, MAKE_TWO_SIGNERS, TST_CMS, 0, false},
    {"no attributes", {0}, MAKE_NO_ATTRS, TST_CMS, 0, false},
    {"duplicate attribute", {0}, MAKE_DUPLICATE, TST_CMS, 0, false},
    {"no content type", {0}, MAKE_NO_TYPE, TST_CMS, 0, false},
};

struct world {
	struct arena *a;
	struct cert_cache *cache;
	struct cert_pool pool;
	struct tstamp t;
};

static void
world_init(struct world *w)
{
	w->a = arena_new(CAP_ARENA);
	w->cache = cert_cache_new();
	assert_non_null(w->a);
	assert_non_null(w->cache);
	cert_pool_init(&w->pool, w->cache, w->a);
}

static void
world_clear(struct world *w)
{
	arena_free(w->a);
	cert_cache_free(w->cache);
}

static void
world_judge(struct world *w, struct der token, const void *p, size_t len)
{
	uint8_t md[HASH_SIZE_MAX];
	struct der d = {p, len};
	size_t i, n;

	assert_int_equal(tstamp_parse(&w->t, w->a, token), RC_OK);
	for (i = 0; i < w->t.cms->ncerts; i++)
		(void)cert_pool_add(&w->pool, w->t.cms->certs[i], CERT_FROM_TST, NULL);
	n = hash_span(w->t.imprint_hash, d, md);
	assert_int_equal(tstamp_check(&w->t, &w->pool, md, n), RC_OK);
}

/* A token around a TSTInfo. */
static void
make_token(struct buf *b, const struct info *info, struct recipe r, const struct maker *m)
{
	struct buf x;

	buf_init(&x, MAKE_MAX);
	put_info(&x, info);
	r.econtent_type = OID_TST;
	r.econtent = x.p;
	r.econtent_len = x.len;
	make_cms(b, m, &r, x.p, x.len);
	buf_clear(&x);
}

static void
test_tokens(void **state)
{
	struct recipe r = {0};
	struct world w;
	struct buf b;
	size_t i;

	(void)state;
	for (i = 0; i < nitems(tokens); i++) {
		world_init(&w);
		buf_init(&b, MAKE_MAX);
		r.flags = tokens[i].flags;
		make_token(&b, &tokens[i].info, r, &tsa);
		world_judge(&w, der_of(&b), DATA);
		if (w.t.findings != tokens[i].findings)
			fail_msg("%s: findings %x", tokens[i].name, w.t.findings);
		if (w.t.findings == 0) {
			assert_true(w.t.gen_time == when_from_utc(2026, 1, 2, 3, 4, 5));
			assert_true(w.t.accuracy == tokens[i].accuracy);
			assert_int_equal(w.t.ordering, tokens[i].ordering);
			assert_non_null(w.t.cert);
			assert_true(der_oid_is(w.t.policy, "1.3.6.1.4.1.55555.3"));
			assert_int_equal(w.t.serial.len, 1);
			assert_int_equal(w.t.serial.p[0], 0x2a);
		}
		/* Over other data it stamps nothing. */
		world_judge(&w, der_of(&b), "else", 4);
		assert_true((w.t.findings & TST_T2_IMPRINT) != 0);
		buf_clear(&b);
		world_clear(&w);
	}
}

/* The certificate may come from the pool alone. */
static void
test_pool(void **state)
{
	struct recipe r = {.flags = MAKE_NO_CERT};
	struct info info = {0};
	struct der d = {tsa.cert, tsa.cert_len};
	struct world w;
	struct buf b;

	(void)state;
	world_init(&w);
	buf_init(&b, MAKE_MAX);
	make_token(&b, &info, r, &tsa);
	assert_int_equal(cert_pool_add(&w.pool, d, CERT_FROM_STORE, NULL), RC_OK);
	world_judge(&w, der_of(&b), DATA);
	assert_int_equal(w.t.findings, 0);
	assert_memory_equal(w.t.cert->der.p, tsa.cert, tsa.cert_len);
	buf_clear(&b);
	world_clear(&w);
}

/* Names the authority, signed by somebody else. */
static void
test_foreign_key(void **state)
{
	struct recipe r = {.named = &tsa, .sig_oid = OID_ECDSA_SHA256, .flags = MAKE_ESS_NONE};
	struct der d = {tsa.cert, tsa.cert_len};
	struct info info = {0};
	struct world w;
	struct buf b;

	(void)state;
	world_init(&w);
	buf_init(&b, MAKE_MAX);
	make_token(&b, &info, r, &other);
	assert_int_equal(cert_pool_add(&w.pool, d, CERT_FROM_STORE, NULL), RC_OK);
	world_judge(&w, der_of(&b), DATA);
	assert_true((w.t.findings & TST_SIGNATURE) != 0);
	buf_clear(&b);
	world_clear(&w);
}

/* A changed octet of TSTInfo, attributes or signature never leaves a sound token. */
static void
test_flips(void **state)
{
	struct recipe r = {0};
	struct info info = {REST("\x30\x03\x02\x01\x01\x01\x01\xff")};
	struct world w;
	struct buf b;
	size_t j, first, last;

	(void)state;
	world_init(&w);
	buf_init(&b, MAKE_MAX);
	make_token(&b, &info, r, &tsa);
	world_judge(&w, der_of(&b), DATA);
	assert_int_equal(w.t.findings, 0);
	first = (size_t)(w.t.cms->econtent.p - b.p);
	last = first + w.t.cms->econtent.len;
	for (j = first; j < last; j++) {
		b.p[j] ^= 0x01;
		world_judge(&w, der_of(&b), DATA);
		if (w.t.findings == 0)
			fail_msg("octet %zu of %zu to %zu", j, first, last);
		b.p[j] ^= 0x01;
	}
	world_judge(&w, der_of(&b), DATA);
	assert_int_equal(w.t.findings, 0);
	first = (size_t)(w.t.cms->signature.p - b.p);
	for (j = first; j < b.len; j++) {
		b.p[j] ^= 0x01;
		world_judge(&w, der_of(&b), DATA);
		assert_int_not_equal(w.t.findings, 0);
		b.p[j] ^= 0x01;
	}
	buf_clear(&b);
	world_clear(&w);
}

/* [0] EXPLICIT GeneralName: directoryName [4], or another kind. */
static bool
named(uint8_t kind, struct der name)
{
	struct recipe r = {0};
	struct info info = {0};
	struct buf b, general, box;
	struct world w;
	bool same;

	world_init(&w);
	buf_init(&b, MAKE_MAX);
	buf_init(&general, MAKE_MAX);
	buf_init(&box, MAKE_MAX);
	put(&general, kind, name.p, name.len);
	put_buf(&box, 0xa0, &general);
	info.rest = box.p;
	info.rest_len = box.len;
	make_token(&b, &info, r, &tsa);
	world_judge(&w, der_of(&b), DATA);
	assert_int_equal(w.t.findings, 0);
	same = tstamp_named(&w.t);
	buf_clear(&b);
	buf_clear(&general);
	buf_clear(&box);
	world_clear(&w);
	return same;
}

/* T4: a token that names its authority names the one whose certificate it is. */
static void
test_name(void **state)
{
	struct der own = {tsa.cert, tsa.cert_len}, foreign = {other.cert, other.cert_len};
	struct cert c, d;

	(void)state;
	assert_int_equal(cert_parse(&c, own), RC_OK);
	assert_int_equal(cert_parse(&d, foreign), RC_OK);
	assert_true(named(0xa4, c.subject));
	assert_false(named(0xa4, d.subject));
	assert_true(named(0x82, (struct der){(const uint8_t *)"tsa.example", 11}));
}

/* An imprint that fits no digest is known before anybody compares. */
static void
test_imprint_length(void **state)
{
	struct recipe r = {0};
	struct info info = {.cut = 1};
	struct world w;
	struct buf b;

	(void)state;
	world_init(&w);
	buf_init(&b, MAKE_MAX);
	make_token(&b, &info, r, &tsa);
	assert_int_equal(tstamp_parse(&w.t, w.a, der_of(&b)), RC_OK);
	assert_int_equal(w.t.findings, TST_T2_IMPRINT);
	buf_clear(&b);
	world_clear(&w);
}

static void
test_not_a_token(void **state)
{
	struct recipe r = {0};
	struct world w;
	struct buf b;
	struct der empty = {NULL, 0};

	(void)state;
	world_init(&w);
	buf_init(&b, MAKE_MAX);
	world_judge(&w, empty, DATA);
	assert_true((w.t.findings & TST_CMS) != 0);
	/* a detached signature over the data */
	make_cms(&b, &tsa, &r, DATA);
	world_judge(&w, der_of(&b), DATA);
	assert_true((w.t.findings & TST_CMS) != 0);
	assert_true((w.t.findings & TST_T4_INFO) != 0);
	assert_true(w.t.gen_time == WHEN_NONE);
	buf_clear(&b);
	world_clear(&w);
}

static void
test_limit(void **state)
{
	static uint8_t big[CAP_TOKEN];
	struct buf v, b;
	struct recipe r = {.unsigned_oid = "1.3.6.1.4.1.55555.4"};
	struct info info = {0};
	struct arena *a = arena_new(CAP_ARENA);
	struct tstamp t;

	(void)state;
	buf_init(&v, MAKE_MAX);
	buf_init(&b, MAKE_MAX);
	put_head(&v, DER_OCTET_STRING, sizeof(big));
	buf_put(&v, big, sizeof(big));
	r.unsigned_value = &v;
	make_token(&b, &info, r, &tsa);
	assert_int_equal(tstamp_parse(&t, a, der_of(&b)), RC_TOOBIG);
	buf_clear(&b);
	buf_clear(&v);
	arena_free(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_tokens),
	    cmocka_unit_test(test_pool),
	    cmocka_unit_test(test_foreign_key),
	    cmocka_unit_test(test_flips),
	    cmocka_unit_test(test_name),
	    cmocka_unit_test(test_imprint_length),
	    cmocka_unit_test(test_not_a_token),
	    cmocka_unit_test(test_limit),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, setup, teardown);
}
