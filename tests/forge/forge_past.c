/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Letters whose verdict hangs on time: signed by somebody whose certificate is
 * long over, stamped by authorities that are over too, archived again and
 * again, as the standard asks: what is known of an authority after the next
 * timestamp was made goes into the file behind that.
 */
#include <stdio.h>
#include <string.h>

#include "cms.h"
#include "forge_past.h"
#include "when.h"

#define DAY  FORGE_DAY
#define YEAR (365 * DAY)

/* --- one letter for each pair --- */

static void
message(struct forge *f, struct letter *l, const struct envelope *e)
{
	letter_init(l, f->m, LETTER_CLASSIC, &forge_text, 0);
	forge_message_sign(f, l, e, NULL, true);
}

static struct der
text_span(const char *s)
{
	return (struct der){(const uint8_t *)s, strlen(s)};
}

static void
good(struct forge *f, struct letter *l, const char *arg)
{
	(void)arg;
	message(f, l, &(struct envelope){.signer = NULL});
}

static void
other_type(struct forge *f, struct letter *l, const char *arg)
{
	message(f, l, &(struct envelope){.content_type_attr = arg});
}

static void
other_digest(struct forge *f, struct letter *l, const char *arg)
{
	message(f, l, &(struct envelope){.md_attr = maker_digest(f->m, "SHA256", text_span(arg))});
}

/* An algorithm that is not the one used, or that nobody knows. */
static void
algorithm(struct forge *f, struct letter *l, const char *arg)
{
	message(f, l, &(struct envelope){.algorithm = ASN_SEQ(f->m, asn_oid(f->m, arg))});
}

static void
digest(struct forge *f, struct letter *l, const char *arg)
{
	message(f, l, &(struct envelope){.digest = arg});
}

/* A key too short since long; arg: c with a content timestamp that is younger; - without. */
static void
short_key(struct forge *f, struct letter *l, const char *arg)
{
	EVP_PKEY *key = EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-192");
	struct envelope e = {.signer = NULL};
	struct token content;
	struct pki_cert c;

	if (key == NULL) {
		maker_fail(f->m, RC_CRYPTO);
		return;
	}
	agency_admit(
	    &f->agency, &c, key, "Siti Rahmawati Contoh", FORGE_AT - YEAR, FORGE_AT + YEAR);
	forge_token(f, &content, FORGE_SIGNED - 60);
	e.signer = &c;
	if (arg[0] == 'c')
		e.content_stamp = &content;
	message(f, l, &e);
	EVP_PKEY_free(key);
}

static void
no_reference(struct forge *f, struct letter *l, const char *arg)
{
	(void)arg;
	message(f, l, &(struct envelope){.ess = ENVELOPE_ESS_NONE});
}

static void
other_reference(struct forge *f, struct letter *l, const char *arg)
{
	(void)arg;
	message(f, l, &(struct envelope){.ess_cert = &f->other});
}

static void
content_later(struct forge *f, struct letter *l, const char *arg)
{
	struct token content;

	(void)arg;
	forge_token(f, &content, FORGE_SIGNED + DAY);
	message(f, l, &(struct envelope){.content_stamp = &content});
}

/* The timestamp names its authority: t truly, o another. */
static void
named_stamp(struct forge *f, struct letter *l, const char *arg)
{
	struct token t;

	forge_token(f, &t, FORGE_SIGNED);
	t.named = arg[0] == 't' ? &f->agency.tsa : &f->other;
	message(f, l, &(struct envelope){.stamp = &t});
}

/* A token of the signature's own, made tomorrow: s its timestamp, c its content timestamp. */
static void
of_the_future(struct forge *f, struct letter *l, const char *arg)
{
	struct token t;
	struct envelope e = {.signer = NULL};

	forge_token(f, &t, FORGE_AT + DAY);
	if (arg[0] == 's')
		e.stamp = &t;
	else
		e.content_stamp = &t;
	message(f, l, &e);
}

/* The timestamp is older than its authority's certificate: it counts for nothing. */
static void
before_authority(struct forge *f, struct letter *l, const char *arg)
{
	struct token t;

	(void)arg;
	forge_token(f, &t, FORGE_AT - 3 * YEAR);
	message(f, l, &(struct envelope){.stamp = &t});
}

/* The content's timestamp is younger than a document timestamp over the signature. */
static void
content_after_archive(struct forge *f, struct letter *l, const char *arg)
{
	const struct pki_cert *certs[] = {&f->agency.root, &f->agency.ca, &f->signer};
	struct letter_sign stamp = {.field = "Stempel1", .hole = 8192, .at = WHEN_NONE};
	struct token content, t;
	struct envelope e = {
	    .signer = &f->signer, .certs = certs, .ncerts = 3, .content_stamp = &content};
	struct letter_sign sign = {.field = "TandaTangan1", .at = FORGE_SIGNED, .envelope = &e};
	struct letter_evidence ev;

	(void)arg;
	forge_token(f, &content, FORGE_SIGNED + DAY);
	forge_token(f, &t, FORGE_SIGNED);
	stamp.token = &t;
	letter_init(l, f->m, LETTER_CLASSIC, &forge_text, 0);
	letter_sign(l, &sign);
	forge_evidence(f, &f->signer, FORGE_SIGNED + 4, &ev);
	letter_dss(l, &ev);
	letter_sign(l, &stamp);
}

/* Between the signature's timestamp and one that is older stands one that may be of any time. */
static void
vague_between(struct forge *f, struct letter *l, const char *arg)
{
	static const char *const fields[] = {"Stempel1", "Stempel2"};
	struct letter_sign stamp = {.hole = 8192, .at = WHEN_NONE};
	struct token t;
	size_t i;

	letter_init(l, f->m, LETTER_CLASSIC, &forge_text, 0);
	forge_message_sign(f, l, &(struct envelope){.signer = NULL}, NULL, true);
	for (i = 0; i < 2; i++) {
		forge_token(f, &t, FORGE_SIGNED + (arg[0] == 'o' && i == 1 ? -DAY : DAY));
		if (i == 0)
			t.accuracy = 4 * DAY;
		stamp.field = fields[i];
		stamp.token = &t;
		letter_sign(l, &stamp);
	}
}

static struct der
attribute(struct forge *f, const char *oid, struct der value)
{
	return ASN_SEQ(f->m, asn_oid(f->m, oid), ASN_SET(f->m, value));
}

/* arg: n names a policy; z with a hash of zeros; i implies one; h has a short hash; o no OID. */
static void
policy(struct forge *f, struct letter *l, const char *arg)
{
	static const uint8_t zeros[32] = {0};
	struct maker *m = f->m;
	struct der hash = maker_digest(m, "SHA256", text_span("kebijakan contoh")), value;

	if (arg[0] == 'z')
		hash = (struct der){zeros, sizeof(zeros)};
	if (arg[0] == 'h')
		hash.len = 20;
	value = ASN_SEQ(m, arg[0] == 'o' ? asn_int(m, 1) : asn_oid(m, "1.3.6.1.4.1.32473.2"),
	    ASN_SEQ(m, asn_digest_algo(m, "SHA256"), asn_octets(m, hash)));
	if (arg[0] == 'i')
		value = asn_null(m);
	message(f, l,
	    &(struct envelope){.more_signed = attribute(f, "1.2.840.113549.1.9.16.2.15", value)});
}

/* Somebody else's signature over this signature's value says nothing about it. */
static void
countersigned(struct forge *f, struct letter *l, const char *arg)
{
	message(f, l,
	    &(struct envelope){.more_unsigned = attribute(f, "1.2.840.113549.1.9.6",
				   ASN_SEQ(f->m, asn_octets(f->m, text_span(arg))))});
}

