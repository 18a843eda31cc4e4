/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Until when a letter can be checked offline, and what ends first.  Whatever
 * is claimed is tried: good until then, and not a second longer.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "forge.h"
#include "when.h"

#define nitems(a) (sizeof(a) / sizeof((a)[0]))
#define DAY       FORGE_DAY
#define YEAR      (365 * DAY)
#define AT        FORGE_AT

enum shape {
	PLAIN,   /* evidence, and no proof of time */
	STAMPED, /* a signature timestamp and evidence */
	ARCHIVED /* and a document timestamp */
};

/* Ends are days after AT; what is 0 lasts ten years. */
struct horizon_case {
	const char *name, *policy;
	enum shape shape;
	enum maker_key key;
	int signer, ca, tsa, responder;
	int fresh; /* of the evidence, from AT on; -1: answers name no end */
	int anchor;
	enum check weakest;
	int days;                 /* from AT; 0: no end */
	const char *weakest_name; /* NULL: none */
};

#define SIGNER "Siti Rahmawati Contoh"
#define CA     "CA Contoh G1"
#define TSA    "Timestamp Authority Contoh"
#define RESP   "CA Contoh G1 - Validation Authority"
#define ROOT   "Root CA Contoh"
#define STRONG MAKER_P256

static const struct horizon_case cases[] = {
    {"signer first", "nasional", PLAIN, STRONG, 100, 200, 0, 300, 400, 0,
	CHECK_HORIZON_SIGNER_CERTIFICATE, 100, SIGNER},
    {"signer first, strict", "strict", PLAIN, STRONG, 100, 200, 0, 300, 400, 0,
	CHECK_HORIZON_SIGNER_CERTIFICATE, 100, SIGNER},
    {"CA first", "nasional", PLAIN, STRONG, 200, 100, 0, 300, 400, 0,
	CHECK_HORIZON_ISSUER_CERTIFICATE, 100, CA},
    {"responder first", "nasional", PLAIN, STRONG, 200, 300, 0, 100, 400, 0,
	CHECK_HORIZON_RESPONDER, 100, RESP},
    {"evidence first", "nasional", PLAIN, STRONG, 200, 300, 0, 400, 100, 0,
	CHECK_HORIZON_REVOCATION, 100, SIGNER},
    {"anchor first", "nasional", PLAIN, STRONG, 200, 300, 0, 400, 500, 100, CHECK_HORIZON_ANCHOR,
	100, ROOT},
    {"all is over but the timestamp", "nasional", STAMPED, STRONG, 100, 200, 300, 400, 50, 0,
	CHECK_HORIZON_OPEN, 0, NULL},
    {"an archive timestamp", "nasional", ARCHIVED, STRONG, 100, 200, 300, 400, 50, 0,
	CHECK_HORIZON_OPEN, 0, NULL},
    {"RSA of 2048 bits", "nasional", STAMPED, MAKER_RSA, 100, 200, 300, 400, 50, 0,
	CHECK_HORIZON_ALGORITHM, 773, "RSA 2048"},
    {"authority first, strict", "strict", STAMPED, STRONG, 100, 900, 300, 400, 500, 0,
	CHECK_HORIZON_TSA_CERTIFICATE, 300, TSA},
    {"authority's evidence first, strict", "strict", STAMPED, STRONG, 0, 0, 0, 0, 100, 0,
	CHECK_HORIZON_REVOCATION, 100, TSA},
    {"authority first, archived, strict", "strict", ARCHIVED, STRONG, 100, 200, 300, 400, 500, 0,
	CHECK_HORIZON_TSA_CERTIFICATE, 300, TSA},
    {"anchor first, strict", "strict", ARCHIVED, STRONG, 400, 0, 300, 0, 500, 100,
	CHECK_HORIZON_ANCHOR, 100, ROOT},
};

static struct maker *maker;

static int64_t
end_of(int days)
{
	return AT + (days == 0 ? 10 * YEAR : days * DAY);
}

