/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a timestamp proves to have existed: by where things lie, never by itself. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "caps.h"
#include "forge.h"
#include "poe.h"
#include "source.h"
#include "when.h"

static struct forge forge;
static struct letter letter;
static struct arena *arena;
static struct dossier dossier;
static struct poe poe;

/*
 * Revisions: 1 the letter, 2 signed and stamped, 3 evidence, 4 stamped, 5 more
 * evidence, 6 stamped, 7 a second signature.
 */
enum { SIGNED, FIRST, SECOND, LATER };

static int64_t
document_stamp(const char *field, int64_t at)
{
	struct letter_sign sign = {.field = field, .hole = 8192, .at = WHEN_NONE};
	struct token t;

	forge_token(&forge, &t, at);
	sign.token = &t;
	letter_sign(&letter, &sign);
	return t.gen_time;
}

static int
setup(void **state)
{
	const struct pki_cert *certs[] = {&forge.agency.ca, &forge.other};
	struct envelope second = {.signer = &forge.other, .certs = certs, .ncerts = 2};
	struct letter_sign sign = {.field = "Kedua", .at = FORGE_SIGNED, .envelope = &second};
	struct letter_evidence ev;
	struct envelope first = {.signer = NULL};
	struct proof_list list = {
	    .number = 1, .this_update = FORGE_SIGNED, .next_update = FORGE_AT + FORGE_DAY};
	struct source src;

	(void)state;
	if (!forge_open(&forge))
		return -1;
	list.issuer = &forge.agency.ca;
	first.crl = proof_crl(forge.m, &list);
	letter_init(&letter, forge.m, LETTER_CLASSIC, &forge_text, 0);
	forge_message_sign(&forge, &letter, &first, NULL, true);
	document_stamp("Stempel1", FORGE_SIGNED + 60);
	memset(&ev, 0, sizeof(ev));
	list.issuer = &forge.agency.root;
	list.number = 99;
	ev.crls[ev.ncrls++] = proof_crl(forge.m, &list);
	ev.no_vri = true;
	letter_dss(&letter, &ev);
	document_stamp("Stempel2", FORGE_SIGNED + 3600);
	letter_sign(&letter, &sign);
	if (letter_rc(&letter) != RC_OK || (arena = arena_new(CAP_ARENA)) == NULL)
		return -1;
	source_memory(&src, letter.out.p, letter.out.len);
	if (dossier_open(&dossier, arena, &src, forge.trust, NULL) != RC_OK || dossier.nsigs != 4)
		return -1;
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	arena_free(arena);
	letter_clear(&letter);
	forge_close(&forge);
	return 0;
}

static int
fresh(void **state)
{
	(void)state;
	return poe_init(&poe, &dossier, FORGE_AT) == RC_OK ? 0 : -1;
}

static int64_t
of_cert(const struct pki_cert *c)
{
	size_t i;

	for (i = 0; i < dossier.pool.n; i++)
		if (der_equal(dossier.pool.certs[i]->der, c->der))
			return poe_of_cert(&poe, dossier.pool.certs[i]);
	fail();
	return 0;
}

/* The piece of evidence that came with that revision (0: with a signature), OCSP or CRL. */
static int64_t
of_evidence(unsigned revision, bool is_crl)
{
	size_t i;

	for (i = 0; i < dossier.evidence.n; i++)
		if (dossier.evidence.v[i].revision == revision &&
		    dossier.evidence.v[i].is_crl == is_crl)
			return poe_of_evidence(&poe, &dossier.evidence.v[i]);
	fail();
	return 0;
}

static void
test_nothing_yet(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < dossier.nsigs; i++)
		assert_true(poe_of_value(&poe, i) == FORGE_AT);
	for (i = 0; i < dossier.pool.n; i++)
		assert_true(poe_of_cert(&poe, dossier.pool.certs[i]) == FORGE_AT);
	for (i = 0; i < dossier.evidence.n; i++)
		assert_true(poe_of_evidence(&poe, &dossier.evidence.v[i]) == FORGE_AT);
}

