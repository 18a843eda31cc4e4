/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Letters that few programs make: so large that they are mapped, signed in PDF 1.3's way, with
 * a timestamp that only the store of evidence has, with more timestamps than are read.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <openssl/rsa.h>

#include "caps.h"
#include "cms.h"
#include "forge.h"
#include "io.h"
#include "paper.h"
#include "verify.h"
#include "when.h"

static struct forge forge;

static bool
because(const struct report *r, enum check reason)
{
	size_t i;

	for (i = 0; i < r->nreasons; i++)
		if (r->reasons[i] == reason)
			return true;
	return false;
}

static struct report *
judge(const char *what, struct letter *l)
{
	struct report *r;

	assert_int_equal(letter_rc(l), RC_OK);
	r = forge_verify(forge.trust, l->out.p, l->out.len, "nasional", FORGE_AT);
	assert_non_null(r);
	forge_show(what, r);
	return r;
}

/* --- a document of hundreds of megabytes is mapped --- */

#define PAD (CAP_SNAPSHOT + CAP_SKIP_BODY)

static enum conclusion
judge_file(int fd)
{
	const struct verify_params params = {.trust = forge.trust,
	    .policy = policy_find("nasional"),
	    .at = FORGE_AT,
	    .offline = true};
	struct source src;
	struct report *r;
	enum conclusion c;

	assert_int_equal(source_open(&src, fd, 0, UINT64_MAX), RC_OK);
	assert_non_null(src.map);
	assert_int_equal(verify(&r, &src, &params), RC_OK);
	forge_show("mapped", r);
	assert_int_equal(r->nsigs, 1);
	c = r->conclusion;
	assert_int_equal(
	    r->sigs[0].integrity, c == CONCLUSION_INVALID ? INTEGRITY_BROKEN : INTEGRITY_INTACT);
	report_free(r);
	source_close(&src);
	return c;
}

static void
test_mapped(void **state)
{
	int fd = memfd_create("letter", MFD_CLOEXEC);
	struct letter l;
	char was[10];

	(void)state;
	letter_init(&l, forge.m, LETTER_CLASSIC, &forge_text, PAD);
	agency_sign(&forge.agency, &l,
	    &(struct agency_order){
		.signer = &forge.signer, .level = AGENCY_LT, .at = FORGE_SIGNED});
	assert_int_equal(letter_rc(&l), RC_OK);
	assert_true(fd >= 0);
	assert_int_equal(letter_write(&l, fd), RC_OK);
	assert_int_equal(judge_file(fd), CONCLUSION_VALID);
	/* a signature's words inside the picture are no signature */
	assert_int_equal(pread(fd, was, 10, (off_t)l.pad_at + PAD / 2), 10);
	assert_int_equal(pwrite(fd, "/ByteRange", 10, (off_t)l.pad_at + PAD / 2), 10);
	assert_int_equal(judge_file(fd), CONCLUSION_INVALID);
	assert_int_equal(pwrite(fd, was, 10, (off_t)l.pad_at + PAD / 2), 10);
	assert_int_equal(judge_file(fd), CONCLUSION_VALID);
	/* one octet, far inside */
	assert_int_equal(pread(fd, was, 1, (off_t)l.pad_at + PAD - 1), 1);
	was[0] ^= 1;
	assert_int_equal(pwrite(fd, was, 1, (off_t)l.pad_at + PAD - 1), 1);
	assert_int_equal(judge_file(fd), CONCLUSION_INVALID);
	io_close(&fd);
	letter_clear(&l);
}

/* --- adbe.x509.rsa_sha1, ISO 32000-1, 12.8.3.2 --- */

#define HOLE 600

/* The dictionary with the signer's certificate in it. */
static char *
old_dictionary(const struct pki_cert *signer, bool array)
{
	struct buf b;
	char *text;

	buf_init(&b, 1u << 16);
	buf_str(&b, "<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /adbe.x509.rsa_sha1 /Cert ");
	buf_str(&b, array ? "[<" : "<");
	buf_hex(&b, signer->der.p, signer->der.len);
	buf_str(&b, array ? ">]" : ">");
	buf_str(&b, " " LETTER_RANGE " ");
	letter_contents(&b, HOLE);
	buf_str(&b, " >>");
	text = arena_str(forge.m->arena, buf_text(&b), b.len);
	buf_clear(&b);
	assert_non_null(text);
	return text;
}