static void
sub_filter(struct forge *f, struct letter *l, const char *arg)
{
	letter_init(l, f->m, LETTER_CLASSIC, &forge_text, 0);
	forge_message_sign(f, l, &(struct envelope){.signer = NULL}, arg, true);
}

static void
look_alike(struct forge *f, struct letter *l, const char *arg)
{
	(void)arg;
	message(f, l, &(struct envelope){.signer = &f->impostor});
}

/* An operator may trust somebody directly. */
static void
anchor_signs(struct forge *f, struct letter *l, const char *arg)
{
	const struct pki_cert *certs[] = {&f->agency.root};
	struct envelope e = {.signer = &f->agency.root, .certs = certs, .ncerts = 1};
	struct letter_sign sign = {.field = "TandaTangan1", .at = FORGE_SIGNED, .envelope = &e};

	(void)arg;
	letter_init(l, f->m, LETTER_CLASSIC, &forge_text, 0);
	letter_sign(l, &sign);
}

/* Nobody is asked about a certificate of short term; arg: o it is over, stamped in its life. */
static void
short_term(struct forge *f, struct letter *l, const char *arg)
{
	int64_t at = arg[0] == 'o' ? FORGE_SIGNED_EARLIER : FORGE_SIGNED;
	struct pki_cert c;
	struct pki_spec spec = {
	    .subject = {"ID", "Dinas Contoh", "Siti Rahmawati Contoh", NULL},
	    .key = f->other.key,
	    .issuer = &f->agency.ca,
	    .serial = f->agency.serial++,
	    .from = at - DAY,
	    .until = at + 7 * DAY,
	    .path_len = -1,
	    .key_usage = PKI_NON_REPUDIATION,
	    .short_term = true,
	};
	const struct pki_cert *certs[] = {&f->agency.root, &f->agency.ca, &c};
	struct envelope e = {.signer = &c, .certs = certs, .ncerts = 3};
	struct letter_sign sign = {.field = "TandaTangan1", .at = at, .envelope = &e};
	struct letter_evidence ev;
	struct token stamp;

	pki_issue(f->m, &spec, &c);
	forge_token(f, &stamp, at);
	e.stamp = &stamp;
	letter_init(l, f->m, LETTER_CLASSIC, &forge_text, 0);
	letter_sign(l, &sign);
	forge_evidence(f, &c, FORGE_SIGNED, &ev);
	ev.nocsps = 0;
	letter_dss(l, &ev);
}

/* s: a server's certificate; i: one issued by a signer; k: one not valid yet. */
static void
wrong_signer(struct forge *f, struct letter *l, const char *arg)
{
	struct pki_cert c;
	struct pki_spec spec = {
	    .subject = {"ID", "Dinas Contoh", "Siti Rahmawati Contoh", NULL},
	    .key = f->other.key,
	    .issuer = arg[0] == 'i' ? &f->signer : &f->agency.ca,
	    .serial = f->agency.serial++,
	    .from = arg[0] == 'k' ? FORGE_AT - DAY : FORGE_AT - YEAR,
	    .until = FORGE_AT + YEAR,
	    .path_len = -1,
	    .key_usage = PKI_NON_REPUDIATION,
	    .eku = arg[0] == 's' ? "1.3.6.1.5.5.7.3.1" : NULL,
	};
	const struct pki_cert *certs[] = {&f->agency.root, &f->agency.ca, &f->signer, &c};

	pki_issue(f->m, &spec, &c);
	message(f, l, &(struct envelope){.signer = &c, .certs = certs, .ncerts = 4});
}

static struct proof_answer
answer(struct forge *f, const struct pki_cert *about, int64_t at)
{
	return (struct proof_answer){.subject = about,
	    .issuer = &f->agency.ca,
	    .responder = &f->agency.responder,
	    .reason = -1,
	    .produced = at,
	    .this_update = at,
	    .next_update = at + YEAR};
}

/* arg: c a content timestamp after that; - none. */
static void
revoked(struct forge *f, struct letter *l, const char *arg)
{
	struct proof_answer a = answer(f, &f->signer, FORGE_SIGNED + DAY);
	struct letter_evidence ev;
	struct envelope e = {.signer = NULL};
	struct token content;

	forge_token(f, &content, FORGE_SIGNED - 60);
	if (arg[0] == 'c')
		e.content_stamp = &content;
	letter_init(l, f->m, LETTER_CLASSIC, &forge_text, 0);
	forge_message_sign(f, l, &e, NULL, false);
	forge_evidence(f, &f->signer, FORGE_SIGNED + 4, &ev);
	a.status = PROOF_REVOKED;
	a.revoked_at = FORGE_SIGNED - DAY;
	ev.ocsps[0] = proof_ocsp(f->m, &a);
	letter_dss(l, &ev);
}

/*
 * Revoked yesterday, but what was stamped before that was signed even before
 * the certificate began (b), or after it had ended (e).
 */
static void
revoked_later(struct forge *f, struct letter *l, const char *arg)
{
	struct pki_cert young;
	const struct pki_cert *c = &f->expired;
	struct letter_evidence ev;
	struct proof_answer a;

	agency_admit(&f->agency, &young, f->signer.key, "Siti Rahmawati Contoh",
	    FORGE_AT - DAY - DAY / 2, FORGE_AT + YEAR);
	if (arg[0] == 'b')
		c = &young;
	letter_init(l, f->m, LETTER_CLASSIC, &forge_text, 0);
	forge_message_sign(f, l, &(struct envelope){.signer = c}, NULL, false);
	forge_evidence(f, c, FORGE_SIGNED + 4, &ev);
	a = answer(f, c, FORGE_AT - DAY / 2);
	a.status = PROOF_REVOKED;
	a.revoked_at = FORGE_AT - DAY;
	ev.ocsps[0] = proof_ocsp(f->m, &a);
	letter_dss(l, &ev);
}

/* The timestamp's authority was revoked since; arg: s superseded; k for its key; b for both. */
static void
authority_revoked(struct forge *f, struct letter *l, const char *arg)
{
	struct proof_list list = {.issuer = &f->agency.root,
	    .number = 14,
	    .this_update = FORGE_AT - DAY,
	    .next_update = FORGE_AT + YEAR,
	    .revoked = &f->agency.tsa,
	    .revoked_at = FORGE_AT - 50 * DAY,
	    .reason = arg[0] == 's' ? 4 : 1};
	struct letter_evidence ev;

	agency_sign(&f->agency, l,
	    &(struct agency_order){
		.signer = &f->expired, .level = AGENCY_T, .at = FORGE_SIGNED_EARLIER});
	forge_evidence(f, &f->expired, FORGE_SIGNED_EARLIER + 4, &ev);
	ev.crls[0] = proof_crl(f->m, &list);
	if (arg[0] == 'b') {
		list.reason = 4;
		list.number++;
		list.this_update += DAY / 2;
		ev.crls[ev.ncrls++] = proof_crl(f->m, &list);
	}
	letter_dss(l, &ev);
}

static void
superseded(struct forge *f, struct letter *l, const char *arg)
{
	letter_init(l, f->m, LETTER_CLASSIC, &forge_text, 0);
	authority_revoked(f, l, arg);
}

static void
ca_revoked(struct forge *f, struct letter *l, const char *arg)
{
	struct letter_evidence ev;
	struct proof_list list = {.issuer = &f->agency.root,
	    .number = 14,
	    .this_update = FORGE_SIGNED,
	    .next_update = FORGE_AT + YEAR,
	    .revoked = &f->agency.ca,
	    .revoked_at = FORGE_SIGNED - 10 * DAY};

	(void)arg;
	letter_init(l, f->m, LETTER_CLASSIC, &forge_text, 0);
	forge_message_sign(f, l, &(struct envelope){.signer = NULL}, NULL, false);
	forge_evidence(f, &f->signer, FORGE_SIGNED + 4, &ev);
	ev.crls[0] = proof_crl(f->m, &list);
	letter_dss(l, &ev);
}

