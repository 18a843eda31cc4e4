/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Letters without revocation data, and somebody who may know it: what is asked, that an answer
 * obeys every rule that embedded evidence obeys, and that it makes no letter better than it is.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "asn.h"
#include "caps.h"
#include "forge.h"
#include "proof.h"
#include "source.h"
#include "verify.h"
#include "when.h"

#define nitems(a) (sizeof(a) / sizeof((a)[0]))
#define DAY       FORGE_DAY
#define ASKED     (FORGE_AT - 60) /* when its answers came */
#define HOST      "va.contoh.invalid"

static struct forge forge;

/* --- who is asked --- */

#define KNOWN_MAX 8

/* What is known of one certificate. */
struct known {
	const struct pki_cert *cert;
	enum lookup_kind kind;
	enum lookup_outcome outcome;
	struct lookup_part part;
};

static struct {
	struct known known[KNOWN_MAX];
	size_t n;
	unsigned calls;
	size_t questions;
	const struct pki_cert *about[CAP_LOOKUPS]; /* of those asked about, the known ones */
	size_t nabout;
	size_t ncerts; /* of the last question */
	enum rc rc;    /* RC_OK, or nobody is there */
	int64_t age;   /* of its answers */
} desk;

static void
desk_clear(void)
{
	memset(&desk, 0, sizeof(desk));
	desk.age = FORGE_AT - ASKED;
}

static void
knows(const struct pki_cert *cert, enum lookup_part_kind kind, struct der der)
{
	struct known *k = &desk.known[desk.n++];

	assert_true(desk.n <= KNOWN_MAX);
	k->cert = cert;
	k->kind = kind == LOOKUP_CERT ? LOOKUP_ISSUER : LOOKUP_STATUS;
	k->outcome = LOOKUP_ANSWERED;
	k->part.kind = kind;
	k->part.der = (struct lookup_octets){der.p, der.len};
}

static void
fails(const struct pki_cert *cert, enum lookup_outcome outcome)
{
	knows(cert, LOOKUP_OCSP, ASN_NONE);
	desk.known[desk.n - 1].outcome = outcome;
}

static struct known *
find(const struct lookup_question *q)
{
	const struct lookup_octets *c = &q->certs[q->kind == LOOKUP_STATUS ? 0 : q->ncerts - 1];
	struct known *k;

	for (k = desk.known; k < desk.known + desk.n; k++)
		if (k->kind == q->kind && k->cert->der.len == c->len &&
		    memcmp(k->cert->der.p, c->p, c->len) == 0)
			return k;
	return NULL;
}

static enum rc
ask(void *ctx, struct arena *a, const struct lookup_question *v, size_t n,
    struct lookup_answer *answers)
{
	static char url[] = "http://" HOST "/ocsp";
	struct known *k;
	size_t i;

	assert_null(ctx);
	assert_non_null(a);
	assert_true(n > 0 && n <= CAP_LOOKUPS);
	desk.calls++;
	desk.questions += n;
	for (i = 0; i < n; i++) {
		assert_true(v[i].ncerts >= 1 && v[i].ncerts <= CAP_CHAIN);
		desk.ncerts = v[i].ncerts;
		answers[i] = (struct lookup_answer){.outcome = LOOKUP_UNREACHABLE,
		    .asked = FORGE_AT - desk.age,
		    .retry = ASKED + 90,
		    .url = url};
		if ((k = find(&v[i])) == NULL)
			continue;
		if (desk.nabout < CAP_LOOKUPS)
			desk.about[desk.nabout++] = k->cert;
		answers[i].outcome = k->outcome;
		if (k->outcome == LOOKUP_OPEN || k->outcome == LOOKUP_NO_URL) {
			answers[i].asked = answers[i].retry = WHEN_NONE;
			answers[i].url = NULL;
		}
		if (k->outcome == LOOKUP_ANSWERED) {
			answers[i].parts = &k->part;
			answers[i].nparts = 1;
		}
	}
	return desk.rc;
}

static const struct lookup lookup = {ask, NULL};

/* --- letters and verdicts --- */

static struct report *
judge(const struct letter *l, const char *policy, bool offline, const struct lookup *who)
{
	const struct verify_params params = {.trust = forge.trust,
	    .policy = policy_find(policy),
	    .at = FORGE_AT,
	    .offline = offline,
	    .lookup = who};
	struct report *r;
	struct source src;

	assert_int_equal(letter_rc(l), RC_OK);
	source_memory(&src, l->out.p, l->out.len);
	assert_int_equal(verify(&r, &src, &params), RC_OK);
	return r;
}

/* A letter with a timestamp and nothing more. */
static void
make(struct letter *l)
{
	forge_order(&forge.agency, l,
	    &(struct agency_order){.signer = &forge.signer, .level = AGENCY_T, .at = FORGE_SIGNED});
}

static struct report *
judge_new(const char *policy)
{
	struct report *r;
	struct letter l;

	make(&l);
	r = judge(&l, policy, false, &lookup);
	letter_clear(&l);
	return r;
}

static struct der
ocsp(const struct proof_answer *a)
{
	return proof_ocsp(forge.m, a);
}

/* A good answer about the good signer, of just now. */
static struct proof_answer
good(void)
{
	struct proof_answer a = forge_answer(&forge);

	a.produced = a.this_update = ASKED;
	a.next_update = FORGE_AT + DAY;
	return a;
}

