/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "caps.h"
#include "json.h"
#include "when.h"

/* The value as another library reads it; one object without a key twice. */
static json_t *
reread(const struct buf *b)
{
	json_error_t error;
	json_t *j = json_loadb((const char *)b->p, b->len, JSON_REJECT_DUPLICATES, &error);

	if (j == NULL)
		fail_msg("%s at %d in %.*s", error.text, error.position, (int)b->len, b->p);
	return j;
}

static void
test_string(void **state)
{
	static const struct {
		const char *in, *out;
	} t[] = {
	    {"", "\"\""},
	    {"plain", "\"plain\""},
	    {"a\"b\\c/d", "\"a\\\"b\\\\c/d\""},
	    {"\"", "\"\\\"\""},
	    {"tab\tnew\nret\r", "\"tab\\tnew\\nret\\r\""},
	    {"\x01\x1f\x7f\b\f", "\"\\u0001\\u001f\\u007f\\u0008\\u000c\""},
	    {"Siti Rahmawati \xc3\xa9 \xe2\x82\xac \xf0\x9f\x96\x8b",
		"\"Siti Rahmawati \xc3\xa9 \xe2\x82\xac \xf0\x9f\x96\x8b\""},
	    {"\xc2\x80", "\"\xc2\x80\""},
	    /* no UTF-8: continuation alone, overlong, surrogate, beyond, cut short */
	    {"\x80z", "\"\\ufffdz\""},
	    {"\xc0\xaf", "\"\\ufffd\\ufffd\""},
	    {"\xc1\xbf", "\"\\ufffd\\ufffd\""},
	    {"\xe0\x9f\xbf", "\"\\ufffd\\ufffd\\ufffd\""},
	    {"\xe0\xa0\x80", "\"\xe0\xa0\x80\""},
	    {"\xed\xa0\x80", "\"\\ufffd\\ufffd\\ufffd\""},
	    {"\xed\x9f\xbf", "\"\xed\x9f\xbf\""},
	    {"\xf0\x8f\xbf\xbf", "\"\\ufffd\\ufffd\\ufffd\\ufffd\""},
	    {"\xf0\x90\x80\x80", "\"\xf0\x90\x80\x80\""},
	    {"\xf4\x8f\xbf\xbf", "\"\xf4\x8f\xbf\xbf\""},
	    {"\xf4\x90\x80\x80", "\"\\ufffd\\ufffd\\ufffd\\ufffd\""},
	    {"\xf5\x80\x80\x80", "\"\\ufffd\\ufffd\\ufffd\\ufffd\""},
	    {"\xff", "\"\\ufffd\""},
	    {"a\xe2\x82", "\"a\\ufffd\\ufffd\""},
	    {"\xc3", "\"\\ufffd\""},
	    {"\xc3\"", "\"\\ufffd\\\"\""},
	};
	json_t *j;
	struct buf b;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		buf_init(&b, 1000);
		json_text(&b, t[i].in);
		assert_string_equal(buf_text(&b), t[i].out);
		j = json_loadb((const char *)b.p, b.len, JSON_DECODE_ANY, NULL);
		assert_non_null(j);
		json_decref(j);
		buf_clear(&b);
	}
}

#define AB "abababababababababababababababababababababababababababababababab"
#define CD "cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd"