/* arg: c a content timestamp after its end; e evidence alone; - neither; t stamped in its life. */
static void
expired(struct forge *f, struct letter *l, const char *arg)
{
	const struct pki_cert *certs[] = {&f->agency.root, &f->agency.ca, &f->expired};
	struct token content, stamp;
	struct envelope e = {.signer = &f->expired, .certs = certs, .ncerts = 3};
	struct letter_sign sign = {.field = "TandaTangan1", .at = FORGE_SIGNED, .envelope = &e};
	struct letter_evidence ev;

	forge_token(f, &content, FORGE_SIGNED - 60);
	forge_token(f, &stamp, FORGE_SIGNED_EARLIER);
	if (arg[0] == 'c')
		e.content_stamp = &content;
	if (arg[0] == 't' || arg[0] == 'z')
		e.stamp = &stamp;
	letter_init(l, f->m, LETTER_CLASSIC, &forge_text, 0);
	letter_sign(l, &sign);
	if (arg[0] == '-')
		return;
	forge_evidence(f, &f->expired, FORGE_SIGNED_EARLIER + 4, &ev);
	letter_dss(l, &ev);
}

/* The responder's certificate was over yesterday; its answer is not. */
static void
responder_over(struct forge *f, struct letter *l, const char *arg)
{
	struct pki_cert responder;
	struct proof_answer a = answer(f, &f->signer, FORGE_SIGNED + 4);
	struct pki_spec spec = {
	    .subject = {"ID", "Balai Contoh Sertifikasi", "Responder lain", NULL},
	    .key = f->other.key,
	    .issuer = &f->agency.ca,
	    .serial = f->agency.serial++,
	    .from = FORGE_AT - YEAR,
	    .until = FORGE_AT - DAY,
	    .path_len = -1,
	    .key_usage = PKI_DIGITAL_SIGNATURE,
	    .eku = PKI_EKU_OCSP_SIGNING,
	    .ocsp_nocheck = true,
	};
	struct letter_evidence ev;
	struct envelope e = {.signer = &f->signer};
	const struct pki_cert *certs[] = {&f->agency.root, &f->agency.ca, &f->signer};
	struct letter_sign sign = {.field = "TandaTangan1", .at = FORGE_SIGNED, .envelope = &e};

	(void)arg;
	e.certs = certs;
	e.ncerts = 3;
	pki_issue(f->m, &spec, &responder);
	a.responder = &responder;
	letter_init(l, f->m, LETTER_CLASSIC, &forge_text, 0);
	letter_sign(l, &sign);
	forge_evidence(f, &f->signer, FORGE_SIGNED + 4, &ev);
	ev.ocsps[0] = proof_ocsp(f->m, &a);
	ev.certs[ev.ncerts++] = responder.der;
	letter_dss(l, &ev);
}

static void
no_evidence(struct forge *f, struct letter *l, const char *arg)
{
	(void)arg;
	letter_init(l, f->m, LETTER_CLASSIC, &forge_text, 0);
	forge_message_sign(f, l, &(struct envelope){.signer = NULL}, NULL, false);
}

/* --- letters that live by their archive --- */

/* When it was signed, archived, archived again, and a third time. */
#define T1 (FORGE_AT - 1278 * DAY)
#define TA (T1 + DAY)
#define T2 (FORGE_AT - 1168 * DAY)
#define T3 (FORGE_AT - 548 * DAY)

/* What is bent; zeros make a sound letter. */
struct bend {
	bool no_first, no_second, no_third, no_stamp;
	bool evil_second, evil_third, evil_stamp;
	bool second_of_other_data; /* its imprint */
	bool second_late;          /* it says that it is younger than the third */
	bool stamp_late;           /* the signature's timestamp is younger than what archives it */
	int64_t second_revoked;    /* the second authority, said after the third stamp */
	int64_t signer_revoked;
	bool no_word_of_first;  /* nothing is known of the first authority after T2 */
	bool no_word_of_second; /* of the second after T3 */
	bool evidence_late;     /* the signer's evidence is not archived before the third */
	bool dated_back;        /* that, and it was made only now, with a key that is over */
	bool in_token;          /* and it stands in a token that only the VRI has */
	bool weak;              /* the signer's own signature is SHA-1 */
	bool third_unclear;     /* there is something in its hole that is no message */
	bool long_responder;    /* whose certificate is still good */
	int64_t ca_revoked;     /* said today */
};

struct archive {
	struct forge *f;
	struct letter *l;
	struct pki_cert signer, responder, responder_now, first, second, evil;
	unsigned stamps;
};

static void
authority(
    struct forge *f, struct pki_cert *out, const struct agency *a, int64_t from, int64_t until)
{
	struct pki_spec spec = {
	    .subject = {"ID", "Balai Contoh Sertifikasi", "Timestamp Authority Contoh Lama", NULL},
	    .key = f->other.key,
	    .issuer = &a->root,
	    .serial = f->agency.serial++,
	    .from = from,
	    .until = until,
	    .path_len = -1,
	    .key_usage = PKI_DIGITAL_SIGNATURE,
	    .eku = PKI_EKU_TIMESTAMPING,
	    .eku_critical = true,
	};

	pki_issue(f->m, &spec, out);
}

static void
archive_open(struct archive *a, struct forge *f, struct letter *l)
{
	struct pki_spec responder = {
	    .subject = {"ID", "Balai Contoh Sertifikasi", "Responder Lama", NULL},
	    .key = f->other.key,
	    .issuer = &f->agency.ca,
	    .serial = f->agency.serial++,
	    .from = FORGE_AT - 4 * YEAR,
	    .until = FORGE_AT - 3 * YEAR,
	    .path_len = -1,
	    .key_usage = PKI_DIGITAL_SIGNATURE,
	    .eku = PKI_EKU_OCSP_SIGNING,
	    .ocsp_nocheck = true,
	};

	memset(a, 0, sizeof(*a));
	a->f = f;
	a->l = l;
	pki_issue(f->m, &responder, &a->responder);
	responder.serial = f->agency.serial++;
	responder.until = FORGE_AT + YEAR;
	pki_issue(f->m, &responder, &a->responder_now);
	agency_admit(&f->agency, &a->signer, f->signer.key, "Siti Rahmawati Contoh",
	    FORGE_AT - 4 * YEAR, FORGE_AT - 3 * YEAR);
	authority(f, &a->first, &f->agency, FORGE_AT - 5 * YEAR, FORGE_AT - 3 * YEAR);
	authority(f, &a->second, &f->agency, FORGE_AT - 4 * YEAR, FORGE_AT - YEAR);
	authority(f, &a->evil, &f->evil, FORGE_AT - 5 * YEAR, FORGE_AT + YEAR);
}

static void
archive_token(struct archive *a, struct token *t, const struct pki_cert *by, int64_t at)
{
	forge_token(a->f, t, at);
	t->gen_time = at;
	t->authority = by;
	t->certs = NULL;
	t->ncerts = 0;
}

/* A document timestamp; its authority's certificate stands in the store. */
static void
archive_stamp(struct archive *a, const struct pki_cert *by, int64_t at, bool other_data)
{
	static const char *const fields[] = {"Stempel1", "Stempel2", "Stempel3"};
	struct letter_sign sign = {.hole = 8192, .at = WHEN_NONE};
	struct token t;

	archive_token(a, &t, by, at);
	if (other_data)
		t.imprint = maker_digest(a->f->m, "SHA256", text_span("isi lain"));
	sign.field = fields[a->stamps++ % 3];
	sign.token = &t;
	letter_sign(a->l, &sign);
}

