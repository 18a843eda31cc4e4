/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The wire: what goes in comes out, and nothing else comes in. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "caps.h"
#include "when.h"
#include "wire.h"

static void *
array(struct report *r, size_t n, size_t size)
{
	void *p = arena_array(r->arena, n, size);

	assert_non_null(p);
	return p;
}

static char *
str(struct report *r, const char *s)
{
	char *p = arena_str(r->arena, s, strlen(s));

	assert_non_null(p);
	return p;
}

static void
fill_cert(struct report *r, struct report_cert *c)
{
	c->subject = str(r, "CN=Ani Contoh,O=Dinas Contoh,C=ID");
	c->issuer = str(r, "CN=CA Contoh,C=ID");
	c->serial = str(r, "6ebb7c44a8e962ae");
	memset(c->sha256, 0xa5, sizeof(c->sha256));
	c->not_before = 1700000000;
	c->not_after = 1800000000;
	c->key = str(r, "RSA 2048");
}

/* A signature whose every field differs from zero. */
static void
fill_sig(struct report *r, struct report_sig *s)
{
	s->field = str(r, "Signature1");
	s->kind = KIND_DOCUMENT_TIMESTAMP;
	s->revision = 3;
	s->sub_filter = str(r, "ETSI.CAdES.detached");
	s->has_byte_range = true;
	s->byte_range[1] = 690;
	s->byte_range[2] = 6692;
	s->byte_range[3] = -1;
	s->contents_bytes = 1ull << 40;
	memset(s->message_sha256, 0x5a, sizeof(s->message_sha256));
	s->status = (struct status){IND_FAILED, SUB_HASH_FAILURE};
	s->strict = (struct status){IND_INDETERMINATE, SUB_GENERIC};
	s->integrity = INTEGRITY_BROKEN;
	s->coverage = COVERAGE_ENTIRE_REVISION;
	s->modification = MOD_OTHER;
	s->modification_allowed = true;
	s->nchanges = 1;
	s->changes = array(r, 1, sizeof(*s->changes));
	s->changes[0] = (struct report_change){.level = MOD_OTHER,
	    .kind = CHANGE_PAGE_CONTENT,
	    .allowed = true,
	    .revision = 2,
	    .place = {.object = 17,
		.page = 3,
		.has_rect = true,
		.rect = {1, 2, 3, 4.5},
		.path = str(r, "/Root/Pages")},
	    .field = str(r, "Nama")};
	s->visual.status = VISUAL_DIFFERS;
	s->visual.compared = 4;
	s->visual.npages = 2;
	s->visual.pages = array(r, 2, sizeof(*s->visual.pages));
	s->visual.pages[0] = 2;
	s->visual.pages[1] = 4;
	s->level = LEVEL_PKCS7_LTA;
	s->nlevel_missing = 2;
	s->level_missing = array(r, 2, sizeof(*s->level_missing));
	s->level_missing[0] = CHECK_TIMESTAMP;
	s->level_missing[1] = CHECK_LTV;
	s->ltv = true;
	s->nltv_missing = 1;
	s->ltv_missing = array(r, 1, sizeof(*s->ltv_missing));
	s->ltv_missing[0] = CHECK_LTV;
	s->ltv_until = 1810000000;
	s->ltv_weakest = CHECK_TIMESTAMP_EXPIRED;
	s->ltv_weakest_name = str(r, "TSA Contoh");
	s->signer.name = str(r, "Ani Contoh");
	s->signer.organization = str(r, "Dinas Contoh");
	s->signer.title = str(r, "Kepala Dinas");
	s->signer.serial_number = str(r, "0");
	s->signer.dn = str(r, "CN=Ani Contoh");
	s->signer.has_certificate = true;
	fill_cert(r, &s->signer.certificate);
	s->trust.status = TRUST_UNTRUSTED;
	s->trust.anchor = str(r, "Akar Contoh");
	s->trust.nchain = 2;
	s->trust.chain = array(r, 2, sizeof(*s->trust.chain));
	fill_cert(r, &s->trust.chain[0]);
	fill_cert(r, &s->trust.chain[1]);
	s->revocation.status = REV_REVOKED;
	s->revocation.at = 1750000000;
	s->revocation.source = SOURCE_ONLINE;
	s->revocation.this_update = 1750000001;
	s->revocation.produced_at = 1750000002;
	s->revocation.asked = 1750000005;
	s->time.claimed = 1750000003;
	s->time.proven = WHEN_NONE;
	s->time.by = PROVEN_DOCUMENT_TS;
	s->ntimestamps = 1;
	s->timestamps = array(r, 1, sizeof(*s->timestamps));
	s->timestamps[0] = (struct report_timestamp){TST_CONTENT_TS, 1750000004,
	    str(r, "TSA Contoh"), {IND_PASSED, SUB_NONE}, CHECK_TIMESTAMP};
	s->docmdp = 3;
	s->nfield_locks = 1;
	s->field_locks = array(r, 1, sizeof(*s->field_locks));
	s->field_locks[0] = str(r, "form.name");
	s->digest = str(r, "SHA-256");
	s->signature = str(r, "RSA");
	s->key_bits = 2048;
	s->reason = str(r, "Disetujui");
	s->location = str(r, "Jakarta");
	s->contact = str(r, "");
	s->page = 1;
	s->rect[0] = 0.5;
	s->rect[3] = -1e300;
}

