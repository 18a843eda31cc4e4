/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whom a question leads to, how it is asked, and what an answer is worth. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <openssl/ocsp.h>

#include "deskmake.h"
#include "inquiry.h"
#include "worth.h"

static void
test_question(void **state)
{
	struct desk_world *w = desk_world_new();
	const struct pki_spec own = {.path_len = -1, .url_ca = "http://va.uji.example/ca.crt"};
	struct question q, other;
	struct pki_cert forged;

	(void)state;
	desk_ask(w, LOOKUP_STATUS, &w->signer, &w->ca, NULL);
	assert_int_equal(desk_read(w, &q), RC_OK);
	assert_int_equal(q.outcome, LOOKUP_OPEN);
	assert_int_equal(q.nocsp, 1);
	assert_string_equal(q.ocsp[0].url, "http://va.uji.example/ocsp");
	assert_int_equal(q.ncrl, 1);
	assert_int_equal(q.nissuers, 0);
	/* another certificate of the CA: a key of its own, the same list */
	desk_ask(w, LOOKUP_STATUS, &w->other, &w->ca, &w->root);
	assert_int_equal(desk_read(w, &other), RC_OK);
	assert_memory_not_equal(q.key, other.key, QUESTION_KEY);
	assert_memory_equal(q.crl[0].key, other.crl[0].key, QUESTION_KEY);
	/* the anchor may be left out or not */
	desk_ask(w, LOOKUP_STATUS, &w->signer, &w->ca, &w->root);
	assert_int_equal(desk_read(w, &other), RC_OK);
	assert_memory_equal(q.key, other.key, QUESTION_KEY);
	desk_ask(w, LOOKUP_ISSUER, &w->signer, NULL, NULL);
	assert_int_equal(desk_read(w, &q), RC_OK);
	assert_int_equal(q.outcome, LOOKUP_OPEN);
	assert_int_equal(q.nissuers, 1);
	assert_int_equal(q.nocsp + q.ncrl, 0);
	/* whoever asks for what lies there, even for a certificate of his own: it is fetched once
	 */
	desk_cert(w, &forged, "Siti Contoh", NULL, &own);
	desk_ask(w, LOOKUP_ISSUER, &forged, NULL, NULL);
	assert_int_equal(desk_read(w, &other), RC_OK);
	assert_int_equal(other.outcome, LOOKUP_OPEN);
	assert_memory_equal(q.key, other.key, QUESTION_KEY);
	desk_world_free(w);
}

static void
test_question_refused(void **state)
{
	struct desk_world *w = desk_world_new();
	struct pki_spec ldap = {.path_len = -1, .url_crl = "ldap://va.uji.example/cn=CA"},
			away = {.path_len = -1, .url_ocsp = "http://lain.example/"},
			inside = {.path_len = -1, .url_ocsp = "http://10.0.0.1/"};
	struct pki_cert cert;
	struct question q;

	(void)state;
	/* signed by a stranger that has the CA's name */
	desk_ask(w, LOOKUP_STATUS, &w->signer, &w->stranger, NULL);
	assert_int_equal(desk_read(w, &q), RC_OK);
	assert_int_equal(q.outcome, LOOKUP_NO_PATH);
	desk_ask(w, LOOKUP_STATUS, &w->signer, NULL, NULL);
	assert_int_equal(desk_read(w, &q), RC_OK);
	assert_int_equal(q.outcome, LOOKUP_NO_PATH);
	/* three of one name make no path, even with the right one among them */
	desk_cert(w, &cert, "CA Uji", NULL, &inside);
	desk_ask(w, LOOKUP_STATUS, &w->signer, &w->ca, &w->stranger);
	assert_int_equal(desk_read(w, &q), RC_OK);
	assert_int_equal(q.outcome, LOOKUP_OPEN);
	desk_ask(w, LOOKUP_STATUS, &w->ca, &w->stranger, &cert);
	assert_int_equal(desk_read(w, &q), RC_OK);
	assert_int_equal(q.outcome, LOOKUP_NO_PATH);
	desk_ask(w, LOOKUP_STATUS, &w->root, NULL, NULL);
	assert_int_equal(desk_read(w, &q), RC_OK);
	assert_int_equal(q.outcome, LOOKUP_NO_PATH);
	desk_ask(w, LOOKUP_STATUS, &w->ca, &w->root, NULL);
	assert_int_equal(desk_read(w, &q), RC_OK);
	assert_int_equal(q.outcome, LOOKUP_NO_URL);
	desk_cert(w, &cert, "Siti Contoh", &w->ca, &ldap);
	desk_ask(w, LOOKUP_STATUS, &cert, &w->ca, NULL);
	assert_int_equal(desk_read(w, &q), RC_OK);
	assert_int_equal(q.outcome, LOOKUP_SCHEME);
	assert_string_equal(q.refused, "ldap://va.uji.example/cn=CA");
	desk_cert(w, &cert, "Siti Contoh", &w->ca, &away);
	desk_ask(w, LOOKUP_STATUS, &cert, &w->ca, NULL);
	assert_int_equal(desk_read(w, &q), RC_OK);
	assert_int_equal(q.outcome, LOOKUP_NOT_LISTED);
	w->conf.any_host = true;
	assert_int_equal(desk_read(w, &q), RC_OK);
	assert_int_equal(q.outcome, LOOKUP_OPEN);
	desk_cert(w, &cert, "Siti Contoh", &w->ca, &inside);
	desk_ask(w, LOOKUP_STATUS, &cert, &w->ca, NULL);
	assert_int_equal(desk_read(w, &q), RC_OK);
	assert_int_equal(q.outcome, LOOKUP_FORBIDDEN);
	/* an issuer's address must be listed whole, whatever hosts may be asked */
	w->trust.nissuer_urls = 0;
	desk_ask(w, LOOKUP_ISSUER, &w->signer, NULL, NULL);
	assert_int_equal(desk_read(w, &q), RC_OK);
	assert_int_equal(q.outcome, LOOKUP_NOT_LISTED);
	buf_u8(&w->question, 0);
	assert_int_equal(desk_read(w, &q), RC_FORMAT);
	desk_world_free(w);
}