/* The root's list of that time; who is revoked since when. */
static struct der
list_of(struct archive *a, int64_t at, int64_t days, const struct pki_cert *who, int64_t since)
{
	struct proof_list list = {.issuer = &a->f->agency.root,
	    .number = 20,
	    .this_update = at,
	    .next_update = at + days * DAY,
	    .revoked = since != 0 ? who : NULL,
	    .revoked_at = since};

	return proof_crl(a->f->m, &list);
}

static void
archive_list(struct archive *a, struct der crl)
{
	struct letter_evidence ev = {.crls = {crl}, .ncrls = 1, .no_vri = true};

	letter_dss(a->l, &ev);
}

static void
archive_sign(struct archive *a, const struct bend *b)
{
	const struct pki_cert *certs[] = {&a->f->agency.root, &a->f->agency.ca, &a->signer};
	struct envelope e = {.signer = &a->signer, .certs = certs, .ncerts = 3};
	struct letter_sign sign = {.field = "TandaTangan1", .at = T1, .envelope = &e};
	struct token stamp;

	archive_token(
	    a, &stamp, b->evil_stamp ? &a->evil : &a->first, b->stamp_late ? TA + DAY : T1 + 3);
	e.stamp = b->no_stamp ? NULL : &stamp;
	e.digest = b->weak ? "SHA1" : NULL;
	letter_sign(a->l, &sign);
}

/* Every certificate. */
static void
archive_certs(struct archive *a)
{
	struct forge *f = a->f;
	struct letter_evidence ev = {.no_vri = true};

	ev.certs[ev.ncerts++] = f->agency.root.der;
	ev.certs[ev.ncerts++] = f->agency.ca.der;
	ev.certs[ev.ncerts++] = a->first.der;
	ev.certs[ev.ncerts++] = a->second.der;
	ev.certs[ev.ncerts++] = a->evil.der;
	ev.certs[ev.ncerts++] = f->evil.root.der;
	ev.certs[ev.ncerts++] = f->agency.tsa.der;
	ev.certs[ev.ncerts++] = a->responder.der;
	letter_dss(a->l, &ev);
}

/* The value of the last signature. */
static struct der
signature_value(struct letter *l)
{
	struct cms *cms;

	if (letter_rc(l) == RC_OK &&
	    cms_parse(&cms, l->m->arena, l->contents, CMS_DETACHED) == RC_OK)
		return cms->signature;
	maker_fail(l->m, RC_FORMAT);
	return ASN_NONE;
}

/* Anybody's token over the signature's value, in the VRI of a new DSS, with evidence of its own. */
static void
archive_vri(struct archive *a, struct der value, struct der ocsp, struct der crl)
{
	struct maker *m = a->f->m;
	struct letter *l = a->l;
	struct der info = ASN_SEQ(m, asn_int(m, 1), asn_oid(m, "1.3.6.1.4.1.32473.1"),
	    ASN_SEQ(
		m, asn_digest_algo(m, "SHA256"), asn_octets(m, maker_digest(m, "SHA256", value))),
	    asn_int(m, 77), asn_generalized(m, T1 + 3));
	const struct envelope e = {.signer = &a->evil,
	    .content_type = ENVELOPE_TST_INFO,
	    .econtent = info,
	    .md = maker_digest(m, "SHA256", info),
	    .ocsp = ocsp,
	    .crl = crl};
	struct der token = envelope_make(m, &e);
	unsigned number, i;

	letter_update(l);
	number = letter_put(l, 0);
	buf_printf(&l->out, "<< /Length %zu >>\nstream\n", token.len);
	buf_put(&l->out, token.p, token.len);
	buf_str(&l->out, "\nendstream");
	letter_done(l);
	letter_put(l, l->dss);
	buf_str(&l->out, "<< /Type /DSS /Certs [");
	for (i = 0; i < l->ndss_certs; i++)
		buf_printf(&l->out, "%u 0 R ", l->dss_certs[i]);
	buf_str(&l->out, "] /CRLs [");
	for (i = 0; i < l->ndss_crls; i++)
		buf_printf(&l->out, "%u 0 R ", l->dss_crls[i]);
	buf_printf(&l->out, "] /VRI << /%040d << /TS %u 0 R >> >> >>", 0, number);
	letter_done(l);
	letter_update_end(l);
}

/* What was known of the signer just after it signed. */
static void
archive_evidence(struct archive *a, const struct bend *b, struct der value)
{
	struct forge *f = a->f;
	struct proof_answer word = answer(f, &a->signer, T1 + 4);
	struct letter_evidence ev = {.no_vri = true};

	word.responder = b->long_responder ? &a->responder_now : &a->responder;
	word.next_update = word.this_update + 30 * DAY;
	if (b->signer_revoked != 0) {
		word.status = PROOF_REVOKED;
		word.revoked_at = b->signer_revoked;
		word.produced = word.this_update = T1 + 20 * DAY;
	}
	ev.ocsps[ev.nocsps++] = proof_ocsp(f->m, &word);
	ev.crls[ev.ncrls++] = list_of(a, T1 - 3 * DAY, 30, NULL, 0);
	if (b->in_token)
		archive_vri(a, value, ev.ocsps[0], ev.crls[0]);
	else
		letter_dss(a->l, &ev);
}

static void
archive(struct forge *f, struct letter *l, const struct bend *b)
{
	struct der value;

	struct archive a;

	letter_init(l, f->m, LETTER_CLASSIC, &forge_text, 0);
	archive_open(&a, f, l);
	archive_sign(&a, b);
	value = signature_value(l);
	archive_certs(&a);
	if (!b->evidence_late && !b->dated_back && !b->in_token)
		archive_evidence(&a, b, value);
	if (!b->no_first)
		archive_stamp(&a, &a.first, TA, false);
	if (!b->no_second)
		archive_stamp(&a, b->evil_second ? &a.evil : &a.second,
		    b->second_late ? T3 + 30 * DAY : T2, b->second_of_other_data);
	if (!b->no_word_of_first)
		archive_list(&a, list_of(&a, T2 + DAY, 30, NULL, 0));
	if (b->evidence_late)
		archive_evidence(&a, b, value);
	if (!b->no_third)
		archive_stamp(&a, b->evil_third ? &a.evil : &f->agency.tsa, T3, false);
	if (b->third_unclear)
		forge_poke(l, forge_last(l, "0000>"), "  ");
	if (b->dated_back || b->in_token)
		archive_evidence(&a, b, value);
	if (!b->no_word_of_second)
		archive_list(&a, list_of(&a, T3 + DAY, 30, &a.second, b->second_revoked));
	archive_list(&a, list_of(&a, FORGE_AT - DAY, 365, &f->agency.ca, b->ca_revoked));
}

/* The letter with what the name says bent. */
static void
archived(struct forge *f, struct letter *l, const char *arg)
{
	static const struct {
		const char *name;
		struct bend bend;
	} bends[] = {
	    {"sound", {.no_first = false}},
	    {"no first", {.no_first = true}},
	    {"no second", {.no_second = true}},
	    {"no third", {.no_third = true}},
	    {"no stamp", {.no_stamp = true}},
	    {"evil second", {.evil_second = true}},
	    {"evil third", {.evil_third = true}},
	    {"evil stamp", {.evil_stamp = true}},
	    {"other data", {.second_of_other_data = true}},
	    {"late second", {.second_late = true}},
	    {"late stamp", {.stamp_late = true}},
	    {"second revoked before", {.second_revoked = T2 - DAY}},
	    {"second revoked between", {.second_revoked = T2 + DAY}},
	    {"second revoked after", {.second_revoked = T3 + DAY / 2}},
	    {"signer revoked before", {.signer_revoked = T1 - DAY}},
	    {"signer revoked after", {.signer_revoked = T1 + 10 * DAY}},
	    {"signer revoked before it was archived",
		{.signer_revoked = T1 + DAY / 2, .evil_stamp = true}},
	    {"first unknown", {.no_word_of_first = true}},
	    {"second unknown", {.no_word_of_second = true}},
	    {"late evidence", {.evidence_late = true}},
	    {"dated back", {.dated_back = true}},
	    {"in a token", {.in_token = true}},
	    {"weak", {.weak = true}},
	    {"unclear third", {.third_unclear = true}},
	    {"CA revoked", {.long_responder = true, .ca_revoked = T2 - 10 * DAY}},
	    {"CA revoked before", {.long_responder = true, .ca_revoked = T1 - 10 * DAY}},
	    {"CA revoked, late evidence",
		{.long_responder = true, .ca_revoked = T2 - 10 * DAY, .evidence_late = true}},
	};
	size_t i;

	for (i = 0; i < sizeof(bends) / sizeof(bends[0]); i++)
		if (strcmp(bends[i].name, arg) == 0) {
			archive(f, l, &bends[i].bend);
			return;
		}
	maker_fail(f->m, RC_ABSENT);
}