static struct report *
sample(void)
{
	struct report *r = report_new();

	assert_non_null(r);
	r->document.name = str(r, "surat \xc3\xa9.pdf");
	memset(r->document.sha256, 0x5a, sizeof(r->document.sha256));
	r->document.size = 123456;
	r->document.pages = 2;
	r->document.pdf_version = str(r, "1.7");
	r->document.encrypted = true;
	r->document.revisions = 4;
	r->policy_id = str(r, "nasional");
	r->policy_version = str(r, "1");
	memset(r->trust_id, 0x11, sizeof(r->trust_id));
	r->demonstration = true;
	r->validated_at = 1790000000;
	r->offline = true;
	r->conclusion = CONCLUSION_INVALID;
	r->nreasons = 1;
	r->reasons = array(r, 1, sizeof(*r->reasons));
	r->reasons[0] = CHECK_UNCHANGED;
	r->nsigs = 2;
	r->sigs = array(r, 2, sizeof(*r->sigs));
	fill_sig(r, &r->sigs[1]);
	r->nchecks = 2;
	r->checks = array(r, 2, sizeof(*r->checks));
	r->checks[0] = (struct report_check){CHECK_LTV, -1, RESULT_NOT_APPLICABLE, NULL};
	r->checks[1] = (struct report_check){CHECK_UNCHANGED, 1, RESULT_FAIL, str(r, "17 0 R")};
	r->nwanted = 1;
	r->wanted = array(r, 1, sizeof(*r->wanted));
	r->wanted[0].kind = WANT_ISSUER;
	r->wanted[0].url = str(r, "http://example.org/ca.crt");
	r->wanted[0].issuer = str(r, "CA Contoh");
	memset(r->wanted[0].certificate, 0x77, 32);
	r->wanted[0].outcome = LOOKUP_SLOW;
	r->wanted[0].host = str(r, "ca.example.org");
	r->wanted[0].asked = 1790000001;
	r->wanted[0].retry = 1790000031;
	r->wanted[0].question_len = 3;
	r->wanted[0].question = array(r, 1, 3);
	memcpy(r->wanted[0].question, "\0\1\xff", 3);
	r->nnotices = 1;
	r->notices = array(r, 1, sizeof(*r->notices));
	r->notices[0] = (struct report_notice){.kind = NOTICE_MAC,
	    .revision = 4,
	    .place = {.object = 5,
		.page = 1,
		.has_rect = true,
		.rect = {-1, 0, 1, 2},
		.path = str(r, "Root/OpenAction")}};
	return r;
}

static void
encode(struct buf *b, const struct report *r)
{
	buf_init(b, CAP_WIRE);
	wire_encode(b, r);
	assert_int_equal(buf_rc(b), RC_OK);
}