static struct der
crl(const struct pki_cert *issuer, const struct pki_cert *revoked, int64_t at, uint8_t reason)
{
	return proof_crl(forge.m, &(struct proof_list){.issuer = issuer,
				      .number = 5,
				      .this_update = FORGE_AT - DAY,
				      .next_update = FORGE_AT + 7 * DAY,
				      .revoked = revoked,
				      .revoked_at = at,
				      .reason = reason});
}

/* The authority's root says that the CA is good. */
static void
knows_ca(void)
{
	knows(&forge.agency.ca, LOOKUP_CRL, crl(&forge.agency.root, NULL, 0, 0));
}

/* Its id is CHECK__NONE if it was not asked. */
static struct report_check
check_of(const struct report *r, enum check id)
{
	struct report_check none = {.id = CHECK__NONE};
	size_t i;

	for (i = 0; i < r->nchecks; i++)
		if (r->checks[i].id == id)
			return r->checks[i];
	return none;
}

static bool
has_reason(const struct report *r, enum check id)
{
	size_t i;

	for (i = 0; i < r->nreasons; i++)
		if (r->reasons[i] == id)
			return true;
	return false;
}

static void
assert_conclusion(const struct report *r, enum conclusion want)
{
	if (r->conclusion == want)
		return;
	forge_show("online", r);
	fail_msg("%s, not %s", conclusion_name(r->conclusion), conclusion_name(want));
}

static void
assert_status(const struct report *r, enum indication ind, enum sub_indication sub)
{
	if (r->sigs[0].status.ind == ind && r->sigs[0].status.sub == sub)
		return;
	forge_show("online", r);
	fail();
}

static bool
lists(const enum check *v, size_t n, enum check c)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (v[i] == c)
			return true;
	return false;
}

/* --- tests --- */

/* Good news makes it VALID, and tells that they are news: the letter carries no more than it did.
 */
static void
test_good(void **state)
{
	struct report_check c;
	const struct report_sig *s;
	char at[WHEN_TEXT];
	struct proof_answer a = good();
	struct report *r;

	(void)state;
	desk_clear();
	knows(&forge.signer, LOOKUP_OCSP, ocsp(&a));
	knows_ca();
	r = judge_new("nasional");
	assert_conclusion(r, CONCLUSION_VALID);
	s = &r->sigs[0];
	assert_int_equal(s->strict.ind, IND_PASSED);
	assert_int_equal(s->revocation.status, REV_GOOD);
	assert_int_equal(s->revocation.source, SOURCE_ONLINE);
	assert_int_equal(s->revocation.asked, ASKED);
	assert_int_equal(s->revocation.this_update, ASKED);
	assert_int_equal(s->time.proven, FORGE_SIGNED + 3);
	assert_int_equal(s->level, LEVEL_PADES_T);
	assert_true(lists(s->level_missing, s->nlevel_missing, CHECK_LEVEL_REVOCATION));
	assert_false(s->ltv);
	assert_true(lists(s->ltv_missing, s->nltv_missing, CHECK_LEVEL_REVOCATION));
	assert_int_equal(s->ltv_until, WHEN_NONE);
	assert_int_equal(s->ltv_weakest, CHECK__NONE);
	assert_int_equal(check_of(r, CHECK_LTV).result, RESULT_FAIL);
	c = check_of(r, CHECK_CHECKED_ONLINE);
	assert_int_not_equal(c.id, CHECK__NONE);
	assert_int_equal(c.result, RESULT_OK);
	assert_int_equal(c.signature, 0);
	assert_string_equal(c.detail, when_format(ASKED, at));
	assert_false(r->offline);
	assert_int_equal(r->nwanted, 0);
	/* both in one round; the second has nothing new to ask, as the authority names nobody */
	assert_int_equal(desk.calls, 1);
	assert_int_equal(desk.questions, 2);
	assert_int_equal(desk.nabout, 2);
	report_free(r);
}

/* The same letter offline, or with nobody to ask: what was said before there was anybody. */
static void
test_nobody_is_asked(void **state)
{
	static const struct {
		bool offline;
		const struct lookup *who;
		bool question;
	} t[] = {{true, &lookup, false}, {true, NULL, false}, {false, NULL, true}};
	struct proof_answer a = good();
	struct lookup_question q;
	struct report *r;
	struct letter l;
	size_t i, k, n;

	(void)state;
	for (i = 0; i < nitems(t); i++) {
		desk_clear();
		knows(&forge.signer, LOOKUP_OCSP, ocsp(&a));
		knows_ca();
		make(&l);
		r = judge(&l, "nasional", t[i].offline, t[i].who);
		assert_conclusion(r, CONCLUSION_INDETERMINATE);
		assert_status(r, IND_INDETERMINATE, SUB_TRY_LATER);
		assert_int_equal(desk.calls, 0);
		assert_int_equal(r->sigs[0].revocation.source, SOURCE_NONE);
		assert_int_equal(r->sigs[0].revocation.asked, WHEN_NONE);
		assert_int_equal(check_of(r, CHECK_CHECKED_ONLINE).id, CHECK__NONE);
		/* in words, after what decided */
		assert_true(has_reason(r, CHECK_REVOCATION_NOT_ASKED));
		assert_int_equal(r->reasons[0], CHECK_REVOCATION);
		assert_int_equal(
		    check_of(r, CHECK_REVOCATION_NOT_ASKED).id, CHECK_REVOCATION_NOT_ASKED);
		assert_int_equal(check_of(r, CHECK_REVOCATION_NOT_ASKED).result, RESULT_UNKNOWN);
		/* OCSP and CRL of the signer, CRL of its CA */
		assert_int_equal(r->nwanted, 3);
		assert_int_equal(r->wanted[0].kind, WANT_OCSP);
		assert_string_equal(r->wanted[0].url, "http://" HOST "/ocsp");
		assert_int_equal(r->wanted[1].kind, WANT_CRL);
		assert_string_equal(r->wanted[2].url, "http://crl.contoh.invalid/akar.crl");
		for (k = n = 0; k < r->nwanted; k++) {
			assert_int_equal(r->wanted[k].outcome, LOOKUP_OPEN);
			assert_null(r->wanted[k].host);
			assert_int_equal(r->wanted[k].asked, WHEN_NONE);
			n += r->wanted[k].question != NULL;
		}
		assert_int_equal(n, t[i].question ? 2 : 0);
		assert_null(r->wanted[1].question); /* the first about each certificate has it */
		if (t[i].question) {
			assert_int_equal(lookup_get_question(
					     &q, r->wanted[0].question, r->wanted[0].question_len),
			    RC_OK);
			assert_int_equal(q.kind, LOOKUP_STATUS);
			assert_int_equal(q.ncerts, 3);
			assert_memory_equal(q.certs[0].p, forge.signer.der.p, q.certs[0].len);
			assert_memory_equal(q.certs[2].p, forge.agency.root.der.p, q.certs[2].len);
			report_drop_questions(r);
			assert_null(r->wanted[0].question);
		}
		report_free(r);
		letter_clear(&l);
	}
}