/* --- weak by now: a letter of 2011 below an authority that SHA-1 holds --- */

#define WEAK_SIGNED 1308124800ll /* 2011-06-15 */
#define WEAK_END    1343779200ll /* 2012-08-01: SHA-1 */

struct weak {
	struct pki_cert ca, signer, tsa; /* the first two are signed with SHA-1 */
};

static void
weak_certs(struct forge *f, struct weak *w)
{
	const struct pki_spec ca = {
	    .subject = {"ID", "Balai Contoh Sertifikasi", "CA Contoh Lama", NULL},
	    .key = f->agency.ca.key,
	    .issuer = &f->agency.root,
	    .serial = f->agency.serial++,
	    .from = WEAK_SIGNED - 2 * YEAR,
	    .until = FORGE_AT + YEAR,
	    .digest = "SHA1",
	    .ca = true,
	    .path_len = 0,
	    .key_usage = PKI_CERT_SIGN | PKI_CRL_SIGN,
	};
	const struct pki_spec signer = {
	    .subject = {"ID", "Dinas Contoh", "Siti Rahmawati Contoh", NULL},
	    .key = f->signer.key,
	    .issuer = &w->ca,
	    .serial = f->agency.serial++,
	    .from = WEAK_SIGNED - YEAR,
	    .until = FORGE_AT + YEAR,
	    .digest = "SHA1",
	    .path_len = -1,
	    .key_usage = PKI_NON_REPUDIATION,
	};

	pki_issue(f->m, &ca, &w->ca);
	pki_issue(f->m, &signer, &w->signer);
	authority(f, &w->tsa, &f->agency, WEAK_SIGNED - YEAR, FORGE_AT + YEAR);
}

/* What was known then, and the root's list of today; arg as below. */
static void
weak_evidence(struct forge *f, struct letter *l, const struct weak *w, const char *arg)
{
	const struct proof_list list = {.issuer = &f->agency.root,
	    .number = 30,
	    .this_update = FORGE_AT - DAY,
	    .next_update = FORGE_AT + YEAR};
	struct letter_evidence ev = {.no_vri = true};
	struct proof_answer a;

	a = answer(f, &w->signer, arg[0] == 'o' ? WEAK_SIGNED - 3600 : WEAK_SIGNED + 4);
	a.issuer = a.responder = &w->ca;
	a.next_update = a.this_update + 30 * DAY;
	ev.certs[ev.ncerts++] = w->tsa.der;
	ev.ocsps[ev.nocsps++] = proof_ocsp(f->m, &a);
	ev.crls[ev.ncrls++] = proof_crl(f->m, &list);
	letter_dss(l, &ev);
}

/*
 * The signer's authority was over in between; arg: b it signed before that; a
 * after that, and all else is good.
 */
static void
issuer_over(struct forge *f, struct letter *l, const char *arg)
{
	int64_t at = FORGE_AT - (arg[0] == 'b' ? 40 : 20) * DAY;
	struct pki_cert ca, c;
	const struct pki_spec issuer = {
	    .subject = {"ID", "Balai Contoh Sertifikasi", "CA Contoh Lama", NULL},
	    .key = f->other.key,
	    .issuer = &f->agency.root,
	    .serial = f->agency.serial++,
	    .from = FORGE_AT - YEAR,
	    .until = FORGE_AT - 30 * DAY,
	    .ca = true,
	    .path_len = 0,
	    .key_usage = PKI_CERT_SIGN | PKI_CRL_SIGN,
	};
	struct pki_spec spec = {
	    .subject = {"ID", "Balai Contoh Sertifikasi", "Responder Lama", NULL},
	    .key = f->signer.key,
	    .issuer = &ca,
	    .serial = f->agency.serial++,
	    .from = FORGE_AT - YEAR,
	    .until = FORGE_AT + YEAR,
	    .path_len = -1,
	    .key_usage = PKI_DIGITAL_SIGNATURE,
	    .eku = PKI_EKU_OCSP_SIGNING,
	    .ocsp_nocheck = true,
	};
	const struct pki_cert *certs[] = {&f->agency.root, &ca, &c};
	struct token stamp;
	const struct envelope e = {.signer = &c, .certs = certs, .ncerts = 3, .stamp = &stamp};
	const struct letter_sign sign = {.field = "TandaTangan1", .at = at, .envelope = &e};
	const struct proof_list list = {.issuer = &f->agency.root,
	    .number = 31,
	    .this_update = FORGE_AT - 45 * DAY,
	    .next_update = FORGE_AT + YEAR};
	struct letter_evidence ev;
	struct pki_cert responder;
	struct proof_answer a;

	pki_issue(f->m, &issuer, &ca);
	pki_issue(f->m, &spec, &responder);
	spec.serial = f->agency.serial++;
	spec.subject.common_name = "Siti Rahmawati Contoh";
	spec.eku = NULL;
	spec.ocsp_nocheck = false;
	pki_issue(f->m, &spec, &c);
	forge_token(f, &stamp, at);
	letter_init(l, f->m, LETTER_CLASSIC, &forge_text, 0);
	letter_sign(l, &sign);
	forge_evidence(f, &c, at + 4, &ev);
	a = answer(f, &c, at + 4);
	a.issuer = &ca;
	a.responder = &responder;
	ev.ocsps[0] = proof_ocsp(f->m, &a);
	ev.crls[0] = proof_crl(f->m, &list);
	letter_dss(l, &ev);
}

/*
 * The signer's authority got a new certificate for its key.  arg: r the list that it
 * gave out since says that the signer was revoked before; f somebody made another
 * certificate of that key, never issued, so that an answer of today is one of its life.
 */
