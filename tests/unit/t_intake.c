/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Signed files beside the letters that they are to be: what is told, and what may be overruled. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "intake.h"

#define nitems(a) (sizeof(a) / sizeof((a)[0]))

/* Two ids with their check characters, made in main(). */
static char ours[CROCKFORD_ID_LEN + 1], theirs[CROCKFORD_ID_LEN + 1], address[128];

struct stage {
	struct arena *arena;
	struct report *r;
	struct register_letter letter;
	struct register_signer signers[3];
	struct buf finds;
	struct paper_answer scan;
	struct intake_result out;
};

/* A good signature of somebody, by a certificate of its own. */
static void
add_signature(struct stage *s, const char *name)
{
	struct report_sig *v = &s->r->sigs[s->r->nsigs++];

	v->kind = KIND_SIGNATURE;
	v->status.ind = IND_PASSED;
	v->integrity = INTEGRITY_INTACT;
	v->coverage = COVERAGE_ENTIRE_REVISION;
	v->modification = MOD_LTA_UPDATES;
	v->modification_allowed = true;
	v->trust.status = TRUST_TRUSTED;
	v->revocation.status = REV_GOOD;
	v->signer.name = name == NULL ? NULL : arena_str(s->r->arena, name, strlen(name));
	v->signer.has_certificate = true;
	memset(v->signer.certificate.sha256, (int)s->r->nsigs, 32);
}

static void
add_find(struct stage *s, enum paper_source source, const char *text)
{
	struct paper_find f = {1, source, {(const uint8_t *)text, strlen(text)}};

	paper_find_encode(&s->finds, &f);
	s->scan.out = (struct paper_octets){s->finds.p, s->finds.len};
}

/* A letter of one signer, signed by her and with its QR. */
static void
open_stage(struct stage *s)
{
	memset(s, 0, sizeof(*s));
	s->arena = arena_new(1u << 20);
	s->r = report_new();
	assert_non_null(s->arena);
	assert_non_null(s->r);
	s->r->sigs = arena_array(s->r->arena, 8, sizeof(*s->r->sigs));
	s->r->reasons = arena_array(s->r->arena, 8, sizeof(*s->r->reasons));
	s->r->checks = arena_array(s->r->arena, 8, sizeof(*s->r->checks));
	s->r->conclusion = CONCLUSION_VALID;
	memcpy(s->letter.id, ours, sizeof(ours));
	s->signers[0] = (struct register_signer){"KEPALA DINAS", "Dr. Sari Wulan, S.T.", ""};
	s->letter.content.signers = s->signers;
	s->letter.content.nsigners = 1;
	buf_init(&s->finds, 1u << 16);
	s->scan.code = PAPER_OK;
	add_signature(s, "SARI WULAN");
	add_find(s, PAPER_FROM_QR, address);
}

static void
close_stage(struct stage *s)
{
	buf_clear(&s->finds);
	report_free(s->r);
	arena_free(s->arena);
}

static const char *
judged_by(struct stage *s, const char *where)
{
	const char *out;
	struct buf words;

	buf_init(&words, 4096);
	assert_int_equal(intake_judge(&s->out, s->arena, &s->letter, s->r, &s->scan, where), RC_OK);
	intake_words(&words, &s->out);
	out = arena_printf(s->arena, "%s", buf_text(&words));
	buf_clear(&words);
	return out;
}

/* The words of what speaks against it. */
static const char *
judged(struct stage *s)
{
	return judged_by(s, address);
}

static const char *
detail(const struct stage *s, enum intake what)
{
	size_t i;

	for (i = 0; i < s->out.n; i++)
		if (s->out.items[i].what == what)
			return s->out.items[i].detail;
	return NULL;
}

static void
test_good(void **state)
{
	struct stage s;

	(void)state;
	open_stage(&s);
	assert_string_equal(judged(&s), "");
	assert_true(s.out.by_qr && !s.out.by_text && !s.out.pending && s.out.may_override);
	close_stage(&s);
}

static void
test_verdict(void **state)
{
	static const struct {
		enum conclusion conclusion;
		const char *words;
	} cases[] = {
	    {CONCLUSION_INVALID, "invalid"},
	    {CONCLUSION_UNREADABLE, "unreadable"},
	    {CONCLUSION_NO_SIGNATURE, "not_signed"},
	    {CONCLUSION_INDETERMINATE, "indeterminate"},
	    {CONCLUSION__MAX, "indeterminate"},
	};
	struct stage s;
	size_t i;

	(void)state;
	for (i = 0; i < nitems(cases); i++) {
		open_stage(&s);
		s.r->conclusion = cases[i].conclusion;
		assert_string_equal(judged(&s), cases[i].words);
		assert_false(s.out.may_override);
		close_stage(&s);
	}
	/* What a password hides is told apart: there is something to do about it. */
	open_stage(&s);
	s.r->conclusion = CONCLUSION_INDETERMINATE;
	s.r->reasons[s.r->nreasons++] = CHECK_LOCKED;
	assert_string_equal(judged(&s), "locked");
	assert_false(s.out.may_override);
	s.r->conclusion = CONCLUSION_INVALID;
	assert_string_equal(judged(&s), "invalid");
	close_stage(&s);
}