/* Every key is there although nothing is known. */
static void
test_empty(void **state)
{
	struct report *r = report_new();
	struct buf b;

	(void)state;
	assert_non_null(r);
	r->validated_at = WHEN_NONE;
	buf_init(&b, CAP_WIRE);
	json_report(&b, r);
	assert_string_equal(buf_text(&b),
	    "{\"schema\":\"periksa.report/1\",\"document\":{\"name\":null,\"sha256\":null,"
	    "\"size\":0,\"pages\":null,\"pdf_version\":null,\"encrypted\":false,"
	    "\"revisions\":null},\"policy\":{\"id\":null,\"version\":null},\"trust\":{\"id\":null,"
	    "\"demonstration\":false},\"validated_at\":null,\"offline\":false,"
	    "\"conclusion\":\"UNREADABLE\",\"reasons\":[],\"signatures\":[],\"checks\":[],"
	    "\"wanted\":[],\"warnings\":[]}");
	json_decref(reread(&b));
	buf_clear(&b);
	report_free(r);
}

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
fill_cert(struct report *r, struct report_cert *c, const char *subject, uint8_t byte)
{
	c->subject = str(r, subject);
	c->issuer = str(r, "CN=Contoh CA");
	c->serial = str(r, "01ff");
	memset(c->sha256, byte, 32);
	c->not_before = 0;
	c->not_after = 1793491200;
	c->key = str(r, "RSA 2048");
}

#define CERT(subject, hash)                                                                        \
	"{\"subject\":\"" subject "\",\"issuer\":\"CN=Contoh CA\",\"serial\":\"01ff\",\"sha256\":" \
	"\"" hash "\",\"not_before\":\"1970-01-01T00:00:00Z\",\"not_after\":"                      \
	"\"2026-11-01T00:00:00Z\",\"key\":\"RSA 2048\"}"

static void
fill_signature(struct report *r, struct report_sig *s)
{
	static const double rect[4] = {10, -20.5, 99.9996, 1.25};

	s->field = str(r, "Tanda \"1\"");
	s->kind = KIND_SIGNATURE;
	s->revision = 2;
	s->sub_filter = str(r, "ETSI.CAdES.detached");
	s->has_byte_range = true;
	s->byte_range[1] = 100;
	s->byte_range[2] = 9999999999;
	s->byte_range[3] = -1;
	s->contents_bytes = 8192;
	memset(s->message_sha256, 0xab, 32);
	s->status = (struct status){IND_PASSED, SUB_NONE};
	s->strict = (struct status){IND_INDETERMINATE, SUB_OUT_OF_BOUNDS_NO_POE};
	s->integrity = INTEGRITY_INTACT;
	s->coverage = COVERAGE_ENTIRE_REVISION;
	s->modification = MOD_LTA_UPDATES;
	s->modification_allowed = true;
	s->changes = array(r, 2, sizeof(*s->changes));
	s->nchanges = 2;
	s->changes[0] = (struct report_change){.level = MOD_LTA_UPDATES,
	    .kind = CHANGE_EVIDENCE_ADDED,
	    .allowed = true,
	    .revision = 3,
	    .place = {.object = 17, .path = str(r, "Root/DSS")}};
	s->changes[1] = (struct report_change){.revision = 4,
	    .kind = CHANGE_FIELD_VALUE,
	    .place = {.page = 2, .has_rect = true, .rect = {10, 20, 30.5, 40}},
	    .field = str(r, "Nama")};
	s->visual.status = VISUAL_DIFFERS;
	s->visual.compared = 3;
	s->visual.pages = array(r, 2, sizeof(*s->visual.pages));
	s->visual.pages[s->visual.npages++] = 1;
	s->visual.pages[s->visual.npages++] = 3;
	s->level = LEVEL_PADES_LT;
	s->level_missing = array(r, 1, sizeof(*s->level_missing));
	s->level_missing[s->nlevel_missing++] = CHECK_TIMESTAMP;
	s->ltv = true;
	s->ltv_until = 1793491204;
	s->ltv_weakest = CHECK_TIMESTAMP_EXPIRED;
	s->ltv_weakest_name = str(r, "Contoh TSA");
	s->signer.name = str(r, "Siti Rahmawati");
	s->signer.dn = str(r, "CN=Siti Rahmawati");
	s->signer.has_certificate = true;
	fill_cert(r, &s->signer.certificate, "CN=Siti Rahmawati", 0xab);
	s->trust.status = TRUST_TRUSTED;
	s->trust.anchor = str(r, "Contoh Root");
	s->trust.chain = array(r, 2, sizeof(*s->trust.chain));
	fill_cert(r, &s->trust.chain[s->trust.nchain++], "CN=Contoh CA", 0xcd);
	fill_cert(r, &s->trust.chain[s->trust.nchain++], "CN=Contoh Root", 0xab);
	s->revocation.status = REV_GOOD;
	s->revocation.at = WHEN_NONE;
	s->revocation.source = SOURCE_EMBEDDED;
	s->revocation.this_update = 1793491201;
	s->revocation.produced_at = 1793491202;
	s->revocation.asked = WHEN_NONE;
	s->time.claimed = 1793491203;
	s->time.proven = 1793491206;
	s->time.by = PROVEN_SIGNATURE_TS;
	s->timestamps = array(r, 1, sizeof(*s->timestamps));
	s->timestamps[s->ntimestamps++] = (struct report_timestamp){TST_SIGNATURE_TS, 1793491206,
	    str(r, "Contoh TSA"), {IND_PASSED, SUB_NONE}, CHECK__NONE};
	s->docmdp = 2;
	s->field_locks = array(r, 2, sizeof(*s->field_locks));
	s->field_locks[s->nfield_locks++] = str(r, "Nomor");
	s->field_locks[s->nfield_locks++] = str(r, "Hal\xc3\xa9");
	s->digest = str(r, "SHA-256");
	s->signature = str(r, "RSA");
	s->key_bits = 2048;
	s->reason = str(r, "Setuju");
	s->page = 1;
	memcpy(s->rect, rect, sizeof(rect));
}