static void
issuer_renewed(struct forge *f, struct letter *l, const char *arg)
{
	const int64_t at = FORGE_AT - 40 * DAY;
	struct pki_cert ca, again, c;
	struct pki_spec issuer = {
	    .subject = {"ID", "Balai Contoh Sertifikasi", "CA Contoh Lama", NULL},
	    .key = f->other.key,
	    .issuer = &f->agency.root,
	    .serial = f->agency.serial++,
	    .from = FORGE_AT - YEAR,
	    .until = FORGE_AT - 30 * DAY,
	    .ca = true,
	    .path_len = 0,
	    .key_usage = PKI_CERT_SIGN | PKI_CRL_SIGN,
	};
	const struct pki_cert *certs[] = {&f->agency.root, &ca, &c};
	struct token stamp;
	const struct envelope e = {.signer = &c, .certs = certs, .ncerts = 3, .stamp = &stamp};
	const struct letter_sign sign = {.field = "TandaTangan1", .at = at, .envelope = &e};
	const struct proof_list of_root = {.issuer = &f->agency.root,
	    .number = 31,
	    .this_update = FORGE_AT - 45 * DAY,
	    .next_update = FORGE_AT + YEAR};
	const struct proof_list of_ca = {.issuer = &again,
	    .number = 5,
	    .this_update = FORGE_AT - DAY,
	    .next_update = FORGE_AT + YEAR,
	    .revoked = &c,
	    .revoked_at = FORGE_AT - 50 * DAY};
	struct pki_spec spec = {
	    .subject = {"ID", "Dinas Contoh", "Siti Rahmawati Contoh", NULL},
	    .key = f->signer.key,
	    .issuer = &ca,
	    .serial = f->agency.serial++,
	    .from = FORGE_AT - YEAR,
	    .until = FORGE_AT + YEAR,
	    .path_len = -1,
	    .key_usage = PKI_NON_REPUDIATION,
	};
	struct letter_evidence ev;
	struct proof_answer a;

	pki_issue(f->m, &issuer, &ca);
	pki_issue(f->m, &spec, &c);
	issuer.serial = f->agency.serial++;
	issuer.from = FORGE_AT - (arg[0] == 'f' ? YEAR : 35 * DAY);
	issuer.until = FORGE_AT + YEAR;
	if (arg[0] == 'f')
		issuer.issuer = &f->evil.root;
	pki_issue(f->m, &issuer, &again);
	forge_token(f, &stamp, at);
	letter_init(l, f->m, LETTER_CLASSIC, &forge_text, 0);
	letter_sign(l, &sign);
	forge_evidence(f, &c, at + 4, &ev);
	a = answer(f, &c, arg[0] == 'f' ? FORGE_AT - DAY : at + 4);
	a.issuer = &ca;
	a.responder = &again;
	ev.ocsps[0] = proof_ocsp(f->m, &a);
	ev.crls[0] = proof_crl(f->m, &of_root);
	if (arg[0] == 'r')
		ev.crls[ev.ncrls++] = proof_crl(f->m, &of_ca);
	ev.certs[ev.ncerts++] = again.der;
	letter_dss(l, &ev);
}

/*
 * The signer's authority had another key before, and its list is of that one.  arg: r
 * that key was revoked; s its own was, but its certificate claims a short term.
 */
static void
issuer_rekeyed(struct forge *f, struct letter *l, const char *arg)
{
	struct pki_cert ca, before, c;
	struct pki_spec issuer = {
	    .subject = {"ID", "Balai Contoh Sertifikasi", "CA Contoh Lama", NULL},
	    .key = f->other.key,
	    .issuer = &f->agency.root,
	    .serial = f->agency.serial++,
	    .from = FORGE_AT - YEAR,
	    .until = FORGE_AT + YEAR,
	    .ca = true,
	    .path_len = 0,
	    .key_usage = PKI_CERT_SIGN | PKI_CRL_SIGN,
	};
	struct pki_spec spec = {
	    .subject = {"ID", "Dinas Contoh", "Siti Rahmawati Contoh", NULL},
	    .key = f->signer.key,
	    .issuer = &ca,
	    .serial = f->agency.serial++,
	    .from = FORGE_AT - YEAR,
	    .until = FORGE_AT + YEAR,
	    .path_len = -1,
	    .key_usage = PKI_NON_REPUDIATION,
	};
	const struct pki_cert *certs[] = {&f->agency.root, &ca, &before, &c};
	struct proof_list of_root = {.issuer = &f->agency.root,
	    .number = 31,
	    .this_update = FORGE_SIGNED,
	    .next_update = FORGE_AT + YEAR,
	    .revoked_at = FORGE_AT - 100 * DAY,
	    .reason = 1};
	const struct proof_list of_ca = {.issuer = &before,
	    .number = 5,
	    .this_update = FORGE_SIGNED + 4,
	    .next_update = FORGE_AT + YEAR};
	struct letter_evidence ev = {.ncrls = 2};

	issuer.short_term = arg[0] == 's';
	pki_issue(f->m, &issuer, &ca);
	pki_issue(f->m, &spec, &c);
	issuer.serial = f->agency.serial++;
	issuer.key = f->agency.ca.key;
	pki_issue(f->m, &issuer, &before);
	if (arg[0] == 'r')
		of_root.revoked = &before;
	if (arg[0] == 's')
		of_root.revoked = &ca;
	letter_init(l, f->m, LETTER_CLASSIC, &forge_text, 0);
	forge_message_sign(
	    f, l, &(struct envelope){.signer = &c, .certs = certs, .ncerts = 4}, NULL, false);
	ev.crls[0] = proof_crl(f->m, &of_root);
	ev.crls[1] = proof_crl(f->m, &of_ca);
	letter_dss(l, &ev);
}

/*
 * arg: s the signature is SHA-1 too; o the answer is older than it; l archived
 * too late; n not at all.
 */
static void
weak_chain(struct forge *f, struct letter *l, const char *arg)
{
	struct weak w;
	const struct pki_cert *certs[] = {&f->agency.root, &w.ca, &w.signer};
	struct token stamp, archive_token;
	const struct envelope e = {.signer = &w.signer,
	    .certs = certs,
	    .ncerts = 3,
	    .stamp = &stamp,
	    .digest = arg[0] == 's' ? "SHA1" : NULL};
	const struct letter_sign sign = {
	    .field = "TandaTangan1", .at = WEAK_SIGNED, .envelope = &e};
	const struct letter_sign again = {
	    .field = "Stempel1", .hole = 8192, .at = WHEN_NONE, .token = &archive_token};

	weak_certs(f, &w);
	forge_token(f, &stamp, WEAK_SIGNED);
	stamp.authority = &w.tsa;
	archive_token = stamp;
	archive_token.gen_time = arg[0] == 'l' ? WEAK_END + 30 * DAY : WEAK_SIGNED + 30 * DAY;
	letter_init(l, f->m, LETTER_CLASSIC, &forge_text, 0);
	letter_sign(l, &sign);
	weak_evidence(f, l, &w, arg);
	if (arg[0] != 'n')
		letter_sign(l, &again);
}

/* A sound archive, and a timestamp that anybody can append: by a look-alike, of today. */
static void
archived_and_more(struct forge *f, struct letter *l, const char *arg)
{
	struct letter_sign sign = {.field = "StempelLain", .hole = 8192, .at = WHEN_NONE};
	struct archive a;
	struct token t;

	archived(f, l, arg);
	archive_open(&a, f, l);
	archive_token(&a, &t, &a.evil, FORGE_AT - 60);
	sign.token = &t;
	letter_sign(l, &sign);
}

/* Everything stands, but one octet of the store that the third timestamp covers is another. */
static void
archived_poked(struct forge *f, struct letter *l, const char *arg)
{
	size_t at;

	archived(f, l, "sound");
	at = forge_last(l, arg);
	forge_poke(l, at, "X");
}

#define PASSED                       \
	{                            \
		IND_PASSED, SUB_NONE \
	}
#define FAIL(s)                     \
	{                           \
		IND_FAILED, SUB_##s \
	}
#define OPEN(s)                            \
	{                                  \
		IND_INDETERMINATE, SUB_##s \
	}
#define BOTH(s) s, s