static void
test_signers(void **state)
{
	struct stage s;

	(void)state;
	open_stage(&s);
	s.signers[1] = (struct register_signer){"SEKRETARIS", "Bayu Santoso", ""};
	s.letter.content.nsigners = 2;
	assert_string_equal(judged(&s), "signer_missing");
	assert_string_equal(detail(&s, INTAKE_SIGNER_MISSING), "Bayu Santoso");
	assert_true(s.out.may_override);
	add_signature(&s, "Bayu Santoso, S.E.");
	assert_string_equal(judged(&s), "");
	add_signature(&s, "Bayu Santoso"); /* he signs twice */
	assert_string_equal(judged(&s), "");
	add_signature(&s, "Dinas Contoh"); /* a seal */
	assert_string_equal(judged(&s), "signer_extra");
	assert_string_equal(detail(&s, INTAKE_SIGNER_EXTRA), "Dinas Contoh");
	s.r->sigs[3].kind = KIND_DOCUMENT_TIMESTAMP;
	assert_string_equal(judged(&s), "");
	s.r->sigs[3].kind = KIND_SIGNATURE;
	s.r->sigs[3].signer.name = NULL;
	assert_string_equal(judged(&s), "signer_extra");
	assert_string_equal(detail(&s, INTAKE_SIGNER_EXTRA), "");
	close_stage(&s);
	/* what is not good counts for nobody; a name claimed beside it neither */
	open_stage(&s);
	s.r->sigs[0].status.ind = IND_INDETERMINATE;
	s.r->sigs[0].status.sub = SUB_TRY_LATER;
	assert_string_equal(judged(&s), "signer_missing");
	close_stage(&s);
	/* two people of one name but for degrees: one certificate is not both */
	open_stage(&s);
	s.signers[1] = (struct register_signer){"SEKRETARIS", "Sari Wulan, M.Si.", ""};
	s.letter.content.nsigners = 2;
	assert_string_equal(judged(&s), "signer_missing");
	add_signature(&s, "Sari Wulan");
	memcpy(s.r->sigs[1].signer.certificate.sha256, s.r->sigs[0].signer.certificate.sha256, 32);
	assert_string_equal(judged(&s), "signer_missing");
	s.r->sigs[1].signer.certificate.sha256[0] ^= 1;
	assert_string_equal(judged(&s), "");
	close_stage(&s);
}

/* Texts are written with $ for our id, # for another's. */
static void
write_find(char out[256], const char *form)
{
	size_t n = 0;

	for (out[0] = '\0'; *form != '\0'; form++)
		if (*form == '$')
			n += (size_t)snprintf(out + n, 256 - n, "%s", ours);
		else if (*form == '#')
			n += (size_t)snprintf(out + n, 256 - n, "%s", theirs);
		else
			n += (size_t)snprintf(out + n, 256 - n, "%c", *form);
}