static const char first_signature[] =
    "{\"field\":\"Tanda \\\"1\\\"\",\"kind\":\"signature\",\"revision\":2,"
    "\"sub_filter\":\"ETSI.CAdES.detached\",\"byte_range\":[0,100,9999999999,-1],"
    "\"contents_bytes\":8192,\"message_sha256\":\"" AB
    "\",\"indication\":\"TOTAL_PASSED\",\"sub_indication\":null,"
    "\"strict\":{\"indication\":\"INDETERMINATE\",\"sub_indication\":\"OUT_OF_BOUNDS_NO_POE\"},"
    "\"integrity\":\"intact\",\"coverage\":\"entire_revision\",\"modification\":\"lta_updates\","
    "\"modification_allowed\":true,\"changes\":["
    "{\"level\":\"lta_updates\",\"kind\":\"EVIDENCE_ADDED\",\"allowed\":true,\"revision\":3,"
    "\"object\":17,\"path\":\"Root/DSS\",\"field\":null,\"page\":null,\"rect\":null,"
    "\"text\":{\"id\":\"Bukti validasi jangka panjang (DSS) ditambahkan.\","
    "\"en\":\"Long-term validation data (DSS) was added.\"}},"
    "{\"level\":null,\"kind\":\"FIELD_VALUE\",\"allowed\":false,\"revision\":4,"
    "\"object\":null,\"path\":null,\"field\":\"Nama\",\"page\":2,\"rect\":[10,20,30.500,40],"
    "\"text\":{\"id\":\"Isi kolom formulir diubah.\","
    "\"en\":\"The value of a form field was changed.\"}}],"
    "\"visual\":{\"status\":\"differs\",\"compared\":3,\"pages\":[1,3]},"
    "\"level\":\"PAdES-B-LT\",\"level_missing\":[\"TIMESTAMP\"],"
    "\"ltv\":{\"enabled\":true,\"missing\":[],\"until\":\"2026-11-01T00:00:04Z\","
    "\"weakest\":\"TIMESTAMP_EXPIRED\",\"weakest_name\":\"Contoh TSA\"},"
    "\"signer\":{\"name\":\"Siti Rahmawati\",\"organization\":null,\"title\":null,"
    "\"serial_number\":null,\"dn\":\"CN=Siti Rahmawati\","
    "\"certificate\":" CERT("CN=Siti Rahmawati",
	AB) "},"
	    "\"trust\":{\"status\":\"trusted\",\"anchor\":\"Contoh Root\",\"chain\":[" CERT(
		"CN=Contoh CA", CD) "," CERT("CN=Contoh Root",
		AB) "]},"
		    "\"revocation\":{\"status\":\"good\",\"at\":null,\"source\":\"embedded\","
		    "\"this_update\":\"2026-11-01T00:00:01Z\",\"produced_at\":\"2026-11-01T00:00:"
		    "02Z\",\"checked_at\":null},"
		    "\"time\":{\"claimed\":\"2026-11-01T00:00:03Z\",\"proven\":\"2026-11-01T00:00:"
		    "06Z\","
		    "\"proven_by\":\"signature_timestamp\"},"
		    "\"timestamps\":[{\"kind\":\"signature_timestamp\",\"time\":\"2026-11-01T00:00:"
		    "06Z\","
		    "\"authority\":\"Contoh TSA\",\"status\":{\"indication\":\"TOTAL_PASSED\","
		    "\"sub_indication\":null},\"reason\":null}],"
		    "\"certification\":{\"docmdp\":2,\"field_locks\":[\"Nomor\",\"Hal\xc3\xa9\"]},"
		    "\"algorithms\":{\"digest\":\"SHA-256\",\"signature\":\"RSA\",\"key_bits\":"
		    "2048},"
		    "\"reason\":\"Setuju\",\"location\":null,\"contact\":null,"
		    "\"page\":1,\"rect\":[10,-20.500,100,1.250]}";