const struct past_case forge_past[] = {
    /* every pair of the standard once */
    {"a good letter", good, NULL, BOTH(PASSED), 0, CHECK__NONE},
    {"another type of content", other_type, "1.2.840.113549.1.7.5", BOTH(FAIL(FORMAT_FAILURE)), 0,
	CHECK__NONE},
    {"digest of other data", other_digest, "isi lain", BOTH(FAIL(HASH_FAILURE)), 0, CHECK__NONE},
    {"another algorithm named", algorithm, "1.2.840.10045.4.3.4", BOTH(FAIL(SIG_CRYPTO_FAILURE)), 0,
	CHECK__NONE},
    {"content timestamp after the revocation", revoked, "c", BOTH(FAIL(REVOKED)), 0, CHECK__NONE},
    {"content timestamp after the end", expired, "c", BOTH(FAIL(EXPIRED)), 0, CHECK__NONE},
    {"timestamp before the beginning", wrong_signer, "k", BOTH(FAIL(NOT_YET_VALID)), 0,
	CHECK__NONE},
    {"no signing-certificate", no_reference, NULL, BOTH(OPEN(SIG_CONSTRAINTS_FAILURE)), 0,
	CHECK__NONE},
    {"a server's certificate", wrong_signer, "s", BOTH(OPEN(CHAIN_CONSTRAINTS_FAILURE)), 0,
	CHECK__NONE},
    {"issued by a signer", wrong_signer, "i", BOTH(OPEN(CERTIFICATE_CHAIN_GENERAL_FAILURE)), 0,
	CHECK__NONE},
    {"a short key, younger than its end", short_key, "c", BOTH(OPEN(CRYPTO_CONSTRAINTS_FAILURE)), 0,
	CHECK__NONE},
    {"a short key", short_key, "-", BOTH(OPEN(CRYPTO_CONSTRAINTS_FAILURE_NO_POE)), 0, CHECK__NONE},
    {"SHA-1", digest, "SHA1", BOTH(OPEN(CRYPTO_CONSTRAINTS_FAILURE_NO_POE)), 0, CHECK__NONE},
    {"an algorithm nobody knows", algorithm, "1.3.6.1.4.1.32473.9",
	BOTH(OPEN(CRYPTO_CONSTRAINTS_FAILURE)), 0, CHECK__NONE},
    {"policy with a short hash", policy, "h", BOTH(OPEN(POLICY_PROCESSING_ERROR)), 0, CHECK__NONE},
    {"policy without a name", policy, "o", BOTH(OPEN(POLICY_PROCESSING_ERROR)), 0, CHECK__NONE},
    {"policy implied", policy, "i", BOTH(OPEN(SIGNATURE_POLICY_NOT_AVAILABLE)), 0, CHECK__NONE},
    {"policy named", policy, "n", BOTH(PASSED), 0, CHECK__NONE},
    {"policy with a hash of zeros", policy, "z", BOTH(PASSED), 0, CHECK__NONE},
    {"counter-signed", countersigned, "isi lain", BOTH(PASSED), 0, CHECK__NONE},
    {"content timestamp after the timestamp", content_later, NULL,
	BOTH(OPEN(TIMESTAMP_ORDER_FAILURE)), 0, CHECK__NONE},
    {"timestamp that names its authority", named_stamp, "t", BOTH(PASSED), 0, CHECK__NONE},
    {"timestamp that names another", named_stamp, "o", BOTH(PASSED), 0, CHECK_TIMESTAMP_NAME},
    {"timestamp of the future", of_the_future, "s", BOTH(OPEN(TIMESTAMP_ORDER_FAILURE)), 0,
	CHECK__NONE},
    {"content timestamp of the future", of_the_future, "c", BOTH(OPEN(TIMESTAMP_ORDER_FAILURE)), 0,
	CHECK__NONE},
    {"another certificate named", other_reference, NULL, BOTH(OPEN(NO_SIGNING_CERTIFICATE_FOUND)),
	0, CHECK__NONE},
    {"look-alike authority", look_alike, NULL, BOTH(OPEN(NO_CERTIFICATE_CHAIN_FOUND)), 0,
	CHECK__NONE},
    {"anchor over", expired, "e", BOTH(OPEN(NO_CERTIFICATE_CHAIN_FOUND_NO_POE)),
	FORGE_AT - 150 * DAY, CHECK__NONE},
    {"anchor over, nothing archived", expired, "z", OPEN(NO_POE), PASSED, FORGE_AT - 150 * DAY,
	CHECK__NONE},
    {"revoked before", revoked, "-", BOTH(OPEN(REVOKED_NO_POE)), 0, CHECK__NONE},
    {"CA revoked before", ca_revoked, NULL, BOTH(OPEN(REVOKED_CA_NO_POE)), 0, CHECK__NONE},
    {"over, nothing known", expired, "-", BOTH(OPEN(OUT_OF_BOUNDS_NO_POE)), 0, CHECK__NONE},
    {"over, not revoked", expired, "e", BOTH(OPEN(OUT_OF_BOUNDS_NOT_REVOKED)), 0, CHECK__NONE},
    {"over, stamped in its life", expired, "t", BOTH(PASSED), 0, CHECK__NONE},
    {"responder over", responder_over, NULL, BOTH(OPEN(REVOCATION_OUT_OF_BOUNDS_NO_POE)), 0,
	CHECK__NONE},
    {"no evidence", no_evidence, NULL, BOTH(OPEN(TRY_LATER)), 0, CHECK__NONE},
    {"nothing signed in it", sub_filter, "adbe.pkcs7.sha1", BOTH(OPEN(SIGNED_DATA_NOT_FOUND)), 0,
	CHECK__NONE},
    {"a sub-filter nobody knows", sub_filter, "Contoh.lain", BOTH(OPEN(GENERIC)), 0, CHECK__NONE},

    /* archived */
    {"archived three times", archived, "sound", BOTH(PASSED), 0, CHECK__NONE},
    {"archived, and more appended", archived_and_more, "sound", BOTH(PASSED), 0, CHECK__NONE},
    {"its authority is over since", issuer_over, "b", BOTH(PASSED), 0, CHECK__NONE},
    {"its authority was over", issuer_over, "a", BOTH(OPEN(OUT_OF_BOUNDS_NO_POE)), 0, CHECK__NONE},
    {"its authority was renewed, and revoked it", issuer_renewed, "r", OPEN(OUT_OF_BOUNDS_NO_POE),
	OPEN(REVOKED_NO_POE), 0, CHECK__NONE},
    {"its authority was renewed", issuer_renewed, "-", OPEN(REVOCATION_OUT_OF_BOUNDS_NO_POE),
	PASSED, 0, CHECK__NONE},
    {"its authority answered after its end", issuer_renewed, "f", OPEN(OUT_OF_BOUNDS_NO_POE),
	OPEN(TRY_LATER), 0, CHECK__NONE},
    {"a list of its authority's older key", issuer_rekeyed, "-", BOTH(PASSED), 0, CHECK__NONE},
    {"a list of its authority's revoked key", issuer_rekeyed, "r", BOTH(OPEN(TRY_LATER)), 0,
	CHECK__NONE},
    {"its authority of short term is revoked", issuer_rekeyed, "s", BOTH(OPEN(REVOKED_CA_NO_POE)),
	0, CHECK__NONE},
    {"signed by the anchor itself", anchor_signs, NULL, BOTH(PASSED), 0, CHECK__NONE},
    {"certificate of short term", short_term, "-", BOTH(PASSED), 0, CHECK__NONE},
    {"certificate of short term, over", short_term, "o", BOTH(PASSED), 0, CHECK__NONE},
    {"revoked later, stamped before its beginning", revoked_later, "b", BOTH(FAIL(NOT_YET_VALID)),
	0, CHECK__NONE},
    {"revoked later, stamped after its end", revoked_later, "e", OPEN(OUT_OF_BOUNDS_NOT_REVOKED),
	OPEN(OUT_OF_BOUNDS_NOT_REVOKED), 0, CHECK__NONE},
    {"authority superseded since", superseded, "s", OPEN(OUT_OF_BOUNDS_NOT_REVOKED), PASSED, 0,
	CHECK__NONE},
    {"authority's key compromised since", superseded, "k", BOTH(OPEN(OUT_OF_BOUNDS_NOT_REVOKED)), 0,
	CHECK__NONE},
    {"authority's key compromised, later called superseded", superseded, "b",
	BOTH(OPEN(OUT_OF_BOUNDS_NOT_REVOKED)), 0, CHECK__NONE},
    {"timestamp older than its authority", before_authority, NULL, BOTH(PASSED), 0, CHECK__NONE},
    {"content timestamp after the archive", content_after_archive, NULL,
	BOTH(OPEN(TIMESTAMP_ORDER_FAILURE)), 0, CHECK__NONE},
    {"a vague timestamp between two in order", vague_between, "-", BOTH(PASSED), 0, CHECK__NONE},
    {"a vague timestamp between two out of order", vague_between, "o",
	BOTH(OPEN(TIMESTAMP_ORDER_FAILURE)), 0, CHECK__NONE},
    {"SHA-1 in the chain, archived in time", weak_chain, "-", BOTH(PASSED), 0, CHECK__NONE},
    {"SHA-1 everywhere, archived in time", weak_chain, "s", BOTH(PASSED), 0, CHECK__NONE},
    {"SHA-1 in the chain, an older answer", weak_chain, "o", BOTH(PASSED), 0, CHECK__NONE},
    {"SHA-1 in the chain, archived late", weak_chain, "l", OPEN(CRYPTO_CONSTRAINTS_FAILURE_NO_POE),
	PASSED, 0, CHECK__NONE},
    {"SHA-1 in the chain, not archived", weak_chain, "n", OPEN(CRYPTO_CONSTRAINTS_FAILURE_NO_POE),
	PASSED, 0, CHECK__NONE},
    {"archived: first missing", archived, "no first", BOTH(PASSED), 0, CHECK__NONE},
    {"archived: second revoked after the third", archived, "second revoked after", BOTH(PASSED), 0,
	CHECK__NONE},
    {"archived: signer revoked after", archived, "signer revoked after", BOTH(PASSED), 0,
	CHECK__NONE},
    /* what `nasional` still takes: a timestamp that was good at its own time */
    {"archived: no own timestamp, the answer is older than the first", archived, "no stamp",
	OPEN(OUT_OF_BOUNDS_NO_POE), PASSED, 0, CHECK__NONE},
    {"archived: own timestamp by a look-alike", archived, "evil stamp", OPEN(OUT_OF_BOUNDS_NO_POE),
	PASSED, 0, CHECK__NONE},
    {"archived: one octet of the archive is another", archived_poked, "Stempel2",
	OPEN(OUT_OF_BOUNDS_NO_POE), PASSED, 0, CHECK__NONE},
    {"archived: second missing", archived, "no second", OPEN(OUT_OF_BOUNDS_NO_POE), PASSED, 0,
	CHECK__NONE},
    {"archived: third missing", archived, "no third", OPEN(OUT_OF_BOUNDS_NO_POE), PASSED, 0,
	CHECK__NONE},
    {"archived: second by a look-alike", archived, "evil second", OPEN(OUT_OF_BOUNDS_NO_POE),
	PASSED, 0, CHECK__NONE},
    {"archived: third by a look-alike", archived, "evil third", OPEN(OUT_OF_BOUNDS_NO_POE), PASSED,
	0, CHECK__NONE},
    {"archived: second of other data", archived, "other data", OPEN(OUT_OF_BOUNDS_NO_POE), PASSED,
	0, CHECK__NONE},
    {"archived: second revoked before", archived, "second revoked before",
	OPEN(OUT_OF_BOUNDS_NO_POE), PASSED, 0, CHECK__NONE},
    {"archived: second revoked before the third", archived, "second revoked between",
	OPEN(OUT_OF_BOUNDS_NO_POE), PASSED, 0, CHECK__NONE},
    {"archived: first authority unknown since", archived, "first unknown",
	OPEN(OUT_OF_BOUNDS_NO_POE), PASSED, 0, CHECK__NONE},
    {"archived: second authority unknown since", archived, "second unknown",
	OPEN(OUT_OF_BOUNDS_NO_POE), PASSED, 0, CHECK__NONE},
    {"archived: evidence too late", archived, "late evidence",
	OPEN(REVOCATION_OUT_OF_BOUNDS_NO_POE), PASSED, 0, CHECK__NONE},
    {"archived: evidence dated back", archived, "dated back", OPEN(REVOCATION_OUT_OF_BOUNDS_NO_POE),
	PASSED, 0, CHECK__NONE},
    {"archived: evidence dated back, in a later token", archived, "in a token",
	OPEN(REVOCATION_OUT_OF_BOUNDS_NO_POE), PASSED, 0, CHECK__NONE},
    {"archived: something in the third's hole", archived, "unclear third",
	OPEN(OUT_OF_BOUNDS_NO_POE), PASSED, 0, CHECK__NONE},
    {"archived: CA revoked later", archived, "CA revoked", BOTH(PASSED), 0, CHECK__NONE},
    {"archived: CA revoked before what is known of the signer was archived", archived,
	"CA revoked, late evidence", OPEN(REVOKED_CA_NO_POE), PASSED, 0, CHECK__NONE},
    /* and what nobody takes */
    {"archived: CA revoked before", archived, "CA revoked before", BOTH(OPEN(REVOKED_CA_NO_POE)), 0,
	CHECK__NONE},
    {"archived: second younger than the third", archived, "late second", OPEN(OUT_OF_BOUNDS_NO_POE),
	OPEN(TIMESTAMP_ORDER_FAILURE), 0, CHECK__NONE},
    {"archived: own timestamp too late", archived, "late stamp", OPEN(OUT_OF_BOUNDS_NO_POE),
	OPEN(TIMESTAMP_ORDER_FAILURE), 0, CHECK__NONE},
    {"archived: signer revoked before", archived, "signer revoked before",
	BOTH(OPEN(REVOKED_NO_POE)), 0, CHECK__NONE},
    {"archived: revoked between signing and archive", archived,
	"signer revoked before it was archived", BOTH(OPEN(REVOKED_NO_POE)), 0, CHECK__NONE},
    {"archived: weak since long", archived, "weak", BOTH(OPEN(CRYPTO_CONSTRAINTS_FAILURE_NO_POE)),
	0, CHECK__NONE},
    {.name = NULL},
};