static void
test_round_trip(void **state)
{
	struct report *r = sample(), *got;
	const struct report_sig *s;
	struct buf a, b;

	(void)state;
	encode(&a, r);
	assert_int_equal(wire_decode(&got, a.p, a.len), RC_OK);
	encode(&b, got);
	assert_int_equal(a.len, b.len);
	assert_memory_equal(a.p, b.p, a.len);
	assert_string_equal(got->document.name, "surat \xc3\xa9.pdf");
	assert_int_equal(got->conclusion, CONCLUSION_INVALID);
	assert_int_equal(got->validated_at, 1790000000);
	assert_int_equal(got->nsigs, 2);
	assert_null(got->sigs[0].field);
	s = &got->sigs[1];
	assert_string_equal(s->field, "Signature1");
	assert_int_equal(s->byte_range[3], -1);
	assert_int_equal(s->strict.sub, SUB_GENERIC);
	assert_int_equal(s->modification, MOD_OTHER);
	assert_int_equal(s->level_missing[1], CHECK_LTV);
	assert_string_equal(s->trust.chain[1].key, "RSA 2048");
	assert_int_equal(s->time.proven, WHEN_NONE);
	assert_string_equal(s->timestamps[0].authority, "TSA Contoh");
	assert_string_equal(s->contact, "");
	assert_true(s->rect[3] == -1e300);
	assert_int_equal(got->checks[0].signature, -1);
	assert_null(got->checks[0].detail);
	assert_int_equal(got->checks[1].signature, 1);
	assert_int_equal(s->revocation.asked, 1750000005);
	assert_string_equal(got->wanted[0].url, "http://example.org/ca.crt");
	assert_int_equal(got->wanted[0].outcome, LOOKUP_SLOW);
	assert_string_equal(got->wanted[0].host, "ca.example.org");
	assert_int_equal(got->wanted[0].asked, 1790000001);
	assert_int_equal(got->wanted[0].retry, 1790000031);
	assert_int_equal(got->wanted[0].question_len, 3);
	assert_memory_equal(got->wanted[0].question, "\0\1\xff", 3);
	assert_int_equal(s->changes[0].kind, CHANGE_PAGE_CONTENT);
	assert_true(s->changes[0].allowed);
	assert_true(s->changes[0].place.rect[3] == 4.5);
	assert_string_equal(s->changes[0].field, "Nama");
	assert_int_equal(s->visual.status, VISUAL_DIFFERS);
	assert_int_equal(s->visual.compared, 4);
	assert_int_equal(s->visual.pages[1], 4);
	assert_int_equal(s->ltv_until, 1810000000);
	assert_int_equal(s->ltv_weakest, CHECK_TIMESTAMP_EXPIRED);
	assert_string_equal(s->ltv_weakest_name, "TSA Contoh");
	assert_int_equal(got->nnotices, 1);
	assert_int_equal(got->notices[0].kind, NOTICE_MAC);
	assert_int_equal(got->notices[0].place.page, 1);
	assert_string_equal(got->notices[0].place.path, "Root/OpenAction");
	buf_clear(&a);
	buf_clear(&b);
	report_free(got);
	report_free(r);
}

static void
test_empty(void **state)
{
	struct report *r = report_new(), *got;
	struct buf a;

	(void)state;
	encode(&a, r);
	assert_int_equal(wire_decode(&got, a.p, a.len), RC_OK);
	assert_int_equal(got->conclusion, CONCLUSION_UNREADABLE);
	assert_null(got->sigs);
	buf_clear(&a);
	report_free(got);
	report_free(r);
}

/* Cut anywhere, or with a byte too many, it is no report. */
static void
test_every_length(void **state)
{
	struct report *r = sample(), *got;
	struct buf a;
	uint8_t *p;
	size_t n;

	(void)state;
	encode(&a, r);
	for (n = 0; n < a.len; n++) {
		/* a block of exactly n bytes, so that a read behind it is seen */
		assert_non_null(p = malloc(n == 0 ? 1 : n));
		memcpy(p, a.p, n);
		assert_int_equal(wire_decode(&got, p, n), RC_FORMAT);
		assert_null(got);
		free(p);
	}
	buf_u8(&a, 0);
	assert_int_equal(wire_decode(&got, a.p, a.len), RC_FORMAT);
	buf_clear(&a);
	report_free(r);
}