/* OpenSSL reads the request, and its CertID is that which OpenSSL would have made. */
static void
test_inquiry(void **state)
{
	static const uint8_t nonce[INQUIRY_NONCE] = {1, 2, 3};
	struct desk_world *w = desk_world_new();
	struct question q;
	const unsigned char *p;
	OCSP_CERTID *id;
	OCSP_REQUEST *req;
	struct buf b, url;
	ASN1_OCTET_STRING *value;
	X509_EXTENSION *x;

	(void)state;
	desk_ask(w, LOOKUP_STATUS, &w->signer, &w->ca, NULL);
	assert_int_equal(desk_read(w, &q), RC_OK);
	buf_init(&b, 1000);
	buf_init(&url, 1000);
	assert_int_equal(inquiry_put(&b, q.cert, q.issuer, nonce), RC_OK);
	p = b.p;
	assert_non_null(req = d2i_OCSP_REQUEST(NULL, &p, (long)b.len));
	assert_ptr_equal(p, b.p + b.len);
	assert_int_equal(OCSP_request_onereq_count(req), 1);
	id = OCSP_cert_to_id(EVP_sha1(), cert_x509(q.cert), cert_x509(q.issuer));
	assert_int_equal(OCSP_id_cmp(id, OCSP_onereq_get0_id(OCSP_request_onereq_get0(req, 0))), 0);
	assert_int_equal(OCSP_REQUEST_get_ext_count(req), 1);
	assert_non_null(x = OCSP_REQUEST_get_ext(req, 0));
	assert_int_equal(OBJ_obj2nid(X509_EXTENSION_get_object(x)), NID_id_pkix_OCSP_Nonce);
	value = X509_EXTENSION_get_data(x);
	assert_int_equal(ASN1_STRING_length(value), 2 + INQUIRY_NONCE);
	assert_memory_equal(ASN1_STRING_get0_data(value) + 2, nonce, INQUIRY_NONCE);
	OCSP_REQUEST_free(req);
	buf_clear(&b);
	assert_int_equal(inquiry_put(&b, q.cert, q.issuer, NULL), RC_OK);
	p = b.p;
	assert_non_null(req = d2i_OCSP_REQUEST(NULL, &p, (long)b.len));
	assert_int_equal(OCSP_REQUEST_get_ext_count(req), 0);
	OCSP_REQUEST_free(req);
	OCSP_CERTID_free(id);
	buf_clear(&b);
	desk_world_free(w);
}