/* The letter was signed a minute before AT. */
static void
make(const struct horizon_case *c, struct agency *a, struct pki_cert *signer, struct letter *l)
{
	const struct agency_times times = {
	    .root = {AT - YEAR, AT + 20 * YEAR},
	    .ca = {AT - YEAR, end_of(c->ca)},
	    .tsa = {AT - YEAR, end_of(c->tsa)},
	    .responder = {AT - YEAR, end_of(c->responder)},
	};
	struct agency_order order = {
	    .signer = signer, .at = AT - 120, .no_stamp = c->shape == PLAIN};

	agency_found(a, maker, c->key, &times);
	/* evidence is as of four seconds after signing */
	a->fresh = c->fresh < 0 ? 0 : c->fresh * DAY + 116;
	agency_admit(a, signer, maker_key(maker, c->key), SIGNER, AT - YEAR, end_of(c->signer));
	order.level = c->shape == ARCHIVED ? AGENCY_LTA : AGENCY_LT;
	letter_init(l, maker, LETTER_CLASSIC, &forge_text, 0);
	agency_sign(a, l, &order);
	assert_int_equal(letter_rc(l), RC_OK);
}

static bool
passes(const struct trust *t, const struct letter *l, const char *policy, int64_t at)
{
	struct report *r = forge_verify(t, l->out.p, l->out.len, policy, at);
	bool ok = r->sigs[0].status.ind == IND_PASSED;

	report_free(r);
	return ok;
}

static void
check_report(const struct horizon_case *c, const struct report_sig *s)
{
	char have[WHEN_TEXT], want[WHEN_TEXT];
	int64_t until = c->days == 0 ? WHEN_NONE : AT + c->days * DAY;
	const char *name = s->ltv_weakest_name != NULL ? s->ltv_weakest_name : "-";

	if (s->status.ind != IND_PASSED || s->ltv_until != until || s->ltv_weakest != c->weakest ||
	    strcmp(name, c->weakest_name != NULL ? c->weakest_name : "-") != 0)
		fail_msg("%s: %s %s until %s by %s, %s; not %s by %s, %s", c->name,
		    indication_name(s->status.ind),
		    s->status.sub == SUB_NONE ? "" : sub_indication_name(s->status.sub),
		    when_format(s->ltv_until, have),
		    s->ltv_weakest == CHECK__NONE ? "-" : check_name(s->ltv_weakest), name,
		    when_format(until, want), check_name(c->weakest),
		    c->weakest_name != NULL ? c->weakest_name : "-");
}

static void
test_cases(void **state)
{
	struct pki_cert signer;
	struct trust *trust;
	struct agency a;
	struct report *r;
	struct letter l;
	size_t i;

	(void)state;
	for (i = 0; i < nitems(cases); i++) {
		const struct horizon_case *c = &cases[i];

		make(c, &a, &signer, &l);
		trust = forge_trust(maker, &a.root);
		assert_non_null(trust);
		if (c->anchor != 0)
			trust->anchors.v[0].until = AT + c->anchor * DAY;
		r = forge_verify(trust, l.out.p, l.out.len, c->policy, AT);
		check_report(c, &r->sigs[0]);
		if (r->sigs[0].ltv_until != WHEN_NONE) {
			if (!passes(trust, &l, c->policy, r->sigs[0].ltv_until - 1))
				fail_msg("%s: it ends earlier", c->name);
			if (passes(trust, &l, c->policy, r->sigs[0].ltv_until + 1))
				fail_msg("%s: it ends later", c->name);
		} else if (!passes(trust, &l, c->policy, AT + 100 * YEAR))
			fail_msg("%s: it ends", c->name);
		report_free(r);
		trust_free(trust);
		letter_clear(&l);
	}
}