/* Each byte set to other values: refused, or a report that encodes to these bytes. */
static void
test_every_byte(void **state)
{
	static const uint8_t values[] = {0x00, 0x01, 0x02, 0x1b, 0x7f, 0x80, 0xff};
	struct report *r = sample(), *got;
	struct buf a, b;
	size_t i, v, refused = 0;
	uint8_t old;

	(void)state;
	encode(&a, r);
	for (i = 0; i < a.len; i++)
		for (v = 0; v < sizeof(values); v++) {
			old = a.p[i];
			a.p[i] = values[v];
			if (wire_decode(&got, a.p, a.len) == RC_OK) {
				encode(&b, got);
				assert_int_equal(a.len, b.len);
				assert_memory_equal(a.p, b.p, a.len);
				buf_clear(&b);
				report_free(got);
			} else {
				assert_null(got);
				refused++;
			}
			a.p[i] = old;
		}
	assert_true(refused > a.len);
	buf_clear(&a);
	report_free(r);
}

/* Breaks one thing that the writer must not let out. */
#define REFUSED(stmt, want)                         \
	do {                                        \
		struct report *r = sample();        \
		struct buf b;                       \
		stmt;                               \
		buf_init(&b, CAP_WIRE);             \
		wire_encode(&b, r);                 \
		assert_int_equal(buf_rc(&b), want); \
		buf_clear(&b);                      \
		report_free(r);                     \
	} while (0)

static char *
long_text(struct report *r)
{
	char *p = arena_alloc(r->arena, CAP_TEXT + 2);

	assert_non_null(p);
	memset(p, 'a', CAP_TEXT + 1);
	return p;
}

static void
big_question(struct report *r, size_t len)
{
	r->wanted[0].question = array(r, 1, len);
	r->wanted[0].question_len = len;
}

static void
many_questions(struct report *r, size_t n)
{
	struct report_want one = r->wanted[0];

	r->wanted = array(r, n, sizeof(*r->wanted));
	for (r->nwanted = 0; r->nwanted < n; r->nwanted++)
		r->wanted[r->nwanted] = one;
}

static void
test_writer_refuses(void **state)
{
	(void)state;
	REFUSED((void)r, RC_OK);
	REFUSED(r->document.name = str(r, "a\nb"), RC_FORMAT);
	REFUSED(r->document.name = str(r, "\xff"), RC_FORMAT);
	REFUSED(r->document.name = long_text(r), RC_FORMAT);
	REFUSED(r->reasons[0] = CHECK__NONE, RC_FORMAT);
	REFUSED(r->checks[0].id = CHECK__NONE, RC_FORMAT);
	REFUSED(r->checks[0].signature = 2, RC_FORMAT);
	REFUSED(r->checks[0].signature = -2, RC_FORMAT);
	REFUSED(r->sigs[1].rect[2] = (double)NAN, RC_FORMAT);
	REFUSED(r->sigs[1].docmdp = 4, RC_FORMAT);
	REFUSED(r->sigs[1].docmdp = -1, RC_FORMAT);
	REFUSED(r->sigs[1].field_locks[0] = NULL, RC_FORMAT);
	REFUSED(r->conclusion = CONCLUSION__MAX, RC_FORMAT);
	REFUSED(r->sigs[1].modification = MOD__MAX, RC_FORMAT);
	REFUSED(r->sigs[1].changes[0].kind = CHANGE__MAX, RC_FORMAT);
	REFUSED(r->sigs[1].changes[0].level = MOD__MAX, RC_FORMAT);
	REFUSED(r->sigs[1].changes[0].place.rect[1] = (double)INFINITY, RC_FORMAT);
	REFUSED(r->sigs[1].changes[0].field = str(r, "\x1b"), RC_FORMAT);
	REFUSED(r->sigs[1].visual.status = VISUAL__MAX, RC_FORMAT);
	REFUSED(r->sigs[1].ltv_weakest = CHECK__MAX, RC_FORMAT);
	REFUSED(r->notices[0].kind = NOTICE__MAX, RC_FORMAT);
	REFUSED(r->notices[0].place.rect[0] = (double)NAN, RC_FORMAT);
	REFUSED((r->sigs[1].changes = array(r, CAP_LIST + 1, sizeof(struct report_change)),
		    r->sigs[1].nchanges = CAP_LIST + 1),
	    RC_TOOBIG);
	REFUSED((r->sigs[1].visual.pages = array(r, CAP_LIST + 1, sizeof(unsigned)),
		    r->sigs[1].visual.npages = CAP_LIST + 1),
	    RC_TOOBIG);
	REFUSED(
	    (r->notices = array(r, CAP_LIST + 1, sizeof(*r->notices)), r->nnotices = CAP_LIST + 1),
	    RC_TOOBIG);
	REFUSED((r->wanted = array(r, CAP_EVIDENCE + 1, sizeof(*r->wanted)),
		    r->nwanted = CAP_EVIDENCE + 1),
	    RC_TOOBIG);
	REFUSED(r->wanted[0].outcome = LOOKUP__MAX, RC_FORMAT);
	REFUSED(r->wanted[0].host = str(r, "a\nb"), RC_FORMAT);
	REFUSED(big_question(r, CAP_LOOKUP), RC_OK);
	REFUSED(big_question(r, CAP_LOOKUP + 1), RC_TOOBIG);
	REFUSED(many_questions(r, CAP_LOOKUPS), RC_OK);
	REFUSED(many_questions(r, CAP_LOOKUPS + 1), RC_TOOBIG);
}

