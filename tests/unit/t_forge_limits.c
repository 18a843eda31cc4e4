/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Letters that ask for much work: many signatures, each with as many
 * timestamps as are read, and hundreds of answers about one certificate.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "caps.h"
#include "forge.h"
#include "when.h"

#define CROWD   8 /* signatures of a letter that asks for much work */
#define ANSWERS 400
#define SECONDS 2 /* far above what is needed, so that a slow machine passes */

static struct forge forge;

static int
setup(void **state)
{
	(void)state;
	return forge_open(&forge) ? 0 : -1;
}

static int
teardown(void **state)
{
	(void)state;
	forge_close(&forge);
	return 0;
}

/* Answers about the signer, each of another second. */
static struct der
answers(const struct pki_cert *responder)
{
	struct proof_answer a = {.subject = &forge.signer,
	    .issuer = &forge.agency.ca,
	    .responder = responder,
	    .reason = -1,
	    .next_update = FORGE_AT + 30 * FORGE_DAY};
	struct der one, all;
	struct buf b;
	int i;

	buf_init(&b, 1u << 20);
	for (i = 0; i < ANSWERS; i++) {
		a.produced = a.this_update = FORGE_SIGNED + 4 + i;
		one = proof_ocsp(forge.m, &a);
		buf_put(&b, one.p, one.len);
	}
	assert_int_equal(buf_rc(&b), RC_OK);
	all = maker_copy(forge.m, b.p, b.len);
	buf_clear(&b);
	return all;
}

/* The value of one signature is known only when it is made: what is stamped is something else. */
static struct der
tokens(const struct pki_cert *authority)
{
	const struct pki_cert *certs[] = {authority, &forge.agency.root};
	struct token t = {.authority = authority, .certs = certs, .ncerts = 2};
	struct der one, all;
	struct buf b;
	int i;

	buf_init(&b, 1u << 20);
	t.imprint = maker_digest(forge.m, "SHA256", (struct der){(const uint8_t *)"x", 1});
	for (i = 0; i < CAP_TIMESTAMPS; i++) {
		t.gen_time = FORGE_SIGNED + 3 + i;
		t.serial = (uint64_t)i + 1;
		one = token_make(forge.m, &t);
		buf_put(&b, one.p, one.len);
	}
	assert_int_equal(buf_rc(&b), RC_OK);
	all = maker_copy(forge.m, b.p, b.len);
	buf_clear(&b);
	return all;
}

static void
crowd(struct letter *l, struct der stamps, struct der ocsp)
{
	const struct pki_cert *certs[] = {&forge.agency.root, &forge.agency.ca, &forge.signer};
	struct envelope e = {
	    .signer = &forge.signer, .certs = certs, .ncerts = 3, .raw_stamp = stamps};
	struct letter_sign sign = {.at = FORGE_SIGNED, .envelope = &e};
	char field[32];
	unsigned i;

	letter_init(l, forge.m, LETTER_CLASSIC, &forge_text, 0);
	for (i = 0; i < CROWD; i++) {
		snprintf(field, sizeof(field), "TandaTangan%u", i);
		sign.field = field;
		e.ocsp = i == 0 ? ocsp : ASN_NONE;
		sign.hole = 16384 + stamps.len + e.ocsp.len;
		letter_sign(l, &sign);
	}
	assert_int_equal(letter_rc(l), RC_OK);
}

/* Whether LIMIT is among the reasons; the time is within bounds. */
static bool
limit(struct letter *l)
{
	struct report *r;
	bool found = false;
	clock_t start;
	size_t i;

	start = clock();
	r = forge_verify(forge.trust, l->out.p, l->out.len, "nasional", FORGE_AT);
	assert_true(clock() - start < SECONDS * CLOCKS_PER_SEC);
	assert_non_null(r);
	fprintf(stderr, "# %.3f s\n", (double)(clock() - start) / CLOCKS_PER_SEC);
	forge_show("crowd", r);
	assert_int_equal(r->nsigs, CROWD);
	assert_int_not_equal(r->conclusion, CONCLUSION_VALID);
	for (i = 0; i < r->nreasons; i++)
		found |= r->reasons[i] == CHECK_LIMIT;
	report_free(r);
	letter_clear(l);
	return found;
}

static void
test_crowd(void **state)
{
	struct letter l;

	(void)state;
	crowd(&l, tokens(&forge.agency.tsa), answers(&forge.agency.responder));
	assert_false(limit(&l));
}

/* Keys whose operations take long: what was not looked at is told. */
static void
test_slow_keys(void **state)
{
	EVP_PKEY *key = maker_key(forge.m, MAKER_P384);
	struct pki_cert tsa, responder;
	struct pki_spec spec = {
	    .subject = {"ID", "Balai Contoh Sertifikasi", "Lambat", NULL},
	    .key = key,
	    .issuer = &forge.agency.root,
	    .serial = 9001,
	    .from = FORGE_AT - 300 * FORGE_DAY,
	    .until = FORGE_AT + 300 * FORGE_DAY,
	    .path_len = -1,
	    .key_usage = PKI_DIGITAL_SIGNATURE,
	    .eku = PKI_EKU_TIMESTAMPING,
	    .eku_critical = true,
	    .ocsp_nocheck = true,
	};
	struct letter l;

	(void)state;
	pki_issue(forge.m, &spec, &tsa);
	spec.issuer = &forge.agency.ca;
	spec.eku = PKI_EKU_OCSP_SIGNING;
	pki_issue(forge.m, &spec, &responder);
	crowd(&l, tokens(&tsa), answers(&responder));
	assert_true(limit(&l));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_crowd),
	    cmocka_unit_test(test_slow_keys),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, setup, teardown);
}