static const struct status *
first_status(const struct report *r, bool strict)
{
	size_t i;

	for (i = 0; i < r->nsigs; i++)
		if (r->sigs[i].kind == KIND_SIGNATURE)
			return strict ? &r->sigs[i].strict : &r->sigs[i].status;
	return NULL;
}

static bool
is(const struct status *have, struct status want)
{
	return have != NULL && have->ind == want.ind && have->sub == want.sub;
}

static bool
warns(const struct report *r, enum check want)
{
	size_t i;

	for (i = 0; i < r->nchecks; i++)
		if (r->checks[i].id == want)
			return r->checks[i].result == RESULT_WARNING;
	return want == CHECK__NONE;
}

bool
past_check(struct forge *f, const struct past_case *c)
{
	struct anchor *anchor = &f->trust->anchors.v[0];
	struct report *r = NULL;
	struct letter l;
	bool ok = false;

	memset(&l, 0, sizeof(l));
	c->make(f, &l, c->arg);
	if (letter_rc(&l) != RC_OK) {
		fprintf(stderr, "# %s: not made: %s\n", c->name, rc_str(letter_rc(&l)));
		goto out;
	}
	if (c->until != 0)
		anchor->until = c->until;
	r = forge_verify(f->trust, l.out.p, l.out.len, "nasional", FORGE_AT);
	anchor->until = WHEN_NONE;
	if (r == NULL)
		goto out;
	ok = is(first_status(r, true), c->strict) && is(first_status(r, false), c->nasional) &&
	     warns(r, c->warning);
	if (!ok)
		forge_show(c->name, r);
out:
	report_free(r);
	letter_clear(&l);
	return ok;
}
