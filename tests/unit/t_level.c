/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Levels, what each lacks for the next, and LTV: letters built part by part. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "forge.h"
#include "when.h"

#define nitems(a) (sizeof(a) / sizeof((a)[0]))
#define SIGNED    FORGE_SIGNED

/*
 * A letter in parts, from left to right:
 *
 *   s  signature        S  the same with a signature timestamp
 *   p  PKCS #7 signature P  with a signature timestamp
 *   k  with evidence in its own message: s or p follows at once
 *   x  with a timestamp over something else: s follows at once
 *   o  the signer's certificate was over two days before: S or s follows at once
 *   n  with the signer's certificate alone: S or s follows at once
 *   z  with no certificate at all: s or p follows at once
 *   e  evidence about the signer and its CA, into the DSS
 *   t  evidence about the timestamp authority only
 *   w  the certificates without any revocation data
 *   r  revocation data without certificates
 *   m  what is in the message that came with k, again
 *   d  document timestamp
 *   f  one whose /Type says signature
 *   a  document timestamp of the authority whose certificate asks for revocation data
 */
struct level_case {
	const char *parts;
	enum level level;
	enum check missing; /* the first thing; CHECK__NONE: nothing */
	enum check ltv;     /* the first thing that LTV lacks; CHECK__NONE: it is supported */
};