/* A signature of which nothing was found out. */
static const char second_signature[] =
    "{\"field\":null,\"kind\":\"document_timestamp\",\"revision\":null,\"sub_filter\":null,"
    "\"byte_range\":null,\"contents_bytes\":0,\"message_sha256\":null,\"indication\":\"TOTAL_"
    "FAILED\","
    "\"sub_indication\":\"FORMAT_FAILURE\",\"strict\":{\"indication\":\"TOTAL_FAILED\","
    "\"sub_indication\":\"FORMAT_FAILURE\"},\"integrity\":\"unknown\",\"coverage\":\"unclear\","
    "\"modification\":null,\"modification_allowed\":false,\"changes\":[],"
    "\"visual\":{\"status\":\"not_compared\",\"compared\":0,\"pages\":[]},\"level\":\"none\","
    "\"level_missing\":[],\"ltv\":{\"enabled\":false,\"missing\":[\"LTV\"],\"until\":null,"
    "\"weakest\":null,\"weakest_name\":null},"
    "\"signer\":{\"name\":null,\"organization\":null,\"title\":null,\"serial_number\":null,"
    "\"dn\":null,\"certificate\":null},"
    "\"trust\":{\"status\":\"unknown\",\"anchor\":null,\"chain\":[]},"
    "\"revocation\":{\"status\":\"unknown\",\"at\":null,\"source\":\"none\","
    "\"this_update\":null,\"produced_at\":null,\"checked_at\":\"2026-11-01T00:00:07Z\"},"
    "\"time\":{\"claimed\":null,\"proven\":null,\"proven_by\":\"none\"},\"timestamps\":[],"
    "\"certification\":{\"docmdp\":null,\"field_locks\":[]},"
    "\"algorithms\":{\"digest\":null,\"signature\":null,\"key_bits\":null},"
    "\"reason\":null,\"location\":null,\"contact\":null,\"page\":null,\"rect\":null}";

static void
fill_broken_signature(struct report *r, struct report_sig *s)
{
	s->kind = KIND_DOCUMENT_TIMESTAMP;
	s->status = s->strict = (struct status){IND_FAILED, SUB_FORMAT_FAILURE};
	s->integrity = INTEGRITY_UNKNOWN;
	s->coverage = COVERAGE_UNCLEAR;
	s->modification = MOD_UNKNOWN;
	s->ltv_missing = array(r, 1, sizeof(*s->ltv_missing));
	s->ltv_missing[s->nltv_missing++] = CHECK_LTV;
	s->ltv_until = WHEN_NONE;
	s->trust.status = TRUST_UNKNOWN;
	s->revocation.status = REV_UNKNOWN;
	s->revocation.source = SOURCE_NONE;
	s->revocation.at = s->revocation.this_update = s->revocation.produced_at = WHEN_NONE;
	s->revocation.asked = 1793491207;
	s->time.claimed = s->time.proven = WHEN_NONE;
	s->time.by = PROVEN_NONE;
}

