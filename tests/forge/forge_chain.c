/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whose certificate, at what time, and by what evidence: letters whose
 * signature is intact and yet must not be VALID.
 */
#include <string.h>

#include "forge.h"
#include "when.h"

#define DAY  FORGE_DAY
#define YEAR (365 * DAY)

static void
look_alike(struct forge *f, struct letter *l, const char *arg)
{
	(void)arg;
	forge_order(&f->evil, l,
	    &(struct agency_order){.signer = &f->impostor, .level = AGENCY_LT, .at = FORGE_SIGNED});
}

/* The impostor's message encloses the true chain, of the same names. */
static void
look_alike_mixed(struct forge *f, struct letter *l, const char *arg)
{
	(void)arg;
	letter_init(l, f->m, LETTER_CLASSIC, &forge_text, 0);
	forge_message_sign(f, l, &(struct envelope){.signer = &f->impostor}, NULL, true);
}

static void
no_evidence(struct forge *f, struct letter *l, const char *arg)
{
	forge_order(&f->agency, l,
	    &(struct agency_order){.signer = &f->signer,
		.level = arg[0] == 'T' ? AGENCY_T : AGENCY_B,
		.at = FORGE_SIGNED});
}

static void
expired(struct forge *f, struct letter *l, const char *arg)
{
	(void)arg;
	forge_order(&f->agency, l,
	    &(struct agency_order){.signer = &f->expired,
		.level = AGENCY_LT,
		.at = FORGE_SIGNED_EARLIER,
		.no_stamp = true});
}

/* The timestamp shows that the certificate was over already. */
static void
signed_late(struct forge *f, struct letter *l, const char *arg)
{
	(void)arg;
	forge_order(&f->agency, l,
	    &(struct agency_order){.signer = &f->expired, .level = AGENCY_LT, .at = FORGE_SIGNED});
}

static void
signed_early(struct forge *f, struct letter *l, const char *arg)
{
	struct pki_cert young;

	(void)arg;
	agency_admit(&f->agency, &young, f->signer.key, "Siti Rahmawati Contoh",
	    FORGE_AT - 10 * DAY, FORGE_AT + YEAR);
	forge_order(&f->agency, l,
	    &(struct agency_order){
		.signer = &young, .level = AGENCY_LT, .at = FORGE_AT - 20 * DAY});
}

static void
not_yet(struct forge *f, struct letter *l, const char *arg)
{
	struct pki_cert young;

	(void)arg;
	agency_admit(&f->agency, &young, f->signer.key, "Siti Rahmawati Contoh",
	    FORGE_AT + 10 * DAY, FORGE_AT + YEAR);
	forge_order(&f->agency, l,
	    &(struct agency_order){
		.signer = &young, .level = AGENCY_LT, .at = FORGE_SIGNED, .no_stamp = true});
}

static void
revoked(struct forge *f, struct letter *l, const char *arg)
{
	(void)arg;
	forge_order(&f->agency, l,
	    &(struct agency_order){.signer = &f->signer,
		.level = AGENCY_LT,
		.at = FORGE_SIGNED,
		.revoked_at = FORGE_SIGNED - 10 * DAY});
}

static void
revoked_no_stamp(struct forge *f, struct letter *l, const char *arg)
{
	(void)arg;
	forge_order(&f->agency, l,
	    &(struct agency_order){.signer = &f->signer,
		.level = AGENCY_LT,
		.at = FORGE_SIGNED,
		.no_stamp = true,
		.revoked_at = FORGE_SIGNED + DAY});
}

/* Sign honestly with a timestamp, then put in other evidence. */
static void
with_evidence(struct forge *f, struct letter *l, struct letter_evidence *ev)
{
	forge_order(&f->agency, l,
	    &(struct agency_order){.signer = &f->signer, .level = AGENCY_T, .at = FORGE_SIGNED});
	letter_dss(l, ev);
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
	forge_evidence(f, &f->signer, FORGE_SIGNED + 4, &ev);
	ev.crls[0] = proof_crl(f->m, &list);
	with_evidence(f, l, &ev);
}

/*
 * The CA was revoked after the signature: what is known of the signer counts
 * all the same.  arg: g good; b revoked before; n nothing known.
 */