/* Who brought everything asks nobody, and looks the same whoever could be asked. */
static void
test_nothing_lacks(void **state)
{
	struct report *r;
	struct letter l;

	(void)state;
	desk_clear();
	forge_base(&forge, &l);
	r = judge(&l, "nasional", false, &lookup);
	assert_conclusion(r, CONCLUSION_VALID);
	assert_int_equal(desk.calls, 0);
	assert_int_equal(r->sigs[0].level, LEVEL_PADES_LT);
	assert_true(r->sigs[0].ltv);
	assert_int_equal(r->sigs[0].revocation.source, SOURCE_EMBEDDED);
	assert_int_equal(r->nwanted, 0);
	assert_int_equal(check_of(r, CHECK_CHECKED_ONLINE).id, CHECK__NONE);
	report_free(r);
	letter_clear(&l);
	/* nor who is broken: no answer would help */
	forge_base(&forge, &l);
	forge_poke(&l, forge_last(&l, "12.500.000"), "92.500.000");
	r = judge(&l, "nasional", false, &lookup);
	assert_conclusion(r, CONCLUSION_INVALID);
	assert_int_equal(desk.calls, 0);
	report_free(r);
	letter_clear(&l);
	/* nor whose certificate is over */
	forge_order(&forge.agency, &l,
	    &(struct agency_order){
		.signer = &forge.expired, .level = AGENCY_T, .at = FORGE_SIGNED_EARLIER});
	r = judge(&l, "nasional", false, &lookup);
	assert_conclusion(r, CONCLUSION_INDETERMINATE);
	assert_int_equal(desk.calls, 0);
	assert_int_equal(r->nwanted, 0);
	report_free(r);
	letter_clear(&l);
}

/* Answers that come and are worth nothing, or are bad news. */
static void
bad_answer(struct proof_answer *a, int which)
{
	switch (which) {
	case 0: /* revoked before the proven time */
		a->status = PROOF_REVOKED;
		a->revoked_at = FORGE_SIGNED - DAY;
		break;
	case 1: /* revoked after it: good when it mattered */
		a->status = PROOF_REVOKED;
		a->revoked_at = FORGE_SIGNED + DAY;
		break;
	case 2: /* suspended */
		a->status = PROOF_REVOKED;
		a->revoked_at = FORGE_SIGNED - DAY;
		a->reason = 6;
		break;
	case 3:
		a->status = PROOF_UNKNOWN;
		break;
	case 4: /* its time is over */
		a->produced = a->this_update = FORGE_SIGNED - 40 * DAY;
		a->next_update = FORGE_SIGNED - 10 * DAY;
		break;
	case 5: /* of the future */
		a->produced = a->this_update = FORGE_AT + DAY;
		a->next_update = FORGE_AT + 2 * DAY;
		break;
	case 6: /* by a stranger of the same name */
		a->responder = &forge.evil.responder;
		break;
	case 7: /* about another signer */
		a->subject = &forge.other;
		break;
	case 8: /* by the signer of another letter */
		a->responder = &forge.other;
		break;
	case 9: /* no nextUpdate, and just now */
		a->next_update = WHEN_NONE;
		break;
	case 10: /* no nextUpdate, and older than the letter */
		a->next_update = WHEN_NONE;
		a->produced = a->this_update = FORGE_SIGNED - DAY;
		break;
	default:
		break;
	}
}