static const struct level_case cases[] = {
    {"s", LEVEL_PADES_B, CHECK_LEVEL_TIMESTAMP, CHECK_LEVEL_TIMESTAMP},
    {"S", LEVEL_PADES_T, CHECK_LEVEL_DSS, CHECK_LEVEL_REVOCATION},
    {"sd", LEVEL_PADES_T, CHECK_LEVEL_DSS, CHECK_LEVEL_REVOCATION},
    {"Se", LEVEL_PADES_LT, CHECK_LEVEL_ARCHIVE, CHECK__NONE},
    {"Sed", LEVEL_PADES_LTA, CHECK__NONE, CHECK__NONE},
    {"Sde", LEVEL_PADES_LT, CHECK_LEVEL_ARCHIVE, CHECK__NONE},
    {"sed", LEVEL_PADES_LTA, CHECK__NONE, CHECK__NONE},
    {"se", LEVEL_PADES_B, CHECK_LEVEL_TIMESTAMP, CHECK_LEVEL_TIMESTAMP},
    {"Sw", LEVEL_PADES_T, CHECK_LEVEL_REVOCATION, CHECK_LEVEL_REVOCATION},
    {"Swd", LEVEL_PADES_T, CHECK_LEVEL_REVOCATION, CHECK_LEVEL_REVOCATION},
    /* what the archive timestamp covers came too late */
    {"Swde", LEVEL_PADES_LT, CHECK_LEVEL_ARCHIVE, CHECK__NONE},
    {"Swded", LEVEL_PADES_LTA, CHECK__NONE, CHECK__NONE},
    /* evidence in the message: a PAdES one has it in the DSS, a PKCS #7 one in itself */
    {"ksdw", LEVEL_PADES_T, CHECK_LEVEL_REVOCATION, CHECK__NONE},
    {"ksdm", LEVEL_PADES_LT, CHECK_LEVEL_ARCHIVE, CHECK__NONE},
    {"kpdw", LEVEL_PKCS7_LT, CHECK_LEVEL_ARCHIVE, CHECK__NONE},
    {"kpwd", LEVEL_PKCS7_LTA, CHECK__NONE, CHECK__NONE},
    {"p", LEVEL_PKCS7_B, CHECK_LEVEL_TIMESTAMP, CHECK_LEVEL_TIMESTAMP},
    {"P", LEVEL_PKCS7_T, CHECK_LEVEL_DSS, CHECK_LEVEL_REVOCATION},
    {"Pe", LEVEL_PKCS7_LT, CHECK_LEVEL_ARCHIVE, CHECK__NONE},
    {"Ped", LEVEL_PKCS7_LTA, CHECK__NONE, CHECK__NONE},
    /* a timestamp over something else is none */
    {"xs", LEVEL_PADES_B, CHECK_LEVEL_TIMESTAMP, CHECK_LEVEL_TIMESTAMP},
    {"xsed", LEVEL_PADES_LTA, CHECK__NONE, CHECK__NONE},
    /* after the certificate's end: a signature timestamp does not count, a document's does */
    {"oSe", LEVEL_PADES_B, CHECK_LEVEL_TIMESTAMP, CHECK_LEVEL_TIMESTAMP},
    {"osed", LEVEL_PADES_LTA, CHECK__NONE, CHECK_LEVEL_TIMESTAMP},
    /* what calls itself a signature is no document timestamp, though it proves a time */
    {"sef", LEVEL_PADES_B, CHECK_LEVEL_TIMESTAMP, CHECK__NONE},
    {"Sef", LEVEL_PADES_LT, CHECK_LEVEL_ARCHIVE, CHECK__NONE},
    /* the only proof of time needs evidence about its authority, the archive's does not */
    {"sea", LEVEL_PADES_T, CHECK_LEVEL_TIMESTAMP_REVOCATION, CHECK__NONE},
    {"seat", LEVEL_PADES_LT, CHECK_LEVEL_ARCHIVE, CHECK__NONE},
    {"seta", LEVEL_PADES_LTA, CHECK__NONE, CHECK__NONE},
    {"Sea", LEVEL_PADES_LTA, CHECK__NONE, CHECK__NONE},
    {"Seaa", LEVEL_PADES_T, CHECK_LEVEL_TIMESTAMP_REVOCATION, CHECK__NONE},
    {"Seata", LEVEL_PADES_LTA, CHECK__NONE, CHECK__NONE},
    {"seded", LEVEL_PADES_LTA, CHECK__NONE, CHECK__NONE},
    /* later evidence does not count, and does not matter */
    {"Sede", LEVEL_PADES_LTA, CHECK__NONE, CHECK__NONE},
    {"Saedt", LEVEL_PADES_LT, CHECK_LEVEL_ARCHIVE, CHECK__NONE},
    {"Saetde", LEVEL_PADES_LTA, CHECK__NONE, CHECK__NONE},
    /* certificates that are not in the file */
    {"nSr", LEVEL_PADES_T, CHECK_LEVEL_CHAIN, CHECK_LEVEL_CHAIN},
    {"nSe", LEVEL_PADES_LT, CHECK_LEVEL_ARCHIVE, CHECK__NONE},
    {"zp", LEVEL_NONE, CHECK_LEVEL_CERTIFICATE, CHECK_LEVEL_CERTIFICATE},
    {"zs", LEVEL_NONE, CHECK_LEVEL_CERTIFICATE, CHECK_LEVEL_CERTIFICATE},
};

static struct forge forge;
static struct pki_cert asking; /* a timestamp authority without no-check, below a CA of its own */
static struct pki_cert asking_ca;
static struct pki_cert over; /* a signer whose certificate ended before it was stamped */

struct builder {
	struct letter l;
	int64_t at; /* of what comes next */
	const struct pki_cert *signer;
	bool own_evidence, stray_stamp;
	size_t left_out;             /* certificates that the message does not enclose */
	struct letter_evidence mine; /* what it encloses */
	unsigned fields;
};

static struct der
crl(int64_t at)
{
	const struct proof_list list = {.issuer = &asking_ca,
	    .number = (uint64_t)at,
	    .this_update = at,
	    .next_update = at + 300 * FORGE_DAY};

	return proof_crl(forge.m, &list);
}