static void
test_inquiry_url(void **state)
{
	static const struct {
		const char *url, *octets, *want;
	} rows[] = {{"http://a", "", "http://a/"}, {"http://a/", "\xfb", "http://a/%2Bw%3D%3D"},
	    {"http://a/", "\xff\xff\xff", "http://a/%2F%2F%2F%2F"},
	    {"http://a/x", "Man", "http://a/x/TWFu"}, {"http://a", "Ma", "http://a/TWE%3D"}};
	uint8_t big[200] = {0};
	struct buf b;
	size_t i;

	(void)state;
	buf_init(&b, 1000);
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		b.len = 0;
		assert_int_equal(
		    inquiry_url(&b, rows[i].url, rows[i].octets, strlen(rows[i].octets)), RC_OK);
		assert_string_equal(buf_text(&b), rows[i].want);
	}
	b.len = 0;
	assert_int_equal(inquiry_url(&b, "http://a", big, sizeof(big)), RC_TOOBIG);
	buf_clear(&b);
}

static void
test_ocsp(void **state)
{
	struct desk_world *w = desk_world_new();
	struct {
		const char *what;
		struct proof_answer answer;
		enum lookup_outcome want;
	} rows[20];
	enum lookup_outcome o;
	struct question q;
	struct der der;
	int64_t until;
	size_t i, n = 0;

	(void)state;
#define ROW(text, outcome) \
	(rows[n].what = (text), rows[n].answer = desk_answer(w), rows[n].want = (outcome), n++)
	ROW("good", LOOKUP_ANSWERED);
	ROW("revoked", LOOKUP_ANSWERED);
	rows[n - 1].answer.status = PROOF_REVOKED;
	ROW("by the CA itself", LOOKUP_ANSWERED);
	rows[n - 1].answer.responder = &w->ca;
	ROW("by a responder whose status the judge asks for", LOOKUP_ANSWERED);
	rows[n - 1].answer.responder = &w->plain;
	ROW("by a responder of whom nobody can be asked: the list may do", LOOKUP_UNAUTHENTIC);
	rows[n - 1].answer.responder = &w->mute;
	ROW("by a responder that was not yet", LOOKUP_STALE);
	rows[n - 1].answer.produced = DESK_NOW - 301 * DESK_DAY;
	ROW("without an end", LOOKUP_ANSWERED);
	rows[n - 1].answer.next_update = WHEN_NONE;
	ROW("unknown", LOOKUP_UNKNOWN);
	rows[n - 1].answer.status = PROOF_UNKNOWN;
	ROW("unknown, by a responder that must be asked about", LOOKUP_UNKNOWN);
	rows[n - 1].answer.status = PROOF_UNKNOWN;
	rows[n - 1].answer.responder = &w->plain;
	ROW("about another certificate", LOOKUP_NONSENSE);
	rows[n - 1].answer.subject = &w->other;
	ROW("by the signer", LOOKUP_UNAUTHENTIC);
	rows[n - 1].answer.responder = &w->signer;
	ROW("by a stranger of the CA's name", LOOKUP_UNAUTHENTIC);
	rows[n - 1].answer.responder = &w->stranger;
	ROW("over", LOOKUP_STALE);
	rows[n - 1].answer.next_update = DESK_NOW - CAP_CLOCK_SKEW - 1;
	ROW("just over", LOOKUP_ANSWERED);
	rows[n - 1].answer.next_update = DESK_NOW - CAP_CLOCK_SKEW;
	ROW("of the future", LOOKUP_STALE);
	rows[n - 1].answer.this_update = DESK_NOW + CAP_CLOCK_SKEW + 1;
#undef ROW
	desk_ask(w, LOOKUP_STATUS, &w->signer, &w->ca, NULL);
	for (i = 0; i < n; i++) {
		der = proof_ocsp(w->m, &rows[i].answer);
		assert_int_equal(desk_read(w, &q), RC_OK);
		o = worth_ocsp(&q, der.p, der.len, NULL, DESK_NOW, &until);
		if (o != rows[i].want)
			fail_msg("%s: %s", rows[i].what, lookup_outcome_name(o));
		if (o == LOOKUP_ANSWERED)
			assert_true(until == rows[i].answer.next_update);
	}
	/* that is all that could be known */
	q.ncrl = 0;
	rows[0].answer.responder = &w->mute;
	der = proof_ocsp(w->m, &rows[0].answer);
	assert_int_equal(worth_ocsp(&q, der.p, der.len, NULL, DESK_NOW, &until), LOOKUP_ANSWERED);
	desk_world_free(w);
}