static void
test_answers(void **state)
{
	static const struct {
		const char *name;
		enum conclusion conclusion;
		enum sub_indication sub, strict;
		enum check reason;
		enum evidence_source source;
		bool lacks;
	} t[] = {
	    {"revoked before", CONCLUSION_INDETERMINATE, SUB_REVOKED_NO_POE, SUB_REVOKED_NO_POE,
		CHECK_REVOCATION, SOURCE_ONLINE, false},
	    {"revoked after", CONCLUSION_VALID, SUB_NONE, SUB_NONE, CHECK__NONE, SOURCE_ONLINE,
		false},
	    {"on hold", CONCLUSION_INDETERMINATE, SUB_TRY_LATER, SUB_TRY_LATER, CHECK_REVOCATION,
		SOURCE_ONLINE, false},
	    {"unknown", CONCLUSION_INDETERMINATE, SUB_TRY_LATER, SUB_TRY_LATER,
		CHECK_REVOCATION_ANSWER_UNUSABLE, SOURCE_NONE, true},
	    {"over", CONCLUSION_INDETERMINATE, SUB_TRY_LATER, SUB_TRY_LATER,
		CHECK_REVOCATION_ANSWER_UNUSABLE, SOURCE_ONLINE, true},
	    {"of the future", CONCLUSION_INDETERMINATE, SUB_TRY_LATER, SUB_TRY_LATER,
		CHECK_REVOCATION_ANSWER_UNUSABLE, SOURCE_NONE, true},
	    {"a stranger's", CONCLUSION_INDETERMINATE, SUB_TRY_LATER, SUB_TRY_LATER,
		CHECK_REVOCATION_ANSWER_UNUSABLE, SOURCE_NONE, true},
	    {"about another", CONCLUSION_INDETERMINATE, SUB_TRY_LATER, SUB_TRY_LATER,
		CHECK_REVOCATION_ANSWER_UNUSABLE, SOURCE_NONE, true},
	    {"by another signer", CONCLUSION_INDETERMINATE, SUB_TRY_LATER, SUB_TRY_LATER,
		CHECK_REVOCATION_ANSWER_UNUSABLE, SOURCE_NONE, true},
	    {"without nextUpdate", CONCLUSION_VALID, SUB_NONE, SUB_NONE, CHECK__NONE, SOURCE_ONLINE,
		false},
	    {"old, without nextUpdate", CONCLUSION_INDETERMINATE, SUB_TRY_LATER, SUB_TRY_LATER,
		CHECK_REVOCATION_FRESH, SOURCE_ONLINE, true},
	};
	struct proof_answer a;
	struct report *r;
	size_t i;

	(void)state;
	for (i = 0; i < nitems(t); i++) {
		desk_clear();
		a = good();
		bad_answer(&a, (int)i);
		knows(&forge.signer, LOOKUP_OCSP, ocsp(&a));
		knows_ca();
		r = judge_new("nasional");
		if (r->conclusion != t[i].conclusion || r->sigs[0].status.sub != t[i].sub ||
		    r->sigs[0].strict.sub != t[i].strict ||
		    r->sigs[0].revocation.source != t[i].source ||
		    (t[i].reason != CHECK__NONE && !has_reason(r, t[i].reason)) ||
		    (r->nwanted > 0) != t[i].lacks) {
			forge_show(t[i].name, r);
			fail_msg("%s: source %s, %zu wanted", t[i].name,
			    source_name(r->sigs[0].revocation.source), r->nwanted);
		}
		if (t[i].lacks) {
			/* asked, and not to be asked again by whoever has the report */
			assert_int_equal(r->wanted[0].outcome, LOOKUP_ANSWERED);
			assert_string_equal(r->wanted[0].host, HOST);
			assert_int_equal(r->wanted[0].asked, ASKED);
			assert_null(r->wanted[0].question);
		}
		assert_int_equal(r->sigs[0].level, LEVEL_PADES_T);
		assert_false(r->sigs[0].ltv);
		assert_true(desk.calls <= 2);
		report_free(r);
	}
}

/* Why there is no answer stands in the report, with the host. */
static void
test_outcomes(void **state)
{
	static const struct {
		enum lookup_outcome outcome;
		enum check reason;
		bool host, question;
	} t[] = {
	    {LOOKUP_OPEN, CHECK_REVOCATION_NOT_ASKED, false, true},
	    {LOOKUP_NOBODY, CHECK_REVOCATION_NOT_ASKED, true, true},
	    {LOOKUP_NO_PATH, CHECK_REVOCATION_NOT_ASKED, true, false},
	    {LOOKUP_LIMIT, CHECK_REVOCATION_NOT_ASKED, true, false},
	    {LOOKUP_NO_URL, CHECK_REVOCATION_NO_SOURCE, false, false},
	    {LOOKUP_SCHEME, CHECK_REVOCATION_NO_SOURCE, true, false},
	    {LOOKUP_NOT_LISTED, CHECK_REVOCATION_HOST_NOT_ALLOWED, true, false},
	    {LOOKUP_FORBIDDEN, CHECK_REVOCATION_HOST_NOT_ALLOWED, true, false},
	    {LOOKUP_UNREACHABLE, CHECK_REVOCATION_NO_ANSWER, true, false},
	    {LOOKUP_SLOW, CHECK_REVOCATION_NO_ANSWER, true, false},
	    {LOOKUP_REFUSED, CHECK_REVOCATION_NO_ANSWER, true, false},
	    {LOOKUP_UNKNOWN, CHECK_REVOCATION_ANSWER_UNUSABLE, true, false},
	    {LOOKUP_NONSENSE, CHECK_REVOCATION_ANSWER_UNUSABLE, true, false},
	    {LOOKUP_UNAUTHENTIC, CHECK_REVOCATION_ANSWER_UNUSABLE, true, false},
	    {LOOKUP_STALE, CHECK_REVOCATION_ANSWER_UNUSABLE, true, false},
	    {LOOKUP_TOO_LARGE, CHECK_REVOCATION_ANSWER_UNUSABLE, true, false},
	};
	struct report_check c;
	struct report *r;
	size_t i;

	(void)state;
	for (i = 0; i < nitems(t); i++) {
		desk_clear();
		fails(&forge.signer, t[i].outcome);
		knows_ca();
		r = judge_new("nasional");
		assert_conclusion(r, CONCLUSION_INDETERMINATE);
		assert_true(has_reason(r, t[i].reason));
		c = check_of(r, t[i].reason);
		assert_int_not_equal(c.id, CHECK__NONE);
		assert_int_equal(c.result, RESULT_UNKNOWN);
		assert_non_null(report_sentence(c.id, c.result, LANG_ID));
		assert_int_equal(r->nwanted, 2);
		assert_int_equal(r->wanted[0].outcome, t[i].outcome);
		assert_int_equal(r->wanted[0].question != NULL, t[i].question);
		if (t[i].host) {
			assert_string_equal(r->wanted[0].host, HOST);
			assert_string_equal(c.detail, HOST);
			assert_int_equal(r->wanted[0].retry, ASKED + 90);
		} else {
			assert_null(r->wanted[0].host);
			assert_null(c.detail);
		}
		report_free(r);
	}
	/* nobody is there at all */
	desk_clear();
	knows_ca();
	desk.rc = RC_IO;
	r = judge_new("nasional");
	assert_true(has_reason(r, CHECK_REVOCATION_NOT_ASKED));
	assert_int_equal(desk.calls, 1);
	assert_int_equal(r->nwanted, 3);
	assert_int_equal(r->wanted[2].outcome, LOOKUP_NOBODY);
	assert_non_null(r->wanted[2].question);
	report_free(r);
}