/* A count of four thousand million costs no memory. */
static void
test_counts(void **state)
{
	struct report *r = report_new(), *got;
	struct buf a;
	size_t i;

	(void)state;
	encode(&a, r);
	/* the last four words count signatures, checks, wanted evidence and notices */
	for (i = 1; i <= 4; i++) {
		memset(a.p + a.len - 4 * i, 0xff, 4);
		assert_int_equal(wire_decode(&got, a.p, a.len), RC_FORMAT);
		memset(a.p + a.len - 4 * i, 0, 4);
		a.p[a.len - 4 * i + 3] = 13;
		assert_int_equal(wire_decode(&got, a.p, a.len), RC_FORMAT);
		a.p[a.len - 4 * i + 3] = 0;
	}
	assert_int_equal(wire_decode(&got, a.p, a.len), RC_OK);
	report_free(got);
	buf_clear(&a);
	report_free(r);
}

/* One question too many, or too long, is refused by the reader as well. */
static void
test_questions(void **state)
{
	struct report *r = sample(), *got;
	struct buf a;
	uint8_t *p;

	(void)state;
	big_question(r, 5);
	memset(r->wanted[0].question, 'P', 5);
	encode(&a, r);
	assert_non_null(p = memmem(a.p, a.len, "\0\0\0\5PPPPP", 9));
	/* a length just above CAP_LOOKUP */
	p[2] = 0xc0;
	p[3] = 1;
	assert_int_equal(wire_decode(&got, a.p, a.len), RC_FORMAT);
	buf_clear(&a);
	many_questions(r, CAP_LOOKUPS + 1);
	r->wanted[CAP_LOOKUPS].question_len = 0;
	encode(&a, r);
	assert_int_equal(wire_decode(&got, a.p, a.len), RC_OK);
	assert_null(got->wanted[CAP_LOOKUPS].question);
	report_drop_questions(got);
	assert_null(got->wanted[0].question);
	assert_int_equal(got->wanted[0].question_len, 0);
	report_free(got);
	buf_clear(&a);
	report_free(r);
}

static void
test_head(void **state)
{
	struct report *r = report_new(), *got;
	struct buf a;

	(void)state;
	encode(&a, r);
	assert_memory_equal(a.p, "PRKS\0\0\0\4", 8);
	a.p[7] = 2;
	assert_int_equal(wire_decode(&got, a.p, a.len), RC_FORMAT);
	a.p[7] = 3;
	a.p[0] = 'p';
	assert_int_equal(wire_decode(&got, a.p, a.len), RC_FORMAT);
	buf_clear(&a);
	report_free(r);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_round_trip),
	    cmocka_unit_test(test_empty),
	    cmocka_unit_test(test_every_length),
	    cmocka_unit_test(test_every_byte),
	    cmocka_unit_test(test_writer_refuses),
	    cmocka_unit_test(test_counts),
	    cmocka_unit_test(test_questions),
	    cmocka_unit_test(test_head),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("wire", tests, NULL, NULL);
}