/*
 * A responder whose certificate is over is no use to any judge, and must not keep a list from
 * being asked for.  What it says against a certificate is told.
 */
static void
test_ocsp_responder_over(void **state)
{
	int64_t later = DESK_NOW + 301 * DESK_DAY, until;
	struct desk_world *w = desk_world_new();
	struct proof_answer a = desk_answer(w);
	struct question q;
	struct der der;

	(void)state;
	a.produced = a.this_update = later;
	a.next_update = later + DESK_DAY;
	desk_ask(w, LOOKUP_STATUS, &w->signer, &w->ca, NULL);
	assert_int_equal(desk_read(w, &q), RC_OK);
	der = proof_ocsp(w->m, &a);
	assert_int_equal(worth_ocsp(&q, der.p, der.len, NULL, later, &until), LOOKUP_STALE);
	a.status = PROOF_REVOKED;
	der = proof_ocsp(w->m, &a);
	assert_int_equal(worth_ocsp(&q, der.p, der.len, NULL, later, &until), LOOKUP_ANSWERED);
	desk_world_free(w);
}

/* What is not signed, cut off, or no response. */
static void
test_ocsp_octets(void **state)
{
	static const uint8_t later[] = {0x30, 0x03, 0x0a, 0x01, 0x03};
	struct desk_world *w = desk_world_new();
	struct proof_answer a = desk_answer(w);
	struct der der = proof_ocsp(w->m, &a);
	struct question q;
	uint8_t copy[4096] = {0};
	int64_t until;
	size_t i;

	(void)state;
	desk_ask(w, LOOKUP_STATUS, &w->signer, &w->ca, NULL);
	assert_int_equal(desk_read(w, &q), RC_OK);
	assert_int_equal(
	    worth_ocsp(&q, later, sizeof(later), NULL, DESK_NOW, &until), LOOKUP_REFUSED);
	assert_int_equal(worth_ocsp(&q, "", 0, NULL, DESK_NOW, &until), LOOKUP_NONSENSE);
	assert_int_equal(worth_ocsp(&q, "<html>", 6, NULL, DESK_NOW, &until), LOOKUP_NONSENSE);
	for (i = 0; i < der.len; i += 7)
		assert_int_equal(worth_ocsp(&q, der.p, i, NULL, DESK_NOW, &until), LOOKUP_NONSENSE);
	/* an octet of the signature, which stands before the certificates; and of what is signed */
	assert_true(der.len < sizeof(copy));
	memcpy(copy, der.p, der.len);
	for (i = 0; i + 8 < der.len && memcmp(copy + i, "20261101", 8) != 0; i++)
		continue;
	copy[i + 9] ^= 1;
	assert_int_equal(worth_ocsp(&q, copy, der.len, NULL, DESK_NOW, &until), LOOKUP_UNAUTHENTIC);
	desk_world_free(w);
}

static void
test_crl(void **state)
{
	struct desk_world *w = desk_world_new();
	struct proof_list list = {.issuer = &w->ca,
	    .number = 1,
	    .this_update = DESK_NOW - 60,
	    .next_update = DESK_NOW + DESK_DAY};
	struct question q;
	struct der der;
	int64_t until;

	(void)state;
	desk_ask(w, LOOKUP_STATUS, &w->signer, &w->ca, NULL);
	assert_int_equal(desk_read(w, &q), RC_OK);
	der = proof_crl(w->m, &list);
	assert_int_equal(worth_crl(&q, der.p, der.len, DESK_NOW, &until), LOOKUP_ANSWERED);
	assert_true(until == DESK_NOW + DESK_DAY);
	assert_int_equal(worth_crl(&q, der.p, der.len - 1, DESK_NOW, &until), LOOKUP_NONSENSE);
	assert_int_equal(
	    worth_crl(&q, der.p, der.len, DESK_NOW + 2 * DESK_DAY, &until), LOOKUP_STALE);
	assert_int_equal(worth_crl(&q, der.p, der.len, DESK_NOW - DESK_DAY, &until), LOOKUP_STALE);
	list.revoked = &w->signer;
	list.revoked_at = DESK_NOW - DESK_DAY;
	der = proof_crl(w->m, &list);
	assert_int_equal(worth_crl(&q, der.p, der.len, DESK_NOW, &until), LOOKUP_ANSWERED);
	list.issuer = &w->stranger;
	der = proof_crl(w->m, &list);
	assert_int_equal(worth_crl(&q, der.p, der.len, DESK_NOW, &until), LOOKUP_UNAUTHENTIC);
	list.issuer = &w->root;
	der = proof_crl(w->m, &list);
	assert_int_equal(worth_crl(&q, der.p, der.len, DESK_NOW, &until), LOOKUP_NONSENSE);
	desk_world_free(w);
}

