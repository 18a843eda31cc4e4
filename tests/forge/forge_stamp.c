/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Timestamps of letters whose signer's certificate is over, so that they decide. */
#include <string.h>

#include "forge.h"
#include "when.h"

#define DAY  FORGE_DAY
#define YEAR (365 * DAY)

static void
stamped(struct forge *f, struct letter *l, const struct token *t, struct der raw)
{
	const struct pki_cert *certs[] = {&f->agency.root, &f->agency.ca, &f->expired};
	struct envelope e = {
	    .signer = &f->expired, .certs = certs, .ncerts = 3, .stamp = t, .raw_stamp = raw};
	struct letter_sign sign = {
	    .field = "TandaTangan1", .at = FORGE_SIGNED_EARLIER, .envelope = &e};
	struct letter_evidence ev;

	letter_init(l, f->m, LETTER_CLASSIC, &forge_text, 0);
	letter_sign(l, &sign);
	forge_evidence(f, &f->expired, FORGE_SIGNED_EARLIER + 4, &ev);
	ev.certs[ev.ncerts++] = t->authority->der;
	letter_dss(l, &ev);
}

static void
stamp_good(struct forge *f, struct letter *l, const char *arg)
{
	struct token t;

	forge_token(f, &t, FORGE_SIGNED_EARLIER);
	t.digest = arg;
	stamped(f, l, &t, ASN_NONE);
}

static void
stamp_of_other_data(struct forge *f, struct letter *l, const char *arg)
{
	struct token t;

	forge_token(f, &t, FORGE_SIGNED_EARLIER);
	t.imprint = maker_digest(f->m, "SHA256", (struct der){(const uint8_t *)arg, strlen(arg)});
	stamped(f, l, &t, ASN_NONE);
}

static void
stamp_ess(struct forge *f, struct letter *l, const char *arg)
{
	struct token t;

	forge_token(f, &t, FORGE_SIGNED_EARLIER);
	if (arg[0] == 'n')
		t.ess = ENVELOPE_ESS_NONE;
	else
		t.ess_cert = &f->other;
	stamped(f, l, &t, ASN_NONE);
}

static void
stamp_of_look_alike(struct forge *f, struct letter *l, const char *arg)
{
	const struct pki_cert *certs[] = {&f->evil.tsa, &f->evil.root};
	struct token t;

	(void)arg;
	forge_token(f, &t, FORGE_SIGNED_EARLIER);
	t.authority = &f->evil.tsa;
	t.certs = certs;
	stamped(f, l, &t, ASN_NONE);
}

/* The root revoked the timestamp authority before it stamped. */
static void
stamp_revoked(struct forge *f, struct letter *l, const char *arg)
{
	struct proof_list list = {.issuer = &f->agency.root,
	    .number = 14,
	    .this_update = FORGE_SIGNED_EARLIER,
	    .next_update = FORGE_AT + YEAR,
	    .revoked = &f->agency.tsa,
	    .revoked_at = FORGE_SIGNED_EARLIER - DAY};
	struct letter_evidence ev;

	(void)arg;
	forge_order(&f->agency, l,
	    &(struct agency_order){
		.signer = &f->expired, .level = AGENCY_T, .at = FORGE_SIGNED_EARLIER});
	forge_evidence(f, &f->expired, FORGE_SIGNED_EARLIER + 4, &ev);
	ev.crls[0] = proof_crl(f->m, &list);
	letter_dss(l, &ev);
}

/* An authority under the true root whose certificate is not one for timestamps. */
static void
stamp_usage(struct forge *f, struct letter *l, const char *arg)
{
	struct pki_cert tsa;
	struct pki_spec spec = {
	    .subject = {"ID", "Balai Contoh Sertifikasi", "Timestamp Authority Contoh 2", NULL},
	    .key = f->other.key,
	    .issuer = &f->agency.root,
	    .serial = f->agency.serial++,
	    .from = FORGE_AT - 2 * YEAR,
	    .until = FORGE_AT + YEAR,
	    .path_len = -1,
	    .key_usage = PKI_DIGITAL_SIGNATURE,
	    .eku = arg[0] == 'e' ? PKI_EKU_ADOBE : PKI_EKU_TIMESTAMPING,
	    .eku2 = arg[0] == '2' ? PKI_EKU_ADOBE : NULL,
	    .eku_critical = arg[0] != 'c',
	    .ocsp_nocheck = true,
	};
	const struct pki_cert *certs[] = {&tsa, &f->agency.root};
	struct token t;

	if (arg[0] == 'k')
		spec.key_usage = PKI_CERT_SIGN;
	if (arg[0] == 'x')
		spec.until = FORGE_SIGNED_EARLIER - DAY;
	pki_issue(f->m, &spec, &tsa);
	forge_token(f, &t, FORGE_SIGNED_EARLIER);
	t.authority = &tsa;
	t.certs = certs;
	stamped(f, l, &t, ASN_NONE);
}