static void
ca_revoked_later(struct forge *f, struct letter *l, const char *arg)
{
	struct letter_evidence ev;
	struct proof_answer a = forge_answer(f);
	struct proof_list list = {.issuer = &f->agency.root,
	    .number = 14,
	    .this_update = FORGE_AT - DAY / 2,
	    .next_update = FORGE_AT + YEAR,
	    .revoked = &f->agency.ca,
	    .revoked_at = FORGE_SIGNED + DAY};

	forge_evidence(f, &f->signer, FORGE_SIGNED + 4, &ev);
	ev.crls[0] = proof_crl(f->m, &list);
	a.status = PROOF_REVOKED;
	a.revoked_at = FORGE_SIGNED - DAY;
	if (arg[0] == 'b')
		ev.ocsps[0] = proof_ocsp(f->m, &a);
	if (arg[0] == 'n')
		ev.nocsps = 0;
	with_evidence(f, l, &ev);
}

static void
crl_of_another(struct forge *f, struct letter *l, const char *arg)
{
	struct letter_evidence ev;
	struct proof_list list = {.issuer = &f->evil.root,
	    .number = 14,
	    .this_update = FORGE_SIGNED,
	    .next_update = FORGE_AT + YEAR};

	(void)arg;
	forge_evidence(f, &f->signer, FORGE_SIGNED + 4, &ev);
	ev.crls[0] = proof_crl(f->m, &list);
	with_evidence(f, l, &ev);
}

static void
with_answer(struct forge *f, struct letter *l, const struct proof_answer *a)
{
	struct letter_evidence ev;

	forge_evidence(f, &f->signer, FORGE_SIGNED + 4, &ev);
	ev.ocsps[0] = proof_ocsp(f->m, a);
	if (a->responder != &f->agency.ca)
		ev.certs[ev.ncerts++] = a->responder->der;
	with_evidence(f, l, &ev);
}

static void
ocsp_good(struct forge *f, struct letter *l, const char *arg)
{
	struct proof_answer a = forge_answer(f);

	a.by_name = arg[0] == 'n';
	if (arg[0] == '2')
		a.id_digest = "SHA256";
	if (arg[0] == 'c')
		a.responder = &f->agency.ca;
	with_answer(f, l, &a);
}

static void
ocsp_of_another_ca(struct forge *f, struct letter *l, const char *arg)
{
	struct proof_answer a = forge_answer(f);

	a.responder = arg[0] == 'c' ? &f->evil.ca : &f->evil.responder;
	with_answer(f, l, &a);
}

static void
ocsp_unknown(struct forge *f, struct letter *l, const char *arg)
{
	struct proof_answer a = forge_answer(f);

	(void)arg;
	a.status = PROOF_UNKNOWN;
	with_answer(f, l, &a);
}

static void
ocsp_of_another(struct forge *f, struct letter *l, const char *arg)
{
	struct proof_answer a = forge_answer(f);

	(void)arg;
	a.subject = &f->other;
	with_answer(f, l, &a);
}

static void
ocsp_stale(struct forge *f, struct letter *l, const char *arg)
{
	struct proof_answer a = forge_answer(f);

	(void)arg;
	a.produced = a.this_update = FORGE_SIGNED - 100 * DAY;
	a.next_update = FORGE_SIGNED - 90 * DAY;
	with_answer(f, l, &a);
}

static void
ocsp_future(struct forge *f, struct letter *l, const char *arg)
{
	struct proof_answer a = forge_answer(f);

	(void)arg;
	a.produced = a.this_update = FORGE_AT + DAY;
	with_answer(f, l, &a);
}

/* A good answer, and a newer one that says revoked: before signing, or after. */
static void
ocsp_newer(struct forge *f, struct letter *l, const char *arg)
{
	struct proof_answer a = forge_answer(f);
	struct letter_evidence ev;

	forge_evidence(f, &f->signer, FORGE_SIGNED + 4, &ev);
	a.status = PROOF_REVOKED;
	a.produced = a.this_update = FORGE_SIGNED + DAY;
	a.revoked_at = arg[0] == 'b' ? FORGE_SIGNED - DAY : FORGE_SIGNED + DAY / 2;
	ev.ocsps[ev.nocsps++] = proof_ocsp(f->m, &a);
	if (arg[1] == 'r') {
		struct der first = ev.ocsps[0];

		ev.ocsps[0] = ev.ocsps[1];
		ev.ocsps[1] = first;
	}
	with_evidence(f, l, &ev);
}

/*
 * No nextUpdate: what was said before the signature existed is no answer about
 * it, whenever the responder signed what it said.
 */