/* The first one: the signature, its own timestamp, the evidence; not itself, nothing later. */
static void
test_first_document_timestamp(void **state)
{
	(void)state;
	poe_document(&poe, dossier.sigs[FIRST].pdf->revision, 1000);
	assert_true(poe_of_value(&poe, SIGNED) == 1000);
	assert_true(poe_of_token(&poe, &dossier.sigs[SIGNED].tst[0]) == 1000);
	assert_true(poe_of_value(&poe, FIRST) == FORGE_AT);
	assert_true(poe_of_token(&poe, &dossier.sigs[FIRST].tst[0]) == FORGE_AT);
	assert_true(poe_of_value(&poe, LATER) == FORGE_AT);
	assert_true(of_cert(&forge.signer) == 1000);
	assert_true(of_cert(&forge.agency.tsa) == 1000);
	assert_true(of_cert(&forge.agency.responder) == 1000);
	assert_true(of_cert(&forge.other) == FORGE_AT);
	assert_true(of_evidence(0, true) == 1000);
	assert_true(of_evidence(3, false) == 1000);
	assert_true(of_evidence(5, true) == FORGE_AT);
}

static void
test_second_document_timestamp(void **state)
{
	(void)state;
	poe_document(&poe, dossier.sigs[SECOND].pdf->revision, 2000);
	assert_true(poe_of_token(&poe, &dossier.sigs[FIRST].tst[0]) == 2000);
	assert_true(poe_of_value(&poe, SIGNED) == 2000);
	assert_true(of_evidence(5, true) == 2000);
	assert_true(poe_of_token(&poe, &dossier.sigs[SECOND].tst[0]) == FORGE_AT);
	assert_true(of_cert(&forge.other) == FORGE_AT);
	/* the earliest counts, in whatever order they come */
	poe_document(&poe, dossier.sigs[FIRST].pdf->revision, 1000);
	poe_document(&poe, dossier.sigs[SECOND].pdf->revision, 3000);
	assert_true(poe_of_value(&poe, SIGNED) == 1000);
	assert_true(of_evidence(5, true) == 2000);
}

/* A timestamp over the value: that, the certificate it names, what is signed; not the rest. */
static void
test_signature_timestamp(void **state)
{
	(void)state;
	poe_signature(&poe, SIGNED, 500);
	assert_true(poe_of_value(&poe, SIGNED) == 500);
	assert_true(of_cert(&forge.signer) == 500);
	assert_true(of_evidence(0, true) == 500);
	assert_true(of_cert(&forge.agency.ca) == FORGE_AT);
	assert_true(of_cert(&forge.agency.tsa) == FORGE_AT);
	assert_true(of_evidence(3, false) == FORGE_AT);
	assert_true(poe_of_token(&poe, &dossier.sigs[SIGNED].tst[0]) == FORGE_AT);
	assert_true(poe_of_value(&poe, LATER) == FORGE_AT);
}

/* What is not of this document, or lies nowhere, is only known now. */
static void
test_strangers(void **state)
{
	struct evidence e = {.since = EVIDENCE_NOWHERE};
	struct tstamp t = {.since = EVIDENCE_NOWHERE};
	struct cert c = {.not_before = 0};

	(void)state;
	poe_document(&poe, 1000, 1000);
	assert_true(poe_of_evidence(&poe, &e) == FORGE_AT);
	assert_true(poe_of_token(&poe, &t) == FORGE_AT);
	assert_true(poe_of_cert(&poe, &c) == FORGE_AT);
	t.since = 0;
	assert_true(poe_of_token(&poe, &t) == FORGE_AT);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(test_nothing_yet, fresh),
	    cmocka_unit_test_setup(test_first_document_timestamp, fresh),
	    cmocka_unit_test_setup(test_second_document_timestamp, fresh),
	    cmocka_unit_test_setup(test_signature_timestamp, fresh),
	    cmocka_unit_test_setup(test_strangers, fresh),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, setup, teardown);
}