static void
test_marks(void **state)
{
	static const struct {
		bool any; /* no address is known */
		enum paper_source source;
		const char *find, *words, *detail;
	} cases[] = {
	    {false, PAPER_FROM_QR, "https://surat.contoh.id/d/$", "", NULL},
	    {false, PAPER_FROM_QR, "$", "", NULL},
	    {false, PAPER_FROM_TEXT, "$", "", NULL},
	    {false, PAPER_FROM_TEXT, "https://surat.contoh.id/d/$", "", NULL},
	    {false, PAPER_FROM_QR, "http://surat.contoh.id/d/$", "foreign_address no_mark",
		"surat.contoh.id"},
	    {false, PAPER_FROM_QR, "https://surat-contoh.id/d/$", "foreign_address no_mark",
		"surat-contoh.id"},
	    {false, PAPER_FROM_QR, "https://surat.contoh.id/d/$?x", "foreign_address no_mark",
		"surat.contoh.id"},
	    {false, PAPER_FROM_QR, "https://surat.contoh.id@jahat.id/d/$",
		"foreign_address no_mark", NULL},
	    {false, PAPER_FROM_QR, "HTTPS://SURAT.CONTOH.ID/d/$", "foreign_address no_mark", NULL},
	    {false, PAPER_FROM_QR, "https://surat.contoh.id/d/#", "other_letter no_mark", "#"},
	    {false, PAPER_FROM_TEXT, "#", "other_letter no_mark", "#"},
	    {false, PAPER_FROM_QR, "https://tte.contoh.id/verifypdf", "no_mark", NULL},
	    {false, PAPER_FROM_QR, "", "no_mark", NULL},
	    {false, PAPER_FROM_QR, "/d/", "no_mark", NULL},
	    {true, PAPER_FROM_QR, "https://lain.contoh.id/surat/d/$", "", NULL},
	    {true, PAPER_FROM_QR, "http://127.0.0.1:8080/d/$", "", NULL},
	    {true, PAPER_FROM_QR, "https://a@b/d/$", "foreign_address no_mark", NULL},
	    {true, PAPER_FROM_QR, "https://a?b/d/$", "foreign_address no_mark", NULL},
	    {true, PAPER_FROM_QR, "ftp://a/d/$", "foreign_address no_mark", NULL},
	    {true, PAPER_FROM_QR, "https://a/d/$/x", "foreign_address no_mark", NULL},
	    {true, PAPER_FROM_QR, "https://a /d/$", "foreign_address no_mark", NULL},
	    {true, PAPER_FROM_QR, "https://a/d/#", "other_letter no_mark", "#"},
	};
	char text[256], other[256];
	struct stage s;
	size_t i;

	(void)state;
	for (i = 0; i < nitems(cases); i++) {
		open_stage(&s);
		buf_clear(&s.finds);
		write_find(text, cases[i].find);
		add_find(&s, cases[i].source, text);
		assert_string_equal(judged_by(&s, cases[i].any ? NULL : address), cases[i].words);
		assert_true(s.out.may_override);
		if (cases[i].detail != NULL) {
			write_find(other, cases[i].detail);
			assert_string_equal(s.out.items[0].detail, other);
		}
		close_stage(&s);
	}
}

static void
test_several_marks(void **state)
{
	char text[256];
	struct stage s;
	size_t i;

	(void)state;
	open_stage(&s);
	add_find(&s, PAPER_FROM_TEXT, ours);
	add_find(&s, PAPER_FROM_QR, "https://tte.contoh.id/verifypdf");
	assert_string_equal(judged(&s), "");
	assert_true(s.out.by_qr && s.out.by_text);
	/* a foreign address beside the right one is told */
	write_find(text, "https://jahat.id/d/$");
	add_find(&s, PAPER_FROM_QR, text);
	assert_string_equal(judged(&s), "foreign_address");
	assert_string_equal(detail(&s, INTAKE_FOREIGN_ADDRESS), "jahat.id");
	/* the same thing a hundred times is one thing */
	for (i = 0; i < 100; i++)
		add_find(&s, PAPER_FROM_TEXT, theirs);
	assert_string_equal(judged(&s), "foreign_address other_letter");
	assert_int_equal(s.out.n, 2);
	close_stage(&s);
}

static void
test_not_searched(void **state)
{
	struct stage s;

	(void)state;
	open_stage(&s);
	s.scan.code = PAPER_TROUBLE;
	assert_string_equal(judged(&s), "not_searched");
	assert_true(s.out.may_override);
	s.scan.code = PAPER_OK;
	s.scan.out.len--;
	assert_string_equal(judged(&s), "not_searched");
	assert_int_equal(intake_judge(&s.out, s.arena, &s.letter, s.r, NULL, address), RC_OK);
	assert_int_equal(s.out.n, 1);
	assert_int_equal(s.out.items[0].what, INTAKE_NOT_SEARCHED);
	close_stage(&s);
}

/* Everything is known but the status of the first signature's certificate. */
static void
make_pending(struct stage *s)
{
	s->r->conclusion = CONCLUSION_INDETERMINATE;
	s->r->sigs[0].status = (struct status){IND_INDETERMINATE, SUB_TRY_LATER};
	s->r->sigs[0].revocation.status = REV_UNKNOWN;
	s->r->reasons[0] = CHECK_REVOCATION;
	s->r->reasons[1] = CHECK_REVOCATION_NOT_ASKED;
	s->r->nreasons = 2;
	s->r->checks[0] =
	    (struct report_check){CHECK_REVOCATION_NOT_ASKED, 0, RESULT_UNKNOWN, NULL};
	s->r->nchecks = 1;
}