static struct der
stray(int64_t at)
{
	const struct pki_cert *certs[] = {&forge.agency.tsa, &forge.agency.root};
	const struct token t = {.authority = &forge.agency.tsa,
	    .certs = certs,
	    .ncerts = 2,
	    .gen_time = at,
	    .serial = 5,
	    .imprint = maker_digest(forge.m, "SHA256", (struct der){(const uint8_t *)"x", 1})};

	return token_make(forge.m, &t);
}

static void
put_signature(struct builder *b, const char *sub_filter, bool stamped)
{
	const struct pki_cert *certs[] = {b->signer, &forge.agency.root, &forge.agency.ca};
	const struct agency_order order = {.signer = b->signer};
	struct token stamp;
	struct envelope e = {.signer = b->signer, .certs = certs, .ncerts = 3 - b->left_out};
	char field[32];
	struct letter_sign sign = {
	    .field = field, .sub_filter = sub_filter, .at = b->at, .envelope = &e};

	snprintf(field, sizeof(field), "Kolom%u", ++b->fields);
	forge_token(&forge, &stamp, b->at);
	if (stamped)
		e.stamp = &stamp;
	if (b->stray_stamp)
		e.raw_stamp = stray(b->at + 3);
	if (b->own_evidence) {
		agency_evidence(&forge.agency, &order, b->at, &b->mine);
		e.ocsp = b->mine.ocsps[0];
		e.crl = b->mine.crls[0];
	}
	letter_sign(&b->l, &sign);
}

static void
put_evidence(struct builder *b, char part)
{
	const struct agency_order order = {.signer = b->signer};
	struct letter_evidence ev;

	agency_evidence(&forge.agency, &order, b->at, &ev);
	if (part == 'm')
		ev = b->mine;
	if (part == 'r')
		ev.ncerts = 0;
	if (part == 'w')
		ev.nocsps = ev.ncrls = 0;
	if (part == 't') {
		ev.ncerts = ev.nocsps = 0;
		ev.crls[0] = crl(b->at);
	}
	letter_dss(&b->l, &ev);
}

static void
put_stamp(struct builder *b, char part)
{
	const struct pki_cert *authority = part == 'a' ? &asking : &forge.agency.tsa;
	const struct pki_cert *certs[] = {authority, &forge.agency.root, &asking_ca};
	struct token token = {.authority = authority,
	    .certs = certs,
	    .ncerts = 3,
	    .gen_time = b->at,
	    .serial = 100 + b->fields};
	char field[32];
	struct letter_sign sign = {.field = field, .at = WHEN_NONE, .hole = 8192, .token = &token};
	struct buf dict;

	snprintf(field, sizeof(field), "Kolom%u", ++b->fields);
	buf_init(&dict, 1u << 16);
	if (part == 'f') {
		buf_str(&dict,
		    "<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.RFC3161\n" LETTER_RANGE
		    "\n");
		letter_contents(&dict, 8192);
		buf_str(&dict, " >>");
		sign.dictionary = buf_text(&dict);
	}
	letter_sign(&b->l, &sign);
	buf_clear(&dict);
}

static void
build(struct builder *b, const char *parts)
{
	memset(b, 0, sizeof(*b));
	b->at = SIGNED;
	b->signer = &forge.signer;
	letter_init(&b->l, forge.m, LETTER_CLASSIC, &forge_text, 0);
	for (; *parts != '\0'; parts++) {
		switch (*parts) {
		case 'k':
			b->own_evidence = true;
			continue;
		case 'x':
			b->stray_stamp = true;
			continue;
		case 'o':
			b->signer = &over;
			continue;
		case 'n':
			b->left_out = 2;
			continue;
		case 'z':
			b->left_out = 3;
			continue;
		case 's':
		case 'S':
			put_signature(b, NULL, *parts == 'S');
			break;
		case 'p':
		case 'P':
			put_signature(b, "adbe.pkcs7.detached", *parts == 'P');
			break;
		case 'd':
		case 'f':
		case 'a':
			put_stamp(b, *parts);
			break;
		default:
			put_evidence(b, *parts);
			break;
		}
		b->at += 60;
	}
	assert_int_equal(letter_rc(&b->l), RC_OK);
}