/* A responder that nothing is known of: its own status is asked for, and then its answer counts. */
static void
test_responder(void **state)
{
	struct pki_cert responder;
	const struct pki_spec spec = {.subject = {"ID", "Balai Contoh", "Penjawab Contoh", NULL},
	    .key = maker_key(forge.m, MAKER_P256),
	    .issuer = &forge.agency.ca,
	    .serial = 0x7701,
	    .from = FORGE_AT - 100 * DAY,
	    .until = FORGE_AT + 100 * DAY,
	    .path_len = -1,
	    .key_usage = PKI_DIGITAL_SIGNATURE,
	    .eku = PKI_EKU_OCSP_SIGNING,
	    .url_crl = "http://" HOST "/ca.crl"};
	struct proof_answer a = good();
	struct report *r;
	int i;

	(void)state;
	pki_issue(forge.m, &spec, &responder);
	a.responder = &responder;
	for (i = 0; i < 3; i++) {
		desk_clear();
		knows(&forge.signer, LOOKUP_OCSP, ocsp(&a));
		knows_ca();
		if (i == 1)
			knows(&responder, LOOKUP_CRL, crl(&forge.agency.ca, NULL, 0, 0));
		else if (i == 2)
			knows(&responder, LOOKUP_CRL,
			    crl(&forge.agency.ca, &responder, FORGE_SIGNED - DAY, 1));
		r = judge_new("nasional");
		assert_int_equal(desk.calls, 2);
		assert_int_equal(desk.ncerts, 3); /* the responder, its CA, the anchor */
		assert_int_equal(desk.questions, 3);
		if (i == 0) {
			assert_conclusion(r, CONCLUSION_INDETERMINATE);
			assert_string_equal(check_of(r, CHECK_REVOCATION).detail,
			    "nothing confirms the OCSP responder (O3)");
			assert_true(has_reason(r, CHECK_REVOCATION_NO_ANSWER));
			assert_int_equal(r->nwanted, 3); /* the signer's two, the responder's */
			assert_string_equal(r->wanted[2].url, "http://" HOST "/ca.crl");
		} else {
			/*
			 * The list is about the signer, too: it is good by that alone.  Who
			 * revoked the responder has said nothing about the signer.
			 */
			assert_conclusion(r, CONCLUSION_VALID);
			assert_int_equal(
			    r->sigs[0].revocation.this_update, i == 1 ? ASKED : FORGE_AT - DAY);
		}
		report_free(r);
	}
}

/* The letter has the answer, others the word that its responder is good: that is no LTV. */
static void
test_responder_of_letter(void **state)
{
	struct pki_cert responder;
	struct pki_spec spec = {.subject = {"ID", "Balai Contoh", "Penjawab Contoh", NULL},
	    .key = maker_key(forge.m, MAKER_P256),
	    .issuer = &forge.agency.ca,
	    .serial = 0x7702,
	    .from = FORGE_AT - 100 * DAY,
	    .until = FORGE_AT + 100 * DAY,
	    .path_len = -1,
	    .key_usage = PKI_DIGITAL_SIGNATURE,
	    .eku = PKI_EKU_OCSP_SIGNING,
	    .url_ocsp = "http://" HOST "/ocsp"};
	struct proof_answer a = good(), own;
	struct letter_evidence dss;
	struct report *r;
	struct letter l;

	(void)state;
	pki_issue(forge.m, &spec, &responder);
	a.responder = &responder;
	a.produced = a.this_update = FORGE_SIGNED + 10;
	make(&l);
	forge_evidence(&forge, &forge.signer, FORGE_SIGNED + 4, &dss);
	dss.ocsps[0] = ocsp(&a);
	letter_dss(&l, &dss);
	own = a;
	own.subject = &responder;
	own.responder = &forge.agency.responder; /* which has no-check */
	own.produced = own.this_update = ASKED;
	desk_clear();
	knows(&responder, LOOKUP_OCSP, ocsp(&own));
	r = judge(&l, "nasional", false, &lookup);
	assert_conclusion(r, CONCLUSION_VALID);
	assert_int_equal(r->sigs[0].revocation.this_update, FORGE_SIGNED + 10);
	assert_int_equal(r->sigs[0].revocation.source, SOURCE_ONLINE);
	assert_int_equal(r->sigs[0].revocation.asked, ASKED);
	assert_false(r->sigs[0].ltv);
	assert_int_equal(r->sigs[0].ltv_until, WHEN_NONE);
	assert_int_equal(check_of(r, CHECK_CHECKED_ONLINE).id, CHECK_CHECKED_ONLINE);
	report_free(r);
	letter_clear(&l);
}