/* PKCS #1 over SHA-1 in an OCTET STRING; with other, not over this document. */
static void
old_sign(struct letter *l, bool array, bool other)
{
	struct letter_sign sign = {.field = "TandaTangan1", .at = WHEN_NONE};
	struct letter_hole hole;
	struct pki_cert signer;
	struct der md, message;
	char hex[2 * HOLE + 1], range[128];
	size_t i;

	agency_admit(&forge.agency, &signer, maker_key(forge.m, MAKER_RSA), "Siti Rahmawati Contoh",
	    FORGE_AT - 365 * FORGE_DAY, FORGE_AT + 365 * FORGE_DAY);
	sign.dictionary = old_dictionary(&signer, array);
	letter_init(l, forge.m, LETTER_CLASSIC, &forge_text, 0);
	letter_sign_begin(l, &sign, &hole);
	(void)snprintf(range, sizeof(range), "/ByteRange [%ju %ju %ju %ju]%*s",
	    (uintmax_t)hole.range[0], (uintmax_t)hole.range[1], (uintmax_t)hole.range[2],
	    (uintmax_t)hole.range[3], LETTER_RANGE_ROOM, "");
	memcpy(l->out.p + hole.range_at, range, LETTER_RANGE_ROOM);
	md = letter_digest(l, "SHA1", hole.range);
	if (other)
		md = maker_digest(forge.m, "SHA1", (struct der){(const uint8_t *)"x", 1});
	message = asn_octets(forge.m, pki_sign_digest(forge.m, signer.key, "SHA1", md));
	assert_int_equal(letter_rc(l), RC_OK);
	assert_in_range(message.len, 1, HOLE);
	memset(hex, '0', sizeof(hex));
	for (i = 0; i < message.len; i++)
		(void)snprintf(hex + 2 * i, 3, "%02x", message.p[i]);
	memcpy(l->out.p + hole.open + 1, hex, 2 * message.len);
}

static void
test_rsa_sha1(void **state)
{
	struct letter l;
	struct report *r;
	int array;

	(void)state;
	for (array = 0; array < 2; array++) {
		old_sign(&l, array != 0, false);
		r = judge("x509.rsa_sha1", &l);
		assert_int_equal(r->nsigs, 1);
		assert_int_equal(r->sigs[0].integrity, INTEGRITY_INTACT);
		assert_int_equal(r->conclusion, CONCLUSION_INDETERMINATE); /* SHA-1 */
		report_free(r);
		letter_clear(&l);
		old_sign(&l, array != 0, true);
		r = judge("x509.rsa_sha1 over something else", &l);
		assert_int_equal(r->nsigs, 1);
		assert_int_equal(r->sigs[0].integrity, INTEGRITY_BROKEN);
		assert_int_equal(r->conclusion, CONCLUSION_INVALID);
		report_free(r);
		letter_clear(&l);
	}
}

/* --- a timestamp under /VRI --- */

/* Over this signature value; empty: over something else. */
static struct der
stamp_over(struct der value)
{
	struct token t;

	forge_token(&forge, &t, FORGE_SIGNED);
	if (value.len == 0)
		value = (struct der){(const uint8_t *)"x", 1};
	t.imprint = maker_digest(forge.m, "SHA256", value);
	return token_make(forge.m, &t);
}

/* A letter without a timestamp, and the signature's value. */
static struct der
unstamped(struct letter *l)
{
	const struct pki_cert *certs[] = {&forge.agency.root, &forge.agency.ca, &forge.signer};
	struct envelope e = {.signer = &forge.signer, .certs = certs, .ncerts = 3};
	struct letter_sign sign = {.field = "TandaTangan1", .at = FORGE_SIGNED, .envelope = &e};
	struct letter_evidence ev;
	struct cms *cms;

	letter_init(l, forge.m, LETTER_CLASSIC, &forge_text, 0);
	letter_sign(l, &sign);
	forge_evidence(&forge, &forge.signer, FORGE_SIGNED + 4, &ev);
	letter_dss(l, &ev);
	assert_int_equal(letter_rc(l), RC_OK);
	assert_int_equal(cms_parse(&cms, forge.m->arena, l->contents, CMS_DETACHED), RC_OK);
	assert_true(cms->signature.len > 0);
	return cms->signature;
}