static void
stamp_future(struct forge *f, struct letter *l, const char *arg)
{
	struct token t;

	(void)arg;
	forge_token(f, &t, FORGE_AT + DAY);
	stamped(f, l, &t, ASN_NONE);
}

/* A content timestamp is older than the signature, and that is older than its timestamp. */
static void
stamp_order(struct forge *f, struct letter *l, const char *arg)
{
	struct token content, stamp;
	struct envelope e = {.content_stamp = &content, .stamp = &stamp};

	forge_token(f, &content, FORGE_SIGNED + (arg[0] == 'l' ? DAY : -DAY));
	forge_token(f, &stamp, FORGE_SIGNED);
	content.accuracy = stamp.accuracy = 1;
	letter_init(l, f->m, LETTER_CLASSIC, &forge_text, 0);
	forge_message_sign(f, l, &e, NULL, true);
}

/*
 * A content timestamp shows that the signature is younger than the revocation,
 * or than the end of the certificate (Basic: FAILED).
 */
static void
content_stamp(struct forge *f, struct letter *l, const char *arg)
{
	const struct pki_cert *c = arg[0] == 'x' ? &f->expired : &f->signer;
	const struct agency_order o = {
	    .signer = c, .revoked_at = arg[0] == 'r' ? FORGE_SIGNED - DAY : 0};
	const struct pki_cert *certs[] = {&f->agency.root, &f->agency.ca, c};
	struct token content;
	struct envelope e = {.signer = c, .certs = certs, .ncerts = 3, .content_stamp = &content};
	struct letter_sign sign = {.field = "TandaTangan1", .at = FORGE_SIGNED, .envelope = &e};
	struct letter_evidence ev;

	forge_token(f, &content, FORGE_SIGNED - 60);
	letter_init(l, f->m, LETTER_CLASSIC, &forge_text, 0);
	letter_sign(l, &sign);
	agency_evidence(&f->agency, &o, arg[0] == 'x' ? FORGE_SIGNED_EARLIER : FORGE_SIGNED, &ev);
	letter_dss(l, &ev);
}

/* The archive timestamp is certainly older than the signature's own. */
static void
archive_order(struct forge *f, struct letter *l, const char *arg)
{
	struct letter_sign stamp = {.field = "StempelWaktu", .hole = 8192, .at = WHEN_NONE};
	struct token t;

	forge_base(f, l);
	forge_token(f, &t, FORGE_SIGNED + (arg[0] == 'e' ? -DAY : DAY));
	stamp.token = &t;
	letter_sign(l, &stamp);
}

/* A server's certificate that was revoked after it "signed". */
static void
server_revoked_later(struct forge *f, struct letter *l, const char *arg)
{
	struct pki_cert c;
	struct letter_evidence ev;
	struct proof_answer a = forge_answer(f);
	struct pki_spec spec = {
	    .subject = {"ID", "Dinas Contoh", "contoh.example", NULL},
	    .key = f->other.key,
	    .issuer = &f->agency.ca,
	    .serial = f->agency.serial++,
	    .from = FORGE_AT - YEAR,
	    .until = FORGE_AT + YEAR,
	    .path_len = -1,
	    .key_usage = PKI_DIGITAL_SIGNATURE,
	    .eku = arg,
	};

	pki_issue(f->m, &spec, &c);
	letter_init(l, f->m, LETTER_CLASSIC, &forge_text, 0);
	forge_message_sign(f, l, &(struct envelope){.signer = &c}, NULL, false);
	forge_evidence(f, &c, FORGE_SIGNED + 4, &ev);
	a.subject = &c;
	a.status = PROOF_REVOKED;
	a.produced = a.this_update = FORGE_AT - DAY / 2;
	a.revoked_at = FORGE_SIGNED + DAY;
	ev.ocsps[0] = proof_ocsp(f->m, &a);
	letter_dss(l, &ev);
}

/* Revoked after signing, and no reference to the signing certificate. */
static void
no_ess_revoked_later(struct forge *f, struct letter *l, const char *arg)
{
	struct letter_evidence ev;
	struct proof_answer a = forge_answer(f);

	(void)arg;
	letter_init(l, f->m, LETTER_CLASSIC, &forge_text, 0);
	forge_message_sign(f, l, &(struct envelope){.ess = ENVELOPE_ESS_NONE}, NULL, false);
	forge_evidence(f, &f->signer, FORGE_SIGNED + 4, &ev);
	a.status = PROOF_REVOKED;
	a.produced = a.this_update = FORGE_AT - DAY / 2;
	a.revoked_at = FORGE_SIGNED + DAY;
	ev.ocsps[0] = proof_ocsp(f->m, &a);
	letter_dss(l, &ev);
}

static void
stamp_garbage(struct forge *f, struct letter *l, const char *arg)
{
	struct token t;

	forge_token(f, &t, FORGE_SIGNED_EARLIER);
	stamped(f, l, &t, asn_octets(f->m, (struct der){(const uint8_t *)arg, strlen(arg)}));
}