/* The path ends where its issuer's address stands: the rest is asked for after it. */
static void
test_issuer(void **state)
{
	const struct pki_cert *certs[] = {&forge.signer};
	struct proof_answer a = good();
	struct report *r;
	struct letter l;

	(void)state;
	letter_init(&l, forge.m, LETTER_CLASSIC, &forge_text, 0);
	forge_message_sign(&forge, &l,
	    &(struct envelope){.signer = &forge.signer, .certs = certs, .ncerts = 1}, NULL, false);
	desk_clear();
	r = judge(&l, "nasional", false, &lookup);
	assert_conclusion(r, CONCLUSION_INDETERMINATE);
	assert_status(r, IND_INDETERMINATE, SUB_NO_CERTIFICATE_CHAIN_FOUND);
	assert_int_equal(r->nwanted, 1);
	assert_int_equal(r->wanted[0].kind, WANT_ISSUER);
	assert_string_equal(r->wanted[0].url, "http://" HOST "/ca.crt");
	assert_int_equal(r->wanted[0].outcome, LOOKUP_UNREACHABLE);
	report_free(r);
	/* a stranger of that name is no issuer */
	desk_clear();
	knows(&forge.signer, LOOKUP_CERT, forge.evil.ca.der);
	r = judge(&l, "nasional", false, &lookup);
	assert_conclusion(r, CONCLUSION_INDETERMINATE);
	assert_status(r, IND_INDETERMINATE, SUB_NO_CERTIFICATE_CHAIN_FOUND);
	report_free(r);
	desk_clear();
	knows(&forge.signer, LOOKUP_CERT, forge.agency.ca.der);
	knows(&forge.signer, LOOKUP_OCSP, ocsp(&a));
	knows_ca();
	r = judge(&l, "nasional", false, &lookup);
	assert_conclusion(r, CONCLUSION_VALID);
	assert_int_equal(desk.calls, 2);
	assert_int_equal(r->sigs[0].trust.status, TRUST_TRUSTED);
	assert_int_equal(r->sigs[0].trust.nchain, 3);
	assert_int_equal(r->sigs[0].level, LEVEL_PADES_T);
	assert_true(lists(r->sigs[0].level_missing, r->sigs[0].nlevel_missing, CHECK_LEVEL_CHAIN));
	assert_true(lists(r->sigs[0].ltv_missing, r->sigs[0].nltv_missing, CHECK_LEVEL_CHAIN));
	report_free(r);
	letter_clear(&l);
}

static struct der
extension(const char *oid, struct der value)
{
	struct maker *m = forge.m;

	return ASN_SEQ(m, asn_oid(m, oid), asn_octets(m, value));
}