/* PKCS #7 with certificates alone */
static struct der
bag(struct maker *m, struct der a, struct der b)
{
	struct der data = ASN_SEQ(m, asn_int(m, 1), ASN(m, DER_SET, ASN_NONE),
	    ASN_SEQ(m, asn_oid(m, "1.2.840.113549.1.7.1")), ASN(m, DER_CONTEXT(0), a, b),
	    ASN(m, DER_SET, ASN_NONE));

	return ASN_SEQ(m, asn_oid(m, "1.2.840.113549.1.7.2"), ASN(m, DER_CONTEXT(0), data));
}

static void
test_issuer(void **state)
{
	struct desk_world *w = desk_world_new();
	struct {
		const char *what;
		struct der der;
		enum lookup_outcome want;
	} rows[] = {{"the issuer", w->ca.der, LOOKUP_ANSWERED},
	    {"in a bag", bag(w->m, w->ca.der, ASN_NONE), LOOKUP_ANSWERED},
	    {"behind the anchor", bag(w->m, w->root.der, w->ca.der), LOOKUP_ANSWERED},
	    {"a stranger of its name", w->stranger.der, LOOKUP_UNAUTHENTIC},
	    {"another certificate", w->other.der, LOOKUP_UNAUTHENTIC},
	    {"an empty bag", bag(w->m, ASN_NONE, ASN_NONE), LOOKUP_NONSENSE},
	    {"nothing", ASN_NONE, LOOKUP_NONSENSE},
	    {"half of it", {w->ca.der.p, w->ca.der.len / 2}, LOOKUP_NONSENSE}};
	enum lookup_outcome o;
	struct question q;
	struct buf b;
	size_t i;

	(void)state;
	assert_int_equal(maker_rc(w->m), RC_OK);
	desk_ask(w, LOOKUP_ISSUER, &w->signer, NULL, NULL);
	buf_init(&b, CAP_FETCH_ISSUERS);
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_int_equal(desk_read(w, &q), RC_OK);
		o = worth_issuer(&q, &w->trust, rows[i].der.p, rows[i].der.len, &b);
		if (o != rows[i].want)
			fail_msg("%s: %s", rows[i].what, lookup_outcome_name(o));
		assert_int_equal(b.len, o == LOOKUP_ANSWERED ? w->ca.der.len : 0);
		if (o == LOOKUP_ANSWERED)
			assert_memory_equal(b.p, w->ca.der.p, b.len);
		buf_clear(&b);
	}
	/* who asks with a certificate of his own, and even the right issuer, keeps nobody from it
	 */
	desk_ask(w, LOOKUP_ISSUER, &w->stranger, NULL, NULL);
	assert_int_equal(desk_read(w, &q), RC_OK);
	assert_int_equal(
	    worth_issuer(&q, &w->trust, w->ca.der.p, w->ca.der.len, &b), LOOKUP_ANSWERED);
	buf_clear(&b);
	desk_ask(w, LOOKUP_ISSUER, &w->ca, &w->stranger, NULL);
	assert_int_equal(desk_read(w, &q), RC_OK);
	assert_int_equal(
	    worth_issuer(&q, &w->trust, w->ca.der.p, w->ca.der.len, &b), LOOKUP_ANSWERED);
	buf_clear(&b);
	desk_ask(w, LOOKUP_ISSUER, &w->signer, NULL, NULL);
	/* no anchor stands behind it */
	w->trust.anchors.n = 0;
	assert_int_equal(desk_read(w, &q), RC_OK);
	assert_int_equal(
	    worth_issuer(&q, &w->trust, w->ca.der.p, w->ca.der.len, &b), LOOKUP_UNAUTHENTIC);
	buf_clear(&b);
	desk_world_free(w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_question),
	    cmocka_unit_test(test_question_refused), cmocka_unit_test(test_inquiry),
	    cmocka_unit_test(test_inquiry_url), cmocka_unit_test(test_ocsp),
	    cmocka_unit_test(test_ocsp_responder_over), cmocka_unit_test(test_ocsp_octets),
	    cmocka_unit_test(test_crl), cmocka_unit_test(test_issuer)};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