static void
spoil(struct stage *s, unsigned how)
{
	struct report_sig *v = &s->r->sigs[0];

	switch (how) {
	case 0:
		s->r->reasons[1] = CHECK_PAST_EVIDENCE_MISSING;
		break;
	case 1:
		v->status.ind = IND_FAILED;
		break;
	case 2:
		v->status.sub = SUB_REVOKED_NO_POE;
		break;
	case 3:
		v->status.sub = SUB_OUT_OF_BOUNDS_NOT_REVOKED;
		break;
	case 4:
		v->revocation.status = REV_REVOKED;
		break;
	case 5:
		v->trust.status = TRUST_UNTRUSTED;
		break;
	case 6:
		v->trust.status = TRUST_UNKNOWN;
		break;
	case 7:
		v->integrity = INTEGRITY_UNKNOWN;
		break;
	case 8:
		v->integrity = INTEGRITY_BROKEN;
		break;
	case 9:
		v->coverage = COVERAGE_UNCLEAR;
		break;
	case 10:
		v->modification = MOD_UNKNOWN;
		break;
	case 11:
		v->modification_allowed = false;
		break;
	case 12: /* on hold: nobody is asked */
		s->r->nchecks = 0;
		break;
	case 13: /* said of another signature */
		s->r->checks[0].signature = 1;
		break;
	case 14:
		s->r->checks[0].result = RESULT_OK;
		break;
	case 15:
		s->r->nreasons = 0;
		break;
	case 16:
		s->r->reasons[s->r->nreasons++] = CHECK_LIMIT;
		break;
	case 17: /* a second one that lacks something else */
		add_signature(s, "SARI WULAN");
		s->r->sigs[1].status = (struct status){IND_INDETERMINATE, SUB_NO_POE};
		break;
	case 18: /* a broken document timestamp */
		add_signature(s, NULL);
		s->r->sigs[1].kind = KIND_DOCUMENT_TIMESTAMP;
		s->r->sigs[1].integrity = INTEGRITY_BROKEN;
		break;
	case 19: /* nothing lacks, and yet */
		v->status = (struct status){IND_PASSED, SUB_NONE};
		break;
	case 20:
		s->r->nsigs = 0;
		break;
	default: /* nobody else's conclusion */
		s->r->conclusion = CONCLUSION_INVALID;
		break;
	}
}

static void
test_pending(void **state)
{
	struct stage s;
	unsigned i;

	(void)state;
	open_stage(&s);
	make_pending(&s);
	assert_true(intake_pending(s.r));
	assert_string_equal(judged(&s), "");
	assert_true(s.out.pending);
	/* a second one that is good, and a sound timestamp that proves nothing */
	s.signers[1] = (struct register_signer){"SEKRETARIS", "Bayu Santoso", ""};
	s.letter.content.nsigners = 2;
	add_signature(&s, "Bayu Santoso");
	add_signature(&s, NULL);
	s.r->sigs[2].kind = KIND_DOCUMENT_TIMESTAMP;
	s.r->sigs[2].status.ind = IND_INDETERMINATE;
	assert_string_equal(judged(&s), "");
	assert_true(s.out.pending);
	close_stage(&s);
	for (i = 0; i < 22; i++) {
		open_stage(&s);
		make_pending(&s);
		spoil(&s, i);
		if (intake_pending(s.r))
			fail_msg("pending though spoilt: %u", i);
		(void)judged(&s);
		assert_false(s.out.pending || s.out.may_override);
		close_stage(&s);
	}
	/* what is VALID lacks nothing */
	open_stage(&s);
	assert_false(intake_pending(s.r));
	close_stage(&s);
}

static void
test_list(void **state)
{
	struct intake_result r = {.may_override = true};
	char names[INTAKE_ITEMS + 1][8];
	struct buf words;
	size_t i;

	(void)state;
	for (i = 0; i < INTAKE__MAX; i++)
		assert_true(*intake_word((enum intake)i) != '\0');
	assert_string_equal(intake_word(INTAKE__MAX), "");
	assert_false(intake_override(INTAKE__MAX) || intake_override(INTAKE_KNOWN) ||
		     intake_override(INTAKE_INVALID));
	for (i = 0; i <= INTAKE_ITEMS; i++) {
		(void)snprintf(names[i], sizeof(names[i]), "%zu", i);
		intake_add(&r, INTAKE_SIGNER_EXTRA, names[i]);
	}
	assert_int_equal(r.n, INTAKE_ITEMS);
	assert_true(r.may_override);
	intake_add(&r, INTAKE_KNOWN, NULL);
	assert_int_equal(r.n, INTAKE_ITEMS);
	assert_false(r.may_override);
	buf_init(&words, 256);
	intake_words(&words, &r);
	assert_string_equal(buf_text(&words), "signer_extra");
	buf_clear(&words);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_good),
	    cmocka_unit_test(test_verdict),
	    cmocka_unit_test(test_signers),
	    cmocka_unit_test(test_marks),
	    cmocka_unit_test(test_several_marks),
	    cmocka_unit_test(test_not_searched),
	    cmocka_unit_test(test_pending),
	    cmocka_unit_test(test_list),
	};
	uint8_t random[16] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};

	crockford_id(random, ours);
	random[0] = 99;
	crockford_id(random, theirs);
	(void)snprintf(address, sizeof(address), "https://surat.contoh.id/d/%s", ours);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