/* An authority whose status the letter does not bring, with and without bad news. */
static void
test_timestamp_authority(void **state)
{
	struct pki_cert tsa;
	const struct pki_spec spec = {.subject = {"ID", "Balai Contoh", "Jam Contoh", NULL},
	    .key = maker_key(forge.m, MAKER_P256),
	    .issuer = &forge.agency.ca,
	    .serial = 0x7703,
	    .from = FORGE_AT - 100 * DAY,
	    .until = FORGE_AT + 100 * DAY,
	    .path_len = -1,
	    .key_usage = PKI_DIGITAL_SIGNATURE,
	    .eku = PKI_EKU_TIMESTAMPING,
	    .eku_critical = true,
	    .url_crl = "http://" HOST "/ca.crl"};
	const struct pki_cert *certs[] = {&tsa, &forge.agency.ca, &forge.agency.root};
	struct token stamp = {.authority = &tsa,
	    .certs = certs,
	    .ncerts = 3,
	    .gen_time = FORGE_SIGNED + 3,
	    .serial = 99};
	const struct envelope e = {.signer = &forge.signer, .stamp = &stamp};
	struct proof_answer a;
	struct report *r;
	struct letter l;
	int i;

	(void)state;
	pki_issue(forge.m, &spec, &tsa);
	letter_init(&l, forge.m, LETTER_CLASSIC, &forge_text, 0);
	forge_message_sign(&forge, &l, &e, NULL, false);
	for (i = 0; i < 5; i++) {
		desk_clear();
		a = good();
		knows(&forge.signer, LOOKUP_OCSP, ocsp(&a));
		knows_ca();
		if (i == 1)
			fails(&tsa, LOOKUP_OPEN);
		else if (i == 2)
			knows(&tsa, LOOKUP_CRL, crl(&forge.agency.ca, NULL, 0, 0));
		else if (i == 3)
			knows(&tsa, LOOKUP_CRL, crl(&forge.agency.ca, &tsa, FORGE_SIGNED - DAY, 1));
		else if (i == 4)
			knows(&tsa, LOOKUP_CRL,
			    crl(&forge.agency.ca, &forge.signer, FORGE_SIGNED - DAY, 1));
		r = judge(&l, "nasional", false, &lookup);
		assert_int_equal(desk.calls, 1);
		if (i == 4) {
			/* asked about the one, the list tells of the other */
			assert_status(r, IND_INDETERMINATE, SUB_REVOKED_NO_POE);
			assert_int_equal(r->sigs[0].revocation.status, REV_REVOKED);
			report_free(r);
			continue;
		}
		assert_conclusion(r, CONCLUSION_VALID);
		assert_int_equal(r->sigs[0].time.by, i == 3 ? PROVEN_NONE : PROVEN_SIGNATURE_TS);
		assert_int_equal(
		    r->sigs[0].timestamps[0].status.ind, i == 3 ? IND_INDETERMINATE : IND_PASSED);
		assert_int_equal(r->sigs[0].revocation.source, SOURCE_ONLINE);
		assert_int_equal(r->sigs[0].level, LEVEL_PADES_T);
		/* That it is VALID needs nothing more. */
		assert_int_equal(r->nwanted, 0);
		report_free(r);
	}
	letter_clear(&l);
	/* A letter that passes with what it brings asks nobody. */
	letter_init(&l, forge.m, LETTER_CLASSIC, &forge_text, 0);
	forge_message_sign(&forge, &l, &e, NULL, true);
	desk_clear();
	knows(&tsa, LOOKUP_CRL, crl(&forge.agency.ca, NULL, 0, 0));
	r = judge(&l, "nasional", false, &lookup);
	assert_conclusion(r, CONCLUSION_VALID);
	assert_int_equal(desk.calls, 0);
	assert_int_equal(r->nwanted, 0);
	assert_int_equal(r->sigs[0].revocation.source, SOURCE_EMBEDDED);
	assert_true(r->sigs[0].ltv);
	assert_true(r->sigs[0].ltv_weakest != CHECK__NONE);
	report_free(r);
	/* nor to the letter, where it passes without the stamp */
	r = judge(&l, "strict", false, &lookup);
	assert_conclusion(r, CONCLUSION_VALID);
	assert_int_equal(desk.calls, 0);
	assert_int_equal(r->sigs[0].time.by, PROVEN_NONE);
	report_free(r);
	letter_clear(&l);
}

/* Addresses that nobody here can ask are shown as such. */
static void
test_other_addresses(void **state)
{
	static const char ldap[] = "ldap://dir.contoh.invalid/cn=CA";
	struct maker *m = forge.m;
	struct pki_cert signers[2];
	struct pki_spec spec = {.subject = {"ID", "Dinas Contoh", "Siti Rahmawati Contoh", NULL},
	    .key = maker_key(m, MAKER_P256),
	    .issuer = &forge.agency.ca,
	    .from = FORGE_AT - 100 * DAY,
	    .until = FORGE_AT + 100 * DAY,
	    .path_len = -1,
	    .key_usage = PKI_DIGITAL_SIGNATURE};
	struct report *r;
	struct letter l;
	int i;

	(void)state;
	for (i = 0; i < 2; i++) {
		spec.serial = 0x7710 + (uint64_t)i;
		spec.more =
		    i == 0 ? ASN_NONE
			   : extension("2.5.29.31",
				 ASN_SEQ(
				     m, ASN_SEQ(m, ASN(m, DER_CONTEXT(0),
						       ASN(m, DER_CONTEXT(0),
							   asn_text(m, DER_CONTEXT_P(6), ldap))))));
		pki_issue(m, &spec, &signers[i]);
		forge_order(&forge.agency, &l,
		    &(struct agency_order){
			.signer = &signers[i], .level = AGENCY_T, .at = FORGE_SIGNED});
		desk_clear();
		knows_ca();
		r = judge(&l, "nasional", false, &lookup);
		assert_conclusion(r, CONCLUSION_INDETERMINATE);
		assert_int_equal(desk.questions, 1); /* about the CA alone */
		assert_true(has_reason(r, CHECK_REVOCATION_NO_SOURCE));
		assert_int_equal(r->nwanted, 1);
		assert_int_equal(r->wanted[0].outcome, i == 0 ? LOOKUP_NO_URL : LOOKUP_SCHEME);
		assert_int_equal(r->wanted[0].kind, i == 0 ? WANT_OCSP : WANT_CRL);
		assert_null(r->wanted[0].question);
		if (i == 0)
			assert_null(r->wanted[0].url);
		else
			assert_string_equal(r->wanted[0].url, ldap);
		report_free(r);
		letter_clear(&l);
	}
}

/* AccessDescriptions of 250 responders. */
static struct der
many_responders(unsigned who)
{
	struct maker *m = forge.m;
	struct der all[250];
	char url[64];
	unsigned i;

	for (i = 0; i < nitems(all); i++) {
		snprintf(url, sizeof(url), "http://%u.%u.invalid/", i, who);
		all[i] = ASN_SEQ(
		    m, asn_oid(m, "1.3.6.1.5.5.7.48.1"), asn_text(m, DER_CONTEXT_P(6), url));
	}
	return extension("1.3.6.1.5.5.7.1.1", asn_wrap(m, DER_SEQUENCE, all, nitems(all)));
}