static void
ocsp_no_next(struct forge *f, struct letter *l, const char *arg)
{
	struct proof_answer a = forge_answer(f);

	a.next_update = WHEN_NONE;
	if (arg[0] == 'b')
		a.produced = a.this_update = FORGE_SIGNED - DAY;
	/* the timestamp is 3 s after signing */
	if (arg[0] == '6')
		a.produced = a.this_update = FORGE_SIGNED + 3 - 360;
	if (arg[0] == 'p')
		a.this_update = FORGE_SIGNED + 3 - 360;
	with_answer(f, l, &a);
}

/* A good answer, and the CA's list that says revoked or suspended. */
static void
crl_beside_ocsp(struct forge *f, struct letter *l, const char *arg)
{
	struct letter_evidence ev;
	struct proof_list list = {.issuer = &f->agency.ca,
	    .number = 15,
	    .this_update = FORGE_SIGNED - DAY,
	    .next_update = FORGE_AT + YEAR,
	    .revoked = &f->signer,
	    .revoked_at = FORGE_SIGNED - 2 * DAY};

	(void)arg;
	forge_evidence(f, &f->signer, FORGE_SIGNED + 4, &ev);
	ev.crls[ev.ncrls++] = proof_crl(f->m, &list);
	with_evidence(f, l, &ev);
}

/* Two answers: revoked after signing says the newer one; before, or suspended before, the older. */
static void
revoked_twice(struct forge *f, struct letter *l, const char *arg)
{
	struct proof_answer a = forge_answer(f);
	struct letter_evidence ev;

	forge_evidence(f, &f->signer, FORGE_SIGNED + 4, &ev);
	ev.nocsps = 0;
	a.status = PROOF_REVOKED;
	a.produced = a.this_update = FORGE_SIGNED + FORGE_DAY;
	a.revoked_at = FORGE_SIGNED + FORGE_DAY / 2;
	ev.ocsps[ev.nocsps++] = proof_ocsp(f->m, &a);
	a.produced = a.this_update = FORGE_SIGNED + FORGE_DAY - 60;
	if (arg[0] != 'a')
		a.revoked_at = FORGE_SIGNED - FORGE_DAY;
	if (arg[0] == 'h')
		a.reason = 6;
	ev.ocsps[ev.nocsps++] = proof_ocsp(f->m, &a);
	with_evidence(f, l, &ev);
}

/* arg: b suspended before signing; a after. */
static void
on_hold(struct forge *f, struct letter *l, const char *arg)
{
	struct proof_answer a = forge_answer(f);

	a.status = PROOF_REVOKED;
	a.reason = 6;
	a.produced = a.this_update = FORGE_SIGNED + DAY;
	a.revoked_at = arg[0] == 'b' ? FORGE_SIGNED - DAY : FORGE_SIGNED + DAY / 2;
	with_answer(f, l, &a);
}

/* A responder that lacks what it needs. */
static void
ocsp_responder(struct forge *f, struct letter *l, const char *arg)
{
	struct pki_cert weak;
	struct pki_spec spec = {
	    .subject = {"ID", "Balai Contoh Sertifikasi", "Responder lain", NULL},
	    .key = f->other.key,
	    .issuer = arg[0] == 's' ? &f->signer : &f->agency.ca,
	    .serial = f->agency.serial++,
	    .from = FORGE_AT - YEAR,
	    .until = FORGE_AT + YEAR,
	    .path_len = -1,
	    .key_usage = PKI_DIGITAL_SIGNATURE,
	    .eku = arg[0] == 'e' ? PKI_EKU_ADOBE : PKI_EKU_OCSP_SIGNING,
	    .ocsp_nocheck = arg[0] != 'n',
	};
	struct proof_answer a = forge_answer(f);

	pki_issue(f->m, &spec, &weak);
	a.responder = &weak;
	with_answer(f, l, &a);
}

/* --- certificates that must not sign letters --- */