static struct report *
full_report(void)
{
	struct report *r = report_new();

	assert_non_null(r);
	r->document.name = str(r, "surat.pdf");
	memset(r->document.sha256, 0xab, 32);
	r->document.size = 9999999999;
	r->document.pages = 4;
	r->document.pdf_version = str(r, "1.7");
	r->document.revisions = 4;
	r->policy_id = str(r, "nasional");
	r->policy_version = str(r, "1");
	memset(r->trust_id, 0xcd, 32);
	r->demonstration = r->offline = true;
	r->validated_at = 1793491200;
	r->conclusion = CONCLUSION_INVALID;
	r->reasons = array(r, 2, sizeof(*r->reasons));
	r->reasons[r->nreasons++] = CHECK_UNCHANGED;
	r->reasons[r->nreasons++] = CHECK_LTV;
	r->sigs = array(r, 2, sizeof(*r->sigs));
	r->nsigs = 2;
	fill_signature(r, &r->sigs[0]);
	fill_broken_signature(r, &r->sigs[1]);
	r->checks = array(r, 2, sizeof(*r->checks));
	r->nchecks = 2;
	r->checks[0] = (struct report_check){CHECK_SIGNER_NAME, 0, RESULT_OK, NULL};
	r->checks[1] =
	    (struct report_check){CHECK_UNCHANGED, -1, RESULT_NOT_APPLICABLE, str(r, "B3")};
	r->wanted = array(r, 2, sizeof(*r->wanted));
	r->nwanted = 2;
	r->wanted[0] = (struct report_want){.kind = WANT_OCSP,
	    .url = str(r, "http://ocsp.example/"),
	    .issuer = str(r, "Contoh CA"),
	    .outcome = LOOKUP_UNREACHABLE,
	    .host = str(r, "ocsp.example"),
	    .asked = 1793491208,
	    .retry = 1793491238,
	    .question = (uint8_t *)str(r, "not for people"),
	    .question_len = 14};
	memset(r->wanted[0].certificate, 0xcd, 32);
	r->wanted[1] =
	    (struct report_want){.kind = WANT_CRL, .asked = WHEN_NONE, .retry = WHEN_NONE};
	r->notices = array(r, 2, sizeof(*r->notices));
	r->nnotices = 2;
	r->notices[0] = (struct report_notice){.kind = NOTICE_JAVASCRIPT,
	    .revision = 1,
	    .place = {.object = 9, .path = str(r, "Root/OpenAction")}};
	r->notices[1] = (struct report_notice){.kind = NOTICE_OVERLAP,
	    .revision = 2,
	    .place = {.page = 4, .has_rect = true, .rect = {1, 2, 3, 4}}};
	return r;
}