/* Ten thousand addresses in forty certificates: bounded, and told so. */
static void
test_many(void **state)
{
	struct pki_spec spec = {.subject = {"ID", "Dinas Contoh", "Siti Rahmawati Contoh", NULL},
	    .issuer = &forge.agency.ca,
	    .from = FORGE_AT - 100 * DAY,
	    .until = FORGE_AT + 100 * DAY,
	    .path_len = -1,
	    .key_usage = PKI_DIGITAL_SIGNATURE};
	struct pki_cert signers[40];
	char field[16];
	size_t k, limit = 0, questions = 0;
	struct report *r;
	struct letter l;
	unsigned i;

	(void)state;
	spec.key = maker_key(forge.m, MAKER_P256);
	letter_init(&l, forge.m, LETTER_CLASSIC, &forge_text, 0);
	for (i = 0; i < nitems(signers); i++) {
		spec.serial = 0x8000 + i;
		spec.more = many_responders(i);
		pki_issue(forge.m, &spec, &signers[i]);
		snprintf(field, sizeof(field), "T%u", i);
		agency_sign(&forge.agency, &l,
		    &(struct agency_order){.signer = &signers[i],
			.level = AGENCY_T,
			.at = FORGE_SIGNED,
			.field = field});
	}
	desk_clear();
	r = judge(&l, "nasional", false, &lookup);
	assert_conclusion(r, CONCLUSION_INDETERMINATE);
	assert_int_equal(desk.calls, 1);
	assert_int_equal(desk.questions, CAP_LOOKUPS);
	assert_true(r->nwanted <= CAP_EVIDENCE);
	for (k = 0; k < r->nwanted; k++)
		limit += r->wanted[k].outcome == LOOKUP_LIMIT;
	assert_true(limit > 0);
	report_free(r);
	/* left to be asked by who has the report */
	r = judge(&l, "nasional", false, NULL);
	assert_true(r->nwanted <= CAP_EVIDENCE);
	for (k = 0; k < r->nwanted; k++)
		questions += r->wanted[k].question != NULL;
	assert_int_equal(questions, CAP_LOOKUPS);
	report_free(r);
	letter_clear(&l);
}

/*
 * A letter without a timestamp is judged at the present: an answer of an hour ago that says no
 * end is not fresh then, and is to be asked for again.
 */
static void
test_grown_old(void **state)
{
	static const int64_t ages[] = {60, CAP_CLOCK_SKEW, CAP_CLOCK_SKEW + 1, 3600};
	struct proof_answer a;
	struct report *r;
	struct letter l;
	size_t i;

	(void)state;
	forge_order(&forge.agency, &l,
	    &(struct agency_order){.signer = &forge.signer, .level = AGENCY_B, .at = FORGE_SIGNED});
	for (i = 0; i < nitems(ages); i++) {
		desk_clear();
		desk.age = ages[i];
		a = good();
		a.produced = a.this_update = FORGE_AT - ages[i];
		a.next_update = WHEN_NONE;
		knows(&forge.signer, LOOKUP_OCSP, ocsp(&a));
		knows_ca();
		r = judge(&l, "nasional", false, &lookup);
		if (ages[i] <= CAP_CLOCK_SKEW)
			assert_conclusion(r, CONCLUSION_VALID);
		else {
			assert_conclusion(r, CONCLUSION_INDETERMINATE);
			assert_true(has_reason(r, CHECK_REVOCATION_FRESH));
			assert_int_equal(r->wanted[0].outcome, LOOKUP_ANSWERED);
			assert_non_null(r->wanted[0].question);
		}
		report_free(r);
	}
	letter_clear(&l);
}

/* Octets that are no evidence, and the same evidence that the letter has. */
static void
test_nonsense(void **state)
{
	static const uint8_t junk[] = {0x30, 0x82, 0xff, 0xff, 0x00};
	struct proof_answer a = good();
	struct report *r;
	struct der der;

	(void)state;
	desk_clear();
	knows(&forge.signer, LOOKUP_OCSP, (struct der){junk, sizeof(junk)});
	knows(&forge.agency.ca, LOOKUP_CRL, (struct der){junk, 0});
	r = judge_new("nasional");
	assert_conclusion(r, CONCLUSION_INDETERMINATE);
	assert_true(has_reason(r, CHECK_REVOCATION_ANSWER_UNUSABLE));
	assert_true(desk.calls <= CAP_LOOKUP_ROUNDS);
	report_free(r);
	/* an OCSP response that calls itself a list */
	desk_clear();
	der = ocsp(&a);
	knows(&forge.signer, LOOKUP_CRL, der);
	knows_ca();
	r = judge_new("nasional");
	assert_conclusion(r, CONCLUSION_INDETERMINATE);
	report_free(r);
}

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

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_good),
	    cmocka_unit_test(test_nobody_is_asked),
	    cmocka_unit_test(test_nothing_lacks),
	    cmocka_unit_test(test_answers),
	    cmocka_unit_test(test_outcomes),
	    cmocka_unit_test(test_responder),
	    cmocka_unit_test(test_responder_of_letter),
	    cmocka_unit_test(test_issuer),
	    cmocka_unit_test(test_timestamp_authority),
	    cmocka_unit_test(test_other_addresses),
	    cmocka_unit_test(test_many),
	    cmocka_unit_test(test_grown_old),
	    cmocka_unit_test(test_nonsense),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("online", tests, setup, teardown);
}