static void
signer_profile(struct forge *f, struct letter *l, const char *arg)
{
	struct pki_cert c;
	struct letter_evidence ev;
	struct pki_spec spec = {
	    .subject = {"ID", "Dinas Contoh", "Siti Rahmawati Contoh", NULL},
	    .key = f->other.key,
	    .issuer = arg[0] == 'i' ? &f->signer : &f->agency.ca,
	    .serial = f->agency.serial++,
	    .from = FORGE_AT - YEAR,
	    .until = FORGE_AT + YEAR,
	    .path_len = -1,
	    .ca = arg[0] == 'c',
	    .key_usage = arg[0] == 'k' ? PKI_CERT_SIGN : PKI_NON_REPUDIATION,
	    .eku = arg[0] == 's'   ? "1.3.6.1.5.5.7.3.1"
		   : arg[0] == 't' ? PKI_EKU_TIMESTAMPING
		   : arg[0] == 'o' ? PKI_EKU_OCSP_SIGNING
				   : NULL,
	};
	const struct pki_cert *certs[] = {&f->agency.root, &f->agency.ca, &f->signer, &c};

	pki_issue(f->m, &spec, &c);
	letter_init(l, f->m, LETTER_CLASSIC, &forge_text, 0);
	forge_message_sign(
	    f, l, &(struct envelope){.signer = &c, .certs = certs, .ncerts = 4}, NULL, false);
	forge_evidence(f, &c, FORGE_SIGNED + 4, &ev);
	letter_dss(l, &ev);
}

#define BAD  CONCLUSION_INVALID
#define OPEN CONCLUSION_INDETERMINATE
#define ANY  CONCLUSION__MAX
#define GOOD CONCLUSION_VALID