/* The line, byte for byte: names and order are a promise. */
static void
test_full(void **state)
{
	struct report *r = full_report();
	struct buf b, want;

	(void)state;
	buf_init(&want, CAP_WIRE);
	buf_str(&want, "{\"schema\":\"periksa.report/1\",\"document\":{\"name\":\"surat.pdf\","
		       "\"sha256\":\"" AB "\",\"size\":9999999999,\"pages\":4,"
		       "\"pdf_version\":\"1.7\",\"encrypted\":false,\"revisions\":4},"
		       "\"policy\":{\"id\":\"nasional\",\"version\":\"1\"},"
		       "\"trust\":{\"id\":\"" CD "\",\"demonstration\":true},"
		       "\"validated_at\":\"2026-11-01T00:00:00Z\",\"offline\":true,"
		       "\"conclusion\":\"INVALID\",\"reasons\":[\"UNCHANGED\",\"LTV\"],"
		       "\"signatures\":[");
	buf_str(&want, first_signature);
	buf_u8(&want, ',');
	buf_str(&want, second_signature);
	buf_str(&want, "],\"checks\":[{\"id\":\"SIGNER_NAME\",\"signature\":0,\"result\":\"ok\","
		       "\"detail\":null},{\"id\":\"UNCHANGED\",\"signature\":null,"
		       "\"result\":\"not_applicable\",\"detail\":\"B3\"}],"
		       "\"wanted\":[{\"kind\":\"ocsp\",\"url\":\"http://ocsp.example/\","
		       "\"issuer\":\"Contoh CA\",\"certificate\":\"" CD "\","
		       "\"outcome\":\"unreachable\",\"host\":\"ocsp.example\",\"asked\":"
		       "\"2026-11-01T00:00:08Z\",\"retry_at\":\"2026-11-01T00:00:38Z\"},"
		       "{\"kind\":\"crl\",\"url\":null,\"issuer\":null,\"certificate\":null,"
		       "\"outcome\":null,\"host\":null,\"asked\":null,\"retry_at\":null}],"
		       "\"warnings\":[{\"code\":\"JAVASCRIPT\",\"revision\":1,\"object\":9,"
		       "\"page\":null,\"rect\":null,\"path\":\"Root/OpenAction\",\"text\":"
		       "{\"id\":\"Dokumen memuat skrip (JavaScript).\",\"en\":\"The document "
		       "holds a script (JavaScript).\"}},"
		       "{\"code\":\"OVERLAP\",\"revision\":2,\"object\":null,\"page\":4,"
		       "\"rect\":[1,2,3,4],\"path\":null,\"text\":"
		       "{\"id\":\"Catatan atau kolom saling menutupi.\",\"en\":\"Annotations "
		       "or fields lie over one another.\"}}]}");
	buf_init(&b, CAP_WIRE);
	json_report(&b, r);
	assert_int_equal(buf_rc(&b), RC_OK);
	assert_string_equal(buf_text(&b), buf_text(&want));
	json_decref(reread(&b));
	buf_clear(&b);
	buf_clear(&want);
	report_free(r);
}

/* Behind what is there already, and no further than the ceiling. */
static void
test_append(void **state)
{
	struct report *r = full_report();
	struct buf b;
	size_t len, max;

	(void)state;
	buf_init(&b, CAP_WIRE);
	json_report(&b, r);
	len = b.len;
	json_report(&b, r);
	assert_int_equal(b.len, 2 * len);
	assert_memory_equal(b.p, b.p + len, len);
	buf_clear(&b);
	for (max = 0; max < len; max += 97) {
		buf_init(&b, max);
		json_report(&b, r);
		assert_int_equal(buf_rc(&b), RC_TOOBIG);
		assert_true(b.len <= max);
		buf_clear(&b);
	}
	report_free(r);
}

static void
test_rect(void **state)
{
	static const struct {
		double v;
		const char *out;
	} t[] = {
	    {0, "[0,"},
	    {-0.0001, "[0,"},
	    {0.5, "[0.500,"},
	    {-0.5, "[-0.500,"},
	    {1234567.0625, "[1234567.063,"},
	    {1e300, "[null,"},
	    {-1e13, "[null,"},
	    {(double)NAN, "[null,"},
	    {(double)INFINITY, "[null,"},
	};
	struct report *r = full_report();
	const char *at;
	struct buf b;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		r->sigs[0].rect[0] = t[i].v;
		buf_init(&b, CAP_WIRE);
		json_report(&b, r);
		at = strstr(buf_text(&b), "\"page\":1,\"rect\":[");
		assert_non_null(at);
		assert_memory_equal(at + 16, t[i].out, strlen(t[i].out));
		json_decref(reread(&b));
		buf_clear(&b);
	}
	report_free(r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_string),
	    cmocka_unit_test(test_empty),
	    cmocka_unit_test(test_full),
	    cmocka_unit_test(test_append),
	    cmocka_unit_test(test_rect),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