/* The store's newest /VRI entry gets these octets as its /TS. */
static void
put_ts(struct letter *l, struct der token)
{
	struct paper p;
	char path[128];
	unsigned ts;
	size_t i, n;

	n = (size_t)snprintf(path, sizeof(path), "Root/DSS/VRI/");
	for (i = 0; i < 20; i++)
		n += (size_t)snprintf(path + n, sizeof(path) - n, "%02X", l->vri[0].p[i]);
	(void)snprintf(path + n, sizeof(path) - n, "/TS");
	paper_open(&p, l);
	paper_update(&p);
	ts = paper_put_stream(&p, 0, "", token.p, token.len);
	paper_set(&p, path, "%u 0 R", ts);
	paper_update_end(&p);
	paper_close(&p);
}

static void
test_vri_stamp(void **state)
{
	static const uint8_t junk[] = {0x30, 0x02, 0x05, 0x00};
	struct der value;
	struct letter l;
	struct report *r;

	(void)state;
	(void)unstamped(&l);
	r = judge("no timestamp", &l);
	assert_int_equal(r->sigs[0].ntimestamps, 0);
	report_free(r);
	letter_clear(&l);
	value = unstamped(&l);
	put_ts(&l, stamp_over(value));
	r = judge("a timestamp under /VRI", &l);
	assert_int_equal(r->sigs[0].ntimestamps, 1);
	assert_int_equal(r->sigs[0].timestamps[0].time, FORGE_SIGNED + 3);
	assert_int_equal(r->conclusion, CONCLUSION_VALID);
	report_free(r);
	letter_clear(&l);
	(void)unstamped(&l);
	put_ts(&l, stamp_over(ASN_NONE));
	r = judge("somebody else's timestamp under /VRI", &l);
	assert_int_equal(r->sigs[0].ntimestamps, 0);
	report_free(r);
	letter_clear(&l);
	(void)unstamped(&l);
	put_ts(&l, (struct der){junk, sizeof(junk)});
	r = judge("no timestamp at all under /VRI", &l);
	assert_int_equal(r->sigs[0].ntimestamps, 0);
	report_free(r);
	letter_clear(&l);
}

/* --- timestamps --- */

/* One over the content may use another digest than the signature. */
static void
test_content_stamp(void **state)
{
	struct token t;
	struct letter l;
	struct report *r;

	(void)state;
	forge_token(&forge, &t, FORGE_SIGNED - 60);
	t.digest = "SHA512";
	letter_init(&l, forge.m, LETTER_CLASSIC, &forge_text, 0);
	forge_message_sign(&forge, &l, &(struct envelope){.content_stamp = &t}, NULL, true);
	r = judge("a content timestamp with SHA-512", &l);
	assert_int_equal(r->conclusion, CONCLUSION_VALID);
	report_free(r);
	letter_clear(&l);
}

/* What was not read might have said something: so it is told. */
static void
test_many_stamps(void **state)
{
	struct token t;
	struct letter l;
	struct report *r;
	struct der one, all;
	struct buf b;
	unsigned i;

	(void)state;
	buf_init(&b, 1u << 20);
	for (i = 0; i < CAP_TIMESTAMPS + 1; i++) {
		forge_token(&forge, &t, FORGE_SIGNED);
		t.imprint = maker_digest(forge.m, "SHA256", (struct der){(const uint8_t *)"x", 1});
		one = token_make(forge.m, &t);
		buf_put(&b, one.p, one.len);
	}
	assert_int_equal(buf_rc(&b), RC_OK);
	all = maker_copy(forge.m, b.p, b.len);
	buf_clear(&b);
	{
		const struct pki_cert *certs[] = {
		    &forge.agency.root, &forge.agency.ca, &forge.signer};
		struct envelope e = {
		    .signer = &forge.signer, .certs = certs, .ncerts = 3, .raw_stamp = all};
		struct letter_sign sign = {.field = "TandaTangan1",
		    .at = FORGE_SIGNED,
		    .envelope = &e,
		    .hole = all.len + 16384};

		letter_init(&l, forge.m, LETTER_CLASSIC, &forge_text, 0);
		letter_sign(&l, &sign);
	}
	r = judge("a timestamp too many", &l);
	assert_int_equal(r->conclusion, CONCLUSION_INDETERMINATE);
	assert_true(because(r, CHECK_LIMIT));
	assert_int_equal(r->sigs[0].ntimestamps, 0); /* nor is anything else of it */
	report_free(r);
	letter_clear(&l);
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
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_mapped),
	    cmocka_unit_test(test_rsa_sha1),
	    cmocka_unit_test(test_vri_stamp),
	    cmocka_unit_test(test_content_stamp),
	    cmocka_unit_test(test_many_stamps),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, setup, teardown);
}