/* A letter that has not passed, and a document timestamp, have none. */
static void
test_none(void **state)
{
	static const struct horizon_case c = {
	    .shape = ARCHIVED, .key = STRONG, .signer = 100, .fresh = 50};
	struct pki_cert signer;
	struct trust *trust;
	struct agency a;
	struct report *r;
	struct letter l;

	(void)state;
	make(&c, &a, &signer, &l);
	trust = forge_trust(maker, &a.root);
	assert_non_null(trust);
	r = forge_verify(trust, l.out.p, l.out.len, "nasional", AT);
	assert_int_equal(r->nsigs, 2);
	assert_int_equal(r->sigs[1].kind, KIND_DOCUMENT_TIMESTAMP);
	assert_int_equal(r->sigs[1].ltv_weakest, CHECK__NONE);
	assert_true(r->sigs[1].ltv_until == WHEN_NONE);
	report_free(r);
	forge_poke(&l, forge_last(&l, "12.500"), "92.500");
	r = forge_verify(trust, l.out.p, l.out.len, "nasional", AT);
	assert_int_not_equal(r->sigs[0].status.ind, IND_PASSED);
	assert_int_equal(r->sigs[0].ltv_weakest, CHECK__NONE);
	assert_true(r->sigs[0].ltv_until == WHEN_NONE);
	report_free(r);
	trust_free(trust);
	letter_clear(&l);
}

/* An answer that names no end is fresh for five minutes: of nasional alone. */
static void
test_no_next_update(void **state)
{
	static const struct horizon_case c = {.shape = PLAIN, .key = STRONG, .fresh = -1};
	struct pki_cert signer;
	struct trust *trust;
	struct agency a;
	struct report *r;
	struct letter l;

	(void)state;
	make(&c, &a, &signer, &l);
	trust = forge_trust(maker, &a.root);
	assert_non_null(trust);
	r = forge_verify(trust, l.out.p, l.out.len, "nasional", AT);
	assert_int_equal(r->sigs[0].status.ind, IND_PASSED);
	assert_int_equal(r->sigs[0].ltv_weakest, CHECK_HORIZON_REVOCATION);
	assert_true(r->sigs[0].ltv_until == AT - 116 + 301);
	assert_true(passes(trust, &l, "nasional", r->sigs[0].ltv_until - 1));
	assert_false(passes(trust, &l, "nasional", r->sigs[0].ltv_until));
	report_free(r);
	assert_false(passes(trust, &l, "strict", AT));
	trust_free(trust);
	letter_clear(&l);
}

/* Each signature's own certificate counts, not its neighbour's. */
static void
test_two(void **state)
{
	static const struct horizon_case c = {
	    .shape = PLAIN, .key = STRONG, .signer = 100, .fresh = 500};
	struct agency_order order = {
	    .level = AGENCY_LT, .at = AT - 60, .field = "TandaTangan2", .no_stamp = true};
	struct pki_cert first, second;
	struct trust *trust;
	struct agency a;
	struct report *r;
	struct letter l;

	(void)state;
	make(&c, &a, &first, &l);
	agency_admit(
	    &a, &second, maker_key(maker, STRONG), "Budi Santoso Contoh", AT - YEAR, AT + 40 * DAY);
	order.signer = &second;
	agency_sign(&a, &l, &order);
	assert_int_equal(letter_rc(&l), RC_OK);
	trust = forge_trust(maker, &a.root);
	assert_non_null(trust);
	r = forge_verify(trust, l.out.p, l.out.len, "nasional", AT);
	assert_int_equal(r->nsigs, 2);
	assert_string_equal(r->sigs[0].ltv_weakest_name, SIGNER);
	assert_true(r->sigs[0].ltv_until == AT + 100 * DAY);
	assert_string_equal(r->sigs[1].ltv_weakest_name, "Budi Santoso Contoh");
	assert_true(r->sigs[1].ltv_until == AT + 40 * DAY);
	report_free(r);
	trust_free(trust);
	letter_clear(&l);
}

static int
setup(void **state)
{
	(void)state;
	return (maker = maker_new()) == NULL ? -1 : 0;
}

static int
teardown(void **state)
{
	(void)state;
	maker_free(maker);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_cases),
	    cmocka_unit_test(test_none),
	    cmocka_unit_test(test_two),
	    cmocka_unit_test(test_no_next_update),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, setup, teardown);
}