static const char *
name_of(enum check c)
{
	return c == CHECK__NONE ? "-" : check_name(c);
}

static void
test_cases(void **state)
{
	enum check missing, ltv;
	struct report_sig *s;
	struct builder b;
	struct report *r;
	size_t i;

	(void)state;
	for (i = 0; i < nitems(cases); i++) {
		build(&b, cases[i].parts);
		r = forge_verify(forge.trust, b.l.out.p, b.l.out.len, "nasional", FORGE_AT);
		s = &r->sigs[0];
		missing = s->nlevel_missing > 0 ? s->level_missing[0] : CHECK__NONE;
		ltv = s->nltv_missing > 0 ? s->ltv_missing[0] : CHECK__NONE;
		if (s->level != cases[i].level || missing != cases[i].missing ||
		    ltv != cases[i].ltv || s->ltv != (ltv == CHECK__NONE))
			fail_msg("%s: %s without %s, LTV without %s; not %s, %s, %s",
			    cases[i].parts, level_name(s->level), name_of(missing), name_of(ltv),
			    level_name(cases[i].level), name_of(cases[i].missing),
			    name_of(cases[i].ltv));
		report_free(r);
		letter_clear(&b.l);
	}
}

/* Of the nasional policy, LTV without the authority's revocation data; not of strict. */
static void
test_policy(void **state)
{
	struct builder b;
	struct report *r;

	(void)state;
	build(&b, "sea");
	r = forge_verify(forge.trust, b.l.out.p, b.l.out.len, "nasional", FORGE_AT);
	assert_true(r->sigs[0].ltv);
	report_free(r);
	r = forge_verify(forge.trust, b.l.out.p, b.l.out.len, "strict", FORGE_AT);
	assert_false(r->sigs[0].ltv);
	assert_int_equal(r->sigs[0].ltv_missing[0], CHECK_LEVEL_TIMESTAMP_REVOCATION);
	assert_int_equal(r->sigs[0].level, LEVEL_PADES_T);
	report_free(r);
	letter_clear(&b.l);
}

static int
setup(void **state)
{
	struct pki_spec spec = {.subject = {"ID", "Balai Contoh", "Stempel Lain Contoh", NULL},
	    .serial = 0x7001,
	    .from = FORGE_AT - 365 * FORGE_DAY,
	    .until = FORGE_AT + 365 * FORGE_DAY,
	    .path_len = -1,
	    .key_usage = PKI_DIGITAL_SIGNATURE,
	    .eku = PKI_EKU_TIMESTAMPING,
	    .eku_critical = true};
	struct pki_spec ca = {.subject = {"ID", "Balai Contoh", "CA Stempel Contoh", NULL},
	    .serial = 0x7002,
	    .from = FORGE_AT - 365 * FORGE_DAY,
	    .until = FORGE_AT + 365 * FORGE_DAY,
	    .ca = true,
	    .path_len = 0,
	    .key_usage = PKI_CERT_SIGN | PKI_CRL_SIGN};

	(void)state;
	if (!forge_open(&forge))
		return -1;
	ca.key = maker_key(forge.m, MAKER_P256);
	ca.issuer = &forge.agency.root;
	pki_issue(forge.m, &ca, &asking_ca);
	spec.key = maker_key(forge.m, MAKER_P256);
	spec.issuer = &asking_ca;
	pki_issue(forge.m, &spec, &asking);
	agency_admit(&forge.agency, &over, maker_key(forge.m, MAKER_P256), "Budi Santoso Contoh",
	    SIGNED - 300 * FORGE_DAY, SIGNED - 2 * FORGE_DAY);
	return maker_rc(forge.m) == RC_OK ? 0 : -1;
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
	    cmocka_unit_test(test_cases), cmocka_unit_test(test_policy)};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, setup, teardown);
}