/* A document timestamp over the unsigned letter proves nothing about a later signature. */
static void
document_stamp_before(struct forge *f, struct letter *l, const char *arg)
{
	struct letter_sign stamp = {.field = "StempelWaktu", .hole = 8192, .at = WHEN_NONE};
	struct letter_evidence ev;
	struct token t;

	(void)arg;
	forge_token(f, &t, FORGE_SIGNED_EARLIER);
	stamp.token = &t;
	letter_init(l, f->m, LETTER_CLASSIC, &forge_text, 0);
	letter_sign(l, &stamp);
	agency_sign(&f->agency, l,
	    &(struct agency_order){.signer = &f->expired, .at = FORGE_SIGNED_EARLIER});
	forge_evidence(f, &f->expired, FORGE_SIGNED_EARLIER + 4, &ev);
	letter_dss(l, &ev);
}

#define BAD  CONCLUSION_INVALID
#define OPEN CONCLUSION_INDETERMINATE
#define ANY  CONCLUSION__MAX
#define GOOD CONCLUSION_VALID

const struct forge_case forge_stamp[] = {
    {"server's certificate, revoked after signing", server_revoked_later, "1.3.6.1.5.5.7.3.1", OPEN,
	SUB_CHAIN_CONSTRAINTS_FAILURE, CHECK_KEY_USAGE, 0, 0},
    {"no reference, revoked after signing", no_ess_revoked_later, NULL, OPEN,
	SUB_SIG_CONSTRAINTS_FAILURE, CHECK_SIGNING_CERTIFICATE_REFERENCE, 0, 0},
    {"content timestamp after the revocation", content_stamp, "r", BAD, SUB_REVOKED,
	CHECK_REVOCATION, 0, 0},
    {"content timestamp after the certificate's end", content_stamp, "x", BAD, SUB_EXPIRED,
	CHECK_CERTIFICATE_PERIOD, 0, 0},
    {"content timestamp, all good", content_stamp, "g", GOOD, SUB_NONE, CHECK__NONE, 0, 0},
    {"archive timestamp before the signature's", archive_order, "e", OPEN,
	SUB_TIMESTAMP_ORDER_FAILURE, CHECK_TIMESTAMP_ORDER, 0, 0},
    {"archive timestamp after the signature's", archive_order, "l", GOOD, SUB_NONE, CHECK__NONE, 0,
	0},
    {"timestamp, SHA-256", stamp_good, "SHA256", GOOD, SUB_NONE, CHECK__NONE, 0, 0},
    {"timestamp, SHA-512", stamp_good, "SHA512", GOOD, SUB_NONE, CHECK__NONE, 0, 0},
    {"timestamp of other data", stamp_of_other_data, "isi lain", OPEN, SUB__MAX,
	CHECK_TIMESTAMP_IMPRINT, 0, 0},
    {"timestamp without signing-certificate", stamp_ess, "n", OPEN, SUB__MAX, CHECK__NONE, 0, 0},
    {"timestamp naming another certificate", stamp_ess, "o", OPEN, SUB__MAX, CHECK__NONE, 0, 0},
    {"timestamp of a look-alike", stamp_of_look_alike, NULL, OPEN, SUB__MAX, CHECK__NONE, 0, 0},
    {"timestamp of a revoked authority", stamp_revoked, NULL, OPEN, SUB__MAX, CHECK__NONE, 0, 0},
    {"authority: purpose not critical", stamp_usage, "c", OPEN, SUB__MAX, CHECK_TIMESTAMP_USAGE, 0,
	0},
    {"authority: two purposes", stamp_usage, "2", OPEN, SUB__MAX, CHECK_TIMESTAMP_USAGE, 0, 0},
    {"authority: another purpose", stamp_usage, "e", OPEN, SUB__MAX, CHECK_TIMESTAMP_USAGE, 0, 0},
    {"authority: key for certificates", stamp_usage, "k", OPEN, SUB__MAX, CHECK_TIMESTAMP_USAGE, 0,
	0},
    {"authority: over before it stamped", stamp_usage, "x", OPEN, SUB__MAX, CHECK__NONE, 0, 0},
    {"authority: as it should be", stamp_usage, "g", GOOD, SUB_NONE, CHECK__NONE, 0, 0},
    {"timestamp of the future", stamp_future, NULL, OPEN, SUB__MAX, CHECK_TIMESTAMP_FUTURE, 0, 0},
    {"content timestamp before the signature", stamp_order, "e", GOOD, SUB_NONE, CHECK__NONE, 0, 0},
    {"content timestamp after the signature", stamp_order, "l", OPEN, SUB_TIMESTAMP_ORDER_FAILURE,
	CHECK_TIMESTAMP_ORDER, 0, 0},
    {"timestamp is garbage", stamp_garbage, "isi lain", OPEN, SUB__MAX, CHECK__NONE, 0, 0},
    {"document timestamp before signing", document_stamp_before, NULL, OPEN, SUB__MAX, CHECK__NONE,
	0, 0},
    {.name = NULL},
};