const struct forge_case forge_chain[] = {
    {"look-alike authority", look_alike, NULL, OPEN, SUB_NO_CERTIFICATE_CHAIN_FOUND,
	CHECK_ISSUER_TRUSTED, 0, 0},
    {"look-alike below the true chain", look_alike_mixed, NULL, OPEN,
	SUB_NO_CERTIFICATE_CHAIN_FOUND, CHECK_ISSUER_TRUSTED, 0, 0},
    {"no evidence, no timestamp", no_evidence, "B", OPEN, SUB_TRY_LATER, CHECK_REVOCATION, 0, 0},
    {"no evidence", no_evidence, "T", OPEN, SUB_TRY_LATER, CHECK_REVOCATION, 0, 0},
    {"expired, no timestamp", expired, NULL, OPEN, SUB__MAX, CHECK_CERTIFICATE_PERIOD, 0, 0},
    {"signed after its end", signed_late, NULL, OPEN, SUB__MAX, CHECK_CERTIFICATE_PERIOD, 0, 0},
    {"signed before its beginning", signed_early, NULL, BAD, SUB_NOT_YET_VALID,
	CHECK_CERTIFICATE_PERIOD, 0, 0},
    {"not yet valid", not_yet, NULL, BAD, SUB_NOT_YET_VALID, CHECK_CERTIFICATE_PERIOD, 0, 0},
    {"revoked before signing", revoked, NULL, OPEN, SUB_REVOKED_NO_POE, CHECK_REVOCATION, 0, 0},
    {"revoked, no timestamp", revoked_no_stamp, NULL, OPEN, SUB_REVOKED_NO_POE, CHECK_REVOCATION, 0,
	0},
    {"CA revoked", ca_revoked, NULL, OPEN, SUB_REVOKED_CA_NO_POE, CHECK_REVOCATION_CA, 0, 0},
    {"CRL of a look-alike", crl_of_another, NULL, OPEN, SUB_TRY_LATER, CHECK__NONE, 0, 0},
    {"OCSP by key", ocsp_good, "k", GOOD, SUB_NONE, CHECK__NONE, 0, 0},
    {"OCSP by name", ocsp_good, "n", GOOD, SUB_NONE, CHECK__NONE, 0, 0},
    {"OCSP with a SHA-256 CertID", ocsp_good, "2", GOOD, SUB_NONE, CHECK__NONE, 0, 0},
    {"OCSP by the CA itself", ocsp_good, "c", GOOD, SUB_NONE, CHECK__NONE, 0, 0},
    {"OCSP by a look-alike CA", ocsp_of_another_ca, "c", OPEN, SUB_TRY_LATER, CHECK__NONE, 0, 0},
    {"OCSP by a look-alike responder", ocsp_of_another_ca, "r", OPEN, SUB_TRY_LATER, CHECK__NONE, 0,
	0},
    {"OCSP says unknown", ocsp_unknown, NULL, OPEN, SUB_TRY_LATER, CHECK__NONE, 0, 0},
    {"OCSP about another certificate", ocsp_of_another, NULL, OPEN, SUB_TRY_LATER, CHECK__NONE, 0,
	0},
    {"OCSP too old", ocsp_stale, NULL, OPEN, SUB_TRY_LATER, CHECK__NONE, 0, 0},
    {"OCSP of the future", ocsp_future, NULL, OPEN, SUB__MAX, CHECK__NONE, 0, 0},
    {"OCSP: revoked before signing, said later", ocsp_newer, "b", OPEN, SUB_REVOKED_NO_POE,
	CHECK_REVOCATION, 0, 0},
    {"OCSP: the same, newer one first", ocsp_newer, "br", OPEN, SUB_REVOKED_NO_POE,
	CHECK_REVOCATION, 0, 0},
    {"OCSP: revoked after signing", ocsp_newer, "a", GOOD, SUB_NONE, CHECK__NONE, 0, 0},
    {"OCSP: the same, newer one first", ocsp_newer, "ar", GOOD, SUB_NONE, CHECK__NONE, 0, 0},
    {"CA revoked after signing", ca_revoked_later, "g", GOOD, SUB_NONE, CHECK__NONE, 0, 0},
    {"CA revoked after signing, signer before", ca_revoked_later, "b", OPEN, SUB_REVOKED_NO_POE,
	CHECK_REVOCATION, 0, 0},
    {"CA revoked after signing, signer unknown", ca_revoked_later, "n", OPEN, SUB_TRY_LATER,
	CHECK_REVOCATION, 0, 0},
    {"CRL says revoked beside a good answer", crl_beside_ocsp, NULL, OPEN, SUB_REVOKED_NO_POE,
	CHECK_REVOCATION, 0, 0},
    {"revoked before signing, or after", revoked_twice, "b", OPEN, SUB_REVOKED_NO_POE,
	CHECK_REVOCATION, 0, 0},
    {"suspended before signing, revoked after", revoked_twice, "h", OPEN, SUB_REVOKED_NO_POE,
	CHECK_REVOCATION, 0, 0},
    {"revoked after signing, said twice", revoked_twice, "a", GOOD, SUB_NONE, CHECK__NONE, 0, 0},
    {"suspended before signing", on_hold, "b", OPEN, SUB_TRY_LATER, CHECK_REVOCATION, 0, 0},
    {"suspended after signing", on_hold, "a", GOOD, SUB_NONE, CHECK__NONE, 0, 0},
    {"OCSP without nextUpdate, 6 minutes before", ocsp_no_next, "6", OPEN, SUB_TRY_LATER,
	CHECK__NONE, 0, 0},
    {"OCSP without nextUpdate, known 6 minutes before", ocsp_no_next, "p", OPEN, SUB_TRY_LATER,
	CHECK__NONE, 0, 0},
    {"OCSP without nextUpdate, before signing", ocsp_no_next, "b", OPEN, SUB_TRY_LATER, CHECK__NONE,
	0, 0},
    {"responder without no-check", ocsp_responder, "n", OPEN, SUB_TRY_LATER, CHECK__NONE, 0, 0},
    {"responder without its purpose", ocsp_responder, "e", OPEN, SUB_TRY_LATER, CHECK__NONE, 0, 0},
    {"responder issued by a signer", ocsp_responder, "s", OPEN, SUB_TRY_LATER, CHECK__NONE, 0, 0},
    {"signer below a signer", signer_profile, "i", OPEN, SUB__MAX, CHECK__NONE, 0, 0},
    {"signer is a CA", signer_profile, "c", OPEN, SUB_CHAIN_CONSTRAINTS_FAILURE, CHECK_KEY_USAGE, 0,
	0},
    {"signer: key for certificates", signer_profile, "k", OPEN, SUB_CHAIN_CONSTRAINTS_FAILURE,
	CHECK_KEY_USAGE, 0, 0},
    {"signer: a server", signer_profile, "s", OPEN, SUB_CHAIN_CONSTRAINTS_FAILURE, CHECK_KEY_USAGE,
	0, 0},
    {"signer: a timestamp authority", signer_profile, "t", OPEN, SUB_CHAIN_CONSTRAINTS_FAILURE,
	CHECK_KEY_USAGE, 0, 0},
    {"signer: a responder", signer_profile, "o", OPEN, SUB_CHAIN_CONSTRAINTS_FAILURE,
	CHECK_KEY_USAGE, 0, 0},
    {"signer: no purpose named", signer_profile, "g", GOOD, SUB_NONE, CHECK__NONE, 0, 0},
    {.name = NULL},
};
